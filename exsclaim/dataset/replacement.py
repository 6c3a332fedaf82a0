"""Bring the tables to what a harvest staged: what is replaced, what stays, and why.

A figure is replaced only by a result at least as complete. One that could not be had today, whose image the store has
lost, or that was published with panels and could not be separated, stays as it was published; so do all figures of an
article that lists none any more, which is how a page that is misread looks. A figure that an article no longer lists
among others goes, and so does an article that is to be left out.
"""

from collections.abc import Iterator, Mapping

import pyarrow as pa

from exsclaim.dataset import tables
from exsclaim.dataset.composition import ArticleState, Changes, Composer, PublishedRows
from exsclaim.dataset.harvested import (
    article_digest,
)
from exsclaim.dataset.shards import TABLES, ArticleRows, PartitionWriter, Shards, without
from exsclaim.dataset.splits import split_by_hash
from exsclaim.dataset.staging import Staging
from exsclaim.dataset.tables import Row
from exsclaim.dataset.transaction import ResultFiles, Transaction
from exsclaim.licences import declared
from exsclaim.store import Store


def merge(
    files: Transaction, staging: Staging, *, harvest: str, store: Store, versions: str, refused: Mapping[str, str]
) -> Changes:
    """Write the partitions that change into a transaction; nothing is written where nothing changes.

    Args:
        files: the results folder's transaction.
        staging: what the harvest found.
        harvest: partition for what is new or changed.
        store: holds the figures' images.
        versions: what made the staged articles, as JSON.
        refused: article id -> why it is not to be in the data set.

    Raises:
        UnreachableError: the store lies on another machine that did not answer.
    """
    shards = Shards(ResultFiles(files.folder))  # what was published stays to be read while its drafts are written
    living = shards.articles()
    legacy = set(shards.legacy())
    changes = Changes(withdrawn={id: why for id, why in refused.items() if id in living})
    published = PublishedRows(shards, living, legacy)
    moving = list(_moving(staging, living, published, versions, refused))
    composer = Composer(files, shards, published, store, versions, changes) if moving else None
    ours = [id for id, (home, _) in living.items() if home == harvest and id not in changes.withdrawn]
    before = {harvest: sum(home == harvest for home, _ in living.values())}
    moved: set[str] = set()
    if moving or len(ours) != before[harvest] or harvest in legacy:
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
                    writer.write(_completed(rows) if harvest in legacy else rows)
        changes.harvests.add(harvest)
    for other in sorted({home for home, _ in living.values()} - {harvest}):
        gone = {id for id in (*moved, *changes.withdrawn) if living.get(id, ("",))[0] == other}
        if other in legacy:
            _rewrite(files, shards, other, gone)
        elif gone:
            without(files, other, gone)
        if gone or other in legacy:
            changes.harvests.add(other)
    for id in changes.withdrawn:
        published.note_old(id, changes)
    return changes


def _moving(
    staging: Staging, living: Mapping[str, tuple[str, str]], published: "PublishedRows", versions: str,
    refused: Mapping[str, str],
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
        if staged.is_complete and digest == article_digest(staged.content, figures, versions):
            continue
        article = staging.article(staged.id)
        if article is not None and ArticleState.of(article, published, versions).digest != digest:
            yield staged.id


def _rewrite(files: Transaction, shards: Shards, harvest: str, gone: set[str]) -> None:
    """Bring a partition of an earlier version to today's form, without some of its articles."""
    rows = {table: ArticleRows(shards, table, harvest) for table in TABLES}
    ids = sorted(id for id, (home, _) in shards.articles().items() if home == harvest and id not in gone)
    for name in (name for table in TABLES for name in shards.shards(table, harvest)):
        files.remove(name)
    with PartitionWriter(files, harvest) as writer:
        for id in ids:
            writer.write(_completed({table: rows[table].of(id) for table in TABLES}))


def _completed(rows: Mapping[str, pa.Table]) -> dict[str, pa.Table]:
    """An article's rows of an earlier version, with the columns that can be told from the others."""
    made: dict[str, list[Row]] = {table: rows[table].to_pylist() for table in TABLES}
    article = made["articles"][0]
    article["year"] = article["published"].year if article["published"] else None
    article["split"] = article["split"] or split_by_hash(article["article_id"], article["doi"])
    article["licence"] = declared(article["licence"], article["licence_url"]).id
    of_article = tables.of_article(article, None)
    for row in made["panels"]:
        origin, confidence = tables.scale_source(tables.panel_of(row))
        row |= of_article | {"scale_origin": origin, "scale_confidence": confidence}
        row["crop_name"] = row["image"]["path"] if row["image"] else None
    for row in made["figures"]:
        row |= of_article
        row["panels"] = sum(panel["figure_id"] == row["id"] for panel in made["panels"]) or None
    return {table: tables.table(table, made[table]) for table in TABLES}
