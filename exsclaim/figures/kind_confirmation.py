"""Doubts in panels' kinds that what a caption says settles or raises.

To the networks grey fields of simulations, renderings and scans of patients look like micrographs, and as surely as
micrographs do. These have what the others lack: a technique that the caption names, its word for a picture through a
microscope, or a scale bar.
"""

import re
from collections.abc import Iterable, Sequence

from exsclaim.figures.panel_types import KIND_OF_TYPE, LOOKS
from exsclaim.records import CaptionParts, Figure, Panel, PanelKind

_WORDS = frozenset(("map", "photo", "plot", "schematic"))
"""Names of techniques that are no instrument's: captions speak of maps, plots and photographs of anything."""
_OF_PATIENTS = frozenset(("MRI", "PET", "radiograph", "ultrasound"))
"""Techniques of scans of patients, which look like micrographs to the networks: what they name is none."""
_OF_MICROSCOPES = re.compile(
    r"mi[ck]ro(?:gra[fp]|s[ck][oó]p|e?stru[ck]tur|fotograf|aufnahme)|morpholog|morfolog|backscatter|kikuchi"
    r"|\bstain(?:ed|ing)\b|(?-i:\b(?:ECCI|MEB|MEV|REM-Bild(?:er)?|REM-Aufnahmen?)\b)"
    r"|микро(?:скоп|граф|фото|структур)|显微|顯微|顕微|현미경",
    re.IGNORECASE,
)
"""Words for pictures through a microscope, in several languages, that name no technique of the captions' lexicon."""


def tells_of_micrographs(figure: Figure, parts: CaptionParts, panels: Iterable[Panel]) -> bool:
    """True if something besides its look says that a figure has micrographs.

    The caption, or a sentence of the article about the figure, names an instrument that makes some or speaks of
    microscopes; the caption gives the length of a scale bar; or one with its length is printed. True without a
    caption, too: then nothing is known.
    """
    if not figure.caption or parts.scale_nm or any(bar.length_nm for panel in panels for bar in panel.scale_bars):
        return True
    named = {technique for techniques in parts.techniques.values() for technique in techniques}
    if any(_makes_micrographs(technique) for technique in named):
        return True
    return any(_OF_MICROSCOPES.search(text) for text in (figure.caption, *(each.sentence for each in figure.mentions)))


def with_kind_doubts(
    flags: Sequence[str], panel: Panel, techniques: Sequence[str], *, tells_of_micrographs: bool
) -> list[str]:
    """A panel's flags without the doubt in its kind where the caption confirms it, and with one where nothing does.

    Args:
        flags: as separation gives them.
        panel: it, or an inset or a part of one.
        techniques: what the caption names for it; an inset may show something else.
        tells_of_micrographs: of its figure, see above.
    """
    if not panel.is_inset and is_confirmed(panel.kind, techniques):
        return [flag for flag in flags if flag != "kind_in_doubt"]
    if panel.kind is PanelKind.MICROSCOPY and not tells_of_micrographs:
        return [*flags, "kind_in_doubt"]
    return list(flags)


def is_confirmed(kind: PanelKind, techniques: Sequence[str]) -> bool:
    """True if the instruments that a caption names for a panel usually give pictures of this kind, all of them.

    >>> is_confirmed(PanelKind.MICROSCOPY, ["SEM"]), is_confirmed(PanelKind.GRAPH, ["SEM"])
    (True, False)
    """
    usual = [looks[0] for name in techniques if name not in _WORDS and (looks := LOOKS.get(name))]
    return bool(usual) and all(KIND_OF_TYPE.get(look) is kind for look in usual)


def _makes_micrographs(technique: str) -> bool:
    """True if pictures of a technique may be micrographs, as those of a method without a look of its own may."""
    if technique in _WORDS or technique in _OF_PATIENTS:
        return False
    looks = LOOKS.get(technique)
    return looks is None or any(KIND_OF_TYPE.get(look) is PanelKind.MICROSCOPY for look in looks)
