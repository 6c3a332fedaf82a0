"""How large things are in a panel: nm per pixel from its scale bars, and doubts about it as flags."""

from collections.abc import Sequence
from typing import NamedTuple

from exsclaim.geometry import Box
from exsclaim.records import ScaleBar

AGREEMENT = 1.1
"""Bars of one panel whose nm per pixel differ by a larger factor contradict each other."""
LEAST_LENGTH_PX = 1.0
SCALE_FLAGS = frozenset({"zero_length", "bar_longer_than_panel", "scale_conflict"})


class PanelScale(NamedTuple):
    """`nm_per_px` is None where no bar gives one, or where bars contradict each other (flag "scale_conflict")."""

    nm_per_px: float | None
    flags: tuple[str, ...]


def panel_scale(panel: Box, bars: Sequence[ScaleBar]) -> PanelScale:
    """The scale of a panel from its bars; implausible bars are flagged and do not count.

    Flags: "zero_length" (a bar shorter than a pixel, or one of 0 nm), "bar_longer_than_panel", "scale_conflict".
    """
    flags: list[str] = []
    scales: list[float] = []
    for bar in bars:
        if bar.length_px < LEAST_LENGTH_PX or (bar.length_nm is not None and bar.length_nm <= 0):
            flags.append("zero_length")
        elif bar.length_px > max(panel.width, panel.height) + 2:
            flags.append("bar_longer_than_panel")
        elif bar.length_nm is not None:
            scales.append(bar.length_nm / bar.length_px)
    if scales and max(scales) > AGREEMENT * min(scales):
        return PanelScale(None, (*dict.fromkeys(flags), "scale_conflict"))
    return PanelScale(sorted(scales)[len(scales) // 2] if scales else None, tuple(dict.fromkeys(flags)))
