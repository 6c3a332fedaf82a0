"""Title and authors of an article by its PDF, and with them what it says of its publication (`imprint`)."""

import html
import re
from collections import Counter
from collections.abc import Mapping, Sequence

from exsclaim.sources.html.html_text import tidy
from exsclaim.sources.pdf.article.imprint import imprint
from exsclaim.sources.pdf.article.pdf_article import FrontMatter
from exsclaim.sources.pdf.article.printed_names import (
    ADDRESS_MARK,
    KIND,
    PUBLISHER,
    are_names,
    names_over_addresses,
    printed_authors,
)
from exsclaim.sources.pdf.captions.caption_text import Words
from exsclaim.sources.pdf.page_content import Page
from exsclaim.sources.pdf.text.text_lines import Line

_NO_TITLE = re.compile(
    r"untitled|^PII\b|^microsoft (?:word|powerpoint)|\.(?:docx?|dvi|tex|indd|pdf|qxd|ps|fm|3d)\b|^\S+$"
    r"|^(?:title|manuscript|article)\b.{0,12}$|\d\.\.\d|\w_\w",
    re.IGNORECASE,
)
_NOTICE = re.compile(
    r"COVID-19 resource cent(?:re|er)|HAL is a multi-?disciplinary open access|proof corrections|page proofs"
    r"|see discussions, stats,? and author profiles for this publication"
    r"|to cite this article:.*view the article online|your article is protected by copyright and all rights are held"
    r"|view online:.*view table of contents:"
    r"|this is an accepted manuscript, which has been through"
    r"|the following resources related to this article are available online|collaborating with JSTOR to digitize",
    re.IGNORECASE,
)
"""What repositories, publishers and typesetters print on a page of their own before an article."""
_BROKEN = re.compile(r"[^\W\d_][»«*{}|\\^~;=<>\[\]][^\W\d_]|^\W*[»«{}|\\^~;<>\[\]]|[»«{}|\\^~<>]\W*$")
_NAME = re.compile(rf"(?!.*(?:\bet al\b|{PUBLISHER.pattern}))(?!.*\d)(?=.*[^\W\d_]{{2}}).*\s.*")
"""A name of at least two words in the metadata, which may name a program's user, a publisher or "Ali et al" as well."""


def front_matter(pages: Sequence[Page], metadata: Mapping[str, str], body: bytes) -> FrontMatter:
    """From the first page, the file's metadata (`Title`, `Author`, `Subject`), and the rights on the last pages."""
    given = _mended(tidy(html.unescape(metadata.get("Title", ""))))
    given = "" if _NO_TITLE.search(given) or _is_garbled(given) else given
    told = _told_by_jstor(pages[0])
    while len(pages) > 1 and _is_cover(pages[0], pages[1], given):
        pages = pages[1:]
    if told is not None:
        return FrontMatter(told[0], told[1], *imprint(pages, metadata, body))
    first = pages[0]
    lines = _lines_of(given, first)
    # typesetters leave file names and other articles' titles in the metadata: what is printed is believed before it
    printed = lines or _printed_title(pages)
    title = given
    if printed and not lines:
        title = Words(line for page in pages for line in page.lines).join(printed).rstrip(" ∗*†‡§¶")
    if _is_garbled(title):  # a font that does not tell which letters its shapes are
        return FrontMatter("", (), *imprint(pages, metadata, body))
    named = tuple(
        filter(_NAME.match, re.split(r"\s*[;,]\s*(?:and\s+)?|\s+and\s+|\s*&\s*", tidy(metadata.get("Author", ""))))
    )
    authors = max(printed_authors(first, printed), names_over_addresses(first, printed), key=len)
    families = {_family(name) for name in named}
    on_page = _letters(" ".join(line.text for line in first.lines))
    if families and all(family in on_page for family in families):
        # the file may name those alone to whom one writes
        shared = len(families & {_family(name) for name in authors})
        authors = (
            authors if shared == len(families) or (len(authors) > len(named) and 2 * shared >= len(named)) else named
        )
    return FrontMatter(title, authors, *imprint(pages, metadata, body))


def _told_by_jstor(page: Page) -> tuple[str, tuple[str, ...]] | None:
    """Title and authors as JSTOR prints them before its scans; None on other pages."""
    lines = sorted((line for line in page.lines if line.is_upright), key=lambda line: line.baseline)
    place = next((index for index, line in enumerate(lines) if line.text.startswith("Author(s):")), 0)
    if not place or not any("jstor" in line.text.casefold() for line in lines):
        return None
    title, authors, last = [lines[place - 1]], [lines[place]], lines[place - 1]
    for line in reversed(lines[: place - 1]):
        if line.style != last.style or title[0].baseline - line.baseline > 1.6 * line.size:
            break
        title.insert(0, line)
    for line in lines[place + 1 :]:
        if re.match(r"(?:Source|Reviewed|Review by|Published|Stable)\b", line.text):
            break
        authors.append(line)
    named = " ".join(line.text for line in authors).removeprefix("Author(s):")
    return (
        tidy(" ".join(line.text for line in title)),
        tuple(tidy(name) for name in re.split(r",|\band\b|;", named) if name.strip()),
    )


def _mended(text: str) -> str:
    """UTF-8 that a typesetter's program took for Windows' code page: "receptorâ€“lacking" is "receptor–lacking"."""
    if not re.search(r"â€|Ã[\u0080-\u00bf]|Â[\u00a0-\u00bf]", text):
        return text
    try:
        return text.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return text


def _is_garbled(text: str) -> bool:
    """True if a text in Latin letters has more of their rare forms than of a to z, or signs in many of its words."""
    plain = sum(c.isascii() and c.isalpha() for c in text)
    odd = sum("\u0080" <= c <= "\u024f" and c not in "–—" for c in text)
    # recognised from a bad scan: signs within words
    words = text.split()
    broken = sum(_BROKEN.search(word) is not None for word in words)
    return odd > plain or (broken > 1 and broken > 0.2 * len(words))


def _is_cover(first: Page, second: Page, title: str) -> bool:
    """True if a repository put a page of its own before the article: it has no title, and the next page has it."""
    text = " ".join(line.text for line in first.lines)
    is_notice = _NOTICE.search(text) is not None and len(text) < 3000
    is_abstract = "Graphical Abstract" in text and "Highlights" in text and bool(_lines_of(title, second))
    return is_notice or is_abstract or (not _lines_of(title, first) and bool(_lines_of(title, second)))


def _family(name: str) -> str:
    return _letters(name.split()[-1]) if name.split() else ""


def _lines_of(title: str, page: Page) -> list[Line]:
    """The lines of the page that print this title; none where they do not print most of it."""
    whole = _letters(title)
    upright = [line for line in page.lines if line.is_upright and len(_letters(line.text)) >= 3]
    upright = [line for line in upright if not KIND.fullmatch(line.text)]
    found = [line for line in upright if whole and _letters(line.text) in whole]
    if not found:
        return []
    largest = max(line.size for line in found)
    kept = [line for line in found if abs(line.size - largest) < 0.03 * largest]
    printed = sum(len(_letters(line.text)) for line in kept)
    kept += [
        line for line in page.lines
        if kept and line.style == kept[-1].style and 0 < line.baseline - kept[-1].baseline < 1.5 * line.size
        and len(_letters(line.text)) < 3 and _letters(line.text) in whole
    ]  # fmt: skip
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
    others = Counter(wording for other in pages[1:] for wording in {_wording(line) for line in other.lines})
    # a title may stand on a cover and over the article
    enough = 2 if len(pages) > 3 else 1
    lines = [line for line in lines if not KIND.fullmatch(line.text) and others[_wording(line)] < enough]
    wordy = [line for line in lines if len(line.words) >= 2 and _has_whole_words(line)]
    short: list[Line] = []
    for size in sorted({line.size for line in wordy if line.size > 1.12 * body}, reverse=True)[:3]:
        begins = [line for line in wordy if line.size == size]
        title = _from(begins[0], lines)
        while title and _is_journal(title, pages[:2]):  # as large as the title under it
            begins = [line for line in begins if line.baseline > title[-1].baseline]
            title = _from(begins[0], lines) if begins else []
        if not title:
            continue
        if short and are_names(title):
            return short
        if sum(len(line.words) for line in title) >= 4:
            # over names with marks of their addresses stands the title, however short it is
            return short if short and len(ADDRESS_MARK.findall(" ".join(line.text for line in title))) >= 2 else title
        short = short or title
    # a manuscript's title may be no larger than its text, but bold or in capitals
    top = [line for line in wordy if line.box.y0 < 0.45 * page.area.height and line.box.y0 > 0.06 * page.area.height]
    set_off = [line for line in top if line.bold_lead == len(line.glyphs) or line.text.isupper()]
    largest = max(set_off, key=lambda line: line.size, default=None)  # the running head is smaller
    title = [line for line in set_off if largest is not None and line.style == largest.style]
    return title if 4 <= sum(len(line.words) for line in title) <= 40 else []


def _has_whole_words(line: Line) -> bool:
    """True if a line has some letters, and most in words: "h i g h l i g h t s" is a heading set wide."""
    letters = sum(c.isalpha() for c in line.text)
    return letters >= 8 and sum(len(word) for word in line.words if len(word) > 1) > 0.5 * letters


def _from(first: Line, lines: Sequence[Line]) -> list[Line]:
    """A line and those under it in its size, as far as they follow one another."""
    title, size = [first], first.size
    for line in lines:
        if line.baseline > title[-1].baseline and abs(line.size - size) < 0.03 * size:
            if line.baseline - title[-1].baseline > (1.8 if line.style.bold == first.style.bold else 1.3) * size:
                break
            title.append(line)
    return title


def _is_journal(title: Sequence[Line], pages: Sequence[Page]) -> bool:
    """True if another line begins with these words and goes on with a year or volume: "The Open Journal, 2016, 10"."""
    words, own = _letters(" ".join(line.text for line in title)), set(map(id, title))
    return any(
        id(line) not in own and _letters(line.text).startswith(words) and re.search(r"\d", line.text) is not None
        for page in pages for line in page.lines
    )  # fmt: skip


def _wording(line: Line) -> str:
    """A line without its numbers, by which running heads are known."""
    return re.sub(r"\d+", "0", line.text.casefold())
