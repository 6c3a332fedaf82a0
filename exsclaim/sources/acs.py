"""American Chemical Society: found through Crossref, read as the XML that ACS gives to those who may mine its articles.

Off by default (`EXSCLAIM_SCRAPE`). The XML is NLM's DTD with additions, learnt from articles of 2015-17; images
are where the articles' pages have them: https://pubs.acs.org/cms/<DOI>/asset/images/large/<file>.jpeg.
"""

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import quote

from exsclaim.http import Client
from exsclaim.records import ArticleRef, FetchedArticle
from exsclaim.sources.catalogues import crossref
from exsclaim.sources.html.publisher_pages import require_leave
from exsclaim.sources.jats.jats_article import figure_ref, read_jats, with_context
from exsclaim.sources.jats.jats_figures import JatsFigure
from exsclaim.sources.reader_versions import source_version

if TYPE_CHECKING:
    from exsclaim.query import Query

SITE = "https://pubs.acs.org"
MEMBER = 316
"""Of Crossref."""
_XLINK = b'xmlns:xlink="http://www.w3.org/1999/xlink"'


class Acs:
    """The source `acs`."""

    name = "acs"
    version = source_version(3, "jats")

    def require(self) -> None:
        """Require what `Conditional.require` says."""
        require_leave(self.name)

    def search(self, query: "Query", client: Client) -> Iterator[ArticleRef]:
        """Search (`Source.search`)."""
        self.require()
        for work in crossref.search(query, client, source=self.name, member=MEMBER):
            yield ArticleRef(source=self.name, url=f"{SITE}/doi/full-xml/{quote(work.doi)}")

    def read(self, ref: ArticleRef, client: Client, *, fresh: bool = False) -> FetchedArticle:
        """Read (`Source.read`)."""
        self.require()
        response = client.page(ref.url, source=self.name, fresh=fresh)
        return read_article(client.store.read(response.sha256), ref.url, response.fetched_on)


def read_article(document: bytes, url: str, fetched_on: dt.date) -> FetchedArticle:
    """The article in ACS's XML. Raises PageFormatError: it is none (a web page, say)."""
    if _XLINK not in document:  # its DTD would declare it, and is not read
        document = document.replace(b"<article ", b"<article " + _XLINK + b" ", 1)
    jats = read_jats(document, url)
    doi = jats.doi or ""
    name = doi.partition("/")[2].replace("/", "_") or jats.title
    article = jats.record(source="acs", name=name, url=f"{SITE}/doi/{doi}", retrieved_at=fetched_on)
    refs = [figure_ref(figure, article.id, _images(figure, doi)) for figure in jats.figures]
    return FetchedArticle(article=article, figures=with_context(refs, jats, article))


def _images(figure: JatsFigure, doi: str) -> tuple[str, ...]:
    """Large JPEG, then medium GIF, of the first graphic: `nn-2016-02796v_0010.tif` in the XML."""
    stems = [href.rpartition(".")[0] or href for graphic in figure.graphics[:1] for href in graphic.hrefs]
    place = f"{SITE}/cms/{quote(doi)}/asset/images"
    return tuple(
        f"{place}/{size}/{quote(stem, safe='')}.{kind}"
        for stem in stems
        for size, kind in (("large", "jpeg"), ("medium", "gif"))
    )
