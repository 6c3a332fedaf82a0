"""How sentences open and stems close: what is said of the whole figure, what of the labels that follow."""

import re
from functools import cache

from exsclaim.captions.lexicon import lexicon
from exsclaim.captions.spans import Span, trimmed


@cache
def _of_all() -> re.Pattern[str]:
    return re.compile(rf"\s*(?:{'|'.join(lexicon('openings')['of_the_whole_figure'])})")


def opening_of_all(text: str, sentence: Span) -> str:
    """The first word of a sentence that, behind the last label, is said of the whole figure; "" for other sentences.

    Where the labels before have each a sentence that begins so ("n = 5"), the last one has its own, too.
    """
    found = _of_all().match(text, *sentence)
    return re.sub(r"\W.*", "", found.group().strip()) or found.group().strip() if found else ""


def open_stem(text: str, stem: Span) -> Span | None:
    """ "Fluorescence images of (a) X. (b) Y. (c) Z.": a stem that the labels of the sentences after share; or None."""
    kept = trimmed(text, stem)
    ends_open = re.search(
        r"(?::|\b(?:of|for|in|with|at|from|on|by|under|after|before|between))\s*$", text[stem.start : stem.end]
    )
    return kept if ends_open else None
