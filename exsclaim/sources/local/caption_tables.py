"""Images that have their captions in a table beside them, `.csv` with a header line, or `.jsonl`.

Columns: `file` (an image in the table's folder) and `caption`; where known `label`, `title`, `doi`, `authors` (parted
by `;`), `journal`, `licence` (a name or an address) and `article` (what belongs together). Rows with the same
`article`, else `doi`, else `title` are one article's figures; rows without any are one article, the table itself.
"""

import codecs
import csv
import difflib
import io
import json
from collections.abc import Iterable, Mapping
from typing import Any

from exsclaim.errors import GoneError, PageFormatError
from exsclaim.licences import declared
from exsclaim.records import Article, FetchedArticle, FigureRef
from exsclaim.sources.facts.publication_facts import bare_doi
from exsclaim.sources.html.html_text import tidy
from exsclaim.sources.local.local_files import LocalFile, beside, with_image
from exsclaim.storage.local import safe_name
from exsclaim.store import Store

COLUMNS = ("file", "caption", "label", "title", "doi", "authors", "journal", "licence", "article")
_SLIP, _SLIP_LETTERS = 0.75, 2
"""Likeness from which on a column's name is another's, misspelt, and how many letters longer or shorter at most."""

Row = Mapping[str, str]


def groups(file: LocalFile) -> dict[str, list[Row]]:
    """The rows of each article, by its key, in the order of the table.

    A row that cannot be used costs itself alone: it has its `fault`, and goes to the article of its key, else to that
    of the row before it.

    Raises:
        GoneError: the table cannot be read.
        PageFormatError: it is no such table; the message names the line and what is wrong with it.
    """
    rows = _csv(file) if file.path.suffix.lower() == ".csv" else _jsonl(file)
    good = [row for row in rows if "fault" not in row]
    if not good:
        raise PageFormatError(rows[0]["fault"] if rows else f"{file.shown}: the table has no rows")
    found: dict[str, list[Row]] = {}
    key = _key(good[0])
    for row in rows:
        key = _key(row) or (key if "fault" in row else "")
        found.setdefault(key, []).append(row)
    return found


def _key(row: Row) -> str:
    return row.get("article") or row.get("doi") or row.get("title") or ""


def read_table(file: LocalFile, store: Store) -> FetchedArticle:
    """One article of a table: the one that the address names.

    Raises:
        GoneError: the table cannot be read, or has this article no longer.
        PageFormatError: it is no such table.
    """
    rows = groups(file).get(file.part)
    if rows is None:
        raise GoneError(file.url, f"{file.shown} has no article {file.part!r} any more")

    def first(column: str) -> str:
        return next((row[column] for row in rows if row.get(column)), "")

    doi = bare_doi(first("doi")).lower() or None
    name = safe_name(f"{file.shown} {file.part}".strip())
    licence = declared(first("licence"))
    article = Article(
        id=f"folder/{name}", name=name, source="folder", url=f"https://doi.org/{doi}" if doi else file.shown, doi=doi,
        title=first("title") or file.path.stem,
        authors=tuple(filter(None, map(tidy, first("authors").split(";")))),
        journal=first("journal"), published=None, licence=licence.id, licence_url=licence.url,
        is_open=licence.is_open, retrieved_at=file.modified,
    )  # fmt: skip
    figures = tuple(_figure(row, number, article.id, file, store) for number, row in enumerate(rows, start=1))
    return FetchedArticle(article=article, figures=figures)


def _figure(row: Row, number: int, article_id: str, file: LocalFile, store: Store) -> FigureRef:
    figure = FigureRef(
        id=f"{article_id}/fig{number}", article_id=article_id, number=number,
        label=row.get("label") or f"Figure {number}", title="", caption=row.get("caption", ""), image_urls=(),
        no_image=row.get("fault", ""),
    )  # fmt: skip
    if figure.no_image:
        return figure
    return with_image(figure, beside(file, row["file"]), [row["file"]], file, store)


def _csv(file: LocalFile) -> list[Row]:
    text = _text(file)
    table = csv.DictReader(io.StringIO(text, newline=""), delimiter=_delimiter(text.partition("\n")[0]))
    try:
        columns = [str(name) for name in table.fieldnames or ()]
    except csv.Error as error:
        raise PageFormatError(f"{file.shown}: the line of its columns is not valid CSV ({error})") from error
    if not {"file", "caption"} <= {name.strip().casefold() for name in columns}:
        shown = ", ".join(columns) or "none"
        raise PageFormatError(f"{file.shown}: needs the columns file and caption; it has {shown[:200]}")
    if slip := _misspelt(columns):
        raise PageFormatError(f"{file.shown}: {slip}")
    rows: list[Row] = []
    while True:
        try:
            row = next(table)
        except StopIteration:
            return rows
        except csv.Error as error:
            rows.append({"fault": f"{file.shown}, line {table.line_num}: not valid CSV ({error})"})
        else:
            rows.append(_row(file, table.line_num, row))


def _delimiter(columns: str) -> str:
    """The sign between the columns: a semicolon or a tab where Excel writes it, in many countries, for a comma."""
    return max(",;\t", key=columns.count)


def _jsonl(file: LocalFile) -> list[Row]:
    rows: list[Row] = []
    for number, line in enumerate(_text(file).split("\n"), start=1):
        if not line.strip():
            continue
        try:
            content = json.loads(line)
        except (ValueError, RecursionError) as error:
            rows.append({"fault": f"{file.shown}, line {number}: not valid JSON ({error})"})
            continue
        if isinstance(content, dict):
            rows.append(_row(file, number, content))
        else:
            rows.append({"fault": f'{file.shown}, line {number}: not an object such as {{"file": …, "caption": …}}'})
    return rows


def _row(file: LocalFile, line: int, content: Mapping[Any, Any]) -> Row:
    said = {str(key).strip().casefold(): value for key, value in content.items() if key is not None}
    row = {name: tidy(value) for name in COLUMNS if isinstance(value := said.get(name), str)}
    for name in ("file", "caption"):
        if name not in row or (name == "file" and not row[name]):
            row["fault"] = f"{file.shown}, line {line}: {name!r} is missing or no text"
    row["licence"] = row.get("licence") or tidy(str(said.get("license") or ""))
    if slip := _misspelt(said):
        row["fault"] = f"{file.shown}, line {line}: {slip}"
    return row


def _misspelt(names: Iterable[str]) -> str | None:
    """A slip in a column's name, which would lose what stands there; other columns than ours may be in a table."""
    given = {name.strip().casefold() for name in names}
    missing = [name for name in COLUMNS if name not in given]
    for name in sorted(given - {*COLUMNS, "license"}):
        as_long = [each for each in missing if abs(len(each) - len(name)) <= _SLIP_LETTERS]
        if meant := difflib.get_close_matches(name, as_long, n=1, cutoff=_SLIP):
            return f"the column {name!r} is not known: rename it to {meant[0]!r}"
    return None


def _text(file: LocalFile) -> str:
    body = file.read()
    try:
        # Excel's "Unicode text" is UTF-16
        return body.decode("utf-16" if body[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise PageFormatError(
            f"{file.shown}: not UTF-8 (byte {error.start}); save it as UTF-8 (Excel: as CSV UTF-8)"
        ) from error
