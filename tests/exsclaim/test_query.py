"""The query: the predecessor's JSON as it is, YAML and TOML, and every fault named at its key."""

import datetime as dt
import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exsclaim.errors import QueryError
from exsclaim.query import Query, load, parse
from exsclaim.records import Article, FigureRef
from exsclaim.sources import load_query

PREDECESSOR: dict[str, Any] = {
    "name": "nature-ESEM",
    "journal_family": "nature",
    "maximum_scraped": 5,
    "sortby": "relevant",
    "query": {
        "search_field_1": {"term": "electron microscopy", "synonyms": ["electron microscope"]},
        "search_field_2": {"term": "gold", "synonyms": ["Au", "  GOLD "]},
    },
    "results_dir": "",
    "save_format": ["save_subfigures", "visualization"],
    "open": True,
    "logging": ["print", "exsclaim.log"],
}


def article(**changes: Any) -> Article:
    """An open article under CC-BY-4.0 of 2020-02-02, with changes."""
    fields: dict[str, Any] = {
        "id": "nature/x",
        "name": "x",
        "source": "nature",
        "url": "https://www.nature.com/articles/x",
        "doi": None,
        "title": "",
        "authors": (),
        "journal": "",
        "published": dt.date(2020, 2, 2),
        "licence": "CC-BY-4.0",
        "licence_url": None,
        "is_open": True,
        "retrieved_at": dt.date(2026, 1, 1),
    }
    return Article(**(fields | changes))


def problems(mapping: dict[str, Any]) -> dict[str, str]:
    with pytest.raises(QueryError) as caught:
        parse(mapping)
    return dict(caught.value.problems)


def test_the_predecessors_query_is_taken_as_it_is() -> None:
    query = parse(PREDECESSOR)
    assert query.sources == ("nature",)
    assert query.maximum_scraped == 5
    assert query.open
    assert query.results_dir == Path("results")
    assert query.save_format == {"save_subfigures", "visualization"}


def test_searches_are_all_combinations_in_order_each_once() -> None:
    assert parse(PREDECESSOR).searches == (
        ("electron microscopy", "gold"),
        ("electron microscopy", "Au"),
        ("electron microscope", "gold"),
        ("electron microscope", "Au"),
    )


def test_a_combination_of_equal_terms_is_one_search_whatever_the_order() -> None:
    fields = {"search_field_1": {"term": "a", "synonyms": "b"}, "search_field_2": {"term": "b", "synonyms": ["A"]}}
    assert parse(PREDECESSOR | {"query": fields}).searches == (("a", "b"), ("a",), ("b",))


def test_fields_are_ordered_by_number_not_by_letter() -> None:
    fields = {f"search_field_{n}": {"term": f"t{n}"} for n in (10, 2, 1)}
    assert parse(PREDECESSOR | {"query": fields}).searches == (("t1", "t2", "t10"),)


@pytest.mark.parametrize("suffix", [".json", ".yaml", ".yml", ".toml"])
def test_the_same_query_is_read_from_every_format(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"query{suffix}"
    if suffix == ".toml":
        path.write_text(
            'name = "nature-ESEM"\nmaximum_scraped = 5\nopen = true\nsources = ["nature"]\n'
            'save_format = ["save_subfigures", "visualization"]\nlogging = ["print", "exsclaim.log"]\n'
            '[query.search_field_1]\nterm = "electron microscopy"\nsynonyms = ["electron microscope"]\n'
            '[query.search_field_2]\nterm = "gold"\nsynonyms = ["Au", "  GOLD "]\n'
        )
    else:
        path.write_text(json.dumps(PREDECESSOR))  # JSON is YAML
    assert load(path) == parse(PREDECESSOR)


def test_every_problem_is_named_at_its_key() -> None:
    found = problems(
        {
            "nam": "x",
            "query": {"serch_field": {"term": "a"}, "search_field_2": {"trm": "b"}},
            "maximum_scraped": "many",
            "sortby": "newest",
            "published_after": "soon",
        }
    )
    assert "is missing" in found["name"]
    assert "'name'" in found["nam"]
    assert "'search_field_1'" in found["query.serch_field"]
    assert "'term'" in found["query.search_field_2.trm"]
    assert "whole number" in found["maximum_scraped"]
    assert "'recent'" in found["sortby"]
    assert "such as 2020-01-31" in found["published_after"]


PYDANTIC = re.compile(r"Input should|valid|Errno|NoneType|tuple|dict|should have|Keys should|parse|path for|<")


@pytest.mark.parametrize(
    ("changes", "key", "words"),
    [
        ({"maximum_scraped": -5}, "maximum_scraped", "whole number from 1 on, such as 200 (given: -5)"),
        ({"maximum_scraped": True}, "maximum_scraped", "whole number from 1 on, such as 200 (given: true)"),
        ({"maximum_scraped": float("nan")}, "maximum_scraped", "(given: nan)"),
        ({"maximum_scraped": "ten"}, "maximum_scraped", "(given: 'ten')"),
        ({"name": 2024}, "name", '2024 is no text unless it is in quotes: "2024"'),
        ({"name": None}, "name", "should be a name, such as silver (nothing is given)"),
        ({"name": "x" * 101}, "name", "has 101 characters; at most 100"),
        ({"open": "maybe"}, "open", "true or false (given: 'maybe')"),
        ({"third_party": None}, "third_party", "true or false (nothing is given)"),
        ({"licences": {"a": 1}}, "licences", "a list of licences"),
        ({"logging": 3}, "logging", "a list, such as [print"),
        ({"journal_family": []}, "journal_family", "such as [nature, arxiv] (it is empty)"),
        ({"sources": "nature"}, "journal_family", "means the same as 'sources'"),
        ({"query": ["gold"]}, "query", "such as {search_field_1: {term: gold"),
        ({"query": {"search_field_1": "gold"}}, "query.search_field_1", "such as {term: gold"),
        ({"query": {"search_field_1": {"term": ["a", "b"]}}}, "query.search_field_1.term", "one text, such as gold"),
        ({"query": {"search_field_1": {"term": " "}}}, "query.search_field_1.term", "(it is empty)"),
        (
            {"query": {"search_field_1": {"term": "a", "synonyms": ["b", 5]}}},
            "query.search_field_1.synonyms.entry 2",
            "should be a text; 5 is no text",
        ),
        ({"folder": [5]}, "folder.entry 1", "should be a text"),
        ({"results_dir": ["a", "b"]}, "results_dir", "one folder or URL"),
        ({"dois": "nowhere.txt"}, "dois", "(No such file or directory)"),
        ({"published_after": "2020-02-02", "published_before": "2019-01-01"}, "published_after", "lies behind"),
        ({5: 6}, "5", "unknown key"),
        ({"Maximum_Scraped": 5}, "Maximum_Scraped", "nearest known key is 'maximum_scraped'"),
    ],
)
def test_problems_are_told_in_words_of_ours(changes: dict[Any, Any], key: str, words: str) -> None:
    found = problems(PREDECESSOR | changes)
    assert words in found[key]
    assert not PYDANTIC.search(found[key])


@pytest.mark.parametrize("given", [2020, "2020", "2020-05", "31.12.2020", "last year", True, 86400, "20200101"])
def test_a_day_that_is_not_written_as_one_is_no_day(given: object) -> None:
    assert "such as 2020-01-31" in problems(PREDECESSOR | {"published_after": given})["published_after"]


@pytest.mark.parametrize(
    "given", ["2020-02-09", "2020-2-9", "2020-02-09T00:00:00Z", dt.date(2020, 2, 9), dt.datetime(2020, 2, 9)]
)
def test_a_day_is_read_from_text_and_date(given: object) -> None:
    assert parse(PREDECESSOR | {"published_after": given}).published_after == dt.date(2020, 2, 9)


def test_a_day_that_no_calendar_has_is_named_at_its_key(tmp_path: Path) -> None:
    path = tmp_path / "q.yaml"
    path.write_text("name: a\npublished_after: 2023-02-30\nquery: {search_field_1: {term: x}}\n")
    with pytest.raises(QueryError, match="published_after: 2023-02-30 is not a calendar date"):
        load(path)


def test_a_query_is_read_by_its_path_or_its_text(tmp_path: Path) -> None:
    path = tmp_path / "q.yaml"
    path.write_text("{name: a, sources: [nature], query: {search_field_1: {term: silver}}}")
    assert load_query(str(path)) == load_query(path)


def test_a_source_that_there_is_not_is_named_with_the_file_and_all_other_problems(tmp_path: Path) -> None:
    path = tmp_path / "q.yaml"
    path.write_text("name: a\nsources: [natur, arxive, pmc]\nopen: maybe\n")
    with pytest.raises(QueryError) as caught:
        load_query(path)
    assert caught.value.origin == str(path)
    found = dict(caught.value.problems)
    assert "did you mean 'nature'?" in found["sources"]
    assert "did you mean 'arxiv'?" in found["sources"]
    assert "true or false" in found["open"]


def test_sources_in_one_text_are_shown_as_the_list_that_is_meant() -> None:
    mapping = {"name": "a", "sources": "nature, arxiv", "query": {"search_field_1": {"term": "x"}}}
    with pytest.raises(QueryError, match=re.escape("write a list: [nature, arxiv]")):
        parse(mapping, sources=["nature", "arxiv"])


@pytest.mark.parametrize("name", ["../up", "a/b", "..", "", " ", "a\x00b", "C:\\x"])
def test_a_name_that_would_leave_the_results_folder_is_refused(name: str) -> None:
    assert "name" in problems(PREDECESSOR | {"name": name})


def test_every_value_of_a_list_that_cannot_be_used_is_told() -> None:
    told = problems(PREDECESSOR | {"licences": ["MIT", "CC BY", "GPL"], "save_format": ["png", "csvv", "csv", "mongo"]})
    assert "'MIT', 'GPL'" in told["licences"]
    assert "CC BY'," not in told["licences"].partition(";")[0]
    assert "'png'" in told["save_format"]
    assert "did you mean 'csv'?" in told["save_format"]
    assert "use 'postgres'" in told["save_format"]


def test_postgres_is_a_save_format_and_mongo_says_what_to_use() -> None:
    assert parse(PREDECESSOR | {"save_format": ["postgres"]}).save_format == {"postgres"}
    assert "use 'postgres'" in problems(PREDECESSOR | {"save_format": ["mongo"]})["save_format"]


@pytest.mark.parametrize(
    ("name", "content", "what"),
    [
        ("q.json", "{", "not valid JSON"),
        ("q.yaml", "a: [", "not valid YAML"),
        ("q.toml", "a = ", "not valid TOML"),
        ("q.json", "[1]", "holds a list"),
        ("q.txt", "", "ends in '.txt'"),
        ("q.json", "[" * 50_000, "not valid JSON"),
        ("q.json", "\xff", r"not UTF-8 text \(line 1\)"),
        ("q.yaml", "name: a\nx: \xff", r"not UTF-8 text \(line 2\)"),
        ("q.yaml", "", "holds nothing"),
    ],
)
def test_a_file_that_is_no_query_says_why(tmp_path: Path, name: str, content: str, what: str) -> None:
    path = tmp_path / name
    path.write_bytes(content.encode("latin-1"))
    with pytest.raises(QueryError, match=what) as caught:
        load(path)
    assert str(path) in str(caught.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(QueryError, match="No such file"):
        load(tmp_path / "none.json")


@pytest.mark.parametrize(
    ("wanted", "licence", "admitted"),
    [
        ("CC BY", "CC-BY-4.0", True),
        ("cc-by", "CC-BY-3.0", True),
        ("CC BY 4.0", "CC-BY-4.0", True),
        ("CC BY 4.0", "CC-BY-3.0", False),
        ("CC BY", "CC-BY-NC-4.0", False),
        ("CC BY", "unknown", False),
        ("unknown", "unknown", True),
        ("publisher", "publisher", True),
    ],
)
def test_a_licence_admits_its_versions_and_nothing_else(wanted: str, licence: str, admitted: bool) -> None:
    assert parse(PREDECESSOR | {"licences": [wanted]}).admits(article(licence=licence)) is admitted


def test_a_licence_that_there_is_not_is_named() -> None:
    assert "'CC BYE'" in problems(PREDECESSOR | {"licences": ["CC BY", "CC BYE"]})["licences"]


def test_an_unknown_licence_is_a_reason_against_an_article_unless_it_is_allowed() -> None:
    unknown = article(licence="unknown")
    reason = parse(PREDECESSOR).reason_against(unknown)
    assert reason is not None
    assert "allow_unknown_licences" in reason
    assert parse(PREDECESSOR | {"allow_unknown_licences": True}).reason_against(unknown) is None
    assert parse(PREDECESSOR | {"licences": ["unknown"]}).reason_against(unknown) is None
    assert parse(PREDECESSOR).reason_against(article(licence="publisher")) is None


def test_unknown_licences_are_told_or_taken_whatever_licences_are_wanted() -> None:
    unknown = article(licence="unknown")
    wanted = PREDECESSOR | {"licences": ["CC BY"]}
    assert "allow_unknown_licences" in (parse(wanted).reason_against(unknown) or "")
    assert not parse(wanted).admits(unknown)
    taken = parse(wanted | {"allow_unknown_licences": True})
    assert taken.admits(unknown)
    assert taken.reason_against(unknown) is None
    assert not taken.admits(article(licence="CC-BY-NC-4.0"))


def test_dates_and_openness_are_conditions() -> None:
    query = parse(PREDECESSOR | {"published_after": "2020-01-01", "published_before": "2020-12-31"})
    assert query.admits(article())
    assert not query.admits(article(published=dt.date(2019, 1, 1)))
    assert not query.admits(article(published=None))
    assert not query.admits(article(is_open=False))


def test_a_query_has_the_digest_that_earlier_versions_gave_it() -> None:
    """The ledger and the task cache know it by that."""
    plain = {"name": "q", "query": {"search_field_1": {"term": "silver"}}}
    assert parse(plain).digest == "614759f7b5fca36cf1367d3101ca327ae0f7f0e558189df9c4fb06311b2c4d02"


def test_the_digest_changes_with_what_is_sought_only() -> None:
    digest = parse(PREDECESSOR).digest
    assert parse(PREDECESSOR | {"name": "other", "save_format": []}).digest == digest
    assert parse(PREDECESSOR | {"allow_unknown_licences": True}).digest != digest
    assert parse(PREDECESSOR | {"maximum_scraped": 6}).digest != digest


@given(
    st.dictionaries(st.text(max_size=8), st.recursive(st.none() | st.text() | st.integers(), st.lists, max_leaves=5))
)
def test_any_mapping_gives_a_query_or_a_query_error(mapping: dict[str, Any]) -> None:
    with pytest.raises(QueryError):
        parse(mapping)


def test_a_retraction_is_a_reason_against_any_article() -> None:
    retracted = article(is_retracted=True)
    assert parse(PREDECESSOR | {"allow_unknown_licences": True}).reason_against(retracted) == "retracted"
    assert parse(PREDECESSOR).reason_against(article()) is None


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("s3://bucket/results", "s3://bucket/results"),
        (["s3://bucket/results"], "s3://bucket/results"),
        ("file:///data/results", Path("/data/results")),
        ("/data/results", Path("/data/results")),
    ],
)
def test_results_may_go_to_a_folder_or_a_url(given: object, meant: object) -> None:
    query = parse({"name": "x", "query": {"search_field_1": {"term": "x"}}, "results_dir": given})
    assert query.results_dir == meant
    assert Query.model_validate_json(query.model_dump_json()) == query


def test_a_url_with_a_password_is_refused_without_repeating_it() -> None:
    with pytest.raises(QueryError, match="leave user and password to the environment") as raised:
        parse({"name": "x", "query": {"search_field_1": {"term": "x"}}, "results_dir": "sftp://me:secret@host/results"})
    assert "secret" not in str(raised.value)


def test_a_folder_is_read_without_a_search(tmp_path: Path) -> None:
    query = parse({"name": "own", "sources": ["folder"], "folder": str(tmp_path)})
    assert query.folder == (tmp_path,)
    assert query.terms == ()
    assert query.maximum_scraped >= 1_000_000
    few = parse({"name": "own", "sources": ["folder"], "folder": str(tmp_path), "maximum_scraped": 3})
    assert few.maximum_scraped == 3


@pytest.mark.parametrize(
    ("mapping", "message"),
    [
        ({"sources": ["folder"]}, "no folder is given: write folder: your/papers"),
        ({"folder": "{here}"}, "write sources: [folder]"),
        ({"sources": ["folder"], "folder": "{here}/none"}, "no such file or folder"),
        ({"sources": ["folder", "nature"], "folder": "{here}"}, "query: is missing"),
        ({"sources": ["folder"], "folder": ["{here}/a", "{here}/b/a"]}, "have the same name"),
    ],
)
def test_what_a_folder_lacks_is_said(tmp_path: Path, mapping: dict[str, Any], message: str) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b" / "a").mkdir(parents=True)
    here = {
        key: value.format(here=tmp_path) if isinstance(value, str) else [each.format(here=tmp_path) for each in value]
        for key, value in mapping.items()
    }
    with pytest.raises(QueryError, match=re.escape(message)):
        parse({"name": "own"} | here)


@pytest.mark.parametrize(
    ("published", "precision", "is_admitted"),
    [
        ("2020-06-01", "month", True), ("2020-01-01", "year", True), ("2020-06-01", "day", False),
        ("2020-05-01", "month", False), ("2020-07-01", "month", True), ("2020-08-01", "month", False),
        ("2019-01-01", "year", False), ("2021-01-01", "year", False),
    ],
)  # fmt: skip
def test_a_date_that_is_known_by_half_is_an_interval(published: str, precision: Any, is_admitted: bool) -> None:
    wanted = parse(PREDECESSOR | {"published_after": "2020-06-15", "published_before": "2020-07-10"})
    known = article(published=dt.date.fromisoformat(published), published_precision=precision)
    assert wanted.admits(known.model_copy(update={"is_open": True})) == is_admitted


def test_figures_of_others_are_left_out_where_the_query_says_so() -> None:
    ours = FigureRef(id="a/fig1", article_id="a", number=1, label="Fig. 1", title="", caption="", image_urls=())
    theirs = ours.model_copy(update={"licence": "third-party", "licence_words": "Adapted from [3]."})
    strict = parse(PREDECESSOR | {"third_party": False})
    assert strict.reason_against_figure(ours) is None
    assert "Adapted from [3]" in (strict.reason_against_figure(theirs) or "")
    assert parse(PREDECESSOR).reason_against_figure(theirs) is None
    assert strict.digest != parse(PREDECESSOR).digest


def test_a_list_of_dois_is_read_from_lines_and_files(tmp_path: Path) -> None:
    listed = tmp_path / "list.txt"
    listed.write_text("# mine\nhttps://doi.org/10.1234/ABC\ndoi:10.1234/abc\nPMCID: PMC7058583  # good\n\n")
    query = parse({"name": "mine", "sources": ["dois"], "dois": [str(listed), "10.9999/z"]})
    assert query.works == ("10.1234/abc", "PMC7058583", "10.9999/z")
    with pytest.raises(QueryError, match=r"write dois: file\.txt"):
        parse({"name": "mine", "sources": ["dois"]})
    with pytest.raises(QueryError, match="neither a DOI or PMC number nor a file"):
        parse({"name": "mine", "sources": ["dois"], "dois": "nowhere.txt"})


def test_the_schema_admits_one_value_where_a_list_is_taken_for_the_server_checks_parameters_by_it() -> None:
    schema = Query.model_json_schema()
    for key in ("sources", "folder", "dois", "save_format", "licences"):
        given = str(schema["properties"][key])
        assert "'array'" in given, key
        assert "'string'}, {" in given, key
