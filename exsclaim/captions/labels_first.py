"""Sentences whose labels stand before their text: "(a) TEM image of X", "stem (a) X and (b) Y"."""

import re
from collections.abc import Sequence

from exsclaim.captions.label_ranges import PrintedLabel
from exsclaim.captions.label_roles import are_names, is_elliptic, puts_label_last, vote
from exsclaim.captions.labels_last import give_labels_last, told_again
from exsclaim.captions.respective_lists import by_place, give_group, share_out
from exsclaim.captions.shared_tails import AND_BEFORE, shared_tails
from exsclaim.captions.shared_words import (
    CONTENT,
    PREPOSITIONS,
    VERB,
    has_own_head,
    is_open,
    is_title,
    joint_before,
    left_out,
)
from exsclaim.captions.spans import Parts, PartsBeside, Span, trimmed
from exsclaim.captions.techniques import techniques

_NEXT_PART = re.compile(r"[,;]\s(?:(?:and|while|whereas|und|et|y|e)\s)?|\s(?:and|while|whereas)\s")
_OPENS_ROW = re.compile(r"\s(?:of|in|from|for|with|at|on|under|after)\s")
_SEMICOLON_BEFORE = re.compile(r";\s*(?:and\s*)?$")
_LONGEST_NAME = 2
_LONGEST_NAMED = 6
_ENDS_LIST = frozenset((", and ", "; and ", ", while ", ", whereas "))
_SHOWING = re.compile(
    r"\b(?:showing|illustrating|depicting|displaying|presenting|revealing|highlighting|comparing)\s*:?\s*$"
)
_WAS = re.compile(r"\s(?:was|were|is|are)\s\w+ed\b")
_CHANGES = frozenset(("after", "before", "during", "without", "under"))
_PLURAL_PICTURES = re.compile(
    r"(?:\S+\s){0,4}?(?:images|micrographs|photographs|spectra|maps|views|patterns)\s+(?:of|for|from)\s"
)


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
        if not group & set(printed.labels) and (vote(text, printed) > 0 or not _already_told(printed, parts))
    ]
    stop = later[0].span.start if later else sentence.end
    inner = [printed for printed in rest if group.issuperset(printed.labels) and printed.span.start < stop]
    body = Span(head.span.end, stop)
    if len(group) > 1 and inner:
        give_unheaded(text, body, inner, parts, 0.0, is_of_group=True)
        others = group - {label for printed in inner for label in printed.labels}
        parts.give(text, others, body)
        if later:
            give_labels_first(text, Span(stop, sentence.end), later, parts)
    elif later and vote(text, later[0]) >= 0:
        give_labels_first(text, sentence, [head, *later], parts)
        if len(later) == 1 and (needed := left_out(text, body, Span(later[0].span.end, sentence.end))) is not None:
            parts.give(text, later[0].labels, needed)
    elif later and (joint := joint_before(text, body)) is not None:
        # "(a) Rate performance and cyclic performance at 100 mA g−1 (b) and 1000 mA g−1 (c)"
        give_group(text, head.labels, Span(body.start, joint.start), parts)
        give_labels_last(text, Span(joint.end, sentence.end), later, parts)
    else:
        give_group(text, head.labels, Span(body.start, sentence.end), parts)
        return head.labels
    return later[-1].labels if later else head.labels


def _already_told(printed: PrintedLabel, parts: Parts) -> bool:
    return all(parts.of_label.get(label) for label in printed.labels)


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
    ends = [printed.span.start for printed in own[1:]] + [sentence.end]
    bodies = [Span(printed.span.end, end) for printed, end in zip(own, ends, strict=True)]
    if len(own) > 1 and text[own[0].span.start - 1 : own[0].span.start] == "(":
        # "both demonstrations (A: paw; B: mouth) of opening the box"
        close = text.find(")", *bodies[-1])
        if close > 0 and "(" not in text[bodies[-1].start : close]:
            for printed in own:
                parts.give(text, printed.labels, Span(close + 1, bodies[-1].end))
            bodies[-1] = Span(bodies[-1].start, close)
    stem = trimmed(text, Span(sentence.start, own[0].span.start))
    stems = [stem] if stem is not None else []
    if stem is not None:
        is_all = {label for printed in own for label in printed.labels} == set(parts.of_label)
        if not is_of_group and is_title(text, Span(sentence.start, own[0].span.start), bodies):
            stems = []
            parts.give_general(text, stem)
        elif is_all:
            parts.give_general(text, stem)
    elif len(own[0].labels) == 1 and (ellipsis := _PLURAL_PICTURES.match(text, bodies[0].start + 1, bodies[0].end)):
        # "(a) SEM images of ZnO, (b) CuO and (c) TiO2"
        elided = trimmed(text, Span(bodies[0].start, ellipsis.end()))
        if elided is not None and all(is_elliptic(text, body) for body in bodies[1:]):
            stems = [elided]
    following: dict[int, Span] = {}
    for number, body in enumerate(bodies[:-1]):
        if (next_stem := _next_stem(text, body, bool(stems or following))) is not None:
            following[number + 1] = next_stem
            bodies[number] = Span(body.start, next_stem.start)
    is_open_stem = stem is not None and is_open(text[stem.start : stem.end])
    is_picture = bool(stems) and stem is not None and bool(set(techniques((text[slice(*stem)],))) - {"plot"})
    tails = shared_tails(text, own, bodies, is_open_stem=is_open_stem, is_picture=is_picture)
    if {number for number, _ in tails} == set(range(len(own) - 1)) and len({tail for _, tail in tails}) == 1:
        # "(a) TEM images and (b) sizes of gold and silver, respectively"
        tail = tails[0][1]
        if share_out(text, [printed.labels for printed in own], Span(tail.start, bodies[-1].end), parts):
            bodies[-1] = Span(bodies[-1].start, tail.start)
            tails = []
    whole = [text[slice(*body)] for body in bodies]
    for number, tail in tails:
        # "with (c) Cu and (d) Zn maps of the area": what a part leaves out says what it shows
        whole[number] = f"{whole[number]} {text[slice(*tail)]}"
    sharing = _sharing(text, stems, own, whole)
    shares = by_place(text, stem, [printed.labels for printed in own]) if is_of_group and stem is not None else None
    if shares:
        for printed in own:
            for label, spans in zip(printed.labels, shares, strict=True):
                for span in spans:
                    parts.give(text, (label,), span)
        stems = []
    for number, (printed, body) in enumerate(zip(own, bodies, strict=True)):
        if number in following:
            stems = _replaced(text, stems, following[number])
            sharing = _sharing(text, stems, own, whole, number)
        if printed.note is not None:
            parts.give(text, printed.labels, printed.note)
        for one in stems:
            if number in sharing and one.end <= body.start:
                parts.give(text, printed.labels, one)
        give_group(text, printed.labels, body, parts)
    for number, tail in tails:
        parts.give(text, own[number].labels, tail)


def _replaced(text: str, stems: list[Span], following: Span) -> list[Span]:
    """Stems after another one began: "maps of alloys with (a) X; and with states at 1 °C for (b)" keeps the maps."""
    words = text[following.start : following.end].strip(" ,;").split()
    first = next((word.lower() for word in words if word.lower() not in ("and", "while")), "")
    kept: list[Span] = []
    if first in PREPOSITIONS and stems:
        said = text[stems[-1].start : stems[-1].end]
        cut = [found.start() for found in re.finditer(rf"\b{first}\b", said)]
        end = stems[-1].start + (cut[-1] if cut else len(said))
        kept = [*stems[:-1], Span(stems[-1].start, end)]
    span = trimmed(text, following)
    return [*kept, span] if span is not None else kept


def _sharing(
    text: str, stems: Sequence[Span], own: Sequence[PrintedLabel], whole: Sequence[str], start: int = 0
) -> set[int]:
    """Numbers of the labels of `own`, from `start` on, a stem holds for: not c in "SEM images a) A, c) XRD of B"."""
    ended = _list_end(text, own, whole, start)
    shown = {name for stem in stems for name in techniques((text[stem.start : stem.end],))} - {"plot"}
    found = set(range(start, ended))
    if not shown:
        return found
    other = set()
    is_shown = any(_SHOWING.search(text, *stem) for stem in stems)
    for number in range(start, ended):
        body = whole[number]
        words = [word for word in body.split() if word not in ("and", "or")]
        named = set(techniques((" ".join(words[:9]),)))
        # "TEM images of the alloy: (a) rim, (b) precipitate structures in the core": what a picture shows is no picture
        if number > start and not named - {"schematic"} and not has_own_head(CONTENT.sub(" ", " ".join(words[:7]))):
            continue
        # "sections of (A) control, (B) model and (C) treated rats": a word that may head a picture, alone, heads none
        # "Layout of the chip, showing (a) the line, (b) a pattern for lithography": nor does what a picture shows
        if (
            has_own_head(body)
            and not shown & named
            and (named or (len(words) > 1 and not (is_shown and number > start)))
        ):
            other.add(number)
    # "Schematic of (a) the TEM and (b) the SEM": what the first one shows is what the stem is about
    return found if start in other else found - other


def _list_end(text: str, own: Sequence[PrintedLabel], whole: Sequence[str], start: int) -> int:
    """Number of the label that the list from `start` on ends before: "curves of (a) X and (b) Y; (c) total heat"."""
    for number in range(start + 2, len(own)):
        words = whole[number].split()
        if (
            _SEMICOLON_BEFORE.search(text[max(0, own[number].span.start - 6) : own[number].span.start])
            and AND_BEFORE.search(text[max(0, own[number - 1].span.start - 6) : own[number - 1].span.start])
            and len(words) > _LONGEST_NAME
            and words[0].lower() not in PREPOSITIONS
            and not words[0][:1].isdigit()
        ):
            return number
    return len(own)


def _next_stem(text: str, body: Span, has_stem: bool) -> Span | None:
    """ "(b) SEM image; and photographs of a bulb: (c) at first and (d) after 5 min": what (c) and (d) share."""
    said = text[body.start : body.end].rstrip()
    opens = is_open(said) or said.endswith(":")
    for joint in _NEXT_PART.finditer(text, *body):
        before, behind = text[body.start : joint.start()], text[joint.end() : body.end].rstrip(" :")
        if not behind.strip(" .,;") or VERB.search(behind):
            continue
        if before.count("(") > before.count(")"):
            continue
        if opens and has_stem and behind.split(" ", 1)[0] in _CHANGES:
            # "SEM images of (b) the film and after an hour in (c) acid, (d) water": the words before (c) are of c and d
            return Span(joint.end(), body.end)
        if opens and joint.group().strip() == "and" and not has_own_head(re.split(r",\s", behind)[0]):
            # "(A) patterns of rods and cubes, spectra of (B)": the comma is the joint
            continue
        is_semicolon = joint.group().startswith(";")
        if opens and has_stem and joint.group() in _ENDS_LIST and len(behind.split()) < _LONGEST_NAMED:
            # "images of (a) X, (b) Y, and at low magnification of (c) Z"
            return Span(joint.end(), body.end)
        if opens and (is_semicolon or (has_own_head(behind) and (has_stem or has_own_head(before)))):
            return Span(joint.end(), body.end)
        if is_semicolon and has_stem and ";" not in behind and behind.endswith(",") and len(behind.split()) > 1:
            # "; shoots regenerated in light, (C) with dye": what a comma parts from its label is no end of the last one
            return Span(joint.end(), body.end)
        if is_semicolon and has_own_head(behind) and ";" not in behind:
            return Span(joint.end(), body.end)
    return None


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
    votes = sum(vote(text, printed) for printed in own) + prefers_first
    if puts_label_last(text, own[-1]) and not text[own[-1].span.end : sentence.end].strip(" .;)"):
        votes -= 1
    elif not votes and is_open(text[sentence.start : own[0].span.start]):
        votes += 1
    if votes > 0:
        give_labels_first(text, sentence, own, parts, is_of_group=is_of_group)
    else:
        lead = Span(sentence.start, own[0].span.start)
        colon = text.rfind(": ", *lead)
        is_open_title = is_open(text[lead.start : max(colon, lead.start)])
        if (
            colon > 0
            and not is_open_title
            and (
                _is_said(text, lead, colon, sentence.end)
                or (
                    has_own_head(text[colon + 1 : lead.end])
                    and is_title(text, Span(lead.start, colon + 1), [Span(colon + 1, lead.end)])
                )
            )
        ):
            # "Performance of the cells: CV curves (a), rate capability (b)"
            parts.give_general(text, Span(lead.start, colon))
            sentence = Span(colon + 1, sentence.end)
        elif colon > 0 and not is_open_title and len(own) > 1 and are_names(text, Span(colon + 1, sentence.end), own):
            # "Photographs of the films: PLA (a), PLA with clay (b) and PCL (c)"
            parts.give(text, [label for printed in own for label in printed.labels], Span(lead.start, colon))
            sentence = Span(colon + 1, sentence.end)
        give_labels_last(text, sentence, own, parts)


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
