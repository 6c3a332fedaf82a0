"""Every harvest measures itself: in the ledger, in MLflow, in its report."""

import datetime as dt
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from prefect import flow
from prefect.client.orchestration import get_client

from exsclaim.ledger import Ledger
from exsclaim.quality.metrics import BY_NAME
from exsclaim.query import Query
from flows.harvest import harvest
from flows.quality import tell_prefect
from journal.journal import DemoJournal, demo_faults
from journal.server import JournalServer

Mirror = Callable[[str], None]


def nights_in(home: Path) -> dict[str, dict[str, float]]:
    """Source -> metrics of the only harvest."""
    ledger = Ledger(home / "ledger.sqlite")
    nights = ledger.metrics()
    ledger.close()
    assert len({night.harvest for night in nights}) == 1
    return {night.source: night.metrics for night in nights}


def test_a_harvest_is_measured_by_what_it_did(journal: DemoJournal, query: Query, mirrored: Mirror, home: Path) -> None:
    with JournalServer(journal, demo_faults(journal.articles)) as server:
        mirrored(server.url)
        summary = harvest(query)
        metrics = nights_in(home)["nature"]
        assert set(metrics) <= set(BY_NAME)
        assert metrics["found"] == metrics["pages"] == len(journal.articles)
        assert metrics["articles"] == summary.articles
        assert metrics["figures"] == summary.figures
        assert metrics["panels"] == summary.panels
        assert metrics["retries"] * metrics["requests"] == pytest.approx(2, abs=1e-3)
        assert metrics["fetch_success"] == pytest.approx(1 - 1 / metrics["requests"], abs=1e-5)
        assert metrics["parsed"] == metrics["with_figures"] == metrics["with_caption"] == 1
        assert 0.5 < metrics["label_agreement_f1"] <= 1
        assert sum(value for name, value in metrics.items() if name.startswith("kinds.")) == pytest.approx(1, abs=1e-4)
        # done over on the same day, with everything in the cache, it is the same night
        harvest(query)
        again = nights_in(home)["nature"]
    untimed = {name for name in metrics if name != "retries"}
    assert {name: again[name] for name in untimed} == {name: metrics[name] for name in untimed}


def test_a_night_in_which_nothing_was_new_has_no_shares(
    journal: DemoJournal, query: Query, mirrored: Mirror, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with JournalServer(journal) as server:
        mirrored(server.url)
        harvest(query)
    ledger = Ledger(home / "ledger.sqlite")
    (first,) = {night.harvest for night in ledger.metrics()}
    # the harvest becomes yesterday's
    yesterday = (dt.date.fromisoformat(first) - dt.timedelta(days=1)).isoformat()
    for table, column in (("harvests", "id"), ("harvests", "started"), ("harvests", "finished"),
                          ("articles", "harvest"), ("harvest_metrics", "harvest"),
                          ("harvest_metrics", "day")):  # fmt: skip
        ledger._db.execute(f"UPDATE {table} SET {column} = ?", (yesterday,))
    ledger.close()
    with JournalServer(journal) as server:
        mirrored(server.url)
        harvest(query)
    ledger = Ledger(home / "ledger.sqlite")
    second = next(night for night in reversed(ledger.metrics()) if night.source == "nature")
    ledger.close()
    assert second.harvest == first
    assert (second.metrics["found"], second.metrics["figures"]) == (len(journal.articles), 0)
    assert "label_agreement_f1" not in second.metrics
    assert (home / "quality" / query.name / "quality.html").is_file()
    assert (home / "quality" / query.name / "quality.png").is_file()


def test_queries_whose_names_share_their_latin_letters_have_artifacts_of_their_own(
    journal: DemoJournal, query: Query, mirrored: Mirror
) -> None:
    names = ("silver", "Silver", "纳米银", "νανοσωματίδια", "金 TEM", "银 TEM")
    with JournalServer(journal) as server:
        mirrored(server.url)
        summary = harvest(query.model_copy(update={"maximum_scraped": 1}), separate=False)

    @flow(name="night")
    def night() -> None:
        for name in names:
            tell_prefect(summary.model_copy(update={"query_name": name}), [])

    night()
    with get_client(sync_client=True) as client:
        shown = {artifact.description: artifact.key for artifact in client.read_artifacts()}
    keys = [shown[f"Quality of {name}"] for name in names]
    assert keys[0] == "quality-silver"
    assert keys[1].startswith("quality-silver-")
    assert len(set(keys)) == len(names)


def test_mlflow_knows_the_metrics_the_versions_and_the_weights(
    journal: DemoJournal, query: Query, mirrored: Mirror, home: Path
) -> None:
    from mlflow.tracking import MlflowClient

    with JournalServer(journal) as server:
        mirrored(server.url)
        harvest(query)
    client = MlflowClient(tracking_uri=os.environ["MLFLOW_TRACKING_URI"])
    experiment = client.get_experiment_by_name("exsclaim-harvest")
    assert experiment is not None
    (run,) = client.search_runs([experiment.experiment_id])
    assert run.info.status == "FINISHED"
    for name, value in nights_in(home)["nature"].items():
        assert run.data.metrics[f"quality/nature/{name}"] == value
    assert run.data.metrics["quality/flags"] == 0
    assert {"separation", "captions", "model.panels", "model.reader"} <= set(run.data.tags)
