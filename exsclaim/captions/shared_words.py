"""Words shared by parallel parts of a sentence: stems, "TEM images of [the] BM (c), PM (d)", and "respectively".

Captions that put labels after the text leave out what they would repeat. The shared stem of a part is
found as the cut in what was said before whose rest is most like the part (length, words, kinds of words).
"""

import re
from collections.abc import Sequence
from functools import lru_cache

from exsclaim.captions.label_lists import PrintedLabel
from exsclaim.captions.spans import Span, trimmed

# those of German, Spanish, Portuguese and French among them
PREPOSITIONS = frozenset((
    "of", "in", "with", "for", "at", "from", "on", "by", "after", "before", "under", "without", "between", "via",
    "using", "during", "through", "over", "to", "against", "as", "showing", "into", "than", "within", "along",
    "containing", "upon", "across", "von", "mit", "bei", "de", "del", "da", "das", "do", "dos", "des", "du", "para",
    "com", "con", "em", "en",
))  # fmt: skip
_ARTICLES = frozenset(("the", "a", "an", "different", "various"))
# a part that names its own kind of picture shares nothing with the part before it
_HEAD = re.compile(
    r"\b(?:(?i:images?|imaging|micrographs?|photographs?|photos?|pictures?|spectr\w+|patterns?|map(?:s|ping)?|plots?|curves?|"
    r"schematics?|diagrams?|profiles?|histograms?|models?|distributions?|illustrations?|views?|graphs?|isotherms?|"
    r"comparisons?|results|analys[ei]s|simulat\w+|\w*grams?|\w*grammetry|structures?|morphology|cross[- ]sections?|"
    r"performance|number|rate|ratio|percentages?|levels?|effects?|traces?|blots?|transforms?|SADPs?|loops?|"
    r"histology|staining|"
    r"snapshots?|overview|close-?ups?|zoom|scans?|layouts?|sketch(?:es)?|drawings?|scatter|heat ?maps?|tomogra\w+|"
    r"dependence)|[SHFRT]*EM|STEM|XRD|EDX|EDS|AFM|XPS|FTIR|SAED|FFT|Raman|[Mm]icrograf\w+|[Ii]mages|[Aa]ufnahmen?|[Ee]spectros?|[Ss]pektr\w+|"
    r"[Cc]urvas?|[Gg]r[áa]ficos?|[Ff]otograf\w+|[Cc]ourbes?|[Ss]pectres?|[Ii]m[áa]ge(?:n|ns|m|nes))\b"
)
VERB = re.compile(
    r"\b(?:is|are|was|were|has|have|had|shows?|showed|indicates?|represents?|denotes?|depicts?|illustrates?|demonstrates?|reveals?|"
    r"can|could|did|does|do|corresponds?|exhibits?|displays?|presents|marks?|highlights?|refers?)\b"
)
_OPEN_END = re.compile(
    r"(?:\b(?:of|for|in|with|at|from|on|by|under|after|before|between|to|as|via|using|than|versus|vs\.?|into|within|without|"
    r"the|an?|is|are|was|were|shows?|both|either|containing|having|de|del|da|do|das|dos|der|des|von|mit|bei|du|con|com|para)|\w{3,}ing|\w{3,}ndo)\s*$"
)
_CONTINUES = re.compile(
    r"(?:followed|then|and then|together|treated|measured|obtained|recorded|annealed|supplemented)\b"
)
_WORD = re.compile(r"[^\s,;()]+")


_NUMBERED_NAME = re.compile(r"[A-Z][a-z]+-?\d+")
_LONGEST_WORD = 32
_RHYME = 6
# words of a part that a short one may leave out
LONGEST_STEM = 6
_PART_JOINT = re.compile(r"[,;]\s*(?:and\s+)?|\s+and\s+")
# words of a part that may leave out what the last one says
_LONGEST_SHARING = 7
_SPACED_WORD = re.compile(r"\S+")
_PLURAL_HEAD = re.compile(
    r"(?:views|images|micrographs|spectra|patterns|maps|photographs|plots|sections|surfaces|curves|profiles|models|structures|"
    r"distributions|histograms|loops|diagrams|schematics|measurements|results|components|parts|simulations|traces)\b"
)
_ACRONYM = re.compile(r"[A-Z][A-Z\d-]{1,8}$")
# what has no noun of its own: "top and (b) side view", "electrical and (b) thermal conductivity"
_ADJECTIVE = re.compile(
    r"(?:top|side|front|rear|back|dorsal|ventral|medial|distal|proximal|caudal|cranial|anterior|posterior|bottom|plan|low|high|lower|higher|left|right|upper|inner|outer|real|linear|log|semi-?log|logarithmic|cross-section|first|second|linear|log|semi-?log|logarithmic|"
    r"\w+-|[\w-]*(?:-views?|field|magnification|resolution|plane)|\w+(?:ional|ical|rmal|etic|ric|nal|ral|ular|ary|ive|ous|ized|ised))$",
    re.IGNORECASE,
)
_ELLIPTIC = re.compile(
    r"(?:before|after|with|without|pre|post|avant|après|antes|despu[eé]s|depois|vor|nach|ohne)$", re.IGNORECASE
)
_QUANTITY = re.compile(r"[−–-]?\d[\d.,–-]*\s?\S{0,5}")
AND_BEFORE = re.compile(r"(?:\b(?:and|or|und|et|y|e)|&)\s*$")
_JOINED_BEFORE = re.compile(r"(?:,|;|\b(?:and|or|und|et|y|e)|&)\s*$")
# "HRTEM image of rods (5 nm scale bar)": said of the last one only
_REMARK = re.compile(r"\s\([^()]*(?:\b[Bb]ars?\b|\b[Ii]nset)[^()]*\)\s*$")
# names of samples: "LP-1", "S2", "CFEx"; no pictures ("SEM")
_CODE = re.compile(
    r"(?=[\w./%@+-]*\d|[\w./%@+-]*[A-Z][a-z@/+-]*[A-Z])(?!.*(?:EM|RD|PS|DS|FM|IR|GA|SC)$)[A-Z][\w./%@+-]*"
)
# "the genes Gzma", "plasmid pA"
_NAMED = re.compile(
    r"[a-z-]{3,}s|genes?|plasmid|strain|sample|mutant|protein|compound|alloy|catalyst|film|isotope|element"
)
_NO_BEARER = frozenset((
    "after", "before", "with", "from", "under", "using", "during", "without", "showing", "obtained", "measured",
    "respectively",
))  # fmt: skip
_CLOSED = re.compile(r"[;.:]\s*$")
_BRACKETED = re.compile(r"\s?\([^()]*\)")
_TAIL = re.compile(
    r"\s(?:of|for|in|at|as|on|with|under|versus|vs\.?|from|during|measured|obtained|recorded|calculated|after|upon|is|are|was|were|shows?|demonstrates?|reveals?|indicates?|de|der|des|von|del|da|do)\s"
)


@lru_cache(maxsize=4096)
def has_own_head(part: str) -> bool:
    """True if `part` itself says what is seen, in its first words."""
    words = part.split(None, 7)[:7]
    if any(character.isdigit() for character in part):
        words = [word for word in words if word.strip(",;&:") not in ("", "and", "or")]
    # "Model-3", "Map2": a name that begins like a picture
    return not (len(words) == 1 and _NUMBERED_NAME.fullmatch(words[0])) and bool(_HEAD.search(" ".join(words)))


def is_open(said: str) -> bool:
    """True if the words need others after them: "TEM images of", "prepared by", "images containing"."""
    return bool(_OPEN_END.search(said[-_LONGEST_WORD:]))


def stem_of_next(text: str, previous: Span, part: Span) -> Span | None:
    """The beginning of `previous` that `part`, which has no head of its own, leaves out.

    None where the two are parallel as a whole, so that `part` shares what `previous` shared and no more.
    """
    if _CONTINUES.match(text, *part):
        return previous
    if text[part.start] == "(" and (bracket := text.rfind("(", *previous)) > previous.start:
        # "Lesions shrank (17 to 14 mm) (a) and (15 to 12 mm) (b)"
        return Span(previous.start, bracket)
    # a stem lies within a sentence or two; the bound keeps long captions linear
    words = [(found.start(), found.end(), found.group()) for found in _WORD.finditer(text, *previous)][-80:]
    wanted = [found.group() for found in _WORD.finditer(text, *part)][:80]
    if len(words) < 2 or not wanted:
        return None
    if len(wanted) == 1 and _rhymes(words[-1][2], wanted[0]) and words[-2][2].lower() not in _ARTICLES:
        # "The ten most upregulated (a) and downregulated (b) genes"
        return Span(previous.start, words[-2][1])
    # a part without a picture of its own after one with: it shares at least the picture
    handicap = 0.5 if has_own_head(text[previous.start : previous.end]) else 0.0
    # a sentence's capital makes no name
    first = words[0][2].lower() if words[0][2].istitle() and _shape(wanted[0]) == "name" else words[0][2]
    best = (_likeness([first, *(word for _, _, word in words[1:])], wanted) - handicap, 0)
    for index in range(1, len(words)):
        before, here = words[index - 1][2].lower(), words[index][2].lower()
        if wanted[0].lower() in PREPOSITIONS:
            is_cut = here in PREPOSITIONS
        else:
            is_cut = before in PREPOSITIONS or before in _ARTICLES or here == wanted[0].lower()
        # "for the genes Gzma (a), Gzmk (b)": one name beside what it is the name of
        is_beside = len(wanted) == 1 and index == len(words) - 1 and bool(_NAMED.fullmatch(words[index - 1][2]))
        is_cut = is_cut or (is_beside and _shape(wanted[0]) == _shape(words[index][2]) == "name")
        is_cut = is_cut and (index > 1 or before not in _ARTICLES)
        if is_cut and here not in _ARTICLES and not _is_in_bracket(text, previous.start, words[index][0]):
            rest = [word for _, _, word in words[index:]]
            # "The examination of chest CT (A), lung function (B)": the "of" is left out, too
            is_longer = "of" in rest and len(rest) > len(wanted) + 1 and "of" not in wanted
            best = max(best, (_likeness(rest, wanted) - (0.5 if is_longer else 0.0), index))
    cut = best[1]
    if cut and wanted[0].lower() in _ARTICLES and words[cut - 1][2].lower() in _ARTICLES:
        cut -= 1
    return Span(previous.start, words[cut - 1][1]) if cut else None


def _rhymes(one: str, other: str) -> bool:
    """ "upregulated" and "downregulated", "left-handed" and "right-handed": words of one kind by their last letters."""
    return one != other and min(len(one), len(other)) > _RHYME and one[-_RHYME:].lower() == other[-_RHYME:].lower()


def _is_in_bracket(text: str, start: int, position: int) -> bool:
    return text.count("(", start, position) > text.count(")", start, position)


def _likeness(rest: list[str], wanted: list[str]) -> float:
    """Likeness of two runs of words: by their lengths, the words they share, and their first words."""
    shared = len({word.lower() for word in rest} & {word.lower() for word in wanted})
    score = 2 * shared / (len(rest) + len(wanted)) + min(len(rest), len(wanted)) / max(len(rest), len(wanted))
    if rest[0].lower() == wanted[0].lower():
        score += 1.0
    elif _shape(rest[0]) == _shape(wanted[0]):
        score += 0.4
    return score


def _shape(word: str) -> str:
    if word[0].isdigit():
        return "number"
    return "name" if any(character.isupper() for character in word) else "word"


def open_stem(text: str, stem: Span) -> Span | None:
    """ "Fluorescence images of (a) X. (b) Y. (c) Z.": a stem that the labels of the sentences after share; or None."""
    kept = trimmed(text, stem)
    ends_open = re.search(
        r"(?::|\b(?:of|for|in|with|at|from|on|by|under|after|before|between))\s*$", text[stem.start : stem.end]
    )
    return kept if ends_open else None


def shared_tails(
    text: str, own: Sequence[PrintedLabel], bodies: Sequence[Span], *, is_open_stem: bool = False
) -> list[tuple[int, Span]]:
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
            joint = text[max(0, own[number].span.start - 8) : own[number].span.start]
            # "in (a) X, (b) Y, and (c) Z and (d) W of Q": the list ended with (c)
            if not _JOINED_BEFORE.search(joint) or AND_BEFORE.search(joint):
                break
        # "using (b) X, (c) Y, (d) Z as catalyst": a stem that is open holds for a list that only commas join
        is_list = is_open_stem and last == len(own) - 1 and len(bare) > 1
        is_and = bool(AND_BEFORE.search(lead)) or (is_list and _is_told_of_all(text, span))
        if bare and (cut := _tail_start(text, [kept[number] for number in bare], span, is_and)):
            remark = _REMARK.search(text, cut, span.end)
            found += [(number, Span(cut, remark.start() if remark else span.end)) for number in bare]
    return found


def _is_told_of_all(text: str, last: Span) -> bool:
    """ "oxide C as catalyst", but "a blend of both": what is behind the last name says more than what it is of."""
    tail = _tail_in(text, last)
    return tail is not None and tail.group().strip() not in ("of", "de", "von")


def _is_bare(text: str, span: Span | None, body: Span) -> bool:
    """A short part that says no more than a name, and no end of a clause behind it."""
    if span is None or len(text[slice(*span)].split()) > _LONGEST_SHARING:
        return False
    if _CLOSED.search(text[body.start : body.end]) and not _ADJECTIVE.search(text[slice(*span)]):
        return False
    said = f" {text[slice(*span)]} "
    return not VERB.search(said) and (not _TAIL.search(said[:-1]) or bool(_ELLIPTIC.search(said.strip())))


def _behind_names(before: Sequence[str], words: Sequence[re.Match[str]]) -> int | None:
    """ "(a) LP-1, (b) LP-2 and (c) HT-2 samples' grains": where what bears the names begins; None for other parts."""
    said = [part.split() for part in before]
    if len(words) < 2 or any(len(part) != 1 for part in said):
        return None
    first, second = words[0].group(), words[1].group()
    is_named = all(_CODE.fullmatch(part[0]) for part in said) and _CODE.fullmatch(first)
    return words[1].start() if is_named and re.match(r"[a-z]{4,}", second) and second not in _NO_BEARER else None


def _tail_start(text: str, others: Sequence[Span | None], last: Span, is_and: bool) -> int | None:
    """Position in the last part where the words begin that the parts before it omit; None where they omit nothing."""
    before = [text[slice(*span)] for span in others if span is not None]
    words = list(_SPACED_WORD.finditer(text, *last))
    size = len(before[-1].split())
    final = before[-1].split()[-1]
    own_head = has_own_head(final) and not _ADJECTIVE.match(final)
    if is_and and (named := _behind_names(before, words)) is not None:
        return named
    tail = _tail_in(text, last)
    stop = tail.start() if tail else last.end
    heads = [
        number
        for number, word in enumerate(words[:7])
        if number and word.end() <= stop and _PLURAL_HEAD.match(word.group())
    ]
    if is_and and heads and not own_head and not has_own_head(before[-1]):
        cut = heads[0]
        # "top-view and (b) side-view FESEM images": each has one word of its own
        least = 1 if _ADJECTIVE.match(final) and _ADJECTIVE.match(words[0].group()) else max(1, size)
        while cut > least and _ACRONYM.match(words[cut - 1].group()):
            cut -= 1
        cut = min(cut, size) if size <= 2 and _ACRONYM.match(words[min(cut, size)].group()) else cut
        return words[cut].start()
    if is_and and not own_head and len(words) > size:
        if _ELLIPTIC.match(before[-1]) and _ELLIPTIC.match(words[0].group()):
            return words[size].start()
        if _ADJECTIVE.match(final) and words[0].group().lower() not in PREPOSITIONS:
            # "Low top-view and (b) side-view FESEM images": each has one word of its own
            is_one = _ADJECTIVE.match(words[0].group()) and _ACRONYM.match(words[1].group())
            return words[1 if is_one else size].start()
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
    names = re.split(r",\s(?:and\s)?", _BRACKETED.sub("", text[last.start : tail.start()]))
    if re.search(r"[;:]", text[last.start : tail.start()]) or (len(names) > 1 and not all(map(has_own_head, names))):
        return None
    if len(_BRACKETED.sub("", text[last.start : tail.start()]).split()) > _LONGEST_SHARING:
        return None
    return tail.start() + 1 if is_and or has_own_head(before[-1]) else None


def _tail_in(text: str, part: Span) -> re.Match[str] | None:
    """The first words of `part` that a tail may begin with, outside of brackets: not in "HT-2 (aged for 3 h)"."""
    for tail in _TAIL.finditer(text, *part):
        if text.count("(", part.start, tail.start()) <= text.count(")", part.start, tail.start()):
            return tail
    return None


def left_out(text: str, first: Span, second: Span) -> Span | None:
    """ "(a) Optical image taken in the visible and (b) infrared": the words of the first that the second needs."""
    one, other = trimmed(text, first), trimmed(text, second)
    if one is None or other is None or not text[first.start : first.end].endswith(" and "):
        return None
    said, words = text[slice(*one)], text[slice(*other)].split()
    if len(words) > 1 or len(said.split()) < LONGEST_STEM or has_own_head(words[0]) or not has_own_head(said):
        return None
    return stem_of_next(text, one, other)


def joint_before(text: str, body: Span) -> Span | None:
    """The joint in `body` behind which a part with a head of its own begins; None where it is one part."""
    for joint in _PART_JOINT.finditer(text, *body):
        if has_own_head(text[joint.end() : body.end]) and has_own_head(text[body.start : joint.start()]):
            return Span(*joint.span())
    return None
