"""A crop is whole where each of its chunks has its checksum, from the first byte to the last."""

import io

import numpy as np
import pytest
from PIL import Image

from exsclaim.dataset.tables.whole_crops import is_whole

FILE = io.BytesIO()
Image.fromarray(np.random.default_rng(0).integers(0, 255, (9, 12), dtype=np.uint8)).save(FILE, "PNG")
CROP = FILE.getvalue()


def test_a_png_is_whole() -> None:
    assert is_whole(CROP)


def test_one_byte_that_is_another_is_damage_wherever_it_is() -> None:
    changed = (CROP[:at] + bytes([CROP[at] ^ 1]) + CROP[at + 1 :] for at in range(len(CROP)))
    assert [at for at, content in enumerate(changed) if is_whole(content)] == []


def test_what_ends_early_is_damaged_wherever_it_ends() -> None:
    assert [at for at in range(len(CROP)) if is_whole(CROP[:at])] == []


@pytest.mark.parametrize("content", [CROP + b"\0", CROP + CROP, b"", b"\xff\xd8\xff"])
def test_what_is_more_than_a_png_or_none_is_damaged(content: bytes) -> None:
    assert not is_whole(content)
