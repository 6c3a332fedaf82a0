"""Findings in a history: flags in words, trends, the command, the report."""

import datetime as dt
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from exsclaim.cli import app
from exsclaim.ledger import Ledger
from exsclaim.quality.alarms import flags
from exsclaim.quality.metrics import BY_NAME, METRICS, HarvestMetrics, logged
from exsclaim.quality.quality_report import markdown, page, picture
from exsclaim.quality.trends import Trend, last_nights, spans, trends
from tests.exsclaim.quality.histories import history

DOCS = Path(__file__).parents[3] / "docs" / "quality.md"


def test_stable_histories_hardly_ever_have_flags() -> None:
    assert flags(history(40)) == []
    nights = [
        flags(nights[: 3 * last]) for nights in (history(40, seed=seed) for seed in (2, 3, 4)) for last in range(8, 41)
    ]
    assert sum(bool(found) for found in nights) <= 3


def test_a_fall_is_told_in_words_with_the_version_that_came_with_it() -> None:
    nights = history(40, separation={36: "12"}, changes={(36, "nature", "label_agreement_f1"): 0.81})
    (flag,) = [flag for flag in flags(nights) if flag.metric == "label_agreement_f1"]
    assert (flag.kind, flag.source) == ("drift", "nature")
    assert flag.message.startswith("label agreement fell from 0.9")
    assert flag.message.endswith("on nature since separation 12 (2024-11-22)")
    assert "(median of 28 nights)" in flag.message


def test_what_became_better_is_no_flag() -> None:
    nights = history(40, changes={(36, "nature", "micrographs_with_scale"): 0.98})
    assert flags(nights) == []


def test_a_parser_without_figures_is_named_and_explains_what_follows_from_it() -> None:
    (flag,) = flags(history(40, changes={(39, "arxiv", "with_figures"): 0.0}))
    assert (flag.kind, flag.source, flag.metric) == ("redesign", "arxiv", "with_figures")
    assert "pages give no figures any more" in flag.message
    assert "has probably been redesigned" in flag.message


@pytest.mark.parametrize(("metric", "said"), [("with_caption", "no captions"), ("parsed", "not understood")])
def test_captions_and_pages_that_go_missing_are_named(metric: str, said: str) -> None:
    found = flags(history(40, changes={(39, "arxiv", metric): 0.0}))
    assert [flag.kind for flag in found][:1] == ["redesign"]
    assert said in found[0].message


@pytest.mark.parametrize(
    ("metric", "said"),
    [
        ("parsed", "pages are not understood (none of the "),
        ("with_figures", "pages give no figures (none of the "),
        ("with_caption", "figures have no captions (none of the "),
    ],
)
def test_what_no_thing_of_a_source_ever_had_is_told_from_the_first_night_on(metric: str, said: str) -> None:
    for nights in (1, 2, 12):
        (flag,) = flags(history(nights, changes={(0, "arxiv", metric): 0.0}))
        assert (flag.kind, flag.source, flag.since) == ("redesign", "arxiv", "2024-10-17")
        assert flag.message.startswith(f"arxiv: {said}")


def test_a_folder_of_images_without_captions_is_no_news() -> None:
    assert flags(history(2, sources=("folder",), changes={(0, "folder", "with_caption"): 0.0})) == []


def test_two_articles_without_figures_are_no_news_and_one_with_figures_ends_it() -> None:
    def night(day: int, articles: int, share: float) -> HarvestMetrics:
        (of_all,) = history(1, sources=("arxiv",))[:1]
        measured = {"articles": float(articles), "with_figures": share}
        of_night = {"harvest": f"2026-11-{day:02}", "source": "arxiv", "metrics": measured}
        return of_all.model_copy(update=of_night)

    assert flags([night(1, 2, 0.0)]) == []
    assert len(flags([night(1, 2, 0.0), night(2, 1, 0.0)])) == 1
    assert flags([night(1, 2, 0.0), night(2, 1, 0.0), night(3, 2, 0.5)]) == []
    assert len(flags([night(1, 5, 0.0), night(2, 0, 0.0)])) == 1  # a night without anything new changes nothing


def test_a_search_that_finds_nothing_any_more_is_named() -> None:
    found = flags(history(40, changes={(39, "arxiv", "found"): 0.0}))
    assert any(flag.kind == "redesign" and "search no longer finds anything" in flag.message for flag in found)


def test_a_changed_query_begins_a_history_of_its_own() -> None:
    before, after = history(39), history(40, changes={(39, "arxiv", "micrographs_with_scale"): 0.0})[-3:]
    assert flags([*before, *after])
    assert flags([*before, *(night.model_copy(update={"query_digest": "changed"}) for night in after)]) == []


def test_few_nights_are_no_history() -> None:
    assert flags(history(7, changes={(6, "nature", "label_agreement_f1"): 0.4})) == []


def test_trends_are_by_source_and_all_together_come_first() -> None:
    nights = last_nights(history(40), 30)
    found = [trend for trend in trends(nights) if trend.metric == "panels"]
    assert [trend.source for trend in found] == ["", "arxiv", "nature"]
    assert all(len(trend.values) == 30 for trend in found)


def test_spans_end_where_a_version_changes() -> None:
    nights = [night for night in history(10, separation={6: "12"}) if night.source == "nature"]
    first, second = spans(nights)
    assert (first.nights, second.nights, second.changed) == (6, 4, ("separation 12",))


def test_a_sparkline_shows_steps_and_not_noise() -> None:
    def line(*values: float | None) -> str:
        harvests = tuple(map(str, range(len(values))))
        trend = Trend(query_name="q", source="", metric="m", title="m", harvests=harvests, values=values)
        return trend.sparkline(0.1)

    assert line(0.0, 1.0, None) == "▁█·"
    assert len(set(line(0.90, 0.905, 0.895))) == 1


def test_logged_names_say_the_source() -> None:
    assert logged({"panels": 1.0}, "") == {"quality/panels": 1.0}
    assert logged({"panels": 1.0}, "nature") == {"quality/nature/panels": 1.0}


def test_every_metric_is_taken_over_a_count() -> None:
    assert len(BY_NAME) == len(METRICS)
    assert all(BY_NAME[metric.of].kind == "count" for metric in METRICS if metric.of)


def test_the_documentation_has_every_metric() -> None:
    text = DOCS.read_text(encoding="utf-8")
    families = {"kinds": "`kinds.<kind>`", "seconds": "`seconds.<stage>`"}
    families |= {f"confidence.{model}": f"`confidence.{model}.p10`" for model in ("panels", "scale_bars", "reader")}
    names = {families.get(metric.name.rpartition(".")[0], f"`{metric.name}`") for metric in METRICS}
    assert {name for name in names if name not in text} == set()


def test_the_page_has_flags_charts_and_no_text_as_markup() -> None:
    nights = history(12, query_name="<b>silver</b>", changes={(11, "arxiv", "with_figures"): 0.0})
    text = page(nights, flags(nights))
    assert "has probably been redesigned" in text
    assert text.count("<svg") == 1
    assert "<b>silver" not in text


def test_what_is_wider_than_a_telephone_scrolls_by_keyboard_too() -> None:
    text = page(history(12), [])
    assert text.count("<main>") == text.count("</main>") == 1
    assert text.count("<div class=wide role=region tabindex=0 aria-label=") == text.count("<table>") + 1


def test_the_picture_is_a_png() -> None:
    assert picture(history(3), [], "png").startswith(b"\x89PNG")


@pytest.fixture
def ledger(home: Path) -> Path:
    """A ledger of 40 nights, in the last of which nothing is as it was."""
    path = home / "ledger.sqlite"
    book = Ledger(path)
    changes = {(36, "nature", "label_agreement_f1"): 0.81, (39, "arxiv", "with_figures"): 0.0}
    book.record_metrics(history(40, separation={36: "12"}, changes=changes))
    book.close()
    return path


def run(*options: str) -> Result:
    return CliRunner().invoke(app, ["quality", *options], env={"COLUMNS": "120"})


def test_the_command_shows_trends_and_flags(ledger: Path) -> None:
    result = run("--last", "20")
    assert result.exit_code == 0
    for said in ("silver", "20 nights", "nature", "label agreement fell from", "separation 12", "redesigned", "▁"):
        assert said in result.output


def test_check_tells_a_monitor(ledger: Path) -> None:
    assert run("--check").exit_code == 3
    book = Ledger(ledger)
    book.record_metrics(history(12, query_name="another"))
    book.close()
    assert run("--check", "--query", "another").exit_code == 0


def test_a_monitor_of_nothing_is_told_so(ledger: Path) -> None:
    """A misspelt query, or another home than the harvests' (cron's): without it all would be well for ever."""
    misspelt = run("--check", "--query", "sliver")
    assert (misspelt.exit_code, "There are harvests of silver" in misspelt.output) == (1, True)
    ledger.unlink()
    assert run("--check").exit_code == 1
    assert run().exit_code == 0


def test_a_night_that_never_ran_is_told(ledger: Path) -> None:
    """The last night stays as usual for ever where cron has stopped: the age of the newest night tells."""
    ledger.unlink()
    today, book = dt.datetime.now(dt.UTC).date(), Ledger(ledger)
    late = {"day": today - dt.timedelta(days=2), "harvest": (today - dt.timedelta(days=2)).isoformat()}
    book.record_metrics([night.model_copy(update=late) for night in history(1)])
    book.close()
    assert run("--check").exit_code == 0
    assert run("--check", "--max-age", "2").exit_code == 0
    missing = run("--check", "--max-age", "1")
    assert missing.exit_code == 4
    assert f"! no night since {late['day']} (2 days ago)" in missing.output
    assert run("--max-age", "1").exit_code == 0
    for_programs = run("--json", "--max-age", "1")
    assert (len(json.loads(for_programs.stdout)["nights"]), "! no night since" in for_programs.stderr) == (3, True)


def test_a_night_of_a_clock_that_was_wrong_is_not_the_last(ledger: Path) -> None:
    before = json.loads(run("--json").output)
    book = Ledger(ledger)
    to_come = {"harvest": "2999-01-01", "day": dt.date(2999, 1, 1)}
    book.record_metrics([night.model_copy(update=to_come) for night in history(1)])
    book.close()
    assert json.loads(run("--json").output) == before
    assert run("--check").exit_code == 3
    assert "1 harvests with a date in the future are left out: a clock was wrong." in run().output


def test_json_is_for_programs(ledger: Path) -> None:
    content = json.loads(run("--json", "--last", "2", "--source", "nature").output)
    assert len(content["nights"]) == 2
    assert [flag["metric"] for flag in content["flags"]] == ["label_agreement_f1"]


def test_a_report_is_written(ledger: Path, tmp_path: Path) -> None:
    result = run("--html", str(tmp_path / "q.html"), "--png", str(tmp_path / "q.png"))
    assert result.exit_code == 0
    assert "label agreement fell" in (tmp_path / "q.html").read_text()
    assert (tmp_path / "q.png").read_bytes().startswith(b"\x89PNG")


def test_no_history_is_explained(home: Path) -> None:
    result = run()
    assert result.exit_code == 0
    assert "No harvest has been measured yet" in result.output


def test_a_query_that_is_not_there_is_told_from_those_that_are(ledger: Path) -> None:
    output = " ".join(run("--query", "gold").output.split())
    assert "No harvest of query 'gold'" in output
    assert "There are harvests of silver; sources: arxiv, nature." in output


def test_a_ledger_that_is_not_there_is_named(tmp_path: Path) -> None:
    result = run("--ledger", str(tmp_path / "none.sqlite"))
    assert result.exit_code == 2
    assert "none.sqlite" in result.output


def test_of_few_nights_nobody_says_that_the_last_is_as_usual() -> None:
    few, many = history(7), history(8)
    for nights, said in ((few, "Too few nights to know what is usual."), (many, "The last night is as usual.")):
        assert markdown([], nights).splitlines()[0] == said
        assert f"<div class=well>{said}</div>" in page(nights, [])
