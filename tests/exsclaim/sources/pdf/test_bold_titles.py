"""Legends in the running text's type under a bold title, and names of tables and algorithms within a caption."""

import pytest

from exsclaim.sources.pdf.extraction import extract
from tests.exsclaim.sources.pdf.paper import Paper, Sheet, micrograph

TEXT = "silver particles were grown on the surface and their size was measured with care"
ENDING = "and the size of the last."
LARGE = 12.5


def with_text() -> tuple[Paper, Sheet]:
    """A paper with a page of text in nine points, and a page with an image alone."""
    paper = Paper()
    paper.sheet().block(60, 80, [TEXT] * 40, 9, "serif")
    sheet = paper.sheet()
    sheet.image(60, 100, 400, 250, micrograph(300, 680))
    return paper, sheet


def caption_of(paper: Paper) -> str:
    (figure,) = extract(paper.bytes()).figures
    return " ".join(figure.caption.split())


@pytest.mark.parametrize(
    "first", ["A, Growth of", "A-B, Growth of", "(a) Growth of", "a) Growth of", "(A, B) Growth of"]
)
@pytest.mark.parametrize(("step", "indent"), [(14, 0), (22, 0), (15, 12)])
def test_a_legend_that_begins_with_the_first_panel_goes_with_its_bold_title(
    first: str, step: float, indent: float
) -> None:
    paper, sheet = with_text()
    sheet.text(60, 270, "Figure 1. Particles of silver on all surfaces.", 9, "serif-bold")
    sheet.text(60 + indent, 270 + step, f"{first} {TEXT}", 9, "serif")
    sheet.block(60, 270 + step + 11, [TEXT, ENDING], 9, "serif")
    assert f"{first} silver" in caption_of(paper)
    assert caption_of(paper).endswith(ENDING)


@pytest.mark.parametrize("font", ["serif-bold", "sans-bold"])
@pytest.mark.parametrize(
    "rows", [["Figure 1: Particles of silver"], ["Figure 1: Particles of silver on", "all surfaces"]]
)
def test_a_legend_under_a_title_larger_than_the_text_on_a_page_without_other_text(font: str, rows: list[str]) -> None:
    paper, sheet = with_text()
    below = sheet.block(60, 270, rows, LARGE, font)
    sheet.block(60, below + 5, ["Growth of silver in which " + TEXT, TEXT, ENDING], 9, "serif")
    sheet.text(290, 800, "7", 9, "serif")
    assert "Growth of silver" in caption_of(paper)
    assert caption_of(paper).endswith(ENDING)


def test_such_a_title_over_a_page_of_text_is_a_caption_by_itself() -> None:
    paper, sheet = with_text()
    sheet.text(60, 270, "Figure 1: Particles of silver", LARGE, "serif-bold")
    sheet.block(60, 292, ["Growth of silver in which " + TEXT, TEXT, ENDING], 9, "serif")
    sheet.block(60, 400, [TEXT] * 8, 9, "serif")
    assert caption_of(paper) == "Particles of silver"


@pytest.mark.parametrize(
    "under",
    ["Growth of silver in which", "A growth of silver, in which", "B, Growth of silver", "(1) Growth of silver"],
)
def test_text_under_a_bold_title_that_begins_with_no_first_panel_is_no_legend(under: str) -> None:
    paper, sheet = with_text()
    sheet.text(60, 270, "Figure 1. Particles of silver on all surfaces.", 9, "serif-bold")
    sheet.block(60, 290, [f"{under} {TEXT}", TEXT, ENDING], 9, "serif")
    assert caption_of(paper) == "Particles of silver on all surfaces."


def test_a_panels_letter_in_text_under_a_caption_that_is_not_bold_is_no_legend() -> None:
    paper, sheet = with_text()
    sheet.text(60, 270, "Figure 1. Particles of silver on all surfaces.", 7.5, "sans")
    sheet.block(60, 290, [f"(a) Growth of {TEXT}", TEXT, ENDING], 9, "serif")
    assert caption_of(paper) == "Particles of silver on all surfaces."


@pytest.mark.parametrize(
    ("gap", "line", "font"),
    [
        (11.25, "Silver was grown in the bath and " + TEXT, "serif"),
        (20, "A, Silver was grown in the bath of all", "serif"),
        (11.25, "2.1 Growth of silver", "serif-bold"),
        (20, "Table 1. Silver of all baths", "serif-bold"),
    ],
)
def test_a_legend_under_a_bold_title_ends_with_its_last_paragraph(gap: float, line: str, font: str) -> None:
    """Text that follows a short last line is of it where it begins with the next panel, and no gap parts them."""
    paper, sheet = with_text()
    sheet.text(60, 270, "Figure 1. Particles of silver on all surfaces.", 9, "serif-bold")
    sheet.block(60, 290, [f"A, Growth of {TEXT}", ENDING, f"B, Growth in {TEXT}", ENDING], 9, "serif")
    sheet.text(60, 290 + 3 * 11.25 + gap, line, 9, font)
    assert "B, Growth in" in caption_of(paper)
    assert caption_of(paper).endswith(ENDING)


@pytest.mark.parametrize(("size", "leading"), [(7.5, 1.25), (9, 1.9)])
@pytest.mark.parametrize("name", ["Algorithm 1 is", "Table 1."])
def test_a_line_of_a_caption_may_begin_with_the_name_of_a_table_or_an_algorithm(
    size: float, leading: float, name: str
) -> None:
    """The lines of a manuscript are far apart."""
    paper = Paper()
    paper.sheet().block(60, 80, [TEXT] * 30, 9, "serif", 1.9)
    sheet = paper.sheet()
    sheet.image(60, 100, 400, 250, micrograph(300, 680))
    first = "Figure 1. Particles of silver on all surfaces, whose names are not the names of"
    rest = [f"{name} shown as they were grown on all the surfaces and in all"] if name[-1] != "." else [name]
    sheet.block(60, 270, [first, *rest], size, "serif", leading)
    assert name in caption_of(paper)


@pytest.mark.parametrize(
    "first", ["Figure 1. Particles of silver on all the surfaces, and their names.", "Figure 1. Silver"]
)
def test_a_tables_caption_under_a_caption_that_has_ended_is_no_part_of_it(first: str) -> None:
    paper, sheet = with_text()
    sheet.text(60, 270, first, 7.5, "sans")
    sheet.text(60, 284, "Table 1. Particles of silver", 7.5, "sans")
    sheet.block(60, 300, ["7 3 1", "8 4 2"], 7.5, "sans")
    assert "Table" not in caption_of(paper)
