"""Whole harvests from each publisher, from stand-ins that misbehave as the real services do."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from exsclaim.query import Query, parse
from flows.harvest import harvest
from journal.faults import Fault, FaultKind, Faults
from journal.journal import DemoJournal
from journal.publishers import ELSEVIER_DOOR, KEY, WILEY_DOOR, DemoPublishers
from journal.server import Answer, JournalServer
from tests.exsclaim.sources.pdf.paper import Paper, micrograph

Mirror = Callable[[str], None]

SEARCHES = {
    "springer": "*/openaccess/jats", "elsevier": "*/search/scopus", "acs": "*/works", "rsc": "*/en/results",
    "wiley": "*/works",
}  # fmt: skip
ARTICLES = {
    "springer": "*/openaccess/jats", "elsevier": "*/article/doi/*", "acs": "*/full-xml/*", "rsc": "*/articlehtml/*",
    "wiley": "*/tdm/v1/articles/*",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _turned_on(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EXSCLAIM_SCRAPE", "acs,rsc")
    for name in ("SPRINGER", "ELSEVIER", "WILEY"):
        monkeypatch.setenv(f"EXSCLAIM_{name}_KEY", KEY)
    monkeypatch.setenv("EXSCLAIM_HTTP_ATTEMPTS", "6")


class Publishers:
    """The demo's articles at every publisher; Wiley's as a PDF with one figure."""

    def __init__(self, journal: DemoJournal) -> None:
        self._publishers = DemoPublishers(journal.articles)
        paper = Paper()
        sheet = paper.sheet()
        y = sheet.prose(60, 80, 12, letters=80)
        sheet.image(60, y + 10, 300, y + 190, micrograph(360, 480))
        sheet.block(60, y + 205, ["Figure 1. TEM image of silver particles, scale bar 50 nm."], 8)
        sheet.prose(60, y + 240, 12, letters=80, seed=2)
        self._pdf = paper.bytes()

    def __call__(self, target: str) -> Answer:
        if "/tdm/v1/articles/" in target:
            return Answer(self._pdf, "application/pdf")
        return self._publishers(target)


def query(source: str, folder: Path) -> Query:
    return parse(
        {
            "name": "silver",
            "sources": [source],
            "maximum_scraped": 2,
            "allow_unknown_licences": True,
            "query": {"search_field_1": {"term": "nanoparticles"}},
            "results_dir": str(folder),
        }
    )


@pytest.mark.parametrize("source", list(SEARCHES))
def test_a_harvest_heals_what_heals_and_the_next_asks_for_nothing(
    journal: DemoJournal, tmp_path: Path, mirrored: Mirror, source: str
) -> None:
    faults = Faults(
        Fault(SEARCHES[source], (429, 503), retry_after_s=1),
        Fault(ARTICLES[source], (FaultKind.TRUNCATED, 500)),
    )
    with JournalServer(Publishers(journal), faults, doors=[ELSEVIER_DOOR, WILEY_DOOR]) as server:
        mirrored(server.url)
        summary = harvest(query(source, tmp_path))
        asked = len(server.requests)
        harvest(query(source, tmp_path))
        assert len(server.requests) == asked
    assert summary.failures == ()
    assert summary.articles == 2
    assert summary.retries >= (2 if source == "springer" else 4)  # whose search has the articles in it
    articles, figures = (pd.read_parquet(tmp_path / "silver" / "data" / table) for table in ("articles", "figures"))
    assert set(articles.source) == {source}
    assert len(figures) == summary.figures >= 2
    assert all(figures.caption)


@pytest.mark.parametrize("source", list(SEARCHES))
def test_a_bot_wall_is_reported_and_nothing_harvested_behind_it(
    journal: DemoJournal, tmp_path: Path, mirrored: Mirror, source: str
) -> None:
    wall = Faults(Fault("*", (FaultKind.ROBOT_CHECK,), for_ever=True))
    with JournalServer(Publishers(journal), wall, doors=[ELSEVIER_DOOR, WILEY_DOOR]) as server:
        mirrored(server.url)
        summary = harvest(query(source, tmp_path))
    assert summary.articles == 0
    (failure,) = summary.failures
    assert (failure.stage, failure.error) == ("search", "BlockedError")
    assert "robot" in failure.cause
