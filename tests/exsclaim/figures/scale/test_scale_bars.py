"""Scale bars meet their labels and their panels."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exsclaim.figures.scale.scale_bars import DetectedBar, DetectedScaleLabel, scale_bars
from exsclaim.geometry import Box
from exsclaim.records import ScaleBar

PANELS = [Box.of((0, 0, 200, 200)), Box.of((210, 0, 410, 200))]


def bar(x: float, y: float, length: float = 60, confidence: float = 0.9) -> DetectedBar:
    return DetectedBar(Box.of((x, y, x + length, y + 4)), confidence)


def label(
    x: float, y: float, text: str = "50 nm", nm: float | None = 50, *, confidence: float = 0.9, read: float = 0.95
) -> DetectedScaleLabel:
    return DetectedScaleLabel(Box.of((x, y, x + 50, y + 14)), confidence, text, nm, read)


def bars_of(
    regions: list[Box],
    bars: list[DetectedBar],
    labels: list[DetectedScaleLabel],
    drawings: tuple[int, ...] | list[int] = (),
) -> list[tuple[ScaleBar, ...]]:
    return [found.bars for found in scale_bars(regions, bars, labels, drawings=drawings)]


@pytest.mark.parametrize(("x", "y"), [(125, 164), (125, 188), (64, 175)], ids=["above", "below", "beside"])
def test_a_label_near_its_bar_gives_its_length(x: float, y: float) -> None:
    (found,), other = bars_of(PANELS, [bar(120, 180)], [label(x, y)])
    assert (found.label_text, found.length_nm, found.nm_origin) == ("50 nm", 50, "printed")
    assert found.length_px == 60
    assert other == ()


def test_each_bar_takes_its_own_label() -> None:
    bars = [bar(120, 180), bar(330, 180), bar(20, 40, length=30)]
    labels = [label(10, 22, "2 nm", 2), label(335, 164, "1 µm", 1000), label(125, 164)]
    left, right = bars_of(PANELS, bars, labels)
    assert [item.length_nm for item in left] == [2, 50]
    assert [item.length_nm for item in right] == [1000]


def test_a_strip_beside_a_label_does_not_leave_its_bar_to_what_cannot_be_read() -> None:
    strip, above = bar(120, 186, length=40), label(125, 160, "", None, confidence=0.6, read=0.0)
    (found, *_), _ = bars_of(PANELS, [bar(120, 178), strip], [label(125, 182), above])
    assert (found.length_px, found.length_nm) == (60, 50)


def test_a_length_before_a_bar_is_its_label_and_the_date_below_it_is_not() -> None:
    date = label(125, 193, "", None, confidence=0.42, read=0.0)
    (found,), _ = bars_of(PANELS, [bar(120, 180)], [label(34, 175), date])
    assert found.length_nm == 50


def test_a_length_far_before_a_bar_or_off_its_line_is_another_thing() -> None:
    for far in (label(4, 175), label(34, 160)):
        (found,), _ = bars_of(PANELS, [bar(120, 180)], [far])
        assert found.length_nm is None


def test_a_bar_across_the_gutter_does_not_take_the_neighbours_label() -> None:
    left, right = bars_of(PANELS, [bar(130, 180), bar(215, 180)], [label(218, 164)])
    assert left[0].length_nm is None
    assert right[0].length_nm == 50


def test_a_faint_bar_is_believed_beside_a_legible_label_only() -> None:
    faint = bar(120, 180, confidence=0.2)
    assert bars_of(PANELS, [faint], []) == [(), ()]
    assert len(bars_of(PANELS, [faint], [label(125, 164)])[0]) == 1


def test_a_bare_bar_is_doubted_more_where_the_figures_bars_have_labels() -> None:
    bare = bar(20, 40, confidence=0.5)
    assert len(bars_of(PANELS, [bare], [])[0]) == 1
    labelled = [bar(120, 180), bar(330, 180)]
    left, right = bars_of(PANELS, [bare, *labelled], [label(125, 164), label(335, 164)])
    assert [len(left), len(right)] == [1, 1]


def test_a_label_far_away_is_no_label_of_this_bar() -> None:
    (found,), _ = bars_of(PANELS, [bar(120, 180)], [label(10, 20)])
    assert (found.label_box, found.length_nm, found.nm_origin) == (None, None, None)


@pytest.mark.parametrize(("x", "length"), [(50, 11), (35, 13), (70, 12)], ids=["dash", "equals sign", "within"])
def test_a_sign_in_the_line_of_a_text_is_no_scale_bar(x: float, length: float) -> None:
    """A depth is written "Z = -50 nm", with no bar."""
    assert bars_of(PANELS, [bar(x, 180, length)], [label(66, 175)]) == [(), ()]


def test_a_short_bar_over_its_label_or_longer_beside_it_is_one() -> None:
    (above,), (beside,) = bars_of(PANELS, [bar(80, 160, 11), bar(290, 180, 20)], [label(66, 168), label(315, 175)])
    assert (above.length_nm, beside.length_nm) == (50, 50)


def test_a_reciprocal_length_is_kept_as_text_but_is_no_length() -> None:
    (found,), _ = bars_of(PANELS, [bar(120, 180)], [label(125, 164, "5 1/nm", None)])
    assert (found.label_text, found.length_nm, found.nm_origin) == ("5 1/nm", None, None)


def test_the_bar_of_an_inset_is_the_insets() -> None:
    inset = Box.of((100, 10, 190, 90))
    outer, _, inner = bars_of([*PANELS, inset], [bar(110, 80, length=40), bar(20, 180)], [])
    assert [item.length_px for item in outer] == [60]
    assert [item.length_px for item in inner] == [40]


def test_a_bar_that_reaches_into_a_smaller_panel_is_that_ones_where_most_of_it_lies() -> None:
    smaller = Box.of((190, 100, 260, 200))
    wide, small = bars_of([PANELS[0], smaller], [bar(145, 180)], [])
    assert (len(wide), len(small)) == (1, 0)


def test_a_line_in_a_graph_is_a_scale_bar_only_if_a_label_says_so() -> None:
    assert bars_of(PANELS, [bar(120, 180)], [], drawings=[0]) == [(), ()]
    assert len(bars_of(PANELS, [bar(120, 180)], [label(125, 164)], drawings=[0])[0]) == 1


def test_a_box_with_print_or_a_row_of_ticks_is_no_scale_bar_in_a_drawing() -> None:
    block = DetectedBar(Box.of((100, 160, 200, 182)), 0.9, in_pictures_only=True)
    assert len(bars_of(PANELS, [block], [label(125, 164)])[0]) == 1
    assert bars_of(PANELS, [block], [label(125, 164)], drawings=[0]) == [(), ()]


def test_a_bar_right_below_a_picture_is_the_pictures_and_one_on_the_page_nobodys() -> None:
    assert len(bars_of(PANELS, [bar(50, 206)], [])[0]) == 1
    assert bars_of(PANELS, [bar(50, 300)], []) == [(), ()]


@pytest.mark.parametrize(
    ("y", "x", "count"), [(256, 50, 1), (284, 50, 0), (100, 446, 0)], ids=["below", "far", "aside"]
)
def test_a_bar_on_the_page_is_the_pictures_above_it_but_not_the_one_aside_of_it(y: float, x: float, count: int) -> None:
    assert sum(map(len, bars_of(PANELS, [bar(x, y)], [label(x + 5, y - 16)]))) == count


def test_a_bar_in_a_strip_below_its_picture_is_not_the_neighbours() -> None:
    above, right = Box.of((0, 0, 200, 200)), Box.of((202, 0, 402, 240))
    first, second = bars_of([above, right], [bar(140, 215, length=58)], [])
    assert (len(first), len(second)) == (1, 0)


def test_a_line_in_a_graph_with_a_doubtful_or_distant_label_is_no_scale_bar() -> None:
    assert bars_of(PANELS, [bar(120, 180)], [label(125, 164, "850 nm", 850, read=0.4)], drawings=[0]) == [(), ()]
    assert bars_of(PANELS, [bar(120, 180)], [label(60, 150)], drawings=[0]) == [(), ()]


def test_a_label_in_a_graph_is_read_again_even_if_it_seems_sure() -> None:
    asked: list[bool] = []

    def confirm(read: DetectedScaleLabel, always: bool) -> DetectedScaleLabel:
        asked.append(always)
        return replace(read, text_confidence=0.1)

    assert scale_bars(PANELS, [bar(120, 180)], [label(125, 164)], drawings=[0], confirm=confirm)[0].bars == ()
    assert asked == [True]


def test_a_text_that_is_hardly_legible_is_kept_and_gives_no_length() -> None:
    (found,), _ = bars_of(PANELS, [bar(120, 180)], [label(125, 164, read=0.2)])
    assert (found.label_text, found.length_nm, found.nm_origin) == ("50 nm", None, None)


def test_a_bare_bar_is_believed_where_a_panel_of_its_size_has_one_at_that_place() -> None:
    labelled, bare = bar(120, 180), bar(330, 180, confidence=0.5)
    left, right = bars_of(PANELS, [labelled, bare], [label(125, 164)])
    assert [len(left), len(right)] == [1, 1]
    for elsewhere in (bar(230, 40, confidence=0.5), bar(330, 180, length=40, confidence=0.5)):
        left, right = bars_of(PANELS, [labelled, elsewhere], [label(125, 164)])
        assert [len(left), len(right)] == [1, 0]


def test_a_bare_bar_is_believed_for_that_of_a_panel_that_is_higher_by_its_heading() -> None:
    headed = [Box.of((0, -30, 200, 200)), PANELS[1]]
    left, right = bars_of(headed, [bar(120, 180), bar(330, 180, confidence=0.5)], [label(125, 164)])
    assert [len(left), len(right)] == [1, 1]


def test_bars_of_one_text_and_two_lengths_in_panels_of_one_size_are_doubted() -> None:
    labels = [label(125, 164), label(335, 164)]
    alike = scale_bars(PANELS, [bar(120, 180), bar(330, 180)], labels)
    assert [found.flags for found in alike] == [(), ()]
    differing = scale_bars(PANELS, [bar(120, 180), bar(330, 180, length=40)], labels)
    assert [found.flags for found in differing] == [("bars_differ_among_panels",)] * 2


def test_bars_whose_text_is_no_length_are_not_compared() -> None:
    labels = [label(125, 164, "5 1/nm", None), label(335, 164, "5 1/nm", None)]
    found = scale_bars(PANELS, [bar(120, 180), bar(330, 180, length=40)], labels)
    assert [item.flags for item in found] == [(), ()]


def test_of_three_bars_of_one_text_the_one_that_differs_is_doubted() -> None:
    panels = [*PANELS, Box.of((420, 0, 620, 200))]
    labels = [label(125, 164), label(335, 164), label(545, 164)]
    found = scale_bars(panels, [bar(120, 180), bar(330, 180), bar(540, 180, length=30)], labels)
    assert [item.flags for item in found] == [(), (), ("bars_differ_among_panels",)]


@pytest.mark.parametrize(("bar_seen", "label_seen", "flags"), [(0.3, 0.25, ("scale_label_in_doubt",)), (0.8, 0.3, ())])
def test_a_scale_of_which_neither_bar_nor_label_is_sure_is_doubted(
    bar_seen: float, label_seen: float, flags: tuple[str, ...]
) -> None:
    found, _ = scale_bars(
        PANELS, [bar(120, 180, confidence=bar_seen)], [label(125, 164, "5 nm", 5, confidence=label_seen, read=0.99)]
    )
    assert found.flags == flags


@pytest.mark.parametrize(
    ("text", "nm", "flags"),
    [
        ("0.44 nm", 0.44, ("scale_label_in_doubt",)),  # between planes of atoms
        ("532 nm", 532, ("scale_label_in_doubt",)),  # of a laser
        ("45.9 nm", 45.9, ("scale_label_in_doubt",)),  # a particle's
        ("200 nm", 200, ()),
        ("2.5 µm", 2500, ()),
        ("0.25 µm", 250, ()),
        ("1.25 µm", 1250, ()),
    ],
)
def test_a_length_that_scale_bars_hardly_have_is_doubted(text: str, nm: float, flags: tuple[str, ...]) -> None:
    assert scale_bars(PANELS, [bar(120, 180)], [label(125, 164, text, nm)])[0].flags == flags


@pytest.mark.parametrize(
    ("line", "flags"),
    [
        (Box.of((126, 176, 140, 179)), ("bar_ends_in_doubt",)),  # the foot of a digit
        (Box.of((126, 182, 140, 185)), ()),  # a short bar below its label
        (Box.of((126, 176, 180, 179)), ()),
    ],
)
def test_a_short_line_that_touches_its_label_may_be_print(line: Box, flags: tuple[str, ...]) -> None:
    text = label(125, 160)
    found, _ = scale_bars(PANELS, [DetectedBar(line, 0.9)], [replace(text, box=Box.of((125, 160, 175, 176)))])
    assert found.flags == flags


@pytest.mark.parametrize(
    ("ends_in_doubt", "gap", "read", "length"),
    [
        (True, 0, 0.95, 60),  # the edge of the label's plate
        (False, 0, 0.95, 40),
        (True, 4, 0.95, 40),
        (True, 0, 0.4, 40),  # the print of what is no length keeps it
    ],
)
def test_the_edge_of_a_label_s_plate_leaves_the_label_to_a_bar_on_its_other_side(
    ends_in_doubt: bool, gap: float, read: float, length: float
) -> None:
    edge = replace(bar(130, 184 + gap, length=40, confidence=0.8), ends_in_doubt=ends_in_doubt)
    found, _ = bars_of(PANELS, [bar(120, 156, confidence=0.8), edge], [label(125, 170, read=read)])
    assert [item.length_px for item in found if item.label_text] == [length]


@pytest.mark.parametrize("y", [157, 184])
def test_a_bar_that_touches_its_label_is_its_bar_where_no_other_is_near(y: float) -> None:
    touching = replace(bar(120, y), ends_in_doubt=True)
    assert [item.length_nm for item in bars_of(PANELS, [touching], [label(125, 170 - 9 * (y < 170))])[0]] == [50]


def test_doubts_are_those_of_each_bar() -> None:
    odd = [bar(20, 20), bar(120, 180)], [label(25, 4, "0.44 nm", 0.44), label(125, 164)]
    found, _ = scale_bars(PANELS, *odd)
    assert found.doubts == (("scale_label_in_doubt",), ())
    assert found.of(found.bars[1:]).flags == ()


def test_doubts_of_a_bar_and_of_its_label_are_flags_where_the_bar_gives_a_length() -> None:
    doubtful = DetectedBar(Box.of((120, 180, 180, 184)), 0.9, ends_in_doubt=True)
    assert scale_bars(PANELS, [doubtful], [])[0].flags == ()
    assert scale_bars(PANELS, [doubtful], [label(125, 164)])[0].flags == ("bar_ends_in_doubt",)
    uncertain = replace(label(125, 164), in_doubt=True)
    assert scale_bars(PANELS, [bar(120, 180)], [uncertain])[0].flags == ("scale_label_in_doubt",)


positions = st.tuples(st.floats(0, 400), st.floats(0, 250), st.floats(0, 120), st.floats(0, 1))


@given(st.lists(positions, max_size=6), st.lists(positions, max_size=6))
def test_bars_and_labels_are_used_once_and_keep_their_boxes(
    bars: list[tuple[float, float, float, float]], labels: list[tuple[float, float, float, float]]
) -> None:
    seen = [bar(*values) for values in bars]
    read = [label(x, y, confidence=c) for x, y, _, c in labels]
    found = [item for items in bars_of(PANELS, seen, read) for item in items]
    for boxes, known in (
        ([item.box for item in found], [item.box for item in seen]),
        ([item.label_box for item in found if item.label_box], [item.box for item in read]),
    ):
        assert all(boxes.count(box) <= known.count(box) for box in boxes)


@pytest.mark.parametrize(
    ("confidence", "x", "second", "lengths"),
    [(0.38, 125, 0.9, [50]), (0.38, 125, 0.05, []), (0.2, 125, 0.9, []), (0.38, 20, 0.9, [])],
    ids=["legible at the second look", "not legible then, either", "a bar hardly seen", "a label far from the bar"],
)
def test_a_faint_bar_is_believed_where_the_label_beside_it_is_legible_at_the_second_look(
    confidence: float, x: float, second: float, lengths: list[float]
) -> None:
    def confirm(read: DetectedScaleLabel, always: bool) -> DetectedScaleLabel:
        return replace(read, text_confidence=second)

    bars = [bar(120, 180, confidence=confidence)]
    found = scale_bars(PANELS, bars, [label(x, 164, confidence=0.5, read=0.03)], confirm=confirm)[0].bars
    assert [item.length_nm for item in found] == lengths
