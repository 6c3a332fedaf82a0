"""Scores of caption splitting: the set of labels, and the words given to each."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from exsclaim.quality.gold import GoldCaption
from exsclaim.quality.matching import Matches
from exsclaim.records import Record

_WORD = re.compile(r"[a-z0-9α-ωµμ°%+\-]+")


class CaptionScore(Record):
    """How well captions were split."""

    captions: int
    labels: Matches
    exact_sets: int
    """Captions whose labels are all right, with none too many."""
    word_f1s: tuple[float, ...]
    """For each true label: F1 of the words given to it."""

    @property
    def exact_set_share(self) -> float:
        return self.exact_sets / max(1, self.captions)

    @property
    def word_f1(self) -> float:
        """Mean over the true labels."""
        return sum(self.word_f1s) / max(1, len(self.word_f1s))

    def metrics(self) -> dict[str, float]:
        """Flat names -> numbers, for tracking."""
        return {
            "captions.label_precision": self.labels.precision,
            "captions.label_recall": self.labels.recall,
            "captions.label_f1": self.labels.f1,
            "captions.label_set_exact": self.exact_set_share,
            "captions.word_f1": self.word_f1,
        }


def score_captions(gold: Mapping[str, GoldCaption], found: Mapping[str, Mapping[str, Sequence[str]]]) -> CaptionScore:
    """Score splits `caption name -> label -> texts` (`CaptionParts.segments`); a caption not found has no labels.

    Case and brackets of labels do not matter, nor do the order of words and their case.
    """
    labels, exact, f1s = Matches(), 0, []
    for name, truth in gold.items():
        texts = {label.strip("().").lower(): " ".join(parts) for label, parts in found.get(name, {}).items()}
        true = {label.lower() for label in truth.labels}
        labels += Matches(true=len(true), found=len(texts), matched=len(true & set(texts)))
        exact += true == set(texts)
        f1s += [
            _word_f1(_words(" ".join(truth.segments[label])), _words(texts.get(label.lower(), "")))
            for label in truth.labels
        ]
    return CaptionScore(captions=len(gold), labels=labels, exact_sets=exact, word_f1s=tuple(f1s))


def _words(text: str) -> Counter[str]:
    return Counter(_WORD.findall(text.lower().replace("−", "-")))


def _word_f1(true: Counter[str], found: Counter[str]) -> float:
    return Matches(true=true.total(), found=found.total(), matched=(true & found).total()).f1
