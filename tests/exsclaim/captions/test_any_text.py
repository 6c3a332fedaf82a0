"""Whatever the text: no exception, nothing invented, and no quadratic time."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exsclaim.captions import split
from exsclaim.errors import CaptionError

_PIECES = st.sampled_from(
    [
        "(a)",
        "(b)",
        "(c–e)",
        "a,",
        "b ",
        "A.",
        "B.",
        "c)",
        "(",
        ")",
        ";",
        ". ",
        " and ",
        " of ",
        "TEM image",
        "Scale bars: ",
        "5 nm",
        "10 μm ",
        "in (a)",
        "inset",
        "Fig. 1a",
        "[",
        "]",
        ", ",
        ":",
        "(a; x)",
        "ii",
        "\n",
        "\x00",
        "′",
        "respectively",
    ]
)
_CAPTIONS = st.one_of(st.text(max_size=200), st.lists(_PIECES, max_size=40).map("".join))


@given(_CAPTIONS, st.lists(st.text(max_size=8), max_size=3))
@settings(deadline=None, max_examples=150)
def test_every_text_of_the_result_is_a_verbatim_part_of_the_caption(caption: str, terms: list[str]) -> None:
    parts = split(caption, terms)

    texts = [*parts.general, *(text for texts in parts.segments.values() for text in texts)]
    assert all(text in caption and text == text.strip() != "" for text in texts)
    assert set(parts.techniques) | set(parts.keywords) | set(parts.scale_nm) <= {*parts.segments, ""}
    assert all(length_nm >= 0 for length_nm in parts.scale_nm.values())


@pytest.mark.parametrize(
    "piece",
    ["(a) TEM image, ", "a, b, ", "x (a) and ", "((", "))", "A. ", "; ", "(a; ", "in a ", "5 nm scale bar ", ". ", "a"],
)
def test_a_caption_of_50_000_characters_is_split(piece: str) -> None:
    split((piece * 50_000)[:50_000])


def test_what_is_too_long_for_a_caption_is_refused() -> None:
    with pytest.raises(CaptionError, match="300000 characters"):
        split("x" * 300_000)


def test_unbalanced_brackets_and_control_characters_do_no_harm() -> None:
    parts = split("Rods ((left). (a) TEM\x07 image) of silver.\n(b) Spectrum (of it.")

    assert list(parts.segments) == ["a", "b"]
    assert parts.segments["b"] == ("Spectrum (of it",)
