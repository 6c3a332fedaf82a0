"""Losses of a training, step by step, and the weights that it ends with."""

import json
from pathlib import Path

from exsclaim.figures.weights import load_weights, save_weights
from models.trainable_networks import NETWORKS, Order


def losses(order: Order) -> dict[str, list[tuple[int, float]]]:
    """Name of a loss -> its values by step, as `models.training_loop` puts them on record."""
    file = order.checkpoints / f"{NETWORKS[order.network].weights}.losses.jsonl"
    series: dict[str, list[tuple[int, float]]] = {}
    for line in file.read_text(encoding="utf-8").splitlines() if file.is_file() else ():
        entry = json.loads(line)
        for name, value in entry.items():
            if name not in ("step", "seconds"):
                series.setdefault(f"loss.{name}", []).append((entry["step"], value))
    return series


def finished_weights(order: Order, metrics: dict[str, float]) -> Path:
    """Write the weights of the training with their metrics into its folder, unless they are there already."""
    file = order.work / f"{NETWORKS[order.network].weights}.safetensors"
    tensors, meta = load_weights(file.stem, order.checkpoints)
    # the same tensors keep their file, and so its digest: what is registered once stays so
    if not file.is_file() or load_weights(file.stem, order.work)[1].tensors_sha256 != meta.tensors_sha256:
        save_weights(
            file, tensors, name=meta.name, version=meta.version, metrics=metrics,
            min_code_version=meta.min_code_version, extra=meta.extra,
        )  # fmt: skip
    return file
