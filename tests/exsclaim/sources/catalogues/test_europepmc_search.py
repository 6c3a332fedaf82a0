"""Europe PMC's search: what is asked, and what its answers mean."""

import json
from typing import Any

import pytest

from exsclaim.errors import PageFormatError
from exsclaim.query import Query
from exsclaim.sources.catalogues.europepmc_search import RETRACTED, search, search_expression, search_url
from tests.exsclaim.publisher import Bench, Reply


def query(**more: Any) -> Query:
    fields = {
        "search_field_1": {"term": "Ag nanoparticle", "synonyms": ["silver nanoparticle"]},
        "search_field_2": {"term": "TEM"},
    }
    return Query.model_validate({"name": "silver", "sources": ["pmc"], "query": fields} | more)


TERMS = '("Ag nanoparticle" OR "silver nanoparticle") AND ("TEM") AND OPEN_ACCESS:y'


@pytest.mark.parametrize(
    ("more", "expression"),
    [
        ({}, TERMS),
        ({"published_after": "2020-01-02"}, f"{TERMS} AND FIRST_PDATE:[2020-01-02 TO 3000-12-31]"),
        ({"published_before": "2021-03-04"}, f"{TERMS} AND FIRST_PDATE:[1800-01-01 TO 2021-03-04]"),
        ({"licences": ["CC BY"]}, f'{TERMS} AND (LICENSE:"cc by" OR LICENSE:"cc-by")'),
        ({"licences": ["CC-BY-4.0", "CC0"]}, f'{TERMS} AND (LICENSE:"cc by" OR LICENSE:"cc-by" OR LICENSE:"cc0")'),
        ({"licences": ["CC BY", "publisher"]}, TERMS),
    ],
)
def test_a_query_in_the_services_language(more: dict[str, Any], expression: str) -> None:
    assert search_expression(query(**more)) == expression


def test_no_term_can_leave_its_quotes() -> None:
    hostile = {"search_field_1": {"term": 'x" OR TITLE:"y\\"', "synonyms": ["AND"]}}
    assert search_expression(query(query=hostile)) == '("x OR TITLE: y" OR "AND") AND OPEN_ACCESS:y'


def test_order_and_number_of_hits_are_asked_for() -> None:
    url = search_url(query(sortby="recent", maximum_scraped=7), "AoE=")
    assert "&pageSize=7&cursorMark=AoE%3D&sort=P_PDATE_D+desc" in url
    assert "format=json&resultType=lite&pageSize=100" in search_url(query(), "*")


def hit(number: int, **more: Any) -> dict[str, Any]:
    return {"id": str(number), "pmcid": f"PMC{number}", "isOpenAccess": "Y", "title": "x"} | more


def page(*hits: Any, following: str | None, total: int | None = None) -> Reply:
    answer = {"version": "6.9", "hitCount": total, "nextCursorMark": following, "resultList": {"result": list(hits)}}
    if following is None:
        del answer["nextCursorMark"]
    return Reply(json.dumps(answer).encode(), headers={"Content-Type": "application/json"})


def script(bench: Bench, cursor: str, *replies: Reply) -> None:
    bench.publisher.script(search_url(query(), cursor).removeprefix("https://"), *replies)


def found(bench: Bench) -> list[tuple[str, bool]]:
    return list(search(query(), "pmc", bench.client()))


def test_pages_are_read_until_the_cursor_stays(bench: Bench) -> None:
    script(bench, "*", page(hit(1), hit(2), following="two"))
    script(bench, "two", page(hit(2), hit(3), following="three"))
    script(bench, "three", page(hit(4), following="three"))
    assert [pmcid for pmcid, _ in found(bench)] == ["PMC1", "PMC2", "PMC3", "PMC4"]


def test_the_last_page_may_have_no_cursor_or_no_hits(bench: Bench) -> None:
    script(bench, "*", page(hit(1), following="two"))
    script(bench, "two", page(following="three"))
    assert len(found(bench)) == 1
    script(bench, "*", page(hit(1), following=None))
    assert len(found(bench)) == 1


def test_retracted_articles_are_told_and_those_without_open_full_text_left_away(bench: Bench) -> None:
    retracted = {"pubTypeList": {"pubType": ["Journal Article", "Retracted Publication"]}}
    hits = hit(1, **retracted), hit(2, isOpenAccess="N"), hit(3, pmcid=""), hit(4, pmcid="PMC4/../x"), hit(5)
    script(bench, "*", page(*hits, following=None))
    assert found(bench) == [("PMC1", RETRACTED), ("PMC5", "")]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b'{"errCode":404,"errMsg":"Invalid query"}', "Invalid query"),
        (b"<html>Service unavailable</html>", "not a page of search results"),
        (b"[" * 100_000, "not a page of search results"),
        (b'{"resultList": {"result": "x"}}', "not a page of search results"),
    ],
)
def test_an_answer_that_is_not_understood_is_an_error(bench: Bench, body: bytes, said: str) -> None:
    script(bench, "*", Reply(body))
    with pytest.raises(PageFormatError, match=said):
        found(bench)


def test_a_second_page_is_asked_for_only_when_it_is_wanted(bench: Bench) -> None:
    script(bench, "*", page(hit(1), following="two"))
    hits = search(query(), "pmc", bench.client())
    assert bench.publisher.asked == []
    next(hits)
    assert len([asked for asked in bench.publisher.asked if "search" in asked.path]) == 1


def test_one_odd_hit_costs_that_hit_only(bench: Bench) -> None:
    odd: list[Any] = [{"pmcid": None}, None, {"pmcid": 7}, "hit", {"pmcid": "PMC3", "pubTypeList": None}]
    script(bench, "*", page(hit(1), *odd, hit(2), following=None))
    assert [pmcid for pmcid, _ in found(bench)] == ["PMC1", "PMC2"]


@pytest.mark.parametrize(
    "more", [{"title": "RETRACTED: Silver"}, {"pubType": "research-article; Retracted Publication; journal article"}]
)
def test_retracted_is_also_what_title_and_types_of_a_short_answer_say(bench: Bench, more: dict[str, Any]) -> None:
    script(bench, "*", page(hit(1, **more), following=None))
    assert found(bench) == [("PMC1", RETRACTED)]
