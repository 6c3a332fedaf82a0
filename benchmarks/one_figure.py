"""Functions of flows/, tasks/ and exsclaim/harvests/ that one figure goes through: `python -m benchmarks.one_figure`.

One article of the demo journal is harvested in this process, under a profile function (`sys.setprofile`), and every
function of ours is noted that is called between the address of its figures' images and their published rows. What the
library does inside a stage, and what Prefect does around one, is left out: this counts the orchestration. Functions
that bring values and faults of a stage's figures together (`article_stages`) are listed and counted apart.
"""

import json
import os
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from types import FrameType

from flows.environment import prefect_defaults
from journal.journal import DemoJournal
from journal.server import JournalServer

ROOT = Path(__file__).parents[1]
HOUSES = tuple(str(ROOT / house) for house in ("flows", "tasks", "exsclaim/harvests"))
FIRST, LAST = "fetch_images", "publish_dataset"
_APART = "tasks/mlflow_runs.py"
"""A thread of its own tells MLflow meanwhile that the harvest has begun."""
_STAGES = "exsclaim.harvests.article_stages."
_PART_OF_ANOTHER = ("<lambda>", "<genexpr>", "<listcomp>", "<dictcomp>", "<setcomp>")


class Calls:
    """Names of the functions that are called from the first call of `FIRST` to the return of `LAST`, in that order."""

    def __init__(self) -> None:
        self.names: dict[str, None] = {}
        self._is_on = False

    def __call__(self, frame: FrameType, event: str, _: object) -> None:
        """A profile function (https://docs.python.org/3/library/sys.html#sys.setprofile)."""
        code = frame.f_code
        if event not in ("call", "return") or not code.co_filename.startswith(HOUSES):
            return
        if event == "call" and code.co_name == FIRST:
            self._is_on = True
        is_apart = code.co_filename.endswith(_APART)
        if self._is_on and event == "call" and code.co_name not in _PART_OF_ANOTHER and not is_apart:
            module = Path(code.co_filename).relative_to(ROOT).with_suffix("").as_posix().replace("/", ".")
            self.names.setdefault(f"{module}.{code.co_qualname}")
        if event == "return" and code.co_name == LAST:
            self._is_on = False


def main() -> None:
    """Serve the journal, and harvest it in a process that Prefect and the settings find made up for it."""
    if len(sys.argv) > 1:
        profiled_harvest(Path(sys.argv[1]))
        return
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        field = {"search_field_1": {"term": "nanoparticles"}}
        query = {"name": "one", "maximum_scraped": 1, "query": field, "results_dir": str(folder / "results")}
        (folder / "query.json").write_text(json.dumps(query))
        with JournalServer(DemoJournal(folder / "journal", count=1)) as server:
            home = folder / "home"
            machine = {"EXSCLAIM_HOME": str(home), "EXSCLAIM_MIRROR": server.url, "PREFECT_HOME": str(home / "prefect")}
            command = [sys.executable, "-m", "benchmarks.one_figure", str(folder / "query.json")]
            sys.exit(subprocess.run(command, env=os.environ | prefect_defaults(home) | machine).returncode)


def profiled_harvest(query_file: Path) -> None:
    """Harvest under the profile function, in all threads, and print what was called."""
    from exsclaim.query import load
    from flows.harvest import harvest

    calls = Calls()
    threading.setprofile(calls)
    sys.setprofile(calls)
    summary = harvest(load(query_file))
    sys.setprofile(None)
    threading.setprofile(None)
    for name in calls.names:
        print(f"  {name}")
    inside = sum(name.startswith(_STAGES) for name in calls.names)
    of_what = f"{summary.figures} figures of {summary.articles} article"
    print(f"{len(calls.names) - inside} functions for {of_what}, and {inside} inside its stages")


if __name__ == "__main__":
    main()
