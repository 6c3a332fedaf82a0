"""Small seeded figures and what a harvest would have found in them."""

import datetime as dt
import io
import shutil
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pytest
from PIL import Image

from exsclaim.dataset import HarvestedArticle, HarvestedFigure, LeftOut
from exsclaim.dataset.publish.publishing import Published, publish
from exsclaim.dataset.tables.staging import Staging
from exsclaim.geometry import Box
from exsclaim.licences import address
from exsclaim.records import Article, CaptionParts, Figure, Panel, PanelKind, ScaleBar
from exsclaim.store import Store

SIZE_PX = (64, 48)
VERSIONS = {"code": "0.1.0", "panel_detector": "ab12"}
Harvester = Callable[..., HarvestedArticle]
Publisher = Callable[..., Published]
Nights = Callable[[], Published]


def figure_image(seed: int, format: str = "JPEG") -> bytes:
    """An image file of `SIZE_PX`: grey noise, another for each seed."""
    noise = np.random.default_rng(seed).integers(0, 255, (SIZE_PX[1], SIZE_PX[0], 3), dtype=np.uint8)
    file = io.BytesIO()
    Image.fromarray(noise).save(file, format=format)
    return file.getvalue()


@contextmanager
def staged(*articles: HarvestedArticle, left_out: Sequence[LeftOut] = ()) -> Iterator[Staging]:
    """A staging folder that holds these."""
    with TemporaryDirectory() as folder, closing(Staging(Path(folder))) as staging:
        for article in articles:
            staging.add(article)
        for each in left_out:
            staging.leave_out(each)
        yield staging


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store")


@pytest.fixture
def harvested(store: Store) -> Harvester:
    """Makes an article with `figures` figures of two panels each: a micrograph "a" with a scale, a graph "b"."""

    def make(
        name: str = "ncomms5946", *, figures: int = 2, seed: int = 0, caption: str = "Silver", format: str = "JPEG",
        source: str = "nature", labels: tuple[str | None, str | None] = ("a", "b"), image: bytes | None = None,
        licence: str = "CC-BY-4.0",
    ) -> HarvestedArticle:  # fmt: skip
        article = Article(
            id=f"{source}/{name}", name=name, source=source, url=f"https://journal.example/articles/{name}",
            doi="10.1038/example", title="Silver nanoparticles", authors=("A. Author", "Ü. Łódź"),
            journal="Journal of Examples", published=dt.date(2014, 9, 9), licence=licence,
            licence_url=address(licence), is_open=True,
            retrieved_at=dt.date(2026, 11, 20),
        )  # fmt: skip
        made = []
        for n in range(1, figures + 1):
            content = image if image is not None else figure_image(seed * 100 + n, format)
            figure = Figure(
                id=f"{article.id}/fig{n}", article_id=article.id, number=n, label=f"Figure {n}", title=caption,
                caption=f"{caption}. (a) TEM image. (b) Spectrum. (c) Never seen.",
                image_url=f"https://journal.example/{name}/{n}.jpg", image_sha256=store.put(content),
                width_px=SIZE_PX[0], height_px=SIZE_PX[1],
            )  # fmt: skip
            parts = CaptionParts(
                general=(f"{caption}.",),
                segments={"a": ("TEM image.",), "b": ("Spectrum.",), "c": ("Never seen.",)},
                scale_nm={"a": 50.0},
            )
            bar = ScaleBar(
                box=Box.of((4, 40, 14.5, 42)), length_px=10.5, confidence=0.9, label_box=Box.of((4, 34, 14, 39)),
                label_text="50 nm", label_confidence=0.8, length_nm=50.0, nm_origin="printed",
            )  # fmt: skip
            panels = (
                Panel(
                    id=f"{figure.id}/p1", figure_id=figure.id, label=labels[0], label_confidence=0.9,
                    label_box=Box.of((1, 1, 6, 8)), label_origin="read", box=Box.of((0, 0, 31.5, 48)),
                    kind=PanelKind.MICROSCOPY, kind_confidence=0.97, scale_bars=(bar,), nm_per_px=50 / 10.5,
                    width_nm=150.0, height_nm=228.6, caption=("TEM image.", "Scale 50 nm."), keywords=("silver",),
                    techniques=("TEM",),
                ),
                Panel(
                    id=f"{figure.id}/p2", figure_id=figure.id, label=labels[1], box=Box.of((33, 2, 64, 48)),
                    kind=PanelKind.GRAPH, kind_confidence=0.8, flags=("label_missing",),
                ),
            )  # fmt: skip
            made.append(HarvestedFigure(article=article, figure=figure, parts=parts, panels=panels))
        return HarvestedArticle(article=article, figures=tuple(made))

    return make


@pytest.fixture
def results(tmp_path: Path) -> Path:
    return tmp_path / "results"


@pytest.fixture
def night(store: Store, results: Path) -> Publisher:
    """Publishes what one harvest found."""

    def publish_night(
        harvest_id: str, *articles: HarvestedArticle, save_format: frozenset[str] = frozenset(),
        versions: dict[str, str] = VERSIONS, query_name: str = "silver", results_dir: Path = results,
        left_out: Sequence[LeftOut] = (), **more: Any,
    ) -> Published:  # fmt: skip
        with staged(*articles, left_out=left_out) as staging:
            return publish(
                staging, query_name=query_name, results_dir=results_dir, store=store, harvest_id=harvest_id,
                save_format=save_format, versions=versions, **more,
            )  # fmt: skip

    return publish_night


@pytest.fixture(scope="session")
def _published_before() -> dict[tuple[str, str], tuple[Path, Path]]:
    """Copies of what `published_once` published, by who asked; and the data set's folder in them."""
    return {}


@pytest.fixture
def published_once(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, results: Path,
    _published_before: dict[tuple[str, str], tuple[Path, Path]],
) -> Callable[[Nights], Path]:  # fmt: skip
    """`published_once(nights)`: the data set's folder after these nights, which are published for the first test alone.

    Each test has files of its own, store and all: the later ones a copy.
    """

    def bring(nights: Nights) -> Path:
        key = (nights.__module__, nights.__qualname__)
        if key not in _published_before:
            folder = nights().folder
            kept = tmp_path_factory.mktemp("published")
            for place in (tmp_path / "store", results):
                shutil.copytree(place, kept / place.name)
            _published_before[key] = kept, folder.relative_to(tmp_path)
            return folder
        kept, folder = _published_before[key]
        return Path(shutil.copytree(kept, tmp_path, dirs_exist_ok=True)) / folder

    return bring


@pytest.fixture
def url() -> str:
    """A URL of the test's own, in memory: of rules that hold whatever the protocol is; S3's server costs seconds."""
    return f"memory://{uuid.uuid4().hex}"


@pytest.fixture(params=["memory", "s3"])
def remote_place(request: pytest.FixtureRequest, url: str) -> str:
    """A URL of the test's own, in memory and on an S3 server: of what a protocol's library may do in its own way."""
    if request.param == "s3":
        bucket: str = request.getfixturevalue("s3")
        return bucket
    return url
