"""Scale bars meet their labels and their panels."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exsclaim.figures.scale.scale_bars import DetectedBar, DetectedScaleLabel, scale_bars
from exsclaim.geometry import Box

PANELS = [Box.of((0, 0, 200, 200)), Box.of((210, 0, 410, 200))]


def bar(x: float, y: float, length: float = 60, confidence: float = 0.9) -> DetectedBar:
    return DetectedBar(Box.of((x, y, x + length, y + 4)), confidence)


def label(
    x: float, y: float, text: str = "50 nm", nm: float | None = 50, *, confidence: float = 0.9, read: float = 0.95
) -> DetectedScaleLabel:
    return DetectedScaleLabel(Box.of((x, y, x + 50, y + 14)), confidence, text, nm, read)


@pytest.mark.parametrize(("x", "y"), [(125, 164), (125, 188), (64, 175)], ids=["above", "below", "beside"])
def test_a_label_near_its_bar_gives_its_length(x: float, y: float) -> None:
    (found,), other = scale_bars(PANELS, [bar(120, 180)], [label(x, y)])
    assert (found.label_text, found.length_nm, found.nm_origin) == ("50 nm", 50, "printed")
    assert found.length_px == 60
    assert other == ()


def test_each_bar_takes_its_own_label() -> None:
    bars = [bar(120, 180), bar(330, 180), bar(20, 40, length=30)]
    labels = [label(10, 22, "2 nm", 2), label(335, 164, "1 µm", 1000), label(125, 164)]
    left, right = scale_bars(PANELS, bars, labels)
    assert [item.length_nm for item in left] == [2, 50]
    assert [item.length_nm for item in right] == [1000]


def test_a_bar_across_the_gutter_does_not_take_the_neighbours_label() -> None:
    left, right = scale_bars(PANELS, [bar(130, 180), bar(215, 180)], [label(218, 164)])
    assert left[0].length_nm is None
    assert right[0].length_nm == 50


def test_a_faint_bar_is_believed_beside_a_legible_label_only() -> None:
    faint = bar(120, 180, confidence=0.2)
    assert scale_bars(PANELS, [faint], []) == [(), ()]
    assert len(scale_bars(PANELS, [faint], [label(125, 164)])[0]) == 1


def test_a_bare_bar_is_doubted_more_where_the_figures_bars_have_labels() -> None:
    bare = bar(20, 40, confidence=0.5)
    assert len(scale_bars(PANELS, [bare], [])[0]) == 1
    labelled = [bar(120, 180), bar(330, 180)]
    left, right = scale_bars(PANELS, [bare, *labelled], [label(125, 164), label(335, 164)])
    assert [len(left), len(right)] == [1, 1]


def test_a_label_far_away_is_no_label_of_this_bar() -> None:
    (found,), _ = scale_bars(PANELS, [bar(120, 180)], [label(10, 20)])
    assert (found.label_box, found.length_nm, found.nm_origin) == (None, None, None)


def test_a_reciprocal_length_is_kept_as_text_but_is_no_length() -> None:
    (found,), _ = scale_bars(PANELS, [bar(120, 180)], [label(125, 164, "5 1/nm", None)])
    assert (found.label_text, found.length_nm, found.nm_origin) == ("5 1/nm", None, None)


def test_the_bar_of_an_inset_is_the_insets() -> None:
    inset = Box.of((100, 10, 190, 90))
    outer, _, inner = scale_bars([*PANELS, inset], [bar(110, 80, length=40), bar(20, 180)], [])
    assert [item.length_px for item in outer] == [60]
    assert [item.length_px for item in inner] == [40]


def test_a_line_in_a_graph_is_a_scale_bar_only_if_a_label_says_so() -> None:
    assert scale_bars(PANELS, [bar(120, 180)], [], drawings=[0]) == [(), ()]
    assert len(scale_bars(PANELS, [bar(120, 180)], [label(125, 164)], drawings=[0])[0]) == 1


def test_a_bar_right_below_a_picture_is_the_pictures_and_one_on_the_page_nobodys() -> None:
    assert len(scale_bars(PANELS, [bar(50, 206)], [])[0]) == 1
    assert scale_bars(PANELS, [bar(50, 300)], []) == [(), ()]


positions = st.tuples(st.floats(0, 400), st.floats(0, 250), st.floats(0, 120), st.floats(0, 1))


@given(st.lists(positions, max_size=6), st.lists(positions, max_size=6))
def test_bars_and_labels_are_used_once_and_keep_their_boxes(
    bars: list[tuple[float, float, float, float]], labels: list[tuple[float, float, float, float]]
) -> None:
    seen = [bar(*values) for values in bars]
    read = [label(x, y, confidence=c) for x, y, _, c in labels]
    found = [item for items in scale_bars(PANELS, seen, read) for item in items]
    for boxes, known in (
        ([item.box for item in found], [item.box for item in seen]),
        ([item.label_box for item in found if item.label_box], [item.box for item in read]),
    ):
        assert all(boxes.count(box) <= known.count(box) for box in boxes)
