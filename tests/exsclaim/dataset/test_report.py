"""failures.json for programs, report.md for people."""

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from exsclaim.dataset import HarvestedArticle, LeftOut
from exsclaim.dataset.publish.publishing import Published
from exsclaim.dataset.publish.report import write_failures, write_report
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


def report_of(published: Published, **more: Any) -> tuple[str, str]:
    """report.md and report.html."""
    told: dict[str, Any] = {
        "query_name": "silver", "harvest_id": "2026-11-20", "failures": [], "versions": {"code": "0.1.0"},
    }  # fmt: skip
    write_report(published.folder, published=published, **(told | more))
    return (published.folder / "report.md").read_text(), (published.folder / "report.html").read_text()


def test_the_report_shows_counts_failures_and_versions(
    harvested: Harvester, night: Publisher, failures: list[Failure]
) -> None:
    text, _ = report_of(night("2026-11-20", harvested()), failures=failures)
    assert "| panels | 4 |" in text
    assert "| of these microscopy | 2 |" in text
    assert "| panels with a scale | 2 (50.0%) |" in text
    assert "| fetch | nature/x2 | 404 Not Found | 3 | 2026-11-27 |" in text
    assert "| fetch | 404 Not Found (GoneError) | 1 | 0 |" in text
    assert "| code | 0.1.0 |" in text


def test_the_page_shows_samples_of_each_kind_and_technique(harvested: Harvester, night: Publisher) -> None:
    articles = [harvested(f"x{n}", seed=n) for n in range(8)]
    text, page = report_of(night("2026-11-20", *articles))
    for title in ("microscopy: 16", "graph: 16", "TEM: 16"):
        assert f"### {title}" in text
        assert f"<h3>{title}</h3>" in page
    # of two kinds and one technique six samples, of eight doubtful figures the drawing
    assert page.count('src="data:image/jpeg;base64,') == 3 * 6 + 8
    sampled = text.partition("### microscopy")[2].partition("###")[0]
    assert len({line.split("/")[1] for line in sampled.splitlines() if line.startswith("- ")}) == 6  # articles


def test_the_report_shows_how_scales_are_distributed(harvested: Harvester, night: Publisher) -> None:
    text, _ = report_of(night("2026-11-20", harvested()))
    assert "| 3.2 to 10 | 2 | ████████████████████ |" in text  # 50 nm / 10.5 px


def test_the_most_doubtful_figures_are_linked(harvested: Harvester, night: Publisher) -> None:
    text, page = report_of(night("2026-11-20", harvested("x1", figures=1)))
    assert "[nature/x1/fig1](<figures/x1_fig1.jpg>), 1 doubts about 2 panels: label_missing" in text
    assert '<a href="figures/x1_fig1.jpg"' in page
    assert '<a href="https://journal.example/articles/x1"' in page


def test_the_report_says_what_the_harvest_changed(harvested: Harvester, night: Publisher) -> None:
    night("2026-11-20", harvested("x1"), harvested("x2", seed=2))
    gone = LeftOut(article_id="nature/x2", url="https://journal.example/x2", reason="retracted")
    published = night("2026-11-21", harvested("x1", caption="Gold"), harvested("x3", seed=3), left_out=[gone])
    text, _ = report_of(published, harvest_id="2026-11-21")
    for line in ("articles added | 1", "articles changed | 1", "articles withdrawn | 1", "nature/x2 | retracted"):
        assert f"| {line} |" in text
    assert "Nothing has changed." in report_of(published, harvest_id="2026-11-22")[0]


def test_a_report_of_nothing_is_a_report(night: Publisher) -> None:
    text, page = report_of(night("2026-11-20"))
    assert "| panels | 0 |" in text
    assert "No panel has a doubt." in page


def test_text_of_others_makes_no_cells_and_no_html(
    harvested: Harvester, night: Publisher, failures: list[Failure]
) -> None:
    text, page = report_of(night("2026-11-20", harvested(caption="<b onx=1>")), query_name="a\n# b", failures=failures)
    assert r"503 \| &lt;b&gt;busy&lt;/b&gt;" in text
    assert "<b>busy" not in page
    assert text.startswith("# a # b\n")


def test_articles_of_earlier_harvests_are_spoken_of_where_there_are_any(harvested: Harvester, night: Publisher) -> None:
    first, _ = report_of(night("2026-11-20", harvested("x1")))
    assert ": all articles are as this harvest found them." in first
    second, _ = report_of(night("2026-11-21", harvested("x2", seed=2)))
    assert ": articles as this harvest found them: 1; as earlier harvests found them: 1." in second
