"""Measures, quantities of things: "number of panicles (a), panicle length (b)" are two, each of its own thing."""

import re
from collections.abc import Sequence
from itertools import takewhile

from exsclaim.captions.segmentation.stem_ends import Word
from exsclaim.captions.spans import Span, trimmed
from exsclaim.captions.word_classes import PREPOSITIONS

# what is measured of a thing: "number of panicles (a), panicle length (b)" are two of them
MEASURE = re.compile(
    r"(?:lengths?|widths?|heights?|depths?|thickness|diameters?|distances?|areas?|volumes?|weights?|mass|biomass|sizes?|"
    r"yields?|contents?|concentrations?|amounts?|numbers?|counts?|percentages?|proportions?|ratios?|ind(?:ex|ices)|"
    r"rates?|speed|velocity|frequenc(?:y|ies)|durations?|times?|hours|temperatures?|pressures?|densit(?:y|ies)|"
    r"intensit(?:y|ies)|levels?|activit(?:y|ies)|capacit(?:y|ies)|efficienc(?:y|ies)|abundances?|potentials?|"
    r"latenc(?:y|ies)|scores?|conductances?|conductivity|resist(?:ances?|ivity)|currents?|voltages?|power|"
    r"energ(?:y|ies)|loss(?:es)?|"
    r"strength|modulus|hardness|stress(?:es)?|strains?|viscosity|porosity|coefficients?|accumulation|growth)",
    re.IGNORECASE,
)
# what a material or device has, and no picture shows
_PROPERTIES = (
    r"(?:efficienc(?:y|ies)|conductivity|resistivity|resistances?|capacit(?:y|ies|ances?)|modul(?:us|i)|hardness|"
    r"viscosity|transmittance|reflectance|absorbance|voltages?|currents?|current\sdensity|photocurrents?|stability|"
    r"retention|capability|performance|mobilit(?:y|ies)|strengths?|elongations?|coefficients?|responsivity|"
    r"overpotentials?|polari[sz]ation|magneti[sz]ation|roughness|porosity)"
)
PROPERTY = re.compile(rf"(?:the\s)?(?:[\w–-]+\s){{0,6}}?{_PROPERTIES}(?:\s(?:changes?|variations?|ratios?))?")
_OF_PROPERTY = re.compile(rf"\s(?:of|for)\s(?:the\s)?(?:[\w–-]+\s){{0,3}}?{_PROPERTIES}\b")
_PICTURES = re.compile(
    r"(?:[\w–/-]+\s){0,7}?(?:images?|\w*graphs?|photos?|patterns?|spectr(?:a|um)|voltammograms?|isotherms?|"
    r"diffractograms?|curves?|Nyquist\splots?|schematics?)\s(?:of|for|at|from|with|under|taken|recorded)\b"
)
_PLACE = re.compile(r"\s(?:of|for|in|at|on|with|from|as|versus|vs\.?|under|over|after|during|between)\s")
_MEASURE_OF = re.compile(
    rf"(?:^|\s)(?:(?:the|total|mean|average|maximum|relative)\s)*{MEASURE.pattern}\sof(?:\sthe)?$", re.IGNORECASE
)
_ONLY_MEASURE_OF = re.compile(rf"(?:the\s)?{MEASURE.pattern}\sof(?:\sthe)?", re.IGNORECASE)


def begins_with_measure(words: Sequence[Word]) -> bool:
    """ "Escape latency to find": a measure and its name, before a "to" or a place where it was measured."""
    head = list(takewhile(lambda word: word[2].lower() not in PREPOSITIONS, words))
    behind = words[len(head)][2].lower() if len(head) < len(words) else ""
    return len(head) > 1 and behind in ("to", "in", "at", "during") and bool(MEASURE.fullmatch(head[-1][2]))


def is_property_beside(said: str, part: str) -> bool:
    """ "XRD patterns of rods (a), photocurrent at 1 V (b)": True if no picture that is `said` before shows `part`."""
    own = _PLACE.split(part)[0]
    if not (PROPERTY.fullmatch(own) and _PICTURES.match(said)):
        return False
    # "Curves of conductivity (a) and resistance (b)", "I–V curves at high voltage (a) and low voltage (b)"
    return not _OF_PROPERTY.search(said) and own.rpartition(" ")[2] not in said


def before_measure(text: str, stem: Span, wanted: Sequence[str]) -> Span | None:
    """ "Number of panicles (a), panicle length (b)": a measure of its own is not of the measure before."""
    own = list(takewhile(lambda word: word.lower() not in PREPOSITIONS, wanted))
    if not any(MEASURE.fullmatch(word) for word in own[-2:]):
        return stem
    if (measure := _MEASURE_OF.search(text, *stem)) is not None:
        return trimmed(text, Span(stem.start, measure.start()))
    # "number of leaves (b) and yield (c)": the whole stem is of the measure before
    return None if _ONLY_MEASURE_OF.fullmatch(text, *stem) else stem
