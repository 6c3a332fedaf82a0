"""The networks through OpenVINO see what they see through torch, which is the reference."""

import contextlib
import importlib.util
import os
import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from exsclaim.figures.detection import openvino_runtime
from exsclaim.figures.detection.detections import Networks
from exsclaim.figures.separation import concluded
from tests.exsclaim.figures.drawings import graph, letter, page, place, texture
from tests.outbound import Outbound

ROOT = Path(__file__).parents[4]

pytestmark = pytest.mark.skipif(importlib.util.find_spec("openvino") is None, reason="openvino is not installed")


@pytest.fixture(scope="module")
def by_openvino() -> Networks:
    return Networks.load("cpu")


@pytest.fixture(scope="module")
def by_torch() -> Networks:
    return Networks.load("cpu", with_openvino=False)


def figure(width: int, height: int) -> NDArray[np.uint8]:
    picture = page(width, height)
    place(picture, texture(300, 280, 1), 10, 20)
    graph(picture, 350, 20, 330, 280)
    letter(picture, "a", 14, 24)
    return picture


@pytest.mark.parametrize(("width", "height"), [(700, 320), (900, 640), (1500, 400)])
def test_both_give_the_same_panels(by_torch: Networks, by_openvino: Networks, width: int, height: int) -> None:
    picture = figure(width, height)
    one, other = (
        concluded(picture, networks.detect([picture])[0], kinds=networks.kinds) for networks in (by_torch, by_openvino)
    )
    assert len(one) >= 2
    for a, b in zip(one, other, strict=True):
        assert (a.kind, a.label, a.is_inset, a.flags) == (b.kind, b.label, b.is_inset, b.flags)
        assert a.box.corners == pytest.approx(b.box.corners, abs=0.01)
        assert a.kind_confidence == pytest.approx(b.kind_confidence, abs=0.002)


def test_both_give_the_same_panels_on_published_figures(
    by_torch: Networks, by_openvino: Networks, shared_data: Path
) -> None:
    from exsclaim.figures.image import read_image

    for path in sorted((shared_data / "figures").glob("*.png"))[:2]:
        picture = read_image(path, 100)
        one, other = (
            concluded(picture, networks.detect([picture])[0], kinds=networks.kinds)
            for networks in (by_torch, by_openvino)
        )
        assert [(p.kind, p.label, p.nm_per_px is None) for p in one] == [
            (p.kind, p.label, p.nm_per_px is None) for p in other
        ]
        for a, b in zip(one, other, strict=True):
            assert a.box.corners == pytest.approx(b.box.corners, abs=1)


def test_converted_networks_are_kept_and_read_again(tmp_path: Path) -> None:
    network = _Pair(torch.nn.Conv2d(3, 4, 3, padding=1)).eval()
    openvino_runtime.compiled(network, "toy", tmp_path)
    files = {path.name: path.stat().st_mtime_ns for path in tmp_path.iterdir()}
    assert {Path(name).suffix for name in files} == {".xml", ".bin"}
    openvino_runtime.compiled(network, "toy", tmp_path)
    assert {path.name: path.stat().st_mtime_ns for path in tmp_path.iterdir()} == files


def test_a_folder_that_cannot_be_written_costs_time_alone(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    fast = openvino_runtime.compiled(_Pair(torch.nn.Conv2d(3, 4, 1)).eval(), "toy", tmp_path / "file" / "networks")
    assert [tuple(output.shape) for output in fast(torch.rand(1, 3, 32, 32))] == [(1, 4, 32, 32), (1, 32, 32)]


def test_a_batch_gives_what_its_images_give_alone(tmp_path: Path) -> None:
    network = torch.nn.Sequential(torch.nn.Conv2d(3, 4, 3, padding=1), torch.nn.ReLU()).eval()
    wrapped = _Pair(network).eval()
    fast = openvino_runtime.compiled(wrapped, "toy", tmp_path)
    images = torch.rand(2, 3, 64, 32)
    with torch.inference_mode():
        expected = wrapped(images)
    for whole, one, other, reference in zip(fast(images), fast(images[:1]), fast(images[1:]), expected, strict=True):
        torch.testing.assert_close(whole, torch.cat([one, other]))
        torch.testing.assert_close(whole, reference, atol=1e-5, rtol=1e-5)


def test_two_threads_are_in_a_network_at_the_same_time() -> None:
    both = threading.Barrier(2)

    class Compiled:
        def create_infer_request(self) -> "Compiled":
            return self

        def infer(self, inputs: dict[int, NDArray[np.float32]], **_: object) -> dict[int, NDArray[np.float32]]:
            both.wait(timeout=30)  # breaks where one waits for the other
            return {0: inputs[0] + 1}

    network = openvino_runtime.CompiledNetwork(Compiled)
    with ThreadPoolExecutor(2) as threads:
        found = list(threads.map(network, [torch.zeros(1, 3, 32, 32), torch.ones(1, 3, 32, 32)]))
    assert [float(output.mean()) for (output,) in found] == [1.0, 2.0]


class _Pair(torch.nn.Module):
    def __init__(self, network: torch.nn.Module) -> None:
        super().__init__()
        self.network = network

    def forward(self, images: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        found = self.network(images)
        return found, found.mean(1)


_A_NETWORK = """
import torch
from exsclaim.figures.detection.openvino_runtime import compiled

class Pair(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = torch.nn.Conv2d(3, 4, 1)

    def forward(self, images):
        return self.layer(images), images
"""
"""The start of scripts that run in a process of their own."""


def test_networks_may_go_in_any_order_and_child_processes_end(tmp_path: Path) -> None:
    """In a process of its own: a fault here ends the process with SIGSEGV when a child's end is signalled."""
    script = f"""
import gc, signal, subprocess, sys
from pathlib import Path
{_A_NETWORK}
signal.signal(signal.SIGCHLD, lambda *_: None)  # as PyTorch's data loaders do
for _ in range(2):
    first, second = (compiled(Pair().eval(), name, Path({str(tmp_path)!r})) for name in ("first", "second"))
    del first
    gc.collect()
    del second
    gc.collect()
    subprocess.run([sys.executable, "-c", ""], check=True)
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_threads_that_call_a_network_first_do_not_wait_for_each_other(tmp_path: Path) -> None:
    """In processes of their own, since first calls are what matters: without care one in four never ends.

    They are forks of one process that has imported torch, which takes far longer than the calls.
    """
    script = f"""
import os, sys, threading
from pathlib import Path
{_A_NETWORK}
def run():
    sys.setswitchinterval(1e-6)
    start = threading.Barrier(6)
    network = compiled(Pair().eval(), "pair", Path({str(tmp_path)!r}))

    def call():
        start.wait()
        network(torch.rand(1, 3, 32, 32))

    threads = [threading.Thread(target=call) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

children = []
for _ in range(3):
    if not (child := os.fork()):
        run()
        os._exit(0)
    children.append(child)
sys.exit(any(os.waitpid(child, 0)[1] for child in children))
"""
    running = subprocess.Popen([sys.executable, "-c", script], start_new_session=True)
    try:
        assert running.wait(timeout=60) == 0
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(running.pid, signal.SIGKILL)


def test_nobody_is_told_that_it_is_used(tmp_path: Path) -> None:
    """The package reports its import from a process of its own, unless it believes itself on a CI's machine."""
    outbound = Outbound(tmp_path)
    script = """
import multiprocessing, time
from exsclaim.figures.detection.openvino_runtime import _openvino
_openvino().Core()
time.sleep(2)
for child in multiprocessing.active_children():
    child.join()
"""
    environment = {name: value for name, value in os.environ.items() if name not in ("CI", "TF_BUILD", "JENKINS_URL")}
    environment |= outbound.environment() | {"HOME": str(tmp_path)}
    subprocess.run([sys.executable, "-c", script], cwd=ROOT, env=environment, check=True, timeout=120)
    assert outbound.attempts == []
