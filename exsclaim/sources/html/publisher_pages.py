"""Article pages of publishers, fetched, saved or recorded: where each of them puts figures, captions, licences.

Titles, authors and dates are in the meta tags that libraries and search engines read (Highwire's `citation_*`, Dublin
Core). What differs is said by one `Layout` for each publisher: a page of another one is one `Layout` more.
"""

import copy
import datetime as dt
import html
import re
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit

from bs4 import BeautifulSoup, Tag

from exsclaim.errors import PageFormatError, SettingsError
from exsclaim.licences import Licence, declared
from exsclaim.records import Article, FetchedArticle, FigureRef
from exsclaim.settings import settings
from exsclaim.sources.html.html_text import parse, text_of, tidy


class Layout(NamedTuple):
    """CSS selectors: of a figure's block, and within it of its label, caption and images, the largest first.

    `images` go with the attribute that holds the address. `rights` selects what is said of the licence.
    """

    source: str
    site: str
    figures: str
    label: str
    caption: str
    images: tuple[tuple[str, str], ...]
    rights: str


LAYOUTS = (
    Layout(
        "rsc", "https://pubs.rsc.org", "div.image_table", "td.image_title > b", "td.image_title .graphic_title",
        (("td.imgHolder a[href*=hi-res]", "href"), ("td.imgHolder img", "src")),
        'a[rel~="license"], a[href*="creativecommons.org/licenses"], table b',
    ),
    Layout(
        "wiley", "https://onlinelibrary.wiley.com", "figure.inline-figure", ".inline-figure__title",
        ".inline-figure__caption > p",
        ((".inline-figure__image-link", "href"), ("img[data-original]", "data-original")),
        ".article-info__copyright-container, #copyright",
    ),
    Layout(
        "springer", "https://link.springer.com", "figure.Figure", ".CaptionNumber", ".CaptionContent .SimplePara",
        ((".MediaObject a", "href"), (".MediaObject img", "src")),
        ".ArticleCopyright, .CopyrightAndLicense, #copyrightInformation ~ *",
    ),
    Layout(
        "aip", "https://aip.scitation.org", "div.figure-image-content", ".captionLabel", ".caption .NLM_paragraph",
        ((".holder > a > img", "src"),), ".copyright, .license, .permissions, .article-footnotes li",
    ),
)  # fmt: skip
_RENDITIONS = (
    (re.compile(r"(media\.springernature\.com)/[a-z0-9]+/"), r"\1/full/"),
    (re.compile(r"/images/(?:small|medium)/(.+)\.gif$"), r"/images/large/\1.jpeg"),
)
"""How addresses of small images lead to large ones: of Springer Nature, of sites that Atypon runs (AIP, ACS)."""
_DOI = re.compile(r"\b10\.\d{4,9}/[^\s\"'<>&?#]+")
_DATES = ("citation_online_date", "citation_publication_date", "DC.Date", "dc.date")


def layout_of(page: BeautifulSoup) -> Layout | None:
    """The layout by which a page shows its figures; None for a page of none of them."""
    return next((layout for layout in LAYOUTS if page.select_one(layout.figures)), None)


def read_page(page: bytes, url: str, fetched_on: dt.date, *, source: str) -> FetchedArticle:
    """The article that a publisher's page at `url` shows, as one of `source`.

    Raises:
        PageFormatError: the page is not an article's: it has no title, or neither DOI nor journal.
    """
    soup = parse(page)
    layout = layout_of(soup) or next((layout for layout in LAYOUTS if layout.source == source), LAYOUTS[0])
    title = _meta(soup, "citation_title") or _meta(soup, "DC.title") or text_of(soup.select_one("h1"))
    doi = _doi(soup)
    journal = _meta(soup, "citation_journal_title")
    if not title or not (doi or journal):
        raise PageFormatError(f"{url} is not an article's page: its title, or both its DOI and its journal are missing")
    name = (doi or urlsplit(url).path.rstrip("/")).rsplit("/", 1)[-1].lower()
    licence = _licence(soup, layout)
    article = Article(
        id=f"{source}/{name}", name=name, source=source, url=url, doi=doi or None, title=title,
        authors=tuple(_authors(soup)), journal=journal, published=_published(soup), licence=licence.id,
        licence_url=licence.url, is_open=licence.is_open, retrieved_at=fetched_on,
    )  # fmt: skip
    return FetchedArticle(article=article, figures=tuple(_figures(soup, layout, article)))


def _figures(soup: BeautifulSoup, layout: Layout, article: Article) -> Iterator[FigureRef]:
    for number, block in enumerate(soup.select(layout.figures), start=1):
        label = text_of(block.select_one(layout.label))
        captions = [_without(part, layout.label) for part in block.select(layout.caption)]
        yield FigureRef(
            id=f"{article.id}/fig{number}", article_id=article.id, number=number,
            label=label.rstrip(" .:|") or f"Figure {number}", title="",
            caption=" ".join(filter(None, map(text_of, captions))),
            image_urls=tuple(dict.fromkeys(_images(block, layout))),
        )  # fmt: skip


def _images(block: Tag, layout: Layout) -> Iterator[str]:
    for selector, attribute in layout.images:
        for element in block.select(selector):
            url = urljoin(layout.site, str(element.get(attribute, "")).strip())
            if urlsplit(url).scheme not in ("http", "https") or element.get(attribute) is None:
                continue
            url = urlsplit(url)._replace(scheme="https").geturl()
            for small, large in _RENDITIONS:
                if small.search(url):
                    yield small.sub(large, url)
            yield url


def _without(part: Tag, label: str) -> Tag:
    """A copy of a caption without the label that stands in it."""
    alone = copy.copy(part)
    for found in alone.select(label):
        found.decompose()
    return alone


def _licence(soup: BeautifulSoup, layout: Layout) -> Licence:
    said: list[str] = []
    for element in soup.select(layout.rights):
        if element.find_parent(class_=re.compile("image_table|caption")) is None:
            links = [element, *element.select("a[href]")]
            said += [str(link["href"]) for link in links if "creativecommons.org" in str(link.get("href", ""))]
            said.append(text_of(element))
    return declared(*said)


def _authors(soup: BeautifulSoup) -> list[str]:
    named = [_turned(author) for author in _metas(soup, "citation_author")]
    return list(dict.fromkeys(named or filter(None, map(text_of, soup.select(".contrib-author > a:first-child")))))


def _turned(author: str) -> str:
    family, comma, given = author.partition(", ")
    return f"{given} {family}" if comma else author


def _doi(soup: BeautifulSoup) -> str:
    for said in (_meta(soup, "citation_doi"), _meta(soup, "DC.Identifier")):
        if said:
            return said.removeprefix("doi:").lower()
    link = soup.select_one('a[href*="doi.org/10."]')
    found = _DOI.search(str(link["href"])) if link else None
    return found.group().lower() if found else ""


def _published(soup: BeautifulSoup) -> dt.date | None:
    for name in _DATES:
        try:
            return dt.date.fromisoformat(_meta(soup, name)[:10].replace("/", "-"))
        except ValueError:
            continue
    return None


def _metas(soup: BeautifulSoup, name: str) -> list[str]:
    found = soup.find_all("meta", attrs={"name": name})
    return [tidy(html.unescape(str(meta.get("content", "")))) for meta in found]  # some are escaped twice


def _meta(soup: BeautifulSoup, name: str) -> str:
    return next(iter(_metas(soup, name)), "")


def require_leave(source: str) -> None:
    """Go on only if the user has turned the source on.

    Raises:
        SettingsError: it is off; the message says why, and how to turn it on.
    """
    if source not in settings().scrape:
        raise SettingsError(
            f"{source} is off: its publisher has no interface for programs, its terms restrict automated reading, and "
            f"its pages often refuse robots. If your institution's licence allows text and data mining there, turn it "
            f"on: EXSCLAIM_SCRAPE={source} (robots.txt is obeyed, and nothing is done about a refusal)"
        )
