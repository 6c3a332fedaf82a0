"""Pieces of the synthesizer: type, letters, layouts, scale labels."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exsclaim import lengths
from models.figures import fonts, layouts, letters
from models.figures.bars import draw_length
from models.figures.canvas import Canvas, blank, ink_box
from models.figures.style import draw_style
from models.figures.truth import overlap


def test_text_returns_the_box_of_its_ink() -> None:
    face = fonts.pick(np.random.default_rng(0), bold=True)
    canvas = Canvas(blank(200, 80))
    box = canvas.text(30, 20, "500 nm", face, 24)
    x0, y0, x1, y1 = ink_box(canvas.image, (255, 255, 255), 60)
    assert np.abs(np.subtract(box, (x0, y0, x1, y1))).max() <= 1


@pytest.mark.parametrize("text", ["µm", "μm", "Å", "2θ", "°C"])
def test_signs_of_the_field_are_drawn_by_some_font(text: str) -> None:
    assert fonts.supports(fonts.fallback(fonts.pick(np.random.default_rng(1)), text), text)


def test_superscripts_stand_higher_than_their_line() -> None:
    face = fonts.pick(np.random.default_rng(0))
    assert fonts.render("x^{2}", face, 30).dy < fonts.render("x", face, 30).dy


@pytest.mark.parametrize(
    ("form", "third", "bare"),
    [("a", "c", "c"), ("(a)", "(c)", "c"), ("A)", "C)", "C"), ("(i)", "(iii)", "iii"), ("[a]", "[c]", "c")],
)
def test_letters_follow_their_form(form: str, third: str, bare: str) -> None:
    assert letters.sequence(form, 4, 2)[2] == (third, bare)


def test_letters_with_numbers_count_columns() -> None:
    assert [bare for _, bare in letters.sequence("(a1)", 4, 2)] == ["a1", "a2", "b1", "b2"]


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**6), st.integers(300, 2200))
def test_cells_of_a_layout_lie_on_the_page_side_by_side(seed: int, width: int) -> None:
    layout = layouts.generate(np.random.default_rng(seed), width)
    boxes = [cell.box for cell in layout.cells]
    assert 1 <= len(boxes) <= 40
    for k, box in enumerate(boxes):
        assert 0 <= box[0] < box[2] <= layout.width
        assert 0 <= box[1] < box[3] <= layout.height
        assert not any(overlap(box, other) for other in boxes[:k])


def test_a_real_layout_keeps_its_proportions() -> None:
    described = {
        "panels": [{"box": [0, 0, 100, 100], "kind": "graph"}, {"box": [110, 0, 210, 100], "kind": "microscopy"}]
    }
    layout = layouts.from_real(np.random.default_rng(0), described, 840)
    assert layout is not None
    assert [cell.kind for cell in layout.cells] == ["graph", "microscopy"]
    (x0, y0, x1, y1) = layout.cells[0].box
    assert abs((x1 - x0) - (y1 - y0)) <= 1


@given(st.integers(0, 10**6))
def test_printed_lengths_read_back_as_their_value(seed: int) -> None:
    rng = np.random.default_rng(seed)
    text, length_nm = draw_length(rng, draw_style(rng, 800, 2).bar)
    assert length_nm is not None
    assert lengths.length_nm(text) == pytest.approx(length_nm)


def test_reciprocal_labels_have_no_length() -> None:
    rng = np.random.default_rng(0)
    assert draw_length(rng, draw_style(rng, 800, 2).bar, reciprocal=True)[1] is None
