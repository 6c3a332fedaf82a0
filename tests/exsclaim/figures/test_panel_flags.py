"""Doubts about panels are flags of a closed list."""

import ast
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import exsclaim
from exsclaim.figures.panel_flags import SURE, certainty, nested_flags, panel_flags
from exsclaim.geometry import Box
from exsclaim.panel_doubts import PANEL_FLAGS
from exsclaim.records import Panel, PanelKind, ScaleBar


def panel(x: float, label: str | None = None, *, box: float = 0.9, kind: float = 0.9, read: float = 0.9) -> Panel:
    return Panel(
        id=f"f/{x}",
        figure_id="f",
        box=Box.of((x, 0, x + 90, 90)),
        box_confidence=box,
        kind=PanelKind.GRAPH,
        kind_confidence=kind,
        label=label,
        label_confidence=read if label else 0.0,
        label_origin="read" if label else None,
    )


def test_panels_in_order_and_sure_raise_no_doubt() -> None:
    assert panel_flags([panel(0, "a"), panel(100, "b"), panel(200, "c")], ["a", "b", "c"]) == [(), (), ()]
    assert panel_flags([panel(0), panel(100)]) == [(), ()]


@pytest.mark.parametrize(
    ("doubtful", "flag"),
    [
        (panel(0, "a", box=0.3), "box_in_doubt"),
        (panel(0, "a", kind=0.3), "kind_in_doubt"),
        (panel(0, "a", read=0.3), "label_in_doubt"),
        (panel(0, "a").model_copy(update={"label_origin": "inferred"}), "label_inferred"),
    ],
)
def test_what_is_unsure_is_said(doubtful: Panel, flag: str) -> None:
    assert panel_flags([doubtful, panel(100, "b")]) == [(flag,), ()]


def test_several_small_doubts_make_one_of_which_the_weakest_part_is_named() -> None:
    small = panel(0, "a", box=0.8, kind=0.7, read=0.9)
    assert certainty(small) == pytest.approx(0.504)
    assert panel_flags([small]) == [("kind_in_doubt",)]
    assert panel_flags([panel(0, "a", box=0.95, kind=0.8, read=0.9)]) == [()]
    assert panel_flags([panel(0, "a", box=0.4, kind=0.5)]) == [("box_in_doubt", "kind_in_doubt")]


def test_an_inset_or_part_is_doubted_by_its_own_confidences() -> None:
    assert nested_flags(panel(0)) == ()
    assert nested_flags(panel(0, kind=0.5)) == ("kind_in_doubt",)
    assert nested_flags(panel(0, box=0.4, kind=0.5)) == ("box_in_doubt", "kind_in_doubt")


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1))
def test_a_panel_that_is_probably_wrong_somewhere_always_carries_a_flag(box: float, kind: float, read: float) -> None:
    doubtful = panel(0, "a", box=box, kind=kind, read=read)
    assert bool(panel_flags([doubtful])[0]) == (certainty(doubtful) < SURE)


def test_a_panel_of_a_figure_in_which_much_more_was_seen_is_doubted() -> None:
    fairly_sure = panel(0, box=0.9, kind=0.8)
    assert panel_flags([fairly_sure]) == [()]
    assert panel_flags([fairly_sure], unexplained=0.2) == [()]
    assert panel_flags([fairly_sure], unexplained=1.0) == [("box_in_doubt",)]
    assert panel_flags([panel(0, box=0.99, kind=0.98)], unexplained=1.0) == [()]


@given(st.floats(0, 1), st.floats(0, 5), st.floats(0, 5))
def test_the_more_is_unexplained_the_less_certain_is_a_panel(box: float, less: float, more: float) -> None:
    doubtful = panel(0, box=box)
    less, more = sorted((less, more))
    assert 0 <= certainty(doubtful, more) <= certainty(doubtful, less) <= 1


def test_a_panel_without_a_label_among_labelled_ones_is_doubted() -> None:
    assert panel_flags([panel(0, "a"), panel(100), panel(200, "b")])[1] == ("label_missing",)


def test_a_gap_in_the_numbering_is_a_doubt_about_the_label_after_it() -> None:
    assert panel_flags([panel(0, "a"), panel(100, "b"), panel(200, "d")]) == [(), (), ("labels_have_gap",)]
    assert panel_flags([panel(0, "1"), panel(100, "3")])[1] == ("labels_have_gap",)
    assert panel_flags([panel(0, "A"), panel(100, "B")]) == [(), ()]


def test_a_label_out_of_order_is_doubted() -> None:
    found = panel_flags([panel(0, "a"), panel(100, "c"), panel(200, "b")])
    assert found == [(), (), ("label_in_doubt",)]


def test_labels_that_the_caption_names_and_nobody_saw_are_a_doubt_about_what_has_none() -> None:
    found = panel_flags([panel(0, "a"), panel(100)], ["a", "b"])
    assert found == [(), ("label_missing", "caption_label_unseen")]
    assert panel_flags([panel(0, "a"), panel(100, "x")], ["a", "b"])[1] == ("caption_label_unseen",)


def test_where_all_panels_have_labels_those_beside_what_nobody_saw_are_doubted() -> None:
    unseen = "caption_label_unseen"
    assert panel_flags([panel(0, "a"), panel(100, "b")], ["a", "b", "c", "d"]) == [(), (unseen,)]
    assert panel_flags([panel(0, "A"), panel(100, "D")], list("abcd")) == [(unseen,), ("labels_have_gap",)]
    assert panel_flags([panel(0, "c"), panel(100, "d")], list("abcd")) == [(unseen, "labels_have_gap"), ()]
    assert panel_flags([panel(0, "i")], ["i", "ii"]) == [(unseen,)]


def test_panels_without_labels_are_those_that_the_caption_names_if_there_are_enough_of_them() -> None:
    missing = ("label_missing", "caption_label_unseen")
    assert panel_flags([panel(0, "a"), panel(100), panel(200)], ["a", "b", "c"]) == [(), missing, missing]
    assert panel_flags([panel(0, "a"), panel(100)], ["a", "b", "c"]) == [("caption_label_unseen",), missing]


def test_a_caption_that_names_just_the_labels_that_panels_carry_confirms_boxes_and_labels() -> None:
    half_sure = [panel(0, "a", box=0.6), panel(100, "b", read=0.4)]
    assert panel_flags(half_sure) == [("box_in_doubt",), ("label_in_doubt",)]
    assert panel_flags(half_sure, ["A", "B"]) == [(), ()]
    assert panel_flags(half_sure, ["a", "b"], unexplained=1.0) == [(), ()]
    inferred = panel(100, "b", read=0.25).model_copy(update={"label_origin": "inferred"})
    assert panel_flags([panel(0, "a"), inferred], ["a", "b"]) == [(), ()]
    assert panel_flags([panel(0, "a"), inferred]) == [(), ("label_inferred",)]
    assert panel_flags([panel(0, "a"), panel(100, "c"), panel(200, "b")], ["a", "b", "c"]) == [(), (), ()]


def test_a_caption_with_one_label_more_or_one_less_confirms_nothing() -> None:
    half_sure = [panel(0, "a", box=0.6), panel(100, "b")]
    assert "box_in_doubt" in panel_flags(half_sure, ["a", "b", "c"])[0]
    assert "box_in_doubt" in panel_flags([*half_sure, panel(200)], ["a", "b"])[0]
    assert "box_in_doubt" in panel_flags([*half_sure, panel(200, "b")], ["a", "b"])[0]
    assert panel_flags([panel(0, "a", box=0.6)], ["a"]) == [("box_in_doubt",)]


def test_a_caption_confirms_neither_kinds_nor_boxes_that_are_hardly_ones_nor_overlaps() -> None:
    assert panel_flags([panel(0, "a", kind=0.5), panel(100, "b")], ["a", "b"])[0] == ("kind_in_doubt",)
    assert panel_flags([panel(0, "a", box=0.2), panel(100, "b")], ["a", "b"])[0] == ("box_in_doubt",)
    assert panel_flags([panel(0, "a"), panel(40, "b")], ["a", "b"]) == [("panels_overlap",)] * 2


def test_panels_that_overlap_are_doubted() -> None:
    assert panel_flags([panel(0), panel(40)]) == [("panels_overlap",)] * 2


def test_every_flag_that_the_library_gives_is_in_the_documented_list() -> None:
    root = Path(exsclaim.__file__).parent
    sources = [root / "assembly.py", root / "panel_scale.py", root / "figures" / "panel_flags.py"]
    sources.append(root / "figures" / "scale" / "scale_bars.py")
    words = {
        node.value
        for source in sources
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and re.fullmatch(r"[a-z]+(_[a-z]+)+", node.value)
    }
    other = {*Panel.model_fields, *ScaleBar.model_fields}
    assert words - other <= set(PANEL_FLAGS)
    assert len(words & set(PANEL_FLAGS)) >= 14


def test_every_flag_is_told_in_the_documentation() -> None:
    told = (Path(__file__).parents[3] / "docs" / "doubts.md").read_text(encoding="utf-8")
    assert {flag for flag, says in PANEL_FLAGS.items() if f"| `{flag}` | {says} |" not in told} == set()


def test_several_images_that_no_letter_names_are_in_doubt() -> None:
    several = panel(0).model_copy(update={"kind": PanelKind.PARENT})
    assert panel_flags([several, panel(100)]) == [("box_in_doubt",), ()]
    named = panel(0, "a").model_copy(update={"kind": PanelKind.PARENT})
    assert panel_flags([named, panel(100, "b")]) == [(), ()]


def test_a_panel_beside_what_no_panel_has_is_in_doubt_though_the_caption_confirms_it() -> None:
    panels = [panel(0, "a"), panel(100, "b")]
    assert panel_flags(panels, ["a", "b"], cut_short=[1]) == [(), ("box_in_doubt",)]
