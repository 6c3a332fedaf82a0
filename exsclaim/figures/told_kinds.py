"""The kind of a panel as its image and its caption together have it: what "SEM images of …" names is hardly a drawing.

Networks and captions err for different reasons, so their odds are multiplied: a kind that the image leaves in doubt is
sure where the caption names it. What an image surely shows stays: it is right in most contradictions.
"""

import tomllib
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

from exsclaim.figures import calibration
from exsclaim.figures.panel_flags import flags_of_other_kind
from exsclaim.figures.panel_types import TYPES_OF_KIND
from exsclaim.records import Panel, PanelKind

FILE = Path(__file__).parent / "told_kinds.toml"
_OTHERS = "others"
_LEAST_KIND = 0.3
"""Kinds of less confidence are "unclear" where another is near, a parent's apart."""
_NEAR_KIND = 0.9
"""Share of the best kind's score that another's is to be near."""
_DIGITS = 3


def of_told_kind(panel: Panel, techniques: Sequence[str], *, confirmed: bool) -> Panel:
    """The panel with the kind that its image and its caption together give, and the confidence and flags of that.

    It stays as it is where nothing tells kinds: its image was not looked at by itself, a person has set its kind, or
    the caption names no technique that has a look of its own. So do insets and parts, since a caption speaks of the
    whole panel, and panels of several images, which may be of any kind.

    Args:
        panel: as separation gives it.
        techniques: what the caption names for it, in the lexicon's names.
        confirmed: the caption confirms the figure's panels, see `panel_flags.are_confirmed`.

    >>> from exsclaim.geometry import Box
    >>> scores = {PanelKind.GRAPH: 0.5, PanelKind.MICROSCOPY: 0.3}
    >>> seen = Panel(id="p1", figure_id="f", box=Box(0, 0, 9, 9), kind=PanelKind.GRAPH, kind_scores=scores)
    >>> of_told_kind(seen, ["SEM"], confirmed=False).kind.value
    'microscopy'
    """
    factors = told(techniques)
    if not factors or not panel.kind_scores or panel.parent_id is not None or panel.kind is PanelKind.PARENT:
        return panel
    odds = {kind: score * factors[kind] for kind, score in panel.kind_scores.items()}
    best = max(odds, key=lambda kind: odds[kind])
    share = odds[best] / sum(odds.values()) * min(1.0, sum(panel.kind_scores.values()))
    confidence = round(calibration.installed()("kind", share), _DIGITS)
    kind = published_kind(best, confidence, odds.values())
    changes: dict[str, object] = {"kind": kind, "kind_confidence": confidence}
    if panel.type not in TYPES_OF_KIND.get(kind, ()):
        changes |= {"type": None, "type_confidence": 0.0, "type_origin": None}
    weighed = panel.model_copy(update=changes)
    return weighed.model_copy(update={"flags": flags_of_other_kind(panel, weighed, confirmed=confirmed)})


def told(techniques: Sequence[str]) -> dict[PanelKind, float]:
    """Factors by which each kind is likelier than without the caption; {} where nothing that it names tells kinds.

    Of several techniques each kind takes what is best for it: any of them may be what the panel shows.

    Args:
        techniques: what the caption names for a panel, in the lexicon's names.

    >>> told(["SEM", "XRD"])[PanelKind.GRAPH], told(["DFT"])
    (4.0, {})
    """
    known = [_factors().get(technique) for technique in techniques]
    if not known or None in known:
        return {}  # a method without a look of its own: any picture may come of it
    return {kind: max(each[kind] for each in known if each) for kind in PanelKind}


def published_kind(kind: PanelKind, confidence: float, scores: Iterable[float]) -> PanelKind:
    """The likeliest kind; "unclear" where it is hardly likely and another is seen about as much, a parent's apart.

    Args:
        kind: the likeliest.
        confidence: in it, 0 to 1, calibrated.
        scores: of all kinds, this one too.
    """
    if kind is PanelKind.PARENT or confidence >= _LEAST_KIND:
        return kind
    best, second = sorted((*scores, 0.0, 0.0), reverse=True)[:2]
    return PanelKind.UNCLEAR if best > 0 and second >= _NEAR_KIND * best else kind


@cache
def _factors() -> dict[str, dict[PanelKind, float]]:
    read = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return {
        technique: {kind: float(table.get(kind.value, table[_OTHERS])) for kind in PanelKind}
        for table in read.values()
        for technique in table["techniques"]
    }
