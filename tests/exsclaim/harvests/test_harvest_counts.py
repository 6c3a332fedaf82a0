"""Words of a harvest on itself while it runs: in the log of a worker, and on a terminal."""

import io
import logging
import time

import pytest
from rich.console import Console

from exsclaim.cli.harvest_display import TerminalProgress
from exsclaim.harvests.harvest_counts import WORKS, Counts


def half_done(watcher: TerminalProgress | None = None) -> Counts:
    counts = Counts(watcher)
    counts.add(WORKS, planned=40)
    counts.add("fetch", planned=21, done=20, cached=3)
    counts.add(WORKS, done=20)
    return counts


def test_the_log_is_told_what_is_done_what_is_left_and_for_how_long(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "exsclaim.harvests.harvest_counts"), half_done().told_every_minute(every_s=0.01):
        while not caplog.messages:
            time.sleep(0.01)
    assert caplog.messages[0] == "articles 20/40, fetch 20/21 (3 cached); 20 articles left, about 1 min"


def test_what_is_finished_has_no_time_left() -> None:
    counts = half_done()
    counts.add(WORKS, done=20)
    assert str(counts) == "articles 40/40, fetch 20/21 (3 cached)"


def test_what_is_no_terminal_shows_the_line_of_each_minute() -> None:
    out = io.StringIO()
    with TerminalProgress(Console(file=out, force_terminal=False, width=120)) as progress, progress.showing_news():
        counts = half_done(progress)
        logging.getLogger("exsclaim.harvests.harvest_counts").warning("%s", counts)
    assert "20 articles left, about 1 min" in out.getvalue()
    assert progress.kept() == "20 of 40 articles are done; what was fetched is kept"
