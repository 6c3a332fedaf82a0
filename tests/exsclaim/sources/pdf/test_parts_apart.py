"""Parts of one figure that stand apart: lower than their neighbours, under a page's number, on another page."""

from pathlib import Path

import pytest

from exsclaim.sources.pdf import read_pdf
from exsclaim.sources.pdf.article.pdf_article import PdfFigure, figure_refs
from exsclaim.sources.pdf.extraction import extract
from exsclaim.store import Store
from tests.exsclaim.sources.pdf.paper import Paper, flush, micrograph
from tests.exsclaim.sources.pdf.test_set_apart import only

LEGEND = "Figure {}. Grown particles of silver in the bath"


@pytest.mark.parametrize(("lower", "is_one"), [(40, True), (75, True), (130, False)])
def test_panels_in_a_row_that_stand_lower_than_their_neighbour_are_of_the_figure(lower: float, is_one: bool) -> None:
    paper = Paper()
    sheet = paper.sheet()
    sheet.prose(60, 60, 8, letters=88)
    sheet.curve(230, 200, 350, 300)
    sheet.curve(80, 200 + lower, 200, 300 + lower)
    sheet.curve(380, 200 + lower, 500, 300 + lower)
    sheet.text(230, 460, LEGEND.format(1), 7.5, "sans")
    sheet.prose(60, 520, 20, letters=88, seed=2)
    x0, _, x1, _ = only(paper).box_pt
    assert (x0 < 90 and x1 > 490) is is_one


def test_a_key_under_the_number_of_the_page_is_of_the_figure_whose_caption_heads_the_next() -> None:
    paper = Paper()
    for number in range(3):
        sheet = paper.sheet()
        sheet.image(100, 70, 500, 730, micrograph(660, 400, number))
        sheet.image(240, 750, 360, 780, micrograph(30, 120, number + 5))
        sheet.text(295, 745, str(number + 12), 9)
        sheet = paper.sheet()
        sheet.text(60, 80, LEGEND.format(number + 1), 7.5, "sans")
        sheet.prose(60, 120, 40, letters=88, seed=number)
        sheet.text(295, 745, str(number + 13), 9)
    assert [figure.box_pt[3] for figure in extract(paper.bytes()).figures] == [pytest.approx(781, abs=2)] * 3


def captions_over_figures(under: int) -> tuple[PdfFigure, ...]:
    """Two figures under their captions, and a third caption with so many lines under it at the foot of a page."""
    paper = Paper()
    for number in (1, 2):
        sheet = paper.sheet()
        sheet.prose(60, 60, 20, letters=88, seed=number)
        sheet.text(60, 330, LEGEND.format(number), 7.5, "sans")
        sheet.image(60, 345, 360, 545, micrograph(200, 300, number))
    sheet = paper.sheet()
    sheet.prose(60, 60, 20, letters=88, seed=4)
    sheet.text(60, 330, LEGEND.format(3), 7.5, "sans")
    sheet.prose(60, 360, under, letters=88, seed=5)
    sheet = paper.sheet()
    sheet.curve(60, 70, 240, 190)
    sheet.prose(60, 260, 20, letters=88, seed=6)
    return extract(paper.bytes()).figures


@pytest.mark.parametrize(("lines", "text_over", "told"), [(0, 0, True), (2, 0, True), (20, 0, False), (0, 5, False)])
def test_a_page_of_panels_before_the_page_that_their_figure_heads_is_told(
    lines: int, text_over: int, told: bool, tmp_path: Path
) -> None:
    paper = Paper()
    sheet = paper.sheet()
    sheet.prose(60, 60, 50, letters=88)
    sheet = paper.sheet()
    sheet.image(60, 70, 500, 370, micrograph(300, 440))
    if lines:
        sheet.prose(60, 420, lines, letters=88)
    sheet = paper.sheet()
    y = sheet.prose(60, 60, text_over, letters=88, seed=3) if text_over else 60
    sheet.image(60, y + 10, 500, y + 310, micrograph(300, 440, 2))
    sheet.text(60, y + 330, LEGEND.format(1), 7.5, "sans")
    sheet.prose(60, y + 370, 20, letters=88, seed=2)
    article = read_pdf(paper.bytes())
    doubt = (
        "page 2 of the PDF is a drawing without a caption: it may be a part of Figure 1 on page 3, whose image then "
    )
    assert [each.startswith(doubt) for each in article.doubts] == [True] * told
    refs = figure_refs(article, "a/b", "CC BY 4.0", "file:///a.pdf", Store(tmp_path))
    assert [ref.no_image for ref in refs] == ["", *article.doubts]


@pytest.mark.parametrize(("second", "is_whole"), [("B", True), ("C", False), (None, False)])
def test_a_letter_alone_over_a_figure_is_of_it_if_the_next_one_stands_under_it(
    second: str | None, is_whole: bool
) -> None:
    paper = Paper()
    sheet = paper.sheet()
    sheet.prose(60, 60, 8, letters=88)
    sheet.text(70, 200, "A", 8, "sans")
    sheet.curve(90, 225, 400, 325)
    if second:
        sheet.text(70, 340, second, 8, "sans")
    sheet.curve(90, 350, 400, 450)
    sheet.text(60, 480, LEGEND.format(1), 7.5, "slanted")
    sheet.prose(60, 520, 20, letters=88, seed=2)
    assert (only(paper).box_pt[1] < 200) is is_whole


@pytest.mark.parametrize(("lines", "is_second"), [(4, True), (3, True), (1, False)])
def test_a_caption_goes_on_in_the_column_beside_a_short_line_that_ends_a_sentence(lines: int, is_second: bool) -> None:
    """Nature's: the first column ends with the sentence on a panel, the second is about as long."""
    paper = Paper()
    sheet = paper.sheet()
    sheet.image(60, 60, 535, 360, micrograph(300, 475))
    first = [
        "Figure 1. Grown particles of silver in the bath, and the sizes",
        *flush(2, 62, 3)[:1],
        "of them all. a, Wires.",
    ]
    sheet.block(
        60, 380, [*first[:2], "that were measured with a microscope of the older kind in all of", first[2]], 7, "sans"
    )
    sheet.block(
        305,
        380,
        ["An image of the wires, taken at 5 kV by the second detector, of", *flush(lines, 60, 4)][:lines],
        7,
        "sans",
    )
    sheet.prose(60, 460, 20, letters=88, seed=2)
    assert ("An image of the wires" in only(paper).caption) is is_second


@pytest.mark.parametrize(("heading", "origin"), [("LIST OF FIGURES", "missing"), ("CH3-CH2-OH", "rendered")])
def test_the_heading_of_a_list_of_figures_is_no_figure(heading: str, origin: str) -> None:
    paper = Paper()
    sheet = paper.sheet()
    sheet.prose(60, 60, 20, letters=88)
    sheet.text(90, 330, heading, 12, "sans")
    sheet.text(90, 358, heading, 12, "sans")
    sheet.text(60, 380, LEGEND.format("S1"), 7.5, "sans")
    sheet.prose(60, 420, 20, letters=88, seed=2)
    assert only(paper).origin == origin
