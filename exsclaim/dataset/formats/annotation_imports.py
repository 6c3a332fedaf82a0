"""Import of what people corrected in Label Studio or FiftyOne, or in a COCO file.

Corrections come back as the JSON of Label Studio's tasks with annotations
(https://labelstud.io/guide/export#Label-Studio-JSON-format-of-annotated-tasks), as labels.json of FiftyOne's folder, or
as a COCO file, whose images are named as the data set's figures and whose boxes are panels by kind, "label" for the
letter. What a person left out is no panel; what is as it was is accepted. So tasks have all panels of a figure,
whichever of them an export's filter chose; a COCO file that a filter has taken panels out of is refused.
"""

import datetime as dt
import json
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePath
from typing import Any, NamedTuple

from exsclaim.dataset.formats.detection_boxes import LEFT_OUT, PARTS
from exsclaim.dataset.opened import Dataset
from exsclaim.dataset.review.corrected_panels import as_seen, corrected, panel_at
from exsclaim.dataset.review.corrections import Change, Corners, Correction, CorrectionError
from exsclaim.dataset.tables.table_rows import Row
from exsclaim.errors import DatasetError
from exsclaim.geometry import Box
from exsclaim.records import Panel, PanelKind

_KINDS = frozenset(map(str, PanelKind))
_MOVED_PX = 1.5
"""Boxes that differ by less are the same: percentages are rounded."""


_BEYOND_PX = 1e6
"""No figure has so many pixels in a line."""


class Annotated(NamedTuple):
    """A panel as a person annotated it; `label` None: nothing is said of its letter."""

    corners: Corners
    kind: str
    label: str | None


def imported(
    dataset: Dataset, file: Path, *, who: str, version: str, earlier: Iterable[Correction] = ()
) -> list[Correction]:
    """Corrections of a data set's figures, read from an export of another program.

    Args:
        dataset: the data set that the figures are of.
        file: JSON of Label Studio's tasks, or a COCO file.
        who: the person, where the export does not say.
        version: of the data set that was exported to the program.
        earlier: the corrections that the data set has.

    Raises:
        CorrectionError: the file is neither, a figure in it is not in the data set, or a box in it is none.
    """
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise CorrectionError(f"{file} cannot be read as JSON: {error}") from error
    try:
        if isinstance(content, list):
            found = list(_label_studio(content, who))
        elif isinstance(content, dict) and {"images", "annotations", "categories"} <= content.keys():
            found = list(_coco(content, dataset, who))
        elif isinstance(content, dict) and {"classes", "labels"} <= content.keys():
            found = list(_fiftyone(content, dataset, who))
        else:
            raise CorrectionError(
                f"{file} is neither a list of Label Studio's tasks nor a COCO file, nor labels.json of FiftyOne"
            )
    except (KeyError, TypeError, IndexError, AttributeError, ValueError) as error:
        raise CorrectionError(f"{file} lacks what such an export has: {type(error).__name__} {error}") from error
    for figure_id, _, panels in found:
        for drawn in panels:
            x0, y0, x1, y1 = drawn.corners
            if not (x0 < x1 < _BEYOND_PX and y0 < y1 < _BEYOND_PX):  # false of what is no number, too
                raise CorrectionError(f"{file}: {figure_id} has {list(drawn.corners)}, which is no box x0 y0 x1 y1")
    before: dict[str, list[Correction]] = {}
    for each in earlier:
        before.setdefault(each.figure_id, []).append(each)
    made = []
    now = dt.datetime.now(dt.UTC).replace(microsecond=0)
    for figure_id, person, panels in found:
        try:
            figure = dataset.figure(figure_id)
        except DatasetError as error:
            raise CorrectionError(f"{file}: {error}") from error
        known = before.get(figure_id, [])
        shown = corrected(figure, known)
        correction = Correction(
            figure_id=figure_id, image_sha256=figure.figure.image_sha256, version=version, who=person, at=now,
            changes=changes(shown.panels or (), panels), accepted=True,
        )  # fmt: skip
        made.append(as_seen(figure, known, correction))
    return made


def changes(panels: tuple[Panel, ...], annotated: list[Annotated]) -> tuple[Change, ...]:
    """Changes that turn a figure's panels into what a person annotated; each panel matches one annotation at most."""
    left = dict(enumerate(panels))
    made: list[Change] = []
    for each in annotated:
        places = list(left)
        at = panel_at([left[place] for place in places], each.corners)
        if at is None:
            made.append(Change(action="add", box=each.corners, kind=PanelKind(each.kind), label=each.label))
            continue
        panel = left.pop(places[at])
        box = panel.box.corners
        fields: dict[str, Any] = {}
        if max(abs(a - b) for a, b in zip(box, each.corners, strict=True)) > _MOVED_PX:
            fields["new_box"] = each.corners
        if each.kind != panel.kind:
            fields["kind"] = PanelKind(each.kind)
        if each.label is not None and each.label != (panel.label or ""):
            fields["label"] = each.label
        if fields:
            made.append(Change(action="set", box=box, **fields))
    return (*(Change(action="remove", box=panel.box.corners) for panel in left.values()), *made)


def _label_studio(tasks: list[Row], who: str) -> Iterator[tuple[str, str, list[Annotated]]]:
    for task in tasks:
        for annotation in task.get("annotations") or ():
            if annotation.get("was_cancelled"):
                continue
            person = (annotation.get("completed_by") or {}) if isinstance(annotation.get("completed_by"), dict) else {}
            results = annotation["result"]
            texts = {each["id"]: " ".join(each["value"]["text"]) for each in results if each["type"] == "textarea"}
            panels: dict[str, tuple[Corners, str]] = {}
            boxes: dict[str, Corners] = {}
            for each in (each for each in results if each["type"] == "rectanglelabels"):
                (name,) = each["value"]["rectanglelabels"]
                if name in _KINDS:
                    panels[each["id"]] = _in_pixels(each), name
                elif name == PARTS[0]:
                    boxes[each["id"]] = _in_pixels(each)
            letters = _letters({id: corners for id, (corners, _) in panels.items()}, boxes, texts)
            none = dict.fromkeys(task["data"].get("with_letter") or (), "")
            made = [Annotated(*panel, letters.get(id, none.get(id))) for id, panel in panels.items()]
            yield task["data"]["figure_id"], str(person.get("email") or who), made


def _in_pixels(result: Row) -> Corners:
    if result["value"].get("rotation"):
        raise ValueError(f"region {result['id']} is rotated: boxes of panels are not")
    value, across, down = result["value"], result["original_width"] / 100, result["original_height"] / 100
    x0, y0 = max(0.0, value["x"] * across), max(0.0, value["y"] * down)
    return x0, y0, x0 + value["width"] * across, y0 + value["height"] * down


def _letters(panels: dict[str, Corners], boxes: dict[str, Corners], texts: dict[str, str]) -> dict[str, str]:
    """Panel region -> its letter. An exported letter is matched to its panel by id; one that a person drew
    belongs to the smallest panel around its centre."""
    found = {id: texts.get(f"{id}/label", "").strip() for id in panels if f"{id}/label" in boxes}
    for id, (x0, y0, x1, y1) in boxes.items():
        text, x, y = texts.get(id, "").strip(), (x0 + x1) / 2, (y0 + y1) / 2
        if text and id.removesuffix("/label") not in panels:
            around = [
                panel for panel, its in panels.items()
                if panel not in found and its[0] <= x < its[2] and its[1] <= y < its[3]
            ]  # fmt: skip
            if around:
                found[min(around, key=lambda panel: Box.of(panels[panel]).area)] = text
    return found


def _fiftyone(content: Row, dataset: Dataset, who: str) -> Iterator[tuple[str, str, list[Annotated]]]:
    figures = dataset.figures().set_index(dataset.figures()["figure_name"].str.rpartition(".")[0])
    for name, boxes in content["labels"].items():
        if name not in figures.index:
            raise CorrectionError(f"the data set has no figure {name}")
        figure = figures.loc[name]
        panels = []
        for each in (each for each in boxes or () if each["label"] in _KINDS):
            x, y, width, height = each["bounding_box"]
            across, down = int(figure["width_px"]), int(figure["height_px"])
            corners = (max(0.0, x * across), max(0.0, y * down), (x + width) * across, (y + height) * down)
            panels.append(Annotated(corners, each["label"], (each.get("attributes") or {}).get("panel_label")))
        yield str(figure["id"]), who, panels


def _coco(content: Row, dataset: Dataset, who: str) -> Iterator[tuple[str, str, list[Annotated]]]:
    kinds = {each["id"]: each["name"] for each in content["categories"]}
    named = dict(zip(*(dataset.figures()[column] for column in ("figure_name", "id")), strict=True))
    of_image: dict[int, list[Annotated]] = {each["id"]: [] for each in content["images"]}
    for each in content["annotations"]:
        if kinds[each["category_id"]] in _KINDS:
            x, y, width, height = map(float, each["bbox"])
            corners = (max(0.0, x), max(0.0, y), x + width, y + height)
            of_image[each["image_id"]].append(Annotated(corners, kinds[each["category_id"]], each.get("label")))
    for image in content["images"]:
        if image.get(LEFT_OUT):
            raise ValueError(f"{image[LEFT_OUT]} panels of {image['file_name']}, which its export's filter left out")
        name = PurePath(image["file_name"]).name
        if name not in named:
            raise CorrectionError(f"the data set has no figure {name}")
        yield str(named[name]), who, of_image[image["id"]]
