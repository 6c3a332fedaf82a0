"""Export to Label Studio and FiftyOne, in which people correct boxes; `annotation_imports` brings these back.

Label Studio (https://labelstud.io/guide/predictions): boxes are in per cent of the image.
FiftyOne (https://docs.voxel51.com/user_guide/import_datasets.html#fiftyoneimagedetectiondataset): a folder for
`fiftyone.Dataset.from_dir(dataset_dir=…, dataset_type=fiftyone.types.FiftyOneImageDetectionDataset)`, boxes are
`x y width height` as shares of the image.

Both show images in a browser, which none does with a TIFF: of one a PNG is written.
"""

import json
from collections.abc import Iterator, Sequence

from exsclaim.dataset.formats.chosen_panels import Chosen
from exsclaim.dataset.formats.detection_boxes import BOXED, CLASSES, Part, parts
from exsclaim.dataset.tables.table_rows import Row
from exsclaim.dataset.transaction import Transaction

_FROM, _TO = "box", "image"


def write_label_studio(chosen: Chosen, files: Transaction) -> int:
    """`tasks.json`, `labels.xml` (the labelling interface), `images/`: figures with all of their panels, whose number
    it gives.

    Serve the folder as local storage: images are named `/data/local-files/?d=images/<figure>`.
    """
    count = written = 0
    with files.file("tasks.json") as file:
        file.write(b"[")
        for article in chosen.whole_figures(BOXED):
            for figure in article.figures:
                image = chosen.copy_for_browsers(figure["figure_name"], files, "images")
                panels = article.panels.get(figure["id"], ())
                task = _task(image, figure, panels)
                written += len(panels)
                file.write((b",\n" if count else b"\n") + json.dumps(task, ensure_ascii=False).encode())
                count += 1
        file.write(b"\n]\n")
    labels = "".join(f'<Label value="{name}"/>' for name in CLASSES)
    files.write(
        "labels.xml",
        f'<View><Image name="{_TO}" value="$image"/>'
        f'<RectangleLabels name="{_FROM}" toName="{_TO}" canRotate="false">{labels}'
        f'</RectangleLabels><TextArea name="text" toName="{_TO}" perRegion="true"/></View>\n'.encode(),
    )
    return written


def _task(image: str, figure: Row, panels: Sequence[Row]) -> Row:
    results = [result for panel in panels for result in _results(panel, figure)]
    return {
        "data": {
            "image": f"/data/local-files/?d={image}", "figure_id": figure["id"],
            "caption": figure["caption"], "licence": figure["licence"],
            "with_letter": [panel["id"] for panel in panels if panel["label_box"]],
        },
        "predictions": [{"model_version": figure["versions"], "result": results}],
    }  # fmt: skip


def _results(panel: Row, figure: Row) -> Iterator[Row]:
    for part in parts(panel):
        result = _result(f"{panel['id']}{part.place}", part, figure)
        yield result
        if part.place.endswith("/label"):
            yield _text(result, part.text)


def _result(id: str, part: Part, figure: Row) -> Row:
    x, y, width, height = part.box
    across, down = 100 / figure["width_px"], 100 / figure["height_px"]
    return {
        "id": id, "type": "rectanglelabels", "from_name": _FROM, "to_name": _TO, "score": part.score,
        "original_width": figure["width_px"], "original_height": figure["height_px"], "image_rotation": 0,
        "value": {
            "x": x * across, "y": y * down, "width": width * across, "height": height * down,
            "rotation": 0, "rectanglelabels": [part.name],
        },
    }  # fmt: skip


def _text(of: Row, text: str | None) -> Row:
    shared = {key: of[key] for key in ("id", "to_name", "original_width", "original_height", "image_rotation")}
    box = {key: of["value"][key] for key in ("x", "y", "width", "height", "rotation")}
    return {**shared, "type": "textarea", "from_name": "text", "value": box | {"text": [text or ""]}}


def write_fiftyone(chosen: Chosen, files: Transaction) -> int:
    """`data/<figure>` and `labels.json`, with all panels of a figure, whose number it gives; `panel_id` of a box names
    its panel."""
    written = 0
    with files.file("labels.json") as file:
        file.write(f'{{"classes": {json.dumps(CLASSES)}, "labels": {{'.encode())
        separator = b""
        for article in chosen.whole_figures(BOXED):
            for figure in article.figures:
                name = figure["figure_name"]
                panels = article.panels.get(figure["id"], ())
                written += len(panels)
                boxes = [_detection(panel, part, figure) for panel in panels for part in parts(panel)]
                entry = f"{json.dumps(name.rpartition('.')[0])}: {json.dumps(boxes)}"
                file.write(separator + b"\n" + entry.encode())
                separator = b","
                chosen.copy_for_browsers(name, files, "data")
        file.write(b"\n}}\n")
    return written


def _detection(panel: Row, part: Part, figure: Row) -> Row:
    fields: Row = {"panel_id": panel["id"]}
    if not part.place:
        is_inset = bool(panel["is_inset"])
        fields |= {"panel_label": panel["label"], "nm_per_px": panel["nm_per_px"], "is_inset": is_inset}
    elif part.place.endswith("/label"):
        fields["text"] = part.text or ""
    elif part.bar:
        fields["length_nm"] = part.bar["length_nm"]
    x, y, box_width, box_height = part.box
    width, height = figure["width_px"], figure["height_px"]
    return {
        "label": part.name, "confidence": part.score,
        "attributes": {key: value for key, value in fields.items() if value is not None},
        "bounding_box": [x / width, y / height, box_width / width, box_height / height],
    }  # fmt: skip
