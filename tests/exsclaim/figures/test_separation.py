"""A figure is cut at its gutters: micrographs to the pixel, graphs whole, letters and captions never panels."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from exsclaim.errors import SettingsError
from exsclaim.figures import REQUIRED_MODELS, model_versions, separate, separate_all
from exsclaim.figures.detection.detections import Detections, torch_device
from exsclaim.figures.detection.panel_detector import DetectedPanel
from exsclaim.figures.detection.panel_network import KINDS
from exsclaim.figures.labels.label_reading import DetectedLabel
from exsclaim.figures.panels.gutters import panel_boxes, snap
from exsclaim.figures.scale.scale_bars import DetectedBar, DetectedScaleLabel
from exsclaim.figures.separation import WORK_SIDE_PX, concluded
from exsclaim.geometry import Box, column_order, hull, reading_order
from exsclaim.records import Panel, PanelKind
from tests.exsclaim.figures.drawings import Picture, graph, jpeg, letter, page, place, texture


def by_gutters(image: Picture, expected: tuple[str, ...] = (), *, figure_id: str = "") -> list[Panel]:
    """The panels of a figure in which the networks see nothing."""
    return concluded(image, Detections(()), expected, figure_id=figure_id)


def drawn_figure(seed: int) -> Picture:
    """Two micrographs side by side, one above them."""
    figure = page(420, 430)
    place(figure, texture(400, 200, seed=seed, level=90), 10, 10)
    place(figure, texture(195, 200, seed=seed + 10, level=150), 10, 220)
    place(figure, texture(195, 200, seed=seed + 20, level=110), 215, 220)
    return figure


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
    panels = by_gutters(figure, figure_id="f")
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
    first, second = by_gutters(figure)
    assert first.box == micrograph
    assert second.box.iou(plot) >= 0.9


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
    (panel,) = by_gutters(figure)
    assert panel.box.iou(Box.of((0, 0, 1000, 1000))) > 0.9


def test_figures_separated_together_are_separated_as_alone() -> None:
    figures = [drawn_figure(1), drawn_figure(2), drawn_figure(1)[:, ::-1].copy(), drawn_figure(3)[:200]]
    together = separate_all([(image, ("a",), f"f{i}") for i, image in enumerate(figures)])
    for i, (image, panels) in enumerate(zip(figures, together, strict=True)):
        alone = separate(image, ("a",), figure_id=f"f{i}")
        assert [(p.id, p.label, p.kind, len(p.scale_bars)) for p in panels] == [
            (p.id, p.label, p.kind, len(p.scale_bars)) for p in alone
        ]
        for one, other in zip(panels, alone, strict=True):
            # sums in another order: equal but for their last digits
            np.testing.assert_allclose(one.box.corners, other.box.corners, atol=0.5)


def test_what_is_not_read_is_not_claimed() -> None:
    (panel,) = by_gutters(texture(200, 200, 1), figure_id="article/fig1")
    assert (panel.id, panel.figure_id) == ("article/fig1/p1", "article/fig1")
    assert (panel.label, panel.label_confidence, panel.scale_bars) == (None, 0.0, ())


def test_what_only_the_caption_tells_is_said_to_be_inferred() -> None:
    (panel,) = by_gutters(texture(200, 200, 1), ("a",))
    assert (panel.label, panel.label_origin, panel.label_box) == ("a", "inferred", None)
    assert panel.label_confidence < 0.5


def test_the_installed_networks_find_drawn_micrographs_and_say_what_they_are() -> None:
    figure, boxes = grid(2, 2, side=220, gutter=12)
    panels = separate(figure, figure_id="f")
    assert_found([panel.box for panel in panels], boxes, within_px=2)
    versions = model_versions()
    assert set(versions) - {"second_reader"} == set(REQUIRED_MODELS)
    assert all(len(digest) == 64 for name, digest in versions.items() if name != "second_reader")


@pytest.mark.parametrize(
    ("width", "height"), [(4001, 2999), (4001, 2998), (4000, 3), (3, 4000), (30000, 40), (2701, 1)]
)
def test_no_panel_goes_beyond_a_large_figure(width: int, height: int) -> None:
    image = page(width, height, colour=(20, 90, 160))

    (panel,) = by_gutters(image)

    work_px = max(width, height) / WORK_SIDE_PX
    assert panel.box.corners[:2] == (0, 0)
    assert width - work_px <= panel.box.x1 <= width
    assert height - work_px <= panel.box.y1 <= height


def test_a_large_figure_gives_the_panels_of_a_small_one() -> None:
    figure, boxes = grid(3, 2, side=1000, gutter=60)
    panels = by_gutters(figure, figure_id="f")
    assert max(figure.shape) > WORK_SIDE_PX
    assert_found([panel.box for panel in panels], boxes, within_px=4)


@pytest.mark.parametrize("shape", [(10, 10), (10, 10, 4), (0, 10, 3)])
def test_arrays_that_are_no_rgb_image_are_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="uint8 RGB"):
        separate(np.zeros(shape, dtype=np.uint8))


@pytest.mark.parametrize("image", ["figure.png", Path("figure.png"), b"\x89PNG", None])
def test_a_file_is_no_array(image: Any) -> None:
    with pytest.raises(TypeError, match=f"an array, not {type(image).__name__}: .*read_image decodes a file"):
        separate(image)


@pytest.mark.parametrize("labels", [[1, 2, 3], ("a", None)])
def test_expected_labels_are_texts(labels: Any) -> None:
    with pytest.raises(TypeError, match=r"expected labels are texts such as 'a' or '1', not .*: write them as str"):
        separate(np.zeros((10, 10, 3), dtype=np.uint8), labels)


@pytest.mark.parametrize("device", ["gpu", "cuda:0", "CPU", ""])
def test_a_device_that_there_is_not_is_no_cpu(device: str) -> None:
    with pytest.raises(SettingsError, match=f"device {device!r} is none of auto, cpu, cuda"):
        torch_device(device)


small_images = hnp.arrays(
    np.uint8,
    st.tuples(st.integers(1, 60), st.integers(1, 60), st.just(3)),
    elements=st.sampled_from([0, 12, 128, 200, 255]),
)


@settings(deadline=None, max_examples=60)
@given(small_images)
def test_any_image_gives_panels_inside_it(image: Picture) -> None:
    height, width = image.shape[:2]
    panels = by_gutters(image)
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
    assert sorted(reading_order(boxes)) == list(range(len(boxes)))


def test_reading_order_is_row_by_row_also_where_rows_are_ragged() -> None:
    a, b, c, d = (Box.of(v) for v in ((0, 5, 90, 100), (100, 0, 190, 95), (0, 110, 90, 200), (100, 104, 190, 200)))
    assert reading_order([d, c, b, a]) == [3, 2, 1, 0]


def test_pieces_of_one_label_are_joined_when_the_caption_says_how_many_panels_there_are() -> None:
    figure = page(800, 300)
    place(figure, texture(240, 260, 1), 10, 20)
    place(figure, texture(120, 160, 2), 260, 20)
    place(figure, texture(120, 90, 3), 260, 190)
    place(figure, texture(340, 260, 4), 430, 20)
    assert len(by_gutters(figure)) == 4
    first, second = by_gutters(figure, ("a", "b"))
    assert first.box == Box.of((10, 20, 380, 280))
    assert second.box == Box.of((430, 20, 770, 280))


def test_cells_of_a_grid_are_never_joined() -> None:
    figure, boxes = grid(3, 2)
    assert [panel.box for panel in by_gutters(figure, ("a", "b"))] == boxes


def test_columns_are_read_down() -> None:
    a, b, c, d = (Box.of(v) for v in ((0, 5, 90, 100), (100, 0, 190, 95), (0, 110, 90, 200), (100, 104, 190, 200)))
    assert column_order([a, b, c, d]) == [0, 2, 1, 3]


def seen(box: Box, kind: PanelKind = PanelKind.MICROSCOPY, *, score: float = 0.9, nested: float = 0.0) -> DetectedPanel:
    scores = tuple(score if known is kind else 0.01 for known in KINDS)
    return DetectedPanel(box, kind, score, scores, nested)


def seen_letter(box: Box, label: str) -> DetectedLabel:
    return DetectedLabel(Box.of((box.x0 + 6, box.y0 + 6, box.x0 + 16, box.y0 + 20)), 0.9, {label: 0.95})


def test_what_the_networks_see_becomes_records_with_letters_and_scales() -> None:
    figure, boxes = grid(2, 1, side=200)
    x0, y1 = boxes[1].x0, boxes[1].y1
    detections = Detections(
        panels=tuple(seen(box) for box in boxes),
        letters=tuple(seen_letter(box, label) for box, label in zip(boxes, "ab", strict=True)),
        bars=(DetectedBar(Box.of((x0 + 20, y1 - 12, x0 + 70, y1 - 8)), 0.9),),
        scale_labels=(DetectedScaleLabel(Box.of((x0 + 25, y1 - 30, x0 + 65, y1 - 16)), 0.9, "100 nm", 100.0, 0.95),),
    )
    a, b = concluded(figure, detections, figure_id="f")
    assert (a.id, a.label, a.label_origin, a.box, a.scale_bars) == ("f/p1", "a", "read", boxes[0], ())
    assert (b.label, b.kind, b.nm_per_px, b.width_nm) == ("b", PanelKind.MICROSCOPY, 2.0, 400.0)
    assert (b.scale_bars[0].label_text, b.scale_bars[0].nm_origin, b.flags) == ("100 nm", "printed", ())


def test_an_inset_names_its_panel_and_keeps_its_own_bar() -> None:
    figure = texture(400, 300, 1, level=90)
    inset = place(figure, texture(120, 100, 2, level=190), 260, 20)
    whole = Box.of((0, 0, 400, 300))
    detections = Detections(
        panels=(seen(whole), seen(inset, PanelKind.DIFFRACTION, nested=0.9)),
        bars=(DetectedBar(Box.of((280, 105, 320, 109)), 0.9), DetectedBar(Box.of((20, 280, 120, 284)), 0.9)),
    )
    outer, inner = concluded(figure, detections, figure_id="f")
    assert (outer.box, outer.parent_id, outer.is_inset) == (whole, None, False)
    assert (inner.parent_id, inner.is_inset, inner.kind) == ("f/p1", True, PanelKind.DIFFRACTION)
    assert [bar.length_px for bar in inner.scale_bars] == [40]
    assert [bar.length_px for bar in outer.scale_bars] == [100]


def test_pieces_of_one_letter_become_the_parts_of_a_parent() -> None:
    figure = page(800, 300)
    micrograph = place(figure, texture(240, 260, 1), 10, 20)
    maps = [place(figure, texture(120, 125, 2), 254, 20), place(figure, texture(120, 125, 3), 254, 155)]
    other = place(figure, texture(340, 260, 4), 430, 20)
    detections = Detections(
        panels=tuple(seen(box) for box in (micrograph, *maps, other)),
        letters=(seen_letter(micrograph, "a"), seen_letter(other, "b")),
    )
    parent, b, *parts = concluded(figure, detections, figure_id="f")
    assert (parent.label, parent.kind, parent.box) == ("a", PanelKind.PARENT, Box.of((10, 20, 374, 280)))
    assert (b.label, b.box) == ("b", other)
    assert [part.box for part in parts] == [micrograph, *maps]
    assert all(part.parent_id == "f/p1" and not part.is_inset and part.label is None for part in parts)


def test_pieces_that_the_network_saw_as_one_image_are_that_image_with_its_inset() -> None:
    figure = page(800, 300)
    whole, other = Box.of((10, 20, 374, 280)), Box.of((430, 20, 770, 280))
    strip, inset, rest = Box.of((10, 20, 250, 150)), Box.of((10, 154, 250, 280)), Box.of((254, 20, 374, 280))
    for seed, box in enumerate((strip, inset, rest, other)):
        place(figure, texture(int(box.width), int(box.height), seed), int(box.x0), int(box.y0))
    pieces = tuple(seen(box, score=0.9) for box in (strip, inset, rest, other))
    letters = (seen_letter(strip, "a"), seen_letter(other, "b"))
    a, b, *insets = concluded(figure, Detections((*pieces, seen(whole, score=0.6, nested=0.5)), letters), figure_id="f")
    assert (a.label, a.kind, a.box) == ("a", PanelKind.MICROSCOPY, whole)
    assert b.box == other
    assert insets
    assert all(part.is_inset and part.parent_id == "f/p1" for part in insets)


def test_rows_below_a_row_of_letters_are_parts_of_its_panels() -> None:
    figure, boxes = grid(3, 2)
    detections = Detections(
        panels=tuple(seen(box) for box in boxes),
        letters=tuple(seen_letter(box, label) for box, label in zip(boxes, "abc", strict=False)),
    )
    panels = concluded(figure, detections)
    assert [panel.label for panel in panels if panel.parent_id is None] == ["a", "b", "c"]


def test_one_letter_seen_twice_joins_nothing() -> None:
    figure, boxes = grid(3, 2)
    twice = tuple(seen_letter(box, "a") for box in (boxes[0], boxes[3]))
    assert len(concluded(figure, Detections(panels=tuple(seen(box) for box in boxes), letters=twice))) == 6


def test_a_row_whose_letters_the_caption_names_stays_a_row_of_panels() -> None:
    figure, boxes = grid(3, 2)
    detections = Detections(
        panels=tuple(seen(box) for box in boxes),
        letters=tuple(seen_letter(box, label) for box, label in zip(boxes, "abc", strict=False)),
    )
    for expected in ("abcdef", "abcdefg"):
        panels = concluded(figure, detections, list(expected))
        assert [panel.label for panel in panels][:3] == ["a", "b", "c"]
        assert len(panels) == 6
        assert all(panel.parent_id is None for panel in panels)


def test_a_drawing_in_pieces_without_any_letter_is_one_drawing() -> None:
    figure, boxes = grid(3, 1)
    pieces = [hull((boxes[0], boxes[1])), boxes[2]]
    drawn = Detections(panels=tuple(seen(box, PanelKind.ILLUSTRATION, score=0.5) for box in pieces))
    (scheme,) = concluded(figure, drawn)
    assert (scheme.kind, scheme.box) == (PanelKind.ILLUSTRATION, hull((boxes[0], boxes[2])))
    assert len(concluded(figure, Detections(panels=tuple(seen(box) for box in boxes)))) == 3


def test_a_figure_in_which_no_panel_is_seen_is_cut_at_its_gutters() -> None:
    figure, boxes = grid(2, 1)
    assert [panel.box for panel in concluded(figure, Detections(()))] == boxes


def test_snap_moves_a_rough_box_to_the_images_edges() -> None:
    figure, boxes = grid(2, 1, side=200, gutter=30)
    rough = Box.of((boxes[0].x0 - 4, boxes[0].y0 + 5, boxes[0].x1 + 3.4, boxes[0].y1 - 4))
    assert snap(rough, figure) == boxes[0]


def test_snap_leaves_a_box_alone_where_there_is_no_edge() -> None:
    assert snap(Box.of((50, 50, 150, 150)), page(200, 200)) == Box.of((50, 50, 150, 150))


def test_importing_the_package_loads_no_opencv() -> None:
    code = "import sys, exsclaim.figures; sys.exit('cv2' in sys.modules or 'torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_two_letters_in_one_panel_make_it_two() -> None:
    image = np.hstack([texture(240, 200, 1, level=70), texture(260, 200, 2, level=160)])
    whole = DetectedPanel(
        Box.of((0, 0, 500, 200)), PanelKind.MICROSCOPY, 0.8, tuple([0.8] + [0.0] * (len(KINDS) - 1)), 0
    )
    letters = tuple(DetectedLabel(Box.of((x, 6, x + 14, 22)), 0.95, {name: 0.97}) for x, name in ((6, "a"), (246, "b")))
    panels = concluded(image, Detections((whole,), letters))
    assert [panel.label for panel in panels] == ["a", "b"]
    assert panels[0].box.x1 == pytest.approx(240, abs=2)
    assert "box_in_doubt" in panels[0].flags


def test_two_letters_that_point_at_places_of_one_micrograph_leave_it_whole() -> None:
    image = texture(500, 200, 1, level=90)
    whole = DetectedPanel(
        Box.of((0, 0, 500, 200)), PanelKind.MICROSCOPY, 0.8, tuple([0.8] + [0.0] * (len(KINDS) - 1)), 0
    )
    letters = tuple(DetectedLabel(Box.of((x, 6, x + 14, 22)), 0.95, {name: 0.97}) for x, name in ((6, "a"), (246, "b")))
    assert len(concluded(image, Detections((whole,), letters))) == 1


def test_a_kind_is_unclear_where_another_is_as_likely() -> None:
    image = texture(300, 200, 1)
    alike = tuple(0.2 if i < 6 else 0.0 for i in range(len(KINDS)))
    panel = DetectedPanel(Box.of((0, 0, 300, 200)), PanelKind.MICROSCOPY, 0.6, alike, 0)
    (found,) = concluded(image, Detections((panel,)))
    assert found.kind is PanelKind.UNCLEAR
    assert "kind_in_doubt" in found.flags


def test_what_looks_like_a_letter_is_the_title_of_an_axis_where_no_panel_has_a_label() -> None:
    image = page(400, 300)
    graph = place(image, texture(300, 200, 1), 60, 20)
    title = place(image, texture(14, 16, 2), 200, 226)
    detections = Detections((seen(graph, PanelKind.GRAPH),), (seen_letter(title, "h"),))
    (panel,) = concluded(image, detections)
    assert panel.label is None
    assert panel.box.y1 == pytest.approx(title.y1, abs=1)
