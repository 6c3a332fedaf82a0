"""Captions on another page than their figures, and numbers that begin anew."""

import pytest

from exsclaim.sources.pdf.article.pdf_article import PdfFigure
from exsclaim.sources.pdf.extraction import extract
from tests.exsclaim.sources.pdf.paper import Paper, Sheet, micrograph


def figures(paper: Paper) -> tuple[PdfFigure, ...]:
    return extract(paper.bytes()).figures


def with_figure(paper: Paper, caption: str, seed: int = 0) -> Sheet:
    """A page with an image from 200 to 350, its caption under it in a type of its own, and running text."""
    sheet = paper.sheet()
    sheet.prose(60, 80, 8, letters=88, seed=seed)
    sheet.image(60, 200, 300, 350, micrograph(300, 480, seed))
    label, _, rest = caption.partition(". ")
    sheet.text(60, 364, f"{label}.", 7.5, "sans-bold")
    sheet.text(60 + 5.0 * len(label), 364, rest, 7.5, "sans")
    sheet.prose(60, 480, 10, letters=88, seed=seed + 1)
    return sheet


@pytest.mark.parametrize(
    "words",
    [
        "(legend on next page)",
        "(Legend continued on next page)",
        "Caption on the following page.",
        "See next page for caption.",
        "(Figure legend on the opposite page)",
        "[caption on facing page]",
        "See legend on next page",
        "Legend overleaf.",
        "(see the following page for legend)",
        "Description on the next page",
    ],
)
def test_a_caption_on_the_next_page_belongs_to_the_figure_that_points_to_it(words: str) -> None:
    paper = Paper()
    with_figure(paper, "Figure 1. Small grains of silver.", seed=5)
    with_figure(paper, f"Figure 2. {words}")
    sheet = paper.sheet()
    sheet.text(60, 80, "Figure 2.", 7.5, "sans-bold")
    sheet.text(100, 80, "Grown particles at all of the temperatures.", 7.5, "sans")
    sheet.prose(60, 140, 10, letters=88, seed=4)
    first, second = figures(paper)
    assert (second.label, second.caption) == ("Figure 2", "Grown particles at all of the temperatures.")
    assert (second.page, bool(second.image)) == (2, True)
    assert second.box_pt == pytest.approx((60, 200, 300, 350), abs=3)
    assert first.page == 1


def test_words_without_a_label_that_point_to_the_next_page_are_no_part_of_the_figure() -> None:
    paper = Paper()
    sheet = paper.sheet()
    sheet.image(60, 100, 500, 600, micrograph(600, 500))
    sheet.text(440, 612, "(legend on next page)", 7.5, "sans")
    sheet = paper.sheet()
    sheet.text(60, 80, "Figure 1.", 7.5, "sans-bold")
    sheet.text(100, 80, "Grown particles at all of the temperatures.", 7.5, "sans")
    sheet.prose(60, 140, 10, letters=88, seed=4)
    (figure,) = figures(paper)
    assert (figure.page, figure.caption) == (1, "Grown particles at all of the temperatures.")
    assert figure.box_pt == pytest.approx((60, 100, 500, 600), abs=3)


def test_a_title_over_the_words_that_point_to_the_caption_does_not_replace_it() -> None:
    paper = Paper()
    with_figure(paper, "Figure 1. Growth of silver (legend on next page)")
    sheet = paper.sheet()
    sheet.text(60, 80, "Figure 1.", 7.5, "sans-bold")
    sheet.text(100, 80, "Growth of silver at all of the temperatures.", 7.5, "sans")
    sheet.prose(60, 140, 10, letters=88, seed=4)
    (figure,) = figures(paper)
    assert (figure.page, figure.caption) == (1, "Growth of silver at all of the temperatures.")


def test_chapters_may_number_their_figures_from_one_anew() -> None:
    paper = Paper()
    for chapter in range(2):
        for number in (1, 2):
            metal = "Silver" if chapter else "Copper"
            with_figure(paper, f"Figure {number}. {metal} at step {number} of growth.", seed=10 * chapter + 2 * number)
    found = figures(paper)
    assert [(figure.label, figure.caption[:6], figure.page) for figure in found] == [
        ("Figure 1", "Copper", 1), ("Figure 2", "Copper", 2), ("Figure 1", "Silver", 3), ("Figure 2", "Silver", 4),
    ]  # fmt: skip
    assert all(figure.image for figure in found)


def test_a_list_of_captions_is_not_a_second_set_of_figures() -> None:
    paper = Paper()
    with_figure(paper, "Figure 1. Copper at the first step of growth.")
    sheet = paper.sheet()
    sheet.text(60, 80, "Figure 1.", 7.5, "sans-bold")
    sheet.text(100, 80, "Copper at the first step of growth.", 7.5, "sans")
    sheet.prose(60, 140, 10, letters=88, seed=4)
    (figure,) = figures(paper)
    assert figure.page == 1


@pytest.mark.parametrize("first", [2, 6])
def test_a_supplement_in_another_type_takes_no_figure_of_the_article(first: int) -> None:
    """Whichever of the two has more figures: their numbers begin anew, and neither vanishes."""
    paper = Paper()
    for number in range(1, first + 1):
        with_figure(paper, f"Figure {number}. Copper at step {number} of the growth.", seed=2 * number)
    for number in range(1, 5):
        sheet = paper.sheet()
        sheet.prose(60, 80, 8, letters=88, seed=50 + number)
        sheet.image(60, 200, 300, 350, micrograph(300, 480, 50 + number))
        sheet.text(60, 364, f"Figure {number}: Silver at step {number} of the annealing.", 8, "serif")
        sheet.prose(60, 480, 10, letters=88, seed=70 + number)
    found = figures(paper)
    assert sorted(figure.page for figure in found) == list(range(1, first + 5))
    assert all(figure.image for figure in found)


@pytest.mark.parametrize("missing", [0, 2])
def test_the_contents_of_a_supplement_take_no_captions_place(missing: int) -> None:
    """Its entries look more like captions than these do: their labels are bold. What has no figure at all is kept."""
    paper = Paper()
    sheet = paper.sheet()
    for number in range(1, 5):
        sheet.text(60, 80 + 40 * number, f"Supplementary Figure {number}:", 9, "bold")
        sheet.text(210, 80 + 40 * number, f"Silver at the step {number} of annealing.", 9)
    for number in range(1, 5):
        sheet = paper.sheet()
        if number != missing:
            sheet.image(60, 100, 300, 250, micrograph(300, 480, number))
        sheet.text(60, 270, f"Supplementary Figure {number}: Silver at step {number}, with copper beside it.", 9)
        sheet.prose(60, 330, 10, letters=88, seed=number)
    found = figures(paper)
    assert sorted(figure.label[-1] for figure in found) == ["1", "2", "3", "4"]
    for figure in found:
        number = int(figure.label[-1])
        assert bool(figure.image) == (number != missing)
        assert figure.page == number + 1 or number == missing
