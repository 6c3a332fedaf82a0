"""Imaging and measuring techniques that a text names, in canonical names ("HAADF-STEM", "EDS", "plot")."""

import re
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from itertools import compress, dropwhile, pairwise

from exsclaim.captions.terms.technique_phrases import BEGINNINGS, longest
from exsclaim.captions.word_forms import lexicon, unified

# words of plain letters first: they are most, and found fastest
_TOKEN = re.compile(r"[A-Za-z\d]+(?![\w&])|[^\W_]+(?:&[^\W_]+)?|[±()]")
# all but letters, digits and brackets is blank, the "&" of "H&E" left out of account; a table of bytes,
# for ASCII alone, is used several times as fast as one of characters
_BLANKS = bytes(code if chr(code).isalnum() or chr(code) in "()" else ord(" ") for code in range(256))
# the standard error of the mean is no microscope
_STATISTICS = frozenset(
    ("±", "mean", "means", "error", "errors", "average", "averages", "averaged", "deviation", "sd", "se", "replicates")
)
_STATISTICS_REACH = 8
_SPREADS = frozenset(("shaded", "shading", "shadow", "shadows", "whisker", "whiskers", "band", "bands"))
# "SEM over trials", "SEM of three mice": of what was counted, and seen through no microscope
_SAMPLES = frozenset(
    ("triplicates", "replicates", "trials", "experiments", "participants", "subjects", "patients", "runs")
)
_ANIMALS = frozenset(("mice", "rats", "animals", "flies", "larvae", "plants", "individuals", "sessions"))
_OVER = frozenset(("across", "over", "between"))
_NUMBERS = frozenset(("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"))
_SPREADS_REACH = 4
_UNDERGOING = frozenset(("after", "before", "during", "for", "following", "marked", "indicated", "outlined"))
# what begins a segment that goes on with a picture named before
_TAIL_WORDS = frozenset(("of", "in", "on", "from"))
_FILLERS = frozenset(("the", "a", "an", "in", "situ", "operando"))
_ELSEWHERE = frozenset(("where", "which", "whose"))
_UNDERGOING_REACH = 4
_OF_STATISTICS = frozenset(("CV", "CVs", "SEM", "SEMs"))
# "The corresponding number of transferred electrons": a quantity that heads a segment stands among its first words
_HEAD_WORDS = 6
# what is drawn where a segment is about it, and only spoken of where it comes later
_OF_HEADS = frozenset(
    ("structure", "workflow", "layout", "scheme", "flowchart", "supercell", "mechanism", "pathway", "model", "figure",
     "kinetics", "statistic*", "survival")
)  # fmt: skip
# "Film thickness determined by ellipsometry versus the number of cycles"
_AGAINST = ("versus", "vs", "over")
# "Images of test coupons", "Overlay of NP trajectories": what is pictured is no plot; "image-based counts" may be
PICTURED = re.compile(
    r"[^\w-]*(?:(?:series|sets?|sequence) of )?(?:(?!(?:of|in|from|for|on)\b)[\w-]+[^\w-]+){0,4}?"
    r"(?:images?|micrographs?|photographs?|photos?|pictures?|snapshots?|overlays?|maps?)\b"
    r"(?![- ](?:based|derived|analys[ei]s|quantification|intensit))",
    re.IGNORECASE,
)
# no techniques of their own: a method's result is a picture and no curve; light, unless electrons are named; what a
# diffraction pattern is of; a likeness
MAP = "map"
BRIGHT_FIELD = "bright field"
_X_RAYS = "x rays"
_LIKENESS = "none"
NO_TECHNIQUES = frozenset((MAP, BRIGHT_FIELD, _X_RAYS, _LIKENESS))
ELECTRONS = frozenset(("TEM", "HRTEM", "STEM", "HAADF-STEM", "BF-STEM", "ADF-STEM", "4D-STEM", "cryo-EM"))
# "Schematic of the SERS setup", "Number of cells in TEM images": what a drawing or a count is of is not what it is
_IMAGING = ELECTRONS | {"SEM", "AFM", "STM", "fluorescence", "optical", "Raman", "EDS", "EBSD", "X-ray tomography"}
_IMAGING |= {"MRI", "radiograph", "ultrasound", "PET", "OCT", "MS"}
_STAINED = frozenset(("photo",))
_DRAWN = frozenset(("schematic", "plot"))
_OF_A_DRAWING = re.compile(
    r"(?:\W|the\s|an?\s)*(?:\w+\s)?(?:schematics?|sketch(?:es)?|illustrations?|drawings?|scheme|cartoon|diagrams?|"
    r"layouts?|flow ?charts?|work ?flows?)\b"
    r"(?!\s?(?:,|and\b|&|\+))",
    re.IGNORECASE,
)
# "Setup for in situ XRD" names no drawing, and is one
_OF_A_SETUP = re.compile(
    r"(?:\W|the\s|an?\s|typical\s)*(?:[\w-]+\s(?:geometr(?:y|ies)|set-?ups?)\b|"
    r"(?:\w+\s){0,2}?(?:set-?ups?(?:\sand\s\w+)?|apparatus|pulse sequences?|beam ?paths?|"
    r"principles?|(?:measurement|scattering|experimental|detection) geometr(?:y|ies))\s(?:of|for|used|to)\b)",
    re.IGNORECASE,
)
# a look that spares most texts the pattern
_SETUPS = ("etup", "et-up", "pparatus", "equence", "path", "rinciple", "eometr")
_OF_A_COUNT = re.compile(
    r"(?:\W|the\s|an?\s)*(?:comparisons? of (?:the )?)?(?:\w+\s)?(?:quantifications?|quantitation|histograms?|numbers?|"
    r"percentages?|frequenc(?:y|ies)|(?:scatter|violin) ?plots?|quantitative analys[ei]s|averages?|means?|"
    r"statistics|counts?|proportions?|fractions?|distributions?|box ?plots?|bar (?:graph|chart)s?|heat ?maps?|"
    r"volcano plots?|[Vv]enn diagrams?)\s(?:\w+\s){0,3}"
    r"(?:of|from|in|for|showing)\b",
    re.IGNORECASE,
)
_SHOWN_BESIDE = re.compile(
    r"\b(?:images?|micrographs?|photographs?|spectr(?:a|um)|patterns?|maps?)\b(?!\s(?:analysis|stack))"
)
_AS_FUNCTION = re.compile(r"\bas (?:a )?functions? of\b")
BY_ELECTRONS = re.compile(r"\b(?:electrons?|S[AE]\w*D\w*|selecte?d|selective|TEM|ED|nano-?beam|NB[EP]?D)\b")
# what a reference card or an angle tells of
_OF_X_RAYS = frozenset((_X_RAYS, "SAED", "plot"))
_PATTERN = re.compile(r"\b(?:patterns?|diffract\w*|reflections?|peaks?|profiles?|intensit\w+|scans?)\b", re.IGNORECASE)
# "Measured by ELISA": methods whose results are numbers, wherever a text names them
_OF_NUMBERS = frozenset(("ELISA", "qPCR", "HPLC", "cytometry"))
# "Volumes measured from ultrasonograms": of numbers, too
_OF_MEASURES = re.compile(
    r"\b(?:measured|quantified|counted|calculated|estimated|determined)\s(?:\w+\s)?(?:by|using|from|in|on|with|via)\s"
    r"(?:[\w-]+\s){0,4}?(?:images|micrographs|scans|sections|photographs|\w+grams)\b"
    r"|\bquantified\s(?:\w+\s)?(?:by|using|with)\s(?:[\w-]+\s){0,4}?staining\b"
)
# "CV-N", "TEM-1", "PL-PEG": names that begin as short forms of techniques do; "photo-resist" is no photograph
_NAMES = re.compile(
    r"\b(?:(?:CV|TEM|TG|BET|EPR|APT|STS|MET)-(?:[A-Z]|\d+)|PL-(?:[A-Z]{1,4}|\d+))\b(?!-)|\b[Pp]hoto-(?=[a-z])"
)
_PICTURE = ("image", "micro", "picture", "photo", "investig", "observ", "view")
# "2D GIXD patterns" are pictures of rings
_TWO_DIMENSIONS = ("2D", "2d")
_OF_RINGS = ("XRD", "SAXS")


@cache
def _order() -> dict[str, int]:
    return {name: place for place, name in enumerate(lexicon("techniques")["names"])}


@cache
def _curves() -> frozenset[str]:
    return frozenset(lexicon("techniques")["curves"]["names"])


def techniques(texts: Iterable[str], of_all: Iterable[str] = ()) -> tuple[str, ...]:
    """Canonical names in the lexicon's order that `texts`, the segments of one panel, name together.

    Each word counts for the longest name that it fits. A segment that begins with a quantity ("Conductivity of …")
    makes a plot where it names no technique; a panel that says nothing has those `of_all` panels. Methods that
    yield curves are plots unless they are mapped.
    """
    named: set[str] = set()
    quantities: set[str] = set()
    texts = tuple(texts)
    for text in texts:
        strong, weak = named_in(text)
        if strong:
            named |= strong
        if weak:
            quantities |= weak
    if not (named or quantities or of_all):
        return ()
    by_electrons = ("SAED" in named or _X_RAYS in named) and any(map(BY_ELECTRONS.search, texts))
    if _X_RAYS in named and not by_electrons and named <= _OF_X_RAYS and any(map(_PATTERN.search, texts)):
        # "Diffraction patterns (Cu Kα)", "Intensity versus 2θ, with JCPDS 36-1451 below"
        named.add("XRD")
    if named <= {MAP} and _begin_with_a_picture(texts):
        quantities.clear()
        of_all = [one for one in of_all if one != "plot"]
    if BRIGHT_FIELD in named and named.isdisjoint(ELECTRONS) and ELECTRONS.isdisjoint(of_all):
        named.add("optical")
    found = named - NO_TECHNIQUES or quantities or set(of_all)
    if MAP not in named and not found.isdisjoint(_curves()):
        found = found | {"plot"}
    return tuple(sorted(found - NO_TECHNIQUES, key=_order().__getitem__))


def _begin_with_a_picture(texts: Sequence[str]) -> bool:
    """True if a picture is named before any quantity is: what it shows may be told in quantities."""
    for text in texts:
        if PICTURED.match(text):
            return not any("cytomet" in each for each in texts)
        if named_in(text)[1]:
            return False
    return False


def places(text: str) -> list[tuple[int, int, str]]:
    """Places at which `text` names a technique, each word for the longest name it fits: start, end, canonical name.

    Places are in characters of `text`, which should be of one form (`exsclaim.captions.plain_text.unified`).
    """
    found = list(_TOKEN.finditer(text))
    tokens = [each[0] for each in found]
    named: list[tuple[int, int, str]] = []
    end = 0
    for position, token in enumerate(tokens):
        phrase, length = longest(BEGINNINGS[token], tokens, position) if position >= end else (None, 0)
        if phrase is not None and not phrase.is_quantity:
            end = position + length
            name = "optical" if phrase.name == BRIGHT_FIELD else phrase.name
            if name != _LIKENESS:
                named.append((found[position].start(), found[end - 1].end(), name))
    return named


def _tokens(plain: str) -> list[str]:
    """Tokens of a text, as `_TOKEN` finds them; most texts are ASCII and split several times as fast."""
    if "&" in plain or not plain.isascii():
        return _TOKEN.findall(plain)
    plain = plain.encode("ascii").translate(_BLANKS).decode("ascii")
    return (plain.replace("(", " ( ").replace(")", " ) ") if "(" in plain or ")" in plain else plain).split()


_NOTHING: tuple[frozenset[str], frozenset[str]] = (frozenset(), frozenset())


@lru_cache(maxsize=4096)
def named_in(text: str) -> tuple[frozenset[str], frozenset[str]]:
    """Techniques that `text` names, and those that its quantities suggest."""
    plain = unified(text).replace("+/-", "±")
    if "-" in plain:
        plain = _NAMES.sub(lambda name: name[0].removesuffix("-") if name[0].endswith("-") else "", plain)
    tokens = _tokens(plain)
    strong: set[str] = set()
    weak: set[str] = set()
    spelled: str | None = None
    # where the phrase before ends
    end = 0
    # most words begin no phrase
    for position in compress(range(len(tokens)), map(BEGINNINGS.__getitem__, tokens)):
        if position < end:
            continue
        phrases = BEGINNINGS[tokens[position]]
        # most are one word, and have nothing to be compared with
        is_alone = len(phrases) == 1 and len(phrases[0].words) == 1
        phrase, length = (phrases[0], 1) if is_alone else longest(phrases, tokens, position)
        if phrase is None or (tokens[position] in _OF_STATISTICS and _is_statistics(tokens, position)):
            continue
        opening = tokens[end:position]
        if spelled and opening and set(opening) == {"("} and len(phrase.words) <= 2 and phrase.name != _X_RAYS:
            # "scanning transmission electron microscopy (HAADF-STEM)" is one technique: the more special of the two
            strong.discard(spelled)
            strong.add(min(spelled, phrase.name, key=_order().__getitem__))
        elif (strong - {"plot"} or tokens[0] in _TAIL_WORDS) and _is_undergone(tokens, position):
            pass
        elif not phrase.is_quantity:
            # "HRTEM images used to analyze the crystal structure" of a crystal are no drawing of it
            if position < _HEAD_WORDS or phrase.words[-1] not in _OF_HEADS:
                strong.add(phrase.name)
            if phrase.name in _OF_RINGS and tokens[max(0, position - 1)] in _TWO_DIMENSIONS:
                strong.add(MAP)
        elif position < _HEAD_WORDS or phrase.words[0] in _AGAINST or phrase.words[0] in _OF_NUMBERS:
            weak.add(phrase.name)
        end = position + length
        spelled = phrase.name if len(phrase.words) > 1 else None
    if "plot" in strong and (against := _AS_FUNCTION.search(plain)) and PICTURED.match(plain):
        # "SEM images of films as a function of pressure"
        return named_in(plain[: against.start()] + " at " + plain[against.end() :])
    if strong and not strong <= _DRAWN and _is_drawn(plain, strong):
        strong = (strong & _DRAWN) | {"schematic"}
    elif ("plot" in strong or weak) and not strong.isdisjoint(_IMAGING) and _OF_A_COUNT.match(plain):
        strong -= _IMAGING
    elif not strong.isdisjoint(_IMAGING | _STAINED) and _OF_MEASURES.search(plain) and not PICTURED.match(plain):
        strong = (strong - _IMAGING - _STAINED) | {"plot"}
    return (frozenset(strong), frozenset(weak)) if strong or weak else _NOTHING


def _is_drawn(plain: str, strong: set[str]) -> bool:
    """True if an instrument is drawn in `plain`, and what it makes is not shown beside it."""
    is_told = ("schematic" in strong and _OF_A_DRAWING.match(plain)) or (
        any(map(plain.__contains__, _SETUPS)) and _OF_A_SETUP.match(plain)
    )
    return bool(is_told) and not _SHOWN_BESIDE.search(plain)


def _is_undergone(tokens: Sequence[str], position: int) -> bool:
    """ "SEM image after the CV test", "Photo of the cell for in situ XRD": what a sample goes through, or is for.

    So is what was made elsewhere: "Optical image of the region where the EBSD map was taken".
    """
    near = tokens[max(0, position - _UNDERGOING_REACH) : position]
    last = next(dropwhile(_FILLERS.__contains__, reversed(near)), "")
    return last in _UNDERGOING or not _ELSEWHERE.isdisjoint(near)


def _is_statistics(tokens: list[str], position: int) -> bool:
    if tokens[position] in ("CV", "CVs"):
        # the coefficient of variation is no voltammogram
        before, after = tokens[max(0, position - 3) : position], tokens[position + 1 : position + 4]
        # "after conditioning (10 CVs)"
        is_count = any(map(str.isdigit, before[-1:]))
        return is_count or any(token.lower() == "variation" for token in before) or "coefficient" in after
    if tokens[position] not in ("SEM", "SEMs"):
        return False
    before = [token.lower() for token in tokens[max(0, position - _STATISTICS_REACH) : position]]
    behind = [token.lower() for token in tokens[position + 1 : position + 1 + _SPREADS_REACH] if token != "("]
    if behind and behind[0].startswith(_PICTURE):
        return False
    near = before[-_SPREADS_REACH:]
    # "bars show SEM of five animals", not those of a scale
    has_bars = "bars" in near and "scale" not in before
    counts = _counts(near) or (behind[:1] == ["n"] and _counts(behind))
    has_bars = has_bars or near[-1:] == ["lines"] or behind[:2] == ["standard", "error"] or _of_samples(behind)
    return has_bars or counts or not _STATISTICS.isdisjoint(before) or not _SPREADS.isdisjoint((*near, *behind))


def _of_samples(behind: Sequence[str]) -> bool:
    """True for "of triplicates", "across mice", "of three mice"."""
    is_counted = behind[:1] and (behind[0] in _OVER or (behind[1:] and (behind[1] in _NUMBERS or behind[1].isdigit())))
    samples = _SAMPLES | _ANIMALS if is_counted else _SAMPLES
    return bool(behind) and behind[0] in _OVER | {"of", "from"} and not samples.isdisjoint(behind)


def _counts(tokens: Sequence[str]) -> bool:
    """True if `tokens` tell a number of cases: "n = 5"."""
    return any(one == "n" and other.isdigit() for one, other in pairwise(tokens))
