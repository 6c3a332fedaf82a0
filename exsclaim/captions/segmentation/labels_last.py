"""Sentences whose labels stand behind their text: "stem X (a) of P and Y (b) of Q", "stem X (a) and Y (b) tail"."""

from collections.abc import Sequence
from itertools import pairwise

from exsclaim.captions.labels.label_ranges import PrintedLabel
from exsclaim.captions.scale_bars.stated_scales import is_scale_sentence
from exsclaim.captions.segmentation.clause_walk import QUALIFIES, give_clause
from exsclaim.captions.segmentation.parallel_stems import stem_of_next
from exsclaim.captions.spans import Parts, Span, trimmed
from exsclaim.captions.word_classes import QUANTITIES, has_own_head, is_open

_LEAST_TOLD, _LONGEST_NAME = 3, 2


def give_labels_last(text: str, sentence: Span, own: list[PrintedLabel], parts: Parts) -> None:
    """Labels behind their text, clause by clause (";"): own part, shared stem, shared tail."""
    position = sentence.start
    last_group: tuple[str, ...] = ()
    clauses = _clauses(text, sentence)
    announced = _before_colon(text, Span(sentence.start, own[0].span.start)) if len(clauses) > 1 else None
    are_names = len(clauses) >= _LEAST_TOLD and _are_names(text, own)
    for number, clause in enumerate(clauses):
        inside = [mention for mention in own if clause.start <= mention.span.start < clause.end]
        if not inside:
            further = any(mention.span.start >= clause.end for mention in own)
            if last_group and not further and QUALIFIES.match(text, *clause):
                # "Growth of roots (a); and of leaves (b); in the light of the lamp"
                parts.give(text, dict.fromkeys(label for mention in own for label in mention.labels), clause)
            elif last_group and (not further or is_scale_sentence(text, clause)):
                parts.give(text, last_group, clause)
                position = clauses[number + 1].start if number + 1 < len(clauses) else clause.end
            continue
        last_group = tuple(dict.fromkeys(label for mention in inside for label in mention.labels))
        if clause.start > sentence.start:
            part = trimmed(text, Span(position, inside[0].span.start))
            if announced is not None and has_own_head(QUANTITIES.sub(" ", text[position : inside[0].span.start])):
                announced = None
            elif announced is None and part is not None and are_names:
                announced = stem_of_next(text, Span(sentence.start, own[0].span.start), part)
            if announced is not None:
                parts.give(text, last_group, announced)
        give_clause(text, Span(position, clause.end), inside, parts)
        position = clause.end


def _before_colon(text: str, lead: Span) -> Span | None:
    """ "Genes of roots in terms of: place (a); function (b)": the words up to the colon, where they need others."""
    colon = text.rfind(": ", *lead)
    return Span(lead.start, colon) if colon > 0 and is_open(text[lead.start : colon]) else None


def _are_names(text: str, own: Sequence[PrintedLabel]) -> bool:
    """ "Images of red oak (a); elm (b); and ash (c)": one word or two before each label but the first."""
    between = [
        text[one.span.end : other.span.start].strip(" ;,()").removeprefix("and ") for one, other in pairwise(own)
    ]
    return all(0 < len(said.split()) <= _LONGEST_NAME and not has_own_head(said) for said in between)


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
