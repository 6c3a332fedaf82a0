"""The source `folder`: articles in a directory of your own, of PDF, JATS XML, saved HTML pages, or captioned images.

Nothing leaves the machine: no address is asked, whatever a file refers to. Every file is an article (a table of
images may hold several); the query's terms do not choose among them, they are looked for in the captions.
"""

import logging
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from exsclaim.errors import ExsclaimError, PageFormatError
from exsclaim.http import Client
from exsclaim.records import Article, ArticleRef, FetchedArticle
from exsclaim.sources.facts.publication_facts import is_retracted
from exsclaim.sources.local.article_pdfs import pdfs_of_articles
from exsclaim.sources.local.caption_tables import groups, read_table
from exsclaim.sources.local.local_files import LocalFile, address, local_file, version_of
from exsclaim.sources.local.passed_over import copies, told_of_others
from exsclaim.sources.local.saved_articles import read_saved_page, read_xml_file
from exsclaim.sources.pdf import figure_refs, read_pdf
from exsclaim.sources.reader_versions import source_version
from exsclaim.storage.local import safe_name
from exsclaim.store import Store

if TYPE_CHECKING:
    from exsclaim.query import Query

log = logging.getLogger(__name__)

TABLES = (".csv", ".jsonl")
_HIDDEN = (".", "~$")


class Folder:
    """The source `folder`."""

    name = "folder"
    version = source_version(5, "html", "jats", "elsevier", "pdf")
    is_local = True
    """A folder may change from one minute to the next, and looking costs nothing: it is looked at each time."""

    def search(self, query: "Query", client: Client) -> Iterator[ArticleRef]:
        """Search (`Source.search`): all files that it reads, by path. A link out of the folder is passed over."""
        for place in query.folder:
            if others := told_of_others(_walk(place.expanduser()), READERS):
                log.warning("%s: %s", _shown(place), others)
        found = list(_files(query.folder))
        prints = pdfs_of_articles(path for _, path in found)
        copied = copies(path for _, path in found if path.suffix.lower() == ".pdf" and path not in prints)
        for root, path in found:
            if path in copied:
                log.warning("%s: passed over, it is a copy of %s", _shown(path), _shown(copied[path]))
                continue
            if path in prints:
                log.info("%s: passed over, the XML beside it is the article", _shown(path))
                continue
            try:
                version = version_of(path, with_folder=path.suffix.lower() != ".pdf")
                refs = [
                    ArticleRef(source=self.name, url=address(root, path, part), version=version)
                    for part in _parts(root, path)
                ]
            except (OSError, ValueError) as error:  # a name that is not UTF-8, a file that went while it was looked at
                log.warning("%s: passed over, it cannot be named or looked at (%s)", _shown(path), error)
                continue
            yield from refs

    def read(self, ref: ArticleRef, client: Client, *, fresh: bool = False) -> FetchedArticle:
        """Read (`Source.read`); the images go into the store at once.

        Raises:
            GoneError: the file is not there, or lies outside its folder.
            PageFormatError, PdfError: it cannot be read as what its ending says.
        """
        file = local_file(ref.url)
        reader = READERS.get(file.path.suffix.lower())
        if reader is None:
            raise PageFormatError(f"{file.shown}: files ending in {file.path.suffix!r} are not read; {_ENDINGS} are")
        fetched = reader(file, client.store)
        if not fetched.figures and not fetched.article.is_retracted:
            raise PageFormatError(f"{file.shown}: no figures are in it, or none that can be told from its text")
        return fetched


def _files(places: tuple[Path, ...]) -> Iterator[tuple[Path, Path]]:
    """Root and path of every file that is read, each once, by path."""
    seen: set[Path] = set()
    for place in places:
        given = place.expanduser().resolve()
        # of several places each is named by its own last part
        root = given.parent if given.is_file() or len(places) > 1 else given
        inside = given if given.is_dir() else given.parent
        found = [given] if given.is_file() else _walk(given)
        for path in found:
            if path.suffix.lower() not in READERS or path in seen:
                continue
            try:
                target = path.resolve(strict=True)
            except (OSError, RuntimeError) as error:
                log.warning("%s: passed over, it leads nowhere (%s)", _shown(path), error)
                continue
            if path.is_symlink() and not target.is_relative_to(inside):
                log.warning("%s: passed over, it is a link to a place outside the folder", _shown(path))
                continue
            if target == path:
                seen.add(path)
                yield root, path


def _shown(path: Path) -> str:
    """The path for people: what is not UTF-8 in it is written as escapes."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def _walk(folder: Path) -> list[Path]:
    """The files below a folder, without hidden ones and the files that browsers save beside a page."""
    found = []
    for above, folders, names in os.walk(folder):
        folders[:] = [
            name for name in folders if not (name.startswith(_HIDDEN) or name.endswith(("_files", "-Dateien")))
        ]
        found += [Path(above, name) for name in names if not name.startswith(_HIDDEN)]
    return sorted(found, key=lambda path: path.relative_to(folder).as_posix())


def _parts(root: Path, path: Path) -> list[str]:
    """The articles that a file holds: of a table its articles, of any other file itself."""
    if path.suffix.lower() not in TABLES:
        return [""]
    try:
        return list(groups(local_file(address(root, path))))
    except ExsclaimError:
        return [""]  # reading it says what is wrong with it


def _read_pdf(file: LocalFile, store: Store) -> FetchedArticle:
    pdf = read_pdf(file.read())
    front = pdf.front
    name = safe_name(file.shown)
    article = Article(
        id=f"{Folder.name}/{name}", name=name, source=Folder.name, doi=front.doi,
        url=f"https://doi.org/{front.doi}" if front.doi else file.shown,
        title=front.title or file.path.stem, authors=front.authors, journal=front.journal,
        published=front.published.day if front.published else None,
        published_precision=front.published.precision if front.published else "day",
        licence=front.licence, licence_url=front.licence_url, is_open=front.licence.startswith("CC"),
        retrieved_at=file.modified, is_retracted=is_retracted(front.title),
    )  # fmt: skip
    figures = figure_refs(pdf, article.id, article.licence, file.shown, store)
    return FetchedArticle(article=article, figures=figures)


READERS: dict[str, Callable[[LocalFile, Store], FetchedArticle]] = {
    ".pdf": _read_pdf,
    ".xml": read_xml_file,
    ".nxml": read_xml_file,
    ".html": read_saved_page,
    ".htm": read_saved_page,
    ".xhtml": read_saved_page,
    ".csv": read_table,
    ".jsonl": read_table,
}
_ENDINGS = ", ".join(READERS)
