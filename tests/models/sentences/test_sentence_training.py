"""Punkt's parameters are learned from captions, and the data file says what was learned."""

import tomllib
from pathlib import Path

import pytest

from exsclaim.errors import CaptionError
from models.sentences.sentence_training import as_toml, learn, read

CAPTIONS = [
    f"Cells were given {n} mg i.p. for {n} days. Scale bars are {n} nm. The rods were seen in C. elegans."
    for n in range(60)
]


def test_abbreviations_are_learned_and_words_that_end_sentences_are_not() -> None:
    parameters = learn(CAPTIONS)

    assert "i.p" in parameters.abbrev_types
    assert not {"days", "nm", "elegans"} & parameters.abbrev_types


def test_the_data_file_holds_what_was_learned() -> None:
    content = tomllib.loads(as_toml(learn(CAPTIONS), "a test"))

    assert set(content) == {"abbreviations", "collocations", "sentence_starters"}
    assert "i.p" in content["abbreviations"]


def test_a_line_without_a_caption_is_named(tmp_path: Path) -> None:
    (tmp_path / "c.jsonl").write_text('{"caption": "Rods."}\n{"text": 1}\n')

    with pytest.raises(CaptionError, match="line 2"):
        list(read(tmp_path / "c.jsonl"))
