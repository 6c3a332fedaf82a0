"""Matching of clusters with captions, over the whole document, by where its captions usually stand."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Literal, NamedTuple

from exsclaim.geometry import Box, hull
from exsclaim.sources.pdf.captions.caption_detection import Caption
from exsclaim.sources.pdf.figures.figure_clusters import Cluster, Layout
from exsclaim.sources.pdf.figures.figure_extent import fitted, is_barred_inside, with_labels, with_neighbours
from exsclaim.sources.pdf.figures.letters_alone import SMALLEST, gap_over
from exsclaim.sources.pdf.figures.other_pages import Region, at_head, from_other_pages

Side = Literal["above", "below", "beside"]
_AGAINST_CUSTOM = 60.0
"""Points that a cluster may be nearer on the unusual side of a caption and still not be its figure."""
_NO_TABLE = 120.0
"""Points that an image must be nearer to a table's caption than to a figure's to be its table."""
_BESIDE = 40.0
_AT_HAND = 30.0
"""Points between an image and the caption right over or under it."""
_OFF_COLUMN = 30.0
_FOOT = 60.0
"""Points: what is narrower or lower is no figure that was left without a caption."""


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
    before: Layout | None = None
    for layout in layouts:
        number = layout.page.number
        head = at_head(layout) if custom == "above" and before and before.page.number == number - 1 else None
        if head is not None and before is not None and (foot := _at_foot(before, regions)) is not None:
            regions.append(Region(head, number - 1, foot))
            spare[number - 1] = [cluster for cluster in spare[number - 1] if not foot.contains(cluster.box)]
            layout = replace(layout, captions=tuple(c for c in layout.captions if c is not head))
        found, spare[number] = _by_either_custom(layout, custom)
        regions += found
        before = layout
    have = {id(region.caption) for region in regions}
    lacking = [c for layout in layouts for c in layout.captions if c.is_figure and id(c) not in have]
    return sorted(
        regions + from_other_pages(lacking, layouts, spare),
        key=lambda r: (r.caption.page, r.caption.box.y0, r.caption.box.x0),
    )


def _custom(layouts: Sequence[Layout]) -> Side:
    """Side of its caption on which a figure of this document usually stands: "above", or else "below"."""
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
    """Clusters that a caption could belong to, nearest first; none beyond a barrier.

    A short caption may begin at the edge of a column or frame in whose middle its figure stands: where none is over
    or under the caption itself, the width of the page's text is looked at, or of the page that has no other text.
    """
    caption = layout.captions[index]
    found = _linked(layout, index, caption.box)
    if not found and caption.is_figure:
        others = [barrier for barrier in layout.barriers if not caption.box.contains(barrier, slack=1.0)]
        text = hull(others or [layout.page.area])
        wide = Box(min(text.x0, caption.box.x0), caption.box.y0, max(text.x1, caption.box.x1), caption.box.y1)
        found = [link._replace(cost=link.cost + _OFF_COLUMN) for link in _linked(layout, index, wide)]
    return sorted(found)


def _linked(layout: Layout, index: int, caption: Box) -> list[Link]:
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
    return found


def _between(x0: float, y0: float, x1: float, y1: float) -> Box | None:
    """The room between two boxes but for a point on every side; None where there is none."""
    return Box(x0 + 1, y0 + 1, x1 - 1, y1 - 1) if x1 - x0 > 2 and y1 - y0 > 2 else None


def _barred(between: Box, layout: Layout, caption: Box) -> bool:
    return any(between.touches(barrier) and not caption.contains(barrier, slack=1.0) for barrier in layout.barriers)


def _by_either_custom(layout: Layout, custom: Side) -> tuple[list[Region], list[Cluster]]:
    """The regions of a page by the document's custom, or by the other one if more of its captions have a figure so.

    Where figures stand close over one another, most captions are nearer to the next one than to their own.
    """
    usual = _on_page(layout, custom)
    if len(usual[0]) == sum(caption.is_figure for caption in layout.captions):
        return usual
    other = _on_page(layout, "below" if custom == "above" else "above")
    return other if len(other[0]) > len(usual[0]) else usual


def _on_page(layout: Layout, custom: Side) -> tuple[list[Region], list[Cluster]]:
    chosen: dict[int, Link] = {}
    for index, caption in enumerate(layout.captions):
        for link in _links(layout, index):
            if caption.is_figure and layout.clusters[link.cluster].is_ruled:
                continue
            better = _by_custom(layout, link, custom)
            if link.cluster not in chosen or better < chosen[link.cluster]:
                chosen[link.cluster] = better
    of: dict[int, list[Link]] = defaultdict(list)
    for link in chosen.values():  # an image that no figure claims is as good a table as any, on its side of the caption
        is_table = not layout.captions[link.caption].is_figure and layout.clusters[link.cluster].has_image
        of[link.caption].append(link._replace(cost=link.cost - _NO_TABLE) if is_table else link)
    regions = []
    used = set(chosen)
    united = [_united(layout, of[index]) for index in range(len(layout.captions))]
    # what a caption was nearest to, but has no use for, may be the figure of its neighbour, or a panel of the next one
    chosen = {number: chosen[number] for parts in united for number in parts}
    spare = _more_than_a_table(layout, of)
    for index, caption in enumerate(layout.captions):
        if caption.is_figure and not united[index]:
            free = _of_use_to_nobody(layout, index, chosen.keys() - spare, custom)
            united[index] = _united(layout, free)
            chosen |= {link.cluster: link for link in free if link.cluster in united[index]}
    for index, caption in enumerate(layout.captions):
        parts = united[index]
        if caption.is_figure and parts:
            others = {number for number, link in chosen.items() if link.caption != index}
            box = with_neighbours(layout, hull(layout.clusters[number].box for number in parts), others)
            if min(box.width, box.height) >= SMALLEST:
                regions.append(Region(caption, layout.page.number, fitted(layout, box, caption)))
        elif caption.is_figure and (gap := gap_over(layout, caption, chosen)) is not None:
            regions.append(Region(caption, layout.page.number, gap))
    left = [
        cluster
        for number, cluster in enumerate(layout.clusters)
        if number not in used and not cluster.is_ruled and min(cluster.box.width, cluster.box.height) > _FOOT
    ]
    return regions, left


def _by_custom(layout: Layout, link: Link, custom: Side) -> Link:
    """A link that costs more where captions stand elsewhere in this document."""
    caption, cluster = layout.captions[link.caption], layout.clusters[link.cluster]
    return link._replace(cost=link.cost + _unusual(link.side, caption, cluster, custom))


def _more_than_a_table(layout: Layout, of: Mapping[int, list[Link]]) -> set[int]:
    """Clusters next to a table's caption that has some over and some under it: on one side they are no table."""
    return {
        link.cluster
        for index, links in of.items()
        if not layout.captions[index].is_figure and {"above", "below"} <= {link.side for link in links}
        for link in links
    }


def _of_use_to_nobody(layout: Layout, index: int, chosen: Collection[int], custom: Side) -> list[Link]:
    """Links of a caption that has nothing to drawings that are no other caption's."""
    return [
        _by_custom(layout, link, custom) for link in _links(layout, index)
        if link.cluster not in chosen and not layout.clusters[link.cluster].is_ruled
        and min(layout.clusters[link.cluster].box.width, layout.clusters[link.cluster].box.height) > _FOOT
    ]  # fmt: skip


def _at_foot(layout: Layout, regions: Sequence[Region]) -> Box | None:
    """The drawing under all text of a page that no caption claims: its own had no room and heads the next page."""
    lowest = max((barrier.y1 for barrier in layout.barriers), default=0.0)
    tables = {min(links).cluster for index, caption in enumerate(layout.captions)
              if not caption.is_figure and (links := _links(layout, index))}  # fmt: skip
    claimed = [region.box for region in regions if region.page == layout.page.number]
    boxes = [
        cluster.box for number, cluster in enumerate(layout.clusters)
        if cluster.box.y0 >= lowest and not cluster.is_ruled and number not in tables
        and min(cluster.box.width, cluster.box.height) > _FOOT and not any(box.touches(cluster.box) for box in claimed)
    ]  # fmt: skip
    if not boxes:
        return None
    others = {n for n, c in enumerate(layout.clusters) if n in tables or any(box.touches(c.box) for box in claimed)}
    return with_labels(layout, with_neighbours(layout, hull(boxes), others))


def _unusual(side: Side, caption: Caption, cluster: Cluster, custom: Side) -> float:
    if not caption.is_figure and cluster.has_image:
        return _NO_TABLE
    if side == "beside":
        return _BESIDE
    return 0.0 if side == custom or not caption.is_figure else _AGAINST_CUSTOM


def _united(layout: Layout, links: list[Link]) -> list[int]:
    """The clusters that make up one figure: on one side of the caption, with nothing between them."""
    if not links:
        return []
    near = [link for link in links if link.side != "beside" and link.cost <= _AT_HAND]
    if any(layout.clusters[link.cluster].has_image for link in near):
        # formulas of the next column stand beside a caption too, but its image is at hand
        links = [link for link in links if link.side != "beside" or layout.clusters[link.cluster].has_image]
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
        if not parts or not is_barred_inside(layout, joined):
            parts.append(link.cluster)
    return parts
