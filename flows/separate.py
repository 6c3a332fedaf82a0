"""Separate figures on a machine with a GPU: deployed to the pool `gpu`, called by harvests (`flows/gpu_pool.py`).

The machine shares the store and the task cache with those that harvest: images come from the one by digest, panels
go into the other.
"""

import logging

from prefect import flow, task

from exsclaim.harvests.article_stages import FigureToSeparate
from exsclaim.harvests.worker_threads import side_by_side
from exsclaim.settings import settings
from tasks.calling import call
from tasks.separate import separate_figures

log = logging.getLogger(__name__)


@flow(name="separate", persist_result=False)
def separate(articles: list[list[FigureToSeparate]]) -> int:
    """Separate stored figures, article by article, into the task cache; gives how many articles could not be.

    Raises:
        ExsclaimError: none of them could be (the error of the first): a store or weights that this machine lacks.
    """
    return separate_chunk(articles)


# The tag's limit costs two seconds a task (docs/decisions/0014), so it is held once for many figures.
@task(task_run_name="separate chunk", tags=["gpu"], persist_result=False)
def separate_chunk(articles: list[list[FigureToSeparate]]) -> int:
    """Separate many figures, one GPU's work at a time."""
    errors: list[BaseException] = []

    def work(figures: list[FigureToSeparate]) -> None:
        outcome = call(separate_figures, figures=figures, article_id=figures[0].figure_id.rpartition("/")[0])
        if outcome.error is not None:
            log.warning("figures could not be separated: %s", outcome.error)
            errors.append(outcome.error)

    side_by_side(work, articles, limit=settings().workers)
    if errors and len(errors) == len(articles):
        raise errors[0]
    return len(errors)
