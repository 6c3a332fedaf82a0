"""Corrections by people: an append-only file beside the data set, applied whenever it is published.

    <results>/corrections.jsonl            one correction a line: who, when, of which version, and what
    <results>/corrections/<time>-<id>.jsonl    the same, of results at a URL, where nothing can be appended to a file
    <results>/corrections-dropped.json     those that no longer fit, and why: the image changed, the figure is gone

A correction names the image by its SHA-256 and panels by their boxes, so that it outlasts a harvest that finds the same
figure again and cuts it otherwise. Applied a second time it changes nothing.
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

from exsclaim.assembly import assemble
from exsclaim.captions.keywords import keywords
from exsclaim.captions.techniques import techniques
from exsclaim.dataset.staging import HarvestedFigure
from exsclaim.errors import ExsclaimError
from exsclaim.geometry import Box
from exsclaim.records import Panel, PanelKind, Record, ScaleBar
from exsclaim.storage import is_url, local_path
from exsclaim.storage.remote import RemoteFiles

FILE = "corrections.jsonl"
FOLDER = "corrections"
DROPPED = "corrections-dropped.json"
SAME_PANEL = 0.5
"""Boxes that overlap so far (intersection over union) are one panel's."""
_SETTLED = {
    "label": {"label_in_doubt", "label_inferred", "label_missing", "labels_have_gap", "caption_label_unseen"},
    "kind": {"kind_in_doubt", "type_differs_from_caption"},
    "type": {"kind_in_doubt", "type_differs_from_caption"},
    "new_box": {"box_in_doubt", "panels_overlap"},
    "length_nm": {
        "zero_length", "bar_longer_than_panel", "bar_ends_in_doubt", "bars_differ_among_panels", "scale_label_in_doubt",
        "scale_conflict", "scale_implausible", "caption_differs_from_print",
    },
    "caption": set(),
}  # fmt: skip
"""Doubts about a panel that a correction of a field settles."""
Corners = tuple[float, float, float, float]


Text = Annotated[str, StringConstraints(min_length=0)]
"""A text that a file can hold: of one with a constraint, pydantic refuses half of a pair that stands for one sign."""


class CorrectionError(ExsclaimError):
    """A correction cannot be used; the message says why."""


class Change(Record):
    """A change of one panel: of fields of the one at `box`, of its being there, or a panel that was missed.

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
                raise ValueError(f"{list(corners)} is no box x0 y0 x1 y1 in pixels")
        if self.length_nm is not None and not 0 < self.length_nm < 1e12:
            raise ValueError(f"{self.length_nm} is no length in nm")
        if self.label is not None and len(self.label) > 20:
            raise ValueError(f"{self.label[:40]!r} is no letter of a panel")
        return self

    @property
    def fields(self) -> set[str]:
        """Names of the fields that it sets."""
        return {name for name in _SETTLED if getattr(self, name) is not None}


class Correction(Record):
    """A person's word on a figure: what is wrong, or (`accepted`) that all that is left is right."""

    figure_id: str
    image_sha256: str
    version: str
    """Of the data set that the person saw."""
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
            said = f"{'.'.join(map(str, fault['loc']))} {fault['msg']}"
            raise CorrectionError(
                f"{where}, line {number} is no correction ({said}): mend it or take it out"
            ) from error
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


def corrected(figure: HarvestedFigure, corrections: Sequence[Correction]) -> HarvestedFigure:
    """The figure with the corrections of its image applied, one after the other; later ones have the last word.

    Panels that a person set, added or accepted are `reviewed`; the doubts that this settles are gone.
    """
    panels = list(figure.panels or ())
    for correction in corrections:
        if correction.image_sha256 != figure.figure.image_sha256:
            continue
        for change in correction.changes:
            panels = _changed(figure, panels, change)
        if correction.accepted:
            panels = panels if correction.panels is None else list(correction.panels)
            panels = [panel.model_copy(update={"reviewed": True, "flags": ()}) for panel in panels]
    if tuple(panels) == (figure.panels or ()):
        return figure
    return figure.model_copy(update={"panels": tuple(panels)})


def as_seen(figure: HarvestedFigure, earlier: Sequence[Correction], correction: Correction) -> Correction:
    """The correction with the panels that it accepts, as they stand after it and the earlier ones."""
    if not correction.accepted:
        return correction
    return correction.model_copy(update={"panels": corrected(figure, [*earlier, correction]).panels or ()})


def panel_at(panels: Sequence[Panel], corners: Corners) -> int | None:
    """Place of the panel that has this box; None where no panel overlaps it far enough."""
    box = Box.of(corners)
    overlaps = [box.iou(panel.box) for panel in panels]
    best = max(range(len(panels)), key=overlaps.__getitem__, default=None)
    return best if best is not None and overlaps[best] >= SAME_PANEL else None


def disagreements(corrections: Sequence[Correction]) -> list[str]:
    """Sentences that say where people set one field of one panel otherwise."""
    said: list[tuple[str, Change]] = [(each.who, change) for each in corrections for change in each.changes]
    found = []
    for n, (who, change) in enumerate(said):
        for other, former in said[:n]:
            if other == who or Box.of(change.box).iou(Box.of(former.box)) < SAME_PANEL:
                continue
            if {change.action, former.action} == {"set", "remove"}:
                found.append(f"{other} and {who} differ: one removes the panel, the other keeps it")
            for field in sorted(change.fields & former.fields):
                ours, theirs = getattr(change, field), getattr(former, field)
                if ours != theirs:
                    found.append(f"{field.removeprefix('new_')}: {theirs!s} ({other}), {ours!s} ({who})")
    return list(dict.fromkeys(found))


def dropped_json(dropped: Sequence[Dropped]) -> bytes:
    """Content of the file that tells of corrections that no longer fit."""
    entries = [{"reason": each.reason, **each.correction.model_dump(mode="json")} for each in dropped]
    return json.dumps(entries, ensure_ascii=False, indent=1).encode() + b"\n"


def _changed(figure: HarvestedFigure, panels: list[Panel], change: Change) -> list[Panel]:
    corners = [panel.box.corners for panel in panels]
    # a panel that is where the change would bring it: it was applied before
    place = corners.index(change.new_box) if change.new_box in corners else panel_at(panels, change.box)
    if change.action == "remove":
        return [panel for n, panel in enumerate(panels) if n != place]
    if place is None and change.action == "set":
        return panels
    if place is None:
        numbers = [int(each.id.rpartition("/p")[2]) for each in panels if each.id.rpartition("/p")[2].isdecimal()]
        panel = Panel(
            id=f"{figure.figure.id}/p{max(numbers, default=0) + 1}", figure_id=figure.figure.id,
            box=Box.of(change.box), box_confidence=1.0,
        )  # fmt: skip
        panels, place = [*panels, panel], len(panels)
    updated = _set(panels[place], change)
    described = assemble(figure.figure, figure.parts, [*panels[:place], updated, *panels[place + 1 :]])[place]
    if change.caption is not None:
        described = described.model_copy(
            update={
                "caption": change.caption, "techniques": techniques(change.caption),
                "keywords": keywords(change.caption),
            }
        )  # fmt: skip
    elif "label" not in change.fields and change.action == "set":
        kept = panels[place]
        described = described.model_copy(
            update={"caption": kept.caption, "techniques": kept.techniques, "keywords": kept.keywords}
        )
    settled = {flag for field in change.fields for flag in _SETTLED[field]}
    flags = tuple(flag for flag in described.flags if flag not in settled)
    # the look was weighed with the caption once; a person's word is not weighed
    look = {name: getattr(updated, name) for name in ("type", "type_confidence", "type_origin")}
    described = described.model_copy(update={**look, "flags": flags, "reviewed": True})
    return [*panels[:place], described, *panels[place + 1 :]]


def _set(panel: Panel, change: Change) -> Panel:
    """The panel with the fields that a change sets; a person is sure."""
    made: dict[str, object] = {}
    if change.label is not None:
        made |= {
            "label": change.label or None, "label_confidence": 1.0 if change.label else 0.0,
            "label_origin": "read" if change.label else None,
        }  # fmt: skip
    if change.kind is not None:
        made |= {"kind": change.kind, "kind_confidence": 1.0}
    if change.type is not None:
        made |= {
            "type": change.type or None, "type_confidence": 1.0 if change.type else 0.0,
            "type_origin": "image" if change.type else None,
        }  # fmt: skip
    if change.new_box is not None:
        made |= {"box": Box.of(change.new_box), "box_confidence": 1.0}
    if change.length_nm is not None and panel.scale_bars:
        made["scale_bars"] = tuple(_of_length(bar, change.length_nm) for bar in panel.scale_bars)
    return panel.model_copy(update=made)


def _of_length(bar: ScaleBar, length_nm: float) -> ScaleBar:
    return bar.model_copy(update={"length_nm": length_nm, "nm_origin": "printed", "label_confidence": 1.0})
