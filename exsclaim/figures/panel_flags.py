"""Flags of a figure's panels: doubts about their boxes, kinds and labels, see `exsclaim.panel_doubts.PANEL_FLAGS`.

Doubts about scales come with the bars (`exsclaim.figures.scale`), those that the caption raises with the caption.
"""

from collections.abc import Collection, Sequence, Set
from math import exp

from exsclaim.figures.labels.label_reading import LETTERS, NUMBERS, in_sequence
from exsclaim.geometry import column_order, reading_order
from exsclaim.records import Panel, PanelKind

# Chosen on the held-back part of figures_micro and figures_fields, train: see docs/doubts.md.
SURE = 0.6
"""Panels are in doubt of which all is right with less probability: box, kind and label together."""
_UNEXPLAINED = 1.5
"""Log odds of a panel being right that each unexplained proposal per panel of its figure takes."""
_CONFIRMED = 1.0
"""Log odds of a box being right that the caption gives where it names just the labels that the panels carry."""
_SUREST = 0.999
_OVERLAP = 0.15
"""Share of the smaller panel from which on two overlap."""


def panel_flags(
    panels: Sequence[Panel],
    expected_labels: Sequence[str] = (),
    *,
    unexplained: float = 0.0,
    cut_short: Collection[int] = (),
) -> list[tuple[str, ...]]:
    """The doubts about each of a figure's own panels; those about insets and parts: see `nested_flags`.

    Args:
        panels: with their labels and confidences.
        expected_labels: labels that the caption names; () where nothing is known.
        unexplained: what else was seen in the figure, see `panel_evidence.unexplained`.
        cut_short: indices of panels beside something that no panel has, see `unclaimed_ink`.
    """
    confirmed = are_confirmed(panels, expected_labels)
    labels = [panel.label for panel in panels]
    about_labels = [[] for _ in labels] if confirmed else _label_flags(labels, panels, expected_labels)
    return [
        tuple(
            dict.fromkeys(
                (
                    *_own_flags(panel, panels, unexplained, confirmed=confirmed),
                    *(("box_in_doubt",) if i in cut_short or _is_unlettered_parent(panel) else ()),
                    *flags,
                )
            )
        )
        for i, (panel, flags) in enumerate(zip(panels, about_labels, strict=True))
    ]


def nested_flags(panel: Panel) -> tuple[str, ...]:
    """The doubts about an inset or a part of a panel, by its own confidences: what the caption confirms of a panel it
    does not say of what is in it."""
    return tuple(_doubts(panel, confirmed=False))


def _is_unlettered_parent(panel: Panel) -> bool:
    """True if a panel is of several images that no letter makes one panel: of 158 annotated ones each has a letter."""
    return panel.kind is PanelKind.PARENT and panel.label is None


def certainty(panel: Panel, unexplained: float = 0.0, *, confirmed: bool = False) -> float:
    """The probability that box, kind and label (if it has one) of a panel are all right, as if independent.

    Less where the network saw more in the figure than its panels are (`unexplained`). Where the caption confirms the
    figure's panels, what else was seen are parts of them, and labels are right.
    """
    label = panel.label_confidence if panel.label is not None and not confirmed else 1.0
    box = _shifted(panel.box_confidence, _CONFIRMED) if confirmed else panel.box_confidence
    seen_otherwise = 0.0 if confirmed else unexplained
    return _shifted(box * panel.kind_confidence * label, -_UNEXPLAINED * seen_otherwise)


def _shifted(probability: float, log_odds: float) -> float:
    probability = min(_SUREST, probability)
    odds = probability / (1 - probability) * exp(log_odds)
    return odds / (1 + odds)


def are_confirmed(panels: Sequence[Panel], expected_labels: Sequence[str]) -> bool:
    """True if the caption names two labels or more, and each stands at one panel and each panel has one."""
    carried = sorted((panel.label or "").casefold() for panel in panels)
    named = sorted({label.casefold() for label in expected_labels if label})
    return len(named) > 1 and carried == named


def flags_of_other_kind(panel: Panel, weighed: Panel, *, confirmed: bool) -> tuple[str, ...]:
    """The flags of a panel whose kind the caption makes surer, or less sure, than its image alone.

    Args:
        panel: as it was, with its flags.
        weighed: the same with another kind, or another confidence in it.
        confirmed: the caption confirms the figure's panels, see `are_confirmed`.
    """
    before = _doubts(panel, confirmed=confirmed)
    now = _doubts(weighed, confirmed=confirmed)
    # what the figure's other labels, and what else was seen in it, put in doubt stays so however sure the kind is
    own = {"kind_in_doubt", "box_in_doubt"} if confirmed else {"kind_in_doubt"}
    gone = own.intersection(before).difference(now)
    return tuple(dict.fromkeys((*now, *(flag for flag in panel.flags if flag not in gone))))


def _doubts(panel: Panel, *, confirmed: bool) -> list[str]:
    """The weakest of a panel's confidences in box, kind and label, and the weak ones, where they leave it in doubt."""
    parts = {"box_in_doubt": panel.box_confidence, "kind_in_doubt": panel.kind_confidence}
    if confirmed:
        parts["box_in_doubt"] = _shifted(panel.box_confidence, _CONFIRMED)
    elif panel.label is not None:
        parts["label_inferred" if panel.label_origin == "inferred" else "label_in_doubt"] = panel.label_confidence
    if certainty(panel, confirmed=confirmed) >= SURE:
        return []
    weakest = min(parts.values())
    return [name for name, confidence in parts.items() if confidence <= max(weakest, SURE)]


def _own_flags(panel: Panel, panels: Sequence[Panel], unexplained: float, *, confirmed: bool) -> list[str]:
    flags = _doubts(panel, confirmed=confirmed)
    if not flags and certainty(panel, unexplained, confirmed=confirmed) < SURE:
        flags.append("box_in_doubt")
    if any(
        panel.box.intersection(other.box) > _OVERLAP * min(panel.box.area, other.box.area)
        for other in panels
        if other is not panel
    ):
        flags.append("panels_overlap")
    if panel.label_origin == "inferred" and not confirmed:
        flags.append("label_inferred")
    return flags


def _label_flags(
    labels: Sequence[str | None], panels: Sequence[Panel], expected_labels: Sequence[str]
) -> list[list[str]]:
    """Doubts that the figure's labels together raise: missing ones, gaps, what is out of order."""
    flags: list[list[str]] = [[] for _ in labels]
    known = {label.casefold() for label in labels if label}
    named = list(dict.fromkeys(label.casefold() for label in expected_labels if label))
    expected = set(named)
    holders = _beside_unseen(named, known) if labels.count(None) < len(expected - known) else set()
    for i, label in enumerate(labels):
        if label is None:
            if known:
                flags[i].append("label_missing")
            if expected - known:
                flags[i].append("caption_label_unseen")
        elif expected and (label.casefold() not in expected or label.casefold() in holders):
            flags[i].append("caption_label_unseen")
        if label is not None and _has_gap_before(label.casefold(), known, expected):
            flags[i].append("labels_have_gap")
    for i in _out_of_order(labels, panels):
        flags[i].append("label_in_doubt")
    return flags


def _beside_unseen(named: Sequence[str], known: Set[str]) -> set[str]:
    """Labels whose panels may hold what the caption names and no panel carries: the one before each, else the next."""
    before: str | None = None
    unplaced = False
    beside = set()
    for label in named:
        if label in known:
            if unplaced:
                beside.add(label)
            before, unplaced = label, False
        elif before is not None:
            beside.add(before)
        else:
            unplaced = True
    return beside


def _has_gap_before(label: str, known: set[str], expected: set[str]) -> bool:
    """True if the label right before this one is missing: its panel was not found, or this label is misread."""
    for sequence in (LETTERS, NUMBERS):
        if label in sequence[1:]:
            before = sequence[sequence.index(label) - 1]
            # a caption may leave letters out on purpose
            return before not in known and (not expected or before in expected)
    return False


def _out_of_order(labels: Sequence[str | None], panels: Sequence[Panel]) -> list[int]:
    """Panels whose label comes before that of the panel in front, or after that of the next but one."""
    boxes = [panel.box for panel in panels]
    ways = []
    for order in (reading_order(boxes), column_order(boxes)):
        named = [i for i in order if labels[i] is not None]
        ranks = [in_sequence(str(labels[i]).casefold()) for i in named]
        ways.append([named[k] for k in range(1, len(named)) if ranks[k] < ranks[k - 1]])
    return min(ways, key=len)
