"""Decoding of the reader's scores, by connectionist temporal classification: which texts its columns may say.

A column says one character or none; a text is said by all columns that spell it, with repeats and blanks dropped.
"""

from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from exsclaim.figures.detection.text_network import BLANK, CHARACTERS

_EXCLUDED = -16.0
"""Logarithm of the probability below which a text need not be considered."""

Scores = NDArray[np.float64]
"""`(columns, 1 + characters)` log-probabilities of one crop."""


def possible(texts: tuple[str, ...], scores: Scores) -> list[str]:
    """Texts, at most 64, all of whose characters some column takes for possible: few of hundreds."""
    # a text is no more probable than the product of each character's best column
    best = np.append(scores.max(axis=0), 0.0)
    bounds = best[_coded(texts)].sum(axis=1)
    order = np.argsort(-bounds)[:64]
    return [texts[index] for index in order if bounds[index] > _EXCLUDED]


@cache
def _coded(texts: tuple[str, ...]) -> NDArray[np.int64]:
    """`(N, longest)` classes of the texts' characters, filled up with -1."""
    codes = np.full((len(texts), max(len(text) for text in texts)), -1)
    for row, text in enumerate(texts):
        codes[row, : len(text)] = [CHARACTERS.index(character) + 1 for character in text]
    return codes


def greedy(scores: Scores) -> str:
    """The characters of each column's most probable class, repeats and blanks dropped."""
    best = scores.argmax(axis=1)
    kept = best[(best != BLANK) & (best != np.concatenate([[BLANK], best[:-1]]))]
    return "".join(CHARACTERS[index - 1] for index in kept)


def log_probabilities(scores: Scores, texts: Sequence[str]) -> NDArray[np.float64]:
    """`(N,)` log-probability of each text under `scores`, by CTC's forward recursion over all texts at once."""
    longest = max((len(text) for text in texts), default=0)
    codes = np.full((len(texts), 2 * longest + 1), BLANK)
    for row, text in enumerate(texts):
        codes[row, 1 : 2 * len(text) : 2] = [CHARACTERS.index(character) + 1 for character in text]
    # a step over the blank between two characters is allowed where they differ
    barred = np.full(codes.shape, -np.inf)
    barred[:, 3::2][codes[:, 3::2] != codes[:, 1:-2:2]] = 0
    ends = np.array([2 * len(text) for text in texts])
    state = np.full(codes.shape, -np.inf)
    state[:, :2] = scores[0][codes[:, :2]]
    stepped, skipped = np.full_like(state, -np.inf), np.full_like(state, -np.inf)
    for column in scores[1:]:
        stepped[:, 1:] = state[:, :-1]
        np.add(state[:, :-2], barred[:, 2:], out=skipped[:, 2:])
        state = np.logaddexp(np.logaddexp(state, stepped), skipped) + column[codes]
    rows = np.arange(len(texts))
    last = state[rows, ends]
    before = np.where(ends > 0, state[rows, np.maximum(ends - 1, 0)], -np.inf)
    found: NDArray[np.float64] = np.logaddexp(last, before)
    return found
