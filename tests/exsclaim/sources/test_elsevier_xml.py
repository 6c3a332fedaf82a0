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
