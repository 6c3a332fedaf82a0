"""Fonts of Greek letters and signs under Latin codes (Mathematical Pi), told by their ink, for a whole document.

"TNF-a" and "DCt" are TNF-α and ΔCt in a font of Linotype's Mathematical Pi: its "b" descends and its "k" has no
ascender, so that its "a" and "D", whose ink says nothing, are Greek too. Such a letter may stand on another page.
"""

from collections.abc import Collection, Sequence

from exsclaim.sources.pdf.text.characters import Glyph
from exsclaim.sources.pdf.text.font_codes import MATHEMATICAL_PI
from exsclaim.sources.pdf.text.glyph_ink import descends, is_flat, is_reliable, is_x_high
from exsclaim.sources.pdf.text.text_lines import Line

_DESCENDING, _LOW = frozenset("bmzrch"), frozenset("k")
"""Letters that do not descend, where the Greek ones under their codes do; one whose ascender the Greek one lacks."""
OF_PI = {"1": "+", "2": "−", "3": "×", "5": "=", "6": "±", ",": "<", ".": ">", "{": "−", "|": "×", "§": "±",
         ":": ".", ";": ","}  # fmt: skip
"""Signs that Mathematical Pi has under digits and stops, which have other ink, and others under bars and "§"."""


def told_by_ink(glyphs: Sequence[Glyph]) -> tuple[frozenset[str], frozenset[str]]:
    """The fonts of a page in which a letter is shown to be Greek, and those in which one is shown to be Latin."""
    greek, latin = set(), set()
    for index, glyph in enumerate(glyphs):
        font = glyph.style.font
        if glyph.style.quarter != 0 or glyph.text not in _DESCENDING | _LOW or (font in greek and font in latin):
            continue
        shows = descends(glyph) if glyph.text in _DESCENDING else is_x_high(glyph)
        if not shows:
            latin.add(font)
        elif is_reliable(glyphs, index):
            greek.add(font)
    return frozenset(greek - {""}), frozenset(latin)


def read_anew(line: Line, fonts: Collection[str]) -> Line:
    """A line with the letters of fonts that are Greek as they are printed."""
    if not any(glyph.style.font in fonts for glyph in line.glyphs):
        return line
    return Line(
        tuple(
            glyph._replace(text=MATHEMATICAL_PI[glyph.text])
            if glyph.style.font in fonts and glyph.text in MATHEMATICAL_PI
            else glyph
            for glyph in line.glyphs
        )
    )


def is_sign_of_pi(glyph: Glyph) -> bool:
    """True if the ink under a digit's or stop's code is that of the sign that Mathematical Pi has there."""
    size = glyph.style.size
    across, along = glyph.box.width / size, glyph.box.height / size
    under = (glyph.box.y1 - glyph.baseline) / size
    if glyph.text in "2{":
        return is_flat(glyph)
    if glyph.text == "5":
        return across > 0.45 and along < 0.3 and under < -0.05
    if glyph.text in ":;":  # a dot or comma alone
        return along < (0.18 if glyph.text == ":" else 0.34) and under > -0.03
    if glyph.text in ",.":
        return across > 0.45 and 0.4 < along < 0.75 and -0.2 < under < 0.03
    return 0.4 < across < 0.75 and 0.4 < along < 0.68 and along < 1.12 * across and under < 0.03
