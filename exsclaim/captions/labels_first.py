"""Sentences whose labels stand before their text: "(a) TEM image of X", "stem (a) X and (b) Y"."""

import re
from collections.abc import Sequence

from exsclaim.captions.label_roles import puts_label_last, vote
from exsclaim.captions.labels_last import give_labels_last
from exsclaim.captions.lists import listed, respective
from exsclaim.captions.parts import Parts
from exsclaim.captions.printed_labels import PrintedLabel
from exsclaim.captions.spans import Span, trimmed
from exsclaim.captions.stems import has_own_head
from exsclaim.captions.techniques import techniques

# words of the parts that may leave out what the last one says
_LONGEST_SHARING = 2
_PLURAL_HEAD = re.compile(r"(?:views|images|micrographs|spectra|patterns|maps|photographs|plots|sections|surfaces)\b")
_OPEN = re.compile(r"\b(?:of|for|in|with|at|from|on|by|under|after|before|between)\s*$")
_NEXT_PART = re.compile(r"[,;]\s(?:and\s)?")
_QUANTITY = re.compile(r"[−–-]?\d[\d.,–-]*\s?\S{0,5}")


def give_headed(
    text: str, sentence: Span, head: PrintedLabel, rest: list[PrintedLabel], parts: Parts
) -> tuple[str, ...]:
    """A sentence that begins with its labels; labels inside it split it further. The labels it speaks of."""
    if head.note is not None:
        parts.give(text, head.labels, Span(head.note.start, head.note.end))
    body = Span(head.span.end, sentence.end)
    group = set(head.labels)
    inner = [mention for mention in rest if group.issuperset(mention.labels)]
    later = [
        mention
        for mention in rest
        if not group & set(mention.labels) and (vote(text, mention) > 0 or not _already_told(mention, parts))
    ]
    if len(group) > 1 and inner:
        stop = later[0].span.start if later else body.end
        give_unheaded(text, Span(body.start, stop), inner, parts, 0.0)
        left_out = group - {label for mention in inner for label in mention.labels}
        parts.give(text, left_out, body)
    elif later and vote(text, later[0]) >= 0:
        give_labels_first(text, sentence, [head, *later], parts)
        return later[-1].labels
    elif later and (joint := _joint_before(text, Span(body.start, later[0].span.start))) is not None:
        # "(a) Rate performance and cyclic performance at 100 mA g−1 (b) and 1000 mA g−1 (c)"
        _give_group(text, head.labels, Span(body.start, joint.start), parts)
        give_labels_last(text, Span(joint.end, sentence.end), later, parts)
        return later[-1].labels
    else:
        _give_group(text, head.labels, body, parts)
    return head.labels


def _joint_before(text: str, body: Span) -> Span | None:
    """The joint in `body` behind which a part with a head of its own begins; None where it is one part."""
    for joint in re.compile(r"[,;]\s*(?:and\s+)?|\s+and\s+").finditer(text, *body):
        if has_own_head(text[joint.end() : body.end]) and has_own_head(text[body.start : joint.start()]):
            return Span(*joint.span())
    return None


def _already_told(mention: PrintedLabel, parts: Parts) -> bool:
    return all(parts.of_label.get(label) for label in mention.labels)


def _give_group(text: str, labels: Sequence[str], body: Span, parts: Parts) -> None:
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
    for label, item in zip(labels, items, strict=True):
        parts.give(text, (label,), item)
        parts.give(text, (label,), tail)


def give_labels_first(text: str, sentence: Span, own: list[PrintedLabel], parts: Parts) -> None:
    """ "stem (a) X and (b) Y": the stem to all, the bodies to each; a stem may stand before later labels only."""
    named = [label for mention in own for label in mention.labels]
    stem = trimmed(text, Span(sentence.start, own[0].span.start))
    if stem is not None:
        parts.give(text, dict.fromkeys(_sharing(text, stem, own, sentence)), stem)
        if set(named) == set(parts.of_label):
            parts.give_general(text, stem)
    ends = [mention.span.start for mention in own[1:]] + [sentence.end]
    bodies = [Span(mention.span.end, end) for mention, end in zip(own, ends, strict=True)]
    tail = _shared_tail(text, own, bodies)
    for number, (mention, body) in enumerate(zip(own, bodies, strict=True)):
        if mention.note is not None:
            parts.give(text, mention.labels, mention.note)
        next_stem = _next_stem(text, body) if number + 1 < len(own) else None
        if next_stem is not None:
            later = [label for other in own[number + 1 :] for label in other.labels]
            parts.give(text, dict.fromkeys(later), next_stem)
            body = Span(body.start, next_stem.start)
        _give_group(text, mention.labels, body, parts)
    if tail is not None:
        parts.give(text, dict.fromkeys(named[: -len(own[-1].labels)]), tail)


def _sharing(text: str, stem: Span, own: Sequence[PrintedLabel], sentence: Span) -> list[str]:
    """Labels that a stem holds for: "SEM images a) A, b) B, c) XRD patterns" has none of it for c."""
    shown = set(techniques((text[stem.start : stem.end],)))
    ends = [mention.span.start for mention in own[1:]] + [sentence.end]
    labels: list[str] = []
    for mention, end in zip(own, ends, strict=True):
        body = text[mention.span.end : end]
        if shown and not _OPEN.search(text, *stem) and has_own_head(body) and not shown & set(techniques((body,))):
            break
        labels += mention.labels
    return labels or [label for mention in own for label in mention.labels]


def _next_stem(text: str, body: Span) -> Span | None:
    """ "(b) SEM image; and photographs of a bulb: (c) at first and (d) after 5 min": what (c) and (d) share."""
    if text[body.start : body.end].rstrip().endswith(":"):
        cut = text.rfind(";", *body)
        return Span(cut + 1, body.end) if cut >= 0 else None
    if _OPEN.search(text, *body):
        # "(c) rate capability of the electrodes, long-term cycling performance at (d) 1 A g−1"
        for joint in _NEXT_PART.finditer(text, *body):
            if has_own_head(text[joint.end() : body.end]) and has_own_head(text[body.start : joint.start()]):
                return Span(joint.end(), body.end)
    return None


def _shared_tail(text: str, own: Sequence[PrintedLabel], bodies: Sequence[Span]) -> Span | None:
    """ "(a) before and (b) after 20 h operation": what follows as many words as the others have is said of all."""
    if len(own) < 2 or len(own[-1].labels) > 1:
        return None
    if not re.search(r"(?:and|or|&)\s*$", text[max(0, own[-1].span.start - 8) : own[-1].span.start]):
        return None
    kept = [span for body in bodies if (span := trimmed(text, body)) is not None]
    if len(kept) < len(bodies):
        return None
    sizes = [len(text[span.start : span.end].split()) for span in kept[:-1]]
    words = list(re.compile(r"\S+").finditer(text, *kept[-1]))
    if max(sizes) > _LONGEST_SHARING or len(words) <= sizes[0] + 1:
        return None
    heads = [number for number, word in enumerate(words[:4]) if number and _PLURAL_HEAD.match(word.group())]
    cut = heads[0] if heads else sizes[0]
    if text[kept[0].start].isdigit() and not _QUANTITY.fullmatch(text[words[0].start() : words[cut - 1].end()]):
        return None
    return Span(words[cut].start(), kept[-1].end)


def give_unheaded(text: str, sentence: Span, own: list[PrintedLabel], parts: Parts, prefers_first: float) -> None:
    """A sentence that does not begin with a label."""
    votes = sum(vote(text, mention) for mention in own) + prefers_first
    if puts_label_last(text, own[-1]) and not text[own[-1].span.end : sentence.end].strip(" .;)"):
        votes -= 1
    if votes > 0:
        give_labels_first(text, sentence, own, parts)
    else:
        give_labels_last(text, sentence, own, parts)
