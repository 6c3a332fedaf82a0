"""Files that people write by hand: keys given twice, faults with their line and in words, plain values of YAML 1.2."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exsclaim.mapping_syntax import RepeatedKeyError, SyntaxFaultError, from_json, from_toml, from_yaml

READERS = (from_json, from_toml, from_yaml)


@pytest.mark.parametrize(
    ("read", "text", "words"),
    [
        (from_json, '{"a": {"b": 1},}', "line 1, column 16: .*comma too many before the }"),
        (from_json, "{'a': 1}", "line 1, column 2: .*single quotes"),
        (from_json, '{"a": 1\n"b": 2}', "line 2, column 1: a comma is missing"),
        (from_json, '{"a" 1}', "a colon is missing"),
        (from_json, '{"a": gold}', "without double quotes"),
        (from_json, '{"a": 1} x', "more follows"),
        (from_json, '{"a": "x}', "not closed"),
        (from_json, "[" * 50_000, "without end"),
        (from_toml, 'a = "x"\na = "y"', "end of document: a key is given twice"),
        (from_toml, "[a]\nb = 1\n[a]\n", "line 3, column 3: a table is given twice"),
        (from_toml, "a = gold", "line 1, column 5: .*without double quotes"),
        (from_yaml, "a: 1\n\tb: 2", "line 2, column 1: a tab stands"),
        (from_yaml, "a:\n  b:\n    c: 1\n   d: 2", "line 4, column 4: this line does not begin in the column"),
        (from_yaml, "a: {b: TEM: high}", "line 1, column 11: a text with a colon needs quotes"),
        (from_yaml, "a: TEM: high", "line 1, column 7: a colon too many"),
        (from_yaml, "a: 1\n---\nb: 2", "line 2, column 1: a second document"),
        (from_yaml, "a: !!python/object:os.system {}", r"tags \(!\) are not read"),
        (from_yaml, "a: *b", "begins with \\* needs quotes"),
        (from_yaml, "a: @b", "begins with this character needs quotes"),
        (from_yaml, 'a: "b', "quotes that are not closed"),
        (from_yaml, "a: [b", "a bracket or comma is missing"),
    ],
)
def test_a_fault_is_told_with_its_line_in_words(read: Callable[[str], Any], text: str, words: str) -> None:
    with pytest.raises(SyntaxFaultError, match=words):
        read(text)


@pytest.mark.parametrize(
    ("read", "text", "problems"),
    [
        (from_json, '{"a": 1, "b": {"c": 1, "c": 2}, "a": 1}', [("c", "is given twice"), ("a", "is given twice")]),
        (from_yaml, "a: 1\nb: 2\na: 3", [("a", "is given twice (lines 1 and 3)")]),
        (from_yaml, "a:\n  b: 1\n  'b': 2", [("b", "is given twice (lines 2 and 3)")]),
    ],
)
def test_a_key_that_is_given_twice_is_a_fault(
    read: Callable[[str], Any], text: str, problems: list[tuple[str, str]]
) -> None:
    with pytest.raises(RepeatedKeyError) as caught:
        read(text)
    assert caught.value.problems == problems


def test_words_of_science_stay_words_in_yaml() -> None:
    text = "[NO, ON, Yes, 10:1, 2020-01-01, 010, 0x10, TRUE, 5, -1.5e3, .5, ~, null, '', 1_000]"
    assert from_yaml(text) == [
        "NO", "ON", "Yes", "10:1", "2020-01-01", "010", "0x10", True, 5, -1500.0, 0.5, None, None, "", "1_000",
    ]  # fmt: skip
    assert from_yaml("a:\nb: ") == {"a": None, "b": None}


def test_a_mapping_may_be_taken_over_into_another() -> None:
    assert from_yaml("x: &x {a: 1, b: 2}\ny: {<<: *x, b: 3}")["y"] == {"a": 1, "b": 3}


@given(st.text(max_size=40))
def test_any_text_is_read_or_named_as_a_fault(text: str) -> None:
    for read in READERS:
        try:
            content = read(text)
        except (SyntaxFaultError, RepeatedKeyError):
            continue
        assert content is None or isinstance(content, dict | list | str | int | float)
