"""The main job against the demo journal: what is found, what is retried, what is remembered."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from exsclaim.errors import BusyError
from exsclaim.query import Query
from flows.harvest import harvest
from journal.faults import Fault, FaultKind, Faults
from journal.journal import DemoJournal, demo_faults
from journal.server import JournalServer

Mirror = Callable[[str], None]


def published(query: Query) -> dict[str, bytes]:
    return published_in(query.results_dir / query.name)


def published_in(folder: Path) -> dict[str, bytes]:
    """All that a harvest published, but for its log and its lock."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.suffix != ".log" and path.name != ".lock"
    }


def failures(query: Query) -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads((query.results_dir / query.name / "failures.json").read_text())
    return found


def test_a_query_becomes_a_data_set(journal: DemoJournal, query: Query, mirrored: Mirror) -> None:
    with JournalServer(journal) as server:
        mirrored(server.url)
        summary = harvest(query)
    open_articles = [article for article in journal.articles if article.is_open]
    assert summary.articles == len(open_articles)
    assert summary.figures == sum(len(article.figures) for article in open_articles)
    assert summary.panels > summary.figures
    assert summary.failures == ()
    panels = pd.read_parquet(query.results_dir / query.name / "data" / "panels")
    assert len(panels) == summary.panels
    assert set(panels.doi) == {article.doi for article in open_articles}
    assert set(panels.licence) <= {"CC-BY-4.0", "CC-BY-NC-4.0"}


def test_a_second_harvest_asks_for_nothing_and_changes_nothing(
    journal: DemoJournal, query: Query, mirrored: Mirror
) -> None:
    with JournalServer(journal, demo_faults(journal.articles)) as server:
        mirrored(server.url)
        first = harvest(query)
        before, asked = published(query), len(server.requests)
        second = harvest(query)
        assert len(server.requests) == asked
    assert published(query) == before
    assert second.known == len(journal.articles)  # those that the query does not want are known, too
    assert (second.articles, second.figures, second.panels) == (first.articles, first.figures, first.panels)
    assert {stage for stage, count in second.stages.items() if count.planned} == {"search", "publish"}
    assert second.stages["search"].cached == 1


def test_what_heals_is_retried_and_what_is_gone_is_recorded(
    journal: DemoJournal, query: Query, mirrored: Mirror
) -> None:
    with JournalServer(journal, demo_faults(journal.articles)) as server:
        mirrored(server.url)
        summary = harvest(query)
    assert summary.retries == 2
    assert summary.articles == sum(article.is_open for article in journal.articles)
    (gone,) = failures(query)
    assert gone["stage"] == "figures"
    assert "404" in str(gone["cause"])
    assert gone["will_be_retried"] is False


def test_a_server_that_stays_down_is_tried_again_by_the_next_harvest(
    journal: DemoJournal, query: Query, mirrored: Mirror
) -> None:
    name = next(article.name for article in journal.articles if article.is_open)
    with JournalServer(journal, Faults(Fault(f"*/articles/{name}", (503, 503, 503)))) as server:
        mirrored(server.url)
        first = harvest(query)
        (failure,) = failures(query)
        assert failure["attempts"] == 3  # one try and two retries
        assert failure["will_be_retried"] is True
        second = harvest(query)
    assert second.articles == first.articles + 1
    assert failures(query) == []


def test_a_robot_page_is_a_failure_and_is_not_kept(journal: DemoJournal, query: Query, mirrored: Mirror) -> None:
    name = next(article.name for article in journal.articles if article.is_open)
    with JournalServer(journal, Faults(Fault(f"*/articles/{name}", (FaultKind.ROBOT_CHECK,)))) as server:
        mirrored(server.url)
        harvest(query)
        assert any("robot" in str(failure["cause"]).lower() for failure in failures(query))
    with JournalServer(journal) as server:
        mirrored(server.url)
        healed = harvest(query)
    assert healed.failures == ()
    assert healed.articles == sum(article.is_open for article in journal.articles)


def test_a_new_model_re_runs_separation_alone(
    journal: DemoJournal, query: Query, mirrored: Mirror, monkeypatch: pytest.MonkeyPatch
) -> None:
    with JournalServer(journal) as server:
        mirrored(server.url)
        harvest(query)
        asked = len(server.requests)
        new_separation(monkeypatch)
        again = harvest(query)
        assert len(server.requests) == asked
    assert again.known == sum(not article.is_open for article in journal.articles)
    assert again.stages["separate"].cached == 0 < again.stages["separate"].done
    for stage in ("fetch", "figures", "captions"):
        assert again.stages[stage].cached == again.stages[stage].planned > 0


def new_separation(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if other code were installed."""
    monkeypatch.setattr("tasks.separate.SEPARATION_VERSION", "next")
    monkeypatch.setattr("exsclaim.harvests.harvest_summary.SEPARATION_VERSION", "next")


def test_an_image_lost_from_the_store_is_fetched_again_when_it_is_needed(
    journal: DemoJournal, query: Query, mirrored: Mirror, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with JournalServer(journal) as server:
        mirrored(server.url)
        harvest(query)
        before = pd.read_parquet(query.results_dir / query.name / "data" / "figures")
        largest = max((p for p in (home / "store").rglob("*") if p.is_file()), key=lambda p: p.stat().st_size)
        largest.unlink()
        asked = len(server.requests)
        new_separation(monkeypatch)
        harvest(query)
        assert len(server.requests) == asked + 1
    after = pd.read_parquet(query.results_dir / query.name / "data" / "figures")
    assert after.image_sha256.equals(before.image_sha256)


def test_a_figure_that_changed_at_its_url_is_separated_again(
    journal: DemoJournal, small_drawings: Path, query: Query, mirrored: Mirror, tmp_path: Path
) -> None:
    with JournalServer(journal) as server:
        mirrored(server.url)
        harvest(query)
    other = DemoJournal(shutil.copytree(small_drawings, tmp_path / "other"), count=4)
    first, second = other.articles[0].figures[:2]
    first.image.write_bytes(second.image.read_bytes())
    with JournalServer(other) as server:
        mirrored(server.url)
        refreshed = harvest(query, refresh=True)
    # the figures of an article are separated together
    anew = refreshed.stages["separate"].planned - refreshed.stages["separate"].cached
    assert anew == len(journal.articles[0].figures)
    panels = pd.read_parquet(query.results_dir / query.name / "data" / "figures")
    assert panels.image_sha256.duplicated().sum() == 1


def test_two_harvests_into_one_folder_do_not_mix(query: Query) -> None:
    from filelock import FileLock

    folder = query.results_dir / query.name
    folder.mkdir(parents=True)
    with FileLock(folder / ".lock"), pytest.raises(BusyError, match="another harvest"):
        harvest(query)
