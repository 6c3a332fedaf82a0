"""Words shared by parallel parts of a sentence: stems, "TEM images of [the] BM (c), PM (d)", and "respectively".

Captions that put labels after the text leave out what they would repeat. The shared stem of a part is
found as the cut in what was said before whose rest is most like the part (length, words, kinds of words).
"""

import re
from collections.abc import Sequence
from functools import lru_cache

from exsclaim.captions.spans import Span, trimmed
from exsclaim.captions.techniques import techniques

# those of German, Spanish, Portuguese and French among them
PREPOSITIONS = frozenset((
    "of", "in", "with", "for", "at", "from", "on", "by", "after", "before", "under", "without", "between", "via",
    "using", "during", "through", "over", "to", "against", "as", "showing", "into", "than", "within", "along",
    "containing", "upon", "across", "von", "mit", "bei", "de", "del", "da", "das", "do", "dos", "des", "du", "para",
    "com", "con", "em", "en", "à",
))  # fmt: skip
_ARTICLES = frozenset(("the", "a", "an", "different", "various"))
# a part that names its own kind of picture shares nothing with the part before it
_HEAD = re.compile(
    r"\b(?:(?i:images?|imaging|\w*graphs?|photos?|pictures?|spectr\w+|patterns?|map(?:s|ping)?|plots?|curves?|"
    r"schematics?|schemes?|cartoons?|charts?|diagrams?|profiles?|histograms?|models?|distributions?|illustrations?|views?|"
    r"isotherms?|comparisons?|results|analys[ei]s|simulat\w+|\w*gramm?[ae]?s?|\w*grammetry|structures?|morphology|"
    r"cross[- ]sections?|performance|number|rate|ratio|percentages?|levels?|effects?|traces?|blots?|transforms?|SADPs?|"
    r"loops?|histology|staining|"
    r"snapshots?|quantifications?|quantitation|densitometry|"
    r"overview|close-?ups?|zoom|scans?|layouts?|sketch(?:es)?|drawings?|scatter|heat ?maps?|tomogra\w+|"
    r"dependence)|[SHFRT]*EM|ME[BV]|STEM|XRD|EDX|EDS|AFM|XPS|FTIR|SAED|FFT|Raman|[Mm]icrograf\w+|[Ii]mages|[Aa]ufnahmen?|[Ee]spectros?|[Ss]pektr\w+|"
    r"[Cc]urvas?|[Gg]r[áa]ficos?|[Ff]otograf\w+|[Cc]ourbes?|[Ss]pectres?|[Ii]m[áa]ge(?:n|ns|m|nes)|[Dd]istribu[cçz]\w+|"
    r"\w*[Vv]erteilung\w*|\w*[Kk]urven?|[Hh]istogramas?|[Ss]chémas?|[Ee]squemas?|[Ss]chematisch\w+|[Ff]otos?|[Mm]apas?|[Cc]artes?|"
    r"[Kk]arten?|[Pp]erfil(?:es)?|[Rr]épartitions?)\b"
)
# what a picture shows, and no picture
CONTENT = re.compile(r"\b(?:structures?|morphology|cross[- ]sections?|views?)\b", re.IGNORECASE)
VERB = re.compile(
    r"\b(?:is|are|was|were|has|have|had|shows?|showed|indicates?|represents?|denotes?|depicts?|illustrates?|demonstrates?|reveals?|"
    r"can|could|did|does|do|corresponds?|exhibits?|displays?|presents|marks?|highlights?|refers?)\b"
)
_OPEN_END = re.compile(
    r"(?:\b(?:of|for|in|with|at|from|on|by|under|after|before|between|to|as|via|using|than|versus|vs\.?|into|within|without|"
    r"the|an?|is|are|was|were|shows?|both|either|containing|having|de|del|da|do|das|dos|der|des|von|mit|bei|du|con|com|para|"
    r"zwischen|entre|zu|tra|fra|dans|nach|vor|durch|aus|sur|sous|en|em|di|dei|della|delle|par|por|pour|après|avant|antes|über|unter)|\w{3,}ing|\w{3,}ndo)\s*$"
)
_CONTINUES = re.compile(
    r"(?:followed|then|and then|together|treated|measured|obtained|recorded|annealed|supplemented)\b"
)
_WORD = re.compile(r"[^\s,;()]+")


_BEARING = frozenset((
    "encoding", "expressing", "overexpressing", "lacking", "carrying", "harboring", "harbouring", "bearing",
    "including", "comprising",
))  # fmt: skip
# "plants overexpressing Gene1 (a) or Gene2 (b)"
_PARTICIPLE = re.compile(r"[a-z]{4,}(?:ing|expressed)")
# "Raman spectra of gold rods (a), 10 mg/L of dye in water (b)": what begins with a picture, and how much that counts
_PICTURE = re.compile(
    r"(?:[\w-]+\s){0,3}?(?:images?|\w*micrographs?|photo(?:graph)?s?|spectra|spectrum|patterns?|isotherms|voltammograms|maps)\s(?:of|for|from)\s"
)
_OF_PICTURE = 1.0
_NUMBERED_NAME = re.compile(r"[A-Z][a-z]+-?\d+")
_LONGEST_WORD = 32
_RHYME = 6
# words of a part that a short one may leave out
LONGEST_STEM = 6
_PART_JOINT = re.compile(r"[,;]\s*(?:and\s+)?|\s+and\s+")
# "the genes Gzma", "plasmid pA"
_NAMED = re.compile(
    r"[a-z-]{3,}s|genes?|plasmid|strain|sample|mutant|protein|compound|alloy|catalyst|film|isotope|element"
)
_PRINTED_IN = re.compile(
    r"\(?(?:[Cc]olou?r(?:\s[Oo]nline)?|[Cc]olou?red|[Pp]anoramic|[Cc]ontinued|"
    r"[Ff]rom (?:left|top) to (?:right|bottom)|"
    r"(?:In )?(?:the )?(?:[Ss]ub-?)?(?:[Pp]anels?|[Ff]igures?|[Pp]lots?|[Pp]arts?|[Gg]raphs?))\)?[.:]?"
)
_OPEN_COLON = re.compile(
    r"\b(?:showing|including|comprising|depicting|illustrating|presenting|displaying|are|is|of|for|with):$"
)
# words of a name that says nothing without its title
_LONGEST_CODE = 3
_KINDS = re.compile(
    r"(?:The )?(?:\w+ )?(?:[Ss]tages|[Ss]teps|[Tt]ypes|[Kk]inds|[Pp]hases|[Pp]arts|[Cc]omponents|[Mm]ethods)\b"
)
_CAPITALISED = re.compile(r"[A-Z][a-z-]+")


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
    begins = wanted[0].lower()
    places = [number for number, word in enumerate(words) if number and word[2].lower() in PREPOSITIONS]
    places = [number for number in places if not _is_in_bracket(text, previous.start, words[number][0])]
    if begins in PREPOSITIONS and places and begins not in (words[number][2].lower() for number in (0, *places)):
        # "Images of cells showing walls at 0 h (a) and after 24 h (b)": nearest to the label is what changes
        return Span(previous.start, words[places[-1] - 1][1])
    # a part without a picture of its own after one with: it shares at least the picture
    said = text[previous.start : previous.end]
    handicap = (_OF_PICTURE if _PICTURE.match(said) else 0.5) if has_own_head(said) else 0.0
    shape = _shape(wanted[0])
    # a sentence's capital makes no name
    first = words[0][2].lower() if words[0][2].istitle() and shape == "name" else words[0][2]
    best = (_likeness([first, *(word for _, _, word in words[1:])], wanted) - handicap, 0)
    for index in range(1, len(words)):
        before, here = words[index - 1][2].lower(), words[index][2].lower()
        if begins in PREPOSITIONS:
            is_cut = here in PREPOSITIONS
        else:
            # not "seeds per panicle (a), panicle length (b)"
            is_compound = index == len(words) - 1 and len(wanted) > 1 and wanted[1].lower() not in PREPOSITIONS
            is_same = here == begins and not is_compound
            is_cut = before in PREPOSITIONS or before in _ARTICLES or is_same
        # "for the genes Gzma (a), Gzmk (b)": one name beside what it is the name of
        is_beside = len(wanted) == 1 and index == len(words) - 1 and bool(_NAMED.fullmatch(words[index - 1][2]))
        are_names = shape == "name" and _shape(words[index][2]) == "name"
        is_cut = is_cut or before in _BEARING
        is_cut = is_cut or (are_names and (is_beside or _PARTICIPLE.fullmatch(before) is not None))
        is_cut = is_cut and (index > 1 or before not in _ARTICLES)
        if is_cut and here not in _ARTICLES and not _is_in_bracket(text, previous.start, words[index][0]):
            rest = [word for _, _, word in words[index:]]
            # "The examination of chest CT (A), lung function (B)": the "of" is left out, too
            is_longer = (
                len(rest) > len(wanted)
                and "of" not in wanted
                and ("of" in rest or (len(wanted) == 1 and not PREPOSITIONS.isdisjoint(rest[1:-1])))
            )
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


_OPPOSITES = {"after": "before", "before": "after", "without": "with", "with": "without"}


def left_out(text: str, first: Span, second: Span) -> Span | None:
    """ "(a) Optical image taken in the visible and (b) infrared": the words of the first that the second needs."""
    one, other = trimmed(text, first), trimmed(text, second)
    if one is None or other is None or not text[first.start : first.end].endswith(" and "):
        return None
    said, words = text[slice(*one)], text[slice(*other)].split()
    if words[0].lower() in PREPOSITIONS and words[0] in said.split():
        # "(c) Gains of gene 1 and (d) of gene 2"
        return stem_of_next(text, one, other)
    if opposite := re.search(rf"\s{_OPPOSITES.get(words[0].lower(), '$.')}\s", said):
        # "(a) Cells before and (b) after treatment": what is before the word that it turns
        return Span(one.start, one.start + opposite.start())
    if len(words) > 1 or len(said.split()) < LONGEST_STEM or has_own_head(words[0]) or not has_own_head(said):
        return None
    return stem_of_next(text, one, other)


def joint_before(text: str, body: Span) -> Span | None:
    """The joint in `body` behind which a part with a head of its own begins; None where it is one part."""
    for joint in _PART_JOINT.finditer(text, *body):
        if has_own_head(text[joint.end() : body.end]) and has_own_head(text[body.start : joint.start()]):
            return Span(*joint.span())
    return None


def _is_name(body: str) -> bool:
    """ "Ti-1", "steel", "reed belt": a code or few small words, no picture."""
    words = body.strip(" :,;.").removesuffix(" and").rstrip(" ,;").split()
    is_code = len(words) == 1 and not _CAPITALISED.fullmatch(words[0])
    return is_code or (0 < len(words) <= _LONGEST_CODE and not has_own_head(" ".join(words)) and words[0].islower())


def is_title(text: str, stem: Span, bodies: Sequence[Span]) -> bool:
    """True if the words before the first label are a title of the figure, and not a beginning that its labels share.

    "Representative microstructures: (a) EBSD map of …" is one; "SEM images of the coating: (a) surface" is shared.
    """
    said = text[stem.start : stem.end].strip()
    words = said.split()
    if _PRINTED_IN.fullmatch(said):
        return True
    if is_open(said) or _OPEN_COLON.search(said) or (len(words) < 4 and said[-1:] not in ":,"):
        return False
    first = text[bodies[0].start : bodies[0].end].strip(" :,;")
    begins = first.split(" ", 1)[0].lower()
    if not first or begins in PREPOSITIONS or first[0].isdigit() or said.endswith(("and", "&")):
        return False
    if said.endswith(":") and not _KINDS.match(said) and all(_is_name(text[slice(*body)]) for body in bodies):
        # "Fracture surfaces of the samples: (a) S1, (b) S2"
        return False
    if has_own_head(first):
        # "Filtering of HRTEM images: (a) original image": what the title names is how all were made
        return bool(techniques((first,))) or not set(techniques((said,))) - {"plot", "schematic"}
    return not has_own_head(said) and (said[-1:] in ":," or first[0].isupper())
