"""Articles as a harvest hands them over to be published."""

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
