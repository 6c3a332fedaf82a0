"""Stage `figures`: the images of an article's figures, into the store."""

from collections.abc import Sequence
from typing import Any

from exsclaim.harvests.article_stages import FetchedImages, images_of
from exsclaim.records import FigureRef
from tasks.caching import cached_task, digest, keyed
from tasks.store_and_client import client


def _key(parameters: dict[str, Any]) -> str:
    return digest(*(figure.model_dump(mode="json") for figure in parameters["figures"]))


@cached_task(keyed("images", _key), "images of {article_id}")
def fetch_images(figures: Sequence[FigureRef], source: str, article_id: str, fresh: bool = False) -> FetchedImages:
    """Bring each figure's largest image into the store; a figure that fails does not fail the others."""
    return images_of(figures, source, client(), fresh=fresh)
