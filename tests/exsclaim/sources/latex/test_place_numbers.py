"""Numbers of sections and equations in captions, as LaTeX prints them."""

import pytest

from exsclaim.sources.latex.latex_figures import read_latex

FIGURE = r"\begin{figure}\includegraphics{x}\caption{%s}\end{figure}"


def caption(text: str, body: str, preamble: str = r"\documentclass{article}", behind: str = "") -> str:
    document = read_latex({"main.tex": f"{preamble}\\begin{{document}}{body}{FIGURE % text}{behind}\\end{{document}}"})
    assert document is not None
    return document.figures[0].caption


EQUATION = r"\begin{equation}x\label{e}\end{equation}"
REVTEX, IEEE = r"\documentclass{revtex4-2}", r"\documentclass{IEEEtran}"


@pytest.mark.parametrize(
    ("preamble", "body", "printed"),
    [
        (r"\documentclass{article}", r"\section{A}\section{B}\label{s}", "2"),
        (r"\documentclass{article}", r"\section{A}\subsection[B]{B}\label{s}", "1.1"),
        (r"\documentclass{article}", r"\section{A}\subsection{B}\section{C}\subsection{D\label{s}}", "2.1"),
        (r"\documentclass{article}", r"\section{A}\subsection{B}\subsubsection{C}\label{s}", "1.1.1"),
        (r"\documentclass{article}\setcounter{secnumdepth}{2}", r"\section{A}\subsubsection{C}\label{s}", "1"),
        (r"\documentclass{book}", r"\chapter{A}\section{B}\subsection{C}\subsubsection{D}\label{s}", "1.1.1"),
        (r"\documentclass{book}", r"\titleformat{\chapter}{}{}{}{}\chapter{A}\section{B}\label{s}", "1.1"),
        (r"\documentclass{article}", r"\section{A}\appendix\section{B}\label{s}", "A"),
        (IEEE, r"\section{A}\appendices\section{B}\label{s}", "A"),
        (REVTEX, r"\section{A}\section{B}\subsection{C}\label{s}", "II A"),
        (IEEE, r"\section{A}\section{B}\subsection{C}\label{s}", "II-A"),
        (r"\documentclass{article}", r"\section{A}\section*{B}\label{s}", ""),
        (r"\documentclass{article}", r"\section{A}\begin{enumerate}\item x\label{s}\end{enumerate}", ""),
        (r"\documentclass{article}", r"\section{A}\begin{theorem}\label{s}x\end{theorem}", ""),
    ],
)  # fmt: skip
def test_numbers_of_sections(preamble: str, body: str, printed: str) -> None:
    assert caption(r"See \ref{s}", body, preamble) == f"See {printed}".rstrip()


@pytest.mark.parametrize(
    ("preamble", "body", "printed"),
    [
        ("", EQUATION, "1"),
        ("", r"\begin{equation*}x\end{equation*}" + EQUATION, "1"),
        ("", r"\begin{equation}x\end {equation}" + EQUATION, "2"),
        ("", r"\begin{align}a&=b\\c&=d\label{e}\\f\end{align}", "2"),
        ("", r"\begin{align}a\nonumber\\c\label{e}\end{align}", "1"),
        (r"\newcommand{\nn}{\nonumber}", r"\begin{align}a\nn\\c\label{e}\end{align}", "1"),
        (r"\newcommand{\be}{\begin{equation}}\newcommand{\ee}{\end{equation}}", r"\be x\ee\be y\label{e}\ee", "2"),
        ("", r"\begin{gather}\begin{split}a\\b\end{split}\\ \sum_{a\\b}\label{e}\end{gather}", "2"),
        ("", r"\begin{equation}\begin{aligned}a\\b\label{e}\end{aligned}\end{equation}", "1"),
        ("", r"\begin{subequations}\begin{align}a\\b\label{e}\end{align}\end{subequations}", "1b"),
        ("", r"\begin{equation}a\tag{$\star$}\end{equation}" + EQUATION, "1"),
        (r"\numberwithin{equation}{section}", r"\section{A}\section{B}" + EQUATION, "2.1"),
        ("", r"\chapter{A}\chapter{B}" + EQUATION, "2.1"),
        (r"\newtheorem{t}[equation]{T}", EQUATION, ""),
    ],
)
def test_numbers_of_equations(preamble: str, body: str, printed: str) -> None:
    assert caption(r"See \ref{e}", body, r"\documentclass{article}" + preamble) == f"See {printed}".rstrip()


def test_equations_of_an_appendix_in_revtex() -> None:
    assert caption(r"Eq.~(\ref{e})", r"\begin{equation}a\end{equation}\appendix\section{A}" + EQUATION, REVTEX) == (
        "Eq. (A1)"
    )


@pytest.mark.parametrize(
    ("reference", "printed"),
    [
        (r"\eqref{e}", "(1)"), (r"\cref{e}", "eq. (1)"), (r"\Cref{e,f}", "Equations (1) and (2)"),
        (r"\autoref{e}", "Equation 1"), (r"\autoref{s}", "section 1"), (r"\Cref{s}", "Section 1"),
        (r"Sec.~\ref{s}", "Sec. 1"), (r"\ref{nowhere}", ""),
    ],
)  # fmt: skip
def test_what_references_print(reference: str, printed: str) -> None:
    # also of what comes behind the figure
    behind = r"\section{A}\label{s}" + EQUATION + EQUATION.replace("{e}", "{f}")
    assert caption(f"x {reference}", "", behind=behind) == f"x {printed}".rstrip()


def test_titles_of_chapters_are_not_counted_as_chapters() -> None:
    body = r"\titleformat{\chapter}{}{}{}{}\chapter{A}" + FIGURE % "x"
    document = read_latex({"main.tex": rf"\documentclass{{book}}\begin{{document}}{body}\end{{document}}"})
    assert document is not None
    assert [figure.label for figure in document.figures] == ["Figure 1.1"]
