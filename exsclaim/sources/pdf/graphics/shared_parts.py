"""Parts that drawings of several pages have in one place: axes of plots of one size are no banner or logo."""

from collections.abc import Sequence

from exsclaim.geometry import Box, hull
from exsclaim.sources.pdf.graphics.page_graphics import Graphic

_REACH = 12.0
"""Points over which frame, ticks and labels drawn as paths hang together."""
_LARGEST = 0.6
"""Of the page: what takes more is its ground or its border."""
_LEAST = 25.0
"""Points: what is narrower is a rule with its ends, around which no drawing stands."""
_MARGIN = 0.1
MAX_GROUPS = 300


def parts_of_drawings(shared: Sequence[Graphic], own: Sequence[Graphic], area: Box) -> set[int]:
    """Ids of those `shared` graphics that frame something of the page's `own`, as a plot's axes frame its curve.

    What stands in the margins is the page's, whatever is in it: heads with the mark of one article.
    """
    groups: list[tuple[Box, list[Graphic]]] = []
    for graphic in sorted(shared, key=lambda each: -each.box.area):
        if graphic.box.area > _LARGEST * area.area:
            continue
        near = [group for group in groups if group[0].grown(_REACH).touches(graphic.box)]
        if not near and len(groups) >= MAX_GROUPS:
            continue
        parts = [graphic, *(part for _, others in near for part in others)]
        groups = [group for group in groups if group not in near]
        groups.append((hull((graphic.box, *(box for box, _ in near))), parts))
    return {
        id(part)
        for box, parts in groups
        if _may_frame(box, area) and any(each.box.share_in(box) > 0.5 for each in own)
        for part in parts
    }


def _may_frame(box: Box, area: Box) -> bool:
    margin = _MARGIN * area.height
    in_margin = box.y1 < area.y0 + margin or box.y0 > area.y1 - margin
    return min(box.width, box.height) >= _LEAST and box.area <= _LARGEST * area.area and not in_margin
