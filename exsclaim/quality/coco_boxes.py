"""COCO JSON: panels as gold and as what was found, so that others' tools and data sets can be held against ours.

    {"images": [{"id": 1, "file_name": "fig1.png", "width": 800, "height": 600}],
     "categories": [{"id": 3, "name": "graph"}],
     "annotations": [{"id": 1, "image_id": 1, "category_id": 3, "bbox": [x, y, width, height], "area": …, "iscrowd": 0,
                      "label": "a", "type": "line plot", "parent": 7, "inset": true}]}

"label", "type", "parent" (the id of the annotation that this one is an inset or a part of) and "inset" are ours and may
be missing. A category may have any of the names that kinds have here or had in the first EXSCLAIM!; with others (of
"subfigure" boxes alone) the kind is not known. Format: https://cocodataset.org/#format-data

And COCO's average precision of them, computed by pycocotools.
"""

import contextlib
import io
import json
import math
from codecs import BOM_UTF8
from collections import Counter
from collections.abc import Mapping
from pathlib import Path, PurePath
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from exsclaim.errors import GoldError, faults_told
from exsclaim.geometry import Box
from exsclaim.quality.figure_scores import FoundFigure
from exsclaim.quality.gold import GoldFigure, GoldPanel
from exsclaim.records import PanelKind, Record

_FORMER_KINDS = {"basic_photo": "photo", "basic photo": "photo", "photograph": "photo"}
CATEGORIES: Mapping[PanelKind, int] = {kind: number for number, kind in enumerate(PanelKind, start=1)}
"""Ids of our kinds as COCO categories."""


class _Coco(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class CocoImage(_Coco):
    """An image of a COCO file; `file_name` may have folders."""

    id: int
    file_name: str
    width: int | None = None
    height: int | None = None


class CocoCategory(_Coco):
    id: int
    name: str
    supercategory: str = ""
    """"part" for labels, scale bars and scale labels of `exsclaim export --to coco`, which are no panels."""


class CocoAnnotation(_Coco):
    """A box of an image: `bbox` is x, y, width, height in pixels."""

    id: int
    image_id: int
    category_id: int
    bbox: tuple[float, float, float, float]
    iscrowd: int = 0
    label: str | None = None
    type: str | None = None
    parent: int | None = None
    inset: bool = False

    @property
    def box(self) -> Box:
        x, y, width, height = self.bbox
        return Box(x0=x, y0=y, x1=x + width, y1=y + height)


class CocoFile(_Coco):
    """A COCO file of boxes."""

    images: tuple[CocoImage, ...] = Field(min_length=1)
    categories: tuple[CocoCategory, ...] = Field(min_length=1)
    annotations: tuple[CocoAnnotation, ...]

    def kind_of(self, annotation: CocoAnnotation) -> PanelKind:
        """The kind that an annotation's category means; `unclear` where its name is none of ours."""
        of = next((category for category in self.categories if category.id == annotation.category_id), None)
        return PanelKind(_kind_name(of)) if of and self.is_kind(of) else PanelKind.UNCLEAR

    def is_kind(self, category: CocoCategory) -> bool:
        """True where the category's name is one of our kinds."""
        return _kind_name(category) in set(PanelKind)


def _kind_name(category: CocoCategory) -> str:
    name = category.name.strip().lower()
    return _FORMER_KINDS.get(name, name)


def read_coco(file: Path) -> CocoFile:
    """A COCO file of boxes; boxes of parts of panels (labels, scale bars) are left out.

    Raises:
        GoldError: it is missing, or no such file; the message names the file and the key.
    """
    try:
        coco = CocoFile.model_validate_json(file.read_bytes().removeprefix(BOM_UTF8))
    except ValidationError as error:
        raise GoldError(f"{file} is not a COCO file with boxes: {faults_told(error, 'file', most=5)}") from error
    except OSError as error:
        raise GoldError(f"{file} cannot be read ({error.strerror or error}); check the path") from error
    parts = {category.id for category in coco.categories if category.supercategory == "part"}
    panels = tuple(each for each in coco.annotations if each.category_id not in parts)
    coco = coco.model_copy(update={"annotations": panels})
    for what, values in (
        ("images of the id", [image.id for image in coco.images]),
        ("annotations of the id", [annotation.id for annotation in coco.annotations]),
        ("images named (file endings aside)", [PurePath(image.file_name).stem for image in coco.images]),
    ):
        if twice := [value for value, count in Counter(values).items() if count > 1]:
            raise GoldError(f"{file}: there are several {what} {', '.join(map(str, twice[:5]))}; each must be its own")
    known = {image.id for image in coco.images}
    for annotation in coco.annotations:
        if annotation.image_id not in known:
            raise GoldError(
                f"{file}: annotation {annotation.id} is of image {annotation.image_id}, which is not listed"
            )
        if min(annotation.bbox[2:]) <= 0 or not all(map(math.isfinite, annotation.bbox)):
            raise GoldError(
                f"{file}: annotation {annotation.id} has no bbox [x, y, width, height]: {list(annotation.bbox)}"
            )
    return coco


def gold_of(coco: CocoFile) -> dict[str, GoldFigure]:
    """Figure name (a file name's stem) -> its gold: panels that are parts or insets of others, and crowds, left out."""
    figures: dict[int, list[GoldPanel]] = {image.id: [] for image in coco.images}
    for annotation in coco.annotations:
        if annotation.parent is None and not annotation.inset and not annotation.iscrowd:
            entry = {"box": annotation.box, "class": coco.kind_of(annotation), "label": annotation.label}
            figures[annotation.image_id].append(GoldPanel.model_validate(entry))
    return {PurePath(image.file_name).stem: GoldFigure(panels=tuple(figures[image.id])) for image in coco.images}


def gold_as_coco(gold: Mapping[str, GoldFigure], file_names: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Gold as the content of a COCO file; images are numbered in the order of `gold`.

    Args:
        gold: by figure name.
        file_names: of the images by figure name; the figure names where they are not given.
    """
    annotations = [
        {"image_id": number, "category_id": CATEGORIES[panel.kind], "bbox": _bbox(panel.box), "area": panel.box.area,
         "iscrowd": 0, "label": panel.label}
        for number, figure in enumerate(gold.values(), start=1)
        for panel in figure.panels
    ]  # fmt: skip
    return {
        "info": {},
        "images": [
            {"id": number, "file_name": (file_names or {}).get(name, name)} for number, name in enumerate(gold, start=1)
        ],
        "categories": [{"id": number, "name": str(kind)} for kind, number in CATEGORIES.items()],
        "annotations": [{"id": number, **annotation} for number, annotation in enumerate(annotations, start=1)],
    }


def found_as_coco(gold: Mapping[str, GoldFigure], found: Mapping[str, FoundFigure]) -> list[dict[str, Any]]:
    """Panels as COCO's list of results, with the image ids of `gold_as_coco`; the score is the kind's confidence."""
    ids = {str(kind): number for kind, number in CATEGORIES.items()}
    return [
        {"image_id": number, "category_id": ids[panel.kind], "bbox": _bbox(panel.box), "score": panel.kind_confidence}
        for number, name in enumerate(gold, start=1)
        for panel in found.get(name, FoundFigure()).panels
        if panel.kind in ids
    ]


def write_coco(
    folder: Path,
    gold: Mapping[str, GoldFigure],
    found: Mapping[str, FoundFigure],
    file_names: Mapping[str, str] | None = None,
) -> None:
    """Write `gold.json` and `results.json` into the folder, as pycocotools' `COCO` and `loadRes` take them."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "gold.json").write_text(json.dumps(gold_as_coco(gold, file_names)), encoding="utf-8")
    (folder / "results.json").write_text(json.dumps(found_as_coco(gold, found)), encoding="utf-8")


def _bbox(box: Box) -> list[float]:
    return [box.x0, box.y0, box.width, box.height]


_MOST_PANELS = 100
_NO_KIND = CATEGORIES[PanelKind.UNCLEAR]


class AveragePrecision(Record):
    """0 to 1. The first three are means over the kinds that the gold has; `of_boxes` asks for no kind."""

    at_50_to_95: float
    """COCO's mAP: mean over IoU limits 0.5, 0.55 … 0.95."""
    at_50: float
    at_75: float
    of_boxes_at_50_to_95: float
    of_boxes_at_50: float

    def metrics(self) -> dict[str, float]:
        """Flat names -> numbers, for tracking."""
        return {
            "panels.map": self.at_50_to_95,
            "panels.map_at_0.5": self.at_50,
            "panels.map_at_0.75": self.at_75,
            "panels.boxes.ap": self.of_boxes_at_50_to_95,
            "panels.boxes.ap_at_0.5": self.of_boxes_at_50,
        }


def mean_average_precision(gold: Mapping[str, GoldFigure], found: Mapping[str, FoundFigure]) -> AveragePrecision | None:
    """mAP over all figures of the gold; None where the gold has no panels. Needs pycocotools (extra `train`)."""
    if not any(figure.panels for figure in gold.values()):
        return None
    overall, at_50, at_75 = _evaluated(gold, found, by_kind=True)
    boxes, boxes_at_50, _ = _evaluated(gold, found, by_kind=False)
    return AveragePrecision(
        at_50_to_95=overall, at_50=at_50, at_75=at_75, of_boxes_at_50_to_95=boxes, of_boxes_at_50=boxes_at_50
    )


def _evaluated(
    gold: Mapping[str, GoldFigure], found: Mapping[str, FoundFigure], *, by_kind: bool
) -> tuple[float, float, float]:
    """AP at 0.5 to 0.95, at 0.5, at 0.75; where kinds do not matter, all panels are of one category."""
    from pycocotools.coco import COCO
    from pycocotools.cocoeval import COCOeval

    detections = found_as_coco(gold, found)
    if not detections:
        return 0.0, 0.0, 0.0
    truth = COCO()
    truth.dataset = gold_as_coco(gold)
    if not by_kind:
        for entry in (*truth.dataset["annotations"], *detections):
            entry["category_id"] = _NO_KIND
    with contextlib.redirect_stdout(io.StringIO()):  # pycocotools prints
        truth.createIndex()
        evaluation = COCOeval(truth, truth.loadRes(detections), "bbox")
        evaluation.params.maxDets = [1, 10, _MOST_PANELS]
        evaluation.evaluate()
        evaluation.accumulate()
        evaluation.summarize()
    overall, at_50, at_75 = (float(value) for value in evaluation.stats[:3])
    return overall, at_50, at_75
