"""Services of open access on loopback, over the demo journal's articles: OpenAlex, Unpaywall, ChemRxiv, preprints.

Shapes as documented where `exsclaim.sources` names the documents; the content is the demo journal's own. Every copy of
an article lies at one host as the same PDF, which the caller gives; preprints are JATS, as Europe PMC has them.
"""

import json
from collections.abc import Callable, Collection
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from journal.articles import DemoArticle
from journal.captions import plain
from journal.jats import article_jats, graphic_name
from journal.publishers import DemoPublishers
from journal.replay import ROBOTS_TXT, image_answer
from journal.server import Answer, not_found

KEY = "demo-key-of-openalex"
PREFIX = "10.5555"
PER_PAGE = 2
"""Hits on a page at most, however many are asked for."""
REPOSITORY = "https://repository.example"


class DemoOpenAccess:
    """Routes of all of them; `pdf` is what the repository has of each article."""

    def __init__(self, articles: Collection[DemoArticle], pdf: bytes) -> None:
        self.articles = tuple(articles)
        self.pdf = pdf
        self._publishers = DemoPublishers(articles)

    def __call__(self, target: str) -> Answer:
        parts = urlsplit(target)
        host, _, path = unquote(parts.path).lstrip("/").partition("/")
        fields = {name: value[0] for name, value in parse_qs(parts.query).items()}
        routes: dict[str, Callable[[str, dict[str, str]], Answer | None]] = {
            "api.openalex.org": self._openalex, "api.unpaywall.org": self._unpaywall, "chemrxiv.org": self._chemrxiv,
            "www.ebi.ac.uk": self._europepmc, "europepmc.org": self._image, "repository.example": self._file,
        }  # fmt: skip
        if path == "robots.txt":
            return Answer(ROBOTS_TXT, "text/plain")
        if host == "api.crossref.org":
            return self._publishers(target)
        give = routes.get(host)
        return (give(path, fields) if give else None) or not_found(target)

    def _openalex(self, path: str, fields: dict[str, str]) -> Answer | None:
        if fields.get("api_key") != KEY:
            return _json({"error": "Unauthorized", "message": "an API key is required"}, 401)
        if path != "works":
            article = next((each for each in self.articles if path == f"works/{_number(each)}"), None)
            return _json(self._work(article)) if article else None
        first = int(fields["cursor"].removeprefix("*") or 0)
        found = [each for each in self.articles if each.is_open]
        shown = found[first : first + PER_PAGE]
        following = str(first + len(shown)) if first + len(shown) < len(found) else None
        results: list[Any] = [self._work(each) for each in shown]
        if not first:
            results.append({"id": None, "title": "a hit that is not as documented"})
        return _json({"meta": {"count": len(found), "next_cursor": following}, "results": results})

    def _work(self, article: DemoArticle) -> dict[str, Any]:
        place = {
            "is_oa": article.is_open, "pdf_url": f"{REPOSITORY}/{article.name}.pdf", "license": _code(article),
            "landing_page_url": f"https://doi.org/{PREFIX}/{article.name}", "source": {"display_name": "J. Demo"},
        }  # fmt: skip
        words = plain(article.abstract).split()
        return {
            "id": f"https://openalex.org/{_number(article)}", "doi": f"https://doi.org/{PREFIX}/{article.name}",
            "title": article.title, "publication_date": article.published.isoformat(), "type": "article",
            "is_retracted": False, "ids": {"pmcid": None}, "primary_location": place, "best_oa_location": place,
            "authorships": [{"author": {"display_name": name}} for name in article.authors], "locations": [place],
            "abstract_inverted_index": {word: [n for n, w in enumerate(words) if w == word] for word in words},
            "keywords": [{"display_name": "Silver", "score": 0.9}],
        }  # fmt: skip

    def _unpaywall(self, path: str, fields: dict[str, str]) -> Answer | None:
        article = next((each for each in self.articles if path.endswith(f"/{each.name}")), None)
        if article is None or "@" not in fields.get("email", ""):
            return None
        place = {
            "url_for_pdf": f"{REPOSITORY}/{article.name}.pdf", "license": _code(article), "host_type": "publisher",
            "url_for_landing_page": f"https://doi.org/{PREFIX}/{article.name}", "version": "publishedVersion",
        }  # fmt: skip
        return _json(
            {
                "doi": path.removeprefix("v2/"), "is_oa": article.is_open, "title": plain(article.title),
                "best_oa_location": place if article.is_open else None,
                "oa_locations": [place] if article.is_open else [],
            }
        )  # fmt: skip

    def _chemrxiv(self, path: str, fields: dict[str, str]) -> Answer | None:
        items = "engage/chemrxiv/public-api/v1/items"
        if path == items:
            first = int(fields["skip"])
            shown = self.articles[first : first + int(fields["limit"])]
            hits: list[Any] = [{"item": self._item(each)} for each in shown]
            return _json({"totalCount": len(self.articles), "itemHits": [*hits, {"item": None}]})
        article = next((each for each in self.articles if path == f"{items}/{each.name}"), None)
        return _json(self._item(article)) if article else None

    def _item(self, article: DemoArticle) -> dict[str, Any]:
        names = (name.rpartition(" ") for name in article.authors)
        licence = {"name": article.licence.name, "url": article.licence.url} if article.licence else None
        return {
            "id": article.name, "version": "1", "doi": f"10.26434/chemrxiv-{article.name}", "title": article.title,
            "abstract": article.abstract, "status": "PUBLISHED", "licence": licence, "keywords": ["silver"],
            "authors": [{"firstName": given, "lastName": family} for given, _, family in names],
            "publishedDate": f"{article.published}T08:00:00.000Z",
            "asset": {"original": {"url": f"{REPOSITORY}/{article.name}.pdf"}},
        }  # fmt: skip

    def _europepmc(self, path: str, fields: dict[str, str]) -> Answer | None:
        rest = "europepmc/webservices/rest"
        if path == f"{rest}/search":
            hits = [
                {"id": _preprint(each), "source": "PPR", "title": plain(each.title), "pubType": "preprint"}
                for each in self.articles
                if "SRC:PPR" in fields["query"]
            ]
            return _json({"resultList": {"result": [*hits, {"id": None, "pmcid": 7}]}, "nextCursorMark": None})
        for article in self.articles:
            if path == f"{rest}/{_preprint(article)}/fullTextXML":
                return Answer(article_jats(article), "text/xml; charset=utf-8")
        return None

    def _image(self, path: str, fields: dict[str, str]) -> Answer | None:
        for article in self.articles:
            for figure in article.figures:
                if path == "api/fulltextRepo" and fields["fileName"].startswith(graphic_name(article, figure)):
                    return image_answer(figure.image.read_bytes())
        return None

    def _file(self, path: str, _: dict[str, str]) -> Answer | None:
        known = any(path == f"{each.name}.pdf" for each in self.articles)
        return Answer(self.pdf, "application/pdf") if known else None


def _number(article: DemoArticle) -> str:
    return f"W{sum(article.name.encode()) * 1000 + len(article.name)}"


def _preprint(article: DemoArticle) -> str:
    return f"PPR{_number(article)[1:]}"


def _code(article: DemoArticle) -> str | None:
    return article.licence.name.lower().replace(" ", "-").removesuffix("-4.0") if article.licence else None


def _json(content: Any, status: int = 200) -> Answer:
    return Answer(json.dumps(content).encode(), "application/json", status)
