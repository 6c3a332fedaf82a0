"""Which clusters are which caption's figure: decided over the whole document, by where its captions usually stand."""

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from exsclaim.geometry import Box, hull
from exsclaim.sources.pdf.caption_detection import Caption
from exsclaim.sources.pdf.figure_clusters import Cluster, Layout
from exsclaim.sources.pdf.text_lines import Line

Side = Literal["above", "below", "beside"]
_AGAINST_CUSTOM = 60.0
"""Points that a cluster may be nearer on the unusual side of a caption and still not be its figure."""
_BESIDE = 40.0
_APART = 150.0
"""Points between panels side by side; a third of it between rows."""
_LETTER, _LETTER_REACH = 30.0, 20.0
"""Points: a drawn letter of a panel is so small, and stands so near to a corner of its panel."""
_TEXT_REACH = 10.0
_KIN_REACH = 24.0
"""Points over which text in a type of the figure's own is looked for."""
_STRIP = 100.0
"""Points between a figure and its caption that remarks, captions of panels and axes may fill."""
_SMALLEST = 18.0
"""Points: nothing narrower or lower is a figure."""


@dataclass(frozen=True)
class Region:
    """Where a caption's figure is, in points as shown on `page`."""

    caption: Caption
    page: int
    box: Box


class Link(NamedTuple):
    cost: float
    side: Side
    cluster: int
    caption: int


def match(layouts: Sequence[Layout]) -> list[Region]:
    """A region for every figure caption that has one, in the order of the captions."""
    custom = _custom(layouts)
    regions: list[Region] = []
    spare: dict[int, list[Cluster]] = {}
    for layout in layouts:
        found, left = _on_page(layout, custom)
        regions += found
        spare[layout.page.number] = left
    have = {id(region.caption) for region in regions}
    lacking = [c for layout in layouts for c in layout.captions if c.is_figure and id(c) not in have]
    return sorted(
        regions + _from_other_pages(lacking, layouts, spare),
        key=lambda r: (r.caption.page, r.caption.box.y0, r.caption.box.x0),
    )


def _custom(layouts: Sequence[Layout]) -> Side:
    """Whether this document's captions stand under their figures ("above": the figure is above) or over them."""
    votes: Counter[Side] = Counter()
    for layout in layouts:
        for index, caption in enumerate(layout.captions):
            if caption.is_figure:
                links = [
                    link
                    for link in _links(layout, index)
                    if link.side != "beside" and not layout.clusters[link.cluster].is_ruled
                ]
                if links:
                    votes[min(links).side] += 1
    return "below" if votes["below"] > votes["above"] else "above"


def _links(layout: Layout, index: int) -> list[Link]:
    """What a caption could be of, nearest first; nothing over a barrier."""
    caption = layout.captions[index].box
    found = []
    for number, cluster in enumerate(layout.clusters):
        box = cluster.box
        across, along = box.overlap_width(caption), box.overlap_height(caption)
        side: Side
        if across > 0.2 * min(box.width, caption.width) and along < 4:
            side = "above" if box.centre[1] < caption.centre[1] else "below"
            gap = max(0.0, -along)
            between = _between(
                max(box.x0, caption.x0), min(box.y1, caption.y1), min(box.x1, caption.x1), max(box.y0, caption.y0)
            )
        elif along > 0.3 * min(box.height, caption.height):
            side = "beside"
            gap = max(0.0, -across)
            between = _between(
                min(box.x1, caption.x1), max(box.y0, caption.y0), max(box.x0, caption.x0), min(box.y1, caption.y1)
            )
        else:
            continue
        if between is None or not _barred(between, layout, caption):
            found.append(Link(gap, side, number, index))
    return sorted(found)


def _between(x0: float, y0: float, x1: float, y1: float) -> Box | None:
    """The room between two boxes but for a point on every side; None where there is none."""
    return Box(x0 + 1, y0 + 1, x1 - 1, y1 - 1) if x1 - x0 > 2 and y1 - y0 > 2 else None


def _barred(between: Box, layout: Layout, caption: Box) -> bool:
    return any(between.touches(barrier) and not caption.contains(barrier, slack=1.0) for barrier in layout.barriers)


def _on_page(layout: Layout, custom: Side) -> tuple[list[Region], list[Cluster]]:
    chosen: dict[int, Link] = {}
    for index, caption in enumerate(layout.captions):
        for link in _links(layout, index):
            if caption.is_figure and layout.clusters[link.cluster].is_ruled:
                continue
            cost = link.cost + _unusual(link.side, caption, layout.clusters[link.cluster], custom)
            better = link._replace(cost=cost)
            if link.cluster not in chosen or better < chosen[link.cluster]:
                chosen[link.cluster] = better
    of: dict[int, list[Link]] = defaultdict(list)
    for link in chosen.values():
        of[link.caption].append(link)
    regions = []
    used: set[int] = set()
    for index, caption in enumerate(layout.captions):
        parts = _united(layout, of[index])
        used.update(link.cluster for link in of[index])
        if caption.is_figure and parts:
            box = _with_neighbours(layout, hull(layout.clusters[number].box for number in parts), chosen, index)
            if min(box.width, box.height) >= _SMALLEST:
                regions.append(Region(caption, layout.page.number, _fitted(layout, box, caption)))
        elif caption.is_figure and (gap := _gap_over(layout, caption)) is not None:
            regions.append(Region(caption, layout.page.number, gap))
    left = [
        cluster
        for number, cluster in enumerate(layout.clusters)
        if number not in used and not cluster.is_ruled and min(cluster.box.width, cluster.box.height) > 60
    ]
    return regions, left


def _unusual(side: Side, caption: Caption, cluster: Cluster, custom: Side) -> float:
    if not caption.is_figure:
        return 40.0 if cluster.has_image else 0.0
    if side == "beside":
        return _BESIDE
    return 0.0 if side == custom else _AGAINST_CUSTOM


def _united(layout: Layout, links: list[Link]) -> list[int]:
    """The clusters that make up one figure: on one side of the caption, with nothing between them."""
    if not links:
        return []
    # the figure is on the side where most of the ink is, were it not for what is far nearer
    weight: Counter[Side] = Counter()
    for link in links:
        weight[link.side] += layout.clusters[link.cluster].box.area / (20.0 + link.cost)  # type: ignore[assignment]
    side = max(weight, key=lambda name: weight[name])
    parts: list[int] = []
    for link in sorted(links):
        if link.side != side:
            continue
        joined = hull(layout.clusters[number].box for number in [*parts, link.cluster])
        if not parts or not _barred_inside(layout, joined):
            parts.append(link.cluster)
    return parts


def _barred_inside(layout: Layout, box: Box) -> bool:
    inner = box.grown(-2.0)
    return any(inner.touches(barrier.grown(-1.0)) for barrier in layout.barriers)


def _with_neighbours(layout: Layout, box: Box, chosen: dict[int, Link], index: int) -> Box:
    """The figure with parts that no caption claims and no text parts from it: panels beside a short caption."""
    grew = True
    while grew:
        grew = False
        for number, cluster in enumerate(layout.clusters):
            other = cluster.box
            if box.contains(other, slack=1.0) or (number in chosen and chosen[number].caption != index):
                continue
            if cluster.is_ruled and not (box.y0 < other.y0 and other.y1 < box.y1 and other.width < 0.5 * box.width):
                continue  # a dashed line, an arrow beside a figure is its own; a line under it may part it from text
            near = (
                other.overlap_height(box) > 0.5 * min(other.height, box.height) and -other.overlap_width(box) < _APART
            )
            near |= (
                other.overlap_width(box) > 0.5 * min(other.width, box.width) and -other.overlap_height(box) < _APART / 3
            )
            near |= max(other.width, other.height) < _LETTER and box.grown(_LETTER_REACH).touches(other)
            both = hull((box, other))
            if near and not _barred_inside(layout, both):
                box, grew = both, True
    return box


def _fitted(layout: Layout, box: Box, caption: Caption) -> Box:
    """With what stands between the figure and its caption and with the figure's text around it, no empty margin."""
    box = _down_to_caption(layout, box, caption.box)
    types = {(line.style.font, line.size) for line in layout.texts if box.contains(line.box, slack=1.0)}
    grew = True
    while grew:
        grew = False
        for line in layout.texts:
            if box.contains(line.box, slack=0.1):
                continue
            if not (_is_part(line, box, types) or _is_alone_beside(line, box, layout)):
                continue
            both = hull((box, line.box))
            if not _barred_inside(layout, both):
                box, grew = both, True
    seen = layout.ink.bounds(box.grown(0.8))
    return (seen or box).grown(0.8).common(layout.page.area) or box


def _down_to_caption(layout: Layout, box: Box, caption: Box) -> Box:
    """With the text and the ruled parts (an axis apart, a scale) between a figure and its caption."""
    top, bottom = (box.y1, caption.y0) if box.centre[1] < caption.centre[1] else (caption.y1, box.y0)
    if not 0 < bottom - top < _STRIP:
        return box
    parts = [line.box for line in layout.texts]
    parts += [cluster.box for cluster in layout.clusters if cluster.is_ruled and cluster.has_text]
    for part in parts:
        inside = top - 2 <= part.y0 and part.y1 <= bottom + 2 and part.overlap_width(box) > 0.5 * part.width
        both = hull((box, part))
        if inside and not _barred_inside(layout, both):
            box = both
    return box


def _is_part(line: Line, box: Box, types: Collection[tuple[str, float]]) -> bool:
    """Whether text at a figure's side is its own: axis titles, tick labels, letters of panels.

    Text in a type of the figure may be farther away: names under drawings, levels beside them.
    """
    across, along = line.box.overlap_width(box), line.box.overlap_height(box)
    if line.is_upright:
        if line.box.width > 1.2 * box.width:
            return False
        if box.grown(_TEXT_REACH).touches(line.box):
            return True
        if (line.style.font, line.size) not in types or len(line.words) > 6:
            return False
        under = across > 0.8 * line.box.width and -along < _KIN_REACH
        beside = along > 0.8 * line.box.height and -across < _KIN_REACH
        return under or beside
    # the title of an axis stands on its side, beyond the numbers of the ticks
    return along > 0.8 * line.box.height and -across < 2.2 * _TEXT_REACH


def _is_alone_beside(line: Line, box: Box, layout: Layout) -> bool:
    """Whether short text stands at the height of a figure where no column of text is on that side of it."""
    if (
        line.box.overlap_height(box) < 0.8 * line.box.height
        or -line.box.overlap_width(box) > _BESIDE
        or len(line.words) > 3
    ):
        return False
    area = layout.page.area
    is_left = line.box.x1 < box.x0
    margin = Box(area.x0, box.y0, box.x0, box.y1) if is_left else Box(box.x1, box.y0, area.x1, box.y1)
    own = (cluster.box for cluster in layout.clusters)
    others = [*layout.barriers, *(o for o in own if not (box.contains(o, slack=1.0) or o.touches(line.box)))]
    return not any(other.touches(margin) for other in others)


def _gap_over(layout: Layout, caption: Caption) -> Box | None:
    """The ink between a caption and the text above it, for figures that are letters alone (a scheme, a scan)."""
    box = caption.box
    over = [barrier for barrier in layout.barriers if barrier.y1 <= box.y0 + 1 and barrier.overlap_width(box) > 5]
    tops = [barrier.y1 for barrier in over if not box.contains(barrier, slack=1.0)]
    top = max(tops, default=0.0) + 1.0
    if box.y0 - 1.0 - top < _SMALLEST:
        return None
    gap = Box(box.x0, top, box.x1, box.y0 - 1.0)
    seen = layout.ink.bounds(gap)
    if seen is None or seen.height < 30.0 or seen.width < 40.0:
        return None
    return seen.grown(0.8)


def _from_other_pages(
    lacking: Sequence[Caption], layouts: Sequence[Layout], spare: dict[int, list[Cluster]]
) -> list[Region]:
    """Figures that stand alone on a page: next to their caption's page, or in order behind a list of captions."""
    alone = {
        layout.page.number: hull(cluster.box for cluster in spare[layout.page.number])
        for layout in layouts
        if not layout.captions and spare[layout.page.number]
    }
    areas = {layout.page.number: layout.page.area.area for layout in layouts}
    alone = {number: box for number, box in alone.items() if box.area > 0.12 * areas[number]}
    regions = []
    listed = len(lacking) > 1 and len(lacking) == len([n for n in alone if n > lacking[0].page])
    if listed:
        pages = sorted(number for number in alone if number > lacking[0].page)
        return [Region(caption, number, alone[number]) for caption, number in zip(lacking, pages, strict=True)]
    for caption in lacking:
        near = [number for number in (caption.page - 1, caption.page + 1) if number in alone]
        if near:
            regions.append(Region(caption, near[0], alone.pop(near[0])))
    return regions
