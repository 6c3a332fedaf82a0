"""Springer Nature's Open Access API: open articles of Springer, BioMed Central and Nature Portfolio, as JATS.

https://dev.springernature.com/docs/api-endpoints/open-access/: `q` (a phrase, `doi:…`), `s` (first record, from
1), `p` (records), `api_key`, which is taken as a parameter only. An answer to a search has the articles themselves, 20
of them: each is kept as the answer to its own address, so that a free key's daily limit reaches twenty times as far.
Images are where the articles' pages have them.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from lxml import etree

from exsclaim.errors import PageFormatError
from exsclaim.http import Client, Credentials
from exsclaim.http.credentials import secret
from exsclaim.records import ArticleRef, FetchedArticle
from exsclaim.sources.catalogues.result_pages import ResultPages
from exsclaim.sources.jats.jats_article import figure_ref, read_jats, with_context
from exsclaim.sources.jats.jats_figures import JatsFigure
from exsclaim.sources.jats.jats_text import parse_xml, text_at
from exsclaim.sources.nature import image_urls
from exsclaim.sources.reader_versions import source_version
from exsclaim.store import StoredResponse

if TYPE_CHECKING:
    from exsclaim.query import Query

API = "https://api.springernature.com/openaccess"
PER_PAGE = 20
"""The most that a free key may ask for at once."""
KEY = "EXSCLAIM_SPRINGER_KEY"
WHERE = "get a free key at https://dev.springernature.com"


class Springer:
    """The source `springer`."""

    name = "springer"
    version = source_version(3, "jats")

    def search(self, query: "Query", client: Client) -> Iterator[ArticleRef]:
        """Search (`Source.search`). All articles are open; dates and licences are looked at when an article is read."""
        key = self.credentials()
        seen: set[str] = set()
        for terms in query.searches:
            pages = ResultPages()
            while pages.follow:
                url = search_url(terms, pages.met + 1)
                response = client.page(url, source=self.name, fresh=True, credentials=key)
                articles, total, count = _found(client.store.read(response.sha256), url)
                for doi, body in articles.items():
                    if doi not in seen:
                        seen.add(doi)
                        _keep(article_url(doi), body, response, client)
                        yield ArticleRef(source=self.name, url=article_url(doi))
                pages.met_on(url, count, articles, total)

    def read(self, ref: ArticleRef, client: Client, *, fresh: bool = False) -> FetchedArticle:
        """Read (`Source.read`)."""
        response = client.page(ref.url, source=self.name, fresh=fresh, credentials=self.credentials())
        return read_answer(client.store.read(response.sha256), ref.url, response.fetched_on)

    def credentials(self) -> Credentials:
        """The key, for `sources.credentials`."""
        return Credentials("api.springernature.com", KEY, params={"api_key": secret(KEY, WHERE)})


def search_url(terms: tuple[str, ...], first: int) -> str:
    """Records from `first` on (counted from 1): every term is a phrase, and all of them must occur."""
    phrases = " AND ".join(f'"{term.replace(chr(34), " ").strip()}"' for term in terms)
    return f"{API}/jats?{urlencode({'q': phrases, 's': first, 'p': PER_PAGE})}"


def _found(answer: bytes, url: str) -> tuple[dict[str, bytes], int, int]:
    """Articles of an answer by their DOIs, how many there are on all pages, and how many records this one has.

    Raises:
        PageFormatError: it is not the documented answer.
    """
    root = parse_xml(answer, url)
    total = text_at(root, "result/total")
    if root.tag != "response" or not total.isdecimal():
        raise PageFormatError(f"{url}: not the answer that its documentation promises, but <{root.tag}>")
    records = [each for each in root.iterfind("records/*") if isinstance(each.tag, str)]
    articles: dict[str, bytes] = {}
    for record in records:
        if record.tag == "article" and (doi := text_at(record, "front/article-meta/article-id[@pub-id-type='doi']")):
            record.tail = None
            articles[doi] = etree.tostring(record, encoding="utf-8")
    return articles, int(total), len(records)


def _keep(url: str, body: bytes, response: StoredResponse, client: Client) -> None:
    changes = {"url": url, "final_url": url, "sha256": client.store.put(body), "etag": None, "last_modified": None}
    client.store.remember(response.model_copy(update=changes))


def article_url(doi: str) -> str:
    """The address of an article's JATS in the API."""
    return f"{API}/jats?{urlencode({'q': f'doi:{doi}'})}"


def read_answer(document: bytes, url: str, fetched_on: Any) -> FetchedArticle:
    """The article in the API's answer. Raises PageFormatError where there is none (the article is not open)."""
    jats = read_jats(document, url)
    doi = jats.doi or ""
    name = doi.partition("/")[2].replace("/", "_") or jats.title
    page = f"https://link.springer.com/article/{doi}"
    article = jats.record(source="springer", name=name, url=page, retrieved_at=fetched_on)
    refs = [figure_ref(figure, article.id, _images(figure, doi)) for figure in jats.figures]
    return FetchedArticle(article=article, figures=with_context(refs, jats, article))


def _images(figure: JatsFigure, doi: str) -> tuple[str, ...]:
    """Renditions of the first graphic, largest first; parts of one figure are one image at Springer's."""
    hrefs = [href for graphic in figure.graphics[:1] for href in graphic.hrefs]
    place = f"springer-static/image/art%3A{quote(doi, safe='')}"
    shown = [f"https://media.springernature.com/lw685/{place}/{quote(href)}" for href in hrefs]
    return tuple(dict.fromkeys(url for each in shown for url in image_urls(each)))
