"""Tables of reports, as a terminal shows them."""

import io
from pathlib import Path

from rich.console import Console

from exsclaim.cli.report_tables import show_benchmark, show_weights
from exsclaim.quality.benchmark_result import BenchmarkResult
from exsclaim.quality.figure_scores import FoundFigure
from exsclaim.quality.gold import GoldFigure
from exsclaim.tracking.runs import TrainedWeights


def test_a_path_with_brackets_is_shown_whole() -> None:
    shown = io.StringIO()
    weights = TrainedWeights(
        name="panels", version="1.2", sha256="0" * 64, measure="panel_f1", quality=0.9, validation="11"
    )
    console = Console(file=shown, width=200)
    show_weights(console, weights, weights, {"panel_f1": 0.9}, Path("runs [red]/panels.safetensors"))
    assert "Weights: runs [red]/panels.safetensors (sha256 000000000000)" in shown.getvalue()


def test_counts_are_whole_and_shares_have_three_places() -> None:
    shown = io.StringIO()
    weights = TrainedWeights(name="panels", version="1", sha256="0" * 64, measure="f1", quality=1, validation="11")
    show_weights(Console(file=shown, width=80), weights, weights, {"panels": 28.0, "f1": 1.0}, Path("p.safetensors"))
    rows = [line.split() for line in shown.getvalue().splitlines() if line.startswith("│")]
    assert [(row[1], row[3]) for row in rows] == [("panels", "28"), ("f1", "1.000")]


def test_figures_with_most_faults_are_named_as_their_files_are() -> None:
    shown = io.StringIO()
    missed = GoldFigure.model_validate({"panels": [{"box": [0, 0, 90, 90], "class": "graph"}]})
    names = ("fig[a]", "fig[/b]", ":bug:", "c\x1b[2J")
    result = BenchmarkResult.of(
        dict.fromkeys(names, missed), dict.fromkeys(names, FoundFigure()), None, seconds_per_figure=0.1, versions={}
    )
    show_benchmark(Console(file=shown, width=200, emoji=False), result)
    assert "all right): fig[a] (0.00), fig[/b] (0.00), :bug: (0.00), c\\x1b[2J (0.00)\n" in shown.getvalue()
