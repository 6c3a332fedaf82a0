"""Lists that are told of as many labels: "TEM, HRTEM and FFT of …", "at 300, 500 and 700 °C, respectively"."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from exsclaim.captions.segmentation.tail_starts import ELLIPTIC, HYPHEN, tail_start
from exsclaim.captions.spans import Parts, Span, trimmed
from exsclaim.captions.word_classes import ADJECTIVE, PLURAL, VERB, has_own_head

_STOP = re.compile(
    r"\s(?:of|for|in|at|from|with|showing|on|after|under|by|between|as|to|during|along|across|through|over|near|around|versus|vs\.?|without|within|using)\s|[;(]|\.(?:\s|$)",
)
_LISTED = re.compile(r",\s*(?:and\s+)?|\s+and\s+")
_SAID_RESPECTIVELY = re.compile(r",?\s*\b(?:respectively|correspondingly)\b")
_SAYINGS = ("respectively", "correspondingly")
_LIST_AND = re.compile(r",?\s(?:and|or)\s")
_ITEM_END = re.compile(
    r"[,;:)]|\.(?:\s|$)|\s(?:of|for|in|at|from|with|on|by|under|during|after|before|as|that|which|are|is|were|was|"
    r"show\w*|formed|obtained|prepared|measured|grown|recorded|synthesi[sz]ed|taken|using|respectively|correspondingly)\b"
)
_ITEM_START = re.compile(
    r"(?:^|[(;:,]|\b(?:of|for|in|at|from|with|on|by|under|during|after|before|between|the|an?|its|their|is|are|show\w*|"
    r"(?:represent|illustrat|depict|display|present|indicat|denot|giv|includ)(?:s|es?|ing)|namely|using|via|to|both))\s+"
)
_WORD = re.compile(r"\S+")
_NUMBER = re.compile(r"[−–-]?\d[\d.,]*%?")
_NUMBER_AND_UNIT = re.compile(rf"{_NUMBER.pattern}\s?(?P<unit>[^\s\d.,]\S{{0,7}}(?:\s[a-z%]+)?)")
_PLACES = frozenset(("at", "in", "from", "with", "on", "by", "under", "during", "after", "before"))
_WHOLE = re.compile(r"\([^()]*\)|\b[A-Z][a-z]{2,8}\.?\s\d{1,2},\s(?:\d{1,2}:\d\d,\s)?\d{4}\b")
_POINTS = re.compile(
    r"[,;]?\s\(?(?:see|cf\.?|(?:(?:as|are|is|was|were)\s)?(?:shown|depicted|displayed|presented|plotted|given|illustrated)\sin)"
    r"\s(?:panels?\s)?$"
)
# "1, 2 and 3" after its first item
_COMMA_BEFORE = re.compile(r"[^\s,(]+(?:\s[^\s,(]+)?,\s*$")
# "in fourth, fifth and sixth periods", "numbers of Al-Mg, Al-Zn and Zn-Mg bonds"
_CODE_OR_PLACE = re.compile(
    r"first|second|third|(?:four|fif|six|seven|eigh|nin|ten)th|\d{1,2}(?:st|nd|rd|th)"
    r"|(?=\S*\d|[A-Z][a-z]?[-–][A-Z])[A-Z][\w/()+–-]*[A-Z\d+][\w+]?"
)
_LONGEST_ITEM = 6
_COMMA = re.compile(r",\s")
_LONGEST_OF_COMMAS = 3
# words that the first thing of a list may have more than the longest of the others
_LONGEST_LEAD = 3


def _said_respectively(text: str, body: Span) -> re.Match[str] | None:
    is_said = any(text.find(word, *body) >= 0 for word in _SAYINGS)
    return _SAID_RESPECTIVELY.search(text, *body) if is_said else None


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
    items = [kept for item in items if (kept := trimmed(text, item))]
    if (
        len(items) != count
        or not _LIST_AND.search(text, items[0].end, items[-1].start + 1)
        or VERB.search(text, body.start, end)
    ):
        # "(E, F) In the data set, expression was higher": no list
        return None
    sizes = [len(text[item.start : item.end].split()) for item in items]
    if sizes[0] > max(sizes[1:]) + _LONGEST_LEAD:
        # "(E, F) All cells of the line expressed markers A and B": what all labels show
        return None
    return items, Span(end, body.end)


def respective(text: str, body: Span, count: int, is_said: bool = False) -> list[list[Span]] | None:
    """`body` shared out to `count` labels where it says "respectively", or that `is_said`: what is common, and an item.

    None where it does not say so, or has no list of just `count` short items.
    """
    if count < 2:
        return None
    said = _said_respectively(text, body)
    if said is None and not is_said:
        return None
    end = said.start() if said else body.end
    shares: list[list[Span]] = [[] for _ in range(count)]
    position = body.start
    # remarks in brackets hide no list: "the pseudoknot (the folded state) and the hairpin"; nor do commas of dates
    plain = _WHOLE.sub(lambda found: "x" * len(found.group()), text[: body.end])
    if said and _ends_longer_list(plain, Span(body.start, end), count):
        # "(a) and (b), where 1, 2 and 3 are low, medium and high, respectively"
        return None
    for items in _lists(plain, Span(body.start, end), count):
        if items[0].start < position:
            continue
        if "or" in text[items[-2].end : items[-1].start].split() and _LIST_AND.search(text, items[-1].end, end):
            # "cells with A or B were seen in red or blue light, respectively"
            continue
        unit = _unit_of_all(text, items)
        for share, item in zip(shares, items, strict=True):
            share += [Span(position, items[0].start), item, *([unit] if unit and item != items[-1] else [])]
        position = items[-1].end
    if position == body.start and said and (last := _without_and(plain, Span(body.start, end), count)):
        for share, item in zip(shares, last, strict=True):
            share += [Span(position, last[0].start), item]
        position = last[-1].end
    if position == body.start:
        return None
    for share in shares:
        share += [Span(position, end), Span(said.end() if said else end, body.end)]
    return shares


def _ends_longer_list(text: str, body: Span, count: int) -> bool:
    """True if the list right before "respectively" has more than `count` items."""
    joints = list(_LIST_AND.finditer(text, *body))
    last = list(_lists(text, Span(body.start, body.end), count))
    return bool(
        joints
        and last
        and last[-1][-1].start == joints[-1].end()
        and _COMMA_BEFORE.search(text, body.start, last[-1][0].start)
    )


def told_of_labels(text: str, sentence: Span, count: int) -> list[list[Span]] | None:
    """`sentence` shared out to the `count` labels before it: "The ratios are 12 dB, 6 dB and 5 dB, respectively."

    None where it has another list ("Red and blue atoms are iron and cobalt, respectively") or a longer one.
    """
    said = _SAID_RESPECTIVELY.search(text, *sentence) if count > 1 else None
    joints = _LIST_AND.findall(text, sentence.start, said.start()) if said else []
    if said is None or len(joints) != 1 or "and" not in joints[0]:
        return None
    items = next(_lists(text, Span(sentence.start, said.start()), count), None)
    if items is None or text[: items[0].start].rstrip().endswith(",") or text[said.end() : sentence.end].strip(" ."):
        return None
    return respective(text, sentence, count)


def told_before(text: str, before: Span, behind: Span, count: int) -> list[list[Span]] | None:
    """`before` shared out to `count` labels: "Hardness of cast and forged bars is shown in [(a, b)], respectively."

    None where `behind` the labels does not say "respectively", or there is no such list.
    """
    if not _SAID_RESPECTIVELY.match(text, behind.start, behind.end):
        return None
    points = _POINTS.search(text, *before)
    return respective(text, Span(before.start, points.start() if points else before.end), count, is_said=True)


def _unit_of_all(text: str, items: Sequence[Span]) -> Span | None:
    """The word or unit that only the last item has and all need: "300, 500 and 700 °C", "cast and forged bars"."""
    words = list(_WORD.finditer(text, *items[-1]))
    kinds = [text[slice(*item)].strip() for item in items[:-1]] + [words[0].group()]
    are_codes = len(words) == 2 and PLURAL.fullmatch(words[1].group()) and all(map(_CODE_OR_PLACE.fullmatch, kinds))
    if len(words) > 1 and (are_codes or all(ADJECTIVE.fullmatch(kind) for kind in kinds)):
        return Span(words[1].start(), items[-1].end)
    if (hyphen := HYPHEN.search(words[0].group())) and all(kind.endswith("-") for kind in kinds[:-1]):
        # "the 974- and 1269-eV channels, respectively"
        return Span(words[0].start() + hyphen.end(), items[-1].end)
    last = _NUMBER_AND_UNIT.fullmatch(text, *items[-1])
    if last is None or not all(_NUMBER.fullmatch(text, *item) for item in items[:-1]):
        return None
    return Span(*last.span("unit"))


def share_out(text: str, groups: Sequence[Sequence[str]], body: Span, parts: Parts) -> bool:
    """Give "of gold and silver, respectively" behind several labels or groups of them to each its own.

    The list has as many items as there are labels, or as each of the groups has. False where it has not.
    """
    if _said_respectively(text, body) is None:
        return False
    sizes = {len(labels) for labels in groups}
    every = [label for labels in groups for label in labels]
    rows = [every] if len(groups) > 1 else []
    rows_of = [rows, [list(labels) for labels in groups]] if len(sizes) == 1 and sizes != {1} else [rows]
    for told in rows_of:
        shares = respective(text, body, len(told[0])) if told else None
        if shares and text[: shares[0][1].start].rstrip().endswith(","):
            # the end of a longer list
            shares = None
        for labels in told if shares else ():
            for label, spans in zip(labels, shares or (), strict=True):
                for span in spans:
                    parts.give(text, (label,), span)
        if shares:
            return True
    return False


def _without_and(text: str, body: Span, count: int) -> list[Span] | None:
    """The `count` short items that `body` ends with, where only commas join them: "at 10 °C, 20 °C, 30 °C"."""
    commas = [found.start() for found in _COMMA.finditer(text, *body) if text[body.start : found.start()].strip()]
    if len(commas) != count - 1:
        return None
    starts = list(_ITEM_START.finditer(text, body.start, commas[0]))
    edges = [starts[-1].end() if starts else body.start, *(comma + 2 for comma in commas)]
    items = [Span(start, end) for start, end in zip(edges, [*commas, body.end], strict=True)]
    sizes = [len(text[slice(*item)].split()) for item in items]
    return items if min(sizes) > 0 and max(sizes) <= _LONGEST_OF_COMMAS else None


def _item_end(text: str, rest: Span) -> int:
    stop = _ITEM_END.search(text, *rest)
    return stop.start() if stop else rest.end


def _lists(text: str, body: Span, count: int) -> Iterator[list[Span]]:
    """Lists of `count` items: "A and B", "A, B and C"."""
    for joint in _LIST_AND.finditer(text, *body):
        stop = _ITEM_END.search(text, joint.end(), body.end)
        items = [Span(joint.end(), stop.start() if stop else body.end)]
        edge = joint.start()
        while len(items) < count - 1:
            comma = text.rfind(", ", body.start, edge)
            if comma < 0:
                break
            items.insert(0, Span(comma + 2, edge))
            edge = comma
        starts = list(_ITEM_START.finditer(text, body.start, edge))
        if stop and starts and starts[-1].group().strip() == stop.group().strip() in _PLACES:
            # "of the gas at 300 K and the liquid at 20 K": alike in what follows, so it is of each
            items[-1] = Span(items[-1].start, _item_end(text, Span(stop.end(), body.end)))
            starts.pop()
        items.insert(0, Span(starts[-1].end() if starts else body.start, edge))
        sizes = [len(text[item.start : item.end].split()) for item in items]
        if len(items) == count and min(sizes) > 0 and max(sizes) <= _LONGEST_ITEM:
            yield items


def give_group(text: str, labels: Sequence[str], body: Span, parts: Parts) -> None:
    """One text for several labels: shared, unless it lists just as many things as there are labels."""
    shares = respective(text, body, len(labels))
    if shares is not None:
        for label, share in zip(labels, shares, strict=True):
            for span in share:
                parts.give(text, (label,), span)
        return
    found = listed(text, body, len(labels)) if len(labels) > 1 else None
    if found is None:
        parts.give(text, labels, body)
        return
    items, tail = found
    if _is_shared_before(text, labels, items, parts):
        parts.give(text, labels, body)
        return
    # "(a, b) TEM and HRTEM images of rods": the words that the last one has for all
    cut = tail_start(text, items[:-1], items[-1], is_and=True) or tail.start
    for label, item in zip(labels, items, strict=True):
        parts.give(text, (label,), item)
        parts.give(text, (label,), tail if item == items[-1] else Span(cut, tail.end))


def _is_shared_before(text: str, labels: Sequence[str], items: Sequence[Span], parts: Parts) -> bool:
    """ "(a, b) carbon, (c, d) carbon and oxide": names of what one panel shows, as the group before shows one thing."""
    before = [spans for label, spans in parts.of_label.items() if label not in labels and spans]
    is_shared = any(one == other for one, other in pairwise(before))
    return is_shared and not any(
        has_own_head(said) or said[:1].isdigit() or ADJECTIVE.search(said) or ELLIPTIC.search(said)
        for said in (text[slice(*item)].strip(" .,") for item in items)
    )


def by_place(text: str, stem: Span, groups: Sequence[Sequence[str]]) -> list[tuple[Span, Span]] | None:
    """ "(a–f) XRD patterns, SEM images and plots of (a–c) gold and (d–f) silver": to each place of a group its own."""
    sizes = {len(labels) for labels in groups}
    found = listed(text, Span(stem.start, stem.end + 1), min(sizes)) if len(sizes) == 1 and len(groups) > 1 else None
    if found is None or sizes == {1} or not all(has_own_head(text[slice(*item)]) for item in found[0]):
        return None
    items, tail = found
    return [(item, tail) for item in items]
