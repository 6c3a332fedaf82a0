"""Versions of the readers that sources share, and the version of a source out of its own and those of its readers.

The ledger and the caches compare a source's version: where it changes, published articles are read again. A reader
that reads something differently raises its number here, once, for all sources that use it; tests keep what each reader
makes of known inputs (`tests/exsclaim/sources/readings.json`) and fail where that changed and the number did not.
"""

from typing import Literal

Reader = Literal["html", "jats", "elsevier", "latex", "pdf"]

READER_VERSIONS: dict[Reader, int] = {"html": 14, "jats": 16, "elsevier": 8, "latex": 14, "pdf": 28}


def source_version(own: int, *readers: Reader) -> str:
    """The version of a source by that of its own code and those of the readers that it uses: `4-jats.2`."""
    return "-".join([str(own), *(f"{reader}.{READER_VERSIONS[reader]}" for reader in readers)])
