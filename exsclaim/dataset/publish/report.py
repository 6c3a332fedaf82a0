"""report.html and report.md: what a data set holds, looks like and lacks, for people; failures.json for programs."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from exsclaim.dataset.condition.published_state import DatasetVersion, read_versions
from exsclaim.dataset.opened import Dataset
from exsclaim.dataset.pages.report_samples import Sample, Survey, surveyed
from exsclaim.dataset.plain_pages import (
    Bars,
    Block,
    Bullets,
    Cell,
    Heading,
    Link,
    Picture,
    Pictures,
    Table,
    Text,
    as_html,
    as_markdown,
)
from exsclaim.dataset.publish.publishing import Published
from exsclaim.dataset.transaction import ResultFiles
from exsclaim.recovery import Failure
from exsclaim.storage import plainly
from exsclaim.storage.local import write_whole

_MOST_FAILURES = 100
_MOST_CAUSES = 40
_MOST_CHANGES = 30
_CAPTION_CHARACTERS = 90


def write_report(
    folder: Path, *, query_name: str, harvest_id: str, published: Published, failures: Sequence[Failure],
    versions: Mapping[str, str], flags: Sequence[str] = (),
) -> None:  # fmt: skip
    """Write `report.md` and, with pictures, `report.html`, which opens from the folder without a server.

    Args:
        folder: to write them in; the figures that they lead to lie in its `figures/`.
        query_name: names the data set.
        harvest_id: the harvest that was finished.
        published: counts of the data set.
        failures: all that is not healed.
        versions: name -> version of the code and of each model.
        flags: sentences on what is unusual (`exsclaim.quality.alarms`).
    """
    survey = Survey()
    if published.panels:
        techniques = published.facets.get("technique", {})
        survey = surveyed(Dataset(published.folder), sorted(techniques, key=lambda name: (-techniques[name], name)))
    changes = [each for each in read_versions(ResultFiles(published.folder)) if each.harvest == harvest_id]
    blocks = [
        Text(_state(published, harvest_id)),
        *_warnings(flags),
        *_contents(published),
        *_changes(changes),
        *_samples("Samples of each kind", survey.kinds, published.panels_by_kind),
        *_samples("Samples of each technique", survey.techniques, published.facets.get("technique", {})),
        *_scales(survey),
        *_doubts(survey, published),
        *_failures(failures),
        *_unpublished(published),
        *_left_out(published),
        Heading("Made with"),
        Table(("part", "version"), sorted(versions.items())),
        *_files(published),
    ]
    write_whole(folder / "report.md", as_markdown(query_name, blocks))
    write_whole(folder / "report.html", as_html(query_name, blocks))


def _warnings(flags: Sequence[str]) -> list[Block]:
    return [Heading("Unusual in the last night"), Bullets(flags)] if flags else []


def _contents(found: Published) -> list[Block]:
    agreement = "no labels" if found.label_agreement is None else f"{found.label_agreement:.1%}"
    micrographs = found.panels_by_kind.get("microscopy", 0)
    return [
        Heading("Contents"),
        Table(
            ("what", "count"),
            (
                ("articles", found.articles),
                ("of these open access", found.open_articles),
                ("figures", found.figures),
                ("panels", found.panels),
                *((f"of these {kind}", count) for kind, count in sorted(found.panels_by_kind.items(), key=_most_first)),
                ("panels with a label", _of(found.panels_with_label, found.panels)),
                ("panels with their own caption", _of(found.panels_with_caption, found.panels)),
                ("panels with a scale", _of(found.panels_with_scale, found.panels)),
                ("micrographs with a scale", _of(found.micrographs_with_scale, micrographs)),
                ("agreement between letters in captions and in images", agreement),
            ),
        ),
    ]


def _changes(versions: Sequence[DatasetVersion]) -> Iterator[Block]:
    """The changes that a harvest made; one that was resumed after its publishing may have made several versions."""
    yield Heading("Changed by this harvest")
    if not versions:
        yield Text("Nothing has changed.")
        return
    added, changed = (sum(len(getattr(each, what)) for each in versions) for what in ("added", "changed"))
    withdrawn = {id: why for each in versions for id, why in each.withdrawn.items()}
    figures = sum(each.figures_after - each.figures_before for each in versions)
    panels = sum(each.panels_after - each.panels_before for each in versions)
    yield Table(
        ("what", "count"),
        (
            ("articles added", added), ("articles changed", changed), ("articles withdrawn", len(withdrawn)),
            ("change in figures", f"{figures:+d}"), ("change in panels", f"{panels:+d}"),
        ),
    )  # fmt: skip
    if withdrawn:
        yield Table(("withdrawn", "why"), list(withdrawn.items())[:_MOST_CHANGES])
    yield Bullets([Link("All versions: CHANGES.md", "CHANGES.md")])


def _samples(title: str, samples: Mapping[str, Sequence[Sample]], counts: Mapping[str, int]) -> Iterator[Block]:
    if samples:
        yield Heading(title)
    for value in sorted(samples, key=lambda name: (-counts.get(name, 0), name)):
        yield Heading(f"{value}: {counts.get(value, 0)}", level=3)
        yield Pictures([Picture(each.jpeg, each.panel["id"], _sample_lines(each)) for each in samples[value]])


def _sample_lines(sample: Sample) -> list[Cell]:
    row = sample.panel
    lines: list[Cell] = [Link(row["id"], _figure_file(row["figure_name"]))]
    if row["nm_per_px"] is not None:
        lines.append(f"{row['nm_per_px']:.3g} nm/px")
    if row["caption"]:
        caption: str = row["caption"]
        lines.append(caption if len(caption) <= _CAPTION_CHARACTERS else caption[: _CAPTION_CHARACTERS - 1] + "…")
    return lines


def _scales(survey: Survey) -> Iterator[Block]:
    if survey.scales:
        yield Heading("Distribution of scales")
        bars = [(f"{_length(least)} to {_length(most)}", count) for least, most, count in survey.scales]
        yield Bars(("nm per pixel", "panels"), bars)


def _length(value: float) -> str:
    return f"{value:.2g}" if 0.01 <= value < 1000 else f"{value:.1e}"


def _doubts(survey: Survey, published: Published) -> Iterator[Block]:
    yield Heading("Most doubtful figures")
    if not survey.doubtful:
        yield Text("No panel has a doubt.")
        return
    facet = sorted(published.facets.get("doubt", {}).items(), key=_most_first)
    yield Bars(("doubt", "panels"), facet)
    yield Pictures(
        [
            Picture(
                each.jpeg, each.figure["id"],
                [
                    Link(each.figure["id"], _figure_file(each.figure["figure_name"])),
                    f"{each.doubts} doubts about {each.panels} panels: {', '.join(each.kinds_of_doubt)}",
                    Link(each.figure["article_title"] or "the article", each.figure["article_url"]),
                ],
            )
            for each in survey.doubtful
        ]
    )  # fmt: skip


def _figure_file(name: str) -> str:
    return f"figures/{name}"


def _failures(failures: Sequence[Failure]) -> Iterator[Block]:
    yield Heading("Failures")
    if not failures:
        yield Text("None.")
        return
    causes = Counter((each.stage, each.error, each.shared_cause) for each in failures)
    healing = Counter((each.stage, each.error, each.shared_cause) for each in failures if each.will_retry)
    yield Heading("By cause", level=3)
    yield Table(
        ("stage", "cause", "count", "of these retried by the next harvest"),
        [
            (stage, f"{cause} ({error})", count, healing[stage, error, cause])
            for (stage, error, cause), count in sorted(causes.items(), key=lambda item: (-item[1], item[0]))
        ][:_MOST_CAUSES],
    )
    yield Heading("Individual failures", level=3)
    rows = [
        (each.stage, each.thing, each.own_cause, each.attempts, _next_try(each)) for each in failures[:_MOST_FAILURES]
    ]
    yield Table(("stage", "what", "cause", "attempts", "next attempt"), rows)
    if len(failures) > len(rows):
        yield Text(f"{len(failures) - len(rows)} more are in `failures.json`.")


def _state(published: Published, harvest_id: str) -> str:
    """Sentence on which articles this harvest has looked at anew."""
    found, others = published.in_this_harvest, published.articles - published.in_this_harvest
    whose = "all articles are as this harvest found them"
    if others > 0:
        whose = f"articles as this harvest found them: {found}; as earlier harvests found them: {others}"
    return f"State after harvest {harvest_id}: {whose}."


def _next_try(failure: Failure) -> str:
    if failure.will_retry:
        return "next harvest"
    return f"{'when its file changes, else ' if failure.is_of_own_file else ''}{failure.retry_after}"


def _unpublished(published: Published) -> list[Block]:
    if not published.unpublished:
        return []
    rows = [
        (each.figure_id, "kept as it was published before" if each.is_kept else "left out", each.cause)
        for each in published.unpublished[:_MOST_FAILURES]
    ]
    return [Heading("Figures that could not be published"), Table(("figure", "result", "cause"), rows)]


def _left_out(published: Published) -> list[Block]:
    if not published.left_out:
        return []
    shown = published.left_out[:_MOST_FAILURES]
    rows = [(each.article_id, Link(plainly(each.url), each.url), each.reason) for each in shown]
    more = len(published.left_out) - len(rows)
    return [
        Heading("Articles left out"), Table(("article", "address", "why"), rows),
        *([Text(f"And {more} more.")] if more else []),
    ]  # fmt: skip


def _files(published: Published) -> list[Block]:
    json_name = published.exsclaim_json.name
    return [
        Heading("Files"),
        Table(
            ("file", "what it is"),
            (
                # of large data sets there is one per harvest
                (json_name if json_name == "exsclaim.json" else "exsclaim-<harvest>.json",
                 "figures and panels in the format of the first EXSCLAIM!"),
                ("data/", "parquet tables articles, figures, panels (with their crops)"),
                (Link("README.md", "README.md"), "the data set's card, which shows how to load it"),
                ("figures/", "images of the figures, as published"),
                (Link("ATTRIBUTION.md", "ATTRIBUTION.md"), "authors, licence and source of every figure"),
                (Link("failures.json", "failures.json"), "all failures, for programs"),
            ),
        ),
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
