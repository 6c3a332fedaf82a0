"""Confidence in labels, and doubts about them: the flags of a split caption."""

import pytest

from exsclaim.captions import split
from exsclaim.captions.labels.label_doubts import MEANINGS, THRESHOLD


@pytest.mark.parametrize(
    ("caption", "flag"),
    [
        ("(a) Rods. (A) Cubes. (b) Wires. (B) Discs.", "competing labels"),
        ("(a) Rods. (c) Cubes. (d) Wires.", "gap in the labels"),
        ("Tools: rods (d) and cubes (e). (f) Wires.", "labels begin late"),
        ("(d) Rods. (e) Cubes. (f) Wires.", "labels go on from elsewhere"),
        ("(a) Rods in water.", "only one label"),
        ("Rods, (d) and cubes.", "letters that may be labels"),
        ("Doses were 5 mg, b 10 mg and c 20 mg.", "letters that may be labels"),
        ("ab (a)-Rods. (b)-Cubes.", "letters that may be labels"),
        ("Iron in the roots (a) and stems. b The box shows a change.", "letters that may be labels"),
        ("1a, SEM image of rods; 1b, TEM image of cubes.", "letters that may be labels"),
        ("a-SEM image of rods, b-TEM image of cubes.", "letters that may be labels"),
        ("a/ SEM image of rods; b/ TEM image of cubes.", "letters that may be labels"),
        ("Rods (a – SEM image; b – TEM image).", "letters that may be labels"),
        ("(1) SEM image of rods, (2) TEM image of cubes.", "letters that may be labels"),
        ("(A) Rods. (B) Cubes by size and C, cubes by age.", "letters that may go on"),
        ("(a) Rods. (b) Cubes. (c) Wires. e Discs of iron.", "letters that may go on"),
        ("(a) Rods. (b) Cubes. (c) Wires. d Discs of iron.", "labels printed otherwise"),
        ("Basins of the lake named (A–F) on maps of 1900.", "labels only as a range"),
        ("(a) Rods. (b) Cubes of iron, as in (e), and wires.", "letters that may go on"),
        ("Rods A1 and cubes.B, CMass of (B) rods and of (C) cubes.", "letters that may be labels"),
        ("(A) Rods. (B) Cubes. A. Iron rods. B. Iron cubes.", "labels that begin anew"),
        ("Rods kept at (a–e) 5 °C, (b–f) 6 °C, (c–g) 7 °C and (d–h) 8 °C.", "labels that begin anew"),
        ("(a) Rods. (b1) Cubes of iron. (b2) Cubes of tin.", "labels with and without numbers"),
        (
            "(a) Rods. (b) Cubes of iron, grown for many hours in water that was kept warm by a lamp of some watts.",
            "labels with very unequal texts",
        ),
        ("Rods (of iron; (a) long, (b) short) in water.", "a text with half of a bracket"),
        ("Stages: (i) rods, (ii) cubes, (iii) wires.", "numerals as labels"),
    ],
)
def test_a_doubt_is_said_and_lowers_the_confidence(caption: str, flag: str) -> None:
    parts = split(caption)

    assert flag in parts.flags
    assert parts.confidence < 1.0
    assert set(parts.flags) <= set(MEANINGS)


def test_a_plain_caption_is_believed() -> None:
    parts = split("Rods. (a) SEM image of rods. (b) TEM image of rods. (c) Their sizes.")

    assert parts.flags == ()
    assert parts.confidence > THRESHOLD


def test_a_caption_without_letters_is_believed_to_have_no_labels() -> None:
    assert split("SEM image of rods.").confidence == 1.0


def test_ranges_and_lists_that_follow_one_another_raise_no_doubt() -> None:
    assert split("Rods kept at (a–c) 5 °C, (d–f) 6 °C and (g–i) 7 °C.").flags == ()
    assert "labels that begin anew" not in split("(A–F) Rods; (G–K) cubes. (D–K) are reversed images of them.").flags
    assert "labels that begin anew" not in split("Rods (A–C) and cubes (D,E) as grown (A,D) and cut (B,C,E).").flags
