"""One harvest's metrics at one source: what the ledger keeps, and trends are made of."""

import datetime as dt

from exsclaim.records import Record

ALL_SOURCES = ""


class Night(Record):
    """Metrics by the names of `exsclaim.quality.metrics`; what could not be measured is not among them."""

    query_name: str
    query_digest: str
    harvest: str
    """Id of the harvest: its day, and a number where the day had several."""
    source: str
    """`ALL_SOURCES` for all together."""
    day: dt.date
    versions: dict[str, str]
    """Of the code and, by digest, of each model ("model.<name>")."""
    metrics: dict[str, float]
