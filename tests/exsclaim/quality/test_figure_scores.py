"""Scores of figures: the same as the reference scorer's."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exsclaim.dataset.pages.exsclaim_json import figure_entry
from exsclaim.geometry import Box
from exsclaim.quality import FigureScore, FoundFigure, GoldFigure, read_gold, score_figure, total
from exsclaim.quality.coco_boxes import mean_average_precision
from exsclaim.quality.matching import match_greedily
from exsclaim.records import Panel, PanelKind, ScaleBar

LEFT, RIGHT = Box(x0=0, y0=0, x1=100, y1=100), Box(x0=110, y0=0, x1=210, y1=100)
BAR = Box(x0=10, y0=90, x1=50, y1=94)

GOLD = GoldFigure.model_validate(
    {
        "panels": [
            {
                "label": "a",
                "box": [0, 0, 100, 100],
                "class": "microscopy",
                "scale_bars": [{"box": [10, 90, 50, 94], "nm": 200}],
            },
            {"label": "b", "box": [110, 0, 210, 100], "class": "graph"},
        ]
    }
)


def panel(box: Box, label: str | None, kind: PanelKind, *bars: ScaleBar) -> Panel:
    return Panel(id="f/p1", figure_id="f", box=box, label=label, kind=kind, kind_confidence=0.9, scale_bars=bars)


def bar(box: Box, nm: float | None = 200.0) -> ScaleBar:
    return ScaleBar(box=box, length_px=box.width, confidence=0.9, length_nm=nm)


def found(*panels: Panel) -> FoundFigure:
    return FoundFigure.from_entry(figure_entry(panels, figure_name="f.png"))


PERFECT = found(
    panel(LEFT, "a", PanelKind.MICROSCOPY, bar(BAR)),
    panel(RIGHT, "B", PanelKind.GRAPH),
)


def test_all_is_right_where_gold_was_found() -> None:
    score = score_figure(GOLD, PERFECT)
    assert score.panels[0.9].f1 == score.end_to_end.f1 == score.bars.f1 == 1
    assert score.label_share == score.kind_share == score.exact_bar_share == score.printed_scale_share == 1
    precision = mean_average_precision({"f": GOLD}, {"f": PERFECT})
    assert precision is not None
    assert precision.at_50_to_95 == pytest.approx(1)


def test_a_figure_that_was_not_separated_is_all_missed() -> None:
    score = score_figure(GOLD, FoundFigure())
    assert score.panels[0.5].recall == score.bars.recall == score.label_share == score.printed_scale_share == 0
    assert score.kind_share is score.exact_bar_share is score.mean_iou is None
    assert mean_average_precision({"f": GOLD}, {}) is not None


def test_a_panel_too_small_counts_up_to_its_iou() -> None:
    score = score_figure(GOLD, found(panel(Box(x0=0, y0=0, x1=80, y1=100), "a", PanelKind.MICROSCOPY)))
    assert [score.panels[limit].matched for limit in (0.5, 0.75, 0.9)] == [1, 1, 0]
    assert score.panels[0.5].precision == 1
    assert score.panels[0.5].recall == 0.5


def test_a_label_counts_against_all_labelled_panels_and_against_those_found() -> None:
    score = score_figure(GOLD, found(panel(LEFT, "(A)", PanelKind.GRAPH)))
    assert score.label_share == 0.5
    assert score.matched_label_share == 1
    assert score.kind_share == 0
    assert score.end_to_end.matched == 0


def test_parents_have_no_kind_to_get_right() -> None:
    gold = GoldFigure.model_validate({"panels": [{"label": None, "box": [0, 0, 100, 100], "class": "parent"}]})
    score = score_figure(gold, found(panel(LEFT, None, PanelKind.GRAPH)))
    assert score.kinds == 0
    assert score.end_to_end.f1 == 1


@pytest.mark.parametrize(
    ("box", "matched", "exact"),
    [
        (BAR, 1, 1),
        (Box(x0=10, y0=90, x1=48, y1=94), 1, 1),  # 5 % short
        (Box(x0=10, y0=90, x1=44, y1=94), 1, 0),  # 15 % short
        (Box(x0=10, y0=90, x1=26, y1=94), 0, 0),  # less than half
        (Box(x0=10, y0=80, x1=50, y1=84), 0, 0),  # 10 px above
    ],
)
def test_bars_match_by_place_and_length(box: Box, matched: int, exact: int) -> None:
    score = score_figure(GOLD, found(panel(LEFT, "a", PanelKind.MICROSCOPY, bar(box))))
    assert score.bars.matched == matched
    assert sum(error <= 0.0500001 for error in score.bar_length_errors) == exact


@pytest.mark.parametrize(("nm", "right"), [(200.0, 1), (201.0, 1), (210.0, 0), (0.0, 0), (None, 0)])
def test_a_printed_scale_is_right_within_1_percent(nm: float | None, right: int) -> None:
    score = score_figure(GOLD, found(panel(LEFT, "a", PanelKind.MICROSCOPY, bar(BAR, nm))))
    assert score.printed_scales_right == right


def test_metrics_have_names_that_mlflow_takes() -> None:
    metrics = score_figure(GOLD, PERFECT).metrics()
    assert metrics["panels.at_0.75.f1"] == metrics["labels.right"] == metrics["bars.f1"] == 1
    assert all(name.replace(".", "").replace("_", "").isalnum() for name in metrics)


boxes = st.builds(
    lambda x, y, w, h: Box(x0=x, y0=y, x1=x + w, y1=y + h),
    *[st.integers(0, 60)] * 2,
    *[st.integers(1, 60)] * 2,
)


@given(st.lists(boxes, max_size=6), st.lists(boxes, max_size=6))
def test_no_box_is_matched_twice(true: list[Box], seen: list[Box]) -> None:
    pairs = match_greedily(true, seen, Box.iou, 0.1)
    assert len({i for i, *_ in pairs}) == len({j for _, j, _ in pairs}) == len(pairs)
    assert [iou for *_, iou in pairs] == sorted((iou for *_, iou in pairs), reverse=True)


def jittered(gold: dict[str, GoldFigure]) -> dict[str, dict[str, object]]:
    """EXSCLAIM JSON of the gold with faults put in: boxes off, letters and kinds wrong, panels and bars missing."""
    entries: dict[str, dict[str, object]] = {}
    kinds = list(PanelKind)
    for n, (name, figure) in enumerate(gold.items()):
        panels = []
        for i, true in enumerate(figure.panels):
            off = (7 * n + 3 * i) % 23
            shift = off / 40 * true.box.width
            box = Box(x0=true.box.x0 + shift, y0=true.box.y0, x1=true.box.x1 + shift, y1=true.box.y1)
            bars = []
            for b in true.scale_bars[: off % 5]:
                moved = Box(x0=b.box.x0 + 1, y0=b.box.y0, x1=b.box.x1 + 1 + off % 4, y1=b.box.y1)
                bars.append(bar(moved, (b.nm or 10) * (1 + off % 3)))
            kind = kinds[(i + n) % len(kinds)] if off % 4 == 0 else true.kind
            label = "x" if off % 6 == 0 else true.label
            if off % 9:
                panels.append(panel(box, label, kind, *bars))
        if n % 8 != 5:
            entries[f"{name}.png"] = figure_entry(panels, figure_name=f"{name}.png")
    return entries


def test_the_numbers_are_those_of_the_reference_scorer(shared_data: Path, tmp_path: Path) -> None:
    scorer = shared_data.parent / "tools" / "score_figures.py"
    if not scorer.is_file():
        pytest.skip(f"the reference scorer is not at {scorer}")
    folder = shared_data / "figures" / "gold"
    gold = read_gold(folder)
    entries = jittered(gold)
    (tmp_path / "exsclaim.json").write_text(json.dumps(entries))
    ours = total(
        score_figure(figure, FoundFigure.from_entry(entries.get(f"{name}.png", {}))) for name, figure in gold.items()
    )
    ran = subprocess.run(
        [sys.executable, str(scorer), str(folder), str(tmp_path / "exsclaim.json")],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert as_the_reference_says_it(ours) == json.loads(ran.stdout)
    assert 0 < ours.panels[0.75].f1 < ours.panels[0.5].f1 < 1


def as_the_reference_says_it(score: FigureScore) -> dict[str, object]:
    def rates(name: str) -> dict[str, float]:
        return {rate: round(score.metrics()[f"{name}.{rate}"], 3) for rate in ("precision", "recall", "f1")}

    return {
        "figures": score.figures,
        "panels": score.panels[0.5].true,
        "panel50": rates("panels.at_0.5"),
        "panel75": rates("panels.at_0.75"),
        "panel90": rates("panels.at_0.9"),
        "mean_iou": round(score.mean_iou or 0, 3),
        "label_acc_matched": round(score.matched_label_share or 0, 3),
        "label_recall": round(score.label_share or 0, 3),
        "class_acc": round(score.kind_share or 0, 3),
        "end_to_end": rates("end_to_end"),
        "bars": score.bars.true,
        "bar": rates("bars"),
        "bar_len_within_5pct": round(score.exact_bar_share or 0, 3),
        "median_len_err": round(score.median_bar_length_error or 0, 4),
        "printed_scale": score.printed_scales,
        "printed_scale_right": score.printed_scales_right,
    }
