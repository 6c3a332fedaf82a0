"""Scores of captions: the same as the reference scorer's."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from exsclaim.captions import split
from exsclaim.quality import GoldCaption, read_gold_captions, score_captions, score_parts
from exsclaim.quality.gold import read_captions

GOLD = {"fig1": GoldCaption(labels=("a", "B"), segments={"a": ("TEM image", "of silver"), "B": ("XRD",)})}


def test_all_is_right_where_gold_was_found() -> None:
    score = score_captions(GOLD, {"fig1": {"(A)": ["TEM image of silver"], "b": ["xrd"]}})
    assert score.labels.f1 == score.exact_set_share == score.word_f1 == 1


def test_words_too_many_and_labels_too_many_cost() -> None:
    score = score_captions(GOLD, {"fig1": {"a": ["image of silver, TEM, of gold"], "b": ["XRD"], "c": ["XPS"]}})
    assert score.labels.recall == 1
    assert score.labels.precision == pytest.approx(2 / 3)
    assert score.exact_sets == 0
    assert score.word_f1s[0] == pytest.approx(2 * 4 / (4 + 6))


def test_scales_and_techniques_are_scored_where_gold_has_them() -> None:
    caption = "(a) SEM image, scale bar 5 nm. (b) XRD of the rods. Scale bar in (b), 2 nm."
    gold = GoldCaption(
        labels=("a", "b"), segments={"a": ("SEM image",), "b": ("XRD",)},
        scale_nm={"a": 5, "b": 3}, techniques={"a": ("SEM",), "b": ("XRD",)},
    )  # fmt: skip
    metrics = score_parts({"fig1": gold}, {"fig1": split(caption)}).metrics()
    assert metrics["captions.scale_right"] == 0.5
    assert metrics["captions.technique_f1"] == pytest.approx(2 * 2 / (2 + 3))  # XRD is also a plot


def test_a_caption_that_was_not_split_is_all_missed() -> None:
    score = score_captions(GOLD, {})
    assert score.labels.f1 == score.word_f1 == 0


def test_the_numbers_are_those_of_the_reference_scorer(shared_data: Path, tmp_path: Path) -> None:
    scorer = shared_data.parent / "tools" / "score_captions.py"
    if not scorer.is_file():
        pytest.skip(f"the reference scorer is not at {scorer}")
    folder = shared_data / "captions"
    found = {name: split(caption).segments for name, caption in read_captions(folder / "captions.json").items()}
    (tmp_path / "found.json").write_text(json.dumps(found))
    ran = subprocess.run(
        [sys.executable, str(scorer), str(folder / "gold.json"), str(tmp_path / "found.json")],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    reference = json.loads(ran.stdout)
    score = score_captions(read_gold_captions(folder / "gold.json"), found)
    assert score.captions == reference["captions"]
    assert score.labels.true == reference["labels"]
    metrics = {name.removeprefix("captions."): round(value, 3) for name, value in score.metrics().items()}
    assert metrics == {
        "label_precision": reference["label_precision"],
        "label_recall": reference["label_recall"],
        "label_f1": reference["label_f1"],
        "label_set_exact": reference["label_set_exact"],
        "word_f1": reference["token_f1"],
    }
