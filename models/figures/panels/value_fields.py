"""Fields of values drawn by matplotlib: contours, heat maps with their bars of colours, surfaces."""

from typing import Any

import cv2
import numpy as np
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from numpy.typing import NDArray

from models.figures.panels import textures


def _ground(rng: np.random.Generator) -> tuple[NDArray[np.uint8], str]:
    """A grid of values and a map of colours."""
    grid = textures.cut(rng, "rough", 40, 40)
    return grid, str(rng.choice(["viridis", "jet", "RdBu_r", "hot", "Blues", "plasma", "coolwarm", "rainbow"]))


def contours(rng: np.random.Generator, axes: Axes, _: object) -> None:
    grid, colours = _ground(rng)
    _colour_bar(rng, axes, axes.contourf(cv2.GaussianBlur(grid, (0, 0), 3), 12, cmap=colours))


def heat_map(rng: np.random.Generator, axes: Axes, _: object) -> None:
    grid, colours = _ground(rng)
    _colour_bar(rng, axes, axes.imshow(grid[:12, :16], cmap=colours, aspect="auto"))


def _colour_bar(rng: np.random.Generator, axes: Axes, shown: ScalarMappable) -> None:
    if rng.random() < 0.7 and axes.figure is not None:
        axes.figure.colorbar(shown, ax=axes)


def surface(rng: np.random.Generator, axes: Axes, _: object) -> None:
    solid: Any = axes  # the 3d projection has methods that Axes lacks
    side = np.linspace(-2, 2, 24)
    surface = np.exp(-np.add.outer(side**2, (side - rng.uniform(-1, 1)) ** 2))
    solid.plot_surface(*np.meshgrid(side, side), surface, cmap=str(rng.choice(["viridis", "jet", "coolwarm"])))
