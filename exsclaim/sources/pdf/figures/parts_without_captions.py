"""Pages that are one drawing without a caption, right before a page that a figure heads: panels of it, perhaps."""

from collections.abc import Iterable, Iterator, Sequence

from exsclaim.geometry import hull
from exsclaim.sources.pdf.captions.body_type import LONG
from exsclaim.sources.pdf.captions.caption_detection import Caption
from exsclaim.sources.pdf.figures.other_pages import Region
from exsclaim.sources.pdf.page_content import Page

_LEAST_SHARE, _MOST_SHARE = 0.12, 0.97
"""Shares of its page that such a drawing has; what is larger is the page's ground."""
_MOST_LINES = 2
"""So many long lines on such a page are a note or the name of its authors."""


def parts_without_captions(
    pages: Sequence[Page], captions: Sequence[Caption], regions: Iterable[Region]
) -> Iterator[str]:
    """A sentence for each such page: which figure, at the head of the next one, may lack a part."""
    regions = list(regions)
    found = {id(region.caption) for region in regions}
    # where a caption lacks its figure, which is told, the drawing may be that one's
    taken = {region.page for region in regions} | {caption.page for caption in captions}
    lacking = {caption.page for caption in captions if caption.is_figure and id(caption) not in found}
    by_number = {page.number: page for page in pages}
    for region in regions:
        number = region.page - 1
        page, before = by_number[region.page], by_number.get(number)
        if before is None or number in taken or number == 1 or region.page != region.caption.page:
            continue
        heads = all(line.box.y1 > region.box.y0 for line in page.lines)
        if heads and not lacking & {number - 1, region.page} and _is_drawing_alone(before):
            yield (
                f"page {number} of the PDF is a drawing without a caption: it may be a part of {region.caption.label} "
                f"on page {region.page}, whose image then lacks it"
            )


def _is_drawing_alone(page: Page) -> bool:
    boxes = [g.box for g in page.graphics if not g.is_rule and g.box.area < _MOST_SHARE * page.area.area]
    if page.is_scan or not boxes or hull(boxes).area < _LEAST_SHARE * page.area.area:
        return False
    return sum(line.length >= LONG for line in page.lines) <= _MOST_LINES
