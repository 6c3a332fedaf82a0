"""Real captions with gold segments: the splitter does not get worse than it was measured."""

import json
import re
from collections import Counter
from pathlib import Path

from exsclaim.captions import split


def _tokens(texts: tuple[str, ...] | list[str]) -> Counter[str]:
    return Counter(re.findall(r"[a-z0-9α-ωµμ°%+\-]+", " ".join(texts).lower().replace("−", "-")))


def _f1(gold: Counter[str], found: Counter[str]) -> float:
    common = sum((gold & found).values())
    return 2 * common / (sum(gold.values()) + sum(found.values())) if common else 0.0


def test_labels_and_segments_of_the_gold_captions(shared_data: Path) -> None:
    folder = shared_data / "captions"
    gold = json.loads((folder / "gold.json").read_text(encoding="utf-8"))
    captions = json.loads((folder / "captions.json").read_text(encoding="utf-8"))
    scores: list[float] = []
    exact = 0
    for name, expected in gold.items():
        segments = {label.lower(): texts for label, texts in split(captions[name]["caption"]).segments.items()}
        exact += set(segments) == {label.lower() for label in expected["labels"]}
        scores += [
            _f1(_tokens(expected["segments"][label]), _tokens(segments.get(label.lower(), ())))
            for label in expected["labels"]
        ]

    assert exact / len(gold) >= 0.97
    assert sum(scores) / len(scores) >= 0.90
