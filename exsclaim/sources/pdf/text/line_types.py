"""Types in which lines are set: families of fonts and sizes, of all that a line has and of its words alone.

A caption in formulas has more types than its text.
"""

import re
from collections import Counter
from functools import cache

from exsclaim.sources.pdf.text.text_lines import Line


@cache
def family(font: str) -> str:
    """Font without its weight and slant: "MinionPro-Bold" and "MinionPro-It" are one family."""
    return re.split(r"[-,.]", font)[0].casefold().removesuffix("mt")


def shares_type(a: Line, b: Line) -> bool:
    """True if two lines are set in one type, at least in parts: formulas have more types than their text."""
    return _have_one_in_common(_types(a), _types(b))


def _types(line: Line) -> set[tuple[str, float]]:
    """Families and sizes of a line's text: that of most of its characters, and those of its words."""
    words = {(family(g.style.font), g.style.size) for g in line.glyphs if g.text.isalpha() and g.style.size > 4}
    return words | {(family(line.style.font), line.size)}


def has_type_of(line: Line, text: Line) -> bool:
    """True if a line has words in a type that words of the other line have too."""
    return _have_one_in_common(_word_types(line), _word_types(text))


def _word_types(line: Line) -> set[tuple[str, float]]:
    """Families and sizes in which a line has words, and not signs of formulas alone."""
    letters = Counter((family(g.style.font), g.style.size) for g in line.glyphs if g.text.isalpha())
    words = {kind for kind, count in letters.items() if count >= 4}
    return words | {(family(line.style.font), line.size)}


def _have_one_in_common(types: set[tuple[str, float]], others: set[tuple[str, float]]) -> bool:
    """True if a family occurs in both, in about one size."""
    return any(
        name == other and abs(size - other_size) <= 0.06 * other_size
        for name, size in types
        for other, other_size in others
    )


def is_of_one_type(line: Line) -> bool:
    return len({family(glyph.style.font) for glyph in line.glyphs if glyph.text.isalpha()}) == 1
