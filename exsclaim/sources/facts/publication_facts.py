"""Facts of a publication by the words that sources use: its date, its retraction, and third parties' rights in figures.

Of dates sources often give the month or the year alone; retraction is marked in titles, types and relations; figures
that are others' say so in their captions: "Reproduced with permission from ref. 12. Copyright 2014, Elsevier".
"""

import calendar
import datetime as dt
import re
from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

from exsclaim.licences import THIRD_PARTY, UNKNOWN, admits, declared
from exsclaim.records import FigureRef

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


MAX_WORDS = 1_000

_TAKEN = (
    r"(?:re(?:produced|printed|used|drawn|published|plotted)|adapted|adopted|modified|taken|borrowed|excerpted|"
    r"(?:re)?copied|extracted|redrafted|reworked|used)"
)
_LEAVE = r"(?:permissions?|consent|courtesy|under (?:a |the )?licen[cs]e)"
_OTHERS = (
    r"(?:[Rr]efs?\.?\b|[Rr]eferences?\b|\[\s*\d|\(\s*\d{1,3}\s*\)|[A-Z][\w'’.-]+(?:,? (?:and|&) [A-Z][\w'’.-]+)? et al|"
    r"[A-Z][\w'’-]+(?:,)? (?:and|&) [A-Z][\w'’-]+,? \(?(?:19|20)\d\d|[A-Z][\w'’.-]+,? \(?(?:19|20)\d\d|©|copyright\b|"
    r"(?:the )?publisher\b|source\b|https?://|doi\b)"
)
_SIGNS = (
    re.compile(
        rf"\b{_TAKEN}\b[^.;]{{0,120}}?\b(?:with\b[^.;]{{0,60}}?\b|by\b[^.;]{{0,60}}?\b)?{_LEAVE}\b", re.IGNORECASE
    ),
    re.compile(r"\bwith (?:the )?(?:kind |written |prior )*permissions? (?:of|from|by)\b", re.IGNORECASE),
    re.compile(r"\bpermission (?:was )?(?:obtained|granted|kindly)\b|\bby (?:kind )?permission (?:of|from)\b", re.I),
    re.compile(
        rf"\b(?i:{_TAKEN})\b(?: (?:here|and|or|in part|partly|slightly|{_TAKEN}|figure|image|data|panels?))*,?\s+"
        rf"(?:from|after|based on|following)\s+(?:the (?:work|data|study) (?:of|by)\s+)?{_OTHERS}"
    ),
    re.compile(r"(?:©|\b[Cc]opyright\b)\s*(?:\(?(?:19|20)\d\d\)?|(?:by |held by )?(?:the )?[A-Z]|©)"),
    re.compile(r"\([cC]\)\s*(?:19|20)\d\d\b"),
    re.compile(r"\bcourtesy of\b|\bimage credits?\s*:|\bphoto(?:graph)? (?:credits?|courtesy)\b|\bcredits?:\s", re.I),
    re.compile(r"\ball rights reserved\b|\bunder (?:a )?licen[cs]e from\b", re.IGNORECASE),
)
_OWN = re.compile(
    r"(?:©|\(c\)|copyright|©\s*copyright)\s*(?:\d{4}\s*)?(?:the )?authors?\b|"
    r"(?:courtesy|credits?)[: ]+(?:of )?(?:the )?(?:first |corresponding )?authors?\b",
    re.IGNORECASE,
)
_SENTENCE = re.compile(
    r"(?<=[.!?])(?<!\b[A-Z]\.)(?<!\bal\.)(?<!\b[Rr]ef\.)(?<!\b[Rr]efs\.)(?<!\bFig\.)\s+(?=[\[(A-Z©])"
)


def credit_words(caption: str) -> str:
    """The sentences of a caption that say whose the figure is; "" where none says that it is others'."""
    sentences = _SENTENCE.split(caption)
    marked = [_is_credit(sentence) for sentence in sentences]
    # "Reproduced from ref. 4. Elsevier, 2014": what follows a credit and is as short belongs to it
    kept = [sentence for sentence, is_credit in zip(sentences, marked, strict=True) if is_credit]
    return " ".join(kept)[:MAX_WORDS]


def with_own_licence(figure: FigureRef, article_licence: str, statement: str = "") -> FigureRef:
    """The figure with the licence that is its own, where caption or `statement` (its permissions) say that it has one.

    A Creative Commons licence in the credit ("from ref. 3, CC BY 4.0") is named; without one it is "third-party".
    One that equals the article's, or an author's own copyright line, changes nothing.
    """
    words = " ".join(filter(None, (credit_words(figure.caption), credit_words(statement))))
    stated = declared(statement) if statement.strip() else None
    if not words and (stated is None or stated.id in (UNKNOWN, article_licence)):
        return figure
    named = declared(words or statement)
    if named.is_open:
        licence = named.id
    elif not words:
        return figure
    else:
        licence = THIRD_PARTY
    if licence == article_licence or (licence != THIRD_PARTY and admits(licence, article_licence)):
        return figure
    return figure.model_copy(update={"licence": licence, "licence_words": (words or statement)[:MAX_WORDS]})


def with_own_licences(figures: Sequence[FigureRef], article_licence: str) -> tuple[FigureRef, ...]:
    """`with_own_licence` for figures of which the captions alone are known."""
    return tuple(with_own_licence(figure, article_licence) for figure in figures)


def _is_credit(sentence: str) -> bool:
    return any(sign.search(sentence) for sign in _SIGNS) and not (
        _OWN.search(sentence) and not re.search(r"permission|\breproduced\b|\badapted\b", sentence, re.IGNORECASE)
    )
