"""Type and leading of a document's running text, learnt from all its pages."""

from collections import Counter
from collections.abc import Sequence
from itertools import islice

from exsclaim.sources.pdf.page_content import Page

LONG = 30
"""Letters that a line of running text has at least."""


def body_style(pages: Sequence[Page]) -> tuple[str, float]:
    """Font and size of most of the running text."""
    styles: Counter[tuple[str, float]] = Counter()
    for page in pages:
        for line in page.lines:
            if line.is_upright and line.length >= LONG:
                styles[line.style.font, line.size] += len(line.glyphs)
    return max(styles, key=lambda style: styles[style], default=("", 10.0))


def usual_leading(pages: Sequence[Page]) -> float:
    """Distance of most lines of running text to the next, in sizes of their type: 1.2 in print, 2 in manuscripts."""
    steps: Counter[float] = Counter()
    for page in pages:
        long = sorted(
            (line for line in page.lines if line.is_upright and line.length >= LONG), key=lambda line: line.baseline
        )
        for place, line in enumerate(long, start=1):
            under = next(
                (
                    other for other in islice(long, place, None)
                    if other.baseline > line.baseline + 0.5 * line.size and other.box.overlap_width(line.box) > 0
                ),
                None,
            )  # fmt: skip
            if under is not None:
                steps[round((under.baseline - line.baseline) / line.size, 1)] += 1
    return min(3.0, steps.most_common(1)[0][0]) if steps else 1.2
