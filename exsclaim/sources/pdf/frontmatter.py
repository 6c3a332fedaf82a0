"""Facts that an article's PDF tells of itself: title, authors, DOI, date of publication, licence; no others."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from exsclaim.geometry import hull
from exsclaim.licences import Licence, declared
from exsclaim.sources.facts.publication_facts import PublicationDate, most_precise, written_date
from exsclaim.sources.html.html_text import tidy
from exsclaim.sources.pdf.page_content import Page
from exsclaim.sources.pdf.pdf_article import FrontMatter
from exsclaim.sources.pdf.text_lines import Line

_DOI = re.compile(r"\b10\.\d{4,9}/[-._;()/:a-z0-9]*[a-z0-9]", re.IGNORECASE)
_CITED_AS = re.compile(
    rf"\bcite (?:this article|this paper|as)\b.{{5,700}}?(?P<doi>{_DOI.pattern})", re.IGNORECASE | re.DOTALL
)
_OF_DATA = ("10.17605/", "10.5281/", "10.6084/", "10.5061/", "10.17632/")
"""Registrants of data sets and study plans, which an article cites: OSF, Zenodo, figshare, Dryad, Mendeley Data."""
_NO_TITLE = re.compile(
    r"untitled|^microsoft (?:word|powerpoint)|\.(?:docx?|dvi|tex|indd|pdf|qxd|ps|fm|3d)\b|^\S+$"
    r"|^(?:title|manuscript|article)\b.{0,12}$|\d\.\.\d|\w_\w",
    re.IGNORECASE,
)
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
_YEAR = re.compile(
    r"(?:©|\bCopyright\b)\s*(?:©|\(c\))?\s*(?:\d{4}\s*[-–]\s*)?(?P<of_rights>(?:19|20)\d\d)\b"
    r"|\((?P<of_volume>(?:19|20)\d\d)\)\s*\d{1,4}\s*(?:\(\d+\)\s*)?:\s*\w?\d|\b(?P<of_issue>(?:19|20)\d\d)[,;]\s*\d{1,4}\s*"
    r"(?:\([\w .-]{1,12}\)\s*)?[:,]\s*\w?\d"
)
"""Copyright lines, and an article's own place: "(2014) 15:511", "2014, 15:511", "2014; 7(2): 34"."""
_XMP_DATE = re.compile(rb"<prism:(?:publicationDate|coverDate|coverDisplayDate)>([^<]{4,30})<")
_LINK = re.compile(
    r"https?://(?:www\.)?creativecommons\.org/(?:licen[sc]es/[a-z-]+|publicdomain/(?:zero|mark))/\d\.\d", re.IGNORECASE
)
_RIGHTS = re.compile(
    r"creative\s*commons|creativecommons|\bCC[\s-]*(?:BY|0)\b|rights\s+reserved|©|copyright", re.IGNORECASE
)
_KIND = re.compile(
    r"\s*(?:(?:original|research|review|short|brief|case|regular|full)\s+)*"
    r"(?:article|paper|communication|report|letter|review)s?\W*",
    re.IGNORECASE,
)
"""The kind of an article, which is often printed over its title: "Research Article"."""
_INSTITUTION = re.compile(
    r"(?:univ|institut|depart|school|college|hospital|cent(?:er|re)\b|laborator|academ|facult|museum|division|inc\b|ltd"
    r"|gmbh|street|avenue|usa\b|uk\b|china\b|japan\b|germany\b|france\b|angeles\b|journal|abstract|introduction)",
    re.IGNORECASE,
)
_NOTICE = re.compile(r"COVID-19 resource cent(?:re|er)|HAL is a multi-?disciplinary open access", re.IGNORECASE)
_PARTICLES = frozenset({
    "de", "da", "do", "dos", "das", "du", "des", "van", "von", "der", "den", "la", "le", "di", "bin", "al", "el", "ben",
    "e", "y", "ter", "ten", "zu", "af", "av",
})  # fmt: skip
"""Small words of family names."""
_MARKS = re.compile(r"[\d*†‡§¶#⁰¹²³⁴⁵⁶⁷⁸⁹ᵃᵇ✉]+")


def front_matter(pages: Sequence[Page], metadata: Mapping[str, str], body: bytes) -> FrontMatter:
    """From the first page, the file's metadata (`Title`, `Author`, `Subject`), and the rights on the last pages."""
    given = _mended(tidy(metadata.get("Title", "")))
    given = "" if _NO_TITLE.search(given) or _is_garbled(given) else given
    if len(pages) > 1 and _is_cover(pages[0], pages[1], given):
        pages = pages[1:]
    first = pages[0]
    lines = _lines_of(given, first)
    # typesetters leave file names and other articles' titles in the metadata: what is printed is believed before it
    printed = lines or _printed_title(pages)
    title = given if lines or not printed else tidy(" ".join(line.text for line in printed))
    if _is_garbled(title):  # a font that does not tell which letters its shapes are
        return FrontMatter("", (), *_rest(pages, metadata, body))
    named = tuple(
        filter(None, (tidy(name) for name in re.split(r"\s*[;,]\s*|\s+and\s+|\s*&\s*", metadata.get("Author", ""))))
    )
    authors = _printed_authors(first, printed)
    on_page = _letters(" ".join(line.text for line in first.lines))
    are_printed = bool(named) and all(_letters(_family(name)) in on_page for name in named)
    if are_printed and not {_family(name) for name in named} <= {_family(name) for name in authors}:
        authors = named
    return FrontMatter(title, authors, *_rest(pages, metadata, body))


def _rest(
    pages: Sequence[Page], metadata: Mapping[str, str], body: bytes
) -> tuple[str | None, PublicationDate | None, str, str | None]:
    """DOI, date of publication, licence and where its terms are."""
    licence = _licence(pages)
    return _doi(pages, metadata, body), _published(pages, body), licence.id, licence.url


def _mended(text: str) -> str:
    """UTF-8 that a typesetter's program took for Windows' code page: "receptorâ€“lacking" is "receptor–lacking"."""
    if not re.search(r"â€|Ã[\u0080-\u00bf]|Â[\u00a0-\u00bf]", text):
        return text
    try:
        return text.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return text


def _is_garbled(text: str) -> bool:
    """True if a text in Latin letters has more of their rare forms and signs than of a to z, as no language has."""
    plain = sum(c.isascii() and c.isalpha() for c in text)
    odd = sum("\u0080" <= c <= "\u024f" and c not in "–—" for c in text)
    return odd > plain


def _is_cover(first: Page, second: Page, title: str) -> bool:
    """True if a repository put a page of its own before the article: it has no title, and the next page has it."""
    text = " ".join(line.text for line in first.lines)
    is_notice = _NOTICE.search(text) is not None and len(text) < 1500
    return is_notice or (not _lines_of(title, first) and bool(_lines_of(title, second)))


def _family(name: str) -> str:
    return name.split()[-1].casefold() if name.split() else ""


def _lines_of(title: str, page: Page) -> list[Line]:
    """The lines of the page that print this title; none where they do not print most of it."""
    whole = _letters(title)
    upright = [line for line in page.lines if line.is_upright and len(_letters(line.text)) >= 3]
    upright = [line for line in upright if not _KIND.fullmatch(line.text)]
    found = [line for line in upright if whole and _letters(line.text) in whole]
    if not found:
        return []
    largest = max(line.size for line in found)
    kept = [line for line in found if abs(line.size - largest) < 0.03 * largest]
    printed = sum(len(_letters(line.text)) for line in kept)
    return kept if printed > 0.8 * len(whole) else []


def _letters(text: str) -> str:
    return re.sub(r"[^a-z]", "", text.casefold())


def _printed_title(pages: Sequence[Page]) -> list[Line]:
    """The largest lines of several words in the upper part of the first page; none where none is larger than the text.

    A journal's name over it may be larger, but has few words.
    """
    page = pages[0]
    sizes = Counter(line.size for page in pages for line in page.lines if len(line.glyphs) >= 30)
    body = sizes.most_common(1)[0][0] if sizes else 0.0
    lines = [line for line in page.lines if line.is_upright and line.box.y0 < 0.6 * page.area.height]
    others = {_wording(line) for other in pages[1:] for line in other.lines}
    lines = [line for line in lines if not _KIND.fullmatch(line.text) and _wording(line) not in others]
    wordy = [line for line in lines if len(line.words) >= 2 and sum(c.isalpha() for c in line.text) >= 8]
    for size in sorted({line.size for line in wordy if line.size > 1.12 * body}, reverse=True)[:3]:
        first = next(line for line in wordy if line.size == size)
        title = [first]
        for line in lines:
            if line.baseline > title[-1].baseline and abs(line.size - size) < 0.03 * size:
                if line.baseline - title[-1].baseline > (1.8 if line.style.bold == first.style.bold else 1.3) * size:
                    break
                title.append(line)
        if sum(len(line.words) for line in title) >= 4:
            return title
    # a manuscript's title may be no larger than its text, but bold or in capitals
    top = [line for line in wordy if line.box.y0 < 0.45 * page.area.height and line.box.y0 > 0.06 * page.area.height]
    set_off = [line for line in top if line.bold_lead == len(line.glyphs) or line.text.isupper()]
    title = [line for line in set_off if line.style == set_off[0].style]
    return title if 4 <= sum(len(line.words) for line in title) <= 40 else []


def _wording(line: Line) -> str:
    """A line without its numbers, by which running heads are known."""
    return re.sub(r"\d+", "0", line.text.casefold())


def _printed_authors(page: Page, title: Sequence[Line]) -> tuple[str, ...]:
    """The names under the title, without the marks of their affiliations; none where it does not look like names."""
    if not title:
        return ()
    names: list[str] = []
    under = [line for line in page.lines if line.is_upright and line.baseline > title[-1].baseline]
    column = hull(line.box for line in title)
    under = [line for line in under if line.box.overlap_width(column) > 0.2 * line.box.width]
    rows: dict[int, list[Line]] = {}
    size = next((line.size for line in under if _has_letters(line)), 0.0)
    for line in under[:20]:
        if line.baseline - title[-1].baseline > 12 * size or (
            _has_letters(line) and abs(line.size - size) > 0.04 * size
        ):
            break
        row = next((key for key in rows if abs(key - line.baseline) < 0.5 * size), round(line.baseline))
        rows.setdefault(row, []).append(line)
    text = ""
    for beside in list(rows.values())[:8]:
        pieces = []
        for line in sorted(beside, key=lambda line: line.box.x0):
            letters = tuple(glyph for glyph in line.glyphs if glyph.style.size >= 0.86 * line.size)
            pieces.append(Line(letters).text if letters and _has_letters(line) else "")
        if text and any(_INSTITUTION.match(word) for piece in pieces for word in piece.split()):
            break  # their affiliations follow
        # names apart on one row, with dots or nothing between them, are names of their own
        text += " " + ", ".join(pieces)
    # initials and names set close to one another
    text = re.sub(r"(?<=[a-z])(?=[A-Z]\.)|(?<=\.)(?=[A-Z])|(?<=[a-z]{3})(?=[A-Z][a-z]{2})", " ", text)
    for part in re.split(r",|;|\band\b|&|•|·", text):
        words = [word for word in tidy(_MARKS.sub(" ", part)).split() if word.isupper() or len(word) > 1]
        if len(words) > 9 or sum(word[0].islower() and word not in _PARTICLES for word in words) > 2:
            break  # running text: the names are over
        if names and any(_INSTITUTION.match(word) for word in words):
            break  # their affiliations follow
        is_name = len(words) >= 2 and all(word[0].isupper() or word in _PARTICLES for word in words)
        if is_name and not any(_INSTITUTION.match(word) for word in words):
            names.append(" ".join(words))
    return tuple(names)


def _has_letters(line: Line) -> bool:
    return any(glyph.text.isalpha() for glyph in line.glyphs)


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
    stated = (written_date(found["date"]) for found in _PUBLISHED.finditer(first))
    stamped = (written_date(found["date"]) for found in _ARXIV_STAMP.finditer(first))
    issue = (written_date(found["before"] or found["behind"]) for found in _ISSUE.finditer(first))
    in_xmp = (written_date(found[1].decode("utf-8", "replace")) for found in _XMP_DATE.finditer(body))
    said = sorted(_YEAR.finditer(first), key=lambda found: found["of_rights"] is None)
    years = (written_date(next(filter(None, found.groups()))) for found in said)
    given = [next(filter(None, dates), None) for dates in (stated, stamped, iter([end]), issue, in_xmp, years)]
    return most_precise(given)


def _date_after_review(page: Page) -> PublicationDate | None:
    """The day of publication that a page prints behind those of receipt and acceptance."""
    text = " ".join(line.text for line in page.lines)
    for found in _PUBLISHED.finditer(text):
        if _DATES_OF_REVIEW.search(text, max(0, found.start() - 120), found.start()):
            return written_date(found["date"])
    return None


def _licence(pages: Sequence[Page]) -> Licence:
    """Licence stated on the first two or last two pages; names of Creative Commons licences are looked for first."""
    said: list[str] = []
    for page in [*pages[:2], *pages[-2:]]:
        text = " ".join(line.text for line in page.lines)
        links = [declared(found[0]) for found in _LINK.finditer(re.sub(r"\s+", "", text))]
        if links:
            return links[0]
        said += [text[max(0, found.start() - 60) : found.end() + 200] for found in _RIGHTS.finditer(text)]
    return declared(*said)
