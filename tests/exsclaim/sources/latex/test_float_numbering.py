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
        (r"\AtBeginEnvironment{more}{\setcounter{figure}{0}\renewcommand{\thefigure}{S\arabic{figure}}}"
         r"\AtEndEnvironment{more}{\renewcommand{\thefigure}{\arabic{figure}}}",
         FIGURE * 2 + r"\begin{more}" + FIGURE + r"\end{more}" + FIGURE,
         ["Figure 1", "Figure 2", "Figure S1", "Figure 2"]),
        (r"\AtBeginEnvironment{more}{\counterwithin{figure}{section}}", r"\section{A}" + FIGURE, ["Figure 1"]),
        (r"\AtBeginEnvironment{figure}{\renewcommand{\thefigure}{S\arabic{figure}}}", FIGURE, ["Figure S1"]),
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


TABLE = r"\begin{table}\caption{Growth}\label{tab:a}x\end{table}"
SECOND = r"\begin{table*}\caption[short]{More}\label{tab:b}x\end{table*}"


@pytest.mark.parametrize(
    ("kind", "tables", "caption", "printed"),
    [
        ("article", TABLE + SECOND, r"See Table~\ref{tab:b}.", "See Table 2."),
        ("article", TABLE + SECOND, r"See \cref{tab:a} and \Cref{tab:a,tab:b}.", "See table 1 and Tables 1 and 2."),
        ("article", TABLE + SECOND, r"See \autoref{tab:b}.", "See Table 2."),
        ("revtex4-2", TABLE + SECOND, r"Parameters of Table~\ref{tab:b}.", "Parameters of Table II."),
        ("IEEEtran", TABLE, r"Parameters of Table~\ref{tab:a}.", "Parameters of Table I."),
        ("article", r"\renewcommand{\thetable}{S\arabic{table}}" + TABLE, r"See Table~\ref{tab:a}.", "See Table S1."),
        ("article", r"\setcounter{table}{4}" + TABLE, r"See Table~\ref{tab:a}.", "See Table 5."),
        ("article", r"\begin{table}\caption*{No}\end{table}" + TABLE, r"See Table~\ref{tab:a}.", "See Table 1."),
        ("article", r"\begin{longtable}{l}\caption{L}\label{tab:a}\\x\endfirsthead\caption[]{L}\\\end{longtable}"
         + SECOND, r"See Tables \ref{tab:a} and \ref{tab:b}.", "See Tables 1 and 2."),
        ("report", r"\chapter{One}\chapter{Two}" + TABLE, r"See Table~\ref{tab:a}.", "See Table 2.1."),
        ("article", r"\begin{deluxetable}{l}\tablecaption{D\label{tab:a}}\end{deluxetable}",
         r"See Table~\ref{tab:a}.", "See Table 1."),
        ("article", r"\begin{table}\label{tab:a}\caption{Early}\end{table}", r"See Table~\ref{tab:a}.", "See Table."),
    ],
)  # fmt: skip
def test_a_caption_that_refers_to_a_table_has_its_number(kind: str, tables: str, caption: str, printed: str) -> None:
    figure = rf"\begin{{figure}}\includegraphics{{x}}\caption{{{caption}}}\label{{fig:x}}\end{{figure}}"
    document = read_latex({"main.tex": rf"\documentclass{{{kind}}}\begin{{document}}{tables}{figure}\end{{document}}"})
    assert document is not None
    (read,) = document.figures
    assert read.caption == printed
    assert read.label in ("Figure 1", "Figure 2.1")


def test_a_figure_in_a_table_is_a_figure_and_the_table_is_none() -> None:
    body = r"\begin{table}\includegraphics{x}\captionof{figure}{Rods}\label{fig:x}\end{table}" + TABLE + FIGURE
    assert labels("", body) == ["Figure 1", "Figure 2"]


OWN_NAME = r"\begin{figure}\captionsetup{name=Plate}\includegraphics{x}\caption{x}\end{figure}"


@pytest.mark.parametrize(
    ("preamble", "body", "printed"),
    [
        (r"\captionsetup[figure]{labelfont=bf,name={Fig.}}", FIGURE, ["Fig. 1"]),
        (r"\captionsetup{figurename=Fig., labelsep=period}", FIGURE, ["Fig. 1"]),
        ("", FIGURE + r"\captionsetup[figure]{name=Supplementary Figure}\setcounter{figure}{0}" + FIGURE,
         ["Figure 1", "Supplementary Figure 1"]),
        (r"\captionsetup[table]{name=Tab.}\captionsetup[subfigure]{name=Part}\captionsetup{width=3cm}", FIGURE,
         ["Figure 1"]),
        ("", OWN_NAME + FIGURE, ["Figure 1", "Figure 2"]),
        (r"\DeclareCaptionLabelFormat{supp}{#1~S#2}", FIGURE + r"\captionsetup[figure]{labelformat=supp}" + FIGURE
         + r"\captionsetup{labelformat=simple}" + FIGURE, ["Figure 1", "Figure S2", "Figure 3"]),
        (r"\DeclareCaptionLabelFormat{bold}{\textbf{#1\ #2.}}\captionsetup{labelformat = bold,name=Fig.}", FIGURE,
         ["Fig. 1"]),
        (r"\DeclareCaptionLabelFormat{none}{}\captionsetup{labelformat=none}", FIGURE, ["Figure 1"]),
        (r"\newfloat{suppfig}{h}{lof}\floatname{suppfig}{Figure S}", FIGURE.replace("{figure}", "{suppfig}"),
         ["Figure S1"]),
        (r"\let\plain\thefigure\renewcommand{\thefigure}{S\plain}", FIGURE, ["Figure S1"]),
        (r"\let\plain=\thesection\renewcommand{\thefigure}{\plain.\arabic{figure}}", r"\section{A}" + FIGURE,
         ["Figure 1.1"]),
    ],
)  # fmt: skip
def test_names_that_a_package_sets_and_forms_under_another_name(preamble: str, body: str, printed: list[str]) -> None:
    assert labels(preamble, body) == printed
