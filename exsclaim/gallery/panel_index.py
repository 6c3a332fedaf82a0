"""Index of a published data set for searching: a DuckDB file in EXSCLAIM_HOME, made anew for each version.

    <home>/gallery/<digest of the folder's path>/<version>.duckdb
        panels          a row per panel: what is filtered, counted and sorted by
        figures         a row per figure: its texts
        panel_terms     (term, n): words of a panel's own part of the caption
        figure_terms    (term, f, is_general): words of a figure's texts; is_general: said of all its panels

Words are compared in small letters, without accents, subscripts and plural endings. Nothing is downloaded: DuckDB's own
full-text extension would be, so that the lists of words are made here.
"""

import hashlib
from collections.abc import Sequence
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
from filelock import FileLock

from exsclaim.captions.word_forms import lexicon
from exsclaim.dataset.condition.published_state import digests, read_state
from exsclaim.dataset.tables.shards import TABLES, Shards
from exsclaim.dataset.tables.table_rows import SCHEMAS
from exsclaim.dataset.transaction import ResultFiles
from exsclaim.errors import DatasetError
from exsclaim.settings import settings

INDEX_VERSION = "2"
"""Rises with what this module writes."""
SURE_OF_TYPE = 0.5
"""A look of the image counts as its technique where the caption names none and the network is as sure as this."""
_SUBSCRIPTS = "₀₁₂₃₄₅₆₇₈₉⁰¹²³⁴⁵⁶⁷⁸⁹µ"
_PLAIN = "01234567890123456789μ"
_MACROS = f"""
    CREATE MACRO one(word) AS CASE
        WHEN length(word) < 4 OR NOT ends_with(word, 's') OR regexp_matches(word, '(ss|us|is|os)$') THEN word
        WHEN ends_with(word, 'ies') THEN word[:-4] || 'y'
        WHEN regexp_matches(word, '(sh|ch|ss|x|zz)es$') THEN word[:-3]
        ELSE word[:-2] END;
    CREATE MACRO plain(said) AS lower(strip_accents(translate(said, '{_SUBSCRIPTS}', '{_PLAIN}')));
    CREATE MACRO words(said) AS list_distinct(list_transform(
        regexp_extract_all(plain(said), '[\\p{{L}}\\p{{N}}]+'), lambda word: one(word)));
"""
_NEW_PANELS = """
    CREATE TABLE panels AS
    SELECT o.first + p.file_row_number AS n, f.f AS f, p.id, p.figure_id, p.article_id, p.label, p.kind,
        p.type, p.box, p.is_inset, coalesce(p.reviewed, false) AS reviewed, p.crop_name, p.caption,
        CASE WHEN len(coalesce(p.techniques, [])) = 0 AND p.type_confidence >= $sure AND list_contains($names, p.type)
            THEN [p.type] ELSE coalesce(p.techniques, []) END AS techniques,
        coalesce(p.keywords, []) AS keywords, coalesce(p.doubts, []) AS doubts, len(coalesce(p.doubts, [])) AS n_doubts,
        list_min(list_transform(p.scale_bars, lambda bar: bar.length_nm)) AS bar_least_nm,
        list_max(list_transform(p.scale_bars, lambda bar: bar.length_nm)) AS bar_most_nm,
        p.nm_per_px, p.width_nm, p.journal, p.source, p.year, p.licence, p.is_open, p.doi, p.article_title,
        least(
            CASE WHEN p.box_confidence > 0 THEN p.box_confidence ELSE 1 END,
            CASE WHEN p.kind_confidence > 0 THEN p.kind_confidence ELSE 1 END,
            CASE WHEN p.label_confidence > 0 THEN p.label_confidence ELSE 1 END,
            CASE WHEN p.scale_confidence > 0 THEN p.scale_confidence ELSE 1 END
        ) AS confidence
    FROM ({rows}) p
    JOIN shards o ON o.filename = p.filename
    JOIN figures f ON f.id = p.figure_id
    ORDER BY n
"""
_PANEL_COLUMNS = (
    "id", "figure_id", "article_id", "label", "kind", "type", "type_confidence", "box", "is_inset", "reviewed",
    "crop_name",
    "caption", "techniques", "keywords", "doubts", "scale_bars", "nm_per_px", "width_nm", "journal", "source",
    "year", "licence", "is_open", "doi", "article_title", "box_confidence", "kind_confidence", "label_confidence",
    "scale_confidence",
)  # fmt: skip
_FIGURE_COLUMNS = (
    "id", "figure_name", "label", "title", "caption", "general", "mentions", "article_title", "width_px", "height_px",
    "image_sha256",
)  # fmt: skip
_NEW_FIGURES = """
    CREATE TABLE figures AS
    SELECT row_number() OVER () - 1 AS f, id, figure_name, label, title, image_sha256, width_px, height_px,
        coalesce(title, '') || ' ' || array_to_string(coalesce(general, []), ' ') AS said_of_all,
        caption, article_title, array_to_string(list_transform(coalesce(mentions, []), lambda each: each.sentence), ' ')
            AS mentions
    FROM ({rows})
"""
_NEW_TERMS = """
    CREATE TABLE panel_terms AS
        SELECT term, n FROM (SELECT unnest(words(caption)) AS term, n FROM panels) ORDER BY term, n;
    CREATE TABLE figure_terms AS
        SELECT term, f, bool_or(is_general) AS is_general FROM (
            SELECT unnest(words(said_of_all)) AS term, f, true AS is_general FROM figures
            UNION ALL
            SELECT unnest(words(caption || ' ' || article_title || ' ' || mentions)), f, false FROM figures
        ) GROUP BY term, f ORDER BY term, f;
"""


def indexed(folder: Path) -> Path:
    """The index file of the data set in `folder`, made now if there is none of the version that is published.

    Raises:
        DatasetError: nothing is published there, or in a form that today's tables do not have.
    """
    version = dataset_version(folder)
    place = (
        settings().home.expanduser().absolute()
        / "gallery"
        / hashlib.sha256(str(folder.absolute()).encode()).hexdigest()[:16]
    )
    path = place / f"{version}.duckdb"
    if path.is_file():
        return path
    place.mkdir(parents=True, exist_ok=True)
    with FileLock(place / ".lock"):
        if not path.is_file():
            draft = place / ".draft.duckdb"
            draft.unlink(missing_ok=True)
            build(folder, draft)
            draft.replace(path)
            for old in place.glob("*.duckdb"):
                if old not in (path, draft):
                    old.unlink(missing_ok=True)  # an open reader keeps the file until it closes it
    return path


def dataset_version(folder: Path) -> str:
    """Identifier of the state of the data set that is published in `folder`; another after each change.

    Raises:
        DatasetError: nothing is published there.
    """
    files = ResultFiles(folder)
    content = read_state(files).content
    if not content:
        living = Shards(files).articles()
        if not living:
            raise DatasetError(f"{folder} holds no published data set: data/articles/ is not there, or empty")
        content, _ = digests(living)
    return f"{content[:16]}-{INDEX_VERSION}"


def build(folder: Path, path: Path) -> None:
    """Write the index of the data set in `folder` to the new file `path`, column by column, never all in memory.

    Raises:
        DatasetError: its tables are in the form of an earlier version.
    """
    shards = Shards(ResultFiles(folder))
    if shards.legacy():
        raise DatasetError(f"{folder} was published by an earlier version: harvest its query once more, then look")
    names = {table: _files(shards, table) for table in TABLES}
    with duckdb.connect(str(path)) as made:
        made.execute(_MACROS)
        made.execute("CREATE TABLE shards (filename VARCHAR, first BIGINT)")
        first = 0
        for name in names["panels"]:
            made.execute("INSERT INTO shards VALUES (?, ?)", [name, first])
            first += pq.read_metadata(name).num_rows
        made.execute(_NEW_FIGURES.format(rows=_rows("figures", names["figures"], _FIGURE_COLUMNS)))
        made.execute(
            _NEW_PANELS.format(rows=_rows("panels", names["panels"], _PANEL_COLUMNS)),
            {"sure": SURE_OF_TYPE, "names": list(lexicon("techniques")["names"])},
        )
        made.execute(_NEW_TERMS)


def _files(shards: Shards, table: str) -> list[str]:
    return [str(shards.files.path(name)) for harvest in shards.harvests() for name in shards.shards(table, harvest)]


def _rows(table: str, names: Sequence[str], columns: Sequence[str]) -> str:
    """SQL that reads these columns; those that the files of an earlier version lack are null."""
    schema = duckdb.from_arrow(SCHEMAS[table].empty_table())
    types = dict(zip(schema.columns, schema.types, strict=True))
    if not names:
        nothing = ", ".join(f"NULL::{types[column]} AS {column}" for column in columns)
        return f"SELECT {nothing}, '' AS filename, 0 AS file_row_number WHERE false"
    quoted = ", ".join("'" + name.replace("'", "''") + "'" for name in names)
    read = f"read_parquet([{quoted}], union_by_name=true, hive_partitioning=false, filename=true, file_row_number=true)"
    with duckdb.connect() as asked:
        there = {row[0] for row in asked.execute(f"DESCRIBE SELECT * FROM {read}").fetchall()}
    listed = [column if column in there else f"NULL::{types[column]} AS {column}" for column in columns]
    return f"SELECT {', '.join(listed)}, filename, file_row_number FROM {read}"
