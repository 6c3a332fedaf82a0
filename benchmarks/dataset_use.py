"""Filters over, and exports of, a large data set: `python -m benchmarks.dataset_use --filter 1000000 --export 100000`.

The data set is generated: panels of published form, crops of 40 x 30 px, articles of ten panels. Filters are counted
three times, the best time is printed; exports run in processes of their own, with their most memory.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pyarrow as pa

from exsclaim.dataset import tables
from exsclaim.dataset.formats import export
from exsclaim.dataset.opened import open_dataset
from exsclaim.dataset.pictures import png
from exsclaim.dataset.shards import PartitionWriter
from exsclaim.dataset.transaction import Transaction

PER_ARTICLE = 10
FILTERS = (
    "kind = 'microscopy'",
    "kind = 'microscopy' and technique has 'HAADF-STEM' and nm_per_px < 1 and scale_confidence > 0.8 and not flagged",
)
RNG = np.random.default_rng(3)


def generate(folder: Path, panels: int) -> None:
    """A results folder with so many panels; figures have no files."""
    files = Transaction(folder)
    image = png(RNG.integers(0, 255, (30, 40, 3), dtype=np.uint8))
    with PartitionWriter(files, "2026-11-20") as writer:
        for n in range(panels // PER_ARTICLE):
            writer.write(article(n, image))
    (folder / "figures").mkdir()
    files.commit()


def article(n: int, image: bytes) -> dict[str, pa.Table]:
    """One article of one figure of ten panels."""
    id = f"nature/x{n:07d}"
    shared = {
        "article_id": id, "article_digest": f"{n:064x}", "source": "nature", "journal": "J", "year": 2000 + n % 25,
        "licence": "CC-BY-4.0", "is_open": True, "split": ("train", "validation", "test")[n % 3], "versions": "{}",
    }  # fmt: skip
    rows = []
    for place in range(1, PER_ARTICLE + 1):
        name = f"x{n:07d}_fig1-p{place}.png"
        rows.append(
            shared | {
                "image": {"bytes": image, "path": name}, "id": f"{id}/fig1/p{place}", "figure_id": f"{id}/fig1",
                "figure_name": f"x{n:07d}_fig1.png", "crop_name": name, "kind": ("microscopy", "graph")[place % 2],
                "kind_confidence": 0.9, "label_confidence": 0.9, "label": "abcdefghij"[place - 1],
                "box": [0, 0, 40, 30],
                "caption": "HAADF-STEM image of silver.",
                "caption_sentences": ["HAADF-STEM image of silver."],
                "keywords": ["silver"], "techniques": [("TEM", "HAADF-STEM")[n % 2]],
                "nm_per_px": float(RNG.random() * 4),
                "scale_confidence": float(RNG.random()), "scale_bars": [],
                "doubts": ["scale_conflict"] * (place % 5 == 0),
                "is_inset": False,
            }
        )  # fmt: skip
    figure = shared | {
        "id": f"{id}/fig1", "number": 1, "figure_name": f"x{n:07d}_fig1.png", "width_px": 40, "height_px": 30,
        "caption": "", "general": [], "caption_parts": json.dumps({"segments": {}}), "panels": PER_ARTICLE,
    }  # fmt: skip
    return {
        "articles": tables.table("articles", [shared | {"name": f"x{n:07d}", "figures": 1, "panels": PER_ARTICLE}]),
        "figures": tables.table("figures", [figure]),
        "panels": tables.table("panels", rows),
    }


def time_filters(folder: Path) -> None:
    for where in FILTERS:
        seconds = []
        for _ in range(3):
            began = time.monotonic()
            count = open_dataset(folder).count(where)
            seconds.append(time.monotonic() - began)
        print(f"{min(seconds):6.2f} s  {count} by {where}", flush=True)


def time_export(folder: Path, to: str) -> None:
    with tempfile.TemporaryDirectory() as out:
        began = time.monotonic()
        export(open_dataset(folder), to, Path(out))
        size = sum(path.stat().st_size for path in Path(out).rglob("*") if path.is_file())
    seconds, most_mb = time.monotonic() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{to:<12} {seconds:7.1f} s {size / 1e6 / seconds:7.1f} MB/s {most_mb:6.0f} MB most memory", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--filter", type=int, default=0, help="panels to filter")
    parser.add_argument("--export", type=int, default=0, help="panels to export")
    parser.add_argument("--inner", nargs=2, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.inner:
        time_export(Path(arguments.inner[0]), arguments.inner[1])
        return
    for panels, is_filter in ((arguments.filter, True), (arguments.export, False)):
        if not panels:
            continue
        with tempfile.TemporaryDirectory() as folder:
            generate(Path(folder), panels)
            print(f"{panels} panels", flush=True)
            if is_filter:
                time_filters(Path(folder))
            for to in () if is_filter else ("webdataset", "hf", "csv"):
                command = [sys.executable, "-m", "benchmarks.dataset_use", "--inner", folder, to]
                subprocess.run(command, check=True)


if __name__ == "__main__":
    main()
