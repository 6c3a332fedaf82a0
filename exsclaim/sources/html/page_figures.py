"""Figures on an article's page, whoever published it: their labels, captions and images.

Most of today's pages have `<figure>` with `<figcaption>`; others name their blocks (`fig-section` at Oxford and AIP,
`html-fig-wrap` at MDPI). Words of buttons ("Open in figure viewer", "PowerPoint") are no part of a caption.
"""

import copy
import re
from collections.abc import Iterator, Sequence, Set
from typing import NamedTuple
from urllib.parse import urlsplit

from bs4 import BeautifulSoup, Tag

from exsclaim.sources.html.html_text import text_of

BLOCKS = (
    "figure, .figure-wrap, div.figure, div.fig, .fig-section, .html-fig-wrap, .article-section__inline-figure, "
    ".article__inlineFigure, .asset-viewer-inline, .figureSection, .FigureDesc, .boxout.figure-start, div.image_table, "
    ".figureViewer, .inline-figure, .fig-group, .figure-image-content, .c-article-supplementary__item[id^=Fig]"
)
MAX_FIGURES = 1_000
_ELSEWHERE = (
    "nav, footer, [class*=related], [class*=recommend], [class*=references], [class*=mfp-hide], [role=dialog], "
    "[class*=figure-viewer], [class*=modal], [class*=similar-], [class*=figures-tab]"
)
_TABLE = re.compile(r"\W*(?:supplementary\s+|extended data\s+)?tab(?:le|elle|la|\.)\s*[S\dIVX]", re.IGNORECASE)
_NOT_SHOWN = (
    "button, .u-visually-hidden, .visually-hidden, .sr-only, .screen-reader-only, .figure-extra, .figure-bottom-links, "
    ".downloadMSPPT, .ppt-figure-link, .open-figure-link, .print-hide, "
    ".figure-inline-download, .links-for-figure, .figure__tools, .fig-buttons, .figure-btns, "
    ".html-figpopup-link, .c-article-section__figure-link, .article-figure-download, .graphic-bottom .fig-orig, "
    "[class*=figure__download], [class*=figure-download], [class*=ai-alt], .figure-links, .fig-view-orig"
)
_BUTTON = re.compile(
    r"\W*(?:(?:open|view|show|see|enlarge|expand|zoom|reset|download|export|display|hide|close|get|save|click)\b"
    r"(?:[^.;]{0,60}\b(?:images?|slides?|viewer|tab|window|power ?point|ppt|captions?|assets?|gallery|size|resolution|"
    r"figure|file|png|tiff?|jpe?g|pdf|in|out|here|larger?|full))?|(?:ms )?power ?point(?: slide)?|ppt|png|tiff?|pdf|"
    r"jpe?g|original(?: image)?|larger image|full[- ]size(?:d)? image|full caption|high[- ]res(?:olution)?(?: image)?|"
    r"hi-res image|standard(?: image)?|image|(?:in )?(?:figure )?viewer|slide|copyright .{0,40}|permissions?)"
    r"\W*(?:\d+ ?[km]b\W*)?",
    re.IGNORECASE,
)
"""Words of links and buttons around a figure. A caption may have such words, too ("Close view of the figure"): they
count in what can be clicked on alone."""
LABEL = re.compile(
    r"\W{0,3}(?P<label>(?:(?:extended data|supplementa(?:ry|l)|supporting|appendix|online)\s+)?"
    r"(?:fig(?:ure|ura|uur|\.|s\.)?|abb(?:ildung|\.)|scheme|chart|plate|graph|box|illustration|photo|map|exhibit)\s*"
    r"(?:[A-Z]{0,2}[-.]?\d{1,3}(?:\.\d{1,2}|[-–]\d{1,2})?[A-Za-z]?|[IVX]{1,5})\b(?:\s*\(continued\))?)"
    r"\s*(?:[:.|–—]+(?=\W|$|[A-Z(])|$|(?=\s))\s*(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
_CAPTION = "figcaption, [class*=caption i], [class*=legend i]"
MAX_CAPTION = 8_000
MAX_CLIMB = 5
"""So many elements over its caption the one may be that holds a figure's image, too."""
_HEADING = ".c-article-section__figure-caption, .c-article-supplementary__title"
_DESCRIPTION = ".c-article-section__figure-description, .c-article-supplementary__description"
_OTHER_THING = re.compile(
    r"\W*(?:box|exhibit|data ?set|video|movie|animation|audio|source (?:data|code))\W*\d", re.IGNORECASE
)
"""Without an image it is text in a frame, or a file."""
_NO_FIGURE = re.compile(
    r"IEq\d|(?:^|[/_.-])(?:math|equation|icons?|spacer|logo|sprite|avatar|pixel|blank|orcid)(?=[\d/_.-]|$)",
    re.IGNORECASE,
)
_IMAGE_FILE = re.compile(r"\.(?:jpe?g|png|gif|tiff?|webp|bmp)(?:$|[?#])", re.IGNORECASE)
_LARGE = re.compile(r"hi-?res|large|full|_lrg|_hr\b|original", re.IGNORECASE)
_WEBP = re.compile(r"[?&]as=webp|\.webp(?:$|\?)", re.IGNORECASE)
_ADDRESSES = ("data-lg-src", "data-large", "data-original", "data-hi-res-src", "data-full", "data-src", "src")
_GRAPHICAL = re.compile(r"graphical|\btoc\b|abstract", re.IGNORECASE)


class PageFigure(NamedTuple):
    """One figure of a page. `images` are addresses as the page writes them, of the same image, the largest first."""

    label: str
    """As printed, without the full stop behind it; "" where none is."""
    title: str
    caption: str
    images: tuple[str, ...]


def figures_on(page: BeautifulSoup) -> list[PageFigure]:
    """The figures in the order of the page, each once, without tables, formulas, graphical abstracts and portraits.

    A figure whose block names no image is among them with none: it must not vanish.
    """
    found: list[PageFigure] = []
    # by identity: tags are equal where their text is
    elsewhere = {id(place) for place in page.select(_ELSEWHERE) if place.find(["h1", "article"]) is None}
    blocks = list(_blocks(page, elsewhere))
    figures = {id(block): figure_of(block) for block in blocks}
    seen = {figure_number(figure.label) for figure in figures.values() if figure is not None}
    by_caption = [block for block in _by_captions(page, blocks, elsewhere) if seen.isdisjoint(_numbers_in(block))]
    figures |= {id(block): figure_of(block) for block in by_caption}
    order = {id(tag): place for place, tag in enumerate(page.find_all(True))} if by_caption else {}
    for block in sorted([*blocks, *by_caption], key=lambda each: order.get(id(each), 0)):
        figure = figures[id(block)]
        if figure is None:
            continue
        again = next((index for index, known in enumerate(found) if _is_same(known, figure)), None)
        if again is None:
            found.append(figure)
        else:
            found[again] = _joined(found[again], figure)
    return found[:MAX_FIGURES]


def figure_of(block: Tag) -> PageFigure | None:
    """The figure that a block shows; None where it is a table, or neither label nor caption is there."""
    shown = _without_buttons(block)
    for image in shown.select("img"):
        if not _is_in_caption(image, shown):
            image.decompose()
    description = " ".join(filter(None, map(text_of, shown.select(_DESCRIPTION))))
    for part in shown.select(_DESCRIPTION):
        part.decompose()
    text = text_of(shown)
    if _TABLE.match(text) or (not text and not description):
        return None
    labelled = LABEL.fullmatch(text)
    if labelled is None and (own := _own_caption(shown)):
        text, labelled = own, LABEL.fullmatch(own)
    label, rest = (labelled["label"], labelled["rest"]) if labelled else ("", text)
    # some pages print the label over the figure and before its caption
    if labelled and (again := LABEL.fullmatch(rest)) and figure_number(again["label"]) == figure_number(label):
        rest = again["rest"]
    rest = rest.rstrip(" |")
    images = tuple(images_of(block))
    if not images and _OTHER_THING.match(text):
        return None
    if not labelled and (block.find_parent("aside") is not None or _is_graphical_abstract(block)):
        return None
    # Springer Nature's pages have a heading over the image and a description below it, which others may not see
    has_heading = bool(description) or shown.select_one(_HEADING) is not None
    title, caption = (rest, description) if has_heading else ("", rest)
    return PageFigure(" ".join(label.split()).rstrip(" .:|"), title, caption, images)


def figure_number(label: str) -> str:
    """Digits and letters of the number: "12" of "Fig. 12." and of "Figure 12"."""
    return re.sub(r"^.*?(?=[A-Z]{0,2}[-.]?\d|\b[IVX]+$)|\W", "", label.strip(" .:|"))


def images_of(block: Tag) -> Iterator[str]:
    """Addresses of a figure's image, those of large renditions first; formulas in its caption are none of it."""
    found: list[tuple[int, str]] = []
    for image in block.select("img, picture source, a[href], a[data-supp-info-image], object[data]"):
        if image.name != "a" and _is_in_caption(image, block):
            continue
        for address in _addresses(image):
            is_image = image.name != "a" or bool(_IMAGE_FILE.search(address))
            if is_image and not _NO_FIGURE.search(urlsplit(address).path.rpartition("/")[2] or address):
                is_large = bool(_LARGE.search(address))
                found.append(
                    (3 if _WEBP.search(address) else 0 if is_large else 1 if image.name == "a" else 2, address)
                )
    yield from dict.fromkeys(address for _, address in sorted(found, key=lambda each: each[0]))


def _addresses(image: Tag) -> Iterator[str]:
    if image.name == "a":
        named = [str(image.get(name, "")) for name in ("data-supp-info-image", "href")]
    elif image.name == "object":
        named = [str(image.get("data", ""))]
    else:
        named = [*_of_set(str(image.get("srcset") or image.get("data-srcset") or "")),
                 *(str(image.get(name, "")) for name in _ADDRESSES)]  # fmt: skip
    for address in named:
        if address.strip() and not address.strip().startswith(("data:", "#", "javascript:")):
            yield address.strip()


def _of_set(candidates: str) -> list[str]:
    """Addresses of a `srcset`, the widest first."""
    parts = [part.split() for part in re.split(r",\s+", candidates) if part.strip()]

    def width(part: Sequence[str]) -> float:
        number = re.fullmatch(r"(\d+(?:\.\d+)?)[wx]", part[1]) if len(part) > 1 else None
        return float(number[1]) if number else 0.0

    return [part[0] for part in sorted(parts, key=width, reverse=True)]


def _blocks(page: BeautifulSoup, elsewhere: Set[int]) -> Iterator[Tag]:
    """Blocks that hold one figure each: of nested ones the outermost that does not bracket several."""
    closed = set(elsewhere)
    for block in page.select(BLOCKS):
        if any(id(place) in closed for place in (block, *block.parents)) or _is_table(block):
            continue
        if _labels_within(block) > 1:
            continue
        closed.add(id(block))
        yield block


def _by_captions(page: BeautifulSoup, blocks: Sequence[Tag], elsewhere: Set[int]) -> Iterator[Tag]:
    """Blocks of an unknown layout: around what calls itself a caption, and begins as one, up to where an image is."""
    closed = {*elsewhere, *map(id, blocks)}
    for caption in page.select(_CAPTION):
        if any(id(place) in closed for place in (caption, *caption.parents)):
            continue
        labelled = LABEL.match(text_of(caption)[:MAX_CAPTION])
        if labelled is None or _is_table(caption):
            continue
        place = caption
        for _ in range(MAX_CLIMB):
            if place.find(["img", "picture", "object"]) is not None:
                closed.add(id(place))
                yield place
                break
            if place.parent is None or place.parent.name in ("body", "main", "article", "[document]"):
                break
            if len(_numbers_in(place.parent)) > 1:
                break
            place = place.parent


def _numbers_in(block: Tag) -> set[str]:
    """Numbers of the figures whose captions are in a block."""
    texts = [text_of(each)[:200] for each in (block, *block.select(_CAPTION))]
    return {figure_number(found["label"]) for text in texts if (found := LABEL.match(text))}


def _own_caption(shown: Tag) -> str:
    """The text that a block marks as its caption, where other words stand before it ("View larger version: …")."""
    captions = (text_of(each) for each in shown.select(_CAPTION))
    return next((text for text in captions if LABEL.fullmatch(text)), "")


def _is_table(block: Tag) -> bool:
    holds_data = any(not table.select("img") for table in block.find_all("table"))
    return holds_data or block.find_parent(class_=re.compile(r"(?:^|-)table(?:-wrap|$)|c-article-table")) is not None


def _labels_within(block: Tag) -> int:
    """Different figures that blocks within a block are of."""
    inner = block.select(BLOCKS)
    labels = {found["label"].casefold() for each in inner if (found := LABEL.match(text_of(_without_buttons(each))))}
    return len(labels)


def _without_buttons(block: Tag) -> Tag:
    """A copy of a block without what is there to be clicked on."""
    shown = copy.copy(block)
    for element in shown.select(_NOT_SHOWN):
        element.decompose()
    for element in reversed(shown.find_all(["a", "button", "li"])):
        text = " ".join(element.get_text(" ").split())
        is_link = element.name != "li" or element.find(["a", "button"]) is not None
        if is_link and len(text) < 90 and _BUTTON.fullmatch(text) and not LABEL.match(text):
            element.decompose()
    return shown


def _is_in_caption(image: Tag, block: Tag) -> bool:
    for above in image.parents:
        if above is block:
            return False
        classes = " ".join(above.get_attribute_list("class") or []) if above.get("class") else ""
        if above.name in ("figcaption", "p", "b", "h1", "h2", "h3", "h4", "h5", "h6") and text_of(above):
            return True
        if re.search(r"(?:^|[\s_-])(?:captions?|legends?|description)(?:$|[\s_-])", classes) and text_of(above):
            return True
    return False


def _is_graphical_abstract(block: Tag) -> bool:
    return any(
        _GRAPHICAL.search(f"{each.get('id', '')} {' '.join(each.get_attribute_list('class') or [''])}")
        for each in (block, *block.parents)
        if isinstance(each, Tag) and each.name not in ("body", "html", "main") and (each.get("id") or each.get("class"))
    )


def _is_same(known: PageFigure, again: PageFigure) -> bool:
    """Tell whether a figure is shown a second time: a thumbnail, a viewer's copy."""
    if known.label.casefold() != again.label.casefold():
        return False
    shorter, longer = sorted((known.caption, again.caption), key=len)
    if not known.label:
        return shorter == longer and bool(shorter)
    return not shorter or longer.startswith(shorter.rstrip(" .…")[:80])


def _joined(known: PageFigure, again: PageFigure) -> PageFigure:
    whole = max((known, again), key=lambda figure: len(figure.caption))
    return whole._replace(images=tuple(dict.fromkeys((*known.images, *again.images))))
