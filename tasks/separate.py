"""Stage `separate`: a figure's image -> panels with their letters and scale bars."""

import logging
from collections.abc import Sequence
from typing import Any

from prefect import task
from prefect.results import ResultStore, get_result_store

from exsclaim.figures import SEPARATION_VERSION, model_versions, separate
from exsclaim.figures.image import read_image
from exsclaim.records import Panel, Record
from exsclaim.settings import settings
from tasks.caching import digest, keyed, labels_digest
from tasks.library import store

log = logging.getLogger(__name__)


class FigureToSeparate(Record):
    """All that a separation needs, wherever it runs: the image by its digest, the labels that the caption names."""

    image_sha256: str
    labels: tuple[str, ...]
    figure_id: str


def _key(parameters: dict[str, Any]) -> str:
    labels = labels_digest(parameters["labels"])
    return "-".join((parameters["image_sha256"], labels, SEPARATION_VERSION, digest(model_versions())[:12]))


SEPARATION = keyed("separate", _key)


@task(
    task_run_name="separate {figure_id}",
    cache_policy=SEPARATION,
    persist_result=True,
    result_serializer="json",
    cache_result_in_memory=False,
)
def separate_figure(image_sha256: str, labels: Sequence[str], figure_id: str) -> list[Panel]:
    """Cut a stored image into panels; `labels` are those that the caption names.

    The cache knows images, not figures: the same image under another figure is not separated twice, so ids in a
    cached result may be another figure's. `exsclaim.assembly` gives every panel its own figure's id.
    """
    image = read_image(store().read(image_sha256), settings().max_image_megapixels)
    return separate(image, labels, figure_id=figure_id)


# The tag's limit costs two seconds a task (docs/decisions/0014), so it is held once for many figures.
@task(task_run_name="separate chunk", tags=["gpu"], persist_result=False)
def separate_chunk(figures: Sequence[FigureToSeparate]) -> int:
    """Separate many figures into the cache, one GPU's work at a time; gives how many of them could not be.

    Raises:
        ExsclaimError: none of them could be (the error of the first): a store or weights that this machine lacks.
    """
    futures = [separate_figure.submit(**figure.model_dump()) for figure in figures]
    errors = [error for future in futures if isinstance(error := future.result(raise_on_failure=False), BaseException)]
    for error in errors:
        log.warning("a figure could not be separated: %s", error)
    if errors and len(errors) == len(figures):
        raise errors[0]
    return len(errors)


def is_separated(figure: FigureToSeparate) -> bool:
    """Whether the cache has the figure's panels: `separate_figure` will not compute them again."""
    key = SEPARATION.compute_key(None, figure.model_dump(), {})  # type: ignore[arg-type]
    results = get_result_store().update_for_task(separate_figure)
    assert isinstance(results, ResultStore)  # and no coroutine: harvests run in no event loop
    return key is not None and results.exists(key)
