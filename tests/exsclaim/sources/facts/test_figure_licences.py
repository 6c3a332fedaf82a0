"""Owners of figures: words of credit in captions and permissions, and what only looks like them."""

import pytest

from exsclaim.records import FigureRef
from exsclaim.sources.facts.figure_licences import credit_words, with_own_licence


def figure(caption: str) -> FigureRef:
    return FigureRef(id="a/fig1", article_id="a", number=1, label="Fig. 1", title="", caption=caption, image_urls=())


CREDITS = [
    "Reproduced with permission from ref. 12. Copyright 2014, Elsevier.",
    "Adapted from [24].",
    "Reprinted with permission [12].",
    "Reproduced from Ref. 45 with permission from the Royal Society of Chemistry.",
    "Adapted from Smith et al. (2014).",
    "Redrawn after Smith and Jones, 2012.",
    "© 2017 American Chemical Society",
    "Copyright (2015) Wiley-VCH.",
    "Image courtesy of NASA.",
    "Used with permission of the AAAS.",
    "Figure modified from reference 7.",
    "Reprinted (adapted) with permission from Lee, J. ACS Nano 2015, 9, 1.",
]


@pytest.mark.parametrize("credit", CREDITS)
def test_a_credit_makes_a_figure_a_third_partys_and_its_words_are_kept(credit: str) -> None:
    ours = with_own_licence(figure(f"(a) SEM image of rods. (b) TEM image. {credit}"), "CC-BY-4.0")
    assert ours.licence == "third-party"
    assert ours.licence_words == credit.removesuffix(" Copyright 2014, Elsevier.") + (
        " Copyright 2014, Elsevier." if "Elsevier" in credit else ""
    )


@pytest.mark.parametrize(
    "caption",
    [
        "Mice were adapted from day 3 to cages.", "Samples modified with silver.", "Data taken from three replicates.",
        "Curves extracted from 10 cells.", "Cells taken from patients.", "Sections taken from Figure 2.",
        "Schematic of a modified Hummers method.", "Values adapted from the mean of ten runs.",
        "(a) Rods. (b) Wires. (c) 2D map of silver.", "© The Authors 2020.", "Spectra taken from A to B.",
        "Fluorescence was reproduced by the model with a licence-free code base.",
    ],
)  # fmt: skip
def test_what_only_looks_like_a_credit_is_none(caption: str) -> None:
    assert credit_words(caption) == ""
    assert with_own_licence(figure(caption), "CC-BY-4.0").licence == ""


def test_a_named_licence_is_kept_by_name_and_the_articles_own_changes_nothing() -> None:
    assert with_own_licence(figure("Adapted from ref. 3, CC BY-NC 4.0."), "CC-BY-4.0").licence == "CC-BY-NC-4.0"
    assert with_own_licence(figure("Adapted from ref. 3, CC BY 4.0."), "CC-BY-4.0").licence == ""


def test_permissions_of_the_figure_count_as_well_as_its_caption() -> None:
    ours = with_own_licence(figure("Rods."), "CC-BY-4.0", "Reproduced by permission of Elsevier.")
    assert (ours.licence, ours.licence_words) == ("third-party", "Reproduced by permission of Elsevier.")
    assert with_own_licence(figure("Rods."), "CC-BY-4.0", "© 2020 The Authors").licence == ""


@pytest.mark.parametrize(
    "sentence",
    [
        "Adapted from.",
        "Diagram adapted from.",
        "Figure taken from.",
        "Taken from.",
        "Reproduced from.",
        "Fonte: adaptado de Silva (2010).",
        "Quelle: [12].",
        "Source: Smith (2010).",
        "Tomado de [4].",
        "D’après [4].",
        "Übernommen aus [12].",
    ],
)
def test_a_credit_is_one_without_its_citation_and_in_other_languages(sentence: str) -> None:
    assert credit_words(f"Rods. {sentence}") == sentence


@pytest.mark.parametrize(
    "sentence",
    [
        "The place that the sample was taken from.",
        "Fuente: elaboración propia.",
        "Quelle: eigene Darstellung.",
        "Source: the authors.",
        "Fibra extraída de la muestra.",
        "The light source: Xe lamp.",
        "Cells adapted from suspension.",
    ],
)
def test_what_is_the_authors_own_is_no_credit(sentence: str) -> None:
    assert credit_words(f"Rods. {sentence}") == ""
