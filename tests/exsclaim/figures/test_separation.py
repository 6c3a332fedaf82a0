"""A figure is cut at its gutters: micrographs to the pixel, graphs whole, letters and captions never panels."""

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from exsclaim.figures import model_versions, separate
from exsclaim.figures.gutters import panel_boxes, snap
from exsclaim.figures.separation import in_reading_order
from exsclaim.geometry import Box
from exsclaim.records import PanelKind
from tests.exsclaim.figures.drawings import Picture, graph, jpeg, letter, page, place, texture


def assert_found(found: list[Box], expected: list[Box], within_px: float) -> None:
    """Every expected box is found once, each side within so many pixels, and nothing else is."""
    assert len(found) == len(expected), [box.corners for box in found]
    for box in expected:
        nearest = max(found, key=box.iou)
        np.testing.assert_allclose(nearest.corners, box.corners, atol=within_px)


def grid(
    columns: int, rows: int, *, side: int = 100, gutter: int = 8, colour: tuple[int, int, int] = (255, 255, 255)
) -> tuple[Picture, list[Box]]:
    """Micrographs in rows and columns, a margin of one gutter around."""
    figure = page(gutter + columns * (side + gutter), gutter + rows * (side + gutter), colour)
    boxes = [
        place(
            figure,
            texture(side, side, seed=row * columns + column, level=110 + 10 * ((row + column) % 4)),
            gutter + column * (side + gutter),
            gutter + row * (side + gutter),
        )
        for row in range(rows)
        for column in range(columns)
    ]
    return figure, boxes


@pytest.mark.parametrize("colour", [(255, 255, 255), (0, 0, 0), (235, 235, 240)])
def test_micrographs_are_found_to_the_pixel_on_any_page(colour: tuple[int, int, int]) -> None:
    figure, boxes = grid(3, 2, colour=colour)
    assert_found(panel_boxes(figure), boxes, within_px=1)


@pytest.mark.parametrize("quality", [30, 60, 90])
def test_jpeg_noise_does_not_blur_the_edges(quality: int) -> None:
    figure, boxes = grid(3, 2)
    assert_found(panel_boxes(jpeg(figure, quality)), boxes, within_px=2)


def test_forty_panels_are_forty_panels_in_reading_order() -> None:
    figure, boxes = grid(8, 5, gutter=4)
    panels = separate(figure, figure_id="f")
    assert [panel.box.corners for panel in panels] == [box.corners for box in boxes]
    assert [panel.id for panel in panels] == [f"f/p{n}" for n in range(1, 41)]


def test_gutters_of_two_pixels_and_no_margin() -> None:
    figure = page(402, 200)
    boxes = [place(figure, texture(200, 200, 1), 0, 0), place(figure, texture(200, 200, 2), 202, 0)]
    assert_found(panel_boxes(figure), boxes, within_px=1)


def test_touching_micrographs_are_parted_at_their_seam() -> None:
    left, right = texture(240, 300, 1, level=60), texture(260, 300, 2, level=150)
    found = panel_boxes(np.hstack([left, right]))
    assert_found(found, [Box.of((0, 0, 240, 300)), Box.of((240, 0, 500, 300))], within_px=1)


def test_one_micrograph_is_one_panel() -> None:
    assert_found(panel_boxes(texture(500, 400, 3)), [Box.of((0, 0, 500, 400))], within_px=1)


def test_a_bright_inset_does_not_split_its_micrograph() -> None:
    figure = texture(500, 400, 4, level=90)
    place(figure, texture(150, 120, 5, level=180), 330, 20)
    assert_found(panel_boxes(figure), [Box.of((0, 0, 500, 400))], within_px=1)


def test_letters_and_captions_in_gutters_are_no_panels_and_block_no_cut() -> None:
    figure, boxes = grid(3, 2, side=180, gutter=30)
    for i, box in enumerate(boxes):
        letter(figure, f"({'abcdef'[i]})", int(box.x0) + 4, int(box.y0) - 8)
        letter(figure, "as grown", int(box.x0) + 40, int(box.y0) - 8)
    assert_found(panel_boxes(figure), boxes, within_px=1)


def test_a_layout_that_no_straight_cut_divides() -> None:
    figure = page(420, 420)
    boxes = [
        place(figure, texture(w, h, seed=i), x, y)
        for i, (x, y, w, h) in enumerate(
            [(0, 0, 270, 130), (290, 0, 130, 270), (150, 290, 270, 130), (0, 150, 130, 270), (150, 150, 120, 120)]
        )
    ]
    assert_found(panel_boxes(figure), boxes, within_px=1)


def test_graphs_stay_whole_with_their_tick_labels_and_titles() -> None:
    figure = page(700, 320)
    boxes = [graph(figure, 10, 20, 310, 280), graph(figure, 370, 20, 310, 280)]
    found = panel_boxes(figure)
    assert len(found) == 2
    for box in boxes:
        assert max(box.iou(other) for other in found) >= 0.9


def test_micrograph_beside_graph() -> None:
    figure = page(700, 320)
    micrograph = place(figure, texture(300, 280, 1), 10, 20)
    plot = graph(figure, 350, 20, 330, 280)
    first, second = separate(figure)
    assert first.box == micrograph
    assert second.box.iou(plot) >= 0.9
    assert (first.kind, second.kind) == (PanelKind.MICROSCOPY, PanelKind.GRAPH)
    assert 0 < first.kind_confidence <= 1


def test_large_figures_are_exact_too() -> None:
    figure, boxes = grid(3, 2, side=1211, gutter=37)
    assert_found(panel_boxes(figure), boxes, within_px=2)


def test_very_wide_and_tiny_figures_are_at_least_one_panel() -> None:
    for height, width in ((1, 1), (1, 20_000), (20_000, 2), (3, 3), (40, 20_000)):
        assert len(panel_boxes(page(width, height))) == 1


def test_a_drawing_of_hundreds_of_pieces_is_one_panel() -> None:
    figure = page(1000, 1000)
    for x in range(0, 1000, 50):
        for y in range(0, 1000, 50):
            figure[y + 5 : y + 45, x + 5 : x + 45] = 0
            figure[y + 7 : y + 43, x + 7 : x + 43] = 255
    (panel,) = separate(figure)
    assert panel.box.iou(Box.of((0, 0, 1000, 1000))) > 0.9


def test_what_is_not_read_is_not_claimed() -> None:
    (panel,) = separate(texture(200, 200, 1), ("a",), figure_id="article/fig1")
    assert (panel.id, panel.figure_id) == ("article/fig1/p1", "article/fig1")
    assert (panel.label, panel.label_confidence, panel.scale_bars) == (None, 0.0, ())
    assert model_versions() == {}


@pytest.mark.parametrize("shape", [(10, 10), (10, 10, 4), (0, 10, 3)])
def test_arrays_that_are_no_rgb_image_are_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="uint8 RGB"):
        separate(np.zeros(shape, dtype=np.uint8))


small_images = hnp.arrays(
    np.uint8,
    st.tuples(st.integers(1, 60), st.integers(1, 60), st.just(3)),
    elements=st.sampled_from([0, 12, 128, 200, 255]),
)


@settings(deadline=None, max_examples=60)
@given(small_images)
def test_any_image_gives_panels_inside_it(image: Picture) -> None:
    height, width = image.shape[:2]
    panels = separate(image)
    assert panels
    for panel in panels:
        assert panel.box.clipped(width, height) == panel.box
        assert panel.box.area > 0


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.tuples(st.integers(0, 500), st.integers(0, 500), st.integers(1, 200), st.integers(1, 200)), max_size=12)
)
def test_reading_order_keeps_every_box_once(corners: list[tuple[int, int, int, int]]) -> None:
    boxes = [Box.of((x, y, x + w, y + h)) for x, y, w, h in corners]
    ordered = in_reading_order(boxes)
    assert sorted(box.corners for box in ordered) == sorted(box.corners for box in boxes)


def test_reading_order_is_row_by_row_also_where_rows_are_ragged() -> None:
    a, b, c, d = (Box.of(v) for v in ((0, 5, 90, 100), (100, 0, 190, 95), (0, 110, 90, 200), (100, 104, 190, 200)))
    assert in_reading_order([d, c, b, a]) == [a, b, c, d]


def test_pieces_of_one_label_are_joined_when_the_caption_says_how_many_panels_there_are() -> None:
    figure = page(800, 300)
    place(figure, texture(240, 260, 1), 10, 20)
    place(figure, texture(120, 160, 2), 260, 20)
    place(figure, texture(120, 90, 3), 260, 190)
    place(figure, texture(340, 260, 4), 430, 20)
    assert len(separate(figure)) == 4
    first, second = separate(figure, ("a", "b"))
    assert first.box == Box.of((10, 20, 380, 280))
    assert second.box == Box.of((430, 20, 770, 280))


def test_cells_of_a_grid_are_never_joined() -> None:
    figure, boxes = grid(3, 2)
    assert [panel.box for panel in separate(figure, ("a", "b"))] == boxes


def test_snap_moves_a_rough_box_to_the_images_edges() -> None:
    figure, boxes = grid(2, 1, side=200, gutter=30)
    rough = Box.of((boxes[0].x0 - 4, boxes[0].y0 + 5, boxes[0].x1 + 3.4, boxes[0].y1 - 4))
    assert snap(rough, figure) == boxes[0]


def test_snap_leaves_a_box_alone_where_there_is_no_edge() -> None:
    assert snap(Box.of((50, 50, 150, 150)), page(200, 200)) == Box.of((50, 50, 150, 150))


def test_importing_the_package_loads_no_opencv() -> None:
    code = "import sys, exsclaim.figures; sys.exit('cv2' in sys.modules or 'torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
