"""Sentences whose labels stand before their text: "(a) TEM image of X", "stem (a) X and (b) Y"."""

import re
from collections.abc import Sequence

from exsclaim.captions.labels.label_ranges import PrintedLabel
from exsclaim.captions.scale_bars.stated_scales import is_scale_sentence, states_length, tells_scale
from exsclaim.captions.segmentation.clause_walk import told_again
from exsclaim.captions.segmentation.label_roles import is_elliptic, vote
from exsclaim.captions.segmentation.labels_last import give_labels_last
from exsclaim.captions.segmentation.respective_lists import by_place, give_group, share_out
from exsclaim.captions.segmentation.shared_stems import after_another, labels_of_stems, next_stem
from exsclaim.captions.segmentation.shared_tails import shared_tails
from exsclaim.captions.segmentation.stem_ends import without_doubled
from exsclaim.captions.segmentation.whole_figure import opening_of_all
from exsclaim.captions.spans import Parts, Span, trimmed
from exsclaim.captions.terms.techniques import techniques
from exsclaim.captions.word_classes import (
    ARTICLES,
    PREPOSITIONS,
    VERB,
    has_own_head,
    is_open,
    is_title,
)

_OPENS_ROW = re.compile(r"\s(?:of|in|from|for|with|at|on|under|after)\s")
_BOTH = re.compile(
    r",\s(?P<scope>both|all|each)\s(?:with|without|in|at|from|on|under|after|before|for|[a-z]+ed|taken|grown|shown|made)\s"
)
_OPENS_LIST = re.compile(r"\s(?:and|or)\s|,\s")
_CLAUSE_JOINT = re.compile(r"[;,]\s")
_THEIR = re.compile(r",?\s(?:and|with)\s(?=(?:their|its|(?:the\s)?(?:corresponding|respective))\s)")
# behind the last of several labels that have a part each: not "(a) maps and (b) sizes of gold and tin, respectively"
_RESPECTIVELY_BEHIND_ALL = re.compile(
    r"(?P<last>(?:(?!\s(?:and|or)\s)[^,;]){1,80}),?\srespectively(?:,?\s(?P<tail>[a-z][^;]*))?[\s.]*$"
)
_PLURAL_PICTURES = re.compile(
    r"(?:\S+\s){0,4}?(?:images|micrographs|photographs|spectra|maps|views|patterns)\s+(?:of|for|from)\s"
)

# "(A) Cells with X or, (B) Y": one of two, each with the words before
_ONE_OF_TWO = re.compile(
    r"(?:(?!\s(?:and|or|is|are|was|were)\s)[^.;:,()]){3,90}?\s(?:with|without|in|after|before|by|on|under|at|for|from|against)\s"
    r"(?=[^\s.;:,()]+(?:\s[^\s.;:,()]+){0,3},?\sor,?\s[(\[]?$)"
)


def give_labels_first(
    text: str, sentence: Span, own: list[PrintedLabel], parts: Parts, *, is_of_group: bool = False
) -> None:
    """ "stem (a) X and (b) Y": the stem to all until another stem comes, the bodies to each, shared tails to each."""
    again = told_again(own)
    if again is not None and sum(vote(text, printed) for printed in own[again:]) < 0:
        # "(A, C) red and (B, D) green channel in control (A, B) and mutant (C, D) retinas"
        joints = list(_OPENS_ROW.finditer(text, own[again - 1].span.end, own[again].span.start))
        if joints:
            cut = joints[-1].start() + 1
            give_labels_first(text, Span(sentence.start, cut), own[:again], parts, is_of_group=is_of_group)
            give_labels_last(text, Span(cut, sentence.end), own[again:], parts)
            return
    if (behind := _told_last(text, sentence, own)) is not None:
        parts.give(text, own[-1].labels, behind)
        own, sentence = own[:-1], Span(sentence.start, behind.start)
    bodies = _bodies(text, sentence, own, parts)
    of_both = _behind_both(text, bodies)
    if of_both:
        bodies[-1] = Span(bodies[-1].start, of_both[0][1].start)
    stem = trimmed(text, Span(sentence.start, own[0].span.start))
    stems = _first_stems(text, sentence, own, bodies, parts, is_of_group=is_of_group)
    following = _following_stems(text, bodies, stems)
    tails = [*_tails(text, stem, own, bodies, parts, has_stem=bool(stems)), *of_both]
    whole = [text[slice(*body)] for body in bodies]
    for number, tail in tails:
        if text.startswith("with ", tail.start):
            # "after (a) 1 h and (b) 2 h, with SAED patterns as insets": what is shown beside
            continue
        # "with (c) Cu and (d) Zn maps of the area": what a part leaves out says what it shows
        whole[number] = f"{whole[number]} {text[slice(*tail)]}"
    sharing = labels_of_stems(text, stems, own, whole)
    if is_of_group and stem is not None and _give_by_place(text, stem, own, parts):
        stems = []
    if stems and not following and sharing == set(range(len(own))) and (bar := _bar_behind_all(text, bodies)):
        bodies[-1] = Span(bodies[-1].start, bar.start)
        tails += [(number, bar) for number in range(len(own))]
    for number, (printed, body) in enumerate(zip(own, bodies, strict=True)):
        if number in following:
            stems = after_another(text, stems, following[number])
            sharing = labels_of_stems(text, stems, own, whole, number)
        if printed.note is not None:
            parts.give(text, printed.labels, printed.note)
        for one in stems:
            if number in sharing and one.end <= body.start:
                parts.give(text, printed.labels, without_doubled(text, one, body))
        give_group(text, printed.labels, body, parts)
    for number, tail in tails:
        parts.give(text, own[number].labels, tail)


def _told_last(text: str, sentence: Span, own: Sequence[PrintedLabel]) -> Span | None:
    """ "Images of (a) rods, (b) discs and their diameters (c, d)": words whose labels stand behind them."""
    if len(own) < 3 or text[own[-1].span.end : sentence.end].strip(" .;"):
        return None
    joints = list(_THEIR.finditer(text, own[-2].span.end, own[-1].span.start))
    if not joints or not text[own[-2].span.end : joints[-1].start()].strip(" ,"):
        return None
    return Span(joints[-1].end(), own[-1].span.start)


def _bodies(text: str, sentence: Span, own: Sequence[PrintedLabel], parts: Parts) -> list[Span]:
    """Text behind each label, up to the next. Text behind a bracket around all of them is given to each."""
    ends = [printed.span.start for printed in own[1:]] + [sentence.end]
    bodies = [Span(printed.span.end, end) for printed, end in zip(own, ends, strict=True)]
    if len(own) > 1 and text[own[0].span.start - 1 : own[0].span.start] == "(":
        # "both demonstrations (A: paw; B: mouth) of opening the box"
        close = text.find(")", *bodies[-1])
        if close > 0 and "(" not in text[bodies[-1].start : close]:
            for printed in own:
                parts.give(text, printed.labels, Span(close + 1, bodies[-1].end))
            bodies[-1] = Span(bodies[-1].start, close)
    if len(own) > 1 and (needless := _RESPECTIVELY_BEHIND_ALL.match(text, *bodies[-1])):
        # "(a) gold and (b) tin, respectively, at 300 K"
        for printed in own if needless["tail"] else ():
            parts.give(text, printed.labels, Span(*needless.span("tail")))
        bodies[-1] = Span(bodies[-1].start, needless.end("last"))
    return bodies


def _behind_both(text: str, bodies: Sequence[Span]) -> list[tuple[int, Span]]:
    """ "(a) Spectra of gold and (b) tin, both at 300 K": number of each label that the end of a list is told of."""
    found = _BOTH.search(text, *bodies[-1]) if len(bodies) > 1 else None
    is_list = found and _OPENS_LIST.search(text, bodies[-1].start, found.start())
    if found is None or is_list or VERB.search(text, found.end(), bodies[-1].end):
        return []
    first = len(bodies) - 2 if found["scope"] == "both" else 0
    tail = Span(found.start("scope"), bodies[-1].end)
    return [(number, tail) for number in range(first, len(bodies))]


def _bar_behind_all(text: str, bodies: Sequence[Span]) -> Span | None:
    """ "SEM images of (a) gold, (b) tin; scale bar: 5 µm": the clause on the bars of all parts of a list, or None."""
    if len(bodies) < 2 or not tells_scale(text, bodies[-1]) or any(tells_scale(text, body) for body in bodies[:-1]):
        return None
    clauses = (Span(joint.end(), bodies[-1].end) for joint in _CLAUSE_JOINT.finditer(text, *bodies[-1]))
    bar = next((clause for clause in clauses if is_scale_sentence(text, clause) and states_length(text, clause)), None)
    return None if bar is None or "inset" in text[slice(*bar)].lower() else bar


def _first_stems(
    text: str,
    sentence: Span,
    own: Sequence[PrintedLabel],
    bodies: Sequence[Span],
    parts: Parts,
    *,
    is_of_group: bool,
) -> list[Span]:
    """Words that the first label shares with those behind it. A title is no stem: it is the whole figure's."""
    stem = trimmed(text, Span(sentence.start, own[0].span.start))
    if stem is not None:
        # "Growth of Rods (A–C) (A) SEM image": behind the group stands nothing
        told = [body for body in bodies if text[slice(*body)].strip()] or bodies
        if not is_of_group and is_title(text, Span(sentence.start, own[0].span.start), told):
            if any(parts.of_label.values()) and _announces(text, Span(sentence.start, bodies[0].start), bodies[0]):
                return [stem]
            parts.give_general(text, stem)
            return []
        if {label for printed in own for label in printed.labels} == set(parts.of_label):
            parts.give_general(text, stem)
        return [stem]
    if len(own[0].labels) == 1 and (ellipsis := _PLURAL_PICTURES.match(text, bodies[0].start + 1, bodies[0].end)):
        # "(a) SEM images of ZnO, (b) CuO and (c) TiO2"
        elided = trimmed(text, Span(bodies[0].start, ellipsis.end()))
        # "(a) Images of cells; (b) counts of RNA": what semicolons part has its own "of"
        parted = text[bodies[0].start : bodies[0].end].rstrip().endswith(";")
        if elided is not None and all(
            is_elliptic(text, body) and not (parted and " of " in text[slice(*body)]) for body in bodies[1:]
        ):
            return [elided]
    if len(own) == len(bodies) == 2 and (shared := _ONE_OF_TWO.match(text, bodies[0].start + 1, own[1].span.start)):
        other = text[slice(*bodies[1])].strip()
        is_whole = other.split(" ", 1)[0].lower() in PREPOSITIONS | ARTICLES or has_own_head(other)
        if not is_whole and not VERB.search(other) and ";" not in other:
            return [Span(bodies[0].start, shared.end())]
    return []


def _announces(text: str, lead: Span, body: Span) -> bool:
    """ "(a) Map. Prices in town: (b) bread, (c) beer": behind other labels a title is theirs that it stands before."""
    said = text[lead.start : lead.end].rstrip(" ([")
    said = said[: -len(said.rpartition(" ")[2])].rstrip()  # without the label
    if opening_of_all(text, lead) or not said:
        return False
    if said.endswith(":"):
        return True
    if not VERB.search(said):
        # "rods of gold and tin, (b) rods": still of (a)
        return not said.endswith(",")
    # "Plants were kept dark (b) Timing of growth": a full stop was lost; "with letters a, b and c" names no panels
    own = text[body.start : body.end].lstrip(" )]:,.")
    return " " in own.strip() and not own[:1].isupper() and not has_own_head(own)


def _following_stems(text: str, bodies: list[Span], stems: Sequence[Span]) -> dict[int, Span]:
    """Number of a label -> the stem that begins before it; `bodies` end there."""
    following: dict[int, Span] = {}
    for number, body in enumerate(bodies[:-1]):
        if (stem := next_stem(text, body, stems[0] if stems else None, bool(stems or following))) is not None:
            following[number + 1] = stem
            bodies[number] = Span(body.start, stem.start)
    return following


def _tails(
    text: str, stem: Span | None, own: list[PrintedLabel], bodies: list[Span], parts: Parts, *, has_stem: bool
) -> list[tuple[int, Span]]:
    """Number of a label -> the end of the sentence that it shares; one that lists as many things is given out."""
    is_open_stem = stem is not None and is_open(text[stem.start : stem.end])
    is_picture = has_stem and stem is not None and bool(set(techniques((text[slice(*stem)],))) - {"plot"})
    tails = shared_tails(text, own, bodies, is_open_stem=is_open_stem, is_picture=is_picture)
    if {number for number, _ in tails} == set(range(len(own) - 1)) and len({tail for _, tail in tails}) == 1:
        # "(a) TEM images and (b) sizes of gold and silver, respectively"
        tail = tails[0][1]
        if share_out(text, [printed.labels for printed in own], Span(tail.start, bodies[-1].end), parts):
            bodies[-1] = Span(bodies[-1].start, tail.start)
            return []
    return tails


def _give_by_place(text: str, stem: Span, own: Sequence[PrintedLabel], parts: Parts) -> bool:
    """Give each label of a group its own things of a stem that lists them by place; False where it lists none."""
    shares = by_place(text, stem, [printed.labels for printed in own])
    if not shares:
        return False
    for printed in own:
        for label, spans in zip(printed.labels, shares, strict=True):
            for span in spans:
                parts.give(text, (label,), span)
    return True
