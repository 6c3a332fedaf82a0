"""Splits for machine learning: train, validation and test by work, the same for an article as long as it is there.

All panels of an article are in one split. Which one a stable hash of its DOI says (or of its id), unless a figure of
it looks like one that is published already: near-duplicates share a split, or a test would ask what was taught.
"""

import hashlib
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from exsclaim.duplicates.renditions import SAME
from exsclaim.duplicates.works import doi_key

SEED = "exsclaim-1"
SHARES = {"train": 0.8, "validation": 0.1, "test": 0.1}
SPLITS = tuple(SHARES)
_WORDS = 4


def split_by_hash(article_id: str, doi: str | None) -> str:
    """The split of a work by itself: the same on every machine and in every data set."""
    work = doi_key(doi) or article_id
    place = int.from_bytes(hashlib.sha256(f"{SEED} {work}".encode("utf-8", "replace")).digest()[:8]) / 2**64
    for split, share in SHARES.items():
        if place < share:
            return split
        place -= share
    return SPLITS[-1]


class Splits:
    """The splits of published figures by their perceptual hashes (`exsclaim.duplicates.renditions`)."""

    def __init__(self, published: Iterable[tuple[Sequence[str | None], Sequence[str | None]]] = ()) -> None:
        self._hashes: list[NDArray[np.uint64]] = []
        self._splits: list[int] = []
        for hashes, splits in published:
            known = [(h, SPLITS.index(s)) for h, s in zip(hashes, splits, strict=True) if h and s in SPLITS]
            self.add([h for h, _ in known], [s for _, s in known])

    def add(self, hashes: Sequence[str], splits: Sequence[int]) -> None:
        """Remember figures and their splits, as places in `SPLITS`."""
        if hashes:
            self._hashes.append(_words(hashes))
            self._splits.extend(splits)

    def of(self, article_id: str, doi: str | None, hashes: Sequence[str]) -> str:
        """The split of a new article whose figures have these hashes; it is remembered."""
        found = split_by_hash(article_id, doi)
        if self._hashes and hashes:
            known = self._together()
            for query in _words(hashes):
                near = np.bitwise_count(known ^ query).sum(axis=1) < SAME
                if near.any():
                    found = SPLITS[self._splits[int(np.argmax(near))]]
                    break
        self.add(hashes, [SPLITS.index(found)] * len(hashes))
        return found

    def _together(self) -> NDArray[np.uint64]:
        if len(self._hashes) > 64:
            self._hashes = [np.concatenate(self._hashes)]
        return np.concatenate(self._hashes) if len(self._hashes) > 1 else self._hashes[0]


def splits_together(
    articles: Sequence[tuple[str, str | None]], hashes: Sequence[Sequence[str]], owns: Sequence[str | None]
) -> list[str]:
    """The splits of articles of several data sets: those whose figures look alike, one through the other, share one.

    Args:
        articles: id and DOI of each, those whose splits count before others' first.
        hashes: of the figures of each.
        owns: the split that each has; None where it has none.
    """
    first = list(range(len(articles)))

    def first_of(place: int) -> int:
        while first[place] != place:
            first[place] = first[first[place]]
            place = first[place]
        return place

    owners = np.repeat(np.arange(len(articles)), [len(each) for each in hashes])
    words = _words([hash for each in hashes for hash in each])
    for row, owner in enumerate(owners.tolist()):
        near = np.bitwise_count(words[:row] ^ words[row]).sum(axis=1) < SAME
        for other in np.unique(owners[:row][near]).tolist():
            ours, theirs = first_of(owner), first_of(other)
            first[max(ours, theirs)] = min(ours, theirs)
    found = [own if own in SPLITS else split_by_hash(*article) for article, own in zip(articles, owns, strict=True)]
    return [str(found[first_of(place)]) for place in range(len(articles))]


def _words(hashes: Sequence[str]) -> NDArray[np.uint64]:
    """`(n, 4)` of hexadecimal hashes of 256 bits."""
    return np.frombuffer(bytes.fromhex("".join(hashes)), dtype=">u8").reshape(-1, _WORDS).astype(np.uint64)
