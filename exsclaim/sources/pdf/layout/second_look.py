"""A second look at pages: where drawings stand outside all figures, and where text stands in one.

The rules' region stays unless the network is sure of what it sees and that agrees with what the page draws.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property

import pypdfium2 as pdfium2

from exsclaim.geometry import Box, hull
from exsclaim.sources.pdf.captions.body_type import LONG
from exsclaim.sources.pdf.captions.caption_detection import Caption
from exsclaim.sources.pdf.captions.caption_paragraphs import ends_sentence
from exsclaim.sources.pdf.figures.figure_clusters import Layout
from exsclaim.sources.pdf.figures.figure_rendering import draw
from exsclaim.sources.pdf.figures.other_pages import Region
from exsclaim.sources.pdf.layout.layout_network import SIDE_PX, Part, parts_of
from exsclaim.sources.pdf.page_content import without_watermarks

_PROSE = frozenset({"text", "abstract", "reference"})
_OTHERS = _PROSE | {"table", "figure_title", "paragraph_title", "doc_title", "formula"}
"""Kinds of parts that are cut off a region, and over which none grows."""
_BLURRED = 3.0
"""Points by which the network's boxes are off."""
_OFF_TEXT = 6.0
"""Points beside running text at which a region may begin."""
_LARGER = 1.08
"""A region that grows by less had all but its margin."""
_LEAST = 10.0
"""Points: what is narrower is a rule."""
_SENTENCE = 4
"""Words of a line that ends a sentence."""


def looked_again(
    document: pdfium2.PdfDocument, regions: Sequence[Region], layouts: Mapping[int, Layout]
) -> list[Region]:
    """The regions, without running text that a drawing excludes, with drawings next to them that nobody claims."""
    pages = {region.page: _SeenPage(document, layouts[region.page]) for region in regions}
    new = []
    for region in regions:
        others = [other.box for other in regions if other.page == region.page and other is not region]
        if region.page == region.caption.page:
            page = pages[region.page]
            box = page.without_text(region.box, region.caption)
            region = replace(region, box=page.with_parts(box, region.caption, others))
        new.append(region)
    return new


class _SeenPage:
    """A page, and what the network sees on it, which is asked only where there is a reason."""

    def __init__(self, document: pdfium2.PdfDocument, layout: Layout) -> None:
        self._document, self._layout = document, layout

    @cached_property
    def parts(self) -> list[Part]:
        page = self._layout.page
        scale = 2 * SIDE_PX / max(page.display.size)
        loaded = self._document[page.number - 1]
        try:
            without_watermarks(loaded.raw, page)
            return parts_of(draw(loaded.raw, page.display, page.area, scale), scale)
        finally:
            loaded.close()

    def without_text(self, box: Box, caption: Caption) -> Box:
        """A region without running text that reaches into it, or stands on the far side of all that is drawn in it."""
        page = self._layout.page
        long = [line.box for line in page.lines if line.length >= LONG and line.is_upright]
        if not any(line.touches(box) and not caption.box.contains(line, slack=1.0) for line in long):
            return box
        own = [
            part.box for part in self.parts
            if (part.is_drawing or part.kind == "table") and part.box.share_in(box.grown(_BLURRED)) > 0.8
        ]  # fmt: skip
        if not own:
            return box
        drawn, cut = hull(own), box
        is_over = box.centre[1] < caption.box.centre[1]
        for part in self.parts:
            text = part.box
            if part.kind not in _PROSE or not text.touches(box.grown(-_BLURRED)):
                continue
            is_far = text.y1 <= drawn.y0 + _BLURRED if is_over else text.y0 >= drawn.y1 - _BLURRED
            # what is said of a drawing between it and its caption is the figure's
            if text.share_in(box) < 0.8 or (is_far and text.width > 0.6 * box.width):
                cut = _cut(cut, text, drawn)
        ink = self._layout.ink.bounds(cut) if cut != box else None
        return (ink.grown(0.8).common(cut) if ink else None) or cut

    def with_parts(self, box: Box, caption: Caption, others: Sequence[Box]) -> Box:
        """A region with what else is drawn of that in which it is most of a drawing, on its side of the caption."""
        layout = self._layout
        had = [taken.grown(2.0) for taken in (box, *others)]
        rules = [graphic.box for graphic in layout.page.graphics if graphic.is_rule]
        drawings = [
            cluster.box for cluster in layout.clusters
            if min(cluster.box.width, cluster.box.height) > _LEAST
            and not (cluster.is_ruled and any(map(cluster.box.touches, rules)))  # a table
        ]  # fmt: skip
        spare = [drawing for drawing in drawings if not any(drawing.share_in(taken) > 0.5 for taken in had)]
        if not spare:
            return box
        own = {id(line) for each in layout.captions for line in each.all_lines}
        lines = [line for line in layout.page.lines if id(line) not in own]
        for part in self.parts:
            room = part.box.grown(_BLURRED)
            drawn = [other for other in spare if other.share_in(room) > 0.8]
            if not part.is_drawing or not drawn or box.share_in(room) < 0.5 or self._is_set_off(drawn, box):
                continue
            both = hull((box, *drawn, *(line.box for line in lines if line.box.share_in(room) > 0.7)))
            is_over = [each.centre[1] < caption.box.centre[1] for each in (box, both)]
            if both.area > _LARGER * box.area and is_over[0] == is_over[1] and self._is_free(both, box, others):
                box = both
        return box

    def _is_set_off(self, drawn: Sequence[Box], box: Box) -> bool:
        """True if drawings stand on a tinted ground without a region: a graphical abstract over the figure."""
        grounds = [graphic.box for graphic in self._layout.page.graphics if graphic.fill is not None]
        return any(ground.contains(hull(drawn)) and not ground.contains(box, slack=_BLURRED) for ground in grounds)

    def _is_free(self, box: Box, had: Box, others: Sequence[Box]) -> bool:
        """True if a region takes in no other figure, no caption and, beyond what it had, no running text or table."""
        inner = box.grown(-2.0)
        texts = [part.box for part in self.parts if part.kind in _OTHERS and part.box.share_in(had) < 0.5]
        taken = (*others, *(caption.box for caption in self._layout.captions))
        labels = {
            line.box for line in self._layout.page.lines if len(line.words) < _SENTENCE or not ends_sentence(line)
        }
        barred = [barrier for barrier in self._layout.barriers if barrier not in labels and not had.touches(barrier)]
        return not any(map(inner.touches, (*taken, *barred))) and not any(text.share_in(inner) > 0.3 for text in texts)


def _cut(box: Box, text: Box, drawn: Box) -> Box:
    """The part of a region on its drawing's side of running text; all of it where the text stands in the drawing."""
    x0, y0, x1, y1 = box.corners
    if text.x1 <= drawn.x0 + _BLURRED:
        x0 = max(x0, min(text.x1 + _OFF_TEXT, drawn.x0))
    elif text.x0 >= drawn.x1 - _BLURRED:
        x1 = min(x1, max(text.x0 - _OFF_TEXT, drawn.x1))
    elif text.y1 <= drawn.y0 + _BLURRED:
        y0 = max(y0, min(text.y1 + _OFF_TEXT, drawn.y0))
    elif text.y0 >= drawn.y1 - _BLURRED:
        y1 = min(y1, max(text.y0 - _OFF_TEXT, drawn.y1))
    return Box(x0, y0, x1, y1)
