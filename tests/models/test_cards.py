"""Cards of the networks: their version and size are those of the installed weights, and not of older ones."""

from pathlib import Path

import pytest

import models
from exsclaim.figures.weights import FOLDER, load_weights

CARD_OF = {"reader": "readers", "scale_reader": "readers"}


@pytest.mark.parametrize("file", sorted(FOLDER.glob("*.safetensors")), ids=lambda file: file.stem)
def test_the_card_is_of_the_weights_that_are_installed(file: Path) -> None:
    card = (Path(models.__path__[0]) / CARD_OF.get(file.stem, file.stem) / "CARD.md").read_text(encoding="utf-8")
    assert load_weights(file.stem)[1].version in card
    assert f"{file.stat().st_size / 1e6:.1f} MB" in card


def test_the_readme_says_how_large_the_networks_are_together() -> None:
    readme = (Path(models.__path__[0]).parent / "README.md").read_text(encoding="utf-8")
    together = sum(file.stat().st_size for file in FOLDER.glob("*.safetensors")) / 1e6
    assert f"({together:.1f} MB together)" in readme
