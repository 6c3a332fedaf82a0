"""Stage `fetch`: an article's page -> the article, and its figures as the page describes them."""

from typing import Any

from exsclaim import sources
from exsclaim.harvests.article_stages import read_article
from exsclaim.records import ArticleRef, FetchedArticle
from tasks.caching import cached_task, digest, keyed
from tasks.store_and_client import client


def _key(parameters: dict[str, Any]) -> str:
    ref = parameters["ref"]
    return f"{digest(ref.url, ref.version)}-{sources.get(ref.source).version}"


@cached_task(keyed("fetch", _key), "fetch {ref.url}")
def fetch_article(ref: ArticleRef, fresh: bool = False) -> FetchedArticle:
    """Read one article; its page comes from the store where it was fetched not too long ago (and `fresh` is off)."""
    return read_article(ref, client(), fresh=fresh)
