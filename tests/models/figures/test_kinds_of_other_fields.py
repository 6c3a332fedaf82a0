"""Maps, medical images, gels, tables and phylogenies: drawn from a seed, the same each time, with true boxes."""

from collections.abc import Callable

import numpy as np
import pytest

from exsclaim.records import PanelKind
from models.figures.panels import gels, maps, medical_images, phylogenies, plots, tables
from models.figures.style import draw_style
from models.figures.truth import Sketch

PAPER = 255
DRAWN: dict[str, tuple[Callable[..., Sketch], PanelKind]] = {
    "map": (maps.draw, PanelKind.MAP),
    "medical image": (medical_images.draw, PanelKind.MEDICAL),
    "gel": (gels.draw, PanelKind.GEL),
    "table": (tables.draw, PanelKind.TABLE),
    "phylogeny": (phylogenies.draw, PanelKind.GRAPH),
}


def sketch(name: str, seed: int, width: int = 260, height: int = 200) -> Sketch:
    rng = np.random.default_rng(seed)
    return DRAWN[name][0](rng, width, height, draw_style(rng, 900, 3))


@pytest.mark.parametrize("name", DRAWN)
def test_a_seed_draws_one_picture_of_the_asked_size_and_kind(name: str) -> None:
    one, again = sketch(name, 4), sketch(name, 4)
    assert one.image.shape == (200, 260, 3)
    assert np.array_equal(one.image, again.image)
    assert one.kind is DRAWN[name][1]
    assert not np.array_equal(one.image, sketch(name, 5).image)


@pytest.mark.parametrize("name", DRAWN)
@pytest.mark.parametrize("seed", range(6))
def test_all_ink_lies_in_the_box_and_the_box_holds_a_good_part_of_the_room(name: str, seed: int) -> None:
    drawn = sketch(name, seed)
    x0, y0, x1, y1 = drawn.box
    outside = drawn.image.copy()
    outside[y0:y1, x0:x1] = PAPER
    assert outside.min() >= PAPER - 24
    assert (x1 - x0) * (y1 - y0) > 0.3 * 260 * 200


@pytest.mark.parametrize("name", DRAWN)
def test_small_cells_are_filled_too(name: str) -> None:
    drawn = sketch(name, 1, 90, 86)
    assert drawn.image.shape == (86, 90, 3)


def test_a_graph_of_several_axes_is_one_plot_on_white() -> None:
    """Facets, clusters without axes, volcano and forest plots are in the bank like any other."""
    for number in range(0, plots.PER_PROCESS, 7):
        plot = plots._bank(number)
        assert plot.ndim == 3
        assert (plot.min(axis=2) > 250).mean() > 0.05
        assert (plot.min(axis=2) < 200).any()
