"""Stage `captions`: captions of an article -> what is said of each panel."""

from collections.abc import Mapping, Sequence
from typing import Any

from exsclaim.captions import SPLITTER_VERSION
from exsclaim.harvests.article_stages import SplitCaptions, parts_of
from tasks.caching import cached_task, digest, keyed


def _key(parameters: dict[str, Any]) -> str:
    return f"{digest(dict(parameters['captions']), list(parameters['terms']))}-{SPLITTER_VERSION}"


@cached_task(keyed("captions", _key), "captions of {article_id}")
def split_captions(captions: Mapping[str, str], terms: Sequence[str], article_id: str) -> SplitCaptions:
    """Cut each caption (figure id -> text) into the parts that belong to each label."""
    return parts_of(captions, terms)
