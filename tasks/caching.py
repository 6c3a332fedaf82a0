"""Cache keys of results: one declared per stage, written out so that a person can read the cache folder.

A key holds what the result depends on and nothing else (docs/decisions/0003): a new splitter re-runs `captions`
alone, new weights re-run `separate` alone. The result files lie under `EXSCLAIM_HOME/tasks/<stage>/`.
"""

import hashlib
import json
import re
from collections.abc import Callable, Sequence
from typing import Any

from prefect.cache_policies import CacheKeyFnPolicy, CachePolicy

SURROGATE = re.compile("[\ud800-\udfff]")
"""Half of a pair that stands for one sign: no file can hold it. Names that are not UTF-8 and PDFs' mathematical italics
have it."""


def keyed(stage: str, key: Callable[[dict[str, Any]], str | None]) -> CachePolicy:
    """Policy that keys a task by `<stage>/<key(parameters)>`; where the key is None, nothing is remembered."""

    def compute(_: object, parameters: dict[str, Any]) -> str | None:
        found = key(parameters)
        return None if found is None else f"{stage}/{found}"

    return CacheKeyFnPolicy(cache_key_fn=compute)


def digest(*parts: object) -> str:
    """Short sha256 of JSON-able parts, whatever signs they hold: 128 bits, ample for a cache of any size."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:32]


def labels_digest(labels: Sequence[str]) -> str:
    return digest(*labels) if labels else "none"
