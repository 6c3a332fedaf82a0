"""One harvest at work: what follows from each task's outcome, until every figure is done or recorded as failed."""

import datetime as dt
import logging
from collections.abc import Callable
from typing import Any

from prefect import Task

from exsclaim.assembly import assemble
from exsclaim.dataset.harvested import HarvestedArticle, HarvestedFigure, LeftOut
from exsclaim.dataset.publishing import Published
from exsclaim.duplicates import merge_all
from exsclaim.errors import DefectError, ExsclaimError, FetchError, StoreError
from exsclaim.ledger import Ledger
from exsclaim.query import Query
from exsclaim.records import Article, ArticleRef, CaptionParts, FetchedArticle, Figure, FigureRef, Panel
from exsclaim.settings import settings
from exsclaim.sources import is_local
from flows.backlog import Backlog, Outcome
from flows.monitor import STAGES, Monitor
from tasks.captions import split_caption
from tasks.fetch import fetch_article, fetch_figure
from tasks.library import store
from tasks.retrying import backoff
from tasks.search import search
from tasks.separate import separate_figure

log = logging.getLogger(__name__)


class Harvest:
    """The articles, figures and panels of one query, gathered through cached tasks.

    `refresh` asks for every page and image again (conditionally); `retry_all` also tries what failed for good.
    """

    def __init__(
        self,
        query: Query,
        harvest_id: str,
        ledger: Ledger,
        monitor: Monitor,
        versions: dict[str, str],
        *,
        refresh: bool = False,
        retry_all: bool = False,
    ) -> None:
        self.query = query
        self.harvest_id = harvest_id
        self.retries = 0
        self._ledger = ledger
        self._monitor = monitor
        self._versions = versions
        self._refresh = refresh
        self._retry_all = retry_all
        self._today = dt.datetime.now(dt.UTC).date()
        self._backlog = Backlog(in_flight=2 * settings().workers)
        self._seen: set[str] = set()
        self._articles: dict[str, Article] = {}
        self._figures: dict[str, list[HarvestedFigure]] = {}
        self._left_out: dict[str, LeftOut] = {}
        self._fetched: dict[str, tuple[str, Figure]] = {}

    @property
    def left_out(self) -> tuple[LeftOut, ...]:
        """Articles that were read and must not be in the data set, by id."""
        return tuple(self._left_out[id] for id in sorted(self._left_out))

    def gather(self) -> list[HarvestedArticle]:
        """Search, fetch, split and separate; every failure is in the ledger, none is raised."""
        # a harvest goes on under the day it was begun on, so that a resumed one finds what it found
        day = dt.date.fromisoformat(self.harvest_id[:10])
        for source in self.query.sources:
            self._run("search", search, source, "", {"query": self.query, "source": source, "day": day}, self._found)
        for failure in self._ledger.failures(self.query.digest):
            if failure.stage in ("fetch", "figures") and failure.will_retry:
                # what failed before may not be among today's findings, and is tried all the same
                source, _, url = failure.id.split("#")[0].partition(":")
                if not is_local(source):  # a local one is found each time, with its version
                    self._read(ArticleRef(source=source, url=url))
        self._backlog.run()
        self._merge_duplicates()
        return [
            HarvestedArticle(article=article, figures=tuple(sorted(self._figures[article.id], key=_by_number)))
            for article in sorted(self._articles.values(), key=lambda a: a.id)
        ]

    def note_unpublished(self, published: Published) -> None:
        """Record the figures that could not be published; those that could are forgiven an earlier failure."""
        for figure in published.unpublished:
            self._record("publish", figure.figure_id, figure.url, StoreError(figure.cause), 1, self._versions)
        left_out = {figure.figure_id for figure in published.unpublished}
        for figures in self._figures.values():
            for harvested in figures:
                if harvested.figure.id not in left_out:
                    self._ledger.clear_failure("publish", harvested.figure.id, query_digest=self.query.digest)

    def _found(self, refs: list[ArticleRef]) -> None:
        for ref in refs:
            self._read(ref)

    def _read(self, ref: ArticleRef) -> None:
        if ref.url not in self._seen:
            self._seen.add(ref.url)
            self._fetch_article(ref)

    def _fetch_article(self, ref: ArticleRef, heal: bool = False) -> None:
        def read(fetched: FetchedArticle) -> None:
            article = fetched.article
            if not (article.is_retracted or self.query.admits(article)):  # of a retracted one little may be known
                return
            if reason := self.query.reason_against(article):
                self._left_out[article.id] = LeftOut(article_id=article.id, url=article.url, reason=reason)
                return
            images = (figure.image_sha256 for figure in fetched.figures if figure.image_sha256 is not None)
            if not heal and not all(map(store().holds, images)):
                # the cache remembers images that came out of the article's file, but the store has lost one
                self._fetch_article(ref, heal=True)
                return
            self._articles[article.id] = article
            self._figures[article.id] = []
            for figure in fetched.figures:
                self._fetch_figure(ref, figure)

        parameters = {"ref": ref, "fresh": self._refresh}
        id = f"{ref.source}:{ref.url}"
        self._run("fetch", fetch_article, id, ref.url, parameters, read, refresh=heal, article_version=ref.version)

    def _fetch_figure(self, ref: ArticleRef, figure: FigureRef, heal: bool = False) -> None:
        id = f"{ref.source}:{ref.url}#{figure.id.rsplit('/', 1)[-1]}"
        url = figure.image_urls[0] if figure.image_urls else ref.url

        def fetched(fetched: Figure) -> None:
            if heal or store().holds(fetched.image_sha256):
                if len(self.query.sources) > 1:
                    self._fetched[fetched.id] = id, fetched  # it may be another source's figure, too
                else:
                    self._split(id, fetched)
            else:  # the cache remembers the image, but the store has lost it
                self._fetch_figure(ref, figure, heal=True)

        parameters = {"figure": figure, "source": ref.source, "fresh": self._refresh}
        version = ref.version
        self._run("figures", fetch_figure, id, url, parameters, fetched, refresh=heal, article_version=version)

    def _merge_duplicates(self) -> None:
        """Keep one article of those that several sources have, each figure in its best rendition, and go on with them.

        What is a duplicate is known only when all sources have answered: so that it does not depend on their order.
        """
        figures = [figure for _, figure in self._fetched.values()]
        limit = settings().max_image_megapixels
        for merged in merge_all(self._articles.values(), figures, store(), self.query.sources, limit):
            for other in merged.dropped:
                del self._articles[other.id], self._figures[other.id]
                reason = f"the same article as {merged.article.id}, which is kept, with the best image of each figure"
                self._left_out[other.id] = LeftOut(article_id=other.id, url=other.url, reason=reason)
            self._articles[merged.article.id] = merged.article
            for figure in merged.figures:
                self._split(self._fetched[figure.id][0], figure)
        self._backlog.run()

    def _split(self, id: str, figure: Figure) -> None:
        parameters = {"caption": figure.caption, "terms": self.query.terms, "figure_id": figure.id}
        self._run(
            "captions",
            split_caption,
            id,
            figure.image_url,
            parameters,
            lambda parts: self._separate(id, figure, parts),
            otherwise=lambda: self._separate(id, figure, CaptionParts()),
        )

    def _separate(self, id: str, figure: Figure, parts: CaptionParts) -> None:
        def keep(panels: list[Panel]) -> None:
            assembled = assemble(figure, parts, panels)
            article = self._articles[figure.article_id]
            self._figures[article.id].append(
                HarvestedFigure(article=article, figure=figure, parts=parts, panels=assembled)
            )

        parameters = {"image_sha256": figure.image_sha256, "labels": tuple(parts.segments), "figure_id": figure.id}
        self._run("separate", separate_figure, id, figure.image_url, parameters, keep, otherwise=lambda: keep([]))

    def _run(
        self,
        stage: str,
        task: Task[..., Any],
        id: str,
        url: str,
        parameters: dict[str, Any],
        then: Callable[[Any], None],
        *,
        otherwise: Callable[[], None] = lambda: None,
        refresh: bool = False,
        article_version: str = "",
    ) -> None:
        """Queue a task; `then` gets its result, `otherwise` is called where it failed or is held back."""
        self._monitor.planned(stage, 1)
        # new code or weights may mend a separation, but not a page that is gone, unless its source says that the
        # article is another now; a search is asked every time
        network = stage in ("search", "fetch", "figures")
        versions = self._versions
        if network:
            versions = {"article": article_version} if article_version else {}
        held = self._ledger.held_back(stage, id, self._today, query_digest=self.query.digest, versions=versions)
        if held and stage != "search" and not self._retry_all:
            self._monitor.held_back(held)
            otherwise()
            return

        def settle(outcome: Outcome) -> None:
            self.retries += outcome.retries
            if outcome.error is None:
                self._ledger.record_done(
                    stage,
                    id,
                    query_digest=self.query.digest,
                    harvest=self.harvest_id,
                    today=self._today,
                    url=url,
                    attempts=outcome.attempts,
                    versions=versions,
                )
                self._monitor.done(stage, outcome.is_cached)
                then(outcome.value)
            else:
                self._fail(stage, id, url, outcome, versions)
                otherwise()

        options = task.with_options(
            retries=settings().task_retries if network else 0,
            retry_delay_seconds=backoff(settings().task_retries if network else 0),
            refresh_cache=(self._refresh and network) or refresh,
        )
        self._backlog.add(STAGES.index(stage), options, parameters, settle)

    def _fail(self, stage: str, id: str, url: str, outcome: Outcome, versions: dict[str, str]) -> None:
        error = outcome.error
        if not isinstance(error, ExsclaimError):
            log.error("%s of %s met a defect", stage, id, exc_info=error)
            error = DefectError(f"defect of EXSCLAIM in stage {stage}: {type(error).__name__}: {error}")
        address = error.url if isinstance(error, FetchError) else url
        self._record(stage, id, address, error, outcome.attempts, versions)

    def _record(
        self, stage: str, id: str, url: str, error: ExsclaimError, attempts: int, versions: dict[str, str]
    ) -> None:
        self._monitor.failed(
            self._ledger.record_failure(
                stage,
                id,
                url,
                error,
                attempts,
                self.harvest_id,
                query_digest=self.query.digest,
                today=self._today,
                versions=versions,
            )
        )


def _by_number(harvested: HarvestedFigure) -> tuple[int, str]:
    return harvested.figure.number, harvested.figure.id
