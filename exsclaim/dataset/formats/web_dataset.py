"""Export as WebDataset: `<split>-NNNNNN.tar` of `<crop>.png` and `<crop>.json`.

https://github.com/webdataset/webdataset: files of one sample share their name up to the first point.
"""

import io
import json
import tarfile
from contextlib import ExitStack

from exsclaim.dataset.formats import Chosen
from exsclaim.dataset.splits import SPLITS
from exsclaim.dataset.tables import Row
from exsclaim.dataset.transaction import Transaction

MAX_SHARD_BYTES = 256 * 10**6


def write(chosen: Chosen, files: Transaction) -> None:
    """Shards of at most about 256 MB for each split."""
    shards = {split: _Shards(files, split) for split in SPLITS}
    for row in chosen.rows():
        shards[row["split"] or SPLITS[0]].add(row)
    for each in shards.values():
        each.close()


class _Shards:
    def __init__(self, files: Transaction, split: str) -> None:
        self._files = files
        self._split = split
        self._number = 0
        self._bytes = 0
        self._open: ExitStack | None = None
        self._tar: tarfile.TarFile | None = None

    def add(self, row: Row) -> None:
        image = row.pop("image")
        record = json.dumps(row, ensure_ascii=False, default=str).encode()
        size = len(image["bytes"]) + len(record)
        if self._tar is None or self._bytes + size > MAX_SHARD_BYTES:
            self._next()
        self._bytes += size
        key = row["crop_name"].removesuffix(".png").replace(".", "_")
        for name, content in ((f"{key}.png", image["bytes"]), (f"{key}.json", record)):
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            if self._tar is not None:
                self._tar.addfile(entry, io.BytesIO(content))

    def close(self) -> None:
        if self._open is not None:
            self._open.close()
            self._open = self._tar = None

    def _next(self) -> None:
        self.close()
        self._open = ExitStack()
        file = self._open.enter_context(self._files.file(f"{self._split}-{self._number:06d}.tar"))
        self._tar = self._open.enter_context(tarfile.TarFile(fileobj=file, mode="w"))
        self._number += 1
        self._bytes = 0
