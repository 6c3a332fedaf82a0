"""Separate figures on a machine with a GPU: deployed to the pool `gpu`, called by harvests (`flows/gpu_pool.py`).

The machine shares the store and the task cache with those that harvest: images come from the one by digest, panels
go into the other.
"""

from prefect import flow
from prefect.task_runners import ThreadPoolTaskRunner

from exsclaim.settings import settings
from tasks.separate import FigureToSeparate, separate_chunk


@flow(
    name="separate",
    task_runner=ThreadPoolTaskRunner(max_workers=settings().workers),  # type: ignore[arg-type]
    persist_result=False,
)
def separate(figures: list[FigureToSeparate]) -> int:
    """Separate stored figures into the task cache; gives how many of them could not be.

    Raises:
        ExsclaimError: none of them could be.
    """
    return separate_chunk(figures)
