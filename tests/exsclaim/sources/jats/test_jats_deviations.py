"""JATS that deviates: labels at the head of captions, credits under images, images where none is expected."""

import pytest

from tests.exsclaim.sources.jats.test_jats_article import made

IMAGE = '<graphic xlink:href="a.jpg"/>'


def figure(inner: str) -> str:
    return f'<fig id="f1">{inner}</fig>'


def headed(caption: str, place: str = "p") -> tuple[str, str]:
    body = figure(f"<caption><{place}>{caption}</{place}></caption>{IMAGE}")
    read = made(body).figures[0]
    return read.label, read.title or read.caption


@pytest.mark.parametrize("place", ["p", "title"])
@pytest.mark.parametrize(
    ("caption", "label", "rest"),
    [
        ("Gráfico 1. Barras.", "Gráfico 1", "Barras."),
        ("Ilustración 3. Barras.", "Ilustración 3", "Barras."),
        ("Рис. 2. Стержни.", "Рис. 2", "Стержни."),
        ("Abbildung 2: Stäbe.", "Abbildung 2", "Stäbe."),
        ("Şekil 4. Çubuklar.", "Şekil 4", "Çubuklar."),
        ("图 3 银棒", "图 3", "银棒"),
        ("Extended Data Fig. 3 | Rods.", "Extended Data Fig. 3", "Rods."),
        ("Supplementary Figure 2. Rods.", "Supplementary Figure 2", "Rods."),
        ("FIGURE 5 Rods.", "FIGURE 5", "Rods."),
        ("Image 2. Rods.", "Image 2", "Rods."),
    ],
)
def test_a_label_at_the_head_of_a_caption_is_the_figures(caption: str, label: str, rest: str, place: str) -> None:
    assert headed(caption, place) == (label, rest)


@pytest.mark.parametrize("caption", ["Figure 2 shows rods.", "Image 5 nm in size.", "Maps of 3 rods.", "Rods of 3 nm."])
def test_a_sentence_that_names_a_figure_is_no_label(caption: str) -> None:
    assert headed(caption) == ("Figure 1", caption)


def test_a_number_by_place_is_not_given_where_the_caption_says_another() -> None:
    assert headed("Vaizdas 3. Strypai.") == ("", "Vaizdas 3. Strypai.")
    assert headed("Vaizdas 1. Strypai.") == ("Figure 1", "Vaizdas 1. Strypai.")


@pytest.mark.parametrize(
    "inner",
    [
        f"<label>Figure 1</label><caption><p>Rods.</p></caption>{IMAGE}<attrib>Source: Smith (2010).</attrib>",
        '<label>Figure 1</label><caption><p>Rods.</p></caption><graphic xlink:href="a.jpg">'
        "<attrib>Source: Smith (2010).</attrib></graphic>",
        f"<label>Figure 1</label><caption><p>Rods.</p></caption>{IMAGE}<p>Source: Smith (2010).</p>",
        f"<label>Figure 1</label><caption><title>Rods.</title></caption>{IMAGE}<attrib>Source: Smith (2010).</attrib>",
    ],
)
def test_what_is_said_under_an_image_is_in_the_caption(inner: str) -> None:
    read = made(figure(inner)).figures[0]
    assert (read.title, read.caption) == ("", "Rods. Source: Smith (2010).")


@pytest.mark.parametrize(
    ("label", "caption", "under", "text"),
    [
        ("Figura 1.", "Barras.", "Figure 1. Rods.", "Rods."),
        ("Figura 1.", "Barras.", '<xref ref-type="fig" rid="f1">Figure 1</xref>. Rods.', "Rods."),
        ("Figure 1.", "Rods.", "Figura 1. Barras.", "Rods."),
        ("Figure 1.", "Rods.", "Figure 2 has more of them.", "Rods. Figure 2 has more of them."),
    ],
)
def test_a_caption_under_the_image_that_repeats_the_label_is_a_translation(
    label: str, caption: str, under: str, text: str
) -> None:
    inner = f"<label>{label}</label><caption><title>{caption}</title></caption>{IMAGE}<attrib>{under}</attrib>"
    read = made(figure(inner)).figures[0]
    assert (read.caption or read.title) == text


def test_supplements_of_a_figure_are_not_in_its_caption() -> None:
    supplement = "<p><supplementary-material><label>Source code 1</label><p>Code.</p></supplementary-material></p>"
    read = made(figure(f"<label>Figure 1</label><caption><p>Rods.</p></caption>{IMAGE}{supplement}")).figures[0]
    assert read.caption == "Rods."


@pytest.mark.parametrize(
    "inner",
    [
        f"<caption><p>Rods.</p></caption><disp-formula>{IMAGE}</disp-formula>",
        '<caption><p>Rods.</p></caption><p><inline-graphic xlink:href="a.jpg"/></p>',
        f"<caption><p>Rods. {IMAGE}</p></caption>",
    ],
)
def test_an_image_in_an_unusual_place_is_the_figures_where_it_has_no_other(inner: str) -> None:
    read = made(figure(f"<label>Figure 1</label>{inner}")).figures[0]
    assert (read.caption, [graphic.hrefs for graphic in read.graphics]) == ("Rods.", [("a.jpg",)])


@pytest.mark.parametrize(
    "caption",
    ['Rods (<inline-graphic xlink:href="sign.gif"/>).',
     'Rods (<inline-formula><graphic xlink:href="sign.gif"/></inline-formula>).'],
)  # fmt: skip
def test_a_sign_in_a_caption_is_never_the_image(caption: str) -> None:
    read = made(figure(f"<label>Figure 1</label><caption><p>{caption}</p></caption>")).figures[0]
    assert read.graphics == ()
    with_own = made(figure(f"<label>Figure 1</label><caption><p>{caption}</p></caption>{IMAGE}")).figures[0]
    assert [graphic.hrefs for graphic in with_own.graphics] == [("a.jpg",)]


def test_an_image_with_a_caption_of_its_own_is_a_figure() -> None:
    alone = '<p>x</p><graphic xlink:href="a.jpg"><label>Figure 1</label><caption><p>Rods.</p></caption></graphic>'
    in_table = f"<table-wrap>{alone}</table-wrap>"
    (read,) = made(alone + in_table).figures
    assert (read.label, read.caption, read.graphics[0].hrefs) == ("Figure 1", "Rods.", ("a.jpg",))
