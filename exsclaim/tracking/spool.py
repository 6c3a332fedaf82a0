"""Runs that MLflow is to be told of, as files: nothing is lost to a dead server or a killed process.

    EXSCLAIM_HOME/tracking-spool/running/<start>-<process>-<n>.json   a run that was begun and has not ended
    EXSCLAIM_HOME/tracking-spool/<start>-<process>-<n>.json           a run that ended and waits to be sent
    EXSCLAIM_HOME/tracking-spool/refused/                             runs that MLflow would never take
    EXSCLAIM_HOME/tracking-spool/unsent.txt                           why not all could be sent when it was last tried

A run keeps its file's name from begin to end: by it MLflow's run is found again, so whatever is sent twice is there
once. `tasks.mlflow_runs` sends.
"""

import logging
import os
import time
import uuid
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, Literal

from pydantic import ValidationError

from exsclaim.storage.local import write_whole
from exsclaim.tracking.runs import BegunRun, Status, TrackedRun

log = logging.getLogger("exsclaim.tracking.spool")

END_TAG = "exsclaim.end"
"""Says in words how a run ended that did not finish."""


class Spool:
    """The runs under `folder`, which is made when it is first needed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def begin(self, run: BegunRun) -> str:
        """Write down that a run begins; gives the name that it keeps. Earlier runs on the same are ended as killed."""
        for path, earlier in self.running():
            if run.works_on and earlier.works_on == run.works_on:
                self._end_without_result(path.stem, earlier, "KILLED", "its process was gone when the next run began")
        name = f"{run.started_ms}-{os.getpid()}-{uuid.uuid4().hex[:8]}"
        write_whole(self.folder / "running" / f"{name}.json", run.model_dump_json().encode())
        return name

    def fail(self, name: str, status: Literal["FAILED", "KILLED"], cause: str) -> None:
        """Write down that a run ended without a result."""
        for path, run in self.running():
            if path.stem == name:
                self._end_without_result(name, run, status, cause)

    def end(self, run: TrackedRun, name: str | None = None) -> Path:
        """Write down what a run came to; `name` is what `begin` gave, None for a run that was not begun here."""
        name = name or f"{run.started_ms}-{os.getpid()}-{uuid.uuid4().hex[:8]}"
        waiting = self.folder / f"{name}.json"
        write_whole(waiting, run.model_dump_json().encode())
        self._begun(name).unlink(missing_ok=True)
        return waiting

    def waiting(self) -> list[Path]:
        """Files of `TrackedRun`s to send, oldest first."""
        return sorted(self.folder.glob("*.json"))

    def told_of_waiting(self) -> str:
        """Say how many runs wait to be sent; nothing where none does."""
        if not (waiting := len(self.waiting())):
            return ""
        runs = "1 run waits" if waiting == 1 else f"{waiting} runs wait"
        has_reason = self._why.is_file()
        why = self._why.read_text(encoding="utf-8", errors="replace") if has_reason else "MLflow could not be reached"
        return f"{why}: {runs} in {self.folder}, to go with the next"

    def note_unsent(self, why: str) -> None:
        """Remember why runs could not be sent, a clause, for who is told that they wait; a full disk forgets it."""
        with suppress(OSError):
            write_whole(self._why, why.encode("utf-8", "replace"))

    def to_send(self) -> Iterator[tuple[Path, BegunRun]]:
        """Runs to tell of, oldest first: those that ended (`TrackedRun`), then those that run and are not known yet."""
        unknown = [path for path, _ in self.running() if not _known_mark(path).exists()]
        for kind, paths in ((TrackedRun, self.waiting()), (BegunRun, unknown)):
            for path in paths:
                try:
                    yield path, kind.model_validate_json(path.read_bytes())
                except FileNotFoundError:
                    continue  # a run that was running has ended meanwhile; its end is sent by itself
                except ValidationError as error:
                    self.set_aside(path, str(error).splitlines()[0])

    def note_sent(self, path: Path) -> None:
        """Forget a run that ended and was told of; of one that runs, remember that it was."""
        running = self._begun(path.stem)
        self._why.unlink(missing_ok=True)
        if path == running:
            _known_mark(running).touch()
        else:
            path.unlink()
            _known_mark(running).unlink(missing_ok=True)

    def running(self) -> list[tuple[Path, BegunRun]]:
        """Runs that were begun and have not ended, oldest first; of one that ended the end alone counts."""
        runs = []
        for path in sorted((self.folder / "running").glob("*.json")):
            try:
                if not (self.folder / path.name).exists():
                    runs.append((path, BegunRun.model_validate_json(path.read_bytes())))
            except FileNotFoundError:
                continue  # ended meanwhile
            except ValidationError as error:
                self.set_aside(path, str(error).splitlines()[0])
        return runs

    def set_aside(self, path: Path, why: str) -> None:
        """Move a run that will never be taken out of the way of those after it."""
        refused = self.folder / "refused" / path.name
        refused.parent.mkdir(exist_ok=True)
        log.error("MLflow does not take this run (%s); it was put aside as %s", why, path.replace(refused))

    def _end_without_result(self, name: str, run: BegunRun, status: Status, cause: str) -> None:
        ended: dict[str, Any] = {"status": status, "ended_ms": round(time.time() * 1000), "metrics": {}}
        self.end(TrackedRun.model_validate(run.model_dump() | ended | {"tags": run.tags | {END_TAG: cause}}), name)

    @property
    def _why(self) -> Path:
        return self.folder / "unsent.txt"

    def _begun(self, name: str) -> Path:
        return self.folder / "running" / f"{name}.json"


def _known_mark(running: Path) -> Path:
    """Mark beside a running run's file: MLflow knows of it."""
    return running.with_suffix(".told")


def spool_of(home: Path) -> Spool:
    """The spool of a machine whose EXSCLAIM_HOME this is."""
    return Spool(home.expanduser() / "tracking-spool")
