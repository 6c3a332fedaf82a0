"""An article's page as a browser saved it: `page.html` with its images in `page_files/`.

Read as publishers' pages are (`exsclaim.sources.html`), with the images that lie in its folder.
"""

from collections.abc import Sequence
from pathlib import Path
from urllib.parse import unquote, urlsplit

from bs4 import BeautifulSoup

from exsclaim.errors import PageFormatError
from exsclaim.records import FetchedArticle, FigureRef
from exsclaim.sources.html.html_text import parse, text_of
from exsclaim.sources.html.page_figures import figures_on
from exsclaim.sources.html.publisher_pages import article_of, figure_refs
from exsclaim.sources.local.local_files import IMAGE_ENDINGS, LocalFile, beside
from exsclaim.sources.local.local_xml import with_image
from exsclaim.storage.local import safe_name
from exsclaim.store import Store


def read_saved_page(file: LocalFile, store: Store) -> FetchedArticle:
    """The article of a saved page, with those images that lie in its folder.

    Raises:
        GoneError: the file cannot be read.
        PageFormatError: the page has no title, or no figure with a caption; the message names the file.
    """
    page = parse(file.read())
    address = _address(page)
    article = article_of(_with_title(page, file), address or file.shown, file.modified, source="folder")
    name = safe_name(file.shown)
    url = address if address and not article.doi else f"https://doi.org/{article.doi}" if article.doi else file.shown
    article = article.model_copy(update={"id": f"folder/{name}", "name": name, "url": url})
    shown = figures_on(page)
    refs = figure_refs(page, shown, article, address or "")
    images = [figure.images for figure in shown] + [()] * (len(refs) - len(shown))
    return FetchedArticle(
        article=article,
        figures=tuple(_with_image(ref, named, file, store) for ref, named in zip(refs, images, strict=True)),
    )


def _with_image(ref: FigureRef, named: Sequence[str], file: LocalFile, store: Store) -> FigureRef:
    plain = ref.model_copy(update={"image_urls": ()})
    return plain if ref.no_image else with_image(plain, _image(file, named), named, file, store)


def _with_title(page: BeautifulSoup, file: LocalFile) -> BeautifulSoup:
    """The page, whose `<title>` counts where it has no other."""
    if page.select_one("h1, meta[name*=title i], meta[property*=title i]") is None:
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
        element = page.select_one(selector)
        if element is not None and str(element.get(attribute, "")).startswith(("http://", "https://")):
            return str(element[attribute])
    return None


def _image(file: LocalFile, references: Sequence[str]) -> Path | None:
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
