"""A published data set, opened to be used: chosen panels as tables, as images, for training."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import pyarrow as pa

from exsclaim.dataset.condition.damage import readable, refuse_missing
from exsclaim.dataset.condition.published_state import DatasetVersion, digests, read_versions
from exsclaim.dataset.results import ReadingCopy
from exsclaim.dataset.tables.chosen_rows import ChosenRows
from exsclaim.dataset.tables.filters import is_filter
from exsclaim.dataset.tables.published_records import article_of, caption_parts_of, figure_of, panel_of
from exsclaim.dataset.tables.shards import GROUPS_AT_ONCE, TABLES, ArticleRows, PublishedArticle, Shards, read_ahead
from exsclaim.dataset.tables.staging import HarvestedFigure
from exsclaim.dataset.tables.table_rows import PLAIN_PANELS, SCHEMAS, Row, typed
from exsclaim.dataset.tables.whole_crops import check_crops, decoded
from exsclaim.dataset.transaction import ResultFiles
from exsclaim.errors import DatasetError
from exsclaim.records import Article, Panel
from exsclaim.storage import is_url, local_path
from exsclaim.storage.local import is_utf8

if TYPE_CHECKING:
    import pandas as pd
    from PIL import Image

    from exsclaim.dataset.torch_datasets import IterableCrops, MappedCrops


def open_dataset(place: Path | str) -> "Dataset":
    """Open the results of a query: `ds = open_dataset("results/silver")`, or at a URL: `"s3://bucket/results/silver"`.

    Tables at a URL are copied to EXSCLAIM_HOME and kept there; figures are copied when they are used.

    >>> ds = open_dataset(folder)
    >>> len(ds)
    4

    Raises:
        DatasetError: nothing is published there.
        SettingsError: the URL cannot be used on this machine.
        StoreError: the URL cannot be reached.
        TypeError: `place` is neither a path nor a string: None from a missing setting, say.
    """
    if not is_url(place):
        folder = local_path(place)
        if not is_utf8(folder):
            raise DatasetError(
                f"{folder}: a name in this path is no UTF-8, which its tables are read by: rename it, or set the"
                " locale (LC_ALL) to one of UTF-8, such as C.UTF-8"
            )
        return Dataset(folder)
    copy = ReadingCopy(str(place))
    copy.bring()
    return Dataset(copy.folder, copy)


class Dataset:
    """A published data set, opened for reading.

    `where` is a filter (`dataset.tables.filters`), `split` is "train", "validation" or "test"; "" selects all panels.

    >>> list(Dataset(folder).panels("label = 'b'", columns=["id"])["id"])
    ['nature/x1/fig1/p2', 'nature/x1/fig2/p2']
    """

    def __init__(self, folder: Path, copied: ReadingCopy | None = None) -> None:
        """Open the results in a folder of this machine, which may be the copy of those at a URL."""
        self.folder = folder
        self._copied = copied
        self._shards = Shards(ResultFiles(folder))
        self._rows = ChosenRows(self._shards)
        self._rows.harvests()
        self.name = folder.name

    def __len__(self) -> int:
        return self.count()

    def refuse_earlier_form(self, then: str) -> None:
        """Raise DatasetError where tables lack what an earlier version did not write; `then` is what was asked for."""
        if self._shards.legacy():
            raise DatasetError(
                f"{self.folder} was published by an earlier version: harvest its query once more, then {then}"
            )

    def count(self, where: str = "", split: str = "") -> int:
        """Number of selected panels."""
        counted = duckdb.FunctionExpression("count", duckdb.ColumnExpression("id"))
        with readable(self._shards):
            return int(self._rows.chosen(where, split).aggregate([counted]).fetchall()[0][0])

    def panels(self, where: str = "", split: str = "", *, columns: Sequence[str] = ()) -> "pd.DataFrame":
        """The selected panels as a data frame, without their images; by default all plain columns.

        Types do not depend on missing values: nullable `Int32` and `boolean`, not floats and objects.
        """
        with readable(self._shards):
            return typed(self._rows.projected(where, split, columns).df(), PLAIN_PANELS)

    def arrow(self, where: str = "", split: str = "", *, columns: Sequence[str] = ()) -> pa.Table:
        """The same as an Arrow table; `polars.from_arrow` takes it without a copy."""
        with readable(self._shards):
            return self._rows.projected(where, split, columns).to_arrow_table()

    def query(self, *statements: tuple[str, object]) -> list[list[tuple[Any, ...]]]:
        """Rows that statements of DuckDB, each with its parameter and none a user's find in the view `panels`."""
        connection = duckdb.connect()
        with readable(self._shards):
            self._rows.table(PLAIN_PANELS, connection).create_view("panels")
            return [connection.execute(sql, [parameter]).fetchall() for sql, parameter in statements]

    def articles(self) -> "pd.DataFrame":
        """The articles as a data frame."""
        with readable(self._shards):
            return typed(self._rows.table("articles").df(), "articles")

    def figures(self) -> "pd.DataFrame":
        """The figures as a data frame."""
        with readable(self._shards):
            return typed(self._rows.table("figures").df(), "figures")

    def rows(self, where: str = "", split: str = "") -> Iterator[Row]:
        """The selected panels with the bytes of their crops (`image`), in table order, read by row groups."""
        chosen = self.arrow(where, split, columns=["id"])["id"].combine_chunks()
        missing = len(chosen)
        for rows in self.batches(chosen if is_filter(where) or split else None):
            missing -= rows.num_rows
            yield from rows.to_pylist()
        if missing > 0:
            refuse_missing(self.folder)

    def crops(self, ids: Iterable[str]) -> Iterator[Row]:
        """The panels with these ids that have a crop, with its bytes (`image`), in no particular order."""
        wanted = [duckdb.ConstantExpression(id) for id in ids]
        if wanted:
            with readable(self._shards):
                rows = self._rows.table("panels").filter(duckdb.ColumnExpression("id").isin(*wanted))
                chosen = check_crops(rows.to_arrow_table())
            yield from (row for row in chosen.to_pylist() if row["image"] is not None)

    def batches(self, ids: pa.Array | None = None) -> Iterator[pa.Table]:
        """All panels, or those of some ids, with their crops, some row groups at a time."""
        with readable(self._shards):
            for harvest in self._shards.harvests():
                groups = self._shards.groups("panels", harvest, wanted=ids, at_once=GROUPS_AT_ONCE)
                yield from map(check_crops, read_ahead(groups))

    def stream(self, panel_columns: Sequence[str] | None = None) -> Iterator[PublishedArticle]:
        """All articles with their figures and panels, without crops, one at a time in memory.

        Of panels the columns that are named are read, `article_id` and `figure_id` among them; all by default.
        """
        with readable(self._shards):
            yield from self._shards.stream(panel_columns=panel_columns)

    def images(self, where: str = "", split: str = "") -> Iterator[tuple["Image.Image", Panel]]:
        """The crop of each selected panel that has one, as an RGB image, with the record of the panel."""
        for row in self.rows(where, split):
            if row["image"] is not None:
                yield decoded(row["image"]["bytes"]), panel_of(row)

    def to_torch(
        self, transform: Callable[["Image.Image"], Any] | None = None, *, where: str = "", split: str = "",
        iterable: bool = False, seed: int = 0,
    ) -> "MappedCrops | IterableCrops":  # fmt: skip
        """The selected panels as a data set for `torch.utils.data.DataLoader`; items are (transformed crop, record).

        Args:
            transform: maps an RGB image to the input of the network; by default to a `(3, H, W)` float tensor, 0 to 1.
            where: a filter.
            split: "train", "validation" or "test".
            iterable: stream row groups, split among the workers, in an order shuffled by `seed`: for data sets too
                large for random access.
            seed: seed of that order; `set_epoch(n)` gives every epoch an order of its own.
        """
        from exsclaim.dataset.torch_datasets import IterableCrops, MappedCrops

        made = IterableCrops if iterable else MappedCrops
        return made(self.folder, where, split, transform, seed)

    def article(self, id: str) -> Article:
        """The record of an article.

        Raises:
            DatasetError: it is not in the data set.
        """
        return article_of(self._row("articles", id, id))

    def figure(self, id: str) -> HarvestedFigure:
        """A figure with its article, the parts of its caption and its panels.

        Raises:
            DatasetError: it is not in the data set.
        """
        row = self.figure_row(id)
        panels = self.panels_of(id)
        return HarvestedFigure(
            article=self.article(row["article_id"]), figure=figure_of(row), parts=caption_parts_of(row),
            panels=None if row["panels"] is None else tuple(map(panel_of, panels)),
        )  # fmt: skip

    def figure_row(self, id: str) -> Row:
        """The row of a figure in the figures table."""
        return self._row("figures", id.rpartition("/")[0], id)

    def panels_of(self, figure_id: str) -> list[Row]:
        """The rows of the panels of a figure, without their crops."""
        panels = self._of(PLAIN_PANELS, figure_id.rpartition("/")[0])
        return [each for each in panels if each["figure_id"] == figure_id]

    def figure_ids(self, article_id: str) -> set[str]:
        """Ids of the figures of an article; empty if the article is not in the data set."""
        return {row["id"] for row in self._of("figures", article_id, ["article_id", "id"])}

    def image_path(self, figure_id: str) -> Path:
        """Path of the image of a figure, as published."""
        return self.figure_file(str(self.figure_row(figure_id)["figure_name"]))

    def figure_file(self, figure_name: str) -> Path:
        """The same, by the figure's name."""
        name = f"figures/{figure_name}"
        return self._copied.file(name) if self._copied else self.folder / name

    def difference(self, older: "Dataset") -> dict[str, list[str]]:
        """Ids of the articles that were "added", "changed" or "removed" in this data set, compared with `older`."""
        ours, theirs = self._living(), older._living()
        return {
            "added": sorted(ours.keys() - theirs.keys()),
            "changed": sorted(id for id in ours.keys() & theirs.keys() if ours[id][1] != theirs[id][1]),
            "removed": sorted(theirs.keys() - ours.keys()),
        }

    @property
    def versions(self) -> list[DatasetVersion]:
        """The versions of the data set, newest first, with the articles that each added, changed and withdrew."""
        return read_versions(ResultFiles(self.folder))

    @property
    def digest(self) -> str:
        """SHA-256 (hex) of the published content: equal for equal content."""
        return digests(self._living())[0]

    @property
    def made_by(self) -> dict[str, str]:
        """Name -> version of the code and of each model that made most articles of the newest harvest; {} of none."""
        with readable(self._shards):
            rows = self._shards.rows("articles", self._rows.harvests()[-1], ["versions"])
            made = Counter(row["versions"] or "{}" for row in rows)
        return dict(json.loads(max(made, key=made.__getitem__, default="{}")))

    def _living(self) -> dict[str, tuple[str, str]]:
        with readable(self._shards):
            return self._shards.articles()

    def _of(self, table: str, article_id: str, columns: list[str] | None = None) -> list[Row]:
        with readable(self._shards):
            for harvest in self._shards.harvests():
                read = self._rows.read_instead(table, harvest)
                its = ArticleRows(self._shards, read, harvest, columns or SCHEMAS[table].names)
                if (rows := its.of(article_id)).num_rows:
                    return list(rows.to_pylist())
        return []

    def _row(self, table: str, article_id: str, id: str) -> Row:
        key = "article_id" if table == TABLES[0] else "id"
        for row in self._of(table, article_id):
            if row[key] == id:
                return row
        raise DatasetError(f"{self.folder} has no {table.removesuffix('s')} {id}")
