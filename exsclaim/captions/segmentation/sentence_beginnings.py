"""Sentences with labels, by how they begin: with a label, or with words whose labels stand inside or behind."""

import re
from collections.abc import Sequence

from exsclaim.captions.labels.label_ranges import Form, PrintedLabel
from exsclaim.captions.segmentation.clause_walk import told_again
from exsclaim.captions.segmentation.label_roles import are_names, puts_label_last, vote
from exsclaim.captions.segmentation.labels_first import give_labels_first
from exsclaim.captions.segmentation.labels_last import give_labels_last
from exsclaim.captions.segmentation.parallel_stems import left_out
from exsclaim.captions.segmentation.respective_lists import give_group
from exsclaim.captions.spans import Parts, PartsBeside, Span, trimmed
from exsclaim.captions.word_classes import (
    VERB,
    has_own_head,
    is_open,
    is_participle,
    is_title,
    joint_before,
)

_LONGEST_NAME = 2
_AND_THEN = re.compile(r",\s(?:and|while|whereas)\s*$")
_WAS = re.compile(r"\s(?:was|were|is|are)\s\w+ed\b")


def give_headed(
    text: str, sentence: Span, head: PrintedLabel, rest: list[PrintedLabel], parts: Parts
) -> tuple[str, ...]:
    """A sentence that begins with its labels; labels inside it split it further. The labels it speaks of."""
    if head.note is not None:
        parts.give(text, head.labels, Span(head.note.start, head.note.end))
    group = set(head.labels)
    again = told_again([head, *rest])
    if again is not None:
        # "a–c) SEM and d–f) TEM images of a,d) gold and b,e) silver": the second row says more of the same labels
        second = [head, *rest][again:]
        if sum(vote(text, printed) for printed in second) < 0:
            # "(a, c) SEM and (b, d) TEM images of powders milled for 1 h (a, b) and 5 h (c, d)"
            give_labels_first(text, sentence, [head, *rest], parts)
            return tuple(dict.fromkeys(label for printed in (head, *rest) for label in printed.labels))
        first = Span(sentence.start, second[0].span.start)
        beside = PartsBeside(parts, [one.labels for one in (head, *rest[: again - 1])], [one.labels for one in second])
        give_headed(text, first, head, rest[: again - 1], parts)
        give_labels_first(text, Span(first.end, sentence.end), second, beside)
        return tuple(dict.fromkeys(label for printed in (head, *rest) for label in printed.labels))
    later = [
        printed
        for printed in rest
        if not group & set(printed.labels)
        # "(a–c) Images of rods. (a) as made, (b) after 1 h, (c) after 2 h": all of them told again
        and (vote(text, printed) > (-1 if _already_told(head, parts) else 0) or not _already_told(printed, parts))
    ]
    stop = later[0].span.start if later else sentence.end
    inner = [printed for printed in rest if group.issuperset(printed.labels) and printed.span.start < stop]
    body = Span(head.span.end, stop)
    if len(group) > 1 and inner:
        give_unheaded(text, body, inner, parts, 0.0, is_of_group=True)
        others = group - {label for printed in inner for label in printed.labels}
        # "A–C: leaf, A: top view. B: side view.": of the others is what stands before the first that is told alone
        before = Span(body.start, inner[0].span.start)
        is_told_first = inner[0].form in (Form.COLON, Form.ROW) and trimmed(text, before) is not None
        parts.give(text, others, before if is_told_first else body)
        if later:
            give_labels_first(text, Span(stop, sentence.end), later, parts)
    elif later and vote(text, later[0]) >= 0:
        give_labels_first(text, sentence, [head, *later], parts)
        if len(later) == 1 and (needed := left_out(text, body, Span(later[0].span.end, sentence.end))) is not None:
            # "(a) Maps of rods and (b) of cubes. The red ones …": told as one
            parts.give(text, later[0].labels, needed)
            return (*head.labels, *later[0].labels)
    elif later and (joint := joint_before(text, body)) is not None:
        # "(a) Rate performance and cyclic performance at 100 mA g−1 (b) and 1000 mA g−1 (c)"
        give_group(text, head.labels, Span(body.start, joint.start), parts)
        give_labels_last(text, Span(joint.end, sentence.end), later, parts)
    else:
        give_group(text, head.labels, Span(body.start, sentence.end), parts)
        return head.labels
    return later[-1].labels if later else head.labels


def is_said_before(text: str, sentence: Span, first: PrintedLabel) -> bool:
    """ "… (a) rods. The rods are thin, and (b) discs": what stands before a label is a sentence on those before it."""
    before = text[sentence.start : first.span.start]
    joint = _AND_THEN.search(before)
    said = before[: joint.start()] if joint else ""
    verb = VERB.search(said)
    return bool(verb and verb.start() and said[verb.end() :].strip() and not is_open(said) and vote(text, first) > 0)


def _already_told(printed: PrintedLabel, parts: Parts) -> bool:
    return all(parts.of_label.get(label) for label in printed.labels)


def give_unheaded(
    text: str,
    sentence: Span,
    own: list[PrintedLabel],
    parts: Parts,
    prefers_first: float,
    *,
    is_of_group: bool = False,
) -> None:
    """A sentence that does not begin with a label; `is_of_group`: it is said of a group that stands before it."""
    again = told_again(own)
    if again is not None and _votes(text, own[:again]) < 0 < _votes(text, own[again:]):
        # "SEM (a–c) and TEM images (d–f) of (a, d) gold, (b, e) tin and (c, f) zinc"
        cut = own[again - 1].span.end
        give_labels_last(text, Span(sentence.start, cut), own[:again], parts)
        give_labels_first(text, Span(cut, sentence.end), own[again:], parts)
        return
    votes = _votes(text, own) + prefers_first
    if puts_label_last(text, own[-1]) and not text[own[-1].span.end : sentence.end].strip(" .;)"):
        votes -= 1
    elif not votes and (is_open(text[sentence.start : own[0].span.start]) or _are_numbered(text, own)):
        votes += 1
    if votes > 0:
        give_labels_first(text, sentence, own, parts, is_of_group=is_of_group)
    else:
        give_labels_last(text, _behind_title(text, sentence, own, parts), own, parts)


def _votes(text: str, own: Sequence[PrintedLabel]) -> float:
    return sum(vote(text, printed) for printed in own)


def _are_numbered(text: str, own: Sequence[PrintedLabel]) -> bool:
    """ "Masks (a) 3 × 3 holes (b) 4 × 4 holes": a number behind each label, but not "dry (a) 0 h; wet (b) 4 h"."""
    is_row = len(own) > 1 and ";" not in text[own[0].span.end : own[-1].span.start]
    return is_row and all(text[one.span.end : one.span.end + 2].strip()[:1].isdigit() for one in own)


def _behind_title(text: str, sentence: Span, own: Sequence[PrintedLabel], parts: Parts) -> Span:
    """The sentence without the title and the colon that it begins with; who has the title is given it."""
    lead = Span(sentence.start, own[0].span.start)
    colon = text.rfind(": ", *lead)
    said = text[lead.start : max(colon, lead.start)]
    if colon <= 0 or (is_open(said) and not is_participle(said)):
        return sentence
    title, behind = Span(lead.start, colon), Span(colon + 1, sentence.end)
    has_head = has_own_head(text[behind.start : lead.end])
    if _is_said(text, lead, colon, sentence.end) or (
        has_head and is_title(text, Span(lead.start, colon + 1), [Span(colon + 1, lead.end)])
    ):
        # "Performance of the cells: CV curves (a), rate capability (b)"
        parts.give_general(text, title)
    elif len(own) > 1 and (has_head or are_names(text, behind, own)):
        # "Photographs of the films: PLA (a), PLA with clay (b) and PCL (c)"
        parts.give(text, [label for printed in own for label in printed.labels], title)
    else:
        return sentence
    return behind


def _is_said(text: str, lead: Span, colon: int, end: int) -> bool:
    """ "Analysis of routes: subtype A (a) or B (b) were searched": behind the colon is a sentence of its own."""
    title = text[lead.start : colon]
    is_closed = title.count("(") == title.count(")")
    return (
        is_closed
        and len(title.split()) > _LONGEST_NAME
        and not VERB.search(title)
        and bool(_WAS.search(text, lead.end, end))
    )
