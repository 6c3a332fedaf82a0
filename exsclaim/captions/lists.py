"""Lists in one text that go to several labels one by one: "(a, b) Images of rods and cubes, respectively"."""

import re
from collections.abc import Iterator

from exsclaim.captions.spans import Span

_STOP = re.compile(
    r"\s(?:of|for|in|at|from|with|showing|on|after|under|by|between|as|to|during)\s|[.;(]",
)
_LISTED = re.compile(r",\s*(?:and\s+)?|\s+and\s+")
_RESPECTIVELY = re.compile(r",?\s*\b(?:respectively|correspondingly)\b")
_AND = re.compile(r",?\s(?:and|or)\s")
_ITEM_END = re.compile(
    r"[,;:)]|\.(?:\s|$)|\s(?:of|for|in|at|from|with|on|by|under|during|after|before|as|that|which|are|is|were|was|"
    r"show\w*|formed|obtained|prepared|measured|grown|recorded|synthesi[sz]ed|taken|using|respectively|correspondingly)\b"
)
_ITEM_START = re.compile(
    r"(?:^|[(;:,]|\b(?:of|for|in|at|from|with|on|by|under|during|after|before|between|the|an?|is|are|show\w*|using|via|to|both))\s+"
)
_LONGEST_ITEM = 6


def listed(text: str, body: Span, count: int) -> tuple[list[Span], Span] | None:
    """The `count` things that `body` begins with ("TEM, HRTEM and FFT of …") and what follows them."""
    stop = _STOP.search(text, *body)
    end = stop.start() if stop else body.end
    items: list[Span] = []
    position = body.start
    for joint in _LISTED.finditer(text, body.start, end):
        items.append(Span(position, joint.start()))
        position = joint.end()
    items.append(Span(position, end))
    items = [item for item in items if text[item.start : item.end].strip(" .,")]
    return (items, Span(end, body.end)) if len(items) == count else None


def respective(text: str, body: Span, count: int, is_said: bool = False) -> list[list[Span]] | None:
    """`body` shared out to `count` labels where it says "respectively", or that `is_said`: what is common, and an item.

    None where it does not say so, or has no list of just `count` short items.
    """
    said = _RESPECTIVELY.search(text, *body)
    if count < 2 or (said is None and not is_said):
        return None
    end = said.start() if said else body.end
    shares: list[list[Span]] = [[] for _ in range(count)]
    position = body.start
    for items in _lists(text, Span(body.start, end), count):
        if items[0].start < position:
            continue
        for share, item in zip(shares, items, strict=True):
            share += [Span(position, items[0].start), item]
        position = items[-1].end
    if position == body.start:
        return None
    for share in shares:
        share += [Span(position, end), Span(said.end() if said else end, body.end)]
    return shares


def _lists(text: str, body: Span, count: int) -> Iterator[list[Span]]:
    """Lists of `count` items: "A and B", "A, B and C"."""
    for joint in _AND.finditer(text, *body):
        stop = _ITEM_END.search(text, joint.end(), body.end)
        items = [Span(joint.end(), stop.start() if stop else body.end)]
        edge = joint.start()
        while len(items) < count - 1:
            comma = text.rfind(", ", body.start, edge)
            if comma < 0:
                break
            items.insert(0, Span(comma + 2, edge))
            edge = comma
        starts = [found.end() for found in _ITEM_START.finditer(text, body.start, edge)]
        items.insert(0, Span(starts[-1] if starts else body.start, edge))
        sizes = [len(text[item.start : item.end].split()) for item in items]
        if len(items) == count and min(sizes) > 0 and max(sizes) <= _LONGEST_ITEM:
            yield items
