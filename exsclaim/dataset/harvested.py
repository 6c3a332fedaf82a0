"""Articles as a harvest hands them over to be published, and digests by which a change is known."""

import hashlib
import json
from collections.abc import Iterable

from exsclaim.records import Article, CaptionParts, Figure, Panel, Record


class HarvestedFigure(Record):
    """A figure with all that was found in it; its image is in the store under `figure.image_sha256`."""

    article: Article
    figure: Figure
    parts: CaptionParts
    panels: tuple[Panel, ...] | None
    """None: it was not separated today (that failed, or was left out). () is a figure that was and has no panels."""


class LeftOut(Record):
    """An article that was found and read and is not to be in the data set; `reason` is in words."""

    article_id: str
    url: str
    reason: str


class HarvestedArticle(Record):
    """An article with its figures; () where it has none, or none could be had."""

    article: Article
    figures: tuple[HarvestedFigure, ...]
    missing: tuple[str, ...] = ()
    """Ids of the figures that the article still lists and that could not be had today."""


def figure_digest(harvested: HarvestedFigure) -> str:
    """SHA-256 (hex) over all that is published of a figure by itself: image, caption and its parts, panels."""
    content = harvested.model_dump(mode="json", exclude={"article"})
    if not content["figure"]["origins"]:
        del content["figure"]["origins"]
    for panel in content["panels"] or ():
        if not panel["reviewed"]:
            del panel["reviewed"]
    return _sha256(content)


def article_content(article: Article) -> str:
    """SHA-256 (hex) over an article's own fields. The day of retrieval does not count: the same page fetched again is
    the same content."""
    content = article.model_dump(mode="json", exclude={"retrieved_at", "is_retracted"})
    if not content["origins"]:
        del content["origins"]
    return _sha256(content)


def article_digest(content: str, figures: Iterable[tuple[str, str, str]], versions: str) -> str:
    """SHA-256 (hex) over all that is published of an article, as its row says it.

    Args:
        content: `article_content` of it.
        figures: id, `figure_digest` and versions (as JSON) of each of its figures.
        versions: what the article's row was made with, as JSON.
    """
    return _sha256([content, sorted(figures), versions])


def _sha256(content: object) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=True).encode()).hexdigest()
