r"""Of a condition that its arguments decide one branch is read: an author's command for figures has one caption."""

import time

import pytest

from exsclaim.sources.latex.latex_text import readable
from exsclaim.sources.latex.text_conditions import decided
from tests.exsclaim.sources.latex.test_floats import document


@pytest.mark.parametrize(
    ("tex", "read"),
    [
        (r"\ifthenelse{\isempty{}}{A}{B}", "A"),
        (r"\ifthenelse{\isempty{x}}{A}{B}", "B"),
        (r"\ifthenelse{\NOT\isempty{x}}{A}{B}", "A"),
        (r"\ifthenelse{\equal{a}{b}}{A}{B}", "B"),
        (r"\ifthenelse{3 > 2}{A}{B}", "A"),
        (r"\ifstrequal{a}{a}{A}{B}", "A"),
        (r"\ifstrempty{}{A}{B}", "A"),
        (r"\ifblank{ x }{A}{B}", "B"),
        (r"\notblank{}{A}{B}", "B"),
        (r"\IfNoValueTF{}{A}{B}", "A"),
        (r"\IfValueT{x}{A}", "A"),
        (r"\IfValueT{}{A}", ""),
        (r"\@ifmtarg{}{A}{B}", "A"),
        (r"\@ifnotmtarg{}{A}", ""),
        (r"\ifx&&A\else B\fi", "A"),
        (r"\ifx&x&A\else B\fi", " B"),
        (r"\ifx\\x\\A\else B\fi", " B"),
        (r"\ifx\relax\relax A\else B\fi", " A"),
        (r"\if\relax\detokenize{}\relax A\else B\fi", " A"),
        (r"\if!!A\else\ifnum 1=1 C\else D\fi\fi", "A"),
        (r"\ifstrempty{}{\ifblank{x}{A}{B}}{C}", "B"),
    ],
)
def test_the_branch_that_the_argument_asks_for(tex: str, read: str) -> None:
    assert decided(tex) == read


@pytest.mark.parametrize(
    "tex",
    [
        r"\ifthenelse{\boolean{final}}{A}{B}",  # set elsewhere
        r"\ifthenelse{\equal{\mode}{final}}{A}{B}",
        r"\newcommand{\x}[1]{\ifthenelse{\isempty{#1}}{A}{B}}",  # not called yet
        r"\newcommand{\x}[1]{\ifx&#1&A\else B\fi}",
        r"\if@twocolumn A\else B\fi",
        r"\ifnum\value{page}>1 A\else B\fi",
        r"\ifstrempty{x}",
        r"\ifx&&A",
    ],
)
def test_what_cannot_be_told_stays_as_it_is(tex: str) -> None:
    assert decided(tex) == tex


def test_an_authors_figure_with_two_forms_of_a_caption_is_one_with_one_number() -> None:
    define = (
        r"\newcommand{\fig}[4]{\begin{figure}\includegraphics[width=#2\columnwidth]{#1}"
        r"\ifthenelse{\isempty{#4}}{\caption{#3}}{\caption[#3]{#4}}\label{fig:#1}\end{figure}}"
    )
    body = r"\fig{ear}{0.8}{The ear.}{The ear. Its parts are named.}\fig{eye}{0.8}{The eye.}{} See \ref{fig:eye}."
    found = document(define + body)
    assert [(each.label, each.caption) for each in found.figures] == [
        ("Figure 1", "The ear. Its parts are named."),
        ("Figure 2", "The eye."),
    ]
    assert found.undefined == [], "a label that the author's command makes is one"


def test_conditions_without_end_take_no_time() -> None:
    started = time.perf_counter()
    decided(r"\ifx&" * 20_000)
    decided(r"\ifstrempty{" * 20_000)
    decided(r"\ifthenelse{\equal{a}{b}}{" * 20_000)
    decided(r"\ifx\relax\relax\ifnum" * 5_000)
    assert time.perf_counter() - started < 5


@pytest.mark.parametrize(
    "tex",
    [
        r"\ifblank{}{" * 700 + "x" + "}{}" * 700,
        r"\ifthenelse{\boolean{q}}{a}{" * 600 + "x" + "}" * 600,
        r"\ifx\empty\empty " * 600 + "x" + r"\fi" * 600,
    ],
)
def test_conditions_within_conditions_end_somewhere(tex: str) -> None:
    """Each would take some of Python's stack: a caption of a few thousand characters ended the reading."""
    assert isinstance(readable(tex), str)
    assert len(decided(tex)) <= len(tex)
