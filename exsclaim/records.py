"""Records of articles, figures and panels: frozen, typed, JSON round-trip, units in the names.

Boxes are in pixels of the stored figure image (see `exsclaim.geometry.Box`). Identifiers nest, so that
every panel can be traced back: `nature/s41467-018-06211-3`, `…/fig1`, `…/fig1/p3`.
"""

import calendar
import datetime as dt
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict

from exsclaim.geometry import Box
from exsclaim.licences import normalised


class Record(BaseModel):
    """Base of all records: immutable, strict about its fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class PanelKind(StrEnum):
    """Kind of picture in a panel. `parent` is a panel made of several images; `unclear` is an honest "not known".

    `medical` is MRI, CT, X-ray, PET, ultrasound, OCT and brain surface maps; `gel` is gels, blots and TLC plates.
    """

    MICROSCOPY = "microscopy"
    DIFFRACTION = "diffraction"
    GRAPH = "graph"
    ILLUSTRATION = "illustration"
    PHOTO = "photo"
    UNCLEAR = "unclear"
    PARENT = "parent"
    MAP = "map"
    MEDICAL = "medical"
    GEL = "gel"
    TABLE = "table"


class Origin(Record):
    """Another source that has the same article, or the same figure; `id` is its id there."""

    source: str
    id: str
    url: str
    image_sha256: str | None = None


class Mention(Record):
    """A sentence in the text of an article that refers to a figure."""

    sentence: str
    section: str = ""
    """Title of the section that contains it; "" if the source does not say."""
    panels: tuple[str, ...] = ()
    """Panel labels that it names, as printed; empty if it refers to the figure as a whole."""


class ArticleRef(Record):
    """A search result, with what is needed to fetch the article. `version` changes when the source updates it."""

    source: str
    url: str
    version: str = ""


class Article(Record):
    """An article. `id` is `<source>/<name>`; `name` is the last part of its URL (`ncomms5946`).

    >>> article = Article(
    ...     id="nature/x1", name="x1", source="nature", url="https://example.org/x1", doi=None, title="Silver",
    ...     authors=(), journal="Rods", published=dt.date(2021, 6, 1), published_precision="month", licence="CC BY 4.0",
    ...     licence_url=None, is_open=True, retrieved_at=dt.date(2026, 11, 26),
    ... )
    >>> article.licence, article.published_last
    ('CC-BY-4.0', datetime.date(2021, 6, 30))
    """

    id: str
    name: str
    source: str
    url: str
    doi: str | None
    title: str
    authors: tuple[str, ...]
    journal: str
    published: dt.date | None
    """The earliest possible day: 1 June for an article published in June 2021."""
    published_precision: Literal["day", "month", "year"] = "day"
    licence: Annotated[str, BeforeValidator(normalised)]
    """Short name, see `exsclaim.licences`: "CC-BY-4.0", "publisher", "unknown"."""
    licence_url: str | None
    """URL of the licence terms."""
    is_open: bool
    retrieved_at: dt.date
    """Day (UTC) on which the stored page was fetched. A day, so that a resumed harvest equals an undisturbed one."""
    origins: tuple[Origin, ...] = ()
    """If several sources have this work: its record in each of them, this one first (`exsclaim.duplicates`)."""
    is_retracted: bool = False
    """True if the source says that it was retracted: then it is not published, and removed if it was."""
    abstract: str = ""
    keywords: tuple[str, ...] = ()
    """As the article gives them."""

    @property
    def published_last(self) -> dt.date | None:
        """The latest possible day of publication: 30 June for an article published in June 2021."""
        first = self.published
        if first is None or self.published_precision == "day":
            return first
        month = 12 if self.published_precision == "year" else first.month
        return dt.date(first.year, month, calendar.monthrange(first.year, month)[1])


class FigureRef(Record):
    """A figure as described on the article's page, before its image is fetched.

    `image_urls` are renditions of one image, largest first; the first one that exists is used. A source that extracts
    images from a file (a PDF, an archive) puts them into the store while it reads the article: then `image_sha256`
    identifies the image, and `image_urls` only says where it came from.
    """

    id: str
    article_id: str
    number: int
    """Position among the article's figures, from 1."""
    label: str
    """As the publisher prints it: "Figure 1", "Fig. 2", "Extended Data Fig. 3"."""
    title: str
    caption: str
    """Plain text: Greek as Greek letters, sub- and superscripts readable."""
    image_urls: tuple[str, ...]
    image_sha256: str | None = None
    no_image: str = ""
    """The reason, if a source that extracts images itself could not produce this one: "EPS cannot be drawn"."""
    mentions: tuple[Mention, ...] = ()
    """Sentences of the article's text that refer to this figure, in order."""
    licence: str = ""
    """Licence of the figure if it differs from the article's: a short name (`exsclaim.licences`), or "third-party" for
    a figure reproduced with the permission of others. "" if it is the article's."""
    licence_words: str = ""
    """The words in the article that say so: "Reproduced with permission from ref. 12. Copyright 2014, Elsevier"."""


class Figure(Record):
    """A figure whose image is in the store under `image_sha256`. Other fields as in `FigureRef`.

    >>> figure = Figure(
    ...     id="nature/x1/fig1", article_id="nature/x1", number=1, label="Figure 1", title="", caption="(a) Rods.",
    ...     image_url="https://example.org/fig1.png", image_sha256="0" * 64, width_px=800, height_px=600,
    ... )
    >>> Figure.model_validate_json(figure.model_dump_json()) == figure
    True
    """

    id: str
    article_id: str
    number: int
    label: str
    title: str
    caption: str
    image_url: str
    image_sha256: str
    width_px: int
    height_px: int
    perceptual_hash: str | None = None
    """Perceptual hash of the image (`exsclaim.figures.perceptual_hash`), if it was computed when fetched."""
    mentions: tuple[Mention, ...] = ()
    licence: str = ""
    licence_words: str = ""
    origins: tuple[Origin, ...] = ()
    """If several sources have this figure: its rendition in each; `image_sha256` is the best of them."""


class FetchedArticle(Record):
    """An article and its figures, as read from its page."""

    article: Article
    figures: tuple[FigureRef, ...]


class ScaleBar(Record):
    """A scale bar, with its printed label if it has one.

    `length_nm` is the length that the bar represents; `nm_origin` says whether it is printed or from the caption.

    >>> bar = ScaleBar(box=Box(10, 90, 60, 94), length_px=50.0, confidence=0.9, length_nm=200.0, nm_origin="caption")
    >>> bar.length_nm / bar.length_px
    4.0
    """

    box: Box
    length_px: float
    confidence: float
    label_box: Box | None = None
    label_text: str | None = None
    label_confidence: float = 0.0
    length_nm: float | None = None
    nm_origin: Literal["printed", "caption"] | None = None


class Panel(Record):
    """A panel of a figure: its position, kind, scale, label, and its part of the caption.

    Confidences range from 0 to 1; 0 means "not determined". `label` is the bare letter ("a", not "(a)"), None if none
    was read. `nm_per_px`, `width_nm` and `height_nm` are None if the scale is unknown.

    >>> panel = Panel(id="x1/fig1/p1", figure_id="x1/fig1", label="a", box=Box(0, 0, 300, 200), nm_per_px=4.0)
    >>> panel.box.width * panel.nm_per_px, panel.kind.value
    (1200.0, 'unclear')
    """

    id: str
    figure_id: str
    label: str | None = None
    label_box: Box | None = None
    label_confidence: float = 0.0
    label_origin: Literal["read", "inferred"] | None = None
    """`read` from the image, or `inferred` from reading order and the caption's labels."""
    box: Box
    box_confidence: float = 0.0
    """Confidence that this is one panel and that its box is right."""
    kind: PanelKind = PanelKind.UNCLEAR
    kind_confidence: float = 0.0
    kind_scores: dict[PanelKind, float] = {}
    """Scores of the likely kinds, from the image alone; empty for a panel that was joined from several pieces."""
    type: str | None = None
    """Finer class of the image: SEM, line plot, map … (`detection.panel_network.TYPES`)."""
    type_confidence: float = 0.0
    type_origin: Literal["image", "caption", "both"] | None = None
    """Source of `type`: the `image`, a technique named in the `caption`, or `both`."""
    scale_bars: tuple[ScaleBar, ...] = ()
    nm_per_px: float | None = None
    scale_confidence: float = 0.0
    """Confidence that `nm_per_px` is right, from the ends of the bar and its text."""
    width_nm: float | None = None
    height_nm: float | None = None
    flags: tuple[str, ...] = ()
    """Doubts about this panel, from `exsclaim.panel_doubts.PANEL_FLAGS`: "scale_conflict", "kind_in_doubt", …"""
    caption: tuple[str, ...] = ()
    reviewed: bool = False
    """True if a person corrected or confirmed it (`exsclaim.dataset.review.corrections`)."""
    mentions: tuple[Mention, ...] = ()
    """Sentences of the article's text that refer to this panel, or to a range that includes it."""
    keywords: tuple[str, ...] = ()
    techniques: tuple[str, ...] = ()
    is_inset: bool = False
    parent_id: str | None = None
    """Id of the panel of which this one is an inset or a part."""


class CaptionParts(Record):
    """A caption, split into what it says about the whole figure and about each label.

    Keys are bare labels as printed ("a", "B", "a1", "ii"), in alphabetical order. `segments` are verbatim
    parts of the caption. `scale_nm` is the length in nm that the caption states for the scale bar of a label (label
    "" if it holds for all panels, or the figure has no labels).
    """

    general: tuple[str, ...] = ()
    segments: dict[str, tuple[str, ...]] = {}
    general_spans: tuple[tuple[int, int], ...] = ()
    """Place of each text of `general` in the caption: half-open, in characters."""
    segment_spans: dict[str, tuple[tuple[int, int], ...]] = {}
    """Place of each text of `segments` in the caption: half-open, in characters."""
    scale_nm: dict[str, float] = {}
    techniques: dict[str, tuple[str, ...]] = {}
    keywords: dict[str, tuple[str, ...]] = {}
    confidence: float = 0.0
    """Reliability of the labels, from 0 to 1; below 0.7 a person should look. 0 if it was not determined."""
    flags: tuple[str, ...] = ()
    """Reasons why the confidence is not higher: `MEANINGS` in `exsclaim.captions.labels.label_doubts` lists all."""
