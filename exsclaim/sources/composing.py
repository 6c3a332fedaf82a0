"""One image out of the several of which a source makes up a figure: rows of parts, with their letters above them."""

import io
import math
from collections.abc import Sequence
from typing import NamedTuple

from PIL import Image, ImageDraw, ImageFont

from exsclaim.errors import ImageError
from exsclaim.figures.image import read_image

MAX_PARTS = 60
MAX_WIDTH_PX = 4000
"""Wide enough for fifteen parts side by side at the width of a thumbnail, or two at that of a camera."""
MAX_PIXELS = 80_000_000
GAP_SHARE = 0.01
"""White between parts, as a share of the width; panels of published figures stand as close."""


class Part(NamedTuple):
    """An image file, the letter printed over it, and its share of the figure's width where the source tells it."""

    image: bytes
    label: str = ""
    width_share: float | None = None


Rows = Sequence[Sequence[Part]]


def labelled_grid(parts: Sequence[Part]) -> list[list[Part]]:
    """Rows of a grid that is about as wide as high, where the source tells nothing of the parts' places."""
    columns = math.ceil(math.sqrt(len(parts)))
    return [list(parts[start : start + columns]) for start in range(0, len(parts), columns)]


def composed(rows: Rows, *, max_megapixels: float = 170.0) -> bytes:
    """The figure as PNG. Parts of a row are as high as each other, unless their shares of the width say otherwise.

    Parts that each have a row to themselves keep their sizes, one to another.

    The finest part keeps its pixels (up to `MAX_WIDTH_PX` for the whole); others are enlarged to fit.

    Raises:
        ImageError: there are no parts, or too many, or one is no image, or larger than `max_megapixels`.
    """
    rows = [row for row in rows if row]
    if not 0 < sum(map(len, rows)) <= MAX_PARTS:
        raise ImageError(f"a figure of {sum(map(len, rows))} parts: 1 to {MAX_PARTS} are put together")
    opened = [[(part, Image.fromarray(read_image(part.image, max_megapixels))) for part in row] for row in rows]
    widest = max((row[0][1].width for row in opened if len(row) == 1), default=1)
    shares = [_shares(row, widest) for row in opened]
    width = min(
        MAX_WIDTH_PX,
        max(round(image.width / share) for row, each in zip(opened, shares, strict=True)
            for (_, image), share in zip(row, each, strict=True)),
    )  # fmt: skip
    gap, letter_px = round(width * GAP_SHARE), max(14, round(width * 0.025))
    placed: list[tuple[int, int, Part, Image.Image]] = []
    top = 0
    for row, each in zip(opened, shares, strict=True):
        strip = round(letter_px * 1.5) if any(part.label for part, _ in row) else 0
        left = 0
        for (part, image), share in zip(row, each, strict=True):
            size = max(1, round(share * width)), max(1, round(share * width * image.height / image.width))
            placed.append((left, top, part, image.resize(size, Image.Resampling.LANCZOS)))
            left += size[0] + gap
        top += strip + max(image.height for _, at, _, image in placed if at == top) + gap
    size = max(left + image.width for left, _, _, image in placed), top - gap
    if size[0] * size[1] > MAX_PIXELS:
        raise ImageError(f"a figure of {size[0]} x {size[1]} px is too large to be put together")
    return _drawn(size, placed, letter_px)


def _drawn(size: tuple[int, int], placed: list[tuple[int, int, Part, Image.Image]], letter_px: int) -> bytes:
    figure = Image.new("RGB", size, "white")
    draw = ImageDraw.Draw(figure)
    font = ImageFont.load_default(letter_px)
    lettered = {top for _, top, part, _ in placed if part.label}
    for left, top, part, image in placed:
        below = round(letter_px * 1.5) if top in lettered else 0
        figure.paste(image, (left, top + below))
        if part.label:
            draw.text((left, top), f"({part.label})", fill="black", font=font)
    file = io.BytesIO()
    figure.save(file, "PNG", compress_level=6)
    return file.getvalue()


def _shares(row: list[tuple[Part, Image.Image]], widest: int) -> list[float]:
    """Of the figure's width for each part of a row: as told, else such that all are equally high."""
    told = [part.width_share for part, _ in row]
    if all(share is not None and 0.02 <= share <= 1.5 for share in told):
        return [share for share in told if share is not None]
    if len(row) == 1:
        return [row[0][1].width / widest]
    aspects = [image.width / image.height for _, image in row]
    usable = 1 - GAP_SHARE * (len(row) - 1)
    return [usable * aspect / sum(aspects) for aspect in aspects]
