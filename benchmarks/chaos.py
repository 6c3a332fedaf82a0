"""Harvests and publishing, killed again and again, end with the bytes of an undisturbed run.

`python -m benchmarks.chaos --kills 40 --publish-kills 40`

The demo journal, with its faults, is harvested under a Prefect server of the script's own. Each harvest is killed with
SIGKILL a few times, the process alone or its whole group, at random moments or within publishing (as soon as its drafts
are there), and started again; the last start is left to end. What it published is compared with an undisturbed harvest,
byte by byte.

Then publishing alone, which takes a second and so meets many more of its moments: a first night of synthetic articles,
and a second one that changes, adds and leaves out some.
"""

import argparse
import json
import multiprocessing
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from multiprocessing.process import BaseProcess
from multiprocessing.synchronize import Event
from pathlib import Path

from benchmarks.harvest import prefect_server
from benchmarks.publish import article, images
from exsclaim.dataset.publish.publishing import publish
from exsclaim.dataset.tables.staging import LeftOut, Staging
from exsclaim.store import Store
from flows.environment import prefect_defaults
from journal.journal import DemoJournal, demo_faults
from journal.server import JournalServer

PATIENCE_S = 900.0
NIGHTS_ARTICLES = 40


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=40)
    parser.add_argument("--publish-kills", type=int, default=40, help="kills of publishing alone")
    parser.add_argument("--per-harvest", type=int, default=5, help="kills before a run is left to end")
    parser.add_argument("--articles", type=int, default=4)
    parser.add_argument("--separate", action="store_true", help="separate figures as well, which takes longer")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    rng = random.Random(options.seed)
    with tempfile.TemporaryDirectory() as temporary:
        different = kill_harvests(Path(temporary), options, rng) if options.kills else 0
        different += kill_publishing(Path(temporary), options, rng) if options.publish_kills else 0
    sys.exit(bool(different))


def kill_harvests(folder: Path, options: argparse.Namespace, rng: random.Random) -> int:
    """Kill harvests of the demo journal; gives how many ended otherwise than an undisturbed one."""
    journal = DemoJournal(folder / "journal", count=options.articles)
    environment = os.environ | prefect_defaults(folder / "server") | {"PREFECT_HOME": str(folder / "prefect")}
    with prefect_server(environment, folder / "prefect") as (url, _):
        chaos = Chaos(folder, journal, environment | {"PREFECT_API_URL": url}, separate=options.separate)
        expected, took_s = chaos.undisturbed()
        print(f"undisturbed: {len(expected)} files, {took_s:.0f} s", flush=True)
        killed = harvests = different = 0
        while killed < options.kills:
            count = min(options.per_harvest, options.kills - killed)
            done, how, found = chaos.disturbed(harvests, count, took_s, rng)
            killed, harvests = killed + done, harvests + 1
            names = differing(expected, found)
            different += bool(names)
            print(f"harvest {harvests}: killed {', '.join(how) or 'never'}: {names or 'identical'}", flush=True)
    print(f"{killed} kills over {harvests} harvests: {harvests - different} identical, {different} not", flush=True)
    return different


def kill_publishing(folder: Path, options: argparse.Namespace, rng: random.Random) -> int:
    """Kill the publishing of a first and of a second night; gives how often it ended otherwise than undisturbed."""
    processes = multiprocessing.get_context("forkserver")
    processes.set_forkserver_preload(["exsclaim.dataset.publish.publishing", "benchmarks.publish"])

    def begin(at: Path, night: int) -> tuple[BaseProcess, float]:
        begun = processes.Event()
        process = processes.Process(target=publish_night, args=(at, night, begun))
        process.start()
        begun.wait(PATIENCE_S)
        return process, time.monotonic()

    def undisturbed(at: Path, night: int) -> float:
        process, began = begin(at, night)
        process.join()
        if process.exitcode != 0:
            raise SystemExit(f"publishing in {at} ended with exit code {process.exitcode}")
        return time.monotonic() - began

    states, expected, took_s = [folder / "no night", folder / "one night"], [], []
    for night, state in enumerate(states):
        after = folder / f"after night {night}"
        state.mkdir() if night == 0 else shutil.copytree(folder / "after night 0", state)
        shutil.copytree(state, after)
        took_s.append(undisturbed(after, night))
        expected.append(published(after / "results" / "silver"))
        print(f"publishing night {night + 1} undisturbed: {len(expected[-1])} files, {took_s[-1]:.1f} s", flush=True)
    killed = rounds = different = 0
    while killed < options.publish_kills:
        night, at, before = rounds % 2, folder / f"published {rounds}", killed
        shutil.copytree(states[night], at)
        for _ in range(min(options.per_harvest, options.publish_kills - killed)):
            process, _ = begin(at, night)
            process.join(rng.random() * took_s[night])
            if process.exitcode is None:
                process.kill()
                process.join()
                killed += 1
        undisturbed(at, night)
        rounds += 1
        names = differing(expected[night], published(at / "results" / "silver"))
        different += bool(names)
        print(f"publish {rounds}: killed {killed - before} times: {names or 'identical'}", flush=True)
        shutil.rmtree(at)
    print(f"{killed} kills over {rounds} publishes: {rounds - different} identical, {different} not", flush=True)
    return different


def publish_night(folder: Path, night: int, begun: Event) -> None:
    """Stage and publish the articles of a night; a second one changes, adds and leaves out some."""
    store, staging = Store(folder / "store"), Staging(folder / f"staging-{night}")
    digests = images(store)
    for number in range(night * NIGHTS_ARTICLES // 2, NIGHTS_ARTICLES + night * NIGHTS_ARTICLES // 2):
        staging.add(article(number, digests[night:] + digests[:night]))
    for number in range(night * 3):
        staging.leave_out(LeftOut(article_id=f"nature/x{number:06d}", url="", reason="retracted"))
    begun.set()
    publish(
        staging, query_name="silver", results_dir=folder / "results", store=store, harvest_id=f"2026-11-2{night}",
        save_format=frozenset({"csv", "save_subfigures"}), versions={"code": str(night)},
    )  # fmt: skip


def differing(expected: Mapping[str, bytes], found: Mapping[str, bytes]) -> list[str]:
    """Names of the files that one of the two has not, or has otherwise."""
    return sorted(name for name in expected.keys() | found.keys() if expected.get(name) != found.get(name))


def published(folder: Path) -> dict[str, bytes]:
    """All that was published in a folder, but for log and lock."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.suffix != ".log" and path.name != ".lock"
    }


class Chaos:
    """Harvests of one journal, each in a home of its own."""

    def __init__(self, folder: Path, journal: DemoJournal, environment: dict[str, str], *, separate: bool) -> None:
        self._folder = folder
        self._journal = journal
        self._environment = environment
        self._options = [] if separate else ["--no-separate"]

    def undisturbed(self) -> tuple[dict[str, bytes], float]:
        """Harvest that nobody kills: the files that it publishes, and the seconds that it takes."""
        began = time.monotonic()
        with JournalServer(self._journal, demo_faults(self._journal.articles)) as server:
            if self._start("undisturbed", server.url).wait(PATIENCE_S) != 0:
                raise SystemExit(f"the undisturbed harvest failed: {self._log('undisturbed')}")
        return self._published("undisturbed"), time.monotonic() - began

    def disturbed(
        self, number: int, kills: int, took_s: float, rng: random.Random
    ) -> tuple[int, list[str], dict[str, bytes]]:
        """Kill a harvest so often and let it end: how often it was killed, how, and what it published."""
        name, how = f"disturbed-{number}", []
        with JournalServer(self._journal, demo_faults(self._journal.articles)) as server:
            for _ in range(kills):
                process = self._start(name, server.url)
                at = "in publish" if rng.random() < 0.5 else "anywhere"
                if not self._await(name, process, at, took_s * rng.random(), rng):
                    break  # it has ended before
                group = rng.random() < 0.5
                (os.killpg if group else os.kill)(process.pid, signal.SIGKILL)
                process.wait()
                how.append(f"{at} ({'group' if group else 'process'})")
            if self._start(name, server.url).wait(PATIENCE_S) != 0:
                raise SystemExit(f"a harvest that was killed {how} failed: {self._log(name)}")
        return len(how), how, self._published(name)

    def _await(self, name: str, process: subprocess.Popen[bytes], at: str, seconds: float, rng: random.Random) -> bool:
        """Wait for the moment to kill; False where the process ended first."""
        results = self._folder / name / "results" / "demo"
        deadline = time.monotonic() + (seconds if at == "anywhere" else PATIENCE_S)
        while process.poll() is None and time.monotonic() < deadline:
            if at == "in publish" and ((results / ".draft").exists() or (results / ".commit.json").exists()):
                time.sleep(rng.random() * 0.5)
                break
            time.sleep(0.01)
        return process.poll() is None

    def _start(self, name: str, mirror: str) -> subprocess.Popen[bytes]:
        home = self._folder / name
        home.mkdir(exist_ok=True)
        query = {"name": "demo", "open": True, "query": {"search_field_1": {"term": "nanoparticles"}}}
        file = home / "query.json"
        file.write_text(json.dumps(query | {"results_dir": str(home / "results"), "save_format": ["csv"]}))
        return subprocess.Popen(
            [sys.executable, "-m", "flows.harvest", str(file), *self._options],
            env=self._environment | {
                "EXSCLAIM_HOME": str(home / "home"), "EXSCLAIM_MIRROR": mirror, "EXSCLAIM_RETRY_DELAY_S": "0",
                "PREFECT_LOCAL_STORAGE_PATH": str(home / "home" / "tasks"),
            },
            stdout=(home / "out.txt").open("ab"), stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip

    def _published(self, name: str) -> dict[str, bytes]:
        return published(self._folder / name / "results" / "demo")

    def _log(self, name: str) -> str:
        return (self._folder / name / "out.txt").read_text(encoding="utf-8", errors="replace")[-2000:]


if __name__ == "__main__":
    main()
