"""A figure's panels meet the parts of its caption."""

import pytest

from exsclaim.assembly import assemble, label_agreement, missing_labels
from exsclaim.geometry import Box
from exsclaim.records import CaptionParts, Figure, Mention, Panel, PanelKind, ScaleBar

FIGURE = Figure(
    id="nature/x/fig1",
    article_id="nature/x",
    number=1,
    label="Fig. 1",
    title="",
    caption="",
    image_url="https://example.org/1.png",
    image_sha256="0" * 64,
    width_px=400,
    height_px=200,
)
PARTS = CaptionParts(
    general=("Silver.",),
    segments={"a": ("TEM image of rods",), "b": ("histogram",)},
    scale_nm={"a": 50.0},
    techniques={"a": ("TEM",)},
    keywords={"a": ("rods",)},
)


def bar(length_px: float, length_nm: float | None = None) -> ScaleBar:
    return ScaleBar(
        box=Box(x0=10, y0=90, x1=10 + length_px, y1=94),
        length_px=length_px,
        confidence=0.9,
        length_nm=length_nm,
        nm_origin="printed" if length_nm else None,
    )


def panel(label: str | None = "a", *bars: ScaleBar, id: str = "other/fig9/p1", parent: str | None = None) -> Panel:
    return Panel(
        id=id,
        figure_id="other/fig9",
        label=label,
        label_origin="read" if label else None,
        box=Box(x0=0, y0=0, x1=200, y1=100),
        scale_bars=bars,
        is_inset=parent is not None,
        parent_id=parent,
    )


def test_a_panel_gets_what_is_said_of_its_label() -> None:
    (found,) = assemble(FIGURE, PARTS, [panel("a")])
    assert found.caption == ("TEM image of rods",)
    assert found.techniques == ("TEM",)
    assert found.keywords == ("rods",)


def test_upper_and_lower_case_letters_are_one_label() -> None:
    (found,) = assemble(FIGURE, PARTS, [panel("A")])
    assert found.caption == ("TEM image of rods",)


def test_a_panel_without_a_letter_gets_no_caption() -> None:
    (found,) = assemble(FIGURE, PARTS, [panel(None)])
    assert found.caption == ()


WHOLE = CaptionParts(
    general=("SEM image of ZnO wires", "Grown at 500 °C."),
    scale_nm={"": 2000.0},
    techniques={"": ("SEM",)},
    keywords={"": ("wires",)},
)
"""A caption that names no labels."""


def test_the_only_panel_of_a_figure_has_the_whole_caption() -> None:
    main, inset = assemble(FIGURE, WHOLE, [panel(None), panel(None, id="other/fig9/p2", parent="other/fig9/p1")])
    assert main.caption == inset.caption == ("SEM image of ZnO wires", "Grown at 500 °C.")
    assert main.techniques == ("SEM",)
    assert main.keywords == ("wires",)


def test_the_only_panel_has_it_with_a_letter_of_its_own_too() -> None:
    """A journal may print "a" on a figure of one panel; the caption need not name it."""
    (only,) = assemble(FIGURE, WHOLE, [panel("a")])
    assert only.label == "a"
    assert only.caption == WHOLE.general


def test_several_panels_do_not_share_a_caption_that_names_none_of_them() -> None:
    several = assemble(FIGURE, WHOLE, [panel(None), panel("a", id="other/fig9/p2")])
    assert [each.caption for each in several] == [(), ()]


def test_a_figure_of_one_panel_whose_caption_names_several_is_in_doubt_and_gets_none() -> None:
    assert assemble(FIGURE, PARTS, [panel(None)])[0].caption == ()


def test_an_inset_shares_the_caption_of_its_panel() -> None:
    found = assemble(FIGURE, PARTS, [panel("a"), panel(None, id="other/fig9/p2", parent="other/fig9/p1")])
    assert found[1].caption == ("TEM image of rods",)
    assert found[1].parent_id == "nature/x/fig1/p1"


def test_sentences_of_the_article_that_name_a_panel_are_its_own_and_its_insets() -> None:
    rods, all_of_it = Mention(sentence="Rods (Fig. 1A).", panels=("A",)), Mention(sentence="See Fig. 1.")
    told = FIGURE.model_copy(update={"mentions": (rods, all_of_it)})
    inset = panel(None, id="other/fig9/p2", parent="other/fig9/p1")
    found = assemble(told, PARTS, [panel("a"), inset, panel("b", id="other/fig9/p3"), panel(None, id="other/fig9/p4")])
    assert [each.mentions for each in found] == [(rods,), (rods,), (), ()]


def test_a_cached_separation_of_another_figure_gets_this_figures_ids() -> None:
    (found,) = assemble(FIGURE, PARTS, [panel("a")])
    assert (found.id, found.figure_id) == ("nature/x/fig1/p1", "nature/x/fig1")


def test_a_bar_without_print_takes_the_captions_length() -> None:
    (found,) = assemble(FIGURE, PARTS, [panel("a", bar(100))])
    assert found.scale_bars[0].length_nm == 50
    assert found.scale_bars[0].nm_origin == "caption"
    assert found.nm_per_px == pytest.approx(0.5)
    assert (found.width_nm, found.height_nm) == (pytest.approx(100), pytest.approx(50))


def test_print_counts_more_than_the_caption() -> None:
    (found,) = assemble(FIGURE, PARTS, [panel("a", bar(100, 200.0))])
    assert found.nm_per_px == pytest.approx(2.0)
    assert found.scale_bars[0].nm_origin == "printed"


def test_what_the_caption_says_of_all_panels_serves_those_it_does_not_name() -> None:
    parts = PARTS.model_copy(update={"scale_nm": {"": 10.0}})
    (found,) = assemble(FIGURE, parts, [panel("b", bar(100))])
    assert found.nm_per_px == pytest.approx(0.1)


def test_bars_that_contradict_each_other_give_no_scale_but_a_flag() -> None:
    (found,) = assemble(FIGURE, PARTS, [panel("a", bar(100, 50.0), bar(100, 500.0))])
    assert found.nm_per_px is None
    assert found.width_nm is None
    assert found.flags == ("scale_conflict",)


def test_print_that_was_hardly_legible_gives_way_to_the_caption() -> None:
    doubtful = bar(100, 500.0).model_copy(update={"label_text": "500 nm", "label_confidence": 0.1})
    (found,) = assemble(FIGURE, PARTS, [panel("a", doubtful)])
    assert (found.scale_bars[0].length_nm, found.scale_bars[0].nm_origin) == (50, "caption")


def test_print_and_caption_that_differ_are_flagged() -> None:
    (found,) = assemble(FIGURE, PARTS, [panel("a", bar(100, 200.0))])
    assert found.flags == ("caption_differs_from_print",)
    (found,) = assemble(FIGURE, PARTS, [panel("a", bar(100, 50.0))])
    assert found.flags == ()


def test_a_length_that_the_caption_gave_another_bar_does_not_excuse_print_that_differs() -> None:
    (found,) = assemble(FIGURE, PARTS, [panel("a", bar(100, 200.0), bar(25))])
    assert [each.nm_origin for each in found.scale_bars] == ["printed", "caption"]
    assert (found.nm_per_px, found.flags) == (2.0, ("caption_differs_from_print",))


def test_the_confidence_in_a_scale_is_of_the_print_and_goes_when_the_caption_gives_another() -> None:
    seen = {"nm_per_px": 0.5, "scale_confidence": 0.8}
    (stays,) = assemble(FIGURE, PARTS, [panel("a", bar(100, 50.0)).model_copy(update=seen)])
    illegible = bar(100, 500.0).model_copy(update={"label_confidence": 0.1})
    (other,) = assemble(FIGURE, PARTS, [panel("a", illegible).model_copy(update=seen | {"nm_per_px": 5.0})])
    assert (stays.nm_per_px, stays.scale_confidence) == (0.5, 0.8)
    assert (other.nm_per_px, other.scale_confidence) == (0.5, 0.0)


def test_a_reciprocal_scale_takes_no_length_from_the_caption() -> None:
    reciprocal = bar(100).model_copy(update={"label_text": "5 1/nm"})
    (found,) = assemble(FIGURE, PARTS, [panel("a", reciprocal)])
    assert found.scale_bars[0].length_nm is None


def test_an_implausible_bar_gives_no_scale_but_a_flag() -> None:
    (found,) = assemble(FIGURE, PARTS, [panel("a", bar(300, 50.0))])
    assert (found.nm_per_px, found.flags) == (None, ("bar_longer_than_panel",))


def test_labels_that_nobody_saw_are_reported() -> None:
    assert missing_labels(PARTS, [panel("A")]) == ("b",)


@pytest.mark.parametrize(("labels", "agreement"), [(["a", "b"], 1.0), (["a"], 0.5), (["a", "c"], 1 / 3), ([None], 0.0)])
def test_agreement_counts_labels_read_against_labels_promised(labels: list[str | None], agreement: float) -> None:
    assert label_agreement(PARTS, [panel(label) for label in labels]) == pytest.approx(agreement)


def test_an_inferred_letter_is_no_agreement() -> None:
    inferred = panel("a").model_copy(update={"label_origin": "inferred"})
    assert label_agreement(PARTS, [inferred]) == 0.0


def test_a_caption_without_labels_agrees_with_nothing_and_contradicts_nothing() -> None:
    assert label_agreement(CaptionParts(), [panel("a")]) is None


def test_the_captions_technique_and_the_images_look_are_weighed() -> None:
    rods = panel("a").model_copy(update={"type": "TEM", "type_confidence": 0.6})
    chart = panel("a").model_copy(update={"type": "bar chart", "type_confidence": 0.9})
    (agrees,), (differs,) = assemble(FIGURE, PARTS, [rods]), assemble(FIGURE, PARTS, [chart])
    assert (agrees.type, agrees.type_origin) == ("TEM", "both")
    assert agrees.type_confidence > 0.6
    assert "type_differs_from_caption" not in agrees.flags
    assert (differs.type, differs.type_origin) == ("bar chart", "image")
    assert "type_differs_from_caption" in differs.flags


def test_an_inset_need_not_look_like_the_technique_that_is_named_for_its_panel() -> None:
    look = {"type": "bar chart", "type_confidence": 0.9}
    inset = panel(None, id="other/fig9/p2", parent="other/fig9/p1").model_copy(update=look)
    found = assemble(FIGURE, PARTS, [panel("a"), inset])[1]
    assert (found.techniques, found.type, found.type_origin) == (("TEM",), "bar chart", "image")
    assert "type_differs_from_caption" not in found.flags


@pytest.mark.parametrize(
    ("kind", "confidence", "techniques"),
    [
        (PanelKind.MICROSCOPY, 0.9, ("AFM",)),
        (PanelKind.PHOTO, 0.6, ("AFM",)),
        (PanelKind.GRAPH, 0.9, ("AFM", "plot")),
        (PanelKind.ILLUSTRATION, 0.9, ("AFM", "plot")),
        (PanelKind.PARENT, 0.9, ("AFM", "plot")),
        (PanelKind.MICROSCOPY, 0.4, ("AFM", "plot")),
    ],
)
def test_what_is_surely_a_picture_is_no_plot_whatever_quantities_the_caption_tells(
    kind: PanelKind, confidence: float, techniques: tuple[str, ...]
) -> None:
    parts = PARTS.model_copy(update={"techniques": {"a": ("AFM", "plot")}})
    seen = panel("a").model_copy(update={"kind": kind, "kind_confidence": confidence})
    (found,) = assemble(FIGURE, parts, [seen])
    assert found.techniques == techniques


def test_a_micrograph_is_doubted_where_neither_caption_nor_scale_bar_tells_of_one() -> None:
    told = FIGURE.model_copy(update={"caption": "Density of the gas at three times."})
    seen = panel(None).model_copy(update={"kind": PanelKind.MICROSCOPY, "kind_confidence": 0.9})
    nothing = CaptionParts(general=("Density of the gas.",), segments={}, scale_nm={}, techniques={}, keywords={})
    assert "kind_in_doubt" in assemble(told, nothing, [seen])[0].flags
    assert "kind_in_doubt" not in assemble(told, PARTS, [seen])[0].flags


@pytest.mark.parametrize(("confidence", "flags"), [(0.9, ("scale_implausible",)), (0.5, ())])
def test_only_a_type_that_is_sure_makes_a_scale_implausible(confidence: float, flags: tuple[str, ...]) -> None:
    """2 µm a pixel in what looks like TEM, of which the caption says nothing."""
    look = {"kind": PanelKind.MICROSCOPY, "kind_confidence": 0.9, "type": "TEM", "type_confidence": confidence}
    seen = panel("a", bar(100, 2e5)).model_copy(update=look)
    silent = CaptionParts(segments=PARTS.segments)
    assert assemble(FIGURE.model_copy(update={"caption": "Micrographs."}), silent, [seen])[0].flags == flags


def test_a_technique_in_the_panels_caption_settles_the_doubt_in_its_kind() -> None:
    doubtful = panel("a").model_copy(update={"kind": PanelKind.MICROSCOPY, "flags": ("kind_in_doubt",)})
    assert assemble(FIGURE, PARTS, [doubtful])[0].flags == ()


def test_a_kind_of_which_the_image_is_in_doubt_is_told_by_the_caption_and_the_scale_follows() -> None:
    """A photograph of a sample may be 1 mm a pixel; a micrograph may not."""
    scores = {PanelKind.PHOTO: 0.46, PanelKind.MICROSCOPY: 0.45}
    seen = panel("a", bar(50.0, 5e7)).model_copy(
        update={"kind": PanelKind.PHOTO, "kind_confidence": 0.5, "kind_scores": scores, "flags": ("kind_in_doubt",)}
    )
    told, by_nobody = (
        assemble(FIGURE, parts, [seen.model_copy(update={"box_confidence": 0.95, "label_confidence": 0.95})])[0]
        for parts in (PARTS.model_copy(update={"scale_nm": {}}), CaptionParts(segments=PARTS.segments))
    )
    assert (told.kind, told.flags) == (PanelKind.MICROSCOPY, ("scale_implausible",))
    assert told.kind_confidence > 0.6
    assert (by_nobody.kind, by_nobody.flags) == (PanelKind.PHOTO, ("kind_in_doubt",))


def test_insets_keep_the_kind_that_their_image_shows() -> None:
    scores = {PanelKind.GRAPH: 0.5, PanelKind.MICROSCOPY: 0.4}
    inset = panel(None, id="other/fig9/p2", parent="other/fig9/p1").model_copy(
        update={"kind": PanelKind.GRAPH, "kind_scores": scores}
    )
    assert assemble(FIGURE, PARTS, [panel("a"), inset])[1].kind is PanelKind.GRAPH
