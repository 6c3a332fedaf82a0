"""Panel detection: input sizes, boxes back in the figure's pixels, the choice among proposals, sides to the pixel."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from exsclaim.figures import weights
from exsclaim.figures.detection.panel_detector import (
    WEIGHTS,
    DetectedPanel,
    PanelDetector,
    input_size,
    network_input,
    with_types,
)
from exsclaim.figures.detection.panel_network import KINDS, SIZE_MULTIPLE, TYPES, PanelNetwork, grid_points
from exsclaim.figures.panels.panel_choice import choose, nested_in
from exsclaim.figures.panels.panel_edges import Edges, parted
from exsclaim.geometry import Box
from exsclaim.records import PanelKind


def proposal(
    corners: tuple[float, float, float, float],
    kind: PanelKind = PanelKind.MICROSCOPY,
    score: float = 0.9,
    nested: float = 0.0,
) -> DetectedPanel:
    scores = tuple(score if one is kind else 0.0 for one in KINDS)
    return DetectedPanel(Box.of(corners), kind, score, scores, nested)


def page(width: int = 400, height: int = 300) -> NDArray[np.uint8]:
    return np.full((height, width, 3), 255, np.uint8)


def textured(image: NDArray[np.uint8], x0: int, y0: int, x1: int, y1: int) -> None:
    noise = np.random.default_rng(1).integers(20, 160, (y1 - y0, x1 - x0, 1))
    image[y0:y1, x0:x1] = noise.astype(np.uint8)


@given(st.integers(1, 20_000), st.integers(1, 20_000), st.integers(40_000, 300_000))
def test_input_sizes_are_what_the_network_takes_and_of_bounded_cost(width: int, height: int, area_px: int) -> None:
    across, down = input_size(width, height, area_px)
    assert across % SIZE_MULTIPLE == down % SIZE_MULTIPLE == 0
    assert across > 0
    assert down > 0
    assert across * down <= 1.5 * area_px + SIZE_MULTIPLE**2


@given(st.integers(1, 200), st.integers(1, 200))
def test_network_input_has_the_asked_size_and_range(width: int, height: int) -> None:
    tensor = network_input(np.full((height, width, 3), 255, np.uint8), (64, 32))
    assert tensor.shape == (3, 32, 64)
    assert float(tensor.max()) == 1.0


def test_the_network_predicts_at_every_grid_point() -> None:
    points, strides = grid_points(64, 96)
    with torch.inference_mode():
        kinds, nested, boxes, types = PanelNetwork()(torch.zeros(2, 3, 64, 96))
    assert kinds.shape == (2, len(points), len(KINDS))
    assert nested.shape == (2, len(points))
    assert boxes.shape == (2, len(points), 4)
    assert types.shape == (2, len(points), len(TYPES))
    assert sorted(set(strides.tolist())) == [8.0, 16.0, 32.0]
    assert bool((boxes[..., :2] <= boxes[..., 2:]).all())


def test_figures_of_several_shapes_go_through_one_call_and_stay_in_order() -> None:
    detector = PanelDetector(PanelNetwork(), torch.device("cpu"), area_px=64 * 64)
    images = [page(300, 100), page(100, 300), page(310, 100)]
    together = detector.detect(images, min_score=0.0)
    alone = [detector.detect([image], min_score=0.0)[0] for image in images]
    for one, other, image in zip(together, alone, images, strict=True):
        assert len(one) == len(other)
        assert all(panel.box.x1 <= image.shape[1] and panel.box.y1 <= image.shape[0] for panel in one)


def test_of_two_kinds_as_likely_the_one_whose_types_are_seen_wins() -> None:
    scores = torch.zeros(len(KINDS))
    scores[KINDS.index(PanelKind.MICROSCOPY)] = 0.40
    scores[KINDS.index(PanelKind.PHOTO)] = 0.42
    types = torch.full((len(TYPES),), 0.005)
    types[TYPES.index("SEM")] = 0.5
    types[TYPES.index("optical")] = 0.3
    assert KINDS[int(with_types(scores, types).argmax())] is PanelKind.MICROSCOPY
    assert KINDS[int(with_types(scores, torch.empty(0)).argmax())] is PanelKind.PHOTO


def test_a_kind_that_is_clearly_seen_is_not_talked_away_by_types() -> None:
    scores = torch.full((len(KINDS),), 0.02)
    scores[KINDS.index(PanelKind.GRAPH)] = 0.8
    types = torch.zeros(len(TYPES))
    types[TYPES.index("scheme")] = 1.0
    assert KINDS[int(with_types(scores, types).argmax())] is PanelKind.GRAPH


def test_each_panel_is_of_the_kind_with_most_score_or_a_parent() -> None:
    torch.manual_seed(3)
    detector = PanelDetector(PanelNetwork(), torch.device("cpu"), area_px=64 * 64)
    panels = detector.detect([page(300, 100)], min_score=0.0)[0]
    assert panels
    for panel in panels:
        others = [score for kind, score in zip(KINDS, panel.kind_scores, strict=True) if kind is not PanelKind.PARENT]
        of_kind = panel.kind_scores[KINDS.index(panel.kind)]
        assert panel.kind is PanelKind.PARENT or of_kind == max(others)


def test_older_weights_of_six_kinds_and_no_types_are_still_read() -> None:
    older = PanelNetwork(kinds=6, types=0)
    found = PanelDetector(PanelNetwork.of(older.state_dict()), torch.device("cpu"), area_px=64 * 64)
    panels = found.detect([page()], min_score=0.0)[0]
    assert panels
    assert {panel.type for panel in panels} == {None}
    assert {len(panel.kind_scores) for panel in panels} == {6}


def test_newer_weights_say_the_type_of_a_panel_and_how_likely_it_is() -> None:
    panels = PanelDetector(PanelNetwork(), torch.device("cpu"), area_px=64 * 64).detect([page()], min_score=0.0)[0]
    assert {panel.type for panel in panels} <= set(TYPES)
    assert all(1 / len(TYPES) <= panel.type_score <= 1 for panel in panels)


def test_parts_give_way_to_a_surer_parent() -> None:
    image = page()
    textured(image, 10, 10, 390, 290)
    parts = [proposal((10, 10, 200, 290), score=0.5), proposal((200, 10, 390, 290), score=0.5)]
    chosen = choose([proposal((10, 10, 390, 290), PanelKind.PARENT, score=0.8), *parts], image)
    assert [panel.kind for panel in chosen] == [PanelKind.PARENT]


def test_a_doubtful_parent_gives_way_to_its_parts() -> None:
    image = page()
    textured(image, 10, 10, 195, 290)
    textured(image, 205, 10, 390, 290)
    parts = [proposal((10, 10, 195, 290), score=0.9), proposal((205, 10, 390, 290), score=0.9)]
    chosen = choose([proposal((10, 10, 390, 290), PanelKind.PARENT, score=0.4), *parts], image)
    assert sorted(panel.box.x0 for panel in chosen) == [10, 205]


def test_insets_are_no_panels_but_are_found_in_their_panel() -> None:
    image = page()
    textured(image, 10, 10, 390, 290)
    inset = proposal((20, 20, 100, 100), PanelKind.DIFFRACTION, nested=0.9)
    host, *others = choose([proposal((10, 10, 390, 290)), inset], image)
    assert others == []
    assert nested_in(host, [inset]) == [inset]


@pytest.mark.parametrize(
    ("corners", "score", "nested", "why"),
    [
        ((20, 20, 300, 250), 0.9, 0.9, "the plot area of the graph itself: too large"),
        ((20, 20, 100, 100), 0.5, 0.5, "as likely a legend or a node"),
        ((20, 20, 100, 100), 0.9, 0.1, "a panel of its own, if any"),
    ],
)
def test_what_may_be_no_inset_is_a_part_of_parents_alone(
    corners: tuple[float, float, float, float], score: float, nested: float, why: str
) -> None:
    part = proposal(corners, score=score, nested=nested)
    assert nested_in(proposal((10, 10, 390, 290), PanelKind.GRAPH), [part]) == [], why
    assert nested_in(proposal((10, 10, 390, 290), PanelKind.PARENT), [part]) == [part]


@pytest.mark.parametrize("kind", [PanelKind.MICROSCOPY, PanelKind.GRAPH, PanelKind.PARENT])
@given(shift=st.tuples(*[st.integers(-5, 5)] * 4))
def test_sides_are_found_to_the_pixel(kind: PanelKind, shift: tuple[int, int, int, int]) -> None:
    image = page()
    true = (60, 50, 330, 260)
    textured(image, *true)
    rough = Box.of([at + off for at, off in zip(true, shift, strict=True)])
    assert Edges(image).fitted(rough, kind).corners == true


def test_a_box_where_the_figure_has_no_edge_stays() -> None:
    image = page()
    textured(image, 0, 0, 400, 300)
    rough = Box.of((100, 80, 300, 220))
    assert Edges(image).fitted(rough, PanelKind.GRAPH).iou(rough) > 0.95


@given(seam=st.integers(170, 230), over=st.integers(1, 12), under=st.integers(1, 12))
def test_overlapping_neighbours_are_parted_at_the_seam_between_them(seam: int, over: int, under: int) -> None:
    image = page()
    textured(image, 0, 0, seam, 300)
    image[:, seam:] = 200
    left, right = parted([Box.of((0, 0, seam + over, 300)), Box.of((seam - under, 0, 400, 300))], Edges(image))
    assert left.corners == (0, 0, seam, 300)
    assert right.corners == (seam, 0, 400, 300)


def test_neighbours_with_a_gutter_and_strangers_are_left_as_they_are() -> None:
    image = page()
    boxes = [Box.of((0, 0, 190, 140)), Box.of((200, 0, 400, 140)), Box.of((180, 160, 400, 300))]
    assert parted(boxes, Edges(image)) == boxes


@pytest.mark.skipif(not (weights.FOLDER / f"{WEIGHTS}.safetensors").exists(), reason="no panel weights installed")
def test_installed_weights_find_two_micrographs_on_a_page() -> None:
    image = page(640, 320)
    textured(image, 10, 10, 315, 310)
    textured(image, 325, 10, 630, 310)
    chosen = choose(PanelDetector.load().detect([image])[0], image)
    assert sorted(panel.box.x0 for panel in chosen) == [10, 325]
