"""The items of a float in their order, and from them the figures within one float and its images in rows."""

from typing import NamedTuple

from exsclaim.sources.latex.image_options import LatexGraphic

LINE = 1.04
"""Images whose widths come to more than the text's do not fit into one line."""


class Item(NamedTuple):
    """`kind`: graphic, row (a new one begins), caption, unnumbered (a caption), part (of a part), note, label, drawn;
    box and end around a minipage that has a caption for itself."""

    kind: str
    text: str = ""
    letter: str = ""
    graphic: LatexGraphic | None = None


def rows_of(items: list[Item]) -> list[list[LatexGraphic]]:
    """The images in rows: as the document breaks lines, and where a line would be wider than the text."""
    rows: list[list[LatexGraphic]] = [[]]
    for item in items:
        if item.kind == "row":
            rows.append([])
        elif item.graphic is not None:
            shares = [graphic.width_share for graphic in (*rows[-1], item.graphic)]
            known = [share for share in shares if share is not None]
            if len(known) == len(shares) and sum(known) > LINE and rows[-1]:
                rows.append([])
            rows[-1].append(item.graphic)
    return [row for row in rows if row]


def figures_within(items: list[Item]) -> list[tuple[str, list[Item]]]:
    """The figures of one float, one per caption: with the images before each, or behind where a caption begins."""
    captions = [index for index, item in enumerate(items) if item.kind in ("caption", "unnumbered")]
    has_number = any(item.kind == "caption" for item in items)
    if has_number and sum(item.kind == "end" for item in items) != len(captions):
        # "\caption{Rods.}\caption*{Source: Smith.}" is one caption, and what stands under it
        items = [item._replace(kind="note") if item.kind == "unnumbered" else item for item in items]
        captions = [index for index in captions if items[index].kind == "caption"]
    ends = [index + 1 for index, item in enumerate(items) if item.kind == "end"]
    if len(ends) == len(captions) > 1:  # each caption stands in a box of its own, with what belongs to it
        starts = [0, *(_behind_labels(items, end) for end in ends[:-1])]
        return [
            (items[index].text, items[start:end])
            for index, start, end in zip(captions, starts, [*starts[1:], len(items)], strict=True)
        ]
    first_image = next((index for index, item in enumerate(items) if item.kind in ("graphic", "drawn")), len(items))
    if captions and captions[0] < first_image:
        starts = [0, *captions[1:]]
    else:
        starts = [0, *(_behind_labels(items, index + 1) for index in captions[:-1])]
    ends = [*starts[1:], len(items)]
    return [
        (items[index].text, items[start:end])
        for index, start, end in zip(captions, starts[: len(captions)], ends, strict=False)
    ]


def _behind_labels(items: list[Item], index: int) -> int:
    """A `\\label` belongs to the caption before it."""
    while index < len(items) and items[index].kind in ("label", "row", "note"):
        index += 1
    return index
