"""Text in fonts whose letters are drawings with a scale of their own (Type 3)."""

from exsclaim.sources.pdf.extraction import extract
from tests.exsclaim.sources.pdf.paper import DRAWN_SIZE, Paper, flush, micrograph


def test_letters_that_are_drawings_may_be_set_in_a_size_near_to_nothing() -> None:
    """TeX's drivers set bitmaps in a size of 0.24 points: what is printed is a drawing's size, times that."""
    paper = Paper()
    sheet = paper.sheet()
    leading = 11.25 / DRAWN_SIZE
    sheet.block(60, 80, flush(8, 70, 1), DRAWN_SIZE, "drawn", leading)
    sheet.image(60, 200, 300, 350, micrograph(300, 480))
    sheet.text(60, 370, "FIG. 1. Grown particles.", DRAWN_SIZE, "drawn")
    sheet.block(60, 480, flush(9, 70, 2), DRAWN_SIZE, "drawn", leading)
    (figure,) = extract(paper.bytes()).figures
    assert (figure.label, figure.caption, figure.origin) == ("FIG. 1", "Grown particles.", "embedded")


def test_text_of_no_size_is_not_read() -> None:
    paper = Paper()
    sheet = paper.sheet()
    sheet.prose(60, 80, 8, letters=88)
    sheet.image(60, 200, 300, 350, micrograph(300, 480))
    sheet.text(60, 370, "Figure 1. Grown particles.", 7.5, "sans")
    sheet.text(60, 372, "Figure 2. Nothing that anybody sees.", 0.1, "sans")
    assert [figure.label for figure in extract(paper.bytes()).figures] == ["Figure 1"]
