"""Data sets in the forms that other programs read: `export(dataset, "coco", Path("silver-coco"))`.

A new form is a function `write_<form>(chosen, files)` in a file here, and a line in `FORMATS`. What it writes through
`files` is there whole once it returns, or not at all.
"""

import difflib
import hashlib
import re
import shutil
from collections.abc import Callable
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

from exsclaim.dataset.condition.damage import refuse_missing
from exsclaim.dataset.formats.chosen_panels import Chosen
from exsclaim.dataset.opened import Dataset
from exsclaim.dataset.results_at_url import UPLOADING, Mirror
from exsclaim.dataset.transaction import DRAFTS, MARKER, ResumableFiles, holds
from exsclaim.errors import DatasetError, DefectError, ExsclaimError, SettingsError
from exsclaim.recovery import Fault
from exsclaim.settings import settings
from exsclaim.storage import is_url, local_path
from exsclaim.storage.remote import RemoteFiles


class Format(NamedTuple):
    """A form of a data set: the module here and its function that write it, and what it is."""

    module: str
    function: str
    doc: str
    is_database: bool = False
    """Written to the database that `out` names; the function is called with `(chosen, address)`."""
    has_bom: bool = False
    """Its CSV files begin with a byte order mark."""


FORMATS = {
    "hf": Format(
        "table_files", "write_hugging_face", "a folder for load_dataset and the Hub: parquet by split, a card"
    ),
    "imagefolder": Format(
        "crop_files", "write_image_folder", "crops by split with metadata.parquet, for Hugging Face's imagefolder"
    ),
    "coco": Format(
        "detection_boxes", "write_coco",
        "figures with boxes of panels, labels, scale bars and scale labels, for detectors and torchvision",
    ),
    "webdataset": Format(
        "crop_files", "write_webdataset", "tar shards of crop and record by split, for streaming"
    ),
    "croissant": Format(
        "table_files", "write_croissant", "the hf folder with croissant.json, which mlcroissant validates and loads"
    ),
    "csv": Format(
        "table_files", "write_six_tables",
        "six flat tables: articles, figures, panels, labels, scale bars, scale labels",
    ),
    "csv-bom": Format(
        "table_files", "write_tables_for_spreadsheets", "the same with byte order marks, for spreadsheets", has_bom=True
    ),
    "exsclaim-json": Format(
        "table_files", "write_exsclaim_json", "the first EXSCLAIM!'s exsclaim.json, and its figures"
    ),
    "crops": Format("crop_files", "write_archive", "crops.zip, named by panel, and crops.csv"),
    "label-studio": Format(
        "annotation_programs", "write_label_studio", "tasks of Label Studio: figures with all their boxes, to correct"
    ),
    "gold": Format(
        "detection_boxes", "write_gold",
        "figures that people have reviewed whole, as gold to measure and to train with",
    ),
    "fiftyone": Format(
        "annotation_programs", "write_fiftyone", "figures with all their boxes, a FiftyOneImageDetectionDataset"
    ),
    "postgres": Format(
        "postgres_tables", "write_postgres",
        "tables in PostgreSQL, schema exsclaim, upserted: --out postgresql://user@host/base", True,
    ),
}  # fmt: skip
"""Name of a format -> how it is written."""


_OTHER_NAMES = {
    "huggingface": "hf", "datasets": "hf", "parquet": "hf", "arrow": "hf", "pandas": "hf", "polars": "hf",
    "duckdb": "hf", "torchvision": "coco", "folder": "imagefolder", "detectron": "coco", "detection": "coco",
    "tar": "webdataset", "wds": "webdataset", "mlcroissant": "croissant", "tables": "csv", "tsv": "csv",
    "mongodb": "csv", "mongo": "csv", "excel": "csv-bom", "xlsx": "csv-bom", "spreadsheet": "csv-bom",
    "json": "exsclaim-json", "exsclaim": "exsclaim-json", "zip": "crops", "png": "crops", "ls": "label-studio",
    "voxel51": "fiftyone", "sql": "postgres", "postgresql": "postgres", "database": "postgres",
}  # fmt: skip
"""Other names of formats, by program or habit."""


def _check_formats() -> None:
    """Raise DefectError unless every format has its function in a module here, and every module writes a format."""
    folder = Path(__file__).parent
    written = {
        (path.stem, name)
        for path in folder.glob("*.py")
        if path.stem != "__init__"
        for name in re.findall(r"^def (write_\w+)\(chosen", path.read_text(encoding="utf-8"), re.MULTILINE)
    }
    named = {(each.module, each.function) for each in FORMATS.values()}
    if written != named:
        raise DefectError(f"formats without a function, or functions without a format: {sorted(written ^ named)}")
    if unknown := {*_OTHER_NAMES.values()} - FORMATS.keys():
        raise DefectError(f"other names of formats that there are not: {sorted(unknown)}")


_check_formats()


def export(
    dataset: Dataset, to: str, out: Path | str, *, where: str = "", split: str = "", is_linking: bool = False
) -> int:
    """Write chosen panels in another form, with the attribution of their figures; gives how many were written.

    It is there whole or not at all. One that was killed goes on when the same is asked for again.

    Args:
        dataset: what to export; it is not changed.
        to: a name of `FORMATS`.
        out: a folder, or an fsspec URL of one, that is not there, empty, or holds an earlier export, which is replaced
            whole; of `postgres` the address of a database, whose rows are upserted.
        where: a filter (`exsclaim.dataset.tables.filters`).
        split: "train", "validation" or "test".
        is_linking: files that are copied as they are (figures) become hard links, where `out` is a folder of the same
            disk: no bytes more, but whoever changes one in place changes the data set's.

    Raises:
        DatasetError: there is no such format, a table lacks rows, nothing is chosen, or `out` holds something else, or
            something beside the earlier export.
        FilterError: the filter cannot be understood.
        StoreError: the place at a URL cannot be reached.
    """
    write = writer(to)
    chosen = Chosen(dataset, where, split)
    refuse_missing(dataset.folder)
    dataset.refuse_earlier_form("export")
    count = dataset.count(where, split)
    if not count:
        raise DatasetError(f"no panel is chosen by {where or 'the split'!r}: nothing is exported")
    if FORMATS[to].is_database:
        write(chosen, str(out))
        return count
    request = {"format": to, "where": where, "split": split, "content": dataset.digest, "code": version("exsclaim")}

    def write_whole(files: ResumableFiles) -> None:
        nonlocal count
        if isinstance(written := write(chosen, files), int):
            count = written
        chosen.attribute(files, has_bom=FORMATS[to].has_bom)
        files.commit()

    if is_url(out):
        _export_to_url(str(out), write_whole, request)
        return count
    folder = local_path(out)
    if not str(out).strip() or folder.resolve().is_relative_to(dataset.folder.resolve()):
        raise DatasetError(f"an export cannot go to {str(out)!r}, within the data set itself or nowhere: name a folder")
    ours = (folder / MARKER).is_file() or (folder / DRAFTS).exists()
    if folder.exists() and any(folder.iterdir()) and not ours:
        raise DatasetError(f"{folder} holds files that are no export of ours: name another folder, or empty it")
    write_whole(ResumableFiles(folder, request, is_linking=is_linking))
    return count


def _export_to_url(url: str, write: Callable[[ResumableFiles], object], request: dict[str, str]) -> None:
    """Write an export under EXSCLAIM_HOME, bring it to a URL, and remove it here."""
    there = RemoteFiles(url)
    names = there.names()
    if names and not {MARKER, UPLOADING}.intersection(names):
        raise DatasetError(f"{there.url} holds files that are no export of ours: name another place, or empty it")
    digest = hashlib.sha256(url.rstrip("/").encode()).hexdigest()[:16]
    folder = settings().home.expanduser().absolute() / "exports" / digest
    mirror = Mirror(there, folder)
    if foreign := mirror.foreign():
        raise DatasetError(
            f"{there.url} holds what no export wrote there ({', '.join(foreign[:3])}{' …' * (len(foreign) > 3)}), and "
            "would be replaced whole: move that away, or name another place"
        )
    if not holds(folder, request):
        write(ResumableFiles(folder, request, is_linking=True))  # they are uploaded, then removed
    mirror.replace()
    shutil.rmtree(folder)


def into_database(folder: Path, address: str | None) -> Fault | None:
    """Update the rows of a PostgreSQL database to what is published in a folder; gives the fault, if any."""
    try:
        export(Dataset(folder), "postgres", address or "EXSCLAIM_POSTGRES, which is not set,")
    except ExsclaimError as error:
        return Fault.of(error)
    return None


def _meant(name: str) -> str | None:
    """The format that an unknown name probably means: another spelling, another name, or a slip."""
    names = {form: form for form in FORMATS} | _OTHER_NAMES
    plain = {re.sub(r"[^a-z0-9]", "", each): form for each, form in names.items()}
    near = difflib.get_close_matches(re.sub(r"[^a-z0-9]", "", name.casefold()), plain, n=1, cutoff=0.75)
    return plain[near[0]] if near else None


def writer(name: str) -> Callable[[Chosen, Any], object]:
    """The function that writes a format. It gives the number of panels that it wrote where that is not of all chosen.

    Raises:
        DatasetError: there is none of this name.
    """
    if name not in FORMATS:
        meant = _meant(name)
        hint = f"did you mean {meant}? There are" if meant else "choose one of"
        hint += f" {', '.join(FORMATS)}"
        hint += "; MongoDB takes csv: mongoimport --type csv --headerline" if "mongo" in name.casefold() else ""
        raise DatasetError(f"unknown format {name!r}: {hint}")
    try:
        module = import_module(f"{__name__}.{FORMATS[name].module}")
    except ModuleNotFoundError as error:
        raise SettingsError(f"{name} needs the package {error.name}: pip install 'exsclaim[{name}]'") from error
    found: Callable[[Chosen, Any], object] = getattr(module, FORMATS[name].function)
    return found
