"""Stage `search`: a query and a source -> references of articles."""

import datetime as dt
from typing import Any

from exsclaim import sources
from exsclaim.harvests.article_stages import Found, find_articles
from exsclaim.query import Query
from tasks.caching import cached_task, keyed
from tasks.store_and_client import client


def _key(parameters: dict[str, Any]) -> str | None:
    if sources.is_local(parameters["source"]):
        return None
    return f"{parameters['query'].digest[:32]}-{parameters['source']}-{parameters['day']}"


@cached_task(keyed("search", _key), "search {source}")
def search(query: Query, source: str, day: dt.date) -> Found:
    """The first `maximum_scraped` articles that the source finds; a day's answer is kept for that day."""
    return find_articles(query, source, client())
