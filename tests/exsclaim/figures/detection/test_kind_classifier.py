"""Panels are brought to squares and classified together; both runtimes see the same."""

import importlib.util

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from exsclaim.figures.detection.kind_classifier import KindClassifier, as_input, colourful, cut, padded
from exsclaim.figures.detection.panel_network import KINDS, TYPES
from exsclaim.geometry import Box
from exsclaim.records import PanelKind
from tests.exsclaim.figures.drawings import graph, page, place, texture


@pytest.fixture(scope="module")
def classifier() -> KindClassifier:
    return KindClassifier.load()


@given(st.integers(1, 400), st.integers(1, 400), st.sampled_from([32, 96, 160]))
def test_a_panel_fills_its_square_in_one_direction_and_is_never_narrower_than_half(
    width: int, height: int, side: int
) -> None:
    square = padded(np.zeros((height, width, 3), np.uint8), side)
    across, down = (int((square.min(axis=(2, axis)) == 0).sum()) for axis in (0, 1))
    assert square.shape == (side, side, 3)
    assert max(across, down) == side
    assert min(across, down) >= side // 2 - 1


@given(st.tuples(*[st.floats(-50, 150)] * 4))
def test_what_is_cut_out_has_a_pixel_at_least(corners: tuple[float, ...]) -> None:
    x0, y0, x1, y1 = corners
    box = Box(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))
    assert cut(np.zeros((80, 100, 3), np.uint8), box).size > 0


def test_the_network_sees_from_minus_one_to_one() -> None:
    seen = as_input(np.array([[[[0, 128, 255]]]], np.uint8))
    assert seen.flatten().tolist() == pytest.approx([-1, 0, 0.992], abs=0.001)


def test_a_micrograph_and_a_graph_are_told_apart(classifier: KindClassifier) -> None:
    picture = page(700, 320)
    place(picture, texture(300, 280, 1), 10, 20)
    graph(picture, 350, 20, 330, 280)
    image, plot = classifier.classify(picture, [Box(10, 20, 310, 300), Box(350, 20, 680, 300)])
    assert KINDS[int(image.kinds.argmax())] is PanelKind.MICROSCOPY
    assert KINDS[int(plot.kinds.argmax())] is PanelKind.GRAPH
    for seen in (image, plot):
        assert seen.kinds.shape == (len(KINDS),)
        assert seen.types.shape == (len(TYPES),)
        assert seen.kinds.sum() == pytest.approx(1, abs=1e-4)


def test_half_of_an_image_in_red_is_colourful_and_grey_is_not() -> None:
    image = np.full((40, 1000, 3), 90, np.uint8)
    image[:, :500] = (200, 30, 40)
    assert colourful(image) == pytest.approx(0.5, abs=0.02)
    assert colourful(image[:1, 499:500]) == 1
    assert colourful(image[:, 500:]) == 0


def test_no_panels_need_no_network(classifier: KindClassifier) -> None:
    assert classifier.classify(page(50, 50), []) == []


def test_panels_are_seen_alike_alone_and_together(classifier: KindClassifier) -> None:
    picture = page(400, 300)
    place(picture, texture(180, 280, 3), 5, 5)
    graph(picture, 200, 20, 190, 260)
    boxes = [Box(5, 5, 185, 285), Box(200, 20, 390, 280), Box(0, 0, 400, 300)]
    together = classifier.classify(picture, boxes)
    for box, seen in zip(boxes, together, strict=True):
        (alone,) = classifier.classify(picture, [box])
        np.testing.assert_allclose(alone.kinds, seen.kinds, atol=1e-4)


@pytest.mark.skipif(importlib.util.find_spec("openvino") is None, reason="openvino is not installed")
def test_openvino_sees_what_torch_sees(classifier: KindClassifier) -> None:
    fast = KindClassifier.load(with_openvino=True)
    picture = page(400, 300)
    place(picture, texture(180, 280, 3), 5, 5)
    graph(picture, 200, 20, 190, 260)
    boxes = [Box(5, 5, 185, 285), Box(200, 20, 390, 280), Box(0, 0, 400, 30)]
    for count in (1, 3):
        seen = (network.classify(picture, boxes[:count]) for network in (classifier, fast))
        for one, other in zip(*seen, strict=True):
            np.testing.assert_allclose(one.kinds, other.kinds, atol=2e-3)
            np.testing.assert_allclose(one.types, other.types, atol=2e-3)
