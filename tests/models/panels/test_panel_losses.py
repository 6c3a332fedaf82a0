"""Grid points that a true panel is given; the losses fall where predictions get better."""

from dataclasses import replace

import torch

from exsclaim.figures.detection.panel_network import KINDS, TYPES, grid_points
from models.panels.panel_losses import POINTS_PER_PANEL, PaddedTruths, Truth, assign, panel_losses

POINTS, STRIDES = grid_points(128, 128)


def truth(*boxes: tuple[float, float, float, float], nested: bool = False) -> Truth:
    count = len(boxes)
    return Truth(
        torch.tensor(boxes).reshape(-1, 4),
        torch.zeros(count, dtype=torch.int64),
        torch.full((count,), nested),
        torch.full((count,), 2),
    )


def boxes_around_points(half_px: float) -> torch.Tensor:
    return torch.cat((POINTS - half_px, POINTS + half_px), dim=1)


def test_a_panel_is_given_points_inside_it_only() -> None:
    scores = torch.full((1, len(POINTS), len(KINDS)), 0.1)
    truths = PaddedTruths.of([truth((16, 16, 64, 64))])
    _, points, panels, quality = assign(scores, boxes_around_points(20)[None], POINTS, truths)
    assert 0 < len(points) <= POINTS_PER_PANEL
    chosen = POINTS[points]
    assert bool(((chosen > 16) & (chosen < 64)).all())
    assert set(panels.tolist()) == {0}
    assert float(quality.max()) <= 1


def test_every_one_of_nested_panels_is_served() -> None:
    scores = torch.full((1, len(POINTS), len(KINDS)), 0.1)
    sizes = torch.where(STRIDES == 32, 60.0, 14.0)[:, None]
    boxes = torch.cat((POINTS - sizes, POINTS + sizes), dim=1)
    truths = PaddedTruths.of([truth((0, 0, 128, 128), (8, 8, 40, 40))])
    _, _, panels, _ = assign(scores, boxes[None], POINTS, truths)
    assert set(panels.tolist()) == {0, 1}


def test_an_image_has_the_same_points_alone_and_in_a_batch_of_others_with_more_or_no_panels() -> None:
    one, many = truth((16, 16, 64, 64)), truth((0, 0, 60, 60), (64, 0, 128, 60), (0, 64, 128, 128))
    scores = torch.rand((3, len(POINTS), len(KINDS)), generator=torch.Generator().manual_seed(1))
    boxes = boxes_around_points(20).expand(3, -1, -1)
    image, *together = assign(scores, boxes, POINTS, PaddedTruths.of([many, one, truth()]))
    _, *alone = assign(scores[1:2], boxes[1:2], POINTS, PaddedTruths.of([one]))
    assert 2 not in image.tolist()
    for part, own in zip(together, alone, strict=True):
        assert torch.equal(part[image == 1], own)


def test_losses_are_small_for_a_perfect_prediction_and_large_for_a_poor_one() -> None:
    true = truth((0, 0, 96, 96))
    perfect_boxes = true.boxes.expand(len(POINTS), 4)[None].clone()
    inside = ((POINTS > 0) & (POINTS < 96)).all(1)
    sure = torch.full((1, len(POINTS), len(KINDS)), -9.0)
    sure[0, inside, 0] = 9.0
    nested = torch.full((1, len(POINTS)), -9.0)
    types = torch.zeros((1, len(POINTS), len(TYPES)))
    of_type = types.clone()
    of_type[..., 2] = 6.0
    good = panel_losses(sure, nested, perfect_boxes, of_type, POINTS, [true])
    poor = panel_losses(sure, -nested, boxes_around_points(5)[None], types, POINTS, [true])
    assert float(good.box) < 1e-4 < float(poor.box)
    assert float(good.side) < 1e-4 < float(poor.side)
    assert float(good.nested) < 1e-2 < float(poor.nested)
    unknowing = panel_losses(sure, nested, perfect_boxes, types, POINTS, [true])
    assert float(good.type) < 0.9 < float(unknowing.type)


def test_a_panel_of_unknown_type_says_nothing_about_types() -> None:
    true = replace(truth((0, 0, 96, 96)), types=torch.tensor([-1]))
    kinds, nested = torch.zeros((1, len(POINTS), len(KINDS))), torch.zeros((1, len(POINTS)))
    types = torch.randn((1, len(POINTS), len(TYPES)), requires_grad=True)
    losses = panel_losses(kinds, nested, true.boxes.expand(len(POINTS), 4)[None], types, POINTS, [true])
    losses.type.backward()
    assert float(losses.type.detach()) == 0
    assert types.grad is not None
    assert not bool(types.grad.any())


def test_a_figure_without_panels_has_finite_losses_and_gradients() -> None:
    kinds = torch.zeros((1, len(POINTS), len(KINDS)), requires_grad=True)
    nested, types = torch.zeros((1, len(POINTS))), torch.zeros((1, len(POINTS), len(TYPES)))
    losses = panel_losses(kinds, nested, boxes_around_points(5)[None], types, POINTS, [truth()])
    losses.total.backward()
    assert kinds.grad is not None
    assert bool(torch.isfinite(kinds.grad).all())
