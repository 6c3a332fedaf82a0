"""The word lists of `words.toml`: what drawn figures say."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np


@cache
def _lists() -> dict[str, list[Any]]:
    return tomllib.loads((Path(__file__).parent / "words.toml").read_text(encoding="utf-8"))


def pick(rng: np.random.Generator, *names: str) -> str:
    """A random entry of the lists `names` (keys of `words.toml`), taken together."""
    words = [word for name in names for word in _lists()[name]]
    return str(words[int(rng.integers(len(words)))])


def axis_titles(rng: np.random.Generator) -> tuple[str, str]:
    """Titles of the horizontal and the vertical axis of one kind of measurement."""
    titles = _lists()["axes"]
    horizontal, vertical = titles[int(rng.integers(len(titles)))]
    return str(horizontal), str(vertical)
