"""`exsclaim quality`: extraction quality over the last nights, and whatever is unusual."""

import datetime as dt
import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from exsclaim.cli.terminal import console, counted, file_to_write, png_to_write, print_table, writing_to

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from exsclaim.quality.alarms import Flag
    from exsclaim.quality.metrics import HarvestMetrics
    from exsclaim.quality.trends import Trend

_SHOWN_SPANS = 4
NOT_AS_USUAL = 3
"""Exit status of `--check`."""
NOTHING_MEASURED = 1
"""And this: of a misspelt query, or a home that is not the harvests', a monitor would say for ever that all is well."""
NIGHT_MISSING = 4
"""And this: what is measured cannot tell of a night that never ran."""


def quality(
    last: Annotated[int, typer.Option(min=1, help="Number of harvests to show.")] = 30,
    query: Annotated[str | None, typer.Option(help="Show only this query.")] = None,
    source: Annotated[str | None, typer.Option(help="Show only this source.")] = None,
    every: Annotated[bool, typer.Option("--all", help="Show all metrics, not just the main ones.")] = False,
    check: Annotated[
        bool, typer.Option("--check", help="Exit with status 3 if the last night is unusual, 1 if there is none.")
    ] = False,
    max_age: Annotated[
        int | None,
        typer.Option(
            metavar="DAYS",
            min=0,
            help="Say so if the newest night is older (0: none of today, UTC); with --check, exit with status 4.",
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print nights and flags as JSON.")] = False,
    html: Annotated[
        Path | None, typer.Option(help="Write a report with charts, of one query.", callback=file_to_write)
    ] = None,
    png: Annotated[
        Path | None, typer.Option(help="Write the charts as an image, of one query.", callback=png_to_write)
    ] = None,
    ledger: Annotated[Path | None, typer.Option(help="Ledger to read; by default EXSCLAIM_HOME/ledger.sqlite.")] = None,
    mlflow: Annotated[
        str | None, typer.Option(metavar="URL", help="Read from this MLflow server instead: http://server:5000.")
    ] = None,
) -> None:
    """Show extraction quality over the last nights, by source and version, and whatever is unusual."""
    from exsclaim.quality.alarms import flags
    from exsclaim.quality.drift import LEAST_NIGHTS
    from exsclaim.quality.trends import last_nights

    measured, today = _history(ledger, mlflow), dt.datetime.now(dt.UTC).date()
    nights = [night for night in measured if night.day <= today]
    history = [night for night in nights if query in (None, night.query_name) and source in (None, night.source)]
    # what is usual is a matter of the whole history, however little of it is shown
    found = flags(history)
    shown = last_nights(history, last)
    if (html or png) is not None:
        _draw(html, png, shown, found)
    if as_json:
        content = {
            "flags": [flag.model_dump(mode="json") for flag in found],
            "nights": [night.model_dump(mode="json") for night in shown],
        }
        typer.echo(json.dumps(content, indent=1, ensure_ascii=False))
    elif not shown:
        _say_empty(console(), query, source, nights)
    else:
        enough = {night.query_name for night in history if _count(history, night.query_name) > LEAST_NIGHTS}
        _show(console(), shown, found, enough, every)
    if (later := len({(n.query_name, n.harvest) for n in measured if n.day > today})) and not as_json:
        console().print(f"{later} harvests with a date in the future are left out: a clock was wrong.", style="yellow")
    missing = None if max_age is None else _missing(history, today, max_age)
    if missing is not None:
        typer.echo(f"! {missing}", err=as_json)
    if check and (found or missing or not history):
        raise typer.Exit(NIGHT_MISSING if missing else NOT_AS_USUAL if found else NOTHING_MEASURED)


def _missing(history: "Sequence[HarvestMetrics]", today: dt.date, max_age: int) -> str | None:
    """Words for a newest night that is older than `max_age` days; None where it is not, or there is none."""
    newest = max(history, key=lambda night: night.day, default=None)
    if newest is None or (age := (today - newest.day).days) <= max_age:
        return None
    return f"no night since {newest.day} ({counted(age, 'day')} ago): no harvest has come to its end since"


def _count(nights: "Sequence[HarvestMetrics]", query_name: str) -> int:
    return len({night.harvest for night in nights if night.query_name == query_name})


def _history(ledger: Path | None, mlflow: str | None) -> "list[HarvestMetrics]":
    from exsclaim.ledger import Ledger
    from exsclaim.settings import settings

    if mlflow is not None:
        return _tracked_harvests(mlflow)
    path = ledger or settings().home.expanduser() / "ledger.sqlite"
    if not path.is_file():
        if ledger is not None:
            raise typer.BadParameter(f"there is no ledger {path}", param_hint="--ledger")
        return []
    book = Ledger(path)
    try:
        return book.metrics()
    finally:
        book.close()


def _tracked_harvests(url: str) -> "list[HarvestMetrics]":
    from exsclaim.cli.query_commands import stage

    found: list[HarvestMetrics] = stage("tracked_harvests").tracked_harvests(url)
    return found


def _draw(html: Path | None, png: Path | None, nights: "Sequence[HarvestMetrics]", flags: "Sequence[Flag]") -> None:
    from exsclaim.quality.quality_report import picture, write_page
    from exsclaim.storage.local import write_whole

    names = sorted({night.query_name for night in nights})
    if len(names) != 1:
        known = f"name one with --query: {', '.join(names)}" if names else "nothing was harvested yet"
        raise typer.BadParameter(f"a report covers one query; {known}", param_hint="--html, --png")
    if html is not None:
        with writing_to(html, "--html"):
            write_page(html, nights, flags)
    if png is not None:
        drawn = picture(nights, flags, "png")
        with writing_to(png, "--png"):
            write_whole(png, drawn)


def _say_empty(console: "Console", query: str | None, source: str | None, nights: "Sequence[HarvestMetrics]") -> None:
    asked = "".join(f" of {what} {name!r}" for what, name in (("query", query), ("source", source)) if name)
    console.print(f"No harvest{asked} has been measured yet.", markup=False)
    if nights:
        queries, sources = sorted({n.query_name for n in nights}), sorted({n.source for n in nights} - {""})
        console.print(f"There are harvests of {', '.join(queries)}; sources: {', '.join(sources)}.", markup=False)
        return
    console.print(
        "Every harvest (exsclaim harvest QUERY) adds one night; trends need two nights, and what is usual is known "
        "after seven."
    )
    if os.environ.get("EXSCLAIM_HOME") is None:
        console.print("If harvests run elsewhere on this machine, set EXSCLAIM_HOME as they do.", style="dim")


def _show(
    console: "Console", nights: "Sequence[HarvestMetrics]", flags: "Sequence[Flag]", enough: set[str], every: bool
) -> None:
    from rich.markup import escape

    from exsclaim.quality.metrics import METRICS
    from exsclaim.quality.trends import by_source, trends

    metrics = [metric for metric in METRICS if metric.shown or every]
    for name in dict.fromkeys(night.query_name for night in nights):
        of_query = [night for night in nights if night.query_name == name]
        harvests = sorted({night.harvest for night in of_query})
        count = counted(len(harvests), "night")
        days = " to ".join(sorted({harvests[0], harvests[-1]}))
        console.print(f"[bold]{escape(name)}[/] · {count}, {days}\n")
        said = [flag for flag in flags if flag.query_name == name]
        for flag in said:
            colour = "red" if flag.kind == "redesign" else "yellow"
            console.print(f"[bold {colour}]![/] {escape(flag.message)}", soft_wrap=True)
        if not said:
            usual = "The last night is as usual." if name in enough else "Too few nights to know what is usual."
            console.print(f"[green]{usual}[/]")
        console.print()
        histories = [(source, history) for (_, source), history in by_source(of_query)]
        for source, history in histories[1:] if len(histories) == 2 else histories:
            rows = trends(history, metrics)
            if len(histories) == 2:  # all sources are this one; what is of no source is shown with it
                rows += [t for t in trends(histories[0][1], metrics) if t.metric not in {row.metric for row in rows}]
            print_table(_table(rows, history, {flag.metric for flag in said if flag.source == source}, console.width))
            _show_versions(console, history)
            console.print()
    console.print("[dim]usual: median of the nights shown before the last · of: what the last value is taken over[/]")


def _table(rows: "Sequence[Trend]", history: "Sequence[HarvestMetrics]", flagged: set[str], width: int) -> "Table":
    from rich.table import Table

    from exsclaim.quality.metrics import BY_NAME
    from exsclaim.quality.trends import place

    table = Table(title=place(history[-1].source), title_justify="left", title_style="bold", box=None, pad_edge=False)
    for title in ("metric", "trend"):
        table.add_column(title, no_wrap=True)
    for title in ("usual", "last", "of"):
        table.add_column(title, justify="right", no_wrap=True)
    room = max(7, width - 64)
    for row in rows:
        metric, last = BY_NAME[row.metric], history[-1].metrics
        table.add_row(
            row.title,
            row.sparkline(metric.least)[-room:],
            "–" if row.usual is None else metric.text(row.usual),
            "–" if row.last is None else metric.text(row.last),
            f"[dim]{last[metric.of]:.0f}[/]" if metric.of in last else "",
            style="bold red" if row.metric in flagged else None,
        )
    return table


def _show_versions(console: "Console", history: "Sequence[HarvestMetrics]") -> None:
    """Print the quality before and after each change of a version; nothing where there was none."""
    from rich.markup import escape

    from exsclaim.quality.metrics import BY_NAME
    from exsclaim.quality.trends import spans

    versions = spans(history)[-_SHOWN_SPANS:]
    for span in versions if len(versions) > 1 else []:
        medians = ", ".join(
            f"{BY_NAME[name].title} {BY_NAME[name].text(span.medians[name])}"
            for name in ("label_agreement_f1", "micrographs_with_scale")
            if name in span.medians
        )
        what = ", ".join(span.changed) or "versions before"
        console.print(f"  [dim]from {span.first}[/] {escape(what)}: {medians or 'nothing measured'}")
