"""The publication as the first and last pages of an article's PDF print it: DOI, date, licence; its journal by XMP."""

import html
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from exsclaim.licences import Licence, declared
from exsclaim.sources.facts.publication_facts import PublicationDate, most_precise, written_date
from exsclaim.sources.html.html_text import tidy
from exsclaim.sources.pdf.page_content import Page

_DOI = re.compile(r"\b10\.\d{4,9}/[-._;()/:a-z0-9]*[a-z0-9]", re.IGNORECASE)
_CITED_AS = re.compile(
    rf"\bcite (?:this article|this paper|as)\b.{{5,700}}?(?P<doi>{_DOI.pattern})", re.IGNORECASE | re.DOTALL
)
_OF_DATA = ("10.17605/", "10.5281/", "10.6084/", "10.5061/", "10.17632/")
"""Registrants of data sets and study plans, which an article cites: OSF, Zenodo, figshare, Dryad, Mendeley Data."""
_PUBLISHED = re.compile(
    r"\b(?:(?:first |e-?)?published(?: online)?(?: ahead of print)?(?: in final form)?|available online|epub(?: date)?|"
    r"(?:date of )?publication(?: date)?|(?:this version )?posted(?: online)?|publicado|publi[ée]e?)"
    r"\s*:?\s*(?:on |in |en |em |le )?(?P<date>[\w .,/-]{4,24})",
    re.IGNORECASE,
)
_DATES_OF_REVIEW = re.compile(r"\b(?:received|accepted|submitted|revised)\b", re.IGNORECASE)
_ARXIV_STAMP = re.compile(r"arXiv:\S+\s+\[[\w.-]+\]\s+(?P<date>\d{1,2} [A-Z][a-z]{2} \d{4})")
_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}\.?"
_ISSUE = re.compile(
    rf"\b(?P<before>{_MONTH} (?:19|20)\d\d)\s*[|•·;,]?\s*Vol(?:ume)?\b"
    rf"|\bVol(?:ume)?\b[\w .,()|:-]{{0,60}}?\b(?P<behind>{_MONTH} (?:19|20)\d\d)\b",
)
_NUMERIC = re.compile(r"\b(\d{1,2})([-/.])(\d{1,2})\2((?:19|20)\d\d)\b")
_PLACE = re.compile(r"\d\s*[-–:]\s*\d|\bVol\b|\d{1,4}\s*\(\d{1,3}\)|\bpp?\b|,\s*\d{1,4}\s*,")
"""Volume or pages in a line at the head or foot of the first page."""
_MARGIN = 0.12
_YEAR = re.compile(
    r"(?:©|\bCopyright\b)\s*(?:©|\(c\))?\s*(?:\d{4}\s*[-–]\s*)?(?P<of_rights>(?:19|20)\d\d)\b"
    r"|\((?P<of_volume>(?:19|20)\d\d)\)\s*\d{1,4}\s*(?:\(\d+\)\s*)?:\s*\w?\d|\b(?P<of_issue>(?:19|20)\d\d)[,;]\s*\d{1,4}\s*"
    r"(?:\([\w .-]{1,12}\)\s*)?[:,]\s*\w?\d"
)
"""Copyright lines, and an article's own place: "(2014) 15:511", "2014, 15:511", "2014; 7(2): 34"."""
_XMP_DATE = re.compile(rb"<prism:(?:publicationDate|coverDate|coverDisplayDate)>([^<]{4,30})<")
_XMP_JOURNAL = re.compile(rb"<prism:publicationName>\s*([^<]{3,200}?)\s*<")
_LINK = re.compile(
    r"https?://(?:www\.)?creativecommons\.org/(?:licen[sc]es/[a-z-]+|publicdomain/(?:zero|mark))/\d\.\d", re.IGNORECASE
)
_OF_THIS = re.compile(
    r"(?:open\s*access\W{1,4}(?:the authors?\W{1,3})?this article|this article is (?:an open[\s-]access article )?"
    r"(?:distributed|licensed|published)|this is an open[\s-]access article"
    r"|(?:(?<=[.!?] )|^)(?-i:Published by) [\w ]{3,60}) ?.{0,60}?"
    r"\b(?:under|terms)\b.{0,40}(?:creative\s*commons|CC[\s-]*BY).{0,250}",
    re.IGNORECASE,
)
_RIGHTS = re.compile(
    r"creative\s*commons|creativecommons|\bCC[\s-]*(?:BY|0)\b|rights\s+reserved|©|copyright", re.IGNORECASE
)


def imprint(
    pages: Sequence[Page], metadata: Mapping[str, str], body: bytes
) -> tuple[str | None, PublicationDate | None, str, str | None, str]:
    """DOI, date of publication, licence and where its terms are, journal."""
    licence = _licence(pages)
    named = _XMP_JOURNAL.search(body)
    journal = tidy(html.unescape(named[1].decode("utf-8", "replace"))) if named else ""
    return _doi(pages, metadata, body), _published(pages, body), licence.id, licence.url, journal


def _doi(pages: Sequence[Page], metadata: Mapping[str, str], body: bytes) -> str | None:
    """The one in the metadata, else the one of the first page that most pages repeat (running feet do)."""
    for text in metadata.values():
        if found := _DOI.search(text):
            return found[0].lower()
    if found_xmp := re.search(rb"<(?:prism:doi|pdfx:doi|dc:identifier)>(?:doi:)?(10\.\d{4,9}/[^<\s]{1,100})<", body):
        return found_xmp[1].decode("ascii", "ignore").lower() or None
    first = [match[0].lower() for line in pages[0].lines for match in _DOI.finditer(line.text)]
    first = [doi for doi in first if not doi.startswith(_OF_DATA)]
    if not first:
        # BioMed Central's older articles have it at their end
        ends = (" ".join(line.text for line in page.lines) for page in pages[-3:])
        found_end = next(filter(None, map(_CITED_AS.search, ends)), None)
        return found_end["doi"].lower() if found_end else None
    everywhere = Counter(
        match[0].lower() for page in pages for line in page.lines for match in _DOI.finditer(line.text)
    )
    return max(first, key=lambda doi: everywhere[doi])


def _published(pages: Sequence[Page], body: bytes) -> PublicationDate | None:
    """The day that the first page gives, else one between those of review at the end, else month or year of the issue.

    What the first page says in other words (the year of the copyright line) is known to the year.
    """
    first = " ".join(line.text for line in pages[0].lines)
    end = next(filter(None, map(_date_after_review, pages[-3:])), None)
    turned = _in_order(first)
    stated = (written_date(found["date"]) for found in _PUBLISHED.finditer(turned))
    stamped = (written_date(found["date"]) for found in _ARXIV_STAMP.finditer(first))
    issue = (written_date(found["before"] or found["behind"]) for found in _ISSUE.finditer(first))
    in_xmp = (written_date(found[1].decode("utf-8", "replace")) for found in _XMP_DATE.finditer(body))
    said = sorted(_YEAR.finditer(first), key=lambda found: found["of_rights"] is None)
    years = (written_date(next(filter(None, found.groups()))) for found in said)
    places = (*issue, *_at_the_edge(pages[0]))
    given = [next(filter(None, dates), None) for dates in (stated, stamped, [end], places, in_xmp, years)]
    return most_precise(given)


def _in_order(text: str) -> str:
    """The text with dates in digits as year, month, day; as the year alone where days and months cannot be told apart.

    One date of a page that has a number beyond 12 in it tells of all in which order they are.
    """
    pairs = [(int(found[1]), int(found[3])) for found in _NUMERIC.finditer(text)]
    day_first, month_first = any(first > 12 for first, _ in pairs), any(second > 12 for _, second in pairs)

    def turned(found: re.Match[str]) -> str:
        if day_first == month_first:
            return found[4]
        day, month = (found[1], found[3]) if day_first else (found[3], found[1])
        return f"{found[4]}-{int(month):02}-{int(day):02}"

    return _NUMERIC.sub(turned, text)


def _at_the_edge(page: Page) -> Iterator[PublicationDate | None]:
    """The month or year of the issue in the head or foot of a page, beside volume or pages."""
    height = page.area.height
    for line in page.lines:
        is_at_edge = not _MARGIN < (line.box.centre[1] - page.area.y0) / height < 1 - _MARGIN
        if not is_at_edge or _DATES_OF_REVIEW.search(line.text) or "http" in line.text or not _PLACE.search(line.text):
            continue
        years = set(re.findall(r"(?<![\d/.-])(?:19|20)\d\d(?![\d/-])", line.text))
        if len(years) == 1:
            month = re.search(rf"(?<![-–/]){_MONTH} (?:19|20)\d\d", line.text)
            yield written_date(month[0]) if month else None
            yield written_date(years.pop())


def _date_after_review(page: Page) -> PublicationDate | None:
    """The day of publication that a page prints behind those of receipt and acceptance."""
    text = _in_order(" ".join(line.text for line in page.lines))
    for found in _PUBLISHED.finditer(text):
        if _DATES_OF_REVIEW.search(text, max(0, found.start() - 120), found.start()):
            return written_date(found["date"])
    return None


def _licence(pages: Sequence[Page]) -> Licence:
    """Licence stated on the first two or last two pages, or anywhere in words that are of the article itself.

    Names of Creative Commons licences are looked for before other rights: articles with appendices state theirs in
    their middle, and "© The Authors" on the first page.
    """
    said: list[str] = []
    for page in [*pages[:2], *pages[-2:]]:
        text = " ".join(line.text for line in page.lines)
        links = [declared(found[0]) for found in _LINK.finditer(re.sub(r"\s+", "", text))]
        if links:
            return links[0]
        said += [text[max(0, found.start() - 60) : found.end() + 200] for found in _RIGHTS.finditer(text)]
    licence = declared(*said)
    return licence if licence.is_open else next(filter(None, map(_own_licence, pages[2:-2])), licence)


def _own_licence(page: Page) -> Licence | None:
    """The Creative Commons licence under which a page says that this article is; those of what it shows are others."""
    middle = page.area.centre[0]
    columns = ([line.text for line in page.lines if (line.box.centre[0] < middle) is left] for left in (True, False))
    texts = [" ".join(lines) for lines in ([line.text for line in page.lines], *columns)]
    found = next(filter(None, map(_OF_THIS.search, texts)), None)
    if found is None:
        return None
    link = _LINK.search(re.sub(r"\s+", "", found[0]))
    licence = declared(link[0] if link else found[0])
    return licence if licence.is_open else None
