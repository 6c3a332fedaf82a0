"""Rows that the tables of a partition refer to and that are missing: of a file that was removed or not copied.

Such a file is no damage that reading meets: a table of fewer files is a table. But articles say how many figures and
panels they have, figures and panels name their article, panels their figure, and the last publish named its partitions.
"""

from collections import Counter

import pyarrow as pa
import pyarrow.compute as pc

from exsclaim.dataset.condition.published_state import read_state
from exsclaim.dataset.tables.shards import LEGACY, TABLES, Shards, empty, opened_shard
from exsclaim.dataset.tables.table_rows import PLAIN_PANELS

_AT_ONCE = 200


def partitions(shards: Shards) -> list[str]:
    """Ids of the harvests that any table has files of, sorted."""
    names = [name for table in TABLES for top in ("data", LEGACY) for name in shards.files.names(f"{top}/{table}/*/*")]
    return sorted({name.split("/")[2].removeprefix("harvest=") for name in names if name.endswith(".parquet")})


def missing_rows(shards: Shards, harvest: str) -> list[str]:
    """Folders of tables that lack rows of a partition whose files can be read, each with how many."""
    articles = _columns(shards, "articles", harvest, "article_id", "figures", "panels").to_pydict()
    figures = _columns(shards, "figures", harvest, "id", "article_id")
    panels = _columns(shards, _panels(shards, harvest), harvest, "article_id", "figure_id")
    known = set(articles["article_id"])
    of_article = {"figures": _counts(figures), "panels": _counts(panels)}
    lacking = {"articles": len((of_article["figures"].keys() | of_article["panels"].keys()) - known)}
    for table, there in of_article.items():
        # the first version counted otherwise
        told = articles[table] if harvest not in shards.legacy() else []
        lacking[table] = sum(max(0, (n or 0) - there[id]) for id, n in zip(articles["article_id"], told, strict=False))
    named = pc.unique(panels["figure_id"])
    unknown = len(named) - (pc.sum(pc.is_in(named, figures["id"].combine_chunks())).as_py() or 0)
    lacking["figures"] = max(lacking["figures"], unknown)
    return [
        f"{shards.files.folder / f'data/{table}/harvest={harvest}'}: {n} {table if n > 1 else table[:-1]} of which the "
        f"other tables speak {'are' if n > 1 else 'is'} not there"
        for table, n in lacking.items()
        if n
    ]


def missing_partitions(shards: Shards) -> list[str]:
    """Folders of partitions of the last publish that are missing as a whole."""
    there = set(partitions(shards))
    return [
        f"{shards.files.folder / f'data/articles/harvest={harvest}'}: nothing of what was published is there"
        for harvest in read_state(shards.files).harvests
        if harvest not in there
    ]


def is_copy_complete(shards: Shards, harvest: str) -> bool:
    """True where the panels without crops are as many as the panels."""
    return _rows(shards, PLAIN_PANELS, harvest) == _rows(shards, TABLES[2], harvest)


def _panels(shards: Shards, harvest: str) -> str:
    """The table from which a partition's panels are read fastest."""
    return PLAIN_PANELS if is_copy_complete(shards, harvest) else TABLES[2]


def _rows(shards: Shards, table: str, harvest: str) -> int:
    total = 0
    for name in shards.shards(table, harvest):
        with opened_shard(shards.files.path(name)) as file:
            total += file.metadata.num_rows
    return total


def _columns(shards: Shards, table: str, harvest: str, *columns: str) -> pa.Table:
    groups = list(shards.groups(table, harvest, columns, at_once=_AT_ONCE))
    return pa.concat_tables([empty(table, columns), *groups])


def _counts(rows: pa.Table) -> Counter[str]:
    counted = pc.value_counts(rows["article_id"])
    return Counter({each["values"]: each["counts"] for each in counted.to_pylist()})
