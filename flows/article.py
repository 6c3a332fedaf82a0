"""One work while it goes through the stages: each call of a task counted and noted in its books."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from prefect import Task

from exsclaim.harvests.article_books import ArticleBooks
from exsclaim.harvests.harvest_books import Work
from exsclaim.records import ArticleRef, CaptionParts, FetchedArticle, Figure
from exsclaim.recovery import Fault
from tasks.calling import call
from tasks.library import store
from tasks.separate import FigureToSeparate, SeparatedFigures, is_separated

if TYPE_CHECKING:
    from flows.bookkeeping import Bookkeeping

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


class ArticleAtWork(ArticleBooks):
    """Made by `Bookkeeping.at_work`; `failed_at` is the stage and the record whose task failed as a whole."""

    book: "Bookkeeping"

    def __init__(self, book: "Bookkeeping", work: Work) -> None:
        super().__init__(book, work)
        self.failed_at: tuple[str, ArticleRef] | None = None

    def run(self, task: Task[..., Any], **parameters: Any) -> Any:
        """The value of a stage's task. Faults of single figures are noted; one of the whole task is raised."""
        stage = STAGE_OF[task.fn.__name__]
        ref: ArticleRef = parameters["ref"] if stage == "fetch" else self.refs[parameters["article_id"]]
        count = 1 if stage == "fetch" else len(parameters[_MADE_OF[stage]])
        if stage == "separate":
            if (separated := self._without_separating(parameters["figures"], ref)) is not None:
                return separated
        elif not count:
            return None
        is_again = stage == "fetch" and self.book.was_read(ref)
        if not is_again:
            self.book.counts.add(stage, planned=count)
        if stage in ("fetch", "figures"):
            parameters["fresh"] = not is_again and self.is_asked_anew(ref)
        self.failed_at = (stage, ref)
        outcome = call(
            task,
            accept=_ACCEPTED[stage],
            refresh=parameters.get("fresh", False) or self.is_tried_again(ref, stage),
            runner=self.book.runner if stage == "separate" else None,
            **parameters,
        )
        if outcome.error is not None:
            self.book.counts.add(stage, planned=1 - count)
            raise outcome.error
        self.failed_at = None
        faults: dict[str, Fault] = getattr(outcome.value, "faults", {})
        done = count - len(faults)
        if not is_again:
            self.book.counts.add(stage, done=done, cached=done if outcome.is_cached else 0)
        self.faults += [(stage, figure_id, fault, ref) for figure_id, fault in faults.items()]
        if not outcome.is_cached or self.is_own_work(ref, stage):
            self.did[ref, stage] = done
        if stage == "fetch":
            self.note_read(ref, outcome.value, is_cached=outcome.is_cached)
        return outcome.value

    def to_separate(self, figures: Sequence[Figure], parts: Mapping[str, CaptionParts]) -> list[FigureToSeparate]:
        """The figures to cut into panels, with the labels that their captions name.

        Without its caption's parts a figure of an article that is published stays as it was.
        """
        return [
            FigureToSeparate(
                image_sha256=figure.image_sha256,
                labels=tuple(parts.get(figure.id, CaptionParts()).segments),
                figure_id=figure.id,
            )
            for figure in figures
            if (figure.id in parts or not any(self.known.values()))
            and not self.rests("separate", figure.id, figure.article_id)
        ]

    def _without_separating(self, figures: Sequence[FigureToSeparate], ref: ArticleRef) -> SeparatedFigures | None:
        """Stand-in for a separation that is not done here and now; None if the figures are to be separated."""
        nothing = SeparatedFigures(panels={}, faults={})
        if not figures:
            return nothing
        if self.book.current.separates and self.book.pool is None:
            return None
        if is_separated(figures):
            return None
        if self.book.pool is None or not self.book.current.separates:
            return nothing
        answer = self.book.pool.take(self.work, list(figures))
        if answer is True:
            raise HandedOverError
        if isinstance(answer, Fault):
            self.book.counts.add("separate", planned=len(figures))
            self.faults += [("separate", figure.figure_id, answer, ref) for figure in figures]
            return nothing
        return None


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
