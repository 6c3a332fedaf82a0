"""Answers of the demo's command before it draws anything."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(("asked", "code", "said"), [("--help", 0, "Harvest a small journal"), ("--fast", 2, "--fast")])
def test_what_is_asked_of_it_is_answered_and_begins_no_harvest(
    asked: str, code: int, said: str, tmp_path: Path
) -> None:
    made = subprocess.run(
        [sys.executable, "-m", "flows.demo", asked], cwd=tmp_path, env={"PYTHONPATH": str(ROOT), "HOME": str(tmp_path)},
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert (made.returncode, said in made.stdout + made.stderr) == (code, True)
    assert not (tmp_path / ".exsclaim" / "demo").exists()
