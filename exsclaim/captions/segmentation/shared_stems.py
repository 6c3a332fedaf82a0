"""Stems of a sentence, "SEM images of (a) X and (b) Y": where another one begins, and which labels each holds for."""

import re
from collections.abc import Sequence

from exsclaim.captions.labels.label_ranges import PrintedLabel
from exsclaim.captions.segmentation.measures import PROPERTY
from exsclaim.captions.segmentation.shared_tails import AND_BEFORE
from exsclaim.captions.spans import Span, trimmed
from exsclaim.captions.terms.techniques import techniques
from exsclaim.captions.word_classes import ADJECTIVE, CONTENT, PREPOSITIONS, QUANTITIES, VERB, has_own_head, is_open

_NEXT_PART = re.compile(
    r"[,;]\s(?:(?:and|while|whereas|und|et|y|e)\s)?|,?\s(?:and|while|whereas|as\swell\sas|(?:together|along)\swith)\s"
)
_LIST_JOINT = re.compile(r",\s|\sand\s")
# "of specimen S1 at (a) 100×, (b) 500× and specimen S2 at (c) 100×"
_PLACED = frozenset(("at", "after", "before", "under", "with", "in", "on"))
_LONGEST_THING = 5
_SEMICOLON_BEFORE = re.compile(r";\s*(?:and\s*)?$")
_NEXT_CLAUSE = re.compile(r"(?:;|,\sand|;\sand)\s*$")
_PICTURE = re.compile(
    r"\s*(?:(?!(?:is|are|was|were|with|of|in|by|from|for|on)\s)[\w–/-]+\s){0,3}?(?:images?|\w*graphs?|photos?|patterns?|spectr(?:a|um)|plots?|curves?|maps?|schematics?)\b"
)
_IS = re.compile(r"\b(?:is|are|was|were)\b")
# "marginally correlated with", "graphene treated with"
_PARTICIPLE_WITH = re.compile(
    r"(?:(?:[\w-]+\s){1,2}?(?=\w+\s(?:with|by)$))?"
    r"(?:\w+ly\s)?\w{3,}ed\s(?:\w+ly\s)?(?:with|by|to|in|from|for|at|on|under|against|into)"
)
_LONGEST_NAMED = 6
_LONGEST_PLACED = 12
_ENDS_LIST = frozenset((", and ", "; and ", ", while ", ", whereas "))
_SHOWING = re.compile(
    r"\b(?:showing|illustrating|depicting|displaying|presenting|revealing|highlighting|comparing)\s*:?\s*$"
)
# "silver at a scan rate of 5 mV", "gold after changes of the rate": no picture but what it was made at
_CONDITION = re.compile(r"\s(?:at|under|after|before|during|upon)\s")
# what images show, and no image shows
_PHOTOGRAPHS = frozenset(("SEM", "TEM", "HRTEM", "STEM", "ADF-STEM", "optical", "photo"))
# "charge-discharge curves of (a) cell 1, (b) cell 2 and (c) the efficiency of both"
_RECORDED = re.compile(
    r"(?:discharge|CV|LSV|DSC|TGA?|[Pp]olari[sz]ation|[JI][-–]V|[Ss]tress[-–]strain)\s(?:curves|profiles)\s(?:of|for)(?:\sthe)?\s*$"
)
_NEXT_PLACE = re.compile(r"\s(?:of|for|in|at|on|with|from|as|versus)\s")
_MAPS_OF = re.compile(r"\bmaps?\sof(?:\sthe)?\s*$")
_CHANGES = frozenset(("after", "before", "during", "without", "under"))
_LONGEST_NAME = 2


def after_another(text: str, stems: list[Span], following: Span) -> list[Span]:
    """Stems after another one began: "maps of alloys with (a) X; and with states at 1 °C for (b)" keeps the maps."""
    words = text[following.start : following.end].strip(" ,;").split()
    first = next((word.lower() for word in words if word.lower() not in ("and", "while")), "")
    kept: list[Span] = []
    if stems and _tells_apart(" ".join(words)) and (end := _before_adjectives(text, stems[-1])) is not None:
        # "TEM images of fresh (a) X and (b) Y; aged (c) X and (d) Y"
        kept = [*stems[:-1], Span(stems[-1].start, end)]
    verb = _IS.search(text, *stems[-1]) if stems else None
    if verb and _PARTICIPLE_WITH.match(" ".join(words)):
        # "Size is linked to (a) X and strongly bound to (b) Y": the subject and its verb
        kept = [*stems[:-1], Span(stems[-1].start, verb.end())]
    elif _PARTICIPLE_WITH.fullmatch(" ".join(words)) and not has_own_head(words[0]):
        # "Images of the coverage on (a) oxide and oxide treated with (b) acid, (c) water": pictures, all of them
        kept = list(stems)
    if first in PREPOSITIONS and stems:
        said = text[stems[-1].start : stems[-1].end]
        cut = [found.start() for found in re.finditer(rf"\b{first}\b", said)]
        end = stems[-1].start + (cut[-1] if cut else len(said))
        kept = [*stems[:-1], Span(stems[-1].start, end)]
    span = trimmed(text, following)
    if not kept and stems and span and _ends_alike(text, stems[-1], span) and not has_own_head(" ".join(words)):
        # "XPS spectra of gold in a charged (a) film and tin in a charged (b) film"
        end = _before_other(text, stems[-1], span)
        kept = [*stems[:-1], Span(stems[-1].start, end)] if end else []
    return [*kept, span] if span is not None else kept


def _ends_alike(text: str, stem: Span, other: Span) -> bool:
    """ "spectra of gold in a charged", "spectra of tin in a charged": one adjective, and the word before it.

    "images of steel S1 at", "steel S2 at": one preposition behind few words.
    """
    one, two = (text[slice(*span)].rstrip(" :(").split() for span in (stem, other))
    if len(two) < 2 or one[-1] != two[-1] or VERB.search(" ".join(two)):
        return False
    is_placed = one[-1] in _PLACED and len(two) <= _LONGEST_THING and two[0] not in PREPOSITIONS - {"of"}
    return is_placed or (one[-2:] == two[-2:] and bool(ADJECTIVE.fullmatch(one[-1])))


def _before_other(text: str, stem: Span, other: Span) -> int:
    """Position in `stem` of what `other` takes the place of, behind a preposition; 0 where none stands before it."""
    words = [(stem.start + found.end(), found.group()) for found in re.finditer(r"\S+", text[slice(*stem)])]
    alike = 0
    for (_, one), two in zip(reversed(words), reversed(text[slice(*other)].split()), strict=False):
        if one != two:
            break
        alike += 1
    return next((end for end, word in reversed(words[:-alike]) if word in PREPOSITIONS), 0)


def _tells_apart(said: str) -> bool:
    """True if the words behind a semicolon and before a label are adjectives: "; and cycled (c) rods and (d) discs"."""
    words = said.removeprefix("and ").split()
    return 0 < len(words) <= _LONGEST_NAME and all(map(ADJECTIVE.fullmatch, words))


def _before_adjectives(text: str, stem: Span) -> int | None:
    """End of a stem without the adjectives that end it, "TEM images of [fresh]"; None where none does."""
    words = [(found.start(), found.group()) for found in re.finditer(r"\S+", text[stem.start : stem.end])]
    number = len(words)
    while number > 1 and ADJECTIVE.fullmatch(words[number - 1][1]):
        number -= 1
    return stem.start + words[number][0] if number < len(words) else None


def _begins_alike(text: str, stem: Span | None, joint: re.Match[str]) -> bool:
    """ "Simulated (a) S and (b) T, and measured (c) S and (d) T": adjectives alone, which others take the place of."""
    return joint.group() in _ENDS_LIST and stem is not None and _tells_apart(text[slice(*stem)])


def labels_of_stems(
    text: str, stems: Sequence[Span], own: Sequence[PrintedLabel], whole: Sequence[str], start: int = 0
) -> set[int]:
    """Numbers of the labels of `own`, from `start` on, a stem holds for: not c in "SEM images a) A, c) XRD of B"."""
    ended = _list_end(text, own, whole, start)
    shown = {name for stem in stems for name in techniques((text[stem.start : stem.end],))} - {"plot"}
    found = set(range(start, ended))
    measured = _measured_beside(text, stems, whole, start)
    if not shown:
        return found - measured - _pictures_beside(text, own, whole, start)
    other = measured
    is_shown = any(_SHOWING.search(text, *stem) for stem in stems)
    is_mapped = any(_MAPS_OF.search(text, *stem) for stem in stems)
    for number in range(start, ended):
        # "(c) 100 h, with SAED patterns in the insets": what is shown beside
        body = _CONDITION.split(whole[number].partition(" with ")[0], maxsplit=1)[0]
        words = [word for word in body.split() if word not in ("and", "or")]
        named = set(techniques((" ".join(words[:9]),)))
        # "TEM images of the alloy: (a) rim, (b) precipitate structures in the core": what a picture shows is no picture
        if number > start and not named - {"schematic"} and not has_own_head(CONTENT.sub(" ", " ".join(words[:7]))):
            continue
        if is_mapped and not has_own_head(QUANTITIES.sub(" ", body)):
            # "Raman maps of (a) the G band and (b) the ratio of both"
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


def _pictures_beside(text: str, own: Sequence[PrintedLabel], whole: Sequence[str], start: int) -> set[int]:
    """ "Variation of (a) density and (b) size, and (c) SEM image": pictures behind a list of what is none."""
    if start >= len(whole) or _PICTURE.match(whole[start]):
        return set()
    first = next(
        (
            number
            for number in range(start + 2, len(whole))
            if _PICTURE.match(whole[number])
            and _NEXT_CLAUSE.search(text[max(0, own[number].span.start - 6) : own[number].span.start])
        ),
        len(whole),
    )
    return set(range(first, len(whole)))


def _measured_beside(text: str, stems: Sequence[Span], whole: Sequence[str], start: int) -> set[int]:
    """ "SEM images of (a) the coupler and (b) the coupling efficiency": numbers of those that no such picture shows."""
    shown = {name for stem in stems for name in techniques((text[slice(*stem)],))} - {"plot"}
    is_picture = bool(shown and shown <= _PHOTOGRAPHS) or any(_RECORDED.search(text, *stem) for stem in stems)
    if not is_picture:
        return set()
    heads = [_NEXT_PLACE.split(body)[0].strip(" ,;.") for body in whole]
    found = {number for number in range(start, len(whole)) if PROPERTY.fullmatch(heads[number])}
    return found if start not in found else set()


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


def _another_alike(text: str, stem: Span, body: Span) -> Span | None:
    """ "XPS spectra of gold in a cold (a) film and (b) wire and of tin in a cold (c) film": one that ends as `stem`."""
    found: list[Span] = []
    for joint in _NEXT_PART.finditer(text, *body):
        rest = Span(joint.end(), body.end)
        if _ends_alike(text, stem, rest):
            if has_own_head(_LIST_JOINT.split(text[slice(*rest)])[0]):
                return rest
            found += [rest] if "and" in joint.group() else []
    return found[0] if found else None


def next_stem(text: str, body: Span, stem: Span | None, has_stem: bool) -> Span | None:
    """ "(b) SEM image; and photographs of a bulb: (c) at first and (d) after 5 min": what (c) and (d) share.

    `stem` is the first one of the sentence: what ends as it does is another.
    """
    said = text[body.start : body.end].rstrip()
    if stem is not None and (again := _another_alike(text, stem, body)) is not None:
        return again
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
        if (
            opens
            and "; " in behind
            and has_own_head(behind.rpartition("; ")[2])
            and behind.count("(") == behind.count(")")
        ):
            # "(a) levels of X, Y and Z; sketch of (b) X": the semicolon is the joint
            continue
        if opens and has_stem and joint.group().strip() == "and" and _PARTICIPLE_WITH.fullmatch(behind):
            return Span(joint.end(), body.end)
        if opens and joint.group().strip() == "and" and not has_own_head(re.split(r",\s", behind)[0]):
            # "(A) patterns of rods and cubes, spectra of (B)": the comma is the joint
            continue
        is_semicolon = joint.group().startswith(";")
        longest = _LONGEST_PLACED if behind.split(" ", 1)[0] in PREPOSITIONS else _LONGEST_NAMED
        if opens and has_stem and joint.group() in _ENDS_LIST and len(behind.split()) < longest:
            # "images of (a) X, (b) Y, and at low magnification of (c) Z"
            return Span(joint.end(), body.end)
        is_comma = joint.group() == ", " and "," not in behind and is_open(said)
        if opens and (is_semicolon or (has_own_head(behind) and (has_stem or is_comma or has_own_head(before)))):
            return Span(joint.end(), body.end)
        if is_semicolon and has_stem and ";" not in behind and behind.endswith(",") and len(behind.split()) > 1:
            # "; shoots regenerated in light, (C) with dye": what a comma parts from its label is no end of the last one
            return Span(joint.end(), body.end)
        if (is_semicolon or _begins_alike(text, stem, joint)) and has_stem and _tells_apart(behind):
            # "Images of fresh (a) X and (b) Y; and cycled (c) X and (d) Y"
            return Span(joint.end(), body.end)
        if is_semicolon and has_own_head(behind) and ";" not in behind:
            return Span(joint.end(), body.end)
    return None
