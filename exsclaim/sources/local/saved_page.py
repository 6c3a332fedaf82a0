"""An article's page as a browser saved it: `page.html` with its images in `page_files/`.

Pages of nature.com are read as the source `nature` reads them, those of publishers whose layout is known
(`exsclaim.sources.html.publisher_pages`) by it; any other by what HTML has for figures, `<figure>` with
`<figcaption>`, and the meta tags that libraries read (Highwire's `citation_*`, Dublin Core).
"""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

from bs4 import BeautifulSoup, Tag

from exsclaim.errors import PageFormatError
from exsclaim.licences import declared
from exsclaim.records import Article, FetchedArticle, FigureRef
from exsclaim.sources import nature
from exsclaim.sources.html import publisher_pages
from exsclaim.sources.html.html_text import parse, text_of, tidy
from exsclaim.sources.local.local_files import IMAGE_ENDINGS, LocalFile, beside
from exsclaim.sources.local.local_jats import with_image
from exsclaim.storage.local import safe_name
from exsclaim.store import Store

_LABEL = re.compile(
    r"(?P<label>(?:Extended Data |Supplementary )?(?:Fig(?:ure|\.)?|Scheme|Chart|Plate)\s*S?\d+\w?)"
    r"\s*[.:|]?\s*(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
_NATURE = re.compile(r"https?://www\.nature\.com/articles/[\w.-]+")
_SOURCES = ("src", "data-src", "data-original", "data-lg-src", "href")


def read_saved_page(file: LocalFile, store: Store) -> FetchedArticle:
    """The article of a saved page, with those images that lie in its folder.

    Raises:
        GoneError: the file cannot be read.
        PageFormatError: the page has no title.
    """
    body = file.read()
    page = parse(body)
    name = safe_name(file.shown)
    url = _address(page)
    found = None
    if url is not None and _NATURE.fullmatch(url):
        found = nature.read_page(body, url, file.modified)
    elif publisher_pages.layout_of(page) is not None:
        found = publisher_pages.read_page(body, url or file.shown, file.modified, source="folder")
    if found is not None:
        figures = [
            (figure, [Path(urlsplit(image).path).name for image in figure.image_urls]) for figure in found.figures
        ]
        article = found.article
    else:
        article = _article(page, file, url)
        figures = list(_figures(page, article))
    id = f"folder/{name}"
    article = article.model_copy(update={"id": id, "name": name, "source": "folder"})
    return FetchedArticle(
        article=article,
        figures=tuple(
            with_image(
                figure.model_copy(update={"id": f"{id}/fig{figure.number}", "article_id": id, "image_urls": ()}),
                _image(file, images), images, file, store,
            )
            for figure, images in figures
        ),
    )  # fmt: skip


def _address(page: BeautifulSoup) -> str | None:
    """Where the page was saved from, as it says itself."""
    for selector, attribute in (('link[rel="canonical"]', "href"), ('meta[property="og:url"]', "content")):
        element = page.select_one(selector)
        if element is not None and str(element.get(attribute, "")).startswith(("http://", "https://")):
            return str(element[attribute])
    return None


def _article(page: BeautifulSoup, file: LocalFile, url: str | None) -> Article:
    title = _meta(page, "citation_title") or _meta(page, "DC.title") or text_of(page.select_one("h1"))
    title = title or text_of(page.find("title") if isinstance(page.find("title"), Tag) else None)
    if not title:
        raise PageFormatError(f"{file.shown}: not an article's page: it has no title")
    doi = (_meta(page, "citation_doi") or _meta(page, "DC.Identifier")).removeprefix("doi:").lower()
    doi = doi if doi.startswith("10.") else ""
    links = [str(link["href"]) for link in page.select('a[href*="creativecommons.org"], link[rel="license"]')]
    licence = declared(*links)
    address = f"https://doi.org/{doi}" if doi else url or file.shown
    return Article(
        id="", name="", source="folder", url=address, doi=doi or None, title=title,
        authors=tuple(_metas(page, "citation_author")), journal=_meta(page, "citation_journal_title"), published=None,
        licence=licence.id, licence_url=licence.url, is_open=licence.is_open, retrieved_at=file.modified,
    )  # fmt: skip


def _figures(page: BeautifulSoup, article: Article) -> Iterator[tuple[FigureRef, list[str]]]:
    number = 0
    for block in page.select("figure"):
        images = [
            str(element[attribute])
            for element in block.select("img, a, source")
            for attribute in _SOURCES
            if element.get(attribute)
        ]
        caption = text_of(block.select_one("figcaption"))
        if block.find("table") is not None or block.find("figure") is not None or not (images and caption):
            continue
        number += 1
        labelled = _LABEL.fullmatch(caption)
        yield FigureRef(
            id="", article_id=article.id, number=number, title="", image_urls=(),
            label=labelled["label"] if labelled else f"Figure {number}",
            caption=labelled["rest"] if labelled else caption,
        ), images  # fmt: skip


def _image(file: LocalFile, references: list[str]) -> Path | None:
    """The largest file that a figure refers to, by its path or, as browsers move files, by its name in `…_files`."""
    folders = [f"{file.path.stem}_files", f"{file.path.stem}-Dateien", file.path.stem]
    found = set()
    for reference in references:
        name = unquote(Path(urlsplit(reference).path).name)
        for place in (reference, *(f"{folder}/{name}" for folder in folders), name):
            path = beside(file, place)
            if path is not None and path.suffix.lower() in IMAGE_ENDINGS:
                found.add(path)
    return max(found, key=lambda path: (path.stat().st_size, path.name), default=None)


def _metas(page: BeautifulSoup, name: str) -> list[str]:
    return [tidy(str(meta.get("content", ""))) for meta in page.find_all("meta", attrs={"name": name})]


def _meta(page: BeautifulSoup, name: str) -> str:
    return next(iter(_metas(page, name)), "")
