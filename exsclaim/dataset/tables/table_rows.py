"""The three tables of the data set: their columns, and records to rows (`published_records`: and back).

Boxes are lists of four numbers, `x0 y0 x1 y1`, in pixels of the figure image, half-open. A panel's `image` is its crop
as `{bytes, path}`, which Hugging Face `datasets` shows as an image: the feature is named in the schema's metadata
under "huggingface" (https://huggingface.co/docs/datasets/about_arrow). `article_id` and `article_digest` say in
every row to which state of which article it belongs. What `flags` of a record says stands in the column `doubts`:
`flags` is an attribute of every data frame of pandas.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence, Set
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from exsclaim.captions import as_text
from exsclaim.captions.terms.materials import materials
from exsclaim.dataset.tables.pictures import crop, png
from exsclaim.dataset.tables.staging import HarvestedFigure, figure_digest
from exsclaim.geometry import Box
from exsclaim.licences import address
from exsclaim.records import Article, Figure, Panel, ScaleBar
from exsclaim.storage.local import safe_name

if TYPE_CHECKING:
    import pandas as pd

Row = dict[str, Any]

_STRINGS = pa.list_(pa.string())
_BOX = pa.list_(pa.float64())
_MENTIONS = pa.list_(pa.struct({"sentence": pa.string(), "section": pa.string(), "panels": _STRINGS}))
_ORIGINS = pa.list_(
    pa.struct({"source": pa.string(), "id": pa.string(), "url": pa.string(), "image_sha256": pa.string()})
)
_HUGGINGFACE = {"huggingface": json.dumps({"info": {"features": {"image": {"_type": "Image"}}}})}

ARTICLES = pa.schema(
    {
        "article_id": pa.string(), "article_digest": pa.string(), "name": pa.string(), "source": pa.string(),
        "url": pa.string(), "doi": pa.string(), "title": pa.string(), "authors": _STRINGS, "journal": pa.string(),
        "published": pa.date32(), "published_precision": pa.string(), "year": pa.int32(), "abstract": pa.string(),
        "keywords": _STRINGS, "licence": pa.string(), "licence_url": pa.string(),
        "is_open": pa.bool_(), "retrieved_at": pa.date32(), "figures": pa.int32(), "panels": pa.int32(),
        "split": pa.string(), "versions": pa.string(), "origins": _ORIGINS,
    }
)  # fmt: skip

FIGURES = pa.schema(
    {
        "id": pa.string(), "article_id": pa.string(), "article_digest": pa.string(), "figure_digest": pa.string(),
        "figure_name": pa.string(), "number": pa.int32(), "label": pa.string(), "title": pa.string(),
        "caption": pa.string(), "general": _STRINGS, "caption_parts": pa.string(), "mentions": _MENTIONS,
        "image_url": pa.string(),
        "image_sha256": pa.string(), "perceptual_hash": pa.string(), "width_px": pa.int32(), "height_px": pa.int32(),
        "panels": pa.int32(), "article_name": pa.string(), "article_title": pa.string(), "article_url": pa.string(),
        "source": pa.string(), "journal": pa.string(), "year": pa.int32(), "doi": pa.string(), "licence": pa.string(),
        "licence_url": pa.string(), "own_licence": pa.string(), "licence_words": pa.string(), "is_open": pa.bool_(),
        "split": pa.string(), "versions": pa.string(), "origins": _ORIGINS,
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
        "figure_name": pa.string(), "crop_name": pa.string(), "label": pa.string(), "label_confidence": pa.float64(),
        "label_origin": pa.string(), "label_box": _BOX, "box": _BOX, "box_confidence": pa.float64(),
        "kind": pa.string(), "kind_confidence": pa.float64(), "type": pa.string(), "type_confidence": pa.float64(),
        "type_origin": pa.string(), "caption": pa.string(), "caption_sentences": _STRINGS, "mentions": _MENTIONS,
        "keywords": _STRINGS, "techniques": _STRINGS, "materials": _STRINGS, "nm_per_px": pa.float64(),
        "scale_origin": pa.string(), "scale_confidence": pa.float64(), "width_nm": pa.float64(),
        "height_nm": pa.float64(), "scale_bars": pa.list_(_SCALE_BAR), "doubts": _STRINGS, "is_inset": pa.bool_(),
        "parent_id": pa.string(), "reviewed": pa.bool_(),
        "article_title": pa.string(), "article_url": pa.string(), "source": pa.string(), "journal": pa.string(),
        "year": pa.int32(), "doi": pa.string(), "licence": pa.string(), "licence_url": pa.string(),
        "is_open": pa.bool_(), "split": pa.string(), "versions": pa.string(),
    },
    metadata=_HUGGINGFACE,
)  # fmt: skip

PLAIN_PANELS = "panels-without-crops"
"""The panels once more, without `image`: of a partition of a million panels it is read in a second."""
SCHEMAS: dict[str, pa.Schema] = {
    "articles": ARTICLES, "figures": FIGURES, "panels": PANELS, PLAIN_PANELS: pa.schema(list(PANELS)[1:]),
}  # fmt: skip


OF_ARTICLE = (
    "article_id", "article_digest", "source", "journal", "year", "doi", "licence", "licence_url", "is_open", "split",
)  # fmt: skip
"""Columns of figures and panels that say what their article's row says."""


def of_article(article: Row, own_licence: str | None) -> Row:
    """Columns of a figure and its panels about its article; `own_licence` is the figure's, where it is another."""
    columns = {column: article[column] for column in OF_ARTICLE}
    return columns | ({"licence": own_licence, "licence_url": address(own_licence)} if own_licence else {})


def article_row(article: Article, digest: str, split: str, versions: str) -> Row:
    """Row of the articles table; `figures` and `panels` are counted when its figures are known."""
    return {
        **article.model_dump(),
        "article_id": article.id,
        "article_digest": digest,
        "year": article.published.year if article.published else None,
        "split": split,
        "versions": versions,
    }


def figure_row(harvested: HarvestedFigure, article: Row, figure_name: str, versions: str) -> Row:
    """Row of the figures table; `article` is its article's row."""
    return {
        **harvested.figure.model_dump(),
        **of_article(article, harvested.figure.licence),
        "own_licence": harvested.figure.licence,
        "figure_digest": figure_digest(harvested),
        "figure_name": figure_name,
        "general": harvested.parts.general,
        # not sorted: the order of the labels is the caption's
        "caption_parts": json.dumps(harvested.parts.model_dump(mode="json"), ensure_ascii=False),
        "panels": None if harvested.panels is None else len(harvested.panels),
        "article_name": article["name"],
        "article_title": article["title"],
        "article_url": article["url"],
        "versions": versions,
    }


def panel_rows(harvested: HarvestedFigure, figure: Row, image: NDArray[np.uint8] | None) -> list[Row]:
    """One row per panel, with its crop out of the figure's `image`, `(H, W, 3)` uint8 RGB; no crops without one.

    `figure` is the row of its figure.
    """
    panels = harvested.panels or ()
    rows = []
    for panel, name in zip(panels, _crop_names(figure["figure_name"], panels), strict=True):
        pixels = None if image is None else crop(image, panel.box)
        origin, confidence = scale_source(panel)
        rows.append(
            {
                **panel.model_dump(exclude={"box", "label_box", "scale_bars"}),
                **{column: figure[column] for column in OF_ARTICLE},
                "image": None if pixels is None else {"bytes": png(pixels), "path": name},
                "crop_name": name,
                "figure_name": figure["figure_name"],
                "box": panel.box.corners,
                "label_box": _corners(panel.label_box),
                "kind": panel.kind.value,
                "scale_origin": origin,
                "scale_confidence": confidence,
                "scale_bars": [_scale_bar_row(bar) for bar in panel.scale_bars],
                "caption": as_text(panel.caption),
                "caption_sentences": panel.caption,
                "materials": materials([*panel.caption, *harvested.parts.general]),
                "doubts": panel.flags,
                "article_title": figure["article_title"],
                "article_url": figure["article_url"],
                "versions": figure["versions"],
            }
        )
    return rows


def fill_in_materials(panels: Iterable[Row], figures: Iterable[Row]) -> None:
    """Fill in the materials of panels that an earlier version published without; `figures` are their figures' rows."""
    general = {row["id"]: row["general"] or () for row in figures}
    for row in panels:
        if row["materials"] is None:
            row["materials"] = materials([*(row["caption_sentences"] or ()), *general.get(row["figure_id"], ())])


def scale_source(panel: Panel) -> tuple[str | None, float | None]:
    """Origin of the length of a scaled panel's surest bar ("printed", "caption"), and the confidence in it.

    Sure of a bar = of its box, times of its print where that was read; of a printed one as separation calibrated it.
    """
    if panel.nm_per_px is None:
        return None, None
    sure = [
        (bar.confidence * (bar.label_confidence if bar.nm_origin == "printed" and bar.label_confidence else 1.0), bar)
        for bar in panel.scale_bars
        if bar.length_nm is not None
    ]
    if not sure:
        return None, None
    confidence, bar = max(sure, key=lambda each: each[0])
    if bar.nm_origin == "printed" and panel.scale_confidence:
        confidence = panel.scale_confidence
    return bar.nm_origin, round(confidence, 6)


def _crop_names(figure_name: str, panels: Sequence[Panel]) -> list[str]:
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


def table(name: str, rows: Sequence[Row]) -> pa.Table:
    """Arrow table of rows; keys that are no columns are left out."""
    return pa.Table.from_pylist(list(rows), schema=SCHEMAS[name])


def typed(rows: "pd.DataFrame", table: str) -> "pd.DataFrame":
    """A data frame of a table whose columns have the same types, whatever is not known in them.

    Whole numbers and yes/no get the types that have missing values: pandas makes floats and objects of columns of which
    a single value is not known, and objects of texts that are all missing.
    """
    import pandas as pd

    types = {pa.int32(): pd.Int32Dtype(), pa.bool_(): pd.BooleanDtype(), pa.string(): pd.Series(["text"]).dtype}
    fields = (SCHEMAS[table].field(name) for name in rows.columns)
    return rows.astype({field.name: types[field.type] for field in fields if field.type in types})


def _scale_bar_row(bar: ScaleBar) -> Row:
    return {**bar.model_dump(), "box": bar.box.corners, "label_box": _corners(bar.label_box)}


def _corners(box: Box | None) -> tuple[float, float, float, float] | None:
    return None if box is None else box.corners


class FigureNames:
    """Gives each figure of a data set its file name, such that no two share one, even where case does not count.

    `articles` are the published ones, as (id, name). Names are those of an article, so only articles of one name can
    collide: figures of all but the first then carry a digest of their id.
    """

    def __init__(self, articles: Iterable[tuple[str, str]]) -> None:
        self._owners: dict[str, set[str]] = {}
        for id, name in articles:
            self._owners.setdefault(safe_name(name).casefold(), set()).add(id)

    def of(self, article: Article, figure: Figure, extension: str, published: str | None, taken: Set[str]) -> str:
        """The figure's name.

        Args:
            article: the figure's article.
            figure: the figure to name.
            extension: of its image, without the dot.
            published: the name it was published under, which it keeps (but for the extension).
            taken: names of the article's other figures.
        """
        stem = published.rpartition(".")[0] if published else f"{safe_name(article.name)}_fig{figure.number}"
        owners = self._owners.setdefault(safe_name(article.name).casefold(), set())
        stems = {name.rpartition(".")[0].casefold() for name in taken}
        if not published and (owners - {article.id} or stem.casefold() in stems):
            # the same article from two sources, say: the id tells them apart
            stem += "-" + hashlib.sha256(figure.id.encode("utf-8", "surrogatepass")).hexdigest()[:16]
        owners.add(article.id)
        return f"{stem}.{extension}"
