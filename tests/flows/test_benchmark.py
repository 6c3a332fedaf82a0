"""The benchmark: gold and figures in, scores out, tracked with the models that made them."""

import json
import os
import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from rich.console import Console
from typer.testing import CliRunner

from exsclaim.cli.report_tables import show_benchmark
from exsclaim.errors import GoldError, WeightsError
from exsclaim.figures import model_versions
from flows.benchmark import NO_GOLD, app, benchmark
from tasks.benchmark import separate_file


@pytest.fixture
def figures(tmp_path: Path) -> Path:
    """One figure of two noisy panels on white, with its gold."""
    folder = tmp_path / "figures"
    (folder / "gold").mkdir(parents=True)
    image = np.full((160, 340, 3), 255, np.uint8)
    noise = np.random.default_rng(0).integers(20, 200, (140, 150, 1), np.uint8)
    boxes = [[10, 10, 160, 150], [180, 10, 330, 150]]
    for x0, y0, x1, y1 in boxes:
        image[y0:y1, x0:x1] = noise
    Image.fromarray(image).save(folder / "fig1.png")
    panels = [{"label": None, "box": box, "class": "microscopy", "scale_bars": []} for box in boxes]
    (folder / "gold" / "fig1.json").write_text(json.dumps({"panels": panels}))
    return folder


@pytest.fixture
def captions(tmp_path: Path) -> Path:
    folder = tmp_path / "captions"
    folder.mkdir()
    caption = "(a) TEM image of silver. (b) XRD pattern."
    (folder / "captions.json").write_text(json.dumps({"fig1": {"caption": caption}}))
    gold = {"fig1": {"labels": ["a", "b"], "segments": {"a": ["TEM image of silver"], "b": ["XRD pattern"]}}}
    (folder / "gold.json").write_text(json.dumps(gold))
    return folder


def test_scores_are_shown_and_tracked_with_the_models(figures: Path, captions: Path) -> None:
    from mlflow.tracking import MlflowClient

    result = benchmark(figures, captions=captions)
    assert result.score.panels[0.5].true == 2
    assert result.score.panels[0.5].found > 0
    assert result.captions is not None
    assert result.captions.labels.f1 == 1

    client = MlflowClient(tracking_uri=os.environ["MLFLOW_TRACKING_URI"])
    experiment = client.get_experiment_by_name("exsclaim-benchmark")
    assert experiment is not None
    (run,) = client.search_runs([experiment.experiment_id])
    assert run.data.metrics == pytest.approx(result.metrics())
    for name, digest in model_versions().items():
        assert run.data.params[f"version.model.{name}"] == digest

    console = Console(record=True, width=100)
    show_benchmark(console, result)
    assert "panels at IoU 0.75" in console.export_text()


def test_gold_in_a_coco_file_beside_the_figures_is_found_and_whole_figures_have_no_faults(figures: Path) -> None:
    first = benchmark(figures, coco_out=figures / "out")
    (figures / "out" / "gold.json").rename(figures / "coco.json")
    shutil.rmtree(figures / "gold")
    again = benchmark(figures)
    assert again.score.panels == first.score.panels

    console = Console(record=True, width=100)
    show_benchmark(console, again)
    whole = all(one.end_to_end.f1 == 1 for one in again.by_figure.values())
    told = console.export_text()
    assert ("none has any" in told) == whole
    assert "scale bars" not in told


def test_gold_without_its_image_is_named(figures: Path) -> None:
    (figures / "fig1.png").unlink()
    with pytest.raises(GoldError, match=r"no image for the gold fig1\.json"):
        benchmark(figures)


def test_a_scheduled_benchmark_without_any_gold_is_skipped_and_says_how_to_add_some(tmp_path: Path) -> None:
    state = benchmark(tmp_path / "figures", skip_without_gold=True, return_state=True)
    assert (state.name, state.is_completed()) == (NO_GOLD, True)
    assert str(tmp_path / "figures" / "gold") in str(state.message)
    with pytest.raises(GoldError):
        benchmark(tmp_path / "figures")


def test_the_command_says_what_is_wrong(tmp_path: Path) -> None:
    ran = CliRunner().invoke(app, [str(tmp_path)])
    assert ran.exit_code == 1
    assert "holds no gold" in ran.output


def test_the_weights_that_harvests_use_are_scored(
    figures: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = tmp_path / "own"
    own.mkdir()
    (own / "panels.safetensors").write_bytes(b"no weights")
    monkeypatch.setenv("EXSCLAIM_WEIGHTS", str(own))
    with pytest.raises(WeightsError, match=r"own/panels\.safetensors cannot be read as weights"):
        separate_file.fn(next(figures.glob("*.png")))
