"""One harvest at work: what follows from each task's outcome, until every figure is done or recorded as failed."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from prefect.task_runners import TaskRunner

from exsclaim.assembly import assemble
from exsclaim.dataset.harvested import HarvestedArticle, HarvestedFigure, LeftOut
from exsclaim.dataset.publishing import Published
from exsclaim.duplicates import merge_all
from exsclaim.errors import PoolError, StoreError
from exsclaim.ledger import Failure, Ledger
from exsclaim.quality.measuring import SourceWork
from exsclaim.query import Query
from exsclaim.records import Article, ArticleRef, CaptionParts, FetchedArticle, Figure, FigureRef, Panel
from exsclaim.settings import settings
from exsclaim.sources import is_local
from flows.gpu_pool import HandOver
from flows.monitor import Monitor
from flows.observing import Observed
from flows.stages import Stages
from tasks.captions import split_caption
from tasks.fetch import fetch_article, fetch_figure
from tasks.library import store
from tasks.search import search
from tasks.separate import FigureToSeparate, separate_figure


class Harvest:
    """The articles, figures and panels of one query, gathered through cached tasks.

    `refresh` asks for every page and image again (conditionally); `retry_all` also tries what failed for good;
    without `separate`, figures that were not separated before are left whole. `runner` is where the others are
    separated; None for the flow's own threads. `hand_over` has them separated on other machines.
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
        separate: bool = True,
        runner: TaskRunner[Any] | None = None,
        hand_over: HandOver | None = None,
    ) -> None:
        self.query = query
        self.harvest_id = harvest_id
        self._ledger = ledger
        self._monitor = monitor
        self._refresh = refresh
        self._separates = separate
        self._hand_over = hand_over
        self._stages = Stages(
            query.digest, harvest_id, ledger, monitor, versions, refresh=refresh, retry_all=retry_all,
            runners={} if runner is None else {separate_figure.name: runner},
        )  # fmt: skip
        self._seen: set[str] = set()
        self._articles: dict[str, Article] = {}
        self._figures: dict[str, list[HarvestedFigure]] = {}
        self._left_out: dict[str, LeftOut] = {}
        self._fetched: dict[str, tuple[str, Figure]] = {}
        self._observed = Observed()

    @property
    def retries(self) -> int:
        """Tries of tasks before their last."""
        return self._stages.retries.total()

    @property
    def left_out(self) -> tuple[LeftOut, ...]:
        """Articles that were read and must not be in the data set, by id."""
        return tuple(self._left_out[id] for id in sorted(self._left_out))

    def gather(self, only: Sequence[Failure] | None = None) -> list[HarvestedArticle]:
        """Search, fetch, split and separate; every failure is in the ledger, none is raised.

        `only`: search and read nothing but what these failures were met on.
        """
        sources = self.query.sources if only is None else [f.id for f in only if f.stage == "search"]
        for source in sources:
            self._search(source)
        for failure in self._ledger.failures(self.query.digest) if only is None else only:
            # what failed before may not be among today's findings, and is tried all the same
            if failure.stage != "search" and (failure.will_retry if only is None else True):
                source, _, url = failure.id.split("#")[0].partition(":")
                if not is_local(source):  # a local one is found each time, with its version
                    self._read(ArticleRef(source=source, url=url))
        self._stages.work_off()
        self._merge_duplicates()
        for _ in self._hand_over.finish() if self._hand_over else ():
            self._stages.work_off()
        return [
            HarvestedArticle(article=article, figures=tuple(sorted(self._figures[article.id], key=_by_number)))
            for article in sorted(self._articles.values(), key=lambda a: a.id)
        ]

    def note_unpublished(self, published: Published) -> None:
        """Record the figures that could not be published; those that could are forgiven an earlier failure."""
        left_out = {figure.figure_id: figure for figure in published.unpublished}
        for figures in self._figures.values():
            for harvested in figures:
                id = self._observed.work_id(harvested.figure)
                if (figure := left_out.get(harvested.figure.id)) is not None:
                    self._stages.record("publish", id, figure.url, StoreError(figure.cause), 1, self._stages.versions)
                else:
                    self._ledger.clear_failure("publish", id, query_digest=self.query.digest)

    def measured(self) -> dict[str, SourceWork]:
        """What this harvest did at each source, for the metrics of quality."""
        figures = [figure for figures in self._figures.values() for figure in figures]
        return self._observed.work(self._ledger, self.query, self.harvest_id, figures, self._stages.retries)

    def _search(self, source: str) -> None:
        # a harvest goes on under the day it was begun on, so that a resumed one finds what it found
        day = dt.date.fromisoformat(self.harvest_id[:10])

        def found(refs: list[ArticleRef]) -> None:
            self._observed.found[source] = len(refs)
            for ref in refs:
                self._read(ref)

        self._stages.run("search", search, source, "", {"query": self.query, "source": source, "day": day}, found)

    def _read(self, ref: ArticleRef) -> None:
        if ref.url in self._seen:
            return
        self._seen.add(ref.url)

        def read(fetched: FetchedArticle) -> None:
            article = fetched.article
            if not (article.is_retracted or self.query.admits(article)):  # of a retracted one little may be known
                return
            if reason := self.query.reason_against(article):
                self._left_out[article.id] = LeftOut(article_id=article.id, url=article.url, reason=reason)
                return
            self._observed.read(f"{ref.source}:{ref.url}", fetched)
            self._articles[article.id] = article
            self._figures[article.id] = []
            for figure in fetched.figures:
                if self.query.reason_against_figure(figure) is not None:
                    continue  # what the query does not want is neither fetched nor a failure
                self._fetch_figure(ref, figure)

        parameters = {"ref": ref, "fresh": self._refresh}
        self._stages.run(
            "fetch",
            fetch_article,
            f"{ref.source}:{ref.url}",
            ref.url,
            parameters,
            read,
            # images that came out of the article's own file: the store may have lost one
            accept=lambda fetched: all(store().holds(f.image_sha256) for f in fetched.figures if f.image_sha256),
            article_version=ref.version,
        )

    def _fetch_figure(self, ref: ArticleRef, figure: FigureRef) -> None:
        id = f"{ref.source}:{ref.url}#{figure.id.rsplit('/', 1)[-1]}"
        url = figure.image_urls[0] if figure.image_urls else ref.url

        def fetched(fetched: Figure) -> None:
            if len(self.query.sources) > 1:
                self._fetched[fetched.id] = id, fetched  # it may be another source's figure, too
            else:
                self._split(id, fetched)

        parameters = {"figure": figure, "source": ref.source, "fresh": self._refresh}
        self._stages.run(
            "figures",
            fetch_figure,
            id,
            url,
            parameters,
            fetched,
            # the cache may remember an image that the store has lost
            accept=lambda fetched: store().holds(fetched.image_sha256),
            article_version=ref.version,
        )

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
        self._stages.work_off()

    def _split(self, id: str, figure: Figure) -> None:
        parameters = {"caption": figure.caption, "terms": self.query.terms, "figure_id": figure.id}
        self._stages.run(
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

        def separate(was_handed_over: bool = False) -> None:
            self._stages.run(
                "separate",
                separate_figure,
                id,
                figure.image_url,
                work.model_dump(),
                keep,
                otherwise=lambda: keep([]),
                only_known=not self._separates,
                was_handed_over=was_handed_over,
            )

        def give_up(error: PoolError) -> None:
            self._monitor.planned("separate", 1)
            self._stages.record("separate", id, figure.image_url, error, 1, self._stages.versions)
            keep([])

        work = FigureToSeparate(image_sha256=figure.image_sha256, labels=tuple(parts.segments), figure_id=figure.id)
        pool = None if self._stages.held_back("separate", id) else self._hand_over
        if pool is None or not pool.take(work, lambda: separate(was_handed_over=True), give_up):
            separate()


def _by_number(harvested: HarvestedFigure) -> tuple[int, str]:
    return harvested.figure.number, harvested.figure.id
