"""Figures that stand in a JATS document twice: in its text, and among the floats behind it."""

import pytest

from tests.exsclaim.sources.jats.test_jats_variants import fig, made


@pytest.mark.parametrize(
    ("first", "again"),
    [
        (fig("Figure 1", "SEM image.", "g.tif", id="f1"), fig("Figure 1", "SEM image.", "g.tif", id="f1")),
        (fig("Figure 1", "SEM image.", id="f1"), fig("Figure 1", "", "g.tif", id="f1")),
        (fig("Figure 1", "", "g.tif", id="f1"), fig("Figure 1", "SEM image.", id="f1")),
        (fig("Figure 1", "SEM image.", id="f1"), fig("Figure 1", "SEM image.", "g.tif", id="f1")),
    ],
)
def test_a_figure_in_the_text_and_among_the_floats_is_one(first: str, again: str) -> None:
    floats = f"<floats-group>{again}{fig('Figure 2', 'TEM image.', 'h.tif', id='f2')}</floats-group>"
    article = made(f'<p>See <xref ref-type="fig" rid="f1">Fig. 1</xref>.</p>{first}', back=floats)
    assert [(each.number, each.label, each.caption, each.graphics[0].hrefs) for each in article.figures] == [
        (1, "Figure 1", "SEM image.", ("g.tif",)), (2, "Figure 2", "TEM image.", ("h.tif",)),
    ]  # fmt: skip


@pytest.mark.parametrize("again", ["f1-b", ""])
def test_a_figure_that_is_repeated_with_another_id_is_one(again: str) -> None:
    first, second = (fig("Figure 1", "SEM image.", "g.tif", id=id) for id in ("f1", again))
    named = f'<p>See <xref ref-type="fig" rid="{again or "f1"}">Fig. 1</xref>.</p>'
    article = made(first + fig("Figure 2", "TEM.", "h.tif") + named, back=f"<floats-group>{second}</floats-group>")
    assert [each.label for each in article.figures] == ["Figure 1", "Figure 2"]


@pytest.mark.parametrize(
    "other", [fig("Figure 1", "TEM.", "g.tif"), fig("Figure 1", "SEM.", "h.tif"), fig("", "SEM.", "g.tif")]
)
def test_what_differs_in_anything_is_another_figure(other: str) -> None:
    assert len(made(fig("Figure 1", "SEM.", "g.tif") + other).figures) == 2


@pytest.mark.parametrize("label", ["Table 1", "Tabla II", "Tabela 3.", "Tableau S1"])
def test_a_table_that_is_a_picture_is_no_figure(label: str) -> None:
    figures = made(fig(label, "Sizes.", "t.tif") + fig("Tabular view 1", "SEM.", "g.tif")).figures
    assert [figure.caption for figure in figures] == ["SEM."]


def test_a_table_in_a_figures_place_is_no_figure_but_an_image_of_one_may_be() -> None:
    table, image = fig("", "Table 2: Sizes."), fig("", "Table 2 is drawn on the rod in the SEM image.", "g.tif")
    assert [figure.caption for figure in made(table + image).figures] == [
        "Table 2 is drawn on the rod in the SEM image."
    ]


@pytest.mark.parametrize("caption", ["Table 2: Sizes.", "Table S2. Sizes.", "Table IV | Sizes."])
def test_the_picture_of_a_table_that_only_its_caption_names_is_no_figure(caption: str) -> None:
    assert made(fig("", caption, "t.png")).figures == ()


@pytest.mark.parametrize("caption", ["Table salt, crystallized.", "Tables of the furnace: SEM.", "Table mica."])
def test_what_lies_on_a_table_is_a_figure(caption: str) -> None:
    assert [figure.caption for figure in made(fig("", caption, "g.tif") + fig("", caption)).figures] == [caption] * 2


def test_two_figures_to_which_a_publisher_gave_one_id_are_two() -> None:
    two = made(fig("Figure 1", "SEM.", "g.tif", id="f1") + fig("Figure 1", "TEM.", "h.tif", id="f1")).figures
    assert [figure.caption for figure in two] == ["SEM.", "TEM."]


def test_ids_that_many_figures_share_are_no_fault() -> None:
    """Lettered parts without a caption are taken into the figure behind them, and their ids with them."""
    part, whole = fig("(a)", "", "a.tif", id="x"), fig("Figure {}", "Rods.", "g.tif", id="x")
    figures = made("".join(part + whole.format(number) for number in (1, 2, 3))).figures
    assert [figure.label for figure in figures] == ["Figure 1", "Figure 2", "Figure 3"]
