"""The journal's pages in the form of nature.com's: the elements that a reader of such pages relies on, and no others.

What the elements are was read off pages of 2013 to 2021: a search's hits are schema.org articles in a list; an
article carries Dublin Core and Highwire (`citation_*`) meta tags, figures in `data-container-section="figure"`
blocks with renditions of each image by width, and its licence under "Rights and permissions". Titles, abstracts and
captions are simple HTML of our own and stand as they are; all else is escaped.
"""

import json
from html import escape
from urllib.parse import quote, urlencode

from journal.articles import DOI_PREFIX, JOURNAL, DemoArticle, DemoFigure
from journal.captions import plain

SITE = "https://www.nature.com"
IMAGE_HOST = "//media.springernature.com"
OPEN_WIDTH, PREVIEW_WIDTH = "lw685", "m312"
"""Renditions shown on the page: 685 px wide, or 312 px where the article is not open."""


def search_page(hits: list[DemoArticle], query: dict[str, str], *, page: int, per_page: int, total: int) -> str:
    """Page `page` (from 1) of `total` results, `hits` being those on it; `query` are the search's parameters."""
    cards = "\n".join(_card(article, rank) for rank, article in enumerate(hits))
    first = (page - 1) * per_page + 1
    shown = (
        f"<span>Showing {first}–{first + len(hits) - 1} of</span> <span>{total}</span> results"
        if hits
        else "<span>0</span> results"
    )
    pages = -(-total // per_page)
    return _document(
        "Search",
        f"""<form action="/search" role="search">
<input type="search" name="q" value="{escape(query.get("q", ""))}"/></form>
<div class="filter-results"><p aria-live="polite">{shown}</p></div>
<section><ol class="clean-list">
{cards}
</ol></section>
{_pagination(query, page, pages)}""",
    )


def _card(article: DemoArticle, rank: int) -> str:
    date = article.published
    mark = '<span class="pl6 pr6"> | </span><span class="upper text-orange">Open</span>' if article.is_open else ""
    authors = "".join(f'<li itemprop="creator">{escape(author)}</li>' for author in article.authors)
    return f"""<li class="mb20 pb20 cleared" itemscope="" itemtype="http://schema.org/Article">
<p>Research <span class="pl6 pr6"> | </span>
<time itemprop="datePublished" datetime="{date.isoformat()}">{date.day} {date:%B %Y}</time>{mark}</p>
<h2 role="heading" aria-level="2" itemprop="headline">
<a href="/articles/{quote(article.name)}" itemprop="url" data-track-action="search result"
 data-track-label="rank {rank}">{article.title}</a></h2>
<ul class="clean-list">{authors}</ul>
<div><a href="/jdm" class="emphasis">{escape(JOURNAL)}</a></div>
</li>"""


def _pagination(query: dict[str, str], page: int, pages: int) -> str:
    if pages <= 1:
        return ""

    def link(number: int, text: str, place: str, rel: str = "") -> str:
        address = escape("/search?" + urlencode(query | {"page": str(number)}))
        return f'<li data-page="{place}"><a href="{address}"{rel}>{text}</a></li>'

    links = [link(number, str(number), str(number)) for number in range(1, pages + 1)]
    if page < pages:
        links.append(link(page + 1, "Next", "next", ' rel="next"'))
    return f'<nav aria-label="pagination"><ol class="pagination">{"".join(links)}</ol></nav>'


def article_page(article: DemoArticle) -> str:
    """The article's page: open ones with full captions and 685 px images, others with titles and previews only."""
    figures = "\n".join(_figure(article, figure) for figure in article.figures)
    authors = "".join(f'<li class="c-author-list__item">{escape(author)}</li>' for author in article.authors)
    body = f"""<article>
<h1 class="c-article-title" data-test="article-title" data-article-title="">{article.title}</h1>
<ul class="c-author-list" data-test="authors-list">{authors}</ul>
<div class="c-article-body">
<section aria-labelledby="Abs1" data-title="Abstract"><h2 class="c-article-section__title" id="Abs1">Abstract</h2>
<div class="c-article-section__content"><p>{article.abstract}</p></div></section>
<section data-title="Results"><h2 class="c-article-section__title">Results</h2>
<div class="c-article-section__content"{"" if article.is_open else ' hidden=""'}>
{figures}
</div></section>
<section aria-labelledby="rightslink"><h2 class="c-article-section__title" id="rightslink">Rights and permissions</h2>
<div class="c-article-section__content" id="rightslink-content">{_rights(article)}</div></section>
</div></article>"""
    return _document(plain(article.title), body, head=_meta(article))


def _figure(article: DemoArticle, figure: DemoFigure) -> str:
    source = image_path(article, figure, OPEN_WIDTH if article.is_open else PREVIEW_WIDTH)
    described = (
        f"""<div class="c-article-section__figure-description" data-test="bottom-caption"
 id="figure-{figure.number}-desc"><p>{figure.caption}</p></div>"""
        if figure.caption
        else ""
    )
    return f"""<div class="c-article-section__figure" data-test="figure" data-container-section="figure"
 id="figure-{figure.number}" data-title="{escape(plain(figure.title))}"><figure>
<figcaption><b id="Fig{figure.number}" class="c-article-section__figure-caption"
 data-test="figure-caption-text">{escape(figure.label)}: {figure.title}</b></figcaption>
<div class="c-article-section__figure-content"><div class="c-article-section__figure-item"><picture>
<source type="image/webp" srcset="{source}?as=webp"/>
<img src="{source}" alt="figure{figure.number}" aria-describedby="Fig{figure.number}" loading="lazy"/>
</picture></div>{described}</div></figure></div>"""


def image_path(article: DemoArticle, figure: DemoFigure, rendition: str) -> str:
    """Address (without scheme) of a figure's image in a rendition: `full`, `lw685`, `m685`, `m312`."""
    place = quote(f"art:{DOI_PREFIX}/{article.name}", safe="")
    return (
        f"{IMAGE_HOST}/{rendition}/springer-static/image/{place}/MediaObjects/"
        f"{article.name}_Fig{figure.number}_HTML{figure.image.suffix}"
    )


def _rights(article: DemoArticle) -> str:
    if (licence := article.licence) is None:
        return '<p class="c-article-rights">Reprints and permissions: all rights reserved.</p>'
    address = escape(licence.url)
    return (
        f"<p><b>Open Access</b> This made-up article may be used under a {escape(licence.title)}: "
        f'<a href="{address}" rel="license" itemprop="license">{address}</a>.</p>'
    )


def _meta(article: DemoArticle) -> str:
    date, url = article.published, f"{SITE}/articles/{article.name}"
    named = [
        ("access", "Yes" if article.is_open else "No"),
        ("dc.title", plain(article.title)),
        ("dc.date", date.isoformat()),
        ("dc.identifier", f"doi:{article.doi}"),
        ("dc.language", "En"),
        ("prism.publicationName", JOURNAL),
        ("prism.publicationDate", date.isoformat()),
        ("prism.url", url),
        ("prism.doi", f"doi:{article.doi}"),
        ("citation_journal_title", JOURNAL),
        ("citation_title", plain(article.title)),
        ("citation_online_date", f"{date:%Y/%m/%d}"),
        ("citation_fulltext_html_url", url),
        ("citation_doi", article.doi),
        ("DOI", article.doi),
        *(("citation_fulltext_world_readable", "") for _ in range(article.is_open)),
        *(("dc.creator", author) for author in article.authors),
        *(("citation_author", author) for author in article.authors),
    ]
    tags = "\n".join(f'<meta name="{name}" content="{escape(content)}"/>' for name, content in named)
    licence = article.licence.url if article.licence else None
    layer = [
        {
            "content": {
                "article": {"doi": article.doi},
                "attributes": {"copyright": {"open": article.is_open, "legacy": {"webtrendsLicenceType": licence}}},
            }
        }
    ]
    script = json.dumps(layer).replace("<", "\\u003c")
    return f'<link rel="canonical" href="{escape(url)}"/>\n{tags}\n<script>window.dataLayer = {script};</script>'


def _document(title: str, body: str, *, head: str = "") -> str:
    return f"""<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"/>
<title>{escape(title)} | {escape(JOURNAL)}</title>
{head}
</head><body>
<header><p>{escape(JOURNAL)}: made up, for demonstration</p></header>
<main>
{body}
</main></body></html>
"""
