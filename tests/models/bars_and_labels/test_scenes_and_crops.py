"""Training crops and targets of the furniture detector agree with the scenes that they are cut from."""

import numpy as np
import torch

from exsclaim.figures.detection.bar_and_label_network import KINDS, STRIDE_PX
from models.bars_and_labels.bar_and_label_training import losses
from models.bars_and_labels.info_strips import with_strip
from models.bars_and_labels.scene_crops import crop, images, targets
from models.bars_and_labels.scene_pool import objects_of
from models.bars_and_labels.scenes import UNKNOWN, Scene, composed, scene
from models.figures.draw import draw

BAR = KINDS.index("scale_bar")


def marked(*boxes: tuple[int, int, int, int]) -> Scene:
    """A grey scene whose boxes, all of them bars, are white."""
    image = np.full((400, 500, 3), 90, np.uint8)
    for x0, y0, x1, y1 in boxes:
        image[y0:y1, x0:x1] = 255
    return scene(image, [(BAR, box) for box in boxes])


def test_boxes_follow_their_pixels_through_cutting_and_scaling() -> None:
    rng = np.random.default_rng(1)
    checked = 0
    for _ in range(60):
        found = crop(marked((100, 200, 180, 240)), 128, rng)
        for kind, (x0, y0, x1, y1) in zip(found.kinds, found.boxes, strict=True):
            if kind == BAR and x1 - x0 > 8:
                inside = found.image[int(y0) + 2 : int(y1) - 2, int(x0) + 2 : int(x1) - 2].mean()
                around = np.median(found.image)
                checked += 1
                assert abs(float(inside) - float(around)) > 10
    assert checked > 20


def test_what_the_crop_cuts_through_is_not_learnt_from() -> None:
    rng = np.random.default_rng(2)
    for _ in range(60):
        found = crop(marked((0, 100, 480, 130)), 96, rng)
        for kind, box in zip(found.kinds, found.boxes, strict=True):
            if kind != UNKNOWN:
                assert box[2] - box[0] > 0.9 * 16 * (box[3] - box[1])


def test_heat_peaks_at_the_centre_and_the_shape_gives_the_box_back() -> None:
    box = np.array([30.0, 50.0, 90.0, 56.0], np.float32)
    item = Scene(np.zeros((128, 128, 3), np.uint8), box[None], np.array([BAR]))
    heat, shape, weight, known = targets([item])
    assert known.all()
    row, column = divmod(int(heat[0, BAR].argmax()), heat.shape[3])
    dx, dy, log_w, log_h = shape[0, BAR, :, row, column].tolist()
    centre = (column + 0.5 + dx) * STRIDE_PX, (row + 0.5 + dy) * STRIDE_PX
    np.testing.assert_allclose(centre, (60, 53), atol=1e-4)
    np.testing.assert_allclose((np.exp(log_w) * STRIDE_PX, np.exp(log_h) * STRIDE_PX), (60, 6), rtol=1e-4)
    assert heat[0, BAR].max() == 1
    assert heat[0, [kind for kind in range(len(KINDS)) if kind != BAR]].max() == 0
    assert weight[0, BAR].max() == 1


def test_nothing_is_learnt_where_nothing_is_known() -> None:
    item = Scene(np.zeros((64, 64, 3), np.uint8), np.array([[0, 0, 32, 32]], np.float32), np.array([UNKNOWN]))
    _, _, _, known = targets([item])
    assert known[0, :, :8, :8].max() == 0
    assert known[0, :, 8:, :].min() == 1


def test_the_right_answer_costs_less_than_silence() -> None:
    item = Scene(np.zeros((64, 64, 3), np.uint8), np.array([[10, 20, 50, 26]], np.float32), np.array([BAR]))
    heat, shape, weight, known = targets([item])
    right = losses(torch.where(heat > 0.999, 8.0, -8.0), shape, heat, shape, weight, known)
    silent = losses(torch.full_like(heat, -8.0), torch.zeros_like(shape), heat, shape, weight, known)
    assert all(a < b for a, b in zip(right, silent, strict=True))


def test_drawn_figures_give_their_furniture() -> None:
    figure = draw(3)
    found = objects_of(figure)
    assert len([kind for kind, _ in found if kind == BAR]) == len(figure.bars)
    height, width = figure.image.shape[:2]
    assert all(0 <= x0 < x1 <= width and 0 <= y0 < y1 <= height for _, (x0, y0, x1, y1) in found)


def test_scenes_are_laid_from_tiles_with_their_boxes() -> None:
    rng = np.random.default_rng(0)
    found = composed([marked((100, 200, 300, 240))], [], rng)
    assert found.image.shape == (560, 560, 3)
    known = found.boxes[found.kinds == BAR]
    assert len(known)
    for x0, y0, x1, y1 in known:
        assert found.image[int((y0 + y1) / 2), int((x0 + x1) / 2)].mean() > 240


def test_a_strip_adds_one_bar_and_its_label_below_the_picture() -> None:
    rng = np.random.default_rng(0)
    for _ in range(20):
        found = with_strip(marked((100, 200, 300, 240)), rng)
        assert found.kinds.tolist() == [BAR, BAR, KINDS.index("scale_label")]
        assert (found.boxes[1:, 1] >= 395).all()
        x0, y0, x1, y1 = found.boxes[1].astype(int)
        assert np.ptp(found.image[max(y0, 400) : y1, x0:x1]) > 100


def test_crops_become_one_tensor() -> None:
    rng = np.random.default_rng(0)
    values = images([crop(marked((100, 200, 180, 240)), 64, rng) for _ in range(3)])
    assert values.shape == (3, 3, 64, 64)
    assert 0 <= float(values.min()) <= float(values.max()) <= 1
