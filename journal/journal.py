"""Answers of the demo journal: searches, article pages and images, from articles that are made up on the spot."""

import io
import re
from pathlib import Path
from typing import Self
from urllib.parse import parse_qsl, unquote, urlsplit

from PIL import Image

from journal.articles import DemoArticle, DemoFigure, write_articles
from journal.faults import Fault, Faults
from journal.pages import article_page, search_page
from journal.replay import ARTICLE_PATH, IMAGE_PATH, ROBOTS_TXT, image_answer
from journal.server import Answer, not_found

PER_PAGE = 4
"""Hits on a page of results: few, so that six articles take two pages."""
WIDTHS_PX = {"lw1200": 1200, "lw685": 685, "m685": 685, "m312": 312}
"""Renditions other than the full image, by name; none is wider than the full one."""


class DemoJournal:
    """Routes of the demo journal: call it with a request target. Images are drawn into `folder` once.

    Attributes:
        articles: what is declared, and has to be found by a harvest.
    """

    def __init__(self, folder: Path, *, seed: int = 0, count: int = 6) -> None:
        self._publish(write_articles(folder, seed=seed, count=count), PER_PAGE)

    @classmethod
    def of(cls, articles: tuple[DemoArticle, ...], *, per_page: int = PER_PAGE) -> Self:
        """A journal of these articles, with so many hits on a page of results."""
        journal = cls.__new__(cls)
        journal._publish(articles, per_page)
        return journal

    def _publish(self, articles: tuple[DemoArticle, ...], per_page: int) -> None:
        self.articles = articles
        self._per_page = per_page
        self._by_name = {article.name: article for article in articles}

    def __call__(self, target: str) -> Answer:
        parts = urlsplit(target)
        path = unquote(parts.path)
        if path == "/www.nature.com/search":
            return self._search(dict(parse_qsl(parts.query)))
        if path.endswith("/robots.txt") and path.count("/") == 2:
            return Answer(ROBOTS_TXT, "text/plain")
        if (asked := ARTICLE_PATH.fullmatch(path)) and (article := self._by_name.get(asked["name"])):
            return Answer(article_page(article).encode())
        if asked := IMAGE_PATH.fullmatch(path):
            return self._image(asked) or not_found(target)
        return not_found(target)

    def _search(self, query: dict[str, str]) -> Answer:
        hits = [article for article in self.articles if matches(article, query.get("q", ""))]
        if query.get("open_access", "").lower() in {"true", "1", "yes"}:
            hits = [article for article in hits if article.is_open]
        if years := re.fullmatch(r"([0-9]{4}|)-([0-9]{4}|)", query.get("date_range", "")):
            first, last = int(years[1] or 0), int(years[2] or 9999)
            hits = [article for article in hits if first <= article.published.year <= last]
        if (order := query.get("order")) in {"date_desc", "date_asc"}:
            hits.sort(key=lambda article: article.published, reverse=order == "date_desc")
        asked = query.get("page", "1")
        page = max(1, int(asked)) if re.fullmatch(r"[0-9]{1,6}", asked) else 1
        shown = hits[(page - 1) * self._per_page : page * self._per_page]
        html = search_page(shown, query, page=page, per_page=self._per_page, total=len(hits))
        return Answer(html.encode())

    def _image(self, asked: re.Match[str]) -> Answer | None:
        article = self._by_name.get(asked["name"])
        figures = article.figures if article else ()
        figure = next((figure for figure in figures if figure.number == int(asked["number"])), None)
        if figure is None or (asked["rendition"] != "full" and asked["rendition"] not in WIDTHS_PX):
            return None
        return image_answer(_rendition(figure, asked["rendition"]))


def matches(article: DemoArticle, q: str) -> bool:
    """True if the article holds every word and every "quoted phrase" of `q`; upper and lower case are one."""
    terms = [phrase or word for phrase, word in re.findall(r'"([^"]+)"|([^\s"]+)', q.lower())]
    return all(term.strip() in article.text for term in terms)


def demo_faults(articles: tuple[DemoArticle, ...]) -> Faults:
    """Faults of the demo: one page and one image fail once, and one figure is gone for good.

    The page is that of the second article; the image the full rendition of the first article's second figure; gone,
    in all renditions, is the first figure of the third article.
    """
    first, second, third = articles[:3]
    return Faults(
        Fault(f"/www.nature.com/articles/{second.name}", (503,)),
        Fault(f"/media.springernature.com/full/*/{first.name}_Fig2_HTML.*", (503,)),
        Fault(f"/media.springernature.com/*/{third.name}_Fig1_HTML.*", (404,), for_ever=True),
    )


def _rendition(figure: DemoFigure, name: str) -> bytes:
    if name == "full":
        return figure.image.read_bytes()
    with Image.open(figure.image) as image:
        width = min(WIDTHS_PX[name], image.width)
        small = image.resize((width, max(1, round(image.height * width / image.width))), Image.Resampling.LANCZOS)
        out = io.BytesIO()
        small.save(out, image.format, **({"quality": 85} if image.format == "JPEG" else {}))
    return out.getvalue()
