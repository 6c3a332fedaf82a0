"""Data sets in the forms that other programs read: `export(dataset, "coco", Path("silver-coco"))`.

A new form is a file here with a function `write(chosen, files)`, and a line in `FORMATS`. What it writes through
`files` is there whole once it returns, or not at all.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from exsclaim.dataset.opened import Dataset, DatasetError
from exsclaim.dataset.shards import PublishedArticle
from exsclaim.dataset.tables import Row
from exsclaim.dataset.transaction import Transaction

FORMATS = {
    "hf": ("hugging_face", "a folder for load_dataset and the Hub: parquet by split, a card"),
    "imagefolder": ("image_folder", "crops by split with metadata.csv, for Hugging Face and torchvision"),
    "coco": ("coco_folder", "figures with boxes of panels, labels, scale bars and scale labels, for detectors"),
    "webdataset": ("web_dataset", "tar shards of crop and record by split, for streaming"),
    "croissant": ("croissant", "the hf folder with croissant.json, which mlcroissant validates and loads"),
    "csv": ("six_tables", "six flat tables: articles, figures, panels, labels, scale bars, scale labels"),
    "exsclaim-json": ("exsclaim_json_folder", "the first EXSCLAIM!'s exsclaim.json, and its figures"),
    "crops": ("crops_archive", "crops.zip, named by panel, and crops.csv"),
    "label-studio": ("label_studio", "tasks of Label Studio with boxes to correct, and their figures"),
}
"""Name of a format -> its module here, and what it is."""


@dataclass(frozen=True)
class Chosen:
    """The panels that are exported: those of a data set that a filter and a split choose."""

    dataset: Dataset
    where: str = ""
    split: str = ""

    @cached_property
    def _ids(self) -> pa.Array:
        """Ids of the chosen panels; sorted, as Arrow, for there may be a million."""
        return self.dataset.arrow(self.where, self.split, columns=["id"])["id"].combine_chunks()

    def tables(self) -> Iterator[pa.Table]:
        """The chosen rows of panels, with their crops, about a hundred at a time."""
        for rows in self.dataset.batches():
            yield rows.filter(pc.is_in(rows["id"], self._ids)) if self.where or self.split else rows

    def rows(self) -> Iterator[Row]:
        """The chosen panels that have a crop."""
        for rows in self.tables():
            yield from (row for row in rows.to_pylist() if row["image"] is not None)

    def articles(self) -> Iterator[PublishedArticle]:
        """The articles and figures of the chosen panels, with these alone, and without their crops."""
        wanted = set(self._ids.to_pylist()) if self.where or self.split else None
        for article in self.dataset.stream():
            if wanted is None:
                yield article
                continue
            panels = {id: [row for row in rows if row["id"] in wanted] for id, rows in article.panels.items()}
            figures = [figure for figure in article.figures if panels.get(figure["id"])]
            if figures:
                yield PublishedArticle(article.article, figures, panels, article.harvest)


def export(dataset: Dataset, to: str, out: Path, *, where: str = "", split: str = "") -> int:
    """Write chosen panels in another form into the folder `out`; gives how many were chosen.

    Args:
        dataset: what to export; it is not changed.
        to: a name of `FORMATS`.
        out: a folder that is not there, empty, or holds an earlier export, which is replaced whole.
        where: a filter (`exsclaim.dataset.filters`).
        split: "train", "validation" or "test".

    Raises:
        DatasetError: there is no such format, nothing is chosen, or `out` holds something else.
        FilterError: the filter cannot be understood.
    """
    write = writer(to)
    chosen = Chosen(dataset, where, split)
    count = dataset.count(where, split)
    if not count:
        raise DatasetError(f"no panel is chosen by {where or 'the split'!r}: nothing is exported")
    marker = out / _MARKER
    if out.exists() and any(out.iterdir()) and not marker.is_file() and not (out / ".draft").exists():
        raise DatasetError(f"{out} holds files that are no export of ours: name another folder, or empty it")
    out.mkdir(parents=True, exist_ok=True)
    files = Transaction(out)
    for name in files.names("**/*"):
        files.remove(name)
    files.write(_MARKER, f"{to}\n".encode())
    write(chosen, files)
    files.commit()
    return count


_MARKER = ".exsclaim-export"


def writer(name: str) -> Callable[[Chosen, Transaction], None]:
    """The function that writes a format.

    Raises:
        DatasetError: there is none of this name.
    """
    if name not in FORMATS:
        known = ", ".join(FORMATS)
        hint = "; MongoDB takes csv: mongoimport --type csv --headerline" if name == "mongo" else ""
        raise DatasetError(f"there is no format {name!r}: choose one of {known}{hint}")
    found: Callable[[Chosen, Transaction], None] = import_module(f"{__name__}.{FORMATS[name][0]}").write
    return found
