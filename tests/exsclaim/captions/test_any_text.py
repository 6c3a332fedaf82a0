"""Whatever the text: no exception, nothing invented, and no quadratic time."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exsclaim.captions import split
from exsclaim.captions.plain_text import PlainText
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
def test_every_text_is_a_part_of_the_caption_without_what_nobody_sees(caption: str, terms: list[str]) -> None:
    parts = split(caption, terms)

    texts = [*parts.general, *(text for texts in parts.segments.values() for text in texts)]
    assert all(text == text.strip() != "" for text in texts)
    assert not PlainText(caption).is_verbatim or all(text in caption for text in texts)
    assert not re.search(r"[\x00-\x08\x0e-\x1f\x7f\u200b-\u200f\u202a-\u202e\ufeff]", "".join(texts))
    assert set(parts.techniques) | set(parts.keywords) | set(parts.scale_nm) <= {*parts.segments, ""}
    assert all(length_nm >= 0 for length_nm in parts.scale_nm.values())


@given(_CAPTIONS)
@settings(deadline=None, max_examples=100)
def test_spans_are_where_the_texts_stand(caption: str) -> None:
    parts = split(caption)

    if PlainText(caption).is_verbatim:
        assert tuple(caption[start:end] for start, end in parts.general_spans) == parts.general
        assert {
            label: tuple(caption[start:end] for start, end in spans) for label, spans in parts.segment_spans.items()
        } == parts.segments
    assert all(0 <= start < end <= len(caption) for spans in parts.segment_spans.values() for start, end in spans)
    assert all(list(spans) == sorted(spans) for spans in parts.segment_spans.values())
    assert 0 <= parts.confidence <= 1


@given(st.lists(_PIECES, max_size=30).map(" ".join), st.sampled_from(["  ", "\n", " \t", "\u2009 "]))
@settings(deadline=None, max_examples=100)
def test_white_space_changes_nothing(caption: str, blank: str) -> None:
    plain = " ".join(caption.split())
    spaced = plain.replace(" ", blank)

    def said(text: str) -> dict[str, list[str]]:
        parts = split(text)
        return {"": _words(parts.general)} | {label: _words(texts) for label, texts in parts.segments.items()}

    assert said(spaced) == said(plain)
    assert list(split(spaced).segments) == list(split(plain).segments)


def _words(texts: tuple[str, ...]) -> list[str]:
    return " ".join(texts).split()


@given(st.permutations(["(a) one rod", "(b) two rods", "(c) three rods", "(d) a cube"]))
@settings(deadline=None)
def test_labels_come_in_alphabetical_order_whatever_the_captions_order(pieces: list[str]) -> None:
    assert list(split(". ".join(pieces) + ".").segments) == ["a", "b", "c", "d"]


@pytest.mark.parametrize(
    "piece",
    [
        "(a) TEM image, ",
        "a, b, ",
        "x (a) and ",
        "((",
        "))",
        "A. ",
        "; ",
        "(a; ",
        "in a ",
        "5 nm scale bar ",
        ". ",
        ".",
        "?)",
        "a",
        "(a-z) ",
        "(Ai) ",
        "(I) ",
        "<b>",
        "&#",
        "**a",
        "\\textbf{",
        "$",
        "Scale bars: 1 nm (a), ",
        "WT: wild type, ",
        "(a) SEM images of x and (b) y; ",
        "; panel a shows b",
        "; that of a ",
        "(1) x ",
        "1, a; ",
        "(A–Z″) ",
        "A, B and C show ",
        "a The b And ",
        "a Xy, ",
        "WT. A",
        "5 m. ",
        ") x",
    ],
)
def test_a_caption_of_50_000_characters_is_split(piece: str) -> None:
    caption = (piece * 50_000)[:50_000]
    parts = split(caption)
    spans = [*parts.general_spans, *(span for spans in parts.segment_spans.values() for span in spans)]
    assert all(0 <= start < end <= len(caption) for start, end in spans)


def test_what_is_too_long_for_a_caption_is_refused() -> None:
    with pytest.raises(CaptionError, match="300000 characters"):
        split("x" * 300_000)


def test_unbalanced_brackets_and_control_characters_do_no_harm() -> None:
    parts = split("Rods ((left). (a) TEM\x07 image) of silver.\n(b) Spectrum (of it.")

    assert list(parts.segments) == ["a", "b"]
    assert parts.segments["b"] == ("Spectrum (of it",)
