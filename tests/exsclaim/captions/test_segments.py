"""Words of each label: own text, shared stem, shared tail; and what is said of the whole figure."""

from exsclaim.captions import split


def test_labels_before_their_text() -> None:
    parts = split("Silver rods. (a) TEM image of a rod. The arrow marks a twin. (b) Its spectrum.")

    assert parts.general == ("Silver rods",)
    assert parts.segments == {
        "a": ("TEM image of a rod", "The arrow marks a twin"),
        "b": ("Its spectrum",),
    }


def test_an_open_stem_is_said_of_every_label_after_it() -> None:
    parts = split("TEM images of silver with (a) 1% salt, (b) 2% salt, and (c) no salt.")

    assert parts.segments["c"] == ("TEM images of silver with", "no salt")
    assert parts.general == ("TEM images of silver with",)


def test_labels_behind_their_text_share_what_the_sentence_says_once() -> None:
    parts = split("TEM images of silver (a) and gold (b) after one week in water.")

    assert parts.segments == {
        "a": ("TEM images of silver", "after one week in water"),
        "b": ("TEM images of", "gold", "after one week in water"),
    }


def test_a_part_with_a_picture_of_its_own_shares_no_stem() -> None:
    parts = split("TEM image of silver (a) and EDS spectrum of the same rod (b).")

    assert parts.segments["b"] == ("EDS spectrum of the same rod",)


def test_what_qualifies_one_label_stays_with_it() -> None:
    parts = split("a, b Scheme of the process (a) of casting, and the summary (b) of drying.")

    assert parts.segments == {
        "a": ("Scheme of the process", "of casting"),
        "b": ("Scheme of", "the summary", "of drying"),
    }


def test_clauses_are_apart() -> None:
    parts = split("Rods grown in water (a); spectra of cubic (b) and round (c) particles in oil.")

    assert parts.segments["a"] == ("Rods grown in water",)
    assert parts.segments["c"] == ("spectra of", "round", "particles in oil")


def test_a_list_as_long_as_its_labels_is_dealt_out() -> None:
    parts = split("(a–c) TEM, HRTEM and FFT of a crystal. (d) Its model.")

    assert parts.segments["b"] == ("HRTEM", "of a crystal")


def test_a_note_in_the_bracket_belongs_to_the_label() -> None:
    parts = split("TEM image of silver (a, scale bar 50 nm) and its spectrum (b).")

    assert parts.segments["a"] == ("TEM image of silver", "scale bar 50 nm")
    assert parts.scale_nm == {"a": 50.0}


def test_a_reference_to_a_panel_does_not_start_another() -> None:
    parts = split(
        "(a) Rods. (b) Magnified view of the box in (a). (c) Fourier transform of the area in (b) of the rod."
    )

    assert parts.segments["c"] == ("Fourier transform of the area in (b) of the rod",)


def test_a_sentence_about_an_inset_goes_to_the_panel_that_it_names() -> None:
    parts = split("(a–c) Rods at three times. Inset of (a) shows the seed.")

    assert parts.segments["a"][-1] == "Inset of (a) shows the seed"
    assert len(parts.segments["b"]) == 1


def test_statistics_at_the_end_are_said_of_the_whole_figure() -> None:
    parts = split("(a) Number of rods. (b) Length of rods. Data are mean ± s.d. Error bars show the deviation.")

    assert parts.segments["b"] == ("Length of rods",)
    assert "Error bars show the deviation" in parts.general


def test_a_caption_without_labels_is_general_sentence_by_sentence() -> None:
    parts = split("Figure 1. Silver rods, cf. Fig. 2, grown at ca. 5 °C. The rods are long.")

    assert parts.general == ("Silver rods, cf. Fig. 2, grown at ca. 5 °C", "The rods are long")


def test_a_part_that_only_names_a_material_shares_the_picture() -> None:
    parts = split("SEM images of the graphene oxide (A) and LiFePO4/graphene (B, C).")

    assert parts.segments["C"] == ("SEM images of the", "LiFePO4/graphene")
