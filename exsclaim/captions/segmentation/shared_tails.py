"""Tails that parallel parts of a sentence share: "(a) before and (b) after 20 h", "(a) energy and (b) field of Fe"."""

import re
from collections.abc import Iterator, Sequence

from exsclaim.captions.labels.label_ranges import PrintedLabel
from exsclaim.captions.segmentation.tail_ends import is_told_of, parallel_tail
from exsclaim.captions.spans import Span, trimmed
from exsclaim.captions.terms.techniques import techniques
from exsclaim.captions.word_classes import ADJECTIVE, CONTENT, PLURAL, PREPOSITIONS, QUANTITIES, VERB, has_own_head

# words of a part that may leave out what the last one says
_LONGEST_SHARING = 7
_LONGEST_PICTURE = 3
_SPACED_WORD = re.compile(r"\S+")
_PLURAL_HEAD = re.compile(
    r"(?:views|images|micrographs|spectra|patterns|maps|photographs|plots|sections|surfaces|curves|profiles|models|structures|"
    r"distributions|histograms|loops|diagrams|scans|isotherms|voltammograms|schematics|measurements|results|components|parts|simulations|traces)\b"
)
_ACRONYM = re.compile(r"[A-Z][A-Z\d-]{1,11}$")
_ELLIPTIC = re.compile(
    r"(?:before|after|with|without|pre|post|avant|après|antes|despu[eé]s|depois|vor|nach|ohne)$", re.IGNORECASE
)
_QUANTITY = re.compile(r"[−–-]?\d[\d.,–-]*\s?[^\s;]{0,5}")
AND_BEFORE = re.compile(r"(?:\b(?:and|or|und|et|y|e)|&),?\s*$")
_JOINED_BEFORE = re.compile(r"(?:,|;|\b(?:and|or|und|et|y|e)|&)\s*$")
_NEW_PICTURE = re.compile(
    r"(?:(?:an?|the|corresponding)\s)?(?:[\w-]+\s)?(?:photograph|image|micrograph|picture|schematic|"
    r"sketch|drawing)s?\b"
)
_POINTS_BACK = re.compile(r"(?:their|its)\s")
_SEEN_IN = re.compile(r"\b(?:in|of|from)\s\((?P<label>[A-Za-z]\d?|\d{1,2})\)\W*$")
# names of samples: "LP-1", "S2", "CFEx"; no pictures ("SEM")
_CODE = re.compile(
    r"(?=[\w./%@()+-]*\d|[\w./%@()+-]*[A-Z][a-z@/()+-]*[A-Z])(?!.*(?:EM|RD|PS|DS|FM|IR|GA|SC)$)(?:\(?[A-Z]|\d{1,2}[A-Z](?<![23]D))[\w./%@()+-]*"
)
_NUMBER_OF = re.compile(r"(?:the\s)?(?:\w+\s)?numbers? of\b")
# "(a) speed and (b) the effect of dose on growth": what the "of" is of belongs to the word before it alone
_OWN_OF = re.compile(
    r"(?:the\s|an?\s)?(?:[\w-]+\s)?(?:effects?|influences?|impacts?|roles?|structure|comparisons?|evolution|dependences?)\sof\b"
)
_NO_BEARER = frozenset((
    "after", "before", "with", "from", "under", "using", "during", "without", "showing", "obtained", "measured",
    "respectively",
))  # fmt: skip
_AS_IT_WAS = re.compile(r"\b(?:as-\w+|pristine|fresh|initial|original|untreated|bare|raw)\b", re.IGNORECASE)
_FUNCTION = re.compile(r"\bas (?:a )?functions?\b")
_FUNCTIONS = re.compile(r"\bas functions\b")
_CLOSED = re.compile(r"[;.:]\s*$")
# "(a) dose; (b) purge; and (c) purge after the pulse"
_PARTED = re.compile(r";\s*(?:and\s*)?$")
# a remark, no label
_REMARK = re.compile(r"\([a-z]{2,}\)")
_BRACKETED = re.compile(r"\s?\((?![A-Za-z]\d?\))[^()]*\)")
HYPHEN = re.compile(r"-(?=[a-z][A-Za-z])")
_NO_TAIL = re.compile(r"\s(?:of\s(?:both|these|those|the\s(?:two|three))|as\swell|(?<=\swell\s)as)\b")
_TAIL = re.compile(
    r"\s(?!of\s(?:states?|interest|view|freedom)\b)"
    r"(?:of|for|in|at|as|on|with|without|under|among|within|across|versus|vs\.?|from|during|measured|obtained|recorded|calculated|(?:averaged|normali[sz]ed|collected|acquired|simulated|estimated|conditioned|extracted|derived|compared)(?=\s(?:at|by|for|from|in|on|over|to|under|using|with)\b)|after|upon|when|is|are|was|were|shows?|demonstrates?|reveals?|indicates?|de|der|des|von|del|da|do)\s(?!\([A-Za-z]\d?\))"
)


def shared_tails(
    text: str,
    own: Sequence[PrintedLabel],
    bodies: Sequence[Span],
    *,
    is_open_stem: bool = False,
    is_picture: bool = False,
) -> list[tuple[int, Span]]:
    """Tails that the parts before share: "(a) before and (b) after 20 h", "(a) The energy and (b) the field of Fe"."""
    kept = [trimmed(text, body) for body in bodies]
    found: list[tuple[int, Span]] = []
    for last in range(1, len(own)):
        span = kept[last]
        lead = text[max(0, own[last].span.start - 8) : own[last].span.start]
        if span is None or not _JOINED_BEFORE.search(lead):
            continue
        if is_open_stem and _NEW_PICTURE.match(text, *span):
            # "Schematic of (a) X and (b) Y, and (c) photograph of Z": what is told of a picture of its own
            continue
        if (
            (is_picture or (is_open_stem and last > 1))
            and _shows(text, span, is_picture=is_picture)
            and not any(_shows(text, one, is_picture=is_picture) for one in kept[:last])
            and not _is_one_of(text, kept[last - 1], span)
        ):
            # "Micrographs showing (a) X, (b) Y, and (c) XRD pattern of Z", "SEM images of (a) X and (b) sizes of Y"
            continue
        if _POINTS_BACK.match(text, *span) or VERB.match(text, *span):
            # "(b) their sizes", "(b) the list and (c) is the view of it"
            continue
        bare: list[int] = []
        for number in range(last - 1, -1, -1):
            joint = text[max(0, own[number].span.start - 8) : own[number].span.start]
            is_parted = ";" in joint and _PARTED.search(joint) and _PARTED.search(lead)
            if not _is_bare(text, kept[number], bodies[number], is_parted=bool(is_parted)):
                break
            bare.insert(0, number)
            if _POINTS_BACK.match(text, *(kept[number] or bodies[number])):
                # "(a) X, (b) Y cells, (c) their rates and (d) life at 5 C": told of those before, not with them
                break
            # "in (a) X, (b) Y, and (c) Z and (d) W of Q": the list ended with (c)
            if not _JOINED_BEFORE.search(joint) or AND_BEFORE.search(joint):
                break
        seen = _SEEN_IN.search(text, *span)
        if seen and any(seen["label"] in own[number].labels for number in bare):
            # "(a) bright field and (b) diffraction pattern of the circle in (a)"
            continue
        # "using (b) X, (c) Y, (d) Z as catalyst": a stem that is open holds for a list that only commas join
        is_list = is_open_stem and last == len(own) - 1 and len(bare) > 1
        is_and = bool(AND_BEFORE.search(lead)) or (is_list and _is_told_of_all(text, span))
        if not bare and AND_BEFORE.search(lead) and (cut := parallel_tail(text, kept[last - 1], span)) is not None:
            found.append((last - 1, Span(cut, span.end)))
        # "(a) rate, (b) speed of the enzyme, (c) weight of leaves and (d) roots": the list goes on behind (b)
        is_end = is_and or (last == len(own) - 1 and (is_open_stem or _is_alike(text, kept[last - 1], span)))
        if bare and is_end and (cut := tail_start(text, [kept[number] for number in bare], span, is_and)):
            tail = Span(cut, span.end)
            found += [(number, tail) for number in bare if not is_told_of(text, kept[number], tail)]
    told = {number for number, _ in found}
    return found + [one for one in _plural_tails(text, own, kept) if one[0] not in told]


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


def _is_told_of_all(text: str, last: Span) -> bool:
    """ "oxide C as catalyst", but "a blend of both": what is behind the last name says more than what it is of."""
    tail = _tail_in(text, last)
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
    return 0 < size < len(words) and bool(_PLURAL_HEAD.match(words[size])) and not QUANTITIES.match(words[size])


def _is_bare(text: str, span: Span | None, body: Span, *, is_parted: bool) -> bool:
    """A short part that says no more than a name, and no end of a clause behind it; `is_parted`: ";" on both sides."""
    # "leptin (n = 16; for all)": what a remark in brackets says is no tail
    plain = text[slice(*span)] if span else ""
    plain = _BRACKETED.sub("", plain) if "(" in plain else plain
    if span is None or len(plain.split()) > _LONGEST_SHARING:
        return False
    is_closed = is_parted or _CLOSED.search(text[body.start : body.end])
    if is_closed and not ADJECTIVE.search(text[slice(*span)].rpartition(" ")[2]):
        return False
    said = f" {plain} "
    own = _TAIL.search(said[:-1])
    # "(a) effects across seasons and (b) changes on farms": where it is may be said of one, and more of both
    is_placed = own is not None and own.group().strip() in ("among", "within", "across")
    return not VERB.search(said) and (own is None or is_placed or bool(_ELLIPTIC.search(said.strip())))


def _behind_names(before: Sequence[str], words: Sequence[re.Match[str]]) -> int | None:
    """ "(a) LP-1, (b) LP-2 and (c) HT-2 samples' grains": where what bears the names begins; None for other parts."""
    said = [part.split() for part in before]
    if len(words) < 2 or any(len(part) != 1 for part in said):
        return None
    first, second = words[0].group(), words[1].group()
    is_named = all(_CODE.fullmatch(part[0]) for part in said) and _CODE.fullmatch(first)
    return words[1].start() if is_named and re.match(r"[a-z]{4,}", second) and second not in _NO_BEARER else None


def _behind_adjectives(before: str, words: Sequence[re.Match[str]]) -> int | None:
    """ "(a) as-deposited (250 °C) and (b) annealed (400 °C) oxide films": where what is both begins; or None."""
    first = _BRACKETED.sub("", before).split()
    place = next((number for number, word in enumerate(words[:3]) if ADJECTIVE.match(word.group())), None)
    if place is None or not first or not ADJECTIVE.match(first[-1]) or place >= len(words) - 1:
        return None
    following = place + 1
    if words[following].group().startswith("("):
        closed = (number for number in range(following, len(words)) if words[number].group().endswith(")"))
        following = next(closed, len(words)) + 1
    return words[following].start() if words[following:] and words[following].group() not in PREPOSITIONS else None


def tail_start(text: str, others: Sequence[Span | None], last: Span, is_and: bool) -> int | None:
    """Position in the last part where the words begin that the parts before it omit; None where they omit nothing."""
    before = [text[slice(*span)] for span in others if span is not None]
    words = list(_SPACED_WORD.finditer(text, *last))
    size = len(before[-1].split())
    final = before[-1].split()[-1]
    own_head = has_own_head(final) and not ADJECTIVE.match(final)
    if is_and and final.endswith("-") and (hyphen := HYPHEN.search(words[0].group())):
        # "(a) Co- and (b) Ni-doped oxide"
        return words[0].start() + hyphen.end()
    if is_and and (named := _behind_names(before, words)) is not None:
        return named
    has_bracket = final.endswith(")") or _REMARK.fullmatch(words[1 % len(words)].group())
    if is_and and has_bracket and (turned := _behind_adjectives(before[-1], words)) is not None:
        return turned
    tail = _tail_in(text, last)
    stop = tail.start() if tail else last.end
    heads = [
        number
        for number, word in enumerate(words[:7])
        if number and word.end() <= stop and _PLURAL_HEAD.match(word.group())
    ]
    if is_and and heads[:1] == [1] and all(map(_ACRONYM.fullmatch, (*before, words[0].group()))):
        # "(a) SEM and (b) TEM images of rods"
        return words[1].start()
    # "(a) biological processes and (b) cellular components": each has a plural of its own
    is_plural = size > 1 and heads[:1] == [size - 1] and PLURAL.fullmatch(final)
    if is_and and heads and not own_head and not is_plural and not has_own_head(before[-1]):
        cut = heads[0]
        # "top-view and (b) side-view FESEM images": each has one word of its own
        least = 1 if ADJECTIVE.match(final) and ADJECTIVE.match(words[0].group()) else max(1, size)
        while cut > least and _ACRONYM.match(words[cut - 1].group()):
            cut -= 1
        if size == least == 1 and ADJECTIVE.match(final) and ADJECTIVE.match(words[0].group()):
            # "measured and (b) simulated radiation patterns", but "dorsal and (b) right lateral views"
            own = [number for number in range(1, cut) if not ADJECTIVE.match(words[number].group())]
            cut = own[0] if own else cut
        cut = min(cut, size) if size <= 2 and _ACRONYM.match(words[min(cut, size)].group()) else cut
        return words[cut].start()
    if is_and and not own_head and len(words) > size:
        if _ELLIPTIC.match(before[-1]) and _ELLIPTIC.match(words[0].group()):
            return words[size].start()
        if ADJECTIVE.match(final) and words[0].group().lower() not in PREPOSITIONS:
            # "Low top-view and (b) side-view FESEM images": each has one word of its own
            if size == 1 and final.endswith(f"-{words[1].group()}") and len(words) > 2:
                # "s-polarized and (b) circularly polarized light"
                return words[2].start()
            bearer = words[1].group()
            is_one = ADJECTIVE.match(words[0].group()) and (_ACRONYM.match(bearer) or PLURAL.fullmatch(bearer))
            return words[1 if is_one else size].start()
    if [word.group() for word in words[:size]] == before[-1].split():
        # "(a) gold rods and (b) gold rods in silica": what follows is what tells them apart
        return None
    if size > 1 and words[0].group() == final and words[1 % len(words)].group() in PREPOSITIONS:
        # "(a) the pure and doped films and (b) films of one thickness"
        return None
    is_of = tail is not None and tail.group().strip() == "of"
    # not "(a) church forests and (b) own forests and sacred ones", nor "(a) a rise and (b) loss for the rise in heat"
    same = [
        number
        for number, word in enumerate(words[:-1])
        if word.group().strip(",") == final
        and not final.isdigit()
        and (is_of or word.start() < stop)
        and not (word.group() == final and words[number + 1].group() in ("and", "or"))
    ]
    if same and words[same[0] + 1].group() == "after" and any(map(_AS_IT_WAS.search, before)):
        return None  # "(a) the as-deposited film and (b) the film after annealing"
    if is_and and same and same[0] + 1 >= size and words[same[0] + 1].group()[0] != "(":
        return words[same[0] + 1].start()
    if is_and and size == 1 and all("=" in part for part in before) and "=" in words[0].group() and len(words) > 1:
        return words[1].start()
    if is_and and size <= 2 and before[-1][:1].isdigit():
        quantity = text[words[0].start() : words[min(size, len(words)) - 1].end()]
        is_quantity = _QUANTITY.fullmatch(_BRACKETED.sub("", quantity))
        return words[size].start() if is_quantity and len(words) > size else None
    if tail is None:
        return None
    if _NUMBER_OF.match(text, *last) and not any(map(QUANTITIES.search, before)):
        return None  # "(a) species, (b) season and (c) the number of cycles"
    if is_of and (_OWN_OF.match(text, *last) or words[0].group().lower() in PREPOSITIONS):
        return None  # "(b) by donor and (c) by expression of CD3"
    names = re.split(r",\s(?:and\s)?", _BRACKETED.sub("", text[last.start : tail.start()]))
    if re.search(r"[;:]", _BRACKETED.sub("", text[last.start : tail.start()])) or (
        len(names) > 1 and "," not in before[-1] and not all(map(has_own_head, names))
    ):
        return None
    if len(_BRACKETED.sub("", text[last.start : tail.start()]).split()) > _LONGEST_SHARING:
        return None
    return tail.start() + 1 if is_and or has_own_head(before[-1]) else None


def _tail_in(text: str, part: Span) -> re.Match[str] | None:
    """The first words of `part` that a tail may begin with, outside of brackets: not in "HT-2 (aged for 3 h)"."""
    for tail in _TAIL.finditer(text, *part):
        # "(c) the sum of both for ten trees", "(b) a list as well as (c) a drawing"
        if _NO_TAIL.match(text, tail.start()):
            continue
        if text.count("(", part.start, tail.start()) <= text.count(")", part.start, tail.start()):
            return tail
    return None
