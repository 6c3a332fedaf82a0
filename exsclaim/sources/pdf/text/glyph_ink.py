"""Ink of a character: how far it reaches tells what it is where a font misnames it.

No "m" reaches below its baseline, and no "2" is a flat stroke. Boxes of ink are not always right (Type 3 fonts may
lie), so that they are believed where those of the letters around are.
"""

from collections.abc import Sequence

from exsclaim.sources.pdf.text.characters import Glyph

_NEVER_DESCENDING = frozenset("acdehiklmnorstuvwxzbABCDEFGHIKLMNOPRSTUVWXYZ0123456789")
_DESCENT, _FLOOR = 0.12, 0.06
"""In sizes of the type: what reaches so far below the baseline descends; what reaches less does not."""


def descends(glyph: Glyph) -> bool:
    """True if the ink reaches well below the baseline."""
    return glyph.box.y1 - glyph.baseline > _DESCENT * glyph.style.size


def is_x_high(glyph: Glyph) -> bool:
    """True if the ink is as high as that of letters without ascenders."""
    return 0.3 * glyph.style.size < glyph.baseline - glyph.box.y0 < 0.62 * glyph.style.size


def is_reliable(glyphs: Sequence[Glyph], index: int) -> bool:
    """True if boxes hereabouts are those of the ink: most letters that never descend do not (Type 3 fonts may lie)."""
    level = glyphs[index].baseline
    near = [
        other
        for other in (*glyphs[max(0, index - 8) : index], *glyphs[index + 1 : index + 9])
        if other.text in _NEVER_DESCENDING and abs(other.baseline - level) < 0.1 * other.style.size
    ]
    standing = [other for other in near if other.box.y1 - other.baseline < _FLOOR * other.style.size]
    return bool(near) and len(standing) > len(near) / 2


def is_flat(glyph: Glyph) -> bool:
    """True if the ink is a stroke halfway up, as wide as a minus."""
    size = glyph.style.size
    middle = glyph.baseline - glyph.box.centre[1]
    return glyph.box.height < 0.12 * size and glyph.box.width > 0.35 * size and 0.15 * size < middle < 0.45 * size


def is_wave(glyph: Glyph) -> bool:
    """True if the ink is low and halfway up, and thicker than a stroke: that of "∼"."""
    size = glyph.style.size
    middle = glyph.baseline - glyph.box.centre[1]
    is_halfway = 0.15 * size < middle < 0.45 * size
    return glyph.box.width > 0.4 * size and 0.12 * size <= glyph.box.height < 0.22 * size and is_halfway


def is_ring(glyphs: Sequence[Glyph], index: int) -> bool:
    """True if a small sign as high as wide stands at the head of the digit before it: that of degrees."""
    glyph = glyphs[index]
    before = glyphs[index - 1] if index else glyph
    em = before.style.size
    across, along = glyph.box.width / em, glyph.box.height / em
    return (
        before.text[-1:].isdigit() and before.style.quarter == 0
        and 0.18 < across < 0.45 and 0.8 * across < along < 1.25 * across
        and before.baseline - glyph.box.y1 > 0.25 * em and -0.2 * em < glyph.box.x0 - before.box.x1 < 0.5 * em
    )  # fmt: skip


def is_fence(glyph: Glyph) -> bool:
    """True if the ink is as high and narrow as a parenthesis, and not so narrow as a bar."""
    size = glyph.style.size
    across, along, depth = glyph.box.width / size, glyph.box.height / size, (glyph.box.y1 - glyph.baseline) / size
    return 0.18 < across < 0.34 and 0.8 < along < 1.2 and 0.1 < depth < 0.35
