"""Labels that begin the titles of panels, "A. Loss" or "(b) Fe 2p": too small for the detector, often centred.

The first word of each line of print at a panel's top is read as a panel letter. Such readings are believed only all
together: where each panel's letter is that of its place in the figure, from "a" on.
"""

from collections.abc import Callable, Mapping, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from exsclaim.figures.detection.text_reader import Letter
from exsclaim.figures.labels.equals_signs import precedes_equals
from exsclaim.figures.labels.label_reading import LETTERS, DetectedLabel, Label, Numbering, has_capitals, promised
from exsclaim.figures.labels.panel_labels import PanelLabel
from exsclaim.figures.pixels import Colour, is_like, page_colour
from exsclaim.geometry import Box, column_order, hull, reading_order

# The numbers were chosen on 88 figures held back, 284 learned from, 102 of other repositories and 48 drawn by
# matplotlib with titles of twelve forms, all in view.
_OVER = 0.04
"""A title stands no farther over its panel than this share of the figure's longer side, and over no other panel."""
_TOP = 0.25
"""Share of a panel's height within which its title begins."""
_MOST_GLYPH = 0.04
"""Width and height of a glyph at most, as a share of the figure's longer side."""
_LEAST_GLYPH_PX = 4
"""Lower print cannot be read."""
_MOST_GLYPHS = 500
"""More marks at a panel's top are texture."""
_ONE_LINE = 0.5
"""Glyphs of one line of print share so much of the lower one's height."""
_SPACE = 0.22
"""Gap between words, as a share of the height of their line."""
_APART = 2.5
"""Gap between what stands in one line by chance, likewise."""
_LONGEST = 2.2
"""A letter with its brackets is no wider than so many times its height."""
_DOT = 0.4
"""Share of its line's height that a full stop or a part of a colon has at most."""
_MOST_LINES = 8
"""Lines of print at a panel's top that are read."""
_LEAST_READ = 0.5
"""Probability of its letter from which on a line is the panel's title."""
_ONE_PRINT = 0.6
"""Share of the highest one's height that each of the letters has at least: "a" and "b" of one print."""
_LEAST_SHARE = 0.75
"""Share of a figure's panels whose letters are read, at least."""

ReadLetters = Callable[[Sequence[NDArray[np.uint8]]], list[Letter]]


def with_title_labels(
    labels: Sequence[PanelLabel | None],
    panels: Sequence[Box],
    image: NDArray[np.uint8],
    expected_labels: Sequence[str],
    read: ReadLetters,
) -> list[PanelLabel | None]:
    """The panels' labels, with those from their titles where none was read; as they are where titles tell none.

    Args:
        labels: of each panel, None where it has none.
        panels: boxes of the figure's own panels.
        image: `(H, W, 3)` uint8 RGB.
        expected_labels: labels that the caption names; () where nothing is known.
        read: reads crops as panel letters.
    """
    if not 2 <= len(panels) <= len(LETTERS) or any(label and label.origin == "read" for label in labels):
        return list(labels)
    page = page_colour(image)
    ink = (~is_like(image, page)).view(np.uint8)
    found = [_first_words(i, panels, ink) for i in range(len(panels))]
    words = [[word for word in each if not precedes_equals(word, image)] for each in found]
    letters = iter(read([_on_page(image, word, page) for each in words for word in each]))
    starts = [[DetectedLabel(word, 1.0, next(letters).alternatives) for word in each] for each in words]
    for order in (reading_order(panels), column_order(panels)):
        run = _run(order, starts)
        if run:
            return _spelled(labels, run, promised(expected_labels))
    return list(labels)


def _run(order: Sequence[int], starts: Sequence[Sequence[DetectedLabel]]) -> dict[int, tuple[str, DetectedLabel]]:
    """Panel -> letter that begins its title, where those read are a, b, c … in this order, printed alike; else none."""
    read = {
        i: (name, [start for start in starts[i] if start.folded.get(name, 0.0) >= _LEAST_READ])
        for name, i in zip(LETTERS, order, strict=False)
    }
    best: dict[int, tuple[str, DetectedLabel]] = {}
    for _, letters in read.values():
        for first in letters:
            alike = {
                i: (name, other)
                for i, (name, others) in read.items()
                if (other := next((other for other in others if _is_one_print(other.box, first.box)), None))
            }
            best = max(best, alike, key=len)
    return best if len(best) >= max(2, _LEAST_SHARE * len(order)) else {}


def _is_one_print(a: Box, b: Box) -> bool:
    return min(a.height, b.height) >= _ONE_PRINT * max(a.height, b.height)


def _spelled(
    labels: Sequence[PanelLabel | None], run: Mapping[int, tuple[str, DetectedLabel]], numbering: Numbering
) -> list[PanelLabel | None]:
    """The labels with those of a run, spelled as the caption does, else as most of the run are printed."""
    read = [Label(name, letter.box, letter.folded[name], "read") for name, letter in run.values()]
    capital = has_capitals(read, dict(enumerate(letter for _, letter in run.values())))
    named = [PanelLabel(*label._replace(label=numbering.spelled(label.label, capital=capital))) for label in read]
    taken = {label.label for label in named}
    others = [None if label and label.label in taken else label for label in labels]
    found = dict(zip(run, named, strict=True))
    return [found.get(i, label) for i, label in enumerate(others)]


def _first_words(i: int, panels: Sequence[Box], ink: NDArray[np.uint8]) -> list[Box]:
    """The first word of each line of print at a panel's top, or right over it, that may be a letter; topmost first."""
    panel, side_px = panels[i], max(ink.shape)
    over = [
        box.y1 for k, box in enumerate(panels)
        if k != i and box.overlap_width(panel) > 0 and box.centre[1] < panel.y0
    ]  # fmt: skip
    top = max(0.0, panel.y0 - _OVER * side_px, *(min(y1, panel.y0) for y1 in over))
    x0, y0 = int(max(0.0, panel.x0)), int(top)
    part = np.ascontiguousarray(ink[y0 : int(panel.y0 + _TOP * panel.height), x0 : int(panel.x1)])
    if part.size == 0:
        return []
    words = []
    for line in _lines(_glyphs(part, side_px)):
        height = hull(line).height
        word = [line[0]]
        for glyph in line[1:]:
            if glyph.x0 - hull(word).x1 >= _SPACE * height:
                break
            word.append(glyph)
        whole = [glyph for glyph in word if glyph.height > _DOT * height]
        if whole and (box := hull(whole)).width <= _LONGEST * box.height:
            words.append(box.moved(x0, y0))
    return sorted(words, key=lambda box: box.y0)[:_MOST_LINES]


def _glyphs(part: NDArray[np.uint8], side_px: int) -> list[Box]:
    """Boxes of the connected marks of a part of a figure that are no larger than glyphs, left to right."""
    _, _, stats, _ = cv2.connectedComponentsWithStats(part, connectivity=8)
    marks = stats[1:][stats[1:, cv2.CC_STAT_WIDTH : cv2.CC_STAT_HEIGHT + 1].max(axis=1) <= _MOST_GLYPH * side_px]
    if len(marks) > _MOST_GLYPHS:
        return []
    return sorted((Box(x, y, x + w, y + h) for x, y, w, h, _ in marks.tolist()), key=lambda box: box.x0)


def _lines(glyphs: Sequence[Box]) -> list[list[Box]]:
    """Glyphs that stand side by side."""
    lines: list[list[Box]] = []
    for glyph in glyphs:
        for line in lines:
            whole = hull(line[-3:])
            is_level = glyph.overlap_height(whole) >= _ONE_LINE * min(whole.height, glyph.height)
            if is_level and glyph.x0 - whole.x1 <= _APART * max(whole.height, glyph.height):
                line.append(glyph)
                break
        else:
            if glyph.height >= _LEAST_GLYPH_PX:  # lines begin with no dot, dash or speck
                lines.append([glyph])
    return lines


def _on_page(image: NDArray[np.uint8], word: Box, page: Colour) -> NDArray[np.uint8]:
    """A word alone, with the margin that the reader expects."""
    x0, y0, x1, y1 = (int(v) for v in word.corners)
    across, down = max(2, round(0.4 * word.height)), max(2, round(0.15 * word.height))
    crop = np.full((y1 - y0 + 2 * down, x1 - x0 + 2 * across, 3), page, np.uint8)
    crop[down:-down, across:-across] = image[y0:y1, x0:x1]
    return crop
