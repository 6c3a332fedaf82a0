"""Memory and time of publishing: `python -m benchmarks.publish 500 2000 6000`.

Each size runs in a process of its own: that many synthetic articles of three figures of two panels are staged and
published; then the same publish again (all staged, nothing new), and one with nothing staged.
Prints seconds and the most memory of each.
"""

import argparse
import datetime as dt
import io
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image

from exsclaim.dataset.publish.publishing import Published, publish
from exsclaim.dataset.tables.staging import HarvestedArticle, HarvestedFigure, Staging
from exsclaim.geometry import Box
from exsclaim.records import Article, CaptionParts, Figure, Panel, PanelKind
from exsclaim.store import Store

FIGURES = 3
IMAGES = 50
"""Distinct images, small ones: what is measured is what is kept of an article, not its pixels."""
SIZE_PX = (120, 80)


def images(store: Store) -> list[str]:
    """Seeded images of smooth noise, as JPEG."""
    digests = []
    for seed in range(IMAGES):
        coarse = np.random.default_rng(seed).integers(0, 255, (8, 12, 3), dtype=np.uint8)
        file = io.BytesIO()
        Image.fromarray(coarse).resize(SIZE_PX).save(file, format="JPEG")
        digests.append(store.put(file.getvalue()))
    return digests


def article(n: int, digests: list[str]) -> HarvestedArticle:
    """An article with figures of two panels each."""
    record = Article(
        id=f"nature/x{n:06d}", name=f"x{n:06d}", source="nature", url=f"https://journal.example/x{n}",
        doi=f"10.1/{n}", title=f"Silver nanoparticles {n}", authors=("A. Author", "B. Author"), journal="Journal",
        published=dt.date(2014, 9, 9), licence="CC-BY-4.0", licence_url=None, is_open=True,
        retrieved_at=dt.date(2026, 11, 20),
    )  # fmt: skip
    figures = []
    for number in range(1, FIGURES + 1):
        figure = Figure(
            id=f"{record.id}/fig{number}", article_id=record.id, number=number, label=f"Figure {number}", title="",
            caption="(a) TEM image of silver. (b) Spectra. " * 5, image_url=f"{record.url}/{number}.jpg",
            image_sha256=digests[(n * FIGURES + number) % IMAGES], width_px=SIZE_PX[0], height_px=SIZE_PX[1],
        )  # fmt: skip
        panels = tuple(
            Panel(
                id=f"{figure.id}/p{place}", figure_id=figure.id, label=label, label_origin="read", kind=kind,
                box=Box.of((60 * (place - 1), 0, 60 * place, 80)), caption=("TEM image of silver.",),
                techniques=("TEM",), keywords=("silver",),
            )
            for place, label, kind in ((1, "a", PanelKind.MICROSCOPY), (2, "b", PanelKind.GRAPH))
        )  # fmt: skip
        parts = CaptionParts(segments={"a": ("TEM image of silver.",), "b": ("Spectra.",)})
        figures.append(HarvestedFigure(article=record, figure=figure, parts=parts, panels=panels))
    return HarvestedArticle(article=record, figures=tuple(figures))


def measure(count: int) -> None:
    """Stage and publish `count` articles, and again with nothing new."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        store = Store(root / "store")
        digests = images(store)
        staging = Staging(root / "staging")

        def stage() -> None:
            for n in range(count):
                staging.add(article(n, digests))

        def published(harvest: str) -> Published:
            return publish(
                staging, query_name="silver", results_dir=root / "results", store=store, harvest_id=harvest,
                save_format=frozenset(), versions={"code": "1"},
            )  # fmt: skip

        timed(f"{count} articles, staged", stage)
        timed(f"{count} articles, published", lambda: published("2026-11-20"))
        timed(f"{count} articles, all staged again, nothing new", lambda: published("2026-11-21"))
        staging.clear()
        timed(f"{count} known articles, nothing staged", lambda: published("2026-11-22"))
        size = sum(path.stat().st_size for path in (root / "results").rglob("*.parquet"))
        print(f"    tables: {size / 1e6:.1f} MB")


def timed(name: str, work: Callable[[], object]) -> None:
    began, processor = time.monotonic(), time.process_time()
    work()
    most_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{name:<60} {time.monotonic() - began:8.1f} s {time.process_time() - processor:8.1f} s CPU {most_mb:7.0f} MB",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("counts", type=int, nargs="+")
    parser.add_argument("--inner", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    for count in arguments.counts:
        if arguments.inner:
            measure(count)
        else:
            subprocess.run([sys.executable, "-m", "benchmarks.publish", "--inner", str(count)], check=True)


if __name__ == "__main__":
    main()
