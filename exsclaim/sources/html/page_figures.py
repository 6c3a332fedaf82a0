"""Figures on an article's page, whoever published it: their labels, captions and images.

Most of today's pages have `<figure>` with `<figcaption>`; others name their blocks (`fig-section` at Oxford and AIP,
`html-fig-wrap` at MDPI). Words of buttons ("Open in figure viewer", "PowerPoint") are no part of a caption.
"""

import re
from collections.abc import Iterator, Sequence, Set
from typing import NamedTuple

from bs4 import BeautifulSoup, Tag
from bs4.element import PageElement

from exsclaim.sources.html.css_selectors import select, select_one
from exsclaim.sources.html.html_text import CAPTION, LABEL, parse, text_of, without_buttons
from exsclaim.sources.html.image_addresses import addresses_of, file_stems, images_of, is_in_caption

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
_TABLE_BLOCK = re.compile(r"(?:^|(?<!figure)-)table(?:-wrap|$)|c-article-table")
_TABLE = re.compile(
    r"\W*(?i:(?:supplementary\s+|extended data\s+)?tab(?:le|elle|la|\.))\s*(?:(?:[A-Z]\.?\s?)?\d|[IVX]+\b)"
)
_PANEL, _GRAPHIC = "figure figure, figure .ltx_figure_panel, .subfigure", "img.ltx_graphics"
_LETTER = re.compile(r"\W*(?P<letter>[a-zA-Z]|[ivx]{1,4})\W+(?P<rest>.*)", re.DOTALL)
MAXCAPTION = 8_000
_TWICE = 40
"""So many characters a caption has at least that is taken to be on its page twice."""
MAX_CLIMB = 5
"""So many elements over its caption the one may be that holds a figure's image, too."""
MOST_IN_EACH_OTHER = 12
"""Captions; each is looked through with all that it holds."""
_HEADING = ".c-article-section__figure-caption, .c-article-supplementary__title"
_DESCRIPTION = ".c-article-section__figure-description, .c-article-supplementary__description"
_LABEL_APART = "[class*=label i], h3, h4, h5, h6"
_OTHER_THING = re.compile(
    r"\W*(?:box|exhibit|data ?set|video|movie|animation|audio|source (?:data|code)|algorithm|listing|"
    r"pseudo-?code)\W*\d",
    re.IGNORECASE,
)
"""Without an image it is text in a frame, or a file."""
_FILM = re.compile(r"\W*(?:video|movie|animation|audio)\W*\d", re.IGNORECASE)
"""Its image is the first one of many."""
_NOTE = re.compile(r"^with \d+ (?:figure )?supplements?\b\s*", re.IGNORECASE)
_OWN_DOI = re.compile(
    r"(?:(?<=[.?!)])\s+|\s+DOI:\s*|\s*\bCitation:\s[^:]{3,250}?\d[^:]{0,40}?)(?:https?://(?:dx\.)?doi\.org/)?10\.\d{4,9}/\S+$",
    re.IGNORECASE,
)
"""The figure's own, which PeerJ and eLife print under it; the article's, with which AMS says how to cite it."""
_GRAPHICAL = re.compile(r"graphical|\btoc\b|abstract", re.IGNORECASE)
_NAMED_ABSTRACT = re.compile(r"\W*(?:(?:graphical|visual|video) )?abstract\W*|toc graphic\W*", re.IGNORECASE)


class PageFigure(NamedTuple):
    """One figure of a page. `images` are addresses as the page writes them, of the same image, the largest first."""

    label: str
    """As printed, without the full stop behind it; "" where none is."""
    title: str
    caption: str
    images: tuple[str, ...]
    parts: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Letter ("" where none is) and images of each part, where the page shows a figure as several images."""


def figures_on(page: BeautifulSoup) -> list[PageFigure]:
    """The figures in the order of the page, each once, without tables, formulas, graphical abstracts and portraits.

    A figure whose block names no image is among them with none: it must not vanish.
    """
    found: list[PageFigure] = []
    _part_blocks_of_several(page)
    # by identity: tags are equal where their text is
    elsewhere = {id(place) for place in select(page, _ELSEWHERE) if place.find(["h1", "article"]) is None}
    blocks = list(_blocks(page, elsewhere))
    figures = {id(block): figure_of(block) for block in blocks}
    seen = {_figure_number(figure.label) for figure in figures.values() if figure is not None}
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
    shown = without_buttons(block)
    for image in select(shown, "img"):
        if not is_in_caption(image, shown):
            image.decompose()
    description = " ".join(filter(None, map(text_of, select(shown, _DESCRIPTION))))
    for part in select(shown, _DESCRIPTION):
        part.decompose()
    text = text_of(shown)
    if _TABLE.match(text) or (not text and not description):
        return None
    labelled = LABEL.fullmatch(text)
    if labelled is None and (own := _own_caption(shown)):
        text, labelled = own, LABEL.fullmatch(own)
    label, rest = (labelled["label"], labelled["rest"]) if labelled else ("", text)
    # some pages print the label over the figure and before its caption
    if labelled and (again := LABEL.fullmatch(rest)) and _figure_number(again["label"]) == _figure_number(label):
        rest = again["rest"]
    rest = _said_once(_OWN_DOI.sub("", _NOTE.sub("", rest.rstrip(" |"))))
    images = tuple(images_of(block))
    named = (text, *(text_of(each) for each in ([] if images or labelled else block.find_all("figcaption"))))
    if _FILM.match(text) or (not images and any(map(_OTHER_THING.match, named))):
        return None
    is_aside = block.find_parent("aside") is not None or _NAMED_ABSTRACT.fullmatch(text) is not None
    if not labelled and (is_aside or _is_graphical_abstract(block)):
        return None
    # Springer Nature's pages have a heading over the image and a description below it, which others may not see
    has_heading = bool(description) or select_one(shown, _HEADING) is not None
    title, caption = (rest, description) if has_heading else ("", rest)
    parts = _parts_of(block)
    captions = [f"({letter}) {said}" for letter, said, _ in parts if letter and said and said not in caption]
    return PageFigure(
        " ".join(label.split()).rstrip(" .:|"), title, " ".join(filter(None, [caption, *captions])), images,
        tuple((letter, addresses) for letter, _, addresses in parts),
    )  # fmt: skip


def _said_once(caption: str) -> str:
    """A caption that its page holds twice, for large screens and for small ones, as it is said once."""
    begins = caption[:_TWICE]
    again = caption.find(begins, _TWICE) if len(begins) == _TWICE else -1
    first, second = caption[:again].strip(), caption[again:].strip()
    between = first[len(second) :] if again > 0 and first.startswith(second) else None
    return second if between is not None and len(between.split()) < 3 else caption


def _parts_of(block: Tag) -> list[tuple[str, str, tuple[str, ...]]]:
    """Letter, caption and images of the parts of a figure that are figures inside it, as in what LaTeXML makes."""
    inner = [each for each in select(block, _PANEL) if each.find("img") and select_one(each, _PANEL) is None]
    within = set(map(id, inner))
    inner += [each for each in select(block, _GRAPHIC) if within.isdisjoint(map(id, each.parents))]
    order = {id(tag): place for place, tag in enumerate(block.find_all(True))}
    parts = []
    for each in sorted(inner, key=lambda tag: order[id(tag)]):
        lettered = _LETTER.match(text_of(each.find("figcaption")))
        letter, said = (lettered["letter"], lettered["rest"].strip()) if lettered else ("", "")
        parts.append((letter, said, tuple(images_of(each) if each.name != "img" else addresses_of(each))))
    return parts if len(parts) > 1 else []


def _figure_number(label: str) -> str:
    """Digits and letters of the number: "12" of "Fig. 12." and of "Figure 12"."""
    return re.sub(r"^.*?(?=[A-Z]{0,2}[-.]?\d|\b[IVX]+$)|\W", "", label.strip(" .:|"))


def _blocks(page: BeautifulSoup, elsewhere: Set[int]) -> Iterator[Tag]:
    """Blocks that hold one figure each: of nested ones the outermost that does not bracket several."""
    closed = set(elsewhere)
    for block in select(page, BLOCKS):
        if any(id(place) in closed for place in (block, *block.parents)) or _is_table(block):
            continue
        if _labels_within(block) > 1:
            continue
        closed.add(id(block))
        yield block


def _by_captions(page: BeautifulSoup, blocks: Sequence[Tag], elsewhere: Set[int]) -> Iterator[Tag]:
    """Blocks of an unknown layout: around what calls itself a caption, and begins as one, up to where an image is."""
    closed = {*elsewhere, *map(id, blocks)}
    around = {id(place) for block in blocks for place in block.parents}
    for caption in _captions(page):
        if any(id(place) in closed for place in (caption, *caption.parents)):
            continue
        is_labelled = LABEL.match(text_of(caption)[:MAXCAPTION]) is not None
        if _is_table(caption):
            continue
        place = caption
        for _ in range(MAX_CLIMB):
            is_labelled = is_labelled or _has_label_apart(place)
            if is_labelled and place.find(["img", "picture", "object", "embed"]) is not None:
                closed.add(id(place))
                yield place
                break
            if place.parent is None or place.parent.name in ("body", "main", "article", "[document]"):
                break
            if not is_labelled and id(place.parent) in around:
                break  # the label there is that of a figure which was found
            if len(_numbers_in(place.parent)) > 1:
                break
            place = place.parent


def _captions(block: Tag) -> list[Tag]:
    """Captions in a block by their own names; many within each other, as tags that nothing closes are, are none."""
    found = select(block, CAPTION)
    ids = set(map(id, found))
    return [each for each in found if sum(id(above) in ids for above in each.parents) < MOST_IN_EACH_OTHER]


def _has_label_apart(place: Tag) -> bool:
    """Tell whether one figure's label stands by itself in what holds a caption ("Figure 1." over the image)."""
    labels = (LABEL.fullmatch(text_of(each)) for each in select(place, _LABEL_APART))
    return len({_figure_number(each["label"]) for each in labels if each and not each["rest"]}) == 1


def _numbers_in(block: Tag) -> set[str]:
    """Numbers of the figures whose captions are in a block."""
    texts = [text_of(each)[:200] for each in (block, *_captions(block))]
    return {_figure_number(found["label"]) for text in texts if (found := LABEL.match(text))}


def _own_caption(shown: Tag) -> str:
    """The text that a block marks as its caption, where other words stand before it ("View larger version: …")."""
    captions = (text_of(each) for each in select(shown, CAPTION))
    return next((text for text in captions if LABEL.fullmatch(text)), "")


def _is_table(block: Tag) -> bool:
    said = block.find("figcaption")
    is_figure = said is not None and LABEL.match(text_of(said)[:MAXCAPTION]) is not None  # with a table of switches
    holds_data = not is_figure and any(not select(table, "img") for table in block.find_all("table"))
    return holds_data or block.find_parent(class_=_TABLE_BLOCK) is not None


def _part_blocks_of_several(page: BeautifulSoup) -> None:
    """Make figures of their own of those that share one block (`\\caption` twice in a float): each with its caption.

    A caption's images stand before it; if the block begins with a caption, behind it.
    """
    for block in page.find_all("figure"):
        captions = [each for each in block.find_all("figcaption", recursive=False) if LABEL.match(text_of(each))]
        numbers = {_figure_number(found["label"]) for each in captions if (found := LABEL.match(text_of(each)))}
        if len(numbers) < 2 or len(numbers) < len(captions):
            continue
        ends = set(map(id, captions))
        inside = list(block.children)
        first = next(index for index, each in enumerate(inside) if isinstance(each, Tag))
        leads = inside[first] is captions[0]
        parts: list[list[PageElement]] = [[]]
        for each in inside:
            if leads and id(each) in ends and parts[-1]:
                parts.append([])
            parts[-1].append(each)
            if not leads and id(each) in ends:
                parts.append([])
        for part in parts:
            figure = parse("<figure></figure>").figure
            if figure is None or not any(isinstance(each, Tag) for each in part):
                continue
            figure.attrs = {name: value for name, value in block.attrs.items() if name != "id"}
            block.insert_before(figure)
            figure.extend(part)
        block.decompose()


def _labels_within(block: Tag) -> int:
    """Different figures that blocks within a block are of."""
    inner = select(block, BLOCKS)
    labels = {found["label"].casefold() for each in inner if (found := LABEL.match(text_of(without_buttons(each))))}
    return len(labels)


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
    if not shorter or longer.startswith(shorter.rstrip(" .…")[:80]):
        return True
    # formulas may be drawn in one copy and not yet in the other: then the images are the same
    return shorter[:20] == longer[:20] and not file_stems(known.images).isdisjoint(file_stems(again.images))


def _joined(known: PageFigure, again: PageFigure) -> PageFigure:
    whole = max((known, again), key=lambda figure: len(figure.caption))
    return whole._replace(images=tuple(dict.fromkeys((*known.images, *again.images))))
