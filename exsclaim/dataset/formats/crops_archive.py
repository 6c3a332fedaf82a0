"""Export as one archive of crops, with a table of what each shows."""

import csv
import io
import zipfile

from exsclaim.dataset.exports import cells
from exsclaim.dataset.formats import Chosen
from exsclaim.dataset.transaction import Transaction

_DAY = (1980, 1, 1, 0, 0, 0)
"""The same bytes for the same crops, whenever they are written."""


def write(chosen: Chosen, files: Transaction) -> None:
    """`crops.zip` and `crops.csv`, whose column `crop_name` names the crop."""
    with (
        files.file("crops.zip") as packed,
        zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive,
        files.file("crops.csv") as file,
        io.TextIOWrapper(file, encoding="utf-8", newline="") as text,
    ):
        table: csv.DictWriter[str] | None = None
        for row in chosen.rows():
            image = row.pop("image")
            archive.writestr(zipfile.ZipInfo(row["crop_name"], _DAY), image["bytes"])
            line = cells(row)
            if table is None:
                table = csv.DictWriter(text, list(line), lineterminator="\n")
                table.writeheader()
            table.writerow(line)
