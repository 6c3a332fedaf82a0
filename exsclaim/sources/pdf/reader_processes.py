"""Processes that read PDFs, one for each: forked by one that has all that they need loaded.

To start Python and import the reader takes half a second of processor time, to fork it a hundredth
(docs/decisions/0127-pdf-readers-are-forked.md). Where a process cannot fork (on Windows) it serves one PDF and ends.
"""

import atexit
import contextlib
import gc
import json
import os
import select
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

CAN_FORK = hasattr(os, "fork")
KEPT = 2
"""So many processes are kept for the next PDF; more come and go with the threads that read at the same time."""
ERRORS = "errors.txt"
"""File in a PDF's folder with what its process wrote to stderr."""

Serve = Callable[[Path, float, str, int], int]


class _Forker:
    """A process that forks one for each PDF. Used by one thread at a time."""

    def __init__(self) -> None:
        self._pid: int | None = None
        path = os.pathsep.join(entry or str(Path.cwd()) for entry in sys.path)
        environment = os.environ | {"PYTHONPATH": path, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - open as long as the process, see `close`
        self._process = subprocess.Popen(
            [sys.executable, "-m", "exsclaim.sources.pdf"], env=environment, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=self._errors,
        )  # fmt: skip

    def begin(self, folder: Path, processor_s: float, task: str, page: int) -> None:
        """Have a process serve a PDF's folder.

        Raises:
            BrokenPipeError: the process that forks has ended.
        """
        assert self._process.stdin
        self._process.stdin.write(json.dumps([str(folder), processor_s, task, page]).encode() + b"\n")
        self._process.stdin.flush()
        self._pid = self._number()

    def status(self, clock_s: float) -> int | None:
        """Exit status of the process that was begun, negative for a signal; None where it took longer than `clock_s`.

        Raises:
            BrokenPipeError: the process that forks has ended.
        """
        is_late = threading.Event()

        def end() -> None:
            is_late.set()
            self._kill()

        clock = threading.Timer(clock_s, end)
        clock.daemon = True
        clock.start()
        try:
            status = self._number()
        except BrokenPipeError:
            if not is_late.is_set():  # one that cannot fork serves by itself, and is killed itself
                raise
        finally:
            clock.cancel()
        self._pid = None
        return None if is_late.is_set() else status

    def _number(self) -> int:
        assert self._process.stdout
        line = self._process.stdout.readline()
        if not line:
            self._errors.seek(0)
            said = self._errors.read().decode("utf-8", "replace").strip().splitlines()[-1:]
            raise BrokenPipeError(f"status {self._process.wait()}: {said[0] if said else 'no message'}")
        return int(line)

    def _kill(self) -> None:
        if self._pid is not None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._pid, getattr(signal, "SIGKILL", signal.SIGTERM))

    def close(self) -> None:
        """End the process, and what it serves."""
        self._kill()
        for stream in (self._process.stdin, self._process.stdout, self._errors):
            assert stream
            with contextlib.suppress(BrokenPipeError):
                stream.close()
        self._process.wait()  # it ends when nobody can ask it any more


_kept: list[_Forker] = []
_lock = threading.Lock()


def run(folder: Path, processor_s: float, task: str, page: int, *, clock_s: float) -> int | None:
    """Serve a PDF's folder in a process of its own: its exit status, None where it took longer than `clock_s`.

    May be called from many threads.

    Raises:
        BrokenPipeError: the process that forks cannot begin, or was killed.
    """
    with _lock:
        forker = _kept.pop() if _kept else _Forker()
    try:
        try:
            forker.begin(folder, processor_s, task, page)
        except BrokenPipeError:  # it was killed while nobody needed it
            forker.close()
            forker = _Forker()
            forker.begin(folder, processor_s, task, page)
        status = forker.status(clock_s)
    except BaseException:
        forker.close()
        raise
    with _lock:
        is_kept = CAN_FORK and len(_kept) < KEPT
        if is_kept:
            _kept.append(forker)
    if not is_kept:
        forker.close()
    return status


def _close_kept() -> None:
    with _lock:
        while _kept:
            _kept.pop().close()


def _forget_kept() -> None:
    """Forget the kept ones in a fork of this process: they are its parent's, and two cannot speak over one pipe."""
    global _lock
    _lock = threading.Lock()
    _kept.clear()


atexit.register(_close_kept)
if CAN_FORK:
    os.register_at_fork(after_in_child=_forget_kept)


def fork_for_each(serve: Serve) -> None:
    """The work of the process that forks: for each PDF a line of JSON in, id and exit status of its process out."""
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)  # a process that reads one PDF leaves next to no garbage
    for line in sys.stdin.buffer:
        folder, processor_s, task, page = json.loads(line)
        if not CAN_FORK:
            _tell(os.getpid())
            _tell(serve(Path(folder), processor_s, task, page))
            return
        pid = os.fork()
        if pid == 0:
            _serve_and_end(serve, Path(folder), processor_s, task, page)
        _tell(pid)
        _end_when_nobody_listens(pid)
        _tell(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))


def _end_when_nobody_listens(pid: int) -> None:
    """Wait for a process, and kill it where who asked for it was killed meanwhile: stdin can be read at its end alone.

    Where that cannot be seen (not on Linux), it goes on up to its limits.
    """
    if hasattr(os, "pidfd_open"):
        process = os.pidfd_open(pid)
        ready, _, _ = select.select([process, sys.stdin], [], [])
        if process not in ready:
            os.kill(pid, signal.SIGKILL)
        os.close(process)


def _tell(number: int) -> None:
    sys.stdout.buffer.write(b"%d\n" % number)
    sys.stdout.buffer.flush()


def _serve_and_end(serve: Serve, folder: Path, processor_s: float, task: str, page: int) -> NoReturn:
    """Serve a PDF in the fork, which can neither speak for the process that forked it nor read what that is asked."""
    nothing = os.open(os.devnull, os.O_RDWR)
    errors = os.open(folder / ERRORS, os.O_WRONLY | os.O_CREAT, 0o600)
    for ours, theirs in ((nothing, 0), (nothing, 1), (errors, 2)):
        os.dup2(ours, theirs)
    os._exit(serve(folder, processor_s, task, page))
