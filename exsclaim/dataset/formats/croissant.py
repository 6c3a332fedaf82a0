"""Export with Croissant metadata: the Hugging Face folder, and croissant.json that describes its panels."""

from exsclaim.dataset.croissant_card import croissant
from exsclaim.dataset.formats import Chosen, hugging_face
from exsclaim.dataset.transaction import Transaction


def write(chosen: Chosen, files: Transaction) -> None:
    """The files of the format `hf`, and `croissant.json`."""
    counts = hugging_face.write(chosen, files)
    dataset = chosen.dataset
    files.write("croissant.json", croissant(dataset.name, counts, dataset.versions, {"panels": "data/*/*.parquet"}))
