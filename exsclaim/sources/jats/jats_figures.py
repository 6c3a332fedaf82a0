"""The figures of a JATS article: `fig` and `fig-group`, their labels, captions, images and own licences."""

import re
from collections.abc import Iterator
from itertools import takewhile

from lxml import etree

from exsclaim.records import Record
from exsclaim.sources.jats.jats_rights import Rights, rights_of
from exsclaim.sources.jats.jats_text import text_of

_OTHERS = frozenset(["sub-article", "response", "ref-list", "front-stub"])
"""Reviews, answers and translations bring figures of their own."""
_PART = re.compile(r"\W*(?:[a-zA-Z]{1,2}|[ivx]{1,4})\W*")
_LABELLED = re.compile(r"(?P<label>(?:Fig(?:ure|\.)?|Scheme|Chart|Plate)\s*S?\d+\w?)\s*[.:|–—]\s+", re.IGNORECASE)
_NO_IMAGES = ("video/", "audio/", "text/", "application/")
_NO_IMAGE = re.compile(r"\.(?:mp4|avi|mov|mpe?g|wmv|webm|mp3|wav|pdf|docx?|xlsx?|pptx?|zip|csv|txt)$", re.IGNORECASE)


class JatsGraphic(Record):
    """One image. `hrefs` are alternatives of it as the XML names them, often without an ending: "fchem-08-g0001"."""

    hrefs: tuple[str, ...]
    label: str = ""
    """Letter of the part that it shows, where the XML says so."""


class JatsFigure(Record):
    """One figure. A figure of several parts, or printed on several pages, has several graphics, in reading order."""

    number: int
    """Position among the article's figures, from 1."""
    label: str
    """"Figure 1", without the full stop or colon behind it; "Figure <number>" where it has none."""
    title: str
    """The caption's own heading; empty where the caption consists of nothing else, which is then its text."""
    caption: str
    graphics: tuple[JatsGraphic, ...]
    rights: Rights
    """Its own, where the figure has its own `permissions`."""


def figures_of(article: etree._Element) -> tuple[JatsFigure, ...]:
    """In the order of the document, without graphical abstracts, tables, and figures of enclosed other articles."""
    figures: list[JatsFigure] = []
    taken: set[etree._Element] = set()
    for element in article.iter("fig", "fig-group"):
        if element in taken or any(str(above.tag) in _OTHERS for above in _above(element, article)):
            continue
        parts = [each for each in element.iter("fig", "fig-group") if each is not element]
        if parts and _is_whole(element, parts):
            taken.update(parts)
        elif str(element.tag) == "fig-group" or (parts and not list(_graphics(element))):
            continue  # a mere bracket around figures that stand for themselves
        else:
            parts = []
        if figure := _figure(element, parts, len(figures) + 1):
            figures.append(figure)
    return tuple(figures)


def _above(element: etree._Element, article: etree._Element) -> Iterator[etree._Element]:
    """What encloses an element within its article (an API may wrap the article in a <response>)."""
    return takewhile(lambda each: each is not article, element.iterancestors())


def _is_whole(element: etree._Element, parts: list[etree._Element]) -> bool:
    """Whether the parts are lettered parts of one figure and not figures with numbers of their own."""
    if element.find("label") is None and element.find("caption") is None:
        return False
    labels = [text_of(part.find("label")) for part in parts]
    return all(not label or _PART.fullmatch(label) for label in labels)


def _figure(element: etree._Element, parts: list[etree._Element], number: int) -> JatsFigure | None:
    label = text_of(element.find("label")).rstrip(" .:|")
    title, caption = _caption(element)
    if not caption and str(element.getparent().tag) == "fig-group":
        title, caption = _caption(element.getparent())
    graphics = list(_graphics(element))
    for part in parts:
        letter = text_of(part.find("label")).strip(" .:|()")
        heading, text = _caption(part)
        said = " ".join(filter(None, (f"({letter})" if letter else "", heading, text)))
        caption = f"{caption} {said}".strip() if heading or text else caption
        graphics += [graphic.model_copy(update={"label": letter}) for graphic in _graphics(part)]
    if not label and not caption and not title:
        if any(above.tag == "abstract" for above in element.iterancestors()) or not graphics:
            return None
    elif not label and (labelled := _LABELLED.match(caption)):
        label, caption = labelled["label"], caption[labelled.end() :]
    return JatsFigure(
        number=number,
        label=label or f"Figure {number}",
        title=title,
        caption=caption,
        graphics=tuple(graphics),
        rights=rights_of(element.find("permissions")),
    )


def _caption(element: etree._Element) -> tuple[str, str]:
    """Title and text: those of the caption, else paragraphs beside the image."""
    caption = element.find("caption")
    if caption is None:
        return "", " ".join(filter(None, map(text_of, element.iterfind("p"))))
    title, text = text_of(caption.find("title")), text_of(caption, but=frozenset(["title"]))
    return (title, text) if text else ("", title)


def _graphics(element: etree._Element) -> Iterator[JatsGraphic]:
    """The images of this figure itself: neither its parts', nor formulas drawn in its caption."""
    for child in element:
        name = str(child.tag)
        if name in ("graphic", "media"):
            if hrefs := tuple(filter(None, [_image(child)])):
                yield JatsGraphic(hrefs=hrefs)
        elif name == "alternatives":
            if hrefs := tuple(filter(None, map(_image, child.iter("graphic", "media")))):
                yield JatsGraphic(hrefs=hrefs)
        elif name not in ("fig", "fig-group", "caption", "label", "permissions", "disp-formula", "table"):
            yield from _graphics(child)


def _image(graphic: etree._Element) -> str:
    kind = f"{graphic.get('mimetype', 'image')}/"
    href = graphic.get("href", "").strip()
    return "" if kind.startswith(_NO_IMAGES) or _NO_IMAGE.search(href) else href
