"""Quick CSS selectors: they find what Beautiful Soup's own do."""

import time

import pytest
from bs4 import Tag
from hypothesis import given
from hypothesis import strategies as st

from exsclaim.sources.html.css_selectors import select, select_one
from exsclaim.sources.html.html_text import parse

SELECTORS = (
    "figure", "p, figure", "div.fig", ".fig", ".fig.wide", "#f1", "div#f1.fig", "[class*=fig]", "[class*=FIG i]",
    '[class*="capt" i], b', "a[href*='#ref']", 'a[rel~="license"][href]', "[id^=f]", "[id$=x], [id=f1]", "a[href]",
    "p b", "div > p", "figure figure", "p:first-child", ".fig :has(> b)", "div:not(.fig)", "*", "[data-x]", "p + div",
    "table b, [class*=licen]", "FIGURE",
)  # fmt: skip

names = st.sampled_from(["div", "p", "figure", "b", "a", "table"])
classes = st.lists(st.sampled_from(["fig", "wide", "figCaption", "FIG-x", "licence", "caption"]), max_size=3)
ids = st.sampled_from(["", "f1", "x", "fx"])
others = st.sampled_from(
    ["", ' href="#ref1"', ' href=""', ' rel="license nofollow" href="https://x.org"', ' data-x="1"']
)
elements = st.recursive(
    st.just("words"),
    lambda inner: st.builds(
        lambda name, words, id, more, inside: (
            f'<{name}{f" class={chr(34)}{chr(32).join(words)}{chr(34)}" if words else ""}'
            f"{f' id={id}' if id else ''}{more}>{''.join(inside)}</{name}>"
        ),
        names, classes, ids, others, st.lists(inner, max_size=4),
    ),
    max_leaves=25,
)  # fmt: skip


@given(page=elements, selector=st.sampled_from(SELECTORS))
def test_finds_what_beautiful_soup_finds(page: str, selector: str) -> None:
    soup = parse(page)

    assert list(map(id, select(soup, selector))) == list(map(id, soup.select(selector)))


@given(page=elements)
def test_the_first_of_a_list_is_the_first_on_the_page(page: str) -> None:
    soup = parse(page)
    expected: Tag | None = soup.select_one("b, .fig")

    assert select_one(soup, "b, .fig") is expected


@pytest.mark.parametrize("selector", ["p", ".fig", "[class*=fig]"])
def test_looks_within_a_block_and_not_at_the_block_itself(selector: str) -> None:
    block = parse('<p class="fig"><b class="fig">a</b></p>').p
    assert block is not None

    assert [each.name for each in select(block, selector)] == [each.name for each in block.select(selector)]


def test_a_class_that_a_program_wrote_as_one_text_counts_as_words() -> None:
    soup = parse("<p>a</p>")
    paragraph = soup.p
    assert paragraph is not None
    paragraph["class"] = "fig wide"

    assert select(soup, ".wide") == [paragraph]


def test_a_class_that_is_said_many_times_is_looked_up_once() -> None:
    """A page with 200,000 in one attribute took 25 s."""
    page = parse(f"<div class='{'figure ' * 100_000}'>a</div>")
    began = time.process_time()
    assert len(select(page, "div.figure, .figure, div")) == 1
    assert time.process_time() - began < 2
