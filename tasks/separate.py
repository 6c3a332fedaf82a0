"""Stage `separate`: images of an article's figures -> panels with their letters and scale bars."""

from collections.abc import Sequence
from typing import Any

from prefect.results import ResultStore, get_result_store

from exsclaim.figures import SEPARATION_VERSION, model_versions
from exsclaim.harvests.article_stages import FigureToSeparate, SeparatedFigures, panels_of
from exsclaim.settings import settings
from tasks.caching import cached_task, digest, keyed
from tasks.store_and_client import store


def _key(parameters: dict[str, Any]) -> str:
    figures = [(figure.figure_id, figure.image_sha256, *figure.labels) for figure in parameters["figures"]]
    return "-".join((digest(*figures), SEPARATION_VERSION, digest(model_versions(settings().weights))[:12]))


SEPARATION = keyed("separate", _key)


@cached_task(SEPARATION, "panels of {article_id}")
def separate_figures(figures: Sequence[FigureToSeparate], article_id: str) -> SeparatedFigures:
    """Cut the stored images of an article's figures into panels, side by side on this process's cores."""
    return panels_of(figures, store())


def is_separated(figures: Sequence[FigureToSeparate]) -> bool:
    """True if the cache has the panels of these figures of an article."""
    key = SEPARATION.compute_key(None, {"figures": figures}, {})  # type: ignore[arg-type]
    results = get_result_store().update_for_task(separate_figures)
    assert isinstance(results, ResultStore)  # and no coroutine: harvests run in no event loop
    return key is not None and results.exists(key)
