"""Export as COCO: figures as images; panels by kind, panel labels, scale bars and scale labels as boxes.

https://cocodataset.org/#format-data
"""

import io
import json
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack

from exsclaim.dataset.formats import Chosen
from exsclaim.dataset.tables import Row, panel_of
from exsclaim.dataset.transaction import Transaction
from exsclaim.geometry import Box
from exsclaim.records import Panel, PanelKind

PARTS = ("panel label", "scale bar", "scale label")
CATEGORIES = {name: n for n, name in enumerate([*map(str, PanelKind), *PARTS], start=1)}


def write(chosen: Chosen, files: Transaction) -> None:
    """The figures, `coco.json`, and `sources.json`, which tells training what figures are of one work."""
    images = annotations = 0
    groups: dict[str, Row] = {}
    with ExitStack() as closing:
        file = closing.enter_context(files.file("coco.json"))
        text = closing.enter_context(io.TextIOWrapper(file, encoding="utf-8"))
        later = closing.enter_context(tempfile.TemporaryFile())
        categories = [
            {"id": id, "name": name, "supercategory": "part" if name in PARTS else "panel"}
            for name, id in CATEGORIES.items()
        ]
        text.write(f'{{"info": {{"description": "EXSCLAIM"}}, "categories": {json.dumps(categories)}, "images": [')
        for article in chosen.articles():
            for figure in article.figures:
                images += 1
                groups[figure["figure_name"].rpartition(".")[0]] = {"group": figure["doi"] or figure["article_id"]}
                text.write(("" if images == 1 else ",\n") + json.dumps(_image(images, figure)))
                chosen.copy_figure(figure["figure_name"], files, figure["figure_name"])
                panels = list(map(panel_of, article.panels.get(figure["id"], ())))
                for entry in _annotations(panels, annotations, images):
                    annotations += 1
                    later.write((("" if annotations == 1 else ",\n") + json.dumps(entry)).encode())
        later.seek(0)
        text.write('],\n"annotations": [')
        part = closing.enter_context(io.TextIOWrapper(later, encoding="utf-8"))
        while block := part.read(1 << 20):
            text.write(block)
        text.write("]}\n")
    files.write("sources.json", json.dumps(groups, indent=1).encode() + b"\n")


def _image(id: int, figure: Row) -> Row:
    keys = ("caption", "licence", "split", "article_url", "doi")
    return {
        "id": id, "file_name": figure["figure_name"], "width": figure["width_px"], "height": figure["height_px"],
        "figure_id": figure["id"], **{key: figure[key] for key in keys},
    }  # fmt: skip


def _annotations(panels: Sequence[Panel], before: int, image: int) -> list[Row]:
    """Annotations of a figure; of an inset, or a part, `parent` is the id of the annotation that it lies in."""
    made: list[Row] = []
    ids: dict[str, int] = {}
    for panel in panels:
        ids[panel.id] = before + len(made) + 1
        made += [
            _annotation(before + len(made) + n, image, category, box) | more
            for n, (category, box, more) in enumerate(_boxes(panel), start=1)
            if box.width > 0 and box.height > 0
        ]
    parents = {panel.id: ids.get(panel.parent_id or "") for panel in panels}
    return [each | {"parent": parents[each["panel_id"]]} if "inset" in each else each for each in made]


def _boxes(panel: Panel) -> Iterator[tuple[str, Box, Row]]:
    shown = {"panel_id": panel.id, "label": panel.label, "nm_per_px": panel.nm_per_px, "inset": panel.is_inset}
    yield str(panel.kind), panel.box, shown | {"score": panel.kind_confidence}
    if panel.label_box:
        yield PARTS[0], panel.label_box, {"panel_id": panel.id, "text": panel.label, "score": panel.label_confidence}
    for bar in panel.scale_bars:
        length = {"panel_id": panel.id, "length_nm": bar.length_nm}
        yield PARTS[1], bar.box, length | {"length_px": bar.length_px, "score": bar.confidence}
        if bar.label_box:
            yield PARTS[2], bar.label_box, length | {"text": bar.label_text, "score": bar.label_confidence}


def _annotation(id: int, image: int, category: str, box: Box) -> Row:
    return {
        "id": id, "image_id": image, "category_id": CATEGORIES[category], "iscrowd": 0,
        "bbox": [box.x0, box.y0, box.width, box.height], "area": box.width * box.height,
    }  # fmt: skip
