"""Panels of a data set that are chosen to be exported, with their articles and figures: what a format is made of."""

from codecs import BOM_UTF8
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import pyarrow as pa

from exsclaim.dataset.opened import Dataset
from exsclaim.dataset.pages.attribution import ATTRIBUTIONS, Attribution
from exsclaim.dataset.pages.published_files import write_all
from exsclaim.dataset.tables.pictures import png_of_tiff, stored_upright
from exsclaim.dataset.tables.shards import PublishedArticle
from exsclaim.dataset.tables.table_rows import Row
from exsclaim.dataset.transaction import Transaction
from exsclaim.errors import DatasetError

_JOINED = ("id", "figure_id", "article_id")


@dataclass(frozen=True)
class Chosen:
    """The panels that are exported: those of a data set that a filter and a split choose."""

    dataset: Dataset
    where: str = ""
    split: str = ""

    @property
    def is_part(self) -> bool:
        """True unless all panels of the data set are chosen."""
        return bool(self.where or self.split)

    @property
    def told(self) -> str:
        """Sentence on the chosen part of the data set; "" where it is all."""
        said = [f"of the split {self.split}"] * bool(self.split) + [f"with {self.where}"] * bool(self.where)
        return f"These are its panels {' '.join(said)}." if said else ""

    @cached_property
    def _ids(self) -> pa.Array:
        """Ids of the chosen panels; sorted, as Arrow, for there may be a million."""
        return self.dataset.arrow(self.where, self.split, columns=["id"])["id"].combine_chunks()

    @cached_property
    def wanted(self) -> set[str] | None:
        """Ids of the chosen panels as a set; None where all are chosen."""
        return set(self._ids.to_pylist()) if self.is_part else None

    def tables(self) -> Iterator[pa.Table]:
        """The chosen rows of panels, with their crops, about a hundred at a time."""
        yield from self.dataset.batches(self._ids if self.is_part else None)

    def copy_figure(self, figure_name: str, files: Transaction, name: str, *, is_upright: bool = True) -> None:
        """Write a figure's image under another name: stored upright, as its boxes are, or else as published."""
        source = self.dataset.figure_file(figure_name)
        try:
            if is_upright and (upright := stored_upright(source)):
                files.write(name, upright)
            else:
                files.copy(source, name)
        except FileNotFoundError as error:
            if source.is_file():
                raise
            raise DatasetError(f"{source} is not there: harvest the query again, or copy the data set again") from error

    def copy_for_browsers(self, figure_name: str, files: Transaction, folder: str) -> str:
        """Write a figure's image, upright and in a form that browsers show; gives its name with the folder."""
        if (png := png_of_tiff(self.dataset.figure_file(figure_name))) is None:
            name = f"{folder}/{figure_name}"
            self.copy_figure(figure_name, files, name)
        else:
            name = f"{folder}/{figure_name.rpartition('.')[0]}.png"
            files.write(name, png)
        return name

    def rows(self) -> Iterator[Row]:
        """The chosen panels that have a crop."""
        for rows in self.tables():
            yield from (row for row in rows.to_pylist() if row["image"] is not None)

    def articles(self, panel_columns: Sequence[str] | None = None) -> Iterator[PublishedArticle]:
        """The articles and figures of the chosen panels, with these alone, and without their crops.

        Of panels the columns that are named are read, `id`, `article_id` and `figure_id` among them; all by default.
        """
        for article in self.whole_figures(panel_columns):
            if self.wanted is not None:
                kept = {id: [row for row in rows if row["id"] in self.wanted] for id, rows in article.panels.items()}
                article = replace(article, panels=kept)
            yield article

    def counted_articles(self) -> Iterator[PublishedArticle]:
        """The same, where the rows of articles and figures count what is chosen: for tables that stand alone."""
        for article in self.articles():
            if self.is_part:
                figures = [figure | {"panels": len(article.panels[figure["id"]])} for figure in article.figures]
                counts = {"figures": len(figures), "panels": sum(figure["panels"] for figure in figures)}
                article = replace(article, article=article.article | counts, figures=figures)
            yield article

    def whole_figures(self, panel_columns: Sequence[str] | None = None) -> Iterator[PublishedArticle]:
        """The same, with all panels of each figure that has a chosen one."""
        for article in self.dataset.stream(panel_columns):
            if self.wanted is not None:
                panels = {
                    id: rows for id, rows in article.panels.items() if any(row["id"] in self.wanted for row in rows)
                }
                article = replace(
                    article, figures=[each for each in article.figures if each["id"] in panels], panels=panels
                )
            if article.figures or self.wanted is None:
                yield article

    def attribute(self, files: Transaction, *, has_bom: bool = False) -> None:
        """Write `ATTRIBUTION.md` and `attribution.csv` of the chosen figures."""
        published = [self.dataset.folder / name for name in ATTRIBUTIONS]
        is_whole = not self.is_part and all(path.is_file() for path in published)
        if is_whole and published[1].read_bytes().startswith(BOM_UTF8) == has_bom:
            for path in published:
                files.copy(path, path.name)
            return
        write_all(self.articles(_JOINED), [Attribution(files, has_bom=has_bom)])
