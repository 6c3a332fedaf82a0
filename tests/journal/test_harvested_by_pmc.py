"""The sources `pmc` and `europepmc` read their stand-in: all that is declared, as it is declared."""

import datetime as dt
import io
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image

from exsclaim import sources
from exsclaim.errors import GoneError, PageFormatError
from exsclaim.http import Client
from exsclaim.query import Query
from exsclaim.records import ArticleRef
from exsclaim.settings import Settings
from exsclaim.sources.figure_images import fetch_image
from exsclaim.sources.pmc import Deposit, Metadata, address, deposit, listing_url
from exsclaim.store import Store
from journal.captions import plain
from journal.journal import DemoJournal
from journal.pmc import DemoPmc
from journal.server import Answer, JournalServer, Routes

BOTH = pytest.mark.parametrize("source", ["pmc", "europepmc"])
Reading = Callable[[Routes], Client]


@pytest.fixture
def reading(home: Path) -> Iterator[Reading]:
    """A client of a server with these routes."""
    servers: list[JournalServer] = []

    def client(routes: Routes) -> Client:
        server = JournalServer(routes).__enter__()
        servers.append(server)
        return Client(Settings(mirror=server.url, http_attempts=1), Store(home / "store"), sleep=lambda s: None)

    yield client
    for server in servers:
        server.__exit__(None, None, None)


def query(source: str, **more: object) -> Query:
    fields = {"search_field_1": {"term": "gold", "synonyms": ["silver nanoparticle"]}}
    return Query.model_validate({"name": "silver", "sources": [source], "query": fields} | more)


@BOTH
def test_every_open_article_is_found_once_over_all_pages(journal: DemoJournal, reading: Reading, source: str) -> None:
    refs = list(sources.get(source).search(query(source), reading(DemoPmc(journal.articles))))
    assert len(refs) == len(set(refs)) == sum(article.is_open for article in journal.articles)


@BOTH
def test_conditions_are_met_by_what_is_found(journal: DemoJournal, reading: Reading, source: str) -> None:
    archive = DemoPmc(journal.articles)
    client = reading(archive)
    days = sorted(article.published for article in journal.articles if article.is_open)
    wanted = query(source, licences=["CC BY-NC"], published_before=str(days[-1]))
    refs = list(sources.get(source).search(wanted, client))
    assert len(refs) == 1
    assert sources.get(source).read(refs[0], client).article.licence == "CC-BY-NC-4.0"


@BOTH
def test_articles_are_read_as_they_are_declared(journal: DemoJournal, reading: Reading, source: str) -> None:
    archive = DemoPmc(journal.articles)
    client = reading(archive)
    refs = list(sources.get(source).search(query(source), client))
    assert refs
    for ref in refs:
        fetched = sources.get(source).read(ref, client)
        declared = archive.articles[fetched.article.name]
        article = fetched.article
        assert article.id == f"{source}/{article.name}"
        assert (article.doi, article.authors, article.published) == (declared.doi, declared.authors, declared.published)
        assert article.title == plain(declared.title)
        assert article.licence_url == (declared.licence.url if declared.licence else None)
        assert article.is_open
        assert [(figure.label, figure.title) for figure in fetched.figures] == [
            (figure.label, plain(figure.title)) for figure in declared.figures
        ]
        assert [figure.caption for figure in fetched.figures] == [plain(figure.caption) for figure in declared.figures]
        for reference, drawn in zip(fetched.figures, declared.figures, strict=True):
            with Image.open(drawn.image) as image:
                figure = fetch_image(reference, source, client)
                assert (figure.width_px, figure.height_px) == image.size
                assert figure.image_url.endswith(".jpg")


@BOTH
def test_a_retracted_article_says_so_and_has_no_figures(journal: DemoJournal, reading: Reading, source: str) -> None:
    first = next(article for article in journal.articles if article.is_open)
    client = reading(DemoPmc(journal.articles, retracted=[first.name]))
    refs = list(sources.get(source).search(query(source), client))
    (retracted,) = [ref for ref in refs if ref.version]
    for ref in (retracted, ArticleRef(source=source, url=retracted.url)):  # said by the search, and by the bucket
        fetched = sources.get(source).read(ref, client)
        assert fetched.article.is_retracted
        assert fetched.article.doi == first.doi
        assert fetched.figures == ()


def test_what_the_bucket_has_not_is_gone_for_pmc_and_shown_by_europe_pmc(
    journal: DemoJournal, reading: Reading
) -> None:
    first = next(article for article in journal.articles if article.is_open)
    client = reading(DemoPmc(journal.articles, absent=[first.name]))
    ref = next(sources.get("pmc").search(query("pmc"), client))
    with pytest.raises(GoneError, match="no version of PMC"):
        sources.get("pmc").read(ref, client)
    ref = next(sources.get("europepmc").search(query("europepmc"), client))
    figure = sources.get("europepmc").read(ref, client).figures[0]
    assert [url.split("/")[2] for url in figure.image_urls] == ["europepmc.org"]
    assert fetch_image(figure, "europepmc", client).width_px > 100


@BOTH
def test_a_second_reading_asks_for_nothing(journal: DemoJournal, home: Path, source: str) -> None:
    with JournalServer(DemoPmc(journal.articles)) as server:
        client = Client(Settings(mirror=server.url), Store(home / "store"))
        ref = next(sources.get(source).search(query(source), client))
        first = sources.get(source).read(ref, client)
        asked = len(server.requests)
        assert sources.get(source).read(ref, client) == first
        assert len(server.requests) == asked


def media(*names: str) -> Deposit:
    return Deposit(
        1,
        Metadata(media_urls=[f"s3://pmc-oa-opendata/PMC1.1/{name}?md5=0" for name in names]),
        dt.date(2026, 1, 1),
    )


@pytest.mark.parametrize(
    ("href", "names"),
    [
        ("fchem-08-g0001", ["fchem-08-g0001.tif", "fchem-08-g0001.jpg", "fchem-08-g0001.gif", "fchem-08-g0001.pdf"]),
        (
            "fchem-08-g0001.tif",
            ["fchem-08-g0001.tif", "fchem-08-g0001.jpg", "fchem-08-g0001.gif", "fchem-08-g0001.pdf"],
        ),
        ("images/fchem-08-g0002.JPG", ["FCHEM-08-g0002.jpg"]),
        ("s1.2_HTML", ["s1.2_HTML.png"]),
        ("g000", []),
        ("", []),
    ],
)
def test_graphics_are_mapped_to_the_buckets_files_best_first(href: str, names: list[str]) -> None:
    there = media(
        "fchem-08-g0001.gif", "fchem-08-g0001.jpg", "fchem-08-g0001.tif", "fchem-08-g0001.pdf", "FCHEM-08-g0002.jpg",
        "s1.2_HTML.png", "fchem-08-g00011.jpg",
    )  # fmt: skip
    assert [url.rsplit("/", 1)[1] for url in there.images(href)] == names


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("s3://pmc-oa-opendata/PMC1.1/a b.jpg?md5=0", "https://pmc-oa-opendata.s3.amazonaws.com/PMC1.1/a%20b.jpg"),
        ("https://pmc-oa-opendata.s3.amazonaws.com/PMC1.1/a.jpg?x", "https://pmc-oa-opendata.s3.amazonaws.com/PMC1.1/a.jpg"),
        ("s3://another-bucket/PMC1.1/a.jpg", None),
        ("https://198.51.100.7/a.jpg", None),
        ("file:///etc/hostname", None), ("s3://[::1/a.jpg", None),
        ("", None),
    ],
)  # fmt: skip
def test_only_files_of_the_bucket_are_ever_asked_for(url: str, expected: str | None) -> None:
    assert address(url) == expected


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b"<Error><Code>AccessDenied</Code></Error>", PageFormatError),
        (b"<ListBucketResult/>", GoneError),
        (b"<ListBucketResult><CommonPrefixes><Prefix>PMC11.1/</Prefix></CommonPrefixes></ListBucketResult>", GoneError),
        (b"not xml", PageFormatError),
    ],
)
def test_a_listing_that_lists_nothing_is_an_error(reading: Reading, body: bytes, error: type[Exception]) -> None:
    client = reading(lambda target: Answer(body, "application/xml"))
    with pytest.raises(error, match="PMC1"):
        deposit("PMC1", "pmc", client)


def test_an_address_without_a_number_is_an_error(reading: Reading, journal: DemoJournal) -> None:
    client = reading(DemoPmc(journal.articles))
    with pytest.raises(PageFormatError, match="not the address of an article of PMC"):
        sources.get("pmc").read(ArticleRef(source="pmc", url="https://www.example.org/x"), client)
    assert listing_url("PMC1") == "https://pmc-oa-opendata.s3.amazonaws.com/?list-type=2&prefix=PMC1.&delimiter=/"


def test_a_figure_on_two_pages_becomes_one_image(journal: DemoJournal, reading: Reading) -> None:
    archive = DemoPmc(journal.articles)
    pmcid, article = next((pmcid, each) for pmcid, each in archive.articles.items() if len(each.figures) >= 2)
    first, second = article.figures[:2]

    def routes(target: str) -> Answer:
        answer = archive(target)
        if not target.endswith(".xml"):
            return answer
        one, two = (f'<graphic xlink:href="{article.name}-g{n:03d}"/>'.encode() for n in (1, 2))
        return Answer(answer.body.replace(two, b"").replace(one, one + two), "application/xml")

    client = reading(routes)
    fetched = sources.get("pmc").read(ArticleRef(source="pmc", url=listing_url(pmcid)), client)
    figure = fetch_image(fetched.figures[0], "pmc", client)
    sizes = [Image.open(io.BytesIO(each.image.read_bytes())).size for each in (first, second)]
    assert figure.width_px == max(width for width, _ in sizes)
    assert figure.height_px > sum(height for _, height in sizes)
    assert fetched.figures[1].image_urls == ()
