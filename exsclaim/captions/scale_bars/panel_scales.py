"""Length of each panel: what is told of it alone counts before what is told of several panels, or of all.

Two lengths that one panel's own words tell of two bars ("rods (scale bar, 5 µm) and wires (scale bar, 1 µm)") are
nobody's, and so are several that a figure without labels tells: no length is better than another picture's.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from itertools import islice
from typing import NamedTuple

from exsclaim.captions.labels.label_ranges import LABEL_LIST, expanded
from exsclaim.captions.scale_bars.drawn_panels import is_drawn
from exsclaim.captions.scale_bars.inset_lengths import without_insets
from exsclaim.captions.scale_bars.scale_exceptions import names_exception
from exsclaim.captions.scale_bars.scale_lists import LENGTH, Kind, Token, length_nm, scale_tokens
from exsclaim.captions.scale_bars.stated_scales import (
    KEYWORD,
    StatedScale,
    is_scale_sentence,
    keyword_in,
    labelled_scales,
    speaks_of_scales,
    states_length,
)
from exsclaim.captions.spans import Span

_BAR_AFTER = re.compile(r"[\s-]+scale[- ]?bars?\b")
_PLACES = "(?:left|right|top|bottom|upper|lower|middle|white|black|red|yellow)"
_PLACE = rf"(?:(?:in|on|at)\s)?(?:the\s)?{_PLACES}"
_LIST_JOINT = re.compile(
    rf"\s*(?:\([^()]{{1,30}}\)|{_PLACE}(?:\s\w+)?|for\s[\w-]+(?:\s[\w-]+){{0,3}}?)?\s*(?:[,;/&]|and|or|,\s*and)?\s*(?:(?:\w+[,:]|{_PLACE})\s)?"
)
_PLACE_NEXT = re.compile(rf"\s*[(\[]?{_PLACE}\b", re.IGNORECASE)
_INSET_BEFORE = re.compile(r"[Ii]nsets?[\s,:]*(?:the\s)?$")
# "inset: HRTEM image, scale bar 2 nm"; a diffraction pattern has no bar in nm
_INSET_WORDS_BEFORE = re.compile(r"[Ii]nsets?:(?![^.;()]*(?:SAED|FFT|[Dd]iffraction|[Ss]pectr))[^.;()]{1,60}$")
_OF_INSET = re.compile(r"\s*(?:The\s|In\sthe\s|Each\s)?[Ii]nsets?\b")
_CLOSER = re.compile(r"\b(?:insets?|magnif\w+|enlarge\w*|zoom\w*|close-?ups?|higher|details?)\b", re.IGNORECASE)
# of one sentence; the bound keeps hostile text linear
_MOST_KEYWORDS = 50


class _Told(NamedTuple):
    """A length that is told of a panel: of how many panels it is told, where, and whether the panel is named there."""

    nm: float
    """0 where several are told, and nobody can say which is the panel's."""
    reach: int
    place: Span
    is_named: bool = False


def scales_by_label(
    text: str, sentences: Sequence[Span], labels: Sequence[str], of_label: Mapping[str, Sequence[Span]]
) -> dict[str, float]:
    """Length in nm of the scale bar of each label, and of "" where a length is stated for all panels or without labels.

    A length with labels at its side is theirs; one without is that of the labels whose segment it stands in, of
    those among them that are pictures.
    """
    found: dict[str, list[_Told]] = {}
    if not speaks_of_scales(text):
        return {}
    for sentence in sentences:
        keyword = keyword_in(text, sentence)
        if labels and labels[0].isdigit() and len({one.group() for one in LENGTH.finditer(text, *sentence)}) > 1:
            # "1–2 = 0.5 mm; 3 = 0.1 mm": nobody's, for numbers are not read as labels here
            if _have_one_each(text, sentence, of_label):
                _add_unlabelled(text, sentence, of_label, found)
            continue
        is_told = is_scale_sentence(text, sentence)
        if keyword is None and not (is_told and states_length(text, sentence)):
            continue
        if not is_told and _OF_INSET.match(text, *sentence):
            # "The inset shows a nucleus (scale bar, 1 µm)"
            continue
        is_whole = keyword is None or (is_told and names_exception(text, Span(sentence.start, keyword.start())))
        # "Inset scale bars: 5 nm (a)"
        inset = keyword and _INSET_BEFORE.search(text, max(sentence.start, keyword.start() - 14), keyword.start())
        start = inset or keyword
        region = Span(sentence.start if is_whole or start is None else start.start(), sentence.end)
        owners = [label for label, spans in of_label.items() if any(_holds(span, region.start) for span in spans)]
        paired: list[StatedScale] = []
        if is_told or _is_list(text, region, of_label):
            paired = labelled_scales(text, region, labels, owners)
        for stated in paired:
            for label in stated.labels:
                if stated.nm:
                    told = _Told(stated.nm, len(stated.labels), stated.length, is_named=True)
                    found.setdefault(label, []).append(told)
        if not paired:
            _add_unlabelled(text, sentence, of_label, found)
    chosen = {label: _chosen(text, told) for label, told in found.items()}
    return {label: nm for label, nm in chosen.items() if nm is not None}


def _have_one_each(text: str, sentence: Span, of_label: Mapping[str, Sequence[Span]]) -> bool:
    """True if no label's words in `sentence` hold two lengths: "(1, 2) Scale bars = 2 mm; (3) scale bar = 1 mm"."""
    places = [length.start() for length in LENGTH.finditer(text, *sentence)]
    held = [sum(_holds(span, place) for span in spans for place in places) for spans in of_label.values()]
    return max(held) == 1


def _chosen(text: str, told: Sequence[_Told]) -> float | None:
    """The length told of the fewest panels; None where a panel is told of two bars, and none is that of an inset."""
    fewest = min(one.reach for one in told)
    nearest = [one for one in told if one.reach == fewest]
    first = next((one for one in nearest if one.is_named), nearest[0])
    others = [] if first.is_named else [one for one in nearest if one.nm != first.nm]
    is_alone = all(_CLOSER.search(text, first.place.end, one.place.start) for one in others)
    return first.nm if is_alone and first.nm else None


def _add_unlabelled(
    text: str, sentence: Span, of_label: Mapping[str, Sequence[Span]], found: dict[str, list[_Told]]
) -> None:
    """Lengths without labels: of the labels whose text they stand in; several different ones are nobody's."""
    for lengths in _stated(text, sentence):
        span, nm = lengths[0]
        owners = [label for label, spans in of_label.items() if any(_holds(one, span.start) for one in spans)]
        is_several = len({nm for _, nm in lengths if nm}) > 1
        if not nm:
            continue
        if is_several and not (len(owners) == 1 and _PLACE_NEXT.match(text, span.end)):
            # "10 µm (left), 2 µm (right)" of one panel: the first; any other list is nobody's
            nm = 0.0
        if (
            owners
            and not found
            and _ends_caption(text, sentence, span)
            and all(is_drawn(text, of_label[label]) for label in owners)
        ):
            # "(C) Quantification of sizes; WT, wild type; scale bars, 5 µm": a plot has none, so they are the pictures'
            owners = []
        # what is said of the whole figure only ("Magnification ×200; scale bar: 5 µm") holds for all
        owners = owners or list(of_label)
        told = _Told(nm, len(owners), span)
        pictures = [label for label, spans in of_label.items() if not is_drawn(text, spans)]
        if len(owners) == len(of_label) or (owners == pictures and _is_behind_all(sentence, of_label)):
            found.setdefault("", []).append(told)
            owners = [label for label in owners if label in pictures]
        for label in owners:
            found.setdefault(label, []).append(told)


def _is_behind_all(sentence: Span, of_label: Mapping[str, Sequence[Span]]) -> bool:
    """True if every label has been told something before `sentence`."""
    return all(spans and spans[0].start < sentence.start for spans in of_label.values())


def _ends_caption(text: str, sentence: Span, length: Span) -> bool:
    """True if `length` stands behind a semicolon of the caption's last sentence."""
    return not text[sentence.end :].strip(" .") and text.find("; ", sentence.start, length.start) >= 0


def _is_list(text: str, region: Span, of_label: Mapping[str, Collection[Span]]) -> bool:
    """ "SEM images, scale bar = 500 nm (a), 200 nm (b)": a list of lengths within a sentence about something else.

    In "(a) SEM image, scale bar 500 nm, (b) TEM image" the label behind the length begins the next panel's words.
    """
    first = LENGTH.search(text, *region)
    if first is None:
        return False
    label = re.compile(rf"[\s,]{{0,2}}(?:(?:in|for|of)\s)?[(\[](?P<list>{LABEL_LIST})[)\]]").match(
        text, first.end(), region.end
    )
    if label is None:
        return False
    names = expanded(label["list"])[0]
    begins = any(0 < span.start - label.end() <= 2 for name in names for span in of_label.get(name, ()))
    return set(names) <= set(of_label) and not (begins and "," in label[0].partition("(")[0])


def _stated(text: str, span: Span) -> list[list[tuple[Span, float]]]:
    """Lengths that follow the word "scale bar" closely or precede it ("100 µm scale bar"), without those of insets.

    Lengths of one list, "5 µm, 10 µm and 20 µm", lie together.
    """
    found: list[list[tuple[Span, float]]] = []
    behind: set[int] = set()
    for length in LENGTH.finditer(text, *span):
        if bar := _BAR_AFTER.match(text, length.end(), span.end):
            found.append([(Span(*length.span()), length_nm(length["number"], length["unit"]))])
            behind.add(bar.end())
    for keyword in islice(KEYWORD.finditer(text, *span), _MOST_KEYWORDS):
        if keyword.end() in behind:
            # "1 µm scale bar, with 20 nm pores"
            continue
        tokens = scale_tokens(text, Span(keyword.end(), min(span.end, keyword.end() + 160)), ())
        kept = [token for token in without_insets(text, tokens) if token.kind is Kind.LENGTH]
        inset = _INSET_BEFORE.search(text, max(span.start, keyword.start() - 14), keyword.start())
        inset = inset or _INSET_WORDS_BEFORE.search(text, max(span.start, keyword.start() - 72), keyword.start())
        if kept and not inset and kept[0].span.start < keyword.end() + 60:
            found.append([(token.span, token.nm) for token in kept[: 1 + _more(text, kept)]])
    return found


def _more(text: str, lengths: Sequence[Token]) -> int:
    """Number of lengths that continue the list that the first one begins: "5 µm, 10 µm and 20 µm"."""
    more = 0
    while more + 1 < len(lengths):
        between = text[lengths[more].span.end : lengths[more + 1].span.start]
        if not _LIST_JOINT.fullmatch(between):
            break
        more += 1
    return more


def _holds(outer: Span, position: int) -> bool:
    return outer.start <= position < outer.end
