"""Sentences whose labels stand behind their text: "stem X (a) of P and Y (b) of Q", "stem X (a) and Y (b) tail"."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from exsclaim.captions.label_lists import LABEL_LIST, PrintedLabel, expanded
from exsclaim.captions.shared_words import VERB, has_own_head, stem_of_next
from exsclaim.captions.spans import Parts, Span, trimmed
from exsclaim.captions.stated_scales import is_scale_sentence

_QUALIFIES = re.compile(
    r"\s*(?:of|among|between|in|for|with|at|from|on|after|before|using|under|which|that|where|by|"
    r"showing|indicating|presenting|revealing|highlighting|displaying|demonstrating|illustrating)\b"
)
_JOINT = re.compile(
    r"\s*(?:[,;:/—–.]|(?:and|or|as well as|together with|along with|followed by|versus|vs|but|while)\b|$)"
)
_LAST_JOINT = re.compile(r",\s*(?:and|or)\s|;|\s(?:together with|along with|as well as|compared (?:with|to))\s")
_DERIVED = re.compile(
    r"(?:the\s+|its\s+)?(?:corresponding|respective|(?:high-?)?magnified|enlarged|zoomed|close-?up)\b"
)
_AS_WELL = re.compile(r"[\s,]*(?:and\s)?(?:as well as|together with|along with)\s")
_OF_TAIL = re.compile(r"\s*(?:of|for)\s")
_OF = re.compile(r"\s(?:of|for|from|in|on|with)\s")
_WHERE = re.compile(r"\s*(?:at|in|from|along|across|inside|within)\b")
_PARTICIPLE = re.compile(
    r"\s*,\s*(?:showing|indicating|presenting|revealing|highlighting|displaying|demonstrating|illustrating|where|which)\b"
)
_AND_AFTER = re.compile(r"[,;]\s*(?:and\s+)?|\sand\s")
_AND = re.compile(r"\s(?:and|or|but|while)\s|,\s")
_RESPECTIVELY_NEXT = re.compile(r"\s*,?\s*(?:respectively|correspondingly)\b")
_POINTS = re.compile(
    rf"\s*(?:and\s)?(?:(?:the|upper|lower|left|right)\s)*insets?\s(?:in|of|to)\s(?:panels?\s)?\(?(?P<list>{LABEL_LIST})"
)
_RESPECTIVELY = re.compile(r"(?:respectively|correspondingly)\W*")


_STOP = re.compile(
    r"\s(?:of|for|in|at|from|with|showing|on|after|under|by|between|as|to|during)\s|[;(]|\.(?:\s|$)",
)
_LISTED = re.compile(r",\s*(?:and\s+)?|\s+and\s+")
_SAID_RESPECTIVELY = re.compile(r",?\s*\b(?:respectively|correspondingly)\b")
_LIST_AND = re.compile(r",?\s(?:and|or)\s")
_ITEM_END = re.compile(
    r"[,;:)]|\.(?:\s|$)|\s(?:of|for|in|at|from|with|on|by|under|during|after|before|as|that|which|are|is|were|was|"
    r"show\w*|formed|obtained|prepared|measured|grown|recorded|synthesi[sz]ed|taken|using|respectively|correspondingly)\b"
)
_ITEM_START = re.compile(
    r"(?:^|[(;:,]|\b(?:of|for|in|at|from|with|on|by|under|during|after|before|between|the|an?|is|are|show\w*|using|via|to|both))\s+"
)
_BRACKETED = re.compile(r"\([^()]*\)")
_LONGEST_ITEM = 6


def give_labels_last(text: str, sentence: Span, own: list[PrintedLabel], parts: Parts) -> None:
    """Labels behind their text, clause by clause (";"): own part, shared stem, shared tail."""
    position = sentence.start
    last_group: tuple[str, ...] = ()
    clauses = _clauses(text, sentence)
    for number, clause in enumerate(clauses):
        inside = [mention for mention in own if clause.start <= mention.span.start < clause.end]
        if not inside:
            further = any(mention.span.start >= clause.end for mention in own)
            if pointed := _POINTS.match(text, *clause):
                # "…; the inset in (c) shows the pattern"
                labels = [label for label in expanded(pointed["list"])[0] if label in parts.of_label]
                parts.give(text, labels or last_group, clause)
                position = clause.end
                continue
            if last_group and (not further or is_scale_sentence(text, clause)):
                parts.give(text, last_group, clause)
                position = clauses[number + 1].start if number + 1 < len(clauses) else clause.end
            continue
        last_group = tuple(dict.fromkeys(label for mention in inside for label in mention.labels))
        _give_clause(text, Span(position, clause.end), inside, parts)
        position = clause.end


def told_again(own: Sequence[PrintedLabel]) -> int | None:
    """Number of the label from which on a sentence names its labels a second time, in other groups; or None."""
    seen: set[str] = set()
    for number, printed in enumerate(own):
        if number > 1 and seen.issuperset(printed.labels):
            first, second = ([set(one.labels) for one in part] for part in (own[:number], own[number:]))
            is_partition = sum(map(len, first)) == len(seen)
            crosses = is_partition and len(second) > 1 and not any(labels in first for labels in second)
            return number if crosses and set().union(*second) == seen else None
        seen.update(printed.labels)
    return None


def _clauses(text: str, sentence: Span) -> list[Span]:
    cuts = [sentence.start]
    depth = 0
    for index in range(sentence.start, sentence.end):
        character = text[index]
        depth += (character in "([") - (character in ")]" and depth > 0)
        if character == ";" and depth == 0 and text[index + 1 : index + 2] in (" ", "("):
            cuts.append(index + 1)
    cuts.append(sentence.end)
    # a list of labels in prose ("X (a); Y (b) of Z") is cut like any other
    return [Span(a, b) for a, b in pairwise(cuts)]


def _give_clause(text: str, clause: Span, own: list[PrintedLabel], parts: Parts) -> None:
    """One clause with labels behind their text: "stem X (a) of P and Y (b) of Q" or "stem X (a) and Y (b) tail"."""
    again = told_again(own)
    if again is not None:
        # "images (C, E) and counts (D, F) of cells stained for X (C, D) or Y (E, F)"
        end = own[again - 1].span.end
        _give_clause(text, Span(clause.start, end), own[:again], parts)
        _give_clause(text, Span(end, clause.end), own[again:], parts)
        return
    position = clause.start
    stems: list[Span] = []
    before: Span | None = None
    named: list[str] = []
    last: tuple[str, ...] = ()
    own_tails = False
    # labels right before, of whose picture nothing is said: "the top view (a) and side view (b) of the model"
    bare: list[str] = []
    bare_before = False
    for mention in own:
        if before is not None:
            tail, position = _attached_tail(text, Span(position, mention.span.start))
            if tail is not None:
                own_tails = bool(_QUALIFIES.match(text, tail.start, tail.end) or _PARTICIPLE.match(text, *tail))
                shared = bare if _OF_TAIL.match(text, tail.start) else []
                parts.give(text, [*shared, *last] if own_tails else named, tail)
                bare, bare_before = [], False
        lead = _AS_WELL.match(text, position, mention.span.start)
        part = trimmed(text, Span(lead.end() if lead else position, mention.span.start))
        if part is not None:
            if before is not None:
                if has_own_head(text[part.start : part.end]) and not _is_parallel(text, before, part):
                    stems = _announced(text, before, part)
                elif (stem := stem_of_next(text, before, part)) is not None:
                    stems.append(stem)
            for stem in stems:
                parts.give(text, mention.labels, stem)
            give_shares(text, mention, Span(part.start, part.end), clause, parts)
            before = part
        if mention.note is not None:
            parts.give(text, mention.labels, mention.note)
        is_bare = part is not None and not _OF.search(text, *part) and has_own_head(text[part.start : part.end])
        bare = [*bare, *last] if is_bare and bare_before else []
        bare_before = is_bare
        named += mention.labels
        last = mention.labels
        position = mention.span.end
    rest = trimmed(text, Span(position, clause.end))
    if rest is not None and not _RESPECTIVELY.fullmatch(text, *rest):
        alone = own_tails or (before is not None and _derived(text, rest, before, named))
        shared = bare if _OF_TAIL.match(text, rest.start) else []
        parts.give(text, [*shared, *own[-1].labels] if alone else dict.fromkeys(named), rest)
        if not alone and set(named) == set(parts.of_label):
            parts.give_general(text, rest)


def give_shares(text: str, mention: PrintedLabel, part: Span, clause: Span, parts: Parts) -> None:
    """ "Maps of rods and cubes (c, d), respectively": to each its own; without "respectively", all to all."""
    said = _RESPECTIVELY_NEXT.match(text, mention.span.end, clause.end)
    shares = respective(text, part, len(mention.labels), is_said=said is not None)
    for label, spans in zip(mention.labels, shares or [[part]] * len(mention.labels), strict=True):
        for span in spans:
            parts.give(text, (label,), span)


def _derived(text: str, rest: Span, last: Span, named: list[str]) -> bool:
    """ "(f) and magnified image (g) of the box in f": a picture made of another, and its tail says which."""
    if _DERIVED.match(text, *last):
        return bool(_WHERE.match(text, *rest))
    points_back = re.search(r"\bin\s\(?(\w{1,2})\b", text[rest.start : rest.end])
    return has_own_head(text[last.start : last.end]) and bool(points_back and points_back[1] in named)


def _is_parallel(text: str, before: Span, part: Span) -> bool:
    """ "Claims on a complete graph (a), a random graph (b)": parts with one end share their beginning."""
    said, own = text[before.start : before.end].split(), text[part.start : part.end].split()
    ends = {word for word in said[-3:] if has_own_head(word)} & set(own[-7:])
    return bool(ends) and len(said) > len(own) + 3


def _announced(text: str, before: Span, part: Span) -> list[Span]:
    """ "Calcium responses of neurons, traces (A) and maximum graph (B)": what precedes the comma is of both."""
    comma = text.rfind(", ", *before)
    last, own = text[comma + 2 : before.end].split(), text[part.start : part.end].split()
    if comma < 0 or not has_own_head(" ".join(last)) or len(text[before.start : comma].split()) < 3:
        return []
    return [Span(before.start, comma)] if max(len(last), len(own)) <= 6 else []


def _attached_tail(text: str, between: Span) -> tuple[Span | None, int]:
    """Find the words after a label that still belong to it ("(a) of bulk oxides, and …"), and the next part's start."""
    if _PARTICIPLE.match(text, *between):
        # "Simulated image (c), indicating the density, and bright-field image (d)"
        joints = [
            joint for joint in _AND_AFTER.finditer(text, *between) if has_own_head(text[joint.end() : between.end])
        ]
        return (Span(between.start, joints[-1].start()), joints[-1].end()) if joints else (None, between.start)
    if _JOINT.match(text, *between):
        return None, between.start
    joints = list(_LAST_JOINT.finditer(text, *between)) or list(_AND.finditer(text, *between))
    if not joints:
        return None, between.start
    return Span(between.start, joints[-1].start()), joints[-1].end()


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
    if (
        len(items) != count
        or not _LIST_AND.search(text, items[0].end, items[-1].start + 1)
        or VERB.search(text, body.start, end)
    ):
        # "(E, F) In the data set, expression was higher": no list
        return None
    return items, Span(end, body.end)


def respective(text: str, body: Span, count: int, is_said: bool = False) -> list[list[Span]] | None:
    """`body` shared out to `count` labels where it says "respectively", or that `is_said`: what is common, and an item.

    None where it does not say so, or has no list of just `count` short items.
    """
    if count < 2:
        return None
    said = _SAID_RESPECTIVELY.search(text, *body)
    if said is None and not is_said:
        return None
    end = said.start() if said else body.end
    shares: list[list[Span]] = [[] for _ in range(count)]
    position = body.start
    # remarks in brackets hide no list: "the pseudoknot (the folded state) and the hairpin"
    plain = _BRACKETED.sub(lambda found: "x" * len(found.group()), text[: body.end])
    for items in _lists(plain, Span(body.start, end), count):
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
        starts = [found.end() for found in _ITEM_START.finditer(text, body.start, edge)]
        items.insert(0, Span(starts[-1] if starts else body.start, edge))
        sizes = [len(text[item.start : item.end].split()) for item in items]
        if len(items) == count and min(sizes) > 0 and max(sizes) <= _LONGEST_ITEM:
            yield items
