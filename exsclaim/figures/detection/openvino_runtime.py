"""The networks on a CPU through OpenVINO, where that is installed (extra `openvino`): the same outputs, sooner.

Torch stays the reference, and what runs on a GPU and trains. A network is traced and converted once for each weights
file, which takes seconds, and kept in a folder as OpenVINO's own form (.xml and .bin, fp32); from then on it is read
from there. https://docs.openvino.ai/ (Apache-2.0).
"""

import importlib.util
import logging
import sys
import tempfile
import warnings
from collections import deque
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

log = logging.getLogger(__name__)

_COMPILING = Lock()
"""Held until a network has run once. OpenVINO's Python binding fills tables at their first use, and waits for the
interpreter meanwhile: of two threads that use one first at the same time each can wait for the other for ever."""
_SMALLEST = (1, 3, 64, 96)
"""Shape of the input with which networks are traced and tried."""

KEPT = Path.home() / ".cache" / "exsclaim" / "networks"
_MOST_PREPARED = 2000
"""So many layers stay prepared for the shape of an input: a network has some hundred, and figures come in any shape."""


class CompiledNetwork:
    """A network of `(N, 3, H, W)` float32, compiled for this CPU; any number of threads may call it.

    What is compiled works on one input at a time, and a thread that calls meanwhile would wait: so it is compiled as
    many times as threads ever call at once.
    """

    def __init__(self, compiled_anew: Callable[[], Any]) -> None:
        self._compiled_anew = compiled_anew
        self._idle = deque([compiled_anew().create_infer_request()])

    def __call__(self, images: Tensor) -> tuple[Tensor, ...]:
        """The network's outputs, in its order."""
        try:
            request = self._idle.pop()
        except IndexError:
            with _COMPILING:
                request = self._compiled_anew().create_infer_request()
        try:
            found = request.infer({0: np.ascontiguousarray(images.numpy())}, share_inputs=True)
            return tuple(torch.from_numpy(np.array(found[i])) for i in range(len(found)))
        finally:
            self._idle.append(request)


class RunnableNetwork:
    """A network that is used and not trained: through OpenVINO where it was compiled, else through torch."""

    def __init__(
        self, network: nn.Module, device: torch.device | str, *, method: str = "forward", compiled_as: str | None = None
    ) -> None:
        """Bring the network to the device, or compile its method under that name, which its digest is a part of."""
        self.device = torch.device(device)
        self._compiled = compiled(network.eval(), compiled_as, method=method) if compiled_as else None
        network.to(self.device).to(memory_format=torch.channels_last).eval()
        self._found_by = getattr(network, method)

    def __call__(self, images: Tensor) -> tuple[Tensor, ...]:
        """The network's outputs for `(N, 3, H, W)` float32: float32 on the CPU, in its order."""
        if self._compiled is not None:
            return self._compiled(images)
        with torch.inference_mode():
            found = self._found_by(images.to(self.device, memory_format=torch.channels_last))
        return tuple(output.float().cpu() for output in found)


def is_installed() -> bool:
    """True if the package is installed."""
    return importlib.util.find_spec("openvino") is not None


def compiled(network: nn.Module, digest: str, folder: Path = KEPT, method: str = "forward") -> CompiledNetwork:
    """A network compiled for as many threads as torch uses.

    Args:
        network: from `(N, 3, H, W)` to a tuple of outputs; sides are multiples of 32.
        digest: of its weights and code: names the file.
        folder: where converted networks are kept; made where it is missing. Where it cannot be written, the network
            is converted anew by each process.
        method: of the network, to be compiled.
    """
    options = {
        "INFERENCE_NUM_THREADS": torch.get_num_threads(),
        "INFERENCE_PRECISION_HINT": "f32",
        "PERFORMANCE_HINT": "LATENCY",
        "CPU_RUNTIME_CACHE_CAPACITY": _MOST_PREPARED,
    }
    with _COMPILING:
        openvino, core = _openvino(), _core()
        file = folder / f"{digest}-{openvino.__version__.split('-')[0]}.xml"
        model = core.read_model(file) if file.is_file() else _converted(network, method, file)
        ready = CompiledNetwork(partial(core.compile_model, model, "CPU", options))
        ready(torch.zeros(_SMALLEST))
    return ready


def _openvino() -> Any:
    """The package, which tells nobody that it is used.

    Its import reports to Google Analytics, from a process that it forks off whatever thread it runs in; there is no
    setting against that but a file in the user's home. Without its telemetry package it keeps quiet.
    """
    sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]
    import openvino

    return openvino


@cache
def _core() -> Any:
    """OpenVINO's core, one for the process and never given back.

    Its CPU plugin gives the thread a stack for signals and frees it with the core: of several cores that come and go
    the thread can be left with a freed one, and the next signal (a child process that ends) kills the process.
    """
    return _openvino().Core()


def _converted(network: nn.Module, method: str, file: Path) -> Any:
    """A network in OpenVINO's form; its .xml and .bin are written, the .xml last, so that what is there is complete."""
    openvino = _openvino()
    from openvino.frontend import FrontEndManager
    from openvino.frontend.pytorch.ts_decoder import TorchScriptPythonDecoder

    with warnings.catch_warnings(), torch.inference_mode():
        warnings.simplefilter("ignore")  # tracing is deprecated, and what OpenVINO reads best
        trace: Any = torch.jit.trace
        traced = trace(_Traced(network, method).eval(), torch.zeros(_SMALLEST), check_trace=False)
        decoder = TorchScriptPythonDecoder(traced)  # lives until the conversion is done
        frontend = FrontEndManager().load_by_framework("pytorch")
        model = frontend.convert(frontend.load(decoder))
    model.reshape(openvino.PartialShape([-1, 3, -1, -1]))
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=file.parent) as drafts:
            draft = Path(drafts) / file.name
            openvino.save_model(model, draft, compress_to_fp16=False)
            for suffix in (".bin", ".xml"):
                draft.with_suffix(suffix).replace(file.with_suffix(suffix))
    except OSError as error:
        log.info("converted networks cannot be kept in %s: %s", file.parent, error)
    return model


class _Traced(nn.Module):
    """A method of a network as a network: what is traced is `forward`."""

    def __init__(self, network: nn.Module, method: str) -> None:
        super().__init__()
        self._network = network
        self._method = method

    def forward(self, images: Tensor) -> tuple[Tensor, ...]:
        found: tuple[Tensor, ...] = getattr(self._network, self._method)(images)
        return found
