"""Names of authors as the first page prints them under its title."""

import re
from collections.abc import Sequence

from exsclaim.geometry import hull
from exsclaim.sources.html.html_text import tidy
from exsclaim.sources.pdf.page_content import Page
from exsclaim.sources.pdf.text.characters import Glyph
from exsclaim.sources.pdf.text.text_lines import Line

_INSTITUTION = re.compile(
    r"(?:univ|institut|depart|school|college|hospital|cent(?:er|re)\b|laborator|academ|facult|museum|division|inc\b|ltd"
    r"|gmbh|corporation|research\b|street|avenue|usa\b|uk\b|china\b|japan\b|germany\b|france\b|angeles\b|journal"
    r"|abstract|introduction)",
    re.IGNORECASE,
)
_PARTICLES = frozenset({
    "de", "da", "do", "dos", "das", "du", "des", "van", "von", "der", "den", "la", "le", "di", "bin", "al", "el", "ben",
    "e", "y", "ter", "ten", "zu", "af", "av",
})  # fmt: skip
"""Small words of family names."""
PUBLISHER = re.compile(r"\b(?:Verlag|Press|Publish\w*|Ltd|GmbH|Elsevier|Springer|Wiley|Society|University)\b")
_GRADE = r"(?:(?:graduate\s+)?student|senior|life|associate)?\s*(?:member|fellow)(?:,?\s*(?:IEEE|ACM))?"
_DEGREE = re.compile(
    rf",\s*(?i:{_GRADE})(?=\s*(?:,|and\b|$))|,\s*IEEE\b|"
    + r",\s*(?:[BM]\.?\s?[ABS]\.?|M\.?\s?P\.?\s?H\.?|MBA|MHS|MBBS|FACS|RN|DDS|DVM|PharmD)"
    + r"(?=\s*(?:[,;*†‡¹²³⁴⁵⁶⁷⁸⁹]|and\b|$))"
    + r"|,?\s*\b(?:Ph\.? ?D|M\.? ?D|M\.? ?Sc|B\.? ?Sc|M\.? ?Pharm|D\.? ?Phil|Dr|Prof)\b\.?"
)
_BEGINNING = re.compile(r"\W*(?:abstract|summary|categories|keywords|(?:1\W{1,3})?introduction)\b", re.IGNORECASE)
"""What follows the names and addresses."""
ADDRESS_MARK = re.compile(r"(?<=[^\W\d_])[,.]?[¹²³⁴⁵⁶⁷⁸⁹]")
_MARKS = re.compile(r"[\d*†‡§¶#⁰¹²³⁴⁵⁶⁷⁸⁹ᵃᵇ✉]+")
KIND = re.compile(
    r"\s*(?:(?:original|research|review|short|brief|case|regular|full)\s+)*"
    r"(?:article|paper|communication|report|letter|review)s?\W*|page \d+ of \d+.*|(?:fig(?:ure)?|table)\.?\s*\d.*",
    re.IGNORECASE,
)
"""What is no title and no name: an article's kind, often printed over its title ("Research Article"), and a caption."""
_MOST_ROWS = 24
"""Of names, which may stand one under another."""
_EMAIL = re.compile(r"\S+@\S+")
_FURNITURE = re.compile(
    r"cite (?:this|as)\b|read online|downloaded from|doi\b|affiliations?\b"
    r"|(?:submitted|received|accepted|published)(?: online)?:? "
    r"|(?:\d{1,2}\.?\s+)?(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?,?\s+(?:\d{1,2}(?:st|nd|rd|th)?,?\s+)?(?:19|20)\d\d\b",
    re.IGNORECASE,
)
"""What publishers print under a title before or behind the names."""
_RAISED = re.compile(r"[¹²³⁴⁵⁶⁷⁸⁹]")
_AND = r"\b(?i:and|und|et(?!\s+al\b))\b"
_LAST = re.compile(r"(?<=[^\W\d_])\s+(?:e|y)\s+(?=[^\s,;]+\s+[^\s,;])")
"""Before the last of several names in Portuguese and Spanish; with one word behind it, it is of a family's name."""


def printed_authors(page: Page, title: Sequence[Line]) -> tuple[str, ...]:
    """The names under the title, without the marks of their affiliations; none where it does not look like names."""
    if not title:
        return ()
    names: list[str] = []
    under = [line for line in page.lines if line.is_upright and line.baseline > title[-1].baseline]
    column = hull(line.box for line in title)
    under = [line for line in under if line.box.overlap_width(column) > 0.2 * line.box.width]
    under = [line for line in under if not (KIND.fullmatch(line.text) or _EMAIL.fullmatch(line.text))]
    # AIP prints dates over the names
    under = under[next((number for number, line in enumerate(under) if not _FURNITURE.match(line.text)), 0) :]
    rows: dict[int, list[Line]] = {}
    size = next((line.size for line in under if _has_letters(line)), 0.0)
    beside_names, first_name = 0.0, page.area.x1
    for line in under[:40]:
        is_other = _has_letters(line) and abs(line.size - size) > 0.04 * size
        if is_other and beside_names and (line.box.x0 > beside_names or line.box.x1 < first_name):
            continue  # an abstract or dates beside a column of names
        if _FURNITURE.match(line.text):
            break
        if line.baseline - title[-1].baseline > 18 * size or is_other:
            break
        beside_names, first_name = max(beside_names, line.box.x1), min(first_name, line.box.x0)
        row = next((key for key in rows if abs(key - line.baseline) < 0.5 * size), round(line.baseline))
        rows.setdefault(row, []).append(line)
    said: list[str] = []
    is_apart = False
    for beside in list(rows.values())[:_MOST_ROWS]:
        pieces = []
        if said and _RAISED.match(min(beside, key=lambda line: line.box.x0).text):
            break  # so do they, each with its mark before it
        for line in sorted(beside, key=lambda line: line.box.x0):
            pieces.append(_without_marks(line) if _has_letters(line) else "")
        if said and any(_INSTITUTION.match(word) for piece in pieces for word in piece.split()):
            break  # their affiliations follow
        # names apart on one row, with dots or nothing between them, are names of their own
        said.append(_DEGREE.sub("", ", ".join(pieces)))
        is_apart |= len(pieces) > 1
    is_column = is_apart or not any(re.search(rf"[,;&•·|]|{_AND}", row) for row in said)
    # initials and names set close to one another
    text = (", " if is_column else " ").join(said)
    text = re.sub(r"(?<=[a-z])(?=[A-Z]\.)|(?<=\.)(?=[A-Z])|(?<=[a-z]{3})(?=[A-Z][a-z]{2})", " ", text)
    text = re.sub(r"^\W*by\s+", "", text, flags=re.IGNORECASE)
    for part in re.split(rf"{_AND}|[,;&•·|]", _LAST.sub(", ", text)):
        words = [
            word
            for word in tidy(_MARKS.sub(" ", part)).split()
            if word.isupper() or len(word) > 1 or word in _PARTICLES
        ]
        if len(words) > 9 or sum(word[0].islower() and word not in _PARTICLES for word in words) > 2:
            break  # running text: the names are over
        if names and any(_INSTITUTION.match(word) for word in words):
            break  # their affiliations follow
        is_name = len(words) >= 2 and all(word[0].isupper() or word in _PARTICLES for word in words)
        if is_name and not any(_INSTITUTION.match(word) or PUBLISHER.match(word) for word in words):
            names.append(" ".join(words))
    return tuple(names)


def _without_marks(line: Line) -> str:
    """A line of names without raised marks; with commas where marks alone part them ("Ada Lovelace† Emmy Noether†")."""
    runs: list[list[Glyph]] = [[]]
    for glyph in line.glyphs:
        if glyph.text in "†‡§¶∗⋆*" or (glyph.style.size < 0.86 * line.size and glyph.text not in "•·|"):
            if runs[-1]:
                runs.append([])
        else:
            runs[-1].append(glyph)
    names = [name for run in runs if run and (name := Line(tuple(run)).text.strip())]
    is_parted = re.search(rf"[,;&•·|]|{_AND}", line.text) is None and all(len(name.split()) > 1 for name in names)
    if is_parted:
        return ", ".join(names) + ("," if len(names) > 1 else "")  # the next row begins with another name
    letters = tuple(glyph for glyph in line.glyphs if glyph.style.size >= 0.86 * line.size or glyph.text in "•·|")
    return Line(letters).text if letters else ""


def names_over_addresses(page: Page, title: Sequence[Line]) -> tuple[str, ...]:
    """Names that stand each over its own address, in rows of such blocks, set larger than the addresses.

    None where the first line under the title is no such name, or no address follows it.
    """
    under = [line for line in page.lines if title and line.is_upright and line.baseline > title[-1].baseline]
    end = next((line.baseline for line in under if _BEGINNING.match(line.text)), 0.0)
    block = [line for line in under if line.baseline < end]
    first = next((line for line in block if _has_letters(line)), None)
    if first is None or not any("@" in line.text for line in block):
        return ()
    alike = [line for line in block if line.style == first.style and "@" not in line.text]
    names = [tidy(_MARKS.sub(" ", _DEGREE.sub("", line.text))) for line in sorted(alike, key=_by_rows)]
    has_addresses = any(line.size < 0.96 * first.size and line.baseline > first.baseline for line in block)
    is_names = all(
        2 <= len(name.split()) <= 5
        and all(word[0].isupper() or word in _PARTICLES for word in name.split())
        and not any(_INSTITUTION.match(word) for word in name.split())
        for name in names
    )
    return tuple(names) if has_addresses and is_names else ()


def _by_rows(line: Line) -> tuple[int, float]:
    return round(line.baseline / (0.5 * line.size)), line.box.x0


def _has_letters(line: Line) -> bool:
    return any(glyph.text.isalpha() for glyph in line.glyphs)


def are_names(lines: Sequence[Line]) -> bool:
    """True if lines are names and nothing else, parted by commas: three at least, each of two to four words."""
    text = " ".join(_without_marks(line) for line in lines if _has_letters(line))
    parts = [tidy(_MARKS.sub(" ", part)) for part in re.split(rf"[,;&]|{_AND}", text) if part.strip(" *†‡§")]
    return len(parts) >= 3 and all(
        2 <= len(part.split()) <= 4 and all(w[:1].isupper() or w in _PARTICLES for w in part.split()) for part in parts
    )
