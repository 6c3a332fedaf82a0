"""Processor time and memory of a process and of those that it starts, watched while it runs (Linux)."""

import contextlib
import os
import threading
import time
from collections.abc import Callable
from pathlib import Path


def processor_time_s(pid: int) -> float:
    """Seconds of the processor that a process has used so far (Linux)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def used_by_clock(pid: int) -> list[tuple[float, float, float]]:
    """Time of day, seconds of the processor that a process and its children have used by then, and their memory (MB);
    filled while it runs."""
    seen: list[tuple[float, float, float]] = []
    by_process = dict[int, float]()

    def watch() -> None:
        with contextlib.suppress(OSError):  # it has ended
            while True:
                by_process[pid], memory = processor_time_s(pid), resident_mb(pid)
                for child in children(pid):
                    with contextlib.suppress(OSError):
                        by_process[child] = processor_time_s(child)
                        memory += resident_mb(child)
                seen.append((time.time(), sum(by_process.values()), memory))
                time.sleep(0.1)

    threading.Thread(target=watch, daemon=True).start()
    return seen


def children(pid: int) -> list[int]:
    """Processes that a process has started, and that run (Linux)."""
    found: list[int] = []
    for each in Path(f"/proc/{pid}/task").glob("*/children"):
        with contextlib.suppress(OSError):  # a thread that has ended
            found += map(int, each.read_text().split())
    return found


def memory_by_requests(pid: int, requests_made: Callable[[], int], marks: dict[float, float]) -> dict[float, float]:
    """Most memory (MB) of a process when so many requests were made; filled while the process runs."""
    peaks: dict[float, float] = {}

    def watch() -> None:
        for part, count in marks.items():
            while requests_made() < count:
                if not Path(f"/proc/{pid}").exists():
                    return
                time.sleep(1)
            peaks[part] = peak_mb(pid)

    threading.Thread(target=watch, daemon=True).start()
    return peaks


def resident_mb(pid: int) -> float:
    """Memory that the process has (Linux)."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


def peak_mb(pid: int) -> float:
    """Most memory that the process has had (Linux)."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM"))) / 1024
