"""From what a harvest did at one source to the metrics of `exsclaim.quality.metrics`.

What it did on each article is measured when the article is finished (`ArticleWork`, kept in the ledger) and added up
at its end, one article in memory at a time: also over the runs of a harvest that was killed.
"""

from array import array
from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np
from pydantic import field_validator

from exsclaim.assembly import labels_in_caption, labels_in_image
from exsclaim.dataset.tables.staging import HarvestedFigure
from exsclaim.quality.metrics import QUANTILES, SEARCHED
from exsclaim.records import FigureRef, Panel, PanelKind, Record
from exsclaim.recovery import SEARCH_STATUSES, Failure


class ArticleWork(Record):
    """Work that one harvest did by itself on one article; the cache's part is left out."""

    done: dict[str, int] = {}
    """Stage -> how many it did."""
    counts: dict[str, int] = {}
    """Of what was found: names as in `_shares`."""
    images: tuple[str, ...] = ()
    """Beginnings of the digests of the separated figures' images."""
    confidences: dict[str, tuple[float, ...]] = {}
    """Network -> its confidences."""

    @field_validator("confidences")
    @classmethod
    def _by_their_names_of_today(cls, confidences: dict[str, tuple[float, ...]]) -> dict[str, tuple[float, ...]]:
        # what ledgers of versions until 0.3 have
        return {"scale_bars" if name == "furniture" else name: values for name, values in confidences.items()}

    @classmethod
    def of(
        cls, done: dict[str, int], described: Sequence[FigureRef] | None, separated: Sequence[HarvestedFigure]
    ) -> "ArticleWork":
        """Measure what was done on an article.

        Args:
            done: stage -> how many pages, images, captions, figures.
            described: the figures that its page describes, None where it was not read.
            separated: the figures that were separated.
        """
        panels = [panel for figure in separated for panel in figure.panels or ()]
        bars = [bar for panel in panels for bar in panel.scale_bars]
        printed = [panel for panel in panels if any(bar.nm_origin == "printed" for bar in panel.scale_bars)]
        micrographs = [panel for panel in panels if panel.kind == "microscopy"]
        letters = [(labels_in_caption(each.parts), labels_in_image(each.panels or ())) for each in separated]
        lettered = [(named, read) for named, read in letters if named]
        texts = [confidence for panel in panels for confidence in _read(panel)]
        counts = {
            "articles": described is not None,
            "with_figures": bool(described),
            "described": len(described or ()),
            "with_caption": sum(bool(figure.caption.strip()) for figure in described or ()),
            "figures": len(separated),
            "lettered": len(lettered),
            "letters_agreed": sum(len(named & read) for named, read in lettered),
            "letters": sum(len(named) + len(read) for named, read in lettered),
            "panels": len(panels),
            "bars": len(bars),
            "texts": len(texts),
            "micrographs": len(micrographs),
            "micrographs_with_scale": sum(panel.nm_per_px is not None for panel in micrographs),
            "printed": len(printed),
            "scale_conflicts": sum("caption_differs_from_print" in panel.flags for panel in printed),
            **Counter(f"kinds.{panel.kind}" for panel in panels),
        }
        confidences = {
            "panels": tuple(panel.kind_confidence for panel in panels),
            "scale_bars": tuple(bar.confidence for bar in bars),
            "reader": tuple(texts),
        }
        return cls(
            done={stage: count for stage, count in done.items() if count},
            counts={name: int(count) for name, count in counts.items() if count},
            images=tuple(figure.figure.image_sha256[:16] for figure in separated),
            confidences={name: values for name, values in confidences.items() if values},
        )


class SourceWork:
    """Work that one harvest did at a source, or at several together.

    Args:
        found: articles that the search gave; None where it failed.
        is_asked: it was searched, to the end where no failure says otherwise.
        failures: of this harvest.
        retries: further tries of pages and images, within this run.
    """

    def __init__(
        self, found: int | None = None, failures: Iterable[Failure] = (), retries: int = 0, *, is_asked: bool = False
    ) -> None:
        known = tuple(failures)
        self.found = found
        ended = {failure.search_status for failure in known if failure.stage == "search"} or {SEARCHED}
        self.searches = Counter(ended if is_asked else ())
        self.failures = Counter(failure.stage for failure in known)
        self.misread = sum(failure.error == "PageFormatError" for failure in known if failure.stage == "fetch")
        self.retries = retries
        self.done: Counter[str] = Counter()
        self.counts: Counter[str] = Counter()
        self.images: Counter[str] = Counter()
        self.confidences = {name: array("f") for name in ("panels", "scale_bars", "reader")}

    def add(self, article: ArticleWork) -> None:
        """Add what was done on one article."""
        self.done.update(article.done)
        self.counts.update(article.counts)
        self.images.update(article.images)
        for name, values in article.confidences.items():
            self.confidences[name].extend(values)

    def __add__(self, other: "SourceWork") -> "SourceWork":
        found = [work.found for work in (self, other) if work.found is not None]
        both = SourceWork(sum(found) if found else None)
        both.searches = self.searches + other.searches
        both.failures = self.failures + other.failures
        both.misread = self.misread + other.misread
        both.retries = self.retries + other.retries
        both.done, both.counts = self.done + other.done, self.counts + other.counts
        both.images = self.images + other.images
        both.confidences = {name: values + other.confidences[name] for name, values in self.confidences.items()}
        return both

    @property
    def seen_before(self) -> int:
        """Separated figures whose image another figure of the harvest has as well."""
        return sum(count for count in self.images.values() if count > 1)


def measure(work: SourceWork) -> dict[str, float]:
    """The metrics of a source; shares and means that nothing can be said of are left out."""
    read, fetched, counts = work.done["fetch"], work.done["figures"], work.counts
    # a page that was not understood was fetched all the same
    requests = read + fetched + work.failures["fetch"] + work.failures["figures"]
    totals = {
        "requests": requests, "pages": read + work.misread, "images": fetched, "articles": counts["articles"],
        "described": counts["described"], "figures": counts["figures"], "captions": work.done["captions"],
        "lettered": counts["lettered"], "panels": counts["panels"], "micrographs": counts["micrographs"],
        "bars": counts["bars"], "texts": counts["texts"], "printed": counts["printed"],
        "failures": work.failures.total(),
    }  # fmt: skip
    shares = {
        "fetch_success": (read + work.misread + fetched, requests),
        "retries": (work.retries, requests),
        "parsed": (read, read + work.misread),
        "with_figures": (counts["with_figures"], counts["articles"]),
        "with_caption": (counts["with_caption"], counts["described"]),
        "figures_per_article": (counts["described"], counts["articles"]),
        # F1 of the letters that captions name and those read from the images, all figures together
        "label_agreement_f1": (2 * counts["letters_agreed"], counts["letters"]),
        "micrographs_with_scale": (counts["micrographs_with_scale"], counts["micrographs"]),
        "scale_conflicts": (counts["scale_conflicts"], counts["printed"]),
        "panels_per_figure": (counts["panels"], counts["figures"]),
        "duplicates": (work.seen_before, counts["figures"]),
        **{f"kinds.{kind}": (counts[f"kinds.{kind}"], counts["panels"]) for kind in PanelKind},
    }
    return {
        **({"found": float(work.found)} if work.found is not None else {}),
        **({SEARCHED: float(set(work.searches) == {SEARCHED})} if work.searches else {}),
        **({status: float(work.searches[status]) for status in SEARCH_STATUSES} if work.searches else {}),
        **{name: float(count) for name, count in totals.items()},
        **{name: round(part / whole, 6) for name, (part, whole) in shares.items() if whole},
        **{name: value for model, values in work.confidences.items() for name, value in _quantiles(model, values)},
    }


def _read(panel: Panel) -> Iterable[float]:
    """Confidences of what was read in a panel: its letter, its bars' lengths."""
    if panel.label_origin == "read":
        yield panel.label_confidence
    yield from (bar.label_confidence for bar in panel.scale_bars if bar.label_text)


def _quantiles(model: str, values: Sequence[float]) -> Iterable[tuple[str, float]]:
    if len(values):
        for quantile, value in zip(QUANTILES, np.percentile(values, QUANTILES), strict=True):
            yield f"confidence.{model}.p{quantile}", round(float(value), 6)
