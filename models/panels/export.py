"""Make installable weights of a checkpoint: `python -m models.panels.export CHECKPOINTS --version 1 --metrics FILE`."""

import argparse
import json
import logging
from pathlib import Path

import torch

from exsclaim.figures.detection.panel_detector import WEIGHTS
from exsclaim.figures.detection.panel_network import KINDS
from exsclaim.figures.weights import FOLDER, WeightsMeta, save_weights

log = logging.getLogger(__name__)


def export(checkpoint: Path, folder: Path, version: str, metrics: dict[str, float]) -> WeightsMeta:
    """Write the checkpoint's averaged weights as `<folder>/panels.safetensors`."""
    state = torch.load(checkpoint, map_location="cpu", weights_only=True)
    folder.mkdir(parents=True, exist_ok=True)
    return save_weights(
        folder / f"{WEIGHTS}.safetensors",
        state["average"],
        name=WEIGHTS,
        version=version,
        metrics=metrics,
        extra={"kinds": " ".join(KINDS), "steps": str(state["step"]), "backbone": "efficientnet-lite0"},
    )


def main() -> None:
    """See the module's docstring."""
    parser = argparse.ArgumentParser(description="Make installable weights of a checkpoint.")
    parser.add_argument("checkpoints", type=Path)
    parser.add_argument("--version", required=True)
    parser.add_argument("--metrics", type=Path, help="JSON of numbers, as models.panels.evaluate writes it")
    parser.add_argument("--folder", type=Path, default=FOLDER)
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    metrics = json.loads(options.metrics.read_text()) if options.metrics else {}
    meta = export(options.checkpoints / "last.pt", options.folder, options.version, metrics)
    log.info("%s %s, sha256 of the tensors %s", meta.name, meta.version, meta.tensors_sha256)


if __name__ == "__main__":
    main()
