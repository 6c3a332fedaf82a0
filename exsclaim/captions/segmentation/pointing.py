"""Pointing: panels that a sentence names without being about them, and what a panel has that is only pointed at.

"Panel (c) shows the sun at the time of panel (b)" is about c. A panel that no words define has what points at it:
"…, whose spectra are shown in panels c–e, those of the gas are shown in panels f–h".
"""

import re
from bisect import bisect_right
from collections.abc import Sequence

from exsclaim.captions.labels.label_ranges import PrintedLabel
from exsclaim.captions.labels.label_systems import IS_SHOWN
from exsclaim.captions.spans import Parts, Span, trimmed
from exsclaim.captions.word_classes import VERB

_COMPARED_WITH = re.compile(r"\b(?:of|to|than|from|with|as)\s(?:panels?\s)?[(\[]?$")
# "C and D show a close-up of the waves in [A]"
_SHOWS_IN = re.compile(
    r"\s*(?:[Pp]anels?\s)?\S+(?:\s(?:and|&|to)\s\S+)?\s(?:shows?|are|is)\s[^,;]*\bin\s(?:panels?\s)?[(\[]?$"
)
_COMPARES = re.compile(
    r"\b(?:as|like|than|from|(?:same|shown|described|similar|relative|compared|identical)\s\w+)(?:\s\w+)?\s*$"
)
# "The unit cell is outlined in (b)"
_MARKED_IN = re.compile(
    r"\b(?:is|are|was|were)\s(?:outlined|marked|indicated|highlighted|enlarged|magnified|drawn|denoted|labell?ed|encircled|boxed|"
    r"overlaid|rendered|visuali[sz]ed|(?:shown|displayed|depicted|presented|given|plotted)(?=\sas\s))"
    r"\s(?:by|with|as|in)\s(?:[\w-]+\s){0,4}(?:(?<=in\s)|in\s+)(?:panels?\s)?[(\[]?$"
)
# words before a reference that can still be its sentence's subject; by eye on the unlabelled captions
_LONGEST_SUBJECT = 14
_NOTE_THAT = re.compile(r"^\W*(?:(?:Please )?[Nn]ote(?: that)?|It (?:is|was) \w+ that|Here,?)\s")


def is_compared(text: str, sentence: Span, reference: PrintedLabel) -> bool:
    """ "Panel (c) shows the sun at the time of panel (b)": a panel that the sentence is not about."""
    before = text[sentence.start : reference.span.start]
    return (bool(_COMPARED_WITH.search(before)) and bool(VERB.search(before))) or bool(_SHOWS_IN.match(before))


_SHOWN_BEFORE = re.compile(
    r"\b(?:is|are|was|were)\s(?:shown|plotted|presented|given|depicted|displayed|illustrated)\sin\s(?:panels?\s)?[(\[]?$"
)
_CLAUSE_JOINT = re.compile(r";\s(?:and\s|while\s|whereas\s)?|,\s(?:and|while|whereas|but)\s(?!as\s|of\s|for\s|at\s)")
_IN_FRONT = re.compile(r"\b(?:[Ii]n|of|[Ff]or)\s(?:panels?\s)?[(\[]?$")
_SAYS = re.compile(rf"{VERB.pattern}|\b(?:[a-z]+(?:ed|e?s)|appear|differ|remain|occur)\b")
_NEXT_SHOWN = re.compile(r"[)\]]?(?:,\s(?:and\s|while\s|whereas\s|whose\s)?|;\s|\s(?:and|while|whereas)\s)")
_SHOWN_NEXT = re.compile(r"\s(?:is|are|was|were)?\s?(?:[a-z]+\s)*?in\s(?:panels?\s)?[(\[]?$")


def _clause_of_each(text: str, sentence: Span, references: Sequence[PrintedLabel]) -> list[Span] | None:
    """ "The step in (a) marks Tc, while the peak in (b) marks TN": a clause with a verb for each reference; or None."""
    joints = list(_CLAUSE_JOINT.finditer(text, *sentence))
    edges = [sentence.start, *(found.end() for found in joints)]
    ends = [*(found.start() for found in joints), sentence.end]
    clauses = [Span(*each) for each in zip(edges, ends, strict=True)]
    labels = [label for one in references for label in one.labels]
    is_each = len(clauses) == len(references) and len(set(labels)) == len(labels)
    told = zip(clauses, references, strict=False)
    return clauses if is_each and all(_tells_of(text, *each) for each in told) else None


def _tells_of(text: str, clause: Span, reference: PrintedLabel) -> bool:
    """True if `clause` names the panel that it tells of, and says something of what is seen there."""
    is_inside = clause.start <= reference.span.start < clause.end
    return is_inside and bool(
        _IN_FRONT.search(text, clause.start, reference.span.start) and _SAYS.search(text, *clause)
    )


def shown_in_each(text: str, sentence: Span, references: Sequence[PrintedLabel]) -> list[Span] | None:
    """The part of each reference in "Red cells are shown in a–c, and blue ones in d–f"; None for other sentences."""
    first, *others = references
    if others and (clauses := _clause_of_each(text, sentence, references)):
        return clauses
    if not others or not _SHOWN_BEFORE.search(text, sentence.start, first.span.start):
        return None
    parts = [Span(sentence.start, first.span.end)]
    seen = set(first.labels)
    for other in others:
        joint = _NEXT_SHOWN.match(text, parts[-1].end, other.span.start)
        if not joint or not _SHOWN_NEXT.search(text, joint.end(), other.span.start) or seen & set(other.labels):
            return None
        seen.update(other.labels)
        parts.append(Span(joint.end(), other.span.end))
    return parts if not text[parts[-1].end : sentence.end].strip(" .)]") else None


# what is drawn on a picture, and says of it where it is
_MARKS_IN = re.compile(
    r"\s*(?:(?:The|All|Both)\s)?(?:[\w-]+\s){0,3}?(?:arrow(?:head)?s?|asterisks?|stars?|circles?|lines?|box(?:es)?|rectangles?|"
    r"triangles?|squares?|dots?|regions?|areas?)\s(?:[\w-]+\s){0,5}?(?:marks?|indicates?|denotes?|shows?|represents?|highlights?|"
    r"points?|outlines?|surrounds?)\s[^.;()]*\bin\s(?:panels?\s)?[(\[]?$",
    re.IGNORECASE,
)


# "The decay is compared with those of others in panel (d)", which no other words define
_ENDS_IN_PANEL = re.compile(
    r"\b(?:is|are|was|were)\s(?:compared|plotted|shown|presented|given|summari[sz]ed|listed)\b[^.;]*\bin\spanel\s[(\[]?$"
)
# "The voltage is 200 kV for (a) and 80 kV for (b)"
_VALUE_FOR = re.compile(r"\d\S*\s(?:[^\s\d]\S{0,4}\s)?(?:for|in)\s(?:panels?\s)?[(\[]?$")
_LONGEST_BEFORE = 120


def gives_values(text: str, references: Sequence[PrintedLabel]) -> bool:
    """True if each of several references has a value of its own: "200 kV for (a) and 80 kV for (b)"."""
    starts = [one.span.start for one in references]
    return len(starts) > 1 and all(_VALUE_FOR.search(text, max(0, start - 30), start) for start in starts)


def says_where(text: str, sentence: Span, reference: PrintedLabel) -> bool:
    """True if the sentence says that something is shown there: "The spread of all fits is shown in c."."""
    before = text[max(sentence.start, reference.span.start - _LONGEST_BEFORE) : reference.span.start]
    return bool(IS_SHOWN.search(before) or _ENDS_IN_PANEL.search(before))


def marks_in(text: str, sentence: Span, reference: PrintedLabel) -> bool:
    """ "Stars mark pores in B." behind the last label: said of the panel that has the stars."""
    is_last = not text[reference.span.end : sentence.end].strip(" .)]")
    return is_last and bool(_MARKS_IN.match(text, sentence.start, reference.span.start))


def speaks_of(text: str, sentence: Span, reference: PrintedLabel) -> bool:
    """True if the sentence is about the panel it refers to: the reference is in its subject and is no comparison."""
    before = _NOTE_THAT.sub("", text[sentence.start : reference.span.start])
    if _MARKED_IN.search(before) and not _COMPARES.search(before):
        return True
    return len(before.split()) <= _LONGEST_SUBJECT and not VERB.search(before) and not _COMPARES.search(before)


def _clause(text: str, sentence: Span, before: int, reference: PrintedLabel) -> Span:
    """The part of `sentence` that points at `reference`: behind the label that ends at `before`, from a comma on.

    The whole sentence, where no other label stands before, or no words between them.
    """
    between = trimmed(text, Span(before, reference.span.start))
    if before <= sentence.start or between is None or text.startswith(":", reference.span.end):
        return sentence
    comma = text.rfind(", ", *between)
    is_clause = comma > 0 and VERB.search(text, comma, between.end) and text.count("(", comma) == text.count(")", comma)
    return Span(comma, between.end) if is_clause else between


def give_pointed_at(text: str, pieces: Sequence[Span], mentions: Sequence[PrintedLabel], parts: Parts) -> None:
    """Labels that nothing defines have the sentences that point at them ("magnified in (b) and (c)")."""
    bare = {label for label, spans in parts.of_label.items() if not spans}
    if not bare:
        return
    starts = [piece.start for piece in pieces]
    for number, mention in enumerate(mentions):
        pointed = [label for label in mention.labels if label in bare]
        if pointed:
            piece = pieces[bisect_right(starts, mention.span.start) - 1]
            before = max(mentions[number - 1].span.end if number else 0, piece.start)
            parts.give(text, pointed, _clause(text, piece, before, mention))
