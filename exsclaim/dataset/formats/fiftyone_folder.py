"""Export for FiftyOne: figures with their boxes, in the folder that it calls FiftyOneImageDetectionDataset.

https://docs.voxel51.com/user_guide/import_datasets.html#fiftyoneimagedetectiondataset:
`fiftyone.Dataset.from_dir(dataset_dir=…, dataset_type=fiftyone.types.FiftyOneImageDetectionDataset)`. Boxes are
`x y width height` as shares of the image.
"""

import json
from collections.abc import Iterator

from exsclaim.dataset.formats import Chosen
from exsclaim.dataset.tables import Row, panel_of
from exsclaim.dataset.transaction import Transaction
from exsclaim.geometry import Box
from exsclaim.records import Panel, PanelKind

_PARTS = ("panel label", "scale bar", "scale label")


def write(chosen: Chosen, files: Transaction) -> None:
    """`data/<figure>` and `labels.json`; `panel_id` of a box is that of the panel that it is, or lies in."""
    with files.file("labels.json") as file:
        file.write(f'{{"classes": {json.dumps([*map(str, PanelKind), *_PARTS])}, "labels": {{'.encode())
        separator = b""
        for article in chosen.articles():
            for figure in article.figures:
                name = figure["figure_name"]
                panels = map(panel_of, article.panels.get(figure["id"], ()))
                boxes = [box for panel in panels for box in _boxes(panel, figure)]
                entry = f"{json.dumps(name.rpartition('.')[0])}: {json.dumps(boxes)}"
                file.write(separator + b"\n" + entry.encode())
                separator = b","
                chosen.copy_figure(name, files, f"data/{name}")
        file.write(b"\n}}\n")


def _boxes(panel: Panel, figure: Row) -> Iterator[Row]:
    told = {"panel_label": panel.label, "nm_per_px": panel.nm_per_px, "is_inset": panel.is_inset}
    known = {key: value for key, value in told.items() if value is not None}
    yield _box(str(panel.kind), panel.box, figure, panel.kind_confidence, {"panel_id": panel.id, **known})
    if panel.label_box:
        text = {"panel_id": panel.id, "text": panel.label or ""}
        yield _box(_PARTS[0], panel.label_box, figure, panel.label_confidence, text)
    for bar in panel.scale_bars:
        length = {} if bar.length_nm is None else {"length_nm": bar.length_nm}
        yield _box(_PARTS[1], bar.box, figure, bar.confidence, {"panel_id": panel.id, **length})
        if bar.label_box:
            text = {"panel_id": panel.id, "text": bar.label_text or ""}
            yield _box(_PARTS[2], bar.label_box, figure, bar.label_confidence, text)


def _box(label: str, box: Box, figure: Row, confidence: float, attributes: Row) -> Row:
    width, height = figure["width_px"], figure["height_px"]
    return {
        "label": label, "confidence": confidence, "attributes": attributes,
        "bounding_box": [box.x0 / width, box.y0 / height, box.width / width, box.height / height],
    }  # fmt: skip
