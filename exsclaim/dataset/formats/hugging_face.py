"""Export for Hugging Face: parquet shards by split, and a card. `load_dataset(folder)`, `huggingface-cli upload`.

https://huggingface.co/docs/datasets/repository_structure
"""

import pyarrow.compute as pc

from exsclaim.dataset.card import card
from exsclaim.dataset.counts import Counting, DatasetCounts
from exsclaim.dataset.formats import Chosen
from exsclaim.dataset.shards import TableWriter
from exsclaim.dataset.splits import SPLITS
from exsclaim.dataset.transaction import Transaction


def write(chosen: Chosen, files: Transaction) -> DatasetCounts:
    """`data/<split>/part-NNNNN.parquet` and README.md; gives the counts that the card says."""
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
    counts, dataset = counting.counted(), chosen.dataset
    files.write("README.md", card(dataset.name, counts, dataset.made_by, dataset.versions, {"panels": data_files}))
    return counts
