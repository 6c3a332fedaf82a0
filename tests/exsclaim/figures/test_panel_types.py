"""A panel's type is what the image shows, weighed with the technique that the caption names."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import exsclaim
from exsclaim.figures.detection.panel_network import TYPES
from exsclaim.figures.panel_types import LOOKS, TYPES_OF_KIND, weighed
from exsclaim.records import PanelKind


def test_agreement_makes_surer() -> None:
    found = weighed("SEM", 0.4, ["SEM"])
    assert (found.type, found.origin, found.differs) == ("SEM", "both", False)
    assert found.confidence == pytest.approx(0.7)


@pytest.mark.parametrize(
    ("seen", "techniques"),
    [
        ("TEM", ["HAADF-STEM"]),
        ("HRTEM", ["TEM"]),
        ("bar chart", ["SEM", "plot"]),
        ("spectrum", ["XRD"]),
        ("photograph", ["schematic"]),
    ],
)
def test_what_a_technique_may_look_like_agrees_with_it(seen: str, techniques: list[str]) -> None:
    assert weighed(seen, 0.8, techniques).origin == "both"


@pytest.mark.parametrize(("seen", "techniques"), [("fluorescence", ["SEM"]), ("line plot", ["TEM"]), ("TEM", ["XRD"])])
def test_a_clear_image_of_another_technique_contradicts_the_caption(seen: str, techniques: list[str]) -> None:
    found = weighed(seen, 0.8, techniques)
    assert found == (seen, 0.8, "image", True)


@pytest.mark.parametrize("seen", ["table", "scheme", "molecule", "map"])
def test_a_plot_that_only_quantities_tell_contradicts_no_image(seen: str) -> None:
    """ "Correlations" stand in a table, "adsorption sites" in a drawing."""
    assert weighed(seen, 0.9, ["plot"]) == (seen, 0.9, "image", False)
    assert weighed(seen, 0.9, ["plot", "SEM"]).differs


def test_of_an_unclear_image_the_caption_tells_the_type() -> None:
    assert weighed("AFM", 0.3, ["SEM"], PanelKind.MICROSCOPY)[::2] == ("SEM", "caption")
    assert weighed(None, 0.0, ["SEM"], PanelKind.MICROSCOPY)[::2] == ("SEM", "caption")


def test_the_caption_tells_no_type_of_another_kind() -> None:
    assert weighed("line plot", 0.3, ["SEM"], PanelKind.GRAPH)[:3] == ("line plot", 0.3, "image")


@pytest.mark.parametrize("techniques", [[], ["DFT"], ["SEM", "DFT"]])
def test_a_method_without_a_look_of_its_own_contradicts_nothing(techniques: list[str]) -> None:
    assert weighed("bar chart", 0.9, techniques) == ("bar chart", 0.9, "image", False)


@given(
    st.none() | st.sampled_from(TYPES),
    st.floats(0, 1),
    st.lists(st.sampled_from(sorted(LOOKS)), max_size=3),
    st.sampled_from(PanelKind),
)
def test_a_type_is_known_and_its_confidence_a_probability(
    seen: str | None, confidence: float, techniques: list[str], kind: PanelKind
) -> None:
    found = weighed(seen, confidence, techniques, kind)
    assert found.type is None or found.type in TYPES
    assert 0 <= found.confidence <= 1
    assert (found.type is None) == (found.origin is None)


def test_every_look_is_a_type_and_every_technique_is_in_the_lexicon() -> None:
    lexicon = Path(exsclaim.__file__).parent / "captions" / "techniques.toml"
    names = tomllib.loads(lexicon.read_text(encoding="utf-8"))["names"]
    assert set(LOOKS) <= set(names)
    assert {look for looks in LOOKS.values() for look in looks} <= set(TYPES)
    assert sorted(look for looks in TYPES_OF_KIND.values() for look in looks) == sorted(TYPES)
