"""Exports of crops as images, each with its record: `imagefolder`, `webdataset`, `crops`."""

import csv
import io
import tarfile
import zipfile
from collections.abc import Sequence
from contextlib import ExitStack
from typing import BinaryIO

import orjson
import pyarrow.compute as pc
import pyarrow.parquet as pq

from exsclaim.dataset.formats.chosen_panels import Chosen
from exsclaim.dataset.pages.published_files import cells
from exsclaim.dataset.tables.splits import SPLITS
from exsclaim.dataset.tables.table_rows import Row
from exsclaim.dataset.transaction import Transaction

MAX_SHARD_BYTES = 256 * 10**6
_DAY = (1980, 1, 1, 0, 0, 0)
"""The same bytes for the same crops, whenever they are written."""


def open_table(
    closing: ExitStack, files: Transaction, name: str, columns: Sequence[str], *, has_bom: bool = False
) -> "csv.DictWriter[str]":
    """A CSV file with its line of columns, closed with `closing`; `has_bom` as of `CsvTables`."""
    file = closing.enter_context(files.file(name))
    text = closing.enter_context(io.TextIOWrapper(file, encoding="utf-8-sig" if has_bom else "utf-8", newline=""))
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    return writer


def write_image_folder(chosen: Chosen, files: Transaction) -> None:
    """`<split>/<crop>.png`, and a row in `<split>/metadata.parquet` for each, its name in the column `file_name`.

    Parquet has the types of columns: of CSV they are guessed, and those of two splits differ where one of them knows
    no journal. https://huggingface.co/docs/datasets/image_dataset#imagefolder
    """
    tables: dict[str, pq.ParquetWriter] = {}
    with ExitStack() as closing:
        for rows in chosen.tables():
            crops = rows.filter(pc.is_valid(rows["image"]))
            splits = pc.fill_null(crops["split"], SPLITS[0])
            for split in pc.unique(splits).to_pylist():
                its = crops.filter(pc.equal(splits, split))
                told = (
                    its.drop_columns(["image"]).add_column(0, "file_name", its["crop_name"]).replace_schema_metadata()
                )
                if split not in tables:
                    file = closing.enter_context(files.file(f"{split}/metadata.parquet"))
                    tables[split] = closing.enter_context(pq.ParquetWriter(file, told.schema, compression="zstd"))
                for name, image in zip(its["crop_name"].to_pylist(), its["image"].to_pylist(), strict=True):
                    files.write(f"{split}/{name}", image["bytes"])
                tables[split].write_table(told)


def write_archive(chosen: Chosen, files: Transaction) -> None:
    """`crops.zip` and `crops.csv`, whose column `crop_name` names the crop."""
    table: csv.DictWriter[str] | None = None
    with ExitStack() as closing:
        packed = closing.enter_context(files.file("crops.zip"))
        archive = closing.enter_context(zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED))
        for row in chosen.rows():
            image = row.pop("image")
            archive.writestr(zipfile.ZipInfo(row["crop_name"], _DAY), image["bytes"])
            line = cells(row)
            table = table or open_table(closing, files, "crops.csv", list(line))
            table.writerow(line)


def write_webdataset(chosen: Chosen, files: Transaction) -> None:
    """`<split>-NNNNNN.tar` of `<crop>.png` and `<crop>.json`, of at most about 256 MB.

    https://github.com/webdataset/webdataset: files of one sample share their name up to the first point.
    """
    shards = {split: _TarShards(files, split) for split in SPLITS}
    for row in chosen.rows():
        shards[row["split"] or SPLITS[0]].add(row)
    for each in shards.values():
        each.close()


class _TarShards:
    def __init__(self, files: Transaction, split: str) -> None:
        self._files = files
        self._split = split
        self._number = 0
        self._bytes = self._written = 0
        self._closing = ExitStack()
        self._open: BinaryIO | None = None

    def add(self, row: Row) -> None:
        image = row.pop("image")["bytes"]
        record = orjson.dumps(row)
        size = len(image) + len(record)
        if self._open is None or self._bytes + size > MAX_SHARD_BYTES:
            self.close()
            name = f"{self._split}-{self._number:06d}.tar"
            self._open = self._closing.enter_context(self._files.file(name))
            self._number += 1
            self._bytes = self._written = 0
        self._bytes += size
        key = row["crop_name"].removesuffix(".png").replace(".", "~")  # which no name has: none becomes another
        blocks = b"".join((*tar_member(f"{key}.png", image), *tar_member(f"{key}.json", record)))
        self._written += len(blocks)
        self._open.write(blocks)

    def close(self) -> None:
        if self._open is not None:
            end = 2 * tarfile.BLOCKSIZE
            self._open.write(bytes(end + -(self._written + end) % tarfile.RECORDSIZE))
        self._closing.close()
        self._open = None


_HEADER = tarfile.TarInfo("").tobuf()
_SUM = sum(_HEADER[:124]) + sum(_HEADER[136:148]) + 8 * ord(" ") + sum(_HEADER[156:])
"""Of the bytes of a header that are the same for all names and sizes; its own checksum counts as eight blanks."""
_MOST_OCTAL = 8**11


def tar_member(name: str, content: bytes) -> tuple[bytes, bytes, bytes]:
    """Header, content and padding of a file in a tar: the bytes that `tarfile` writes, in a tenth of its time.

    https://www.gnu.org/software/tar/manual/html_node/Standard.html
    """
    size = len(content)
    padding = bytes(-size % tarfile.BLOCKSIZE)
    if len(name) > tarfile.LENGTH_NAME or not name.isascii() or size >= _MOST_OCTAL:
        entry = tarfile.TarInfo(name)
        entry.size = size
        return entry.tobuf(), content, padding
    encoded, octal = name.encode(), b"%011o\0" % size
    checksum = b"%06o\0 " % (_SUM + sum(encoded) + sum(octal))
    header = encoded.ljust(tarfile.LENGTH_NAME, b"\0") + _HEADER[100:124] + octal + _HEADER[136:148] + checksum
    return header + _HEADER[156:], content, padding
