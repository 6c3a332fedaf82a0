"""Words in and around a figure: keys, titles, names of rows are its own; notes and frames are not."""

from itertools import pairwise

import pytest

from exsclaim.sources.pdf.extraction import extract
from tests.exsclaim.sources.pdf.paper import Paper, Sheet, flush, micrograph
from tests.exsclaim.sources.pdf.test_set_apart import only, page

LONG = "8 Mitochondrial oxidation of medium chain saturated fatty acids in all of the samples that were taken"


@pytest.mark.parametrize(("size", "font", "is_whole"), [(4, "slanted", True), (8, "slanted", False), (8, "sans", True)])
def test_words_much_smaller_than_the_text_part_no_panels(size: float, font: str, is_whole: bool) -> None:
    """A long entry of a key between panels is no running text, nor is one in the font of the panels' labels."""
    paper = Paper()
    paper.sheet().prose(60, 80, 50, letters=88, seed=3)
    sheet = paper.sheet()
    sheet.prose(60, 60, 4, letters=88)
    sheet.curve(100, 130, 460, 230)
    sheet.text(90, 246, LONG, size, font)
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


def test_frames_that_end_at_one_height_on_many_pages_are_no_part_of_their_figures() -> None:
    """Their lower sides are alike on all pages, as what stands at the foot is; the others are not."""
    paper = Paper()
    for number in range(4):
        sheet = paper.sheet()
        sheet.prose(50, 80, 20, letters=92, seed=number)
        sheet.rounded(50, 520 + 20 * number, 548, 780)
        sheet.image(140, 527 + 20 * number, 460, 757, micrograph(460 - 40 * number, 640, seed=number))
        sheet.text(58, 772, f"Fig. {number + 1} Grown particles", 7.5, "sans")
    found = extract(paper.bytes()).figures
    assert [figure.label for figure in found] == ["Fig. 1", "Fig. 2", "Fig. 3", "Fig. 4"]
    for number, figure in enumerate(found):
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


def doubled(sheet: Sheet, y: float, lines: list[str], step: float = 20) -> float:
    """Lines with room between them, as manuscripts have them."""
    return sheet.block(60, y, lines, 9, leading=step / 9)


@pytest.mark.parametrize(("step", "is_of_text"), [(20, True), (34, False)])
def test_the_short_last_line_of_a_double_spaced_paragraph_over_a_figure_is_text(step: float, is_of_text: bool) -> None:
    """A line at another distance is none of its paragraph."""
    paper = Paper()
    doubled(paper.sheet(), 80, flush(30, 88, 3))
    sheet = paper.sheet()
    end = doubled(sheet, 80, flush(5, 88, 1)[:4]) - 20
    sheet.text(60, end + step, "in those.", 9)
    sheet.image(60, end + step + 4, 400, end + step + 154, micrograph(300, 680))
    sheet.text(60, end + step + 174, "Figure 1. Grown particles.", 7.5, "sans")
    doubled(sheet, end + 260, flush(12, 88, 2))
    top = only(paper).box_pt[1]
    assert (top > end + step) is is_of_text


@pytest.mark.parametrize(("rest", "is_of_text"), [("of the bath.", True), ("of the bath", False)])
def test_the_rest_of_a_paragraph_over_a_figure_at_the_head_of_a_page_is_text(rest: str, is_of_text: bool) -> None:
    paper = Paper()
    paper.sheet().prose(60, 80, 50, letters=88, seed=3)
    sheet = paper.sheet()
    sheet.text(60, 80, rest, 9)
    sheet.image(100, 84, 400, 234, micrograph(300, 600))
    sheet.text(60, 250, "Figure 1. Grown particles.", 7.5, "sans")
    sheet.prose(60, 300, 30, letters=88, seed=2)
    assert (only(paper).box_pt[1] > 82) is is_of_text


@pytest.mark.parametrize(("title", "is_of_figure"), [
    ("Effects on the growth of particles", True),
    ("We saw the growth of some particles.", False),
])  # fmt: skip
def test_a_title_in_the_type_of_the_text_alone_between_drawings_parts_no_panels(title: str, is_of_figure: bool) -> None:
    paper = Paper()
    sheet = paper.sheet()
    sheet.prose(60, 60, 4, letters=88)
    sheet.curve(100, 130, 460, 230)
    sheet.text(180, 246, title, 9)
    sheet.image(131, 254, 460, 372, micrograph(240, 660))
    sheet.text(60, 390, "Figure 1. Grown particles.", 7.5, "slanted")
    sheet.prose(60, 480, 20, letters=88, seed=2)
    assert (only(paper).box_pt[1] < 140) is is_of_figure


def test_a_title_of_a_panel_under_a_caption_over_it_is_of_the_figure() -> None:
    paper = Paper()
    sheet = paper.sheet()
    sheet.text(200, 80, "Figure 1. Grown particles.", 7.5, "slanted")
    sheet.text(190, 98, "((a)) Panel A: all the particles", 9)
    sheet.image(131, 106, 460, 230, micrograph(240, 660))
    sheet.prose(60, 320, 30, letters=88, seed=2)
    assert only(paper).box_pt[1] == pytest.approx(91, abs=3)


@pytest.mark.parametrize(("end", "is_of_text"), [(293, True), (240, False)])
def test_an_equation_numbered_at_the_columns_end_over_a_figure_is_no_part_of_it(end: float, is_of_text: bool) -> None:
    paper = Paper()
    sheet = paper.sheet()
    sheet.prose(60, 80, 10, letters=43)
    sheet.text(80, 190, "E", 9, "slanted")
    sheet.text(92, 190, "=", 9, "serif")
    sheet.ops.append("1 w 0 0 0 RG 100 642 m 116 642 96 668 112 668 c S")  # an integral
    sheet.text(114, 190, "2b", 9, "slanted")
    sheet.text(end - 21.6, 190, "(18)", 9)
    sheet.image(70, 225, 286, 350, micrograph(250, 430))
    sheet.text(60, 366, "Figure 1. Grown particles.", 7.5, "sans")
    sheet.prose(60, 400, 20, letters=43, seed=2)
    sheet.prose(310, 80, 50, letters=43, seed=3)
    assert (only(paper).box_pt[1] > 220) is is_of_text


def test_a_drawing_beside_a_tables_caption_is_the_figures_beside_whose_caption_it_stands() -> None:
    paper = Paper()
    sheet = paper.sheet()
    sheet.text(90, 100, "Table 1. Values.", 7.5, "sans")
    sheet.rule(60, 108, 180)
    sheet.block(70, 120, ["Test  A  12.1", "Test  B  14.7", "Test  C  19.0"], 7.5, "serif", leading=1.4)
    sheet.rule(60, 148, 180)
    sheet.curve(200, 90, 520, 310)
    sheet.block(
        60, 260, ["Figure 1. The load hangs from", "a chain of silver, which was", "measured with care."], 7.5, "sans"
    )
    sheet.prose(60, 360, 30, letters=88, seed=2)
    assert only(paper).box_pt == pytest.approx((203, 89, 521, 307), abs=6)


@pytest.mark.parametrize(("top", "is_of_figure"), [(78, True), (40, False)])
def test_a_title_in_the_type_of_the_text_at_the_head_of_a_page_is_of_the_figure_right_under_it(
    top: float, is_of_figure: bool
) -> None:
    paper = Paper()
    paper.sheet().prose(60, 80, 50, letters=88, seed=3)
    sheet = paper.sheet()
    sheet.text(110, top, "Sensors in the bath and in the film", 9)
    sheet.image(100, 84, 400, 234, micrograph(300, 600))
    sheet.text(60, 250, "Figure 1. Grown particles.", 7.5, "sans")
    sheet.prose(60, 300, 30, letters=88, seed=2)
    assert (only(paper).box_pt[1] < 80) is is_of_figure


def test_figures_close_over_one_another_have_the_captions_with_which_none_is_left_over() -> None:
    """Each caption but the last is nearer to the figure under it than to its own."""
    paper = Paper()
    for number in (1, 2):
        sheet = paper.sheet()
        sheet.prose(60, 80, 4, letters=88, seed=number + 5)
        sheet.text(60, 150 + 40 * number, f"Figure {number}. Particles before growth.", 7.5, "sans")
        sheet.image(60, 156 + 40 * number, 300, 350, micrograph(300, 480, number))
        sheet.prose(60, 400, 30, letters=88, seed=number)
    sheet = paper.sheet()
    for row in range(3):
        sheet.image(60, 80 + 160 * row, 290, 220 + 160 * row, micrograph(280, 460, row + 3))
        sheet.text(60, 236 + 160 * row, f"Figure {row + 3}. Grown particles.", 7.5, "sans")
    sheet.prose(60, 600, 15, letters=88, seed=4)
    tops = [figure.box_pt[1] for figure in extract(paper.bytes()).figures]
    assert tops == pytest.approx([196, 236, 80, 240, 400], abs=2)


@pytest.mark.parametrize("in_row", [True, False])
def test_numbers_in_a_row_at_the_margins_of_many_pages_are_those_of_the_plots(in_row: bool) -> None:
    paper = Paper()
    for number in range(4):
        sheet = paper.sheet()
        sheet.image(60, 80, 540, 760, micrograph(460, 640, seed=number))
        for place in range(3 if in_row else 1):
            sheet.text(120 + 150 * place, 77, str(1990 + 10 * number + place), 5, "sans")
            sheet.text(120 + 150 * place, 767, str(2 * place), 5, "sans")
        sheet.text(60, 790, f"Figure {number + 1}. Grown particles of step {number}.", 7.5, "slanted")
    found = [(figure.box_pt[1] < 76, figure.box_pt[3] > 762) for figure in extract(paper.bytes()).figures]
    assert found == [(in_row, in_row)] * 4


def test_heads_that_name_a_figure_among_other_words_are_running_heads() -> None:
    paper = Paper()
    for number in range(1, 5):
        sheet = paper.sheet()
        sheet.text(60, 40, f"Fig. {number} in the supplement of the article", 7, "sans-bold")
        sheet.prose(60, 80, 40, letters=86, seed=number)
    assert extract(paper.bytes()).figures == ()


@pytest.mark.parametrize(("words", "size"), [(("Cross-network",), 9), (("First network", "Second network"), 9),
                                             (("1.050", "1.050"), 8), (("U to W", "E to W", "E to U"), 8)])  # fmt: skip
def test_the_words_of_a_figure_under_its_caption_are_no_row_of_that(words: tuple[str, ...], size: float) -> None:
    paper = Paper()
    paper.sheet().prose(60, 80, 50, letters=88, seed=3)
    sheet = paper.sheet()
    sheet.text(90, 80, "Figure 1. Rates of growth of two networks in the bath at rest and as stirred", 8)
    for number, word in enumerate(words):
        sheet.text(250 if len(words) == 1 else 110 + 150 * number, 92, word, size)
    sheet.image(100, 97, 500, 250, micrograph(300, 600))
    sheet.prose(60, 300, 40, letters=88, seed=2)
    figure = only(paper)
    assert figure.caption.endswith("as stirred")
    assert figure.box_pt[1] < 88


@pytest.mark.parametrize("head", ["", "Particles of silver", "OTHER, AUTHORS"])
@pytest.mark.parametrize("first", [1, 98])
@pytest.mark.parametrize("does_count", [True, False])
def test_a_row_with_a_number_that_grows_with_the_pages_is_no_part_of_a_figure(
    head: str, first: int, does_count: bool
) -> None:
    paper = Paper()
    for place in range(5):
        sheet = paper.sheet()
        sheet.text(500, 110, str(first + place if does_count else 7 * (place % 2) + 11 * place), 9)
        if head and place == 3:
            sheet.text(70, 110, head, 9)
        if place == 3:
            sheet.image(60, 116, 530, 250, micrograph(300, 600))
            sheet.text(60, 266, "Figure 1. Grown particles.", 7.5, "sans")
        sheet.prose(60, 300, 40, letters=88, seed=place)
    assert (only(paper).box_pt[1] > 112) is does_count


@pytest.mark.parametrize(
    ("titles", "gap", "is_in"),
    [
        (("Input", "Hidden", "Output"), 12, True),
        (("In", "Out"), 11, True),
        (("Input", "Hidden"), 30, False),
        (("Input",), 12, False),
    ],
)
def test_titles_of_columns_in_the_type_of_the_text_are_of_the_figure_under_them(
    titles: tuple[str, ...], gap: float, is_in: bool
) -> None:
    paper = Paper()
    paper.sheet().prose(60, 80, 50, letters=88, seed=3)
    sheet = paper.sheet()
    sheet.prose(60, 80, 10, letters=88)
    for number, title in enumerate(titles):
        sheet.text(110 + 130 * number, 300 - gap, title, 9)
    sheet.image(100, 300, 500, 450, micrograph(300, 600))
    sheet.text(60, 466, "Figure 1. Grown particles.", 7.5, "sans")
    assert (only(paper).box_pt[1] < 299 - gap) is is_in
