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
    """Another source of an article, or of a figure and its image: `id` as that source has it."""

    source: str
    id: str
    url: str
    image_sha256: str | None = None


class Mention(Record):
    """A sentence of an article's text that names a figure."""

    sentence: str
    section: str = ""
    """Title of the section that it stands in; "" where the source does not tell."""
    panels: tuple[str, ...] = ()
    """Labels that it names beside the figure's number, as printed; empty: the figure as a whole."""


class ArticleRef(Record):
    """An article that a search found: enough to fetch it. `version` changes when the source says the article did."""

    source: str
    url: str
    version: str = ""


class Article(Record):
    """One article. `id` is `<source>/<name>`, `name` the last part of the publisher's address (`ncomms5946`).

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
    """The first day that it may have been: of June 2021 the 1st."""
    published_precision: Literal["day", "month", "year"] = "day"
    licence: Annotated[str, BeforeValidator(normalised)]
    """Short name, see `exsclaim.licences`: "CC-BY-4.0", "publisher", "unknown"."""
    licence_url: str | None
    """Address of its terms."""
    is_open: bool
    retrieved_at: dt.date
    """Day (UTC) on which the stored page was fetched. A day, so that a resumed harvest equals an undisturbed one."""
    origins: tuple[Origin, ...] = ()
    """All records of this work, this one first, where several sources have it (`exsclaim.duplicates`)."""
    is_retracted: bool = False
    """Its source says that it was retracted: it is left out, and taken out where it was published before."""
    abstract: str = ""
    keywords: tuple[str, ...] = ()
    """As the article gives them."""

    @property
    def published_last(self) -> dt.date | None:
        """The last day that it may have been published: of June 2021 the 30th."""
        first = self.published
        if first is None or self.published_precision == "day":
            return first
        month = 12 if self.published_precision == "year" else first.month
        return dt.date(first.year, month, calendar.monthrange(first.year, month)[1])


class FigureRef(Record):
    """A figure as its article's page describes it: what to fetch, best image first.

    `image_urls` are renditions of one image, largest first; the first that exists is taken. A source that takes
    its images out of a file (a PDF, an archive) puts them into the store while it reads the article: then
    `image_sha256` says which, and `image_urls` only where it came from.
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
    """Reason why the source, which reads its images itself, could make none of this figure: "EPS cannot be drawn"."""
    mentions: tuple[Mention, ...] = ()
    """Sentences of the article's text that name this figure, in the text's order."""
    licence: str = ""
    """Its own, where the article says that it is not the article's: a short name (`exsclaim.licences`), or
    "third-party" for a figure that is reproduced by permission of others. "": the article's."""
    licence_words: str = ""
    """The words that say so: "Reproduced with permission from ref. 12. Copyright 2014, Elsevier"."""


class Figure(Record):
    """A figure whose image is in the store under `image_sha256`. Fields as in `FigureRef`.

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
    """Of the image (`exsclaim.figures.perceptual_hash`), where it was decoded as it was fetched."""
    mentions: tuple[Mention, ...] = ()
    licence: str = ""
    licence_words: str = ""
    origins: tuple[Origin, ...] = ()
    """All renditions of this figure, where several sources have it; the best of them is the image above."""


class FetchedArticle(Record):
    """Article and figures read from one article's page."""

    article: Article
    figures: tuple[FigureRef, ...]


class ScaleBar(Record):
    """A scale bar and, where there is one, its printed label.

    `length_nm` is what the bar stands for; `nm_origin` says whether the label's print or the caption told it.

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


PANEL_FLAGS = {
    "box_in_doubt": "Where the panel ends, or whether it is one panel, is not sure.",
    "panels_overlap": "The panel shares a part of its area with another panel of the figure.",
    "kind_in_doubt": "Two kinds are about as likely, or none is, or only its look tells of a micrograph.",
    "type_differs_from_caption": "The image looks like another technique than the caption names.",
    "label_in_doubt": "The printed label could not be read for sure.",
    "label_inferred": "The label was not read but follows from the order of the others.",
    "label_missing": "The panel has no label although other panels of the figure have one.",
    "labels_have_gap": "A label that comes before this one is carried by no panel of the figure.",
    "caption_label_unseen": "The caption does not name this label, or names others that no panel carries.",
    "zero_length": "A scale bar is shorter than a pixel, or stands for 0 nm.",
    "bar_longer_than_panel": "A scale bar is longer than the panel.",
    "bar_ends_in_doubt": "Where a scale bar ends could not be seen well.",
    "bars_differ_among_panels": "Panels of one size have scale bars of the same text and of different lengths.",
    "scale_label_in_doubt": (
        "The text beside a scale bar could not be read for sure, two readers differ, or hardly any bar has that length."
    ),
    "scale_conflict": "Scale bars of the panel contradict each other: it has no nm per pixel.",
    "scale_implausible": "Images of this kind or type do not have such a scale.",
    "caption_differs_from_print": "The caption states another length than is printed beside the scale bar.",
}
"""The closed list of doubts that a panel may carry, flag -> what it says to people; `Panel.flags` holds nothing else.
What raises each, and how often they are right to doubt, is told in docs/doubts.md."""


class Panel(Record):
    """One panel of a figure: where it is, what it shows, how large things in it are, and what is said of it.

    Confidences are 0 to 1; 0 means "not determined". `label` is the bare letter ("a", not "(a)"), None where
    none was read. `nm_per_px`, `width_nm` and `height_nm` are None without a scale.

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
    """Confidence that this is one panel, and that the box is where it is."""
    kind: PanelKind = PanelKind.UNCLEAR
    kind_confidence: float = 0.0
    kind_scores: dict[PanelKind, float] = {}
    """What the image alone gives each kind that it may well be; empty for a panel that letters join from several."""
    type: str | None = None
    """Look of the image at the second level: SEM, line plot, map … (`detection.panel_network.TYPES`)."""
    type_confidence: float = 0.0
    type_origin: Literal["image", "caption", "both"] | None = None
    """Seen in the `image`, told by the technique that the `caption` names, or `both`."""
    scale_bars: tuple[ScaleBar, ...] = ()
    nm_per_px: float | None = None
    scale_confidence: float = 0.0
    """Confidence that `nm_per_px` is right: the bar's ends and its text."""
    width_nm: float | None = None
    height_nm: float | None = None
    flags: tuple[str, ...] = ()
    """Doubts, of those that `PANEL_FLAGS` lists: "scale_conflict", "kind_in_doubt", …"""
    caption: tuple[str, ...] = ()
    reviewed: bool = False
    """A person set it right, or said that it is right (`exsclaim.dataset.review.corrections`)."""
    mentions: tuple[Mention, ...] = ()
    """Sentences of the article's text that name this panel, or a range of panels that it is in."""
    keywords: tuple[str, ...] = ()
    techniques: tuple[str, ...] = ()
    is_inset: bool = False
    parent_id: str | None = None
    """The panel that this one is an inset or a part of."""


class CaptionParts(Record):
    """A caption cut up: what is said of the whole figure, and of each label.

    Keys are bare labels as printed ("a", "B", "a1", "ii"), in alphabetical order. `segments` are verbatim
    parts of the caption; `scale_nm` is the length in nm of the scale bar that the caption states for a label
    (label "" where it speaks of all panels or the figure has no labels).
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
    """0 to 1: how far the labels are to be believed; below 0.7 a person should look. 0 where it was not determined."""
    flags: tuple[str, ...] = ()
    """Reasons why the confidence is not higher: `MEANINGS` in `exsclaim.captions.labels.label_doubts` lists all."""
