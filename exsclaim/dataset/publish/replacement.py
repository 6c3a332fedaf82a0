"""Update the tables with what a harvest staged: what is replaced, what stays, and why.

A figure is replaced only by a result at least as complete. One that could not be fetched today, whose image the store
has lost, or that was published with panels and could not be separated, stays as it was published; so do all figures of
an article that lists none any more, which is how a page that is misread looks. A figure that an article no longer lists
among others goes, and so does an article that is to be left out. Articles that people corrected are staged first,
beside what the harvest found.
"""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import pyarrow as pa

from exsclaim.dataset.condition.published_state import FORM, read_state
from exsclaim.dataset.opened import Dataset
from exsclaim.dataset.publish.stand_ins import StandIns
from exsclaim.dataset.review.corrected_panels import corrected, without_panel
from exsclaim.dataset.review.corrections import Correction, Dropped, read_corrections
from exsclaim.dataset.tables import table_rows
from exsclaim.dataset.tables.composition import ArticleState, Changes, Composer, PublishedRows
from exsclaim.dataset.tables.published_records import panel_of
from exsclaim.dataset.tables.shard_writing import PartitionWriter, without
from exsclaim.dataset.tables.shards import TABLES, ArticleRows, Shards
from exsclaim.dataset.tables.splits import split_by_hash
from exsclaim.dataset.tables.staging import HarvestedArticle, HarvestedFigure, Staging, article_digest, figure_digest
from exsclaim.dataset.tables.table_rows import Row
from exsclaim.dataset.transaction import ResultFiles, Transaction
from exsclaim.errors import DatasetError
from exsclaim.licences import declared
from exsclaim.store import Store


def merge(
    files: Transaction, staging: Staging, *, harvest: str, store: Store, versions: str, refused: Mapping[str, str],
    stand_ins: StandIns,
) -> Changes:  # fmt: skip
    """Write the partitions that change into a transaction; nothing is written where nothing changes.

    Args:
        files: the results folder's transaction.
        staging: what the harvest found.
        harvest: partition for what is new or changed.
        store: holds the figures' images.
        versions: what made the staged articles, as JSON.
        refused: article id -> why it is not to be in the data set.
        stand_ins: images that are none of their figures.

    Raises:
        UnreachableError: the store lies on another machine that did not answer.
    """
    shards = Shards(ResultFiles(files.folder))  # what was published stays to be read while its drafts are written
    living = shards.articles()
    legacy = set(shards.legacy())
    old = legacy if read_state(files).form == FORM else legacy.union(shards.outdated())
    changes = Changes(withdrawn={id: why for id, why in refused.items() if id in living})
    published = PublishedRows(shards, living, legacy)
    moving = list(_moving(staging, living, published, versions, refused, stand_ins))
    composer = Composer(files, shards, published, store, versions, changes, stand_ins.images) if moving else None
    ours = [id for id, (home, _) in living.items() if home == harvest and id not in changes.withdrawn]
    before = {harvest: sum(home == harvest for home, _ in living.values())}
    moved: set[str] = set()
    if moving or len(ours) != before[harvest] or harvest in old:
        kept = {table: ArticleRows(shards, table, harvest) for table in TABLES}
        for name in (name for table in TABLES for name in shards.shards(table, harvest)):
            files.remove(name)
        wanted = set(moving)
        with PartitionWriter(files, harvest) as writer:
            for id in sorted({*ours, *moving}):
                rows = composer.rows(staging, id) if composer and id in wanted else None
                if rows is not None:
                    moved.add(id)
                    (changes.changed if id in living else changes.added).append(id)
                    writer.write(rows)
                elif living.get(id, ("",))[0] == harvest:
                    rows = {table: kept[table].of(id) for table in TABLES}
                    writer.write(_completed(rows, harvest in legacy) if harvest in old else rows)
        changes.harvests.add(harvest)
    for other in sorted({home for home, _ in living.values()} - {harvest}):
        gone = {id for id in (*moved, *changes.withdrawn) if living.get(id, ("",))[0] == other}
        if other in old:
            _rewrite(files, shards, other, gone, other in legacy)
        elif gone:
            without(files, other, gone)
        if gone or other in old:
            changes.harvests.add(other)
    for id in changes.withdrawn:
        published.note_old(id, changes)
    return changes


def _moving(
    staging: Staging, living: Mapping[str, tuple[str, str]], published: "PublishedRows", versions: str,
    refused: Mapping[str, str], stand_ins: StandIns,
) -> Iterator[str]:  # fmt: skip
    """Ids of the staged articles that are not published as they are."""
    for staged in staging.digests():
        if staged.id in refused:
            continue
        _, digest = living.get(staged.id, ("", None))
        if digest is None:
            yield staged.id
            continue
        figures = [(id, each, versions) for id, each in staged.figures.items()]
        is_same = staged.is_complete and digest == article_digest(staged.content, figures, versions)
        if is_same and staged.id not in stand_ins.articles:
            continue
        article = staging.article(staged.id)
        if article is not None and ArticleState.of(article, published, versions, stand_ins.images).digest != digest:
            yield staged.id


def _rewrite(files: Transaction, shards: Shards, harvest: str, gone: set[str], is_legacy: bool) -> None:
    """Bring a partition of an earlier version to today's form, without some of its articles."""
    rows = {table: ArticleRows(shards, table, harvest) for table in TABLES}
    ids = sorted(id for id, (home, _) in shards.articles().items() if home == harvest and id not in gone)
    for name in (name for table in TABLES for name in shards.shards(table, harvest)):
        files.remove(name)
    with PartitionWriter(files, harvest) as writer:
        for id in ids:
            writer.write(_completed({table: rows[table].of(id) for table in TABLES}, is_legacy))


def _completed(rows: Mapping[str, pa.Table], is_legacy: bool) -> dict[str, pa.Table]:
    """An article's rows of an earlier version, with the columns that follow from others."""
    made: dict[str, list[Row]] = {table: rows[table].to_pylist() for table in TABLES}
    table_rows.fill_in_materials(made["panels"], made["figures"])
    if is_legacy:
        _complete_legacy(made)
    return {table: table_rows.table(table, made[table]) for table in TABLES}


def _complete_legacy(made: Mapping[str, list[Row]]) -> None:
    """Set the columns that the first version did not have."""
    article = made["articles"][0]
    article["year"] = article["published"].year if article["published"] else None
    article["split"] = article["split"] or split_by_hash(article["article_id"], article["doi"])
    article["licence"] = declared(article["licence"], article["licence_url"]).id
    of_article = table_rows.of_article(article, None)
    for row in made["panels"]:
        origin, confidence = table_rows.scale_source(panel_of(row))
        row |= of_article | {"scale_origin": origin, "scale_confidence": confidence}
        row["crop_name"] = row["image"]["path"] if row["image"] else None
    for row in made["figures"]:
        row |= of_article
        row["panels"] = sum(panel["figure_id"] == row["id"] for panel in made["panels"]) or None


def stage_corrected(folder: Path, staging: Staging) -> list[Dropped]:
    """Stage each corrected article of the data set in `folder` as it is to be; gives the corrections that do not fit.

    An article that the harvest staged is staged again with its figures corrected; of one that it did not, the figures
    that change, the others staying as they are published.

    Raises:
        CorrectionError: the file of corrections is damaged.
    """
    of_figure: dict[str, list[Correction]] = {}
    for correction in read_corrections(folder):
        of_figure.setdefault(correction.figure_id, []).append(correction)
    if not of_figure:
        return []
    of_article: dict[str, dict[str, list[Correction]]] = {}
    for figure_id, corrections in of_figure.items():
        of_article.setdefault(figure_id.rpartition("/")[0], {})[figure_id] = corrections
    try:
        published: Dataset | None = Dataset(folder)
    except DatasetError:
        published = None
    dropped: list[Dropped] = []
    for article_id, figures in sorted(of_article.items()):
        staged = staging.article(article_id)
        if staged is None and published is not None:
            staged = _published(published, article_id, figures, dropped)
        elif staged is not None:
            dropped += _unfitting(staged, figures)
        if staged is None:
            continue
        made = tuple(corrected(each, figures.get(each.figure.id, ())) for each in staged.figures)
        if made != staged.figures:
            staging.add(staged.model_copy(update={"figures": made}))
    return dropped


def stage_published(folder: Path, staging: Staging, ids: Iterable[str]) -> None:
    """Stage articles of the data set in `folder`, of which no figure was fetched: they stay as they are published."""
    published = Dataset(folder)
    for id in sorted(ids):
        missing = tuple(sorted(published.figure_ids(id)))
        staging.add(HarvestedArticle(article=published.article(id), figures=(), missing=missing))


def _unfitting(staged: HarvestedArticle, figures: Mapping[str, list[Correction]]) -> list[Dropped]:
    """The corrections that do not fit an article as the harvest has found it."""
    there = {each.figure.id: each for each in staged.figures}
    found = []
    for figure_id, corrections in figures.items():
        if figure_id in there:
            found += _unfitting_figure(there[figure_id], corrections)
        elif figure_id not in staged.missing:
            found += [Dropped(each, _NO_FIGURE) for each in corrections]
    return found


_NO_FIGURE = "the article has this figure no more"


def _unfitting_figure(figure: HarvestedFigure, corrections: list[Correction]) -> list[Dropped]:
    sha256 = figure.figure.image_sha256
    found = [Dropped(each, "the figure's image has changed") for each in corrections if each.image_sha256 != sha256]
    if figure.panels is not None:
        lost = without_panel(figure, corrections)
        found += [Dropped(each, "the figure has no panel any more at a box that it names") for each in lost]
    return found


def _published(
    published: Dataset, article_id: str, figures: Mapping[str, list[Correction]], dropped: list[Dropped]
) -> HarvestedArticle | None:
    """A published article with the figures that corrections change; None where there are none."""
    try:
        article = published.article(article_id)
    except DatasetError:
        dropped += [Dropped(each, "the article is not in the data set") for given in figures.values() for each in given]
        return None
    changing = []
    for figure_id, corrections in figures.items():
        try:
            figure = published.figure(figure_id)
        except DatasetError:
            dropped += [Dropped(each, _NO_FIGURE) for each in corrections]
            continue
        dropped += _unfitting_figure(figure, corrections)
        if figure_digest(corrected(figure, corrections)) != figure_digest(figure):
            changing.append(figure)
    if not changing:
        return None
    others = published.figure_ids(article_id) - {each.figure.id for each in changing}
    return HarvestedArticle(article=article, figures=tuple(changing), missing=tuple(sorted(others)))
