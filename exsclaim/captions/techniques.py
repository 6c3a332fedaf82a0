"""Imaging and measuring techniques that a text names, in canonical names ("HAADF-STEM", "EDS", "SAED")."""

import re
from functools import cache

from exsclaim.captions.lexicon import lexicon


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
    """Canonical names in the lexicon's order; a general name is left out where a special one implies it."""
    found = [name for name, pattern in _patterns().items() if pattern.search(text)]
    implied = {other for name in found for other in lexicon("techniques")["implied"].get(name, ())}
    return tuple(name for name in found if name not in implied)
