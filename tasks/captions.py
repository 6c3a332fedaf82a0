"""Stage `captions`: a caption -> what is said of each panel."""

from collections.abc import Sequence

from prefect import task

from exsclaim.captions import SPLITTER_VERSION, split
from exsclaim.records import CaptionParts
from tasks.caching import digest, keyed


@task(
    task_run_name="captions {figure_id}",
    cache_policy=keyed("captions", lambda p: f"{digest(p['caption'], list(p['terms']))}-{SPLITTER_VERSION}"),
    persist_result=True,
    result_serializer="json",
    cache_result_in_memory=False,
)
def split_caption(caption: str, terms: Sequence[str], figure_id: str) -> CaptionParts:
    """Cut a caption into the parts that belong to each label."""
    return split(caption, terms)
