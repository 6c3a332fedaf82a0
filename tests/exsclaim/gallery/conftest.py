"""A small published data set, drawn by seeded code: what a harvest would have found in figures of noise."""

import datetime as dt
import io
import shutil
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from exsclaim.dataset import HarvestedArticle, HarvestedFigure
from exsclaim.dataset.publish.publishing import publish
from exsclaim.dataset.tables.staging import Staging
from exsclaim.geometry import Box
from exsclaim.licences import address
from exsclaim.records import Article, CaptionParts, Figure, Mention, Panel, PanelKind, ScaleBar
from exsclaim.store import Store

PANEL_PX = 200
Publisher = Callable[..., Path]

ARTICLES: list[dict[str, Any]] = [
    {
        "name": "silver", "title": "Growth of silver nanoparticles", "journal": "Nature Communications", "year": 2021,
        "licence": "CC-BY-4.0", "panels": [
            {"label": "a", "kind": "microscopy", "caption": "HAADF-STEM image of Ag nanoparticles.", "type": "STEM",
             "techniques": ("HAADF-STEM",), "keywords": ("Ag", "nanoparticle"), "bar": (20.0, 40.0)},
            {"label": "b", "kind": "graph", "caption": "Size distribution.", "type": "histogram",
             "flags": ("kind_in_doubt", "label_in_doubt"), "sure": 0.4},
        ],
    },
    {
        "name": "titania", "title": "Nanotubes by anodisation", "journal": "ACS Nano", "year": 2016,
        "licence": "publisher", "panels": [
            {"label": "a", "kind": "microscopy", "caption": "SEM image of TiO₂ nanotubes.", "type": "SEM",
             "techniques": ("SEM",), "keywords": ("TiO2", "nanotube"), "bar": (500.0, 50.0)},
            {"label": "b", "kind": "diffraction", "caption": "SAED pattern along [001].", "type": "SAED",
             "techniques": ("SAED",), "flags": ("scale_conflict",)},
        ],
    },
    {
        "name": "cells", "title": "Neurons on gold", "journal": "Nature Communications", "year": 2023,
        "licence": "CC-BY-NC-4.0", "source": "pmc", "panels": [
            {"label": "A", "kind": "photo", "caption": "The neurons in a dish.", "type": "photograph"},
            {"label": "B", "kind": "microscopy", "caption": "", "type": "fluorescence", "bar": (20000.0, 80.0)},
        ],
    },
]  # fmt: skip
"""Articles of one figure each. `bar`: what the scale bar stands for in nm, and its length in px."""


def figure_image(seed: int, panels: int = 2) -> bytes:
    noise = np.random.default_rng(seed).integers(0, 255, (PANEL_PX, PANEL_PX * panels, 3), dtype=np.uint8)
    file = io.BytesIO()
    Image.fromarray(noise).save(file, format="PNG")
    return file.getvalue()


def harvested(given: dict[str, Any], store: Store, seed: int) -> HarvestedArticle:
    """An article as a harvest hands it over."""
    source = given.get("source", "nature")
    article = Article(
        id=f"{source}/{given['name']}", name=given["name"], source=source, url="https://journal.example/1",
        doi=f"10.1038/{given['name']}", title=given["title"], authors=given.get("authors", ("A. Author",)),
        journal=given["journal"], published=dt.date(given["year"], 5, 1), licence=given["licence"],
        licence_url=address(given["licence"]), is_open=given["licence"].startswith("CC"),
        retrieved_at=dt.date(2026, 11, 20),
    )  # fmt: skip
    general = given.get("general", f"{given['title']}.")
    said = [f"({each['label']}) {each['caption']}" for each in given["panels"]]
    figure = Figure(
        id=f"{article.id}/fig1", article_id=article.id, number=1, label="Figure 1", title=given["title"],
        caption=" ".join([general, *said]), image_url="https://journal.example/1.png",
        image_sha256=store.put(given.get("image") or figure_image(seed, max(2, len(given["panels"])))),
        width_px=PANEL_PX * max(2, len(given["panels"])), height_px=PANEL_PX,
        mentions=(Mention(sentence=given.get("mention", "Fig. 1 shows the samples."), section="Results"),),
    )  # fmt: skip
    parts = CaptionParts(
        general=(general,), segments={each["label"]: (each["caption"],) for each in given["panels"] if each["caption"]}
    )
    panels = []
    for n, each in enumerate(given["panels"]):
        box = Box.of((200.0 * n, 0, 200.0 * (n + 1), 200))
        bars: tuple[ScaleBar, ...] = ()
        if "bar" in each:
            nm, px = each["bar"]
            bars = (
                ScaleBar(
                    box=Box.of((box.x0 + 10, 180, box.x0 + 10 + px, 184)), length_px=px, confidence=0.9, length_nm=nm,
                    label_text=f"{nm:g} nm", label_confidence=0.9, nm_origin="printed",
                    label_box=Box.of((box.x0 + 10, 165, box.x0 + 40, 177)),
                ),
            )  # fmt: skip
        scale = bars[0].length_nm / bars[0].length_px if bars and bars[0].length_nm else None
        panels.append(
            Panel(
                id=f"{figure.id}/p{n + 1}", figure_id=figure.id, label=each["label"], label_confidence=0.9,
                label_origin="read", label_box=Box.of((box.x0 + 2, 2, box.x0 + 14, 16)), box=box, box_confidence=0.95,
                kind=PanelKind(each["kind"]), kind_confidence=each.get("sure", 0.95), type=each.get("type"),
                type_confidence=0.9, scale_bars=bars, nm_per_px=scale, scale_confidence=0.9 if scale else 0.0,
                width_nm=scale * 200 if scale else None, height_nm=scale * 200 if scale else None,
                caption=(each["caption"],) if each["caption"] else (), keywords=each.get("keywords", ()),
                techniques=each.get("techniques", ()), flags=each.get("flags", ()),
            )
        )  # fmt: skip
    made = HarvestedFigure(article=article, figure=figure, parts=parts, panels=tuple(panels))
    return HarvestedArticle(article=article, figures=(made,))


@pytest.fixture
def publish_articles(tmp_path: Path) -> Publisher:
    """Publishes articles as one harvest; gives the data set's folder."""
    return partial(publish_in, tmp_path)


def publish_in(place: Path, *articles: dict[str, Any], harvest: str = "n1", name: str = "silver") -> Path:
    """Publish articles to `place`/results, their figures in `place`/store; the data set's folder."""
    store = Store(place / "store")
    with closing(Staging(place / f"staging-{harvest}")) as staging:
        for seed, each in enumerate(articles):
            staging.add(harvested(each, store, seed))
        published = publish(
            staging, query_name=name, results_dir=place / "results", store=store, harvest_id=harvest,
            save_format=frozenset(), versions={"code": "1"},
        )  # fmt: skip
    return published.folder


@pytest.fixture(scope="session")
def _published_articles(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Store and results of `ARTICLES`, published once."""
    kept = tmp_path_factory.mktemp("published")
    publish_in(kept, *ARTICLES)
    return kept


@pytest.fixture
def folder(tmp_path: Path, _published_articles: Path) -> Path:
    """The data set of `ARTICLES`, in files of the test's own."""
    shutil.copytree(_published_articles, tmp_path, dirs_exist_ok=True)
    return tmp_path / "results" / "silver"
