"""Export as six flat tables, as the first EXSCLAIM! kept them: articles, figures, panels and what is in panels."""

import csv
import io
from contextlib import ExitStack

from exsclaim.dataset.exports import CsvTables, cells
from exsclaim.dataset.formats import Chosen
from exsclaim.dataset.transaction import Transaction

_LABELS = ("panel_id", "text", "confidence", "origin", "x0_px", "y0_px", "x1_px", "y1_px")
_BARS = ("panel_id", "bar", "length_px", "confidence", "length_nm", "nm_origin", "x0_px", "y0_px", "x1_px", "y1_px")
_BAR_LABELS = ("panel_id", "bar", "text", "confidence", "x0_px", "y0_px", "x1_px", "y1_px")


def write(chosen: Chosen, files: Transaction) -> None:
    """`articles.csv`, `figures.csv`, `panels.csv`, `panel_labels.csv`, `scale_bars.csv`, `scale_labels.csv`.

    `panel_id` joins them; `bar` is the bar's place in its panel, from 1.
    """
    tables = CsvTables(files)
    with ExitStack() as closing:

        def opened(name: str, columns: tuple[str, ...]) -> "csv.DictWriter[str]":
            file = closing.enter_context(files.file(name))
            text = closing.enter_context(io.TextIOWrapper(file, encoding="utf-8", newline=""))
            writer = csv.DictWriter(text, columns, lineterminator="\n")
            writer.writeheader()
            return writer

        labels = opened("panel_labels.csv", _LABELS)
        bars = opened("scale_bars.csv", _BARS)
        bar_labels = opened("scale_labels.csv", _BAR_LABELS)
        for article in chosen.articles():
            tables.add(article)
            for row in (row for rows in article.panels.values() for row in rows):
                panel = {"panel_id": row["id"]}
                if row["label_box"]:
                    told = {"text": row["label"], "confidence": row["label_confidence"], "origin": row["label_origin"]}
                    labels.writerow(cells(panel | told | {"box": row["label_box"]}))
                for n, bar in enumerate(row["scale_bars"], start=1):
                    keys = ("length_px", "confidence", "length_nm", "nm_origin", "box")
                    bars.writerow(cells(panel | {"bar": n} | {key: bar[key] for key in keys}))
                    if bar["label_box"]:
                        told = {"bar": n, "text": bar["label_text"], "confidence": bar["label_confidence"]}
                        bar_labels.writerow(cells(panel | told | {"box": bar["label_box"]}))
    tables.close()
