"""Elsevier's XML as its production writes it: no answer of the API, but what deposits and archives hold."""

import datetime as dt
import io
from pathlib import Path

import pytest
from PIL import Image

from exsclaim.errors import PageFormatError
from exsclaim.sources.elsevier_xml import read_article
from exsclaim.sources.local.local_files import address, local_file
from exsclaim.sources.local.saved_articles import read_xml_file
from exsclaim.store import Store

DAY = dt.date(2026, 1, 1)


def production(root: str = "article", head: str = "head", caption: str = "Rods.") -> bytes:
    return f"""<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE {root} PUBLIC "-//ES//DTD journal article DTD version 5.2.0//EN//XML" "art520.dtd"
 [<!ENTITY gr001 SYSTEM "gr001" NDATA IMAGE>]>
<{root} xmlns="http://www.elsevier.com/xml/ja/dtd" xmlns:ce="http://www.elsevier.com/xml/common/dtd" docsubtype="fla">
<item-info><jid>XYZ</jid><ce:pii>S0000-0000(13)00001-4</ce:pii><ce:doi>10.5555/x.2013.1</ce:doi>
<ce:copyright type="other" year="2013">The Authors</ce:copyright></item-info>
<ce:floats><ce:figure id="f1"><ce:label>Fig. 1</ce:label><ce:caption><ce:simple-para>{caption}</ce:simple-para>
</ce:caption><ce:link locator="gr001"/></ce:figure></ce:floats>
<{head}><ce:title>Growth of rods</ce:title><ce:author-group><ce:author><ce:given-name>Ada</ce:given-name>
<ce:surname>Lee</ce:surname></ce:author><ce:collaboration><ce:text>The Rod Collaboration</ce:text></ce:collaboration>
</ce:author-group></{head}>
<body><ce:sections><ce:section><ce:section-title>Growth</ce:section-title>
<ce:para>As <ce:cross-ref refid="f1">Fig. 1</ce:cross-ref> shows, rods grow.</ce:para></ce:section></ce:sections></body>
</{root}>""".encode()


@pytest.mark.parametrize(("root", "head"), [("article", "head"), ("simple-article", "simple-head")])
def test_a_file_of_elseviers_production_is_read_like_an_answer_of_its_api(root: str, head: str) -> None:
    fetched = read_article(production(root, head), "main.xml", DAY)
    article, (figure,) = fetched.article, fetched.figures
    assert (article.doi, article.title, article.name) == ("10.5555/x.2013.1", "Growth of rods", "S0000000013000014")
    assert article.authors == ("Ada Lee", "The Rod Collaboration")
    assert (article.published, article.published_precision) == (dt.date(2013, 1, 1), "year")
    assert (figure.label, figure.caption, figure.image_urls) == ("Fig. 1", "Rods.", ("gr001",))
    assert [mention.sentence for mention in figure.mentions] == ["As Fig. 1 shows, rods grow."]


@pytest.mark.parametrize(("name", "sign"), [("sbnd", "–"), ("dbnd", "="), ("tbnd", "≡")])
def test_bonds_are_printed(name: str, sign: str) -> None:
    body = production(caption=f'C<ce:glyph name="{name}"/>C')
    assert read_article(body, "main.xml", DAY).figures[0].caption == f"C{sign}C"


def test_an_article_without_a_title_is_refused() -> None:
    with pytest.raises(PageFormatError, match=r"main\.xml: not an article"):
        read_article(production().replace(b"Growth of rods", b""), "main.xml", DAY)


def test_its_images_lie_beside_it(tmp_path: Path) -> None:
    (tmp_path / "main.xml").write_bytes(production())
    file = io.BytesIO()
    Image.new("RGB", (30, 20)).save(file, "JPEG")
    (tmp_path / "gr001.jpg").write_bytes(file.getvalue())
    (figure,) = read_xml_file(
        local_file(address(tmp_path, tmp_path / "main.xml", "")), Store(tmp_path / "store")
    ).figures
    assert figure.image_sha256 is not None
    assert figure.no_image == ""


def consyn(facts: str = "", article: str = "", kind: str = "article") -> bytes:
    """A document of ConSyn: RDF, then what the production wrote."""
    head = "" if kind == "chapter" else "simple-head" if kind.startswith("simple") else "head"
    title = "<ce:title>Growth of NO<ce:inf>2</ce:inf></ce:title>"
    return f"""<doc:document xmlns:doc="http://www.elsevier.com/xml/document/schema" xmlns:dct="http://purl.org/dc/terms/"
xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:prism="http://prismstandard.org/namespaces/basic/2.0/"
xmlns:ja="http://www.elsevier.com/xml/ja/schema" xmlns:ce="http://www.elsevier.com/xml/common/schema"
xmlns:bam="http://vtw.elsevier.com/data/voc/ns/bam-vtw-1/" xmlns:oa="http://vtw.elsevier.com/data/ns/oa">
<rdf:RDF><rdf:Description><dct:title>Growth of NO2</dct:title><dct:creator>Ada Lee</dct:creator>
<dct:subject><rdf:Bag><rdf:li>rods</rdf:li><rdf:li>growth</rdf:li></rdf:Bag></dct:subject>
<dct:description>Rods 1 (2024) 1-2. doi:10.5555/r.1</dct:description><prism:publicationName>Rods</prism:publicationName>
<prism:copyright>© 2024 Elsevier B.V. All rights reserved.</prism:copyright>
<prism:coverDisplayDate>March 2024</prism:coverDisplayDate><prism:doi>10.5555/r.1</prism:doi>{facts}</rdf:Description>
</rdf:RDF>""".encode() + (article or f"""<ja:{kind}><ja:item-info><ce:pii>S0000-0000(24)00001-4</ce:pii></ja:item-info>
<ce:floats><ce:figure id="f1"><ce:label>Fig. 1</ce:label><ce:caption><ce:simple-para>Rods.</ce:simple-para>
</ce:caption><ce:link locator="gr1"/></ce:figure></ce:floats>{f"<ja:{head}>{title}</ja:{head}>" if head else title}
<ja:body><ce:para>As
   <ce:cross-ref refid="f1">Fig. 1
   </ce:cross-ref>
   , rods of NO
   <ce:inf>2</ce:inf>
   grow.</ce:para></ja:body></ja:{kind}></doc:document>""").encode()  # fmt: skip


@pytest.mark.parametrize("kind", ["article", "simple-article", "converted-article", "chapter"])
def test_a_document_of_consyn_is_read_with_the_facts_before_it(kind: str) -> None:
    fetched = read_article(consyn(kind=kind), "main.xml", DAY)
    article, (figure,) = fetched.article, fetched.figures
    assert (article.title, article.doi, article.journal) == ("Growth of NO₂", "10.5555/r.1", "Rods")
    assert (article.authors, article.keywords) == (("Ada Lee",), ("rods", "growth"))
    assert (article.published, article.published_precision, article.licence) == (
        dt.date(2024, 3, 1), "month", "publisher",
    )  # fmt: skip
    assert (article.name, article.abstract) == ("S0000000024000014", "")
    assert (figure.label, figure.caption, figure.image_urls) == ("Fig. 1", "Rods.", ("gr1",))
    assert [mention.sentence for mention in figure.mentions] == ["As Fig. 1, rods of NO₂ grow."]


def test_consyn_says_since_when_and_how_an_article_is_open() -> None:
    facts = (
        "<x><bam:availableOnline>2024-02-05T00:00:00.000Z</bam:availableOnline></x>"
        "<x><oa:userLicense>http://creativecommons.org/licenses/by/4.0/</oa:userLicense></x>"
    )
    article = read_article(consyn(facts), "main.xml", DAY).article
    assert (article.published, article.published_precision) == (dt.date(2024, 2, 5), "day")
    assert (article.licence, article.is_open) == ("CC-BY-4.0", True)


def test_a_document_of_consyn_without_its_article_says_so() -> None:
    bare = consyn(article="<raw-text>Growth of NO2</raw-text></doc:document>")
    with pytest.raises(PageFormatError, match="holds no full text"):
        read_article(bare, "main.xml", DAY)


def test_a_document_of_consyn_lies_in_a_folder_with_its_images(tmp_path: Path) -> None:
    (tmp_path / "main.xml").write_bytes(consyn())
    file = io.BytesIO()
    Image.new("RGB", (30, 20)).save(file, "JPEG")
    (tmp_path / "gr1.jpg").write_bytes(file.getvalue())
    fetched = read_xml_file(local_file(address(tmp_path, tmp_path / "main.xml", "")), Store(tmp_path / "store"))
    assert (fetched.article.source, fetched.figures[0].no_image) == ("folder", "")


@pytest.mark.parametrize(
    ("abstract", "text"),
    [
        ('<ce:abstract class="author"><ce:abstract-sec>{}</ce:abstract-sec></ce:abstract>', "Rods grow."),
        ('<ce:abstract class="author-highlights"><ce:abstract-sec>{}</ce:abstract-sec></ce:abstract>', ""),
        ('<ce:abstract class="graphical"><ce:abstract-sec>{}</ce:abstract-sec></ce:abstract>', ""),
        ("<ce:abstract><ce:abstract-sec>{}</ce:abstract-sec></ce:abstract>", "Rods grow."),
    ],
)
def test_highlights_are_not_the_abstract(abstract: str, text: str) -> None:
    said = abstract.format("<ce:simple-para>Rods grow.</ce:simple-para>").encode()
    body = production().replace(b"</head>", said + b"</head>")
    assert read_article(body, "main.xml", DAY).article.abstract == text


def test_a_figure_without_a_label_is_there_if_it_has_a_caption() -> None:
    body = production().replace(b"<ce:label>Fig. 1</ce:label>", b"")
    assert [(figure.label, figure.caption) for figure in read_article(body, "main.xml", DAY).figures] == [("", "Rods.")]
    portrait = body.replace(b"<ce:caption><ce:simple-para>Rods.</ce:simple-para>\n</ce:caption>", b"")
    assert b"caption" not in portrait
    assert read_article(portrait, "main.xml", DAY).figures == ()
