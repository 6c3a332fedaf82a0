"""Crops as PNG files: decoded, or checked by their checksums without decoding a pixel.

Shards that were written before pages had checksums say nothing of damage in a crop, whose bytes are not compressed: the
file is read as if all were well. A PNG is chunks, each with a CRC-32 of its own (https://www.w3.org/TR/png-3, 5.3).
"""

import io
import zlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from PIL import Image

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_FRAME = 12
"""Bytes of a chunk beside its data: length, type, checksum."""


def is_whole(content: bytes | memoryview) -> bool:
    """True of a PNG file whose chunks all have the checksum that they name, from its first byte to its last."""
    view = memoryview(content).cast("B")  # Arrow gives signed bytes
    at = len(_SIGNATURE)
    if bytes(view[:at]) != _SIGNATURE:
        return False
    while at + _FRAME <= len(view):
        end = at + 8 + int.from_bytes(view[at : at + 4])
        if zlib.crc32(view[at + 4 : end]) != int.from_bytes(view[end : end + 4]):
            return False
        if bytes(view[at + 4 : at + 8]) == b"IEND":
            return end + 4 == len(view)
        at = end + 4
    return False


def check_crops(rows: pa.Table) -> pa.Table:
    """Give rows of the table of panels back as they are.

    Raises:
        OSError: a crop among them is damaged; the message names its panel.
    """
    if (damaged := next(_damaged(rows), None)) is not None:
        raise OSError(f"the crop of panel {damaged} is damaged")
    return rows


def _damaged(rows: pa.Table) -> Iterator[str]:
    """Ids of the panels among some rows of the table of panels whose crop is damaged."""
    for batch in rows.select(["id", "image"]).to_batches():
        contents = pc.struct_field(batch["image"], "bytes")
        for id, content in zip(batch["id"], contents, strict=True):
            if content.is_valid and not is_whole(memoryview(content.as_buffer())):
                yield id.as_py()


def decoded(content: bytes) -> "Image.Image":
    """The RGB image of a crop's bytes."""
    from PIL import Image

    with Image.open(io.BytesIO(content), formats=["PNG"]) as picture:
        return picture.convert("RGB")
