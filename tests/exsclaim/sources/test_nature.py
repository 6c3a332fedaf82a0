"""nature.com as recorded (pages of 2020-21, old and new), and pages made here for what the recorded ones lack."""

import datetime as dt
import itertools
import json
import re
import unicodedata
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from exsclaim import sources
from exsclaim.errors import GoneError, PageFormatError, QueryError, TransientFetchError
from exsclaim.query import Query
from exsclaim.records import ArticleRef
from exsclaim.sources.figure_images import fetch_image
from exsclaim.sources.nature import image_urls, read_page, search_url
from tests.exsclaim.publisher import Asked, Bench, Reply

DAY = dt.date(2026, 1, 2)
SITE = "https://www.nature.com"
HTML = {"Content-Type": "text/html; charset=utf-8"}


class Expected(NamedTuple):
    title: str
    journal: str
    published: dt.date
    licence: str
    authors: tuple[int, str]
    labels: tuple[str, ...]


RECORDED = {
    "ncomms11770": Expected(
        "Dynamic protein coronas revealed as a modulator of silver nanoparticle sulphidation in vitro",
        "Nature Communications", dt.date(2016, 6, 9), "CC-BY-4.0", (7, "Teodora Miclăuş"),
        tuple(f"Figure {n}" for n in range(1, 6)),
    ),
    "srep01497": Expected(
        "Core–Shell Bimetallic Nanoparticles Robustly Fixed on the Outermost Surface of Magnetic Silica Microspheres",
        "Scientific Reports", dt.date(2013, 3, 20), "CC-BY-NC-ND-3.0", (3, "Hye Hun Park"),
        tuple(f"Figure {n}" for n in range(1, 5)),
    ),
    "s41467-018-06211-3": Expected(
        "Seed-mediated atomic-scale reconstruction of silver manganate nanoplates for oxygen reduction towards "
        "high-energy aluminum-air flow batteries",
        "Nature Communications", dt.date(2018, 9, 13), "CC-BY-4.0", (6, "Jaechan Ryu"),
        tuple(f"Fig. {n}" for n in range(1, 6)),
    ),
    "s41557-020-0418-3": Expected(
        "Interface-mediated noble metal deposition on transition metal dichalcogenide nanostructures",
        "Nature Chemistry", dt.date(2020, 2, 24), "publisher", (9, "Yifan Sun"),
        tuple(f"Fig. {n}" for n in range(1, 7)),
    ),
    "s41598-020-77062-6": Expected(
        "Au–Ag alloy nanoparticle-incorporated AgBr plasmonic photocatalyst",
        "Scientific Reports", dt.date(2020, 11, 17), "CC-BY-4.0", (2, "Shin-ichi Naya"),
        ("Scheme 1", "Figure 1", "Figure 2", "Figure 3", "Figure 4", "Scheme 2"),
    ),
    "s41929-019-0365-9": Expected(
        "A silver catalyst activated by stacking faults for the hydrogen evolution reaction",
        "Nature Catalysis", dt.date(2019, 10, 14), "publisher", (6, "Zhe Li"),
        tuple(f"Fig. {n}" for n in range(1, 6)),
    ),
}  # fmt: skip
FOUND = (
    "s41467-018-06211-3", "ncomms5946", "s41557-020-0418-3", "nmat3462", "s41929-019-0365-9", "ncomms6634",
    "s41598-017-12553-7", "ncomms1737", "nphys575", "ncomms9788", "srep01497", "srep23945",
)  # fmt: skip
"""Entries of the recorded page of results, in its order."""


@pytest.fixture
def recorded(bench: Bench, shared_data: Path) -> Bench:
    """The recorded nature.com: one page of results for any search, six articles, the five figures of one of them."""
    folder = shared_data / "journals" / "nature"

    def replay(asked: Asked) -> Reply:
        if asked.path.startswith("/www.nature.com/search?"):
            return Reply((folder / "search.html").read_bytes(), headers=HTML)
        if article := re.fullmatch(r"/www\.nature\.com/articles/([\w-]+)", asked.path):
            page = folder / f"{article[1]}.html"
            return Reply(page.read_bytes(), headers=HTML) if page.exists() else Reply(status=404)
        figure = re.search(r"^/media\.springernature\.com/full/.*41467_2018_6211_Fig(\d)_HTML\.png$", asked.path)
        if figure:
            body = (folder / "figures" / f"s41467-018-06211-3_fig{figure[1]}.jpg").read_bytes()
            return Reply(body, headers={"Content-Type": "image/jpeg"})
        return Reply(status=404)

    bench.publisher.otherwise = replay
    return bench


def query(**more: Any) -> Query:
    fields = {"search_field_1": {"term": "Ag nanoparticle"}, "search_field_2": {"term": "HAADF-STEM"}}
    return Query.model_validate({"name": "silver", "sources": ["nature"], "query": fields, **more})


def ref(name: str) -> ArticleRef:
    return ArticleRef(source="nature", url=f"{SITE}/articles/{name}")


@pytest.mark.parametrize("name", RECORDED)
def test_recorded_articles_are_read(recorded: Bench, name: str) -> None:
    expected = RECORDED[name]
    client = recorded.client()
    fetched = sources.get("nature").read(ref(name), client)
    article = fetched.article
    assert (article.id, article.name, article.source) == (f"nature/{name}", name, "nature")
    assert (article.url, article.doi) == (f"{SITE}/articles/{name}", f"10.1038/{name}")
    assert (article.title, article.journal, article.published) == expected[:3]
    assert (len(article.authors), article.authors[0]) == expected.authors
    assert (article.licence, article.is_open) == (expected.licence, expected.licence != "publisher")
    assert (article.licence_url is None) == (expected.licence == "publisher")
    assert article.retrieved_at == client.page(article.url, source="nature").fetched_on
    assert tuple(figure.label for figure in fetched.figures) == expected.labels
    for number, figure in enumerate(fetched.figures, start=1):
        assert (figure.id, figure.article_id, figure.number) == (f"nature/{name}/fig{number}", article.id, number)
        full, *smaller = figure.image_urls
        assert full.startswith("https://media.springernature.com/full/springer-static/image/art%3A10.1038%2F")
        assert [url.split("/")[3] for url in smaller][:2] == ["lw1200", "lw685"]


def test_captions_of_recorded_articles_are_complete(recorded: Bench, shared_data: Path) -> None:
    """Letter for letter those that people took from the same pages, apart from spaces and the form of indices."""

    def letters(text: str) -> str:
        return re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).replace("–", "-").replace("−", "-")

    gold = json.loads((shared_data / "captions" / "captions.json").read_text(encoding="utf-8"))
    client = recorded.client()
    compared = 0
    for name in RECORDED:
        for figure in sources.get("nature").read(ref(name), client).figures:
            if human := gold.get(f"{name}_fig{figure.number}"):
                assert letters(figure.caption) == letters(human["caption"]), figure.id
                compared += 1
    assert compared == 20


def test_indices_units_and_paragraphs_of_recorded_captions_are_readable(recorded: Bench) -> None:
    client = recorded.client()
    first = sources.get("nature").read(ref("ncomms11770"), client).figures
    assert first[0].title == "Silver sulphide forms close to the surface of Ag NPs."
    assert first[0].caption.startswith("TEM image with arrows highlighting nano-Ag₂S (a, scale bar 50 nm), X-rays")
    assert "2 μg ml⁻¹ (e), 10 μg ml⁻¹ (f)" in first[3].caption
    srep = sources.get("nature").read(ref("srep01497"), client).figures
    assert srep[1].caption.startswith("TEM and SEM images of various composite systems. (a) AP-MSM. (b) Au-seeded")


def test_a_paywalled_article_has_titles_and_images_but_no_captions(recorded: Bench) -> None:
    figures = sources.get("nature").read(ref("s41557-020-0418-3"), recorded.client()).figures
    assert figures[0].title == "Reduction of Au³⁺ on TMD nanostructures."
    assert {figure.caption for figure in figures} == {""}
    assert figures[0].image_urls[-1].startswith("https://media.springernature.com/m312/")


def test_the_recorded_search_finds_twelve_articles_on_its_only_page(recorded: Bench) -> None:
    found = list(sources.get("nature").search(query(), recorded.client()))
    assert [article.url for article in found] == [f"{SITE}/articles/{name}" for name in FOUND]
    [asked] = [asked.path for asked in recorded.publisher.asked if "/search" in asked.path]
    assert asked.endswith("/search?q=%22Ag+nanoparticle%22+%22HAADF-STEM%22&order=relevance&page=1")


def test_the_open_access_filter_keeps_what_the_list_marks_open(recorded: Bench) -> None:
    found = sources.get("nature").search(query(open=True), recorded.client())
    assert [article.url.rsplit("/", 1)[1] for article in found] == [
        "s41467-018-06211-3", "s41598-017-12553-7", "ncomms9788", "srep01497", "srep23945"
    ]  # fmt: skip


def test_days_of_publication_are_kept_to_the_day(recorded: Bench) -> None:
    wanted = query(published_after="2018-09-13", published_before="2019-12-31")
    found = sources.get("nature").search(wanted, recorded.client())
    assert [article.url.rsplit("/", 1)[1] for article in found] == ["s41467-018-06211-3", "s41929-019-0365-9"]


def test_articles_that_several_searches_find_come_once(recorded: Bench) -> None:
    fields = {"search_field_1": {"term": "Ag nanoparticle", "synonyms": ["silver nanoparticle"]}}
    found = list(sources.get("nature").search(query(query=fields), recorded.client()))
    assert len(found) == len(set(found)) == 12


def test_figures_of_a_recorded_article_are_fetched_and_the_missing_listed(recorded: Bench) -> None:
    client = recorded.client()
    fetched = sources.get("nature").read(ref("s41467-018-06211-3"), client)
    sizes = [fetch_image(figure, "nature", client) for figure in fetched.figures]
    assert len({figure.image_sha256 for figure in sizes}) == 5
    assert all(figure.width_px > 600 and figure.height_px > 100 for figure in sizes)
    other = sources.get("nature").read(ref("srep01497"), client)
    with pytest.raises(GoneError, match=r"none of the 3 renditions"):
        fetch_image(other.figures[0], "nature", client)


def test_a_second_reading_asks_nothing(recorded: Bench) -> None:
    first = sources.get("nature").read(ref("srep01497"), recorded.client())
    asked = len(recorded.publisher.asked)
    assert sources.get("nature").read(ref("srep01497"), recorded.client()) == first
    assert len(recorded.publisher.asked) == asked


def results(names: list[str], showing: str = "", more: str = "") -> Reply:
    """A page of results in the site's present layout."""
    items = "".join(
        f'<li><article><h3><a href="/articles/{name}">Title</a></h3><time datetime="2024-05-06">6 May 2024</time>'
        f'<span data-test="open-access">Open Access</span></article></li>'
        for name in names
    )
    form = '<form action="/search"><input name="q"></form>'
    return Reply(f"<html><body>{form}<p>{showing}</p><ul>{items}</ul>{more}</body></html>".encode(), headers=HTML)


def pages(bench: Bench, *replies: Reply) -> None:
    for number, reply in enumerate(replies, start=1):
        bench.publisher.script(search_url(query(), ("Ag nanoparticle", "HAADF-STEM"), number)[8:], reply)


def test_all_pages_of_results_are_read_until_the_last(bench: Bench) -> None:
    pages(
        bench,
        results(["a1", "a2"], "Showing 1–2 of 5 results"),
        results(["a3", "a2"], "Showing 3–4 of 5 results"),
        results(["a5"], "Showing 5–5 of 5 results"),
        results(["never"], "Showing 1–1 of 1 results"),
    )
    found = sources.get("nature").search(query(open=True), bench.client())
    assert [article.url.rsplit("/", 1)[1] for article in found] == ["a1", "a2", "a3", "a5"]


def test_without_a_count_the_link_to_the_next_page_tells(bench: Bench) -> None:
    following = '<a href="/search?q=x&amp;page=2">Next</a>'
    pages(bench, results(["a1"], more=following), results(["a2"], more=following), results(["never"]))
    found = sources.get("nature").search(query(), bench.client())
    assert [article.url.rsplit("/", 1)[1] for article in found] == ["a1", "a2"]


def test_a_server_that_repeats_its_page_for_ever_ends_the_search(bench: Bench) -> None:
    bench.publisher.otherwise = lambda asked: (
        results(["a1"], "Showing 1–1 of 9,999 results") if "/search" in asked.path else Reply(status=404)
    )
    found = sources.get("nature").search(query(), bench.client())
    assert next(found).url.endswith("/a1")
    with pytest.raises(TransientFetchError, match="results of the pages before it once more, behind 1"):
        next(found)


def test_an_empty_page_where_more_were_promised_is_told(bench: Bench) -> None:
    pages(bench, results(["a1"], "Showing 1–1 of 3 results"), results([]))
    found = sources.get("nature").search(query(), bench.client())
    assert next(found).url.endswith("/a1")
    with pytest.raises(TransientFetchError, match="more were to follow the 1"):
        next(found)


def test_what_other_terms_found_does_not_end_a_search(bench: Bench) -> None:
    both = {"term": "silver", "synonyms": ["Ag"]}
    asked = Query.model_validate({"name": "ag", "sources": ["nature"], "query": {"search_field_1": both}})
    first = results(["a1", "a2"], "Showing 1–2 of 3 results")
    replies = [first, results(["a3"], "Showing 3–3 of 3 results"), first, results(["a4"], "Showing 3–3 of 3 results")]
    bench.publisher.otherwise = lambda given: replies.pop(0) if "/search" in given.path else Reply(status=404)
    found = [article.url.rsplit("/", 1)[1] for article in sources.get("nature").search(asked, bench.client())]
    assert found == ["a1", "a2", "a3", "a4"]


def test_no_page_is_asked_for_before_its_articles_are_wanted(bench: Bench) -> None:
    pages(bench, results(["a1", "a2"], "Showing 1–2 of 4 results"), results(["a3"], "Showing 3–4 of 4 results"))
    found = sources.get("nature").search(query(), bench.client())
    assert bench.publisher.asked == []
    list(itertools.islice(found, 2))
    assert len([asked for asked in bench.publisher.asked if "/search" in asked.path]) == 1


def test_a_search_without_results_is_empty_and_another_page_is_an_error(bench: Bench) -> None:
    pages(bench, results([]))
    assert list(sources.get("nature").search(query(), bench.client())) == []
    pages(bench, Reply(b"<html><body>We moved.</body></html>", headers=HTML))
    with pytest.raises(PageFormatError, match="not a page of search results"):
        list(sources.get("nature").search(query(), bench.client()))


def test_order_dates_and_terms_are_asked_of_the_site() -> None:
    wanted = query(sortby="recent", published_after="2018-03-01", published_before="2020-01-01")
    url = search_url(wanted, ('TiO2 & "anatase"', "SEM"), 3)
    assert url == f"{SITE}/search?q=%22TiO2+%26++anatase%22+%22SEM%22&order=date_desc&date_range=2018-2020&page=3"


HEAD = """<head><meta name="citation_title" content="Made here"><meta name="citation_doi" content="10.1038/made1">
<meta name="citation_journal_title" content="Nature Tests">
<meta name="citation_online_date" content="2024/02/30"></head>"""


def test_extended_data_figures_follow_the_others_and_tables_are_left_out() -> None:
    media = "//media.springernature.com"
    page = f"""<html>{HEAD}<body>
    <div class="c-article-table"><figure><figcaption>Table 1</figcaption><img src="{media}/full/t.png"></figure></div>
    <div data-test="figure"><figure><figcaption><b>Fig. 1: One.</b></figcaption>
    <picture><img src="{media}/lw685/springer-static/image/1.png?as=webp"></picture>
    <div class="c-article-section__figure-description"><p><b>a</b>, SEM.</p></div></figure></div>
    <div class="c-article-supplementary__item" id="Fig2"><h3 class="c-article-supplementary__title">
    <a href="/articles/made1/figures/2" data-supp-info-image="{media}/lw685/springer-static/esm/2.jpg">Extended Data
    Fig. 1 More.</a></h3><div class="c-article-supplementary__description"><p>TEM; scale bar, 5&nbsp;nm.</p></div></div>
    <div class="c-article-supplementary__item" id="Tab1"><h3 class="c-article-supplementary__title">
    <a data-supp-info-image="{media}/lw685/springer-static/esm/t.jpg">Extended Data Table 1</a></h3></div>
    <div class="c-article-supplementary__item" id="MOESM1"><h3><a href="x.pdf">Supplementary Information</a></h3></div>
    </body></html>"""
    fetched = read_page(page.encode(), f"{SITE}/articles/made1", DAY)
    one, extended = fetched.figures
    assert (one.label, one.title, one.caption) == ("Fig. 1", "One.", "a, SEM.")
    assert (extended.label, extended.title) == ("Extended Data Fig. 1", "More.")
    assert (extended.id, extended.caption) == ("nature/made1/fig2", "TEM; scale bar, 5 nm.")
    assert extended.image_urls[0] == "https://media.springernature.com/full/springer-static/esm/2.jpg"
    # there is no 30 February
    assert (fetched.article.published, fetched.article.published_precision) == (dt.date(2024, 2, 1), "month")
    assert fetched.article.retrieved_at == DAY


def test_an_article_without_figures_and_licence_is_an_article() -> None:
    fetched = read_page(f"<html>{HEAD}<body></body></html>".encode(), f"{SITE}/articles/made1", DAY)
    assert fetched.figures == ()
    assert (fetched.article.licence, fetched.article.is_open) == ("unknown", False)


def test_a_licence_that_a_caption_or_reference_mentions_is_not_the_articles() -> None:
    body = '<figure><a href="http://creativecommons.org/licenses/by/4.0/">CC BY</a></figure>'
    fetched = read_page(f"<html>{HEAD}<body>{body}</body></html>".encode(), f"{SITE}/articles/made1", DAY)
    assert fetched.article.licence == "unknown"


@pytest.mark.parametrize(
    ("page", "path"),
    [
        (b"", "articles/made1"),
        (b"<html><title>Log in</title><body>Please log in</body></html>", "articles/made1"),
        (b"<div>" * 20_000, "articles/made1"),
        (b"\x00\xff\xfe", "articles/made1"),
        (f"<html>{HEAD}</html>".encode(), "articles/../../etc/passwd"),
        (f"<html>{HEAD}</html>".encode(), "articles/.."),
        (f"<html>{HEAD}</html>".encode(), "subjects/nanoparticles"),
        (f"<html>{HEAD}</html>".encode(), "articles/sch\u00f6n"),
    ],
)
def test_what_is_no_article_is_an_error_that_names_the_address(page: bytes, path: str) -> None:
    with pytest.raises(PageFormatError, match=re.escape(f"{SITE}/{path}")):
        read_page(page, f"{SITE}/{path}", DAY)


@pytest.mark.parametrize(
    ("shown", "urls"),
    [
        ("", ()),
        ("javascript:alert(1)", ()),
        ("data:image/png;base64,AAAA", ()),
        ("/images/old.jpg", (f"{SITE}/images/old.jpg",)),
        ("http://media.springernature.com/full/springer-static/x.png", 3),
        ("//media.springernature.com/w215h120/springer-static/x.png", 4),
    ],
)
def test_renditions_are_known_only_for_the_sites_own_images(shown: str, urls: tuple[str, ...] | int) -> None:
    found = image_urls(shown)
    assert (found if isinstance(urls, tuple) else len(found)) == urls
    assert all(url.startswith("https://") for url in found)


def test_sources_are_found_by_name_and_a_slip_is_pointed_out() -> None:
    assert sources.names()[0] == "nature"
    assert sources.get("nature").name == "nature"
    with pytest.raises(QueryError, match="did you mean 'nature'"):
        sources.get("natur")
