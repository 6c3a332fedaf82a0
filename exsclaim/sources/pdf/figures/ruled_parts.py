"""Straight lines on a page: frames over captions, whose words are the figure's, ends of tables, gutters of figures."""

from collections.abc import Sequence
from itertools import pairwise

from exsclaim.geometry import Box, hull
from exsclaim.sources.pdf.captions.caption_detection import Caption
from exsclaim.sources.pdf.graphics.page_graphics import Graphic
from exsclaim.sources.pdf.graphics.page_ink import Ink
from exsclaim.sources.pdf.page_content import Page

_OVER_CAPTION = 30.0
"""Points between a frame and the caption under it."""
_LEAST_FRAME = 40.0
"""Points: what is lower is a box around a word, a key, a single row."""
_UNDER_CAPTION = 60.0
"""Points between a table's caption of several lines and its first rule."""
_ALIKE = 3.0
"""Points by which the rules of one table, or the sides of one frame, differ in their ends."""
_THIN = 3.0
_HEAD = 40.0
"""Points: the head of a table is no higher."""
_CHART = 4
"""So many boxes with words in them, at least, make a flow chart."""
_ROW = 200.0
"""Points between two rules of one table, but for one on a ground that reaches from one to the other."""


_LEAST_RULE, _UPRIGHT, _NEAR_DRAWING = 100.0, 12.0, 8.0
_EDGE = 2.0
"""Points: as far from the edge of the text as its own lines may be."""
_FLUSH = 3
"""So many lines at least tell where the edge of the text is."""


def frames_over(captions: Sequence[Box], graphics: Sequence[Graphic]) -> list[Box]:
    """Frames right over figures' captions and as wide as a figure: one outline or tinted ground, or four rules.

    Words in such a frame are a figure's, however evenly they are set: a listing, a workflow, a form, what was asked of
    a language model.
    """
    outlines = [
        g.box for g in graphics if captions and g.kind == "path" and not g.is_rule and g.box.height > _LEAST_FRAME
    ]
    found = [*outlines, *(_of_rules(graphics) if captions else ())]
    return [frame for frame in found if any(_is_over(frame, caption) for caption in captions)]


_FLUSH_SHARE = 0.25
_FEWEST_LINES = 3
_MOST_RULES = 500
"""A page with more is all drawing or table; each is compared with each."""


def listings_over(captions: Sequence[Box], page: Page) -> list[Box]:
    """Room between two rules of one length right over a figure's caption: listings and algorithms, whatever their type.

    Running text between rules as wide as itself fills its lines from end to end, a listing does not.
    """
    drawn = [*(g.box for g in page.graphics), *page.repeated] if captions else []
    level = [box for box in drawn if box.height < _THIN and box.width > _LEAST_RULE]
    found: list[Box] = []
    if len(level) > _MOST_RULES:
        return found
    for bottom in level:
        if not any(_is_over(bottom, caption) for caption in captions):
            continue
        over = [box for box in level if _has_ends_of(box, bottom) and bottom.y0 - box.y1 > _LEAST_FRAME]
        top = max(over, key=lambda box: box.y1, default=None)
        if top is None:
            continue
        room = Box(bottom.x0, top.y0, bottom.x1, bottom.y1)
        inside = [line for line in page.lines if room.grown(1).contains(line.box)]
        flush = sum(bottom.x1 - line.box.x1 < 2 * _ALIKE for line in inside)
        is_whole = not any(room.touches(caption) for caption in captions)
        if is_whole and len(inside) >= _FEWEST_LINES and flush < _FLUSH_SHARE * len(inside):
            found.append(room)
    return found


def _is_over(frame: Box, caption: Box) -> bool:
    across = frame.overlap_width(caption) > 0.6 * min(frame.width, caption.width)
    return across and frame.width > 0.4 * caption.width and -2 <= caption.y0 - frame.y1 < _OVER_CAPTION


def _of_rules(graphics: Sequence[Graphic]) -> list[Box]:
    """Frames of two level rules with the same ends and two upright ones that join these."""
    level = sorted((g.box for g in graphics if g.is_rule and g.box.height < _THIN < g.box.width), key=lambda b: b.y0)
    upright = [g.box for g in graphics if g.box.width < _THIN and g.box.height > _LEAST_FRAME]
    frames = []
    for number, top in enumerate(level):
        # in a grid of hundreds of lines few rules have an upright one at each end: only these are looked at in pairs
        begun = [side for side in upright if abs(side.y0 - top.y0) < _ALIKE]
        ends = [[side.y1 for side in begun if abs(side.centre[0] - x) < _ALIKE] for x in (top.x0, top.x1)]
        for bottom in level[number + 1 :] if all(ends) else ():
            is_closed = all(any(abs(y - bottom.y1) < _ALIKE for y in at_one_end) for at_one_end in ends)
            if is_closed and _has_ends_of(bottom, top) and bottom.y0 - top.y1 > _LEAST_FRAME:
                frames.append(Box(top.x0, top.y0, top.x1, bottom.y1))
    return frames


def _has_ends_of(rule: Box, other: Box) -> bool:
    return abs(rule.x0 - other.x0) < _ALIKE and abs(rule.x1 - other.x1) < _ALIKE


def last_rules_of_tables(captions: Sequence[Box], graphics: Sequence[Graphic], others: Sequence[Box] = ()) -> list[Box]:
    """The last rules of the tables that stand under these captions: a figure may follow at once.

    `others` are all captions of the page: behind the next one the rules are another table's. The rules of one table
    have the same ends, and begin under its caption, where its head may be tinted instead. What is under a caption that
    has its table over it may be the axes of a plot.
    """
    level = sorted(
        (g.box for g in graphics if captions and g.is_rule and g.box.height < _THIN and g.box.width > _LEAST_FRAME),
        key=lambda box: box.y0,
    )
    level = _without_gaps(level)
    level = sorted(level + (_tinted_heads(graphics) if level else []), key=lambda box: box.y0)
    ends = []
    for caption in captions:
        upper = max((box.y1 for box in others if box.y1 < caption.y0 and box.overlap_width(caption) > 0), default=0.0)
        over = [box for box in level if upper < box.y0 < caption.y0 and box.overlap_width(caption) > 0]
        is_under_table = bool(over) and over[-1] not in ends and caption.y0 - over[-1].y1 < _HEAD
        if is_under_table and any(_has_ends_of(box, over[-1]) for box in over[:-1]):
            continue
        lower = (box.y0 for box in others if box.y0 > caption.y1 and box.overlap_width(caption) > 0)
        end = min(lower, default=float("inf"))
        under = [box for box in level if caption.y1 - 1 < box.y0 < end and box.overlap_width(caption) > 0]
        if not under or under[0].y0 - caption.y1 > _UNDER_CAPTION:
            continue
        rules = [box for box in under if _has_ends_of(box, under[0])]
        grounds = [g.box for g in graphics if g.kind == "path" and g.fill is not None and _has_ends_of(g.box, under[0])]
        stop = next(
            (
                n for n, (a, b) in enumerate(pairwise(rules), start=1)
                if b.y0 - a.y1 > _ROW and not any(g.y0 <= a.y1 and b.y0 <= g.y1 + _THIN for g in grounds)
            ),
            len(rules),
        )  # fmt: skip
        if stop > 1 and rules[stop - 1].height < _THIN:
            ends.append(rules[stop - 1])
    return ends


def _tinted_heads(graphics: Sequence[Graphic]) -> list[Box]:
    """Bands of one row's height, filled, whole or cell by cell."""
    cells = [g.box for g in graphics if g.kind == "path" and g.fill is not None and 6 < g.box.height < _HEAD]
    return [band for band in _without_gaps(cells) if band.width > 2 * _LEAST_FRAME]


def _without_gaps(cells: Sequence[Box]) -> list[Box]:
    """Bands of cells, or rules of pieces, that stand side by side in one row."""
    bands: list[Box] = []
    for cell in sorted(cells, key=lambda box: (round(box.y0), box.x0)):
        last = bands[-1] if bands else None
        if (
            last is not None
            and abs(last.y0 - cell.y0) < 1
            and abs(last.y1 - cell.y1) < 1
            and cell.x0 - last.x1 < _ALIKE
        ):
            bands[-1] = hull((last, cell))
        else:
            bands.append(cell)
    return bands


_LEVEL = 100.0
"""Points that the captions of figures side by side may begin below one another."""


def gutters(captions: Sequence[Caption], barriers: Sequence[Box], graphics: Sequence[Graphic], ink: Ink) -> list[Box]:
    """Lines between figures side by side, which may nearly touch: free of ink, next to the right one's caption."""
    lines = []
    images = [graphic.box for graphic in graphics if graphic.kind == "image"]
    for left, right in ((a.box, b.box) for a in captions for b in captions if a.is_figure or b.is_figure):
        if left.x1 >= right.x0:
            continue
        top, low, bottom = min(left.y0, right.y0), max(left.y0, right.y0), max(left.y1, right.y1)
        # far apart in height, or with running text between, they are no captions of figures side by side
        if low - top > _LEVEL or any(
            top < barrier.centre[1] < low and barrier.x0 < right.x1 and left.x0 < barrier.x1
            for barrier in barriers
            if not (left.contains(barrier, slack=1.0) or right.contains(barrier, slack=1.0))
        ):
            continue
        crossing = [
            box for box in (*barriers, *images) if box.x0 < right.x0 - 2 < box.x1 and not (top < box.y0 < bottom)
        ]
        if any(top < box.centre[1] < bottom for box in barriers if box.x0 < right.x0 - 2 < box.x1):
            continue
        first = max((box.y1 for box in crossing if box.centre[1] <= top), default=0.0)
        x = ink.free_column(Box(left.x1, first, right.x0, top)) if first < top else None
        if x is not None and not any(box.x0 + 2 < x < box.x1 - 2 and box.y1 > first and box.y0 < top for box in images):
            lines.append(Box(x - 0.2, first, x + 0.2, bottom))
    return lines


def rules_of_columns(graphics: Sequence[Graphic], grounds: Sequence[Box], texts: Sequence[Box]) -> list[Box]:
    """Rules that a publisher sets off its figures and abstracts with, as wide as the text: they are no figure's.

    One lies on the tinted ground of a text from side to side, or goes from edge to edge of the text, with nothing
    upright at its ends, near to drawings that are narrower.
    """
    level = [graphic.box for graphic in graphics if graphic.is_rule and graphic.box.width > _LEAST_RULE]
    upright = [graphic.box for graphic in graphics if graphic.is_rule and graphic.box.height > _UPRIGHT]
    drawn = [g.box for g in graphics if not g.is_rule and min(g.box.width, g.box.height) > _LEAST_FRAME]

    def is_of_ground(rule: Box) -> bool:
        return any(ground.grown(2).contains(rule) and rule.width > 0.97 * ground.width for ground in grounds)

    def is_of_text(rule: Box) -> bool:
        begins = sum(abs(text.x0 - rule.x0) < _EDGE for text in texts)
        ends = sum(abs(text.x1 - rule.x1) < _EDGE for text in texts)
        if min(begins, ends) < _FLUSH or any(side.grown(2).touches(rule) for side in upright):
            return False
        near = [box for box in drawn if rule.grown(_NEAR_DRAWING).touches(box)]
        return bool(near) and not any(box.x0 < rule.x0 + _EDGE and rule.x1 - _EDGE < box.x1 for box in near)

    return [rule for rule in level if is_of_ground(rule) or is_of_text(rule)]


def boxes_of_a_chart(page: Page) -> list[Box]:
    """Small frames around a few words, where a page has several: what stands in them is a flow chart's."""
    area = page.area
    paths = [g for g in page.graphics if g.kind == "path" and not g.is_rule]
    small = [
        box for g in paths for box in (*g.rectangles, g.box)
        if 12 < box.height < 150 and box.width < 0.6 * area.width and box.area < 0.06 * area.area
    ]  # fmt: skip
    held = [box for box in small if any(line.box.share_in(box) > 0.9 for line in page.lines)]
    distinct = [box for index, box in enumerate(held) if not any(box.share_in(other) > 0.8 for other in held[:index])]
    return held if len(distinct) >= _CHART else []
