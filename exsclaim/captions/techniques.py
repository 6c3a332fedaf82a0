"""Imaging and measuring techniques that a text names, in canonical names ("HAADF-STEM", "EDS", "SAED")."""

import re
from functools import cache

from exsclaim.captions.lexicon import lexicon

# the standard error of the mean is no microscope
_STATISTICS = re.compile(
    r"(?:±|plus|\+|\+/-|\bmeans?|\b[Ee]rror bars?[^.;]{0,40}|error of (?:the )?means?|\bS\.?D\.? or)\s*[(,/]?\s?"
    r"\bSEM\b(?!\W{0,2}(?:images?|micro|photo|of\b|and\b))"
)


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    patterns: dict[str, re.Pattern[str]] = {}
    for name, alternatives in lexicon("techniques")["names"].items():
        forms = [
            alternative if re.sub(r"\(\?:|\\.|\[.*?\]", "", alternative).isupper() else f"(?i:{alternative})"
            for alternative in alternatives
        ]
        patterns[name] = re.compile(rf"(?<![\w-])(?:{'|'.join(forms)})(?!\w)")
    return patterns


def techniques(text: str) -> tuple[str, ...]:
    """Canonical names in the lexicon's order; each word of `text` counts for the most special name that it fits."""
    text = _STATISTICS.sub(" ", text)
    found: list[str] = []
    for name, pattern in _patterns().items():
        text, count = pattern.subn(" ", text)
        if count:
            found.append(name)
    return tuple(found)
