"""Captions of parts that are printed under them belong to the figure's caption."""

import pytest

from exsclaim.sources.pdf.extraction import extract
from tests.exsclaim.sources.pdf.paper import Paper, Sheet, micrograph
from tests.exsclaim.sources.pdf.test_layouts import overlap

WHOLE = "Figure 1: Particles after growth."
SIDE, TOP = ["(a) Side view of the", "annealed particles"], ["(b) Top view"]


def sheet_of(paper: Paper) -> Sheet:
    """A page with two images side by side, from y 200 to 300."""
    sheet = paper.sheet()
    sheet.prose(60, 80, 10)
    for number, x in enumerate((60, 200)):
        sheet.image(x, 200, x + 120, 300, micrograph(200, 240, seed=number))
    return sheet


def told(paper: Paper, sheet: Sheet, whole: str = WHOLE) -> str:
    sheet.block(60, 352, [whole], size=8, font="sans")
    sheet.prose(60, 400, 12)
    (figure,) = extract(paper.bytes()).figures
    return figure.caption


def test_they_follow_the_whole_figures_caption() -> None:
    paper = Paper()
    sheet = sheet_of(paper)
    sheet.block(60, 312, SIDE, size=7.5, font="sans")
    sheet.block(200, 312, TOP, size=7.5, font="sans")
    assert told(paper, sheet) == "Particles after growth. (a) Side view of the annealed particles. (b) Top view"


def test_two_on_one_line_are_told_apart() -> None:
    paper = Paper()
    sheet = sheet_of(paper)
    sheet.text(100, 312, "(a) Side view of them   (b) Top view of them", size=7.5, font="sans")
    assert told(paper, sheet) == "Particles after growth. (a) Side view of them. (b) Top view of them"


@pytest.mark.parametrize(
    ("side", "top"),
    [
        (["(a)"], ["(b)"]),
        (SIDE, ["(c) Top view"]),
        (SIDE, ["Top view"]),
        (["(a) 5"], ["(b) 10"]),
    ],
    ids=["letters alone", "a letter is missing", "one of two", "numbers"],
)
def test_what_makes_no_captions_of_parts_is_left_in_the_picture(side: list[str], top: list[str]) -> None:
    paper = Paper()
    sheet = sheet_of(paper)
    sheet.block(60, 312, side, size=7.5, font="sans")
    sheet.block(200, 312, top, size=7.5, font="sans")
    assert told(paper, sheet) == "Particles after growth."


def test_print_of_another_font_is_the_drawings() -> None:
    paper = Paper()
    sheet = sheet_of(paper)
    sheet.block(60, 312, SIDE, size=7.5, font="body")
    sheet.block(200, 312, TOP, size=7.5, font="body")
    assert told(paper, sheet) == "Particles after growth."


def test_a_caption_that_tells_of_its_parts_is_told_once() -> None:
    paper = Paper()
    sheet = sheet_of(paper)
    sheet.block(60, 312, SIDE, size=7.5, font="sans")
    sheet.block(200, 312, TOP, size=7.5, font="sans")
    whole = "Figure 1: Particles after growth, (a) from aside and (b) from above."
    assert told(paper, sheet, whole) == "Particles after growth, (a) from aside and (b) from above."


def test_a_sentence_under_the_axis_of_the_upper_graph_parts_it_from_nothing() -> None:
    """As ACM sets two graphs under each other: the upper one was lost, its caption taken for running text."""
    paper = Paper()
    sheet = paper.sheet()
    for number, top in enumerate((80, 230)):
        sheet.curve(60, top, 290, top + 110)
        sheet.text(98, top + 128, f"({'ab'[number]}) With all costs taken into account", size=9)
    sheet.block(60, 385, ["Figure 1: Running time over skewed data."], size=9)
    sheet.prose(60, 410, 24)
    (figure,) = extract(paper.bytes()).figures
    part = "With all costs taken into account"
    assert overlap(figure.box_pt, (60, 80, 295, 360)) > 0.9
    assert figure.caption == f"Running time over skewed data. (a) {part}. (b) {part}"


def test_long_ones_side_by_side_in_the_type_of_the_text_part_no_figure_from_its_caption() -> None:
    """JMLR's proceedings: rows of two captions, which come to more lines than a panel's caption has."""
    paper = Paper()
    sheet = sheet_of(paper)
    rest = ["a bath that is held at", "one temperature for so", "many hours that no more", "growth is to be seen"]
    sheet.text(60, 314, "(a) Particles grown in   (b) Particles grown in")
    for x in (76, 211):
        sheet.block(x, 325.25, rest)
    sheet.text(60, 376, "Figure 1: Particles after growth of all kinds.")
    sheet.prose(60, 392, 12)
    (figure,) = extract(paper.bytes()).figures
    assert figure.box_pt[1] == pytest.approx(200, abs=3)
    assert figure.origin != "missing"


@pytest.mark.parametrize("sign", ["(a). ", "(a) ", " (a): "])
def test_captions_that_are_each_of_one_part_are_figures_with_its_letter(sign: str) -> None:
    """A label with its part's letter: of "Fig. 6(a)", "Fig. 6(b)" all but the first were lost without a word."""
    paper = Paper()
    sheet = paper.sheet()
    sheet.prose(60, 60, 4, letters=88)
    for number, said in enumerate(["Rods seen from the side", "Wires seen from the top", "Sheets seen from afar"]):
        sheet.image(60, 120 + 170 * number, 300, 240 + 170 * number, micrograph(200, 400, seed=number))
        sheet.text(90, 254 + 170 * number, f"Fig. 6{sign.replace('a', 'abc'[number])}{said}.", 8, "sans")
    sheet.prose(60, 640, 10, letters=88, seed=3)
    figures = extract(paper.bytes()).figures
    gap = " " if sign.startswith(" ") else ""
    assert [figure.label for figure in figures] == [f"Fig. 6{gap}({letter})" for letter in "abc"]
    assert figures[2].caption == "Sheets seen from afar."
    assert [round(figure.box_pt[1]) for figure in figures] == [120, 290, 460]


def test_a_caption_alone_that_tells_of_part_a_first_is_the_whole_figures() -> None:
    paper = Paper()
    sheet = sheet_of(paper)
    assert told(paper, sheet, "Figure 1: (a) Rods and wires.") == "(a) Rods and wires."
    assert extract(paper.bytes()).figures[0].label == "Figure 1"
