"""Scores of caption splitting: the set of labels, and the words, scale and techniques given to each."""

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence

from exsclaim.quality.gold import GoldCaption
from exsclaim.quality.matching import Matches
from exsclaim.records import CaptionParts, Record

_WORD = re.compile(r"[a-z0-9α-ωµμ°%+\-]+")


class CaptionScore(Record):
    """Score of the splitting of captions."""

    captions: int
    labels: Matches
    exact_sets: int
    """Captions whose labels are all right, with none too many."""
    word_f1s: tuple[float, ...]
    """For each true label: F1 of the words given to it."""
    scales: Matches = Matches()
    """Labels with a scale bar in nm; matched where the length is right to a thousandth."""
    techniques: Matches = Matches()
    """Techniques over all labels."""

    @property
    def exact_set_share(self) -> float:
        return self.exact_sets / max(1, self.captions)

    @property
    def word_f1(self) -> float:
        """Mean over the true labels."""
        return sum(self.word_f1s) / max(1, len(self.word_f1s))

    def metrics(self) -> dict[str, float]:
        """Flat names -> numbers, for tracking."""
        with_scales = {"captions.scale_right": self.scales.recall} if self.scales.true else {}
        with_techniques = {"captions.technique_f1": self.techniques.f1} if self.techniques.true else {}
        return {
            **with_scales,
            **with_techniques,
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


def score_parts(gold: Mapping[str, GoldCaption], parts: Mapping[str, CaptionParts]) -> CaptionScore:
    """Score splits `caption name -> what split() gave`, with their scales and techniques where gold has them."""
    score = score_captions(gold, {name: one.segments for name, one in parts.items()})
    scales, techniques = Matches(), Matches()
    for name, truth in gold.items():
        found = parts.get(name, CaptionParts())
        lengths = {label.lower(): nm for label, nm in found.scale_nm.items() if label}
        names = {label.lower(): set(named) for label, named in found.techniques.items()}
        right = sum(
            math.isclose(lengths.get(label.lower(), 0.0), nm, rel_tol=1e-3) for label, nm in truth.scale_nm.items()
        )
        scales += Matches(true=len(truth.scale_nm), found=len(lengths), matched=right)
        for label, true in truth.techniques.items():
            named = names.get(label.lower(), set())
            techniques += Matches(true=len(set(true)), found=len(named), matched=len(named & set(true)))
    return score.model_copy(update={"scales": scales, "techniques": techniques})


def _words(text: str) -> Counter[str]:
    return Counter(_WORD.findall(text.lower().replace("−", "-")))


def _word_f1(true: Counter[str], found: Counter[str]) -> float:
    return Matches(true=true.total(), found=found.total(), matched=(true & found).total()).f1
