"""Techniques of each panel: its own, those of the whole figure, those of the picture that it is a closer view of."""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache

from exsclaim.captions.scale_bars.stated_scales import SCALE_BAR, states_bar
from exsclaim.captions.terms.depictions import depicted
from exsclaim.captions.terms.lead_words import is_the_same, shown_by
from exsclaim.captions.terms.techniques import (
    BRIGHT_FIELD,
    BY_ELECTRONS,
    ELECTRONS,
    MAP,
    NO_TECHNIQUES,
    PICTURED,
    named_in,
    techniques,
)

# a look that spares most labels the pattern: it matches none without one of these
_CLOSER_STEMS = ("agnif", "large", "lose", "xpanded", "oom", "etail", "imilar", "orrespond", "ame as", "ame for")
_CLOSER = re.compile(
    r"\b(?:(?:closer|magnified|enlarged|expanded|zoomed(?:-in)?|high(?:er)?[ -]magnification|large[ -]area|detailed)"
    r"\s(?:\w+\s)?(?:view|version|image|micrograph|area|region|section)s?|similar images?|close[ -]?up|zoom|"
    r"magnifications? of|large area|same (?:as|for)|corresponding (?:phase|height|amplitude|topographic) images?)\b",
    re.IGNORECASE,
)
_OF_SCALES = re.compile(rf"(?:The |All )?(?:{SCALE_BAR})\b")
_IN_PANEL = re.compile(r"\b(?:in|of|from|[Aa]s|to|for)\s(?:panels?\s)?[(\[]?([A-Za-z]\d?)\b(?!\s[a-z])")
# "SEM, scanning electron microscopy": what a short form means
_SHORT_FORM = re.compile(r"(?:Abbreviations?\W+)?[A-Z][\w-]{1,7}\s?[,:=–]\s?[a-z][^.]{3,}")
# "The stacks are as in the TEM images of Fig. 3": behind the first sentence, what another figure shows
_ELSEWHERE = re.compile(r"\((?:e\.g\.\s|see\s)?(?:Figs?\.?|Figures?)\s?S?\d")
# short forms that mean other things as well, and where a caption says what: "PL, panicle length", "triglyceride (TG)"
_AMBIGUOUS = (
    *("ABF", "ADF", "AFM", "APT", "BET", "CV", "DLS", "DTA", "EIS", "EPR", "ESR", "IPF", "PFM", "PL", "SAD"),
    *("STM", "STS", "TG", "UPS"),
)
_MEANT = re.compile(
    rf"\b(?P<short>{'|'.join(_AMBIGUOUS)})s?(?:\s?[,:=–]\s?(?P<behind>[a-z][^;.,():=]{{2,60}}))"
    rf"|(?P<before>(?:[\w-]+\s){{1,4}})\((?P<form>{'|'.join(_AMBIGUOUS)})s?\)"
)
_PICTURES_OF = re.compile(
    rf"(?:{PICTURED.pattern}|(?:[\w-]+\s){{0,3}}?(?:schematics?(?:\s(?:diagrams?|representations?|views?))?|drawings?|"
    r"illustrations?|sketch(?:es)?|diagrams?|cartoons?))\s"
    r"(?:of|for|showing|illustrating|depicting|explaining|exemplifying)\b",
    re.IGNORECASE,
)
_CURVES_OF = re.compile(
    r"(?:[\w/–-]+[\s)(]{1,2}){1,5}?(?:spectr(?:a|um)|patterns?|diffractograms?|voltammograms?|isotherms?|thermograms?)\s"
    r"(?:of|for|from|recorded|collected)\b"
)
# what is no plot, whatever quantities the title is about: "Expression of genes. (a) Phenotypes of the plants"
_NO_PLOT = re.compile(
    r"\b(?:images?|imaged|pictures?|phenotypes?|morpholog\w+|phylogen\w+|trees?|alignments?|maps?|gels?|sections?|stain(?:ing|ed)|"
    r"visual\w*|(?<!graphical )represent(?:ation|ing)|appearance|anatomy|structure of|constructs?|lesions?)\b",
    re.IGNORECASE,
)
_PHASES = re.compile(r"\bphase (?:distribution )?maps?\b", re.IGNORECASE)
_FIRST_WORDS = 10
_MOST_BLANKS = 2
# techniques that a caption's quantities may have told alone
_PLOT = ("plot",)
_UNNAMED = ((), _PLOT)
_NO_PLOTS = ("schematic", "photo", "map")
# what a panel shows whatever the other panels of its figure are pictures of
_OF_OTHERS = ("schematic", "map")
_UNSCALED = ("plot", "schematic")
# a plot for all that, where the bar is that of another panel: "Relative expression in roots. Bars, 5 µm"
_COUNTED = re.compile(
    r"(?:^|\b)(?:q?RT-q?PCR|qPCR|[Rr]elative expression|[Nn]umbers? of|[Nn]umber among|[Pp]ercentages?|[Mm]eans?|±|"
    r"[Ss]ignifican\w+|[Ss]tatistic\w+|[Ss]tandard (?:error|deviation)s?|[Ee]rror bars?|n ?= ?\d)"
)
_PICTURES = ELECTRONS | {"SEM", "AFM", "STM", "fluorescence", "optical", "photo", "EDS", "EBSD", "X-ray tomography"}
_OF_ELECTRONS = ELECTRONS | {"SAED", "CBED", "EELS"}


@cache
def _of_ambiguous() -> frozenset[str]:
    return frozenset(techniques(_AMBIGUOUS)) - {"plot"}


def techniques_by_label(about: Mapping[str, Sequence[str]], general: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Techniques of each label of `about`, its texts; one that names none has those of the whole figure, `general`."""
    found = _by_label(about, general)
    if _of_ambiguous().isdisjoint(name for names in found.values() for name in names):
        return found
    others = _with_other_meaning([*general, *(text for texts in about.values() for text in texts)])
    if others is None:
        return found
    plain = {label: tuple(others.sub(" ", text) for text in texts) for label, texts in about.items()}
    return _by_label(plain, [others.sub(" ", text) for text in general])


def _by_label(about: Mapping[str, Sequence[str]], general: Sequence[str]) -> dict[str, tuple[str, ...]]:
    whole = [shown_by(text) for number, text in enumerate(general) if not (number and _SHORT_FORM.fullmatch(text))]
    of_all = techniques(whole)
    if _is_suggested(whole):
        # "Expression and subcellular localization of OsPK2": two panels of several
        of_all = tuple(name for name in of_all if name != "fluorescence")
    is_of_quantities = of_all == ("plot",) and _is_suggested(whole)
    is_of_pictures = bool(of_all) and _shows_pictures(whole)
    of_curves = of_all if len(of_all) > 1 and of_all[-1] == "plot" and _shows_curves(whole) else ()
    found: dict[str, tuple[str, ...]] = {}
    owned: dict[Sequence[str], tuple[Sequence[str], tuple[str, ...]]] = {}
    previous = ""
    for label, texts in about.items():
        if texts not in owned:
            said = _saying(texts)
            # "(a) Optical and (b) SEM images": the words of a name may stand apart
            own = techniques(said) or (techniques((" ".join(said[:2]),)) if said[1:] and " " not in said[0] else ())
            # "Schematic of one cycle. (a) The step is based on adsorption"
            if own and (is_of_pictures or of_curves) and _is_suggested(said):
                own = of_curves
            elif of_curves and own == of_curves[:-1]:
                # "EDX spectra of films. (a) The EDX signal of zinc"
                own = of_curves
            elif len(own) > 1 and sum(other[:1] == texts[:1] for other in about.values()) > 1:
                own = _named_apart(said, own)
            owned[texts] = said, own
        said, own = owned[texts]
        names = own
        if not own and of_all and not (is_of_quantities and _NO_PLOT.search(_head(said))):
            names = of_all if is_of_pictures else techniques(said, of_all)
        if own == _PLOT and not _is_suggested(said):
            # "Setup for curves": a plot by its words, and a drawing by the first of them
            shown = depicted(said[:1], has_quantity=True)
            names = (shown,) if shown in _NO_PLOTS else names
        elif own in _UNNAMED:
            names = _depicted(texts, said, names, bool(own), () if is_of_pictures else general)
        if previous and texts and is_the_same(texts[0]) and (own in _UNNAMED or _is_suggested(said)):
            # "(b) As (a) but for zinc"
            names = found.get(_told_in(texts[0], found) or previous, ()) or names
        elif previous and not own and (view := _closer_view(said)):
            names = _as_seen(found.get(_seen_in(view, found) or previous, ())) or names
        if names:
            found[label] = names
        # a closer view is of a picture, not of its transform
        if not previous or not {"FFT", "SAED"} >= set(found.get(label, ())) - {"plot"}:
            previous = label
    return _with_x_rays(_with_orientations(_with_electrons(found, about), about), about, general)


def _head(said: Sequence[str]) -> str:
    return " ".join(" ".join(said).split()[:_FIRST_WORDS])


def _depicted(
    texts: Sequence[str], said: Sequence[str], names: tuple[str, ...], is_own: bool, general: Sequence[str]
) -> tuple[str, ...]:
    """Techniques of a panel that names none: those of what it speaks of, or of what its quantities suggest."""
    if said[1:] and said[0].count(" ") < _MOST_BLANKS:
        # "(a) Optical and (b) SEM microstructures", "right lateral (a) and left lateral (b) views"
        said = (" ".join(said[:2]), *said[2:])
    if names not in _UNNAMED:
        shown = depicted(said, has_quantity=True, without=_not_shown(texts))
        return (shown,) if shown in _OF_OTHERS else names
    shown = depicted(said, has_quantity=is_own)
    # most panels tell nothing, and need no look for a scale bar
    without = _not_shown(texts) if shown in _UNSCALED or (names and not shown) else ()
    if without:
        shown = depicted(said, without=without)
    picture = PICTURED.match(said[0]) if said else None
    if shown == "plot" and not is_own and picture and not picture.group().endswith(("map", "maps")):
        shown = None
    if not shown and not is_own and not picture:
        shown = depicted(general[:1], has_quantity=bool(techniques(general[:1])))
        shown = None if shown in _UNSCALED and shown in _not_shown(texts) else shown
    return (shown,) if shown else tuple(name for name in names if name not in without)


def _not_shown(texts: Sequence[str]) -> Sequence[str]:
    """Techniques that the panel of `texts` cannot have: with a scale bar it is no curve and no drawing."""
    return _UNSCALED if any(map(states_bar, texts)) and not any(map(_COUNTED.search, texts)) else ()


def _named_apart(said: Sequence[str], named: tuple[str, ...]) -> tuple[str, ...]:
    """ "HAADF images and EDX maps: (a) HAADF; (b) Ti": which of the stem's pictures a part says that it is."""
    of_stem = set(techniques(said[:1])) - {"plot"}
    own = techniques(said[1:2])
    is_one = len(of_stem) > 1 and bool(own) and of_stem.issuperset(own) and not _is_suggested(said[1:2])
    return own if is_one else named


def _saying(texts: Sequence[str]) -> Sequence[str]:
    """Texts that may say how a panel was made: not "Scale bars: SEM, 5 µm", nor what another figure shows."""
    texts = [shown_by(text) for text in texts]
    joined = " ".join(texts)
    if "cal" in joined:
        texts = [one for one in texts if not _OF_SCALES.match(one)]
    if "Fig" in joined or "fig" in joined:
        texts = [one for number, one in enumerate(texts) if not (number and _ELSEWHERE.search(one))]
    return texts


def _with_other_meaning(texts: Iterable[str]) -> re.Pattern[str] | None:
    """Short forms that a caption gives another meaning than the technique's; None where there are none."""
    said = " ".join(dict.fromkeys(texts))
    near = [short for short in _AMBIGUOUS if short in said]
    found = {
        short
        for meant in (_MEANT.finditer(said) if near else ())
        if _is_meaning(short := meant["short"] or meant["form"], meant["behind"] or meant["before"])
    }
    return re.compile(rf"\b(?:{'|'.join(sorted(found))})s?\b") if found else None


def _is_meaning(short: str, said: str) -> bool:
    """True if the words `said` beside a short form begin with its letters, and name no technique."""
    words = said.split()
    initials = "".join(word[0] for word in words).upper()
    is_word = words[-1][0].upper() == short[0] and short[-1] in words[-1].upper()[1:]
    is_of = initials.startswith(short) or initials.endswith(short) or is_word
    return is_of and _is_suggested((said,))


def _with_electrons(
    found: dict[str, tuple[str, ...]], about: Mapping[str, Sequence[str]]
) -> dict[str, tuple[str, ...]]:
    """ "(a) Bright field image, (b) SAED pattern": beside electrons a bright field is one of electrons, too."""
    bright = [label for label, names in found.items() if "optical" in names and _names_bright_field(about[label])]
    if bright and not _OF_ELECTRONS.isdisjoint(name for names in found.values() for name in names):
        for label in bright:
            others = [name for name in found[label] if name != "optical"]
            found[label] = tuple(others) if not ELECTRONS.isdisjoint(others) else ("TEM", *others)
    return found


def _with_orientations(
    found: dict[str, tuple[str, ...]], about: Mapping[str, Sequence[str]]
) -> dict[str, tuple[str, ...]]:
    """ "(a) IPF map, (b) phase map": beside orientations a map of phases is of their diffraction, too."""
    if ("EBSD",) in found.values():
        for label, texts in about.items():
            if found.get(label, _PLOT) in (_PLOT, ("map",)) and any(map(_PHASES.search, texts)):
                found[label] = ("EBSD",)
    return found


def _with_x_rays(
    found: dict[str, tuple[str, ...]], about: Mapping[str, Sequence[str]], general: Sequence[str]
) -> dict[str, tuple[str, ...]]:
    """ "XRD patterns: (a) … (b) Diffraction patterns": beside X-rays, and no electrons, a pattern is of X-rays, too."""
    named = {name for names in found.values() for name in names}
    if "SAED" in named and ("XRD" in named or "XRD" in techniques(general)) and ELECTRONS.isdisjoint(named):
        for label, names in found.items():
            if "SAED" in names and not any(map(BY_ELECTRONS.search, about[label])):
                found[label] = techniques(("XRD pattern",), [name for name in names if name != "SAED"])
    return found


def _is_suggested(texts: Iterable[str]) -> bool:
    """True if `texts` name no technique: what quantities in them suggest is all that they say."""
    return all(named_in(text)[0] <= NO_TECHNIQUES for text in texts)


def _names_bright_field(texts: Iterable[str]) -> bool:
    """True if one of `texts` names a bright or dark field, of light or of electrons."""
    return any(BRIGHT_FIELD in named_in(text)[0] for text in texts)


def _shows_pictures(texts: Sequence[str]) -> bool:
    """True if `texts` begin with pictures or a drawing of something, and name no plot."""
    named = named_in(texts[0])[0] if texts else frozenset()
    return bool(named - {MAP}) and "plot" not in named and bool(_PICTURES_OF.match(texts[0]))


def _shows_curves(texts: Sequence[str]) -> bool:
    """ "XRD patterns of films. (a) Temperatures of 200 °C": True if `texts` begin with the curves of one method."""
    said = _CURVES_OF.match(texts[0]) if texts else None
    return said is not None and len(set(techniques((said.group(),))) - {"plot"}) == 1


def _as_seen(names: tuple[str, ...]) -> tuple[str, ...]:
    """Techniques of a closer view: of the picture beside a plot, or of the curve itself."""
    return tuple(name for name in names if name != "plot") if not _PICTURES.isdisjoint(names) else names


def _closer_view(said: Sequence[str]) -> re.Match[str] | None:
    words = " ".join(said)
    lowered = words.lower()
    return _CLOSER.search(words) if any(map(lowered.__contains__, _CLOSER_STEMS)) else None


def _seen_in(view: re.Match[str], labels: Iterable[str]) -> str | None:
    """The label that a closer view is taken from: "magnified view of the box in (a)"."""
    return _told_in(view.string[view.end() :], labels)


def _told_in(text: str, labels: Iterable[str]) -> str | None:
    """The first of `labels` that `text` names."""
    named = _IN_PANEL.search(text)
    return next((label for label in labels if named and label.lower() == named[1].lower()), None)
