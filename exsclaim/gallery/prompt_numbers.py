"""Numbers in prompts: years of publication, lengths of bars, views and pixels, and those that mean nothing here."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from exsclaim.lengths import NM_PER_UNIT, length_unit

_NUMBER = r"\d+(?:[.,]\d+)?(?:e-?\d+)?"
_UNIT = (
    r"(?:nm|µm|μm|um|pm|mm|cm|Å|angstroms?|microns?|nanomet(?:re|er)s?|micromet(?:re|er)s?|millimet(?:re|er)s?|"
    r"picomet(?:re|er)s?)"
)
_OTHER_UNIT = r"(?:kv|mv|v|k|°c|°|min|h|s|wt\s?%|at\s?%|%|mpa|gpa|pa|ma|hz|khz|mhz|ev|kev|mm?ol|x)"
"""Units of what is no length: nothing here is found by them."""
_YEAR = r"(?:19|20)\d\d"
_NO_SIZE = rf"(?!\w|\s*-?{_UNIT}(?![\w-]))"
"""After a year: "2000 nm" is none."""
_NO_UNIT = rf"{_NO_SIZE}(?!\s*-?(?!min\s*\d){_OTHER_UNIT}(?![\w-]))"
"""The same of "2000 °C"; in "2020 min 5 nm" begins the next condition."""
_YEARS = re.compile(
    rf"\b(?:(?:published\s+)?(?:from|between)\s+)?(?P<first>{_YEAR})\s*(?:-|to|and|until|till|through)\s*"
    rf"(?P<last>{_YEAR}){_NO_UNIT}"
    rf"|\b(?:published\s+)?(?P<word>(?P<dated>since|in)|from|after|before|until|till|up\s+to|through|by|of)\s+"
    rf"(?P<year>{_YEAR})(?(dated){_NO_SIZE}|{_NO_UNIT})"  # "in 2020 S. aureus": nobody says "in 2020 s"
    rf"|\b(?:the\s+)?(?:last|past)\s+(?P<count>\d{{1,2}}|two|three|five|ten)\s+years?\b"
    rf"|\b(?P<this>this\s+year)\b|(?<![\w.])(?P<bare>{_YEAR})(?!\.\d){_NO_UNIT}",
    re.IGNORECASE,
)
_COUNTS = {"two": 2, "three": 3, "five": 5, "ten": 10}
_BELOW = (
    r"below|under|less than|smaller than|finer than|shorter than|narrower than|thinner than|up to|at most|within|"
    r"no more than|max(?:imum)?(?: of)?|<=|≤|<"
)
_ABOVE = (
    r"above|over|more than|larger than|greater than|bigger than|wider than|coarser than|longer than|at least|"
    r"no less than|min(?:imum)?(?: of)?|>=|≥|>"
)
_ABOUT = r"about|around|approximately|roughly|ca\.?|some|~|≈"
_BAR = r"(?:scale\s*-?\s*bars?|scalebars?|scales?|bars?)"
_WIDTH = r"(?:field(?:s)?\s+of\s+view|fov|widths?|wide|across|broad|wider|narrower)"
_PIXEL = r"(?:per\s+(?:pixel|px)|/\s*(?:pixel|px)|pixel\s+sizes?|resolution|pixels?)"
_NOUN = rf"(?P<noun>{_BAR}|{_WIDTH}|{_PIXEL})"
_LENGTHS = re.compile(
    rf"(?:(?:with\s+)?(?:an?\s+)?(?:{_NOUN})\s*(?:of|is|are|=|:)?\s*)?"
    rf"(?:(?P<below>{_BELOW})\s*|(?P<above>{_ABOVE})\s*|(?P<about>{_ABOUT})\s*|(?:between|from)\s+)?"
    rf"(?<![\w.])(?:(?P<least>{_NUMBER})\s*(?P<least_unit>{_UNIT})?\s*(?:-|to|and)\s*)?"
    rf"(?P<number>{_NUMBER})\s*-?(?P<unit>{_UNIT})(?!\w)"
    rf"(?:\s*(?:of\s+)?(?P<after>{_BAR}|{_WIDTH}|{_PIXEL})\b)?",
    re.IGNORECASE,
)
_NO_LENGTH = re.compile(
    rf"(?:(?:{_BELOW}|{_ABOVE}|{_ABOUT}|at|of)\s+)?(?<![\w.-]){_NUMBER}\s*{_OTHER_UNIT}(?!\w)|"
    rf"(?:{_BELOW}|{_ABOVE}|{_ABOUT})\s*(?<![\w.]){_NUMBER}(?![\w.])",
    re.IGNORECASE,
)


class Stated(NamedTuple):
    """A stretch of a prompt, in characters, and the conditions that it means; with what is to be said of it."""

    start: int
    end: int
    conditions: tuple[tuple[str, str], ...]
    note: str = ""


def years(text: str, this_year: int) -> Iterator[Stated]:
    """Years of publication: from, until, between, in the last n years."""
    for found in _YEARS.finditer(text):
        if found["first"]:
            least, most = sorted((int(found["first"]), int(found["last"])))
        elif found["count"]:
            count = _COUNTS.get(found["count"].lower()) or int(found["count"])
            least, most = this_year - count + 1, 0
        elif found["this"]:
            least = most = this_year
        elif found["bare"]:
            least = most = int(found["bare"])
        else:
            year, word = int(found["year"]), " ".join(found["word"].lower().split())
            least = {"since": year, "from": year, "after": year + 1, "in": year, "of": year}.get(word, 0)
            most = {"before": year - 1, "in": year, "of": year}.get(word, 0 if least else year)
        ends = (("year_min", least), ("year_max", most))
        yield Stated(found.start(), found.end(), tuple((name, str(end)) for name, end in ends if end))


def lengths(text: str) -> Iterator[Stated]:
    """Lengths, of the scale bar unless the prompt names the field of view or the pixel."""
    for found in _LENGTHS.finditer(text):
        most = _nm(found["number"], found["unit"])
        noun = f"{found['noun'] or ''} {found['after'] or ''}"
        width = re.search(_WIDTH, f"{noun} {found['above'] or ''} {found['below'] or ''}", re.IGNORECASE)
        field = "px" if re.search(_PIXEL, noun, re.IGNORECASE) else "width" if width else "bar"
        if found["least"]:
            least: float | None = _nm(found["least"], found["least_unit"] or found["unit"])
            least, end = sorted((least or 0.0, most))
        elif found["below"]:
            least, end = None, most
        elif found["above"]:
            least, end = most, 0.0
        elif found["about"] or not noun.strip():
            least, end = most / 2, most * 2
        else:
            least = end = most
        ends = ((f"{field}_min_nm", least), (f"{field}_max_nm", end))
        note = ""
        if not noun.strip() and field == "bar":
            note = f"“{found[0].strip()}” is taken as the length of the scale bar: sizes of what is shown are not known"
        yield Stated(found.start(), found.end(), tuple((name, f"{nm:.10g}") for name, nm in ends if nm), note)


def unusable(text: str) -> Iterator[Stated]:
    """Numbers that are no condition: of another unit ("200 kV"), or of none after a comparison ("below 50")."""
    for found in _NO_LENGTH.finditer(text):
        yield Stated(found.start(), found.end(), (), found[0].strip())


def _nm(number: str, unit: str) -> float:
    symbol = length_unit(unit) or "nm"
    return float(f"{float(number.replace(',', '.')) * NM_PER_UNIT[symbol]:.10g}")
