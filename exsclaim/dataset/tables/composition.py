"""The rows of one article, from what was harvested of it and what is published of it."""

from collections import Counter
from collections.abc import Mapping, Set
from contextlib import suppress
from dataclasses import dataclass, field

import pyarrow as pa

from exsclaim.dataset.tables import table_rows
from exsclaim.dataset.tables.shards import ArticleRows, Shards
from exsclaim.dataset.tables.splits import Splits
from exsclaim.dataset.tables.staging import (
    HarvestedArticle,
    HarvestedFigure,
    Staging,
    article_content,
    article_digest,
    figure_digest,
)
from exsclaim.dataset.tables.table_rows import FigureNames, Row
from exsclaim.dataset.transaction import Transaction
from exsclaim.errors import ImageError, StoreError, UnreachableError
from exsclaim.figures.image import read_image
from exsclaim.figures.perceptual_hash import perceptual_hash
from exsclaim.http.bodies import image_extension
from exsclaim.records import Record
from exsclaim.settings import settings
from exsclaim.store import Store


class Unpublished(Record):
    """A figure that could not be published, and why; `error` is the name of a class of `exsclaim.errors`."""

    figure_id: str
    url: str
    error: str
    cause: str
    is_kept: bool = False
    """It is in the data set as an earlier harvest published it."""


@dataclass
class Changes:
    """Changes that a publish makes to the tables: ids of articles, and names of files that are removed."""

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    withdrawn: dict[str, str] = field(default_factory=dict)
    """Article id -> reason why it goes."""
    unpublished: list[Unpublished] = field(default_factory=list)
    harvests: set[str] = field(default_factory=set)
    """Partitions that change."""
    figures: dict[str, int] = field(default_factory=lambda: {"before": 0, "after": 0})
    """Figures of the articles that changed."""
    panels: dict[str, int] = field(default_factory=lambda: {"before": 0, "after": 0})
    """Panels of the articles that changed."""
    gone: set[str] = field(default_factory=set)
    """Names of published figures that are removed."""
    old_crops: set[str] = field(default_factory=set)
    """`<kind>/<name>` of the former crops of articles that change or go."""

    @property
    def articles(self) -> list[str]:
        """Ids of all articles that are added, changed or withdrawn."""
        return sorted({*self.added, *self.changed, *self.withdrawn})


@dataclass(frozen=True)
class FigureState:
    """A figure as it is to be published: from what was harvested, or with the rows that are published."""

    id: str
    number: int
    harvested: HarvestedFigure | None
    row: Row | None

    def identity(self, versions: str) -> tuple[str, str, str]:
        if self.harvested is not None:
            return self.id, figure_digest(self.harvested), versions
        row = self.row or {}
        return self.id, row.get("figure_digest") or "", row.get("versions") or ""


@dataclass(frozen=True)
class ArticleState:
    """An article as it is to be published."""

    article: HarvestedArticle
    figures: list[FigureState]
    versions: str

    @classmethod
    def of(
        cls, article: HarvestedArticle, published: "PublishedRows", versions: str, stand_ins: Set[str]
    ) -> "ArticleState":
        """The article as it is to be; a figure whose image is one of `stand_ins` could not be fetched."""
        its = published.figures(article.article.id)
        rows = {row["id"]: row for row in its if stand_ins.isdisjoint((row["image_sha256"], row["perceptual_hash"]))}
        if not article.figures and not article.missing:
            figures = [FigureState(id, row["number"], None, row) for id, row in rows.items()]
        else:
            figures = [
                _figure_state(each, rows.get(each.figure.id), versions)
                for each in article.figures
                if stand_ins.isdisjoint((each.figure.image_sha256, each.figure.perceptual_hash))
            ]
            known = {each.id for each in figures}
            listed = dict.fromkeys((*article.missing, *(each.figure.id for each in article.figures)))
            left = [id for id in listed if id in rows and id not in known]
            figures += [FigureState(id, rows[id]["number"], None, rows[id]) for id in left]
        return cls.made(article, figures, published, versions)

    @classmethod
    def made(
        cls, article: HarvestedArticle, figures: list[FigureState], published: "PublishedRows", versions: str
    ) -> "ArticleState":
        """The article with these figures."""
        is_new = not figures or any(each.harvested is not None for each in figures)
        made_with = versions if is_new else published.article(article.article.id).get("versions") or versions
        return cls(article, sorted(figures, key=lambda each: (each.number, each.id)), made_with)

    @property
    def digest(self) -> str:
        figures = [each.identity(self.versions) for each in self.figures]
        return article_digest(article_content(self.article.article), figures, self.versions)


def _figure_state(harvested: HarvestedFigure, row: Row | None, versions: str) -> FigureState:
    figure = harvested.figure
    is_as_published = row is not None and (
        row["panels"] is not None
        if harvested.panels is None
        else row["figure_digest"] == figure_digest(harvested) and row["versions"] == versions
    )
    return FigureState(figure.id, figure.number, None if is_as_published else harvested, row)


class PublishedRows:
    """The rows that are published of an article; quick for ids that ascend."""

    def __init__(self, shards: Shards, living: Mapping[str, tuple[str, str]], legacy: set[str]) -> None:
        self._shards = shards
        self._living = living
        self._legacy = legacy
        self._open: dict[tuple[str, str], ArticleRows] = {}

    def article(self, id: str) -> Row:
        """Its row of the articles table; empty where it is not published."""
        return next(iter(self._rows("articles", id)), {})

    def figures(self, id: str) -> list[Row]:
        rows = self._rows("figures", id)
        if rows and self._living[id][0] in self._legacy:  # earlier versions did not count the panels of a figure
            panels = Counter(self._of("panels", id, ["article_id", "figure_id"])["figure_id"].to_pylist())
            for row in rows:
                row["panels"] = panels[row["id"]] or None
        return rows

    def note_old(self, id: str, changes: Changes) -> None:
        """Note what was published of an article that changes or goes."""
        figures = self.figures(id)
        changes.gone |= {row["figure_name"] for row in figures}
        changes.figures["before"] += len(figures)
        if id in self._living:
            crops = self._of("panels", id, ["article_id", "kind", "crop_name"]).to_pylist()
            changes.panels["before"] += len(crops)
            changes.old_crops |= {f"{row['kind']}/{row['crop_name']}" for row in crops if row["crop_name"]}

    def panels(self, id: str) -> list[Row]:
        """Panels with their crops."""
        rows = self._rows("panels", id)
        table_rows.fill_in_materials(rows, self._rows("figures", id))
        return rows

    def _rows(self, table: str, id: str) -> list[Row]:
        return self._of(table, id).to_pylist() if id in self._living else []

    def _of(self, table: str, id: str, columns: list[str] | None = None) -> pa.Table:
        home = self._living[id][0]
        key = table + "".join(columns or ()), home
        if key not in self._open:
            if len(self._open) > _MOST_OPEN:
                self._open.clear()
            self._open[key] = ArticleRows(self._shards, table, home, columns)
        return self._open[key].of(id)


_MOST_OPEN = 64
"""Partitions with a row group in memory, at most."""


class Composer:
    """Makes the rows of articles that are new or changed; each image is read and decoded once."""

    def __init__(
        self, files: Transaction, shards: Shards, published: PublishedRows, store: Store, versions: str,
        changes: Changes, stand_ins: Set[str],
    ) -> None:  # fmt: skip
        self._files = files
        self._stand_ins = stand_ins
        self._published = published
        self._store = store
        self._versions = versions
        self._changes = changes
        self._names = FigureNames(
            pair
            for _, rows in shards.column("articles", "article_id", "name")
            for pair in zip(*(column.to_pylist() for column in rows.columns), strict=True)
        )
        self._splits = Splits(
            (rows["perceptual_hash"].to_pylist(), rows["split"].to_pylist())
            for _, rows in shards.column("figures", "perceptual_hash", "split")
        )

    def rows(self, staging: Staging, id: str) -> dict[str, pa.Table] | None:
        """Rows of each table; None where they would be the published ones."""
        staged = staging.article(id)
        if staged is None:
            return None
        state = ArticleState.of(staged, self._published, self._versions, self._stand_ins)
        before = self._published.article(id)
        old_figures = {row["id"]: row for row in self._published.figures(id)}
        old_panels: list[Row] | None = None
        figures: list[FigureState] = []
        figure_rows: list[Row] = []
        panel_rows: list[Row] = []
        article_row = table_rows.article_row(staged.article, "", "", "")
        for each in state.figures:
            made = self._made(each, article_row, staged, {row["figure_name"] for row in figure_rows})
            if made is None and each.row is None:
                continue
            figures.append(each if made else FigureState(each.id, each.number, None, each.row))
            if made is None:
                old_panels = self._published.panels(id) if old_panels is None else old_panels
                made = dict(old_figures[each.id]), [row for row in old_panels if row["figure_id"] == each.id]
            figure_rows.append(made[0])
            panel_rows += made[1]
        state = ArticleState.made(staged, figures, self._published, self._versions)
        digest = state.digest
        if before and before["article_digest"] == digest:
            return None
        hashes = [row["perceptual_hash"] for row in figure_rows if row["perceptual_hash"]]
        split = before.get("split") or self._splits.of(id, staged.article.doi, hashes)
        article_row |= {
            "article_digest": digest, "split": split, "versions": state.versions, "figures": len(figure_rows),
            "panels": len(panel_rows),
        }  # fmt: skip
        own_licences = {row["id"]: row["own_licence"] for row in figure_rows}
        named = {f"article_{key}": article_row[key] for key in ("name", "title", "url")}
        for row in figure_rows:
            row |= named | table_rows.of_article(article_row, own_licences[row["id"]])
        for row in panel_rows:
            row |= named | table_rows.of_article(article_row, own_licences[row["figure_id"]])
        self._published.note_old(id, self._changes)
        self._changes.gone -= {row["figure_name"] for row in figure_rows}
        self._changes.figures["after"] += len(figure_rows)
        self._changes.panels["after"] += len(panel_rows)
        return {
            table: table_rows.table(table, rows)
            for table, rows in (("articles", [article_row]), ("figures", figure_rows), ("panels", panel_rows))
        }

    def _made(
        self, state: FigureState, article: Row, staged: HarvestedArticle, taken: set[str]
    ) -> tuple[Row, list[Row]] | None:
        """Row of a figure, and rows of its panels, from what was harvested; None where the published ones stay."""
        harvested = state.harvested
        if harvested is None:
            return None
        figure = harvested.figure
        try:
            content = self._store.read(figure.image_sha256)
            extension = image_extension(content)
            if extension is None:
                where = self._store.where(figure.image_sha256)
                raise ImageError(f"{figure.id}: {where} is not an image that can be read; fetch it again")
        except UnreachableError:
            raise  # an outage of the store is one error, not one per figure
        except (StoreError, ImageError) as error:
            self._changes.unpublished.append(
                Unpublished(
                    figure_id=figure.id, url=figure.image_url, error=type(error).__name__, cause=str(error),
                    is_kept=state.row is not None,
                )
            )  # fmt: skip
            return None
        old_name = state.row["figure_name"] if state.row else None
        name = self._names.of(staged.article, figure, extension, old_name, taken)
        row = table_rows.figure_row(harvested, article, name, self._versions)
        pixels = None
        if harvested.panels or figure.perceptual_hash is None:
            # of what cannot be decoded separation has reported it already; it is published without crops
            with suppress(ImageError):
                pixels = read_image(content, settings().max_image_megapixels)
        if figure.perceptual_hash is None and pixels is not None:
            row["perceptual_hash"] = perceptual_hash(pixels)
        self._files.write(f"figures/{name}", content)
        return row, table_rows.panel_rows(harvested, row, pixels)
