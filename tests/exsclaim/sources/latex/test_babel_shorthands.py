"""Letters of German documents that are typed with a quotation mark."""

import pytest

from exsclaim.sources.latex.babel_shorthands import with_german_letters

GERMAN = r"\usepackage[T1]{fontenc}\usepackage[english,ngerman]{babel}"


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ('Gr"o"se der St"abe', "Größe der Stäbe"),
        ('"Uberblick, "`Probe"\', Rasterkraft"=Mikroskop', "Überblick, „Probe“, Rasterkraft-Mikroskop"),
        ('Auf"|lage, Zucke"-rung, Dru"cker', "Auflage, Zuckerung, Drucker"),
        (
            r'\includegraphics[width=3cm]{"a b".png}\label{fig:"a}',
            r'\includegraphics[width=3cm]{"a b".png}\label{fig:"a}',
        ),
        (r"Schr\"odinger", r"Schr\"odinger"),
        ('5" Wafer', '5" Wafer'),
    ],
)
def test_shorthands_are_the_letters_that_they_print(typed: str, printed: str) -> None:
    assert with_german_letters(typed, GERMAN) == printed


@pytest.mark.parametrize("preamble", ["", r"\usepackage[english]{babel}", r"\usepackage[utf8]{inputenc}"])
def test_other_documents_keep_their_quotation_marks(preamble: str) -> None:
    assert with_german_letters('the "average" rod', preamble) == 'the "average" rod'


@pytest.mark.parametrize(
    "preamble", [r"\usepackage{ngerman}", r"\documentclass[12pt,german]{article}", r"\usepackage[german]{babel}"]
)
def test_german_is_loaded_in_several_ways(preamble: str) -> None:
    assert with_german_letters('f"ur', preamble) == "für"
