"""Processes that separate figures side by side, each on one thread (docs/decisions/0153-figures-in-processes.md).

    separated_apart(image, labels, ...) -> panels      called by as many threads as there are to be processes

A process is started where none is idle, and kept for the next figure. It ends with the one that started it, or when
nobody has asked for a while. It knows no store, no settings and nothing of a harvest: an order has all that it needs.
"""

import atexit
import gc
import os
import select
import subprocess
import sys
import traceback
from collections import deque
from collections.abc import Sequence
from pathlib import Path

from exsclaim import errors
from exsclaim.errors import DefectError, ExsclaimError, WorkerLostError
from exsclaim.records import Panel, Record
from exsclaim.recovery import named

IDLE_S = 60.0
"""A process that nobody has asked for so long ends: it holds a gigabyte. (Not on Windows, which cannot wait so.)"""
MEMORY_BYTES = 3 << 29
"""Of a process that has seen many figures, at most."""
_MEMORY = Path("/proc/meminfo")
_ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}


class Order(Record):
    """A figure to separate; its image, of so many bytes, comes after it."""

    image_bytes: int
    max_megapixels: float
    labels: tuple[str, ...]
    figure_id: str
    device: str
    weights: Path | None


class Answer(Record):
    """Panels, or the error that was met: its class in `exsclaim.errors`, what it says and where a defect is."""

    panels: tuple[Panel, ...] = ()
    error: str = ""
    message: str = ""
    trace: str = ""


def most(cores: int) -> int:
    """Number of processes for which this machine has cores and, where that can be seen, free memory."""
    try:
        lines = _MEMORY.read_text().splitlines()
    except OSError:
        return cores
    available_kb = next(int(line.split()[1]) for line in lines if line.startswith("MemAvailable:"))
    return min(cores, available_kb * 1024 // MEMORY_BYTES)


def separated_apart(
    image: bytes,
    labels: Sequence[str],
    *,
    figure_id: str,
    device: str,
    weights: Path | None,
    max_megapixels: float,
) -> tuple[Panel, ...]:
    """Panels of an image file, from another process: what `read_figure` and `separate` give, and raise, in this one.

    Raises:
        WorkerLostError: the process died; another one is started for the next figure.
    """
    order = Order(
        image_bytes=len(image), max_megapixels=max_megapixels, labels=tuple(labels), figure_id=figure_id,
        device=device, weights=weights,
    )  # fmt: skip
    process = _idle_process() or _Process()
    answer = process.answer(order, image)
    if answer is None and process.has_left():  # as the order came, nobody had asked it for a while
        process.end()
        process = _Process()
        answer = process.answer(order, image)
    if answer is None:
        raise WorkerLostError(f"the process that separated {figure_id} ended: {process.end()}; was memory short?")
    _idle.append(process)
    if not answer.error:
        return answer.panels
    error = getattr(errors, answer.error)(answer.message)
    assert isinstance(error, ExsclaimError)
    if answer.trace:
        error.add_note(answer.trace)
    raise error


class _Process:
    """A process that separates figures, asked by one thread at a time."""

    def __init__(self) -> None:
        path = os.pathsep.join(entry or str(Path.cwd()) for entry in sys.path)
        self._process = subprocess.Popen(
            [sys.executable, "-m", __name__, str(IDLE_S)], env=os.environ | _ONE_THREAD | {"PYTHONPATH": path},
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            start_new_session=True,  # Ctrl-C is for who started it, with whom it ends
        )  # fmt: skip

    def answer(self, order: Order, image: bytes) -> Answer | None:
        """The answer to an order; None where the process has ended."""
        asked, answers = self._process.stdin, self._process.stdout
        assert asked
        assert answers
        try:
            asked.write(order.model_dump_json().encode() + b"\n" + image)
            asked.flush()
            line = answers.readline()
        except BrokenPipeError:
            return None
        except BaseException:
            self.end()  # or the next order would have this one's answer
            raise
        return Answer.model_validate_json(line) if line.endswith(b"\n") else None

    def has_ended(self) -> bool:
        return self._process.poll() is not None

    def has_left(self) -> bool:
        """True if the process, which speaks no more, ended by itself."""
        return self._process.wait() == 0

    def end(self) -> str:
        """End the process, and say how it ended."""
        self._process.kill()
        status = self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            assert stream
            try:
                stream.close()
            except BrokenPipeError:
                continue  # the rest of an order that nobody reads
        return f"signal {-status}" if status < 0 else f"status {status}"


_idle = deque[_Process]()


def idle() -> int:
    """Number of this process's processes that wait for an order."""
    return len(_idle)


def _idle_process() -> _Process | None:
    """One that waits for an order. Those that ended, because nobody asked or killed by the system, are put away."""
    while _idle:
        process = _idle.pop()
        if not process.has_ended():
            return process
        process.end()
    return None


def end_idle() -> None:
    """End those that wait for an order."""
    while _idle:
        _idle.pop().end()


atexit.register(end_idle)
if hasattr(os, "register_at_fork"):  # two cannot speak over one pipe: they are the parent's
    os.register_at_fork(after_in_child=_idle.clear)


def serve(idle_s: float) -> None:
    """The work of such a process: orders in on stdin, answers out on stdout, until nobody asks any more."""
    import cv2
    import torch

    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    gc.freeze()
    gc.set_threshold(10_000, 10, 10)  # separation leaves next to none: else a sixtieth of the time goes into the search
    orders, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints is no answer
    try:
        while _is_asked(idle_s) and (line := orders.readline()):
            order = Order.model_validate_json(line)
            answer = answered(order, orders.read(order.image_bytes))
            answers.write(answer.model_dump_json().encode() + b"\n")
            answers.flush()
    except BrokenPipeError:
        os._exit(0)  # who asked was killed: nobody is to be told


def _is_asked(within_s: float) -> bool:
    return sys.platform == "win32" or bool(select.select([sys.stdin], [], [], within_s)[0])


def answered(order: Order, image: bytes) -> Answer:
    """The answer to an order, computed in this process."""
    from exsclaim.figures import separate
    from exsclaim.figures.image import read_figure

    try:
        panels = separate(
            read_figure(image, order.max_megapixels), order.labels, figure_id=order.figure_id, device=order.device,
            weights=order.weights,
        )  # fmt: skip
    except Exception as error:  # noqa: BLE001  whatever it is goes to the process that asked, and is raised there
        known = named(error)
        trace = traceback.format_exc() if isinstance(known, DefectError) else ""
        return Answer(error=type(known).__name__, message=str(known), trace=trace)
    return Answer(panels=tuple(panels))


if __name__ == "__main__":
    serve(float(sys.argv[1]))
