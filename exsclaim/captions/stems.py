"""What parallel parts of a sentence share: "TEM images of [the] BM (c), PM (d)" says TEM images of both.

Captions that put labels after the text leave out what they would repeat. The shared stem of a part is
found as the cut in what was said before whose rest is most like the part (length, words, kinds of words).
"""

import re

from exsclaim.captions.spans import Span

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


def has_own_head(part: str) -> bool:
    """Whether `part` says itself what is seen, in its first words."""
    return bool(_HEAD.search(" ".join(part.split()[:7])))


def is_open(said: str) -> bool:
    """Whether words need what follows: "TEM images of", "prepared by", "images containing"."""
    return bool(_OPEN_END.search(said))


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
    """How alike two runs of words are: their lengths, the words they share, and how they begin."""
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
