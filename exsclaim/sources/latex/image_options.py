"""One image as a document includes it: its options say how wide it is, what is cut off, how it is turned."""

import re
from typing import NamedTuple

_LENGTH = re.compile(r"\s*(?P<factor>-?\d*\.?\d*)\s*(?P<unit>\\[A-Za-z]+|cm|mm|in|pt|bp|pc|em)?")
_TEXT_WIDTH_CM = 17.0
_CM = {"cm": 1.0, "mm": 0.1, "in": 2.54, "pt": 0.0351, "bp": 0.0353, "pc": 0.4217, "em": 0.35}
_OPTION = re.compile(r"(?:[^,{}]|\{(?:[^{}]|\{[^{}]*\})*\})+")
_QUOTED = re.compile(r"(?:\\string(?![A-Za-z])\s*)?\"")


class Cut(NamedTuple):
    """A length that is cut off: in 1/72 inch, and a share of the image's own width or height."""

    bp: float
    share: float = 0.0


class LatexGraphic(NamedTuple):
    """One image as the document calls it. `trim` is cut off left, below, right and above."""

    name: str
    letter: str = ""
    width_share: float | None = None
    """Of the text's width."""
    trim: tuple[Cut, Cut, Cut, Cut] | None = None
    angle: int = 0
    """Degrees, counter-clockwise; multiples of 90."""
    page: int = 1
    viewport_bp: tuple[float, float, float, float] | None = None
    """What is shown alone: left, lower, right and upper edge from the image's lower left corner, in 1/72 inch."""


def graphic_of(path: str, options: str, letter: str, width: float) -> LatexGraphic:
    """The image at `path` with its options, in a part that has the letter and this share of the text's width."""
    parts = (part.partition("=") for part in _OPTION.findall(options))
    keys = {key.strip(): value.strip(" {}") for key, _, value in parts}
    share = width_share(keys["width"]) if "width" in keys else None
    is_clipped = keys.get("clip", "false") != "false"
    trim, viewport = (_lengths(keys.get(key, "")) if is_clipped else None for key in ("trim", "viewport"))
    angle = re.fullmatch(r"-?\d{1,3}(?=\.0*)?", keys.get("angle", "0").split(".")[0])
    turns = round(int(angle[0]) / 90) * 90 % 360 if angle else 0
    return LatexGraphic(
        name=_QUOTED.sub("", path).strip(),
        letter=letter,
        width_share=None if share is None else share * width,
        trim=trim,
        angle=turns,
        page=int(keys["page"]) if keys.get("page", "").isdecimal() and len(keys["page"]) < 5 else 1,
        viewport_bp=None
        if viewport is None or any(each.share for each in viewport)
        else (viewport[0].bp, viewport[1].bp, viewport[2].bp, viewport[3].bp),
    )


def _lengths(listed: str) -> tuple[Cut, Cut, Cut, Cut] | None:
    """Four lengths; None where there are not four, or one is in a unit that the reader cannot know (`\\textwidth`)."""
    cuts = [cut for length in listed.split() if (cut := _cut(length.strip("{}"))) is not None]
    return (cuts[0], cuts[1], cuts[2], cuts[3]) if len(cuts) == len(listed.split()) == 4 else None


def _cut(length: str) -> Cut | None:
    found = _LENGTH.fullmatch(length)
    if found is None or not re.search(r"\d", found["factor"]):
        return None
    factor, unit = float(found["factor"]), found["unit"] or "bp"
    if unit in ("\\width", "\\height"):
        return Cut(0.0, factor)
    return Cut(factor * _CM[unit] / _CM["bp"]) if unit in _CM else Cut(0.0) if factor == 0 else None


def width_share(length: str) -> float | None:
    """`0.48\\textwidth`, `\\columnwidth`, `8cm` as a share of the text's width; None for what is no length."""
    found = _LENGTH.match(length)
    if found is None or found["unit"] is None or found["factor"] in ("-", "."):
        return None
    factor = float(found["factor"] or 1)
    return factor if found["unit"].startswith("\\") else factor * _CM[found["unit"]] / _TEXT_WIDTH_CM
