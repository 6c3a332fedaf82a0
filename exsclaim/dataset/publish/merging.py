"""Merge several data sets into one: each work once, in its most complete record."""

import hashlib
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

from exsclaim.dataset.condition.damage import readable
from exsclaim.dataset.condition.published_state import DatasetCounts, read_state, write_state
from exsclaim.dataset.formats.chosen_panels import Chosen
from exsclaim.dataset.opened import Dataset
from exsclaim.dataset.publish.merged_corrections import correct, corrections_of, renew_digest
from exsclaim.dataset.publish.publishing import finish
from exsclaim.dataset.publish.stand_ins import of_several
from exsclaim.dataset.review.corrections import FILE, Correction, as_lines
from exsclaim.dataset.tables import table_rows
from exsclaim.dataset.tables.composition import Changes, PublishedRows
from exsclaim.dataset.tables.shard_writing import PartitionWriter
from exsclaim.dataset.tables.shards import TABLES, Shards
from exsclaim.dataset.tables.splits import splits_together
from exsclaim.dataset.tables.table_rows import Row
from exsclaim.dataset.transaction import ResultFiles, Transaction
from exsclaim.duplicates import grouped
from exsclaim.duplicates.works import keys_of
from exsclaim.errors import DatasetError

_MARKER = ".merged"
_GONE = "none of the merged data sets has it"


class Merged(NamedTuple):
    """A merged data set: its counts, and how many records of works were left out because another was taken."""

    counts: DatasetCounts
    duplicates: int


class _Known(NamedTuple):
    """An article of one of the data sets."""

    place: int
    """Place of its data set among those that are merged."""
    id: str
    harvest: str
    doi: str | None
    title: str
    authors: Sequence[str]
    figures: int
    panels: int
    split: str | None


def merge_datasets(datasets: Sequence[Dataset], out: Path) -> Merged:
    """Write one data set of all articles of several; those are not changed.

    Of a work that several have (by DOI, else by title, first and last author) the record with most figures is taken,
    then that with most panels, then that of the data set named first. Corrections that people made, also of an earlier
    merge, are applied and kept; those of a record that is not taken go to the same image in the one that is. A picture
    that stands in for figures ("image not available") in one of them, or in all together, is left out. Splits are
    those of the data set named first; articles whose figures look alike, be it one through the other, go into the split
    of the first of them.

    Args:
        datasets: two or more, opened.
        out: a folder that is not there, empty, or holds an earlier merge, which is brought up to date.

    Raises:
        DatasetError: `out` holds something else or lies within a data set, or one of these is of a version too old,
            damaged or not complete, or all their images stand in for figures.
        CorrectionError: a file of corrections is damaged.
    """
    if out.exists() and any(out.iterdir()) and not (out / _MARKER).is_file() and not (out / ".draft").exists():
        raise DatasetError(f"{out} holds files that are no merge of ours: name another folder, or empty it")
    for dataset in datasets:
        if dataset.folder.resolve() in Path(os.path.realpath(out)).parents:
            raise DatasetError(f"{out} lies within the data set {dataset.folder}: name another folder")
        dataset.refuse_earlier_form("merge")
    with ExitStack() as reading:
        for dataset in datasets:
            reading.enter_context(readable(Shards(ResultFiles(dataset.folder))))
        return _merged(datasets, out)


def _merged(datasets: Sequence[Dataset], out: Path) -> Merged:
    stand_ins = _stand_ins(datasets)
    known = [article for place, dataset in enumerate(datasets) for article in _articles(place, dataset, stand_ins)]
    if not known:
        raise DatasetError("nothing is left to merge: all images stand in for figures ('image not available')")
    chosen, splits = _chosen(known)
    split = _splits(datasets, chosen, splits)
    corrections = corrections_of(datasets, {(each.place, each.id) for each in chosen}, out)
    harvest = max(article.harvest for article in chosen)
    out.mkdir(parents=True, exist_ok=True)
    files = Transaction(out)
    before = _sizes(Shards(ResultFiles(out)))
    for name in files.names("data/**/*.parquet") + files.names("figures/*"):
        files.remove(name)
    files.write(_MARKER, b"")
    if corrections:
        files.write(FILE, as_lines(corrections))
    _write(files, datasets, chosen, split, harvest, corrections, stand_ins)
    write_state(files, read_state(files).model_copy(update={"stand_ins": tuple(sorted(stand_ins))}))
    changes = _changes(before, _sizes(Shards(files)))
    state = finish(files, changes, out.name, harvest, _made_by(datasets))
    return Merged(state.counts, len(known) - len(chosen))


_Sizes = dict[str, tuple[str, int, int]]
"""Article id -> its digest, and how many figures and panels it has."""


def _sizes(shards: Shards) -> _Sizes:
    return {
        row["article_id"]: (row["article_digest"], row["figures"] or 0, row["panels"] or 0)
        for _, rows in shards.column("articles", "article_id", "article_digest", "figures", "panels")
        for row in rows.to_pylist()
    }


def _changes(before: _Sizes, now: _Sizes) -> Changes:
    """Changes since the earlier merge."""
    changes = Changes(
        added=sorted(now.keys() - before.keys()),
        changed=sorted(id for id in now.keys() & before.keys() if now[id][0] != before[id][0]),
        withdrawn=dict.fromkeys(sorted(before.keys() - now.keys()), _GONE),
    )
    for when, sizes in (("before", before), ("after", now)):
        those = [sizes[id] for id in changes.articles if id in sizes]
        changes.figures[when] = sum(figures for _, figures, _ in those)
        changes.panels[when] = sum(panels for _, _, panels in those)
    return changes


def _stand_ins(datasets: Sequence[Dataset]) -> frozenset[str]:
    """Images that stand in for figures, for any of the data sets or for all together."""
    folders = [ResultFiles(dataset.folder) for dataset in datasets]
    return of_several(
        [Shards(files) for files in folders], {image for f in folders for image in read_state(f).stand_ins}
    )


def _articles(place: int, dataset: Dataset, stand_ins: frozenset[str]) -> Iterator[_Known]:
    """The articles of a data set, without those that have nothing but pictures that stand in for figures."""
    shards = Shards(ResultFiles(dataset.folder))
    seen = shards.column("figures", "article_id", "image_sha256", "perceptual_hash") if stand_ins else ()
    without = Counter(row["article_id"] for _, rows in seen for row in rows.to_pylist() if _is_one(stand_ins, row))
    columns = ("article_id", "doi", "title", "authors", "figures", "panels", "split")
    for harvest, rows in shards.column("articles", *columns):
        for row in rows.to_pylist():
            figures = (row["figures"] or 0) - without[row["article_id"]]
            if figures or not without[row["article_id"]]:
                yield _Known(
                    place, row["article_id"], harvest, row["doi"], row["title"] or "", row["authors"] or (),
                    figures, row["panels"] or 0, row["split"],
                )  # fmt: skip


def _chosen(known: Sequence[_Known]) -> tuple[list[_Known], dict[str, str | None]]:
    """One record of each work, in the order of their ids, and id -> the split that the work had first."""
    by_key = {(f"{each.place:06d}", each.id): each for each in known}
    keys = {key: (f"id {each.id}", *keys_of(each.doi, each.title, each.authors)) for key, each in by_key.items()}
    chosen, splits = [], {}
    for group in grouped(keys):
        records = [by_key[key] for key in group]
        best = max(records, key=lambda each: (each.figures, each.panels, -each.place))
        chosen.append(best)
        splits[best.id] = min(records).split
    return sorted(chosen, key=lambda each: each.id), splits


def _splits(datasets: Sequence[Dataset], chosen: Sequence[_Known], had: dict[str, str | None]) -> dict[str, str]:
    """Article id -> its split."""
    wanted = {(each.place, each.id) for each in chosen}
    hashes: dict[str, list[str]] = {}
    for place, dataset in enumerate(datasets):
        for _, rows in Shards(ResultFiles(dataset.folder)).column("figures", "article_id", "perceptual_hash"):
            for id, found in zip(*(column.to_pylist() for column in rows.columns), strict=True):
                if found and (place, id) in wanted:
                    hashes.setdefault(id, []).append(found)
    in_order = sorted(chosen, key=lambda each: (each.place, each.id))
    splits = splits_together(
        [(each.id, each.doi) for each in in_order], [hashes.get(each.id, []) for each in in_order],
        [had[each.id] for each in in_order],
    )  # fmt: skip
    return {each.id: split for each, split in zip(in_order, splits, strict=True)}


def _write(
    files: Transaction, datasets: Sequence[Dataset], chosen: Sequence[_Known], splits: dict[str, str], harvest: str,
    corrections: Sequence[Correction], stand_ins: frozenset[str],
) -> None:  # fmt: skip
    of_figure: dict[str, list[Correction]] = {}
    for each in corrections:
        of_figure.setdefault(each.figure_id, []).append(each)
    published = []
    for dataset in datasets:
        shards = Shards(ResultFiles(dataset.folder))
        published.append(PublishedRows(shards, shards.articles(), set()))
    taken: set[str] = set()
    with PartitionWriter(files, harvest) as writer:
        for article in chosen:
            rows = published[article.place]
            figures, panels = rows.figures(article.id), rows.panels(article.id)
            made = {"articles": [rows.article(article.id)], "figures": figures, "panels": panels}
            correct(datasets[article.place], made, of_figure)
            _leave_out(datasets[article.place], made, stand_ins)
            for row in (row for table in TABLES for row in made[table]):
                row["split"] = splits[article.id]
            renamed: dict[str, tuple[str, str]] = {}
            for figure in made["figures"]:
                name = figure["figure_name"]
                _give_own_name(figure, taken, renamed)
                new_name = f"figures/{figure['figure_name']}"
                Chosen(datasets[article.place]).copy_figure(name, files, new_name, is_upright=False)
            for panel in made["panels"]:
                _rename(panel, renamed.get(panel["figure_id"]))
            writer.write({table: table_rows.table(table, made[table]) for table in TABLES})


def _leave_out(dataset: Dataset, made: dict[str, list[Row]], stand_ins: frozenset[str]) -> None:
    """Take figures out of an article's rows whose image stands in for figures."""
    kept = [row for row in made["figures"] if not _is_one(stand_ins, row)]
    if len(kept) < len(made["figures"]):
        ids = {row["id"] for row in kept}
        made |= {"figures": kept, "panels": [row for row in made["panels"] if row["figure_id"] in ids]}
        renew_digest(dataset, made)


def _is_one(stand_ins: frozenset[str], row: Row) -> bool:
    return not stand_ins.isdisjoint((row["image_sha256"], row["perceptual_hash"]))


def _give_own_name(figure: Row, taken: set[str], renamed: dict[str, tuple[str, str]]) -> None:
    """Another name for a figure whose file's name another figure has; case does not tell two files apart."""
    stem, _, extension = figure["figure_name"].rpartition(".")
    if stem.casefold() in taken:
        new = f"{stem}-{hashlib.sha256(figure['id'].encode()).hexdigest()[:16]}"
        renamed[figure["id"]] = stem, new
        figure["figure_name"] = f"{new}.{extension}"
        stem = new
    taken.add(stem.casefold())


def _rename(panel: Row, stems: tuple[str, str] | None) -> None:
    if stems is None:
        return
    old, new = stems
    for column in ("figure_name", "crop_name"):
        if panel[column]:
            panel[column] = new + panel[column].removeprefix(old)
    if panel["image"]:
        panel["image"]["path"] = panel["crop_name"]


def _made_by(datasets: Sequence[Dataset]) -> dict[str, str]:
    """Name -> versions of the code and of each model that made any of them."""
    found: dict[str, list[str]] = {}
    for dataset in datasets:
        for name, version in dataset.made_by.items():
            found.setdefault(name, []).append(version)
    return {name: ", ".join(dict.fromkeys(versions)) for name, versions in sorted(found.items())}
