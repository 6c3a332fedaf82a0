"""Tables of a benchmark, of failures that were tried again, and of trained weights, for a terminal."""

from collections.abc import Mapping
from pathlib import Path

from rich.console import Console
from rich.table import Table

from exsclaim.cli.terminal import counted, shown
from exsclaim.harvests.retry_report import RetryReport
from exsclaim.quality.benchmark_result import BenchmarkResult
from exsclaim.recovery import Failure, next_retry
from exsclaim.settings import settings
from exsclaim.tracking.runs import TrainedWeights
from exsclaim.tracking.spool import spool_of

_SHOWN = 20


def show_benchmark(console: Console, result: BenchmarkResult) -> None:
    """The scores as a table, with the figures that have most faults below."""
    score = result.score
    table = Table(
        title=f"{counted(score.figures, 'figure')}, {counted(score.panels[0.5].true, 'panel')}", title_justify="left"
    )
    table.add_column("what")
    for title in ("precision", "recall", "F1"):
        table.add_column(title, justify="right")
    rates = {f"panels at IoU {limit}": matches for limit, matches in score.panels.items()}
    rates |= {"panels, all right": score.end_to_end}
    if score.bars.true:  # COCO's form has none
        rates["scale bars"] = score.bars
    if result.captions:
        rates["caption labels"] = result.captions.labels
    for name, matches in rates.items():
        table.add_row(name, *(f"{value:.3f}" for value in (matches.precision, matches.recall, matches.f1)))
    console.print(table)
    of_captions = result.captions.metrics() if result.captions else {}
    shares = {
        "COCO mAP50:95 of panels by kind": result.average_precision and result.average_precision.at_50_to_95,
        "COCO mAP50 of panels by kind": result.average_precision and result.average_precision.at_50,
        "COCO AP50:95 of panels whatever their kind": (
            result.average_precision and result.average_precision.of_boxes_at_50_to_95
        ),
        "labels right": score.label_share,
        "kinds right, of matched panels": score.kind_share,
        "bar lengths within 5 %, of matched bars": score.exact_bar_share,
        "printed scales right": score.printed_scale_share,
        "caption label sets exact": result.captions and result.captions.exact_set_share,
        "caption words (F1)": result.captions and result.captions.word_f1,
        "caption scales right": of_captions.get("captions.scale_right"),
        "caption techniques (F1)": of_captions.get("captions.technique_f1"),
        "seconds per figure": result.seconds_per_figure,
    }
    for name, value in shares.items():
        if value is not None:
            console.print(f"{value:7.3f}  {name}")
    faulty = {name: one.end_to_end.f1 for name, one in result.by_figure.items() if one.end_to_end.f1 < 1}
    worst = [f"{shown(name)} ({faulty[name]:.2f})" for name in sorted(faulty, key=faulty.__getitem__)[:5]]
    console.print(f"Most faults (F1 of panels, all right): {', '.join(worst) or 'none has any'}")
    for name, digest in result.versions.items():
        console.print(f"  {name} {digest[:12]}", style="dim")


def show_retries(console: Console, report: RetryReport) -> None:
    """The report as a table; below, what healed and what did not."""
    if not report.queries:
        console.print("No failure that may heal is recorded.")
        return
    table = Table(title=f"Failures tried again on {report.day}", title_justify="left")
    table.add_column("query")
    for title in ("tried", "healed", "failed again", "given up", "waiting"):
        table.add_column(title, justify="right")
    for query in report.queries:
        counts = (len(query.healed), len(query.failed_again), len(query.given_up), query.waiting)
        table.add_row(shown(query.query_name), str(query.tried), *map(str, counts))
    console.print(table)
    for query in report.queries:
        if query.cause:
            console.print(f"[red]✗[/] {shown(query.query_name)} was not tried: {shown(query.cause)}", soft_wrap=True)
        for failure in query.healed[:_SHOWN]:
            tries = f"(failed since {failure.first_failed}: {failure.cause})"
            console.print(f"[green]✓[/] {shown(_failed_thing(failure))} [dim]{shown(tries)}[/]", soft_wrap=True)
        for failure in query.failed_again[:_SHOWN]:
            day = next_retry(failure.first_failed, failure.last_tried)
            then = f"tried again on {day}" if failure.will_retry else f"given up after {failure.attempts} tries"
            console.print(
                f"[red]✗[/] {shown(_failed_thing(failure))}: {shown(failure.cause)} [dim]({then})[/]", soft_wrap=True
            )
        more = max(0, len(query.healed) - _SHOWN) + max(0, len(query.failed_again) - _SHOWN)
        if more:
            console.print(f"  … and {more} more of {shown(query.query_name)} (--json has all)")
    show_waiting_runs(console)


def show_waiting_runs(console: Console) -> None:
    """Say how many runs MLflow has not been told of, and why, where there are any."""
    if told := spool_of(settings().home).told_of_waiting():
        console.print(told, style="yellow", soft_wrap=True, markup=False)  # a path may have brackets


def _failed_thing(failure: Failure) -> str:
    return f"{failure.stage} {failure.url or failure.id}"


def show_weights(
    console: Console, weights: TrainedWeights, installed: TrainedWeights, metrics: Mapping[str, float], file: Path
) -> None:
    """Weights that a training made: a table of what they were measured to be, their file, and the installed ones."""
    table = Table(title=f"{weights.name} {weights.version}", title_justify="left")
    table.add_column("metric")
    table.add_column("", justify="right")
    for name, value in metrics.items():
        table.add_row(name, f"{value:.0f}" if value > 1 and value.is_integer() else f"{value:.3f}")  # a count, a share
    console.print(table)
    console.print(f"Weights: {file} (sha256 {weights.sha256[:12]})", markup=False)  # a path may have brackets
    told = f"{weights.measure}: {weights.quality:.3f}; the installed weights have {installed.quality:.3f} there"
    console.print(told, markup=False)
