"""Retracted, withdrawn and removed works, by their titles and by what is known of them."""

import pytest

from exsclaim.sources.facts.publication_facts import is_retracted


@pytest.mark.parametrize(
    "title",
    ["RETRACTED ARTICLE: Silver", "RETRACTED: Silver nanowires", "Retracted: silver", "WITHDRAWN: Silver",
     "REMOVED: Silver", "Silver (Retracted Article)", "[Retracted] Silver nanowires", "Silver nanowires [RETRACTED]",
     "Silver (Retracted article. See vol. 3, p. 4)", "Silver - Retracted", "TEMPORARY REMOVAL: Silver",
     "RETRACTED Silver nanowires", "(Retracted) Silver nanowires", "WITHDRAWN – Silver", "Withdrawn Article: Silver"],
)  # fmt: skip
def test_marked_titles(title: str) -> None:
    assert is_retracted(title)


@pytest.mark.parametrize(
    "title",
    ["Retracted spines in neurons", "Withdrawn affect in mice", "Silver removed: a study",
     "Removed organics: how water is cleaned", "How many papers are retracted?", "Analysis of retracted articles",
     "Withdrawn effects of drugs (a review)", "Retracted publications in chemistry"],
)  # fmt: skip
def test_titles_that_are_about_it(title: str) -> None:
    assert not is_retracted(title)


def test_types_and_relations() -> None:
    assert is_retracted("Silver", article_type="retracted-article")
    assert is_retracted("Silver", relations=["correction", "retraction"])
    assert not is_retracted("Silver", article_type="retraction", relations=["retracted-article", "erratum"])
