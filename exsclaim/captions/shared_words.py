"""Words shared by parallel parts of a sentence: stems, "TEM images of [the] BM (c), PM (d)", and "respectively".

Captions that put labels after the text leave out what they would repeat. The shared stem of a part is
found as the cut in what was said before whose rest is most like the part (length, words, kinds of words).
"""

import re
from collections.abc import Sequence
from functools import lru_cache

from exsclaim.captions.label_lists import PrintedLabel
from exsclaim.captions.spans import Span, trimmed

PREPOSITIONS = frozenset(
    [
        "of",
        "in",
        "with",
        "for",
        "at",
        "from",
        "on",
        "by",
        "after",
        "before",
        "under",
        "without",
        "between",
        "via",
        "using",
        "during",
        "through",
        "over",
        "to",
        "against",
        "as",
        "showing",
        "into",
        "than",
        "within",
        "along",
        "containing",
        "upon",
        "across",
    ]
)
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


_LONGEST_WORD = 32
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
_BRACKETED = re.compile(r"\s?\([^()]*\)")
_TAIL = re.compile(
    r"\s(?:of|for|in|at|as|on|with|under|versus|vs\.?|from|during|measured|obtained|recorded|calculated|after|upon|is|are|was|were|shows?|demonstrates?|reveals?|indicates?|de|der|des|von|del|da|do)\s"
)


@lru_cache(maxsize=4096)
def has_own_head(part: str) -> bool:
    """True if `part` itself says what is seen, in its first words."""
    return bool(_HEAD.search(" ".join(part.split(None, 7)[:7])))


def is_open(said: str) -> bool:
    """True if the words need others after them: "TEM images of", "prepared by", "images containing"."""
    return bool(_OPEN_END.search(said[-_LONGEST_WORD:]))


def stem_of_next(text: str, previous: Span, part: Span) -> Span | None:
    """The beginning of `previous` that `part`, which has no head of its own, leaves out.

    None where the two are parallel as a whole, so that `part` shares what `previous` shared and no more.
    """
    if _CONTINUES.match(text, *part):
        return previous
    # a stem lies within a sentence or two; the bound keeps long captions linear
    words = [(found.start(), found.end(), found.group()) for found in _WORD.finditer(text, *previous)][-80:]
    wanted = [found.group() for found in _WORD.finditer(text, *part)][:80]
    if len(words) < 2 or not wanted:
        return None
    # a part without a picture of its own after one with: it shares at least the picture
    handicap = 0.5 if has_own_head(text[previous.start : previous.end]) else 0.0
    best = (_likeness([word for _, _, word in words], wanted) - handicap, 0)
    for index in range(1, len(words)):
        before, here = words[index - 1][2].lower(), words[index][2].lower()
        if wanted[0].lower() in PREPOSITIONS:
            is_cut = here in PREPOSITIONS
        else:
            is_cut = before in PREPOSITIONS or before in _ARTICLES or here == wanted[0].lower()
        if is_cut and here not in _ARTICLES:
            best = max(best, (_likeness([word for _, _, word in words[index:]], wanted), index))
    cut = best[1]
    if cut and wanted[0].lower() in _ARTICLES and words[cut - 1][2].lower() in _ARTICLES:
        cut -= 1
    return Span(previous.start, words[cut - 1][1]) if cut else None


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


def shared_tails(text: str, own: Sequence[PrintedLabel], bodies: Sequence[Span]) -> list[tuple[int, Span]]:
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
        if bare and (cut := _tail_start(text, [kept[number] for number in bare], span, bool(AND_BEFORE.search(lead)))):
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
    words = list(_SPACED_WORD.finditer(text, *last))
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
    names = re.split(r",\s(?:and\s)?", _BRACKETED.sub("", text[last.start : tail.start()]))
    if re.search(r"[;:]", text[last.start : tail.start()]) or (len(names) > 1 and not all(map(has_own_head, names))):
        return None
    if len(_BRACKETED.sub("", text[last.start : tail.start()]).split()) > _LONGEST_SHARING:
        return None
    return tail.start() + 1 if is_and or has_own_head(before[-1]) else None
