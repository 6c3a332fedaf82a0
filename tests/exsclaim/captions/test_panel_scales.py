"""Lengths of bars that are told inside the words of panels: each is its own panel's, and in doubt nobody's."""

import pytest

from exsclaim.captions import split


@pytest.mark.parametrize(
    ("caption", "scale_nm"),
    [
        (
            "(a) Rendering of the scaffold, scale bar 1 mm, (b) stained section, scale bar 200 µm, and (c) fibres, "
            "scale bar 50 µm.",
            {"a": 1e6, "b": 200e3, "c": 50e3},
        ),
        ("(a) SEM image, bar 1 mm, (b) TEM image, bar 200 nm.", {"a": 1e6, "b": 200.0}),
        # the same commas, and the labels behind their lengths
        ("SEM images of rods and wires, scale bar = 1 mm (a), 200 nm (b).", {"a": 1e6, "b": 200.0}),
        ("SEM images of (a) rods and (b) wires, scale bar 1 mm (a), 200 nm (b).", {"a": 1e6, "b": 200.0}),
        # the labels begin their panels' words, and no comma stands before them
        ("SEM images, scale bar 1 mm for (a) rods and 200 nm for (b) wires.", {"a": 1e6, "b": 200.0}),
    ],
)
def test_a_length_before_the_next_label_is_of_the_panel_that_it_is_told_in(
    caption: str, scale_nm: dict[str, float]
) -> None:
    assert split(caption).scale_nm == scale_nm


@pytest.mark.parametrize(
    "caption",
    [
        "SEM (left) and TEM (right) images. Scale bars: 1 µm (left) and 100 nm (right).",
        "SEM images of the fibre (left, scale bar 1 µm) and of its core (right, scale bar 100 nm).",
        "SEM images at two magnifications. Scale bars: 10 µm and 1 µm.",
    ],
)
def test_of_several_lengths_that_no_label_tells_apart_none_is_taken(caption: str) -> None:
    assert split(caption).scale_nm == {}


@pytest.mark.parametrize(
    ("said", "of_a"),
    [
        ("Neurons (scale bar, 50 μm) and synapses (scale bar, 5 μm).", None),
        ("Shoots and roots; bars indicate 50 and 5 μm.", None),
        ("Cells. Scale bar, 2 µm (schizont); 1 µm (merozoite). The inset shows one (scale bar 300 nm).", None),
        ("Cells. The inset shows one (scale bar 300 nm).", None),
        ("Cells (scale bar, 2 µm). The inset shows one (scale bar 300 nm).", 2e3),
        ("Neurons (scale bar, 50 μm). Synapses. Scale bar, 50 μm.", 50e3),
        ("Neurons (scale bar, 50 μm) and, magnified, synapses (scale bar, 5 μm).", 50e3),
        ("Neurons (scale bar, 50 μm) with a zoom of the box (scale bar, 5 μm).", 50e3),
        ("Neurons on a film, 50 μm scale bar, of 200 nm.", 50e3),
    ],
)
def test_a_panel_that_is_told_two_lengths_has_none_but_beside_a_closer_view(said: str, of_a: float | None) -> None:
    assert split(f"(a) {said} (b) Counts of cells.").scale_nm.get("a") == of_a


@pytest.mark.parametrize(
    ("said", "scale_nm"),
    [
        ("(a) Rods. (b) Wires. Scale bar 1 µm unless otherwise stated. (c) Tubes; scale bar 100 nm.", [1e3, 1e3, 100]),
        ("(a–c) Scale bar, 1 µm. (a) Rods. (b) Wires. (c) Tubes. Scale bar, 100 nm.", [1e3, 1e3, 100]),
        ("(a) Rods. (b) Wires. (c) Tubes. Scale bar, 100 nm.", [100, 100, 100]),
    ],
)
def test_what_is_told_of_a_panel_alone_counts_before_what_is_told_of_several(said: str, scale_nm: list[float]) -> None:
    found = split(f"Images of silver. {said}").scale_nm

    assert [found.get(label) for label in "abc"] == scale_nm


@pytest.mark.parametrize(
    ("said", "scale_nm"),
    [
        ("Scale bar 1 µm, (c) 100 nm.", [1e3, 1e3, 100]),
        ("Scale bar: 1 µm, c 100 nm.", [1e3, 1e3, 100]),
        ("Scale bars: 1 µm, (b) 500 nm, (c) 100 nm.", [1e3, 500, 100]),
        ("Scale bars 1 µm in (a), (b) and 5 µm in (c).", [1e3, 1e3, 5e3]),
        ("The scale bar for (c) is 100 nm, and 1 µm for the others.", [1e3, 1e3, 100]),
        ("The scale bars are 1 µm for (a), 2 µm and 3 µm for (b) and (c).", [1e3, 2e3, 3e3]),
        ("The scale bar in (a) is 100 nm, and 1 µm in (b) and (c).", [100, 1e3, 1e3]),
    ],
)
def test_lengths_before_and_behind_their_labels_in_one_list(said: str, scale_nm: list[float]) -> None:
    found = split(f"(a) Rods. (b) Wires. (c) Tubes. {said}").scale_nm

    assert [found.get(label) for label in "abc"] == scale_nm


def test_a_chemical_symbol_ends_the_sentence_before_the_bars() -> None:
    caption = (
        "Maps of the mineral: a) SEM image, b) map of zinc, c) C and d) O. Scale bar: 2 μm for a) and 5 μm for b–d)."
    )

    assert split(caption).scale_nm == {"a": 2e3, "b": 5e3, "c": 5e3, "d": 5e3}


def test_chinese_stops_end_parts_as_others_do() -> None:
    parts = split("图3 （a）样品的SEM图像；（b）TEM图像；（c）XRD图谱。标尺：（a）500 nm，（b）50 nm。")

    assert parts.scale_nm == {"a": 500.0, "b": 50.0}
    assert parts.segments["c"] == ("XRD图谱",)
