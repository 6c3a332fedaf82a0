"""OpenAlex, lists of DOIs with Unpaywall, ChemRxiv and Europe PMC's preprints, against stand-ins."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from exsclaim import sources
from exsclaim.errors import BlockedError, GoneError, SettingsError
from exsclaim.http import Client
from exsclaim.query import Query
from exsclaim.settings import Settings
from exsclaim.sources.figure_images import fetch_image
from exsclaim.store import Store
from journal.captions import plain
from journal.faults import Fault, Faults
from journal.journal import DemoJournal
from journal.open_access import KEY, PREFIX, DemoOpenAccess
from journal.server import JournalServer
from tests.journal.test_harvested_by_wiley import document

Reading = Callable[..., Client]
CAPTION = "TEM image of silver particles, scale bar 50 nm."


@pytest.fixture
def reading(journal: DemoJournal, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Reading]:
    monkeypatch.setenv("EXSCLAIM_OPENALEX_KEY", KEY)
    monkeypatch.setenv("EXSCLAIM_CONTACT", "me@lab.example")
    servers: list[JournalServer] = []

    def client(*faults: Fault) -> Client:
        server = JournalServer(DemoOpenAccess(journal.articles, document()), Faults(*faults)).__enter__()
        servers.append(server)
        values = Settings(mirror=server.url, http_attempts=1, timeout_s=5.0)
        return Client(values, Store(home / "store"), sleep=lambda s: None)

    yield client
    for server in servers:
        server.__exit__(None, None, None)


def query(source: str, **more: object) -> Query:
    fields = {"search_field_1": {"term": "nanoparticles"}}
    return Query.model_validate({"name": "silver", "sources": [source], "query": fields} | more)


def test_openalex_finds_open_works_over_all_pages_and_reads_their_pdfs(journal: DemoJournal, reading: Reading) -> None:
    client = reading()
    refs = list(sources.get("openalex").search(query("openalex"), client))
    declared = [article for article in journal.articles if article.is_open]
    assert len(refs) == len(declared)  # the hit that is not as documented costs itself alone
    fetched = sources.get("openalex").read(refs[0], client)
    article = fetched.article
    assert (article.doi, article.title) == (f"{PREFIX}/{declared[0].name}", plain(declared[0].title))
    assert (article.authors, article.published) == (declared[0].authors, declared[0].published)
    assert article.abstract == plain(declared[0].abstract)
    assert article.is_open
    (figure,) = fetched.figures
    assert (figure.label, figure.caption) == ("Figure 1", CAPTION)
    assert client.store.holds(fetch_image(figure, "openalex", client).image_sha256)


def test_openalex_needs_its_key(reading: Reading, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EXSCLAIM_OPENALEX_KEY", "another-key-than-that")
    with pytest.raises(BlockedError, match="EXSCLAIM_OPENALEX_KEY"):
        list(sources.get("openalex").search(query("openalex"), reading()))
    monkeypatch.delenv("EXSCLAIM_OPENALEX_KEY")
    with pytest.raises(SettingsError, match=r"openalex\.org/settings/api"):
        list(sources.get("openalex").search(query("openalex"), reading()))


def test_a_list_of_dois_is_read_from_open_copies(journal: DemoJournal, reading: Reading, tmp_path: Path) -> None:
    opened = next(article for article in journal.articles if article.is_open)
    closed = next(article for article in journal.articles if not article.is_open)
    listed = tmp_path / "dois.txt"
    listed.write_text(f"# mine\nhttps://doi.org/{PREFIX}/{opened.name.upper()}\n\n{PREFIX}/{closed.name}\n")
    client = reading()
    wanted = query("dois", dois=[str(listed)], query={})
    refs = list(sources.get("dois").search(wanted, client))
    assert [ref.url for ref in refs] == [f"https://doi.org/{PREFIX}/{name}" for name in (opened.name, closed.name)]
    fetched = sources.get("dois").read(refs[0], client)
    assert (fetched.article.source, fetched.article.doi) == ("dois", f"{PREFIX}/{opened.name}")
    assert [figure.caption for figure in fetched.figures] == [CAPTION]
    with pytest.raises(GoneError, match="no open copy"):
        sources.get("dois").read(refs[1], client)


def test_a_doi_that_crossref_does_not_know_is_named_with_what_to_do(reading: Reading) -> None:
    client = reading(Fault("*/10.1234/busy", (400,), for_ever=True))
    typo, busy = sources.get("dois").search(query("dois", dois=["10.1234/typo", "10.1234/busy"], query={}), client)
    with pytest.raises(GoneError, match=r"^https://doi\.org/10\.1234/typo: Crossref does not know this DOI: is it"):
        sources.get("dois").read(typo, client)
    with pytest.raises(GoneError, match="status 400"):
        sources.get("dois").read(busy, client)


def test_unpaywall_wants_an_address(journal: DemoJournal, reading: Reading, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("EXSCLAIM_CONTACT")
    client = reading()
    wanted = query("dois", dois=[f"{PREFIX}/{journal.articles[0].name}"], query={})
    (ref,) = sources.get("dois").search(wanted, client)
    with pytest.raises(SettingsError, match="EXSCLAIM_CONTACT"):
        sources.get("dois").read(ref, client)


def test_chemrxiv_gives_preprints_with_figures_of_their_pdfs(journal: DemoJournal, reading: Reading) -> None:
    client = reading()
    refs = list(sources.get("chemrxiv").search(query("chemrxiv"), client))
    assert len(refs) == len(journal.articles)
    fetched = sources.get("chemrxiv").read(refs[0], client)
    declared = journal.articles[0]
    assert fetched.article.doi == f"10.26434/chemrxiv-{declared.name}"
    assert (fetched.article.authors, fetched.article.published) == (declared.authors, declared.published)
    assert [figure.caption for figure in fetched.figures] == [CAPTION]


def test_preprints_are_read_from_europe_pmcs_jats(journal: DemoJournal, reading: Reading) -> None:
    client = reading()
    refs = list(sources.get("preprints").search(query("preprints"), client))
    assert len(refs) == len(journal.articles)
    fetched = sources.get("preprints").read(refs[0], client)
    declared = journal.articles[0]
    assert [figure.label for figure in fetched.figures] == [figure.label for figure in declared.figures]
    image = fetch_image(fetched.figures[0], "preprints", client)
    assert client.store.read(image.image_sha256) == declared.figures[0].image.read_bytes()


def test_a_list_that_holds_something_else_is_refused_with_the_line(tmp_path: Path) -> None:
    listed = tmp_path / "dois.txt"
    listed.write_text("10.1234/abc\nsilver nanoparticles\n")
    with pytest.raises(ValueError, match="'silver nanoparticles' is neither a DOI"):
        query("dois", dois=[str(listed)], query={})
    assert query("dois", dois="PMC7058583", query={}).works == ("PMC7058583",)
