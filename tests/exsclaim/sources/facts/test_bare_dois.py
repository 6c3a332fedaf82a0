"""DOIs as publishers write them."""

import pytest

from exsclaim.sources.facts.publication_facts import bare_doi
from tests.exsclaim.sources.jats.test_jats_variants import made


@pytest.mark.parametrize(
    "written",
    [
        "10.5555/Rods(1)<2>3;4-A", " 10.5555/Rods(1)<2>3;4-A ", "https://doi.org/10.5555/Rods(1)<2>3;4-A",
        "http://dx.doi.org/10.5555/Rods(1)<2>3;4-A", "doi:10.5555/Rods(1)<2>3;4-A", "DOI: 10.5555/Rods(1)<2>3;4-A",
        "doi.org/10.5555/Rods(1)<2>3;4-A", "https://www.doi.org/10.5555/Rods(1)<2>3;4-A",
    ],
)  # fmt: skip
def test_what_stands_before_a_doi_is_none_of_it(written: str) -> None:
    assert bare_doi(written) == "10.5555/Rods(1)<2>3;4-A"


def test_an_article_has_its_doi_without_the_resolver() -> None:
    """Its address was https://doi.org/https://doi.org/…, and the same work of another source was another."""
    article = made(meta='<article-id pub-id-type="doi">https://doi.org/10.5555/rods</article-id>')
    assert (article.doi, made().doi) == ("10.5555/rods", None)
