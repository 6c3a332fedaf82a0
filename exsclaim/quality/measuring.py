"""From what a harvest did at one source to the metrics of `exsclaim.quality.metrics`."""

from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np

from exsclaim.assembly import labels_in_caption, labels_in_image
from exsclaim.dataset.harvested import HarvestedFigure
from exsclaim.ledger import Failure
from exsclaim.quality.metrics import QUANTILES
from exsclaim.records import FigureRef, Panel, PanelKind, Record


class SourceWork(Record):
    """What one harvest did by itself at a source, or at several together; the cache's part is left out."""

    found: int | None
    """Articles that the search gave; None where it failed."""
    done: dict[str, int]
    """Stage -> how many it did."""
    failures: tuple[Failure, ...]
    """Of this harvest."""
    retries: int
    """Further tries of pages and images, within this run."""
    articles: tuple[tuple[FigureRef, ...], ...]
    """For each article that was read, the figures that its page describes."""
    figures: tuple[HarvestedFigure, ...]
    """That were separated."""
    seen_before: int
    """Separated figures whose image another figure of the harvest has as well."""

    def __add__(self, other: "SourceWork") -> "SourceWork":
        found = [work.found for work in (self, other) if work.found is not None]
        return SourceWork(
            found=sum(found) if found else None,
            done=dict(Counter(self.done) + Counter(other.done)),
            failures=self.failures + other.failures,
            retries=self.retries + other.retries,
            articles=self.articles + other.articles,
            figures=self.figures + other.figures,
            seen_before=self.seen_before + other.seen_before,
        )


def measure(work: SourceWork) -> dict[str, float]:
    """The metrics of a source; shares and means that nothing can be said of are left out."""
    failed = Counter(failure.stage for failure in work.failures)
    misread = sum(failure.error == "PageFormatError" for failure in work.failures if failure.stage == "fetch")
    read, had = work.done.get("fetch", 0), work.done.get("figures", 0)
    # a page that was not understood was had all the same
    requests = read + had + failed["fetch"] + failed["figures"]
    described = [figure for article in work.articles for figure in article]
    panels = [panel for figure in work.figures for panel in figure.panels or ()]
    bars = [bar for panel in panels for bar in panel.scale_bars]
    micrographs = [panel for panel in panels if panel.kind == "microscopy"]
    printed = [panel for panel in panels if any(bar.nm_origin == "printed" for bar in panel.scale_bars)]
    lettered = [figure for figure in work.figures if labels_in_caption(figure.parts)]
    texts = [c for panel in panels for c in _read(panel)]
    counts = {
        "requests": requests, "pages": read + misread, "images": had, "articles": len(work.articles),
        "described": len(described), "figures": len(work.figures), "captions": work.done.get("captions", 0),
        "lettered": len(lettered), "panels": len(panels), "micrographs": len(micrographs), "bars": len(bars),
        "texts": len(texts), "printed": len(printed), "failures": len(work.failures),
    }  # fmt: skip
    shares = {
        "fetch_success": (read + misread + had, requests),
        "retries": (work.retries, requests),
        "parsed": (read, read + misread),
        "with_figures": (sum(bool(article) for article in work.articles), len(work.articles)),
        "with_caption": (sum(bool(figure.caption.strip()) for figure in described), len(described)),
        "figures_per_article": (len(described), len(work.articles)),
        "label_agreement_f1": _label_agreement(lettered),
        "micrographs_with_scale": (sum(panel.nm_per_px is not None for panel in micrographs), len(micrographs)),
        "scale_conflicts": (sum("caption_differs_from_print" in panel.flags for panel in printed), len(printed)),
        "panels_per_figure": (len(panels), len(work.figures)),
        "duplicates": (work.seen_before, len(work.figures)),
        **{f"kinds.{kind}": (sum(panel.kind == kind for panel in panels), len(panels)) for kind in PanelKind},
    }
    confidences = {
        "panels": [panel.kind_confidence for panel in panels],
        "furniture": [bar.confidence for bar in bars],
        "reader": texts,
    }
    return {
        **({"found": float(work.found)} if work.found is not None else {}),
        **{name: float(count) for name, count in counts.items()},
        **{name: round(part / whole, 6) for name, (part, whole) in shares.items() if whole},
        **{name: value for model, values in confidences.items() for name, value in _quantiles(model, values)},
    }


def _label_agreement(figures: Sequence[HarvestedFigure]) -> tuple[float, float]:
    """F1 of the letters that captions name and those read from the images, all figures together: parts of 2m/(c+i)."""
    pairs = [(labels_in_caption(figure.parts), labels_in_image(figure.panels or ())) for figure in figures]
    return 2 * sum(len(a & b) for a, b in pairs), sum(len(a) + len(b) for a, b in pairs)


def _read(panel: Panel) -> Iterable[float]:
    """Confidences of what was read in a panel: its letter, its bars' lengths."""
    if panel.label_origin == "read":
        yield panel.label_confidence
    yield from (bar.label_confidence for bar in panel.scale_bars if bar.label_text)


def _quantiles(model: str, values: Sequence[float]) -> Iterable[tuple[str, float]]:
    if values:
        for quantile, value in zip(QUANTILES, np.percentile(values, QUANTILES), strict=True):
            yield f"confidence.{model}.p{quantile}", round(float(value), 6)
