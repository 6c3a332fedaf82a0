"""The real source `nature` reads the demo journal through EXSCLAIM_MIRROR: all that is declared, as it is declared."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from exsclaim.errors import GoneError
from exsclaim.http import Client
from exsclaim.query import Query
from exsclaim.records import ArticleRef, FigureRef
from exsclaim.settings import Settings
from exsclaim.sources.figure_images import fetch_image
from exsclaim.sources.nature import Nature
from exsclaim.store import Store
from journal.articles import DemoArticle
from journal.captions import plain
from journal.journal import DemoJournal, demo_faults
from journal.replay import replay
from journal.server import JournalServer, Routes


class Reader(NamedTuple):
    server: JournalServer
    client: Client


@pytest.fixture
def reader(journal: DemoJournal, home: Path) -> Iterator[Reader]:
    with JournalServer(journal, demo_faults(journal.articles)) as server:
        yield Reader(server, client_of(server, home))


def client_of(server: JournalServer, home: Path) -> Client:
    return Client(Settings(mirror=server.url), Store(home / "store"), sleep=lambda seconds: None)


def query(**changes: object) -> Query:
    fields = {"search_field_1": {"term": "silver nanoparticle"}, "search_field_2": {"term": "TEM"}}
    return Query.model_validate({"name": "demo", "sources": ["nature"], "query": fields} | changes)


def ref_of(article: DemoArticle) -> ArticleRef:
    return ArticleRef(source="nature", url=f"https://www.nature.com/articles/{article.name}")


def figures_of(article: DemoArticle, reader: Reader) -> tuple[FigureRef, ...]:
    return Nature().read(ref_of(article), reader.client).figures


def test_the_search_finds_every_article_over_all_pages(journal: DemoJournal, reader: Reader) -> None:
    found = list(Nature().search(query(), reader.client))
    assert found == [ref_of(article) for article in journal.articles]
    assert sum("/search?" in target for target in reader.server.requests) == 2


def test_an_open_query_finds_the_open_articles(journal: DemoJournal, reader: Reader) -> None:
    found = list(Nature().search(query(open=True), reader.client))
    assert found == [ref_of(article) for article in journal.articles if article.is_open]


def test_a_query_that_nothing_answers_finds_nothing(reader: Reader) -> None:
    fields = {"search_field_1": {"term": "unobtainium"}}
    assert list(Nature().search(query(query=fields), reader.client)) == []


@pytest.mark.parametrize("index", range(6))
def test_articles_are_read_as_declared(journal: DemoJournal, reader: Reader, index: int) -> None:
    declared = journal.articles[index]
    article = Nature().read(ref_of(declared), reader.client).article
    assert article.id == f"nature/{declared.name}"
    assert article.title == plain(declared.title)
    assert article.authors == declared.authors
    assert (article.doi, article.published) == (declared.doi, declared.published)
    licence = (declared.licence.name, declared.licence.url) if declared.licence else ("publisher", None)
    assert (article.licence, article.licence_url) == licence
    assert article.is_open == declared.is_open


@pytest.mark.parametrize("index", range(6))
def test_figures_are_read_as_declared(journal: DemoJournal, reader: Reader, index: int) -> None:
    declared = journal.articles[index].figures
    read = figures_of(journal.articles[index], reader)
    assert [figure.number for figure in read] == [figure.number for figure in declared]
    assert [figure.label for figure in read] == [figure.label for figure in declared]
    assert [figure.title for figure in read] == [plain(figure.title) for figure in declared]
    assert [figure.caption for figure in read] == [plain(figure.caption) for figure in declared]


def test_the_largest_image_is_fetched(journal: DemoJournal, reader: Reader) -> None:
    """The second figure of this article fails once on the way."""
    article = journal.articles[0]
    for declared, ref in zip(article.figures, figures_of(article, reader), strict=True):
        figure = fetch_image(ref, "nature", reader.client)
        assert reader.client.store.read(figure.image_sha256) == declared.image.read_bytes()
    assert reader.client.counts["retries"] == 1


def test_one_figure_is_gone_in_all_renditions(journal: DemoJournal, reader: Reader) -> None:
    ref, *others = figures_of(journal.articles[2], reader)
    with pytest.raises(GoneError):
        fetch_image(ref, "nature", reader.client)
    assert all(fetch_image(other, "nature", reader.client).width_px > 0 for other in others)


def test_what_was_had_is_not_asked_for_again(journal: DemoJournal, reader: Reader) -> None:
    figures_of(journal.articles[0], reader)
    asked = len(reader.server.requests)
    figures_of(journal.articles[0], reader)
    assert len(reader.server.requests) == asked


@pytest.fixture
def nature_pages(shared_data: Path) -> Routes:
    return replay(shared_data / "journals" / "nature")


def test_recorded_pages_are_read_through_the_replay(nature_pages: Routes, home: Path) -> None:
    with JournalServer(nature_pages) as server:
        client = client_of(server, home)
        refs = list(Nature().search(query(), client))
        read = Nature().read(refs[0], client)
        images = [fetch_image(figure, "nature", client) for figure in read.figures]
    assert len(refs) == 12
    assert read.article.name == "s41467-018-06211-3"
    assert [image.image_url.split("/")[3] for image in images] == ["full"] * 5
