"""Fetching a figure: the largest rendition that exists."""

import io
import logging

from PIL import Image

from exsclaim.errors import BadContentError, FetchError, GoneError
from exsclaim.http import Client, Credentials
from exsclaim.records import Figure, FigureRef

log = logging.getLogger(__name__)


def fetch_image(
    figure: FigureRef, source: str, client: Client, *, fresh: bool = False, credentials: Credentials | None = None
) -> Figure:
    """The figure with its image in the store: the first of `figure.image_urls` that there is.

    Raises:
        GoneError, BadContentError: no rendition can be had; the message says why.
        TransientFetchError, BlockedError: from the client, at once: a smaller rendition would only hide the trouble.
        StoreError: the source put the image into the store, and it is there no longer.
    """
    if figure.no_image:
        raise BadContentError(next(iter(figure.image_urls), figure.id), figure.no_image)
    if figure.image_sha256 is not None:
        return _stored(figure, (figure.image_urls or (figure.id,))[0], figure.image_sha256, client)
    failures: list[GoneError | BadContentError] = []
    for url in figure.image_urls:
        try:
            response = client.image(url, source=source, fresh=fresh, credentials=credentials)
        except FetchError as error:
            # an image that was had and can no longer be had is still that figure's image
            kept = client.store.recall(url) if fresh else None
            if kept is None and isinstance(error, GoneError | BadContentError):
                failures.append(error)
                continue
            if kept is None:
                raise
            log.warning("%s: not asked again with success (%s); the image had before stays", url, error.cause)
            response = kept
        return _stored(figure, url, response.sha256, client)
    if not failures:
        raise GoneError(figure.id, "the article's page names no image for this figure")
    causes = ", ".join(dict.fromkeys(error.cause for error in failures))
    first = failures[0]
    cause = f"none of the {len(failures)} renditions of {figure.id} can be had ({causes})"
    raise type(first)(first.url, cause, status=first.status, attempts=sum(error.attempts for error in failures))


def _stored(figure: FigureRef, url: str, image_sha256: str, client: Client) -> Figure:
    with Image.open(io.BytesIO(client.store.read(image_sha256))) as image:
        width_px, height_px = image.size
    return Figure(
        **figure.model_dump(exclude={"image_urls", "image_sha256", "no_image"}),
        image_url=url,
        image_sha256=image_sha256,
        width_px=width_px,
        height_px=height_px,
    )
