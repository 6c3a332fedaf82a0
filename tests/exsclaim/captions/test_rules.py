"""The rules by which words come to labels, each with a caption of the kind that it is for."""

import pytest

from exsclaim.captions import split

_CASES: list[tuple[str, str, dict[str, tuple[str, ...]]]] = [
    (
        "a full stop was lost before a label",
        "Walks of fish. (a) Map of one walk. The mean angle is 3 rad (b) Vectors of all fish. (c) Speed of all.",
        {
            "a": ("Map of one walk", "The mean angle is 3 rad"),
            "b": ("Vectors of all fish",),
            "c": ("Speed of all",),
        },
    ),
    (
        "sentences share an open stem",
        "Fluorescence images of (a) treated cells. (b) Untreated cells. (c) Dead cells.",
        {
            "a": ("Fluorescence images of", "treated cells"),
            "b": ("Fluorescence images of", "Untreated cells"),
            "c": ("Fluorescence images of", "Dead cells"),
        },
    ),
    (
        "a label right behind another's full stop",
        "Enzymes. A and B. Rods that grow (A) and cubes that stay (B).C and D. Wires that bend (C) and discs (D).",
        {
            "A": ("Rods that grow",),
            "B": ("cubes that stay",),
            "C": ("Wires that bend",),
            "D": ("discs",),
        },
    ),
    (
        "a stem before later labels only",
        "(a) SEM image of rods; and photographs of a bulb: (b) first and (c) after 5 min.",
        {
            "a": ("SEM image of rods",),
            "b": ("photographs of a bulb", "first"),
            "c": ("photographs of a bulb", "after 5 min"),
        },
    ),
    (
        "a list told respectively",
        "(a, b) SEM images of rods and cubes, respectively.",
        {"a": ("SEM images of", "rods"), "b": ("SEM images of", "cubes")},
    ),
    (
        "before and after",
        "XRD patterns of PZO (a) before and (b) after heating in air.",
        {
            "a": ("XRD patterns of PZO", "before", "heating in air"),
            "b": ("XRD patterns of PZO", "after heating in air"),
        },
    ),
    (
        "a participle belongs to the label before it",
        "a, b Simulated image (a), showing the density, and bright-field image (b) of silver.",
        {"a": ("Simulated image", "showing the density"), "b": ("bright-field image", "of silver")},
    ),
    (
        "a title glued to the first label",
        "Molecules in liver of mice(A) Fold changes. (B) Histogram of rods.",
        {"A": ("Fold changes",), "B": ("Histogram of rods",)},
    ),
    (
        "capitals that small letters only subdivide",
        "Trees. A Cluster of genes. a, gene 7; b, gene 9. B Tree of all genes.",
        {"A": ("Cluster of genes", "a, gene 7; b, gene 9"), "B": ("Tree of all genes",)},
    ),
    (
        "brackets side by side are a list",
        "(a)(b) Claims on a graph (a), a lattice (b).",
        {"a": ("Claims on a graph",), "b": ("Claims on", "a lattice")},
    ),
    (
        "names of samples and species are no labels",
        "(a) Film of sample T1 held for 24 h. Then it was dried. (b) Growth of E. coli by D. radiodurans.",
        {
            "a": ("Film of sample T1 held for 24 h", "Then it was dried"),
            "b": ("Growth of E. coli by D. radiodurans",),
        },
    ),
]


@pytest.mark.parametrize(("caption", "segments"), [case[1:] for case in _CASES], ids=[case[0] for case in _CASES])
def test_words_come_to_their_labels(caption: str, segments: dict[str, tuple[str, ...]]) -> None:
    assert split(caption).segments == segments


def test_scale_bars_are_told_clause_by_clause() -> None:
    caption = "(A–C) Shells. (D) Spire. Scale bar left of (A) is 1 cm and holds for (A–C); (D) scale bar is 2 mm."

    assert split(caption).scale_nm == {"A": 1e7, "B": 1e7, "C": 1e7, "D": 2e6}


def test_a_scale_bar_between_labels_is_that_of_the_label_before() -> None:
    assert split("(a, b) Rods. (b) SEM image. The scale bar is 50 nm. (c) Plot of sizes.").scale_nm == {"b": 50.0}


def test_a_list_of_abbreviations_behind_the_last_label_is_of_the_whole_figure() -> None:
    parts = split("(a) Plot of rods. (b) Plot of cubes. CON: control; MEL: melatonin; OPN: osteopontin.")

    assert parts.segments["b"] == ("Plot of cubes",)
    assert parts.general == ("CON: control; MEL: melatonin; OPN: osteopontin",)


def test_confidence_is_lower_where_labels_of_another_kind_compete() -> None:
    clear = split("(a) Rods. (b) Cubes. (c) Wires.")
    doubtful = split("(a) Rods. (A) Cubes. (b) Wires. (B) Discs.")

    assert clear.confidence == 1.0
    assert doubtful.confidence < 0.8
