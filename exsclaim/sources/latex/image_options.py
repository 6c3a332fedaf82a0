"""One image as a document includes it: its options say how wide it is, what is cut off, how it is turned."""

import re
from typing import NamedTuple

_LENGTH = re.compile(r"\s*(?P<factor>-?\d*\.?\d*)\s*(?P<unit>\\[A-Za-z]+|cm|mm|in|pt|bp|pc|em)?")
_TEXT_WIDTH_CM = 17.0
_CM = {"cm": 1.0, "mm": 0.1, "in": 2.54, "pt": 0.0351, "bp": 0.0353, "pc": 0.4217, "em": 0.35}
_QUOTED = re.compile(r"(?:\\string(?![A-Za-z])\s*)?\"")


class LatexGraphic(NamedTuple):
    """One image as the document calls it. `trim_bp` is cut off left, below, right and above, in 1/72 inch."""

    name: str
    letter: str = ""
    width_share: float | None = None
    """Of the text's width."""
    trim_bp: tuple[float, float, float, float] | None = None
    angle: int = 0
    """Degrees, counter-clockwise; multiples of 90."""
    page: int = 1


def graphic_of(path: str, options: str, letter: str, width: float) -> LatexGraphic:
    """The image at `path` with its options, in a part that has the letter and this share of the text's width."""
    parts = (part.partition("=") for part in re.findall(r"(?:[^,{}]|\{[^{}]*\})+", options))
    keys = {key.strip(): value.strip(" {}") for key, _, value in parts}
    share = width_share(keys["width"]) if "width" in keys else None
    trim = keys.get("trim", "").split()
    angle = re.fullmatch(r"-?\d{1,3}(?=\.0*)?", keys.get("angle", "0").split(".")[0])
    turns = round(int(angle[0]) / 90) * 90 % 360 if angle else 0
    return LatexGraphic(
        name=_QUOTED.sub("", path).strip(),
        letter=letter,
        width_share=None if share is None else share * width,
        trim_bp=_trimmed(trim) if "clip" in keys and keys["clip"] != "false" and len(trim) == 4 else None,
        angle=turns,
        page=int(keys["page"]) if keys.get("page", "").isdecimal() and len(keys["page"]) < 5 else 1,
    )


def _trimmed(lengths: list[str]) -> tuple[float, float, float, float] | None:
    values = [_points(length) for length in lengths]
    return None if None in values else (values[0] or 0.0, values[1] or 0.0, values[2] or 0.0, values[3] or 0.0)


def _points(length: str) -> float | None:
    found = _LENGTH.fullmatch(length)
    if found is None or not re.search(r"\d", found["factor"]):
        return None
    unit = found["unit"] or "bp"
    return float(found["factor"]) * _CM[unit] / _CM["bp"] if unit in _CM else None


def width_share(length: str) -> float | None:
    """`0.48\\textwidth`, `\\columnwidth`, `8cm` as a share of the text's width; None for what is no length."""
    found = _LENGTH.match(length)
    if found is None or found["unit"] is None or found["factor"] in ("-", "."):
        return None
    factor = float(found["factor"] or 1)
    return factor if found["unit"].startswith("\\") else factor * _CM[found["unit"]] / _TEXT_WIDTH_CM
