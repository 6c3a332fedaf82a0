"""Images that a page holds inside itself: `<img src="data:image/png;base64,…">`.

R Markdown and Quarto write pages that need no other file this way, and so do programs that save a page as one file.
https://datatracker.ietf.org/doc/html/rfc2397
"""

import base64
import binascii
import re
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import unquote_to_bytes

FEWEST_CHARACTERS = 2_000
"""Of what is written for an image; shorter ones are placeholders and icons."""
_EMBEDDED = re.compile(
    rb"(?P<before>\b(?:src|data|href)\s*=\s*)(?P<quote>[\"'])\s*data:image/(?P<kind>[a-z0-9.+-]{2,20})"
    rb"(?:;[a-z]{1,20}=[^;,\"']{1,40})*+;base64,(?P<code>[^\"'<>]{%d,}+)(?P=quote)" % FEWEST_CHARACTERS,
    re.IGNORECASE,
)
_ENDINGS = {"jpeg": "jpg", "pjpeg": "jpg", "svg+xml": "svg", "x-png": "png", "tiff": "tif"}


class PageWithImages(NamedTuple):
    """A page in which names stand for the images that it held, and these images by their names."""

    page: bytes
    images: Mapping[str, bytes]


def taken_out(page: bytes) -> PageWithImages:
    """The page without its images; one that is no Base64 stays where it is."""
    images: dict[str, bytes] = {}

    def named(found: re.Match[bytes]) -> bytes:
        kind = found["kind"].decode().lower()
        try:
            body = base64.b64decode(b"".join(unquote_to_bytes(found["code"]).split()), validate=True)
        except binascii.Error:
            return found[0]
        name = f"embedded-image-{len(images) + 1}.{_ENDINGS.get(kind, kind)}"
        images[name] = body
        return b"%b%b%b%b" % (found["before"], found["quote"], name.encode(), found["quote"])

    return PageWithImages(_EMBEDDED.sub(named, page), images)
