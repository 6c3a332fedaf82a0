"""Which partition each article belongs to after a harvest, and the rows of those that are new."""

from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from exsclaim.dataset import tables
from exsclaim.dataset.harvested import HarvestedArticle, HarvestedFigure
from exsclaim.dataset.names import figure_names
from exsclaim.dataset.partitions import Key, Partitions
from exsclaim.errors import ImageError
from exsclaim.figures.image import read_image
from exsclaim.settings import settings
from exsclaim.storage.local import safe_name
from exsclaim.store import Store


def merge(
    partitions: Partitions, found: Mapping[Key, HarvestedArticle], extensions: Mapping[str, str], *,
    harvest_id: str, store: Store, versions: Mapping[str, str], withdrawn: Set[str] = frozenset(),
) -> int:  # fmt: skip
    """Bring the tables to what a harvest found; returns how many articles are in its partition because of it.

    The partition of the harvest is written first, then what moved into it is taken from the others: a reader in
    between, or after a kill, sees an article twice rather than not at all.

    Args:
        partitions: the tables.
        found: the articles of the harvest, each under the digest of its content.
        extensions: figure id -> extension of its image.
        harvest_id: the partition for what is new or changed.
        withdrawn: ids of articles that are to be in no partition any longer.
    """
    harvest = safe_name(harvest_id)
    living = {each: partitions.articles(each) for each in partitions.harvests()}
    ours = living.pop(harvest, set())
    elsewhere = {key for articles in living.values() for key in articles}
    met = {key.article_id for key in found} | withdrawn
    moving = {key: article for key, article in found.items() if key not in elsewhere}

    figures = partitions.rows_per_article("figures", harvest)
    panels = partitions.rows_per_article("panels", harvest)
    names = _names(partitions, moving, extensions)
    target: dict[Key, Callable[[str], pa.Table] | None] = {key: None for key in ours if key.article_id not in met}
    for key, article in moving.items():
        expected = len(article.figures), sum(len(figure.panels or ()) for figure in article.figures)
        there = key in ours and (figures.get(key, 0), panels.get(key, 0)) == expected
        target[key] = None if there else _ArticleTables(key, article, names, store, versions)

    as_it_is = ours == set(target) and ours >= set(figures) | set(panels)
    if not target:
        partitions.keep_only(harvest, set())
    elif not as_it_is or any(make is not None for make in target.values()):
        partitions.write(harvest, target)
    claimed = {key.article_id for key in target}
    for other in sorted(living, reverse=True):
        # where a kill has left one article in two partitions, the newest that has it as it is now keeps it
        stay = {
            key
            for key in living[other]
            if key.article_id not in claimed and (key.article_id not in met or key in found)
        }
        claimed |= {key.article_id for key in stay}
        partitions.keep_only(other, stay)
    return len(moving)


def _names(
    partitions: Partitions, moving: Mapping[Key, HarvestedArticle], extensions: Mapping[str, str]
) -> dict[str, str]:
    published = {row["id"]: row["figure_name"] for row in partitions.rows("figures", ["id", "figure_name"])}
    figures = [(figure.article, figure.figure) for article in moving.values() for figure in article.figures]
    return figure_names(figures, extensions, published)


@dataclass(frozen=True)
class _ArticleTables:
    """Makes the rows of one article for each table; images are decoded one at a time."""

    key: Key
    article: HarvestedArticle
    names: Mapping[str, str]
    store: Store
    versions: Mapping[str, str]

    def __call__(self, table: str) -> pa.Table:
        digest = self.key.digest
        if table == "articles":
            return tables.table(table, [tables.article_row(self.article, digest, self.versions)])
        if table == "figures":
            rows = [tables.figure_row(each, digest, self.names[each.figure.id]) for each in self.article.figures]
            return tables.table(table, rows)
        return pa.concat_tables(
            [tables.PANELS.empty_table(), *(self._panels(each) for each in self.article.figures if each.panels)]
        )

    def _panels(self, harvested: HarvestedFigure) -> pa.Table:
        name = self.names[harvested.figure.id]
        image = self._image(harvested.figure.image_sha256)
        return tables.table("panels", tables.panel_rows(harvested, self.key.digest, name, image, self.versions))

    def _image(self, sha256: str) -> NDArray[np.uint8] | None:
        try:
            return read_image(self.store.read(sha256), settings().max_image_megapixels)
        except ImageError:
            # separation has reported it already; what is known of the figure is published without crops
            return None
