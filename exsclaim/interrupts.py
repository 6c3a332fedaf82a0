"""Ends that come early: Ctrl-C and SIGTERM, answered from a command's first moment on and in time whatever it does, and
the child processes that a killed one leaves behind. These are found through /proc, so on Linux alone.
"""

import multiprocessing
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator, Set
from contextlib import contextmanager
from pathlib import Path
from types import FrameType, TracebackType
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from rich.console import Console

GRACE_S = 2.0
"""Time for locks to be given back and for a run to be marked as ended, before the process ends whatever it does."""


def answer_ctrl_c() -> None:
    """Let Ctrl-C end a command from its first moment, without a traceback while its libraries are imported.

    A shell has SIGINT ignored in what a script starts in its background, and Python leaves it so. Who sends it to this
    process means it: a harvest that cannot be told to end by Ctrl-C or `kill -INT` would be killed.
    """

    def told(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if not issubclass(kind, KeyboardInterrupt) and not _noted:
            sys.__excepthook__(kind, error, trace)
            return
        sys.stderr.write("Interrupted.\n")
        if not issubclass(kind, KeyboardInterrupt):  # a library's own error, that Ctrl-C made of it: Python ends with 1
            sys.stderr.flush()
            os._exit(128 + signal.SIGINT)

    def lost(unraisable: "sys.UnraisableHookArgs") -> None:
        if not issubclass(unraisable.exc_type, KeyboardInterrupt):
            sys.__unraisablehook__(unraisable)

    sys.excepthook, sys.unraisablehook = told, lost
    if signal.getsignal(signal.SIGINT) in (signal.SIG_IGN, signal.default_int_handler):
        signal.signal(signal.SIGINT, _note_ctrl_c)


_noted: list[int] = []
"""Ctrl-C while the command's libraries were loaded. One that meets a callback, such as of import locks, is lost."""


def _note_ctrl_c(number: int, frame: FrameType | None) -> NoReturn:
    _noted.append(number)
    raise KeyboardInterrupt


def loaded() -> None:
    """Hand Ctrl-C back to Python once a command's libraries are loaded.

    Raises:
        KeyboardInterrupt: it came meanwhile, and was lost in one of them.
    """
    if signal.getsignal(signal.SIGINT) is _note_ctrl_c:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        if _noted:
            raise KeyboardInterrupt


class Ending:
    """The end of this process that comes early; `over` is set once it begins, or once nobody needs it any more."""

    def __init__(self, errors: "Console", kept: Callable[[], str], last: Callable[[], object]) -> None:
        self.over = threading.Event()
        self._errors, self._kept, self._last = errors, kept, last
        self._leaving = threading.Lock()

    def end(self, why: str, code: int) -> NoReturn:
        """End the process, and say why; what is done is on disk at any moment, as for SIGKILL."""
        self.over.set()
        self._leaving.acquire()  # never given back: who comes second waits for the end
        self._errors.show_cursor(True)
        told_why = f"{why}. {self._kept()}; the same command goes on from there."
        self._errors.print(told_why, soft_wrap=True, highlight=False, markup=False)  # a path may have brackets
        for child in multiprocessing.active_children():
            child.terminate()
        self._last()
        os._exit(code)

    def leave(self, number: int) -> NoReturn:
        """End as this signal says: with exit code 130 or 143."""
        self.end("Interrupted" if number == signal.SIGINT else "Told to end", 128 + number)


@contextmanager
def ended_when_told(errors: "Console", kept: Callable[[], str], last: Callable[[], object]) -> Iterator[Ending]:
    """Within, Ctrl-C and SIGTERM end this process in `GRACE_S`, with exit code 130 or 143 and a sentence on `errors`.

    What runs is not waited for. `kept` says what the same command will find done; `last` is called before the end. The
    caller is the main thread, whose the signals are.
    """
    ours, theirs = socket.socketpair()
    theirs.setblocking(False)
    ending = Ending(errors, kept, last)
    told: list[int] = []

    def leave_in_time() -> None:
        # written by the interpreter at once, whatever the main thread does and whoever has the handler
        with ours:
            while received := ours.recv(1):
                if received[0] in (signal.SIGINT, signal.SIGTERM):
                    ending.over.set()
                    threading.Event().wait(GRACE_S)
                    ending.leave(received[0])

    def interrupt(number: int, frame: FrameType | None) -> NoReturn:
        told.append(number)
        raise KeyboardInterrupt(number)

    handlers = {number: signal.signal(number, interrupt) for number in (signal.SIGINT, signal.SIGTERM)}
    wakeup = signal.set_wakeup_fd(theirs.fileno(), warn_on_full_buffer=False)
    threading.Thread(target=leave_in_time, daemon=True, name="leave in time").start()
    try:
        if _noted:
            ending.leave(_noted[0])
        yield ending
    except BaseException:
        if told:  # libraries make an error of their own of it
            ending.leave(told[0])
        raise
    finally:
        ending.over.set()
        signal.set_wakeup_fd(wakeup)
        for number, handler in handlers.items():
            signal.signal(number, handler)
        theirs.close()  # ends the thread that reads


def end_orphans(argument: str, environment: Set[str], *, own: bool = False) -> list[int]:
    """End the processes with this argument and these variables that have lost their parent; gives their ids.

    With `own`, the children of this process as well, and these at once.
    """
    ended = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if argument.encode() not in (process / "cmdline").read_bytes().split(b"\0"):
                continue
            has = (process / "environ").read_bytes().split(b"\0")
            status = (process / "status").read_text()
            if all(each.encode() in has for each in environment) and (
                (ours := own and _parent(status) == str(os.getpid())) or _was_adopted(status)
            ):
                os.kill(int(process.name), signal.SIGKILL if ours else signal.SIGTERM)
                ended.append(int(process.name))
        except (FileNotFoundError, ProcessLookupError, PermissionError):
            continue  # ended meanwhile, or somebody else's
    return ended


def _was_adopted(status: str) -> bool:
    """True if the process's parent is init or a service manager, and not the Python that started it."""
    parent = _parent(status)
    if parent == "1":
        return True
    try:
        return "python" not in Path(f"/proc/{parent}/exe").readlink().name
    except (FileNotFoundError, PermissionError):
        return True


def _parent(status: str) -> str:
    return next(line.split()[1] for line in status.splitlines() if line.startswith("PPid:"))
