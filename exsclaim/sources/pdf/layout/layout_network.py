"""PP-DocLayout-S: what stands where on a page, by its looks alone. CARD.md says where it comes from.

It sees the page at 480 x 480 px, so that it knows texts, drawings and tables, and no edge to a point.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from exsclaim.geometry import Box

NETWORK = Path(__file__).parent / "pp_doclayout_s.onnx"
SIDE_PX = 480
_KINDS = (
    "paragraph_title", "image", "text", "number", "abstract", "content", "figure_title", "formula", "table",
    "table_title", "reference", "doc_title", "footnote", "header", "algorithm", "footer", "seal", "chart_title",
    "chart", "formula_number", "header_image", "footer_image", "aside_text",
)  # fmt: skip
"""In the order in which the network counts them."""
_MEAN = np.array([0.485, 0.456, 0.406], np.float32)
_SPREAD = np.array([0.229, 0.224, 0.225], np.float32)
_LEAST = 0.5
"""Score of what is told: below it the network guesses."""


@dataclass(frozen=True)
class Part:
    """One part of a page as the network sees it, in points."""

    kind: str
    score: float
    """0 to 1."""
    box: Box

    @property
    def is_drawing(self) -> bool:
        return self.kind in ("image", "chart")


def parts_of(pixels: NDArray[np.uint8], scale: float) -> list[Part]:
    """Parts of a page as the network sees them; `pixels` is `(H, W, 3)` uint8, RGB, `scale` pixels per point."""
    height, width = pixels.shape[:2]
    small = cv2.resize(pixels, (SIDE_PX, SIDE_PX), interpolation=cv2.INTER_AREA).astype(np.float32) / 255
    image = ((small - _MEAN) / _SPREAD).transpose(2, 0, 1)[None]
    factor = np.array([[SIDE_PX / height, SIDE_PX / width]], np.float32)
    rows = _session().run(["fetch_name_0"], {"image": image, "scale_factor": factor})[0]
    return [
        Part(_KINDS[int(kind)], float(score), Box(x0 / scale, y0 / scale, x1 / scale, y1 / scale))
        for kind, score, x0, y0, x1, y1 in rows.tolist()
        if score >= _LEAST and x0 < x1 and y0 < y1
    ]


@cache
def _session() -> Any:
    """Network, loaded once per process, of one thread: many PDFs are read at the same time."""
    import onnxruntime  # it starts a thread, and what forks the readers must have none

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(NETWORK, options, providers=["CPUExecutionProvider"])
