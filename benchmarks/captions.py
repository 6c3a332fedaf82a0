"""Captions split per second: `python benchmarks/captions.py [CAPTIONS.jsonl]` (one {"caption": …} a line)."""

import json
import sys
import time
from pathlib import Path

from exsclaim.captions import SPLITTER_VERSION, split

DEFAULT = Path(__file__).parents[2] / "shared" / "data" / "captions" / "unlabelled.jsonl"


def main(path: Path) -> None:
    """Splits every caption of `path` once and prints how fast that went and how many had labels."""
    if not path.is_file():
        print(f"{path}: no such file; give the path of a JSON lines file of captions")
        return
    captions = [json.loads(line)["caption"] for line in path.read_text(encoding="utf-8").splitlines() if line]
    split("Images of rods after 30 min. Pairwise distances (a).")  # nltk is imported by the first full stop in doubt
    slowest_s = 0.0
    labelled = labels = 0
    began = time.process_time()
    for caption in captions:
        one = time.process_time()
        parts = split(caption)
        slowest_s = max(slowest_s, time.process_time() - one)
        labelled += bool(parts.segments)
        labels += len(parts.segments)
    took_s = time.process_time() - began
    print(f"splitter version {SPLITTER_VERSION}: {len(captions)} captions in {took_s:.2f} s of one core")
    print(f"{len(captions) / took_s:.0f} captions/s, slowest {slowest_s * 1000:.0f} ms")
    print(f"{labelled / len(captions):.1%} with labels, {labels / max(1, labelled):.1f} labels each")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT)
