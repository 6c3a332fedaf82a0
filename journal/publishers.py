"""Publishers' interfaces on loopback, over the demo journal's articles: Springer Nature, Elsevier, Crossref, ACS, RSC.

Shapes as documented where `exsclaim.sources` names the documents, and as their recorded answers have them; the content
is the demo journal's own. DOIs get the prefix of the publisher, by which sources know them.
"""

import json
import re
from collections.abc import Callable, Collection
from html import escape
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from PIL import Image

from journal.articles import JOURNAL, DemoArticle, DemoFigure
from journal.captions import plain
from journal.jats import article_jats, graphic_name, markup
from journal.replay import ROBOTS_TXT, image_answer
from journal.server import Answer, Door, not_found

KEY = "demo-key-of-8-and-more"
"""The key, and the only one, that opens the APIs."""
WILEY_DOOR = Door("/api.wiley.com/", "Wiley-TDM-Client-Token", KEY)
ELSEVIER_DOOR = Door("/api.elsevier.com/", "X-ELS-APIKey", KEY)
PER_PAGE = 2
"""Hits on a page at most, however many are asked for."""
_CE = "http://www.elsevier.com/xml/common/dtd"


class DemoPublishers:
    """Routes of all of them, each with all articles."""

    def __init__(self, articles: Collection[DemoArticle]) -> None:
        self.articles = tuple(articles)

    def __call__(self, target: str) -> Answer:
        parts = urlsplit(target)
        host, _, path = unquote(parts.path).lstrip("/").partition("/")
        fields = {name: value[0] for name, value in parse_qs(parts.query).items()}
        routes: dict[str, Callable[[str, dict[str, str]], Answer | None]] = {
            "api.springernature.com": self._springer, "media.springernature.com": self._image,
            "api.elsevier.com": self._elsevier, "api.crossref.org": self._crossref, "pubs.acs.org": self._acs,
            "pubs.rsc.org": self._rsc,
        }  # fmt: skip
        if path == "robots.txt":
            return Answer(ROBOTS_TXT, "text/plain")
        give = routes.get(host)
        return (give(path, fields) if give else None) or not_found(target)

    def _springer(self, path: str, fields: dict[str, str]) -> Answer | None:
        if fields.get("api_key") != KEY:
            return _json({"status": "Fail", "message": "Authentication failed"}, status=401)
        if path != "openaccess/jats":
            return None
        first = int(fields.get("s", "1"))
        named = self._of_doi(fields["q"].removeprefix("doi:")) if fields["q"].startswith("doi:") else None
        hits = [each for each in ([named] if named else self._all(fields["q"])) if each.is_open]
        shown = hits[first - 1 : first - 1 + PER_PAGE]
        head = (
            f"<apiMessage>Made up</apiMessage><query>{escape(fields['q'])}</query><apiKey>{KEY}</apiKey>"
            f"<result><total>{len(hits)}</total><start>{first}</start><pageLength>{PER_PAGE}</pageLength>"
            f"<recordsDisplayed>{len(shown)}</recordsDisplayed></result>"
        ).encode()
        records = b"".join(map(_springer_jats, shown))
        return _xml(b"<response>" + head + b"<records>" + records + b"</records></response>")

    def _elsevier(self, path: str, fields: dict[str, str]) -> Answer | None:
        if path == "content/search/scopus":
            query = " ".join(re.findall(r'TITLE-ABS-KEY\("([^"]+)"\)', fields["query"]))
            shown, first = self._found(query, int(fields["start"]))
            entries = [{"prism:doi": _doi(each, "10.1016")} for each in shown]
            total = {"opensearch:totalResults": str(len(self._all(query))), "opensearch:startIndex": str(first)}
            return _json({"search-results": {**total, "entry": entries}})
        if found := re.fullmatch(r"content/article/doi/(10\.1016/.+)", path):
            article = self._of_doi(found[1])
            return _xml(_elsevier_xml(article)) if article else None
        return self._image(path, fields)

    def _crossref(self, path: str, fields: dict[str, str]) -> Answer | None:
        prefix = "10.1021" if "member:316" in fields.get("filter", "") else "10.1002"
        if path != "works":
            article = self._of_doi(path.removeprefix("works/"))
            return _json({"message": _work(article, path.removeprefix("works/"))}) if article else None
        first = int(fields["cursor"].removeprefix("*") or 0)
        found = self._all(fields["query"])
        shown = found[first : first + PER_PAGE]
        items = [_work(each, _doi(each, prefix)) for each in shown]
        return _json({"message": {"items": items, "next-cursor": str(first + len(shown)), "total-results": len(found)}})

    def _acs(self, path: str, fields: dict[str, str]) -> Answer | None:
        if found := re.fullmatch(r"doi/full-xml/(10\.1021/.+)", path):
            article = self._of_doi(found[1])
            if article is None:
                return None
            jats = article_jats(article).replace(article.doi.encode(), found[1].encode())
            # as recorded: the prefix of links is used and not declared, images are named as they were delivered
            jats = jats.replace(b'xmlns:xlink="http://www.w3.org/1999/xlink" ', b"", 1)
            return _xml(re.sub(rb'(xlink:href="[^"]+)"/></fig>', rb'\1.tif"/></fig>', jats))
        return self._image(path, fields) if "/large/" in path else None

    def _rsc(self, path: str, fields: dict[str, str]) -> Answer | None:
        if path == "en/results":
            page = int(fields["pageno"])
            shown, _ = self._found(fields["searchtext"], (page - 1) * PER_PAGE)
            pages = max(1, -(-len(self._all(fields["searchtext"])) // PER_PAGE))
            capsules = "".join(
                f'<div class="capsule capsule--article"><h3>{each.title}</h3>'
                f'<a href="/en/content/articlehtml/2019/dm/{_rsc_name(each)}?page=search">Article HTML</a></div>'
                for each in shown
            )
            form = '<form action="/en/results"><input name="SearchText"/></form>'
            return Answer(
                f"<html><body>{form}<span>Showing page {page} of {pages}</span>{capsules}</body></html>".encode()
            )
        if found := re.fullmatch(r"en/content/articlehtml/2019/dm/(\w+)", path):
            article = next((each for each in self.articles if _rsc_name(each) == found[1]), None)
            return Answer(_rsc_html(article).encode()) if article else None
        return self._image(path, fields) if path.startswith("services/images/") else None

    def _image(self, path: str, _: dict[str, str]) -> Answer | None:
        for article in self.articles:
            for figure in article.figures:
                if graphic_name(article, figure) in path:
                    return image_answer(figure.image.read_bytes())
        return None

    def _all(self, query: str) -> list[DemoArticle]:
        phrases = re.findall(r'"([^"]+)"', query) or [query]
        return [each for each in self.articles if all(phrase.lower() in each.text for phrase in phrases)]

    def _found(self, query: str, first: int) -> tuple[list[DemoArticle], int]:
        return self._all(query)[first : first + PER_PAGE], first

    def _of_doi(self, doi: str) -> DemoArticle | None:
        return next((each for each in self.articles if doi.endswith(f"/{each.name}")), None)


def _doi(article: DemoArticle, prefix: str) -> str:
    return f"{prefix}/{article.name}"


def _rsc_name(article: DemoArticle) -> str:
    return f"d9dm{article.name.rpartition('-')[2]:0>5}k"


def _springer_jats(article: DemoArticle) -> bytes:
    jats = re.sub(rb"<\?xml[^>]*\?>\s*|<!DOCTYPE[^>]*>\s*", b"", article_jats(article))
    for figure in article.figures:
        name = graphic_name(article, figure).encode()
        jats = jats.replace(b'"' + name + b'"', b'"MediaObjects/' + name + figure.image.suffix.encode() + b'"')
    return jats


def _json(content: Any, status: int = 200) -> Answer:
    return Answer(json.dumps(content).encode(), "application/json", status)


def _xml(content: bytes) -> Answer:
    return Answer(content, "text/xml; charset=utf-8")


def _work(article: DemoArticle, doi: str) -> dict[str, Any]:
    day = [[article.published.year, article.published.month, article.published.day]]
    licence = (
        [{"URL": article.licence.url, "content-version": "vor", "start": {"date-parts": day}}]
        if article.licence
        else []
    )
    names = (name.rpartition(" ") for name in article.authors)
    return {
        "DOI": doi, "title": [article.title], "container-title": [JOURNAL], "published-online": {"date-parts": day},
        "author": [{"given": given, "family": family} for given, _, family in names], "license": licence,
    }  # fmt: skip


def _elsevier_xml(article: DemoArticle) -> bytes:
    def inline(html: str) -> str:
        return re.sub(
            r"<(/?)(\w+)>",
            lambda tag: f"<{tag[1]}ce:{ {'sub': 'inf', 'i': 'italic', 'b': 'bold'}.get(tag[2], tag[2]) }>",
            html,
        )

    def objects(figure: DemoFigure) -> str:
        with Image.open(figure.image) as image:
            width, height = image.size
        place = f"http://api.elsevier.com/content/object/eid/1-s2.0-{graphic_name(article, figure)}"
        return "".join(
            f'<object ref="gr{figure.number}" type="{kind}" width="{width}" height="{height}">'
            f"{place}{end}?httpAccept=%2A%2F%2A</object>"
            for kind, end in (("IMAGE-DOWNSAMPLED", ".jpg"), ("IMAGE-HIGH-RES", "_lrg.jpg"))
        )

    def shown(figure: DemoFigure) -> str:
        return (
            f"<ce:figure><ce:label>{escape(figure.label)}</ce:label><ce:caption><ce:simple-para>{inline(figure.title)} "
            f"{inline(figure.caption)}</ce:simple-para></ce:caption><ce:alt-text>not a caption</ce:alt-text>"
            f'<ce:link locator="gr{figure.number}"/></ce:figure>'
        )

    creators = "".join(
        f"<dc:creator>{', '.join(reversed(name.rsplit(' ', 1)))}</dc:creator>" for name in article.authors
    )
    licence = f"<openaccessUserLicense>{article.licence.url}</openaccessUserLicense>" if article.licence else ""
    return f"""<full-text-retrieval-response xmlns="http://www.elsevier.com/xml/svapi/article/dtd" xmlns:ce="{_CE}"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:prism="http://prismstandard.org/namespaces/basic/2.0/"><coredata>
<prism:doi>{_doi(article, "10.1016")}</prism:doi><pii>S{article.name}</pii><dc:title>{inline(article.title)}</dc:title>
<prism:publicationName>{escape(JOURNAL)}</prism:publicationName><prism:coverDate>{article.published}</prism:coverDate>
<prism:copyright>All rights reserved.</prism:copyright>{creators}{licence}
<openaccess>{int(article.is_open)}</openaccess></coredata>
<objects>{"".join(map(objects, article.figures))}</objects><originalText><article><ce:floats>
{"".join(map(shown, article.figures))}</ce:floats></article></originalText></full-text-retrieval-response>""".encode()


def _rsc_html(article: DemoArticle) -> str:
    def shown(figure: DemoFigure) -> str:
        place = f"/services/images/Articleimage/2019/DM/{graphic_name(article, figure)}"
        return (
            f'<div class="image_table"><table><tr><td class="imgHolder"><a href="{place}_hi-res.gif">'
            f'<img src="{place}.gif"/></a></td></tr><tr><td class="image_title"><b>{escape(figure.label)} </b>'
            f'<span class="graphic_title">'
            f"{figure.title} {figure.caption}</span></td></tr></table></div>"
        )

    authors = "".join(f'<meta name="citation_author" content="{escape(name)}"/>' for name in article.authors)
    licence = (
        f'<a rel="license" href="{article.licence.url}">Licence</a>'
        if article.licence
        else "<table><tr><td><b>This journal is © The Demo Society 2019</b></td></tr></table>"
    )
    return f"""<?xml version="1.0" encoding="UTF-8"?><!DOCTYPE html><html><head><meta charset="utf-8"/>
<meta name="citation_title" content="{escape(plain(article.title))}"/>{authors}
<meta name="citation_online_date" content="{article.published:%Y/%m/%d}"/>
<meta name="citation_journal_title" content="{escape(JOURNAL)}"/>
<meta name="citation_doi" content="{_doi(article, "10.1039").upper()}"/></head><body><h1>{markup(article.title)}</h1>
{"".join(map(shown, article.figures))}{licence}</body></html>"""
