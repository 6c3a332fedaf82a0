"""Things with several names: "(a) LP-1 and (b) LP-2 samples" says once, at its end, what both names are of."""

import re
from collections.abc import Sequence

from exsclaim.captions.word_classes import ADJECTIVE, PREPOSITIONS, has_own_head

_LONGEST_NAMED = 2
# names of samples: "LP-1", "S2", "CFEx"; no pictures ("SEM")
_CODE = re.compile(
    r"(?=[\w./%@()+-]*\d|[\w./%@()+-]*[A-Z][a-z@/()+-]*[A-Z])(?!.*(?:EM|RD|PS|DS|FM|IR|GA|SC)$)(?:\(?[A-Z]|\d{1,2}[A-Z](?<![23]D))[\w./%@()+-]*"
)
_NO_BEARER = frozenset((
    "after", "before", "with", "from", "under", "using", "during", "without", "showing", "obtained", "measured",
    "respectively",
))  # fmt: skip
# names of one kind that say whose a thing is: "(a) gold and (b) silver rods on glass", "(a) WT and (b) mutant mice"
_ONE_KIND = tuple(
    re.compile(names, re.IGNORECASE)
    for names in (
        r"gold|silver|copper|nickel|iron|cobalt|zinc|tin|titanium|tungsten|platinum|palladium|alumini?um|magnesium|antimony|"
        r"chromium|manganese|molybdenum|vanadium|tantalum|niobium|zirconium|cadmium|indium|gallium|germanium",
        r"WT|wild-?type|controls?|mutant|knock-?out|KO|sham|healthy|tumou?r|model|vehicle|treated|[\w-]+-(?:treated|fed|null|deficient)",
        r"human|mouse|murine|rat|rabbit|bovine|porcine|canine|ovine|chick(?:en)?|zebrafish|monkey|yeast",
        r"leaf|root|shoot|stem|seed|fruit|grain|flower|petal|stalk",
    )
)
_WILD = re.compile(r"WT|wild-?type|controls?", re.IGNORECASE)
BRACKETED = re.compile(r"\s?\((?![A-Za-z]\d?\))[^()]*\)")


def behind_names(before: Sequence[str], words: Sequence[re.Match[str]]) -> int | None:
    """ "(a) LP-1, (b) LP-2 and (c) HT-2 samples' grains": where what bears the names begins; None for other parts."""
    said = [part.split() for part in before]
    # "(a) hair, (b) hemp fibers, (c) CFEx and (d) Super-P cathodes": nearest to the last one is a name as well
    if (
        len(words) < 2
        or len(said[-1]) != 1
        or any(len(part) > _LONGEST_NAMED or has_own_head(part[-1]) for part in said)
    ):
        return None
    first, second = words[0].group(), words[1].group()
    if _WILD.fullmatch(said[-1][0]) and second.startswith("mutant"):
        return words[2].start() if len(words) > 2 and second != "mutants" else None  # "WT and (b) W30R mutant [mice]"
    is_named = bool(_CODE.fullmatch(said[-1][0]) and _CODE.fullmatch(first))
    if not is_named and len(words) > 2 and second.isalpha():
        # "(a) gold and (b) silver rods": gold may be all that (a) shows
        is_named = any(kind.fullmatch(said[-1][0]) and kind.fullmatch(first) for kind in _ONE_KIND)
    return words[1].start() if is_named and re.match(r"[a-z]{4,}", second) and second not in _NO_BEARER else None


def behind_adjectives(before: str, words: Sequence[re.Match[str]]) -> int | None:
    """ "(a) as-deposited (250 °C) and (b) annealed (400 °C) oxide films": where what is both begins; or None."""
    first = BRACKETED.sub("", before).split()
    place = next((number for number, word in enumerate(words[:3]) if ADJECTIVE.match(word.group())), None)
    if place is None or not first or not ADJECTIVE.match(first[-1]) or place >= len(words) - 1:
        return None
    following = place + 1
    if words[following].group().startswith("("):
        closed = (number for number in range(following, len(words)) if words[number].group().endswith(")"))
        following = next(closed, len(words)) + 1
    return words[following].start() if words[following:] and words[following].group() not in PREPOSITIONS else None
