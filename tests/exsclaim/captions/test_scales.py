"""Scale bars that only the caption gives a length to."""

import pytest

from exsclaim.captions import split
from exsclaim.captions.panel_text import as_text


@pytest.mark.parametrize(
    ("said", "scale_nm"),
    [
        ("Scale bars: 100 nm (a, b), 5 μm (c).", {"a": 100.0, "b": 100.0, "c": 5000.0}),
        ("Scale bars, 2 nm (a–c).", {"a": 2.0, "b": 2.0, "c": 2.0}),
        ("Scale bars: a, 5 µm; b and c, 20 nm.", {"a": 5000.0, "b": 20.0, "c": 20.0}),
        ("Scale bar in (b) is 0.5 mm.", {"b": 500_000.0}),
        ("Scale bars are 3 Å.", {"": 0.3, "a": 0.3, "b": 0.3, "c": 0.3}),
        ("Bar = 200nm.", {"": 200.0, "a": 200.0, "b": 200.0, "c": 200.0}),
        ("Scale bars: 5, 10 and 20 µm, respectively.", {"a": 5_000.0, "b": 10_000.0, "c": 20_000.0}),
        ("Scale bars, 1 µm and 50 nm, respectively.", {}),
        ("Scale bars, 5 µm in a and 10 µm elsewhere.", {"a": 5_000.0, "b": 10_000.0, "c": 10_000.0}),
        ("Scale bars: 10 µm (main), 2 µm (inset) (a, b).", {"a": 10_000.0, "b": 10_000.0}),
        ("Scale bars: 20 µm (a, b), 5 µm others.", {"a": 20_000.0, "b": 20_000.0, "c": 5_000.0}),
        ("Scale bars: 20 µm (a)–(b), 5 µm others.", {"a": 20_000.0, "b": 20_000.0, "c": 5_000.0}),
        ("Scale bar in a is 5 µm and applies to all.", {"a": 5_000.0, "b": 5_000.0, "c": 5_000.0}),
        ("Scale bar, 50 µM.", {"": 50_000.0, "a": 50_000.0, "b": 50_000.0, "c": 50_000.0}),
        ("Scale bars: 20 (a), 10 (b) and 5 µm (c).", {"a": 20_000.0, "b": 10_000.0, "c": 5_000.0}),
        ("Scale bars in (a), (b) and (c) are 5 and 2 µm, respectively.", {}),
        ("Scale bars, 5 and 2 µm in (a), (b) and (c), respectively.", {}),
        ("Scale bars in (a) are 500 and 20 nm.", {"a": 500.0}),
        ("Scale bars: 20 µm (a); (b) 50 nm.", {"a": 20_000.0, "b": 50.0}),
        ("Scale bars: 100 µm in all panels, 50 µm in b and c.", {"a": 100_000.0, "b": 50_000.0, "c": 50_000.0}),
        ("All scale bars represent 10 um.", {"": 10_000.0, "a": 10_000.0, "b": 10_000.0, "c": 10_000.0}),
    ],
)
def test_lengths_go_to_their_labels(said: str, scale_nm: dict[str, float]) -> None:
    caption = f"Images of rods. (a) Image of silver. (b) Image of gold. (c) Image of tin. {said}"

    assert split(caption).scale_nm == scale_nm


@pytest.mark.parametrize(
    ("said", "scale_nm"),
    [
        ("All scale bars except (c) equal 3 µm, scale bar of (c) equals 1 µm.", {"a": 3e3, "b": 3e3, "c": 1e3}),
        ("All scale bars, except (c), are 3 µm.", {"a": 3e3, "b": 3e3}),
        ("All scale bars other than (c) equal 3 µm.", {"a": 3e3, "b": 3e3}),
        ("Scale bar in all panels except (c): 3 µm.", {"a": 3e3, "b": 3e3}),
        ("Scale bars of all images but c: 3 µm.", {"a": 3e3, "b": 3e3}),
        ("Except for (c), scale bars are 3 µm.", {"a": 3e3, "b": 3e3}),
        ("Apart from (c) (1 µm), all scale bars are 3 µm.", {"a": 3e3, "b": 3e3, "c": 1e3}),
        ("Scale bars (except c) 3 µm. Scale bar in c is 1 µm.", {"a": 3e3, "b": 3e3, "c": 1e3}),
        ("Scale bars are 3 µm except for c, 1 µm.", {"a": 3e3, "b": 3e3, "c": 1e3}),
        ("Scale bars represent 3 µm, other than in c (1 µm).", {"a": 3e3, "b": 3e3, "c": 1e3}),
        ("Scale bar 3 µm for all but (c), 1 µm for (c).", {"a": 3e3, "b": 3e3, "c": 1e3}),
        ("Scale bars: a, 1 µm; all but a, 3 µm.", {"a": 1e3, "b": 3e3, "c": 3e3}),
        ("Scale bars are 3 µm except in the insets (1 µm).", {"": 3e3, "a": 3e3, "b": 3e3, "c": 3e3}),
        ("Scale bars, 3 µm, except where indicated.", {"": 3e3, "a": 3e3, "b": 3e3, "c": 3e3}),
    ],
)
def test_a_panel_that_is_excepted_has_not_the_others_length(said: str, scale_nm: dict[str, float]) -> None:
    caption = f"Images of rods. (a) Image of silver. (b) Image of gold. (c) Image of tin. {said}"

    assert split(caption).scale_nm == scale_nm


@pytest.mark.parametrize(
    ("said", "of_a"),
    [
        ("All scale bars except (c) are 3 µm.", ". All scale bars: 3 µm."),
        ("Except for (c), scale bars are 3 µm.", "; scale bars are 3 µm."),
        ("Scale bars represent 3 µm, other than in c (1 µm).", ". Scale bars represent 3 µm."),
    ],
)
def test_what_is_excepted_is_not_told_of_the_others(said: str, of_a: str) -> None:
    segments = split(f"(a) Image of silver. (b) Image of gold. (c) Image of tin. {said}").segments

    assert as_text(segments["a"]) == f"Image of silver{of_a}"
    assert "3 µm" not in as_text(segments["c"])


def test_a_length_of_all_panels_is_not_said_of_those_that_have_one_of_their_own() -> None:
    said = "Scale bars: 100 µm in all panels, 50 µm in b and c."
    segments = split(f"(a) Image of silver. (b) Image of gold. (c) Image of tin. {said}").segments

    assert as_text(segments["b"]) == "Image of gold. Scale bars: 50 µm."


def test_a_length_in_a_panels_own_sentence_is_that_panels() -> None:
    assert split("(a) SEM image of rods; scale bar, 1 µm. (b) Spectrum.").scale_nm == {"a": 1000.0}


def test_graphs_have_no_scale_bar() -> None:
    assert split("(a) SEM image of rods. (b) Histogram of lengths. Scale bar: 1 µm.").scale_nm == {
        "": 1000.0,
        "a": 1000.0,
    }


def test_lengths_told_respectively_are_the_pictures() -> None:
    caption = "(a) SEM image of rods. (b) SEM image of wires. (c) Plot of sizes. Scale bars: 5 and 10 µm, respectively."

    assert split(caption).scale_nm == {"a": 5e3, "b": 10e3}


def test_what_pertains_to_all_images_is_no_graphs() -> None:
    caption = "(a) SEM image. (b) SEM image. (c) Plot of sizes. Scale bar is 5 µm and pertains to all images."

    assert split(caption).scale_nm == {"": 5e3, "a": 5e3, "b": 5e3}


@pytest.mark.parametrize(
    ("said", "scale_nm"),
    [
        ("Plot of sizes; WT, wild type; scale bar, 5 µm.", {"": 5e3, "a": 5e3}),
        ("Plot of sizes, scale bar 5 µm.", {"b": 5e3}),
        ("Plot; sizes of rods, scale bar 5 µm. Data are means.", {"b": 5e3}),
    ],
    ids=["behind a semicolon, at the end", "with the plot's words", "before the end"],
)
def test_a_length_behind_a_plot_is_the_pictures_at_the_captions_end(said: str, scale_nm: dict[str, float]) -> None:
    assert split(f"(a) SEM image of rods. (b) {said}").scale_nm == scale_nm


def test_a_figure_without_labels_has_its_scale_under_the_empty_label() -> None:
    assert split("TEM image of rods. Scale bar, 20 nm.").scale_nm == {"": 20.0}


def test_lengths_that_are_no_scale_bars_are_left_alone() -> None:
    assert split("(a) Rods of 50 nm. (b) Error bars, n = 3; films of 20 nm.").scale_nm == {}


def test_an_insets_length_is_not_the_panels() -> None:
    assert split("(a) Rods. Scale bar, 50 nm (inset, 5 nm). (b) Cubes.").scale_nm == {"a": 50.0}


@pytest.mark.parametrize(
    ("said", "scale_nm"),
    [
        ("Scale bars: inset of (a) 5 nm; (a) 20 nm; (b) 10 nm.", {"a": 20.0, "b": 10.0}),
        ("Scale bars: (a) 20 nm; inset of (a): 5 nm; (b) 10 nm.", {"a": 20.0, "b": 10.0}),
        ("Scale bars, 5 µm (a inset and c), 10 µm (b).", {"b": 10e3, "c": 5e3}),
        ("Scale bars: a 20 nm (inset 5 nm), b 10 nm.", {"a": 20.0, "b": 10.0}),
        ("Scale bars: 20 nm (a), 5 nm (inset of a), 10 nm (b).", {"a": 20.0, "b": 10.0}),
        ("Scale bars: 20 nm (a), 10 nm (b) and 2 nm (b, inset).", {"a": 20.0, "b": 10.0}),
    ],
)
def test_in_a_list_an_insets_length_is_no_panels(said: str, scale_nm: dict[str, float]) -> None:
    assert split(f"(a) Rods. (b) Cubes. (c) Wires. {said}").scale_nm == scale_nm


def test_panels_that_each_state_their_bar_keep_it() -> None:
    parts = split("(a) SEM image. Scale bar, 1 µm. (b) TEM image. Scale bar, 20 nm.")

    assert parts.scale_nm == {"a": 1000.0, "b": 20.0}
    assert parts.segments["a"] == ("SEM image", "Scale bar, 1 µm")


def test_lengths_listed_inside_a_sentence_go_to_their_labels() -> None:
    caption = "Rods. a–c SEM images of rods, scale bar = 500 nm (a), 200 nm (b), and 50 nm (c). d Size distribution."

    assert split(caption).scale_nm == {"a": 500.0, "b": 200.0, "c": 50.0}


@pytest.mark.parametrize(
    ("said", "nm"),
    [
        # words and units of other languages
        ("Шкала 5 мкм", 5_000.0),
        ("标尺为500纳米", 500.0),
        ("比例尺 10 微米", 10_000.0),
        ("スケールバーは10 μm", 10_000.0),
        ("スケールバー:2 マイクロメートル", 2_000.0),
        ("축척 막대: 5 마이크로미터", 5_000.0),
        ("Skala: 5 µm", 5_000.0),
        ("Barra de escala: 10 micras", 10_000.0),
        ("Barra: 20 nanómetros", 20.0),
        ("Barre d'échelle : 10 micromètres", 10_000.0),
        ("Scale bar 10 микрон", 10_000.0),
        # a step is no length of a bar
        ("Scale: 2 nm per pixel", None),
        ("Pixel scale is 13 nm", None),
        ("Pixel size 5 nm, scale bar 1 µm", 1_000.0),
    ],
)
def test_lengths_are_read_in_other_languages_and_steps_are_none(said: str, nm: float | None) -> None:
    assert split(f"(a) SEM image. {said}. (b) XRD pattern.").scale_nm == ({} if nm is None else {"a": nm})
