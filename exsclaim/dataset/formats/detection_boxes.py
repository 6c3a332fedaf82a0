"""Exports of boxes for detectors: `coco`, and `gold`, the figures whose panels are all reviewed.

COCO (https://cocodataset.org/#format-data) has figures as images; panels by kind, panel labels, scale bars and scale
labels as boxes. Gold is what `flows.benchmark` and `flows.train` read:

    <figure>.png|jpg         the images
    gold/<figure>.json       panels with kinds, looks, letters, scale bars, insets and parts (`exsclaim.quality.gold`,
                             `models.annotated_figures`)
    coco/coco.json           the same as COCO
    sources.json             what figures are of one article, so that training holds them back together
"""

import json
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import PurePath
from typing import NamedTuple

import orjson

from exsclaim.dataset.formats.chosen_panels import Chosen
from exsclaim.dataset.tables.published_records import panel_of
from exsclaim.dataset.tables.shards import PublishedArticle
from exsclaim.dataset.tables.table_rows import Row
from exsclaim.dataset.transaction import Transaction
from exsclaim.errors import DatasetError
from exsclaim.records import Panel, PanelKind

PARTS = ("panel label", "scale bar", "scale label")
CLASSES = (*map(str, PanelKind), *PARTS)
CATEGORIES = {name: n for n, name in enumerate(CLASSES, start=1)}
_HUNDREDTH = 2


class Part(NamedTuple):
    """A box of a panel: the panel itself, its letter, a scale bar, or what that bar's label says."""

    name: str
    """One of `CLASSES`."""
    place: str
    """"" of the panel, "/label", "/bar1", "/bar1/label": unique together with the panel's id."""
    corners: Sequence[float]
    score: float
    text: str | None = None
    bar: Row | None = None
    """Of a scale bar and its label, the bar."""

    @property
    def box(self) -> list[float]:
        """`x y width height` in pixels of the figure."""
        x0, y0, x1, y1 = self.corners
        return [x0, y0, x1 - x0, y1 - y0]


BOXED = (
    "id", "figure_id", "article_id", "parent_id", "label", "label_box", "label_confidence", "box", "kind",
    "kind_confidence", "nm_per_px", "is_inset", "scale_bars",
)  # fmt: skip
"""Columns of panels that boxes are made of."""


def parts(panel: Row) -> Iterator[Part]:
    """The boxes of a row of the panels table, the panel first. No record is made of it: there may be a million."""
    yield Part(panel["kind"], "", panel["box"], panel["kind_confidence"] or 0.0)
    if panel["label_box"]:
        yield Part(PARTS[0], "/label", panel["label_box"], panel["label_confidence"] or 0.0, panel["label"])
    for n, bar in enumerate(panel["scale_bars"], start=1):
        yield Part(PARTS[1], f"/bar{n}", bar["box"], bar["confidence"], None, bar)
        if bar["label_box"]:
            yield Part(PARTS[2], f"/bar{n}/label", bar["label_box"], bar["label_confidence"], bar["label_text"], bar)


def write_coco(chosen: Chosen, files: Transaction) -> None:
    """The figures, `coco.json`, and `sources.json`, by which training keeps figures of one work together."""
    images = annotations = 0
    groups: dict[str, Row] = {}
    with ExitStack() as closing:
        file = closing.enter_context(files.file("coco.json"))
        later = closing.enter_context(tempfile.TemporaryFile())
        categories = [
            {"id": id, "name": name, "supercategory": "part" if name in PARTS else "panel"}
            for name, id in CATEGORIES.items()
        ]
        file.write(b'{"info":{"description":"EXSCLAIM"},"categories":' + orjson.dumps(categories) + b',"images":[')
        for article in chosen.articles(BOXED):
            for figure in article.figures:
                images += 1
                groups[figure["figure_name"].rpartition(".")[0]] = {"group": figure["doi"] or figure["article_id"]}
                panels = article.panels.get(figure["id"], ())
                file.write((b"" if images == 1 else b",\n") + orjson.dumps(_image(images, figure, len(panels))))
                chosen.copy_figure(figure["figure_name"], files, figure["figure_name"])
                made = _annotations(panels, annotations, images)
                if made:
                    later.write((b",\n" if annotations else b"") + b",\n".join(map(orjson.dumps, made)))
                annotations += len(made)
        later.seek(0)
        file.write(b'],\n"annotations":[')
        shutil.copyfileobj(later, file)
        file.write(b"]}\n")
    files.write("sources.json", json.dumps(groups, indent=1).encode() + b"\n")


LEFT_OUT = "panels_left_out"
"""In an image's entry, where it has not all panels of the figure: how many a filter left out."""


def _image(id: int, figure: Row, panels: int) -> Row:
    keys = ("caption", "licence", "split", "article_url", "doi")
    left_out = (figure["panels"] or 0) - panels
    return {
        "id": id, "file_name": figure["figure_name"], "width": figure["width_px"], "height": figure["height_px"],
        "figure_id": figure["id"], **{key: figure[key] for key in keys}, **({LEFT_OUT: left_out} if left_out else {}),
    }  # fmt: skip


def _annotations(panels: Sequence[Row], before: int, image: int) -> list[Row]:
    """Annotations of a figure; of an inset, or a part, `parent` is the id of the annotation that it lies in."""
    made: list[Row] = []
    ids: dict[str, int] = {}
    for panel in panels:
        ids[panel["id"]] = before + len(made) + 1
        for part in parts(panel):
            box = part.box
            if box[2] > 0 and box[3] > 0:
                annotation = _annotation(before + len(made) + 1, image, part.name, box)
                made.append(annotation | _fields(panel, part))
    parents = {panel["id"]: ids.get(panel["parent_id"] or "") for panel in panels}
    return [each | {"parent": parents[each["panel_id"]]} if "inset" in each else each for each in made]


def _fields(panel: Row, part: Part) -> Row:
    """Fields of an annotation beside its box."""
    fields: Row
    if not part.place:
        fields = {"label": panel["label"], "nm_per_px": panel["nm_per_px"], "inset": bool(panel["is_inset"])}
    elif part.name == PARTS[1] and part.bar:
        fields = {"length_nm": part.bar["length_nm"], "length_px": part.bar["length_px"]}
    else:
        fields = ({"length_nm": part.bar["length_nm"]} if part.bar else {}) | {"text": part.text}
    return {"panel_id": panel["id"], **fields, "score": part.score}


def _annotation(id: int, image: int, category: str, box: list[float]) -> Row:
    """An annotation of COCO; `box` is `x y width height`."""
    return {
        "id": id, "image_id": image, "category_id": CATEGORIES[category], "iscrowd": 0,
        "bbox": box, "area": box[2] * box[3],
    }  # fmt: skip


def write_gold(chosen: Chosen, files: Transaction) -> int:
    """The files above, and how many panels these are of. Figures with a panel that was not reviewed are left out.

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
        annotations += _gold_annotations(panels, len(annotations), len(images))
    if not images:
        raise DatasetError(
            f"{chosen.dataset.name}: no figure has panels that are all reviewed: exsclaim view --review, then harvest"
            " once more"
        )
    coco = {
        "images": images, "annotations": annotations,
        "categories": [{"id": CATEGORIES[kind], "name": kind} for kind in map(str, PanelKind)],
    }  # fmt: skip
    files.write("sources.json", json.dumps(groups, indent=1).encode() + b"\n")
    files.write("coco/coco.json", json.dumps(coco, ensure_ascii=False).encode() + b"\n")
    return len(annotations)


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
    return {"panels": [_gold_panel(panel) | {"children": [_gold_panel(each) for each in children.get(panel.id, ())]}
                       for panel in tops]}  # fmt: skip


def _gold_panel(panel: Panel) -> Row:
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


def _gold_annotations(panels: Sequence[Panel], before: int, image: int) -> list[Row]:
    ids = {panel.id: before + n for n, panel in enumerate(panels, start=1)}
    made = []
    for panel in panels:
        fields: Row = {"label": panel.label, "type": panel.type, "inset": panel.is_inset}
        box = panel.box
        entry = _annotation(ids[panel.id], image, str(panel.kind), [box.x0, box.y0, box.width, box.height]) | fields
        made.append(entry | ({"parent": ids[panel.parent_id]} if panel.parent_id in ids else {}))
    return made


def _rounded(corners: Sequence[float]) -> list[float]:
    return [round(value, _HUNDREDTH) for value in corners]
