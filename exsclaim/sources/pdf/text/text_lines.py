"""From characters to lines of text: who stands beside whom on one baseline, and how the line reads."""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from exsclaim.geometry import Box, hull
from exsclaim.sources.latex.tex_formulas import subscript, superscript
from exsclaim.sources.pdf.text.characters import Glyph, Style
from exsclaim.sources.pdf.text.font_codes import by_neighbours
from exsclaim.sources.pdf.text.label_words import FIGURE, OTHERS, TABLE

_SHIFTS: dict[str, Callable[[str], str]] = {"above": superscript, "below": subscript, "on": str}
_LABEL = re.compile(rf"(?:{FIGURE}|{TABLE}|{OTHERS})\.?\d", re.IGNORECASE)
"""How a caption begins, without its spaces."""
_SCRIPT_SIZE = 0.86
"""An index is set in less than so much of its line's size."""
_AMONG = 8
"""At most so many characters of a formula are drawn before others that stand between them."""


_WORD = re.compile(r"[\u1100-\uffdc]{1,2}|[^\s\u1100-\uffdc]+")

_HANGUL = re.compile(r".?[\uac00-\ud7a3]")
"""Korean sets spaces between words, as Chinese and Japanese do not."""


def is_wide(glyph: Glyph) -> bool:
    """True for characters of Chinese, Japanese and Korean, punctuation too: each fills a square."""
    return glyph.text > "\u1100" and unicodedata.east_asian_width(glyph.text[0]) in "WF"


@dataclass(frozen=True)
class Line:
    """Characters on one baseline, left to right, without the gap between two columns among them.

    Sideways and slanted text makes lines too, of `quarter` other than 0; their reading is rough.
    """

    glyphs: tuple[Glyph, ...]

    @cached_property
    def box(self) -> Box:
        return hull(glyph.box for glyph in self.glyphs)

    @cached_property
    def style(self) -> Style:
        """Style of most of its characters."""
        return Counter(glyph.style for glyph in self.glyphs).most_common(1)[0][0]

    @cached_property
    def size(self) -> float:
        """Size in points."""
        return Counter(glyph.style.size for glyph in self.glyphs).most_common(1)[0][0]

    @cached_property
    def baseline(self) -> float:
        return Counter(glyph.baseline for glyph in self.glyphs if glyph.style.size >= 0.9 * self.size).most_common(1)[
            0
        ][0]

    @property
    def is_upright(self) -> bool:
        return self.glyphs[0].style.quarter == 0

    @cached_property
    def text(self) -> str:
        """Text of the line: indices as Unicode's where it has them; a hyphen that breaks a word is the last sign."""
        return read(self)

    @cached_property
    def bold_lead(self) -> int:
        """Number of its characters that are bold before the first that is not."""
        return next((n for n, glyph in enumerate(self.glyphs) if not glyph.style.bold), len(self.glyphs))

    @cached_property
    def words(self) -> list[str]:
        """Its words, parted by spaces; Chinese, Japanese and Korean have few, and count as words of two characters."""
        return _WORD.findall(self.text) if self.is_wide else self.text.split()

    @cached_property
    def is_wide(self) -> bool:
        """True if most of its letters are Chinese, Japanese or Korean."""
        return 2 * self._wide > sum(glyph.text.isalpha() for glyph in self.glyphs)

    @cached_property
    def length(self) -> int:
        """Number of its characters, those as wide as they are high twice."""
        return len(self.glyphs) + self._wide

    @cached_property
    def _wide(self) -> int:
        return sum(glyph.text.isalpha() and is_wide(glyph) for glyph in self.glyphs)


def lines_of(glyphs: Iterable[Glyph]) -> list[Line]:
    """The lines of a page, from top to bottom.

    Characters that follow one another in the file are joined over the wide spaces of justified text; what is apart
    in the file only where it nearly touches, so that no line reaches over two columns.
    """
    runs: list[list[Glyph]] = []
    for glyph in glyphs:
        if runs and _follows(runs[-1], glyph):
            _insert(runs[-1], glyph)
        else:
            runs.append([glyph])
    lines = [Line(tuple(run)) for run in _joined(runs)]
    return sorted(lines, key=lambda line: (line.box.y0, line.box.x0))


def _insert(run: list[Glyph], glyph: Glyph) -> None:
    """Some files set a decimal point after the digits on both sides of it: what counts is where it stands."""
    place = len(run)
    while place and _is_right_of(run[place - 1], glyph):
        place -= 1
    run.insert(place, glyph)


def _is_right_of(other: Glyph, glyph: Glyph) -> bool:
    em = glyph.style.size
    level = abs(other.baseline - glyph.baseline) < 0.1 * em and glyph.style.quarter == 0
    return level and other.box.x0 > glyph.box.x0 + 0.1 * em and other.box.x1 > glyph.box.x1 + 0.1 * em


def _follows(run: list[Glyph], glyph: Glyph) -> bool:
    last = run[-1]
    if glyph.style.quarter != last.style.quarter:
        return False
    if glyph.box == last.box:
        return True  # the letters of one ligature
    em = max(last.style.size, glyph.style.size)
    if glyph.style.quarter != 0:
        return last.box.grown((1.0 if glyph.spaced else 0.5) * em).touches(glyph.box)
    main = max(run[-8:], key=lambda g: g.style.size)
    step = glyph.box.x0 - last.box.x1
    if abs(glyph.baseline - last.baseline) < 0.12 * em or abs(glyph.baseline - main.baseline) < 0.12 * em:
        return -0.8 * em < step < 2.2 * em
    shifted = abs(glyph.baseline - main.baseline) < 0.62 * max(em, main.style.size)
    differ = min(glyph.style.size, main.style.size) < 0.9 * max(glyph.style.size, main.style.size)
    return shifted and differ and -0.8 * em < step < 0.6 * em


def _joined(runs: list[list[Glyph]]) -> list[list[Glyph]]:
    """Upright runs that continue one another though the file has them apart (a word set in another font, an index)."""
    done = [run for run in runs if run[0].style.quarter != 0]
    upright = [(Line(tuple(run)), run) for run in runs if run[0].style.quarter == 0]
    upright.sort(key=lambda pair: pair[0].box.x0)
    rows: dict[int, list[list[Glyph]]] = {}
    for line, run in upright:
        row = round(line.baseline / 4)
        near = [other for key in (row - 2, row - 1, row, row + 1, row + 2) for other in rows.get(key, ())]
        mine = next((other for other in near if _continues(other, run)), None)
        among = next((other for other in near if mine is None and _interleaves(other, run)), None)
        if mine is not None:
            mine.extend(run)
        elif among is not None:
            among[:] = _among_each_other(among, run)
        else:
            rows.setdefault(row, []).append(run)
    return done + [run for row in rows.values() for run in row]


def _continues(left: list[Glyph], right: list[Glyph]) -> bool:
    last, first = left[-1], right[0]
    if is_labelled(left) and is_labelled(right):
        return False  # captions side by side, with no more than a space between them
    em = max(last.style.size, first.style.size)
    step = first.box.x0 - last.box.x1
    if not -0.5 * em < step < 0.75 * em:
        return False
    # words of one size on a slightly slanted row are of a scan
    level = 0.25 if last.style.size == first.style.size else 0.12
    if abs(last.baseline - first.baseline) < level * em:
        return min(last.style.size, first.style.size) > 0.6 * em
    small, large = sorted((last, first), key=lambda glyph: glyph.style.size)
    is_index = small.style.size < _SCRIPT_SIZE * large.style.size
    return is_index and abs(small.baseline - large.baseline) < 0.62 * em and step < 0.25 * em


def is_labelled(run: Sequence[Glyph]) -> bool:
    """True if characters begin as a caption does."""
    return _LABEL.match("".join(glyph.text for glyph in run[:16])) is not None


def _among_each_other(left: list[Glyph], right: list[Glyph]) -> list[Glyph]:
    """The characters of two runs from left to right; where one ends in the other there is no space for that alone."""
    ordered = sorted(
        [*((glyph, 0) for glyph in left), *((glyph, 1) for glyph in right)], key=lambda pair: pair[0].box.x0
    )
    glyphs = [ordered[0][0]]
    for (before, run), (glyph, other) in pairwise(ordered):
        is_near = glyph.box.x0 - before.box.x1 < 0.4 * glyph.style.size
        glyphs.append(glyph._replace(spaced=False) if run != other and is_near else glyph)
    return glyphs


def _interleaves(left: list[Glyph], right: list[Glyph]) -> bool:
    """True if the second run begins in gaps of the first one's end: formulas are drawn index by index, then letters."""
    first = right[0]
    em = first.style.size
    among = [glyph for glyph in left if glyph.box.x1 > first.box.x0 + 0.1 * em]
    if not 0 < len(among) <= _AMONG or first.box.x0 < left[0].box.x0:
        return False
    main = max(left, key=lambda glyph: glyph.style.size)
    if abs(main.baseline - first.baseline) > 0.12 * em or not 0.6 * em < main.style.size < 1.6 * em:
        return False
    return not any(
        glyph.box.overlap_width(other.box) > 0.25 * min(glyph.box.width, other.box.width)
        for glyph in among
        for other in right[: 2 * _AMONG]
    )


def read(line: Line) -> str:
    """The line as text."""
    pieces: list[str] = []
    for kind, glyphs in _by_shift(line):
        text = ""
        for place, glyph in enumerate(glyphs):
            text += (
                " " if place and _apart(glyphs[place - 1], glyph, _is_ligature(glyphs, place - 1)) else ""
            ) + glyph.text
        first = glyphs[0]
        gap = bool(pieces) and _apart(line.glyphs[line.glyphs.index(first) - 1], first)
        pieces.append((" " if gap else "") + _SHIFTS[kind](text))
    return by_neighbours("".join(pieces))


def _is_ligature(glyphs: Sequence[Glyph], place: int) -> bool:
    """True if a character is a ligature, or its last letter: all letters of one have its box."""
    return len(glyphs[place].text) > 1 or (place > 0 and glyphs[place].box == glyphs[place - 1].box)


def _apart(before: Glyph, glyph: Glyph, is_ligature: bool = False) -> bool:
    """True if white space stands between two characters; some files have a space behind every ligature."""
    step = glyph.box.x0 - before.box.x1
    em = max(before.style.size, glyph.style.size)
    if glyph.style.quarter != 0:
        return glyph.spaced
    if is_wide(before) and is_wide(glyph) and not _HANGUL.match(before.text + glyph.text):
        return step > em  # the ink of a comma fills a corner of its square
    if glyph.style.size < _SCRIPT_SIZE * before.style.size and abs(glyph.baseline - before.baseline) > 0.08 * em:
        return step > 0.3 * em  # an index is often set apart in the file, not on the page
    if glyph.spaced and is_ligature:  # few words end in fi or fl
        return step > (0.2 if before.text[-1] in "il" else 0.12) * em
    return step > 0.05 * em if glyph.spaced else step > 0.45 * em


def _by_shift(line: Line) -> list[tuple[str, list[Glyph]]]:
    """Runs of characters above, below and on the baseline."""
    runs: list[tuple[str, list[Glyph]]] = []
    for glyph in line.glyphs:
        shift = line.baseline - glyph.baseline
        small = glyph.style.size < _SCRIPT_SIZE * line.size
        kind = "on"
        if line.is_upright and small and abs(shift) > 0.08 * line.size:
            kind = "above" if shift > 0 else "below"
        if runs and runs[-1][0] == kind:
            runs[-1][1].append(glyph)
        else:
            runs.append((kind, [glyph]))
    return runs
