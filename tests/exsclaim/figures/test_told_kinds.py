"""A panel's kind is what its image shows, weighed with what its caption names."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import exsclaim
from exsclaim.figures.told_kinds import FILE, of_told_kind, told
from exsclaim.geometry import Box
from exsclaim.records import Panel, PanelKind

GRAPH, DRAWING, MICROSCOPY, PHOTO = (
    PanelKind.GRAPH,
    PanelKind.ILLUSTRATION,
    PanelKind.MICROSCOPY,
    PanelKind.PHOTO,
)


def seen(scores: dict[PanelKind, float], *, confidence: float = 0.5, **others: object) -> Panel:
    """A panel that its image alone leaves in doubt."""
    kind = max(scores, key=lambda each: scores[each], default=PanelKind.UNCLEAR)
    fields = {"flags": ("kind_in_doubt",), "box_confidence": 0.95, "kind": kind, **others}
    return Panel(
        id="f/p1",
        figure_id="f",
        box=Box(0, 0, 300, 200),
        kind_confidence=confidence,
        kind_scores=scores,
        **fields,  # type: ignore[arg-type]
    )


def weighed(panel: Panel, *techniques: str, confirmed: bool = False) -> Panel:
    return of_told_kind(panel, techniques, confirmed=confirmed)


@pytest.mark.parametrize(
    ("technique", "kind", "other"),
    [
        ("SEM", MICROSCOPY, PHOTO),
        ("XRD", GRAPH, DRAWING),
        ("SAED", PanelKind.DIFFRACTION, PHOTO),
        ("schematic", DRAWING, MICROSCOPY),
        ("photo", PanelKind.GEL, MICROSCOPY),
        ("plot", GRAPH, PHOTO),
    ],
)
def test_a_kind_that_the_caption_names_is_no_longer_in_doubt(technique: str, kind: PanelKind, other: PanelKind) -> None:
    panel = seen({kind: 0.6, other: 0.35})
    found = weighed(panel, technique)
    assert (found.kind, found.flags) == (kind, ())
    assert found.kind_confidence > panel.kind_confidence


def test_of_two_kinds_about_as_likely_the_caption_tells_which() -> None:
    assert weighed(seen({DRAWING: 0.4, PHOTO: 0.3}), "photo").kind is PHOTO


@pytest.mark.parametrize(
    ("kind", "techniques"),
    [
        (DRAWING, ["SEM"]),
        (GRAPH, ["fluorescence"]),
        (DRAWING, ["plot"]),
        (PanelKind.TABLE, ["plot"]),
        (MICROSCOPY, ["XRD"]),
        (PHOTO, ["schematic"]),
    ],
)
def test_what_an_image_surely_shows_stays_whatever_the_caption_names(kind: PanelKind, techniques: list[str]) -> None:
    found = weighed(seen({kind: 0.97, PanelKind.PARENT: 0.02}, confidence=0.95, flags=()), *techniques)
    assert (found.kind, found.flags) == (kind, ())


def test_a_photograph_of_an_experimental_setup_is_no_less_one() -> None:
    """The lexicon has "experimental setup" and "layout" as schematics."""
    found = weighed(seen({PHOTO: 0.85, MICROSCOPY: 0.06, DRAWING: 0.04}, confidence=0.72, flags=()), "schematic")
    assert (found.kind, found.flags) == (PHOTO, ())
    assert weighed(seen({PHOTO: 0.45, DRAWING: 0.4}), "schematic").kind is DRAWING


def test_an_unsure_image_against_its_caption_is_less_sure() -> None:
    panel = seen({DRAWING: 0.8, MICROSCOPY: 0.12}, confidence=0.7, flags=())
    found = weighed(panel, "SEM")
    assert found.kind_confidence < panel.kind_confidence
    assert found.flags == ("kind_in_doubt",)


def test_of_several_techniques_a_panel_may_show_any() -> None:
    factors = told(["SEM", "XRD"])
    assert factors[MICROSCOPY] == factors[GRAPH] > 1 > factors[DRAWING]


@pytest.mark.parametrize("techniques", [[], ["DFT"], ["SEM", "DFT"]])
def test_a_method_without_a_look_of_its_own_tells_nothing(techniques: list[str]) -> None:
    panel = seen({DRAWING: 0.5, MICROSCOPY: 0.4})
    assert weighed(panel, *techniques) is panel


@pytest.mark.parametrize(
    "panel",
    [
        seen({DRAWING: 0.5, MICROSCOPY: 0.4}, parent_id="f/p9", is_inset=True),
        seen({DRAWING: 0.5, MICROSCOPY: 0.4}, parent_id="f/p9"),
        seen({PanelKind.PARENT: 0.5, MICROSCOPY: 0.4}),
        seen({}, kind=DRAWING),
    ],
    ids=["inset", "part", "several images", "of before these scores were kept"],
)
def test_the_caption_tells_no_kind_of(panel: Panel) -> None:
    assert weighed(panel, "SEM") is panel


def test_a_type_of_another_kind_goes_with_it() -> None:
    panel = seen({DRAWING: 0.4, PHOTO: 0.3}, type="scheme", type_confidence=0.6, type_origin="image")
    found = weighed(panel, "photo")
    assert (found.type, found.type_confidence, found.type_origin) == (None, 0.0, None)


def test_other_doubts_stay() -> None:
    panel = seen(
        {GRAPH: 0.6, DRAWING: 0.3}, box_confidence=0.4, flags=("box_in_doubt", "kind_in_doubt", "panels_overlap")
    )
    assert weighed(panel, "XRD").flags == ("box_in_doubt", "panels_overlap")


@given(
    st.dictionaries(st.sampled_from(PanelKind), st.floats(0.02, 1), min_size=1, max_size=5),
    st.lists(st.sampled_from(["SEM", "XRD", "plot", "schematic", "photo", "SAED", "AFM", "DFT"]), max_size=3),
    st.booleans(),
)
def test_to_weigh_twice_is_to_weigh_once(
    scores: dict[PanelKind, float], techniques: list[str], confirmed: bool
) -> None:
    once = of_told_kind(seen(scores, flags=()), techniques, confirmed=confirmed)
    assert 0 <= once.kind_confidence <= 1
    assert of_told_kind(once, techniques, confirmed=confirmed) == once


def test_every_technique_of_the_table_is_one_of_the_lexicon_and_stands_once() -> None:
    lexicon = Path(exsclaim.__file__).parent / "captions" / "techniques.toml"
    tables = tomllib.loads(FILE.read_text(encoding="utf-8")).values()
    named = [technique for table in tables for technique in table["techniques"]]
    assert len(named) == len(set(named))
    assert set(named) <= set(tomllib.loads(lexicon.read_text(encoding="utf-8"))["names"])
    assert {key for table in tables for key in table} <= {*PanelKind, "techniques", "others"}
