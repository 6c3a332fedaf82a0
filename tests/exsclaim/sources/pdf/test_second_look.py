"""A second look at pages: what the layout network sees of a page, and regions that it makes larger or smaller."""

import pypdfium2
import pytest

from exsclaim.sources.pdf.extraction import extract
from exsclaim.sources.pdf.layout.layout_network import Part, parts_of
from tests.exsclaim.sources.pdf.paper import Paper, micrograph
from tests.exsclaim.sources.pdf.test_set_apart import only

NAMES = "public class Company private String name public String getName and the size of the grain"
SENTENCE = "After this the particles of silver were washed and their size was measured with some care."


def seen(paper: Paper, scale: float) -> list[Part]:
    page = pypdfium2.PdfDocument(paper.bytes())[0]
    return parts_of(page.render(scale=scale, rev_byteorder=True).to_numpy(), scale)


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_the_network_tells_running_text_from_an_image_and_where_they_are(scale: float) -> None:
    paper = Paper()
    sheet = paper.sheet()
    sheet.prose(60, 60, 8, letters=88)
    sheet.image(90, 200, 500, 400, micrograph(400, 800))
    sheet.prose(60, 450, 20, letters=88, seed=2)
    parts = seen(paper, scale)
    (image,) = [part for part in parts if part.is_drawing]
    assert image.box.corners == pytest.approx((90, 200, 500, 400), abs=10)
    assert {part.kind for part in parts if part.box.y1 < 190} == {"text"}


def rows_of_panels(between: str) -> Paper:
    """Three rows of micrographs, with words as wide as the page's text between the last two."""
    paper = Paper()
    sheet = paper.sheet()
    sheet.prose(60, 60, 3, letters=88)
    for row, y in enumerate((120, 226, 332)):
        sheet.image(90, y, 280, y + 90, micrograph(180, 380, row))
        sheet.image(310, y, 500, y + 90, micrograph(180, 380, row + 5))
    sheet.text(60, 328, between)
    sheet.text(60, 444, "Figure 1. Grown particles of silver in the bath after each of the steps", 7.5, "sans")
    sheet.prose(60, 482, 20, letters=88, seed=2)
    return paper


def test_names_across_a_drawing_as_wide_as_text_do_not_part_it() -> None:
    x0, y0, x1, y1 = only(rows_of_panels(NAMES)).box_pt
    assert y0 == pytest.approx(120, abs=2)
    assert y1 == pytest.approx(422, abs=2)
    assert x0 < 91
    assert x1 > 499


def test_a_sentence_between_drawings_parts_them_though_they_look_like_one() -> None:
    assert only(rows_of_panels(SENTENCE)).box_pt[1] == pytest.approx(331, abs=2)


def test_a_region_takes_in_no_other_figure_and_no_caption() -> None:
    paper = rows_of_panels(NAMES)
    paper.sheets[0].text(60, 222, "Figure 2. Particles of silver before the first step", 7.5, "sans")
    first, second = sorted(extract(paper.bytes()).figures, key=lambda figure: figure.label)
    assert first.box_pt[1] > 224
    assert second.box_pt[3] == pytest.approx(210, abs=2)


@pytest.mark.parametrize("marks", [0, 2])
def test_marks_over_the_next_column_are_cut_off_a_figure(marks: int) -> None:
    paper = Paper()
    sheet = paper.sheet()
    for number in range(marks):
        sheet.box(301, 200 + 60 * number, 430, 234 + 60 * number, fill="0.7 0.85 1")
    sheet.prose(308, 60, 56, letters=42)
    sheet.prose(60, 60, 8, letters=42, seed=2)
    sheet.image(60, 162, 180, 282, micrograph(240, 240))
    sheet.image(184, 162, 300, 282, micrograph(240, 232, 3))
    sheet.text(60, 300, "Figure 1. Grown particles of silver", 7.5, "sans")
    sheet.prose(60, 330, 30, letters=42, seed=4)
    assert only(paper).box_pt == pytest.approx((60, 162, 300, 282), abs=3)
