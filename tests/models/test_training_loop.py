"""The loop that all trainings share: schedule, running average, checkpoints from which it goes on, losses on record."""

import json
from itertools import pairwise
from pathlib import Path

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from exsclaim.figures.weights import load_weights
from models.training_loop import Losses, Plan, Training, run

TARGET = torch.tensor([[2.0], [-1.0]])


def training(plan: Plan, seed: int = 1) -> Training:
    torch.manual_seed(seed)
    network = nn.Linear(2, 1)
    return Training("line", network, [{"params": list(network.parameters()), "peak": 0.05}], plan, weight_decay=0.0)


def losses_of(network: nn.Module) -> Losses:
    """Distance of the network from y = 2 a - b, on fixed points."""
    points = torch.tensor([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]])
    error = (network(points) - points @ TARGET).square().mean()
    return {"total": error, "part": error * 0.5}


@given(st.integers(0, 2000), st.floats(0, 1e4))
def test_the_learning_rate_is_never_above_its_peak_and_the_progress_never_beyond_its_end(
    step: int, seconds: float
) -> None:
    plan = Plan(steps=1000, minutes=60, warm_up_steps=50)
    progress = plan.progress(step, seconds)
    assert 0 <= progress <= 1
    assert 0 < plan.rate(step, progress) <= 1


def test_the_learning_rate_rises_falls_and_is_least_at_the_end() -> None:
    plan = Plan(steps=1000, warm_up_steps=100, least_share=0.01)
    rates = [plan.rate(step, plan.progress(step, 0.0)) for step in range(1001)]
    assert max(rates) == pytest.approx(rates[100], rel=0.05)
    assert rates[0] < 0.02
    assert rates[-1] == pytest.approx(0.01)
    assert all(earlier >= later for earlier, later in pairwise(rates[100:]))


def test_whichever_of_steps_and_minutes_comes_first_ends_a_training() -> None:
    assert Plan(steps=10, minutes=5).progress(10, 0.0) == 1
    assert Plan(steps=10, minutes=5).progress(1, 300.0) == 1
    assert Plan().progress(10**6, 1e9) == 0


def test_a_training_learns_and_its_average_follows(tmp_path: Path) -> None:
    trained = training(Plan(steps=400, warm_up_steps=5, averaging=0.9, log_steps=100))
    before = float(losses_of(trained.network)["total"].detach())
    run(trained, tmp_path, losses_of)
    assert float(losses_of(trained.averaged)["total"].detach()) < 0.01 * before
    assert trained.step == 400


def test_a_stopped_training_goes_on_as_if_it_had_not_stopped(tmp_path: Path) -> None:
    plan = Plan(steps=20, warm_up_steps=3)
    whole, stopped = training(plan), training(plan)
    for _ in range(12):
        whole.learn(losses_of)
    for _ in range(5):
        stopped.learn(losses_of)
    stopped.save(tmp_path)
    resumed = training(plan, seed=9)
    assert resumed.resume(tmp_path)
    assert resumed.step == 5
    for _ in range(7):
        resumed.learn(losses_of)
    for one, other in zip(whole.averaged.parameters(), resumed.averaged.parameters(), strict=True):
        torch.testing.assert_close(one, other)
    assert not training(plan).resume(tmp_path / "elsewhere")


def test_a_checkpoint_of_an_earlier_version_is_still_read(tmp_path: Path) -> None:
    plan = Plan(steps=20)
    one = training(plan)
    one.learn(losses_of)
    file = one.save(tmp_path)
    state = torch.load(file, weights_only=True)
    torch.save({**{k: v for k, v in state.items() if k not in ("averaged", "seconds")},
                "average": state["averaged"], "spent_s": 7.5}, file)  # fmt: skip
    again = training(plan, seed=4)
    assert again.resume(tmp_path)
    assert (again.step, again.seconds) == (1, 7.5)


def test_losses_are_on_record_every_few_steps_and_weights_have_their_metrics(tmp_path: Path) -> None:
    trained = training(Plan(steps=60, log_steps=20))
    run(trained, tmp_path, losses_of, metrics_of=lambda averaged: {"right": 0.5}, header={"made_of": "points"})
    lines = [json.loads(line) for line in (tmp_path / "line.losses.jsonl").read_text().splitlines()]
    assert [line["step"] for line in lines] == [20, 40, 60]
    assert lines[0]["total"] > lines[-1]["total"]
    assert lines[0]["part"] == pytest.approx(lines[0]["total"] / 2, abs=1e-4)
    tensors, meta = load_weights("line", tmp_path)
    assert (meta.version, meta.metrics, meta.extra["made_of"]) == ("1.60", {"right": 0.5}, "points")
    assert set(tensors) == {"weight", "bias"}


def test_the_last_steps_of_a_training_are_on_record_too(tmp_path: Path) -> None:
    run(training(Plan(steps=7, log_steps=5)), tmp_path, losses_of)
    assert [json.loads(line)["step"] for line in (tmp_path / "line.losses.jsonl").open()] == [5, 7]


def test_what_a_killed_training_learned_after_its_checkpoint_is_not_on_record_twice(tmp_path: Path) -> None:
    plan = Plan(steps=30, log_steps=10)
    stopped = training(plan)
    for _ in range(15):
        stopped.learn(losses_of)
    stopped.save(tmp_path)
    record = tmp_path / "line.losses.jsonl"
    record.write_text('{"step": 10, "total": 3.0}\n{"step": 20, "total": 2.0}\n{"step": 3')
    resumed = training(plan)
    assert resumed.resume(tmp_path)
    run(resumed, tmp_path, losses_of)
    assert [json.loads(line)["step"] for line in record.open()] == [10, 20, 30]
