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

import difflib
import hashlib
import json
import logging
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path, PurePath
from typing import Annotated

from pydantic import AfterValidator, BaseModel, TypeAdapter

from exsclaim.errors import GoldError
from exsclaim.figures.image import upright_size
from exsclaim.figures.panel_types import TYPES_OF_KIND
from exsclaim.quality.coco_boxes import CocoFile, read_coco
from exsclaim.quality.gold import GoldBar, GoldBox, GoldPanel, read_checked
from exsclaim.records import PanelKind

log = logging.getLogger(__name__)

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
_MEANT = {name.casefold(): meant for name, meant in (dict(zip(TYPES, TYPES, strict=True)) | _SAME_TYPE).items()}
_SLIP = 0.82
"""A term that resembles a known one so much is a misspelling of it ("SEMM"); "3D plot" is none of "dot plot"."""

_SLACK_PX = 2.0
"""So far a box may reach beyond its image, as programs that round boxes write them; it is cut there."""

Sources = Mapping[str, Mapping[str, object]]
"""What sources.json says of each figure."""


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
        figures = _of_coco(folder, sources)
    else:
        files = sorted((folder / "gold").glob("*.json"))
        if not files:
            raise GoldError(
                f"{folder} holds no gold: neither coco.json nor gold/<figure>.json; docs/training.md says what is "
                "expected"
            )
        figures = [
            AnnotatedFigure(file.stem, _image(folder, file.stem), _group(file.stem, sources), _gold_panels(file))
            for file in files
        ]
    return [_within_its_image(figure) for figure in figures]


def held_back(figures: Iterable[AnnotatedFigure], fold: int = 0) -> tuple[list[AnnotatedFigure], list[AnnotatedFigure]]:
    """Figures to learn from, and those held back: about one in `FOLDS`, no group in both."""
    learned: list[AnnotatedFigure] = []
    held: list[AnnotatedFigure] = []
    for figure in figures:
        number = int.from_bytes(hashlib.sha256(figure.group.encode()).digest()[:4]) % FOLDS
        (held if number == fold else learned).append(figure)
    return learned, held


@cache  # so each term that is no type is told once
def known_type(name: str | None) -> str | None:
    """The type of `TYPES` that an annotator's free term means, or None.

    Raises:
        ValueError: the term is none, and is so near to one that it is misspelt.
    """
    term = (name or "").strip().casefold()
    if not term or term in _MEANT:
        return _MEANT.get(term)
    known = f"known are {', '.join(sorted(TYPES, key=str.casefold))}"
    if near := difflib.get_close_matches(term, _MEANT, n=1, cutoff=_SLIP):
        meant = f"did you mean {_MEANT[near[0]]!r}?"
        raise ValueError(f"there is no type {name!r}: {meant} {known}; leave it out where it is none of these")
    log.warning("no network learns the type %r: its panels count as of none; %s", name, known)
    return None


def figures_digest(figures: Iterable[AnnotatedFigure]) -> str:
    """Digest of what is annotated in figures: what is learned from them, or measured on them, is the same."""
    sha = hashlib.sha256()
    for figure in figures:
        sha.update(f"{figure.name} {figure.panels}\n".encode())
    return sha.hexdigest()[:16]


def _of_coco(folder: Path, sources: Sources) -> list[AnnotatedFigure]:
    file = folder / "coco.json"
    coco = read_coco(file)
    _check_categories(file, coco)
    panels: dict[int, list[AnnotatedPanel]] = {image.id: [] for image in coco.images}
    for annotation in coco.annotations:
        if not annotation.iscrowd:
            is_nested = annotation.inset or annotation.parent is not None
            try:
                type_ = known_type(annotation.type)
            except ValueError as error:
                raise GoldError(f"{file}: annotation {annotation.id}: {error}") from error
            panel = AnnotatedPanel(annotation.box.corners, coco.kind_of(annotation), type_, is_nested, annotation.label)
            panels[annotation.image_id].append(panel)
    figures = []
    for image in coco.images:
        name, listed = PurePath(image.file_name).stem, folder / image.file_name
        is_there = listed.is_file() and ".." not in listed.parts and listed.is_relative_to(folder)
        path = listed if is_there else _image(folder, name)
        figures.append(AnnotatedFigure(name, path, _group(name, sources), tuple(panels[image.id])))
    return sorted(figures, key=lambda figure: figure.name)


def _check_categories(file: Path, coco: CocoFile) -> None:
    """Refuse categories that are no kinds: their boxes would be learned as ground between panels."""
    used = {annotation.category_id for annotation in coco.annotations}
    nameless = used - {category.id for category in coco.categories}
    if nameless:
        raise GoldError(f"{file}: annotations have categories that are not listed: {', '.join(map(str, nameless))}")
    strange = sorted(c.name for c in coco.categories if c.id in used and not coco.is_kind(c))
    if strange:
        raise GoldError(
            f"{file}: the categories {', '.join(strange)} are no kinds of panels; name them as one of "
            f"{', '.join(PanelKind)}"
        )


def _sources(folder: Path) -> Sources:
    file = folder / "sources.json"
    return read_checked(file, TypeAdapter(dict[str, dict[str, object]])) if file.is_file() else {}


def _image(folder: Path, name: str) -> Path:
    for suffix in IMAGE_SUFFIXES:
        if (path := folder / f"{name}{suffix}").is_file():
            return path
    raise GoldError(f"{folder} holds no image for the gold of {name}; add {name}.png, or remove the gold")


def _within_its_image(figure: AnnotatedFigure) -> AnnotatedFigure:
    """The figure, its boxes cut at the image's edges.

    Raises:
        GoldError: the image cannot be read, or a box reaches out of it: it was drawn on a picture of another size.
    """
    try:
        width, height = upright_size(figure.image.read_bytes())
    except OSError as error:
        raise GoldError(f"{figure.image} is no image that can be read; save it again as PNG") from error
    cut = []
    for panel in figure.panels:
        x0, y0, x1, y1 = panel.box
        if max(-x0, -y0, x1 - width, y1 - height) > _SLACK_PX:
            raise GoldError(
                f"{figure.name}: the {panel.kind} box {list(panel.box)} reaches out of its image, which has {width} x "
                f"{height} px; boxes are pixels of {figure.image.name}, in COCO [x, y, width, height]"
            )
        cut.append(replace(panel, box=(max(0.0, x0), max(0.0, y0), min(float(width), x1), min(float(height), y1))))
    return replace(figure, panels=tuple(cut))


def _group(name: str, sources: Sources) -> str:
    source = sources.get(name, {})
    return str(source.get("group") or source.get("paper") or source.get("repo") or name.split("__")[0])


class _Bar(GoldBar):
    text: str | None = None


class _Part(GoldPanel):
    type: Annotated[str | None, AfterValidator(known_type)] = None


class _WholePanel(_Part):
    label_box: GoldBox | None = None
    scale_bars: tuple[_Bar, ...] = ()
    children: tuple[_Part, ...] = ()


class _Gold(BaseModel):
    panels: tuple[_WholePanel, ...]


def _gold_panels(file: Path) -> tuple[AnnotatedPanel, ...]:
    return tuple(panel for whole in read_checked(file, TypeAdapter(_Gold)).panels for panel in _panels(whole))


def _panels(panel: _WholePanel) -> list[AnnotatedPanel]:
    bars = tuple(AnnotatedBar(bar.box.corners, bar.text, bar.nm) for bar in panel.scale_bars)
    whole = AnnotatedPanel(
        panel.box.corners, panel.kind, panel.type, nested=False, label=panel.label,
        label_box=panel.label_box.corners if panel.label_box else None, scale_bars=bars,
    )  # fmt: skip
    parts = [AnnotatedPanel(part.box.corners, part.kind, part.type, nested=True) for part in panel.children]
    return [whole, *parts]


def gather_annotated(results: Sequence[Path], gold: Path | None, folder: Path, *, scratch: Path) -> int:
    """Bring the reviewed figures of data sets, and gold of one's own, into one folder; gives their number.

    A figure that two of them have is taken once, from the first. `scratch` is a folder for what is exported.

    Raises:
        GoldError: there is no gold where some is said to be, it is malformed, or a figure's image is missing.
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
        for figure in read_annotated(part):
            if figure.name not in groups:
                own = part / "gold" / f"{figure.name}.json"
                text = json.dumps(_as_gold(figure)) if (part / "coco.json").is_file() else own.read_text("utf-8")
                (folder / "gold" / own.name).write_text(text, encoding="utf-8")
                shutil.copyfile(figure.image, folder / f"{figure.name}{figure.image.suffix}")
                groups[figure.name] = {"group": figure.group}
    (folder / "sources.json").write_text(json.dumps(groups, indent=1), encoding="utf-8")
    return len(groups)


def _as_gold(figure: AnnotatedFigure) -> dict[str, object]:
    """A figure of a COCO file in our own form; whose part a nested panel is, nothing that learns asks."""

    def written(panel: AnnotatedPanel) -> dict[str, object]:
        return {"label": panel.label, "box": list(panel.box), "class": panel.kind, "type": panel.type}

    whole = [written(panel) for panel in figure.panels if not panel.nested]
    nested = [written(panel) for panel in figure.panels if panel.nested]
    if whole and nested:
        whole[0]["children"] = nested
    return {"panels": whole or nested}
