"""The sum of a harvest: numbers for the terminal, the report and the tracking of quality over time."""

import datetime as dt
from collections.abc import Iterable, Mapping
from functools import reduce
from importlib.metadata import version
from operator import add
from pathlib import Path

from exsclaim import sources
from exsclaim.captions import SPLITTER_VERSION
from exsclaim.dataset.publish.publishing import Published
from exsclaim.dataset.tables.staging import LeftOut
from exsclaim.figures import SEPARATION_VERSION, model_versions
from exsclaim.harvests.harvest_counts import Counts, StageCount
from exsclaim.ledger_articles import Articles
from exsclaim.quality.alarms import Flag
from exsclaim.quality.harvest_measures import ArticleWork, SourceWork, measure
from exsclaim.quality.metrics import ALL_SOURCES, HarvestMetrics
from exsclaim.quality.metrics import STAGES as TIMED
from exsclaim.query import Query
from exsclaim.records import Record
from exsclaim.recovery import OF_THE_MACHINE, Failure
from exsclaim.settings import settings

LONGEST_CAUSE = 200
SOURCE_NOT_SEARCHED = "SourceNotSearched"
"""Name of the state of a run that finished, though a source could not be searched: new articles may be missing."""
MACHINE_AT_FAULT = "MachineAtFault"
"""Name of the state of a run that finished, though articles met a full disk, say: the next harvest tries them."""
NOTHING_HARVESTED = "NothingHarvested"
"""Name of the state of a run that finished with no figure in the data set, from this night or any before."""
NOT_WHOLE = (SOURCE_NOT_SEARCHED, MACHINE_AT_FAULT, NOTHING_HARVESTED)
_PUBLISHED_COUNTS = (
    "articles", "figures", "panels", "panels_by_kind", "panels_with_label", "panels_with_scale", "scalable_panels",
    "missing_labels", "left_out",
)  # fmt: skip
PAGE_READER = "page reader"
"""Name of the version of the source's code that reads its pages."""


class HarvestSummary(Record):
    """Counts of one harvest. Shares are None where there is nothing to take a share of."""

    query_name: str
    harvest_id: str
    results: Path | str
    """A folder, or a URL as text."""
    known: int
    """Articles found that were published as they are: no task was run for them."""
    articles: int
    """Published, over all harvests; so are figures and panels."""
    figures: int
    panels: int
    panels_by_kind: dict[str, int]
    panels_with_label: int
    panels_with_scale: int
    scalable_panels: int
    """Micrographs, and all other panels that have a scale bar: those that should have a scale."""
    scale_share: float | None
    label_agreement: float | None
    """Mean over figures of the Jaccard index of the caption's labels and those read from the image."""
    missing_labels: int
    """Labels that captions speak of and no panel carries."""
    failures: tuple[Failure, ...]
    left_out: tuple[LeftOut, ...]
    """Articles that were found and must not be in the data set, with the reason."""
    retries: int
    seconds: float
    stages: dict[str, StageCount]
    flags: tuple[Flag, ...] = ()
    """Values that are not as usual in this night, by the query's history."""

    @property
    def unsearched(self) -> list[str]:
        """Status of each source that could not be searched to the end: "nature unreachable since 2026-11-20 (…)"."""
        return [f"{failure.id} {search_status(failure)}" for failure in self.failures if failure.stage == "search"]

    @property
    def machine_faults(self) -> list[Failure]:
        """Articles that met a fault of this machine in this harvest, and wait for the next."""
        kinds = [kind.__name__ for kind in OF_THE_MACHINE]
        of_articles = (each for each in self.failures if each.stage != "publish" and each.harvest == self.harvest_id)
        return [each for each in of_articles if each.error in kinds]

    @property
    def ended(self) -> tuple[str, str]:
        """Name of the state that the run ends in, and what it came to: the name is "" where nothing is missing."""
        counts = (
            f"{self.articles} articles, {self.figures} figures, {self.panels} panels, "
            f"{len(self.failures)} failures: {self.results}"
        )
        if faults := self.machine_faults:
            articles = "an article met" if len(faults) == 1 else f"{len(faults)} articles met"
            why = f"{articles} a fault of this machine, and waits for the next harvest: {faults[0].cause}"
            return MACHINE_AT_FAULT, f"{why}. {counts}"
        if self.unsearched:
            return SOURCE_NOT_SEARCHED, f"not searched to the end: {'; '.join(self.unsearched)}. {counts}"
        if self.why_empty:
            return NOTHING_HARVESTED, f"{self.why_empty}. {counts}"
        return "", counts

    @property
    def why_empty(self) -> str:
        """Cause for a data set without a figure, from this harvest or any before, and where to look; else ""."""
        if self.figures:
            return ""
        if self.failures:
            return f"no figure could be obtained: {self.failures[0].cause}"
        if self.articles:
            return "no article has a figure that is found: look at one of them, as its source may have a new layout"
        if self.known or self.stages["fetch"].planned:
            return (
                "no article that was found is one that the query admits: check its open, licences, published_after, …"
            )
        words = "look at the query's words (exsclaim query check QUERY shows the searches), or at a folder's files"
        return f"no source found an article: {words}"


def search_status(failure: Failure) -> str:
    """Status of a source that could not be searched: "unreachable since 2026-11-20 (status 503)"."""
    cause = failure.cause if len(failure.cause) <= LONGEST_CAUSE else f"{failure.cause[:LONGEST_CAUSE]} …"
    return f"{failure.search_status.replace('_', ' ')} since {failure.first_failed} ({cause})"


def summarize(
    query: Query, harvest_id: str, results: Path | str, published: Published, failures: Iterable[Failure],
    counts: Counts, retries: int, seconds: float,
) -> HarvestSummary:  # fmt: skip
    """The counts of what is published, over all harvests, and of what this one did."""
    scalable = published.scalable_panels
    return HarvestSummary(
        query_name=query.name,
        harvest_id=harvest_id,
        results=results,
        known=counts.known,
        **{name: getattr(published, name) for name in _PUBLISHED_COUNTS},
        scale_share=round(published.panels_with_scale / scalable, 4) if scalable else None,
        label_agreement=None if published.label_agreement is None else round(published.label_agreement, 4),
        failures=tuple(failures),
        retries=retries,
        seconds=round(seconds, 1),
        stages=counts.stages,
    )


def measured_work(
    articles: Articles, query: Query, harvest: str, found: Mapping[str, int | None], failures: Iterable[Failure],
    retries: Mapping[str, int],
) -> dict[str, SourceWork]:  # fmt: skip
    """Work that the harvest did by itself at each source of the query, over all its runs, as kept in the ledger."""
    own = [failure for failure in failures if failure.harvest == harvest]
    work = {
        source: SourceWork(
            found.get(source),
            [failure for failure in own if failure.id.partition(":")[0] == source],
            retries.get(source, 0),
            is_asked=source in found,
        )
        for source in query.sources
    }
    for each in articles.all("harvest = ?", harvest):
        if each.measured is not None and each.source in work:
            work[each.source].add(ArticleWork.model_validate_json(each.measured))
    return work


def harvest_metrics(
    query: Query, summary: HarvestSummary, work: Mapping[str, SourceWork], versions: Mapping[str, str]
) -> list[HarvestMetrics]:
    """The harvest's metrics of quality: of each source, and of all together with the times that the stages took."""
    seconds = {f"seconds.{stage}": count.seconds for stage, count in summary.stages.items() if stage in TIMED}
    by_source = {source: measure(done) for source, done in work.items()}
    together = measure(reduce(add, work.values())) | seconds | {"seconds": summary.seconds}
    return [
        HarvestMetrics(
            query_name=query.name,
            query_digest=query.digest,
            harvest=summary.harvest_id,
            source=source,
            day=dt.date.fromisoformat(summary.harvest_id[:10]),
            versions={**versions, **({PAGE_READER: sources.get(source).version} if source != ALL_SOURCES else {})},
            metrics=metrics,
        )
        for source, metrics in {ALL_SOURCES: together, **by_source}.items()
    ]


def code_versions() -> dict[str, str]:
    """Versions of all that makes the records: the code, the splitter, the separation, and each model by digest."""
    return {
        "exsclaim": version("exsclaim"),
        "captions": SPLITTER_VERSION,
        "separation": SEPARATION_VERSION,
        **{f"model.{name}": digest for name, digest in sorted(model_versions(settings().weights).items())},
    }
