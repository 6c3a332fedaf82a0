"""Corrections by people: an append-only file beside the data set, applied whenever it is published.

    <results>/corrections.jsonl            one correction a line: who, when, of which version, and what
    <results>/corrections/<time>-<id>.jsonl    the same, of results at a URL, where nothing can be appended to a file
    <results>/corrections-dropped.json     those that no longer fit, and why: the image changed, figure or panel is gone

A correction names the image by its SHA-256 and panels by their boxes, so that it outlasts a harvest that finds the same
figure again and cuts it otherwise (`exsclaim.dataset.review.corrected_panels` applies it).
"""

import datetime as dt
import json
import os
import uuid
from codecs import BOM_UTF8
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated, Literal, NamedTuple

from filelock import FileLock
from pydantic import StringConstraints, ValidationError, model_validator

from exsclaim.errors import ExsclaimError
from exsclaim.records import Panel, PanelKind, Record
from exsclaim.storage import is_url, local_path
from exsclaim.storage.remote import RemoteFiles

FILE = "corrections.jsonl"
FOLDER = "corrections"
DROPPED = "corrections-dropped.json"
Corners = tuple[float, float, float, float]


Text = Annotated[str, StringConstraints(min_length=0)]
"""A text that a file can hold: of one with a constraint, pydantic refuses half of a pair that stands for one sign."""


class CorrectionError(ExsclaimError):
    """A correction cannot be used; the message says why."""


class Change(Record):
    """A change of one panel: "set" fields of the one at `box`, "remove" it, or "add" one that was missed.

    None leaves a field as it is; the label "" says that no letter is printed.
    """

    action: Literal["set", "add", "remove"]
    box: Corners
    """`x0 y0 x1 y1` in pixels of the figure: the panel as it is, or as it is to be added."""
    label: Text | None = None
    kind: PanelKind | None = None
    type: Text | None = None
    length_nm: float | None = None
    """Length that the panel's scale bar stands for."""
    new_box: Corners | None = None
    caption: tuple[Text, ...] | None = None
    """Words of the figure's caption that belong to the panel."""

    @model_validator(mode="after")
    def _is_possible(self) -> "Change":
        for corners in (self.box, self.new_box):
            if corners and not (0 <= corners[0] < corners[2] < 1e6 and 0 <= corners[1] < corners[3] < 1e6):
                raise ValueError(f"{list(corners)} is not a box x0 y0 x1 y1 in pixels")
        if self.length_nm is not None and not 0 < self.length_nm < 1e12:
            raise ValueError(f"{self.length_nm} is no length in nm")
        if self.label is not None and len(self.label) > 20:
            raise ValueError(f"{self.label[:40]!r} is not the letter of a panel")
        return self

    @property
    def fields(self) -> set[str]:
        """Names of the fields that it sets."""
        return {
            name
            for name in type(self).model_fields
            if name not in ("action", "box") and getattr(self, name) is not None
        }


class Correction(Record):
    """One person's corrections of a figure; `accepted`: everything else in it is right."""

    figure_id: str
    image_sha256: str
    version: str
    """Version of the data set that the person saw."""
    who: str
    at: dt.datetime
    changes: tuple[Change, ...] = ()
    accepted: bool = False
    panels: tuple[Panel, ...] | None = None
    """Panels that were accepted, as the person saw them: a later cut of the figure adds none and takes none away."""


class Dropped(NamedTuple):
    """A correction that no longer fits, and why."""

    correction: Correction
    reason: str


class Corrections:
    """The corrections of the data set at `place`, a folder or an fsspec URL; those of a URL are read once.

    Both methods raise StoreError where the URL cannot be reached.
    """

    def __init__(self, place: Path | str) -> None:
        self._place = place
        self._files = RemoteFiles(f"{str(place).rstrip('/')}/{FOLDER}") if is_url(place) else None
        self._known: dict[str, list[Correction]] = {}

    def read(self) -> list[Correction]:
        """All of them, in the order in which they were made.

        Raises:
            CorrectionError: a line is no correction; the message has its number.
        """
        if self._files is None:
            return read_corrections(local_path(self._place))
        names = sorted(name for name in self._files.names() if name.endswith(".jsonl"))
        for name in names:
            if name not in self._known:
                self._known[name] = _parsed(self._files.read(name), self._files.where(name))
        return [each for name in names for each in self._known[name]]

    def add(self, corrections: Sequence[Correction]) -> None:
        """Append some; they are kept when this returns."""
        if self._files is None:
            add_corrections(local_path(self._place), corrections)
            return
        now = dt.datetime.now(dt.UTC)
        self._files.create(f"{now:%Y%m%dT%H%M%S.%f}-{uuid.uuid4().hex[:8]}.jsonl", as_lines(corrections))


def read_corrections(folder: Path) -> list[Correction]:
    """The corrections in a folder, which may be the copy of a URL's, in the order in which they were made.

    Raises:
        CorrectionError: a line is no correction; the message has its number.
    """
    paths = [folder / FILE, *sorted((folder / FOLDER).glob("*.jsonl"))]
    return [each for path in paths if path.is_file() for each in _parsed(path.read_bytes(), str(path))]


def _parsed(content: bytes, where: str) -> list[Correction]:
    """The corrections of a file, which may have gone through a text editor (byte order mark, blank lines)."""
    found = []
    for number, line in enumerate(content.removeprefix(BOM_UTF8).split(b"\n"), start=1):
        if not line.strip():
            continue
        try:
            found.append(Correction.model_validate_json(line))
        except ValidationError as error:
            fault = error.errors()[0]
            said = f"{'.'.join(map(str, fault['loc']))} {fault['msg']}".strip()
            raise CorrectionError(f"{where}, line {number} is not a correction ({said}): fix or remove it") from error
    return found


def as_lines(corrections: Iterable[Correction]) -> bytes:
    """Corrections as the file has them."""
    return "".join(f"{each.model_dump_json(exclude_none=True)}\n" for each in corrections).encode()


def add_corrections(folder: Path, corrections: Iterable[Correction]) -> None:
    """Append corrections to the data set's file; they are on the disk when this returns."""
    content = as_lines(corrections)
    path = folder / FILE
    with FileLock(folder / ".corrections.lock"), path.open("ab+") as file:
        if file.tell():  # a line that a power cut broke off is not to swallow the next
            file.seek(-1, 2)
            content = content if file.read(1) == b"\n" else b"\n" + content
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def dropped_json(dropped: Sequence[Dropped]) -> bytes:
    """Content of corrections-dropped.json."""
    entries = [{"reason": each.reason, **each.correction.model_dump(mode="json")} for each in dropped]
    return json.dumps(entries, ensure_ascii=False, indent=1).encode() + b"\n"
