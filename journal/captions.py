"""Captions for drawn figures, written from their truth in the manners in which authors write them."""

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from random import Random

from exsclaim.records import PanelKind

PHRASES: dict[PanelKind, tuple[str, ...]] = {
    PanelKind.MICROSCOPY: (
        "HAADF-STEM image of {sample}",
        "TEM image of {sample} on a carbon film",
        "high-resolution TEM image of {sample} with resolved lattice fringes",
        "SEM image of {sample} after drying",
        "bright-field TEM image of {sample} after annealing at 400 °C",
        "STEM image of {sample} at the start of growth",
    ),
    PanelKind.DIFFRACTION: (
        "selected-area electron diffraction (SAED) pattern of {sample}",
        "fast Fourier transform (FFT) image of {sample}",
    ),
    PanelKind.GRAPH: (
        "X-ray diffraction (XRD) patterns of {sample}",
        "UV–vis extinction spectra of {sample}",
        "Raman spectra of {sample} before and after exposure to air",
        "particle size distribution of {sample}",
        "cyclic voltammetry (CV) curves of {sample}",
    ),
    PanelKind.ILLUSTRATION: (
        "schematic of the synthesis of {sample}",
        "schematic illustration of the growth of {sample}",
    ),
    PanelKind.PHOTO: ("photograph of a dispersion of {sample}", "photograph of a film cast from {sample}"),
    PanelKind.MAP: ("map of where {sample} were found", "map of concentrations of {sample} in surface water"),
    PanelKind.MEDICAL: ("CT image of a phantom filled with {sample}", "ultrasound image of a gel that holds {sample}"),
    PanelKind.GEL: ("agarose gel electrophoresis of {sample}", "TLC plate of the precursors of {sample}"),
    PanelKind.TABLE: ("table of sizes of {sample}", "list of reaction conditions for {sample}"),
    PanelKind.PARENT: ("set of images of {sample}",),
    PanelKind.UNCLEAR: ("view of {sample}",),
}
"""Words of authors for panels of each kind, as it stands within a sentence; {sample} is what the article is about."""


SUBSCRIPT = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


@dataclass(frozen=True)
class PanelFact:
    """Facts about a panel for its caption. `scale` is the length of its scale bar as text ("50 nm")."""

    label: str
    kind: PanelKind
    scale: str | None = None


@dataclass(frozen=True)
class _Item:
    """One or more neighbouring panels that one phrase describes."""

    labels: tuple[str, ...]
    phrase: str


def write_caption(panels: Sequence[PanelFact], sample: str, rng: Random) -> str:
    """A caption for labelled `panels`, as simple HTML (`b`, `sub`, `i`): every label is named, or lies in a range.

    `sample` is HTML, too. Panels without a label are described by one phrase for all of them. Lengths of scale bars,
    where there are any, are told at the end.
    """
    manner = rng.choice((_comma, _brackets, _trailing))
    labelled = [panel for panel in panels if panel.label]
    if not labelled:
        kind = panels[0].kind if panels else PanelKind.UNCLEAR
        text = _sentence(rng.choice(PHRASES[kind]).format(sample=sample))
    else:
        text = manner(_items(labelled, sample, rng))
    return f"{text} {_scales(panels, manner is not _trailing)}".strip()


def plain(caption: str) -> str:
    """The caption's text without its mark-up, subscript digits as such: TiO₂."""
    lowered = re.sub(r"<sub>(\d+)</sub>", lambda digits: digits[1].translate(SUBSCRIPT), caption)
    return html.unescape(re.sub(r"<[^>]+>", "", lowered))


def _sentence(phrase: str) -> str:
    return f"{phrase[0].upper()}{phrase[1:]}."


def _items(panels: Sequence[PanelFact], sample: str, rng: Random) -> list[_Item]:
    """Neighbours of one kind are described together now and then, as authors do; else no phrase soon comes again."""
    left: dict[PanelKind, list[str]] = {}

    def phrase(kind: PanelKind) -> str:
        if not left.get(kind):
            left[kind] = rng.sample(PHRASES[kind], k=len(PHRASES[kind]))
        return left[kind].pop().format(sample=sample)

    items = []
    for kind, same in groupby(panels, key=lambda panel: panel.kind):
        labels = [panel.label for panel in same]
        if len(labels) > 1 and rng.random() < 0.5:
            items.append(_Item(tuple(labels), re.sub(r"\b(image|pattern|photograph) of", r"\1s of", phrase(kind))))
        else:
            items += [_Item((label,), phrase(kind)) for label in labels]
    return items


def _bold(labels: Sequence[str]) -> str:
    """`a`; `a,b`; `a–c` for three and more letters that follow one another."""
    run = all(len(x) == len(y) == 1 and ord(y) == ord(x) + 1 for x, y in pairwise(labels))
    if len(labels) > 2 and run:
        return f"<b>{labels[0]}</b>–<b>{labels[-1]}</b>"
    return ",".join(f"<b>{label}</b>" for label in labels)


def _comma(items: list[_Item]) -> str:
    return " ".join(f"{_bold(item.labels)}, {_sentence(item.phrase)}" for item in items)


def _brackets(items: list[_Item]) -> str:
    return " ".join(f"({_bold(item.labels)}) {_sentence(item.phrase)}" for item in items)


def _trailing(items: list[_Item]) -> str:
    *firsts, last = (f"{item.phrase} ({_bold(item.labels)})" for item in items)
    return _sentence(f"{', '.join(firsts)} and {last}" if firsts else last)


def _scales(panels: Sequence[PanelFact], comma: bool) -> str:
    """The sentence on scale bars: `Scale bars, 50 nm (a,b) and 2 µm (c).`"""
    lengths: dict[str, list[str]] = {}
    for panel in panels:
        if panel.scale:
            lengths.setdefault(panel.scale, []).append(panel.label)
    if not lengths:
        return ""
    sign = "," if comma else ":"
    if len(lengths) == 1 and (len(panels) == 1 or not all(panel.label for panel in panels)):
        return f"Scale bar{sign} {next(iter(lengths))}."
    told = [
        f"{html.escape(length)} ({_bold([label for label in labels if label])})"
        for length, labels in lengths.items()
        if any(labels)
    ]
    several = "s" if sum(map(len, lengths.values())) > 1 else ""
    return f"Scale bar{several}{sign} {', '.join(told)}." if told else ""
