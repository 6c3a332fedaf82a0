"""Facts that a page prints where its head lacks them."""

import datetime as dt

import pytest

from exsclaim.records import Article
from exsclaim.sources.html.html_text import parse
from exsclaim.sources.html.publisher_pages import article_of

DAY = dt.date(2026, 1, 2)


def article(body: str, head: str = "") -> Article:
    page = f"<html><head>{head}</head><body><h1>Of silver</h1>{body}</body></html>"
    return article_of(parse(page), "https://publisher.example/10.5555/x1", DAY, source="folder")


@pytest.mark.parametrize(
    "printed",
    [
        '<div class="author-group" id="author-group"><button data-xocs-content-type="author"><span><span'
        ' class="react-xocs-alternative-link"><span class="given-name">Ada</span> <span class="text surname">Lovelace'
        '</span></span></span></button>, <button><span><span class="given-name">Emmy</span> <span class="surname">'
        "Noether</span></span></button></div>",
        '<ul><li class="c-article-author-list__item"><a data-test="author-name">Ada Lovelace</a></li>'
        '<li><a data-test="author-name">Emmy Noether</a></li></ul>',
        '<div class="contrib"><a class="hlFld-ContribAuthor">Ada Lovelace</a>, <a class="hlFld-ContribAuthor">Emmy '
        "Noether</a></div>",
        '<div class="al-author-name"><a class="linked-name">Ada Lovelace</a></div><div class="al-author-name"><a'
        ' class="linked-name">Emmy Noether</a></div>',
        '<div class="loa"><span class="author">Ada Lovelace</span><span class="author">Emmy Noether</span></div>',
        '<span itemprop="author"><span itemprop="name">Ada Lovelace</span></span><span itemprop="author"><span'
        ' itemprop="name">Noether, Emmy</span></span>',
    ],
)
def test_authors_are_those_printed_where_the_head_names_none(printed: str) -> None:
    assert article(printed).authors == ("Ada Lovelace", "Emmy Noether")


def test_the_heads_authors_come_before_those_printed() -> None:
    head = '<meta name="citation_author" content="Meitner, Lise">'
    assert article('<a data-test="author-name">Ada Lovelace</a>', head).authors == ("Lise Meitner",)


def test_authors_given_as_keywords_are_no_keywords() -> None:
    names = '<meta name="citation_author" content="Ada Lovelace"><meta name="citation_author" content="Emmy Noether">'
    assert article("", names + '<meta name="keywords" content="Ada Lovelace, Emmy Noether">').keywords == ()
    assert article("", names + '<meta name="keywords" content="silver, rods">').keywords == ("silver", "rods")
