"""Characters told by their shape where a font misnames them, and accents joined with their letters.

A typesetter's symbol font often stores "µm" as "mm", which would make every size wrong by a thousand, and "25 °C" as
"25 -C". No table of fonts can be complete, but the ink tells: no "m" reaches below its baseline, no quotation mark is a
flat stroke, and no hyphen is as high as it is wide.
"""

import unicodedata
from collections import Counter
from collections.abc import Sequence

from exsclaim.sources.pdf.text.characters import Glyph
from exsclaim.sources.pdf.text.font_codes import FENCED
from exsclaim.sources.pdf.text.glyph_ink import descends, is_fence, is_flat, is_reliable, is_ring, is_wave, is_x_high
from exsclaim.sources.pdf.text.pi_fonts import OF_PI, is_sign_of_pi

_MICRO_AS = frozenset("mlu")
"""Letters under which fonts hide a micro sign: by its name "mu", by its Greek neighbour lambda, by its looks."""
_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
_DESCENDING = {"b": "β", "z": "ζ", "r": "ρ", "c": "χ", "h": "η"}
"""Letters that never descend, and the Greek ones that fonts hide under their codes and that do."""
_DASHES = frozenset("-‐‑‒–—―−_=~∼¬⁻.,·•'’`ˉ¯…")
_NEVER_LOW = frozenset("?\ufffd!\"#$%&'()*+")
"""Signs under whose codes fonts that count anew from the space have a micro sign: none is x-high and descends."""
_UNITS = frozenset("mslLgAVMWNFJCΩ")
"""First letters of units before which a micro sign stands, so that a nameless sign of its shape is one."""
_COMBINING = {
    "´": "\u0301", "`": "\u0300", "ˆ": "\u0302", "^": "\u0302", "˜": "\u0303", "~": "\u0303", "¨": "\u0308",
    "¯": "\u0304", "˘": "\u0306", "˙": "\u0307", "˚": "\u030a", "°": "\u030a", "˝": "\u030b", "ˇ": "\u030c",
    "¸": "\u0327", "˛": "\u0328",
}  # fmt: skip


def by_shape(glyphs: Sequence[Glyph]) -> list[Glyph]:
    """The characters of a page with those put right whose ink is not what their code says."""
    glyphs = _with_fences(glyphs)
    mended = list(glyphs)
    for index, glyph in enumerate(glyphs):
        if glyph.style.quarter != 0 or len(glyph.text) != 1:
            continue
        if glyph.text < " " or (glyph.text in "-−" and is_ring(glyphs, index)):
            mended[index] = glyph._replace(text=_by_outline(glyphs, index))
        elif glyph.text in _LETTERS and is_flat(glyph) and is_reliable(glyphs, index):
            mended[index] = glyph._replace(text="−")
        elif glyph.text in OF_PI and is_sign_of_pi(glyph) and _is_apart(glyphs, index) and is_reliable(glyphs, index):
            mended[index] = glyph._replace(text=OF_PI[glyph.text])
        elif glyph.text in _MICRO_AS or not (glyph.text.isalnum() or glyph.text in _DASHES):
            if _is_micro(glyphs, index):
                mended[index] = glyph._replace(text="µ")
            elif is_flat(glyph) and not glyph.text.isalnum() and glyph.text not in _DASHES:
                mended[index] = glyph._replace(text="−")
            elif glyph.text == "*" and is_wave(glyph):
                mended[index] = glyph._replace(text="∼")  # Springer's "AdvPi1"
        elif glyph.text == "B" and _is_less(glyphs, index):
            mended[index] = glyph._replace(text="<")
        elif glyph.text in _DESCENDING and _is_greek(glyphs, index):
            mended[index] = glyph._replace(text=_DESCENDING[glyph.text])
    return mended


def _with_fences(glyphs: Sequence[Glyph]) -> list[Glyph]:
    """The characters of a page with parentheses and minuses of fonts that count their codes anew, without other signs.

    Two codes that follow each other and have ink of one size, as high as a parenthesis, are a pair. A page has more
    parentheses than brackets.
    """
    nameless = [glyph for glyph in glyphs if glyph.style.font.startswith(FENCED) and glyph.text < " "]
    if not nameless:
        return list(glyphs)
    counts = Counter((glyph.style.font, glyph.text) for glyph in nameless if is_fence(glyph))
    pairs = [
        (font, code) for font, code in counts
        if (font, chr(ord(code) + 1)) in counts and (font, chr(ord(code) - 1)) not in counts
    ]  # fmt: skip
    signs: dict[tuple[str, str], str] = {}
    usual = sorted(pairs, key=lambda pair: -counts[pair])
    for (font, code), opening, closing in zip(usual, "([", ")]", strict=False):
        signs |= {(font, code): opening, (font, chr(ord(code) + 1)): closing}
    kept: list[Glyph] = []
    spaced = False
    for index, glyph in enumerate(glyphs):
        is_nameless = glyph.style.font.startswith(FENCED) and glyph.text < " "
        told = signs.get((glyph.style.font, glyph.text)) or (_relation(glyphs, index) if is_nameless else glyph.text)
        is_lost = is_nameless and told == glyph.text
        if not is_lost:
            kept.append(glyph._replace(text=told, spaced=glyph.spaced or spaced))
        spaced = is_lost and (spaced or glyph.spaced)
    return kept


def _relation(glyphs: Sequence[Glyph], index: int) -> str:
    """The minus, micro sign or relation that a nameless sign is by its ink and place; the character itself for others.

    Two strokes behind a letter for a quantity are "=", and between P and a number that begins with 0 stands "<".
    """
    glyph = glyphs[index]
    if is_flat(glyph):
        return "−"
    if _is_micro(glyphs, index):
        return "µ"
    size = glyph.style.size
    across, along, middle = glyph.box.width / size, glyph.box.height / size, glyph.baseline - glyph.box.centre[1]
    before, after = glyphs[max(0, index - 1)], glyphs[min(len(glyphs) - 1, index + 1)]
    if is_wave(glyph) and after.text[:1].isdigit():
        return "∼"
    is_alone = index < 2 or before.spaced or not glyphs[index - 2].text.isalpha()
    if not (before.text.isalpha() and is_alone and after.text[:1].isdigit()):
        return glyph.text
    if 0.4 < across < 0.75 and 0.15 < along < 0.3 and 0.15 * size < middle < 0.45 * size:
        return "="
    is_angle = 0.45 < across < 0.8 and 0.4 < along < 0.75
    return "<" if is_angle and before.text in "Pp" and after.text == "0" else glyph.text


def _is_greek(glyphs: Sequence[Glyph], index: int) -> bool:
    """True if a letter descends that does not: b anywhere, others in another font than both neighbours.

    In a word set in italics z and h may descend.
    """
    is_apart = glyphs[index].text == "b" or _is_apart(glyphs, index)
    return is_apart and descends(glyphs[index]) and is_reliable(glyphs, index)


def _is_less(glyphs: Sequence[Glyph], index: int) -> bool:
    """True if a "B" of another font between P and 0 is lower than a capital: Elsevier's "PB0.001" of old."""
    before, after = glyphs[max(0, index - 1)].text, glyphs[min(len(glyphs) - 1, index + 1)].text
    is_low = glyphs[index].box.height < 0.62 * glyphs[index].style.size
    return before in "Pp" and after == "0" and is_low and _is_apart(glyphs, index)


def _is_apart(glyphs: Sequence[Glyph], index: int) -> bool:
    """True if a character is in another font than both its neighbours."""
    return glyphs[index].style.font not in (
        glyphs[other].style.font for other in (index - 1, index + 1) if 0 <= other < len(glyphs)
    )


def _by_outline(glyphs: Sequence[Glyph], index: int) -> str:
    """The sign of a nameless character by the extent of its ink; the character itself where that does not tell."""
    glyph = glyphs[index]
    em = glyph.style.size
    across, along = glyph.box.width / em, glyph.box.height / em
    if is_flat(glyph):
        return "−"
    if _is_micro(glyphs, index):
        return "µ"
    if is_ring(glyphs, index):
        return "°"
    before, after = glyphs[max(0, index - 1)].text, glyphs[min(len(glyphs) - 1, index + 1)].text
    if 0.35 < across < 0.75 and along > 0.35 and before[-1:].isdigit() and after[:1].isdigit():
        return "×" if 0.8 < along / across < 1.08 else "±" if along < 1.5 * across else glyph.text
    return "∼" if across > 0.4 and 0.12 < along < 0.35 else glyph.text


def _is_micro(glyphs: Sequence[Glyph], index: int) -> bool:
    glyph = glyphs[index]
    after = glyphs[index + 1] if index + 1 < len(glyphs) else None
    if glyph.text in _MICRO_AS:
        return descends(glyph) and is_x_high(glyph) and is_reliable(glyphs, index)
    is_nameless = unicodedata.category(glyph.text) in ("Co", "Cn", "Cc", "So") or glyph.text in _NEVER_LOW
    return (
        is_nameless and after is not None and after.text[:1] in _UNITS and not after.spaced
        and descends(glyph) and is_x_high(glyph) and is_reliable(glyphs, index)
    )  # fmt: skip


def with_accents(glyphs: Sequence[Glyph]) -> list[Glyph]:
    """Letters and the accents that a file sets over them as characters of their own, as one: "´" and "e" is "é"."""
    joined: list[Glyph] = []
    for glyph in glyphs:
        before = joined[-1] if joined else None
        if before is not None and (letter := _accented(before, glyph)) is not None:
            joined[-1] = letter
        else:
            joined.append(glyph)
    return joined


def _accented(first: Glyph, second: Glyph) -> Glyph | None:
    accent, base = (first, second) if first.text in _COMBINING else (second, first)
    if accent.text not in _COMBINING or not base.text[-1:].isalpha() or first.style.quarter != second.style.quarter:
        return None
    shared = min(accent.box.x1, base.box.x1) - max(accent.box.x0, base.box.x0)
    if shared < 0.6 * min(accent.box.width, base.box.width) or accent.box.height <= 0:
        return None
    letter = unicodedata.normalize("NFC", base.text + _COMBINING[accent.text])
    if len(letter) > len(base.text):
        if base.text not in "ıȷ":
            return None
        letter = unicodedata.normalize("NFC", {"ı": "i", "ȷ": "j"}[base.text] + _COMBINING[accent.text])
    return base._replace(text=letter, spaced=first.spaced)
