"""Facts of a publication by the words that sources use: its date, its DOI, its retraction.

Of dates sources often give the month or the year alone; retraction is marked in titles, types and relations.
"""

import calendar
import datetime as dt
import re
from collections.abc import Iterable
from typing import Literal, NamedTuple

Precision = Literal["day", "month", "year"]

_MONTHS = {name.casefold(): number for number, name in enumerate(calendar.month_name) if name}
_MONTHS |= {name[:3]: number for name, number in _MONTHS.items()} | {"sept": 9}
_SEASONS = frozenset(["spring", "summer", "autumn", "fall", "winter"])
_NUMERIC = re.compile(r"(?P<year>\d{4})(?:[-/.](?P<month>\d{1,2})(?:[-/.](?P<day>\d{1,2})(?!\d))?)?(?!\d)")
_COMPACT = re.compile(r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})(?!\d)")
_DAY_FIRST = re.compile(
    r"(?:(?P<day>\d{1,2})(?:st|nd|rd|th)?[\s.-]+)?(?P<name>[A-Za-z]{3,9})\.?[\s,.-]+(?P<year>\d{4})"
)
_MONTH_FIRST = re.compile(r"(?P<name>[A-Za-z]{3,9})\.?\s+(?P<day>\d{1,2})(?:st|nd|rd|th)?,?\s+(?P<year>\d{4})")
_YEAR_FIRST = re.compile(r"(?P<year>\d{4})[\s,-]+(?P<name>[A-Za-z]{3,9})\.?(?:[\s-]+(?P<day>\d{1,2}))?(?!\d)")
_EARLIEST, _LATEST = 1600, 2200


class PublicationDate(NamedTuple):
    """The first day on which it may have been, and how much of it is known."""

    day: dt.date
    precision: Precision = "day"


def publication_date(year: object, month: object = None, day: object = None) -> PublicationDate | None:
    """A date from its parts: numbers, digits, or a month by its English name. None where the year is none.

    A part that cannot be (month 13, 30 February, "Spring") is taken as not given.
    """
    known_year = _number(year)
    if known_year is None or not _EARLIEST <= known_year <= _LATEST:
        return None
    known_month = _number(month)
    if known_month is None and isinstance(month, str):
        known_month = _MONTHS.get(month.strip(" .").casefold())
    if known_month is None or not 1 <= known_month <= 12:
        return PublicationDate(dt.date(known_year, 1, 1), "year")
    known_day = _number(day)
    if known_day is None or not 1 <= known_day <= calendar.monthrange(known_year, known_month)[1]:
        return PublicationDate(dt.date(known_year, known_month, 1), "month")
    return PublicationDate(dt.date(known_year, known_month, known_day))


def written_date(text: str) -> PublicationDate | None:
    """The date that a text begins with: "2018-09-13T10:00", "2023/7", "26 Jul 2024", "October 15, 2020", "2021".

    None for what is written otherwise; of numbers alone the year must come first (07/08/2020 may be two days).
    """
    text = " ".join(text.split())
    for pattern in (_COMPACT, _NUMERIC, _MONTH_FIRST, _DAY_FIRST, _YEAR_FIRST):
        found = pattern.match(text)
        parts = found.groupdict() if found else {}
        if "name" in parts:
            name = parts["name"].casefold()
            if name not in _MONTHS and name not in _SEASONS:
                continue
            return publication_date(parts["year"], name, parts["day"])
        # "2021 Jun 5" and "2021 Spring" begin as a year alone does
        if found and not (pattern is _NUMERIC and not parts["month"] and _YEAR_FIRST.match(text)):
            return publication_date(parts["year"], parts["month"], parts["day"])
    return None


def most_precise(dates: Iterable[PublicationDate | None]) -> PublicationDate | None:
    """The first that is known to the day, else the first known to the month, else the first year."""
    known = [date for date in dates if date is not None]
    return min(known, key=lambda date: ("day", "month", "year").index(date.precision), default=None)


def _number(value: object) -> int | None:
    if isinstance(value, int):
        return value
    text = value.strip() if isinstance(value, str) else ""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 4 else None


_RESOLVER = re.compile(r"\s*(?:(?:https?://)?(?:dx\.|www\.)?doi\.org/|doi:\s*)", re.IGNORECASE)


def bare_doi(text: str) -> str:
    """A DOI without what is written before it: "10.5555/rods" of "https://doi.org/10.5555/rods", "doi:10.5555/rods"."""
    found = _RESOLVER.match(text)
    return text[found.end() if found else 0 :].strip()


_WORDS = r"(?:retracted|withdrawn|removed|temporary removal)"
_KINDS = r"(?:\s+(?:article|paper|chapter|manuscript|preprint|publication|study))?"
_BEFORE = re.compile(rf"\W*(?:article\s+)?{_WORDS}{_KINDS}\s*(?:[:\]–—|]|-\s|\.\s+(?=[A-Z])|\)\s*\w)", re.IGNORECASE)
_BEHIND = re.compile(
    rf"[(\[{{]\s*(?:this\s+)?(?:article\s+)?(?:has\s+been\s+)?{_WORDS}{_KINDS}[^()\[\]]{{0,80}}[)\]}}]\W*$"
    rf"|[-–—:]\s*{_WORDS}{_KINDS}\W*$|\.\s+{_WORDS}\W*$",
    re.IGNORECASE,
)
_SHOUTED = re.compile(r"\W*(?:RETRACTED|WITHDRAWN|REMOVED)\b(?:\s+(?:ARTICLE|PAPER))?(?=\s+[A-Z][a-z]|\W*$)")
_KINDS_OF_ARTICLES = re.compile(
    r"(?:retracted|withdrawn|removed)(?:[-\s_]?(?:article|paper|publication))?", re.IGNORECASE
)
_RELATIONS = frozenset(
    ["retraction-forward", "retracted-by", "retraction", "withdrawal", "withdrawn-by", "removal", "retracted"]
)


def is_retracted(title: str, *, article_type: str = "", relations: Iterable[str] = ()) -> bool:
    """Tell whether a work is marked as retracted, withdrawn or removed; the note that says so of another is not.

    Args:
        title: as printed: "RETRACTED ARTICLE: Silver nanowires", "Silver nanowires (Retracted Article)".
        article_type: as the source names it: JATS's `article-type`, Europe PMC's or Crossref's types.
        relations: kinds of works that are about this one: JATS's `related-article-type`, Crossref's `updated-by`.
    """
    title = " ".join(title.split())
    marked = _BEFORE.match(title) or _BEHIND.search(title) or _SHOUTED.match(title)
    if marked or _KINDS_OF_ARTICLES.fullmatch(article_type.strip()):
        return True
    return any(relation.strip().casefold() in _RELATIONS for relation in relations)
