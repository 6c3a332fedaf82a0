"""What a panel shows, by plain statistics of its pixels."""

import numpy as np
from numpy.typing import NDArray

from exsclaim.records import PanelKind


def classify(panel: NDArray[np.uint8]) -> tuple[PanelKind, float]:
    return PanelKind.UNCLEAR, 0.0
