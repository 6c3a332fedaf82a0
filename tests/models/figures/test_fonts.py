"""Figures are drawn with the fonts that the dependencies bring: the same bytes on every machine."""

import hashlib
import os
import subprocess
import sys

import pytest

from models.figures import fonts

DRAW = """
import hashlib
from models.figures.draw import draw
print(*(hashlib.sha256(draw(seed).image.tobytes()).hexdigest() for seed in (3, 5)))
"""


def test_all_faces_come_with_matplotlib() -> None:
    assert {face.family for face in fonts.faces()} >= {"DejaVuSans", "DejaVuSerif", "STIXGeneral"}
    assert all(face.path.startswith(str(fonts.bundled())) for face in fonts.faces())


def test_training_draws_with_the_fonts_of_the_machine_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(fonts.VARIABLE, raising=False)
    alone = fonts.folders()
    monkeypatch.setenv(fonts.VARIABLE, "")
    fonts.use_installed_fonts()
    assert len(fonts.folders()) == len(alone) + len(fonts.FOLDERS)


def test_another_process_draws_the_same_bytes() -> None:
    environment = {name: value for name, value in os.environ.items() if name != fonts.VARIABLE}
    drawn = subprocess.run([sys.executable, "-c", DRAW], capture_output=True, text=True, check=True, env=environment)
    from models.figures.draw import draw

    assert drawn.stdout.split() == [hashlib.sha256(draw(seed).image.tobytes()).hexdigest() for seed in (3, 5)]
