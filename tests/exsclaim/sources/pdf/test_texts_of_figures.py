"""Text that is a figure's: what stands in its frame, names under its ticks, titles, labels on pages of their own."""

import pytest

from exsclaim.sources.pdf.extraction import extract
from tests.exsclaim.sources.pdf.paper import Paper, Sheet, flush, micrograph
from tests.exsclaim.sources.pdf.test_set_apart import only

CAPTION = "Figure 1. Intensity over temperature."
TITLE = "Scenario analysis for a bath of silver particles in all of the samples"


@pytest.mark.parametrize("is_tinted", [False, True])
def test_text_on_a_tinted_ground_right_over_a_caption_is_the_figure(is_tinted: bool) -> None:
    """A question to a language model is set as evenly as running text."""
    paper = Paper()
    sheet = paper.sheet()
    sheet.prose(60, 80, 20, letters=88, seed=2)
    if is_tinted:
        sheet.box(60, 330, 540, 440, fill="0.6 0.6 0.6")
        sheet.box(61, 331, 539, 439, fill="0.97 0.97 0.97")
    sheet.block(80, 350, flush(8, 70, seed=5))
    sheet.text(60, 462, CAPTION, 7.5, "slanted")
    sheet.prose(60, 500, 20, letters=88, seed=3)
    figure = only(paper)
    assert (figure.origin != "missing") is is_tinted
    assert not is_tinted or figure.box_pt == pytest.approx((60, 330, 540, 440), abs=3)


@pytest.mark.parametrize(("gap", "is_in"), [(11, True), (40, False)])
def test_names_on_their_side_under_the_ticks_are_of_the_plot(gap: float, is_in: bool) -> None:
    paper = Paper()
    sheet = paper.sheet()
    sheet.box(100, 100, 400, 300)
    for step in range(12):
        sheet.box(110 + 24 * step, 200 - 6 * step, 124 + 24 * step, 300, fill="0.2 0.4 0.8")
        sheet.text(120 + 24 * step, 300 + gap + 76, "0.001, 0.0021, 0.004", 8, "sans", angle=90)
    sheet.text(200, 300 + gap + 92, "Mortality of the two kinds", 8, "sans")
    sheet.text(60, 300 + gap + 118, CAPTION, 7.5, "slanted")
    sheet.prose(60, 520, 20, letters=88)
    assert (only(paper).box_pt[3] > 300 + gap + 88) is is_in


def test_a_figure_alone_on_its_page_has_the_titles_of_its_axes() -> None:
    """Several figures of a manuscript may have one title of an axis at the margin: it is no running head."""
    paper = Paper()
    for seed in range(8):
        sheet = paper.sheet()
        sheet.prose(60, 80, 50, letters=88, seed=seed)
    sheet = paper.sheet()
    for number in (1, 2, 3):
        sheet.text(60, 80 + 30 * number, f"Figure {number}. Intensity of sample {number}.", 7.5, "slanted")
    for number in (1, 2, 3):
        paper.sheet().curve(30, 60 + 6 * number, 540, 600 - 8 * number)
    assert [(figure.page, figure.box_pt[0] < 34) for figure in extract(paper.bytes()).figures] == [
        (10, True), (11, True), (12, True)
    ]  # fmt: skip


@pytest.mark.parametrize(("font", "top"), [("sans", 170), ("slanted", 190)])
def test_a_long_title_over_a_plot_is_of_it_if_its_font_is_that_of_the_labels(font: str, top: float) -> None:
    paper = Paper()
    sheet = paper.sheet()
    sheet.prose(60, 60, 6, letters=88)
    sheet.text(150, 178, TITLE, 9, font)
    sheet.curve(120, 192, 400, 330)
    sheet.text(60, 360, CAPTION, 7.5, "serif")
    sheet.prose(60, 400, 30, letters=88, seed=2)
    assert only(paper).box_pt[1] == pytest.approx(top, abs=4)


@pytest.mark.parametrize(("size", "is_in"), [(4, True), (7, False)])
def test_names_in_half_the_size_of_the_text_are_no_running_text_however_many(size: float, is_in: bool) -> None:
    paper = Paper()
    for seed in range(2):
        paper.sheet().prose(60, 80, 50, letters=88, seed=seed)
    sheet = paper.sheet()
    sheet.box(300, 100, 520, 300)
    for row in range(24):
        sheet.text(297 - 20 * size, 104 + 8 * row, "Neoplasm of the liver by kind and by its place", size, "sans")
        sheet.box(300, 100 + 8 * row, 390 + 5 * row, 104 + 8 * row, fill="0.2 0.4 0.8")
    sheet.text(60, 330, CAPTION, 7.5, "slanted")
    sheet.prose(60, 380, 20, letters=88)
    assert (only(paper).box_pt[0] < 300 - 20 * size) is is_in


def test_a_tall_table_on_one_ground_ends_with_its_last_rule() -> None:
    paper = Paper()
    sheet = paper.sheet()
    sheet.text(60, 80, "Table 1. Sizes of particles.", 7.5, "slanted")
    sheet.box(60, 90, 400, 342, fill="0.92 0.92 0.92")
    for row in range(10):
        sheet.box(60, 122 + 22 * row, 400, 133 + 22 * row, fill="1 1 1")
        sheet.text(80, 120 + 22 * row, f"Sample {row}", 7, "sans")
        sheet.text(280, 120 + 22 * row, f"{row}.5 nm", 7, "sans")
    for y in (90, 106, 342):
        sheet.rule(60, y, 400)
    sheet.curve(60, 352, 400, 520)
    sheet.text(60, 540, CAPTION, 7.5, "slanted")
    sheet.prose(60, 580, 20, letters=88)
    assert only(paper).box_pt[1] > 345


def column(sheet: Sheet, y: float) -> None:
    """The rest of a paragraph that began in the column before."""
    sheet.block(60, y, flush(8, 46, seed=4))


@pytest.mark.parametrize(("indent", "is_apart"), [(64, True), (0, False)])
def test_text_that_goes_on_under_a_centred_caption_of_one_line_is_none_of_it(indent: float, is_apart: bool) -> None:
    paper = Paper()
    sheet = paper.sheet()
    sheet.image(60, 80, 300, 200, micrograph(240, 480))
    sheet.text(60 + indent, 215, "Fig. 1: Grown particle", 9)
    column(sheet, 226)
    sheet.prose(320, 80, 50, letters=44, seed=6)
    assert (only(paper).caption == "Grown particle") is is_apart


@pytest.mark.parametrize(("label", "is_figure"), [("(n = 3):", True), ("(n = 3) with", False)])
def test_what_tells_figures_apart_stands_between_label_and_sign(label: str, is_figure: bool) -> None:
    paper = Paper()
    sheet = paper.sheet()
    sheet.image(60, 80, 300, 200, micrograph(240, 480))
    sheet.text(60, 215, f"Figure S2 {label} grown particles of silver.", 9)
    sheet.prose(60, 260, 40, letters=88)
    assert [figure.label for figure in extract(paper.bytes()).figures] == ["Figure S2"] * is_figure


@pytest.mark.parametrize(("size", "caption"), [(7, "The number of particles per year"), (9, "")])
def test_a_legend_may_be_in_a_larger_type_than_the_label_over_it(size: float, caption: str) -> None:
    paper = Paper()
    sheet = paper.sheet()
    sheet.image(60, 80, 300, 200, micrograph(240, 480))
    sheet.text(60, 214, "FIGURE 1", 5.5, "sans-bold")
    sheet.text(60, 224, "The number of particles per year", size, "sans")
    sheet.prose(60, 280, 40, letters=88)
    assert only(paper).caption == caption


@pytest.mark.parametrize(("x", "is_apart"), [(150, True), (200, False)])
def test_a_sections_heading_is_no_part_of_the_centred_caption_over_it(x: float, is_apart: bool) -> None:
    paper = Paper()
    sheet = paper.sheet()
    sheet.image(160, 80, 400, 200, micrograph(240, 480))
    sheet.text(200, 215, "Fig. 2.42 Mechanism of the ball screw", 9, "bold")
    sheet.text(x, 229, "2.19 Final models of the robot", 9, "bold")
    sheet.prose(60, 260, 40, letters=88)
    assert ("Final" not in only(paper).caption) is is_apart
