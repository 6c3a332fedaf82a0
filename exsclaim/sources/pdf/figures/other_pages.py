"""Figures on another page than their captions: alone on it, behind a list of captions, at the foot of a column."""

from collections.abc import Sequence
from dataclasses import dataclass

from exsclaim.geometry import Box, hull
from exsclaim.sources.pdf.captions.caption_detection import Caption
from exsclaim.sources.pdf.figures.figure_clusters import Cluster, Layout
from exsclaim.sources.pdf.figures.figure_extent import with_labels


@dataclass(frozen=True)
class Region:
    """Place of a caption's figure, in points as shown on `page`."""

    caption: Caption
    page: int
    box: Box


def from_other_pages(
    lacking: Sequence[Caption], layouts: Sequence[Layout], spare: dict[int, list[Cluster]]
) -> list[Region]:
    """Figures that stand alone on a page: next to their caption's page, or in order behind a list of captions."""
    alone = {
        layout.page.number: hull(cluster.box for cluster in spare[layout.page.number])
        for layout in layouts
        if not layout.captions and spare[layout.page.number]
    }
    pages = {layout.page.number: layout for layout in layouts}
    alone = {
        number: with_labels(pages[number], box)
        for number, box in alone.items() if box.area > 0.12 * pages[number].page.area.area
    }  # fmt: skip
    regions = []
    listed = len(lacking) > 1 and len(lacking) == len([n for n in alone if n > lacking[0].page])
    if listed:
        behind = sorted(number for number in alone if number > lacking[0].page)
        return [Region(caption, number, alone[number]) for caption, number in zip(lacking, behind, strict=True)]
    for caption in lacking:
        near = [number for number in (caption.page - 1, caption.page + 1) if number in alone]
        if near:
            regions.append(Region(caption, near[0], alone.pop(near[0])))
    return regions


def in_last_column(caption: Caption, layouts: Sequence[Layout], spare: dict[int, list[Cluster]]) -> Box | None:
    """The drawing at the foot of the page before's last column whose caption heads the first column of this one."""
    pages = {layout.page.number: layout for layout in layouts}
    here, before = pages[caption.page], pages.get(caption.page - 1)
    boxes = [box for box in here.barriers if not caption.box.contains(box, 1.0)]
    over = [box for box in boxes if box.y1 <= caption.box.y0 + 1 and box.x0 < caption.box.x1]
    if before is None or over or any(box.x1 <= caption.box.x0 for box in boxes):
        return None
    last = [
        cluster.box for cluster in spare[before.page.number]
        if not cluster.is_ruled and cluster.box.y1 > before.page.area.centre[1]
        and all(box.x1 <= cluster.box.x0 + 1 or (box.y1 <= cluster.box.y0 + 1 and box.x0 < cluster.box.x1)
                for box in before.barriers)
    ]  # fmt: skip
    return hull(last) if last else None


def at_head(layout: Layout) -> Caption | None:
    """The figure's caption over and beside which nothing stands on its page."""
    boxes = [*layout.barriers, *(line.box for line in layout.texts), *(cluster.box for cluster in layout.clusters)]
    return next(
        (c for c in layout.captions
         if c.is_figure and all(c.box.contains(box, 1.0) or c.box.y1 <= box.y0 for box in boxes)), None,
    )  # fmt: skip
