"""Files that people and the predecessor's scripts read, made from the tables in one pass.

Each writer takes the articles one after the other; nothing is known here that the tables do not say. They cover the
whole data set of a query, also what earlier harvests found.
"""

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from contextlib import ExitStack
from typing import Any, Protocol

from exsclaim.dataset.pages.exsclaim_json import figure_entry
from exsclaim.dataset.tables.composition import Changes
from exsclaim.dataset.tables.pictures import draw
from exsclaim.dataset.tables.published_records import caption_parts_of, panel_of
from exsclaim.dataset.tables.shards import PublishedArticle, Shards
from exsclaim.dataset.tables.table_rows import ARTICLES, FIGURES, PANELS, Row
from exsclaim.dataset.transaction import Transaction
from exsclaim.untrusted_text import csv_cell

MOST_FIGURES_IN_ONE_JSON = 50_000
"""Of larger data sets each harvest has an exsclaim.json of its own: no script reads a file of gigabytes whole."""


class Writer(Protocol):
    """Takes all articles in order, then is closed."""

    def add(self, article: PublishedArticle) -> None: ...

    def close(self) -> None: ...


class ExsclaimJson:
    """`exsclaim.json`: the predecessor's format, keyed by figure name.

    Of the panels those whose ids are `wanted`, by default all; a caption that belongs to another is not unassigned.
    """

    def __init__(self, files: Transaction, name: str, wanted: Set[str] | None = None) -> None:
        self._wanted = wanted
        self._closing = ExitStack()
        self._file = self._closing.enter_context(files.file(name))
        self._is_first = True

    def add(self, article: PublishedArticle) -> None:
        for figure in article.figures:
            made = _entry(figure, article.panels.get(figure["id"], ()), self._wanted)
            entry = json.dumps(made, indent=2, ensure_ascii=False)
            key = json.dumps(figure["figure_name"], ensure_ascii=False)
            text = ("{\n" if self._is_first else ",\n") + f"  {key}: " + entry.replace("\n", "\n  ")
            self._file.write(text.encode())
            self._is_first = False

    def close(self) -> None:
        self._file.write(b"{}\n" if self._is_first else b"\n}\n")
        self._closing.close()


def _entry(figure: Row, rows: Sequence[Row], wanted: Set[str] | None) -> dict[str, Any]:
    panels = [panel_of(row) for row in rows if wanted is None or row["id"] in wanted]
    entry = figure_entry(
        panels, figure_name=figure["figure_name"], caption=figure["caption"], general=figure["general"],
        former_kinds=True, extra={
            "title": figure["article_title"], "article_url": figure["article_url"],
            "article_name": figure["article_name"], "image_url": figure["image_url"],
            "figure_path": f"figures/{figure['figure_name']}", "license": figure["licence"],
            "open": figure["is_open"], "doi": figure["doi"],
        },
    )  # fmt: skip
    parts = caption_parts_of(figure)
    seen = {row["label"] for row in rows}
    entry["unassigned"]["captions"] = [
        {"label": label, "text": list(text)} for label, text in parts.segments.items() if label not in seen
    ]
    return entry


CSV_FILES = ("articles.csv", "figures.csv", "panels.csv")


class CsvTables:
    """`articles.csv`, `figures.csv`, `panels.csv`: UTF-8, comma, one header line.

    A box becomes four columns, another list or struct its JSON, None nothing. With `has_bom` each begins with a byte
    order mark, without which spreadsheets take UTF-8 for the local encoding.
    """

    def __init__(self, files: Transaction, folder: str = "", *, has_bom: bool = False) -> None:
        self._closing = ExitStack()
        self._encoding = "utf-8-sig" if has_bom else "utf-8"
        columns = (ARTICLES.names, FIGURES.names, [name for name in PANELS.names if name != "image"])
        self._articles, self._figures, self._panels = (
            self._writer(files, f"{folder}{name}", its) for name, its in zip(CSV_FILES, columns, strict=True)
        )

    def add(self, article: PublishedArticle) -> None:
        self._articles.writerow(cells(article.article))
        for figure in article.figures:
            self._figures.writerow(cells(figure))
            for panel in article.panels.get(figure["id"], ()):
                self._panels.writerow(cells(panel))

    def close(self) -> None:
        self._closing.close()

    def _writer(self, files: Transaction, name: str, columns: Iterable[str]) -> "csv.DictWriter[str]":
        file = self._closing.enter_context(files.file(name))
        text = self._closing.enter_context(io.TextIOWrapper(file, encoding=self._encoding, newline=""))
        names = [part for column in columns for part in (_corner_names(column) if _is_box(column) else [column])]
        writer = csv.DictWriter(text, names, lineterminator="\n")
        writer.writeheader()
        return writer


def cells(row: Mapping[str, Any]) -> Row:
    """A row as cells of a CSV file: boxes as four numbers, lists as JSON, no text that a spreadsheet would run."""
    cells: Row = {}
    for column, value in row.items():
        if _is_box(column):
            cells |= dict(zip(_corner_names(column), value or [None] * 4, strict=True))
        else:
            text = json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else value
            cells[column] = csv_cell(text) if isinstance(text, str) else text
    return cells


def _is_box(column: str) -> bool:
    return column in ("box", "label_box")


def _corner_names(column: str) -> list[str]:
    prefix = column.removesuffix("box")
    return [f"{prefix}{corner}_px" for corner in ("x0", "y0", "x1", "y1")]


def write_all(articles: Iterator[PublishedArticle], writers: Iterable[Writer]) -> None:
    """Give each article to each writer, then close them."""
    chosen = list(writers)
    for article in articles:
        for writer in chosen:
            writer.add(article)
    for writer in chosen:
        writer.close()


CROPS = "images"
DRAWINGS = {"extractions": True, "boxes": False}
"""Folder -> whether captions stand below the figure."""
FOLDERS = {"save_subfigures": CROPS, "visualization": "extractions", "visualize": "extractions", "boxes": "boxes"}
"""Save format of a query -> the folder that it fills."""
_OURS = re.compile(r".+_fig-?\d+.*\.[a-z]+")
"""Names of pictures that we wrote; nothing else is ever removed."""


def write_pictures(files: Transaction, changes: Changes, harvest: str, wanted: Set[str], current: Set[str]) -> None:
    """Bring the wanted folders to what the tables say, and take from all folders the pictures of what is no more.

    Args:
        files: the transaction in which the tables are what they will be.
        changes: what the tables were changed by.
        harvest: the partition that new and changed articles live in.
        wanted: folders to be filled.
        current: those of them that are as the tables were before; the others are written whole.
    """
    for name in changes.gone:
        stem = name.rpartition(".")[0]
        for each in (f"figures/{name}", *(f"{folder}/{stem}.png" for folder in DRAWINGS)):
            files.remove(each)
    for crop in changes.old_crops:
        files.remove(f"{CROPS}/{crop}")
    for folder in sorted(wanted - current):
        for name in files.names(f"{folder}/**/*"):
            if _OURS.fullmatch(name.rpartition("/")[2]):
                files.remove(name)
    moved = {*changes.added, *changes.changed}
    shards = Shards(files)
    if CROPS in wanted:
        harvests = [harvest] if CROPS in current else shards.harvests()
        chosen = moved if CROPS in current else None
        for each in (each for each in harvests if chosen is None or chosen):
            for row in shards.rows("panels", each, ["article_id", "kind", "crop_name", "image"]):
                if row["image"] is not None and (chosen is None or row["article_id"] in chosen):
                    files.write(f"{CROPS}/{row['kind']}/{row['crop_name']}", row["image"]["bytes"])
    whole = [folder for folder in DRAWINGS if folder in wanted - current]
    if whole:
        _draw(files, shards.stream(), whole)
    in_part = [folder for folder in DRAWINGS if folder in wanted & current]
    if in_part and moved:
        _draw(files, (each for each in shards.stream([harvest]) if each.article["article_id"] in moved), in_part)


def _draw(files: Transaction, articles: Iterator[PublishedArticle], folders: list[str]) -> None:
    for article in articles:
        for figure in article.figures:
            panels = [panel_of(row) for row in article.panels.get(figure["id"], ())]
            for folder in folders:
                picture = draw(files.path(f"figures/{figure['figure_name']}"), panels, with_text=DRAWINGS[folder])
                if picture is not None:
                    files.write(f"{folder}/{figure['figure_name'].rpartition('.')[0]}.png", picture)
