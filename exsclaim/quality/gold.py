"""Gold data: what is truly in a figure and its caption, as people noted it.

    GOLD/<figure>.json   {"panels": [{"label": "a", "box": [x0, y0, x1, y1], "class": "microscopy",
                          "scale_bars": [{"box": […], "nm": 200}]}]}
    gold.json            {"<caption>": {"labels": ["a"], "segments": {"a": ["TEM image", …]}, "scale_nm": {"a": 50},
                          "modality": {"a": ["TEM"]}}}

Keys beyond these are notes of those who made the gold, and are passed over.
"""

import hashlib
import json
import math
from pathlib import Path
from typing import Annotated, Any, Self, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter, ValidationError, model_validator

from exsclaim.errors import GoldError, faults_told
from exsclaim.geometry import Box
from exsclaim.records import PanelKind

_T = TypeVar("_T")


def _box(value: object) -> Box:
    if isinstance(value, Box):
        return value
    if (
        isinstance(value, list)
        and len(value) == 4
        and all(isinstance(v, int | float) and math.isfinite(v) for v in value)
        and value[0] < value[2]
        and value[1] < value[3]
    ):
        return Box.of(value)
    raise ValueError(f"{value!r} is no box [x0, y0, x1, y1] in pixels with x0 < x1 and y0 < y1")


GoldBox = Annotated[Box, BeforeValidator(_box)]


class _Gold(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", validate_by_name=True, validate_by_alias=True)


class GoldBar(_Gold):
    """A scale bar; `nm` is the length that is printed beside it, None where none is printed."""

    box: GoldBox
    nm: Annotated[float, Field(gt=0)] | None = None


class GoldPanel(_Gold):
    """A panel; `label` is None where none is printed."""

    box: GoldBox
    kind: PanelKind = Field(alias="class")
    label: str | None = None
    scale_bars: tuple[GoldBar, ...] = ()


class GoldFigure(_Gold):
    """All panels of a figure, without their insets and parts."""

    panels: tuple[GoldPanel, ...]


class GoldCaption(_Gold):
    """The labels that a caption speaks of, the texts that belong to each, its scale bar in nm and its techniques."""

    labels: tuple[str, ...]
    segments: dict[str, tuple[str, ...]] = {}
    scale_nm: dict[str, Annotated[float, Field(gt=0)]] = {}
    techniques: dict[str, tuple[str, ...]] = Field(default={}, alias="modality")

    @model_validator(mode="after")
    def _every_label_has_segments(self) -> Self:
        missing = [label for label in self.labels if label not in self.segments]
        if missing:
            raise ValueError(f"segments lack the labels {', '.join(missing)}")
        return self


def read_gold(folder: Path) -> dict[str, GoldFigure]:
    """Figure name (a gold file's stem) -> its gold, in the order of names.

    Raises:
        GoldError: there are no gold files, or one is malformed; the message names the file and the key.
    """
    files = sorted(folder.glob("*.json"))
    if not files:
        raise GoldError(f"{folder} holds no gold: expected one <figure>.json for each figure")
    return {file.stem: read_checked(file, TypeAdapter(GoldFigure)) for file in files}


def gold_digest(folder: Path) -> str:
    """sha256 over the gold files (or the COCO file), names included: scores are comparable where this is the same."""
    sha = hashlib.sha256()
    for file in [folder] if folder.is_file() else sorted(folder.glob("*.json")):
        sha.update(f"{file.name} {hashlib.sha256(file.read_bytes()).hexdigest()}\n".encode())
    return sha.hexdigest()


def read_gold_captions(file: Path) -> dict[str, GoldCaption]:
    """Caption name -> its gold.

    Raises:
        GoldError: the file is missing or malformed; the message names the file and the key.
    """
    return read_checked(file, TypeAdapter(dict[str, GoldCaption]))


def read_captions(file: Path) -> dict[str, str]:
    """Caption name -> the caption, from `{"<caption>": {"caption": "…"}}`.

    Raises:
        GoldError: the file is missing or malformed; the message names the file and the key.
    """
    return {name: entry.caption for name, entry in read_checked(file, TypeAdapter(dict[str, _CaptionText])).items()}


class _CaptionText(_Gold):
    caption: str


def read_checked(file: Path, adapter: TypeAdapter[_T]) -> _T:
    """A JSON file of gold, or of what is beside it.

    Raises:
        GoldError: the file is missing or malformed; the message names the file and the key.
    """
    try:
        content: Any = json.loads(file.read_text(encoding="utf-8-sig"))
        return adapter.validate_python(content)
    except ValidationError as error:
        raise GoldError(f"{file} is no gold of the form that is expected: {faults_told(error, 'file')}") from error
    except (ValueError, RecursionError) as error:
        raise GoldError(f"{file} is not JSON: {error}; write it again") from error
    except OSError as error:
        raise GoldError(f"{file} cannot be read ({error.strerror or error}); check the path") from error
