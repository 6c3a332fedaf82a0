"""Letters of a caption that are labels, in the ways in which publishers print them."""

import pytest

from exsclaim.captions import split


@pytest.mark.parametrize(
    ("caption", "labels"),
    [
        ("(a) TEM image of silver. (b) Its spectrum. (c) Size histogram.", "a b c"),
        ("TEM images of silver (a), gold (b) and copper (c).", "a b c"),
        ("Silver on carbon. a, TEM image of silver. b, c, Spectra before and after heating.", "a b c"),
        ("Silver on carbon. a TEM image of silver. b–d Spectra of three samples.", "a b c d"),
        ("Growth of rods.(A) Rods at 5 min.(B) Rods at 10 min.", "A B"),
        ("a) SEM image; b) EDS map; c) XRD pattern.", "a b c"),
        ("TEM micrographs of samples a) S1, b) S2, c) S3.", "a b c"),
        ("A. Rods at low density. B. Rods at high density.", "A B"),
        ("Skull of the frog. A, dorsal; B, ventral; and C, lateral view.", "A B C"),
        ("a | Device. b | Current through the device.", "a b"),
        ("A: left side and B: right side of the film.", "A B"),
        ("(a–c) SEM images at three scales. (d, e and f) Spectra.", "a b c d e f"),
        ("(a) and (b) TEM images of rods. (c)–(e) Spectra of rods.", "a b c d e"),
        ("(a1–a3) Rods. (b1, b2) Cubes.", "a1 a2 a3 b1 b2"),
        ("(a) Rods and (a′) their outlines. (b) Cubes.", "a a′ b"),
        ("(i) Mixing, (ii) heating and (iii) drying of the gel.", "i ii iii"),
        ("Line scan over a crack (a: carbon; b: chromium; c: iron).", "a b c"),
        ("The scores of each patient are plotted in panel A. Panel B shows their mean.", "A B"),
        ("Fig. 3. (a) Rods. (b) Cubes as in Fig. 1c.", "a b"),
        ("Figure 2 – Films: (A, left) as cast; (B, right) annealed.", "A B"),
    ],
)
def test_labels_are_found_in_every_style(caption: str, labels: str) -> None:
    assert list(split(caption).segments) == labels.split()


@pytest.mark.parametrize(
    "caption",
    [
        "",
        "Scheme of the synthesis.",
        "Growth rate of the films (n = 3) and of the rods (s).",
        "Lattice with a = 3.2 Å and c = 5.1 Å along the c axis, d-spacing in a b.c.c. metal (i.e. iron).",
        "A. thaliana seedlings in a dish, as in (a) of Fig. 2.",
        "Top row: silver. Bottom left: gold.",
        "A stromal cell in a dish.",
        "Map of the region (c) 2015 Copyright of the authors.",
    ],
)
def test_letters_that_are_no_labels_are_left_alone(caption: str) -> None:
    assert split(caption).segments == {}


def test_a_letter_out_of_the_row_is_no_label() -> None:
    parts = split("(a) Mean of the samples (n). (b) Deviation (s) of the samples. (c) 2015 Copyright Elsevier.")

    assert list(parts.segments) == ["a", "b"]


def test_sub_labels_stay_inside_their_panel() -> None:
    parts = split("(a) Steps of the synthesis: (i) mixing, (ii) heating. (b) The product.")

    assert list(parts.segments) == ["a", "b"]
    assert "heating" in " ".join(parts.segments["a"])


def test_a_gap_in_the_letters_is_a_panel_that_the_caption_does_not_speak_of() -> None:
    parts = split("Silver rods at four times. (a) 1 min. (b) 2 min. (d) 9 min.")

    assert list(parts.segments) == ["a", "b", "c", "d"]
    assert parts.segments["c"] == ("Silver rods at four times",)
