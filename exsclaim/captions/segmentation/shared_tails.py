"""Tails that parallel parts of a sentence share: "(a) before and (b) after 20 h", "(a) energy and (b) field of Fe"."""

import re
from collections.abc import Iterator, Sequence

from exsclaim.captions.labels.label_ranges import PrintedLabel
from exsclaim.captions.segmentation.shared_bearers import BRACKETED
from exsclaim.captions.segmentation.tail_ends import is_told_of, parallel_tail, without_own
from exsclaim.captions.segmentation.tail_starts import (
    ELLIPTIC,
    LONGEST_SHARING,
    PLURAL_HEAD,
    TAIL,
    tail_in,
    tail_start,
)
from exsclaim.captions.spans import Span, trimmed
from exsclaim.captions.terms.techniques import techniques
from exsclaim.captions.word_classes import ADJECTIVE, CONTENT, QUANTITIES, VERB, has_own_head

_LONGEST_PICTURE = 3
_JOINT_LENGTH = 8
# labels of one sentence; no caption has so many, and each is compared with those before it
_MOST_PARTS = 200
AND_BEFORE = re.compile(r"(?:\b(?:and|or|und|et|y|e)|&),?\s*$")
_JOINED_BEFORE = re.compile(r"(?:,|;|\b(?:and|or|und|et|y|e)|&)\s*$")
_NEW_PICTURE = re.compile(
    r"(?:(?:an?|the|corresponding)\s)?(?:[\w-]+\s)?(?:photograph|image|micrograph|picture|schematic|"
    r"sketch|drawing)s?\b"
)
# "Schéma du montage", "Verlauf im Ofen": says what it is of, as "of" would
_OWN_ROMANCE = re.compile(
    r"\s(?:du|dos|das|aux?|im|am|vom|zu[mr]|für|nach|en|em|com|con|avec|pour)\s|\sd[eu]?\s?[l’']+"
)
_POINTS_BACK = re.compile(r"(?:their|its)\s")
_SEEN_IN = re.compile(r"\b(?:in|of|from)\s\((?P<label>[A-Za-z]\d?|\d{1,2})\)\W*$")
_FUNCTION = re.compile(r"\bas (?:a )?functions?\b")
_FUNCTIONS = re.compile(r"\bas functions\b")
_CLOSED = re.compile(r"[;.:]\s*$")
# "(a) dose; (b) purge; and (c) purge after the pulse"
_PARTED = re.compile(r";\s*(?:and\s*)?$")


def shared_tails(
    text: str,
    own: Sequence[PrintedLabel],
    bodies: Sequence[Span],
    *,
    is_open_stem: bool = False,
    is_picture: bool = False,
) -> list[tuple[int, Span]]:
    """Tails that the parts before share: "(a) before and (b) after 20 h", "(a) The energy and (b) the field of Fe"."""
    if len(own) > _MOST_PARTS:
        return []
    kept = [trimmed(text, body) for body in bodies]
    found: list[tuple[int, Span]] = []
    shares_with: dict[int, int] = {}  # number of a part -> the last one of the list that it shares a tail of
    for last in range(1, len(own)):
        span = kept[last]
        lead = _joint(text, own[last])
        if span is None or not _JOINED_BEFORE.search(lead):
            continue
        if _is_apart(text, kept, last, is_open_stem=is_open_stem, is_picture=is_picture):
            continue
        bare = _bare_before(text, own, kept, bodies, last)
        seen = _SEEN_IN.search(text, *span)
        if seen and any(seen["label"] in own[number].labels for number in bare):
            # "(a) bright field and (b) diffraction pattern of the circle in (a)"
            continue
        # "using (b) X, (c) Y, (d) Z as catalyst": a stem that is open holds for a list that only commas join
        is_list = is_open_stem and last == len(own) - 1 and len(bare) > 1
        is_and = bool(AND_BEFORE.search(lead)) or (is_list and _is_told_of_all(text, span))
        is_and = is_and or (len(bare) > 1 and _ends_first_of_two(text, own, kept, last))
        if not bare and AND_BEFORE.search(lead) and (cut := parallel_tail(text, kept[last - 1], span)) is not None:
            found.append((last - 1, Span(cut, span.end)))
        # "(a) rate, (b) speed of the enzyme, (c) weight of leaves and (d) roots": the list goes on behind (b)
        is_end = is_and or (last == len(own) - 1 and (is_open_stem or _is_alike(text, kept[last - 1], span)))
        is_end = is_end or (last == len(own) - 1 and len(bare) == last > 1 and _are_pictures(text, kept))
        if bare and is_end and (cut := tail_start(text, [kept[number] for number in bare], span, is_and)):
            tail = Span(cut, span.end)
            pieces = without_own(text, [kept[number] for number in bare], tail)
            # "(a) Low- and (b) high-resolution images, (c) spectrum and (d) map of rods": (a) with what (b) shares
            bare = [one for one in range(last) if one in bare or shares_with.get(one) in bare]
            found += [(one, piece) for one in bare if not is_told_of(text, kept[one], tail) for piece in pieces]
            shares_with.update(dict.fromkeys(bare, last))
    told = {number for number, _ in found}
    return found + [one for one in _plural_tails(text, own, kept) if one[0] not in told]


def _joint(text: str, mention: PrintedLabel) -> str:
    """Characters before a label, which join its part to the one before."""
    return text[max(0, mention.span.start - _JOINT_LENGTH) : mention.span.start]


def _is_apart(text: str, kept: Sequence[Span | None], last: int, *, is_open_stem: bool, is_picture: bool) -> bool:
    """True of a part that is no item of the list before it."""
    span = kept[last]
    if span is None:
        return True
    if is_open_stem and _NEW_PICTURE.match(text, *span):
        # "Schematic of (a) X and (b) Y, and (c) photograph of Z": what is told of a picture of its own
        return True
    if (
        (is_picture or (is_open_stem and last > 1))
        and _shows(text, span, is_picture=is_picture)
        and not any(_shows(text, one, is_picture=is_picture) for one in kept[:last])
        and not _is_one_of(text, kept[last - 1], span)
    ):
        # "Micrographs showing (a) X, (b) Y, and (c) XRD pattern of Z", "SEM images of (a) X and (b) sizes of Y"
        return True
    # "(b) their sizes", "(b) the list and (c) is the view of it"
    return bool(_POINTS_BACK.match(text, *span) or VERB.match(text, *span))


def _bare_before(
    text: str, own: Sequence[PrintedLabel], kept: Sequence[Span | None], bodies: Sequence[Span], last: int
) -> list[int]:
    """Numbers of the parts right before `last` that may leave out how they end, in the order of the text."""
    bare: list[int] = []
    lead = _joint(text, own[last])
    has_commas = any(text[one.span.start - 2 : one.span.start] == ", " for one in own[1:])
    for number in range(last - 1, -1, -1):
        joint = _joint(text, own[number])
        is_parted = ";" in joint and _PARTED.search(joint) and _PARTED.search(lead)
        if not _is_bare(text, kept[number], bodies[number], is_parted=bool(is_parted)):
            break
        bare.insert(0, number)
        if _POINTS_BACK.match(text, *(kept[number] or bodies[number])):
            # "(a) X, (b) Y cells, (c) their rates and (d) life at 5 C": told of those before, not with them
            break
        # "(a) X, (b) Y (c) Z and (d) W of Q": a comma was lost
        end = bodies[number - 1].end
        is_lost = has_commas and end == own[number].span.start and text[end - 2 : end - 1].isalnum()
        # "in (a) X, (b) Y, and (c) Z and (d) W of Q": the list ended with (c)
        if not (_JOINED_BEFORE.search(joint) or is_lost) or AND_BEFORE.search(joint):
            break
    return bare


def _ends_first_of_two(text: str, own: Sequence[PrintedLabel], kept: Sequence[Span | None], last: int) -> bool:
    """ "(a) C 1s, (b) N 1s for sample A and (c) C 1s, (d) N 1s for sample B": the end of the first of two lists."""
    ends = [kept[last], kept[-1]]
    if last + 2 >= len(own) or not AND_BEFORE.search(_joint(text, own[last + 1])):
        return False
    tails = [tail_in(text, one) if one else None for one in ends]
    return all(tails) and len({tail.group().strip() for tail in tails if tail}) == 1


def _plural_tails(text: str, own: Sequence[PrintedLabel], kept: Sequence[Span | None]) -> Iterator[tuple[int, Span]]:
    """Tails whose plural says that they are of several parts: "(a) heat at 1 bar and (b) modulus as functions of T"."""
    for number, span in enumerate(kept):
        tail = _FUNCTIONS.search(text, *span) if span else None
        first = number
        while tail and first > 0:
            before = text[max(0, own[first].span.start - 8) : own[first].span.start]
            part = kept[first - 1]
            is_joined = _JOINED_BEFORE.search(before) and not before.rstrip().endswith(";")
            if not is_joined or part is None or _FUNCTION.search(text, *part):
                break
            first -= 1
            if not VERB.search(text, *part):
                yield first, Span(tail.start(), span.end if span else tail.end())


def _is_alike(text: str, before: Span | None, last: Span) -> bool:
    """ "(a) TEM image, (b) HRTEM image of rods": the last part has the word that the one before ends with."""
    return before is not None and text[slice(*before)].split()[-1] in re.split(r"[\s,]+", text[slice(*last)])


def _are_pictures(text: str, parts: Sequence[Span | None]) -> bool:
    """ "(a) XRD pattern, (b) SEM image, (c) TEM image of rods": each part begins with a picture of its own kind."""
    return all(part is not None and _shows(text, part, is_picture=False) for part in parts)


def _is_told_of_all(text: str, last: Span) -> bool:
    """ "oxide C as catalyst", but "a blend of both": what is behind the last name says more than what it is of."""
    tail = tail_in(text, last)
    return tail is not None and tail.group().strip() not in ("of", "de", "von")


def _shows(text: str, part: Span | None, *, is_picture: bool) -> bool:
    """True if the first words of a part name how its picture was made or, under a stem that does, another drawing."""
    words = " ".join(text[slice(*part)].split()[:_LONGEST_PICTURE]) if part else ""
    return bool(set(techniques((words,))) - {"plot", "schematic"}) or (
        is_picture and has_own_head(CONTENT.sub(" ", words))
    )


def _is_one_of(text: str, before: Span | None, last: Span) -> bool:
    """ "(c) Cu and (d) Zn maps": what the last part calls itself, in the plural, the part before is one of."""
    size = len(text[slice(*before)].split()) if before else 0
    words = text[slice(*last)].split()
    if before and techniques((words[0],)) and not techniques((text[slice(*before)],)):
        # "(b) discs and (c) XRD patterns of discs"
        return False
    return 0 < size < len(words) and bool(PLURAL_HEAD.match(words[size])) and not QUANTITIES.match(words[size])


def _is_bare(text: str, span: Span | None, body: Span, *, is_parted: bool) -> bool:
    """A short part that says no more than a name, and no end of a clause behind it; `is_parted`: ";" on both sides."""
    # "leptin (n = 16; for all)": what a remark in brackets says is no tail
    plain = text[slice(*span)] if span else ""
    plain = BRACKETED.sub("", plain) if "(" in plain else plain
    if span is None or len(plain.split()) > LONGEST_SHARING:
        return False
    is_closed = is_parted or _CLOSED.search(text[body.start : body.end])
    if is_closed and not ADJECTIVE.search(text[slice(*span)].rpartition(" ")[2]):
        return False
    said = f" {plain} "
    own = TAIL.search(said[:-1])
    # "(a) effects across seasons and (b) changes on farms": where it is may be said of one, and more of both
    is_placed = own is not None and own.group().strip() in ("among", "within", "across")
    is_own = own is not None or bool(_OWN_ROMANCE.search(said))
    return not VERB.search(said) and (not is_own or is_placed or bool(ELLIPTIC.search(said.strip())))
