"""Reading a response's body: whole, unpacked, and never more of it than allowed."""

import time
import zlib
from collections.abc import Iterator

import requests
import urllib3

from exsclaim.errors import BadContentError, TransientFetchError

CHUNK_BYTES = 64 * 1024


def read_body(
    response: requests.Response, url: str, *, max_bytes: int, deadline: float, setting: str = "MAX_RESPONSE_MB"
) -> bytes:
    """The unpacked body of a streamed response. `deadline` is a time of `time.monotonic()`.

    `setting` names, for the error, what sets `max_bytes`.

    The limit counts unpacked bytes, and unpacking stops there: a compressed bomb costs no more memory than
    `max_bytes`. gzip is unpacked here and not by urllib3, which takes a cut-off gzip stream for a whole one.

    Raises:
        TransientFetchError: the body broke off, is shorter than announced, came too slowly, or is not valid gzip.
        BadContentError: it is larger than `max_bytes`, or packed in a way that was not asked for.
    """
    encoding = response.headers.get("Content-Encoding", "identity").strip().lower()
    packed = _chunks(response, url, deadline)
    if encoding in ("gzip", "x-gzip"):
        unpacked = _gunzipped(packed, url, max_bytes)
    elif encoding in ("identity", ""):
        unpacked = packed
    else:
        raise BadContentError(url, f"the body is encoded as {encoding!r}; gzip or plain was asked for")
    body = bytearray()
    for chunk in unpacked:
        body += chunk
        if len(body) > max_bytes:
            raise BadContentError(
                url,
                f"the body is larger than {max_bytes / 1e6:g} MB (raise EXSCLAIM_{setting} if it should be)",
            )
    return bytes(body)


def _chunks(response: requests.Response, url: str, deadline: float) -> Iterator[bytes]:
    try:
        for chunk in response.raw.stream(CHUNK_BYTES, decode_content=False):
            if time.monotonic() > deadline:
                raise TransientFetchError(url, "the body came too slowly", status=response.status_code)
            yield chunk
    except (urllib3.exceptions.HTTPError, OSError) as error:
        raise TransientFetchError(url, f"broken body: {error}", status=response.status_code) from error


def _gunzipped(packed: Iterator[bytes], url: str, max_bytes: int) -> Iterator[bytes]:
    """gzip (RFC 1952), several members in a row included; at most a little more than `max_bytes` is unpacked."""
    member = zlib.decompressobj(wbits=31)
    started = False
    total = 0
    try:
        for chunk in packed:
            while chunk:
                if member.eof:
                    if not chunk.strip(b"\0"):  # padding behind the last member is allowed
                        break
                    member = zlib.decompressobj(wbits=31)
                unpacked = member.decompress(chunk, max_length=max_bytes - total + 1)
                started = True
                total += len(unpacked)
                yield unpacked
                if total > max_bytes:
                    return
                chunk = member.unused_data if member.eof else member.unconsumed_tail
    except zlib.error as error:
        raise TransientFetchError(url, f"broken body: not valid gzip ({error})") from error
    if started and not member.eof:
        raise TransientFetchError(url, "broken body: the gzip stream is cut off")
