"""From staged articles to the published data set of a query: tables, figures, exsclaim.json, exports."""

import json
from collections.abc import Iterator, Mapping, Sequence, Set
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from exsclaim.dataset.condition.figure_files import brought_back
from exsclaim.dataset.condition.published_state import (
    FORM,
    Counting,
    DatasetCounts,
    PublishedState,
    add_version,
    digests,
    read_state,
    read_versions,
    write_state,
)
from exsclaim.dataset.pages import published_files
from exsclaim.dataset.pages.attribution import ATTRIBUTIONS, Attribution
from exsclaim.dataset.pages.card import card
from exsclaim.dataset.pages.croissant import croissant
from exsclaim.dataset.pages.published_files import FOLDERS, write_pictures
from exsclaim.dataset.publish.replacement import merge, stage_corrected, stage_published
from exsclaim.dataset.publish.stand_ins import StandIns, stand_ins
from exsclaim.dataset.results import results_folder
from exsclaim.dataset.review.corrections import DROPPED, dropped_json
from exsclaim.dataset.tables.composition import Changes, Unpublished
from exsclaim.dataset.tables.shard_writing import without_plain_panels, write_plain_panels
from exsclaim.dataset.tables.shards import LEGACY, Shards
from exsclaim.dataset.tables.staging import LeftOut, Staging
from exsclaim.dataset.transaction import ResultFiles, Transaction
from exsclaim.licences import UNKNOWN
from exsclaim.query import LICENCE_UNKNOWN
from exsclaim.storage.local import safe_name
from exsclaim.store import Store

_EXPORT_VERSION = "5"
"""Rises when an export changes though the tables do not."""
_CSV = frozenset({"csv", "csv_bom"})
_ALWAYS = ("exsclaim.json", "attribution", "card", "croissant")


class Published(DatasetCounts):
    """Location and contents of the data set, over all harvests."""

    folder: Path
    dataset: Path
    """The folder of the tables."""
    exsclaim_json: Path
    """Above 50,000 figures there is one per harvest, `exsclaim-<harvest>.json`: this is the newest."""
    in_this_harvest: int
    """Articles that live in this harvest's partition."""
    unpublished: tuple[Unpublished, ...]
    left_out: tuple[LeftOut, ...] = ()
    """Articles that this harvest found and that must not be in the data set."""


def publish(
    staging: Staging, *, query_name: str, results_dir: Path | str, store: Store, harvest_id: str,
    save_format: frozenset[str], versions: Mapping[str, str], allow_unknown_licences: bool = False,
) -> Published:  # fmt: skip
    """Bring the published data set of a query to what this harvest staged.

    New and changed articles go into the partition of this harvest and leave those of others; articles that are
    published as they are stay where they are, and so do those that were not staged. A figure is replaced only by a
    result at least as complete (`exsclaim.dataset.publish.replacement`), with the corrections
    that people made of it. It happens whole or not at all
    (`exsclaim.dataset.transaction`), and a second call with the same arguments changes no byte.

    Args:
        staging: what the harvest found, and what must not be in the data set; it is not cleared.
        query_name: names the folder under `results_dir`.
        results_dir: a folder; of a URL, its mirror on this machine is brought up to date
            (`exsclaim.dataset.results` brings it to the URL).
        store: holds the figures' images.
        harvest_id: names the partition.
        save_format: any of "save_subfigures", "visualization" or "visualize", "boxes", "csv" or "csv_bom".
        versions: name -> version or digest of the code and of each model, kept with articles, figures and panels.
        allow_unknown_licences: also publish articles whose licence is unknown; else they are left out.

    Files of figures that are gone are brought back from the store, and exports that are gone written anew.

    Returns: paths and counts. Figures whose image is not in the store, or is no image, are named.

    Raises:
        UnreachableError: the store lies on another machine that did not answer.
    """
    folder = results_folder(results_dir, query_name)
    folder.mkdir(parents=True, exist_ok=True)
    files = Transaction(folder)
    harvest = safe_name(harvest_id)
    dropped = stage_corrected(folder, staging)
    if dropped:
        files.write(DROPPED, dropped_json(dropped))
    else:
        files.remove(DROPPED)
    found = _stand_ins(files, staging)
    refused = _refused(staging, allow_unknown_licences)
    changes = merge(
        files, staging, harvest=harvest, store=store, versions=json.dumps(dict(versions), sort_keys=True),
        refused={each.article_id: each.reason for each in refused}, stand_ins=found,
    )  # fmt: skip
    changes.unpublished += [*_told(found.figures, Shards(files)), *brought_back(files, store)]
    wanted = {*(_CSV & save_format), *(FOLDERS[each] for each in save_format if each in FOLDERS)}
    state = finish(files, changes, query_name, harvest, versions, wanted)
    return Published(
        **state.counts.model_dump(), folder=folder, dataset=folder / "data",
        exsclaim_json=folder / _exsclaim_jsons(state, harvest)[-1],
        in_this_harvest=sum(home == harvest for home, _ in Shards(ResultFiles(folder)).articles().values()),
        unpublished=tuple(changes.unpublished), left_out=refused,
    )  # fmt: skip


def finish(
    files: Transaction, changes: Changes, name: str, harvest: str, versions: Mapping[str, str],
    wanted: Set[str] = frozenset(),
) -> PublishedState:  # fmt: skip
    """Bring all files that are made from the tables up to date, and commit; nothing is written where nothing changed.

    Args:
        files: the transaction, in which the tables are what they will be.
        changes: what the tables were changed by.
        name: of the data set.
        harvest: the partition that new and changed articles live in.
        versions: name -> version of the code and of each model.
        wanted: "csv" or "csv_bom", and folders of pictures.
    """
    before = read_state(files)
    content, parts = digests(Shards(files).articles())
    state = PublishedState(
        form=FORM, content=content, counts=before.counts, harvests=parts, exports=dict(before.exports),
        stand_ins=before.stand_ins,
    )  # fmt: skip
    wanted = {*_ALWAYS, *wanted}
    digest = f"{_EXPORT_VERSION} {content}"
    gone = _gone(files, before, wanted)
    is_outdated = bool(gone) or any(state.exports.get(each) != digest for each in wanted)
    if is_outdated or changes.harvests or without_plain_panels(Shards(files)):
        state = _write_exports(files, changes, before, state, wanted, gone, harvest)
        if content != before.content:
            add_version(files, harvest, content, state.counts, changes)
        known = read_versions(files)
        files.write("README.md", card(name, state.counts, versions, known))
        files.write("croissant.json", croissant(name, state.counts, known))
        # the tables of either form lie in the same files
        kept = {each: made for each, made in state.exports.items() if each not in _CSV or not wanted & _CSV}
        exported = kept | dict.fromkeys(wanted, digest)
        # in order: a set's own changes from process to process
        state = state.model_copy(update={"exports": dict(sorted(exported.items()))})
        write_state(files, state)
    files.commit()
    return state


def published_ids(results: Path) -> Iterator[str]:
    """Ids of the articles that are published in a query's results."""
    yield from Shards(ResultFiles(results)).articles()


def _stand_ins(files: Transaction, staging: Staging) -> StandIns:
    """Images that stand in for figures; published articles that have one are staged, and what was found is noted."""
    state = read_state(files)
    found = stand_ins(staging, Shards(ResultFiles(files.folder)), state.stand_ins)
    if unstaged := found.articles.difference(staging.ids()):
        stage_published(files.folder, staging, unstaged)
    if found.images != set(state.stand_ins):
        write_state(files, state.model_copy(update={"stand_ins": tuple(sorted(found.images))}))
    return found


def _told(figures: Sequence[Unpublished], shards: Shards) -> list[Unpublished]:
    """Figures that stand-ins were met for, and whether the tables still have them, with the images of before."""
    ids = pa.array([each.figure_id for each in figures], pa.string())
    tables = shards.column("figures", "id") if figures else ()
    kept = {id for _, rows in tables for id in rows["id"].filter(pc.is_in(rows["id"], ids)).to_pylist()}
    return [each.model_copy(update={"is_kept": each.figure_id in kept}) for each in figures]


def _refused(staging: Staging, allow_unknown_licences: bool) -> tuple[LeftOut, ...]:
    """Articles that must not be in the data set, sorted by id."""
    found = {each.article_id: each for each in staging.left_out()}
    for staged in () if allow_unknown_licences else staging.digests():
        if staged.licence == UNKNOWN and staged.id not in found:
            article = staging.article(staged.id)
            url = article.article.url if article else ""
            found[staged.id] = LeftOut(article_id=staged.id, url=url, reason=LICENCE_UNKNOWN)
    return tuple(found[id] for id in sorted(found))


def _write_exports(
    files: Transaction, changes: Changes, before: PublishedState, state: PublishedState, wanted: set[str],
    gone: set[str], harvest: str,
) -> PublishedState:  # fmt: skip
    """Write the exports that are outdated; gives the state with its counts."""
    write_plain_panels(files, _changed(before, state, changes))
    current = {each for each in wanted - gone if before.exports.get(each) == f"{_EXPORT_VERSION} {before.content}"}
    write_pictures(files, changes, harvest, wanted & set(FOLDERS.values()), current)
    shards = Shards(files)
    counting = Counting()
    has_bom = "csv_bom" in wanted
    writers: list[published_files.Writer] = [counting, Attribution(files, has_bom=has_bom)]
    if wanted & _CSV:
        writers.append(published_files.CsvTables(files, has_bom=has_bom))
    figures = sum(rows.num_rows for _, rows in shards.column("figures", "id"))
    is_one = figures <= published_files.MOST_FIGURES_IN_ONE_JSON
    if is_one:
        writers.append(published_files.ExsclaimJson(files, "exsclaim.json"))
    published_files.write_all(shards.stream(), writers)
    state = state.model_copy(update={"counts": counting.counted()})
    names = _exsclaim_jsons(state, harvest)
    for name in {*files.names("exsclaim-*.json"), "exsclaim.json"} - set(names):
        files.remove(name)
    for each in () if is_one else sorted(state.harvests):
        name = f"exsclaim-{each}.json"
        if before.harvests.get(each) != state.harvests[each] or not files.path(name).is_file():
            published_files.write_all(shards.stream([each]), [published_files.ExsclaimJson(files, name)])
    for name in files.names(f"{LEGACY}/**/*"):
        files.remove(name)
    return state


def _gone(files: Transaction, before: PublishedState, wanted: set[str]) -> set[str]:
    """Exports of the last publish that lack a file, or their whole folder of pictures."""
    shards = Shards(files)
    names = {
        "exsclaim.json": _exsclaim_jsons(before, ""), "attribution": ATTRIBUTIONS, "card": ("README.md",),
        "croissant": ("croissant.json",), **dict.fromkeys(_CSV, published_files.CSV_FILES),
    }  # fmt: skip
    gone = {
        each for each, its in names.items()
        if each in before.exports and not all(files.path(name).is_file() for name in its)
    }  # fmt: skip
    folders = {each for each in {*FOLDERS.values()} & before.exports.keys() if not (files.folder / each).is_dir()}
    # of figures that were not separated, or whose pixels cannot be read, there are no crops, and no folders of them
    if folders and any(row["image"] for each in shards.harvests() for row in shards.rows("panels", each, ["image"])):
        gone |= folders
    return gone & wanted


def _changed(before: PublishedState, state: PublishedState, changes: Changes) -> set[str]:
    """Partitions whose content has changed."""
    return {*changes.harvests, *(id for id, digest in state.harvests.items() if before.harvests.get(id) != digest)}


def _exsclaim_jsons(state: PublishedState, harvest: str) -> list[str]:
    """Names of the files in the predecessor's format."""
    if state.counts.figures <= published_files.MOST_FIGURES_IN_ONE_JSON:
        return ["exsclaim.json"]
    return [f"exsclaim-{each}.json" for each in sorted(state.harvests or {harvest: ""})]
