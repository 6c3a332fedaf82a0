"""The scale of a panel: nm per pixel from its scale bars, and doubts about it as flags."""

from collections.abc import Sequence
from typing import NamedTuple

from exsclaim.geometry import Box
from exsclaim.lengths import is_usual
from exsclaim.records import PanelKind, ScaleBar

AGREEMENT = 1.1
"""Bars of one panel whose nm per pixel differ by a larger factor contradict each other."""
LEAST_LENGTH_PX = 1.0
SCALE_FLAGS = frozenset({"zero_length", "bar_longer_than_panel", "scale_conflict", "scale_implausible"})
PLAUSIBLE_NM_PER_PX = {PanelKind.MICROSCOPY: (1e-3, 2e4)}
"""From a hundredth of an atom a pixel, in a magnified detail, to 20 µm, at which no instrument is needed."""
_PLAUSIBLE_OF_TYPE = {
    "HRTEM": (1e-3, 10), "TEM": (1e-3, 500), "STEM": (1e-3, 500), "SEM": (0.2, 2e4), "AFM": (0.01, 2e3),
    "STM": (1e-3, 100), "optical": (2, 2e4), "fluorescence": (1, 2e4), "histology": (20, 2e4),
}  # fmt: skip
"""Ten times beyond what annotated images of a type have, about: a unit misread is a thousand times off."""
SURE_TYPE = 0.7
"""A type of less confidence says nothing of the scale."""
_LEGIBLE = 0.5
"""Confidence in the text of a bar's usual length from which on what else is written in the panel was measured there."""
_WORKING_DISTANCE_NM = 2e6
"""Least distance of an electron microscope's lens from the sample; its data bar tells it beside the scale bar."""
_WITH_DATA_BARS = frozenset({PanelKind.MICROSCOPY, PanelKind.UNCLEAR})
"""Kinds that a data bar may stand under; a photograph's 5 mm beside an inset's 50 µm are both bars' lengths."""
_FIELD_WIDTH = 0.04
"""How far the width of the field, as a data bar tells it, may be from the panel's, as a share of it."""
_STRIP_HEIGHTS = 3.0
"""Heights of a text within which others stand in the same data bar."""
_NO_LENGTH = frozenset({PanelKind.DIFFRACTION})
"""Kinds whose bars are reciprocal: a length was misread there."""


class PanelScale(NamedTuple):
    """`nm_per_px` is None where no bar gives one, or where bars contradict each other (flag "scale_conflict")."""

    nm_per_px: float | None
    flags: tuple[str, ...]


def panel_scale(
    panel: Box, bars: Sequence[ScaleBar], kind: PanelKind = PanelKind.UNCLEAR, type_: str | None = None
) -> PanelScale:
    """The scale of a panel from its bars; implausible bars are flagged and do not count, see `scale_bars_alone`.

    Flags: "zero_length" (a bar shorter than a pixel, or one of 0 nm), "bar_longer_than_panel", "scale_conflict",
    "scale_implausible" (images of this kind, or of this second-level type, have no such scale).
    """
    flags: list[str] = []
    scales: list[float] = []
    for bar in scale_bars_alone(panel, bars, kind):
        if bar.length_px < LEAST_LENGTH_PX or (bar.length_nm is not None and bar.length_nm <= 0):
            flags.append("zero_length")
        elif bar.length_px > max(panel.width, panel.height) + 2:
            flags.append("bar_longer_than_panel")
        elif bar.length_nm is not None:
            scales.append(bar.length_nm / bar.length_px)
    if scales and max(scales) > AGREEMENT * min(scales):
        return PanelScale(None, (*dict.fromkeys(flags), "scale_conflict"))
    nm_per_px = sorted(scales)[len(scales) // 2] if scales else None
    if nm_per_px is not None and not _is_plausible(nm_per_px, kind, type_):
        flags.append("scale_implausible")
    return PanelScale(nm_per_px, tuple(dict.fromkeys(flags)))


def scale_bars_alone(panel: Box, bars: Sequence[ScaleBar], kind: PanelKind = PanelKind.UNCLEAR) -> list[ScaleBar]:
    """Bars but what only looks like one: what a data bar tells beside the scale, and what was measured in the image.

    A data bar tells the width of the field and the working distance; measured is what has an odd length ("182 nm")
    where a bar with a usual and legible one stands.
    """
    if kind in _WITH_DATA_BARS:
        bars = _without_texts_of_data_bars(panel, bars)
    if not any(bar.length_nm and is_usual(bar.length_nm) and bar.label_confidence >= _LEGIBLE for bar in bars):
        return list(bars)
    return [bar for bar in bars if not bar.length_nm or is_usual(bar.length_nm)]


def _without_texts_of_data_bars(panel: Box, bars: Sequence[ScaleBar]) -> list[ScaleBar]:
    """Bars but those that got the text beside another: |— 50 µm —| under "HFW 149 µm" or "WD 9.6 mm".

    By the true bar's scale the width of the field is that of the panel; a working distance is millimetres, and bars
    beside it are far shorter.
    """

    def is_told_beside(text: ScaleBar, bar: ScaleBar) -> bool:
        if text is bar or not (text.length_nm and bar.length_nm) or not _are_in_one_strip(text, bar):
            return False
        width_px = text.length_nm / bar.length_nm * bar.length_px
        is_field_width = abs(width_px - panel.width) <= _FIELD_WIDTH * panel.width
        return is_field_width or (text.length_nm >= _WORKING_DISTANCE_NM and width_px > panel.width)

    return [one for one in bars if not any(is_told_beside(one, bar) for bar in bars)]


def _are_in_one_strip(bar: ScaleBar, other: ScaleBar) -> bool:
    a, b = bar.label_box, other.label_box
    if a is None or b is None or bar.length_px < LEAST_LENGTH_PX:
        return False
    return abs((a.y0 + a.y1) - (b.y0 + b.y1)) / 2 <= _STRIP_HEIGHTS * max(a.height, b.height)


def _is_plausible(nm_per_px: float, kind: PanelKind, type_: str | None) -> bool:
    of_kind = PLAUSIBLE_NM_PER_PX.get(kind, (0.0, float("inf")))
    of_type = _PLAUSIBLE_OF_TYPE.get(type_ or "", of_kind)
    return kind not in _NO_LENGTH and all(low <= nm_per_px <= high for low, high in (of_kind, of_type))
