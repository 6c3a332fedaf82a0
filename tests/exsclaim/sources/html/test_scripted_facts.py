"""Facts that a page keeps in a script (IEEE Xplore), and figures of such a page."""

import datetime as dt
import json
from typing import Any

import pytest

from exsclaim.sources.html.html_text import parse, text_of
from exsclaim.sources.html.meta_tags import page_facts
from exsclaim.sources.html.page_figures import figures_on
from exsclaim.sources.html.publisher_pages import article_of

XPLORE: dict[str, Any] = {
    "title": "Silver Rods of <inline-formula><tex-math notation=\"LaTeX\">$5~\\mu$</tex-math></inline-formula>m",
    "doi": "10.5555/TROD.2024.1",
    "authors": [{"name": "Jane Doe", "affiliation": ["A"]}, {"name": "J. Smith"}, {"name": None}, "x"],
    "publicationTitle": "IEEE Transactions on Rods", "displayPublicationDate": "11 January 2024",
    "publicationDate": "May 2024", "publicationYear": "2024", "dateOfInsertion": "11 January 2024",
    "keywords": [{"type": "IEEE Keywords", "kwd": ["Silver"]}, {"type": "Author Keywords ", "kwd": ["rods", "growth"]}],
    "abstract": "Rods were grown <italic>slowly</italic>.", "_value": "CCBY", "articleCopyRight": "2024 IEEE",
}  # fmt: skip


def page(content: dict[str, Any], behind: str = "") -> str:
    script = f"var xplGlobal={{}};\nxplGlobal.document.metadata={json.dumps(content)};{behind}"
    return (
        '<html><head><meta property="og:title" content="Silver Rods"><script>var a = 1;</script></head><body>'
        f'<script type="text/javascript">{script}</script><h1 class="document-title">Silver Rods</h1><div id="article">'
        '<div class="figure figure-full" id="fig1"><!-- combined --><div class="img-wrap"><a href="/m/rod1-large.gif">'
        '<img src="/m/rod1-small.gif" alt="Fig. 1. - Rods"/></a><div class="zoom-container"><button class="zoom"'
        ' title="View Larger Image"></button></div></div><div class="figcaption"><b class="title">Fig. 1. </b><fig>'
        '<p>Rods at <inline-formula><tex-math notation="LaTeX">\n$R_{1}$\n</tex-math></inline-formula>.</p></fig>'
        '</div><p class="links"><a href="#">Show All</a></p></div></div></body></html>'
    )


def test_ieees_article_is_read_out_of_its_script() -> None:
    article = article_of(parse(page(XPLORE, "more();")), "https://x.example/1", dt.date(2026, 1, 1), source="folder")
    assert (article.doi, article.title) == ("10.5555/trod.2024.1", "Silver Rods of 5 μm")
    assert (article.authors, article.journal) == (("Jane Doe", "J. Smith"), "IEEE Transactions on Rods")
    assert (article.published, article.published_precision) == (dt.date(2024, 1, 11), "day")
    assert (article.licence, article.keywords) == ("CC-BY", ("rods", "growth"))
    assert article.abstract == "Rods were grown slowly."


@pytest.mark.parametrize(
    ("changes", "day", "precision"),
    [
        # a conference tells its own days, and when it came online
        ({"displayPublicationDate": "06-07 February 2024", "dateOfInsertion": "26 March 2024"}, (2024, 3, 26), "day"),
        # what was printed long ago came online with the day of its scan
        (
            {"displayPublicationDate": "July 1985", "publicationYear": "1985", "dateOfInsertion": "06 January 2003",
             "publicationDate": "July 1985"},
            (1985, 7, 1), "month",
        ),
        ({"displayPublicationDate": "2 December 2023"}, (2023, 12, 2), "day"),
        (dict.fromkeys(("displayPublicationDate", "dateOfInsertion", "publicationDate"), ""), (2024, 1, 1), "year"),
    ],
)  # fmt: skip
def test_days_of_journals_conferences_and_scans(changes: dict[str, Any], day: tuple[int, ...], precision: str) -> None:
    assert page_facts(parse(page(XPLORE | changes))).published == (dt.date(*day), precision)


def test_rights_without_a_licence_are_the_publishers() -> None:
    soup = parse(page(XPLORE | {"_value": "OAPA"}))
    assert article_of(soup, "https://x.example/1", dt.date(2026, 1, 1), source="folder").licence == "publisher"


@pytest.mark.parametrize("script", ["[]", "{", '{"authors": {}, "keywords": 3}', '{"title": ["a"]}', "[" * 9_000])
def test_a_script_that_is_none_of_ieees_tells_nothing(script: str) -> None:
    facts = page_facts(parse(f"<script>xplGlobal.document.metadata={script};</script>"))
    assert (facts.title, facts.doi, facts.authors, facts.published) == ("", "", (), None)


def test_ieees_figures_have_the_large_image_and_formulas_as_text() -> None:
    (figure,) = figures_on(parse(page(XPLORE)))
    assert (figure.label, figure.caption, figure.images[0]) == ("Fig. 1", "Rods at R₁.", "/m/rod1-large.gif")


def test_tex_that_a_script_drew_is_read_once() -> None:
    drawn = "<tex-math><mjx-container><math><mi>x</mi></math><svg>x</svg></mjx-container></tex-math>"
    source = '<tex-math><span class="MathJax">x</span><script type="math/tex">x_2</script></tex-math>'
    assert [text_of(parse(f"<p>{each} nm</p>").p) for each in (drawn, source)] == ["x nm", "x₂ nm"]
