"""The synthesizer's promises: the same seed draws the same figure, and its truth fits its pixels."""

import numpy as np
import pytest

from exsclaim.records import PanelKind
from models.figures.degrade import rescale
from models.figures.draw import draw
from models.figures.truth import TrueBar, TrueFigure, TruePanel


def boxes_of(figure: TrueFigure) -> list[tuple[int, int, int, int]]:
    boxes = [p.box for p in figure.panels] + [b.box for b in figure.bars]
    boxes += [p.label_box for p in figure.panels if p.label_box]
    return boxes + [b.label_box for b in figure.bars if b.label_box]


@pytest.fixture(scope="module")
def drawn() -> dict[int, TrueFigure]:
    """A dozen figures by their seeds, others in each run: to draw one takes far longer than all that is asked of it."""
    return {seed: draw(seed) for seed in np.random.default_rng().integers(0, 10**9, 12).tolist()}


def test_every_box_is_whole_and_within_the_image(drawn: dict[int, TrueFigure]) -> None:
    for seed, figure in drawn.items():
        height, width = figure.image.shape[:2]
        assert figure.image.dtype == np.uint8
        assert figure.panels, f"seed {seed}"
        for x0, y0, x1, y1 in boxes_of(figure):
            assert 0 <= x0 < x1 <= width, f"seed {seed}"
            assert 0 <= y0 < y1 <= height, f"seed {seed}"


def test_the_same_seed_draws_the_same_figure(drawn: dict[int, TrueFigure]) -> None:
    for seed, first in list(drawn.items())[:8]:
        second = draw(seed)
        assert np.array_equal(first.image, second.image), f"seed {seed}"
        assert first.panels == second.panels, f"seed {seed}"
        assert first.bars == second.bars, f"seed {seed}"


def test_parts_name_their_parent_and_bars_their_panel(drawn: dict[int, TrueFigure]) -> None:
    for seed, figure in drawn.items():
        for number, panel in enumerate(figure.panels):
            assert panel.parent is None or panel.parent < number, f"seed {seed}"
            assert not panel.is_inset or panel.parent is not None, f"seed {seed}"
            if panel.parent is not None:
                assert panel.label is None, f"seed {seed}"
        assert all(0 <= bar.panel < len(figure.panels) for bar in figure.bars), f"seed {seed}"
        marked = [bar.label_text for bar in figure.bars if "{" in (bar.label_text or "")]
        assert not marked, f"seed {seed}: text is as printed, without our mark-up"
        assert all((bar.label_text is None) == (bar.label_box is None) for bar in figure.bars), f"seed {seed}"


def test_letters_of_a_figure_are_all_different(drawn: dict[int, TrueFigure]) -> None:
    for seed, figure in drawn.items():
        labels = [p.label for p in figure.panels if p.label]
        assert len(labels) == len(set(labels)), f"seed {seed}"


def test_all_kinds_of_panels_are_drawn() -> None:
    missing = set(PanelKind) - {PanelKind.UNCLEAR}
    # some kinds are rare, and which seeds have them changes with what is drawn; now these six are enough: 121 to 126
    for seed in range(121, 1_121):
        missing -= {panel.kind for panel in draw(seed).panels}
        if not missing:
            return
    assert not missing


def test_a_bar_is_seen_in_its_box_and_nowhere_beside_it(drawn: dict[int, TrueFigure]) -> None:
    """Pixels within the bar's box differ from those just above or below it, in nearly all figures."""
    seen = told = 0
    for figure in drawn.values():
        for bar in figure.bars:
            x0, y0, x1, y1 = bar.box
            beside = figure.image[max(0, y0 - 4) : max(0, y0 - 2), x0:x1]
            if beside.size:
                told += 1
                seen += abs(float(figure.image[y0:y1, x0:x1].mean()) - float(beside.mean())) > 20
    assert told > 5
    assert seen >= 0.8 * told


def test_rescaling_moves_boxes_with_the_image() -> None:
    image = np.full((100, 200, 3), 255, np.uint8)
    image[40:60, 100:140] = 0
    panel = TruePanel((100, 40, 140, 60), PanelKind.PHOTO)
    figure = rescale(TrueFigure(image, (panel,), (TrueBar((100, 40, 140, 60), 0),)), 100)
    dark = np.argwhere(figure.image[..., 0] < 128)
    assert figure.panels[0].box == figure.bars[0].box == (50, 20, 70, 30)
    assert (dark.min(0).tolist(), (dark.max(0) + 1).tolist()) == ([20, 50], [30, 70])
