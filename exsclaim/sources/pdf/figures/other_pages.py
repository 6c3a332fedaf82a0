"""Figures on another page than their captions: alone on it, behind a list of captions, at the foot of a column."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from exsclaim.geometry import Box, hull
from exsclaim.sources.pdf.captions.body_type import LONG
from exsclaim.sources.pdf.captions.caption_detection import Caption
from exsclaim.sources.pdf.figures.figure_clusters import Cluster, Layout
from exsclaim.sources.pdf.figures.figure_extent import with_labels, with_neighbours

_LABEL = re.compile(
    r"(?:.{0,40}[^\w\s]\s*|[^\W\d]+(?:\set\sal\.?)?[\s,_]+)?Fig(?:ure|\.)?\s?(?P<number>S?\d{1,3})\W*", re.IGNORECASE
)
"""What stands on a page of a manuscript that has one figure alone: "Figure 3", "Lintz - Figure 3", "Fig. S2."."""
_LISTED = 2
_LEAST_DRAWN = 40.0
"""Points that a drawing alone on its page is wide and high at least."""
_MOST_LINES = 2
"""So many long lines beside a figure that has its page alone are a note or the name of its authors."""


@dataclass(frozen=True)
class Region:
    """Place of a caption's figure, in points as shown on `page`."""

    caption: Caption
    page: int
    box: Box


def from_other_pages(
    lacking: Sequence[Caption], layouts: Sequence[Layout], spare: dict[int, list[Cluster]]
) -> list[Region]:
    """Figures that stand alone on a page: next to their caption's page, or behind a list of captions.

    Behind a list each page says which figure it has ("Figure 3", "Smith et al. Figure 3"), or they stand in order.
    """
    drawn = {
        layout.page.number: hull(cluster.box for cluster in spare[layout.page.number])
        for layout in layouts
        if not layout.captions and spare[layout.page.number]
    }
    pages = {layout.page.number: layout for layout in layouts}
    drawn = {n: with_labels(pages[n], with_neighbours(pages[n], box)) for n, box in drawn.items()}
    alone = {number: box for number, box in drawn.items() if box.area > 0.12 * pages[number].page.area.area}
    labelled = _by_label(lacking, pages, drawn)
    regions = [Region(caption, number, drawn[number]) for caption, number in labelled]
    named = {id(caption) for caption, _ in labelled}
    lacking = _in_order([caption for caption in lacking if id(caption) not in named])
    for _, number in labelled:
        drawn.pop(number)
        alone.pop(number, None)
    if len(lacking) > 1:
        first = min(caption.page for caption in lacking)
        for boxes in (alone, {n: box for n, box in drawn.items() if _is_figure_alone(pages[n], box)}):
            behind = sorted(number for number in boxes if number > first)
            if len(behind) == len(lacking):
                return regions + [Region(c, number, boxes[number]) for c, number in zip(lacking, behind, strict=True)]
    for caption in lacking:
        near = [number for number in (caption.page - 1, caption.page + 1) if number in alone]
        if near:
            regions.append(Region(caption, near[0], alone.pop(near[0])))
    return regions


def _by_label(
    lacking: Sequence[Caption], pages: Mapping[int, Layout], drawn: Mapping[int, Box]
) -> list[tuple[Caption, int]]:
    """The captions with the pages behind them that say which figure is drawn there, two at least."""
    labels: dict[str, list[int]] = defaultdict(list)
    for number in drawn:
        found = {label["number"].upper() for line in pages[number].page.lines if (label := _LABEL.fullmatch(line.text))}
        if len(found) == 1:
            labels[found.pop()].append(number)
    pairs = [
        (caption, labels[caption.number.upper()][0])
        for caption in lacking
        if len(labels[caption.number.upper()]) == 1 and labels[caption.number.upper()][0] > caption.page
    ]
    return pairs if len({number for _, number in pairs}) == len(pairs) >= _LISTED else []


def _in_order(captions: Sequence[Caption]) -> list[Caption]:
    """Captions as their figures are numbered: a list of them in two columns is read from both at once."""
    numbers = [caption.number for caption in captions]
    if len(set(numbers)) < len(numbers) or not all(number.isdigit() for number in numbers):
        return list(captions)
    return sorted(captions, key=lambda caption: int(caption.number))


def _is_figure_alone(layout: Layout, box: Box) -> bool:
    """True if a page has a drawing, however small, and no running text."""
    lines = [line for line in layout.page.lines if line.length >= LONG]
    prose = [line for line in lines if any(barrier == line.box for barrier in layout.barriers)]
    return min(box.width, box.height) > _LEAST_DRAWN and len(prose) <= _MOST_LINES


def at_head(layout: Layout) -> Caption | None:
    """The figure's caption over and beside which nothing stands on its page."""
    boxes = [*layout.barriers, *(line.box for line in layout.texts), *(cluster.box for cluster in layout.clusters)]
    return next(
        (c for c in layout.captions
         if c.is_figure and all(c.box.contains(box, 1.0) or c.box.y1 <= box.y0 for box in boxes)), None,
    )  # fmt: skip
