"""Words shared by parallel parts of a sentence: stems, "TEM images of [the] BM (c), PM (d)", and "respectively".

Captions that put labels after the text leave out what they would repeat. The shared stem of a part is
found as the cut in what was said before whose rest is most like the part (length, words, kinds of words).
"""

import re
from collections.abc import Iterator
from functools import lru_cache

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


_STOP = re.compile(
    r"\s(?:of|for|in|at|from|with|showing|on|after|under|by|between|as|to|during)\s|[;(]|\.(?:\s|$)",
)
_LISTED = re.compile(r",\s*(?:and\s+)?|\s+and\s+")
_RESPECTIVELY = re.compile(r",?\s*\b(?:respectively|correspondingly)\b")
_AND = re.compile(r",?\s(?:and|or)\s")
_ITEM_END = re.compile(
    r"[,;:)]|\.(?:\s|$)|\s(?:of|for|in|at|from|with|on|by|under|during|after|before|as|that|which|are|is|were|was|"
    r"show\w*|formed|obtained|prepared|measured|grown|recorded|synthesi[sz]ed|taken|using|respectively|correspondingly)\b"
)
_ITEM_START = re.compile(
    r"(?:^|[(;:,]|\b(?:of|for|in|at|from|with|on|by|under|during|after|before|between|the|an?|is|are|show\w*|using|via|to|both))\s+"
)
_BRACKETED = re.compile(r"\([^()]*\)")
_LONGEST_WORD = 32
_LONGEST_ITEM = 6


def listed(text: str, body: Span, count: int) -> tuple[list[Span], Span] | None:
    """The `count` things that `body` begins with ("TEM, HRTEM and FFT of …") and what follows them."""
    stop = _STOP.search(text, *body)
    end = stop.start() if stop else body.end
    items: list[Span] = []
    position = body.start
    for joint in _LISTED.finditer(text, body.start, end):
        items.append(Span(position, joint.start()))
        position = joint.end()
    items.append(Span(position, end))
    items = [item for item in items if text[item.start : item.end].strip(" .,")]
    if (
        len(items) != count
        or not _AND.search(text, items[0].end, items[-1].start + 1)
        or VERB.search(text, body.start, end)
    ):
        # "(E, F) In the data set, expression was higher": no list
        return None
    return items, Span(end, body.end)


def respective(text: str, body: Span, count: int, is_said: bool = False) -> list[list[Span]] | None:
    """`body` shared out to `count` labels where it says "respectively", or that `is_said`: what is common, and an item.

    None where it does not say so, or has no list of just `count` short items.
    """
    if count < 2:
        return None
    said = _RESPECTIVELY.search(text, *body)
    if said is None and not is_said:
        return None
    end = said.start() if said else body.end
    shares: list[list[Span]] = [[] for _ in range(count)]
    position = body.start
    # remarks in brackets hide no list: "the pseudoknot (the folded state) and the hairpin"
    plain = _BRACKETED.sub(lambda found: "x" * len(found.group()), text[: body.end])
    for items in _lists(plain, Span(body.start, end), count):
        if items[0].start < position:
            continue
        for share, item in zip(shares, items, strict=True):
            share += [Span(position, items[0].start), item]
        position = items[-1].end
    if position == body.start:
        return None
    for share in shares:
        share += [Span(position, end), Span(said.end() if said else end, body.end)]
    return shares


def _lists(text: str, body: Span, count: int) -> Iterator[list[Span]]:
    """Lists of `count` items: "A and B", "A, B and C"."""
    for joint in _AND.finditer(text, *body):
        stop = _ITEM_END.search(text, joint.end(), body.end)
        items = [Span(joint.end(), stop.start() if stop else body.end)]
        edge = joint.start()
        while len(items) < count - 1:
            comma = text.rfind(", ", body.start, edge)
            if comma < 0:
                break
            items.insert(0, Span(comma + 2, edge))
            edge = comma
        starts = [found.end() for found in _ITEM_START.finditer(text, body.start, edge)]
        items.insert(0, Span(starts[-1] if starts else body.start, edge))
        sizes = [len(text[item.start : item.end].split()) for item in items]
        if len(items) == count and min(sizes) > 0 and max(sizes) <= _LONGEST_ITEM:
            yield items
