"""Stage `captions`: captions of an article -> what is said of each panel."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from exsclaim.captions import SPLITTER_VERSION, split
from exsclaim.records import CaptionParts, Record
from exsclaim.recovery import Fault, attempt
from tasks.caching import cached_task, digest, keyed


class SplitCaptions(Record):
    """Parts of each caption, or the fault, by the figure's id."""

    parts: dict[str, CaptionParts]
    faults: dict[str, Fault]


def _key(parameters: dict[str, Any]) -> str:
    return f"{digest(dict(parameters['captions']), list(parameters['terms']))}-{SPLITTER_VERSION}"


@cached_task(keyed("captions", _key), "captions of {article_id}")
def split_captions(captions: Mapping[str, str], terms: Sequence[str], article_id: str) -> SplitCaptions:
    """Cut each caption (figure id -> text) into the parts that belong to each label.

    Raises:
        MachineError: this machine has no memory for them.
    """
    parts: dict[str, CaptionParts] = {}
    faults: dict[str, Fault] = {}
    for figure_id, caption in captions.items():
        found = attempt(figure_id, partial(split, caption, terms))
        if isinstance(found, Fault):
            faults[figure_id] = found
        else:
            parts[figure_id] = found
    return SplitCaptions(parts=parts, faults=faults)
