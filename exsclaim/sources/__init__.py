"""The sources of articles. A new one is one file here and one line in `SOURCES`."""

from collections.abc import Iterator
from pathlib import Path
from typing import Protocol, runtime_checkable

from exsclaim.errors import QueryError, SettingsError
from exsclaim.http import Client, Credentials
from exsclaim.query import Query, load
from exsclaim.query_faults import nearest
from exsclaim.records import ArticleRef, FetchedArticle
from exsclaim.sources.acs import Acs
from exsclaim.sources.arxiv import Arxiv
from exsclaim.sources.chemrxiv import ChemRxiv
from exsclaim.sources.dois import Dois
from exsclaim.sources.elsevier import Elsevier
from exsclaim.sources.europepmc import EuropePmc, Preprints
from exsclaim.sources.folder import Folder
from exsclaim.sources.nature import Nature
from exsclaim.sources.openalex import OpenAlex
from exsclaim.sources.pmc import Pmc
from exsclaim.sources.rsc import Rsc
from exsclaim.sources.springer import Springer
from exsclaim.sources.wiley import Wiley


class Source(Protocol):
    """A publisher's site, an API, or a folder."""

    @property
    def name(self) -> str:
        """Name as queries and `EXSCLAIM_IGNORE_ROBOTS` write it; first part of the ids of its articles."""

    @property
    def version(self) -> str:
        """Version of the code that reads its pages: raised when it reads them differently, to have them read again."""

    def search(self, query: Query, client: Client) -> Iterator[ArticleRef]:
        """The articles that match, each once, always in the same order.

        Lazy: the next page of results is asked for when its first article is, so that a caller which stops at
        `query.maximum_scraped` causes no needless request.

        Raises:
            FetchError: a page of results cannot be fetched.
            PageFormatError: it is not understood.
        """

    def read(self, ref: ArticleRef, client: Client, *, fresh: bool = False) -> FetchedArticle:
        """The article and its figures as its page describes them. `fresh` asks whether the page changed.

        Raises:
            FetchError: the page cannot be fetched.
            PageFormatError: it is not an article's page.
        """


@runtime_checkable
class Keyed(Protocol):
    """A source that is an API with a key, which its images need as well."""

    def credentials(self) -> Credentials:
        """The key, from the environment. Raises SettingsError where it is not set."""


@runtime_checkable
class Conditional(Protocol):
    """A source that asks for something of this machine's settings besides a key."""

    def require(self) -> None:
        """Go on if the settings let it be asked. Raises SettingsError where they do not, with what to set."""


SOURCES: tuple[Source, ...] = (
    Nature(),
    Pmc(),
    EuropePmc(),
    Arxiv(),
    Springer(),
    Elsevier(),
    Acs(),
    Rsc(),
    Folder(),
    Wiley(),
    OpenAlex(),
    Preprints(),
    ChemRxiv(),
    Dois(),
)


def names() -> tuple[str, ...]:
    """The names of all sources."""
    return tuple(source.name for source in SOURCES)


def load_query(path: Path | str) -> Query:
    """Read a query from a .json, .yaml, .yml or .toml file.

    >>> import pathlib, tempfile
    >>> file = pathlib.Path(tempfile.mkdtemp()) / "silver.yaml"
    >>> _ = file.write_text("{name: silver, sources: [nature], query: {search_field_1: {term: silver nanowires}}}")
    >>> load_query(file).searches
    (('silver nanowires',),)

    Raises:
        QueryError: the file cannot be read, is not a valid query, or names an unknown source; the message names every
            problem at its key.
    """
    return load(Path(path), sources=names())


def credentials(name: str) -> Credentials | None:
    """The key that opens the source's addresses; None where it needs none.

    Raises:
        SettingsError: the key is not set.
    """
    source = get(name)
    return source.credentials() if isinstance(source, Keyed) else None


def hindrance(name: str) -> str:
    """The obstacle to asking the source from this machine (no key, not turned on), with the way out; "" if none."""
    source = get(name)
    try:
        credentials(name)
        if isinstance(source, Conditional):
            source.require()
    except SettingsError as error:
        return str(error)
    return ""


def is_local(name: str) -> bool:
    """Tell whether the source is on this machine: looked at each time, at no cost to anybody."""
    return getattr(get(name), "is_local", False)


def get(name: str) -> Source:
    """The source with this name.

    Raises:
        QueryError: there is none; the message names the nearest.
    """
    for source in SOURCES:
        if source.name == name:
            return source
    raise QueryError("the query", [("sources", nearest(name, names(), "source"))])
