"""Pictures that stand in for figures: "image not available", a page's logo, served where the figure should be.

An image whose figures have captions that say unlike things shows none of them: three such captions, in one article or
in several, are the evidence. Two may share an image (a graphical abstract, a figure that a review shows again), and so
may any number whose captions are alike (a preprint, its article, a correction) or say nothing of it ("Scheme 1"). What
was once known to stand in stays known (`PublishedState.stand_ins`), though its figures, the evidence, are no longer
published. A figure for which one is served today stays as it was published, with its own image, like all that cannot be
fetched.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from exsclaim.dataset.tables.composition import Unpublished
from exsclaim.dataset.tables.shards import Shards
from exsclaim.dataset.tables.staging import Staging
from exsclaim.figures.perceptual_hash import tells_images_apart

FEWEST = 3
"""Captions that say unlike things, from which on their one image is none of their figures."""
_TELLING = 4
"""Words of a caption, from which on it says what is seen: "Graphical abstract" stands beside a caption that does."""
_WORD = re.compile(r"\w{3,}")
CAUSE = (
    "one picture stands for figures whose captions say unlike things ('image not available', a logo?), so it is none "
    "of them: look at it at its address, and harvest with --refresh when the figure is there, or name another source "
    "of the article in the query"
)
_COLUMNS = ("article_id", "id", "image_url", "image_sha256", "perceptual_hash", "caption")


class StandIns(NamedTuple):
    """Images that stand in for figures, by SHA-256 and by perceptual hash, and where they were met."""

    images: frozenset[str]
    figures: list[Unpublished]
    """Figures that have one, staged or of articles that are not: it is not published."""
    articles: frozenset[str]
    """Ids of published articles that have one in a figure."""


def stand_ins(staging: Staging, shards: Shards, known: Collection[str]) -> StandIns:
    """Stand-ins among what is staged, with what is published as further evidence; `known` are those of before."""
    staged: list[_Shown] = []  # and no figures: of a large harvest they fill the memory
    found: dict[str, list[str]] = {}
    for article in staging.articles():
        for figure in (each.figure for each in article.figures):
            images = _images_of(figure.image_sha256, figure.perceptual_hash)
            staged.append(_Shown(figure.article_id, figure.id, figure.image_url, images))
            for image in images:
                _note(found.setdefault(image, []), figure.caption)
    published = []
    for shown, caption in _published(shards, list(found)):
        published.append(shown)
        for image in shown.images:
            _note(found.get(image, []), caption)
    all_known = frozenset(known) | {image for image, captions in found.items() if len(captions) >= FEWEST}
    ids = set(staging.ids())
    current = (*staged, *(each for each in published if each.article_id not in ids))
    return StandIns(
        all_known,
        [
            Unpublished(figure_id=each.id, url=each.url, error="BadContentError", cause=CAUSE)
            for each in current
            if not all_known.isdisjoint(each.images)
        ],
        frozenset(each.article_id for each in published if not all_known.isdisjoint(each.images)),
    )


def of_several(published: Sequence[Shards], known: Collection[str]) -> frozenset[str]:
    """Stand-ins of data sets that become one: those that any of them knows, and those that all together give away."""
    counts: Counter[str] = Counter()  # first, and the captions of few images then: all of them would fill the memory
    for shards in published:
        for _, rows in shards.column("figures", "image_sha256", "perceptual_hash"):
            for row in rows.to_pylist():
                counts.update(_images_of(row["image_sha256"], row["perceptual_hash"]))
    found: dict[str, list[str]] = {image: [] for image, count in counts.items() if count >= FEWEST}
    for shards in published:
        for shown, caption in _published(shards, list(found)):
            for image in shown.images:
                _note(found.get(image, []), caption)
    return frozenset(known).union(image for image, captions in found.items() if len(captions) >= FEWEST)


def _images_of(sha256: str | None, seen: str | None) -> tuple[str, ...]:
    """Keys of a figure's image: its SHA-256, and its perceptual hash where that was noted and tells images apart."""
    return tuple(filter(None, (sha256, seen if seen and tells_images_apart(seen) else None)))


class _Shown(NamedTuple):
    """A figure, and the keys of its image."""

    article_id: str
    id: str
    url: str
    images: tuple[str, ...]


def _published(shards: Shards, images: list[str]) -> Iterator[tuple[_Shown, str]]:
    """The published figures that have one of these images, with their captions."""
    wanted = pa.array(images, pa.string())

    def has_one(rows: pa.Table) -> pa.ChunkedArray:
        return pc.or_(pc.is_in(rows["image_sha256"], wanted), pc.is_in(rows["perceptual_hash"], wanted))

    keys = shards.column("figures", "image_sha256", "perceptual_hash") if images else ()
    # the captions of a large data set take long to read, and most nights bring none of its images
    homes = dict.fromkeys(harvest for harvest, rows in keys if pc.any(has_one(rows)).as_py())
    for _, rows in shards.column("figures", *_COLUMNS, harvests=list(homes)):
        for row in rows.filter(has_one(rows)).to_pylist():
            own = _images_of(row["image_sha256"], row["perceptual_hash"])
            yield _Shown(row["article_id"], row["id"], row["image_url"] or "", own), row["caption"]


def _note(captions: list[str], caption: str) -> None:
    """Add a caption of an image to those that say unlike things, where it says something that these do not."""
    if len(captions) == FEWEST:
        return
    words = _words(caption)
    if len(words) >= _TELLING and all(
        2 * len(words & other) < min(len(words), len(other)) for other in map(_words, captions)
    ):
        captions.append(caption)


def _words(caption: str) -> set[str]:
    return set(_WORD.findall(caption.casefold()))
