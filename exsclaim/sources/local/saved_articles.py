"""Articles saved on this machine with their images beside them: XML (JATS, Elsevier's) and pages of browsers.

A page is `page.html` with its images in `page_files/`, and is read as publishers' pages are (`exsclaim.sources.html`).
"""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath
from urllib.parse import unquote

from bs4 import BeautifulSoup

from exsclaim.errors import ImageError, PageFormatError
from exsclaim.http.addresses import address_parts
from exsclaim.records import FetchedArticle, FigureRef
from exsclaim.sources import elsevier_xml
from exsclaim.sources.figure_images import Part, composed, labelled_grid
from exsclaim.sources.html.css_selectors import select_one
from exsclaim.sources.html.html_text import parse, refuse_if_too_large, text_of
from exsclaim.sources.html.page_figures import PageFigure, figures_on
from exsclaim.sources.html.publisher_pages import article_of, figure_refs
from exsclaim.sources.jats.jats_article import figure_ref, read_jats, with_context
from exsclaim.sources.jats.jats_figures import JatsFigure
from exsclaim.sources.local.embedded_images import taken_out
from exsclaim.sources.local.local_files import (
    DRAWN_ENDING,
    IMAGE_ENDINGS,
    LocalFile,
    beside,
    image_file,
    shown_path,
    with_image,
)
from exsclaim.storage.local import safe_name
from exsclaim.store import Store

_ELSEVIER = re.compile(rb"<full-text-retrieval-response\b|elsevier\.com/xml/(?:svapi/article|ja/dtd|document/schema)")
_IS_JATS = re.compile(
    rb"\s*(?:\xef\xbb\xbf)?\s*(?:<\?[^>]*\?>\s*)*(?:<!DOCTYPE\s+article\b[^>]*>\s*)?(?:<!--.*?-->\s*)*"
    rb"<article\b[^>]*(?:\barticle-type=|\bdtd-version=)",
    re.DOTALL,
)
_OF_PRINTERS = (".eps", ".ps")
"""Endings of what is not drawn; the image may lie beside it in another form."""
MOST_OF_HEAD = 4_000


def read_xml_file(file: LocalFile, store: Store) -> FetchedArticle:
    """The article, with those images that lie in its folder under the names that it gives, with any usual ending.

    Raises:
        GoneError: the file cannot be read.
        PageFormatError: it is neither JATS nor Elsevier's XML.
    """
    body = file.read()
    if _ELSEVIER.search(body[:MOST_OF_HEAD]):
        return _read_elsevier(body, file, store)
    jats = read_jats(body, file.shown)
    name = safe_name(file.shown)
    url = f"https://doi.org/{jats.doi}" if jats.doi else file.shown
    article = jats.record(source="folder", name=name, url=url, retrieved_at=file.modified)
    refs = [_refs(figure, article.id, file, store) for figure in jats.figures]
    return FetchedArticle(article=article, figures=with_context(refs, jats, article))


def _read_elsevier(body: bytes, file: LocalFile, store: Store) -> FetchedArticle:
    """An article in Elsevier's XML, its images beside it as `…-gr1.jpg` or `gr1.jpg`."""
    fetched = elsevier_xml.read_article(body, file.shown, file.modified)
    name = safe_name(file.shown)
    id = f"folder/{name}"
    article = fetched.article.model_copy(update={"id": id, "name": name, "source": "folder"})
    figures = []
    for figure in fetched.figures:
        named = [PurePosixPath(address_parts(url).path).name for url in figure.image_urls]
        named += [name.rpartition("-")[2] for name in named]
        paths = (_image(file, name) for name in dict.fromkeys(named))
        own = figure.model_copy(update={"id": f"{id}/fig{figure.number}", "article_id": id, "image_urls": ()})
        figures.append(own if own.no_image else with_image(own, next(filter(None, paths), None), named, file, store))
    return FetchedArticle(article=article, figures=tuple(figures))


def _refs(figure: JatsFigure, article_id: str, file: LocalFile, store: Store) -> FigureRef:
    paths = [next(filter(None, (_image(file, href) for href in graphic.hrefs)), None) for graphic in figure.graphics]
    named = [href for graphic in figure.graphics for href in graphic.hrefs]
    return _put_together(
        figure_ref(figure, article_id), paths, [graphic.label for graphic in figure.graphics], named, file, store
    )


def _put_together(
    plain: FigureRef, images: Sequence[Path | bytes | None], letters: Sequence[str], named: Sequence[str],
    file: LocalFile, store: Store,
) -> FigureRef:  # fmt: skip
    """The figure with the image of its parts, each with its letter; without one of them it is another figure."""
    if len(images) < 2 or None in images:
        return with_image(plain, None if None in images else next(iter(images), None), named, file, store)
    try:
        parts = [
            Part(image_file(image), letter) for image, letter in zip(images, letters, strict=True) if image is not None
        ]
        # without letters it is one figure that goes over several pages
        rows = labelled_grid(parts) if any(part.label for part in parts) else [[part] for part in parts]
        image = composed(rows)
    except ImageError as error:
        return plain.model_copy(update={"no_image": str(error)})
    urls = tuple(shown_path(image, file) for image in images if image is not None)
    return plain.model_copy(update={"image_urls": urls[:1], "image_sha256": store.put(image)})


def _image(file: LocalFile, href: str) -> Path | None:
    """The image by the name in the XML, which often has no ending, or one of another rendition; a PDF last."""
    endings = (*IMAGE_ENDINGS, DRAWN_ENDING)
    stem = href.rsplit(".", 1)[0] if href.lower().endswith((*endings, *_OF_PRINTERS)) else href
    of_pixels = [stem + each for ending in IMAGE_ENDINGS for each in (ending, ending.upper())]
    names = [href, *of_pixels, stem + DRAWN_ENDING, stem + DRAWN_ENDING.upper()]
    found = (beside(file, name) for name in dict.fromkeys(names))
    return next((path for path in found if path is not None and path.suffix.lower() in endings), None)


def read_saved_page(file: LocalFile, store: Store) -> FetchedArticle:
    """The article of a saved page, with those images that lie in its folder. JATS with a page's ending is read as JATS.

    Raises:
        GoneError: the file cannot be read.
        PageFormatError: the page has no title, or no figure with a caption, or is too large; the message names the
            file.
    """
    body = file.read()
    if _IS_JATS.match(body):
        return read_xml_file(file, store)
    page_without, embedded = taken_out(body)
    refuse_if_too_large(page_without, file.shown)
    page = parse(page_without)
    address = _address(page)
    article = article_of(_with_title(page, file), address or file.shown, file.modified, source="folder")
    name = safe_name(file.shown)
    url = address if address and not article.doi else f"https://doi.org/{article.doi}" if article.doi else file.shown
    article = article.model_copy(update={"id": f"folder/{name}", "name": name, "url": url})
    shown = figures_on(page)
    refs = figure_refs(page, shown, article, address or "")
    figures = [_with_image(ref, figure, embedded, file, store) for ref, figure in zip(refs, shown, strict=False)]
    unread = (ref.model_copy(update={"image_urls": ()}) for ref in refs[len(shown) :])
    return FetchedArticle(article=article, figures=(*figures, *unread))


def _with_image(
    ref: FigureRef, shown: PageFigure, embedded: Mapping[str, bytes], file: LocalFile, store: Store
) -> FigureRef:
    plain = ref.model_copy(update={"image_urls": (), "no_image": ""})
    if not shown.parts:
        return with_image(plain, _page_image(file, shown.images, embedded), shown.images, file, store)
    found = [_page_image(file, images, embedded) for _, images in shown.parts]
    named = [name for _, images in shown.parts for name in images]
    return _put_together(plain, found, [letter for letter, _ in shown.parts], named, file, store)


def _with_title(page: BeautifulSoup, file: LocalFile) -> BeautifulSoup:
    """The page, whose `<title>` counts where it has no other."""
    if select_one(page, "h1, meta[name*=title i], meta[property*=title i]") is None:
        title = text_of(page.title)
        if not title:
            raise PageFormatError(f"{file.shown}: not an article's page: it has no title")
        heading = page.new_tag("h1")
        heading.string = title
        (page.body or page).insert(0, heading)
    return page


def _address(page: BeautifulSoup) -> str | None:
    """The address that the page was saved from, as it says itself."""
    for selector, attribute in (('link[rel="canonical"]', "href"), ('meta[property="og:url"]', "content")):
        element = select_one(page, selector)
        address = str(element.get(attribute, "")) if element is not None else ""
        if address_parts(address).scheme in ("http", "https"):
            return address
    return None


def _page_image(file: LocalFile, references: Sequence[str], embedded: Mapping[str, bytes]) -> Path | bytes | None:
    """The largest image that a figure refers to, by its path or, as browsers move files, by its name in `…_files`.

    A PDF counts where there is no image of pixels. What the page holds inside itself is the image where it names no
    other: beside another it is what is shown until that one has come.
    """
    if references and all(reference in embedded for reference in references):
        return max((embedded[reference] for reference in references), key=len)
    folders = [f"{file.path.stem}_files", f"{file.path.stem}-Dateien", file.path.stem]
    found = set()
    for reference in references:
        name = unquote(Path(address_parts(reference).path).name)
        for place in (reference, *(f"{folder}/{name}" for folder in folders), name):
            path = beside(file, place)
            if path is not None and path.suffix.lower() in (*IMAGE_ENDINGS, DRAWN_ENDING):
                found.add(path)

    def preferred(path: Path) -> tuple[bool, int, str]:
        return path.suffix.lower() != DRAWN_ENDING, path.stat().st_size, path.name

    return max(found, key=preferred, default=None)
