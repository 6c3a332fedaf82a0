"""Export as folders of images: `<split>/<crop>.png` and `<split>/metadata.csv`.

https://huggingface.co/docs/datasets/image_dataset#imagefolder
"""

import csv
import io
from contextlib import ExitStack

from exsclaim.dataset.exports import cells
from exsclaim.dataset.formats import Chosen
from exsclaim.dataset.splits import SPLITS
from exsclaim.dataset.transaction import Transaction


def write(chosen: Chosen, files: Transaction) -> None:
    """A folder per split; a line of metadata for each crop, its name in the column `file_name`."""
    tables: dict[str, csv.DictWriter[str]] = {}
    with ExitStack() as closing:
        for row in chosen.rows():
            split = row["split"] or SPLITS[0]
            image = row.pop("image")
            line = {"file_name": row["crop_name"], **cells(row)}
            if split not in tables:
                file = closing.enter_context(files.file(f"{split}/metadata.csv"))
                text = closing.enter_context(io.TextIOWrapper(file, encoding="utf-8", newline=""))
                tables[split] = csv.DictWriter(text, list(line), lineterminator="\n")
                tables[split].writeheader()
            tables[split].writerow(line)
            files.write(f"{split}/{row['crop_name']}", image["bytes"])
