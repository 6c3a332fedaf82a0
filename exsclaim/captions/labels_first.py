"""Sentences whose labels stand before their text: "(a) TEM image of X", "stem (a) X and (b) Y"."""

import re
from collections.abc import Sequence

from exsclaim.captions.label_roles import puts_label_last, vote
from exsclaim.captions.labels_last import give_labels_last, told_again
from exsclaim.captions.printed_labels import PrintedLabel
from exsclaim.captions.shared_words import PREPOSITIONS, VERB, has_own_head, is_open, listed, respective
from exsclaim.captions.spans import Parts, Span, trimmed
from exsclaim.captions.techniques import techniques

# words of a part that may leave out what the last one says
_LONGEST_SHARING = 7
_LONGEST_ELLIPSIS = 4
_WORD = re.compile(r"\S+")
_PLURAL_HEAD = re.compile(
    r"(?:views|images|micrographs|spectra|patterns|maps|photographs|plots|sections|surfaces|curves|profiles|models|structures|"
    r"distributions|histograms|loops|diagrams|schematics|measurements|results|components|parts|simulations|traces)\b"
)
_ACRONYM = re.compile(r"[A-Z][A-Z\d-]{1,8}$")
# what has no noun of its own: "top and (b) side view", "electrical and (b) thermal conductivity"
_ADJECTIVE = re.compile(
    r"(?:top|side|front|rear|back|dorsal|ventral|medial|distal|proximal|caudal|cranial|anterior|posterior|bottom|plan|low|high|lower|higher|left|right|upper|inner|outer|real|cross-section|first|second|"
    r"\w+-|[\w-]*(?:-views?|field|magnification|resolution|plane)|\w+(?:ional|ical|rmal|etic|ric|nal|ral|ular|ary|ive|ous|ized|ised))$",
    re.IGNORECASE,
)
_ELLIPTIC = re.compile(
    r"(?:before|after|with|without|pre|post|avant|après|antes|despu[eé]s|depois|vor|nach|ohne)$", re.IGNORECASE
)
_NEXT_PART = re.compile(r"[,;]\s(?:(?:and|while|whereas|und|et|y|e)\s)?|\s(?:and|while|whereas)\s")
_QUANTITY = re.compile(r"[−–-]?\d[\d.,–-]*\s?\S{0,5}")
_SEMICOLON_BEFORE = re.compile(r";\s*(?:and\s*)?$")
_LONGEST_NAME = 2
_AND_BEFORE = re.compile(r"(?:\b(?:and|or|und|et|y|e)|&)\s*$")
_JOINED_BEFORE = re.compile(r"(?:,|;|\b(?:and|or|und|et|y|e)|&)\s*$")
# "HRTEM image of rods (5 nm scale bar)": said of the last one only
_REMARK = re.compile(r"\s\([^()]*(?:\b[Bb]ars?\b|\b[Ii]nset)[^()]*\)\s*$")
_TAIL = re.compile(
    r"\s(?:of|for|in|at|as|on|with|under|versus|vs\.?|from|during|measured|obtained|recorded|calculated|after|upon|is|are|was|were|shows?|demonstrates?|reveals?|indicates?|de|der|des|von|del|da|do)\s"
)
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
        first = Span(sentence.start, second[0].span.start)
        give_headed(text, first, head, rest[: again - 1], parts)
        give_labels_first(text, Span(first.end, sentence.end), second, parts)
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
        left_out = group - {label for printed in inner for label in printed.labels}
        parts.give(text, left_out, body)
        if later:
            give_labels_first(text, Span(stop, sentence.end), later, parts)
    elif later and vote(text, later[0]) >= 0:
        give_labels_first(text, sentence, [head, *later], parts)
    elif later and (joint := _joint_before(text, body)) is not None:
        # "(a) Rate performance and cyclic performance at 100 mA g−1 (b) and 1000 mA g−1 (c)"
        _give_group(text, head.labels, Span(body.start, joint.start), parts)
        give_labels_last(text, Span(joint.end, sentence.end), later, parts)
    else:
        _give_group(text, head.labels, Span(body.start, sentence.end), parts)
        return head.labels
    return later[-1].labels if later else head.labels


def _joint_before(text: str, body: Span) -> Span | None:
    """The joint in `body` behind which a part with a head of its own begins; None where it is one part."""
    for joint in re.compile(r"[,;]\s*(?:and\s+)?|\s+and\s+").finditer(text, *body):
        if has_own_head(text[joint.end() : body.end]) and has_own_head(text[body.start : joint.start()]):
            return Span(*joint.span())
    return None


def _already_told(printed: PrintedLabel, parts: Parts) -> bool:
    return all(parts.of_label.get(label) for label in printed.labels)


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


def give_labels_first(
    text: str, sentence: Span, own: list[PrintedLabel], parts: Parts, *, is_of_group: bool = False
) -> None:
    """ "stem (a) X and (b) Y": the stem to all until another stem comes, the bodies to each, shared tails to each."""
    ends = [printed.span.start for printed in own[1:]] + [sentence.end]
    bodies = [Span(printed.span.end, end) for printed, end in zip(own, ends, strict=True)]
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
        if elided is not None and all(_is_elliptic(text, body) for body in bodies[1:]):
            stems = [elided]
    following: dict[int, Span] = {}
    for number, body in enumerate(bodies[:-1]):
        if (next_stem := _next_stem(text, body, bool(stems or following))) is not None:
            following[number + 1] = next_stem
            bodies[number] = Span(body.start, next_stem.start)
    sharing = _sharing(text, stems, own, bodies)
    for number, (printed, body) in enumerate(zip(own, bodies, strict=True)):
        if number in following:
            stems = _replaced(text, stems, following[number])
            sharing = _sharing(text, stems, own, bodies, number)
        if printed.note is not None:
            parts.give(text, printed.labels, printed.note)
        for one in stems:
            if number in sharing and one.end <= body.start:
                parts.give(text, printed.labels, one)
        _give_group(text, printed.labels, body, parts)
    for number, tail in _shared_tails(text, own, bodies):
        parts.give(text, own[number].labels, tail)


def is_title(text: str, stem: Span, bodies: Sequence[Span]) -> bool:
    """True if the words before the first label are a title of the figure, and not a beginning that its labels share.

    "Representative microstructures: (a) EBSD map of …" is one; "SEM images of the coating: (a) surface" is shared.
    """
    said = text[stem.start : stem.end].strip()
    words = said.split()
    if is_open(said) or (len(words) < 4 and said[-1:] not in ":,"):
        return False
    first = text[bodies[0].start : bodies[0].end].strip(" :,;")
    begins = first.split(" ", 1)[0].lower()
    if not first or begins in PREPOSITIONS or first[0].isdigit() or said.endswith(("and", "&")):
        return False
    if has_own_head(first):
        # "Filtering of HRTEM images: (a) original image": what the title names is how all were made
        return bool(techniques((first,))) or not set(techniques((said,))) - {"plot", "schematic"}
    return not has_own_head(said) and (said[-1:] in ":," or first[0].isupper())


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
    text: str, stems: Sequence[Span], own: Sequence[PrintedLabel], bodies: Sequence[Span], start: int = 0
) -> set[int]:
    """Numbers of the labels of `own`, from `start` on, a stem holds for: not c in "SEM images a) A, c) XRD of B"."""
    ended = _list_end(text, own, bodies, start)
    shown = {name for stem in stems for name in techniques((text[stem.start : stem.end],))} - {"plot"}
    found = set(range(start, ended))
    if not shown:
        return found
    other = set()
    for number in range(start, ended):
        body = text[bodies[number].start : bodies[number].end]
        if has_own_head(body) and not shown & set(techniques((" ".join(body.split()[:9]),))):
            other.add(number)
    # "Schematic of (a) the TEM and (b) the SEM": what the first one shows is what the stem is about
    return found if start in other else found - other


def _list_end(text: str, own: Sequence[PrintedLabel], bodies: Sequence[Span], start: int) -> int:
    """Number of the label that the list from `start` on ends before: "curves of (a) X and (b) Y; (c) total heat"."""
    for number in range(start + 2, len(own)):
        words = text[slice(*bodies[number])].split()
        if (
            _SEMICOLON_BEFORE.search(text[max(0, own[number].span.start - 6) : own[number].span.start])
            and _AND_BEFORE.search(text[max(0, own[number - 1].span.start - 6) : own[number - 1].span.start])
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
        if opens and joint.group().strip() == "and" and not has_own_head(re.split(r",\s", behind)[0]):
            # "(A) patterns of rods and cubes, spectra of (B)": the comma is the joint
            continue
        is_semicolon = joint.group().startswith(";")
        if opens and (is_semicolon or (has_own_head(behind) and (has_stem or has_own_head(before)))):
            return Span(joint.end(), body.end)
        if is_semicolon and has_own_head(behind) and ";" not in behind:
            return Span(joint.end(), body.end)
    return None


def _is_elliptic(text: str, body: Span) -> bool:
    said = text[body.start : body.end]
    words = said.split()
    return len(words) <= _LONGEST_ELLIPSIS + 1 and not has_own_head(said) and not VERB.search(said)


def _shared_tails(text: str, own: Sequence[PrintedLabel], bodies: Sequence[Span]) -> list[tuple[int, Span]]:
    """Tails that the parts before share: "(a) before and (b) after 20 h", "(a) The energy and (b) the field of Fe"."""
    kept = [trimmed(text, body) for body in bodies]
    found: list[tuple[int, Span]] = []
    for last in range(1, len(own)):
        span = kept[last]
        lead = text[max(0, own[last].span.start - 8) : own[last].span.start]
        if span is None or not _JOINED_BEFORE.search(lead):
            continue
        bare: list[int] = []
        for number in range(last - 1, -1, -1):
            if not _is_bare(text, kept[number], bodies[number]):
                break
            bare.insert(0, number)
            if not _JOINED_BEFORE.search(text[max(0, own[number].span.start - 8) : own[number].span.start]):
                break
        if bare and (cut := _tail_start(text, [kept[number] for number in bare], span, bool(_AND_BEFORE.search(lead)))):
            remark = _REMARK.search(text, cut, span.end)
            found += [(number, Span(cut, remark.start() if remark else span.end)) for number in bare]
    return found


def _is_bare(text: str, span: Span | None, body: Span) -> bool:
    """A short part that says no more than a name, and no end of a clause behind it."""
    if span is None or len(text[slice(*span)].split()) > _LONGEST_SHARING:
        return False
    if re.search(r"[;.:]\s*$", text[body.start : body.end]) and not _ADJECTIVE.search(text[slice(*span)]):
        return False
    said = f" {text[slice(*span)]} "
    return not VERB.search(said) and (not _TAIL.search(said[:-1]) or bool(_ELLIPTIC.search(said.strip())))


def _tail_start(text: str, others: Sequence[Span | None], last: Span, is_and: bool) -> int | None:
    """Position in the last part where the words begin that the parts before it omit; None where they omit nothing."""
    before = [text[slice(*span)] for span in others if span is not None]
    words = list(_WORD.finditer(text, *last))
    size = len(before[-1].split())
    final = before[-1].split()[-1]
    own_head = has_own_head(final) and not _ADJECTIVE.match(final)
    tail = _TAIL.search(text, *last)
    stop = tail.start() if tail else last.end
    heads = [
        number
        for number, word in enumerate(words[:7])
        if number and word.end() <= stop and _PLURAL_HEAD.match(word.group())
    ]
    if is_and and heads and not own_head and not has_own_head(before[-1]):
        cut = heads[0]
        while cut > max(1, size) and _ACRONYM.match(words[cut - 1].group()):
            cut -= 1
        return words[min(cut, size) if size <= 2 and _ACRONYM.match(words[min(cut, size)].group()) else cut].start()
    if is_and and not own_head and len(words) > size:
        if _ELLIPTIC.match(before[-1]) and _ELLIPTIC.match(words[0].group()):
            return words[size].start()
        if _ADJECTIVE.match(final) and words[0].group().lower() not in PREPOSITIONS:
            return words[size].start()
    same = [number for number, word in enumerate(words[:-1]) if word.group().strip(",") == final]
    if is_and and same and same[0] + 1 >= size and words[same[0] + 1].group()[0] != "(":
        return words[same[0] + 1].start()
    if is_and and size == 1 and all("=" in part for part in before) and "=" in words[0].group() and len(words) > 1:
        return words[1].start()
    if is_and and size <= 2 and before[-1][:1].isdigit():
        quantity = text[words[0].start() : words[min(size, len(words)) - 1].end()]
        return words[size].start() if _QUANTITY.fullmatch(quantity) and len(words) > size else None
    if tail is None:
        return None
    names = re.split(r",\s(?:and\s)?", re.sub(r"\([^()]*\)", "", text[last.start : tail.start()]))
    if re.search(r"[;:]", text[last.start : tail.start()]) or (len(names) > 1 and not all(map(has_own_head, names))):
        return None
    if len(text[last.start : tail.start()].split()) > _LONGEST_SHARING:
        return None
    return tail.start() + 1 if is_and or has_own_head(before[-1]) else None


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
        give_labels_last(text, sentence, own, parts)
