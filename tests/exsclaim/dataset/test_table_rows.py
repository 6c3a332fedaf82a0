"""The columns that say where a panel's scale comes from, and how sure it is."""

import pytest

from exsclaim.dataset.tables.table_rows import scale_source
from exsclaim.geometry import Box
from exsclaim.records import Panel, ScaleBar

BOX = Box.of((0, 0, 100, 80))
UNREAD = ScaleBar(box=BOX, length_px=10, confidence=0.99)
STATED = ScaleBar(box=BOX, length_px=10, confidence=0.8, length_nm=50, nm_origin="caption")
PRINTED = ScaleBar(box=BOX, length_px=10, confidence=0.9, length_nm=50, nm_origin="printed", label_confidence=0.5)
SURELY_READ = PRINTED.model_copy(update={"label_confidence": 0.95})
UNMEASURED_PRINT = PRINTED.model_copy(update={"label_confidence": 0.0})


@pytest.mark.parametrize(
    ("bars", "calibrated", "expected"),
    [
        ((), 0.0, (None, None)),
        ((UNREAD,), 0.7, (None, None)),
        ((UNREAD, STATED), 0.0, ("caption", 0.8)),
        ((PRINTED,), 0.0, ("printed", 0.45)),
        ((PRINTED,), 0.7, ("printed", 0.7)),
        ((UNMEASURED_PRINT,), 0.0, ("printed", 0.9)),
        ((PRINTED, STATED), 0.7, ("caption", 0.8)),
        ((STATED, SURELY_READ), 0.0, ("printed", 0.855)),
    ],
)
def test_a_scale_is_as_sure_as_its_surest_bar(
    bars: tuple[ScaleBar, ...], calibrated: float, expected: tuple[str | None, float | None]
) -> None:
    """Of a printed length as separation calibrated it; the caption's is as sure as the bar is one."""
    panel = Panel(id="f/p1", figure_id="f", box=BOX, scale_bars=bars, nm_per_px=5.0, scale_confidence=calibrated)
    assert scale_source(panel) == expected


def test_a_panel_without_a_scale_has_no_source_of_it() -> None:
    assert scale_source(Panel(id="f/p1", figure_id="f", box=BOX, scale_bars=(PRINTED, STATED))) == (None, None)
