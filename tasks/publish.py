"""Stage `publish`: harvested articles -> data set and exports. Idempotent by content, so never cached."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from prefect import task

from exsclaim.dataset.harvested import HarvestedArticle, LeftOut
from exsclaim.dataset.publishing import Published, publish
from exsclaim.dataset.staging import Staging
from exsclaim.settings import settings
from exsclaim.storage.local import safe_name
from tasks.library import store


@task(task_run_name="publish {query_name}", persist_result=False)
def publish_dataset(
    articles: Sequence[HarvestedArticle],
    query_name: str,
    results_dir: Path | str,
    harvest_id: str,
    save_format: frozenset[str],
    versions: Mapping[str, str],
    left_out: Sequence[LeftOut] = (),
    allow_unknown_licences: bool = False,
) -> Published:
    """Write the harvest's partition of the data set and the exports that the query asks for."""
    staging = Staging(settings().home / "staging" / safe_name(query_name))
    staging.clear()
    for article in articles:
        staging.add(article)
    for each in left_out:
        staging.leave_out(each)
    published = publish(
        staging,
        query_name=query_name,
        results_dir=results_dir,
        store=store(),
        harvest_id=harvest_id,
        save_format=save_format,
        versions=versions,
        allow_unknown_licences=allow_unknown_licences,
    )
    staging.clear()
    staging.close()
    return published
