"""Variants of JATS in journals: figures in two languages, old licences, dates by halves, unnumbered figures, texts."""

import datetime as dt

import pytest

from exsclaim.errors import PageFormatError
from exsclaim.records import FigureRef
from exsclaim.sources.jats import JatsArticle, read_jats
from exsclaim.sources.jats.jats_article import with_context

GRAPHIC = '<graphic xlink:href="{}"/>'


def made(body: str = "", meta: str = "", attributes: str = "", back: str = "") -> JatsArticle:
    return read_jats(
        f"""<article xmlns:xlink="http://www.w3.org/1999/xlink" {attributes}><front><journal-meta><journal-title>J
        </journal-title></journal-meta><article-meta><title-group><article-title>T</article-title></title-group>{meta}
        </article-meta></front><body>{body}</body>{back}</article>""".encode(), "made",
    )  # fmt: skip


def fig(label: str = "", caption: str = "", image: str = "", language: str = "", id: str = "") -> str:
    names = (f' xml:lang="{language}"' if language else "") + (f' id="{id}"' if id else "")
    return (
        f"<fig{names}>" + (f"<label>{label}</label>" if label else "")
        + (f"<caption><p>{caption}</p></caption>" if caption else "")
        + (GRAPHIC.format(image) if image else "") + "</fig>"
    )  # fmt: skip


PT, EN = fig("Figura 1:", "Imagem.", language="pt"), fig("Figure 1:", "SEM image.", language="en")
ALTERNATIVES = f"<alternatives>{GRAPHIC.format('g.tif')}{GRAPHIC.format('g.png')}</alternatives>"


@pytest.mark.parametrize(
    "body",
    [
        f"<fig-group>{PT}{EN}{ALTERNATIVES}</fig-group>",
        f"<fig-group>{ALTERNATIVES}{EN}{PT}</fig-group>",
        f"<fig-group>{PT}{EN}{GRAPHIC.format('g.tif')}</fig-group>",
        f"<fig-group>{fig('Figura 1', 'Imagem.', 'g.tif', 'pt')}{fig('Figure 1', 'SEM image.', '', 'en')}</fig-group>",
        f"<fig-group>{fig('Figura 1', 'Imagem.', 'pt.tif', 'pt')}{fig('Figure 1', 'SEM image.', 'g.tif', 'en')}"
        "</fig-group>",
        f"{fig('Figura 1', 'Imagem.', 'g.tif', 'pt')}{fig('Figure 1', 'SEM image.', '', 'en')}",
        f"{fig('Figura 1.', 'Imagem.', '', 'es')}{fig('Figure 1.', 'SEM image.', 'g.tif', 'en')}",
        f"<fig-group>{fig('Figure 1', 'SEM image.')}{GRAPHIC.format('g.tif')}</fig-group>",
        "<fig><label>Figure 1</label><caption xml:lang='pt'><p>Imagem.</p></caption><caption xml:lang='en'>"
        f"<p>SEM image.</p></caption>{GRAPHIC.format('g.tif')}</fig>",
        f"<p>Text <fig-group>{EN}{PT}{ALTERNATIVES}</fig-group></p>",
    ],
)  # fmt: skip
def test_a_figure_in_two_languages_is_one_with_its_image(body: str) -> None:
    (figure,) = made(body, attributes='xml:lang="pt"').figures
    assert (figure.label, figure.caption) == ("Figure 1", "SEM image.")
    assert figure.graphics[0].hrefs[0] == "g.tif"
    assert len(figure.graphics) == 1


def test_without_english_the_articles_language_counts() -> None:
    body = f"<fig-group>{fig('Abbildung 1', 'Bild.', language='de')}{PT}{GRAPHIC.format('g.tif')}</fig-group>"
    assert [figure.label for figure in made(body, attributes='xml:lang="pt"').figures] == ["Figura 1"]


def test_figures_of_a_bracket_stand_for_themselves() -> None:
    body = f"<fig-group>{fig('Figure 1', 'A.', 'a.tif')}{fig('Figure 2', 'B.', 'b.tif')}</fig-group>"
    assert [(f.label, f.graphics[0].hrefs) for f in made(body).figures] == [
        ("Figure 1", ("a.tif",)), ("Figure 2", ("b.tif",)),
    ]  # fmt: skip


def test_an_unnumbered_figure_gets_no_number() -> None:
    figures = made(fig("", "Overview", "toc.jpg") + fig("Figure 1", "A", "a.jpg")).figures
    assert [(figure.number, figure.label) for figure in figures] == [(1, ""), (2, "Figure 1")]


@pytest.mark.parametrize(
    ("meta", "licence"),
    [
        ("<copyright-statement>This is an open-access article under the Creative Commons Attribution License."
         "</copyright-statement>", "CC-BY"),
        ('<license xlink:href="http://creativecommons.org/licenses/by-nc/3.0/"><p>Open.</p></license>', "CC-BY-NC-3.0"),
        ("<copyright-holder>Elsevier</copyright-holder><copyright-statement>© 2007 Elsevier</copyright-statement>",
         "publisher"),
        ("<permissions><license><license-p>This is a U.S. Government work and is in the public domain.</license-p>"
         "</license></permissions>", "public-domain"),
        ("<permissions><copyright-statement>This work is in the public domain.</copyright-statement></permissions>",
         "public-domain"),
        ("<permissions><copyright-statement>© AAAS, no claim to original U.S. Government Works</copyright-statement>"
         "</permissions>", "publisher"),
        ("", "unknown"),
    ],
)  # fmt: skip
def test_licences_wherever_they_stand(meta: str, licence: str) -> None:
    assert made(meta=meta).licence == licence


@pytest.mark.parametrize(
    ("dates", "day", "precision"),
    [
        ('<pub-date pub-type="ppub"><month>6</month><year>2021</year></pub-date>', dt.date(2021, 6, 1), "month"),
        ('<pub-date pub-type="collection"><year>2021</year></pub-date>', dt.date(2021, 1, 1), "year"),
        ("<pub-date pub-type='epub'><year>2020</year></pub-date><pub-date pub-type='ppub'><day>3</day><month>2</month>"
         "<year>2021</year></pub-date>", dt.date(2021, 2, 3), "day"),
        ("<pub-date><month>June</month><year>2021</year></pub-date>", dt.date(2021, 6, 1), "month"),
        ('<pub-date iso-8601-date="2021-06-05"/>', dt.date(2021, 6, 5), "day"),
        ("<pub-date><season>Spring</season><year>2021</year></pub-date>", dt.date(2021, 1, 1), "year"),
        ("<pub-date><string-date>5 June 2021</string-date></pub-date>", dt.date(2021, 6, 5), "day"),
    ],
)  # fmt: skip
def test_dates_with_their_precision(dates: str, day: dt.date, precision: str) -> None:
    assert made(meta=dates).published == (day, precision)


def test_abstract_and_keywords() -> None:
    article = made(
        meta="""<abstract abstract-type="graphical"><p>Pictures.</p></abstract><abstract>
    <title>Abstract</title>
    <sec><title>Aim.</title><p>Rods.</p></sec><sec><title>Result</title><p>Wires.</p></sec></abstract>
    <kwd-group kwd-group-type="abbreviations"><kwd>TEM</kwd></kwd-group><kwd-group xml:lang="pt"><kwd>prata</kwd>
    </kwd-group><kwd-group xml:lang="en"><kwd>silver</kwd><kwd>rods</kwd></kwd-group>"""
    )
    assert article.abstract == "Aim: Rods. Result: Wires."
    assert article.keywords == ("silver", "rods")


def test_mentions_by_links_and_words_with_their_sections() -> None:
    body = f"""<sec><title>Growth</title><p>Rods grow (<xref ref-type="fig" rid="f1">Fig. 1a</xref>,
    <xref ref-type="fig" rid="f1">b</xref>). See <xref ref-type="fig" rid="f2">below</xref> for wires.</p>
    {fig("Figure 1", "Rods, see Fig. 2.", "a.tif", id="f1")}</sec>{fig("Figure 2", "Wires.", "b.tif", id="f2")}
    <sec><title>End</title><p>As Fig. 2c shows, all is well<xref ref-type="bibr" rid="r1">1</xref>.</p></sec>"""
    jats = made(body, back="<back><ref-list><ref><p>See Fig. 1 there.</p></ref></ref-list></back>")
    article = jats.record(source="s", name="n", url="u", retrieved_at=dt.date(2026, 1, 1))
    refs = [
        FigureRef(id=f"s/n/fig{f.number}", article_id="s/n", number=f.number, label=f.label, title=f.title,
                  caption=f.caption, image_urls=("u",))
        for f in jats.figures
    ]  # fmt: skip
    one, two = with_context(refs, jats, article)
    assert [(m.sentence, m.section, m.panels) for m in one.mentions] == [
        ("Rods grow (Fig. 1a, b).", "Growth", ("a", "b"))
    ]
    assert [(m.sentence, m.section, m.panels) for m in two.mentions] == [
        ("See below for wires.", "Growth", ()), ("As Fig. 2c shows, all is well.", "End", ("c",)),
    ]  # fmt: skip


def test_figures_that_are_numbered_by_their_ids_alone_are_named_so() -> None:
    first, second = fig(caption="Rods.", image="a", id="Ch1.F1"), fig(caption="Wires.", image="b", id="Ch1.F2")
    jats = made(f"<p>Rods (Fig. 1) and wires (Fig. 2a).</p>{first}{second}")
    assert [figure.label for figure in jats.figures] == ["Figure 1", "Figure 2"]
    # where one is labelled, or the ids do not count, an invented number might be another figure's
    labelled = fig("Figure 2", "Wires.", "b", id="Ch1.F2")
    assert [figure.label for figure in made(first + labelled).figures] == ["", "Figure 2"]
    assert [figure.label for figure in made(second + first).figures] == ["", ""]
    assert [figure.label for figure in made(fig(caption="Rods.", image="a", id="g7")).figures] == [""]


def xref(id: str, text: str) -> str:
    return f'<xref ref-type="fig" rid="{id}">{text}</xref>'


LETTERED = (
    "<fig-group id='g'><caption><p>Rods.</p></caption>" + fig("(a)", "", "a") + fig("(b)", "", "b") + "</fig-group>"
)


@pytest.mark.parametrize(
    ("text", "label"),
    [
        (f"Figure {xref('g', '1')} shows rods.", "Figure 1"),
        (f"{xref('g', 'Figure 1')} and {xref('g', 'Fig. 1(a)')} show rods.", "Figure 1"),
        (f"{xref('g', 'Figures 1a')} shows rods.", "Figure 1"),
        (f"{xref('g', 'Figure 1')}, or {xref('g', 'Figure 2')}?", ""),
        (f"{xref('g', 'Figure 2')} has the number of another.", ""),
        ("Nothing names it.", ""),
        (f"{xref('g', 'the rods')} are shown.", ""),
    ],
)
def test_a_figure_without_a_label_has_the_number_by_which_the_text_names_it(text: str, label: str) -> None:
    first, second = made(f"{LETTERED}<p>{text}</p>{fig('Figure 2', 'Other.', 'c')}").figures
    assert (first.label, second.label) == (label, "Figure 2")


def test_lettered_figures_before_one_with_a_caption_are_its_parts() -> None:
    body = (
        fig("Figure 1", "SEM.", "x")
        + fig("(a)", "", "a", id="a")
        + fig("(b)", "", "b")
        + fig("Figure 2", "Rods.", "c", id="c")
    )
    article = made(f"<p>{xref('a', 'Figure 2a')} shows one, {xref('c', 'Figure 2')} all.</p>" + body)
    assert [(figure.number, figure.label) for figure in article.figures] == [(1, "Figure 1"), (2, "Figure 2")]
    assert [(each.label, each.hrefs[0]) for each in article.figures[1].graphics] == [("a", "a"), ("b", "b"), ("c", "c")]


@pytest.mark.parametrize(
    "before", [fig("(b)", "", "b"), fig("(a)", "A rod.", "a"), fig("A", "", "a"), fig("", "", "a")]
)
def test_other_figures_before_one_with_a_caption_stand_for_themselves(before: str) -> None:
    assert [figure.label for figure in made(before + fig("Figure 2", "Rods.", "c")).figures][-1] == "Figure 2"
    assert len(made(before + fig("Figure 2", "Rods.", "c")).figures) == 2


def test_an_apis_wrapper_called_response_is_no_answer_to_the_article() -> None:
    article = (
        "<article><front><article-meta><title-group><article-title>T</article-title></title-group></article-meta>"
        '</front><body><p>Rods grow (<xref ref-type="fig" rid="F1">Fig. 1</xref>).</p>'
        '<fig id="F1"><label>Fig. 1</label><caption><p>Rods.</p></caption></fig></body>'
        "<response><body><p>A reviewer's words.</p></body></response></article>"
    )
    jats = read_jats(f"<response><records>{article}</records></response>".encode(), "made")
    assert [text.text[:9] for text in jats.paragraphs] == ["Rods grow"]


RENDITIONS = (
    '<graphic xlink:href="f{n}.eps" content-type="print"/><graphic xlink:href="f{n}_lr.jpg" content-type="{web}"/>'
    '<graphic xlink:href="f{n}_hr.jpg" content-type="high"/>'
)


@pytest.mark.parametrize(
    ("graphics", "hrefs"),
    [
        (RENDITIONS.format(n=1, web="low"), [("f1_hr.jpg", "f1_lr.jpg", "f1.eps")]),
        (RENDITIONS.format(n=1, web="online"), [("f1_hr.jpg", "f1_lr.jpg", "f1.eps")]),
        (RENDITIONS.format(n="1a", web="low") + RENDITIONS.format(n="1b", web="low"),
         [("f1a_hr.jpg", "f1a_lr.jpg", "f1a.eps"), ("f1b_hr.jpg", "f1b_lr.jpg", "f1b.eps")]),
        ('<graphic xlink:href="P-10.eps" content-type="print"/><graphic xlink:href="j_f10.jpg" content-type="online"/>',
         [("j_f10.jpg", "P-10.eps")]),
        ('<graphic xlink:href="P1.eps" content-type="print"/><graphic xlink:href="P2.eps" content-type="print"/>'
         '<graphic xlink:href="j1.jpg" content-type="online"/><graphic xlink:href="j2.jpg" content-type="online"/>',
         [("j1.jpg", "P1.eps"), ("j2.jpg", "P2.eps")]),
        ('<graphic xlink:href="P1.eps" content-type="print"/><graphic xlink:href="P2.eps" content-type="print"/>'
         '<graphic xlink:href="j1.jpg" content-type="online"/>', [("P1.eps",), ("P2.eps",), ("j1.jpg",)]),
        (GRAPHIC.format("g1-small.png") + GRAPHIC.format("g1-large.png"), [("g1-large.png", "g1-small.png")]),
        (GRAPHIC.format("g1.tif") + GRAPHIC.format("g1.jpg"), [("g1.tif", "g1.jpg")]),
        (GRAPHIC.format("Fig1a_HTML") + GRAPHIC.format("Fig1b_HTML"), [("Fig1a_HTML",), ("Fig1b_HTML",)]),
        (GRAPHIC.format("g001") + GRAPHIC.format("g002"), [("g001",), ("g002",)]),
        (ALTERNATIVES, [("g.tif", "g.png")]),
        (GRAPHIC.format("a_hi.jpg") + GRAPHIC.format("b_hi.jpg"), [("a_hi.jpg",), ("b_hi.jpg",)]),
    ],
)  # fmt: skip
def test_renditions_side_by_side_are_one_image(graphics: str, hrefs: list[tuple[str, ...]]) -> None:
    (figure,) = made(f"<fig><label>Figure 1</label><caption><p>A.</p></caption>{graphics}</fig>").figures
    assert [graphic.hrefs for graphic in figure.graphics] == hrefs


def test_formulas_in_instructions_are_read_as_text() -> None:
    formula = "<inline-formula><tex-math><?CDATA $m_{\\rm{D}} < 4$?></tex-math></inline-formula>"
    (figure,) = made(f"<fig><label>Fig. 1</label><caption><p>With {formula} PeV.</p></caption></fig>").figures
    assert figure.caption == "With mD < 4 PeV."


def test_namespaces_that_are_none_or_not_declared_are_let_pass() -> None:
    document = b"""<article xmlns:xsi="http://www.w3.org/2001/XML
    Schema-instance"><front><article-meta><title-group><article-title>T</article-title></title-group></article-meta>
    </front><body><fig><label>Fig. 1</label><caption><p>A.</p></caption><graphic xlink:href="g1"/></fig></body>
    </article>"""
    (figure,) = read_jats(document, "made").figures
    assert figure.graphics[0].hrefs == ("g1",)
    with pytest.raises(PageFormatError, match="not well-formed"):
        read_jats(document.replace(b"</body>", b""), "made")


@pytest.mark.parametrize(
    ("abstract", "text"),
    [
        ("<sec><title>Results</title><p>Rods grow.</p></sec><sec><title>Electronic supplementary material</title>"
         "<p>The online version of this article contains supplementary material.</p></sec>", "Results: Rods grow."),
        ("<p>Rods grow.</p><sec><title>Video Abstract</title><fig/></sec>", "Rods grow."),
        ("<sec><title>Supplementary Information:</title><p>Online.</p></sec>", ""),
        ("<sec><title>Methods</title><sec><title>Design</title><p>Trial.</p></sec></sec>", "Methods: Design: Trial."),
    ],
)  # fmt: skip
def test_an_abstract_ends_with_its_text(abstract: str, text: str) -> None:
    assert made(meta=f"<abstract>{abstract}</abstract>").abstract == text


@pytest.mark.parametrize(
    ("caption", "text"),
    [
        ("—Growth of rods", "Growth of rods"),
        ("<title>—Growth</title><p>Of rods.</p>", "Of rods."),
        ("-80 °C", "-80 °C"),
        ("PM\n\t<sub>10</sub>\n\tin air", "PM₁₀ in air"),
        ("10\n\t<sup>3</sup>\n\tcells of\n\t<sup>13</sup>C", "10³ cells of ¹³C"),
        ("<italic>x</italic>\n\t<sup>2</sup>", "x²"),
        ("Yields.\n\t<sup>2</sup>Of rods", "Yields. ²Of rods"),
        ("Yields are shown.\n\t<sup>b</sup> Of rods", "Yields are shown. b Of rods"),
    ],
)
def test_dashes_and_line_breaks_of_typesetting_are_no_text(caption: str, text: str) -> None:
    inner = caption if caption.startswith("<title>") else f"<p>{caption}</p>"
    (figure,) = made(f"<fig><label>Fig. 1</label><caption>{inner}</caption></fig>").figures
    assert (figure.caption, figure.title) == (text, "Growth" if "<title>" in caption else "")


def test_a_holder_of_the_copyright_reserves_rights_without_a_statement() -> None:
    holder = "<copyright-year>2022</copyright-year><copyright-holder>Authors</copyright-holder>"
    assert made(meta=f"<permissions>{holder}</permissions>").licence == "publisher"
    free = f'{holder}<license xlink:href="https://creativecommons.org/licenses/by/4.0/"/>'
    assert made(meta=f"<permissions>{free}</permissions>").licence == "CC-BY-4.0"


@pytest.mark.parametrize(
    ("inside", "hrefs"),
    [
        ('<graphic xlink:href="f1.pdf"/>', [("f1.pdf",)]),
        ('<graphic xlink:href="f1.pdf" mimetype="application" mime-subtype="pdf"/>', [("f1.pdf",)]),
        ('<graphic xlink:href="f1-v2" mimetype="application" mime-subtype="postscript"/>', [("f1-v2",)]),
        ('<graphic xlink:href="f1.pdf"/><graphic xlink:href="f1.jpg"/>', [("f1.jpg", "f1.pdf")]),
        ('<graphic xlink:href="f1.eps"/><graphic xlink:href="f1.pdf"/>', [("f1.pdf", "f1.eps")]),
        ('<graphic xlink:href="f1.tif"/><media xlink:href="f1-data.pdf"/>', [("f1.tif",)]),
    ],
)
def test_a_graphic_that_is_a_pdf_is_an_image_after_those_of_pixels(inside: str, hrefs: list[tuple[str, ...]]) -> None:
    body = f'<fig id="f1"><label>Fig. 1</label><caption><p>Rods.</p></caption>{inside}</fig>'
    (figure,) = made(body).figures
    assert [graphic.hrefs for graphic in figure.graphics] == hrefs


@pytest.mark.parametrize(
    "name",
    [
        "<name>Marie Curie</name>",
        "<name><surname>Curie</surname><given-names>Marie</given-names></name>",
        "<string-name>Marie Curie</string-name>",
        "<name-alternatives><name><surname>Curie</surname><given-names>Marie</given-names></name></name-alternatives>",
    ],
)
def test_a_name_may_be_written_without_its_parts(name: str) -> None:
    empty = '<contrib contrib-type="author"><name/></contrib>'
    contributors = f'<contrib-group><contrib contrib-type="author">{name}</contrib>{empty}</contrib-group>'
    assert made(meta=contributors).authors == ("Marie Curie",)
