"""Pictures of what was found: every kind of panel can be drawn."""

import numpy as np
import pytest

from exsclaim.figures.overlay import KIND_COLOUR, draw_overlay
from exsclaim.geometry import Box
from exsclaim.records import Panel, PanelKind


@pytest.mark.parametrize("kind", PanelKind)
def test_panels_of_every_kind_are_drawn_in_a_colour_of_their_own(kind: PanelKind) -> None:
    figure = np.full((120, 160, 3), 255, np.uint8)
    panel = Panel(
        id="f/0",
        figure_id="f",
        kind=kind,
        kind_confidence=0.9,
        label="a",
        label_origin="read",
        box=Box(10, 10, 150, 110),
    )
    drawn = draw_overlay(figure, [panel])
    assert tuple(drawn[60, 10]) == KIND_COLOUR[kind]
    assert list(KIND_COLOUR.values()).count(KIND_COLOUR[kind]) == 1
