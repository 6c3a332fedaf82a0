"""JATS: every article of the shared data, and documents made here for what those lack."""

import datetime as dt
import re
import unicodedata
from pathlib import Path
from typing import NamedTuple

import pytest
from lxml import etree

from exsclaim.errors import PageFormatError
from exsclaim.sources.jats.jats_article import JatsArticle, read_articles, read_jats


class Expected(NamedTuple):
    doi: str
    journal: str
    published: dt.date
    licence: str
    authors: tuple[int, str]
    labels: tuple[str, ...]


def numbered(word: str, count: int) -> tuple[str, ...]:
    return tuple(f"{word} {n}" for n in range(1, count + 1))


REAL = {
    "PMC4709698": Expected("10.1038/srep19235", "Scientific Reports", dt.date(2016, 1, 12), "CC-BY-4.0",
                           (5, "L. Zhang"), numbered("Figure", 5)),
    "PMC7040616": Expected("10.3390/ma13030560", "Materials", dt.date(2020, 1, 24), "CC-BY-4.0",
                           (8, "Yan Ji"), numbered("Figure", 7)),
    "PMC7052225": Expected("10.1038/s41598-020-60633-y", "Scientific Reports", dt.date(2020, 3, 2), "CC-BY-4.0",
                           (4, "N. Delaporte"), (*numbered("Scheme", 2), *numbered("Figure", 18))),
    "PMC7052380": Expected("10.3389/fchem.2020.00104", "Frontiers in Chemistry", dt.date(2020, 2, 25), "CC-BY-4.0",
                           (5, "Shulong Liu"), numbered("Figure", 11)),
    "PMC7055568": Expected("10.1002/advs.201903088", "Advanced Science", dt.date(2020, 1, 21), "CC-BY-4.0",
                           (8, "Song Li"), numbered("Figure", 13)),
    "PMC7058583": Expected("10.3389/fchem.2020.00094", "Frontiers in Chemistry", dt.date(2020, 2, 28), "CC-BY-4.0",
                           (6, "Yangqiang Zhao"), numbered("Figure", 6)),
    "PMC7067258": Expected("10.1039/c9sc04175c", "Chemical Science", dt.date(2019, 11, 29), "CC-BY-3.0",
                           (7, "Kensuke Nakashima"), numbered("Fig.", 4)),
    "PMC7070767": Expected("10.3390/molecules25040891", "Molecules", dt.date(2020, 2, 17), "CC-BY-4.0",
                           (7, "Matea Raić"), numbered("Figure", 13)),
    "PMC7074852": Expected("10.3390/nano10020191", "Nanomaterials", dt.date(2020, 1, 22), "CC-BY-4.0",
                           (6, "Junhao Li"), numbered("Figure", 8)),
    "PMC7075132": Expected("10.3390/nano10020249", "Nanomaterials", dt.date(2020, 1, 30), "CC-BY-4.0",
                           (7, "Jie Deng"), numbered("Figure", 7)),
    "PMC7077619": Expected("10.3390/polym12020405", "Polymers", dt.date(2020, 2, 11), "CC-BY-4.0",
                           (7, "Ponnaiah Arjunan"), numbered("Figure", 5)),
    "PMC7198556": Expected("10.1038/s41598-020-63328-6", "Scientific Reports", dt.date(2020, 5, 4), "CC-BY-4.0",
                           (4, "Daniel G. Mevec"), numbered("Figure", 8)),
}  # fmt: skip


@pytest.mark.parametrize("name", REAL)
def test_real_articles_are_read(shared_data: Path, name: str) -> None:
    expected = REAL[name]
    article = read_jats((shared_data / "jats" / f"{name}.xml").read_bytes(), name)
    assert article.pmcid in (name, "")  # some are from before PMC wrote its number into them
    assert (article.doi, article.journal, article.published and article.published.day, article.licence) == expected[:4]
    assert (len(article.authors), article.authors[0]) == expected.authors
    assert tuple(figure.label for figure in article.figures) == expected.labels
    assert article.is_open
    assert not article.is_retracted
    assert all(figure.graphics for figure in article.figures)


def letters(text: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).translate(str.maketrans("–‐‒−‑", "-----"))


@pytest.mark.parametrize("name", REAL)
def test_captions_of_real_articles_are_verbatim(shared_data: Path, name: str) -> None:
    """Letter for letter what lies between the tags, apart from citations printed as superscripts."""
    path = shared_data / "jats" / f"{name}.xml"
    root = etree.fromstring(path.read_bytes(), etree.XMLParser(resolve_entities=False, no_network=True))
    raw = [re.sub(r'<xref[^>]*ref-type="(?:bibr|ref)"[^>]*>(?:<sup>)?[\d,–]+(?:</sup>)?</xref>', "⁑", text)
           for text in (etree.tostring(each, encoding="unicode", with_tail=False)
                        for each in root.iterfind(".//fig/caption"))]  # fmt: skip
    figures = read_jats(path.read_bytes(), name).figures
    assert len(figures) == len(raw)
    for figure, caption in zip(figures, raw, strict=True):
        bare = re.sub("⁑(?:,⁑)+", "⁑", letters("".join(etree.fromstring(caption).itertext())))
        ours = letters(f"{figure.title} {figure.caption}")
        assert re.fullmatch(re.escape(bare).replace("⁑", r"(?:(?<=\[)\d+)?"), ours)


def test_a_figure_on_two_pages_has_two_graphics(shared_data: Path) -> None:
    third = read_jats((shared_data / "jats" / "PMC7070767.xml").read_bytes(), "x").figures[2]
    assert [graphic.hrefs for graphic in third.graphics] == [
        ("molecules-25-00891-g003a",),
        ("molecules-25-00891-g003b",),
    ]


def document(
    body: str = "", *, meta: str = "", head: str = "", title: str = "Made here", attributes: str = ""
) -> bytes:
    return f"""{head}<article xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:mml="http://www.w3.org/1998/Math/MathML"
        xmlns:ali="http://www.niso.org/schemas/ali/1.0/" {attributes}>
        <front><journal-meta><journal-title-group><journal-title>J. Tests</journal-title></journal-title-group>
        </journal-meta><article-meta><article-id pub-id-type="doi">10.5555/made1</article-id>
        <title-group><article-title>{title}</article-title></title-group>{meta}</article-meta></front>
        <body>{body}</body></article>""".encode()


def made(body: str = "", **more: str) -> JatsArticle:
    return read_jats(document(body, **more), "made.xml")


def fig(inner: str, attributes: str = "") -> str:
    return f'<fig {attributes}><label>Fig. 1</label>{inner}<graphic xlink:href="f1"/></fig>'


def caption(markup: str) -> str:
    return made(fig(f"<caption><p>{markup}</p></caption>")).figures[0].caption


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("Ag<sub>2</sub>S, 5 mV s<sup>−1</sup>, <italic>R</italic><sub>ct</sub>", "Ag₂S, 5 mV s⁻¹, Rct"),
        ("<italic>D</italic>\n<sub>10</sub> of 4 nm", "D₁₀ of 4 nm"),
        ("grown as before<sup><xref ref-type='bibr' rid='b1'>12</xref></sup>.", "grown as before."),
        ("as before<xref ref-type='bibr' rid='b1'><sup>12</sup></xref>.", "as before."),
        ("with permission.<xref ref-type='ref' rid='b1'>41</xref>, <xref ref-type='ref' rid='b2'>42</xref> Copyright",
         "with permission. Copyright"),
        ("in [<xref ref-type='bibr' rid='b1'>24</xref>,<xref ref-type='bibr' rid='b2'>25</xref>].", "in [24,25]."),
        ("as in ref. <xref ref-type='bibr' rid='b1'>24</xref>", "as in ref. 24"),
        ("see <xref ref-type='bibr' rid='b1'>Smith et al., 2019</xref>", "see Smith et al., 2019"),
        ("as in Fig. <xref ref-type='fig' rid='f3'>3d</xref>", "as in Fig. 3d"),
        ("a<xref ref-type='fn' rid='n'>*</xref><fn id='n'><p>not here</p></fn>", "a"),
        ("along [1<overline>1</overline>0]", "along [11̄0]"),
        ("of <inline-formula><mml:math><mml:msup><mml:mn>10</mml:mn><mml:mrow><mml:mo>−</mml:mo><mml:mn>3</mml:mn>"
         "</mml:mrow></mml:msup><mml:mi>mol</mml:mi></mml:math></inline-formula>", "of 10⁻³mol"),
        ("<inline-formula><alternatives><tex-math>\\documentclass{minimal}\\begin{document}$$5\\,\\upmu"
         "\\mathrm{m}$$\\end{document}</tex-math><inline-graphic xlink:href='x.gif'/></alternatives></inline-formula>",
         "5 μm"),
        ("<inline-formula><alternatives><tex-math>$x$</tex-math><mml:math><mml:mover><mml:mn>1</mml:mn>"
         "<mml:mo>¯</mml:mo></mml:mover></mml:math></alternatives></inline-formula>", "1̄"),
        ("phase (<inline-formula><inline-graphic xlink:href='m5.jpg'/></inline-formula>) of it", "phase () of it"),
        ("one</p><p>two", "one two"),
        ("one<break/>two <named-content content-type='x'>three</named-content>", "one two three"),
    ],
)  # fmt: skip
def test_captions_read_as_printed(markup: str, text: str) -> None:
    assert caption(markup) == text


def test_a_caption_of_nothing_but_a_title_is_a_caption() -> None:
    only, both = made(
        fig("<caption><title>(a) SEM and (b) TEM.</title></caption>")
        + fig("<caption><title>Crystals.</title><p>(a) SEM.</p></caption>")
    ).figures
    assert (only.title, only.caption) == ("", "(a) SEM and (b) TEM.")
    assert (both.title, both.caption) == ("Crystals.", "(a) SEM.")


def test_lettered_parts_are_one_figure() -> None:
    parts = "".join(
        f'<fig><label>({letter})</label><caption><p>{text}</p></caption><graphic xlink:href="f1{letter}"/></fig>'
        for letter, text in (("a", "SEM."), ("b", "TEM."))
    )
    group = f"<fig-group><label>Figure 1.</label><caption><p>Two views.</p></caption>{parts}</fig-group>"
    nested = f"<fig><label>Figure 1.</label><caption><p>Two views.</p></caption>{parts}</fig>"
    for body in (group, nested):
        (figure,) = made(body).figures
        assert (figure.label, figure.caption) == ("Figure 1", "Two views. (a) SEM. (b) TEM.")
        assert [(graphic.label, graphic.hrefs) for graphic in figure.graphics] == [("a", ("f1a",)), ("b", ("f1b",))]


def test_a_group_of_numbered_figures_is_no_figure_itself() -> None:
    numbers = "".join(
        f'<fig><label>Figure {label}.</label><caption><p>{label}</p></caption><graphic xlink:href="f{label}"/></fig>'
        for label in ("1", "1—figure supplement 1")
    )
    figures = made(f"<fig-group>{numbers}</fig-group>" + fig("")).figures
    assert [figure.label for figure in figures] == ["Figure 1", "Figure 1—figure supplement 1", "Fig. 1"]
    assert [figure.number for figure in figures] == [1, 2, 3]


def test_alternatives_are_one_image_and_films_and_formulas_none() -> None:
    body = """<fig><label>Scheme 2</label><caption><p>
    <inline-formula><inline-graphic xlink:href="m1"/></inline-formula>
    </p></caption><alternatives><graphic xlink:href="f1.tif"/><graphic xlink:href="f1.jpg" mimetype="image"/>
    </alternatives><media mimetype="video" xlink:href="v1"/><media xlink:href="v2.mp4"/>
    <p><graphic xlink:href="f2.jpg"/></p></fig>"""
    (figure,) = made(body).figures
    assert [graphic.hrefs for graphic in figure.graphics] == [("f1.tif", "f1.jpg"), ("f2.jpg",)]


def test_graphical_abstracts_and_the_figures_of_reviews_are_not_the_articles() -> None:
    abstract = '<abstract abstract-type="graphical"><p><fig><graphic xlink:href="ga"/></fig></p></abstract>'
    review = f"<sub-article><front-stub/><body>{fig('')}</body></sub-article>"
    whole = document(fig("<caption><p>Own.</p></caption>"), meta=abstract).replace(
        b"</article>", f"{review}</article>".encode()
    )
    (figure,) = read_jats(whole, "made.xml").figures
    assert figure.caption == "Own."


def test_a_label_that_stands_in_the_caption_is_found() -> None:
    (figure,) = made('<fig><caption><p>Figure 3. SEM image.</p></caption><graphic xlink:href="f"/></fig>').figures
    assert (figure.label, figure.caption, figure.number) == ("Figure 3", "SEM image.", 1)


CC = "https://creativecommons.org/licenses/by"


@pytest.mark.parametrize(
    ("licence", "expected"),
    [
        (f'<license xlink:href="{CC}/4.0/"><license-p>Open.</license-p></license>', ("CC-BY-4.0", f"{CC}/4.0/", True)),
        (f"<ali:free_to_read/><license><ali:license_ref>{CC}-nc-nd/4.0/</ali:license_ref></license>",
         ("CC-BY-NC-ND-4.0", f"{CC}-nc-nd/4.0/", True)),
        (f"<license><license-p>see <ext-link xlink:href='{CC}/3.0/'>here</ext-link></license-p></license>",
         ("CC-BY-3.0", f"{CC}/3.0/", True)),
        (f"<license><license-p>({CC}/2.0).</license-p></license>", ("CC-BY-2.0", f"{CC}/2.0/", True)),
        ("<license><p>the Creative Commons Attribution Non-Commercial No Derivatives 4.0 International License</p>"
         "</license>", ("CC-BY-NC-ND-4.0", f"{CC}-nc-nd/4.0/", True)),
        ("<license><p>the Creative Commons Attribution License (CC BY).</p></license>", ("CC-BY", None, True)),
        ("<license license-type='open-access'><p>Free for all.</p></license>", ("unknown", None, True)),
        ("<license><p>All rights reserved.</p></license>", ("publisher", None, False)),
    ],
)  # fmt: skip
def test_licences_are_found_by_link_or_in_words(licence: str, expected: tuple[str | None, str | None, bool]) -> None:
    article = made(meta=f"<permissions>{licence}</permissions>")
    assert (article.licence, article.licence_url, article.is_open) == expected


def test_a_figure_may_have_rights_of_its_own() -> None:
    own = "<permissions><copyright-statement>© Other Press</copyright-statement></permissions>"
    article = made(
        fig(f"<caption><p>x</p></caption>{own}") + fig("<caption><p>y</p></caption>"),
        meta=f'<permissions><license xlink:href="{CC}/4.0/"/></permissions>',
    )
    theirs, ours = article.figures
    assert (theirs.rights.statement, theirs.rights.licence) == ("© Other Press", "publisher")
    assert ours.rights.statement == ""
    assert article.licence == "CC-BY-4.0"


@pytest.mark.parametrize(
    ("more", "is_retracted"),
    [
        ({"title": "RETRACTED ARTICLE: Wonders of silver"}, True),
        ({"title": "[Retracted] Wonders of silver"}, True),
        ({"title": "Retracted: Wonders of silver"}, True),
        ({"title": "Retracted publications in chemistry"}, False),
        ({"meta": '<related-article related-article-type="retraction-forward" xlink:href="10.5555/x"/>'}, True),
        ({"meta": '<related-article related-article-type="retracted-article" xlink:href="10.5555/x"/>',
          "attributes": 'article-type="retraction"'}, False),
    ],
)  # fmt: skip
def test_retracted_articles_are_known(more: dict[str, str], is_retracted: bool) -> None:
    assert made(**more).is_retracted is is_retracted


def test_dates_and_authors() -> None:
    meta = """<contrib-group>
    <contrib contrib-type="author"><name><surname>Curie</surname><given-names>Marie</given-names>
    </name></contrib><contrib contrib-type="author"><collab>The Silver Group<contrib-group><contrib><name>
    <surname>Member</surname></name></contrib></contrib-group></collab></contrib>
    <contrib contrib-type="editor"><name><surname>Editor</surname></name></contrib></contrib-group>
    <pub-date pub-type="collection"><year>2021</year></pub-date>
    <pub-date pub-type="ppub"><day>3</day><month>2</month><year>2020</year></pub-date>
    <pub-date date-type="pub" publication-format="electronic"><day>31</day><month>12</month><year>2019</year>
    </pub-date>"""
    article = made(meta=meta)
    assert article.published == (dt.date(2019, 12, 31), "day")
    assert article.authors == ("Marie Curie", "The Silver Group", "Member")
    month = made(meta="<pub-date><month>2</month><year>2020</year></pub-date>")
    assert month.published == (dt.date(2020, 2, 1), "month")


@pytest.mark.parametrize("kind", ["author", "collab", "Collaboration", "group", "on-behalf-of"])
def test_a_collaboration_is_an_author_with_its_members_behind_it(kind: str) -> None:
    members = "<contrib-group><contrib><name><surname>Curie</surname><given-names>Marie</given-names></name></contrib>"
    collaboration = f"<collab>The Silver Group {members}</contrib-group></collab>"
    meta = f'<contrib-group><contrib contrib-type="{kind}">{collaboration}</contrib></contrib-group>'
    assert made(meta=meta).authors == ("The Silver Group", "Marie Curie")


UNTITLED = b"<article><front><article-meta>%s</article-meta></front><body>%s</body></article>"
FIGURE = b"<fig><label>Figure 1</label><caption><p>Rods.</p></caption></fig>"


@pytest.mark.parametrize(
    ("meta", "title"),
    [
        (b"", ""),
        (b"<title-group><article-title/><alt-title>Of rods</alt-title></title-group>", "Of rods"),
        (b"<title-group><trans-title-group><trans-title>Rods</trans-title></trans-title-group></title-group>", "Rods"),
        (b"<product><source>A book of rods</source></product>", "A book of rods"),
    ],
)
def test_an_article_without_a_title_keeps_its_figures(meta: bytes, title: str) -> None:
    article = read_jats(UNTITLED % (meta, FIGURE), "made.xml")
    assert (article.title, [figure.caption for figure in article.figures]) == (title, ["Rods."])


def test_articles_wrapped_in_an_answer_are_all_read() -> None:
    both = b"<response><records>" + document() + document(title="Second") + b"</records></response>"
    assert [article.title for article in read_articles(both, "answer")] == ["Made here", "Second"]


def test_characters_named_by_their_dtd_are_read_without_it() -> None:
    article = made(
        head='<!DOCTYPE article SYSTEM "https://example.org/JATS.dtd">', title="&alpha;-Al<sub>2</sub>O&nbsp;x"
    )
    assert article.title == "α-Al₂O x"


@pytest.mark.parametrize(
    ("reference", "read"),
    [("&alpha;", "α"), ("&rgr;", "ρ"), ("&sfgr;", "ς"), ("&THgr;", "Θ"), ("&OHgr;", "Ω"), ("&fdg;", "\ufffd")],
)
def test_names_of_characters_that_publishers_declare_elsewhere_cost_no_article(reference: str, read: str) -> None:
    """A publisher's DTD is not read: what it alone knows is an unknown character."""
    head = '<!DOCTYPE article PUBLIC "-//NLM//DTD Journal Publishing DTD v3.0//EN" "journalpublishing3.dtd">'
    assert (
        read_jats(document(head=head, title=f"Density {reference} of silver"), "x").title == f"Density {read} of silver"
    )


BOMB = '<!ENTITY l0 "lol">' + "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))


@pytest.mark.parametrize(
    ("content", "cause"),
    [
        (b"", "not well-formed"),
        (b"not xml", "not well-formed"),
        (b"<article>", "not well-formed"),
        (b"<html><body/></html>", "no JATS article, but <html>"),
        (b"<article><art-front/><art-body/></article>", "another publisher's own <article>: it has no <front>"),
        (b"<article><front/></article>", "without a title"),
        (document()[:400], "not well-formed"),
        (b"<article>" + b"<p>" * 5000, "Excessive depth"),
        (document(head=f"<!DOCTYPE article [{BOMB}]>", title="&l11;"), "amplification"),
        (document(head=f"<!DOCTYPE article [{BOMB}]>", attributes='id="&l11;"'), "amplification"),
        (document(head='<!DOCTYPE article [<!ENTITY a "aaa">]>', title="&a;"), "entity &a;"),
        (document(head='<!DOCTYPE article [<!ENTITY x SYSTEM "file:///etc/hostname">]>', title="&x;"), "entity &x;"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_an_error_that_names_the_document(content: bytes, cause: str) -> None:
    with pytest.raises(PageFormatError, match=rf"^made\.xml: .*{re.escape(cause)}"):
        read_jats(content, "made.xml")


def test_a_document_may_be_too_large() -> None:
    with pytest.raises(PageFormatError, match=r"made\.xml: 64 MB of XML, more than 64 are not read"):
        read_jats(b" " * 64_000_001, "made.xml")


def test_a_hostile_dtd_is_not_fetched() -> None:
    """The guard of all tests would fail the connection; the parser does not even try."""
    head = '<!DOCTYPE article [<!ENTITY % far SYSTEM "http://198.51.100.1/x.dtd"> %far;]>'
    assert made(head=head).title == "Made here"
