"""A fault costs what it is a fault of: a figure, an article, or, where it is this machine's, nothing but time."""

import errno
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from exsclaim.errors import MachineError
from exsclaim.harvests.harvest_summary import MACHINE_AT_FAULT
from exsclaim.http import Client
from exsclaim.query import Query
from exsclaim.records import CaptionParts
from exsclaim.store import StoredResponse
from flows.harvest import harvest
from journal.faults import Fault, Faults
from journal.journal import DemoJournal
from journal.server import JournalServer
from tests.flows.test_command import run
from tests.flows.test_harvest import failures, new_separation

Mirror = Callable[[str], None]


@pytest.fixture
def two(query: Query) -> Query:
    """Two articles are enough, and their figures need not be separated."""
    return query.model_copy(update={"maximum_scraped": 2})


def figures(query: Query) -> pd.DataFrame:
    return pd.read_parquet(query.results_dir / query.name / "data" / "figures").set_index("id")


def test_a_full_disk_is_no_fault_of_the_figures_and_the_next_harvest_tries_them(
    journal: DemoJournal, two: Query, mirrored: Mirror, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", "/data/store")

    with JournalServer(journal) as server:
        mirrored(server.url)
        with monkeypatch.context() as patch:
            patch.setattr(Client, "image", full)
            first = harvest(two, separate=False)
        recorded = failures(two)
        second = harvest(two, separate=False)
    assert first.articles == 0
    assert {(each["error"], each["will_be_retried"]) for each in recorded} == {("MachineError", True)}
    assert "No space left on device (/data/store)" in str(recorded[0]["cause"])
    assert second.failures == ()
    assert second.articles > 0


def test_that_articles_met_a_full_disk_is_said_by_state_and_exit_code_until_the_next_harvest_has_them(
    journal: DemoJournal, tmp_path: Path, two: Query, mirrored: Mirror, monkeypatch: pytest.MonkeyPatch
) -> None:
    image = Client.image

    def full(self: Client, url: str, **options: Any) -> StoredResponse:
        if journal.articles[1].name in url:
            raise OSError(errno.ENOSPC, "No space left on device", "/data/store")
        return image(self, url, **options)

    with JournalServer(journal) as server:
        mirrored(server.url)
        with monkeypatch.context() as patch:
            patch.setattr(Client, "image", full)
            state = harvest(two, separate=False, return_state=True)
            command = run(tmp_path, "--no-separate", maximum_scraped=2)
        healed = run(tmp_path, "--no-separate", maximum_scraped=2)
    assert state.is_completed()
    assert state.name == MACHINE_AT_FAULT
    assert re.match(
        r"an article met a fault of this machine, .*: No space left on device \(/data/store\)", state.message
    )
    assert command.exit_code == 1
    assert healed.exit_code == 0, healed.output


def test_a_database_that_does_not_answer_is_recorded_and_holds_up_no_article(
    journal: DemoJournal, mirrored: Mirror, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EXSCLAIM_POSTGRES", "postgresql://me@127.0.0.1:1/figures")
    with JournalServer(journal) as server:
        mirrored(server.url)
        command = run(tmp_path, maximum_scraped=1, save_format=["postgres"])
    assert "no answer" in command.output
    assert command.exit_code == 0, command.output


def test_where_article_after_article_meets_a_fault_of_the_machine_the_harvest_stops(
    journal: DemoJournal, query: Query, mirrored: Mirror, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", "/data/store")

    monkeypatch.setattr("exsclaim.harvests.harvest_books.FAULTS_IN_A_ROW", 2)
    with JournalServer(journal) as server:
        mirrored(server.url)
        with monkeypatch.context() as patch:
            patch.setattr(Client, "image", full)
            with pytest.raises(MachineError, match=r"No space left on device.* the same command goes on"):
                harvest(query, separate=False)
        assert harvest(query, separate=False).failures == ()


def test_a_caption_that_breaks_the_splitter_costs_its_own_parts_only(
    journal: DemoJournal, two: Query, mirrored: Mirror, monkeypatch: pytest.MonkeyPatch
) -> None:
    import exsclaim.harvests.article_stages as stage

    broken: list[str] = []
    split = stage.split

    def breaks_once(caption: str, terms: Sequence[str] = ()) -> CaptionParts:
        if not broken or caption in broken:
            broken.append(caption)
            raise IndexError("string index out of range")
        return split(caption, terms)

    monkeypatch.setattr(stage, "split", breaks_once)
    with JournalServer(journal) as server:
        mirrored(server.url)
        summary = harvest(two, separate=False)
    (failure,) = summary.failures
    assert (failure.stage, failure.error) == ("captions", "DefectError")
    assert "IndexError: string index out of range" in failure.cause
    assert summary.figures == len(figures(two)) > 1


def test_text_that_no_file_can_hold_is_published_with_a_sign_in_its_place(
    journal: DemoJournal, two: Query, mirrored: Mirror, monkeypatch: pytest.MonkeyPatch
) -> None:
    from exsclaim import sources

    nature = sources.get("nature")
    read = nature.read

    def with_a_lone_surrogate(*args: Any, **options: Any) -> Any:
        fetched = read(*args, **options)
        odd = [figure.model_copy(update={"caption": f"\ud835 {figure.caption}"}) for figure in fetched.figures]
        return fetched.model_copy(update={"figures": tuple(odd)})

    monkeypatch.setattr(type(nature), "read", lambda self, *args, **options: with_a_lone_surrogate(*args, **options))
    with JournalServer(journal) as server:
        mirrored(server.url)
        summary = harvest(two, separate=False)
    assert summary.failures == ()
    assert figures(two).caption.str.startswith("\ufffd ").all()


def test_what_is_published_stays_while_its_image_cannot_be_had(
    journal: DemoJournal, two: Query, mirrored: Mirror, monkeypatch: pytest.MonkeyPatch
) -> None:
    with JournalServer(journal) as server:
        mirrored(server.url)
        harvest(two)
    before = figures(two)
    panels = pd.read_parquet(two.results_dir / two.name / "data" / "panels")
    new_separation(monkeypatch)
    with JournalServer(journal, Faults(Fault("*.png", (503,), for_ever=True))) as server:
        mirrored(server.url)
        again = harvest(two, refresh=True)
    assert set(figures(two).index) == set(before.index)
    assert len(pd.read_parquet(two.results_dir / two.name / "data" / "panels")) == len(panels)
    assert (again.articles, again.panels) == (before.article_id.nunique(), len(panels))
