"""Ends of captions over running text and headings, and labels whose letters are set apart."""

import pytest

from exsclaim.sources.pdf.extraction import extract
from tests.exsclaim.sources.pdf.paper import Paper, micrograph
from tests.exsclaim.sources.pdf.test_set_apart import only, page


def with_a_slanted_line(line: str, *, caption_at: float, line_at: float, text_at: float) -> Paper:
    """A page with an image, its caption from `caption_at` points on, and a slanted line between it and the text."""
    paper = Paper()
    sheet = paper.sheet()
    sheet.block(
        60, 80, ["silver particles were grown on the surface and their size was measured with care"] * 8, 9, "serif"
    )
    sheet.image(60, 200, 300, 350, micrograph(300, 480))
    sheet.text(caption_at, 366, "Fig. 1: An example of growth for four samples.", 9, "serif")
    sheet.text(60, line_at, line, 9, "slanted")
    behind = "Figure 1 shows an example of the growth for four samples that were in the bath of"
    sheet.block(60, text_at, [behind] * 9, 9, "serif")
    return paper


@pytest.mark.parametrize("heading", ["D. A Brief Example", "2) Tailored Design", "IV. Outlook", "3.2 Growth"])
def test_a_heading_under_a_caption_in_the_type_of_the_text_is_no_part_of_it(heading: str) -> None:
    paper = with_a_slanted_line(heading, caption_at=72, line_at=381, text_at=395)
    assert only(paper).caption == "An example of growth for four samples."


@pytest.mark.parametrize(("x", "is_of_caption"), [(130, False), (60, True)])
def test_bold_headings_at_the_margin_are_no_part_of_a_centred_caption(x: float, is_of_caption: bool) -> None:
    """It may have no full stop, and two headings under it; at its own margin a bold line is of the caption."""
    paper = Paper()
    sheet = paper.sheet()
    words = "silver particles were grown on the surface and their size was measured with care"
    sheet.block(60, 80, [words] * 8, 9, "serif")
    sheet.image(100, 200, 340, 350, micrograph(300, 480))
    sheet.text(x, 366, "Fig.1 Growth for four of all samples of silver", 9, "serif")
    sheet.text(60, 378, "2.2 Model of the growth in the baths of all", 9, "serif-bold")
    sheet.text(60, 390, "2.2.1 Governing equations", 9, "serif-bold")
    sheet.block(60, 402, [words] * 9, 9, "serif")
    assert ("Model" in only(paper).caption) is is_of_caption


def test_a_second_line_in_slanted_words_is_of_the_caption() -> None:
    paper = with_a_slanted_line("Particles of silver, grown in the dark.", caption_at=60, line_at=377, text_at=410)
    assert only(paper).caption.endswith("Particles of silver, grown in the dark.")


@pytest.mark.parametrize(
    ("under", "is_of_caption"), [("confirming the growth in", False), ("Confirmed by growth in", True)]
)
def test_text_that_goes_on_with_a_small_letter_under_a_short_bold_line_is_no_part_of_a_caption(
    under: str, is_of_caption: bool
) -> None:
    """It would have fitted into that line."""
    paper = Paper()
    sheet = page(paper)
    sheet.block(
        60, 366, ["Figure 1: Relation of the size of the particles to the time that", "they grew"], 9, "sans-bold"
    )
    sheet.block(60, 388.5, [f"{under} the bath of all samples, as it was seen there"], 9, "sans")
    caption = only(paper).caption + only(paper).title
    assert ("the bath of all samples" in caption) is is_of_caption


def test_a_chinese_caption_ends_before_larger_text_whose_digits_are_in_another_font() -> None:
    paper = Paper()
    sheet = paper.sheet()
    sheet.block(60, 80, ["银颗粒在基底表面生长并且每一步之后都仔细测量了尺寸变化的情况"] * 8, 10.3, "wide", 1.5)
    sheet.image(60, 230, 300, 380, micrograph(300, 480))
    sheet.text(120, 394, "图 1 水资源管理演化趋势", 8.8, "wide")
    sheet.block(60, 409, ["2013年以后银颗粒中心呈现显著的移动特征表明总体上水平上升了"] * 8, 10.3, "wide-bold", 1.5)
    (figure,) = extract(paper.bytes()).figures
    assert figure.caption == "水资源管理演化趋势"


@pytest.mark.parametrize("label", ["F I G U R E 10", "FIGURE 10"])
def test_the_letters_of_a_label_may_be_set_apart(label: str) -> None:
    paper = Paper()
    sheet = page(paper)
    sheet.text(60, 366, f"{label}   (A) Grown particles. (B) Others.", 7.5, "sans")
    figure = only(paper)
    assert (figure.label, figure.caption) == ("FIGURE 10", "(A) Grown particles. (B) Others.")


@pytest.mark.parametrize(("gap", "is_one_line"), [(4, True), (14, False)])
def test_the_rest_of_a_caption_behind_a_fraction_that_is_drawn_first_is_of_it(gap: float, is_one_line: bool) -> None:
    """Text farther away begins another column."""
    paper = Paper()
    sheet = page(paper)
    sheet.text(60, 366, "Figure 1. Energy as a function of", 8, "body")
    sheet.text(60 + 33 * 4.8 + gap, 362, "1", 5, "body")
    sheet.text(60 + 33 * 4.8 + gap, 370, "N", 5, "body")
    sheet.text(60 + 33 * 4.8 + gap, 366, ", for ten of them.", 8, "body")
    assert only(paper).caption.endswith("ten of them.") is is_one_line


@pytest.mark.parametrize(("margin", "letters", "is_of_caption"), [(60, 46, False), (89.5, 33, True)])
def test_text_that_stands_out_on_both_sides_of_a_centred_bold_caption_is_no_part_of_it(
    margin: float, letters: int, is_of_caption: bool
) -> None:
    paper = Paper()
    sheet = paper.sheet()
    sheet.curve(60, 200, 290, 350)
    sheet.text(89.5, 362, "Figure 3 The effects on the grown", 7.5, "bold")
    sheet.text(105, 372, "particles and their recall", 7.5, "bold")
    sheet.prose(margin, 382, 12, letters, size=7.5, seed=2)
    sheet.prose(310, 80, 60, letters=52, size=7.5, seed=3)
    assert only(paper).caption.endswith("their recall") is not is_of_caption


@pytest.mark.parametrize(("number", "size", "caption"), [
    ("12", 10, "Particles of silver that had been grown at the site."),
    ("2", 7.5, "Particles of silver that had been grown at the site. 2"),
])  # fmt: skip
def test_the_number_of_the_page_beside_the_last_line_of_a_caption_is_no_part_of_it(
    number: str, size: float, caption: str
) -> None:
    paper = Paper()
    sheet = paper.sheet()
    sheet.prose(60, 80, 8, letters=88)
    sheet.curve(60, 200, 500, 700)
    sheet.block(60, 760, ["Figure 1. Particles of silver that had been", "grown at the site."], 7.5, "sans")
    sheet.text(150, 772, number, size, "serif" if size == 10 else "sans")
    assert only(paper).caption == caption


def test_a_short_legend_under_a_label_alone_is_its_caption() -> None:
    paper = Paper()
    paper.sheet().prose(60, 80, 50, letters=90)
    sheet = paper.sheet()
    sheet.text(60, 300, "Fig. 1.", 7.5, "serif")
    sheet.image(60, 80, 300, 280, micrograph(400, 480))
    sheet.text(60, 318, "Grown particles", 7.5, "serif")
    assert only(paper).caption == "Grown particles"


def test_a_place_kept_in_the_text_and_a_label_under_the_figure_are_one_figure() -> None:
    paper = Paper()
    sheet = paper.sheet()
    sheet.prose(60, 80, 20, letters=90)
    sheet.text(60, 340, "Fig. 1.", 9)
    sheet.prose(60, 400, 20, letters=90, seed=2)
    sheet = paper.sheet()
    sheet.image(60, 80, 300, 280, micrograph(400, 480))
    sheet.text(60, 300, "Fig. 1.", 7.5, "serif")
    assert only(paper).origin == "embedded"


def test_words_behind_a_bracket_that_is_drawn_before_them_are_of_the_caption() -> None:
    """A file may write "F( )" and then the "2" between the brackets, with what stands behind them."""
    paper = Paper()
    sheet = page(paper)
    sheet.text(60, 366, "Figure 1. Shifts of the bonds in F(  )", 7.5, "sans")
    sheet.text(171, 366, "2; d) as they were plotted", 7.5, "sans")
    sheet.text(60, 376, "over the time.", 7.5, "sans")
    assert only(paper).caption.endswith("; d) as they were plotted over the time.")
