"""Splits for machine learning: one for a work everywhere, and for all whose figures look alike."""

import hashlib

import pytest

from exsclaim.dataset.tables.splits import SHARES, Splits, split_by_hash, splits_together
from exsclaim.duplicates.renditions import SAME

HASHES = [hashlib.sha256(str(n).encode()).hexdigest() for n in range(50)]
DOIS = {split_by_hash("", f"10.1/{n}"): f"10.1/{n}" for n in range(100)}
"""A DOI of each split."""


def like(hash: str, bits: int = 3) -> str:
    """A hash that differs from another in so many bits."""
    return format(int(hash, 16) ^ (2**bits - 1), "064x")


def test_a_work_is_in_the_same_split_everywhere() -> None:
    shares = [split_by_hash(f"nature/x{n}", None) for n in range(4000)]
    for split, share in SHARES.items():
        assert shares.count(split) / 4000 == pytest.approx(share, abs=0.03)
    assert split_by_hash("nature/x", "10.1/AB") == split_by_hash("pmc/y", "https://doi.org/10.1/ab")


def test_images_that_look_alike_share_a_split() -> None:
    splits = Splits()
    first = [splits.of(f"a{n}", None, [each]) for n, each in enumerate(HASHES)]
    assert [splits.of(f"b{n}", None, [like(each)]) for n, each in enumerate(HASHES)] == first
    assert {split_by_hash(f"b{n}", None) for n in range(50)} != {"train"}


@pytest.mark.parametrize(("bits", "split"), [(SAME - 1, "test"), (SAME, "train")])
def test_images_are_alike_up_to_a_number_of_bits(bits: int, split: str) -> None:
    published = Splits([(HASHES[:1], ["test"])])
    assert published.of("x", DOIS["train"], [like(HASHES[0], bits)]) == split
    together = splits_together([("a", None), ("b", None)], [HASHES[:1], [like(HASHES[0], bits)]], ["test", "train"])
    assert together == ["test", split]


def test_the_first_figure_that_is_known_decides() -> None:
    published = Splits([(HASHES[:2], ["test", "validation"])])
    assert published.of("x", DOIS["train"], [HASHES[2], like(HASHES[1]), like(HASHES[0])]) == "validation"


def test_published_figures_without_a_hash_or_a_split_of_ours_are_passed_over() -> None:
    published = Splits([([None, *HASHES[:4]], ["test", "test", None, "dev", "validation"])])
    found = [published.of(f"x{n}", DOIS["train"], [each]) for n, each in enumerate(HASHES[:4])]
    assert found == ["test", "train", "train", "validation"]


def test_an_article_without_figures_has_the_split_of_its_work() -> None:
    published = Splits([(HASHES[:1], ["test"])])
    assert published.of("x", DOIS["validation"], []) == "validation"


def test_of_several_data_sets_those_that_look_alike_one_through_the_other_share_the_split_of_the_first() -> None:
    articles = [("a", None), ("b", None), ("c", DOIS["validation"]), ("d", DOIS["validation"]), ("e", None)]
    figures = [HASHES[:1], HASHES[1:3], HASHES[3:4], [like(HASHES[0]), like(HASHES[1])], []]
    owns = ["test", "train", None, "train", "train"]
    assert splits_together(articles, figures, owns) == ["test", "test", "validation", "test", "train"]
    assert splits_together(articles[:3], figures[:3], owns[:3]) == ["test", "train", "validation"]
