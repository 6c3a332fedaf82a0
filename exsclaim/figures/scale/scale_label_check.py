"""A scale label read again where the first reading may be wrong: by a second reader, and for its decimal point.

A lost decimal point is the worst error there is: "1.0" read as "10" is wrong tenfold and looks sure. So a label is read
again where its text is unlikely, unusual or hides a dot, where our own two readers differ, or where a superscript may
follow: 5 nm⁻¹ is no length. Agreement raises the confidence, disagreement lowers it and puts the label in doubt.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from exsclaim.figures.detection.second_reader import Reading, SecondReader, installed
from exsclaim.figures.scale.scale_bars import DetectedScaleLabel
from exsclaim.lengths import length_nm, tidy

SURE = 0.9
"""A text read with this probability is not read again, if it is a usual one and hides no dot."""
_LEAST_SECOND = 0.5
"""Below this confidence the second reader's word counts for nothing."""
_ADOPTED = 0.8
"""From this confidence on the second reader's text replaces a doubtful one."""
_TRUST = 0.95
"""Weight of the second reader's confidence where both agree."""
POINT_ROOM = 0.4
"""Heights of a label before its box within which a decimal point stands."""
_SURE_OF_NO_POINT = 0.95
"""A text read with less probability may have lost the decimal point that its print hides, whatever both readers say."""
_USUAL = re.compile(r"(?:[125]0{0,2}|0\.[125]) (?:nm|µm)")
_LOOKALIKE = str.maketrans({"O": "0", "o": "0", "l": "1", "I": "1", "|": "1", "S": "5"})
_NUMBER = re.compile(r"^(?:[0-9OolI|S]+(?:[.,][0-9OolIS]+)?|[.,][0-9]+)")
_MISREAD = {"nm": re.compile(r"n\w{0,2}"), "µm": re.compile(r"[a-zA-Zµμ]m|[uµμ]\w{0,2}")}
"""What the second reader makes of a unit in small print, or before a plate's edge: "100 ng", "300 nml", "20jm"."""
_DOT_SIZE = (0.06, 0.38)
"""Sides of a decimal point as shares of the text's height."""
_TALL = 0.6
"""Height of a digit as a share of the tallest one's, at least."""


def confirmed(
    label: DetectedScaleLabel,
    crop: NDArray[np.uint8],
    *,
    wider: NDArray[np.uint8] | None = None,
    always: bool = False,
    second_reader: Callable[[], SecondReader | None] = installed,
) -> DetectedScaleLabel:
    """A scale label with its text and confidence after a second look; `in_doubt` where doubt remains.

    Args:
        label: as the first reader read it.
        crop: `(h, w, 3)` uint8 RGB around its text, with the superscript that it may have.
        wider: the same with room for a point before the number: detectors leave out that of ".2 µm".
        always: read again even what is sure.
        second_reader: gives the second reader, where one is needed; None where there is none: then what is improbable
            or hides a dot stays in doubt.
    """
    if not label.text:
        return label
    hidden = "." not in label.text and point_in(crop) is not None
    if "." not in label.text and not hidden and wider is not None and point_in(wider) == "before":
        hidden, crop = True, wider
    differs = label.other_text not in ("", label.text)
    usual = bool(_USUAL.fullmatch(label.text)) and label.text_confidence >= SURE
    if usual and not (hidden or differs or always or label.may_be_reciprocal):
        return label
    doubtful = hidden or differs or label.may_be_reciprocal
    reader = second_reader()
    if reader is None:
        factor = 0.5 if hidden else 1.0
        return replace(
            label,
            text_confidence=label.text_confidence * factor,
            in_doubt=doubtful or label.text_confidence < _LEAST_SECOND,
        )
    (second,) = reader.read([crop])
    if not doubtful and not _may_be_length(spelled(second.text, label.text)):
        larger = _read_larger(reader, label.text, [crop] if wider is None else [crop, wider])
        if larger is not None:  # what it read first is a doubt
            return replace(_decided(label, label.text, larger.confidence, hidden=hidden), in_doubt=True)
    if not second.text or second.confidence < _LEAST_SECOND:
        return replace(label, in_doubt=doubtful or label.text_confidence < _LEAST_SECOND)
    text = spelled(second.text, label.text)
    if label.may_be_reciprocal and _is_followed_by_letters(text, label.text):
        text = label.text
    return _decided(label, text, second.confidence, hidden=hidden)


def _decided(label: DetectedScaleLabel, text: str, confidence: float, *, hidden: bool) -> DetectedScaleLabel:
    """The label as both readers have it together; `text` is that of the second, `hidden` a point neither may see."""
    first = label.text_confidence
    if text == label.text and hidden and first < _SURE_OF_NO_POINT:  # both may have missed it
        return replace(label, in_doubt=True)
    if text == label.text:
        return replace(label, text_confidence=1 - (1 - first) * (1 - _TRUST * confidence), in_doubt=False)
    is_label = tidy(text) != text or length_nm(text) is not None or "1/" in text
    is_reciprocal = label.may_be_reciprocal and "1/" in text
    is_better = confidence >= _ADOPTED and (first < 0.6 or hidden or "." in text or is_reciprocal)
    if (is_label and is_better) or text == label.other_text:  # two against one
        return replace(label, text=text, length_nm=length_nm(text), text_confidence=0.6 * confidence, in_doubt=True)
    if not is_label and _has_same_number(text, label.text):
        return replace(label, in_doubt=True)
    lost = 0.5 if is_label else 0.7
    return replace(label, text_confidence=first * (1 - lost * confidence), in_doubt=True)


def _may_be_length(text: str) -> bool:
    """True if a text, as the second reader has it, is a length or a reciprocal one: it contradicts another."""
    return bool(length_nm(text)) or "1/" in text


def _has_same_number(text: str, first: str) -> bool:
    """True if the second reader's text has our number, and what it makes of nm or µm: "100.nm", "300 nml", "20jm"."""
    text = text.replace(" ", "")
    found = _NUMBER.match(text)
    if found is None:
        return False
    (number, unit), rest = first.split(" "), re.sub(r"[_.,]", "", text[found.end() :])
    return found[0].translate(_LOOKALIKE) == number and unit in _MISREAD and bool(_MISREAD[unit].fullmatch(rest))


def _read_larger(reader: SecondReader, text: str, crops: Sequence[NDArray[np.uint8]]) -> Reading | None:
    """The second reader's word for a text from crops at twice their size, if it reads that text; else None.

    Of print of 10 px, and of a first digit at a crop's edge, it makes "20jm" and "Oum", which contradict no length.
    """
    larger = [np.asarray(cv2.resize(crop, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC), np.uint8) for crop in crops]
    alike = [reading for reading in reader.read(larger) if spelled(reading.text, text) == text]
    return max(alike, key=lambda reading: reading.confidence, default=None)


def _is_followed_by_letters(text: str, first: str) -> bool:
    """True if the room for a superscript has print of a neighbour: letters follow what was read first."""
    read, own = (each.replace("μ", "µ").replace(" ", "") for each in (text, first))
    return read.startswith(own) and read[len(own) :].isalpha()


def spelled(second: str, first: str) -> str:
    """The second reader's text in the spelling of scale labels, with what it is known to mistake put right.

    It takes 1 for l, µ for p or u, and sees lines beside the text as strokes. `first` decides between µm and pm.
    """
    text = re.sub(r"[ _]", "", second.replace("μ", "µ"))
    text = re.sub(r"[-−–⁻][1¹]+$", "⁻¹", re.sub(r"^[^0-9A-Za-z.=]+|[^0-9A-Za-z⁻¹\]Å]+$", "", text))
    found = _NUMBER.match(text)
    if found is None:
        return second
    number, unit = found[0].translate(_LOOKALIKE), text[found.end() :]
    if number[:1] in ".,":
        number = f"0{number}"
    if unit in ("pm", "um", "Hm", "im", "μm", "µm", "µ", "µn"):
        unit = "µm" if not first.endswith(" pm") else "pm"
    if unit in ("nn", "nrn", "nni", "mm") and first.endswith(" nm") and unit != "mm":
        unit = "nm"
    if unit == "m" and first.endswith(("µm", "nm", "mm")):
        unit = first[-2:]  # its faint first letter was not seen
    written = f"{number}{unit}"
    return tidy(f"{number} {unit}") if length_nm(written) is not None or tidy(written) != written else second


def point_in(crop: NDArray[np.uint8]) -> Literal["between", "before"] | None:
    """Place of a small blot at the foot of a text crop's line, as decimal points stand: between digits, or before all.

    None where there is none. Before the digits of ".2 µm" other blots may stand as well: there a point counts only if
    it is as high as wide, stands on the line and is the only one.
    """
    grey = cv2.cvtColor(np.ascontiguousarray(crop), cv2.COLOR_RGB2GRAY)
    if min(grey.shape) < 6:
        return None
    grey = cv2.resize(grey, None, fx=3.0, fy=3.0, interpolation=cv2.INTER_CUBIC)
    _, light = cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    border = np.concatenate([light[0], light[-1], light[:, 0], light[:, -1]])
    ink = 255 - light if border.mean() > 127 else light
    _, _, stats, _ = cv2.connectedComponentsWithStats(np.asarray(ink, np.uint8), connectivity=8)
    boxes = [tuple(int(v) for v in row[:4]) for row in stats[1:] if row[4] >= 4]
    inside = [b for b in boxes if b[0] > 0 and b[0] + b[2] < ink.shape[1] and b[3] < 0.95 * ink.shape[0]]
    tall = max((b[3] for b in inside), default=0)
    letters = [b for b in inside if b[3] >= _TALL * tall and b[2] <= 2 * tall]
    if tall < 12 or len(letters) < 3:
        return None
    foot = float(np.median([b[1] + b[3] for b in letters]))
    low, high = _DOT_SIZE
    for x, y, w, h in inside:
        is_small = low * tall <= min(w, h) and max(w, h) <= high * tall
        at_foot = abs(y + h - foot) <= 0.15 * tall and y > foot - 0.5 * tall
        if not (is_small and at_foot):
            continue
        before = [b for b in letters if b[0] + b[2] <= x + 0.1 * tall]
        behind = [b for b in letters if b[0] >= x + w - 0.1 * tall]
        if len(behind) < 2 or min(b[0] for b in behind) - (x + w) > 0.5 * tall:
            continue
        if before and x - max(b[0] + b[2] for b in before) <= 0.5 * tall:
            return "between"
        alone = sum(low * tall <= min(b[2:]) and max(b[2:]) <= high * tall for b in boxes) == 1
        if not before and alone and max(w, h) <= 1.5 * min(w, h) and abs(y + h - foot) <= 0.08 * tall:
            return "before"
    return None
