"""The image of a figure: fetched in its largest rendition, or put together from the images of its parts."""

import io
import logging
import math
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from typing import NamedTuple

from PIL import Image, ImageDraw, ImageFont

from exsclaim.errors import BadContentError, FetchError, GoneError, ImageError
from exsclaim.figures.image import pixels_of, read_image, upright_size
from exsclaim.figures.perceptual_hash import perceptual_hash
from exsclaim.http import Client, Credentials
from exsclaim.http.addresses import address_parts
from exsclaim.http.bodies import measure
from exsclaim.records import Figure, FigureRef
from exsclaim.settings import settings
from exsclaim.sources.pdf import ONLY_PAGE, drawn_page

log = logging.getLogger(__name__)


def fetch_image(
    figure: FigureRef, source: str, client: Client, *, fresh: bool = False, credentials: Credentials | None = None
) -> Figure:
    """The figure with its image in the store: the first of `figure.image_urls` that there is.

    Raises:
        GoneError, BadContentError: no rendition can be fetched; the message says why.
        TransientFetchError, BlockedError: from the client, at once: a smaller rendition would only hide the trouble.
        StoreError: the source put the image into the store, and it is there no longer.
    """
    if figure.no_image:
        raise BadContentError(next(iter(figure.image_urls), figure.id), figure.no_image)
    if figure.image_sha256 is not None:
        return _stored(figure, (figure.image_urls or (figure.id,))[0], figure.image_sha256, client)
    failures: list[GoneError | BadContentError] = []
    seen: list[_Seen] = []
    for url in figure.image_urls:
        is_page = address_parts(url).path.lower().endswith(".pdf")
        try:
            response = (
                client.file(url, source=source, fresh=fresh, credentials=credentials) if is_page else
                client.image(url, source=source, fresh=fresh, credentials=credentials, look=partial(_look, seen))
            )  # fmt: skip
        except FetchError as error:
            # an image that was fetched and can no longer be is still that figure's image
            kept = client.store.recall(url) if fresh else None
            if kept is None and isinstance(error, GoneError | BadContentError):
                failures.append(error)
                continue
            if kept is None:
                raise
            log.warning("%s: not asked again with success (%s); the image fetched before stays", url, error.cause)
            response = kept
        if not is_page:
            return _stored(figure, url, response.sha256, client, *seen[-1:])
        try:
            return _stored(figure, url, _drawn_pdf(response.sha256, client), client)
        except ImageError as error:
            failures.append(BadContentError(url, str(error)))
    if not failures:
        raise GoneError(figure.id, "the article's page names no image for this figure")
    causes = ", ".join(dict.fromkeys(error.cause for error in failures))
    first = failures[0]
    cause = f"none of the {len(failures)} renditions of {figure.id} can be fetched ({causes})"
    raise type(first)(first.url, cause, status=first.status, attempts=sum(error.attempts for error in failures))


def _drawn_pdf(file_sha256: str, client: Client) -> str:
    """The SHA-256 of the picture of a PDF's one page, put into the store. Raises ImageError."""
    picture = drawn_page(client.store.read(file_sha256), ONLY_PAGE)
    measure(picture, max_megapixels=settings().max_image_megapixels)
    return client.store.put(picture)


class _Seen(NamedTuple):
    """An image as it is published, as far as its pixels say it."""

    width_px: int
    height_px: int
    perceptual_hash: str | None


def _look(seen: list[_Seen], picture: Image.Image) -> None:
    """Note what is seen of a fetched image while it is decoded: nobody has to decode it once more for it.

    What cannot be seen for some reason is left to who publishes the figure, and says so.
    """
    with suppress(ImageError):
        pixels = pixels_of(picture, settings().max_image_megapixels)
        seen.append(_Seen(pixels.shape[1], pixels.shape[0], perceptual_hash(pixels)))


def _stored(figure: FigureRef, url: str, image_sha256: str, client: Client, seen: _Seen | None = None) -> Figure:
    seen = seen or _Seen(*upright_size(client.store.read(image_sha256)), None)
    return Figure(
        **figure.model_dump(exclude={"image_urls", "image_sha256", "no_image"}),
        image_url=url,
        image_sha256=image_sha256,
        **seen._asdict(),
    )


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
        ImageError: there are no parts, or too many, one is no image, or they have more than `max_megapixels`.
    """
    rows = [row for row in rows if row]
    if not 0 < sum(map(len, rows)) <= MAX_PARTS:
        raise ImageError(f"a figure of {sum(map(len, rows))} parts: 1 to {MAX_PARTS} are put together")
    opened = _opened(rows, max_megapixels)
    widest = max((row[0][1].width for row in opened if len(row) == 1), default=1)
    shares = [_shares(row, widest) for row in opened]
    width = min(
        MAX_WIDTH_PX,
        max(round(image.width / share) for row, each in zip(opened, shares, strict=True)
            for (_, image), share in zip(row, each, strict=True)),
    )  # fmt: skip
    gap, letter_px = round(width * GAP_SHARE), max(14, round(width * 0.025))
    strip = round(letter_px * 1.5)
    placed: list[_Placed] = []
    top = 0
    for row, each in zip(opened, shares, strict=True):
        left, lettered = 0, any(part.label for part, _ in row)
        for (part, image), share in zip(row, each, strict=True):
            size = max(1, round(share * width)), max(1, round(share * width * image.height / image.width))
            placed.append(_Placed(left, top, strip if lettered else 0, size, part.label, image))
            left += size[0] + gap
        top += max(each.below + each.size[1] for each in placed[-len(row) :]) + gap
    whole = max(each.left + each.size[0] for each in placed), top - gap
    if whole[0] * whole[1] > MAX_PIXELS:
        raise ImageError(f"a figure of {whole[0]} x {whole[1]} px is too large to be put together")
    return _drawn(whole, placed, letter_px)


class _Placed(NamedTuple):
    """A part, `below` pixels under the line on which its letter stands."""

    left: int
    top: int
    below: int
    size: tuple[int, int]
    label: str
    image: Image.Image


def _drawn(size: tuple[int, int], placed: list[_Placed], letter_px: int) -> bytes:
    figure = Image.new("RGB", size, "white")
    draw = ImageDraw.Draw(figure)
    font = ImageFont.load_default(letter_px)
    for each in placed:
        resized = each.image.resize(each.size, Image.Resampling.LANCZOS)
        figure.paste(resized, (each.left, each.top + each.below))
        if each.label:
            draw.text((each.left, each.top), f"({each.label})", fill="black", font=font)
    file = io.BytesIO()
    figure.save(file, "PNG", compress_level=6)
    return file.getvalue()


def _opened(rows: Rows, max_megapixels: float) -> list[list[tuple[Part, Image.Image]]]:
    left = max_megapixels  # for all together: they are in memory at the same time
    opened: list[list[tuple[Part, Image.Image]]] = []
    for row in rows:
        opened.append([])
        for part in row:
            image = Image.fromarray(read_image(part.image, left))
            left -= image.width * image.height / 1e6
            opened[-1].append((part, image))
    return opened


def _shares(row: list[tuple[Part, Image.Image]], widest: int) -> list[float]:
    """Share of the figure's width for each part of a row: as told, else such that all are equally high."""
    told = [part.width_share for part, _ in row]
    if all(share is not None and 0.02 <= share <= 1.5 for share in told):
        return [share for share in told if share is not None]
    if len(row) == 1:
        return [row[0][1].width / widest]
    aspects = [image.width / image.height for _, image in row]
    usable = 1 - GAP_SHARE * (len(row) - 1)
    return [usable * aspect / sum(aspects) for aspect in aspects]
