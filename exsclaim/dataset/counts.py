"""Counts of a data set, taken once for the terminal, the report, the card and the tracking."""

import json
from collections import Counter
from collections.abc import Sequence

from exsclaim.dataset.shards import PublishedArticle
from exsclaim.dataset.tables import Row
from exsclaim.records import Record


class DatasetCounts(Record):
    """Counts over all harvests. Shares are None where there is nothing to take a share of."""

    articles: int = 0
    open_articles: int = 0
    figures: int = 0
    panels: int = 0
    panels_by_kind: dict[str, int] = {}
    panels_with_label: int = 0
    panels_with_caption: int = 0
    panels_with_scale: int = 0
    micrographs_with_scale: int = 0
    """Panels of kind microscopy whose nm per pixel is known."""
    scalable_panels: int = 0
    """Micrographs, and all other panels that have a scale bar: those that should have a scale."""
    label_agreement: float | None = None
    """Mean over figures of the Jaccard index of the caption's labels and those read from the image."""
    missing_labels: int = 0
    """Labels that captions speak of and no panel carries."""
    facets: dict[str, dict[str, int]] = {}
    """Property that panels are told apart by -> value -> how many panels have it."""


FACETS = ("technique", "source", "year", "licence", "doubt", "split", "scale_origin")


class Counting:
    """Counts articles, one after the other."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._kinds: Counter[str] = Counter()
        self._facets: dict[str, Counter[str]] = {name: Counter() for name in FACETS}
        self._agreements: list[float] = []

    def add(self, article: PublishedArticle) -> None:
        self._counts["articles"] += 1
        self._counts["open_articles"] += bool(article.article["is_open"])
        for figure in article.figures:
            self._figure(figure, article.panels.get(figure["id"], ()))

    def _figure(self, figure: Row, rows: Sequence[Row]) -> None:
        named = [label.casefold() for label in json.loads(figure["caption_parts"])["segments"]]
        borne = {row["label"].casefold() for row in rows if row["label"]}
        read = {
            row["label"].casefold()
            for row in rows
            if row["label"] and row["label_origin"] != "inferred" and not row["is_inset"]
        }
        self._counts["figures"] += 1
        self._counts["missing_labels"] += sum(label not in borne for label in named)
        if named:
            self._agreements.append(len(set(named) & read) / len(set(named) | read))
        for row in rows:
            self._panel(row)

    def _panel(self, row: Row) -> None:
        is_micrograph, has_scale = row["kind"] == "microscopy", row["nm_per_px"] is not None
        self._kinds[row["kind"]] += 1
        self._counts["panels"] += 1
        self._counts["panels_with_label"] += row["label"] is not None
        self._counts["panels_with_caption"] += bool(row["caption"])
        self._counts["panels_with_scale"] += has_scale
        self._counts["micrographs_with_scale"] += has_scale and is_micrograph
        self._counts["scalable_panels"] += is_micrograph or bool(row["scale_bars"])
        self._facets["technique"].update(row["techniques"] or ())
        self._facets["doubt"].update(row["doubts"] or ())
        for name in ("source", "year", "licence", "split", "scale_origin"):
            if row[name] is not None:
                self._facets[name][str(row[name])] += 1

    def close(self) -> None:
        """Nothing is left to be written."""

    def counted(self) -> DatasetCounts:
        known = self._agreements
        return DatasetCounts(
            **self._counts,
            panels_by_kind=dict(sorted(self._kinds.items())),
            label_agreement=round(sum(known) / len(known), 4) if known else None,
            facets={name: dict(sorted(facet.items())) for name, facet in self._facets.items()},
        )
