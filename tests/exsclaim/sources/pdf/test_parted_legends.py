"""Labels alone over figures, at the head of several pages too, and legends under those figures."""

import pytest

from exsclaim.sources.pdf.extraction import extract
from tests.exsclaim.sources.pdf.paper import Paper

LEGEND = ["Survival after the injection of growing doses. Toxicity rose with the dose of", "all carriers alike."]
WHOLE = " ".join(LEGEND)


def article(size: float = 7, font: str = "sans", margin: float = 60, pages: int = 4) -> Paper:
    """Pages that each begin with a label and a rule over a plot, with its legend and then text under it."""
    paper = Paper()
    for number in range(1, pages + 1):
        sheet = paper.sheet()
        sheet.text(60, 72, f"Fig. {number}", 7, "sans-bold")
        sheet.rule(60, 77, 530)
        sheet.curve(130, 90, 450, 300 + 4 * number)
        sheet.block(margin, 326, LEGEND, size, font)
        sheet.rule(60, 352, 530)
        sheet.prose(60, 380, 30, letters=86, seed=number)
    return paper


def test_labels_at_the_head_of_several_pages_are_no_running_heads_and_have_the_legends_under_their_figures() -> None:
    figures = extract(article().bytes()).figures
    assert [(figure.label, figure.caption) for figure in figures] == [(f"Fig. {n}", WHOLE) for n in range(1, 5)]
    assert all(figure.origin != "missing" and figure.box_pt[3] < 319 for figure in figures)


def test_a_legend_is_no_running_text() -> None:
    assert not any("Toxicity" in text for _, text in extract(article().bytes()).sections)


@pytest.mark.parametrize(
    ("size", "font", "margin"),
    [(9, "body", 60), (8.7, "body", 60), (7, "sans", 90)],
    ids=["in the type of the text", "in nearly that type", "at another margin"],
)
def test_what_stands_otherwise_under_such_a_figure_is_no_legend(size: float, font: str, margin: float) -> None:
    assert [figure.caption for figure in extract(article(size, font, margin).bytes()).figures] == [""] * 4


@pytest.mark.parametrize("heading", ["Results and discussion of both", "Materials and Methods"])
def test_the_heading_under_such_a_figure_is_no_legend(heading: str) -> None:
    paper = Paper()
    for number in (1, 2):
        sheet = paper.sheet()
        sheet.text(60, 72, f"Fig. {number}", 7, "sans-bold")
        sheet.rule(60, 77, 530)
        sheet.curve(130, 90, 450, 300 + 4 * number)
        sheet.text(60, 326, heading, 9, "sans-bold")
        sheet.prose(60, 352, 30, letters=86, seed=number)
    article = extract(paper.bytes())
    assert [figure.caption for figure in article.figures] == ["", ""]
    assert heading in [title for title, _ in article.sections]
