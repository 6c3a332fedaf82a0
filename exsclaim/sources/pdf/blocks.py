"""Lines that belong together: which one stands above another, and how far a caption goes on."""

import re
from collections.abc import Collection, Sequence

from exsclaim.sources.pdf.lines import Line
from exsclaim.sources.pdf.rects import Rect, hull

_LEADING = 1.5
"""Lines of one paragraph are at most so many times their size apart, baseline to baseline."""
_FULL_STOP = re.compile(r"[.!?)\]”\"]\s*$")


def family(font: str) -> str:
    """Font without its weight and slant: "MinionPro-Bold" and "MinionPro-It" are one family."""
    return re.split(r"[-,.]", font)[0].casefold().removesuffix("mt")


def above(line: Line, lines: Sequence[Line]) -> Line | None:
    """The nearest line over this one that shares some of its width."""
    over = [
        other
        for other in lines
        if other is not line
        and other.baseline < line.baseline - 0.5 * line.size
        and other.box.across(line.box) > 0.3 * min(other.box.width, line.box.width)
    ]
    return max(over, key=lambda other: other.baseline, default=None)


def is_running_on(line: Line, before: Line | None) -> bool:
    """Whether `line` continues the sentence of the line above it: same type, close, and that one goes to the margin."""
    if before is None or not _is_same_type(before, line):
        return False
    if line.baseline - before.baseline > _LEADING * line.size or before.box.x0 > line.box.x0 + 2 * line.size:
        return False
    return before.box.x1 > line.box.x1 - 0.12 * line.box.width and before.box.width > 0.7 * line.box.width


def _is_same_type(a: Line, b: Line) -> bool:
    return abs(a.size - b.size) <= 0.06 * b.size and (
        family(a.style.font) == family(b.style.font)
        or bool({family(g.style.font) for g in a.glyphs} & {family(b.style.font)})
    )


def grown(start: Line, lines: Sequence[Line], taken: Collection[int], body: tuple[str, float]) -> list[Line]:
    """The block that a line begins: the lines under it in its type, and its second column where it has one.

    `taken` are ids of lines that begin or belong to other blocks.
    """
    block = _down(start, lines, taken)
    sample = block[1] if len(block) > 1 else start
    in_body_type = (sample.style.font, sample.size) == body
    mine = set(map(id, block))
    box = hull(line.box for line in block)
    if not in_body_type and len(block) >= 2:
        # a wide figure's caption may be set in two columns
        beside = [
            line
            for line in lines
            if id(line) not in mine
            and id(line) not in taken
            and _is_same_type(line, sample)
            and abs(line.baseline - start.baseline) < 0.35 * start.size
            and 0 < line.box.x0 - box.x1 < 0.7 * box.width
            and line.box.width > 0.5 * box.width
        ]
        if beside and not _FULL_STOP.search(block[-1].text):
            block += _down(beside[0], lines, {*taken, *mine})
    return block


def ends_sentence(line: Line) -> bool:
    return _FULL_STOP.search(line.text) is not None


def going_on(last: Line, there: Sequence[Line], lines: Sequence[Line], taken: Collection[int]) -> list[Line]:
    """The block at the head of a column or page that continues a sentence broken off in `last`, in its type."""
    upright = [line for line in there if line.is_upright]
    first = min(upright, key=lambda line: (line.baseline, line.box.x0), default=None)
    if first is None or id(first) in taken or not _is_same_type(first, last) or len(first.words) < 3:
        return []
    goes_on = first.text[:1].islower() or first.text[:1] in "(0123456789"
    return _down(first, [line for line in lines if line.is_upright], taken) if goes_on else []


def _down(start: Line, lines: Sequence[Line], taken: Collection[int]) -> list[Line]:
    block = [start]
    left, right = start.box.x0, start.box.x1
    leading: float | None = None
    while True:
        last = block[-1]
        nearest = _next(last, block, lines, Rect(left, last.box.y0, right, last.box.y1))
        if nearest is None or id(nearest) in taken:
            break
        step = nearest.baseline - last.baseline
        text = block[1] if len(block) > 1 else start
        if step > (1.25 * leading + 0.5 if leading else 1.9 * max(last.size, nearest.size)):
            break
        if not _is_same_type(nearest, text) and not (
            len(block) == 1 and abs(nearest.size - text.size) < 0.2 * text.size
        ):
            break
        if _is_new_paragraph(block, nearest, right):
            break
        leading = step if leading is None else max(leading, min(step, 1.15 * leading))
        block.append(nearest)
        left, right = min(left, nearest.box.x0), max(right, nearest.box.x1)
    return block


def _next(last: Line, block: Sequence[Line], lines: Sequence[Line], reach: Rect) -> Line | None:
    mine = set(map(id, block))
    under = [
        line
        for line in lines
        if id(line) not in mine
        and line.baseline > last.baseline + 0.5 * min(last.size, line.size)
        and line.box.across(reach) > 0.5 * min(line.box.width, reach.width)
        and line.size > 0.8 * last.size
    ]
    return min(under, key=lambda line: (line.baseline, line.box.x0), default=None)


def _is_new_paragraph(block: Sequence[Line], line: Line, right: float) -> bool:
    """A caption's last line is short and ends its sentence; what then begins at another margin is no part of it."""
    last = block[-1]
    if last.box.x1 > right - 3 * last.size or not _FULL_STOP.search(last.text) or len(block) < 2:
        return False
    left = min(other.box.x0 for other in block[1:])
    return abs(line.box.x0 - left) > 0.6 * line.size
