"""Letters that look like panel labels and are none: "(I-V) curves", "copper(II)", "layer (E) is", "Fig. 2a"."""

import re

from exsclaim.captions.labels.label_ranges import DASH, LABEL

# "current density-voltage (J-V)", "(I–V) curves": two quantities against each other, and no range
_QUANTITY = (
    r"(?:currents?|voltages?|capacitances?|fields?|strains?|stress(?:es)?|polari[sz]ations?|magneti[sz]ations?|times?|"
    r"temperatures?|absorbance|potentials?|charges?|pressures?|loads?|lengths?|density|energy|forces?|displacements?|depths?|"
    r"concentrations?|frequenc(?:y|ies)|power|resistances?|conductances?|intensity|distance|volume|rate|life|cycle)"
)
_BEFORE_AXES = re.compile(
    rf"\b{_QUANTITY}\s*(?:[-–—/−‐]|versus|vs\.?|and|to)\s*(?:\w+\s)?{_QUANTITY}\s*[(\[]?$", re.IGNORECASE
)
_AFTER_AXES = re.compile(
    r"[)\]]?\s*(?:(?!and\b|or\b|with\b)[a-z]+\s){0,2}?(?:curves?|characteri[sz]ations?|characteristics?|plots?|loops?|traces?|hysteres[ie]s|measurements?|responses?|"
    r"relations?(?:hips?)?|profiles?|sweeps?|dependenc[ey]|behaviou?rs?|data|diagrams?|planes?|junctions?|cycling)\b"
)
# "the (a-b) plane": two axes of a crystal
_AFTER_PLANE = re.compile(r"[)\]]?\s(?:crystal\s)?(?:planes?|axes|directions?)\b(?![- ]view)")
# letters of things in the drawing: "layer (E) is", "letters (A–F)", "curve a"
_NAMED_THINGS = frozenset(
    ("letter", "letters", "chain", "vitamin", "hepatitis", "influenza", "monomer", "subunit", "protomer", "haplotype")
)
# "copper(II)", "iron (III)": no numeral of a panel
_OXIDATION = ("I", "II", "III", "IV", "V", "VI")
_METAL = re.compile(
    r"(?:\b(?:iron|copper|cobalt|nickel|manganese|chromium|vanadium|titanium|tin|lead|gold|silver|palladium|platinum|cerium|"
    r"europium|ruthenium|rhodium|iridium|molybdenum|tungsten|uranium|arsenic|antimony|mercury|thallium|oxides?)|"
    r"(?:Fe|Cu|Co|Ni|Mn|Cr|V|Ti|Sn|Pb|Au|Ag|Pd|Pt|Ce|Eu|Ru|Rh|Ir|Os|Mo|W|U|Re|As|Sb|Hg|Tl))\s*$"
)
_STATES = ("g", "s", "l", "aq")
_FORMULA = re.compile(r"[A-Z][A-Za-z\d().*+-]*$")
_THINGS = frozenset(
    ("layer", "lane", "arrow", "point", "site", "peak", "position", "zone", "region", "domain", "box", "line", "step")
)
# "path a) is used for graphite"
NAMED_BY_LETTER = frozenset(("path", "route", "step", "option", "case", "point", "curve", "line", "beam", "method"))
_VERB_AFTER = re.compile(r"\s*(?:is|are|was|were|emits?|acts?|serves?)\b")
LEGEND = frozenset(
    (
        "curve",
        "trace",
        "line",
        "spectrum",
        "layer",
        "lane",
        "arrow",
        "point",
        "peak",
        "sample",
        "column",
        "row",
        "spot",
        "route",
        "path",
        "method",
        "strategy",
        "type",
        "class",
        "group",
        "case",
        "model",
        "option",
        "step",
        "phase",
        "form",
        "mode",
    )
)
# "a kinase (K, ochre)": the letter and the colour of a part of the drawing
COLOURS = (
    "(?:red|green|blue|black|white|gr[ae]y|yellow|orange|purple|pink|cyan|magenta|brown|violet|turquoise|gold|silver|"
    "ochre|tan|plum)"
)
COLOUR_NOTE = re.compile(rf"[,:;]\s*(?:light |dark |in )*{COLOURS}\)")
_NOT_A_LABEL_AFTER = re.compile(
    r"\s*(?:[=<>±~≈≤≥×*/+]|(?:axis|axes|lattice|parameter|direction|values?|is|are|was|were|denotes?|planes?|bands?|"
    r"spacing|orbitals?|edge|cells?|stands|coli|elegans|\d{1,3}[- ](?:year|month|week|day)s?[- ]old)\b"
    # "a,b Different small letters indicate": marks above bars
    r"|(?:[Dd]ifferent|[Dd]issimilar|[Ss]ame|[Uu]nlike)\s(?:[\w‐-]+\s){0,3}(?:letters?|superscripts?)\b"
    r"|(?:[Vv]alues?|[Mm]eans?|[Bb]ars|[Cc]olumns|[Dd]ata)\s(?:with|followed|sharing|marked|labell?ed|bearing|having|in\sthe\ssame)\b)"
)


def is_axes(text: str, match: re.Match[str]) -> bool:
    """ "(I-V)" is current against voltage where a curve follows or both are named before; "(a-b)" is a plane."""
    if len(LABEL.findall(match["list"])) != 2 or not re.search(DASH, match["list"]) or len(match["list"]) > 5:
        return False
    start, end = match.span("list")
    if match["list"][0].islower():
        # a crystal has axes a, b and c: "in E-k (a-b) and H-k (c-d) planes" names panels
        return set(match["list"]).isdisjoint("defgh") and bool(_AFTER_PLANE.match(text, end))
    return bool(_BEFORE_AXES.search(text, max(0, start - 60), start) or _AFTER_AXES.match(text, end))


# "wells (A1–B6)", "genotypes (A1–C3)"
_GRIDS_OF_THINGS = re.compile(r"\b(?:wells?|residues?|genotypes?|alleles?|clones?|chains?)\s\(?$", re.IGNORECASE)


def is_grid_of_things(text: str, labels: tuple[str, ...], start: int) -> bool:
    """True if a range over rows and columns ("A1–C3") at `start` names things, or single letters are the labels."""
    row, columns = labels[0][0], labels[-1][1:]
    is_grid = labels[0][1:] == "1" and columns.isdigit() and labels[-1][0] != row
    if not is_grid or len(labels) != (ord(labels[-1][0]) - ord(row) + 1) * int(columns) or columns == "1":
        return False
    return f"({row})" in text or bool(_GRIDS_OF_THINGS.search(text, max(0, start - 12), start))


# "Different letters indicate significant differences (A–B)": groups of a test, printed above bars
_MARKS = re.compile(r"\b(?:[Ll]etters?|[Ss]uperscripts?)\b")
_TESTED = re.compile(
    r"\b(?:differ\w*|significan\w+|homogen\w+\sgroups?|groupings?|Tukey\S*|Duncan\S*|ANOVA|pairwise|LSD)\b"
)
_OF_PANELS = re.compile(r"\b(?:in|of|for|on|panels?|plots?|graphs?|histograms?)\s?\(?$")
_OPENS_SENTENCE = re.compile(r"[.;]\s")
_LONGEST_REMARK = 160


def is_mark_of_test(text: str, start: int, end: int) -> bool:
    """True if a list of letters from `start` to `end` is that of a test's groups, which the sentence spoke of."""
    window = max(0, start - _LONGEST_REMARK)
    before = _OPENS_SENTENCE.split(text[window:start])[-1]
    if _OF_PANELS.search(before):
        return False
    return bool(_MARKS.search(before) and _TESTED.search(before + _OPENS_SENTENCE.split(text[end : end + 80])[0]))


_C_NEXT = re.compile(r"(?<![^\W_])C(?:[.,:)]|\s[A-Za-z(])")


def can_be_bare(text: str, labels: tuple[str, ...], start: int, end: int) -> bool:
    following = text[end : end + 48]
    # "rods (a) and discs (b); and a plot (c)"
    before = text[max(0, start - 10) : start].rstrip().removesuffix(" and").removesuffix(" while")
    if _NOT_A_LABEL_AFTER.match(following) or not following.strip():
        return False
    # "A stromal fibroblast", "I show": English words unless what follows begins like a sentence of its own
    word = following.lstrip()
    if labels == ("a",) and before[-1:] in (";", ":", ",") and (not word[:1].isupper() or "(a)" in text):
        return False
    if labels == ("A", "B") and "and" in text[start:end] and word[:1].islower() and not _C_NEXT.search(text, end):
        # "A and B excitons are marked by arrows"
        return False
    # the article before a command that LaTeX left: "A \\ac{fsm} of"
    return not (labels[0] in ("A", "I") and len(labels) == 1 and word.removeprefix("\\")[:1].islower())


# "Symmetry codes: (i) -x+1, y, 1/2-z; (ii) x, y-1, z": an atom's images in a crystal, marked in its drawing
_OPERATION = re.compile(
    r"[)\]:]?(?=[^;(]{0,30}[-−–+\d])\s?[-−–+]?[\d/.½⅓⅔¼¾\s]{0,6}[-−–+]?\s?x\b[^,;xyz]{0,10},\s?[^,;xyz]{0,12}[xyz]\b[^,;xyz]{0,10},\s?[^,;xyz]{0,12}[xyz]\b"
)
_SYMMETRY = re.compile(r"[Ss](?:ymm[eé]tr|imetr)")


def is_symmetry(text: str, end: int) -> bool:
    """True if what stands behind a label that ends at `end` is an operation of the symmetry that is spoken of."""
    return bool(_OPERATION.match(text, end) and _SYMMETRY.search(text))


def is_thing(text: str, label: str, start: int, end: int, word: str) -> bool:
    """True if a letter in brackets from `start` to `end`, behind `word`, names a thing in the drawing or a charge."""
    before = text[max(0, start - 20) : start].rstrip()
    return (
        (label in _STATES and _is_state(text, label, before))
        or word in _NAMED_THINGS
        or (label in _OXIDATION and (text[start - 1].isalnum() or bool(_METAL.search(before))))
        or (word in _THINGS and bool(_VERB_AFTER.match(text, end)))
    )


def _is_state(text: str, label: str, before: str) -> bool:
    """ "HfCl4 (g) at Hf-OH (s)": a gas behind a formula, where a solid is told as well and no panel "(f)" is."""
    is_alone = f"{chr(ord(label) - 1)})" not in text
    return is_alone and bool(_FORMULA.search(before)) and any(f"({one})" in text for one in _STATES if one != label)


_LONGEST_BRACKET = 300


def has_lone_close(text: str) -> bool:
    """True if a bracket closes that did not open shortly before: "a) X" is a label, "(see a)" none."""
    start = 0
    while (close := text.find(")", start)) >= 0:
        opened = text.rfind("(", start, close)
        if opened < 0 or close - opened > _LONGEST_BRACKET - 8:
            return True
        start = close + 1
    return False


def inside_bracket(text: str, position: int) -> bool:
    """True if a bracket is open at `position` of `text`."""
    window = text[max(0, position - _LONGEST_BRACKET) : position]
    return window.rfind("(") > window.rfind(")")


# other figures, tables, references; the copyright sign; the caption's own number is cut off before
# (the look behind stands after the first letter: patterns that begin with a character are found twice as fast)
ELSEWHERE = re.compile(
    r"[FfTtMVvRrEeSsA](?<!\w.)(?:(?<=[Ff])igs?\b\.?|(?<=[Ff])igures?|(?<=F)IGS?\b\.?|(?<=[Tt])ables?|(?<=M)ovies?|"
    r"(?<=[Vv])ideos?|(?<=[Rr])efs?\b\.?|(?<=[Ee])qs?\b\.?|(?<=[Ss])chemes?|(?<=A)ppendix)\s*"
    r"(?:S\s?)?\d{1,3}(?:[-–.]\d{1,3})?"
    # "in Figure 4.15 (b)." points at a chapter's figure
    r"(?:\s?[A-Za-z]\d?(?![A-Za-z])|\([A-Za-z]\d?\)|(?<=\.\d)\s\([A-Za-z]\)(?=[.,;)])|(?<=\.\d\d)\s\([A-Za-z]\)(?=[.,;)]))?"
    # "(Fig. 2a, b)", but "(Fig. 2, a)"
    r"(?:(?<=[A-Za-z)])\s?[,–—-]\s?(?:and\s)?[A-Za-z](?![A-Za-z]|(?<![A-Za-z],[A-Za-z])(?<![A-Za-z],\s[A-Za-z])\)))*"
    # "Eqs. (A3) and (A4)", "Eq. (a)"
    r"|(?<![^\W_])[Ee]q(?:s?\.?\s?(?=\([A-Za-z])|uations?\s(?=\([A-Z]\.?\d))"
    r"\([A-Za-z]?\.?\d{0,2}\)(?:,?\s(?:and\s|or\s)?\([A-Za-z]\.?\d{0,2}\)){0,4}"
    r"|\([cC]\)\s*(?:(?:19|20)\d\d\b|[Cc]opyright)|©[^.]{0,60}"
)

# a quicker look, in text with single blanks
ELSEWHERE_STEMS = (
    *((stem, tuple(f"{stem}{end}" for end in (".", " ", "s", "uation"))) for stem in ("eq", "ref")),
    ("fig", ("fig.", "fig ", "figs", "figure")),
    *((stem, (stem,)) for stem in ("table", "movie", "video", "scheme", "appendix", "copyright", "©")),
    ("(c)", tuple(f"(c){blank}{century}" for blank in ("", " ") for century in (19, 20))),
)
"""Small letters without which a caption names nothing elsewhere, and what they must be part of."""
