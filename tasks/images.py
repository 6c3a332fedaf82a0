"""Stage `figures`: the images of an article's figures, into the store."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from exsclaim import sources
from exsclaim.records import Figure, FigureRef, Record
from exsclaim.recovery import Fault, attempt
from exsclaim.sources.figure_images import fetch_image
from tasks.caching import cached_task, digest, keyed
from tasks.fetch import is_stale
from tasks.library import client


class FetchedImages(Record):
    """Image of each figure in the store, or the fault, by the figure's id."""

    figures: tuple[Figure, ...]
    faults: dict[str, Fault]


def _key(parameters: dict[str, Any]) -> str:
    return digest(*(figure.model_dump(mode="json") for figure in parameters["figures"]))


@cached_task(keyed("images", _key), "images of {article_id}")
def fetch_images(figures: Sequence[FigureRef], source: str, article_id: str, fresh: bool = False) -> FetchedImages:
    """Bring each figure's largest image into the store; a figure that fails does not fail the others.

    Raises:
        MachineError: this machine cannot keep them.
    """
    fetched: list[Figure] = []
    faults: dict[str, Fault] = {}
    for figure in figures:
        url = next(iter(figure.image_urls), "")
        image = attempt(figure.id, partial(_image, figure, source, fresh), url)
        if isinstance(image, Fault):
            faults[figure.id] = image
        else:
            fetched.append(image)
    return FetchedImages(figures=tuple(fetched), faults=faults)


def _image(figure: FigureRef, source: str, fresh: bool) -> Figure:
    stale = fresh or any(map(is_stale, figure.image_urls))
    return fetch_image(figure, source, client(), fresh=stale, credentials=sources.credentials(source))
