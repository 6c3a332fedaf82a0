"""EXSCLAIM JSON is what scripts written for the predecessor read."""

import json
from typing import Any

from exsclaim.dataset.pages.exsclaim_json import corner_points, figure_entry
from exsclaim.geometry import Box
from exsclaim.records import Panel, PanelKind, ScaleBar

BAR = ScaleBar(
    box=Box.of((80.4, 90, 120.6, 94)),
    length_px=40.2,
    confidence=0.9,
    label_box=Box.of((82, 78, 118, 88)),
    label_text="500 nm",
    label_confidence=0.8,
    length_nm=500.0,
    nm_origin="printed",
)
MICROGRAPH = Panel(
    id="f/p1",
    figure_id="f",
    label="a",
    label_box=Box.of((3, 4, 13, 16)),
    label_confidence=0.7,
    box=Box.of((0, 0, 130, 100)),
    kind=PanelKind.MICROSCOPY,
    kind_confidence=0.95,
    scale_bars=(BAR,),
    nm_per_px=12.4,
    width_nm=1617.0,
    height_nm=1244.0,
    caption=("SEM image of particles.",),
    keywords=("particles",),
    techniques=("SEM",),
)
INSET = Panel(id="f/p2", figure_id="f", box=Box.of((90, 5, 125, 40)), is_inset=True, parent_id="f/p1")
PART = Panel(id="f/p3", figure_id="f", box=Box.of((0, 50, 60, 100)), parent_id="f/p1")


def entry(*panels: Panel, **more: Any) -> dict[str, Any]:
    """The entry as a script reads it: through JSON."""
    made = figure_entry(panels, figure_name="f.png", caption="(a) SEM image.", general=("Particles.",), **more)
    return json.loads(json.dumps(made))


def test_a_master_image_has_the_predecessors_keys() -> None:
    figure = entry(MICROGRAPH)
    (image,) = figure["master_images"]
    assert (figure["figure_name"], figure["full_caption"]) == ("f.png", "(a) SEM image.")
    assert (image["classification"], image["confidence"]) == ("microscopy", 0.95)
    assert (image["width"], image["height"]) == (130, 100)
    assert image["subfigure_label"]["text"] == "a"
    assert image["caption"] == ["SEM image of particles."]
    assert image["keywords"] == ["particles"]
    assert image["general"] == ["Particles."]
    assert image["techniques"] == ["SEM"]
    assert (image["nm_per_px"], image["width_nm"], image["height_nm"]) == (12.4, 1617.0, 1244.0)


def test_geometry_is_four_corners_in_whole_pixels_around_the_box() -> None:
    assert corner_points(Box.of((1.2, 2.0, 10.5, 20.0))) == [
        {"x": 1, "y": 2},
        {"x": 1, "y": 20},
        {"x": 11, "y": 2},
        {"x": 11, "y": 20},
    ]


def test_a_scale_bar_tells_its_length_in_nm_and_px() -> None:
    (bar,) = entry(MICROGRAPH)["master_images"][0]["scale_bars"]
    assert (bar["label"]["text"], bar["label"]["nm"], bar["length"]) == ("500 nm", 500.0, "500 nm")
    assert (bar["length_px"], bar["nm_origin"]) == (40.2, "printed")
    assert {point["x"] for point in bar["geometry"]} == {80, 120}


def test_rounding_does_not_lengthen_a_bar() -> None:
    bar = BAR.model_copy(update={"box": Box.of((80.6, 90, 107.4, 94)), "length_px": 26.8})
    (written,) = entry(MICROGRAPH.model_copy(update={"scale_bars": (bar,)}))["master_images"][0]["scale_bars"]
    columns = {point["x"] for point in written["geometry"]}
    assert max(columns) - min(columns) == 27


def test_a_panel_without_letter_has_an_empty_one() -> None:
    (image,) = entry(INSET)["master_images"]
    assert image["subfigure_label"] == {"text": "", "geometry": [], "confidence": 0.0}
    assert image["scale_bars"] == []


def test_insets_and_parts_are_listed_with_their_panel() -> None:
    (image,) = entry(MICROGRAPH, INSET, PART)["master_images"]
    assert [inset["width"] for inset in image["inset_images"]] == [35]
    assert [part["width"] for part in image["dependent_images"]] == [60]


def test_a_master_image_has_the_bars_of_its_insets_and_parts_too() -> None:
    inset = INSET.model_copy(update={"scale_bars": (BAR.model_copy(update={"label_text": "5 nm"}),)})
    (image,) = entry(MICROGRAPH, inset)["master_images"]
    assert [bar["length"] for bar in image["scale_bars"]] == ["500 nm", "5 nm"]
    assert [bar["length"] for bar in image["inset_images"][0]["scale_bars"]] == ["5 nm"]


def test_nothing_is_lost_where_a_parent_is_not_there() -> None:
    assert len(entry(INSET, PART)["master_images"]) == 2


def test_unassigned_has_all_its_lists_and_they_are_empty() -> None:
    unassigned = entry(MICROGRAPH)["unassigned"]
    assert len(unassigned) == 8
    assert not any(unassigned.values())


def test_further_keys_come_along_but_replace_nothing() -> None:
    figure = entry(MICROGRAPH, extra={"article_url": "https://example.org/1", "figure_name": "other"})
    assert figure["article_url"] == "https://example.org/1"
    assert figure["figure_name"] == "f.png"


def test_a_kind_that_the_predecessor_did_not_have_is_its_nearest_one_for_its_scripts_with_ours_beside_it() -> None:
    known = {"microscopy", "diffraction", "graph", "photo", "illustration", "unclear", "parent"}
    for kind in PanelKind:
        panel = MICROGRAPH.model_copy(update={"kind": kind})
        (own,), (former,) = entry(panel)["master_images"], entry(panel, former_kinds=True)["master_images"]
        assert own["classification"] == own["kind"] == former["kind"] == kind
        assert former["classification"] in known
        assert former["classification"] == kind or kind not in known
