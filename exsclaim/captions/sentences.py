"""Sentences of a caption: nltk's Punkt with parameters of our own, and no nltk data."""

import re
from functools import cache
from itertools import pairwise
from typing import Any

from exsclaim.captions.lexicon import lexicon
from exsclaim.captions.spans import Span

# Publishers' pages lose the space between title and first panel: "composite systems.(a) AP-MSM", "cells.a Splicing"
_GLUED = re.compile(
    r"(?<=[a-z)\]])[.!?](?=\(\s?[A-Za-z]\d?\s?[),–-]|[a-h]\s+[A-Z]|[A-H][,.)]?\s|[A-Z][A-Za-z]{2,}[\s:]|[A-Z]{2}[^\s.]*\s)|(?<=\d)\.(?=[A-Z][a-z]+[\s:])"
)
# a word of letters only, no abbreviation, and a full stop
_PLAIN_END = re.compile(r"(?P<word>[^\W\d_]{3,})\.\s+\S+")
_SMALL_WORD = re.compile(r"[a-zµα-ω][^\W\d_]")
_NO_END = re.compile(r"(?:(?:^|\W)[^\W\d]{1,3}\)?\.|[^\W\d]\.\w+\.|[?!])[)\]]?\s*$")
# "… of the Protein KinaseStrains lacking PKA1 were grown": a title glued to the text; brands have shorter halves
_GLUED_TITLE = re.compile(r"[a-z]{5}(?=[A-Z][a-z]{2,}\s[a-z])")
# Punkt takes any single letter for an initial; after these words it is a panel's ("the left inset in h. Scale bars")
_LETTER_ENDS = re.compile(r"\b(?:in|of|and|or|to|from|for|panels?)\s[A-Za-z]\.\s+(?=[A-Z])")
# "in the window of 2.0–3.7 V. Nyquist plots", "at 1100 °C, 30 min. The peaks": Punkt sees an initial or an abbreviation
_UNIT_ENDS = re.compile(r"\d\s?(?:[°º]\s?)?[A-Za-zµμ]{1,3}\.\s+(?=[A-Z][A-Za-z]+\s|\d+\s?[nµμu]m\s[Ss]cale)")
# abbreviations that do end sentences when a capitalised word follows: "Data are mean ± s.d. Error bars …"
_MAY_END = re.compile(r"\b(?:s\.d|s\.e\.m|r\.p\.m|a\.u|etc|nov)\.\s+(?=[A-Z][a-z]+\s)")


@cache
def _punkt() -> Any:
    from nltk.tokenize.punkt import PunktParameters, PunktSentenceTokenizer

    parameters = PunktParameters()
    learned = lexicon("punkt")
    parameters.abbrev_types = {*learned["abbreviations"], *lexicon("abbreviations")["abbreviations"]}
    parameters.collocations = {tuple(pair.split(" ")) for pair in learned["collocations"]}
    parameters.sent_starters = set(learned["sentence_starters"])

    class Tokenizer(PunktSentenceTokenizer):  # type: ignore[misc]  # nltk has no types
        """Punkt that does not tokenize what needs no thought: 3 times as fast on captions, with the same sentences."""

        def text_contains_sentbreak(self, text: str) -> bool:
            plain = _PLAIN_END.fullmatch(text)
            if plain and plain["word"].lower() not in known:
                return True
            return bool(super().text_contains_sentbreak(text))

    known = parameters.abbrev_types | {word for word, _ in parameters.collocations}
    return Tokenizer(parameters)


def sentences(text: str) -> list[Span]:
    """Sentence spans that cover every word of `text`, in order; line breaks do not end sentences.

    Punkt: Kiss and Strunk, Computational Linguistics 32, 485 (2006).
    """
    cuts = {0, len(text)}
    for start, _ in _punkt().span_tokenize(text):
        # before a small letter no short word ends a sentence: "P. falciparum", "(1 mg, i.p.) or", "both (A). up"
        if not (_SMALL_WORD.match(text, start) and _NO_END.search(text[max(0, start - 8) : start])):
            cuts.add(start)
    title = _GLUED_TITLE.search(text, 0, min([end for end in cuts if end] + [text.find("(") % (len(text) + 1)]))
    if title:
        cuts.add(title.end())
    cuts.update(found.end() for found in _GLUED.finditer(text))
    for pattern in (_LETTER_ENDS, _MAY_END, _UNIT_ENDS):
        cuts.update(found.end() for found in pattern.finditer(text))
    return [Span(a, b) for a, b in pairwise(sorted(cuts)) if text[a:b].strip()]
