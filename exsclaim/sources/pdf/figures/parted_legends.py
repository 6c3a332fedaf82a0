"""Legends that stand under a figure whose label stands alone over it: "Fig. 3", a rule, the drawing, the legend."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from exsclaim.geometry import Box
from exsclaim.sources.pdf.captions.body_type import body_style, usual_leading
from exsclaim.sources.pdf.captions.caption_detection import Caption
from exsclaim.sources.pdf.captions.caption_extent import grown
from exsclaim.sources.pdf.captions.caption_paragraphs import ends_sentence
from exsclaim.sources.pdf.figures.other_pages import Region
from exsclaim.sources.pdf.page_content import Page
from exsclaim.sources.pdf.text.text_lines import Line

_REACH = 4.0
"""Sizes of its type between the figure and its legend at most."""
_SAME = 0.06
"""Of its size: by less a scan's recognised text differs from itself."""
_WORDS = 3
"""A legend's first line has so many words at least: what is shorter may be of the drawing."""


def with_parted_legends(
    captions: Sequence[Caption], regions: Sequence[Region], pages: Sequence[Page]
) -> tuple[list[Caption], list[Region]]:
    """The captions and regions, with the legend of each label over a figure among the caption's lines elsewhere.

    Such a legend is set in a type that is not the text's, at the label's margin, right under the figure.
    """
    taken = {id(line) for caption in captions for line in caption.all_lines}
    by_number = {page.number: page for page in pages}
    body, leading = body_style(pages), usual_leading(pages)
    new: dict[int, Caption] = {}
    for region in regions:
        caption = region.caption
        if not caption.is_bare or region.page != caption.page or caption.box.y1 > region.box.y0:
            continue
        lines = [line for line in by_number[caption.page].lines if line.is_upright]
        first = _first_line(caption.lines[0], region.box, lines, taken, body)
        if first is not None:
            legend = grown(first, lines, taken, body, leading)
            if len(legend) == 1 and not ends_sentence(first):
                continue  # the heading of the text under the figure
            taken.update(map(id, legend))
            new[id(caption)] = replace(caption, elsewhere=tuple(legend))
    return (
        [new.get(id(caption), caption) for caption in captions],
        [replace(region, caption=new.get(id(region.caption), region.caption)) for region in regions],
    )


def _first_line(
    label: Line, figure: Box, lines: Sequence[Line], taken: Collection[int], body: tuple[str, float]
) -> Line | None:
    """The first line under a figure, if it begins a legend."""
    under = [
        line
        for line in lines
        if id(line) not in taken and line.baseline > figure.y1
        and line.box.overlap_width(figure) > 0 and line.box.y0 - figure.y1 < _REACH * line.size
    ]  # fmt: skip
    first = min(under, key=lambda line: line.baseline, default=None)
    if first is None or len(first.words) < _WORDS:
        return None
    if first.style.font == body[0] and abs(first.size - body[1]) < _SAME * body[1]:
        return None
    is_flush = abs(first.box.x0 - label.box.x0) < label.size
    return first if is_flush and (first.text[:1].isupper() or first.text[:1] in "(") else None
