"""Springer, Elsevier, ACS and RSC against their stand-ins: all pages, all figures, and everything that goes wrong."""

import logging
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from exsclaim import sources
from exsclaim.errors import BlockedError, ExsclaimError, PageFormatError, SettingsError, TransientFetchError
from exsclaim.http import Client
from exsclaim.query import Query
from exsclaim.records import ArticleRef
from exsclaim.settings import Settings, settings
from exsclaim.sources.figure_images import fetch_image
from exsclaim.store import Store
from journal.captions import plain
from journal.faults import Fault, FaultKind, Faults
from journal.journal import DemoJournal
from journal.publishers import ELSEVIER_DOOR, KEY, DemoPublishers
from journal.server import Answer, JournalServer, Routes

NAMES = ("springer", "elsevier", "acs", "rsc")
EACH = pytest.mark.parametrize("source", NAMES)
KEYED = pytest.mark.parametrize("source", ["springer", "elsevier"])
SEARCHES = {"springer": "*/openaccess/jats", "elsevier": "*/search/scopus", "acs": "*/works", "rsc": "*/en/results"}
ARTICLES = {
    "springer": "*/openaccess/jats", "elsevier": "*/article/doi/*", "acs": "*/full-xml/*", "rsc": "*/articlehtml/*"
}  # fmt: skip
Reading = Callable[..., Client]


@pytest.fixture(autouse=True)
def _turned_on(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EXSCLAIM_SCRAPE", "acs,rsc")
    monkeypatch.setenv("EXSCLAIM_SPRINGER_KEY", KEY)
    monkeypatch.setenv("EXSCLAIM_ELSEVIER_KEY", KEY)
    settings.cache_clear()


@pytest.fixture
def reading(home: Path) -> Iterator[Reading]:
    """A client of a server with these routes and faults."""
    servers: list[JournalServer] = []

    def client(routes: Routes, *faults: Fault, attempts: int = 1) -> Client:
        server = JournalServer(routes, Faults(*faults), doors=[ELSEVIER_DOOR]).__enter__()
        servers.append(server)
        values = Settings(mirror=server.url, http_attempts=attempts, timeout_s=1.0)
        return Client(values, Store(home / "store"), sleep=lambda s: None)

    yield client
    for server in servers:
        server.__exit__(None, None, None)


def query(source: str, term: str = "nanoparticles") -> Query:
    fields = {"search_field_1": {"term": term}}
    return Query.model_validate({"name": "silver", "sources": [source], "query": fields})


@EACH
def test_every_article_is_found_once_over_all_pages(journal: DemoJournal, reading: Reading, source: str) -> None:
    refs = list(sources.get(source).search(query(source), reading(DemoPublishers(journal.articles))))
    given = [article for article in journal.articles if article.is_open or source != "springer"]
    assert len(refs) == len(set(refs)) == len(given)


def test_springer_gives_the_articles_with_the_search(journal: DemoJournal, reading: Reading) -> None:
    client = reading(DemoPublishers(journal.articles))
    refs = list(sources.get("springer").search(query("springer"), client))
    asked = client.counts["requests"]
    fetched = [sources.get("springer").read(ref, client) for ref in refs]
    assert client.counts["requests"] == asked
    assert [each.article.doi for each in fetched] == [each.doi for each in journal.articles if each.is_open]
    again = sources.get("springer").read(refs[0], client, fresh=True)
    assert client.counts["requests"] == asked + 1
    assert again == fetched[0]


@EACH
def test_a_search_without_results_ends(journal: DemoJournal, reading: Reading, source: str) -> None:
    routes = DemoPublishers(journal.articles)
    assert list(sources.get(source).search(query(source, "unobtainium"), reading(routes))) == []


@EACH
def test_an_article_is_read_as_it_is_declared(journal: DemoJournal, reading: Reading, source: str) -> None:
    client = reading(DemoPublishers(journal.articles))
    ref = next(iter(sources.get(source).search(query(source), client)))
    declared = journal.articles[0]
    assert declared.licence is not None
    fetched = sources.get(source).read(ref, client)
    article = fetched.article
    assert article.title == plain(declared.title)
    assert article.authors == declared.authors
    assert (article.published, article.licence, article.licence_url) == (
        declared.published, declared.licence.name, declared.licence.url
    )  # fmt: skip
    assert len(fetched.figures) == len(declared.figures)
    for figure, truth in zip(fetched.figures, declared.figures, strict=True):
        assert figure.label == truth.label
        assert f"{figure.title} {figure.caption}".split() == f"{plain(truth.title)} {plain(truth.caption)}".split()
        image = fetch_image(figure, source, client, credentials=sources.credentials(source))
        assert client.store.read(image.image_sha256) == truth.image.read_bytes()


@EACH
@pytest.mark.parametrize("fault", [429, 503, FaultKind.TRUNCATED, FaultKind.SLOW, FaultKind.RESET])
def test_what_heals_is_asked_again(journal: DemoJournal, reading: Reading, source: str, fault: int | FaultKind) -> None:
    faults = [Fault(pattern, (fault,), retry_after_s=1) for pattern in (SEARCHES[source], ARTICLES[source])]
    client = reading(DemoPublishers(journal.articles), *faults, attempts=3)
    ref = next(iter(sources.get(source).search(query(source), client)))
    assert sources.get(source).read(ref, client).figures
    assert client.counts["retries"] == (1 if source == "springer" else 2)  # whose search has the articles in it


@EACH
def test_a_server_that_stays_down_is_a_failure_that_heals(journal: DemoJournal, reading: Reading, source: str) -> None:
    client = reading(DemoPublishers(journal.articles), Fault(SEARCHES[source], (503,), for_ever=True))
    with pytest.raises(TransientFetchError):
        list(sources.get(source).search(query(source), client))


@EACH
def test_a_bot_wall_is_a_permanent_failure(journal: DemoJournal, reading: Reading, source: str) -> None:
    client = reading(DemoPublishers(journal.articles), Fault("*", (FaultKind.ROBOT_CHECK,), for_ever=True))
    with pytest.raises(BlockedError, match="robot") as caught:
        list(sources.get(source).search(query(source), client))
    assert not caught.value.heals


@EACH
@pytest.mark.parametrize("body", [b"", b"[]", b'{"result": 3}', b"<html><p>maintenance</p></html>", b"\x89PNG\r\n"])
def test_an_answer_of_another_shape_is_a_typed_error(reading: Reading, source: str, body: bytes) -> None:
    client = reading(lambda target: Answer(body, "text/html"))
    with pytest.raises(ExsclaimError):
        list(sources.get(source).search(query(source), client))


@KEYED
def test_without_its_key_a_source_says_what_to_set_and_asks_nothing(
    journal: DemoJournal, reading: Reading, source: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(f"EXSCLAIM_{source.upper()}_KEY")
    client = reading(DemoPublishers(journal.articles))
    with pytest.raises(SettingsError, match=rf"EXSCLAIM_{source.upper()}_KEY is not set: get a .*key at https://dev\."):
        list(sources.get(source).search(query(source), client))
    assert client.counts["requests"] == 0


@KEYED
def test_a_wrong_key_is_named_by_its_variable_and_never_shown(
    journal: DemoJournal, reading: Reading, source: str, monkeypatch: pytest.MonkeyPatch, home: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    caplog.set_level(logging.DEBUG)
    monkeypatch.setenv(f"EXSCLAIM_{source.upper()}_KEY", "wrong-key-that-is-secret")
    with pytest.raises(BlockedError, match=f"EXSCLAIM_{source.upper()}_KEY") as caught:
        list(sources.get(source).search(query(source), reading(DemoPublishers(journal.articles))))
    assert "wrong-key-that-is-secret" not in str(caught.value) + caplog.text


@KEYED
def test_the_key_is_in_nothing_that_is_kept(journal: DemoJournal, reading: Reading, source: str, home: Path) -> None:
    client = reading(DemoPublishers(journal.articles))
    refs = list(sources.get(source).search(query(source), client))
    fetched = sources.get(source).read(refs[0], client)
    assert KEY not in repr(refs) + repr(fetched)
    kept = [path for path in home.rglob("*") if path.is_file()]
    assert len(kept) >= 4
    assert not [path for path in kept if KEY.encode() in path.read_bytes()]


@pytest.mark.parametrize("source", ["acs", "rsc"])
def test_web_pages_are_not_read_until_the_user_says_so(
    journal: DemoJournal, reading: Reading, source: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("EXSCLAIM_SCRAPE")
    settings.cache_clear()
    client = reading(DemoPublishers(journal.articles))
    with pytest.raises(SettingsError, match=f"EXSCLAIM_SCRAPE={source}"):
        list(sources.get(source).search(query(source), client))
    assert client.counts["requests"] == 0


@pytest.mark.parametrize("source", ["acs", "rsc"])
def test_web_pages_are_read_only_as_robots_txt_allows(journal: DemoJournal, reading: Reading, source: str) -> None:
    publishers = DemoPublishers(journal.articles)

    def closed(target: str) -> Answer:
        return Answer(b"User-agent: *\nDisallow: /\n") if target.endswith("robots.txt") else publishers(target)

    client = reading(closed)
    refs = sources.get(source).search(query(source), client)
    with pytest.raises(BlockedError, match=r"robots\.txt"):
        sources.get(source).read(next(refs), client)


def test_an_abstract_alone_is_no_article_of_elsevier(reading: Reading) -> None:
    core = b"<coredata><title>T</title><doi>10.1016/x</doi></coredata>"
    body = b"<full-text-retrieval-response>" + core + b"</full-text-retrieval-response>"
    client = reading(lambda target: Answer(body, "text/xml"))
    with pytest.raises(PageFormatError, match="no full text"):
        sources.get("elsevier").read(
            ArticleRef(source="elsevier", url="https://api.elsevier.com/content/article/doi/10.1016/x"), client
        )
