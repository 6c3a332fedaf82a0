"""report.md: what a data set holds and what is missing from it, for people; failures.json: the same for programs."""

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from exsclaim.dataset.markdown import plain, table
from exsclaim.dataset.publishing import Published
from exsclaim.recovery import Failure
from exsclaim.storage.local import write_whole

_MOST_FAILURES = 100


def write_report(
    path: Path, *, query_name: str, harvest_id: str, published: Published, failures: Sequence[Failure],
    versions: Mapping[str, str], flags: Sequence[str] = (),
) -> None:  # fmt: skip
    """Write the report as Markdown.

    `flags` say what is not as usual (`exsclaim.quality.watching`).
    """
    found = published
    agreement = "no labels" if found.label_agreement is None else f"{found.label_agreement:.1%}"
    micrographs = found.panels_by_kind.get("microscopy", 0)
    lines = [
        f"# {plain(query_name)}",
        "",
        f"State after harvest {plain(harvest_id)}: {published.in_this_harvest} articles are as it found them, the "
        "others as earlier harvests did. Versions: `CHANGES.md`.",
        "",
        *_warnings(flags),
        *table(
            ("what", "count"),
            (
                ("articles", found.articles),
                ("of these open access", found.open_articles),
                ("figures", found.figures),
                ("panels", found.panels),
                *((f"of these {kind}", count) for kind, count in sorted(found.panels_by_kind.items(), key=_most_first)),
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
        f"- `{_jsons(published)}`: figures and panels in the format of the first EXSCLAIM!",
        "- `data/`: parquet tables articles, figures, panels (with their crops); `README.md` says how to load them",
        "- `figures/`: images of the figures, as published",
        "- `ATTRIBUTION.md`, `attribution.csv`: authors, licence and source of every figure",
        "- `failures.json`: all failures, for programs",
        "",
    ]
    write_whole(path, "\n".join(lines).encode())


def _jsons(published: Published) -> str:
    """Name of the file in the predecessor's format; of large data sets there is one per harvest."""
    return (
        published.exsclaim_json.name if published.exsclaim_json.name == "exsclaim.json" else "exsclaim-<harvest>.json"
    )


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
    rows = [
        (each.figure_id, "stays as it was" if each.is_kept else "is left out", each.cause)
        for each in published.unpublished[:_MOST_FAILURES]
    ]
    return ["## Figures that could not be published", "", *table(("figure", "so it", "cause"), rows), ""]


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


def write_failures(path: Path, failures: Iterable[Failure]) -> None:
    """Write a JSON list, one object per failure, by stage and id.

    `will_be_retried` says whether the next harvest tries it, whenever it runs. What failed for good is not; it is
    looked at again by the first harvest on or after the day `retry_on_or_after` (null where `will_be_retried`).
    """
    entries = [
        {
            "stage": failure.stage,
            "id": failure.id,
            "url": failure.url,
            "cause": failure.cause,
            "error": failure.error,
            "attempts": failure.attempts,
            "will_be_retried": failure.will_retry,
            "retry_on_or_after": failure.retry_after.isoformat() if failure.retry_after else None,
            "first_failed": failure.first_failed.isoformat(),
            "last_tried": failure.last_tried.isoformat(),
        }
        for failure in sorted(failures, key=_by_stage)
    ]
    write_whole(path, json.dumps(entries, indent=2, ensure_ascii=False).encode() + b"\n")


def _by_stage(failure: Failure) -> tuple[str, str]:
    return failure.stage, failure.id
