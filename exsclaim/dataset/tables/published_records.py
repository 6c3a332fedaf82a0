"""Records of published rows: a panel, an article, a figure.

Rows of an older data set lack columns, or have nulls in them: the record's defaults stand for those. A value that no
published row has comes from another program, which wrote the files anew: it is told with the row's id.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from pydantic import ValidationError

from exsclaim.dataset.tables.table_rows import scale_source
from exsclaim.errors import DatasetError, faults_told
from exsclaim.geometry import Box
from exsclaim.records import Article, CaptionParts, Figure, Panel, ScaleBar


def panel_of(row: Mapping[str, Any]) -> Panel:
    """The record of a row of the panels table; `image` is not needed.

    Raises:
        DatasetError: a value is none that a panel can have.
    """
    special = ("box", "label_box", "scale_bars", "caption", "flags", "scale_confidence")
    plain = {key: row[key] for key in Panel.model_fields if key not in special and row.get(key) is not None}
    with _values_told(row, "id"):
        panel = Panel(
            **plain, box=Box.of(row["box"]), label_box=_box(row["label_box"]), caption=row["caption_sentences"],
            flags=row["doubts"] or (),
            scale_bars=tuple(
                ScaleBar(**{**bar, "box": Box.of(bar["box"]), "label_box": _box(bar["label_box"])})
                for bar in row["scale_bars"]
            ),
        )  # fmt: skip
    # where separation did not determine it, the column has what follows from the bars
    sure = row.get("scale_confidence") or 0.0
    return panel if sure == (scale_source(panel)[1] or 0.0) else panel.model_copy(update={"scale_confidence": sure})


def article_of(row: Mapping[str, Any]) -> Article:
    """The record of a row of the articles table.

    Raises:
        DatasetError: a value is none that an article can have.
    """
    fields = Article.model_fields
    given = {key: row[key] for key in fields if key in row and (row[key] is not None or fields[key].is_required())}
    with _values_told(row, "article_id"):
        return Article(**given | {"id": row["article_id"]})


def figure_of(row: Mapping[str, Any]) -> Figure:
    """The record of a row of the figures table.

    Raises:
        DatasetError: a value is none that a figure can have.
    """
    fields = {key: row[key] for key in Figure.model_fields if key != "perceptual_hash" and row.get(key) is not None}
    with _values_told(row, "id"):
        return Figure(**fields | {"licence": row["own_licence"] or ""})


def caption_parts_of(row: Mapping[str, Any]) -> CaptionParts:
    """The parts of the caption, of a row of the figures table.

    Raises:
        DatasetError: the column does not hold what was published.
    """
    with _values_told(row, "id"):
        return CaptionParts.model_validate_json(row["caption_parts"])


@contextmanager
def _values_told(row: Mapping[str, Any], key: str) -> Iterator[None]:
    try:
        yield
    except (ValueError, TypeError) as error:  # TypeError: a list, or a text, that is null
        said = faults_told(error, "caption_parts") if isinstance(error, ValidationError) else str(error)
        raise DatasetError(
            f"the row of {row.get(key)} is none that EXSCLAIM published ({said}). Another program wrote its file anew;"
            " from the results as they were published, or by harvesting into another folder, it comes back"
        ) from error


def _box(corners: Sequence[float] | None) -> Box | None:
    return None if corners is None else Box.of(corners)
