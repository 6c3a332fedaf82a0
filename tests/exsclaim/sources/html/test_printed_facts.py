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
        '<ul class="authorGroup"><li><a class="authorName" data-pos="1">Ada Lovelace</a><a href="#c">*</a></li><li><a'
        ' class="authorName">Emmy Noether</a></li></ul>',
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


HISTORY = "<p>Received 07 Aug 2022, Accepted 08 Dec 2022, Published online: 13 Feb 2023</p>"


@pytest.mark.parametrize(
    ("head", "body", "day"),
    [
        ('<meta name="citation_publication_date" content="2024/04/02">', HISTORY, dt.date(2023, 2, 13)),
        ('<meta name="dc.Date" content="2024-4-2">', HISTORY, dt.date(2023, 2, 13)),
        ("", HISTORY, dt.date(2023, 2, 13)),
        ('<meta name="citation_online_date" content="2023/02/10">', HISTORY, dt.date(2023, 2, 10)),
        ('<meta name="publish_date" content="2023-02-11"><meta name="citation_publication_date" content="2023/04/01">',
         "", dt.date(2023, 2, 11)),
        ('<meta name="citation_publication_date" content="2021/05/01">',
         "<div>Published: 22 September 2020</div><div>Article history</div><div>Received:</div>"
         "<div>26 August 2019</div><div>Accepted:</div><div>08 September 2020</div>"
         "<div>Published:</div><div>22 September 2020</div>",
         dt.date(2020, 9, 22)),
        ('<meta name="citation_publication_date" content="2024/04/02">',
         "<div class='related'>Of gold. Published online: 29 Jul 2021</div>", dt.date(2024, 4, 2)),
        ('<meta name="citation_publication_date" content="2024/04/02">',
         "<p>Accepted 08 Dec 2022.</p><p>Others were published online: 1 May 2001</p>", dt.date(2024, 4, 2)),
        ('<meta name="citation_publication_date" content="2008/11/01">',
         "<div>Published:</div><div>28 March 2008</div>", dt.date(2008, 3, 28)),
        ('<meta name="citation_publication_date" content="2008/11/01">', "<p>Published 28 March 2009</p>",
         dt.date(2008, 11, 1)),
        ('<meta name="citation_online_date" content="2022/10/29">',
         "<span>First published: </span><span>05 October 2022</span>", dt.date(2022, 10, 5)),
        ('<meta name="citation_online_date" content="2022/10/29">', "<p>Published: 5 October 2022</p>",
         dt.date(2022, 10, 29)),
        ("", "<dl><dd>Accepted 21 March 2007</dd><dd>Available online 3 October 2007</dd></dl>", dt.date(2007, 10, 3)),
        ("", "<div>Posted Online May 30, 2013.</div>", dt.date(2013, 5, 30)),
        ("", "<li>Article first published online: 19 JUL 2012</li>", dt.date(2012, 7, 19)),
        ("", "<div>First Online:</div> <div>23 March 2016</div>", dt.date(2016, 3, 23)),
        ('<meta name="citation_publication_date" content="2010/03/03">', "<div>Published online 2009 Dec 24.</div>",
         dt.date(2009, 12, 24)),
        ('<meta name="citation_publication_date" content="2024/04/02">',
         f"<p>{'Of the rods there is much to say. ' * 12}</p><p>Published: 1 May 2001</p>", dt.date(2024, 4, 2)),
    ],
)  # fmt: skip
def test_the_day_online_is_the_heads_if_it_says_so_else_that_of_the_printed_history(
    head: str, body: str, day: dt.date
) -> None:
    assert article(body, head).published == day


def test_arxivs_stamp_tells_doi_and_day() -> None:
    found = article('<div id="watermark-tr">arXiv:2605.01234v2 [cond-mat.mtrl-sci] 07 May 2026</div>')
    assert (found.doi, found.journal, found.published) == ("10.48550/arxiv.2605.01234", "arXiv", dt.date(2026, 5, 7))


@pytest.mark.parametrize(
    "others",
    [
        '<section class="ltx_bibliography"><a href="https://doi.org/10.5555/other">10.5555/other</a></section>',
        '<ol class="references"><li>A. B. <a href="https://doi.org/10.5555/other">10.5555/other</a></li></ol>',
        "<p>As others did, rods of silver grow along one axis and not along others, see "
        '<a href="https://doi.org/10.5555/other">doi:10.5555/other</a> for more.</p>',
        '<p>Smith <a href="https://doi.org/10.5555/other">(2019)</a></p>',
        '<figure><figcaption>Figure 1. Rods. <a href="https://doi.org/10.5555/other">10.5555/other</a></figcaption></figure>',
        '<ul><li>Of gold <cite><a href="https://doi.org/10.5555/other">https://doi.org/10.5555/other</a></cite></li></ul>',
        '<div class="related-articles"><a href="https://doi.org/10.5555/other">https://doi.org/10.5555/other</a></div>',
    ],
)
def test_the_doi_of_another_work_is_never_the_articles(others: str) -> None:
    assert article(others).doi is None
    own = '<div class="doi"><a href="https://doi.org/10.5555/Own">https://doi.org/10.5555/Own</a></div>'
    assert article(own + others).doi == article(others + own).doi == "10.5555/own"


@pytest.mark.parametrize(
    "printed",
    [
        '<span class="ltx_personname">Ada Lovelace</span>, <span class="ltx_personname">Emmy Noether</span>',
        '<span class="ltx_personname">Ada Lovelace and Emmy Noether </span>',
        '<span class="ltx_personname">Ada Lovelace<sup>1</sup> Emmy Noether<sup>1,2</sup><br><sup>1</sup>University of '
        "Silver<br><sup>2</sup>Institute of Rods</span>",
        '<span class="ltx_personname">Ada Lovelace<math><mi>α</mi></math> Emmy Noether<math><mi>β</mi></math><br>'
        "<math><mi>α</mi></math>University of Silver<br>ada@silver.example</span>",
        '<span class="ltx_personname">Ada Lovelace<span class="ltx_note">Corresponding author</span> &amp; Emmy Noether'
        '</span><span class="ltx_author_notes">Institute of Rods</span>',
    ],
)
def test_latexmls_authors_are_names_without_marks_and_affiliations(printed: str) -> None:
    assert article(printed).authors == ("Ada Lovelace", "Emmy Noether")


@pytest.mark.parametrize(
    ("printed", "journal"),
    [
        ("Wires 2019;8:e44753", "Wires"),
        ("Wires 8:44753", "Wires"),
        ("Wires 12 (3), 45", "Wires"),
        ("All Wires 2019", ""),
    ],
)
def test_the_sites_name_is_the_journals_if_the_page_cites_the_article_by_it(printed: str, journal: str) -> None:
    head = '<meta property="og:site_name" content="Wires"><meta name="dc.date" content="2019-04-18">'
    assert article(f"<p>Cite as: {printed}</p>", head).journal == journal


@pytest.mark.parametrize(
    "logo", ["<h1><a><img src='logo.png' alt='Publisher'></a></h1>", "<h1></h1>", "<h1> &nbsp; </h1>"]
)
def test_the_title_is_the_first_heading_that_has_words(logo: str) -> None:
    page = f"<body>{logo}<h1>Of gold</h1><p>Published: 3 May 2013</p></body>"
    read = article_of(parse(page), "https://publisher.example/x", dt.date(2026, 1, 2), source="folder")
    assert (read.title, read.published) == ("Of gold", dt.date(2013, 5, 3))
