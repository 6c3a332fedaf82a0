"""A count of what begins as a figure's caption in a PDF's text against the captions that were read.

What is read as a caption is told by its type, its place and the drawing by it. What these rules miss must not vanish:
a line that has a figure's label, a sign behind it and words of its own is told as a caption whose figure was not found.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence

from exsclaim.geometry import Box
from exsclaim.sources.pdf.captions.caption_detection import Caption
from exsclaim.sources.pdf.captions.caption_labels import ENOUGH, Start, start_of
from exsclaim.sources.pdf.page_content import Page
from exsclaim.sources.pdf.text.text_lines import Line

_ALIKE = 25
"""So many letters in common at their beginnings make two captions one: manuscripts list theirs apart."""
_LEAST_SCORE = 1
"""Of a line without a sign behind its number, but with a capital and no word of a sentence ("shows")."""
_LEAST_WORDS = 2
_PLURAL = re.compile(r"Fig(?:ure)?s\b", re.IGNORECASE)
"""What begins a sentence that names panels: "Figures 1(a)–(d)show …"."""
_UNSIGNED = re.compile(r"(?:Fig(?:ure|\.)?|FIG(?:URE|\.)?)\s?[A-Z]?\d[\d.]*\s+[A-Z][^\W\d]")
_ENTRY = re.compile(r"\s\d{1,3}\s*$")
"""How a line of a list of figures ends."""


def uncounted(
    pages: Sequence[Page], captions: Sequence[Caption], body: tuple[str, float], drawn_on: Collection[int] = ()
) -> list[Caption]:
    """The lines that begin as captions of figures do, and are none's of `captions`: each as a caption of one line.

    Of a number that has a caption they are told where they are set as one, say something else, and their page is
    among those that have a drawing which is no figure's: else they are of a list of figures.
    """
    taken: dict[int, list[Box]] = defaultdict(list)
    read: dict[str, list[str]] = defaultdict(list)
    for caption in captions:
        for line in (*caption.lines, *caption.twin):
            taken[caption.page].append(line.box)
        for line in caption.elsewhere:
            for number in (caption.page, caption.page + 1):
                taken[number].append(line.box)
        if caption.is_figure:
            for counted in _numbers(caption.number):
                read[counted].append(_letters(f"{caption.rest} {' '.join(line.text for line in caption.lines[1:])}"))
    found = []
    for page in pages:
        for line, start in _starts(page, body):
            if any(line.box.share_in(box) > 0.5 for box in taken[page.number]):
                continue
            known = read[start.number]
            begins = _letters(start.rest)[:_ALIKE]
            may_be_second = start.score >= ENOUGH and page.number in drawn_on
            if any(text.startswith(begins) for text in known) or (known and not may_be_second):
                continue
            known.append(_letters(start.rest))
            found.append(Caption(page.number, start.label, start.number, start.kind, (line,), start.rest, start.score))
    return found


def _starts(page: Page, body: tuple[str, float]) -> Iterator[tuple[Line, Start]]:
    lines = [line for line in page.lines if line.is_upright]
    for line in lines:
        start = start_of(line, lines, body)
        if (
            start is not None
            and start.kind == "figure"
            and (start.score >= ENOUGH or (start.score >= _LEAST_SCORE and _UNSIGNED.match(line.text)))
            and len(start.rest.split()) >= _LEAST_WORDS
            and not start.label[0].islower()
            and not (_PLURAL.match(start.label) and start.number.isdigit())
            and not _ENTRY.search(start.rest)
        ):
            yield line, start


def _numbers(number: str) -> list[str]:
    """The numbers that a caption stands for: those of a range, and that of the figure of which it tells a part."""
    several = re.fullmatch(r"(\d+)(?:[-–—,&]|and|und)(\d+)", number)
    if several and int(several[1]) < int(several[2]):
        return [number, *map(str, range(int(several[1]), int(several[2]) + 1))]
    return [number, re.sub(r"(?<=\d)[a-zA-Z]$", "", number)]


def _letters(text: str) -> str:
    return re.sub(r"\W", "", text).casefold()
