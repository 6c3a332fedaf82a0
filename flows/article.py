"""One work while it goes through the stages: each call counted, each fault kept, all of it told at the end at once."""

from collections.abc import Sequence
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from prefect import Task

from exsclaim.assembly import assemble
from exsclaim.dataset.staging import HarvestedArticle, HarvestedFigure
from exsclaim.duplicates import merge_work, work_keys
from exsclaim.harvests.harvest_counts import WORKS
from exsclaim.ledger_articles import KnownArticle
from exsclaim.quality.harvest_measures import ArticleWork
from exsclaim.records import Article, ArticleRef, CaptionParts, FetchedArticle, Figure, FigureRef
from exsclaim.recovery import Fault
from exsclaim.settings import settings
from tasks.calling import call
from tasks.library import store
from tasks.separate import FigureToSeparate, SeparatedFigures, is_separated

if TYPE_CHECKING:
    from flows.bookkeeping import Bookkeeping

Work = tuple[ArticleRef, ...]
"""The records of one article: one, or one of each source that has it."""
STAGE_OF = {
    "fetch_article": "fetch",
    "fetch_images": "figures",
    "split_captions": "captions",
    "separate_figures": "separate",
}
"""Name of a task's function -> its stage."""
_MADE_OF = {"figures": "figures", "captions": "captions", "separate": "figures"}
"""Stage -> the parameter whose length says how many things a call works on."""


class HandedOverError(Exception):
    """The work waits for a GPU pool; it comes back."""


class NothingLeftError(Exception):
    """No record of the work is wanted: there is nothing more to do."""


class ArticleAtWork:
    """Made by `Bookkeeping.at_work`; `failed_at` is the stage and the record whose task failed as a whole."""

    def __init__(self, book: "Bookkeeping", work: Work) -> None:
        self.work = work
        self.failed_at: tuple[str, ArticleRef] | None = None
        self._book = book
        self._known = {ref: book.articles.known(ref) for ref in work}
        self._failed = {ref: book.articles.failed(ref, book.current, book.today) for ref in work}
        self._refs: dict[str, ArticleRef] = {}
        self._described: dict[ArticleRef, FetchedArticle] = {}
        self._faults: list[tuple[str, str, Fault, ArticleRef]] = []
        self._did: dict[tuple[ArticleRef, str], int] = {}
        self._asked: set[ArticleRef] = set()
        self._rows: list[KnownArticle] = []

    def run(self, task: Task[..., Any], **parameters: Any) -> Any:
        """The value of a stage's task. Faults of single figures are noted; one of the whole task is raised."""
        stage = STAGE_OF[task.fn.__name__]
        ref: ArticleRef = parameters["ref"] if stage == "fetch" else self._refs[parameters["article_id"]]
        count = 1 if stage == "fetch" else len(parameters[_MADE_OF[stage]])
        if stage == "separate":
            if (separated := self._without_separating(parameters["figures"], ref)) is not None:
                return separated
        elif not count:
            return None
        is_again = stage == "fetch" and self._book.was_read(ref)
        if not is_again:
            self._book.counts.add(stage, planned=count)
        if stage in ("fetch", "figures"):
            parameters["fresh"] = not is_again and self._is_asked_anew(ref)
        self.failed_at = (stage, ref)
        outcome = call(
            task,
            accept=_ACCEPTED[stage],
            refresh=parameters.get("fresh", False) or self._is_tried_again(ref, stage),
            runner=self._book.runner if stage == "separate" else None,
            **parameters,
        )
        if outcome.error is not None:
            self._book.counts.add(stage, planned=1 - count)
            raise outcome.error
        self.failed_at = None
        faults: dict[str, Fault] = getattr(outcome.value, "faults", {})
        self._faults += [(stage, figure_id, fault, ref) for figure_id, fault in faults.items()]
        done = count - len(faults)
        if not is_again:
            self._book.counts.add(stage, done=done, cached=done if outcome.is_cached else 0)
        if not outcome.is_cached or self._is_own_work(ref, stage):
            self._did[ref, stage] = done
        if stage == "fetch":
            self._refs[outcome.value.article.id] = ref
            self._described[ref] = outcome.value
            if not outcome.is_cached:
                self._asked.add(ref)
        return outcome.value

    def note_keys(self, fetched: FetchedArticle) -> None:
        """Note by which keys the article is known as one work with those of other sources."""
        self._book.note_keys(self._refs[fetched.article.id], work_keys(fetched.article))

    def wanted(self, records: Sequence[FetchedArticle]) -> list[FetchedArticle]:
        """Records that the query admits and nothing is against; what becomes of the others is noted.

        Raises:
            NothingLeftError: none is.
        """
        kept = []
        for fetched in records:
            article, ref = fetched.article, self._refs[fetched.article.id]
            was_published = (known := self._known[ref]) is not None and known.state == "published"
            if reason := self._book.query.reason_against(article):
                self._rows.append(self._row(ref, article, "left out", reason))
            elif self._book.query.admits(article):
                kept.append(fetched)
            elif was_published:
                reason = f"no longer what the query asks for: published {article.published}, licence {article.licence}"
                self._rows.append(self._row(ref, article, "left out", reason))
            else:
                self._rows.append(self._row(ref, article, "not wanted"))
        if not kept:
            self._settle()
            raise NothingLeftError
        return kept

    def figures(self, fetched: FetchedArticle) -> list[FigureRef]:
        """The figures whose images are to be fetched: those the query wants; what is gone rests."""
        wanted = self._wanted_figures(fetched)
        tried = [figure for figure in wanted if not self._rests("figures", figure.id, fetched.article.id)]
        resting = len(wanted) - len(tried)
        self._book.counts.add("figures", planned=resting, skipped=resting)
        return tried

    def merged(self, records: Sequence[FetchedArticle], images: Sequence[Any]) -> tuple[Article, tuple[Figure, ...]]:
        """The work's one article and its figures: of several records the best, each figure in its best rendition."""
        found = [image.figures if image is not None else () for image in images]
        if len(records) == 1:
            return records[0].article, found[0]
        limit, preferred = settings().max_image_megapixels, self._book.query.sources
        every = [figure for figures in found for figure in figures]
        merged = merge_work([record.article for record in records], every, store(), preferred, limit)
        for other in merged.dropped:
            reason = f"the same article as {merged.article.id}, which is kept, with the best image of each figure"
            self._rows.append(self._row(self._refs[other.id], other, "left out", reason))
        return merged.article, merged.figures

    def to_separate(self, figures: Sequence[Figure], parts: Any) -> list[FigureToSeparate]:
        """The figures to cut into panels, with the labels that their captions name.

        Without its caption's parts a figure of an article that is published stays as it was.
        """
        split: dict[str, CaptionParts] = parts.parts if parts is not None else {}
        return [
            FigureToSeparate(
                image_sha256=figure.image_sha256,
                labels=tuple(split.get(figure.id, CaptionParts()).segments),
                figure_id=figure.id,
            )
            for figure in figures
            if (figure.id in split or not any(self._known.values()))
            and not self._rests("separate", figure.id, figure.article_id)
        ]

    def stage(self, article: Article, figures: Sequence[Figure], parts: Any, separated: SeparatedFigures) -> None:
        """Stage the finished article for publishing, and tell the ledger what became of it; then it is forgotten."""
        split: dict[str, CaptionParts] = parts.parts if parts is not None else {}
        ref = self._refs[article.id]
        harvested = [
            HarvestedFigure(
                article=article,
                figure=figure,
                parts=(caption := split.get(figure.id, CaptionParts())),
                panels=assemble(figure, caption, separated.panels[figure.id])
                if figure.id in separated.panels
                else None,
            )
            for figure in sorted(figures, key=attrgetter("number", "id"))
        ]
        fetched = {figure.id for figure in figures} | {each.id for figure in figures for each in figure.origins}
        listed = [figure.id for each in self._described.values() for figure in self._wanted_figures(each)]
        missing = tuple(sorted(set(listed) - fetched))
        if (
            len(self.work) > 1
            and any(self._known.values())
            and any(fault.will_retry for _, _, fault, _ in self._faults)
        ):
            self._settle()  # which record is the best, and which image, is known when all can be fetched again
            return
        self._book.staging.add(HarvestedArticle(article=article, figures=tuple(harvested), missing=missing))
        is_whole = all(each.panels is not None for each in harvested) or self._book.current.separates
        separation = self._book.current.separation if is_whole else ""
        self._rows.append(self._row(ref, article, "published", separation=separation, separated=harvested))
        self._settle()

    def _wanted_figures(self, fetched: FetchedArticle) -> list[FigureRef]:
        """Figures without those that the query does not want: they are neither fetched nor a failure."""
        return [figure for figure in fetched.figures if self._book.query.reason_against_figure(figure) is None]

    def _without_separating(self, figures: Sequence[FigureToSeparate], ref: ArticleRef) -> SeparatedFigures | None:
        """Stand-in for a separation that is not done here and now; None if the figures are to be separated."""
        nothing = SeparatedFigures(panels={}, faults={})
        if not figures:
            return nothing
        if self._book.current.separates and self._book.pool is None:
            return None
        if is_separated(figures):
            return None
        if self._book.pool is None or not self._book.current.separates:
            return nothing
        answer = self._book.pool.take(self.work, list(figures))
        if answer is True:
            raise HandedOverError
        if isinstance(answer, Fault):
            self._book.counts.add("separate", planned=len(figures))
            self._faults += [("separate", figure.figure_id, answer, ref) for figure in figures]
            return nothing
        return None

    def _row(
        self, ref: ArticleRef, article: Article, state: Any, reason: str = "", separation: str = "",
        separated: Sequence[HarvestedFigure] = (),
    ) -> KnownArticle:  # fmt: skip
        known, current = self._known[ref], self._book.current
        did = {stage: count for (of, stage), count in self._did.items() if of == ref}
        described = self._described[ref].figures if "fetch" in did and state == "published" else None
        own = [each for each in separated if each.panels is not None] if "separate" in did else []
        return KnownArticle(
            source=ref.source, url=ref.url, article_id=article.id, state=state, reason=reason, version=ref.version,
            reader=current.readers[ref.source], captions=current.captions, separation=separation,
            checked=self._book.today if known is None or ref in self._asked else known.checked,
            harvest=self._book.harvest_id, keys=work_keys(article) if len(self._book.query.sources) > 1 else (),
            measured=ArticleWork.of(did, described, own).model_dump_json(),
        )  # fmt: skip

    def _settle(self) -> None:
        """Ledger: what became of the records, and of what failed before."""
        book = self._book
        with book.ledger.together():
            for ref in self.work:
                failing = {
                    f"{stage} {self._id(ref, figure_id)}" for stage, figure_id, _, of in self._faults if of == ref
                }
                resting = {what for what, rests in self._failed[ref].items() if rests}
                book.articles.forget_failures(ref, but=failing | resting)
            for stage, figure_id, fault, ref in self._faults:
                book.record(stage, self._id(ref, figure_id), fault, ref)
            book.articles.record(self._rows)
        book.counts.add(WORKS, done=1)

    def _id(self, ref: ArticleRef, figure_id: str) -> str:
        return f"{ref.source}:{ref.url}#{figure_id.rsplit('/', 1)[-1]}"

    def _rests(self, stage: str, figure_id: str, article_id: str) -> bool:
        ref = self._refs[article_id]
        return not self._book.options.retry_all and self._failed[ref].get(f"{stage} {self._id(ref, figure_id)}", False)

    def _is_tried_again(self, ref: ArticleRef, stage: str) -> bool:
        """True if this stage failed here before and is due: then the cache, which may know the fault, is not asked."""
        return any(what.startswith(f"{stage} ") for what, rests in self._failed[ref].items() if not rests)

    def _is_asked_anew(self, ref: ArticleRef) -> bool:
        known = self._known[ref]
        return self._book.options.refresh or (known is not None and self._book.is_stale(known.checked))

    def _is_own_work(self, ref: ArticleRef, stage: str) -> bool:
        """True if this harvest did the cached work itself, before it was killed: it counts as its work."""
        known, current = self._known[ref], self._book.current
        if known is None or known.version != ref.version or known.reader != current.readers[ref.source]:
            return True
        if known.harvest == self._book.harvest_id and known.measured is not None:
            return stage in ArticleWork.model_validate_json(known.measured).done
        return (stage == "captions" and known.captions != current.captions) or (
            stage == "separate" and known.separation != current.separation
        )


def _holds_files(fetched: FetchedArticle) -> bool:
    """Images that came out of the article's own file: the store may have lost one."""
    return all(store().holds(figure.image_sha256) for figure in fetched.figures if figure.image_sha256)


_ACCEPTED = {
    "fetch": _holds_files,
    "figures": lambda found: (
        not any(fault.will_retry for fault in found.faults.values())
        and all(store().holds(figure.image_sha256) for figure in found.figures)
    ),
    "captions": lambda found: True,
    "separate": lambda found: not any(fault.will_retry for fault in found.faults.values()),
}
"""Stage -> whether a result of the cache is still good."""
