"""The stages of one article as the library does them: what each gives, and the faults of single figures beside it.

A figure that fails does not fail the others. A fault of the machine is none of a figure's: it is raised.
"""

import datetime as dt
import itertools
import json
import logging
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache, partial
from typing import Any, TypeVar

from exsclaim import sources
from exsclaim.captions import split
from exsclaim.dataset.tables.staging import SURROGATE
from exsclaim.figures import separate, separation_processes
from exsclaim.figures.image import read_figure
from exsclaim.figures.separation_processes import separated_apart
from exsclaim.http import Client
from exsclaim.query import Query
from exsclaim.records import ArticleRef, CaptionParts, FetchedArticle, Figure, FigureRef, Panel, Record
from exsclaim.recovery import Fault, attempt
from exsclaim.settings import settings
from exsclaim.sources.figure_images import fetch_image
from exsclaim.store import Store

log = logging.getLogger("exsclaim.harvests.article_stages")
T = TypeVar("T")

cores = os.cpu_count() or 1
"""Of this process; of one of several on a machine its share."""
in_processes = False
"""Figures are separated by processes that this one starts, one for each core. A harvest's own process does so."""


@dataclass(frozen=True)
class StageOutcome:
    """Outcome of a stage's call: `error` is None where `value` is its result; `is_cached`, where an earlier call made
    it."""

    value: Any
    error: BaseException | None
    is_cached: bool


class Found(Record):
    """Articles that a search gave, best first; `fault` says why there may be more of them."""

    refs: tuple[ArticleRef, ...]
    fault: Fault | None = None


class FetchedImages(Record):
    """Image of each figure in the store, or the fault, by the figure's id."""

    figures: tuple[Figure, ...]
    faults: dict[str, Fault]


class SplitCaptions(Record):
    """Parts of each caption, or the fault, by the figure's id."""

    parts: dict[str, CaptionParts]
    faults: dict[str, Fault]


class FigureToSeparate(Record):
    """All that a separation needs, wherever it runs: the image by its digest, the labels that the caption names."""

    image_sha256: str
    labels: tuple[str, ...]
    figure_id: str


class SeparatedFigures(Record):
    """Panels of each figure, or the fault, by the figure's id."""

    panels: dict[str, tuple[Panel, ...]]
    faults: dict[str, Fault]


def find_articles(query: Query, source: str, client: Client) -> Found:
    """The first `maximum_scraped` articles that the source finds; what the pages before a failing one gave is kept."""
    refs: list[ArticleRef] = []

    def ask() -> None:
        for ref in itertools.islice(sources.get(source).search(query, client), query.maximum_scraped):
            if SURROGATE.search(ref.url):
                log.warning("%s: left out, its name is not UTF-8: %r", source, ref.url)
            else:
                refs.append(ref)

    fault = attempt(f"search of {source}", ask)
    return Found(refs=tuple(refs), fault=fault)


def read_article(ref: ArticleRef, client: Client, *, fresh: bool) -> FetchedArticle:
    """One article; its page comes from the store where it was fetched not too long ago (and `fresh` is off).

    What no file can hold, lone surrogates as PDFs' mathematical italics give them, is U+FFFD in it.
    """
    article = sources.get(ref.source).read(ref, client, fresh=fresh or _is_stale(ref.url, client))
    text = json.dumps(article.model_dump(mode="python"), ensure_ascii=False, default=str)
    if not SURROGATE.search(text):
        return article
    return FetchedArticle.model_validate(_replaced(article.model_dump(mode="python")))


def _is_stale(url: str, client: Client) -> bool:
    """True if an address was fetched so long ago that it is to be asked again."""
    known = client.store.recall(url)
    today = dt.datetime.now(dt.UTC).date()
    oldest = today - dt.timedelta(days=settings().recheck_after_days)
    return known is not None and not oldest <= known.fetched_on <= today  # after today: the clock was wrong


def _replaced(value: Any) -> Any:
    if isinstance(value, str):
        return SURROGATE.sub("\ufffd", value)
    if isinstance(value, dict):
        return {key: _replaced(each) for key, each in value.items()}
    return tuple(map(_replaced, value)) if isinstance(value, list | tuple) else value


def images_of(figures: Sequence[FigureRef], source: str, client: Client, *, fresh: bool) -> FetchedImages:
    """Bring each figure's largest image into the store.

    Raises:
        MachineError: this machine cannot keep them.
    """

    def image(figure: FigureRef) -> Figure:
        stale = fresh or any(_is_stale(url, client) for url in figure.image_urls)
        return fetch_image(figure, source, client, fresh=stale, credentials=sources.credentials(source))

    fetched, faults = _values_and_faults(
        (figure.id, attempt(figure.id, partial(image, figure), next(iter(figure.image_urls), ""))) for figure in figures
    )
    return FetchedImages(figures=tuple(fetched.values()), faults=faults)


def parts_of(captions: Mapping[str, str], terms: Sequence[str]) -> SplitCaptions:
    """Cut each caption (figure id -> text) into the parts that belong to each label.

    Raises:
        MachineError: this machine has no memory for them.
    """
    parts, faults = _values_and_faults(
        (id, attempt(id, partial(split, caption, terms))) for id, caption in captions.items()
    )
    return SplitCaptions(parts=parts, faults=faults)


def panels_of(figures: Sequence[FigureToSeparate], store: Store) -> SeparatedFigures:
    """Cut the stored images of an article's figures into panels, side by side on this process's cores.

    Raises:
        MachineError, WeightsError: this machine cannot: the figures are not to blame.
    """
    ids = [figure.figure_id for figure in figures]
    processes = _processes(cores, settings().device) if in_processes else 1
    panels_here = _panels if processes == 1 else _panels_apart
    calls: list[Callable[[], tuple[Panel, ...]]] = [partial(panels_here, figure, store) for figure in figures]
    threads = _threads_of_networks(cores) if processes == 1 else _threads_that_wait(processes)
    panels, faults = _values_and_faults(zip(ids, threads.map(attempt, ids, calls), strict=True))
    return SeparatedFigures(panels=panels, faults=faults)


def _panels(figure: FigureToSeparate, store: Store) -> tuple[Panel, ...]:
    machine = settings()
    image = read_figure(store.read(figure.image_sha256), machine.max_image_megapixels)
    return tuple(
        separate(image, figure.labels, figure_id=figure.figure_id, device=machine.device, weights=machine.weights)
    )


def _panels_apart(figure: FigureToSeparate, store: Store) -> tuple[Panel, ...]:
    machine = settings()
    return separated_apart(
        store.read(figure.image_sha256), figure.labels, figure_id=figure.figure_id, device=machine.device,
        weights=machine.weights, max_megapixels=machine.max_image_megapixels,
    )  # fmt: skip


@cache
def _processes(cores: int, device: str) -> int:
    """Number of processes that separate: those on a GPU, and where there is one core, by this process alone."""
    if cores == 1 or device == "cuda":
        return 1
    if device == "auto":
        import torch

        if torch.cuda.is_available():
            return 1
    return max(1, separation_processes.most(cores))


@cache
def _threads_of_networks(cores: int) -> ThreadPoolExecutor:
    """A thread per core for all articles together, each computing by itself: two on one figure gain a fifth,
    two figures side by side double (docs/performance.md)."""
    import torch

    return ThreadPoolExecutor(cores, "separate", initializer=torch.set_num_threads, initargs=(1,))


@cache
def _threads_that_wait(processes: int) -> ThreadPoolExecutor:
    """A thread per process for all articles together."""
    return ThreadPoolExecutor(processes, "separate")


def _values_and_faults(found: Iterable[tuple[str, T | Fault]]) -> tuple[dict[str, T], dict[str, Fault]]:
    """Values and faults, each by the figure's id."""
    values: dict[str, T] = {}
    faults: dict[str, Fault] = {}
    for id, each in found:
        if isinstance(each, Fault):
            faults[id] = each
        else:
            values[id] = each
    return values, faults
