"""Real figures annotated by hand: panels with kinds, types, labels, parts, insets and scale bars.

    FOLDER/<figure>.png|jpg|webp|tif    the images
    FOLDER/gold/<figure>.json           {"panels": [{"label": "a", "box": [x0, y0, x1, y1], "class": "graph",
                                        "type": "line plot", "label_box": […],
                                        "children": [{"class": "graph", "type": "", "box": […], "inset": true}],
                                        "scale_bars": [{"box": […], "text": "5 nm", "nm": 5.0}]}]}
    FOLDER/coco.json                    instead of gold/: a COCO file of boxes, see `exsclaim.quality.coco_boxes`
    FOLDER/sources.json                 {"<figure>": {"group": "the article or repository"}}; optional

Boxes are pixels of the image as a viewer shows it, half-open. Figures of one group (an article, a repository) resemble
each other: they are held back together (`held_back`).
"""

import hashlib
import json
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any

from exsclaim.errors import GoldError
from exsclaim.figures.panel_types import TYPES_OF_KIND
from exsclaim.quality.coco_boxes import CocoFile, read_coco
from exsclaim.records import PanelKind

IMAGE_SUFFIXES = (".png", ".webp", ".jpg", ".jpeg", ".tif", ".tiff")
FOLDS = 5
"""One fold in so many is held back from training, by group."""

TYPES = frozenset(name for names in TYPES_OF_KIND.values() for name in names)
"""Types that a network learns."""
_SAME_TYPE = {
    "confocal": "fluorescence", "autoradiography": "fluorescence", "chromatogram": "spectrum", "dot plot": "scatter",
    "Raman map": "element map", "RHEED": "SAED", "EBSD pattern": "SAED", "channelling pattern": "SAED",
    "device": "scheme", "anatomy": "scheme", "network": "scheme", "gel": "blot", "text": "table", "code": "table",
    "screenshot": "photograph", "phase map": "EBSD", "photocurrent map": "heat map",
}  # fmt: skip
"""Types that are too rare to be learned, and the one of `TYPES` that looks most like each."""


@dataclass(frozen=True)
class AnnotatedBar:
    """A scale bar, `x0 y0 x1 y1` px; its printed text and length, None where nothing is printed."""

    box: tuple[float, float, float, float]
    text: str | None
    length_nm: float | None


@dataclass(frozen=True)
class AnnotatedPanel:
    """A panel, or (`nested`) an inset or a part of a parent. `type` is one of `TYPES` or None."""

    box: tuple[float, float, float, float]
    kind: PanelKind
    type: str | None
    nested: bool
    label: str | None = None
    label_box: tuple[float, float, float, float] | None = None
    scale_bars: tuple[AnnotatedBar, ...] = ()


@dataclass(frozen=True)
class AnnotatedFigure:
    """A figure's image file and panels; `group` is the article or repository that it comes from."""

    name: str
    image: Path
    group: str
    panels: tuple[AnnotatedPanel, ...]


def read_annotated(folder: Path) -> list[AnnotatedFigure]:
    """All annotated figures of a folder, by name.

    Raises:
        GoldError: there is no gold, an image is missing, or a file is malformed.
    """
    sources = _sources(folder)
    if (folder / "coco.json").is_file():
        return _of_coco(folder, read_coco(folder / "coco.json"), sources)
    files = sorted((folder / "gold").glob("*.json"))
    if not files:
        raise GoldError(
            f"{folder} holds no gold: neither coco.json nor gold/<figure>.json; docs/training.md says what is expected"
        )
    return [
        AnnotatedFigure(file.stem, _image(folder, file.stem), _group(file.stem, sources), _gold_panels(file))
        for file in files
    ]


def held_back(figures: Iterable[AnnotatedFigure], fold: int = 0) -> tuple[list[AnnotatedFigure], list[AnnotatedFigure]]:
    """Figures to learn from, and those held back: about one in `FOLDS`, no group in both."""
    learned: list[AnnotatedFigure] = []
    held: list[AnnotatedFigure] = []
    for figure in figures:
        number = int.from_bytes(hashlib.sha256(figure.group.encode()).digest()[:4]) % FOLDS
        (held if number == fold else learned).append(figure)
    return learned, held


def known_type(name: str | None) -> str | None:
    """The type of `TYPES` that an annotator's free term means, or None."""
    name = _SAME_TYPE.get(name or "", name)
    return name if name in TYPES else None


def _of_coco(folder: Path, coco: CocoFile, sources: dict[str, dict[str, Any]]) -> list[AnnotatedFigure]:
    panels: dict[int, list[AnnotatedPanel]] = {image.id: [] for image in coco.images}
    for annotation in coco.annotations:
        if not annotation.iscrowd:
            box, is_nested = annotation.box, annotation.inset or annotation.parent is not None
            x0, y0, x1, y1 = box.corners
            panel = AnnotatedPanel(
                (x0, y0, x1, y1), coco.kind_of(annotation), known_type(annotation.type), is_nested, annotation.label
            )
            panels[annotation.image_id].append(panel)
    names = {image.id: PurePath(image.file_name).stem for image in coco.images}
    figures = [
        AnnotatedFigure(name, _image(folder, name), _group(name, sources), tuple(panels[number]))
        for number, name in names.items()
    ]
    return sorted(figures, key=lambda figure: figure.name)


def _sources(folder: Path) -> dict[str, dict[str, Any]]:
    file = folder / "sources.json"
    found: dict[str, dict[str, Any]] = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
    return found


def _image(folder: Path, name: str) -> Path:
    for suffix in IMAGE_SUFFIXES:
        if (path := folder / f"{name}{suffix}").is_file():
            return path
    raise GoldError(f"{folder} holds no image for the gold of {name}; add {name}.png, or remove the gold")


def _group(name: str, sources: dict[str, dict[str, Any]]) -> str:
    source = sources.get(name, {})
    return str(source.get("group") or source.get("paper") or source.get("repo") or name.split("__")[0])


def _gold_panels(file: Path) -> tuple[AnnotatedPanel, ...]:
    try:
        entries = json.loads(file.read_text(encoding="utf-8"))["panels"]
        return tuple(panel for entry in entries for panel in _panels(entry))
    except (KeyError, TypeError, ValueError) as error:
        raise GoldError(f"{file} is not a figure's gold ({type(error).__name__}: {error})") from error


def _panels(entry: dict[str, Any]) -> list[AnnotatedPanel]:
    bars = tuple(
        AnnotatedBar(_box(bar["box"]), bar.get("text"), bar.get("nm")) for bar in entry.get("scale_bars") or ()
    )
    label_box = entry.get("label_box")
    whole = AnnotatedPanel(
        _box(entry["box"]), PanelKind(entry["class"]), known_type(entry.get("type")), nested=False,
        label=entry.get("label"), label_box=_box(label_box) if label_box else None, scale_bars=bars,
    )  # fmt: skip
    parts = [
        AnnotatedPanel(_box(part["box"]), PanelKind(part["class"]), known_type(part.get("type")), nested=True)
        for part in entry.get("children") or ()
    ]
    return [whole, *parts]


def _box(values: Any) -> tuple[float, float, float, float]:
    x0, y0, x1, y1 = (float(value) for value in values)
    return x0, y0, x1, y1


def gather_annotated(results: Sequence[Path], gold: Path | None, folder: Path, *, scratch: Path) -> int:
    """Bring the reviewed figures of data sets, and gold of one's own, into one folder; gives their number.

    A figure that two of them have is taken once, from the first. `scratch` is a folder for what is exported.

    Raises:
        GoldError: a figure's image is missing.
        DatasetError: a data set has no reviewed figure.
    """
    from exsclaim.dataset.formats import export
    from exsclaim.dataset.opened import open_dataset

    shutil.rmtree(folder, ignore_errors=True)
    (folder / "gold").mkdir(parents=True)
    parts = [scratch / str(number) for number in range(len(results))]
    for dataset, part in zip(results, parts, strict=True):
        export(open_dataset(dataset), "gold", part)
    groups: dict[str, dict[str, str]] = {}
    for part in [*parts, *([gold] if gold else [])]:
        sources = _sources(part)
        for file in sorted((part / "gold").glob("*.json")):
            image = _image(part, file.stem)
            if file.stem not in groups:
                shutil.copyfile(file, folder / "gold" / file.name)
                shutil.copyfile(image, folder / image.name)
                groups[file.stem] = {"group": _group(file.stem, sources)}
    (folder / "sources.json").write_text(json.dumps(groups, indent=1), encoding="utf-8")
    return len(groups)
