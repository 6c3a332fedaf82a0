"""Export for Hugging Face: parquet shards by split, and a card. `load_dataset(folder)`, `huggingface-cli upload`.

https://huggingface.co/docs/datasets/repository_structure
"""

import pyarrow.compute as pc

from exsclaim.dataset.card import card
from exsclaim.dataset.counts import Counting
from exsclaim.dataset.formats import Chosen
from exsclaim.dataset.shards import TableWriter
from exsclaim.dataset.splits import SPLITS
from exsclaim.dataset.transaction import Transaction


def write(chosen: Chosen, files: Transaction) -> None:
    """`data/<split>/part-NNNNN.parquet` and README.md."""
    writers = {split: TableWriter(files, "panels", f"data/{split}") for split in SPLITS}
    for rows in chosen.tables():
        for split, writer in writers.items():
            writer.write(rows.filter(pc.equal(rows["split"], split)))
    for writer in writers.values():
        writer.close()
    counting = Counting()
    for article in chosen.articles():
        counting.add(article)
    data_files = [
        {"split": split, "path": f"data/{split}/*.parquet"} for split in SPLITS if files.names(f"data/{split}/*")
    ]
    name = chosen.dataset.folder.name
    versions = chosen.dataset.versions
    files.write(
        "README.md", card(name, counting.counted(), chosen.dataset.made_by, versions, {"panels": data_files})
    )  # fmt: skip
