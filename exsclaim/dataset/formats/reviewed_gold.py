"""Export of gold: the figures of which people have reviewed every panel, for `flows.benchmark` and `flows.train`.

<figure>.png|jpg         the images
gold/<figure>.json       panels with kinds, looks, letters, scale bars, insets and parts (`exsclaim.quality.gold`,
                         `models.annotated`)
coco.json                the same as COCO, at the top of a folder of its own: coco/
sources.json             what figures are of one article, so that training holds them back together
"""

import json
from collections.abc import Iterator, Sequence
from pathlib import PurePath

from exsclaim.dataset.formats import Chosen
from exsclaim.dataset.formats.coco_folder import CATEGORIES
from exsclaim.dataset.opened import DatasetError
from exsclaim.dataset.shards import PublishedArticle
from exsclaim.dataset.tables import Row, panel_of
from exsclaim.dataset.transaction import Transaction
from exsclaim.records import Panel, PanelKind

_HUNDREDTH = 2


def write(chosen: Chosen, files: Transaction) -> None:
    """The files above. Figures of which a panel was not reviewed are left out: what they lack is not known.

    Raises:
        DatasetError: no figure is reviewed.
    """
    groups: dict[str, Row] = {}
    images: list[Row] = []
    annotations: list[Row] = []
    for article, figure, panels in _reviewed(chosen):
        name = PurePath(figure["figure_name"])
        chosen.copy_figure(figure["figure_name"], files, name.name)
        files.write(f"gold/{name.stem}.json", json.dumps(_gold(panels), ensure_ascii=False, indent=1).encode() + b"\n")
        groups[name.stem] = {"group": article["doi"] or article["article_id"]}
        images.append(
            {"id": len(images) + 1, "file_name": f"../{name.name}", "width": figure["width_px"],
             "height": figure["height_px"]}
        )  # fmt: skip
        annotations += _annotations(panels, len(annotations), len(images))
    if not images:
        raise DatasetError("no figure has panels that are all reviewed: exsclaim view --review, then harvest once more")
    coco = {
        "images": images, "annotations": annotations,
        "categories": [{"id": CATEGORIES[kind], "name": kind} for kind in map(str, PanelKind)],
    }  # fmt: skip
    files.write("sources.json", json.dumps(groups, indent=1).encode() + b"\n")
    files.write("coco/coco.json", json.dumps(coco, ensure_ascii=False).encode() + b"\n")


def _reviewed(chosen: Chosen) -> Iterator[tuple[Row, Row, list[Panel]]]:
    for article in chosen.articles():
        yield from _of_article(article)


def _of_article(article: PublishedArticle) -> Iterator[tuple[Row, Row, list[Panel]]]:
    for figure in article.figures:
        panels = [panel_of(row) for row in article.panels.get(figure["id"], ())]
        if panels and len(panels) == figure["panels"] and all(panel.reviewed for panel in panels):
            yield article.article, figure, panels


def _gold(panels: Sequence[Panel]) -> Row:
    children: dict[str, list[Panel]] = {}
    known = {panel.id for panel in panels}
    for panel in panels:
        if panel.parent_id in known:
            children.setdefault(str(panel.parent_id), []).append(panel)
    tops = [panel for panel in panels if panel.parent_id not in known]
    return {"panels": [_panel(panel) | {"children": [_panel(each) for each in children.get(panel.id, ())]}
                       for panel in tops]}  # fmt: skip


def _panel(panel: Panel) -> Row:
    made: Row = {
        "label": panel.label, "box": _rounded(panel.box.corners), "class": str(panel.kind), "type": panel.type or "",
        "inset": panel.is_inset,
    }  # fmt: skip
    if panel.label and panel.label_box:
        made["label_box"] = _rounded(panel.label_box.corners)
    made["scale_bars"] = [
        {"box": _rounded(bar.box.corners), "nm": bar.length_nm if bar.nm_origin == "printed" else None,
         "text": bar.label_text}
        for bar in panel.scale_bars
    ]  # fmt: skip
    return made


def _annotations(panels: Sequence[Panel], before: int, image: int) -> list[Row]:
    ids = {panel.id: before + n for n, panel in enumerate(panels, start=1)}
    made = []
    for panel in panels:
        box = panel.box
        entry: Row = {
            "id": ids[panel.id], "image_id": image, "category_id": CATEGORIES[str(panel.kind)], "iscrowd": 0,
            "bbox": [box.x0, box.y0, box.width, box.height], "area": box.area, "label": panel.label,
            "type": panel.type, "inset": panel.is_inset,
        }  # fmt: skip
        made.append(entry | ({"parent": ids[panel.parent_id]} if panel.parent_id in ids else {}))
    return made


def _rounded(corners: Sequence[float]) -> list[float]:
    return [round(value, _HUNDREDTH) for value in corners]
