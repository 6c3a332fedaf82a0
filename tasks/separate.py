"""Stage `separate`: images of an article's figures -> panels with their letters and scale bars."""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache, partial
from typing import Any

from prefect.results import ResultStore, get_result_store

from exsclaim.figures import SEPARATION_VERSION, model_versions, separate
from exsclaim.figures.image import read_image
from exsclaim.records import Panel, Record
from exsclaim.recovery import Fault, attempt
from exsclaim.settings import settings
from tasks.caching import cached_task, digest, keyed
from tasks.library import store

cores = os.cpu_count() or 1
"""Of this process; of one of several on a machine its share (`flows.scale_out`)."""


class FigureToSeparate(Record):
    """All that a separation needs, wherever it runs: the image by its digest, the labels that the caption names."""

    image_sha256: str
    labels: tuple[str, ...]
    figure_id: str


class SeparatedFigures(Record):
    """Panels of each figure, or the fault, by the figure's id."""

    panels: dict[str, tuple[Panel, ...]]
    faults: dict[str, Fault]


def _key(parameters: dict[str, Any]) -> str:
    figures = [(figure.figure_id, figure.image_sha256, *figure.labels) for figure in parameters["figures"]]
    return "-".join((digest(*figures), SEPARATION_VERSION, digest(model_versions(settings().weights))[:12]))


SEPARATION = keyed("separate", _key)


@cached_task(SEPARATION, "panels of {article_id}")
def separate_figures(figures: Sequence[FigureToSeparate], article_id: str) -> SeparatedFigures:
    """Cut the stored images of an article's figures into panels, side by side on this process's cores.

    Raises:
        MachineError, WeightsError: this machine cannot: the figures are not to blame.
    """
    panels: dict[str, tuple[Panel, ...]] = {}
    faults: dict[str, Fault] = {}
    ids = [figure.figure_id for figure in figures]
    for id, found in zip(ids, _cores().map(attempt, ids, [partial(_panels, each) for each in figures]), strict=True):
        if isinstance(found, Fault):
            faults[id] = found
        else:
            panels[id] = found
    return SeparatedFigures(panels=panels, faults=faults)


def _panels(figure: FigureToSeparate) -> tuple[Panel, ...]:
    machine = settings()
    image = read_image(store().read(figure.image_sha256), machine.max_image_megapixels)
    return tuple(
        separate(image, figure.labels, figure_id=figure.figure_id, device=machine.device, weights=machine.weights)
    )


@cache
def _cores() -> ThreadPoolExecutor:
    """A thread per core for all articles together, each computing by itself: two on one figure gain a fifth,
    two figures side by side double (docs/performance.md)."""
    import torch

    return ThreadPoolExecutor(cores, "separate", initializer=torch.set_num_threads, initargs=(1,))


def is_separated(figures: Sequence[FigureToSeparate]) -> bool:
    """True if the cache has the panels of these figures of an article."""
    key = SEPARATION.compute_key(None, {"figures": figures}, {})  # type: ignore[arg-type]
    results = get_result_store().update_for_task(separate_figures)
    assert isinstance(results, ResultStore)  # and no coroutine: harvests run in no event loop
    return key is not None and results.exists(key)
