"""Techniques in canonical names, and keywords."""

import pytest

from exsclaim.captions import split


@pytest.mark.parametrize(
    ("said", "names"),
    [
        ("TEM image", ("TEM",)),
        ("High-resolution transmission electron microscopy (HR-TEM) images", ("HRTEM",)),
        ("High-angle annular dark-field scanning transmission electron microscopy (STEM) image", ("HAADF-STEM",)),
        ("HAADF-STEM image and EDX maps", ("HAADF-STEM", "EDS")),
        ("Scanning electron microscopy image", ("SEM",)),
        ("selected area electron diffraction pattern", ("SAED",)),
        ("photograph of the reactor", ()),
        ("we seem to stem from", ()),
    ],
)
def test_techniques_have_one_name_each(said: str, names: tuple[str, ...]) -> None:
    assert split(f"(a) Scheme of the rod. (b) {said} of it.").techniques.get("b", ()) == names


def test_a_label_that_names_no_technique_has_that_of_the_figure() -> None:
    parts = split("SEM images of films. (a) As cast. (b) Annealed, TEM image.")

    assert parts.techniques == {"a": ("SEM",), "b": ("TEM",)}


def test_keywords_are_the_querys_terms_and_the_materials() -> None:
    parts = split(
        "(a) Silver nanoparticles on TiO2. (b) Core–shell rods.", ("silver nanoparticle", "core-shell rod", "gold")
    )

    assert parts.keywords["a"] == ("silver nanoparticle", "silver", "nanoparticle", "TiO2")
    assert parts.keywords["b"][0] == "core-shell rod"
