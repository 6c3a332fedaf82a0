"""Publishers' pages and API answers as recorded: figures counted by hand, captions word for word."""

import datetime as dt
import re
import unicodedata
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from lxml import etree, html

from exsclaim.errors import PageFormatError
from exsclaim.records import FetchedArticle
from exsclaim.sources import acs, elsevier_xml, rsc, springer
from exsclaim.sources.html import publisher_pages
from exsclaim.sources.html.html_text import parse

DAY = dt.date(2026, 11, 25)
Reader = Callable[[bytes, str, dt.date], FetchedArticle]


def page_of(source: str) -> Reader:
    return lambda body, url, day: publisher_pages.read_page(body, url, day, source=source)


READERS: dict[str, Reader] = {
    "acs": acs.read_article, "elsevier": elsevier_xml.read_article, "rsc": page_of("rsc"), "wiley": page_of("wiley"),
    "springer": page_of("springer"), "aip": page_of("aip"),
}  # fmt: skip

RECORDED = {
    "acs/101021acsnano5b06675.xml": ("10.1021/acsnano.5b06675", dt.date(2015, 12, 31), 6, "Figure 1"),
    "acs/101021acsnano6b02796.xml": ("10.1021/acsnano.6b02796", dt.date(2016, 7, 1), 9, "Scheme 1"),
    "acs/101021acsnano6b06357.xml": ("10.1021/acsnano.6b06357", dt.date(2016, 12, 29), 7, "Figure 1"),
    "acs/101021acsnano6b07666.xml": ("10.1021/acsnano.6b07666", dt.date(2017, 1, 6), 7, "Scheme 1"),
    "acs/101021acsnano7b01217.xml": ("10.1021/acsnano.7b01217", dt.date(2017, 4, 5), 6, "Figure 1"),
    "elsevier/101016jssi201802031.xml": ("10.1016/j.ssi.2018.02.031", dt.date(2018, 2, 24), 7, "Fig. 1"),
    "elsevier/101016joptmat201610059.xml": ("10.1016/j.optmat.2016.10.059", dt.date(2016, 11, 11), 5, "Fig. 1"),
    "elsevier/101016joptmat201902024.xml": ("10.1016/j.optmat.2019.02.024", dt.date(2019, 3, 7), 12, "Fig. 1"),
    "rsc/b806499g.html": ("10.1039/b806499g", dt.date(2008, 8, 20), 8, "Fig. 1"),
    "rsc/c1jm13879k.html": ("10.1039/c1jm13879k", dt.date(2011, 11, 10), 11, "Fig. 1"),
    "rsc/c2jm33712f.html": ("10.1039/c2jm33712f", dt.date(2012, 8, 6), 10, "Scheme 1"),
    "rsc/c2nr11767c.html": ("10.1039/c2nr11767c", dt.date(2012, 1, 6), 10, "Fig. 1"),
    "rsc/test_paper.html": ("10.1039/c7ta06843c", dt.date(2017, 10, 2), 9, "Scheme 1"),
    "wiley/101002admi201400532.html": ("10.1002/admi.201400532", dt.date(2015, 3, 25), 3, "Figure 1"),
    "wiley/101002adsc201400257.html": ("10.1002/adsc.201400257", dt.date(2014, 8, 22), 7, "Scheme 1"),
    "wiley/101002zaac201400398.html": ("10.1002/zaac.201400398", dt.date(2014, 12, 9), 9, "Figure 1"),
    "springer/101007s10853-006-0223-4.html": ("10.1007/s10853-006-0223-4", dt.date(2006, 10, 7), 8, "Fig. 1"),
    "springer/101007s11041-016-0022-8.html": ("10.1007/s11041-016-0022-8", dt.date(2016, 11, 24), 3, "Fig. 1"),
    "springer/101007s10853-005-0756-y.html": (
        "10.1007/s10853-005-0756-y",
        dt.date(2005, 8, 1),
        0,
        None,
    ),  # an abstract's page
    "aip/APL-Materials.10.1063-1.4817897.html": ("10.1063/1.4817897", dt.date(2013, 8, 9), 3, "FIG. 1"),
    "aip/APL-Materials.10.1063-1.4824038.html": ("10.1063/1.4824038", dt.date(2013, 10, 3), 3, "FIG. 1"),
    "aip/APL-Materials.10.1063-1.4855775.html": ("10.1063/1.4855775", dt.date(2014, 1, 2), 8, "FIG. 1"),
    "aip/APL-Materials.10.1063-1.4974935.html": ("10.1063/1.4974935", dt.date(2017, 1, 27), 6, "FIG. 1"),
}


@cache
def read(shared_data: Path, file: str, url: str = "https://publisher.example/article") -> FetchedArticle:
    """The article of a recorded page; read once for all tests, since a page takes up to a second."""
    body = (shared_data / "journals" / file).read_bytes()
    return READERS[file.partition("/")[0]](body, url, DAY)


OPEN = {"aip/APL-Materials.10.1063-1.4974935.html": "CC-BY-4.0"}


def letters(text: str) -> str:
    """Letters and digits alone, indices as plain digits: what two readers of one text must agree on."""
    return re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", text)).casefold()


def all_letters(body: bytes) -> str:
    """Those of the whole page by another way, citations in superscript left out as captions leave them out."""
    is_xml = body.lstrip().startswith((b"<full-text", b'<?xml version="1.0" encoding="US-ASCII"'))
    if is_xml:
        parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, load_dtd=False)
        root = etree.fromstring(body, parser)
    else:
        root = html.fromstring(body, parser=html.HTMLParser(encoding="utf-8"))
        for citation in root.xpath("//a[contains(@href, '#cit') or contains(@href, '#bib')]/sup | //script | //style"):
            citation.drop_tree()
    return letters(" ".join("".join(root.itertext()).split()))


@pytest.mark.parametrize("file", RECORDED)
def test_a_recorded_page_gives_its_figures(shared_data: Path, file: str) -> None:
    doi, published, count, first = RECORDED[file]
    source = file.partition("/")[0]
    fetched = read(shared_data, file)
    article = fetched.article
    assert (article.doi, article.published, len(fetched.figures)) == (doi, published, count)
    assert (article.id, article.source) == (f"{source}/{article.name}", source)
    assert len(article.title) > 20
    assert article.authors
    assert article.licence == OPEN.get(file, article.licence)
    assert article.is_open == (file in OPEN)
    assert article.licence in ("publisher", "unknown", *OPEN.values())
    assert [figure.number for figure in fetched.figures] == list(range(1, count + 1))
    assert first is None or fetched.figures[0].label == first


@pytest.mark.parametrize("file", [name for name, expected in RECORDED.items() if expected[2]])
def test_recorded_captions_are_the_publishers_words(shared_data: Path, file: str) -> None:
    printed = all_letters((shared_data / "journals" / file).read_bytes())
    for figure in read(shared_data, file).figures:
        assert len(figure.caption) > 15
        assert letters(figure.caption) in printed, figure.id
        assert figure.caption == " ".join(figure.caption.split())
        assert figure.image_urls
        assert all(url.startswith("https://") for url in figure.image_urls)


def test_captions_keep_indices_and_lose_citations(shared_data: Path) -> None:
    fetched = read(shared_data, "elsevier/101016joptmat201902024.xml")
    assert (
        fetched.figures[4].caption == "Representation of ⁵D₀→⁷F₀ transition of Eu³⁺ in C2v symmetry in BaLaAlO₄:Eu³⁺."
    )
    fetched = read(shared_data, "wiley/101002zaac201400398.html")
    assert fetched.figures[1].caption == ("2D layer structure of 1 constructed by carboxylate ligands and CdII ions.")


def test_the_largest_rendition_of_a_figure_comes_first(shared_data: Path) -> None:
    figures = read(shared_data, "elsevier/101016jssi201802031.xml").figures
    assert [url.rsplit("-", 1)[1].partition("?")[0] for url in figures[0].image_urls] == ["gr1_lrg.jpg", "gr1.jpg"]
    figures = read(shared_data, "rsc/test_paper.html", "https://pubs.rsc.org/en/content").figures
    assert [url.rsplit("/", 1)[1] for url in figures[1].image_urls] == ["c7ta06843c-f1_hi-res.gif", "c7ta06843c-f1.gif"]
    figures = read(shared_data, "aip/APL-Materials.10.1063-1.4817897.html").figures
    assert [url.split("/images/")[1].partition("/")[0] for url in figures[0].image_urls] == ["large", "small"]
    figures = read(shared_data, "acs/101021acsnano6b02796.xml").figures
    assert figures[0].image_urls[0] == (
        "https://pubs.acs.org/cms/10.1021/acsnano.6b02796/asset/images/large/nn-2016-02796v_0010.jpeg"
    )


def test_springers_answer_is_jats_in_a_wrapper(shared_data: Path) -> None:
    body = (shared_data / "journals" / "springer" / "spr_test1.xml").read_bytes()
    fetched = springer.read_answer(body, "u", DAY)
    article = fetched.article
    assert (article.id, article.doi) == ("springer/s11671-021-03631-x", "10.1186/s11671-021-03631-x")
    assert (article.licence, article.is_open, len(fetched.figures)) == ("CC-BY-4.0", True, 28)
    assert fetched.figures[0].caption.startswith("Shows how lithium is stored in graphite.")
    assert fetched.figures[0].image_urls[0] == (
        "https://media.springernature.com/full/springer-static/image/art%3A10.1186%2Fs11671-021-03631-x/"
        "MediaObjects/11671_2021_3631_Fig1_HTML.png"
    )


def test_the_recorded_page_of_results_of_rsc(shared_data: Path) -> None:
    soup = parse((shared_data / "journals" / "rsc" / "searchresults.html").read_bytes())
    found = rsc.found_on(soup, "u")
    assert found[0] == "https://pubs.rsc.org/en/content/articlehtml/2017/cp/c6cp06202d"
    assert len(found) == 19  # of 25 results; the others have no HTML
    assert rsc.has_more(soup)


@pytest.mark.parametrize("reader", [*READERS.values(), springer.read_answer])
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\x00\xff",
        b"<html><title>Just a page</title></html>",
        b"<a>" * 5000,
        b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
    ],
)
def test_what_is_no_article_is_a_typed_error(reader: Reader, body: bytes) -> None:
    with pytest.raises(PageFormatError, match="https://x"):
        reader(body, "https://x.example/1", DAY)
