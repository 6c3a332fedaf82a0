"""Spaces of formulas in MathML, and signs of a page that are no part of a caption."""

import pytest
from lxml import etree

from exsclaim.sources.html.html_text import parse
from exsclaim.sources.html.mathml import math_text
from exsclaim.sources.html.page_figures import figures_on

TIMES = "\u2062"


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        (f'<mn>5</mn><mo lspace="0.170em">{TIMES}</mo><mi>μ</mi><mo lspace="0em">{TIMES}</mo><mi>m</mi>', "5 μm"),
        (f"<mn>2</mn><mo>{TIMES}</mo><mi>x</mi>", "2x"),
        ('<mi>Te</mi><mspace width="-0.083em"/><mi>V</mi>', "TeV"),
        ('<mn>8</mn><mspace width="0.167em"/><mi>nm</mi>', "8 nm"),
    ],
)
def test_thin_spaces_are_spaces_and_negative_ones_none(markup: str, text: str) -> None:
    assert math_text(etree.fromstring(f"<math>{markup}</math>")) == text


@pytest.mark.parametrize("link", ["headerlink", "anchor-link", "anchorjs-link"])
def test_a_link_to_the_figure_itself_is_no_part_of_its_caption(link: str) -> None:
    page = parse(
        f'<figure><img src="a.png"><figcaption>Figure 1. Rods<a class="{link}" href="#f">#</a></figcaption></figure>'
    )
    assert [figure.caption for figure in figures_on(page)] == ["Rods"]
