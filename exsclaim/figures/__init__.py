"""Figures: safe decoding of their images, and their separation into panels.

    separate(image) -> panels            image: (H, W, 3) uint8 RGB, from `exsclaim.figures.image.read_image`
    separate_all(figures) -> panels of each, through the networks together: for a GPU

Importing this package costs nothing; opencv, torch and the networks load with the first separation.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from exsclaim.records import Panel

REQUIRED_MODELS: tuple[str, ...] = ("panels", "bars_and_labels", "reader", "scale_reader", "kinds")
"""Names of the networks that `separate` uses: their weights must be installed, there is nothing to fall back on."""

SEPARATION_VERSION = "24"
"""Changes whenever the same image may give other panels for a reason other than new weights: part of cache keys."""


def separate(
    image: "NDArray[np.uint8]",
    expected_labels: "Sequence[str]" = (),
    *,
    figure_id: str = "",
    device: str = "auto",
    weights: str | Path | None = None,
) -> "list[Panel]":
    """Cut a figure into its panels, with ids `<figure_id>/p<n>` from 1.

    The figure's panels come first, in reading order, then insets and parts, with `parent_id` naming their panel.

    Args:
        image: `(H, W, 3)` uint8 RGB.
        expected_labels: labels that the caption names, as a hint; () if unknown.
        figure_id: id of the figure, the prefix of its panels' ids.
        device: "auto" (a GPU where there is one), "cpu" or "cuda".
        weights: folder with your own weights, see `Separator`; by default the installed ones.

    >>> import numpy as np
    >>> figure = np.full((200, 420, 3), 255, dtype=np.uint8)
    >>> grains = np.random.default_rng(1).integers(40, 200, (18, 19, 1), dtype=np.uint8).repeat(10, 0).repeat(10, 1)
    >>> figure[10:190, 10:200] = figure[10:190, 220:410] = grains
    >>> [(panel.id, panel.box.corners) for panel in separate(figure, figure_id="mine", device="cpu")]
    [('mine/p1', (10.0, 10.0, 200.0, 190.0)), ('mine/p2', (220.0, 10.0, 410.0, 190.0))]

    Raises:
        TypeError: `image` is not an array, or a label is not a string.
        ValueError: `image` is not `(H, W, 3)` uint8 or has no pixels.
        WeightsError: a network's weights are missing, damaged or for newer code.
    """
    return separate_all([(image, expected_labels, figure_id)], device=device, weights=weights)[0]


def separate_all(
    figures: "Sequence[tuple[NDArray[np.uint8], Sequence[str], str]]",
    *,
    device: str = "auto",
    weights: str | Path | None = None,
) -> "list[list[Panel]]":
    """Panels of several figures at once: those of `separate`, but a GPU is kept busy.

    Memory grows with their number: some 16 at a time are enough for a GPU, and a CPU gains nothing from more than one.

    Args:
        figures: image, labels that the caption names, and id of each.
        device: as for `separate`.
        weights: as for `separate`.

    Raises:
        TypeError: an image is no array, or a label no text.
        ValueError: an image is not `(H, W, 3)` uint8 or has no pixels.
        WeightsError: a network's weights are missing, damaged or for newer code.
    """
    from exsclaim.figures.separation import Separator

    return Separator(device, weights).separate_all(figures)


def model_versions(weights: str | Path | None = None) -> dict[str, str]:
    """Name -> sha256 of the weights of each network that `separate` uses: part of cache keys.

    "second_reader" -> its package and version, where it is installed.

    Args:
        weights: folder of weights of your own; networks that it has none of use the installed ones.

    Raises:
        WeightsError: weights are missing, or the folder has none at all.
    """
    from exsclaim.figures.detection import second_reader
    from exsclaim.figures.weights import digest, folders

    versions = {name: digest(name, folder) for name, folder in folders(REQUIRED_MODELS, weights).items()}
    second = second_reader.version()
    return versions if second is None else {**versions, "second_reader": second}
