"""Sentences of a caption: nltk's Punkt with parameters of our own, and no nltk data."""

import re
from functools import cache
from itertools import pairwise
from typing import Any

from exsclaim.captions.lexicon import lexicon
from exsclaim.captions.spans import Span

# Publishers' pages lose the space between title and first panel: "composite systems.(a) AP-MSM", "cells.a Splicing"
_GLUED = re.compile(r"(?<=[a-z)\]])[.!?](?=\([A-Za-z]\d?[),–-]|[a-h]\s+[A-Z]|[A-H][,.)]?\s|[A-Z][a-z]{2,}\s)")
# Punkt takes any single letter for an initial; after these words it is a panel's ("the left inset in h. Scale bars")
_LETTER_ENDS = re.compile(r"\b(?:in|of|and|or|to|from|for|panels?)\s[A-Za-z]\.\s+(?=[A-Z])")


@cache
def _punkt() -> Any:
    from nltk.tokenize.punkt import PunktParameters, PunktSentenceTokenizer

    parameters = PunktParameters()
    parameters.abbrev_types = set(lexicon("abbreviations")["abbreviations"])
    return PunktSentenceTokenizer(parameters)


def sentences(text: str) -> list[Span]:
    """Sentence spans that cover every word of `text`, in order; line breaks do not end sentences.

    Punkt: Kiss and Strunk, Computational Linguistics 32, 485 (2006).
    """
    cuts = {0, len(text)}
    cuts.update(start for start, _ in _punkt().span_tokenize(text))
    cuts.update(found.end() for found in _GLUED.finditer(text))
    cuts.update(found.end() for found in _LETTER_ENDS.finditer(text))
    return [Span(a, b) for a, b in pairwise(sorted(cuts)) if text[a:b].strip()]
