"""The harvest in the terminal: a bar per stage, failures as they happen, a table at the end."""

import logging
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    Task,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.table import Table
from rich.text import Text

from exsclaim.cli.terminal import counted, of_number, shown
from exsclaim.harvests.harvest_counts import WORKS, StageCount
from exsclaim.harvests.harvest_summary import HarvestSummary, search_status
from exsclaim.recovery import Failure

SHOWN_CAUSES = 20


class TerminalProgress:
    """A watcher that draws bars on a terminal; where the output is none, the log's line of each minute is shown."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._progress = Progress(
            TextColumn("{task.description:<9}"),
            BarColumn(bar_width=30),
            MofNCompleteColumn(),
            TextColumn("{task.fields[note]}"),
            TimeElapsedColumn(),
            _TimeLeft(compact=True),
            console=console,
            transient=True,
        )
        self._bars: dict[str, TaskID] = {}
        self._works = StageCount()

    def __enter__(self) -> Self:
        if self._console.is_terminal:
            self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._progress.stop()

    def __call__(self, stage: str, count: StageCount, failure: Failure | None) -> None:
        """A step of the harvest."""
        if stage == WORKS:
            self._works = count
        if failure:
            again = f"[dim]({counted(failure.attempts, 'try')}; {failure.tried_again})[/]"
            self._console.print(f"[red]✗ {failure.stage}[/] {shown(_described(failure))} {again}", soft_wrap=True)
        if stage not in self._bars:
            self._bars[stage] = self._progress.add_task(stage, total=0, note="")
        settled = count.done + count.failed + count.skipped
        self._progress.update(self._bars[stage], total=count.planned, completed=settled, note=count.note)

    def kept(self) -> str:
        """Say what a harvest that ends now leaves to the next, as the beginning of a sentence."""
        works = self._works
        done = f"{works.done} of {works.planned} articles are done; what" if works.planned else "What"
        return f"{done} was fetched is kept"

    @contextmanager
    def showing_news(self) -> Iterator[None]:
        """Within, tasks that are tried again and figures handed to other machines are named as it happens."""
        signs = {
            "exsclaim.http.retries": "↻",
            "flows.gpu_pool": "↗",
            "flows.nightly": "·",
            "flows.interruption": "!",
            "exsclaim.dataset.condition.damage": "!",
            "exsclaim.ledger": "!",
            "models.annotated_figures": "!",
        }
        if not self._console.is_terminal:
            signs["exsclaim.harvests.harvest_counts"] = "·"
        handlers = {logging.getLogger(name): _News(self._console, sign) for name, sign in signs.items()}
        files = _News(self._console, "·")
        files.setLevel(logging.WARNING)  # below it, what a folder holds beside its articles and nobody misses
        handlers[logging.getLogger("exsclaim.sources.folder")] = files
        for logger, handler in handlers.items():
            logger.addHandler(handler)
        try:
            yield
        finally:
            for logger, handler in handlers.items():
                logger.removeHandler(handler)


class _News(logging.Handler):
    def __init__(self, console: Console, sign: str) -> None:
        super().__init__(logging.INFO)
        self._console = console
        self._sign = sign

    def emit(self, record: logging.LogRecord) -> None:
        self._console.print(f"[yellow]{self._sign}[/] {shown(record.getMessage())}", soft_wrap=True)


class _TimeLeft(TimeRemainingColumn):
    """Time that is left, where it can be said: how many articles are due is known, of the stages only what came yet."""

    def render(self, task: Task) -> Text:
        return super().render(task) if task.description == WORKS else Text()


def _described(failure: Failure) -> str:
    """One line on a failure; of a search the source and its status, and not the address with the whole query."""
    if failure.stage == "search":
        return f"{failure.id} {search_status(failure)}"
    return f"{failure.place}: {failure.own_cause}"


def show_summary(console: Console, summary: HarvestSummary) -> None:
    """The harvest's table, its failures, and where the results lie."""
    table = Table(title=f"{summary.query_name} · harvest {summary.harvest_id}", title_justify="left")
    table.add_column("stage")
    table.add_column("done", justify="right")
    if has_notes := any(count.note for count in summary.stages.values() if count.planned):
        table.add_column("")
    table.add_column("seconds", justify="right")
    for stage, count in summary.stages.items():
        if count.planned:
            note = [count.note] if has_notes else []
            table.add_row(stage, f"{count.done}/{count.planned}", *note, f"{count.seconds:.1f}")
    console.print(table)
    result = Table(show_header=False, box=None, pad_edge=False)
    result.add_column(justify="right", style="bold")
    result.add_column()
    known = f" ({summary.known} of those found today were published as they are)" if summary.known else ""
    result.add_row(str(summary.articles), f"{of_number('article', summary.articles)}{known}")
    result.add_row(str(summary.figures), of_number("figure", summary.figures))
    kinds = ", ".join(f"{number} {kind}" for kind, number in summary.panels_by_kind.items())
    result.add_row(str(summary.panels), f"{of_number('panel', summary.panels)}{f' ({kinds})' if kinds else ''}")
    result.add_row(str(summary.panels_with_label), f"{of_number('panel', summary.panels_with_label)} with a letter")
    scaled = f"{summary.panels_with_scale}/{summary.scalable_panels}"
    result.add_row(scaled, "panels with a scale, of micrographs and others with a bar")
    if summary.label_agreement is not None:
        result.add_row(f"{summary.label_agreement:.0%}", "agreement between letters in captions and in images")
    result.add_row(str(summary.retries), of_number("retry", summary.retries))
    if summary.left_out:
        reasons = Counter(each.reason.split(":")[0].split(";")[0] for each in summary.left_out)
        why = ", ".join(f"{number} {reason}" for reason, number in reasons.most_common())
        left_out = of_number("article", len(summary.left_out))
        result.add_row(str(len(summary.left_out)), escape(f"{left_out} left out ({why}; which, says report.md)"))
    result.add_row(str(len(summary.failures)), of_number("failure", len(summary.failures)))
    console.print(result)
    show_failures(console, summary.failures)
    for flag in summary.flags:
        if flag.kind == "source":  # said among the failures, with its cause
            continue
        console.print(f"[bold yellow]![/] {escape(flag.message)}", soft_wrap=True)
    if summary.why_empty and not summary.failures:
        console.print(f"[bold yellow]![/] {shown(summary.why_empty)}", soft_wrap=True)
    console.print(f"\nResults: [bold]{escape(str(summary.results))}[/]", soft_wrap=True)
    names = ("exsclaim.json", "data/", "figures/", "failures.json", "report.html", "harvest.log")
    there = [name for name in names if not isinstance(summary.results, Path) or (summary.results / name).exists()]
    console.print(f"  {'  '.join(there)}")


def show_failures(console: Console, failures: Sequence[Failure]) -> None:
    """One line for each cause, told of the first thing that it hit."""
    by_cause: dict[tuple[str, str], list[Failure]] = {}
    for failure in failures:
        thing = failure.id if failure.stage == "search" else ""
        by_cause.setdefault((failure.stage, thing + failure.shared_cause), []).append(failure)
    lines = list(by_cause.values())
    for alike in lines[:SHOWN_CAUSES]:
        others = f", and {len(alike) - 1} more likewise" if len(alike) > 1 else ""
        console.print(f"  [red]{alike[0].stage}[/] {shown(_described(alike[0]))}{others}", soft_wrap=True)
    if len(lines) > SHOWN_CAUSES:
        console.print(f"  … and {sum(map(len, lines[SHOWN_CAUSES:]))} more in failures.json")
