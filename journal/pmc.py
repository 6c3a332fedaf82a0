"""PMC and Europe PMC on loopback: the search, PMC's bucket and full texts, over the demo journal's articles.

Shapes as documented at https://europepmc.org/RestfulWebService, https://pmc.ncbi.nlm.nih.gov/tools/pmcaws/ and
https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html.
"""

import base64
import io
import json
import re
from collections.abc import Callable, Collection
from html import escape
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from PIL import Image

from journal.articles import JOURNAL, DemoArticle
from journal.captions import plain
from journal.jats import article_jats, graphic_name
from journal.replay import ROBOTS_TXT, image_answer
from journal.server import Answer, not_found

PER_PAGE = 2
"""Hits on a page of results at most, however many are asked for: so few articles take several pages."""
BUCKET = "pmc-oa-opendata"
VERSIONS = (1, 2)
"""Of every article: the second is the one to read, the first answers 404."""
_BUCKET_FILE = re.compile(rf"/{BUCKET}\.s3\.amazonaws\.com/(?P<pmcid>PMC\d+)\.(?P<version>\d+)/(?P<file>[\w.-]+)")
_METADATA = re.compile(rf"/{BUCKET}\.s3\.amazonaws\.com/metadata/(?P<pmcid>PMC\d+)\.(?P<version>\d+)\.json")
_FULL_TEXT = re.compile(r"/www\.ebi\.ac\.uk/europepmc/webservices/rest/(?P<pmcid>PMC\d+)/fullTextXML")
_SHOWN = re.compile(r"/europepmc\.org/articles/(?P<pmcid>PMC\d+)/bin/(?P<file>[\w.-]+)")


class DemoPmc:
    """Routes of both services. `retracted` names articles that were; `absent` those that PMC's bucket has not."""

    def __init__(
        self, articles: Collection[DemoArticle], retracted: Collection[str] = (), absent: Collection[str] = ()
    ) -> None:
        self.articles = {f"PMC99{number:05d}": article for number, article in enumerate(articles, start=1)}
        self._retracted = frozenset(retracted)
        self._absent = frozenset(absent)

    def __call__(self, target: str) -> Answer:
        parts = urlsplit(target)
        path, fields = unquote(parts.path), {name: value[0] for name, value in parse_qs(parts.query).items()}
        if path == "/www.ebi.ac.uk/europepmc/webservices/rest/search":
            return self._search(fields)
        if path == f"/{BUCKET}.s3.amazonaws.com/":
            return self._listing(fields)
        if path.endswith("/robots.txt"):
            return Answer(ROBOTS_TXT, "text/plain")
        routes: list[tuple[re.Pattern[str], Callable[[re.Match[str]], Answer | None]]] = [
            (_METADATA, self._metadata),
            (_BUCKET_FILE, self._file),
            (_FULL_TEXT, lambda asked: self._jats(asked["pmcid"])),
            (_SHOWN, lambda asked: self._image(asked["pmcid"], asked["file"])),
        ]
        for pattern, give in routes:
            if asked := pattern.fullmatch(path):
                return give(asked) or not_found(target)
        return not_found(target)

    def _search(self, fields: dict[str, str]) -> Answer:
        wanted = fields.get("query", "")
        hits = [pmcid for pmcid, article in self.articles.items() if matches(article, wanted)]
        cursor = fields.get("cursorMark", "*")
        start = 0 if cursor == "*" else int(base64.b64decode(cursor.encode()).decode())
        shown = hits[start : start + min(PER_PAGE, int(fields.get("pageSize", "25")))]
        end = start + len(shown)
        following = base64.b64encode(str(end).encode()).decode() if end < len(hits) else cursor
        answer = {
            "version": "6.9", "hitCount": len(hits), "nextCursorMark": following,
            "request": {"queryString": wanted, "resultType": "core", "cursorMark": cursor},
            "resultList": {"result": [self._core(pmcid) for pmcid in shown]},
        }  # fmt: skip
        return _json(answer)

    def _core(self, pmcid: str) -> dict[str, Any]:
        article = self.articles[pmcid]
        kinds = ["research-article", "Journal Article"]
        return {
            "id": pmcid.removeprefix("PMC"), "source": "MED", "pmcid": pmcid, "doi": article.doi,
            "title": plain(article.title), "authorString": ", ".join(article.authors),
            "journalInfo": {"journal": {"title": JOURNAL}}, "isOpenAccess": "Y" if article.is_open else "N",
            "license": _code(article).lower() or None,
            "firstPublicationDate": article.published.isoformat(),
            "pubTypeList": {"pubType": [*kinds, "Retracted Publication"] if self._is_retracted(pmcid) else kinds},
        }  # fmt: skip

    def _is_retracted(self, pmcid: str) -> bool:
        return self.articles[pmcid].name in self._retracted

    def _listing(self, fields: dict[str, str]) -> Answer:
        pmcid = fields.get("prefix", "").removesuffix(".")
        known = pmcid in self.articles and self.articles[pmcid].name not in self._absent
        folders = [f"{pmcid}.{version}/" for version in VERSIONS] if known else []
        start = int(fields.get("continuation-token", "0"))
        more = start + 1 < len(folders)
        prefixes = "".join(f"<CommonPrefixes><Prefix>{each}</Prefix></CommonPrefixes>" for each in folders[start:][:1])
        token = f"<NextContinuationToken>{start + 1}</NextContinuationToken>" if more else ""
        body = (
            '<?xml version="1.0" encoding="UTF-8"?>\n<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">'
            f"<Name>{BUCKET}</Name><Prefix>{escape(pmcid)}.</Prefix><KeyCount>{len(folders[start:][:1])}</KeyCount>"
            f"<MaxKeys>1</MaxKeys><Delimiter>/</Delimiter><IsTruncated>{str(more).lower()}</IsTruncated>{token}{prefixes}"
            "</ListBucketResult>"
        )
        return Answer(body.encode(), "application/xml")

    def _metadata(self, asked: re.Match[str]) -> Answer | None:
        pmcid, article = asked["pmcid"], self.articles.get(asked["pmcid"])
        if article is None or int(asked["version"]) != VERSIONS[-1]:
            return None
        folder = f"s3://{BUCKET}/{pmcid}.{VERSIONS[-1]}"
        names = [
            f"{graphic_name(article, figure)}{suffix}" for figure in article.figures for suffix in (".gif", ".jpg")
        ]
        return _json(
            {
                "pmcid": pmcid, "version": VERSIONS[-1], "pmid": None, "doi": article.doi, "mid": None,
                "title": plain(article.title), "is_pmc_openaccess": article.is_open, "is_manuscript": False,
                "citation": f"J Demo Mater. {article.published:%Y %b %-d}; 1(1): 1", "is_historical_ocr": False,
                "is_retracted": self._is_retracted(pmcid),
                "license_code": _code(article) or "NO-CC CODE",
                "xml_url": f"{folder}/{pmcid}.{VERSIONS[-1]}.xml?md5=00", "text_url": None, "pdf_url": None,
                "media_urls": [f"{folder}/{name}?md5=00" for name in names],
            }
        )  # fmt: skip

    def _file(self, asked: re.Match[str]) -> Answer | None:
        if int(asked["version"]) != VERSIONS[-1] or asked["pmcid"] not in self.articles:
            return None
        if asked["file"].endswith(".xml"):
            return self._jats(asked["pmcid"])
        return self._image(asked["pmcid"], asked["file"])

    def _jats(self, pmcid: str) -> Answer | None:
        article = self.articles.get(pmcid)
        return Answer(article_jats(article, pmcid), "application/xml") if article and article.is_open else None

    def _image(self, pmcid: str, file: str) -> Answer | None:
        stem, _, suffix = file.rpartition(".")
        article = self.articles.get(pmcid)
        if article is None:
            return None
        for figure in article.figures:
            if graphic_name(article, figure) == stem and suffix in ("jpg", "gif"):
                return image_answer(_converted(figure.image.read_bytes(), suffix))
        return None


def matches(article: DemoArticle, expression: str) -> bool:
    """True if an article meets an expression of the form that the sources send: groups of phrases, and conditions."""
    for part in re.findall(r"\(([^()]*)\)|(FIRST_PDATE:\[[^\]]*\]|OPEN_ACCESS:y)", expression):
        group, condition = part
        if condition == "OPEN_ACCESS:y" and not article.is_open:
            return False
        if span := re.fullmatch(r"FIRST_PDATE:\[(\S+) TO (\S+)\]", condition):
            if not span[1] <= article.published.isoformat() <= span[2]:
                return False
        elif codes := re.findall(r'LICENSE:"([^"]*)"', group):
            if _code(article).lower() not in codes:
                return False
        elif group and not any(phrase.lower() in article.text for phrase in re.findall(r'"([^"]*)"', group)):
            return False
    return True


def _code(article: DemoArticle) -> str:
    """ "CC BY-NC" for CC-BY-NC-4.0: how both services write licences; "" where all rights are reserved."""
    return re.sub(r"-\d\.\d$", "", article.licence.name).replace("-", " ", 1) if article.licence else ""


def _converted(image: bytes, suffix: str) -> bytes:
    """The full image as JPEG, or a thumbnail of 100 px as GIF: what PMC makes of every figure."""
    with Image.open(io.BytesIO(image)) as opened:
        out = io.BytesIO()
        if suffix == "gif":
            opened.thumbnail((100, 100))
            opened.convert("P").save(out, "GIF")
        else:
            opened.convert("RGB").save(out, "JPEG", quality=92)
    return out.getvalue()


def _json(answer: dict[str, Any]) -> Answer:
    return Answer(json.dumps(answer).encode(), "application/json")
