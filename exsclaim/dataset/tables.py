"""The three tables of the data set: their columns, and records to rows and back.

Boxes are lists of four numbers, `x0 y0 x1 y1`, in pixels of the figure image, half-open. A panel's `image` is its crop
as `{bytes, path}`, which Hugging Face `datasets` shows as an image: the feature is named in the schema's metadata
under "huggingface" (https://huggingface.co/docs/datasets/about_arrow). `article_id` and `article_digest` say in
every row to which state of which article it belongs.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from exsclaim.dataset.crops import crop, png
from exsclaim.dataset.harvested import HarvestedArticle, HarvestedFigure
from exsclaim.geometry import Box
from exsclaim.records import Panel, ScaleBar
from exsclaim.storage.local import safe_name

Row = dict[str, Any]

_STRINGS = pa.list_(pa.string())
_BOX = pa.list_(pa.float64())
_ORIGINS = pa.list_(
    pa.struct({"source": pa.string(), "id": pa.string(), "url": pa.string(), "image_sha256": pa.string()})
)
_HUGGINGFACE = {"huggingface": json.dumps({"info": {"features": {"image": {"_type": "Image"}}}})}

ARTICLES = pa.schema(
    {
        "article_id": pa.string(), "article_digest": pa.string(), "name": pa.string(), "source": pa.string(),
        "url": pa.string(), "doi": pa.string(), "title": pa.string(), "authors": _STRINGS, "journal": pa.string(),
        "published": pa.date32(), "licence": pa.string(), "licence_url": pa.string(), "is_open": pa.bool_(),
        "retrieved_at": pa.date32(), "figures": pa.int32(), "panels": pa.int32(), "versions": pa.string(),
        "origins": _ORIGINS,
    }
)  # fmt: skip

FIGURES = pa.schema(
    {
        "id": pa.string(), "article_id": pa.string(), "article_digest": pa.string(), "figure_name": pa.string(),
        "number": pa.int32(), "label": pa.string(), "title": pa.string(), "caption": pa.string(),
        "general": _STRINGS, "caption_parts": pa.string(), "image_url": pa.string(), "image_sha256": pa.string(),
        "width_px": pa.int32(), "height_px": pa.int32(), "article_name": pa.string(), "article_title": pa.string(),
        "article_url": pa.string(), "doi": pa.string(), "licence": pa.string(), "licence_url": pa.string(),
        "is_open": pa.bool_(), "origins": _ORIGINS,
    }
)  # fmt: skip

_SCALE_BAR = pa.struct(
    {
        "box": _BOX, "length_px": pa.float64(), "confidence": pa.float64(), "label_box": _BOX,
        "label_text": pa.string(), "label_confidence": pa.float64(), "length_nm": pa.float64(),
        "nm_origin": pa.string(),
    }
)  # fmt: skip

PANELS = pa.schema(
    {
        "image": pa.struct({"bytes": pa.binary(), "path": pa.string()}),
        "id": pa.string(), "figure_id": pa.string(), "article_id": pa.string(), "article_digest": pa.string(),
        "figure_name": pa.string(), "label": pa.string(), "label_confidence": pa.float64(),
        "label_origin": pa.string(), "label_box": _BOX, "box": _BOX, "kind": pa.string(),
        "kind_confidence": pa.float64(), "caption": pa.string(), "caption_sentences": _STRINGS,
        "keywords": _STRINGS, "techniques": _STRINGS, "nm_per_px": pa.float64(), "width_nm": pa.float64(),
        "height_nm": pa.float64(), "scale_bars": pa.list_(_SCALE_BAR), "flags": _STRINGS, "is_inset": pa.bool_(),
        "parent_id": pa.string(), "article_title": pa.string(), "article_url": pa.string(), "doi": pa.string(),
        "licence": pa.string(), "licence_url": pa.string(), "versions": pa.string(),
    },
    metadata=_HUGGINGFACE,
)  # fmt: skip

SCHEMAS: dict[str, pa.Schema] = {"articles": ARTICLES, "figures": FIGURES, "panels": PANELS}


def article_digest(harvested: HarvestedArticle, versions: Mapping[str, str]) -> str:
    """SHA-256 (hex) over all that is published of an article and the versions that made it.

    The day of retrieval does not count: the same page fetched again is the same content.
    """
    content = harvested.model_dump(mode="json", exclude={"missing"})
    articles = [content["article"], *(figure["article"] for figure in content["figures"])]
    for article in articles:
        del article["retrieved_at"], article["is_retracted"]
    for record in (*articles, *(figure["figure"] for figure in content["figures"])):
        if not record["origins"]:
            del record["origins"]  # the digest is what it was before there were duplicates
    text = json.dumps([content, dict(versions)], sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()


def article_row(harvested: HarvestedArticle, digest: str, versions: Mapping[str, str]) -> Row:
    article = harvested.article.model_dump()
    return {
        **article,
        "article_id": article["id"],
        "article_digest": digest,
        "figures": len(harvested.figures),
        "panels": sum(len(figure.panels or ()) for figure in harvested.figures),
        "versions": _json(versions),
    }


def figure_row(harvested: HarvestedFigure, digest: str, figure_name: str) -> Row:
    article = harvested.article
    return {
        **harvested.figure.model_dump(),
        "article_digest": digest,
        "figure_name": figure_name,
        "general": harvested.parts.general,
        # not sorted: the order of the labels is the caption's
        "caption_parts": json.dumps(harvested.parts.model_dump(mode="json"), ensure_ascii=False),
        "article_name": article.name,
        "article_title": article.title,
        "article_url": article.url,
        "doi": article.doi,
        "licence": article.licence,
        "licence_url": article.licence_url,
        "is_open": article.is_open,
    }


def panel_rows(
    harvested: HarvestedFigure, digest: str, figure_name: str, image: NDArray[np.uint8] | None,
    versions: Mapping[str, str],
) -> list[Row]:  # fmt: skip
    """One row per panel, with its crop out of the figure's `image`, `(H, W, 3)` uint8 RGB; no crops without one."""
    article = harvested.article
    panels = harvested.panels or ()
    names = crop_names(figure_name, panels)
    rows = []
    for panel, name in zip(panels, names, strict=True):
        pixels = None if image is None else crop(image, panel.box)
        rows.append(
            {
                **panel.model_dump(exclude={"box", "label_box", "scale_bars"}),
                "image": None if pixels is None else {"bytes": png(pixels), "path": name},
                "article_id": article.id,
                "article_digest": digest,
                "figure_name": figure_name,
                "box": panel.box.corners,
                "label_box": _corners(panel.label_box),
                "kind": panel.kind.value,
                "scale_bars": [_scale_bar_row(bar) for bar in panel.scale_bars],
                "caption": " ".join(panel.caption),
                "caption_sentences": panel.caption,
                "article_title": article.title,
                "article_url": article.url,
                "doi": article.doi,
                "licence": article.licence,
                "licence_url": article.licence_url,
                "versions": _json(versions),
            }
        )
    return rows


def crop_names(figure_name: str, panels: Sequence[Panel]) -> list[str]:
    """File names of the crops of a figure: `<figure>-<label>.png`, `<figure>-p<n>.png` without a label.

    The second panel of a label is `<figure>-<label>-p<n>.png`; case alone does not tell two files apart.
    """
    stem = figure_name.rpartition(".")[0]
    names: list[str] = []
    for n, panel in enumerate(panels, start=1):
        tail = safe_name(panel.label) if panel.label else f"p{n}"
        taken = {name.casefold() for name in names}
        if f"{stem}-{tail}.png".casefold() in taken:
            tail = f"{tail}-p{n}"
        while f"{stem}-{tail}.png".casefold() in taken:
            tail += "_"
        names.append(f"{stem}-{tail}.png")
    return names


def panel_of(row: Mapping[str, Any]) -> Panel:
    """The record of a row of the panels table; `image` is not needed."""
    plain = {key: row[key] for key in Panel.model_fields if key not in ("box", "label_box", "scale_bars", "caption")}
    return Panel(
        **plain, box=Box.of(row["box"]), label_box=_box(row["label_box"]), caption=row["caption_sentences"],
        scale_bars=tuple(
            ScaleBar(**{**bar, "box": Box.of(bar["box"]), "label_box": _box(bar["label_box"])})
            for bar in row["scale_bars"]
        ),
    )  # fmt: skip


def table(name: str, rows: Sequence[Row]) -> pa.Table:
    """Arrow table of rows; keys that are no columns are left out."""
    return pa.Table.from_pylist(list(rows), schema=SCHEMAS[name])


def _scale_bar_row(bar: ScaleBar) -> Row:
    return {**bar.model_dump(), "box": bar.box.corners, "label_box": _corners(bar.label_box)}


def _corners(box: Box | None) -> tuple[float, float, float, float] | None:
    return None if box is None else box.corners


def _box(corners: Sequence[float] | None) -> Box | None:
    return None if corners is None else Box.of(corners)


def _json(versions: Mapping[str, str]) -> str:
    return json.dumps(dict(versions), sort_keys=True)
