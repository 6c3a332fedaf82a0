"""What a harvest notes for the metrics of quality while it runs."""

from collections import Counter
from collections.abc import Mapping, Sequence

from exsclaim.dataset.harvested import HarvestedFigure
from exsclaim.ledger import Ledger
from exsclaim.quality.measuring import SourceWork
from exsclaim.query import Query
from exsclaim.records import FetchedArticle, Figure

_STAGES = ("fetch", "figures", "captions", "separate")


class Observed:
    """Notes by source. `found`: articles that the search gave."""

    def __init__(self) -> None:
        self.found: dict[str, int] = {}
        self._read: dict[str, tuple[str, FetchedArticle]] = {}

    def read(self, work_id: str, fetched: FetchedArticle) -> None:
        """Note an article; `work_id` is its id in the ledger, `<source>:<address>`."""
        self._read[fetched.article.id] = work_id, fetched

    def work_id(self, figure: Figure) -> str:
        """Id in the ledger of a figure of an article that was read."""
        return f"{self._read[figure.article_id][0]}#{figure.id.rsplit('/', 1)[-1]}"

    def work(
        self,
        ledger: Ledger,
        query: Query,
        harvest: str,
        figures: Sequence[HarvestedFigure],
        retries: Mapping[str, int],
    ) -> dict[str, SourceWork]:
        """What the harvest did by itself at each source of the query.

        The ledger says what that is: also what a killed run of the same harvest did before this one.
        """
        made = {stage: ledger.made_in(harvest, stage, query_digest=query.digest) for stage in _STAGES}
        failures = [failure for failure in ledger.failures(query.digest) if failure.harvest == harvest]
        misread = {f.id for f in failures if f.stage == "search" and f.error == "PageFormatError"}
        images = Counter(figure.figure.image_sha256 for figure in figures)
        work = {}
        for source in query.sources:
            separated = [
                figure
                for figure in figures
                if figure.article.source == source and self.work_id(figure.figure) in made["separate"]
            ]
            work[source] = SourceWork(
                # a page of results that is not understood gives no articles; one that cannot be had says nothing
                found=self.found.get(source, 0 if source in misread else None),
                done={stage: sum(_source(id) == source for id in ids) for stage, ids in made.items()},
                failures=tuple(failure for failure in failures if _source(failure.id) == source),
                retries=retries.get(source, 0),
                articles=tuple(
                    fetched.figures
                    for id, fetched in self._read.values()
                    if fetched.article.source == source and id in made["fetch"]
                ),
                figures=tuple(separated),
                seen_before=sum(images[figure.figure.image_sha256] > 1 for figure in separated),
            )
        return work


def _source(work_id: str) -> str:
    return work_id.partition(":")[0]
