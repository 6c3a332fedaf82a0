"""Stage `search`: a query and a source -> references of articles."""

import datetime as dt
import itertools
from typing import Any

from prefect import task

from exsclaim import sources
from exsclaim.query import Query
from exsclaim.records import ArticleRef
from tasks.caching import keyed
from tasks.library import client
from tasks.retrying import can_heal


def _key(parameters: dict[str, Any]) -> str | None:
    if sources.is_local(parameters["source"]):
        return None
    return f"{parameters['query'].digest[:32]}-{parameters['source']}-{parameters['day']}"


@task(
    task_run_name="search {source}",
    cache_policy=keyed("search", _key),
    persist_result=True,
    result_serializer="json",
    cache_result_in_memory=False,
    retry_condition_fn=can_heal,
    retry_jitter_factor=0.5,
)
def search(query: Query, source: str, day: dt.date) -> list[ArticleRef]:
    """The first `maximum_scraped` articles that the source finds, best first; a day's answer is kept for that day.

    A folder is looked at each time.
    """
    found = sources.get(source).search(query, client())
    return list(itertools.islice(found, query.maximum_scraped))
