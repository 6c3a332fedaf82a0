"""A harvest of many articles and a Prefect server, measured: `python -m benchmarks.harvest`, of one of these.

    --articles 2000     new articles, without separation; then the same again
    --known 20000       articles that are published as they are, and nothing is new
    --separate 300      figures of 1,280 px, which one harvest fetches and the next separates

Articles are the demo journal's, told from each other by name and captions; their figures are the drawings of the
first few, so that drawing does not take longer than harvesting. Journal, Prefect server (SQLite) and harvest share the
machine. With `--separate`, figures are drawn ones of 4 to 8 panels with letters and scale bars, scaled to the usual
length of published ones; else none is separated, and what the machinery costs is measured.
"""

import argparse
import dataclasses
import datetime as dt
import itertools
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from random import Random

import numpy as np
import requests
from PIL import Image

from benchmarks.processes import memory_by_requests, peak_mb, processor_time_s, used_by_clock
from exsclaim import sources
from exsclaim.captions import SPLITTER_VERSION
from exsclaim.dataset.publish.publishing import publish
from exsclaim.dataset.tables.staging import HarvestedArticle, Staging
from exsclaim.ledger import Ledger
from exsclaim.ledger_articles import KnownArticle
from exsclaim.query import Query, parse
from exsclaim.records import Article
from exsclaim.store import Store
from flows.environment import prefect_defaults
from journal.articles import DemoArticle, DemoFigure
from journal.captions import PanelFact, write_caption
from journal.journal import DemoJournal
from journal.server import JournalServer
from models.figures.draw import draw

DRAWN = 12
"""Articles whose figures are drawn; all others show these."""
DRAWN_PANELLED, PER_ARTICLE = 24, 3
SIDE_PX = 1280
"""Longer side of published figures, most often."""
SEPARATING = "with panels"
SETTLED_S = 15.0
"""Prefect records task runs after the fact: its database is measured once it has not changed for so long."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--articles", type=int, default=2000)
    parser.add_argument("--folder", type=Path, default=None, help="for all files; a temporary one if not given")
    parser.add_argument("--known", type=int, default=0, help="instead: so many that are published as they are")
    parser.add_argument("--separate", type=int, default=0, help="instead: so many figures, which are separated")
    options = parser.parse_args()
    # rates are taken between the first and the last of the articles that follow one of each core
    least = PER_ARTICLE * ((os.cpu_count() or 1) + 2)
    if options.separate and options.separate < least:
        parser.error(f"--separate {options.separate}: too few figures to measure a rate; {least} or more")
    with tempfile.TemporaryDirectory() as temporary:
        folder = (options.folder or Path(temporary)).absolute()
        folder.mkdir(parents=True, exist_ok=True)
        journal = folder / "journal"
        if options.separate:
            measure(folder, panelled_articles(journal, options.separate), ("without panels", SEPARATING))
        elif options.known:
            measure(folder, many_articles(journal, options.known), ("nothing new",))
        else:
            measure(folder, many_articles(journal, options.articles), ("first harvest", "the same again"))


def measure(folder: Path, articles: tuple[DemoArticle, ...], titles: Sequence[str]) -> None:
    """Harvest the articles once for each title, and print what it took."""
    count, is_known = len(articles), "nothing new" in titles
    print(f"{count} articles, {sum(len(article.figures) for article in articles)} figures, {os.cpu_count()} cores")
    home, query = folder / "home", folder / "query.json"
    order = {
        "name": "many",
        "maximum_scraped": count,
        "query": {"search_field_1": {"term": "nanoparticles"}},
        "results_dir": str(folder / "results"),
    }
    query.write_text(json.dumps(order))
    if is_known:
        publish_without_figures(articles, parse(order), home)
    environment = os.environ | prefect_defaults(home) | {"PREFECT_HOME": str(home / "prefect")}
    with (
        JournalServer(DemoJournal.of(articles, per_page=1000 if is_known else 50)) as journal,
        prefect_server(environment, home / "prefect") as (url, server),
    ):
        environment |= {"EXSCLAIM_HOME": str(home), "EXSCLAIM_MIRROR": journal.url, "PREFECT_API_URL": url}
        marks = {part: part * expected_requests(articles) for part in (0.08, 0.33, 0.66)} if not is_known else {}
        for title in titles:
            asked = len(journal.requests)
            runs_before, server_before_s = task_runs(url), processor_time_s(server)
            began = time.monotonic()
            command = [sys.executable, "-m", "flows.harvest", str(query)]
            command += [] if title == SEPARATING else ["--no-separate"]
            process = subprocess.Popen(command, env=environment, stdout=(folder / "harvest.out").open("a"))
            used_by = used_by_clock(process.pid)
            peaks = memory_by_requests(process.pid, lambda: len(journal.requests), marks)
            _, status, used = os.wait4(process.pid, 0)
            took_s = time.monotonic() - began
            if os.waitstatus_to_exitcode(status) != 0:
                raise SystemExit(f"{title}: the harvest failed; see {folder}/harvest.out and the log of its results")
            processor_s, server_s = used.ru_utime + used.ru_stime, processor_time_s(server) - server_before_s
            size_mb = settled_size_mb(home / "prefect")
            print(f"{title}: {took_s:.1f} s, of which {processor_s:.1f} s of the processor")
            requests_made, runs = len(journal.requests) - asked, task_runs(url) - runs_before
            print(
                f"  processor time per article: {processor_s / count:.3f} s; Prefect's server {server_s / count:.3f} s"
            )
            print(f"  requests {requests_made}, task runs {runs}")
            print(f"  most memory: harvest {used.ru_maxrss / 1024:.0f} MB, Prefect server {peak_mb(server):.0f} MB")
            if peaks:
                print("  until then: " + ", ".join(f"{mb:.0f} MB at {of:.0%}" for of, mb in peaks.items()))
            print(f"  Prefect's database {size_mb:.0f} MB", flush=True)
            if title == SEPARATING:
                print_separation(home / "tasks" / "separate", used_by)


def many_articles(folder: Path, count: int) -> tuple[DemoArticle, ...]:
    """`count` articles with names and captions of their own, and the figures' images of the first `DRAWN`."""
    drawn = DemoJournal(folder, count=DRAWN).articles
    return tuple(numbered(drawn[number % DRAWN], number) for number in range(count))


def panelled_articles(folder: Path, figures: int) -> tuple[DemoArticle, ...]:
    """So many figures with several lettered panels, `PER_ARTICLE` in each article, of `DRAWN_PANELLED` drawings."""
    folder.mkdir(parents=True, exist_ok=True)
    every = map(partial(panelled_figure, folder), itertools.count())
    drawn = list(itertools.islice(filter(None, every), DRAWN_PANELLED))
    first = DemoJournal(folder, count=1).articles[0]
    articles = []
    for number in range(-(-figures // PER_ARTICLE)):
        taken = [drawn[(PER_ARTICLE * number + n) % DRAWN_PANELLED] for n in range(PER_ARTICLE)]
        renamed = [dataclasses.replace(each, number=n, label=f"Fig. {n}") for n, each in enumerate(taken, start=1)]
        articles.append(numbered(dataclasses.replace(first, figures=tuple(renamed)), number))
    return tuple(articles)


def panelled_figure(folder: Path, seed: int) -> DemoFigure | None:
    """The drawing of a seed as a figure of `SIDE_PX`, if it has 4 to 8 panels, letters and a scale bar."""
    drawn = draw(seed)
    outermost = [panel for panel in drawn.panels if panel.parent is None]
    if not (4 <= len(outermost) <= 8 and all(panel.label for panel in outermost) and drawn.bars):
        return None
    picture = Image.fromarray(drawn.image)
    scale = SIDE_PX / max(picture.size)
    path = folder / f"panelled-{seed}.png"
    picture.resize((round(picture.width * scale), round(picture.height * scale)), Image.Resampling.LANCZOS).save(path)
    facts = tuple(PanelFact(panel.label or "", panel.kind) for panel in sorted(outermost, key=lambda each: each.label))
    return DemoFigure(1, "", "Panels.", write_caption(facts, "nanoparticles", Random(seed)), facts, path)


def numbered(article: DemoArticle, number: int) -> DemoArticle:
    figures = tuple(
        dataclasses.replace(figure, caption=f"{figure.caption} Sample {number}." if figure.caption else "")
        for figure in article.figures
    )
    return dataclasses.replace(article, name=f"jdm-9-{number:05d}", figures=figures)


@contextmanager
def prefect_server(environment: dict[str, str], home: Path) -> Iterator[tuple[str, int]]:
    """A Prefect server with a database of its own: its API's address and its process."""
    home.mkdir(parents=True, exist_ok=True)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = ["prefect.server.api.server:create_app", "--factory", "--host", "127.0.0.1", "--port", str(port)]
    with (home / "server.log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "uvicorn", *command, "--log-level", "warning"],
            env=environment | {"PREFECT_API_URL": ""}, stdout=log, stderr=log,
        )  # fmt: skip
    url = f"http://127.0.0.1:{port}/api"
    try:
        deadline = time.monotonic() + 600
        while not is_healthy(url):
            if process.poll() is not None or time.monotonic() > deadline:
                raise SystemExit(f"Prefect's server did not start: {(home / 'server.log').read_text()[-2000:]}")
            time.sleep(0.5)
        yield url, process.pid
    finally:
        process.kill()  # its database goes with it
        process.wait()


def is_healthy(url: str) -> bool:
    try:
        return requests.get(f"{url}/health", timeout=5).ok
    except requests.ConnectionError:
        return False


def task_runs(url: str) -> int:
    return int(requests.post(f"{url}/task_runs/count", json={}, timeout=60).json())


def print_separation(folder: Path, used_by: list[tuple[float, float, float]]) -> None:
    """Print how fast figures were separated, once the networks were loaded: by the times of the cached results."""
    times = sorted(result.stat().st_mtime for result in folder.iterdir())[os.cpu_count() or 1 :]
    figures, seconds = PER_ARTICLE * (len(times) - 1), times[-1] - times[0]
    clock, used, memory = zip(*used_by, strict=True)
    each_s = float(np.ptp(np.interp([times[0], times[-1]], clock, used))) / figures
    cores = os.cpu_count() or 1
    print(f"  separation: {figures / seconds:.2f} figures a second by the clock; {each_s:.3f} s of the processor each,")
    print(f"    at most {cores / each_s:.2f} a second, if none of the {cores} cores had to wait")
    print(f"    most memory of the harvest and its separating processes together: {max(memory):.0f} MB")


def publish_without_figures(articles: tuple[DemoArticle, ...], query: Query, home: Path) -> None:
    """The state after a harvest of these articles, as if they had no figures: data set and ledger."""
    today = dt.datetime.now(dt.UTC).date()
    staging, store = Staging(home / "staging"), Store(home / "store")
    ledger = Ledger(home / "ledger.sqlite")
    harvest_id = ledger.begin_harvest(query.digest, today - dt.timedelta(days=1), query_name=query.name)
    known = []
    for each in articles:
        url = f"https://www.nature.com/articles/{each.name}"
        article = Article(
            id=f"nature/{each.name}", name=each.name, source="nature", url=url, doi=each.doi, title=each.title,
            authors=each.authors, journal="", published=today, licence="CC-BY-4.0", licence_url=None, is_open=True,
            retrieved_at=today,
        )  # fmt: skip
        staging.add(HarvestedArticle(article=article, figures=()))
        known.append(
            KnownArticle(
                source="nature",
                url=url,
                article_id=article.id,
                state="published",
                version="",
                reader=sources.get("nature").version,
                captions=SPLITTER_VERSION,
                checked=today,
                harvest=harvest_id,
            )
        )
    publish(
        staging, query_name=query.name, results_dir=query.results_dir, store=store, harvest_id=harvest_id,
        save_format=frozenset(), versions={},
    )  # fmt: skip
    ledger.articles(query.digest).record(known)
    ledger.finish_harvest(query.digest, harvest_id, today, query_name=query.name)
    ledger.close()


def expected_requests(articles: tuple[DemoArticle, ...]) -> int:
    """Pages of articles and images of figures."""
    return sum(1 + len(article.figures) for article in articles)


def settled_size_mb(home: Path) -> float:
    """Size of the database and its journal, once the server has written what it still had to."""
    seen, since, deadline = -1, time.monotonic(), time.monotonic() + 900
    while time.monotonic() - since < SETTLED_S and time.monotonic() < deadline:
        time.sleep(1)
        now = sum(path.stat().st_size for path in home.glob("prefect.db*"))
        if now != seen:
            seen, since = now, time.monotonic()
    return seen / 1e6


if __name__ == "__main__":
    main()
