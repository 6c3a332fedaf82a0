"""report.md: what a data set holds and what is missing from it, on a page for people."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from exsclaim.dataset.exports import Contents
from exsclaim.dataset.markdown import plain, table
from exsclaim.dataset.partitions import Partitions
from exsclaim.dataset.publishing import Published
from exsclaim.dataset.tables import Row
from exsclaim.ledger import Failure
from exsclaim.records import Record
from exsclaim.storage.local import write_whole

_MOST_FAILURES = 100


class Summary(Record):
    """What a data set holds, over all harvests."""

    articles: int
    open_articles: int
    figures: int
    panels: int
    panels_by_kind: dict[str, int]
    panels_with_label: int
    panels_with_caption: int
    panels_with_scale: int
    micrographs_with_scale: int
    """Panels of kind microscopy whose nm per pixel is known."""
    label_agreement: float | None
    """Mean over figures: labels that the caption names and a panel bears, over labels that either does."""


def summarize(dataset: Path) -> Summary:
    """Count what the tables under `dataset` hold."""
    contents = Contents.of(Partitions(dataset))
    panels = [row for rows in contents.panels.values() for row in rows]
    kinds = Counter(row["kind"] for row in panels)
    agreements = [
        agreement
        for figure in contents.figures
        if (agreement := _agreement(figure, contents.panels.get(figure["id"], []))) is not None
    ]
    scaled = [row["kind"] for row in panels if row["nm_per_px"] is not None]
    return Summary(
        articles=len(contents.articles), open_articles=sum(row["is_open"] for row in contents.articles),
        figures=len(contents.figures), panels=len(panels),
        panels_by_kind=dict(sorted(kinds.items(), key=_most_first)),
        panels_with_label=sum(row["label"] is not None for row in panels),
        panels_with_caption=sum(bool(row["caption"]) for row in panels), panels_with_scale=len(scaled),
        micrographs_with_scale=scaled.count("microscopy"),
        label_agreement=sum(agreements) / len(agreements) if agreements else None,
    )  # fmt: skip


def _agreement(figure: Row, panels: Sequence[Row]) -> float | None:
    """As `exsclaim.assembly.label_agreement`, from rows of the tables."""
    named = {label.casefold() for label in json.loads(figure["caption_parts"])["segments"]}
    read = {
        row["label"].casefold()
        for row in panels
        if row["label"] is not None and row["label_origin"] != "inferred" and not row["is_inset"]
    }
    return len(named & read) / len(named | read) if named else None


def write_report(
    path: Path, *, query_name: str, harvest_id: str, published: Published, failures: Sequence[Failure],
    versions: Mapping[str, str], summary: Summary | None = None, flags: Sequence[str] = (),
) -> None:  # fmt: skip
    """Write the report as Markdown.

    `summary` saves counting the data set a second time; `flags` say what is not as usual (`exsclaim.quality.watching`).
    """
    found = summary or summarize(published.dataset)
    agreement = "no labels" if found.label_agreement is None else f"{found.label_agreement:.1%}"
    micrographs = found.panels_by_kind.get("microscopy", 0)
    lines = [
        f"# {plain(query_name)}",
        "",
        f"State after harvest {plain(harvest_id)}, in which {published.in_this_harvest} articles were new or changed.",
        "",
        *_warnings(flags),
        *table(
            ("what", "count"),
            (
                ("articles", found.articles),
                ("of these open access", found.open_articles),
                ("figures", found.figures),
                ("panels", found.panels),
                *((f"of these {kind}", count) for kind, count in found.panels_by_kind.items()),
                ("panels with a label", _of(found.panels_with_label, found.panels)),
                ("panels with a caption of their own", _of(found.panels_with_caption, found.panels)),
                ("panels with a scale", _of(found.panels_with_scale, found.panels)),
                ("micrographs with a scale", _of(found.micrographs_with_scale, micrographs)),
                ("agreement of letters in captions and in images", agreement),
            ),
        ),
        "",
        "## Failures",
        "",
        *_failures(failures),
        "",
        *_unpublished(published),
        *_left_out(published),
        "## Made by",
        "",
        *table(("part", "version"), sorted(versions.items())),
        "",
        "## Files",
        "",
        "- `exsclaim.json`: figures and panels in the format of the first EXSCLAIM!",
        "- `dataset/`: parquet tables articles, figures, panels (with their crops)",
        "- `figures/`: images of the figures, as published",
        "- `ATTRIBUTION.md`, `attribution.csv`: authors, licence and source of every figure",
        "- `failures.json`: all failures, for programs",
        "",
    ]
    write_whole(path, "\n".join(lines).encode())


def _warnings(flags: Sequence[str]) -> list[str]:
    return ["## Not as usual", "", *(f"- {plain(flag)}" for flag in flags), "", "## Contents", ""] if flags else []


def _failures(failures: Sequence[Failure]) -> list[str]:
    if not failures:
        return ["None."]
    rows = [
        (each.stage, each.id, each.cause, each.attempts, "next harvest" if each.will_retry else each.retry_after)
        for each in failures[:_MOST_FAILURES]
    ]
    more = len(failures) - len(rows)
    return [
        *table(("stage", "what", "cause", "attempts", "tried again"), rows),
        *(["", f"{more} more are in `failures.json`."] if more else []),
    ]


def _unpublished(published: Published) -> list[str]:
    if not published.unpublished:
        return []
    rows = [(each.figure_id, each.cause) for each in published.unpublished[:_MOST_FAILURES]]
    return ["## Figures left out", "", *table(("figure", "cause"), rows), ""]


def _left_out(published: Published) -> list[str]:
    if not published.left_out:
        return []
    rows = [(each.article_id, each.url, each.reason) for each in published.left_out[:_MOST_FAILURES]]
    more = len(published.left_out) - len(rows)
    return [
        "## Articles left out", "", *table(("article", "address", "why"), rows), "",
        *([f"And {more} more.", ""] if more else []),
    ]  # fmt: skip


def _of(count: int, whole: int) -> str:
    return f"{count} ({count / whole:.1%})" if whole else str(count)


def _most_first(item: tuple[str, int]) -> tuple[int, str]:
    return -item[1], item[0]
