"""Folders of pictures beside the tables: crops by kind, and figures with the boxes of what was found in them."""

import re
from collections.abc import Iterator, Set

from exsclaim.dataset.composition import Changes
from exsclaim.dataset.pictures import draw
from exsclaim.dataset.shards import PublishedArticle, Shards
from exsclaim.dataset.tables import panel_of
from exsclaim.dataset.transaction import Transaction

CROPS = "images"
DRAWINGS = {"extractions": True, "boxes": False}
"""Folder -> whether captions stand below the figure."""
FOLDERS = {"save_subfigures": CROPS, "visualization": "extractions", "visualize": "extractions", "boxes": "boxes"}
"""Save format of a query -> the folder that it fills."""
_OURS = re.compile(r".+_fig-?\d+.*\.[a-z]+")
"""Names of pictures that we wrote; nothing else is ever removed."""


def write_pictures(files: Transaction, changes: Changes, harvest: str, wanted: Set[str], current: Set[str]) -> None:
    """Bring the wanted folders to what the tables say, and take from all folders the pictures of what is no more.

    Args:
        files: the transaction in which the tables are what they will be.
        changes: what the tables were changed by.
        harvest: the partition that new and changed articles live in.
        wanted: folders to be filled.
        current: those of them that are as the tables were before; the others are written whole.
    """
    for name in changes.gone:
        stem = name.rpartition(".")[0]
        for each in (f"figures/{name}", *(f"{folder}/{stem}.png" for folder in DRAWINGS)):
            files.remove(each)
    for crop in changes.old_crops:
        files.remove(f"{CROPS}/{crop}")
    for folder in sorted(wanted - current):
        for name in files.names(f"{folder}/**/*"):
            if _OURS.fullmatch(name.rpartition("/")[2]):
                files.remove(name)
    moved = {*changes.added, *changes.changed}
    shards = Shards(files)
    if CROPS in wanted:
        harvests = [harvest] if CROPS in current else shards.harvests()
        chosen = moved if CROPS in current else None
        for each in (each for each in harvests if chosen is None or chosen):
            for row in shards.rows("panels", each, ["article_id", "kind", "crop_name", "image"]):
                if row["image"] is not None and (chosen is None or row["article_id"] in chosen):
                    files.write(f"{CROPS}/{row['kind']}/{row['crop_name']}", row["image"]["bytes"])
    whole = [folder for folder in DRAWINGS if folder in wanted - current]
    if whole:
        _draw(files, shards.stream(), whole)
    in_part = [folder for folder in DRAWINGS if folder in wanted & current]
    if in_part and moved:
        _draw(files, (each for each in shards.stream([harvest]) if each.article["article_id"] in moved), in_part)


def _draw(files: Transaction, articles: Iterator[PublishedArticle], folders: list[str]) -> None:
    for article in articles:
        for figure in article.figures:
            panels = [panel_of(row) for row in article.panels.get(figure["id"], ())]
            for folder in folders:
                picture = draw(files.path(f"figures/{figure['figure_name']}"), panels, with_text=DRAWINGS[folder])
                if picture is not None:
                    files.write(f"{folder}/{figure['figure_name'].rpartition('.')[0]}.png", picture)
