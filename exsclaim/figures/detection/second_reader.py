"""A second opinion on printed text: PP-OCRv6 through `rapidocr`, where that is installed (extra `second-reader`).

Our reader takes half a millisecond a crop and knows nothing but scale labels and panel labels; this one takes some 30
and reads anything. It errs elsewhere ("lum" for 1 µm), so agreement says much, and it sees decimal points that ours
misses. Its models come with the package: nothing is downloaded. https://github.com/RapidAI/RapidOCR (Apache-2.0)
"""

import importlib.metadata
import importlib.util
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from threading import Lock
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

PACKAGE = "rapidocr"


@dataclass(frozen=True)
class Reading:
    """A text as read, and the mean probability of its characters, 0 to 1; "" where nothing was read."""

    text: str
    confidence: float


class SecondReader:
    """Reads crops `(h, w, 3)` uint8 RGB of one line of text."""

    def __init__(self, engine: Any) -> None:
        self._engine = engine
        self._busy = Lock()  # an engine is not made for several threads

    @classmethod
    def load(cls) -> Self:
        """The reader with the models of the installed package; takes a second or two."""
        from rapidocr import RapidOCR

        one_thread = {f"EngineConfig.onnxruntime.{kind}_op_num_threads": 1 for kind in ("intra", "inter")}
        return cls(RapidOCR(params={"Global.log_level": "critical", **one_thread}))

    def read(self, crops: Sequence[NDArray[np.uint8]]) -> list[Reading]:
        """Each crop's text, in the crops' order."""
        found = []
        for crop in crops:
            # the package takes BGR, as OpenCV does
            with self._busy:
                result = self._engine(
                    np.ascontiguousarray(crop[:, :, ::-1]), use_det=False, use_cls=False, use_rec=True
                )
            texts, scores = result.txts or ("",), result.scores or (0.0,)
            found.append(Reading(texts[0].strip(), float(scores[0])))
        return found


def version() -> str | None:
    """The installed package and its version, "rapidocr 3.10.0": part of cache keys; None where there is none."""
    if importlib.util.find_spec(PACKAGE) is None:
        return None
    return f"{PACKAGE} {importlib.metadata.version(PACKAGE)}"


_loading = Lock()


def installed() -> SecondReader | None:
    """The second reader, loaded once per process; None where the package is not installed."""
    with _loading:
        return _installed()


@cache
def _installed() -> SecondReader | None:
    return SecondReader.load() if version() is not None else None
