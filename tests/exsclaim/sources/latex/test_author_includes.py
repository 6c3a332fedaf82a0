"""Files that are included by an author's own commands, loops and paths, or by commands that are not known."""

import pytest

from exsclaim.sources.latex.latex_figures import read_latex
from exsclaim.sources.latex.tex_macros import Macro, finite

FIGURE = r"\begin{figure}\includegraphics{%s}\caption{Caption %s.}\end{figure}"
PARTS = {"ch/a.tex": r"\section{A}" + FIGURE % ("a", "A"), "ch/b.tex": r"\section{B}" + FIGURE % ("b", "B")}


def labels(preamble: str, body: str, **files: str) -> dict[str, str]:
    main = rf"\documentclass{{report}}{preamble}\begin{{document}}{body}\end{{document}}"
    document = read_latex({"main.tex": main, **PARTS, **{name.replace("_", "."): text for name, text in files.items()}})
    assert document is not None
    return {figure.label: figure.caption for figure in document.figures}


BOTH = {"Figure 1": "Caption A.", "Figure 2": "Caption B."}
IN_CHAPTERS = {"Figure 1.1": "Caption A.", "Figure 2.1": "Caption B."}


@pytest.mark.parametrize(
    ("preamble", "body", "read"),
    [
        pytest.param(r"\newcommand{\chap}[1]{\chapter{#1}\input{ch/#1}}", r"\chap{a}\chap{b}", IN_CHAPTERS, id="own"),
        pytest.param(
            r"\newcommand{\chap}[2]{\chapter{#1}\input{ch/#2.tex}}",
            r"\chap{One}{a}\chap{Two}{b}",
            IN_CHAPTERS,
            id="title",
        ),
        pytest.param(r"\def\chap#1{\input{ch/#1}}", r"\chap{a}\chap{b}", BOTH, id="def"),
        pytest.param(r"\newcommand{\all}{\input{ch/a}\input{ch/b}}", r"\all", BOTH, id="all at once"),
        pytest.param(r"\newcommand{\dir}{ch}", r"\input{\dir/a}\include{\dir/b}", BOTH, id="path"),
        pytest.param(r"\def\dir{ch/}", r"\input{\dir a}\import{\dir}{b}", BOTH, id="path with a stroke"),
        pytest.param(r"\usepackage{pgffor}", r"\foreach \n in {a,b} {\input{ch/\n}}", BOTH, id="loop"),
        pytest.param(
            r"\usepackage{chapterfolder}",
            r"\cfchapter{One}{ch}{a.tex}\cfchapter{Two}{ch}{b}",
            IN_CHAPTERS,
            id="package",
        ),
        pytest.param("", r"\loadchapter{ch/a}\inputpart{ch/b}", BOTH, id="unknown command"),
        pytest.param("", r"\input{\currfiledir ch/a}\input{ch/b}", BOTH, id="own folder"),
        pytest.param("", r"\IfFileExists{ch/a.tex}{\input{ch/a.tex}}{}\input{ch/b}", BOTH, id="asked for"),
        pytest.param("", r"\section{ch/a}\chapter{ch/b}", {}, id="a title"),
        pytest.param("", r"\lstinputlisting{ch/a.tex}\verbatiminput{ch/b.tex}\includeonly{ch/a}", {}, id="code"),
        pytest.param("", r"\addtofile{a}\loadchapter{missing/a}", {}, id="no such file"),
    ],
)
def test_what_a_document_includes_is_read(preamble: str, body: str, read: dict[str, str]) -> None:
    assert labels(preamble, body) == read


def test_commands_of_the_documents_styles_include() -> None:
    command = r"\newcommand{\addchapter}[2]{\chapter{#1}\input{ch/#2}}"
    assert labels("", r"\addchapter{One}{a}\addchapter{Two}{b}", own_cls=command) == IN_CHAPTERS


def test_commands_that_call_a_command_with_a_figure_are_figures() -> None:
    plot = r"\newcommand{\plot}[1]{\begin{figure}\includegraphics{#1}\caption{Plot #1.}\end{figure}}"
    pair = r"\newcommand{\pair}[2]{\plot{#1}\plot{#2}}\newcommand{\twice}[1]{\pair{#1}{#1}}"
    assert list(labels(plot + pair, r"\pair{a}{b}\twice{c}").values()) == ["Plot a.", "Plot b.", "Plot c.", "Plot c."]


def test_a_document_whose_begin_is_in_another_file_is_the_main_one() -> None:
    main = r"\documentclass{report}\input{start}\input{ch/a}\input{ch/b}\end{document}"
    document = read_latex({"thesis.tex": main, "start.tex": r"\begin{document}", **PARTS})
    assert document is not None
    assert document.main == "thesis.tex"
    assert [figure.caption for figure in document.figures] == list(BOTH.values())


def called(number: int) -> str:
    return "\\of" + f"{number:05}".translate(str.maketrans("0123456789", "abcdefghij"))


def chain(length: int) -> str:
    """Commands of which each calls the next, the last one to include a file."""
    calls = "".join(rf"\newcommand{{{called(at)}}}{{x{called(at + 1)}}}" for at in range(length))
    return rf"{calls}\newcommand{{{called(length)}}}{{\input{{x}}}}"


def test_a_circle_of_more_commands_than_are_followed_is_broken() -> None:
    circle = {called(at)[1:]: Macro(0, None, called((at + 1) % 150)) for at in range(150)}
    assert len(finite(circle)) < len(circle)


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "definitions",
    [
        pytest.param(r"\newcommand{\a}{\section{x}\b\b}\newcommand{\b}{\section{y}\a\a}", id="each other"),
        pytest.param(r"\newcommand{\a}{\input{x}\b\b}\newcommand{\b}{\input{y}\a\a}", id="each other, with files"),
        pytest.param(
            r"\newcommand{\j}{word}"
            + "".join(
                rf"\newcommand{{\{name}}}{{" + 10 * rf"\{called}" + "}"
                for called, name in zip("jbcdefgh", "bcdefgha", strict=True)
            ),
            id="a tree",
        ),
        pytest.param(chain(4_000) + rf"\newcommand{{\a}}{{{called(0)}}}", id="a chain"),
        pytest.param(chain(150) + rf"\newcommand{{{called(150)}}}{{{called(0)}}}", id="a wide circle"),
    ],
)
def test_commands_without_end_take_no_time(definitions: str) -> None:
    figures = r"\begin{figure}\caption{A \a b.}\end{figure}" * 300
    document = read_latex(
        {"m.tex": rf"\documentclass{{article}}{definitions}\begin{{document}}\a{figures}\end{{document}}"}
    )
    assert document is not None
    assert len(document.figures) == 300
