"""Files of a private collection: named by addresses, read only inside their folder, never larger than allowed.

An address is `file:///home/me/papers/./2020/silver.pdf`: what stands behind `/./` is the name that data sets show, so
that they are the same on every machine. What a file refers to (an image beside a page) is looked for in the file's
own folder and below, and nowhere else.

Images may have their captions in a table beside them, `.csv` with a header line, or `.jsonl`. Columns: `file` (an
image in the table's folder) and `caption`; where known `label`, `title`, `doi`, `authors` (parted by `;`), `journal`,
`licence` (a name or an address) and `article` (what belongs together). Rows with the same `article`, else `doi`, else
`title` are one article's figures; rows without any are one article, the table itself.
"""

import csv
import datetime as dt
import difflib
import hashlib
import io
import json
import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote, unquote, urlsplit

from exsclaim.errors import GoneError, ImageError, PageFormatError
from exsclaim.http.addresses import address_parts
from exsclaim.http.bodies import measure
from exsclaim.licences import declared
from exsclaim.records import Article, FetchedArticle, FigureRef
from exsclaim.settings import settings
from exsclaim.sources.facts.publication_facts import bare_doi
from exsclaim.sources.html.html_text import tidy
from exsclaim.sources.pdf import ONLY_PAGE, drawn_page, is_pdf
from exsclaim.storage.local import safe_name
from exsclaim.store import Store

MAX_FILE_BYTES = 500_000_000
IMAGE_ENDINGS = (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".gif", ".webp", ".bmp")
DRAWN_ENDING = ".pdf"
"""Of an image that is drawn: a PDF of one page."""
_MARK = "/./"


class LocalFile(NamedTuple):
    """A file by its address."""

    url: str
    path: Path
    shown: str
    """Its name in data sets: its path within the collection, with `/`."""
    part: str = ""
    """The article meant, of a file that holds several."""

    @property
    def modified(self) -> dt.date:
        """Day (UTC) on which the file was last changed."""
        return dt.datetime.fromtimestamp(self.path.stat().st_mtime, dt.UTC).date()

    def read(self) -> bytes:
        """Its bytes. Raises GoneError where it is not there, cannot be read, is too large, or leads elsewhere."""
        try:
            if self.path.resolve(strict=True) != self.path:
                raise GoneError(self.url, "a link that leads out of its folder")
            if not self.path.is_file():
                raise GoneError(self.url, "no file")
            size = self.path.stat().st_size
            if size > MAX_FILE_BYTES:
                raise GoneError(
                    self.url, f"{size / 1e6:.0f} MB; files beyond {MAX_FILE_BYTES / 1e6:.0f} MB are not read"
                )
            return self.path.read_bytes()
        except OSError as error:
            raise GoneError(self.url, f"cannot be read ({error.strerror or error})") from error


def address(root: Path, path: Path, part: str = "") -> str:
    """The address of a file below `root`, both absolute."""
    inner = quote(path.relative_to(root).as_posix())
    return f"{root.as_uri().rstrip('/')}{_MARK}{inner}" + (f"?article={quote(part, safe='')}" if part else "")


def local_file(url: str) -> LocalFile:
    """The file at an address that `address` made. Raises GoneError for any other."""
    scheme, host, path, query, _ = urlsplit(url)
    before, mark, inner = path.partition(_MARK)
    if scheme != "file" or host or not mark or not inner:
        raise GoneError(url, "not the address of a file in a folder")
    shown = unquote(inner)
    if ".." in shown.split("/") or shown.startswith("/") or "\0" in shown:
        raise GoneError(url, "leads out of its folder")
    return LocalFile(url, Path(unquote(before) or "/") / shown, shown, unquote(query.removeprefix("article=")))


def version_of(path: Path, *, with_folder: bool) -> str:
    """A version that changes with the file's size or time, or those of its folder where it refers to others."""
    known = [path]
    if with_folder:
        known += sorted(Path(folder, name) for folder, _, names in os.walk(path.parent) for name in names)
    lines = []
    for each in known:
        try:
            stat = each.lstat()
        except OSError:
            continue
        lines.append(f"{each.relative_to(path.parent)} {stat.st_size} {stat.st_mtime_ns}")
    return hashlib.sha256("\n".join(lines).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def beside(file: LocalFile, reference: str) -> Path | None:
    """The file that one refers to, as `fig1.png` or `page_files/fig1.png`; None where there is none in its folder.

    A table names files as they are called ("rods #1.png"), a page by addresses ("rods%20%231.png"). Never one outside:
    neither by `..` nor by an absolute path nor by a link.
    """
    plain = reference.strip().replace("\\", "/")
    if ":" in reference[:12]:
        return None
    found = (_inside(file.path.parent, name) for name in dict.fromkeys((plain, unquote(address_parts(plain).path))))
    return next(filter(None, found), None)


def _inside(folder: Path, name: str) -> Path | None:
    parts = [part for part in name.split("/") if part not in ("", ".")]
    if not parts or ".." in parts or name.startswith("/") or "\0" in name:
        return None
    try:
        path = folder.joinpath(*parts).resolve(strict=True)
    except (OSError, RuntimeError):
        return None
    return path if path.is_relative_to(folder) and path.is_file() else None


def image_file(image: Path | bytes) -> bytes:
    """The bytes of an image file, or of an image out of another file; of a PDF its page, drawn.

    Raises:
        ImageError: it is no image, damaged or too large, or a PDF of several pages; the message names it.
    """
    name = image.name if isinstance(image, Path) else "the image inside the page"
    try:
        if isinstance(image, Path) and image.stat().st_size > MAX_FILE_BYTES:
            raise ImageError(f"larger than {MAX_FILE_BYTES / 1e6:.0f} MB")
        body = image.read_bytes() if isinstance(image, Path) else image
        if is_pdf(body):
            body = drawn_page(body, ONLY_PAGE)
        measure(body, max_megapixels=settings().max_image_megapixels)
    except OSError as error:
        raise ImageError(f"{name}: cannot be read ({error.strerror or error})") from error
    except ImageError as error:
        raise ImageError(f"{name}: {error}") from error
    return body


def with_image(
    figure: FigureRef, image: Path | bytes | None, named: Sequence[str], file: LocalFile, store: Store
) -> FigureRef:
    """The figure with its image put into the store, or with why it has none. `named` is what the file calls it."""
    if image is None:
        said = ", ".join(repr(name[:100]) for name in named[:3]) or "no image"
        return figure.model_copy(update={"no_image": f"{file.shown} names {said}: not an image in its folder"})
    try:
        image_sha256 = store.put(image_file(image))
    except ImageError as error:
        return figure.model_copy(update={"no_image": str(error)})
    return figure.model_copy(update={"image_urls": (shown_path(image, file),), "image_sha256": image_sha256})


def shown_path(image: Path | bytes, file: LocalFile) -> str:
    """The path of an image within the collection; of an image inside the file itself, that file."""
    if isinstance(image, bytes):
        return file.shown
    return "/".join([*file.shown.split("/")[:-1], image.relative_to(file.path.parent).as_posix()])


COLUMNS = ("file", "caption", "label", "title", "doi", "authors", "journal", "licence", "article")
_SLIP, _SLIP_LETTERS = 0.75, 2
"""Likeness from which on a column's name is another's, misspelt, and how many letters longer or shorter at most."""
MAX_ROWS = 1_000_000

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
    table = csv.DictReader(io.StringIO(_text(file), newline=""))
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
    try:
        return file.read().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise PageFormatError(f"{file.shown}: not UTF-8 (byte {error.start}); save it as UTF-8") from error
