"""Stage `fetch`: an article's page and its figures' images, into the store."""

import datetime as dt

from prefect import task

from exsclaim import sources
from exsclaim.records import ArticleRef, FetchedArticle, Figure, FigureRef
from exsclaim.settings import settings
from exsclaim.sources.figure_images import fetch_image
from tasks.caching import digest, keyed
from tasks.library import client, store
from tasks.retrying import can_heal


@task(
    task_run_name="fetch {ref.url}",
    cache_policy=keyed(
        "fetch", lambda p: f"{digest(p['ref'].url, p['ref'].version)}-{sources.get(p['ref'].source).version}"
    ),
    cache_expiration=dt.timedelta(days=settings().recheck_after_days),
    persist_result=True,
    result_serializer="json",
    cache_result_in_memory=False,
    retry_condition_fn=can_heal,
    retry_jitter_factor=0.5,
)
def fetch_article(ref: ArticleRef, fresh: bool = False) -> FetchedArticle:
    """Read one article; its page comes from the store where it was had not too long ago (and `fresh` is off)."""
    return sources.get(ref.source).read(ref, client(), fresh=fresh or _is_stale(ref.url))


@task(
    task_run_name="fetch {figure.id}",
    cache_policy=keyed("image", lambda p: digest(p["figure"].model_dump(mode="json"))),
    cache_expiration=dt.timedelta(days=settings().recheck_after_days),
    persist_result=True,
    result_serializer="json",
    cache_result_in_memory=False,
    retry_condition_fn=can_heal,
    retry_jitter_factor=0.5,
)
def fetch_figure(figure: FigureRef, source: str, fresh: bool = False) -> Figure:
    """Bring a figure's largest image into the store."""
    stale = any(map(_is_stale, figure.image_urls))
    return fetch_image(figure, source, client(), fresh=fresh or stale, credentials=sources.credentials(source))


def _is_stale(url: str) -> bool:
    had = store().recall(url)
    today = dt.datetime.now(dt.UTC).date()
    return had is not None and had.fetched_on < today - dt.timedelta(days=settings().recheck_after_days)
