"""Exports of tables: for Hugging Face, with Croissant metadata, as the first EXSCLAIM! kept and wrote them."""

from contextlib import ExitStack

import pyarrow.compute as pc

from exsclaim.dataset.condition.published_state import COUNTED, FORM, Counting, DatasetCounts, read_state
from exsclaim.dataset.formats.chosen_panels import Chosen
from exsclaim.dataset.formats.crop_files import open_table
from exsclaim.dataset.pages.card import card
from exsclaim.dataset.pages.croissant import croissant
from exsclaim.dataset.pages.published_files import CsvTables, ExsclaimJson, cells
from exsclaim.dataset.tables.shard_writing import TableWriter
from exsclaim.dataset.tables.splits import SPLITS
from exsclaim.dataset.transaction import ResultFiles, Transaction

_LABELS = ("panel_id", "text", "confidence", "origin", "x0_px", "y0_px", "x1_px", "y1_px")
_BARS = ("panel_id", "bar", "length_px", "confidence", "length_nm", "nm_origin", "x0_px", "y0_px", "x1_px", "y1_px")
_BAR_LABELS = ("panel_id", "bar", "text", "confidence", "x0_px", "y0_px", "x1_px", "y1_px")


def write_hugging_face(chosen: Chosen, files: Transaction) -> DatasetCounts:
    """`data/<split>/part-NNNNN.parquet` and README.md; gives the counts that the card says.

    `load_dataset(folder)`, `huggingface-cli upload`: https://huggingface.co/docs/datasets/repository_structure
    """
    writers = {split: TableWriter(files, "panels", f"data/{split}") for split in SPLITS}
    try:
        for rows in chosen.tables():
            for split, writer in writers.items():
                writer.write(rows.filter(pc.equal(rows["split"], split)))
        for writer in writers.values():
            writer.close()
    except BaseException:
        for writer in writers.values():
            writer.abandon()
        raise
    data_files = [
        {"split": split, "path": f"data/{split}/*.parquet"} for split in SPLITS if files.names(f"data/{split}/*")
    ]
    counts, dataset = _counts(chosen), chosen.dataset
    said = card(dataset.name, counts, dataset.made_by, dataset.versions, {"panels": data_files}, chosen.told)
    files.write("README.md", said)
    return counts


def _counts(chosen: Chosen) -> DatasetCounts:
    """Counts of what is chosen: those of the last publish, where all of it is; else counted."""
    if not chosen.is_part:
        state = read_state(ResultFiles(chosen.dataset.folder))
        if (state.form, state.content) == (FORM, chosen.dataset.digest) and state.counts.kinds_by_split:
            return state.counts
    counting = Counting()
    for article in chosen.articles(COUNTED):
        counting.add(article)
    return counting.counted()


def write_croissant(chosen: Chosen, files: Transaction) -> None:
    """The files for Hugging Face, and `croissant.json`, which describes their panels."""
    counts = write_hugging_face(chosen, files)
    name, versions = chosen.dataset.name, chosen.dataset.versions
    files.write("croissant.json", croissant(name, counts, versions, {"panels": "data/*/*.parquet"}, chosen.told))


def write_exsclaim_json(chosen: Chosen, files: Transaction) -> None:
    """`exsclaim.json`, as the first EXSCLAIM! wrote it, and `figures/`, which it names."""
    writer = ExsclaimJson(files, "exsclaim.json", chosen.wanted)
    for article in chosen.whole_figures():
        writer.add(article)
        for figure in article.figures:
            chosen.copy_figure(figure["figure_name"], files, f"figures/{figure['figure_name']}")
    writer.close()


def write_tables_for_spreadsheets(chosen: Chosen, files: Transaction) -> None:
    """The files of `write_six_tables`, each beginning with a byte order mark."""
    write_six_tables(chosen, files, has_bom=True)


def write_six_tables(chosen: Chosen, files: Transaction, *, has_bom: bool = False) -> None:
    """`articles.csv`, `figures.csv`, `panels.csv`, `panel_labels.csv`, `scale_bars.csv`, `scale_labels.csv`.

    `panel_id` joins them; `bar` is the bar's place in its panel, from 1. `has_bom` as of `CsvTables`.
    """
    tables = CsvTables(files, has_bom=has_bom)
    with ExitStack() as closing:
        labels = open_table(closing, files, "panel_labels.csv", _LABELS, has_bom=has_bom)
        bars = open_table(closing, files, "scale_bars.csv", _BARS, has_bom=has_bom)
        bar_labels = open_table(closing, files, "scale_labels.csv", _BAR_LABELS, has_bom=has_bom)
        for article in chosen.counted_articles():
            tables.add(article)
            for row in (row for rows in article.panels.values() for row in rows):
                panel = {"panel_id": row["id"]}
                if row["label_box"]:
                    fields = {
                        "text": row["label"],
                        "confidence": row["label_confidence"],
                        "origin": row["label_origin"],
                    }
                    labels.writerow(cells(panel | fields | {"box": row["label_box"]}))
                for n, bar in enumerate(row["scale_bars"], start=1):
                    keys = ("length_px", "confidence", "length_nm", "nm_origin", "box")
                    bars.writerow(cells(panel | {"bar": n} | {key: bar[key] for key in keys}))
                    if bar["label_box"]:
                        fields = {"bar": n, "text": bar["label_text"], "confidence": bar["label_confidence"]}
                        bar_labels.writerow(cells(panel | fields | {"box": bar["label_box"]}))
    tables.close()
