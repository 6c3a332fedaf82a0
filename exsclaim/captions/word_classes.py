"""Words that tell what a part of a sentence is: a picture of its own, a title, a name, a beginning that needs more."""

import re
from collections.abc import Sequence
from functools import lru_cache

from exsclaim.captions.spans import Span, trimmed
from exsclaim.captions.terms.techniques import techniques

# those of German, Spanish, Portuguese and French among them
PREPOSITIONS = frozenset((
    "of", "in", "with", "for", "at", "from", "on", "by", "after", "before", "under", "without", "between", "via",
    "using", "during", "through", "over", "to", "against", "as", "showing", "into", "than", "within", "along",
    "containing", "upon", "across", "among", "toward", "towards", "around", "near", "below", "above", "inside",
    "throughout", "versus", "vs", "von", "mit", "bei", "de", "del", "da", "das", "do", "dos", "des", "du", "para",
    "com", "con", "em", "en", "à", "im", "nach", "vor", "für", "zum", "zur", "vom", "aus", "durch", "après", "avec",
    "sans", "dans", "pour", "sur", "después", "depois", "após", "sobre", "entre",
))  # fmt: skip
ARTICLES = frozenset(("the", "a", "an", "different", "various"))
PLURAL = re.compile(r"[a-z]{3,}(?<![iu])s(?<!ss)")
# a part that names its own kind of picture shares nothing with the part before it
_HEAD = re.compile(
    r"\b(?:(?i:images?|imaging|\w*graphs?|photos?|pictures?|spectr\w+|patterns?|map(?:s|pings?)?|plots?|curves?|"
    r"schematics?|schemes?|cartoons?|charts?|diagrams?|profiles?|histograms?|models?|distributions?|illustrations?|views?|"
    r"isotherms?|comparisons?|results|analys[ei]s|simulat\w+|\w*gramm?[ae]?s?|\w*grammetry|structures?|morphology|"
    r"cross[- ]sections?|performance|number|rate|ratio|percentages?|levels?|effects?|traces?|blots?|transforms?|SADPs?|"
    r"loops?|histology|staining|"
    r"snapshots?|quantifications?|quantitation|densitometry|"
    r"overview|close-?ups?|zoom|scans?|layouts?|sketch(?:es)?|drawings?|scatter|heat ?maps?|tomogra\w+|"
    r"dependence|relationships?|correlations?)|[SHFRT]*EM|ME[BV]|STEM|XRD|EDX|EDS|EBSD|AFM|XPS|FTIR|SAED|FFT|Raman|[Mm]icrograf\w+|[Ii]mages|[Aa]ufnahmen?|[Ee]spectros?|[Ss]pektr\w+|"
    r"[Cc]urvas?|[Gg]r[áa]ficos?|[Ff]otograf\w+|[Cc]ourbes?|[Ss]pectres?|[Ii]m[áa]ge(?:n|ns|m|nes)|[Dd]istribu[cçz]\w+|"
    r"\w*[Vv]erteilung\w*|\w*[Kk]urven?|[Hh]istogramas?|[Ss]chémas?|[Ee]squemas?|[Ss]chematisch\w+|[Ff]otos?|[Mm]apas?|[Cc]artes?|"
    r"[Kk]arten?|[Pp]erfil(?:es)?|[Rr]épartitions?)\b(?![-‐–])"
)
# "steels after cold rolling (a) and cold drawing (b)"
_PROCESS = re.compile(r"\b(?:cold|hot|warm|deep|wire|tube|melt|fib(?:er|re))[- ]drawing\b")
# what a picture shows, and no picture
CONTENT = re.compile(r"\b(?:structures?|morphology|cross[- ]sections?|views?)\b", re.IGNORECASE)
# what has no noun of its own: "top and (b) side view", "electrical and (b) thermal conductivity"
ADJECTIVE = re.compile(
    r"(?:sagittal|axial|coronal|labial|\w*lingual|mesial|buccal|occlusal|palatal|transverse|oblique|frontal|top|side|front|rear|back|dorsal|ventral|medial|distal|proximal|caudal|cranial|anterior|posterior|bottom|plan|low|high|lower|higher|left|right|upper|middle|central|initial|partial|radial|spatial|inner|outer|real|total|mean|maximal|minimal|linear|log|semi-?log|logarithmic|cross-section|first|second|"
    r"\w+-|[\w-]*(?:-views?|field|magnification|resolution|plane)|\w+(?:ional|ical|rmal|etic|ric|nal|ral|ular|ary|ive|ous|ern|ized|ised)|[\w-]*specific|[\w-]+(?:ische|liche|ierte)[nrsm]?|(?:ge|un)\w{3,}te[nr]?(?<!ate)|[\w–-]{3,}(?<!e)ed|pristine|pure|plain|fresh|flat|coarse|fine|dense|sparse|raw|bare|neat|untreated|small|large|smaller|larger|young|thin|thick|thinner|thicker|short|long|weak|strong|dry|wet|early|late|slow|fast|soft|hard|rough|smooth|empty|open|male|female|tensile|experimental|[np]-type)"
    # nouns that end as adjectives do
    r"(?<!pattern)(?<!signal)(?<!mineral)(?<!boundary)(?<!summary)(?<!library)(?<!derivative)(?<!fabric)(?<!additive)(?<!spiral)$",
    re.IGNORECASE,
)
QUANTITIES = re.compile(
    r"\b(?:number|rate|ratio|percentages?|levels?|effects?|performance|distributions?|profiles?|dependence)\b"
)
VERB = re.compile(
    r"\b(?:is|are|was|were|has|have|had|shows?|showed|indicates?|represents?|denotes?|depicts?|illustrates?|demonstrates?|reveals?|"
    r"can|could|did|does|do|corresponds?|exhibits?|displays?|presents|marks?|highlights?|refers?)\b"
)
_OPEN_WORDS = frozenset((
    "of", "for", "in", "with", "at", "from", "on", "by", "under", "after", "before", "between", "to", "as", "via",
    "using", "than", "versus", "vs", "into", "within", "without", "against", "the", "a", "an", "is", "are", "was",
    "were", "show", "shows", "both", "either", "containing", "having", "de", "del", "da", "do", "das", "dos", "der",
    "des", "von", "mit", "bei", "du", "con", "com", "para", "zwischen", "entre", "zu", "tra", "fra", "dans", "nach",
    "vor", "durch", "aus", "sur", "sous", "en", "em", "di", "dei", "della", "delle", "par", "por", "pour", "après",
    "avant", "antes", "über", "unter",
))  # fmt: skip
_OPEN_END = re.compile(rf"(?:\b(?:vs\.|{'|'.join(sorted(_OPEN_WORDS))})|\w{{3,}}ing|\w{{3,}}ndo)\s*$")
_NUMBERED_NAME = re.compile(r"[A-Z][a-z]+-?\d+")
_SHOWING = re.compile(
    r"(?:show|us|contain|illustrat|depict|display|present|reveal|highlight|compar|express|overexpress|encod|lack|carry|"
    r"bear|harbou?r|includ|compris|indicat|represent|demonstrat|describ)ing"
)
_LONGEST_WORD = 32
# words of a part that a short one may leave out
LONGEST_STEM = 6
_PART_JOINT = re.compile(r"[,;]\s*(?:and\s+)?|\s+and\s+")
_PRINTED_IN = re.compile(
    r"\(?(?:[Cc]olou?r(?:\s[Oo]nline)?|[Cc]olou?red|[Pp]anoramic|[Cc]ontinued|[Nn]otes?|"
    r"[Ff]rom (?:left|top) to (?:right|bottom)|"
    r"(?:In )?(?:the )?(?:[Ss]ub-?)?(?:[Pp]anels?|[Ff]igures?|[Pp]lots?|[Pp]arts?|[Gg]raphs?))\)?[.:]?"
)
_OPEN_COLON = re.compile(
    r"\b(?:showing|including|comprising|depicting|illustrating|presenting|displaying|are|is|of|for|with):$"
)
# words of a name that says nothing without its title
_LONGEST_CODE = 3
_LONGEST_PIECE = 12
_SHORTEST_SAID = 3
_LEAST_SAID_AGAIN = 2
_KINDS = re.compile(
    r"(?:The )?(?:\w+ )?(?:[Ss]tages|[Ss]teps|[Tt]ypes|[Kk]inds|[Pp]hases|[Pp]arts|[Cc]omponents|[Mm]ethods)\b"
)
_PICTURES = re.compile(r"\b(?:spectra|images|patterns|curves|\w*graphs|maps|isotherms|diffractograms)\b")
_EQUATION = re.compile(r"\S{1,4}\s?[=≈∼~<>≤≥]\s?\S")
_CAPITALISED = re.compile(r"[A-Z][a-z-]+")


@lru_cache(maxsize=4096)
def has_own_head(part: str) -> bool:
    """True if `part` itself says what is seen, in its first words."""
    if "drawing" in part:
        part = _PROCESS.sub("", part)
    words = part.split(None, 7)[:7]
    if not part.isalpha() and any(map(str.isdigit, part)):
        words = [word for word in words if word.strip(",;&:") not in ("", "and", "or")]
    # "Model-3", "Map2": a name that begins like a picture
    if len(words) == 1 and _NUMBERED_NAME.fullmatch(words[0]):
        return False
    return any(map(_is_head, words)) or ("section" in part and bool(_HEAD.search(" ".join(words))))


@lru_cache(maxsize=50_000)
def _is_head(word: str) -> bool:
    return bool(_HEAD.search(word))


def is_open(said: str) -> bool:
    """True if the words need others after them: "TEM images of", "prepared by", "images containing"."""
    end = said[-_LONGEST_WORD:]
    last = end.rstrip().rpartition(" ")[2]
    # most end with a word of letters: a look that spares them the pattern
    if last.isalnum():
        # "The Film Before Cycling": a title
        is_participle = (
            len(last) > 5 and last.endswith(("ing", "ndo")) and not (last[0].isupper() and " " in end.strip())
        )
        return last in _OPEN_WORDS or is_participle
    return bool(_OPEN_END.search(end))


def is_participle(said: str) -> bool:
    """True if the last word ends as "showing" does, and may be a noun as well: "after drying", "Western blotting"."""
    last = said.rstrip().rpartition(" ")[2]
    return last.endswith("ing") and last not in _OPEN_WORDS and not _SHOWING.fullmatch(last)


def open_stem(text: str, stem: Span) -> Span | None:
    """ "Fluorescence images of (a) X. (b) Y. (c) Z.": a stem that the labels of the sentences after share; or None."""
    kept = trimmed(text, stem)
    ends_open = re.search(
        r"(?::|\b(?:of|for|in|with|at|from|on|by|under|after|before|between))\s*$", text[stem.start : stem.end]
    )
    return kept if ends_open else None


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


def _bare(word: str) -> str:
    return word.strip(" ,;:.").lower().removesuffix("s")


def _are_of_title(title: Sequence[str], bodies: Sequence[str]) -> bool:
    """True if the parts behind a title with a colon need it: names, or views and pieces of what it names."""
    if all(map(_is_name, bodies)):
        # "Fracture surfaces of the samples: (a) S1, (b) S2"
        return not any(techniques((body,)) for body in bodies)
    # "Menneus camelus, male: (a) prosoma, dorsal; (b) abdomen", but not "Coupled machines: (a) one coupled machine"
    first = bodies[0]
    plain = CONTENT.sub(" ", first)
    said = {_bare(word) for word in title if len(word) > _SHORTEST_SAID}
    own = [word for word in first.split() if _bare(word) in said]
    return (
        len(title) > 1
        # "Genotypes: for most see the file; for the rest: (a) X", "The mutants showed a phenotype: (a) plants"
        and not any(word.endswith((":", ";")) or VERB.fullmatch(word) for word in title[:-1])
        and len(own) < _LEAST_SAID_AGAIN
        and len(first.split()) <= _LONGEST_PIECE
        and not (_CAPITALISED.fullmatch(first.split()[0].strip(" ,;:.")) if first.split() else True)
        and not any(has_own_head(part) or techniques((part,)) for part in (plain, *bodies[1:2]))
        and not VERB.search(first)
    )


def _are_among(title: str, first: str, others: Sequence[str]) -> bool:
    """ "XPS spectra of the film: (a) survey spectrum; (b) Fe 2p": all but the first only name what the title shows."""
    kinds = set(techniques((title,))) - {"plot", "schematic"}
    return (
        bool(kinds and others and _PICTURES.search(title))
        and kinds.issuperset(set(techniques((first,))) - {"plot"})
        and all(len(one.split()) <= _LONGEST_CODE + 1 and not has_own_head(one) for one in others)
        and kinds.union({"plot"}).issuperset(techniques(tuple(others)))
    )


def is_title(text: str, stem: Span, bodies: Sequence[Span]) -> bool:
    """True if the words before the first label are a title of the figure, and not a beginning that its labels share.

    "Representative microstructures: (a) EBSD map of …" is one; "SEM images of the coating: (a) surface" is shared.
    """
    said = text[stem.start : stem.end].strip()
    words = said.split()
    if _PRINTED_IN.fullmatch(said):
        return True
    is_showing = said.endswith(",") and _SHOWING.fullmatch(words[-1].rstrip(","))
    if is_open(said) or is_showing or _OPEN_COLON.search(said) or (len(words) < 4 and said[-1:] not in ":,"):
        return False
    first = text[bodies[0].start : bodies[0].end].strip(" :,;")
    begins = first.split(" ", 1)[0].lower()
    if not first or begins in PREPOSITIONS or first[0].isdigit() or said.endswith(("and", "&")):
        return False
    if _EQUATION.match(first) and said.endswith(","):
        # "The field was computed for n = 1, (a) k = 0.1 and (b) k = 0.2"
        return False
    if said.endswith(":") and not _KINDS.match(said) and _are_of_title(words, [text[slice(*body)] for body in bodies]):
        return False
    if said.endswith(":") and _are_among(said, first, [text[slice(*body)] for body in bodies[1:]]):
        return False
    if has_own_head(first):
        # "Filtering of HRTEM images: (a) original image": what the title names is how all were made
        return bool(techniques((first,))) or not set(techniques((said,))) - {"plot", "schematic"}
    return not has_own_head(said) and (said[-1:] in ":," or first[0].isupper())
