"""Captions are counted: none of a figure that the reader misses vanishes; figures behind a manuscript's legends."""

import pytest

from exsclaim.sources.pdf.article.pdf_article import PdfFigure
from exsclaim.sources.pdf.extraction import extract
from tests.exsclaim.sources.pdf.paper import Paper, Sheet, micrograph
from tests.exsclaim.sources.pdf.test_labels import labels_under_an_image


def figures(paper: Paper) -> tuple[PdfFigure, ...]:
    return extract(paper.bytes()).figures


def page_with_a_figure(paper: Paper, caption: str) -> Sheet:
    sheet = paper.sheet()
    sheet.image(60, 200, 300, 350, micrograph(300, 480, len(paper.sheets)))
    sheet.text(60, 366, caption, 7.5, "sans")
    sheet.prose(60, 440, 10, letters=88)
    return sheet


@pytest.mark.parametrize(
    ("printed", "label"),
    [
        ("Figure 2 and 3: Rods at the edge, and rods inside.", "Figure 2 and 3"),
        ("Fig. 2 and 3. Rods at the edge, and rods inside.", "Fig. 2 and 3"),
        ("Figures 2 and 3. Rods at the edge, and rods inside.", "Figures 2 and 3"),
        ("< Fig. 2. Rods at the edge, and rods inside.", None),
        ("4 Fig. 2. Rods at the edge, and rods inside.", "Fig. 2"),  # a pointer as a scan's recognition reads it
        ("4 Figures of rods at the edge, and rods inside.", None),
    ],
)
def test_a_label_may_be_that_of_two_figures_and_stand_behind_a_pointer(printed: str, label: str | None) -> None:
    assert labels_under_an_image(printed) == ([label] if label else [])


def test_a_pointer_is_no_part_of_the_caption() -> None:
    paper = Paper()
    page_with_a_figure(paper, "4 Fig. 2. Rods at the edge, and rods inside.")
    assert figures(paper)[0].caption == "Rods at the edge, and rods inside."


@pytest.mark.parametrize(
    ("over", "font", "is_found"),
    [
        ("2) The steps by which rods were made.", "sans-bold", True),
        ("We have made the rods by several steps.", "sans", True),
        ("The steps by which rods were made are in", "sans", False),
    ],
)
def test_a_label_right_under_a_heading_or_a_whole_sentence_begins_a_caption(
    over: str, font: str, is_found: bool
) -> None:
    paper = Paper()
    sheet = paper.sheet()
    sheet.text(60, 190, over, 9, font)
    sheet.text(60, 201, "Figure 7: Phase map of all the rods", 9, "sans")
    sheet.image(60, 210, 300, 350, micrograph(280, 480))
    sheet.prose(60, 440, 10, letters=88)
    assert [figure.label for figure in figures(paper)] == (["Figure 7"] if is_found else [])


def test_a_caption_without_sign_type_or_drawing_is_told_as_one_whose_figure_was_not_found() -> None:
    paper = Paper()
    page_with_a_figure(paper, "Fig. 1. Rods as grown.")
    sheet = paper.sheet()
    sheet.prose(60, 80, 20, letters=88)
    sheet.text(60, 330, "Fig. 2 Wires after growth", 9)
    sheet.prose(60, 360, 20, letters=88)
    found = figures(paper)
    assert [(figure.label, figure.origin, figure.page) for figure in found] == [
        ("Fig. 1", "embedded", 1), ("Fig. 2", "missing", 2),
    ]  # fmt: skip
    assert found[1].caption == "Wires after growth"


@pytest.mark.parametrize(
    "sentence",
    ["Fig. 2 shows the wires after growth", "Fig. 1 Rods as grown."],
)
def test_sentences_and_words_of_captions_that_were_read_are_not_counted(sentence: str) -> None:
    paper = Paper()
    page_with_a_figure(paper, "Fig. 1. Rods as grown.")
    sheet = paper.sheet()
    sheet.prose(60, 80, 20, letters=88)
    sheet.text(60, 305, sentence.ljust(88, "s"), 9)
    sheet.prose(60, 316.25, 20, letters=88)
    assert [figure.label for figure in figures(paper)] == ["Fig. 1"]


def legends(paper: Paper, numbers: list[int]) -> None:
    sheet = paper.sheet()
    sheet.prose(60, 80, 20, letters=88)
    for place, number in enumerate(numbers):
        sheet.text(60, 400 + 40 * place, f"Figure {number}. Rods of sample {number} as grown.", 9, "serif")


@pytest.mark.parametrize("label", ["", "Figure {}", "Smith - Figure {}", "Smith et al. Figure {}"])
def test_vector_drawings_on_pages_of_their_own_are_the_figures_of_listed_legends(label: str) -> None:
    paper = Paper()
    legends(paper, [1, 2, 3])
    for number in (1, 2, 3):
        sheet = paper.sheet()
        sheet.curve(60, 100, 260 + number, 220)
        if label:
            sheet.text(200, 780, label.format(number), 9, "serif")
    found = figures(paper)
    assert [(figure.label, figure.page, figure.origin) for figure in found] == [
        (f"Figure {number}", number + 1, "rendered") for number in (1, 2, 3)
    ]
    assert all(figure.box_pt[3] < 300 for figure in found)  # without the label at the foot


def test_a_page_that_says_which_figure_it_has_is_that_ones_in_any_order() -> None:
    paper = Paper()
    legends(paper, [1, 2, 3])
    for number in (3, 1):  # the second was left out
        sheet = paper.sheet()
        sheet.curve(60, 100, 260, 220)
        sheet.text(200, 780, f"Figure {number}", 9, "serif")
    assert [(figure.label, figure.page, figure.origin) for figure in figures(paper)] == [
        ("Figure 1", 3, "rendered"), ("Figure 2", 1, "missing"), ("Figure 3", 2, "rendered"),
    ]  # fmt: skip


def test_more_drawings_than_legends_are_none_of_them() -> None:
    paper = Paper()
    legends(paper, [1, 2])
    paper.sheet().prose(60, 80, 40, letters=88)
    for _ in range(3):
        paper.sheet().curve(60, 100, 260, 220)
    assert [figure.origin for figure in figures(paper)] == ["missing", "missing"]


def listed(heading: str, over: str = "", under: str = "", *, is_drawn: bool = False) -> dict[str, str]:
    """Captions of three figures, the first two listed on a page and the third on the next, with their paragraphs."""
    paper = Paper()
    paper.sheet().prose(60, 80, 40, letters=88)
    sheet = paper.sheet()
    sheet.text(60, 80, heading, 9, "bold")
    sheet.text(60, 120, "Figure 1. Rods as grown.", 9, "bold")
    sheet.block(60, 150, ["They were grown at 400 K on silver,", "and cooled in vacuum."], 9, leading=2.0)
    sheet.text(60, 220, "(b) The same rods later.", 9)
    sheet.text(60, 260, over or "Figure 2. Wires as grown.", 9, "bold")
    sheet.text(60, 290, "They were grown at 500 K.", 9)
    sheet.text(300, 800, "17", 9)
    if is_drawn:
        sheet.curve(300, 400, 500, 560)
    sheet = paper.sheet()
    sheet.text(60, 80, "They are shown in false colour.", 9)
    sheet.text(60, 120, under or "Figure 3. Sheets as grown.", 9, "bold")
    sheet.prose(60, 300, 20, letters=88)
    return {figure.label: f"{figure.title} {figure.caption}".strip() for figure in figures(paper)}


@pytest.mark.parametrize(
    "heading", ["Figure legends", "FIGURE CAPTIONS", "Legends to figures", "Captions for the Figures:"]
)
def test_listed_legends_go_on_to_the_next_label_over_paragraphs_and_pages(heading: str) -> None:
    found = listed(heading)
    assert found["Figure 1"] == (
        "Rods as grown. They were grown at 400 K on silver, and cooled in vacuum. (b) The same rods later."
    )
    assert found["Figure 2"] == "Wires as grown. They were grown at 500 K. They are shown in false colour."


def test_a_legend_ends_at_the_heading_of_another_list_and_at_a_table() -> None:
    assert listed("Figure legends", over="Supplementary figure legends")["Figure 1"].endswith("The same rods later.")
    assert listed("Figure legends", under="Table 1. Sizes of the rods.")["Figure 2"].endswith("in false colour.")


def test_without_such_a_heading_or_beside_a_drawing_legends_end_as_their_type_tells() -> None:
    assert "(b)" not in listed("Results").get("Figure 1", "")
    assert "(b)" not in listed("Figure legends", is_drawn=True).get("Figure 1", "")
