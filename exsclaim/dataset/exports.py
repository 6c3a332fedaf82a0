"""What people and the predecessor's scripts read, made from the tables: nothing here is known that they do not say.

Exports cover the whole data set of a query, also what earlier harvests found. Files that are as they should be are
not written again; files of panels and figures that the data set no longer has are removed.
"""

import csv
import hashlib
import io
import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from exsclaim.assembly import label_agreement, missing_labels
from exsclaim.dataset.drawing import draw_overlays
from exsclaim.dataset.exsclaim_json import figure_entry
from exsclaim.dataset.partitions import Partitions
from exsclaim.dataset.tables import ARTICLES, FIGURES, PANELS, Row, panel_of
from exsclaim.errors import StoreError, UnreachableError
from exsclaim.licences import declared
from exsclaim.records import CaptionParts, Panel
from exsclaim.storage.local import write_whole
from exsclaim.store import Store
from exsclaim.untrusted_text import csv_cell

_OURS = re.compile(r".+_fig-?\d+.*\.[a-z]+")
"""What the names of exported images look like; nothing else is ever removed."""


@dataclass(frozen=True)
class Contents:
    """All rows of the tables without the images, by article, figure number, and place in the figure."""

    articles: list[Row]
    figures: list[Row]
    panels: dict[str, list[Row]]
    """Figure id -> rows of its panels."""

    @classmethod
    def of(cls, partitions: Partitions) -> Self:
        panels: dict[str, list[Row]] = {}
        for row in partitions.rows("panels", [name for name in PANELS.names if name != "image"]):
            panels.setdefault(row["figure_id"], []).append(_with_licence(row))
        return cls(
            articles=sorted(map(_with_licence, partitions.rows("articles")), key=_article_order),
            figures=sorted(map(_with_licence, partitions.rows("figures")), key=_figure_order),
            panels=panels,
        )

    def panels_of(self, figure: Row) -> list[Panel]:
        return [panel_of(row) for row in self.panels.get(figure["id"], [])]


def counts(contents: Contents) -> dict[str, Any]:
    """The counts of `exsclaim.dataset.publishing.Published`."""
    panels = {figure["id"]: contents.panels_of(figure) for figure in contents.figures}
    parts = {each["id"]: CaptionParts.model_validate_json(each["caption_parts"]) for each in contents.figures}
    agreements = [label_agreement(parts[id], panels[id]) for id in panels]
    known = [agreement for agreement in agreements if agreement is not None]
    every = [panel for those in panels.values() for panel in those]
    return {
        "articles": len(contents.articles),
        "figures": len(contents.figures),
        "panels": len(every),
        "panels_by_kind": dict(sorted(Counter(str(panel.kind) for panel in every).items())),
        "panels_with_label": sum(panel.label is not None for panel in every),
        "panels_with_scale": sum(panel.nm_per_px is not None for panel in every),
        "scalable_panels": sum(panel.kind == "microscopy" or bool(panel.scale_bars) for panel in every),
        "label_agreement": round(sum(known) / len(known), 4) if known else None,
        "missing_labels": sum(len(missing_labels(parts[id], panels[id])) for id in panels),
    }


def figure_images(folder: Path, contents: Contents, store: Store) -> None:
    """`figures/<figure name>`: the images as the publisher gave them.

    An image of an earlier harvest that the store has lost since is left as it is on disk.
    """
    for figure in contents.figures:
        path = folder / "figures" / figure["figure_name"]
        if path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == figure["image_sha256"]:
            continue
        try:
            content = store.read(figure["image_sha256"])
        except UnreachableError:
            raise
        except StoreError:
            continue
        write_whole(path, content)
    _remove_others(folder / "figures", {figure["figure_name"] for figure in contents.figures})


def exsclaim_json(folder: Path, contents: Contents) -> None:
    """`exsclaim.json`: the predecessor's format, keyed by figure name."""
    entries = {}
    for figure in contents.figures:
        panels = contents.panels_of(figure)
        entry = figure_entry(
            panels, figure_name=figure["figure_name"], caption=figure["caption"], general=figure["general"],
            former_kinds=True, extra={
                "title": figure["article_title"], "article_url": figure["article_url"],
                "article_name": figure["article_name"], "image_url": figure["image_url"],
                "figure_path": f"figures/{figure['figure_name']}", "license": figure["licence"],
                "open": figure["is_open"], "doi": figure["doi"],
            },
        )  # fmt: skip
        parts = CaptionParts.model_validate_json(figure["caption_parts"])
        seen = {panel.label for panel in panels}
        entry["unassigned"]["captions"] = [
            {"label": label, "text": list(text)} for label, text in parts.segments.items() if label not in seen
        ]
        entries[figure["figure_name"]] = entry
    write_whole(folder / "exsclaim.json", json.dumps(entries, indent=2, ensure_ascii=False).encode() + b"\n")


def export(folder: Path, contents: Contents, partitions: Partitions, save_format: frozenset[str]) -> None:
    """The further forms that the query asks for: see `exsclaim.dataset` for the files of each."""
    if "csv" in save_format:
        _csv(folder / "articles.csv", ARTICLES.names, contents.articles)
        _csv(folder / "figures.csv", FIGURES.names, contents.figures)
        panels = (row for figure in contents.figures for row in contents.panels.get(figure["id"], []))
        _csv(folder / "panels.csv", [name for name in PANELS.names if name != "image"], panels)
    if "save_subfigures" in save_format:
        _subfigures(folder / "images", partitions)
    for folder_name, wanted, with_text in (
        ("extractions", {"visualization", "visualize"}, True),
        ("boxes", {"boxes"}, False),
    ):
        if wanted & save_format:
            figures = [(figure, contents.panels_of(figure)) for figure in contents.figures]
            drawn = draw_overlays(folder / folder_name, folder / "figures", figures, with_text=with_text)
            _remove_others(folder / folder_name, drawn)


def _subfigures(folder: Path, partitions: Partitions) -> None:
    written: dict[str, set[str]] = {}
    for row in partitions.rows("panels", ["image", "kind"]):
        if row["image"] is not None:
            name = row["image"]["path"]
            write_whole(folder / row["kind"] / name, row["image"]["bytes"])
            written.setdefault(row["kind"], set()).add(name)
    for kind in folder.iterdir() if folder.is_dir() else ():
        if kind.is_dir():
            _remove_others(kind, written.get(kind.name, set()))


def _csv(path: Path, columns: Iterable[str], rows: Iterable[Mapping[str, Any]]) -> None:
    """UTF-8, comma, one header line; a box becomes four columns, another list or struct its JSON, None nothing."""
    names = [part for column in columns for part in (_corner_names(column) if _is_box(column) else [column])]
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, names, lineterminator="\n")
    writer.writeheader()
    for row in rows:
        cells: Row = {}
        for column, value in row.items():
            if _is_box(column):
                cells |= dict(zip(_corner_names(column), value or [None] * 4, strict=True))
            else:
                text_cell = json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else value
                cells[column] = csv_cell(text_cell) if isinstance(text_cell, str) else text_cell
        writer.writerow(cells)
    write_whole(path, text.getvalue().encode())


def _is_box(column: str) -> bool:
    return column in ("box", "label_box")


def _corner_names(column: str) -> list[str]:
    prefix = column.removesuffix("box")
    return [f"{prefix}{corner}_px" for corner in ("x0", "y0", "x1", "y1")]


def _with_licence(row: Row) -> Row:
    """Rows of earlier harvests may have the names that earlier versions wrote, or none."""
    return row | {"licence": declared(row["licence"], row["licence_url"]).id}


def _remove_others(folder: Path, names: set[str]) -> None:
    for path in folder.iterdir() if folder.is_dir() else ():
        if path.name not in names and path.is_file() and _OURS.fullmatch(path.name):
            path.unlink()
    if folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()


def _article_order(row: Row) -> str:
    return str(row["article_id"])


def _figure_order(row: Row) -> tuple[str, int, str]:
    return row["article_id"], row["number"], row["id"]
