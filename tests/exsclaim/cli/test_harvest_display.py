"""The end of a harvest in the terminal: what failed, a line for each cause."""

import datetime as dt
import io
import logging
from pathlib import Path

import pytest
from rich.console import Console

from exsclaim.cli.harvest_display import SHOWN_CAUSES, TerminalProgress, show_failures, show_summary
from exsclaim.harvests.harvest_counts import STAGES, StageCount
from exsclaim.harvests.harvest_summary import HarvestSummary
from exsclaim.recovery import Failure

DAY = dt.date(2026, 5, 4)


def failure(name: str, cause: str, *, stage: str = "fetch") -> Failure:
    return Failure(
        stage=stage, id=f"folder/{name}", url=f"file:///papers/{name}", cause=cause, error="PdfError", attempts=1,
        will_retry=False, retry_after=DAY, first_failed=DAY, last_tried=DAY, harvest="h1",
    )  # fmt: skip


def said(*failures: Failure) -> list[str]:
    out = io.StringIO()
    show_failures(Console(file=out, width=200), failures)
    return out.getvalue().splitlines()


def test_one_cause_of_many_files_is_one_line() -> None:
    failures = [failure(f"cv {n}.pdf", f"cv {n}.pdf: no figures are in it") for n in range(3)]
    assert said(*failures, failure("old.pdf", "a scan without text")) == [
        "  fetch /papers/cv 0.pdf: no figures are in it, and 2 more likewise",
        "  fetch /papers/old.pdf: a scan without text",
    ]


def test_a_file_is_named_as_its_user_names_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    inside = failure("x", "2020/a b.pdf: no figures are in it")
    inside = inside.model_copy(update={"url": f"{tmp_path.as_uri()}/own/./2020/a%20b.pdf"})
    assert said(inside) == ["  fetch own/2020/a b.pdf: no figures are in it"]
    assert inside.tried_again == "tried again as soon as the file is changed, else on 2026-05-04"
    assert (
        failure("x", "gone").model_copy(update={"url": "https://a.org/x"}).tried_again == "left alone until 2026-05-04"
    )


def test_figures_that_lack_their_images_are_one_line_and_are_tried_when_a_file_is_put_there() -> None:
    cause = "2020/x.xml: the image is not in its folder; put it beside it (named there: 'gr{}')"
    failures = [
        failure(f"fig{n}", cause.format(n)).model_copy(
            update={
                "stage": "figures", "url": f"folder/x/fig{n}", "id": f"folder:file:///papers/./2020/x.xml#fig{n}"
            }
        )
        for n in range(3)
    ]  # fmt: skip
    assert said(*failures) == [
        "  figures folder/x/fig0: 2020/x.xml: the image is not in its folder; put it beside it (named there: 'gr0'),"
        " and 2 more likewise"
    ]
    assert failures[0].tried_again == "tried again as soon as the file is changed, else on 2026-05-04"


def test_the_name_of_the_file_in_an_address_is_no_part_of_the_cause() -> None:
    escaped = failure("a%20b.pdf", "a b.pdf: no figures are in it")
    assert escaped.shared_cause == failure("c.pdf", "c.pdf: no figures are in it").shared_cause


def test_causes_that_are_not_shown_are_counted_by_what_they_hit() -> None:
    failures = [failure("x.pdf", f"cause {n}") for n in range(SHOWN_CAUSES)]
    hidden = [failure(name, "the last") for name in ("y.pdf", "z.pdf")]
    assert said(*failures, *hidden)[SHOWN_CAUSES:] == ["  … and 2 more in failures.json"]


def summary_of(results: Path, fetched: StageCount) -> HarvestSummary:
    return HarvestSummary(
        query_name="silver", harvest_id="h1", results=results, known=0, articles=0, figures=0, panels=0,
        panels_by_kind={}, panels_with_label=0, panels_with_scale=0, scalable_panels=0, scale_share=None,
        label_agreement=None, missing_labels=0, failures=(), left_out=(), retries=0, seconds=1.0,
        stages={stage: StageCount() for stage in STAGES} | {"fetch": fetched},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("fetched", "cells"),
    [
        (StageCount(planned=3, done=3), ["fetch", "3/3", "0.0"]),
        (StageCount(planned=3, done=2, cached=1, failed=1), ["fetch", "2/3", "1 cached, 1 failed", "0.0"]),
    ],
)
def test_the_table_has_a_column_for_what_is_cached_or_failed_only_where_something_is(
    tmp_path: Path, fetched: StageCount, cells: list[str]
) -> None:
    out = io.StringIO()
    show_summary(Console(file=out, width=200), summary_of(tmp_path, fetched))
    row = next(line for line in out.getvalue().splitlines() if "fetch" in line)
    assert [cell.strip() for cell in row.strip("│").split("│")] == cells


@pytest.mark.parametrize(("fetched", "why"), [(0, "no source found an article"), (3, "is one that the query admits")])
def test_a_harvest_without_an_article_says_where_to_look_and_lists_what_is_there(
    tmp_path: Path, fetched: int, why: str
) -> None:
    (tmp_path / "failures.json").touch()
    summary = summary_of(tmp_path, StageCount(planned=fetched, done=fetched))
    out = io.StringIO()
    show_summary(Console(file=out, width=200), summary)
    assert why in out.getvalue()
    assert out.getvalue().splitlines()[-1] == "  failures.json"
    out.truncate(0)
    show_summary(Console(file=out, width=200), summary.model_copy(update={"articles": 1}))
    assert why not in out.getvalue()


@pytest.mark.parametrize("name", ["exsclaim.ledger", "models.annotated_figures"])
def test_what_counts_as_nothing_is_told_on_the_terminal_and_not_in_the_log_alone(name: str) -> None:
    out = io.StringIO()
    with TerminalProgress(Console(file=out, width=120)).showing_news():
        logging.getLogger(name).warning("the ledger is new, the type is none")
    assert out.getvalue() == "! the ledger is new, the type is none\n"
