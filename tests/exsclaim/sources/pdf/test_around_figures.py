"""Words in and around a figure: keys, titles, names of rows are its own; notes and frames are not."""

from itertools import pairwise

import pytest

from exsclaim.sources.pdf.extraction import extract
from tests.exsclaim.sources.pdf.paper import Paper, Sheet, micrograph
from tests.exsclaim.sources.pdf.test_set_apart import only, page

LONG = "8 Mitochondrial oxidation of medium chain saturated fatty acids in all of the samples that were taken"


@pytest.mark.parametrize(("size", "is_whole"), [(4, True), (8, False)])
def test_words_much_smaller_than_the_text_part_no_panels(size: float, is_whole: bool) -> None:
    """A long entry of a key between panels is no running text, however evenly its words are set."""
    paper = Paper()
    paper.sheet().prose(60, 80, 50, letters=88, seed=3)
    sheet = paper.sheet()
    sheet.prose(60, 60, 4, letters=88)
    sheet.curve(100, 130, 460, 230)
    sheet.text(90, 246, LONG, size, "sans")
    sheet.curve(100, 262, 460, 372)
    sheet.text(60, 390, "Figure 1. Grown particles.", 7.5, "slanted")
    sheet.prose(60, 480, 20, letters=88, seed=2)
    assert (only(paper).box_pt[1] < 140) is is_whole


@pytest.mark.parametrize(("font", "top"), [("sans", 172), ("slanted", 194)])
def test_a_larger_title_apart_over_a_plot_is_of_it_if_its_font_is_that_of_the_labels(font: str, top: float) -> None:
    paper = Paper()
    sheet = page(paper)
    sheet.text(180, 203, "Transit", 6, "sans")
    sheet.text(150, 178, "Delays of all samples in the bath by age", 8, font)
    sheet.text(60, 366, "Figure 1. Grown particles.", 7.5, "serif")
    assert only(paper).box_pt[1] == pytest.approx(top, abs=4)


@pytest.mark.parametrize("is_in_column", [False, True])
def test_names_of_rows_beside_a_drawing_over_wide_text_are_of_it(is_in_column: bool) -> None:
    """Last lines of paragraphs as wide as a drawing end left of it, and are no column there."""
    paper = Paper()
    sheet = paper.sheet()
    left = 290 if is_in_column else 100
    for y in (250, 320, 390, 460, 530):
        sheet.prose(60, y, 4, letters=40 if is_in_column else 88, seed=y)
        sheet.text(60, y + 45, "so.", 9)
    for row in range(3):
        sheet.text(left - 28, 103 + 40 * row, f"k{row}", 7, "serif")
        sheet.rule(left, 100 + 40 * row, 500)
        sheet.box(left + 60, 92 + 40 * row, left + 90, 108 + 40 * row)
        sheet.text(left + 68, 103 + 40 * row, "H", 7, "sans")
    sheet.ops.append(f"1 w 0 0 0 RG {left + 75} 734 m {left + 75} 654 l S")
    sheet.text(left + 40, 225, "Figure 1. Grown particles.", 7.5, "slanted")
    assert (only(paper).box_pt[0] < left - 20) is not is_in_column


@pytest.mark.parametrize("words", ["Fig. 1 - Colour online, Colour in print", "Intensity (a.u.)"])
def test_a_note_of_the_production_in_the_margin_is_no_part_of_the_figure(words: str) -> None:
    paper = Paper()
    sheet = page(paper)
    sheet.box(18, 235, 31, 334)
    sheet.text(27, 330, words, 6, "serif", angle=90)
    sheet.text(60, 366, "Figure 1. Grown particles.", 7.5, "slanted")
    left = only(paper).box_pt[0]
    assert left == pytest.approx(122 if words.startswith("Fig") else 18, abs=3)


def test_frames_that_end_at_one_height_on_many_pages_are_no_part_of_their_figures() -> None:
    """Their lower sides are alike on all pages, as what stands at the foot is; the others are not."""
    paper = Paper()
    for number in range(4):
        sheet = paper.sheet()
        sheet.prose(50, 80, 20, letters=92, seed=number)
        sheet.rounded(50, 520 + 20 * number, 548, 780)
        sheet.image(140, 527 + 20 * number, 460, 757, micrograph(460 - 40 * number, 640, seed=number))
        sheet.text(58, 772, f"Fig. {number + 1} Grown particles", 7.5, "sans")
    for number, figure in enumerate(extract(paper.bytes()).figures):
        assert figure.box_pt == pytest.approx((140, 527 + 20 * number, 460, 757), abs=2)


def ruled(sheet: Sheet, y: float, pieces: tuple[float, ...]) -> None:
    for left, right in pairwise(pieces):
        sheet.rule(left, y, right)


@pytest.mark.parametrize("pieces", [(60.0, 300.0), (60.0, 200.0, 300.0)])
def test_a_table_whose_rules_are_drawn_in_pieces_ends_with_the_last_one(pieces: tuple[float, ...]) -> None:
    paper = Paper()
    sheet = paper.sheet()
    sheet.prose(60, 60, 8, letters=44)
    sheet.text(60, 182, "Table 1. Sizes of the particles.", 7, "sans")
    for y in (188, 200, 260):
        ruled(sheet, y, pieces)
    for row in range(5):
        for column in range(3):
            sheet.text(64 + 80 * column, 197 + 11.5 * row, f"{row}.{column}{row} nm", 7, "sans")
    sheet.curve(190, 262, 298, 412)
    sheet.text(60, 428, "Figure 1. Particles after growth.", 7.5, "sans")
    sheet.prose(60, 480, 12, letters=44, seed=7)
    assert only(paper).box_pt[1] == pytest.approx(262, abs=4)
