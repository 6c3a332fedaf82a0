"""Addresses of a figure's image on a page: of all that its block names, the largest rendition first.

Pages name an image in `src`, `srcset`, attributes that scripts load from, and links to a larger copy; beside it are
placeholders, icons, pictures of formulas, and links to pages that show it.
"""

import re
from collections.abc import Iterable, Iterator, Sequence, Set
from urllib.parse import parse_qs

from bs4 import Tag

from exsclaim.http.addresses import address_parts
from exsclaim.sources.html.css_selectors import select
from exsclaim.sources.html.html_text import LABEL, parse, text_of

_OF_FORMULA = re.compile(r"IEq\d", re.IGNORECASE)
_WORDS = re.compile(r"[^\W\d_]+")
_OF_PAGE = frozenset([
    "icon", "icons", "sprite", "avatar", "orcid", "loader", "preloader", "preload", "preloading", "placeholder", "pxl",
])  # fmt: skip
_OF_PAGE_PERHAPS = frozenset(["math", "equation", "spacer", "logo", "pixel", "blank", "load", "loading", "transparent"])
"""Words of files' names that a figure has, too, if it is all that is shown: "loading-curve.jpg", "pixel-map.png"."""
_SAYING_NOTHING = frozenset([
    "gif", "png", "jpg", "jpeg", "webp", "svg", "bmp", "img", "image", "pre", "lazy", "small", "default", "white",
    "grey", "gray", "bg", "x", "px",
])  # fmt: skip
_IMAGES = (
    "img, picture source, a[href], a[data-supp-info-image], object[data], video[poster], "
    "embed[src$='.pdf' i], embed[type='application/pdf' i], iframe[src$='.pdf' i]"
)
_NO_IMAGE = re.compile(r"\.pptx?(?:$|[?#])|/images/entities/", re.IGNORECASE)
"""Wiley's slide of a figure, whose address ends with that of the image; RSC's pictures of rare characters."""
_IMAGE_FILE = re.compile(r"\.(?:jpe?g|png|gif|tiff?|webp|bmp)(?:$|[?#])", re.IGNORECASE)
_PAGE_OF_IMAGE = re.compile(r"/view-?large/|/figures?/view|/(?:view|show)-?figure", re.IGNORECASE)
"""Ends as an image does, but shows it on a page."""
_SIGNED = re.compile(r"(?<=[?&])(?P<key>Key-Pair-Id=[^&]+)&.*$")
_LAZY = re.compile(r"data-(?:[a-z-]*-)?(?:src|image|img|url|original|full|large|zoom)(?:-[a-z-]*)?")
MOST_THUMBNAILS = 8
"""Links of one figure to its dialogs that are followed."""
_DIGITS = re.compile(r"\d+")
_LARGE = re.compile(r"hi-?res|large|full|_lrg|_hr\b|original", re.IGNORECASE)
_WEBP = re.compile(r"[?&]as=webp|\.webp(?:$|\?)", re.IGNORECASE)
_ADDRESSES = ("data-lg-src", "data-large", "data-original", "data-hi-res-src", "data-full", "data-src", "src")


def images_of(block: Tag) -> Iterator[str]:
    """Addresses of a figure's image, those of large renditions first; formulas in its caption are none of it.

    A link whose file differs from the images shown in a number alone ("f02" beside "f01") leads to another figure's.
    """
    found: list[tuple[int, str]] = []
    doubtful: list[tuple[int, str]] = []
    linked: set[str] = set()
    opened = list(_in_dialogs(block))
    larger = set(map(id, opened))
    for image in (*select(block, _IMAGES), *_unscripted(block), *opened):
        if image.name != "a" and is_in_caption(image, block):
            continue
        for address in addresses_of(image):
            has_ending = _IMAGE_FILE.search(address) is not None
            is_page = image.name == "a" and (not has_ending or _PAGE_OF_IMAGE.search(address) is not None)
            name = address_parts(address).path.rpartition("/")[2] or address
            words = set(_WORDS.findall(name.casefold()))
            if not is_page and not _NO_IMAGE.search(address) and not _is_of_page(name, words):
                is_large = id(image) in larger or bool(_LARGE.search(address))
                rank = 3 if _WEBP.search(address) else 0 if is_large else 1 if image.name == "a" else 2
                # what is no image's name beside others that are: a placeholder, a script's address
                chosen = found if words.isdisjoint(_OF_PAGE_PERHAPS) else doubtful
                chosen.append((rank if has_ending else rank + 4, address))
                if image.name == "a":
                    linked.add(address)
    shown = file_stems(address for _, address in found or doubtful if address not in linked)
    alike = {_DIGITS.sub("0", stem) for stem in shown}
    for address in dict.fromkeys(address for _, address in sorted(found or doubtful, key=lambda each: each[0])):
        stem = next(iter(file_stems([address])))
        if address not in linked or stem in shown or _DIGITS.sub("0", stem) not in alike:
            yield address


def _is_of_page(name: str, words: Set[str]) -> bool:
    """Tell whether an image by its file's name is the page's own, or a formula: "icon-close.png", "math-12.gif"."""
    says_nothing_else = not words.isdisjoint(_OF_PAGE_PERHAPS) and words <= _OF_PAGE_PERHAPS | _SAYING_NOTHING
    return says_nothing_else or not words.isdisjoint(_OF_PAGE) or _OF_FORMULA.search(name) is not None


def _unscripted(block: Tag) -> Iterator[Tag]:
    """Images for browsers without scripts, where a page writes them as text: others show a placeholder until then."""
    for place in block.find_all("noscript"):
        if "<img" in (text := place.get_text()):
            yield from parse(text).find_all("img")


def _in_dialogs(block: Tag) -> Iterator[Tag]:
    """Images in the dialogs that a block's thumbnails open, as SciELO's do; one that text opens is another's."""
    page = next(reversed([block, *block.parents]))
    for link in select(block, "[data-target^='#'], [data-bs-target^='#']")[:MOST_THUMBNAILS]:
        name = str(link.get("data-target") or link.get("data-bs-target"))[1:]
        named = page.find_all(id=name) if name and not LABEL.match(text_of(link)) else []
        if len(named) == 1 and not any(each is block for each in named[0].parents):
            yield from named[0].find_all("img")  # of several of one name it may be any


def addresses_of(image: Tag) -> Iterator[str]:
    """Addresses that one `img`, `source`, link or object names, the widest of a `srcset` first."""
    if image.name == "a":
        link = str(image.get("href", ""))
        given = parse_qs(address_parts(link).query, keep_blank_values=False).get("image", [""])[0]
        if given and _IMAGE_FILE.search(given):
            # a service hands on the image at another address, which may be signed: its query belongs to it
            link = (
                _SIGNED.sub(r"\g<key>", link.partition("image=")[2])
                if given.startswith(("http://", "https://"))
                else link
            )
        named = [str(image.get("data-supp-info-image", "")), link]
    elif image.name == "object":
        named = [str(image.get("data", ""))]
    elif image.name == "video":
        named = [str(image.get("poster", ""))]
    else:
        named = [*_of_set(str(image.get("srcset") or image.get("data-srcset") or "")),
                 *(str(image.get(name, "")) for name in _ADDRESSES),
                 *(str(value) for name, value in image.attrs.items()
                   if _LAZY.fullmatch(name) and _IMAGE_FILE.search(str(value)))]  # fmt: skip
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


def is_in_caption(image: Tag, block: Tag) -> bool:
    """Tell whether an image of a block stands in its caption, as those of formulas do."""
    if "ltx_graphics" in image.get_attribute_list("class"):
        return False  # LaTeXML's: never a formula, though pieces of TeX may stand beside it
    for above in image.parents:
        if above is block:
            return False
        classes = " ".join(above.get_attribute_list("class") or []) if above.get("class") else ""
        if above.name in ("figcaption", "p", "b", "h1", "h2", "h3", "h4", "h5", "h6") and text_of(above):
            return True
        if re.search(r"(?:^|[\s_-])(?:captions?|legends?|description)(?:$|[\s_-])", classes) and text_of(above):
            return True
    return False


def file_stems(addresses: Iterable[str]) -> set[str]:
    """Names of files without ending and size ("full-", "inline-"): the same for renditions of one image."""
    names = (address_parts(address).path.rpartition("/")[2] for address in addresses)
    return {
        re.sub(r"^(?:full|inline|large|small|thumb\w*|m)[-_]|\.\w+$", "", name, flags=re.IGNORECASE) for name in names
    }
