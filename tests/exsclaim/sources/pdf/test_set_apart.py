"""Titles, headings, rules at figures' edges, legends under labels alone, centred captions, captions of neighbours."""

import pytest

from exsclaim.sources.pdf.article.pdf_article import PdfFigure
from exsclaim.sources.pdf.extraction import extract
from tests.exsclaim.sources.pdf.paper import Paper, Sheet, flush, micrograph


def only(paper: Paper) -> PdfFigure:
    (figure,) = extract(paper.bytes()).figures
    return figure


def page(paper: Paper, bottom: float = 350) -> Sheet:
    """A drawing from 200 on, between paragraphs as wide as a page."""
    sheet = paper.sheet()
    sheet.prose(60, 80, 8, letters=88)
    sheet.curve(120, 200, 400, bottom)
    sheet.prose(60, 480, 20, letters=88, seed=2)
    return sheet


def test_a_title_apart_over_a_plot_in_the_type_of_its_labels_belongs_to_it() -> None:
    paper = Paper()
    sheet = page(paper)
    sheet.text(180, 203, "Transit", 6, "sans")
    sheet.text(150, 186, "Delays of all samples in the bath and in the other bath by its age", 6, "sans")
    sheet.text(60, 366, "Figure 1. Grown particles.", 7.5, "slanted")
    assert only(paper).box_pt[1] == pytest.approx(181, abs=3)


@pytest.mark.parametrize("number", ["3.3", "3.a.", "2.1.4"])
def test_a_sections_heading_right_over_a_figure_is_no_part_of_it(number: str) -> None:
    paper = Paper()
    sheet = paper.sheet()
    sheet.prose(60, 80, 8, letters=88)
    sheet.image(60, 200, 400, 350, micrograph(300, 680))
    sheet.prose(60, 480, 20, letters=88, seed=2)
    sheet.text(60, 195, f"{number} Proposed growth", 9, "sans-bold")
    sheet.text(60, 366, "Figure 1. Grown particles.", 7.5, "sans")
    assert only(paper).box_pt[1] == pytest.approx(200, abs=2)


@pytest.mark.parametrize("edges", [(60.0, 535.0), (60.0, 290.0)])
def test_a_rule_as_wide_as_the_text_that_sets_a_figure_off_is_no_part_of_it(edges: tuple[float, float]) -> None:
    paper = Paper()
    sheet = paper.sheet()
    sheet.prose(60, 80, 8, letters=88)
    sheet.prose(60, 300, 30, letters=43, seed=2)
    sheet.rule(edges[0], 197, edges[1])
    sheet.image(100, 200, 250, 270, micrograph(140, 300))
    sheet.box(98, 199.5, 252, 271)
    sheet.text(60, 285, "Figure 1. Grown particles.", 7.5, "sans")
    assert only(paper).box_pt == pytest.approx((98, 199, 252, 271), abs=2)


def test_a_graphical_abstract_on_a_tinted_ground_is_no_part_of_the_figure_under_it() -> None:
    paper = Paper()
    sheet = paper.sheet()
    sheet.box(60, 120, 535.9, 260.3, fill="0.99 0.95 0.82")
    sheet.rule(60, 121, 535)
    sheet.prose(66, 136, 9, letters=60)
    sheet.image(410, 130, 526, 225, micrograph(190, 230))
    sheet.prose(66, 240, 2, letters=84, seed=5)
    sheet.image(310, 266, 534, 390, micrograph(240, 440, 2))
    sheet.prose(60, 290, 40, letters=43, seed=2)
    sheet.text(310, 404, "Figure 1. Grown particles.", 7.5, "sans")
    sheet.prose(310, 440, 26, letters=42, seed=3)
    assert only(paper).box_pt == pytest.approx((310, 266, 534, 390), abs=4)


LEGEND = ["Grown particles were imaged with care after each step of the growth while the temperature",
          "stayed below that of the bath. (A) Particles after one day. (B) Particles after two days, at"]  # fmt: skip


@pytest.mark.parametrize(
    "rest", [[], ["the edge of the film and in the middle of it, as they were also seen by some others there and"]]
)
def test_a_legend_in_the_type_of_the_text_stands_under_its_label_and_goes_on(rest: list[str]) -> None:
    """As in the manuscripts of PubMed Central."""
    paper = Paper()
    paper.sheet().prose(60, 80, 50, letters=90)
    sheet = paper.sheet()
    sheet.image(60, 80, 300, 230, micrograph(300, 480))
    sheet.text(60, 250, "Figure 1.", 9, "bold")
    sheet.block(60, 262, [*LEGEND, *rest, *([] if rest else ["the edge."])])
    if rest:
        paper.sheet().block(60, 80, ["then measured again."])
    figure = only(paper)
    end = f"at {rest[0]} then measured again." if rest else "at the edge."
    assert (figure.label, figure.caption) == ("Figure 1", f"{' '.join(LEGEND).removesuffix('at')}{end}")


def test_what_stands_under_a_label_at_another_margin_is_no_legend() -> None:
    paper = Paper()
    sheet = page(paper)
    sheet.text(240, 370, "Figure 1.", 9, "bold")
    sheet.prose(60, 384, 6, letters=88, seed=7)
    assert only(paper).caption == ""


@pytest.mark.parametrize("printed", ["Grown Particles of Silver", "(a) Grown particles (b) Other particles"])
def test_a_caption_in_the_type_of_the_text_may_be_told_by_its_place_in_the_middle_alone(printed: str) -> None:
    paper = Paper()
    sheet = page(paper)
    sheet.text(220, 360, "(a) first panel", 7, "sans")
    sheet.text(297 - 2.7 * len(f"Figure 1 {printed}"), 376, f"Figure 1 {printed}", 9)
    figure = only(paper)
    assert (figure.label, figure.caption) == ("Figure 1", printed)


def test_a_line_of_the_text_in_the_next_column_is_no_second_column_of_a_slanted_caption() -> None:
    paper = Paper()
    sheet = paper.sheet()
    sheet.block(60, 80, flush(40, 60, 1), 9, "serif")
    sheet.block(310, 80, flush(55, 60, 2), 9, "serif")
    sheet.image(60, 540, 290, 660, micrograph(240, 460))
    rows = [80 + 11.25 * n for n in range(55)]
    first = next(row for row in rows if row > 672)
    sheet.text(70, first, "Fig. 1: Particles that grew for Science and", 9, "slanted")
    sheet.text(120, first + 11.25, "their growth", 9, "slanted")
    assert only(paper).caption == "Particles that grew for Science and their growth"


def caption(sheet: Sheet, x: float, y: float, label: str, rows: int) -> None:
    lines = [f"{label} Particles on the film", *["and the particles at the edge"] * (rows - 2), "of the film."]
    sheet.block(x, y, lines, 7.5, "sans")


def columns(sheet: Sheet, y: float, rows: int) -> None:
    for x in (50, 220, 390):
        sheet.prose(x, y, rows, letters=36, size=7.4)


def test_captions_beside_each_other_between_two_figures_have_one_each() -> None:
    paper = Paper()
    sheet = paper.sheet()
    sheet.image(50, 60, 550, 220, micrograph(320, 1000))
    caption(sheet, 50, 234, "Fig. 1.", 6)
    caption(sheet, 310, 234, "Fig. 2.", 6)
    sheet.image(50, 310, 550, 480, micrograph(340, 1000, 2))
    columns(sheet, 520, 20)
    assert [figure.box_pt for figure in extract(paper.bytes()).figures] == [
        pytest.approx((50, 60, 550, 220), abs=2), pytest.approx((50, 310, 550, 480), abs=2),
    ]  # fmt: skip


def test_a_caption_under_another_has_the_figure_at_their_side() -> None:
    paper = Paper()
    sheet = paper.sheet()
    sheet.image(50, 60, 210, 200, micrograph(280, 320))
    caption(sheet, 50, 214, "Fig. 1.", 4)
    caption(sheet, 50, 275, "Fig. 2.", 8)
    sheet.image(220, 60, 550, 360, micrograph(600, 660, 2))
    columns(sheet, 420, 30)
    assert [figure.box_pt for figure in extract(paper.bytes()).figures] == [
        pytest.approx((50, 60, 210, 200), abs=2), pytest.approx((220, 60, 550, 360), abs=2),
    ]  # fmt: skip


def test_the_text_in_two_columns_under_a_centred_caption_is_no_part_of_it() -> None:
    paper = Paper()
    sheet = paper.sheet()
    sheet.image(60, 60, 530, 170, micrograph(220, 940))
    for n, letter in enumerate("abc"):
        sheet.text(70 + 155 * n, 182, f"{letter}. Growth of rods by time", 8, "bold")
    sheet.text(150, 200, "Figure 1 Grown particles of silver that were seen in the", 9, "bold")
    sheet.text(170, 211, "bath of silver by all of the authors with care", 9, "bold")
    for x in (60, 310):
        sheet.prose(x, 223, 40, letters=43, seed=x)
    figure = only(paper)
    words = "Grown particles of silver that were seen in the bath of silver by all of the authors with care"
    assert figure.caption == words
    assert figure.box_pt == pytest.approx((60, 60, 530, 184), abs=4)


@pytest.mark.parametrize("word", ["Fonte", "Source", "Fuente", "Notes"])
@pytest.mark.parametrize("lines", [1, 2])
def test_the_source_of_the_data_between_a_plot_and_its_caption_is_no_running_text(word: str, lines: int) -> None:
    paper = Paper()
    sheet = paper.sheet()
    sheet.prose(60, 60, 8, letters=80)
    for k in range(12):  # nothing in the plot is wide
        sheet.box(100 + 30 * k, 320 - 10 * (k % 7) - 12, 108 + 30 * k, 320, fill="0.5 0.5 0.5")
        sheet.text(98 + 30 * k, 331, str(2000 + k), 6, "sans")
    said = [f"{word}: data of the bureau of particles and of the institute of baths, for all states", "and rivers."]
    y = sheet.block(60, 348, said[:lines], 9)
    sheet.text(60, y + 6, "Figure 1. Particles by year.", 9, "bold")
    sheet.prose(60, y + 40, 20, letters=80)
    [figure] = extract(paper.bytes()).figures
    assert (figure.label, figure.caption or figure.title) == ("Figure 1", "Particles by year.")
    assert figure.origin == "rendered"
    assert figure.box_pt[1] < 250


def test_a_note_in_the_text_over_a_caption_whose_figure_stands_under_it_stays_text() -> None:
    paper = Paper()
    sheet = paper.sheet()
    sheet.prose(60, 60, 8, letters=80)
    sheet.text(60, 150, "Note: the words of this line are those of the running text of the page, and no more.", 9)
    sheet.text(60, 166, "Figure 1. Particles by year.", 9, "bold")
    sheet.image(60, 176, 300, 326, micrograph(300, 480))
    sheet.prose(60, 350, 20, letters=80)
    [figure] = extract(paper.bytes()).figures
    assert figure.box_pt[1] > 170
