"""Answers in JSON: nulls, broken items of lists, and what is no answer at all."""

import datetime as dt
from typing import Any

import pytest

from exsclaim.errors import PageFormatError
from exsclaim.sources.catalogues.api_answers import ApiRecord, Listed, answer, promised
from exsclaim.sources.catalogues.crossref import _Works
from exsclaim.sources.dois import Copy, Location, arxiv_id_in, pmcid_in_address, ranked


class Hit(ApiRecord):
    doi: str
    title: str = ""


class Hits(ApiRecord):
    total: int
    hits: Listed[Hit] = []


def test_a_null_is_not_given_and_a_broken_item_costs_itself() -> None:
    body = b'{"total": 5, "hits": [{"doi": "1", "title": null}, {"doi": null}, null, "x", {"doi": "2"}], "more": {}}'
    assert [hit.doi for hit in answer(Hits, body, "u").hits] == ["1", "2"]
    assert answer(Hits, b'{"total": 1, "hits": null}', "u").hits == []


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b'{"hits": []}', b'{"total": "many"}', b'{"total": null}'])
def test_what_is_no_answer_is_an_error_that_names_the_address(body: bytes) -> None:
    with pytest.raises(PageFormatError, match=r"https://api\.example/x: not the answer"):
        answer(Hits, body, "https://api.example/x")


def test_crossrefs_works_with_nulls_and_months() -> None:
    odd = b"""{"message": {"total-results": 3, "items": [{"DOI": "10.1/a", "title": null, "author": [{"given": null,
    "family": "Doe"}, null], "published": {"date-parts": [[2021, 6]]}}, {"title": ["no DOI"]}, {"DOI": "10.1/b",
    "published": {"date-parts": [[null]]}, "title": ["WITHDRAWN: Silver"]}]}}"""
    works = promised(answer(_Works, odd, "u").message.items, "u")
    first, second = (work.article(source="s", url="u", today=dt.date(2026, 11, 20)) for work in works)
    assert (first.authors, str(first.published), first.published_precision) == (("Doe",), "2021-06-01", "month")
    assert (second.published, second.is_retracted) == (None, True)


@pytest.mark.parametrize(
    ("place", "copies"),
    [
        ({"url_for_pdf": "https://r.example/a", "license": "cc-by"}, [("", "", "https://r.example/a", "CC-BY")]),
        ({"url_for_landing_page": "https://www.ncbi.nlm.nih.gov/pmc/articles/PMC123"}, [("PMC123", "", "", "unknown")]),
        ({"url_for_landing_page": "https://www.ncbi.nlm.nih.gov/pmc/articles/123/"}, [("PMC123", "", "", "unknown")]),
        ({"pdf_url": "https://arxiv.org/pdf/2101.00001v2"}, [("", "2101.00001", "", "unknown")]),
        ({"landing_page_url": "https://arxiv.org/abs/cond-mat/0101001"}, [("", "cond-mat/0101001", "", "unknown")]),
        ({"url_for_pdf": None, "url_for_landing_page": "https://doi.org/10.1/a"}, []),
        ({"url_for_pdf": "ftp://r.example/a.pdf"}, []),
    ],
)  # fmt: skip
def test_places_and_the_copies_there(place: dict[str, Any], copies: list[tuple[str, str, str, str]]) -> None:
    found = Location.model_validate(place).copies()
    assert [(copy.pmcid, copy.arxiv, copy.pdf, copy.licence.id) for copy in dict.fromkeys(found)] == copies


def test_xml_before_latex_before_pdf() -> None:
    pdf, arxiv, pmc = Copy(pdf="https://r.example/a.pdf"), Copy(arxiv="2101.00001"), Copy(pmcid="PMC1")
    assert ranked([pdf, arxiv, pmc, pdf]) == [pmc, arxiv, pdf]
    assert (arxiv_id_in("10.48550/arXiv.2101.00001"), pmcid_in_address("nothing")) == ("2101.00001", "")
