"""An article's text on its page: the sentences that name a figure."""

import datetime as dt
import time

import pytest

from exsclaim.sources.html.html_text import parse
from exsclaim.sources.html.page_figures import figures_on
from exsclaim.sources.html.publisher_pages import article_of, figure_refs, paragraphs_of, read_page

FIGURE = '<figure><img src="f1.png"><figcaption>Figure 1. Rods.</figcaption></figure>'


@pytest.mark.parametrize(
    "paragraph",
    [
        "<p>Rods grow as shown in Figure 1(b).</p>",
        '<p>Rods grow as shown in <a href="#F1">Figure 1</a>(b).</p>',
        '<p>Rods grow as shown in <button type="button" data-rid="F1">Figure 1(b)</button>.</p>',
        "<p>Rods grow as shown in <span><button>Figure 1(b)</button></span>.</p><p>Figure 1. Rods.</p>",
        "<p>Rods grow as shown in Figure 1(b).</p><div><p>Figure 1: Rods.</p><p>Fig. 1</p></div>",
    ],
)
def test_a_sentence_names_its_figure_whatever_can_be_clicked_on_and_captions_shown_again_do_not(paragraph: str) -> None:
    page = parse(f"<html><body><article><h1>Of silver</h1>{paragraph}{FIGURE}</article></body></html>")
    url = "https://publisher.example/10.5555/x1"
    article = article_of(page, url, dt.date(2026, 1, 2), source="folder")
    (figure,) = figure_refs(page, figures_on(page), article, url)
    assert [(each.sentence, each.panels) for each in figure.mentions] == [
        ("Rods grow as shown in Figure 1(b).", ("b",))
    ]


@pytest.mark.parametrize(
    ("tag", "heading", "title"),
    [
        ("Sizes of Fe 3 O 4 rods : a review", "Sizes of Fe<sub>3</sub>O<sub>4</sub> rods: a review †",
         "Sizes of Fe₃O₄ rods: a review"),
        ("Sizes of rods", "Sizes of rods†", "Sizes of rods"),
        ("Sizes of rods", "Journal of Rods", "Sizes of rods"),
    ],
)  # fmt: skip
def test_a_title_of_which_tags_set_every_piece_apart_is_that_of_the_heading(tag: str, heading: str, title: str) -> None:
    page = parse(
        f'<html><head><meta name="citation_title" content="{tag}"></head><body><h1>{heading}</h1></body></html>'
    )
    assert article_of(page, "https://publisher.example/1", dt.date(2026, 1, 2), source="folder").title == title


@pytest.mark.parametrize(
    "abstract",
    [
        '<p class="abstract">{}</p>',
        '<p class="article-abstract">{}</p>',
        '<div class="abstract module"><h2>Abstract</h2><div class="bd"><div class="paragraph">{}</div></div></div>',
    ],
)
def test_an_abstract_may_be_a_paragraph_by_its_class(abstract: str) -> None:
    text = (
        "Rods of silver grow, as everyone knows, in the dark and nowhere else, and this article shows how they do so."
    )
    page = parse(f"<html><body><h1>Of silver</h1>{abstract.format(text)}</body></html>")
    assert article_of(page, "https://publisher.example/1", dt.date(2026, 1, 2), source="folder").abstract == text


def test_an_image_of_aps_leads_to_the_large_one() -> None:
    address = "https://journals.aps.org/prl/article/10.1103/PhysRevLett.1.2/figures/1"
    figure = f'<figure><img src="{address}/medium"><figcaption>FIG. 1. Rods.</figcaption></figure>'
    page = (
        f'<meta name="citation_title" content="T"><meta name="citation_doi" content="10.1103/PhysRevLett.1.2">{figure}'
    )
    (found,) = read_page(page.encode(), "https://journals.aps.org/x", dt.date(2026, 1, 1), source="folder").figures
    assert found.image_urls == (f"{address}/large", f"{address}/medium")


def test_many_paragraphs_under_one_heading_take_time_in_proportion() -> None:
    """For each all that stands around the heading was read: 700 of a notebook took a minute."""
    page = parse("<div><h1>Silver</h1>" + "<p>As Fig. 1 shows, rods grow in the dark.</p>" * 4_000 + "</div>")
    began = time.process_time()
    assert [each.section for each in paragraphs_of(page)] == ["Silver"] * 4_000
    many = parse("<h2>Gold</h2><p>As Fig. 1 shows, rods grow in the dark.</p>" * 4_000)
    assert [each.section for each in paragraphs_of(many)] == ["Gold"] * 4_000
    assert time.process_time() - began < 20


def test_many_pieces_of_one_paragraph_take_time_in_proportion() -> None:
    """For each the whole paragraph was looked through for headings: 30,000 took minutes."""
    page = parse("<h1>Silver</h1><p>" + "<span>Fig. 1</span> " * 10_000 + "</p>")
    began = time.process_time()
    assert len(list(paragraphs_of(page))) <= 1
    assert time.process_time() - began < 8
