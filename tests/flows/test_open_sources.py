"""Whole harvests from PMC, Europe PMC and arXiv, from stand-ins that misbehave as the real services do."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pandas as pd
import pytest
from typer.testing import CliRunner

from exsclaim.query import Query, parse
from flows.harvest import harvest
from flows.harvest_command import app
from journal.articles import DemoArticle
from journal.arxiv import DemoArxiv
from journal.faults import Fault, FaultKind, Faults
from journal.journal import DemoJournal
from journal.open_access import KEY, PREFIX, DemoOpenAccess
from journal.pmc import DemoPmc
from journal.server import JournalServer, Routes
from tests.journal.test_harvested_by_wiley import document

Mirror = Callable[[str], None]


class Service(NamedTuple):
    """A stand-in, its faults, and what a harvest of it has to come to."""

    routes: Routes
    faults: Faults
    heals: int
    """Faults that go away."""
    walled: str
    """Part of the address behind a bot wall."""


def service(source: str, articles: tuple[DemoArticle, ...]) -> Service:
    """The first article is retracted, the second is reached after many a fault, the third is behind a bot wall."""
    retracted, faulty, walled = articles[:3]
    if source == "arxiv":
        arxiv = DemoArxiv(articles, withdrawn=[retracted.name])
        ids = {article.name: id for id, article in arxiv.articles.items()}
        faults = (
            Fault("/export.arxiv.org/api/query", (429, 503), retry_after_s=1),
            Fault("/oaipmh.arxiv.org/oai", (FaultKind.TRUNCATED,)),
            Fault(f"/export.arxiv.org/e-print/{ids[faulty.name]}v2", (FaultKind.SLOW,)),
            Fault(f"/export.arxiv.org/e-print/{ids[walled.name]}v2", (FaultKind.ROBOT_CHECK,), for_ever=True),
        )
        return Service(arxiv, Faults(*faults), 4, f"/e-print/{ids[walled.name]}v2")
    pmc = DemoPmc(articles, retracted=[retracted.name])
    numbers = {article.name: pmcid for pmcid, article in pmc.articles.items()}
    first, second = numbers[faulty.name], numbers[walled.name]
    text = {"pmc": f"/*/{second}.2/{second}.2.xml", "europepmc": f"/*/rest/{second}/fullTextXML"}[source]
    faults = (
        Fault("/www.ebi.ac.uk/europepmc/webservices/rest/search", (429, 503), retry_after_s=1),
        Fault(f"/*/metadata/{first}.2.json", (FaultKind.TRUNCATED, 500)),
        Fault(f"/*/{first}.2/*-g001.jpg", (FaultKind.SLOW,)),
        Fault(f"/*/{first}.2/*-g002.jpg", (FaultKind.RESET,)),
        Fault(text, (FaultKind.ROBOT_CHECK,), for_ever=True),
    )
    return Service(pmc, Faults(*faults), 6, text.rpartition("/")[2])


def query(source: str, folder: Path) -> Query:
    """Finds the demo journal's articles under CC BY: three of its first four."""
    return parse(
        {
            "name": "silver",
            "sources": [source],
            "licences": ["CC BY"],
            "query": {"search_field_1": {"term": "gold", "synonyms": ["silver nanoparticle"]}},
            "results_dir": str(folder),
        }
    )


@pytest.mark.parametrize("source", ["pmc", "europepmc", "arxiv"])
def test_a_harvest_heals_what_heals_says_what_it_leaves_out_and_reports_a_wall(
    journal: DemoJournal, tmp_path: Path, mirrored: Mirror, monkeypatch: pytest.MonkeyPatch, source: str
) -> None:
    monkeypatch.setenv("EXSCLAIM_TIMEOUT_S", "6")
    monkeypatch.setattr("journal.server.SLOW_S", 8.0)
    monkeypatch.setenv("EXSCLAIM_HTTP_ATTEMPTS", "6")
    retracted, faulty, walled = journal.articles[:3]
    there = service(source, journal.articles)
    with JournalServer(there.routes, there.faults) as server:
        mirrored(server.url)
        summary = harvest(query(source, tmp_path))
        asked = len(server.requests)
        again = harvest(query(source, tmp_path))
        new = server.requests[asked:]

    assert summary.retries >= there.heals
    (failure,) = summary.failures
    assert "robot" in failure.cause
    assert there.walled in failure.url
    assert [each.reason for each in summary.left_out] == ["retracted"]
    assert (summary.articles, summary.figures) == (1, len(faulty.figures))

    articles = pd.read_parquet(tmp_path / "silver" / "data" / "articles")
    assert list(articles.doi) == [faulty.doi]
    assert list(articles.licence) == ["CC-BY-4.0"]
    figures = pd.read_parquet(tmp_path / "silver" / "data" / "figures").sort_values("number")
    assert list(figures.number) == [figure.number for figure in faulty.figures]
    report = (tmp_path / "silver" / "report.md").read_text()
    assert "## Articles left out" in report
    assert "retracted" in report
    assert retracted.doi not in articles.doi.tolist()
    assert walled.doi not in articles.doi.tolist()

    # what is behind the wall is tried again by the next harvest, and nothing else is asked for
    assert all(there.walled in target or "oaipmh" in target for target in new)
    assert again.figures == summary.figures


def test_what_is_retracted_after_it_was_published_leaves_the_data_set(
    journal: DemoJournal, tmp_path: Path, mirrored: Mirror
) -> None:
    wanted = query("pmc", tmp_path)
    first = journal.articles[0]
    with JournalServer(DemoPmc(journal.articles[:1])) as server:
        mirrored(server.url)
        assert harvest(wanted).articles == 1
    with JournalServer(DemoPmc(journal.articles[:1], retracted=[first.name])) as server:
        mirrored(server.url)
        later = harvest(wanted, refresh=True)
    assert later.articles == 0
    assert [each.reason for each in later.left_out] == ["retracted"]
    assert not (tmp_path / "silver" / "data").exists()


def test_the_terminal_says_what_is_left_out(journal: DemoJournal, tmp_path: Path, mirrored: Mirror) -> None:
    file = tmp_path / "query.json"
    file.write_text(json.dumps(query("pmc", tmp_path).model_dump(mode="json", exclude={"save_format"})))
    with JournalServer(DemoPmc(journal.articles[:1], retracted=[journal.articles[0].name])) as server:
        mirrored(server.url)
        result = CliRunner().invoke(app, [str(file)])
    assert "article left out (1 retracted; which, says report.md)" in result.output


@pytest.mark.parametrize(
    ("source", "search"),
    [
        ("openalex", "/api.openalex.org/works"),
        ("chemrxiv", "/chemrxiv.org/*"),
        ("preprints", "*/webservices/rest/search"),
    ],
)
def test_a_service_of_open_copies_is_harvested_whole_and_the_next_harvest_asks_for_nothing(
    journal: DemoJournal, tmp_path: Path, mirrored: Mirror, monkeypatch: pytest.MonkeyPatch, source: str, search: str
) -> None:
    monkeypatch.setenv("EXSCLAIM_OPENALEX_KEY", KEY)
    wanted = query(source, tmp_path).model_copy(update={"maximum_scraped": 1, "licences": ()})
    faults = Faults(Fault(search, (503,), retry_after_s=1), Fault("/repository.example/*", (FaultKind.TRUNCATED,)))
    with JournalServer(DemoOpenAccess(journal.articles, document()), faults) as server:
        mirrored(server.url)
        summary = harvest(wanted)
        asked = len(server.requests)
        harvest(wanted)
        assert len(server.requests) == asked
    assert (summary.articles, summary.failures) == (1, ())
    articles, figures = (pd.read_parquet(tmp_path / "silver" / "data" / table) for table in ("articles", "figures"))
    assert list(articles.source) == [source]
    assert articles.licence[0].startswith("CC-BY")  # OpenAlex and Unpaywall give no version
    assert len(figures) == summary.figures >= 1
    assert all(figures.caption)


def test_a_list_of_dois_is_harvested_from_open_copies_and_what_nobody_knows_is_told(
    journal: DemoJournal, tmp_path: Path, mirrored: Mirror, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EXSCLAIM_CONTACT", "me@lab.example")
    opened = next(article for article in journal.articles if article.is_open)
    listed = tmp_path / "dois.txt"
    listed.write_text(f"{PREFIX}/{opened.name}\nhttps://doi.org/{PREFIX}/nobody-has-it\n")
    wanted = parse({"name": "mine", "sources": ["dois"], "dois": str(listed), "results_dir": str(tmp_path)})
    with JournalServer(DemoOpenAccess(journal.articles, document())) as server:
        mirrored(server.url)
        summary = harvest(wanted)
    articles = pd.read_parquet(tmp_path / "mine" / "data" / "articles")
    assert list(articles.doi) == [f"{PREFIX}/{opened.name}"]
    (failure,) = summary.failures
    assert "nobody-has-it" in failure.url
