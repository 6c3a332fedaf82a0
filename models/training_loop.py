"""The training loop that all networks share: steps, schedule, running average, checkpoints, losses on record.

CHECKPOINTS/<name>.pt              everything to go on from: stopped at any moment, a training goes on where it was
CHECKPOINTS/<name>.safetensors     the averaged weights, to be copied to exsclaim/figures/weights when better
CHECKPOINTS/<name>.losses.jsonl    {"step": 50, "seconds": 61.2, "total": 1.3, …}, one line every few steps
"""

import copy
import json
import logging
import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn

from exsclaim.figures.weights import save_weights

LOG = logging.getLogger(__name__)

Losses = Mapping[str, Tensor]
"""Scalars by name; "total" is what is minimised."""

_FORMER_KEYS = {"average": "averaged", "spent_s": "seconds"}
"""Names that checkpoints of earlier versions gave to their parts."""


@dataclass(frozen=True)
class Plan:
    """Length of a training and its learning rates.

    It ends after `steps`, or after `minutes` of all its runs together, whichever comes first; the learning rate rises
    over `warm_up_steps` and falls as half a cosine to `least_share` of its peak at the end. `averaging` is the decay of
    the running average of the weights, which is what is kept of a training.
    """

    steps: int | None = None
    minutes: float | None = None
    warm_up_steps: int = 200
    least_share: float = 0.01
    averaging: float = 0.998
    largest_gradient: float = 10.0
    checkpoint_minutes: float = 3.0
    log_steps: int = 50

    def progress(self, step: int, seconds: float) -> float:
        """Share of the training that is done, 0 to 1."""
        of_steps = step / self.steps if self.steps else 0.0
        of_time = seconds / (60 * self.minutes) if self.minutes else 0.0
        return min(1.0, max(of_steps, of_time))

    def rate(self, step: int, progress: float) -> float:
        """Share of the peak learning rate at a step."""
        falling = self.least_share + (1 - self.least_share) * 0.5 * (1 + math.cos(math.pi * progress))
        return min(1.0, (step + 1) / self.warm_up_steps) * falling


class Training:
    """A training in progress: a network, the running average of its weights, its optimiser, and how far it is.

    Args:
        name: of the network's weights, which checkpoints carry.
        network: on the device that it is to be trained on.
        groups: parameters with their peak learning rate under "peak", as for `torch.optim.AdamW`.
        plan: its length and schedule.
        weight_decay: AdamW's.
    """

    def __init__(
        self, name: str, network: nn.Module, groups: list[dict[str, object]], plan: Plan, *, weight_decay: float
    ) -> None:
        self.name, self.network, self.plan = name, network, plan
        self.averaged = copy.deepcopy(network).requires_grad_(False)
        self.optimiser = torch.optim.AdamW(groups, lr=0.0, weight_decay=weight_decay)
        self.step = 0
        self.seconds = 0.0

    @property
    def progress(self) -> float:
        """Share of the training that is done, 0 to 1."""
        return self.plan.progress(self.step, self.seconds)

    def begin_with(self, tensors: Mapping[str, Tensor]) -> None:
        """Take these weights instead of random ones."""
        self.network.load_state_dict(tensors)
        self.averaged.load_state_dict(tensors)

    def learn(self, losses_of: Callable[[nn.Module], Losses]) -> Losses:
        """One step of the optimiser on what `losses_of` says of the network."""
        started = time.monotonic()
        rate = self.plan.rate(self.step, self.progress)
        for group in self.optimiser.param_groups:
            group["lr"] = group["peak"] * rate
        losses = losses_of(self.network)
        self.optimiser.zero_grad(set_to_none=True)
        torch.autograd.backward(losses["total"])
        nn.utils.clip_grad_norm_(self.network.parameters(), self.plan.largest_gradient)
        self.optimiser.step()
        # the average of few steps follows fast, or it would remember the start for long
        _average(self.averaged, self.network, min(self.plan.averaging, (1 + self.step) / (10 + self.step)))
        self.step += 1
        self.seconds += time.monotonic() - started
        return losses

    def save(
        self, folder: Path, metrics: Mapping[str, float] | None = None, header: Mapping[str, str] | None = None
    ) -> Path:
        """Write checkpoint and averaged weights into the folder, each whole; metrics go to the weights' header."""
        folder.mkdir(parents=True, exist_ok=True)
        state = {
            "network": self.network.state_dict(),
            "averaged": self.averaged.state_dict(),
            "optimiser": self.optimiser.state_dict(),
            "step": self.step,
            "seconds": self.seconds,
        }
        path = folder / f"{self.name}.pt"
        torch.save(state, path.with_suffix(".partial"))
        path.with_suffix(".partial").replace(path)
        save_weights(
            folder / f"{self.name}.safetensors", self.averaged.state_dict(), name=self.name, version=f"1.{self.step}",
            metrics=metrics or {}, extra={**(header or {}), "steps": str(self.step)},
        )  # fmt: skip
        return path

    def resume(self, folder: Path) -> bool:
        """Go on from the folder's checkpoint; False where there is none."""
        path = folder / f"{self.name}.pt"
        if not path.is_file():
            return False
        device = next(self.network.parameters()).device
        saved = torch.load(path, map_location=device, weights_only=True)
        state = {_FORMER_KEYS.get(key, key): value for key, value in saved.items()}
        self.network.load_state_dict(state["network"])
        self.averaged.load_state_dict(state["averaged"])
        self.optimiser.load_state_dict(state["optimiser"])
        self.step, self.seconds = state["step"], state["seconds"]
        LOG.info("%s goes on at step %d, %.1f minutes", self.name, self.step, self.seconds / 60)
        return True


def run(
    training: Training,
    checkpoints: Path,
    losses_of: Callable[[nn.Module], Losses],
    *,
    metrics_of: Callable[[nn.Module], Mapping[str, float]] = lambda averaged: {},
    header: Mapping[str, str] | None = None,
) -> None:
    """Learn until the plan is done, with a checkpoint every few minutes and at the end.

    Args:
        training: where it goes on.
        checkpoints: folder of its checkpoints, weights and losses.
        losses_of: losses of the network on the next batch.
        metrics_of: numbers of the averaged network for the weights' header, asked for at each checkpoint.
        header: of the weights, beside name, version and metrics.
    """
    checkpoints.mkdir(parents=True, exist_ok=True)
    _forget_losses_after(training, checkpoints)
    saved, sums, count = time.monotonic(), dict[str, float](), 0
    while training.progress < 1:
        losses = training.learn(losses_of)
        for name, value in losses.items():
            sums[name] = sums.get(name, 0.0) + float(value.detach())
        count += 1
        if training.step % training.plan.log_steps == 0 or training.progress >= 1:
            _record(training, checkpoints, {name: value / count for name, value in sums.items()})
            sums, count = {}, 0
        if time.monotonic() - saved > 60 * training.plan.checkpoint_minutes:
            training.save(checkpoints, metrics_of(training.averaged), header)
            saved = time.monotonic()
    training.save(checkpoints, metrics_of(training.averaged), header)


def _forget_losses_after(training: Training, checkpoints: Path) -> None:
    """Leave out of the record what was learned after the checkpoint that a killed training goes on from."""
    file = checkpoints / f"{training.name}.losses.jsonl"
    if file.is_file():
        lines = file.read_text().splitlines(keepends=True)
        # a line that was being written when the process was killed has no end
        kept = [line for line in lines if line.endswith("\n") and json.loads(line)["step"] <= training.step]
        file.write_text("".join(kept))


def _record(training: Training, checkpoints: Path, losses: Mapping[str, float]) -> None:
    entry = {"step": training.step, "seconds": round(training.seconds, 1)}
    entry |= {name: round(value, 5) for name, value in losses.items()}
    with (checkpoints / f"{training.name}.losses.jsonl").open("a") as file:
        file.write(json.dumps(entry) + "\n")
    parts = ", ".join(f"{name} {value:.3f}" for name, value in losses.items())
    LOG.info("step %d, %.1f min: %s", training.step, training.seconds / 60, parts)


def _average(averaged: nn.Module, network: nn.Module, decay: float) -> None:
    with torch.no_grad():
        for mean, value in zip(averaged.state_dict().values(), network.state_dict().values(), strict=True):
            if mean.is_floating_point():
                mean.lerp_(value, 1 - decay)
            else:
                mean.copy_(value)
