"""The images that a JATS figure names, each with the renditions of it that the publisher keeps side by side."""

import re
from collections.abc import Iterator
from itertools import takewhile
from operator import itemgetter

from lxml import etree

from exsclaim.records import Record

_NO_IMAGES = ("video/", "audio/", "text/", "application/")
_NO_IMAGE = re.compile(r"\.(?:mp4|avi|mov|mpe?g|wmv|webm|mp3|wav|docx?|xlsx?|pptx?|zip|csv|txt)$", re.IGNORECASE)
_NOT_OWN = frozenset(["fig", "fig-group", "table-wrap", "table", "inline-formula", "label", "permissions"])
_ENDING = re.compile(r"\.(?:eps|ps|tiff?|jpe?g|png|gif|svg|webp|bmp|pdf)$", re.IGNORECASE)
_PDF = re.compile(r"\.pdf$", re.IGNORECASE)
_OF_PRINTERS = re.compile(r"\.(?:eps|ps)$", re.IGNORECASE)
_LARGE = frozenset(["hr", "hi", "high", "highres", "hires", "large", "lrg"])
_SMALL = frozenset(["lr", "lo", "low", "lowres", "lores", "small", "thumb", "thumbnail", "tn"])
_SIZE = re.compile(rf"[_.-]({'|'.join(sorted(_LARGE | _SMALL | {'web', 'online', 'print'}))})$", re.IGNORECASE)


class JatsGraphic(Record):
    """One image. `hrefs` are alternatives of it as the XML names them, often without an ending: "fchem-08-g0001"."""

    hrefs: tuple[str, ...]
    label: str = ""
    """Letter of the part that it shows, where the XML says so."""


def graphics_of(element: etree._Element) -> list[JatsGraphic]:
    """The images of this figure itself: neither its parts', nor formulas drawn in its caption.

    IOP names each image three times, side by side: `f1.eps` (`content-type="print"`), `f1_lr.jpg`, `f1_hr.jpg`.
    """
    found: dict[str, list[tuple[int, str]]] = {}
    # an image in a formula, or in the line, is the figure's where it is all that the figure has
    images = list(_named(element)) or list(_in_the_line(element))
    for renditions, name in zip(images, _names(images), strict=True):
        own = [(_rank(graphic, href), href) for graphic, href in renditions]
        found.setdefault(name, []).extend(own if len(own) == 1 else [(0, href) for _, href in own])
    return [JatsGraphic(hrefs=tuple(href for _, href in sorted(each, key=itemgetter(0)))) for each in found.values()]


def _named(element: etree._Element) -> Iterator[list[tuple[etree._Element, str]]]:
    """The graphics with what they refer to; those of `alternatives` together, in the order that it gives them."""
    if str(element.tag) == "graphic":  # with a caption of its own
        if href := _image(element):
            yield [(element, href)]
        return
    for child in element:
        name = str(child.tag)
        graphics = [child] if name in ("graphic", "media") else []
        if name == "alternatives":
            graphics = list(child.iter("graphic", "media"))
        if graphics:
            if named := [(graphic, href) for graphic in graphics if (href := _image(graphic))]:
                yield named
        elif name not in ("fig", "fig-group", "caption", "label", "permissions", "disp-formula", "table"):
            yield from _named(child)


def _in_the_line(element: etree._Element) -> Iterator[list[tuple[etree._Element, str]]]:
    """Images of a figure that has none of its own: of a formula, in a paragraph, or set into its caption as a block."""
    for graphic in element.iter("graphic", "inline-graphic"):
        inside = [str(above.tag) for above in takewhile(lambda each: each is not element, graphic.iterancestors())]
        is_sign = graphic.tag == "inline-graphic" and "caption" in inside
        if not is_sign and not _NOT_OWN & {*inside} and (href := _image(graphic)):
            yield [(graphic, href)]


def _names(images: list[list[tuple[etree._Element, str]]]) -> list[str]:
    """The name of each image without ending and size; one for print has that of the one for the screen at its place."""
    uses = [f"{each[0][0].get('content-type', '')} {each[0][0].get('specific-use', '')}".split() for each in images]
    stems = [_stem(each[0][1]) for each in images]
    paper = list(dict.fromkeys(stem for stem, use in zip(stems, uses, strict=True) if "print" in use))
    screen = list(dict.fromkeys(stem for stem, use in zip(stems, uses, strict=True) if {"online", "web"} & {*use}))
    if len(paper) != len(screen):
        return stems
    same = dict(zip(paper, screen, strict=True))
    return [same.get(stem, stem) for stem in stems]


def _stem(href: str) -> str:
    """The name that renditions of one image share: without its ending and the mark of its size."""
    stem = _ENDING.sub("", href)
    return _SIZE.sub("", stem) or stem


def _rank(graphic: etree._Element, href: str) -> int:
    """The place of a rendition: the web's best size first, what only printers read last."""
    if _OF_PRINTERS.search(href):
        return 4
    if _PDF.search(href):
        return 3
    said = f"{graphic.get('content-type', '')} {graphic.get('specific-use', '')}".casefold()
    size = _SIZE.search(_ENDING.sub("", href))
    marks = {*said.replace("-", " ").split(), size[1].casefold() if size else ""}
    return 0 if marks & _LARGE else 2 if marks & _SMALL else 1


def _image(graphic: etree._Element) -> str:
    """The name of an image; of other files, and of a PDF that is called a medium and no graphic, ""."""
    is_postscript = graphic.tag == "graphic" and "postscript" in graphic.get("mime-subtype", "")  # as eLife has all
    kind = "image/" if is_postscript else f"{graphic.get('mimetype', 'image')}/"
    href = graphic.get("href", "").strip()
    if _PDF.search(href):
        return href if graphic.tag == "graphic" else ""
    return "" if kind.startswith(_NO_IMAGES) or _NO_IMAGE.search(href) else href
