"""failures.json for programs, report.md for people."""

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from exsclaim.dataset import HarvestedArticle
from exsclaim.dataset.publishing import Published
from exsclaim.dataset.report import write_failures, write_report
from exsclaim.errors import ExsclaimError, GoneError, TransientFetchError
from exsclaim.ledger import Ledger
from exsclaim.recovery import Failure, Fault

Harvester = Callable[..., HarvestedArticle]
Publisher = Callable[..., Published]
TODAY = dt.date(2026, 11, 20)


@pytest.fixture
def failures(tmp_path: Path) -> list[Failure]:
    ledger = Ledger(tmp_path / "ledger.sqlite")
    errors: list[tuple[str, ExsclaimError]] = [
        ("nature/x2", GoneError("https://journal.example/x2", "404 Not Found", status=404)),
        ("nature/x1", TransientFetchError("https://journal.example/x1", "503 | <b>busy</b>", status=503)),
    ]
    for id, error in errors:
        fault = Fault.of(error).model_copy(update={"attempts": 3, "url": f"https://journal.example/{id}"})
        ledger.record_failure("fetch", id, fault, query_digest="q", harvest="2026-11-20", today=TODAY)
    found = ledger.failures("q")
    ledger.close()
    return found


def test_failures_say_what_failed_and_when_it_is_tried_again(failures: list[Failure], tmp_path: Path) -> None:
    write_failures(tmp_path / "failures.json", failures)
    first, second = json.loads((tmp_path / "failures.json").read_text())
    assert (first["id"], first["will_be_retried"], first["retry_on_or_after"]) == ("nature/x1", True, None)
    assert (second["id"], second["will_be_retried"], second["retry_on_or_after"]) == ("nature/x2", False, "2026-11-27")
    assert (second["stage"], second["cause"], second["attempts"]) == ("fetch", "404 Not Found", 3)
    assert second["url"] == "https://journal.example/nature/x2"


def test_no_failures_are_an_empty_list(tmp_path: Path) -> None:
    write_failures(tmp_path / "failures.json", [])
    assert json.loads((tmp_path / "failures.json").read_text()) == []


def test_the_summary_counts_over_all_harvests(harvested: Harvester, night: Publisher) -> None:
    night("2026-11-20", harvested("x1"))
    found = night("2026-11-21", harvested("x2", figures=1, labels=("a", None), seed=2))
    assert (found.articles, found.open_articles, found.figures, found.panels) == (2, 2, 3, 6)
    assert found.panels_by_kind == {"graph": 3, "microscopy": 3}
    assert (found.panels_with_label, found.panels_with_caption, found.panels_with_scale) == (5, 3, 3)
    # the captions name a, b, c in each of three figures; a is seen in three, b in two
    assert found.label_agreement == pytest.approx(5 / 9, abs=1e-4)


def test_an_empty_data_set_has_no_label_agreement(night: Publisher) -> None:
    assert night("2026-11-20").label_agreement is None


def test_the_report_shows_counts_failures_and_versions(
    harvested: Harvester, night: Publisher, failures: list[Failure], tmp_path: Path
) -> None:
    published = night("2026-11-20", harvested())
    path = tmp_path / "report.md"
    write_report(
        path, query_name="silver", harvest_id="2026-11-20", published=published, failures=failures,
        versions={"code": "0.1.0"},
    )  # fmt: skip
    text = path.read_text()
    assert "| panels | 4 |" in text
    assert "| of these microscopy | 2 |" in text
    assert "| panels with a scale | 2 (50.0%) |" in text
    assert "| fetch | nature/x2 | 404 Not Found | 3 | 2026-11-27 |" in text
    assert "| code | 0.1.0 |" in text


def test_text_of_others_makes_no_cells_and_no_html(
    harvested: Harvester, night: Publisher, failures: list[Failure], tmp_path: Path
) -> None:
    path = tmp_path / "report.md"
    write_report(
        path, query_name="a\n# b", harvest_id="h", published=night("2026-11-20"), failures=failures, versions={}
    )
    text = path.read_text()
    assert r"503 \| &lt;b&gt;busy&lt;/b&gt;" in text
    assert text.startswith("# a # b\n")
