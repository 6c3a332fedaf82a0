"""Tags beside figures ("COLOR" in proofs): alone outside the column, in one wording on three pages."""

import pypdfium2 as pdfium2
import pytest

from exsclaim.sources.pdf.page_content import Page, read_page
from exsclaim.sources.pdf.production_tags import production_tags
from exsclaim.sources.pdf.repeated_parts import without_repeated
from tests.exsclaim.sources.pdf.paper import Paper

COLUMN, GREY = 90, "0.8 0.8 0.8"
TAGS = ("COLOR", "COLOR", "COLOR", "COLOR")


def pages_with(
    words: tuple[str, ...], font: str = "sans-bold", angle: int = 90, ground: str = "", tick: str = ""
) -> list[Page]:
    """Pages with a figure each, and words at its left that stand lower from page to page."""
    paper = Paper()
    for number, each in enumerate(words):
        sheet = paper.sheet()
        sheet.prose(COLUMN, 80, 8, letters=82, seed=number)
        sheet.curve(98, 200, 480, 400)
        sheet.text(200, 220, "Samples of a bath", 8, "sans")
        low = 300 + 20 * number
        if ground:
            sheet.box(58, low - 38, 75, low + 8, fill=ground)
        sheet.text(70 if angle else 45, low, each, 8, font, angle=angle)
        sheet.text(78, low - 10, tick, 6, "serif")
        sheet.text(COLUMN, 420, f"Figure {number + 1}. Grown particles, and others that did not grow.", 7.5, "slanted")
        sheet.prose(COLUMN, 480, 20, letters=82, seed=number + 9)
    document = pdfium2.PdfDocument(paper.bytes())
    loaded = list(document)
    return [read_page(page.raw, number) for number, page in enumerate(loaded, start=1)]


@pytest.mark.parametrize("angle", [0, 90])
@pytest.mark.parametrize("ground", ["", GREY])
def test_one_wording_alone_outside_the_column_on_several_pages_is_a_tag(ground: str, angle: int) -> None:
    pages = pages_with(TAGS, angle=angle, ground=ground if angle else "")
    assert len(production_tags(pages)) == len(pages)
    for before, after in zip(pages, without_repeated(pages), strict=True):
        assert {line.text for line in before.lines} - {line.text for line in after.lines} == {"COLOR"}
        assert any(graphic.box.x1 < COLUMN for graphic in before.graphics) is bool(ground and angle)
        assert not any(graphic.box.x1 < COLUMN for graphic in after.graphics)


def test_a_tag_on_a_ground_may_be_in_the_type_of_the_figures_words() -> None:
    assert len(production_tags(pages_with(TAGS, font="sans", ground=GREY))) == len(TAGS)


@pytest.mark.parametrize(
    ("words", "font", "tick"),
    [
        pytest.param(TAGS[:2], "sans-bold", "", id="on two pages alone"),
        pytest.param(("YIELD", "WIDTH", "GRAIN", "COUNT"), "sans-bold", "", id="titles of axes, one for each plot"),
        pytest.param(TAGS, "sans", "", id="a row's name, in the type of the figure's other words"),
        pytest.param(TAGS, "sans-bold", "40", id="an axis's title beside the numbers of its ticks"),
        pytest.param(("(a)",) * 4, "sans-bold", "", id="letters of panels"),
    ],
)
def test_what_labels_a_figure_is_no_tag(words: tuple[str, ...], font: str, tick: str) -> None:
    assert not production_tags(pages_with(words, font, tick=tick))
