"""Notebooks of the documentation run, cell by cell, on a small data set in place of the demo's."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from exsclaim.dataset.opened import open_dataset
from tests.exsclaim.dataset.conftest import SIZE_PX, Harvester, Publisher, harvested, night, results, store

__all__ = ["harvested", "night", "results", "store"]
ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted((ROOT / "docs/notebooks").glob("*.ipynb"))


def cells(notebook: Path, kind: str) -> list[str]:
    content = json.loads(notebook.read_text(encoding="utf-8"))
    assert content["nbformat"] == 4
    return ["".join(cell["source"]) for cell in content["cells"] if cell["cell_type"] == kind]


def figure(seed: int) -> bytes:
    """Noise on the left, where the micrograph is; a white page with a line on the right, where the graph is."""
    rng = np.random.default_rng(seed)
    pixels = np.full((SIZE_PX[1], SIZE_PX[0], 3), 255, dtype=np.uint8)
    pixels[:, : SIZE_PX[0] // 2] = rng.integers(0, 200, (SIZE_PX[1], SIZE_PX[0] // 2, 3), dtype=np.uint8)
    pixels[rng.integers(8, 40), SIZE_PX[0] // 2 :] = 0
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, format="PNG")
    return file.getvalue()


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs_from_end_to_end(
    notebook: Path, harvested: Harvester, night: Publisher, tmp_path: Path
) -> None:
    articles = [harvested(f"x{n}", figures=3, image=figure(n), format="PNG") for n in range(6)]
    folder = night("2026-11-20", *articles).folder
    assert len(open_dataset(folder)) == 36
    script = tmp_path / f"{notebook.stem}.py"
    script.write_text("\n\n".join(cells(notebook, "code")), encoding="utf-8")
    environment = os.environ | {"RESULTS": str(folder), "MPLBACKEND": "Agg", "PYTHONPATH": str(ROOT)}
    ran = subprocess.run(
        [sys.executable, str(script)], env=environment, capture_output=True, text=True, timeout=300, check=False
    )
    assert ran.returncode == 0, ran.stderr
    assert "36 panels of 6 articles" in ran.stdout
    assert "100% right of 6 panels" in ran.stdout


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_kept_without_outputs(notebook: Path) -> None:
    content = json.loads(notebook.read_text(encoding="utf-8"))
    assert not any(cell.get("outputs") or cell.get("execution_count") for cell in content["cells"])
    assert not any(line.startswith(("%", "!")) for cell in cells(notebook, "code") for line in cell.splitlines())
