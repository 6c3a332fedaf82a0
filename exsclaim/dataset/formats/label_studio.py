"""Export as tasks of Label Studio: each figure with the boxes that were found, to be corrected by people.

https://labelstud.io/guide/predictions: boxes are in per cent of the image.
"""

import json

from exsclaim.dataset.formats import Chosen
from exsclaim.dataset.tables import Row, panel_of
from exsclaim.dataset.transaction import Transaction
from exsclaim.geometry import Box
from exsclaim.records import Panel, PanelKind

_PARTS = ("panel label", "scale bar", "scale label")
_FROM, _TO = "box", "image"


def write(chosen: Chosen, files: Transaction) -> None:
    """`tasks.json`, `labels.xml` (the labelling interface), `images/`.

    Serve the folder as local storage: images are named `/data/local-files/?d=images/<figure>`.
    """
    count = 0
    with files.file("tasks.json") as file:
        file.write(b"[")
        for article in chosen.articles():
            for figure in article.figures:
                panels = map(panel_of, article.panels.get(figure["id"], ()))
                task = _task(figure, [result for panel in panels for result in _results(panel, figure)])
                file.write((b",\n" if count else b"\n") + json.dumps(task, ensure_ascii=False).encode())
                chosen.copy_figure(figure["figure_name"], files, f"images/{figure['figure_name']}")
                count += 1
        file.write(b"\n]\n")
    labels = "".join(f'<Label value="{name}"/>' for name in (*map(str, PanelKind), *_PARTS))
    files.write(
        "labels.xml",
        f'<View><Image name="{_TO}" value="$image"/><RectangleLabels name="{_FROM}" toName="{_TO}">{labels}'
        f'</RectangleLabels><TextArea name="text" toName="{_TO}" perRegion="true"/></View>\n'.encode(),
    )


def _task(figure: Row, results: list[Row]) -> Row:
    data = {"image": f"/data/local-files/?d=images/{figure['figure_name']}", "figure_id": figure["id"]}
    return {
        "data": data | {"caption": figure["caption"], "licence": figure["licence"]},
        "predictions": [{"model_version": figure["versions"], "result": results}],
    }


def _results(panel: Panel, figure: Row) -> list[Row]:
    found = [_result(panel.id, str(panel.kind), panel.box, figure, panel.kind_confidence)]
    if panel.label_box:
        id = f"{panel.id}/label"
        found.append(_result(id, _PARTS[0], panel.label_box, figure, panel.label_confidence))
        found.append(_text(found[-1], panel.label))
    for n, bar in enumerate(panel.scale_bars, start=1):
        found.append(_result(f"{panel.id}/bar{n}", _PARTS[1], bar.box, figure, bar.confidence))
        if bar.label_box:
            found.append(_result(f"{panel.id}/bar{n}/label", _PARTS[2], bar.label_box, figure, bar.label_confidence))
            found.append(_text(found[-1], bar.label_text))
    return found


def _result(id: str, label: str, box: Box, figure: Row, score: float) -> Row:
    across, down = 100 / figure["width_px"], 100 / figure["height_px"]
    return {
        "id": id, "type": "rectanglelabels", "from_name": _FROM, "to_name": _TO, "score": score,
        "original_width": figure["width_px"], "original_height": figure["height_px"], "image_rotation": 0,
        "value": {
            "x": box.x0 * across, "y": box.y0 * down, "width": box.width * across, "height": box.height * down,
            "rotation": 0, "rectanglelabels": [label],
        },
    }  # fmt: skip


def _text(of: Row, text: str | None) -> Row:
    shared = {key: of[key] for key in ("id", "to_name", "original_width", "original_height", "image_rotation")}
    box = {key: of["value"][key] for key in ("x", "y", "width", "height", "rotation")}
    return {**shared, "type": "textarea", "from_name": "text", "value": box | {"text": [text or ""]}}
