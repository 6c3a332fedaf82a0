"""Scores of figure separation. Panels match by IoU >= 0.5, greedily; everything else is asked of matched panels.

Parents have no kind of their own to get right: they are left out of `kinds`.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from statistics import median_high
from typing import Any

from exsclaim.geometry import Box
from exsclaim.quality.gold import GoldBar, GoldFigure, GoldPanel
from exsclaim.quality.matching import Matches, match_greedily
from exsclaim.records import PanelKind, Record

_KINDS = {"basic_photo": "photo", "basic photo": "photo", "photograph": "photo"}
"""Names that the first EXSCLAIM! gave to kinds."""


class FoundBar(Record):
    box: Box
    nm: float | None
    """Length that the bar stands for, None where it is not known."""


class FoundPanel(Record):
    """A master image; `kind` as written, in small letters; `label` "" where none was read."""

    box: Box
    kind: str
    kind_confidence: float
    label: str


class FoundFigure(Record):
    """Panels and scale bars of a figure; bars that belong to no panel are among them."""

    panels: tuple[FoundPanel, ...] = ()
    bars: tuple[FoundBar, ...] = ()

    @classmethod
    def from_entry(cls, entry: Mapping[str, Any]) -> "FoundFigure":
        """Read a figure's entry; what has no geometry is passed over."""
        images = [image for image in entry.get("master_images") or () if image.get("geometry")]
        bars = [
            bar
            for holder in entry.get("master_images") or ()
            for bar in holder.get("scale_bars") or ()
        ]  # fmt: skip
        bars += (entry.get("unassigned") or {}).get("scale_bar_objects") or ()
        return cls(
            panels=tuple(_panel(image) for image in images),
            bars=tuple(
                FoundBar(box=_box(bar["geometry"]), nm=(bar.get("label") or {}).get("nm"))
                for bar in bars
                if bar.get("geometry")
            ),
        )


def _panel(image: Mapping[str, Any]) -> FoundPanel:
    kind = str(image.get("kind") or image.get("classification", "")).lower()
    label = str((image.get("subfigure_label") or {}).get("text") or "")
    return FoundPanel(
        box=_box(image["geometry"]),
        kind=_KINDS.get(kind, kind),
        kind_confidence=float(image.get("confidence") or 0.0),
        label="" if label == "0" else label,  # the first EXSCLAIM! wrote 0 for "no label"
    )


def _box(geometry: Mapping[str, float] | Sequence[Mapping[str, float]]) -> Box:
    """Box of corner points, or of `{"x0": …, "y0": …, "x1": …, "y1": …}`."""
    if isinstance(geometry, Mapping):
        return Box.of(geometry[key] for key in ("x0", "y0", "x1", "y1"))
    xs, ys = [point["x"] for point in geometry], [point["y"] for point in geometry]
    return Box(x0=min(xs), y0=min(ys), x1=max(xs), y1=max(ys))


IOU_LIMITS = (0.5, 0.75, 0.9)
EXACT_LENGTH = 0.05
"""Relative error up to which a bar's length in pixels is right."""
EXACT_NM = 0.01
"""Relative error up to which a printed scale is read right."""
_LEAST_BAR_AGREEMENT = 0.5
_OFF_PX = 6.0


class FigureScore(Record):
    """Counts of one figure, or of many added up. Shares are None where there is nothing to take a share of."""

    figures: int = 0
    panels: dict[float, Matches] = {limit: Matches() for limit in IOU_LIMITS}
    """By least IoU."""
    ious: tuple[float, ...] = ()
    """Of matched panels."""
    labels: int = 0
    """Labelled panels, matched or not."""
    matched_labels: int = 0
    labels_right: int = 0
    kinds: int = 0
    """Matched panels that are no parents."""
    kinds_right: int = 0
    end_to_end: Matches = Matches()
    """Matched are panels with an IoU of 0.75 at least whose label and kind are right."""
    bars: Matches = Matches()
    bar_length_errors: tuple[float, ...] = ()
    """Relative, of matched bars."""
    printed_scales: int = 0
    printed_scales_right: int = 0

    @property
    def mean_iou(self) -> float | None:
        return sum(self.ious) / len(self.ious) if self.ious else None

    @property
    def label_share(self) -> float | None:
        """Right labels, of all labelled panels."""
        return _share(self.labels_right, self.labels)

    @property
    def matched_label_share(self) -> float | None:
        """Right labels, of the labelled panels that were found."""
        return _share(self.labels_right, self.matched_labels)

    @property
    def kind_share(self) -> float | None:
        return _share(self.kinds_right, self.kinds)

    @property
    def exact_bar_share(self) -> float | None:
        """Matched bars whose length is within 5 %."""
        return _share(sum(error <= EXACT_LENGTH for error in self.bar_length_errors), len(self.bar_length_errors))

    @property
    def median_bar_length_error(self) -> float | None:
        return median_high(self.bar_length_errors) if self.bar_length_errors else None

    @property
    def printed_scale_share(self) -> float | None:
        """Printed scales whose value in nm is right, of all, found or not."""
        return _share(self.printed_scales_right, self.printed_scales)

    def __add__(self, other: "FigureScore") -> "FigureScore":
        return FigureScore(
            figures=self.figures + other.figures,
            panels={limit: self.panels[limit] + other.panels[limit] for limit in IOU_LIMITS},
            ious=self.ious + other.ious,
            labels=self.labels + other.labels,
            matched_labels=self.matched_labels + other.matched_labels,
            labels_right=self.labels_right + other.labels_right,
            kinds=self.kinds + other.kinds,
            kinds_right=self.kinds_right + other.kinds_right,
            end_to_end=self.end_to_end + other.end_to_end,
            bars=self.bars + other.bars,
            bar_length_errors=self.bar_length_errors + other.bar_length_errors,
            printed_scales=self.printed_scales + other.printed_scales,
            printed_scales_right=self.printed_scales_right + other.printed_scales_right,
        )

    def metrics(self) -> dict[str, float]:
        """Flat names -> numbers, by stage, for tracking."""
        rates = {f"panels.at_{limit}": matches for limit, matches in self.panels.items()}
        rates |= {"end_to_end": self.end_to_end, "bars": self.bars}
        shares = {
            "panels.mean_iou": self.mean_iou,
            "labels.right": self.label_share,
            "labels.right_of_matched": self.matched_label_share,
            "kinds.right": self.kind_share,
            "bars.length_within_5_percent": self.exact_bar_share,
            "bars.median_length_error": self.median_bar_length_error,
            "scales.printed_right": self.printed_scale_share,
        }
        return {
            f"{name}.{rate}": getattr(matches, rate)
            for name, matches in rates.items()
            for rate in ("precision", "recall", "f1")
        } | {name: value for name, value in shares.items() if value is not None}


def score_figure(gold: GoldFigure, found: FoundFigure) -> FigureScore:
    """Score one figure. A figure that was not separated scores as one where nothing was found."""
    pairs = match_greedily(gold.panels, found.panels, lambda one, other: one.box.iou(other.box), IOU_LIMITS[0])
    matched = [(gold.panels[i], found.panels[j], iou) for i, j, iou in pairs]
    labelled = [(one, other) for one, other, _ in matched if one.label]
    with_kind = [(one, other) for one, other, _ in matched if one.kind != PanelKind.PARENT]
    gold_bars = [bar for panel in gold.panels for bar in panel.scale_bars]
    bar_pairs = match_greedily(gold_bars, found.bars, _bar_agreement, _LEAST_BAR_AGREEMENT)
    true, seen = len(gold.panels), len(found.panels)
    return FigureScore(
        figures=1,
        panels={
            limit: Matches(true=true, found=seen, matched=sum(iou >= limit for *_, iou in matched))
            for limit in IOU_LIMITS
        },
        ious=tuple(iou for *_, iou in matched),
        labels=sum(bool(panel.label) for panel in gold.panels),
        matched_labels=len(labelled),
        labels_right=sum(_same_label(one, other) for one, other in labelled),
        kinds=len(with_kind),
        kinds_right=sum(one.kind == other.kind for one, other in with_kind),
        end_to_end=Matches(
            true=true,
            found=seen,
            matched=sum(
                iou >= 0.75 and _same_label(one, other) and one.kind in (PanelKind.PARENT, other.kind)
                for one, other, iou in matched
            ),
        ),
        bars=Matches(true=len(gold_bars), found=len(found.bars), matched=len(bar_pairs)),
        bar_length_errors=tuple(1 - agreement for *_, agreement in bar_pairs),
        printed_scales=sum(bar.nm is not None for bar in gold_bars),
        printed_scales_right=sum(_same_scale(gold_bars[i], found.bars[j]) for i, j, _ in bar_pairs),
    )


def total(scores: Iterable[FigureScore]) -> FigureScore:
    """The score of many figures: every panel counts alike, whatever figure it is in."""
    return sum(scores, start=FigureScore())


def _same_label(gold: GoldPanel, found: FoundPanel) -> bool:
    """Case, brackets and stops do not matter: "(A)" is "a"."""
    return _bare(gold.label or "") == _bare(found.label)


def _bare(label: str) -> str:
    return re.sub(r"[^a-z0-9]", "", label.lower())


def _bar_agreement(gold: GoldBar, found: FoundBar) -> float:
    """1 less the relative error of the length; 0 for a bar that lies elsewhere."""
    dx, dy = (abs(one - other) for one, other in zip(gold.box.centre, found.box.centre, strict=True))
    if dy > _OFF_PX or dx > max(_OFF_PX, gold.box.width / 4):
        return 0.0
    return max(0.0, 1 - abs(gold.box.width - found.box.width) / gold.box.width)


def _same_scale(gold: GoldBar, found: FoundBar) -> bool:
    return gold.nm is not None and bool(found.nm) and abs((found.nm or 0.0) - gold.nm) <= EXACT_NM * gold.nm


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
