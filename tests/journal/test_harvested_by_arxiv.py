"""The source `arxiv` reads its stand-in: all that is declared, as it is declared."""

import gzip
import io
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image

from exsclaim import sources
from exsclaim.errors import ArchiveError, BadContentError, GoneError, PageFormatError, TransientFetchError
from exsclaim.http import Client
from exsclaim.query import Query
from exsclaim.records import ArticleRef
from exsclaim.settings import Settings
from exsclaim.sources.arxiv import search_expression, search_url
from exsclaim.sources.figure_images import fetch_image
from exsclaim.sources.pdf.pdf_process import MIN_SIDE_PX
from exsclaim.store import Store
from journal.arxiv import DemoArxiv
from journal.captions import plain
from journal.journal import DemoJournal
from journal.server import Answer, JournalServer, Routes
from tests.journal.test_harvested_by_wiley import document

ARXIV = sources.get("arxiv")
Reading = Callable[[Routes], Client]


@pytest.fixture
def reading(home: Path) -> Iterator[Reading]:
    servers: list[JournalServer] = []

    def client(routes: Routes) -> Client:
        server = JournalServer(routes).__enter__()
        servers.append(server)
        return Client(
            Settings(mirror=server.url, http_attempts=1, timeout_s=120), Store(home / "store"), sleep=lambda s: None
        )

    yield client
    for server in servers:
        server.__exit__(None, None, None)


def query(**more: object) -> Query:
    fields = {"search_field_1": {"term": "gold", "synonyms": ["silver nanoparticle"]}}
    return Query.model_validate({"name": "silver", "sources": ["arxiv"], "query": fields} | more)


def test_a_query_in_the_apis_language() -> None:
    wanted = query(published_after="2020-01-02", sortby="old", maximum_scraped=7)
    dated = '(all:"gold" OR all:"silver nanoparticle") AND submittedDate:[202001020000 TO 299912312359]'
    assert search_expression(wanted) == dated
    assert search_url(wanted, 20).endswith("&start=20&max_results=7&sortBy=submittedDate&sortOrder=ascending")
    hostile = query(query={"search_field_1": {"term": 'x" OR ti:(y)'}})
    assert search_expression(hostile) == '(all:"x OR ti y")'


def test_every_e_print_is_found_once_over_all_pages(journal: DemoJournal, reading: Reading) -> None:
    refs = list(ARXIV.search(query(), reading(DemoArxiv(journal.articles))))
    assert len(refs) == len(set(refs)) == len(journal.articles)
    assert refs[0].url == "https://arxiv.org/abs/2601.00001v2"


def test_e_prints_are_read_as_they_are_declared(journal: DemoJournal, reading: Reading) -> None:
    archive = DemoArxiv(journal.articles)
    client = reading(archive)
    refs = list(ARXIV.search(query(), client))
    assert len(refs) == len(archive.articles)
    for ref in refs:
        fetched = ARXIV.read(ref, client)
        article, declared = fetched.article, archive.articles[fetched.article.name]
        assert article.id == f"arxiv/{article.name}"
        assert (article.doi, article.authors, article.published) == (declared.doi, declared.authors, declared.published)
        assert article.title == plain(declared.title)
        assert article.licence == (declared.licence.name if declared.licence else "publisher")
        assert article.is_open == declared.is_open
        assert [figure.label for figure in fetched.figures] == [f"Figure {each.number}" for each in declared.figures]
        for reference, drawn in zip(fetched.figures, declared.figures, strict=True):
            assert reference.caption == f"{plain(drawn.title)} {plain(drawn.caption)}".strip()
            figure = fetch_image(reference, "arxiv", client)
            with Image.open(drawn.image) as image:
                is_pdf = drawn.number == 1
                enlarged = max(1.0, MIN_SIDE_PX / max(image.size)) if is_pdf else 1.0
                assert figure.width_px == pytest.approx(enlarged * image.width, rel=0.03)
                assert figure.height_px == pytest.approx(enlarged * image.height, rel=0.1)


def test_a_withdrawn_e_print_says_so_and_is_not_fetched(journal: DemoJournal, home: Path) -> None:
    first = journal.articles[0]
    with JournalServer(DemoArxiv(journal.articles, withdrawn=[first.name])) as server:
        client = Client(Settings(mirror=server.url), Store(home / "store"))
        fetched = ARXIV.read(ArticleRef(source="arxiv", url="https://arxiv.org/abs/2601.00001v2"), client)
        assert fetched.article.is_retracted
        assert fetched.figures == ()
        assert not any("/e-print/" in asked for asked in server.requests)


def with_source(journal: DemoJournal, content: bytes, kind: str = "application/gzip") -> Routes:
    archive = DemoArxiv(journal.articles)
    return lambda target: Answer(content, kind) if "/e-print/" in target else archive(target)


REF = ArticleRef(source="arxiv", url="https://arxiv.org/abs/2601.00001v2")


@pytest.mark.parametrize(
    ("content", "error", "said"),
    [
        # without LaTeX the article's PDF is asked for, which the stand-in has not
        (gzip.compress(b"%PDF-1.5 whole article"), GoneError, "status 404"),
        (b"%PDF-1.5 whole article", GoneError, "status 404"),
        (gzip.compress(b"just words"), GoneError, "status 404"),
        (gzip.compress(bytes(range(256)))[:40], ArchiveError, "breaks off"),
        (gzip.compress(b"\0" * 70_000_000), ArchiveError, "bomb"),
    ],
    ids=["gzipped PDF", "PDF", "words", "cut", "bomb"],
)
def test_what_is_no_latex_is_an_error(
    journal: DemoJournal, reading: Reading, content: bytes, error: type[Exception], said: str
) -> None:
    with pytest.raises(error, match=said):
        ARXIV.read(REF, reading(with_source(journal, content)))


def submitted(**files: bytes) -> bytes:
    """A gzipped tar of these files; `main_tex` is main.tex."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(name.replace("_", "."))
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return packed.getvalue()


def with_pdf(journal: DemoJournal, source: bytes, kind: str) -> Routes:
    """The stand-in with this source of every e-print, and a PDF that has Figure 1."""
    archive, pdf = DemoArxiv(journal.articles), document()

    def routes(target: str) -> Answer:
        if "/e-print/" in target:
            return Answer(source, kind)
        return Answer(pdf, "application/pdf") if target.endswith("/pdf/2601.00001v2") else archive(target)

    return routes


def test_a_submission_without_latex_is_read_from_the_articles_pdf(journal: DemoJournal, reading: Reading) -> None:
    client = reading(with_pdf(journal, document(), "application/pdf"))
    (figure,) = ARXIV.read(REF, client).figures
    assert (figure.label, figure.caption) == ("Figure 1", "TEM image of silver particles, scale bar 50 nm.")
    assert fetch_image(figure, "arxiv", client).width_px > 300


def test_what_tex_or_postscript_draws_is_seen_in_the_articles_pdf(journal: DemoJournal, reading: Reading) -> None:
    tex = rb"""\documentclass{article}\begin{document}
\begin{figure}\includegraphics{a.eps}\caption{Particles, as \LaTeX{} has it.}\end{figure}
\begin{figure}\begin{tikzpicture}\draw (0,0) -- (1,1);\end{tikzpicture}\caption{A scheme.}\end{figure}
\end{document}"""
    archive = submitted(main_tex=tex, a_eps=b"%!PS-Adobe-3.0 EPSF-3.0\nshowpage\n")
    client = reading(with_pdf(journal, archive, "application/gzip"))
    first, second = ARXIV.read(REF, client).figures
    assert (first.caption, first.no_image) == ("Particles, as LaTeX has it.", "")
    assert fetch_image(first, "arxiv", client).width_px > 300
    assert second.caption == "A scheme."
    assert "drawn by TeX commands" in second.no_image  # the PDF has no Figure 2 either


def test_figures_of_pages_that_a_document_includes_are_read_behind_its_own(
    journal: DemoJournal, reading: Reading
) -> None:
    tex = rb"""\documentclass{article}\begin{document}See Fig.~1 and Fig.~S1.
\begin{figure}\includegraphics{a}\caption{Rods.}\end{figure}
\includepdf[pages=-]{si} \includepdf{broken.pdf} \includepdf{none.pdf} %\includepdf{hidden.pdf}
\end{document}"""
    archive = submitted(main_tex=tex, si_pdf=document(), broken_pdf=b"%PDF-1.7 and no more")
    client = reading(with_source(journal, archive))
    rods, particles, broken, none = ARXIV.read(REF, client).figures
    assert (rods.id, rods.caption) == ("arxiv/2601.00001/fig1", "Rods.")
    assert (particles.id, particles.number) == ("arxiv/2601.00001/fig2", 2)
    assert particles.caption == "TEM image of silver particles, scale bar 50 nm."
    assert particles.mentions  # the supplement's Figure 1 is S1 in the text
    assert fetch_image(particles, "arxiv", client).width_px > 300
    assert broken.no_image.startswith("the document includes pages of 'broken.pdf', which cannot be read: ")
    assert none.no_image == "the document includes pages of 'none.pdf', which the submission does not have"


def test_a_figure_that_is_referred_to_and_not_submitted_is_told(journal: DemoJournal, reading: Reading) -> None:
    tex = rb"\documentclass{article}\begin{document}Rods, see Fig.~\ref{fig:rods}.\input{figures}\end{document}"
    client = reading(with_source(journal, submitted(main_tex=tex)))
    (figure,) = ARXIV.read(REF, client).figures
    assert figure.no_image == "the text refers to 'fig:rods', a figure that no file of the submission has"


def test_a_web_page_instead_of_the_source_is_an_error(journal: DemoJournal, reading: Reading) -> None:
    with pytest.raises(BadContentError, match="a file was expected"):
        ARXIV.read(REF, reading(with_source(journal, b"<html><p>Please wait</p></html>", "text/html")))


def test_a_single_gzipped_file_is_a_document(journal: DemoJournal, reading: Reading) -> None:
    tex = rb"\documentclass{article}\begin{document}\begin{figure}\includegraphics{a.eps}\caption{EPS.}\end{figure}"
    fetched = ARXIV.read(REF, client := reading(with_source(journal, gzip.compress(tex))))
    (figure,) = fetched.figures
    assert figure.caption == "EPS."
    with pytest.raises(BadContentError, match=r"no file for the image 'a.eps'"):
        fetch_image(figure, "arxiv", client)


@pytest.mark.parametrize(
    ("body", "error", "said"),
    [
        (b"<html/>", PageFormatError, "no Atom feed"),
        (b"not xml", PageFormatError, "not well-formed"),
        (b'<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>http://arxiv.org/api/errors#bad</id>'
         b"<summary>malformed query</summary></entry></feed>", PageFormatError, "malformed query"),
        (b'<feed xmlns:o="x"><o:totalResults>9</o:totalResults></feed>', TransientFetchError, "there are 9"),
    ],
)  # fmt: skip
def test_a_feed_that_is_not_understood_is_an_error(
    reading: Reading, body: bytes, error: type[Exception], said: str
) -> None:
    with pytest.raises(error, match=said):
        list(ARXIV.search(query(), reading(lambda target: Answer(body, "application/atom+xml"))))


def test_what_is_no_address_of_an_e_print_and_what_has_no_record_are_errors(
    journal: DemoJournal, reading: Reading
) -> None:
    client = reading(DemoArxiv(journal.articles))
    for url, said in (
        ("https://arxiv.org/abs/../x", "not the address"),
        ("https://arxiv.org/abs/2601.99999v1", "no such"),
    ):
        with pytest.raises(PageFormatError, match=said):
            ARXIV.read(ArticleRef(source="arxiv", url=url), client)


def test_images_stay_as_they_were_submitted(journal: DemoJournal, reading: Reading) -> None:
    archive = DemoArxiv(journal.articles)
    client = reading(archive)
    id, declared = next((id, each) for id, each in archive.articles.items() if len(each.figures) > 2)
    fetched = ARXIV.read(ArticleRef(source="arxiv", url=f"https://arxiv.org/abs/{id}v2"), client)
    third = fetched.figures[2].image_sha256
    assert third is not None
    assert client.store.read(third) == declared.figures[2].image.read_bytes()
    first = fetched.figures[0].image_sha256
    assert first is not None
    assert Image.open(io.BytesIO(client.store.read(first))).format == "PNG"
