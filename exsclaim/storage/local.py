"""Files in a folder of this machine."""

import uuid
from pathlib import Path


class LocalFiles:
    """Files under `root`. Written to `incoming/` first, then renamed: what a killed process leaves is there alone."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def read(self, name: str) -> bytes:
        return (self.root / name).read_bytes()

    def write(self, name: str, content: bytes) -> None:
        path = self.root / name
        incoming = self.root / "incoming" / uuid.uuid4().hex
        for folder in (incoming.parent, path.parent):
            folder.mkdir(parents=True, exist_ok=True)
        try:
            incoming.write_bytes(content)
            incoming.replace(path)
        finally:
            incoming.unlink(missing_ok=True)

    def size_bytes(self, name: str) -> int | None:
        try:
            return (self.root / name).stat().st_size
        except FileNotFoundError:
            return None

    def where(self, name: str) -> str:
        return str(self.root / name)
