"""Neighbours of figures: other figures and their captions, rows of panels, labels of rows, running heads."""

import pytest

from exsclaim.sources.pdf.article.pdf_article import PdfArticle
from exsclaim.sources.pdf.extraction import extract
from tests.exsclaim.sources.pdf.paper import Paper, Sheet, micrograph

LEFT = ["Figure 1: Grown particles on the surface of", "the film, which were measured with care one",
        "by one after each of the steps of the whole", "growth, as they stood."]  # fmt: skip
RIGHT = ["Figure 2: Silver particles of the other bath", "were measured with more care, and their size",
         "agrees with what was found of the alloys."]  # fmt: skip
LETTER = 0.6 * 7.5
"""Width of a letter of the captions, in points."""


def read(paper: Paper) -> PdfArticle:
    return extract(paper.bytes())


def beside_each_other(sheet: Sheet, left: list[str], right: list[str]) -> None:
    """Two framed plots 1.5 points apart, with captions no more than a word's space apart."""
    sheet.prose(60, 80, 8, letters=88)
    edge = 60 + 44 * LETTER
    for x0, x1 in ((60, edge - 1), (edge + 0.5, edge + 200)):
        sheet.box(x0, 180, x1, 290)
        sheet.curve(x0 + 20, 190, x1 - 20, 270)
    sheet.block(60, 304, left, 7.5)
    sheet.block(edge, 304, right, 7.5)


def test_captions_with_a_words_space_between_them_and_their_plots_are_told_apart() -> None:
    paper = Paper()
    sheet = paper.sheet()
    beside_each_other(sheet, LEFT, RIGHT)
    sheet.prose(60, 400, 20, letters=88, seed=2)
    first, second = read(paper).figures
    assert first.caption == " ".join(LEFT).removeprefix("Figure 1: ")
    assert second.caption == " ".join(RIGHT).removeprefix("Figure 2: ")
    assert first.box_pt[2] == pytest.approx(257, abs=2)
    assert second.box_pt[0] == pytest.approx(258.5, abs=2)


def test_text_under_two_captions_is_not_cut_between_them() -> None:
    paper = Paper()
    sheet = paper.sheet()
    beside_each_other(sheet, LEFT[:1], RIGHT[:1])
    words = "silver particles were grown on the surface and measured with care after every step of it all"
    sheet.block(60, 330, [words] * 6, 7.5)
    (_, text), *_ = [section for section in read(paper).sections if words in section[1]]
    assert text.count(words) == 6


def test_rows_of_panels_with_long_captions_under_their_axes_are_one_figure() -> None:
    paper = Paper()
    sheet = paper.sheet()
    sheet.prose(60, 60, 6, letters=88)
    for row, top in enumerate((130, 290, 450)):
        for column, x in enumerate((100, 320)):
            sheet.image(x, top, x + 130, top + 110, micrograph(220, 260, seed=2 * row + column))
            for step in range(12):  # letters under an axis, drawn as paths
                sheet.box(x + 10 * step, top + 114 + step % 3, x + 10 * step + 4, top + 122, fill="0 0 0")
            letter = "abcdef"[2 * row + column]
            sheet.text(x - 30, top + 136, f"({letter}) Particles of the bath after growth", 8)
    sheet.text(60, 610, "Figure 1. Grown particles.", 7.5, "sans")
    sheet.prose(60, 650, 12, letters=88, seed=2)
    (figure,) = read(paper).figures
    assert figure.box_pt[1] == pytest.approx(130, abs=2)


@pytest.mark.parametrize("shift", [0.0, 8.0])
def test_a_band_around_running_heads_is_no_part_of_the_figure_under_it(shift: float) -> None:
    paper = Paper()
    for number in range(5):
        sheet = paper.sheet()
        x = 40 + shift * (number % 2)
        sheet.box(x, 18, x + 520, 38, fill="0 0.5 0.7")
        sheet.text(x + 10 + 300 * (number % 2), 31, "JOURNAL OF GROWTH", 8, "sans")
        sheet.curve(120, 54, 400, 200)
        sheet.text(60, 216, f"Figure {number + 1}. Grown particles.", 7.5, "sans")
        sheet.prose(60, 260, 30, letters=88, seed=number)
    assert [figure.box_pt[1] > 45 for figure in read(paper).figures] == [True] * 5


@pytest.mark.parametrize(("step", "reaches"), [(40, True), (8, False)], ids=["labels of rows", "a text"])
def test_labels_of_a_figures_rows_far_beside_it_are_its_own(step: float, reaches: bool) -> None:
    paper = Paper()
    sheet = paper.sheet()
    sheet.prose(60, 60, 6, letters=88)
    for row in range(5):
        sheet.image(80, 150 + 40 * row, 200, 180 + 40 * row, micrograph(60, 240, seed=row))
        sheet.text(204, 166 + 40 * row, "CO", 6, "sans")
        sheet.text(280, 166 + step * row, "4 of 12 ; 9 of them", 6, "sans")
    sheet.text(60, 366, "Figure 1. Grown particles of each of the samples, with how many there were.", 7.5, "slanted")
    sheet.prose(60, 400, 20, letters=88, seed=2)
    (figure,) = read(paper).figures
    assert (figure.box_pt[2] > 300) == reaches


@pytest.mark.parametrize("is_drawn", [True, False])
def test_a_supplements_figure_that_is_not_found_is_told_where_a_drawing_is_left(is_drawn: bool) -> None:
    paper = Paper()
    sheet = paper.sheet()
    sheet.prose(60, 80, 8, letters=88)
    sheet.image(60, 200, 400, 350, micrograph(300, 680))
    sheet.text(60, 366, "Figure 1. Grown particles.", 7.5, "sans-bold")
    sheet.prose(60, 400, 30, letters=88)
    sheet = paper.sheet()
    sheet.text(60, 80, "Figure S1. More particles.", 7.5, "sans-bold")
    sheet.prose(60, 120, 10, letters=88)
    if is_drawn:
        sheet.curve(120, 300, 400, 450)
    sheet.prose(60, 500, 10, letters=88)
    labels = [(figure.label, figure.origin) for figure in read(paper).figures]
    assert labels == [("Figure 1", "embedded"), ("Figure S1", "missing")][: 1 + is_drawn]


def test_captions_of_two_panels_in_one_line_do_not_part_a_figure() -> None:
    paper = Paper()
    sheet = paper.sheet()
    sheet.prose(60, 60, 6, letters=88)
    for row, top in enumerate((130, 290)):
        for column, x in enumerate((60, 220)):
            sheet.image(x, top, x + 150, top + 120, micrograph(240, 300, seed=2 * row + column))
        sheet.text(
            64, top + 132, "(i) Particles of the bath before growth (j) Particles of that bath after growth", 6.5
        )
    sheet.text(60, 450, "Figure 1. Grown particles.", 7.5, "sans")
    sheet.prose(60, 490, 12, letters=88, seed=2)
    (figure,) = read(paper).figures
    assert figure.box_pt[1] == pytest.approx(130, abs=2)


@pytest.mark.parametrize("width", [0.6, 1.2, 2.0, 3.0])
def test_specks_between_two_figures_harm_nothing(width: float) -> None:
    paper = Paper()
    sheet = paper.sheet()
    sheet.prose(60, 60, 6, letters=88)
    for number, x in enumerate((60, 270)):
        sheet.curve(x, 150, x + 196, 290)
        sheet.block(x, 310, [f"Figure {number + 1}: Grown particles of the bath", "at both of its ends."], 7.5)
    for step in range(30):
        sheet.box(256 + 0.4 * step, 150 + 5 * step, 256 + 0.4 * step + width, 153 + 5 * step, fill="0 0 0")
    assert [figure.origin for figure in read(paper).figures] == ["rendered"] * 2
