"""Numbers of figures as LaTeX prints them, in the idioms of supplements and theses."""

import pytest

from exsclaim.sources.latex.latex_figures import read_latex

FIGURE = r"\begin{figure}\includegraphics{x}\caption{x}\end{figure}"


def labels(preamble: str, body: str) -> list[str]:
    document = read_latex(
        {"main.tex": f"\\documentclass{{article}}{preamble}\\begin{{document}}{body}\\end{{document}}"}
    )
    assert document is not None
    return [figure.label for figure in document.figures]


@pytest.mark.parametrize(
    ("preamble", "body", "printed"),
    [
        (r"\newcommand{\beginsupplement}{\setcounter{figure}{0}\renewcommand{\thefigure}{S\arabic{figure}}}",
         FIGURE + r"\beginsupplement" + FIGURE, ["Figure 1", "Figure S1"]),
        ("", r"\makeatletter\renewcommand{\thefigure}{S\@arabic\c@figure}\makeatother" + FIGURE, ["Figure S1"]),
        (r"\renewcommand\thefigure{S\arabic{figure}}", FIGURE + FIGURE, ["Figure S1", "Figure S2"]),
        (r"\renewcommand{\thefigure}{\arabic{section}.\arabic{figure}}\numberwithin{figure}{section}",
         r"\section{A}" + FIGURE + FIGURE + r"\section{B}" + FIGURE, ["Figure 1.1", "Figure 1.2", "Figure 2.1"]),
        (r"\numberwithin{figure}{section}", r"\section{A}" + FIGURE + r"\section*{no}\section{B}" + FIGURE,
         ["Figure 1.1", "Figure 2.1"]),
        (r"\counterwithin{figure}{section}", r"\section{A}" + FIGURE + r"\appendix\section{P}" + FIGURE,
         ["Figure 1.1", "Figure A.1"]),
        ("", FIGURE + r"\appendix\renewcommand{\thefigure}{\Alph{section}\arabic{figure}}\setcounter{figure}{0}"
         r"\section{P}" + FIGURE, ["Figure 1", "Figure A1"]),
        ("", r"\renewcommand{\figurename}{Supplementary Figure}" + FIGURE, ["Supplementary Figure 1"]),
        ("", r"\renewcommand{\figurename}{Figure S}" + FIGURE, ["Figure S1"]),
        (r"\renewcommand{\figurename}{Figure\xspace}", FIGURE, ["Figure 1"]),
        (r"\renewcommand{\figurename}{\small\bfseries Fig.~}", FIGURE, ["Fig. 1"]),
        ("", r"\renewcommand{\thefigure}{\Roman{figure}}" + FIGURE * 2, ["Figure I", "Figure II"]),
        ("", r"\def\thefigure{ED\arabic{figure}}" + FIGURE, ["Figure ED1"]),
        ("", r"\setcounter{figure}{4}" + FIGURE + r"\addtocounter{figure}{2}" + FIGURE, ["Figure 5", "Figure 8"]),
        (r"\DeclareFloatingEnvironment[name=Extended Data Figure]{extfigure}",
         FIGURE + FIGURE.replace("{figure}", "{extfigure}"), ["Figure 1", "Extended Data Figure 1"]),
        ("", FIGURE.replace(r"\caption{", r"\caption*{") + FIGURE, ["", "Figure 1"]),
    ],
)  # fmt: skip
def test_numbers_as_printed(preamble: str, body: str, printed: list[str]) -> None:
    assert labels(preamble, body) == printed


CHAPTER = r"\chapter{One}"


@pytest.mark.parametrize(
    ("preamble", "body", "printed"),
    [
        ("", CHAPTER + FIGURE * 2 + CHAPTER + FIGURE, ["Figure 1.1", "Figure 1.2", "Figure 2.1"]),
        ("", FIGURE + CHAPTER + FIGURE, ["Figure 1", "Figure 1.1"]),
        ("", r"\chapter[short]{One}" + FIGURE + r"\section{A}" + FIGURE, ["Figure 1.1", "Figure 1.2"]),
        ("", r"\chapter*{Preface}" + FIGURE + CHAPTER + FIGURE, ["Figure 1", "Figure 1.1"]),
        ("", r"\frontmatter\chapter{Preface}\mainmatter" + CHAPTER + FIGURE, ["Figure 1.1"]),
        ("", CHAPTER + FIGURE + r"\appendix" + CHAPTER + FIGURE + CHAPTER + FIGURE,
         ["Figure 1.1", "Figure A.1", "Figure B.1"]),
        (r"\counterwithout{figure}{chapter}", CHAPTER + FIGURE + CHAPTER + FIGURE, ["Figure 1", "Figure 2"]),
        (r"\counterwithin{figure}{section}", CHAPTER + r"\section{A}" + FIGURE + r"\section{B}" + FIGURE + CHAPTER
         + r"\section{A}" + FIGURE, ["Figure 1.1.1", "Figure 1.2.1", "Figure 2.1.1"]),
        (r"\renewcommand{\thefigure}{\arabic{figure}}", CHAPTER + FIGURE, ["Figure 1"]),
    ],
)  # fmt: skip
def test_documents_with_chapters_number_figures_within_them(preamble: str, body: str, printed: list[str]) -> None:
    assert labels(preamble, body) == printed
