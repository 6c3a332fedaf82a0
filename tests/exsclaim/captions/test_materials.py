"""Materials that a caption names, each by one name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exsclaim.captions.terms.materials import canonical_name, materials, names_of_material
from exsclaim.captions.word_forms import lexicon

NAMES = lexicon("materials")["names"]


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("TEM image of silver nanoparticles", ("silver", "Ag", "nanoparticle")),
        ("Ag NPs", ("silver", "Ag", "nanoparticle")),
        ("TiO₂ nanotubes", ("TiO2", "nanotube")),
        ("Titanium dioxide, not titanium", ("TiO2", "titanium", "Ti")),
        ("Au@SiO2 core–shell particles", ("gold", "Au", "SiO2", "core-shell")),
        ("Pt/C and g-C3N4/MOFs", ("platinum", "Pt", "g-C3N4", "metal-organic framework")),
        ("La0.7Sr0.3MnO3 thin films", ("La0.7Sr0.3MnO3", "thin film")),
        ("Zn-doped CdSe quantum dots", ("zinc", "Zn", "CdSe", "quantum dot")),
        ("tin oxide on TiN", ("SnO2", "TiN")),
        ("nickel cobalt oxide", ("nickel", "Ni", "cobalt", "Co", "oxide")),
        ("This leads to cracks, which lead to voids in lead sulfide", ("crack", "void", "PbS")),
        ("washed with PBS in water", ()),
        ("In air, As shown by J. No et al.", ()),
    ],
)
def test_materials_are_found_by_their_one_name(said: str, found: tuple[str, ...]) -> None:
    assert materials([said]) == found


def test_a_material_of_several_texts_counts_once() -> None:
    assert materials(["silver", "Ag rods", "Silver"]) == ("silver", "Ag")


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("Ag", "silver"), ("ag", "silver"), ("SILVER", "silver"), ("aluminum", "aluminium"), ("Al", "aluminium"),
        ("titania", "TiO2"), ("tio2", "TiO2"), ("TiO₂", "TiO2"), ("tin", "tin"), ("TiN", "TiN"),
        ("nanowires", "nanowire"), ("core/shell", "core-shell"), ("LaMnO3", "LaMnO3"),
        ("cheese", None), ("", None), ("silver nanoparticles", None),
    ],
)  # fmt: skip
def test_a_name_is_known_whatever_its_form(name: str, known: str | None) -> None:
    assert canonical_name(name) == known


@pytest.mark.parametrize("name", sorted({name for each, others in NAMES.items() for name in (each, *others)}))
def test_every_name_of_the_table_finds_itself_in_a_caption(name: str) -> None:
    known = canonical_name(name)
    assert known is not None
    assert known in materials([f"Image of {name}."])
    assert name in names_of_material(name)


@given(st.text(max_size=80))
def test_any_text_has_materials_that_are_known_by_their_names(text: str) -> None:
    for name in materials([text]):
        assert canonical_name(name) in materials([text])
