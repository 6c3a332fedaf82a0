"""Floats that are written in unusual ways: none vanishes, none is counted twice."""

import time

import pytest

from exsclaim.records import FigureRef
from exsclaim.sources.facts.figure_mentions import pointer, with_mentions
from exsclaim.sources.latex.latex_figures import LatexDocument, read_latex
from exsclaim.sources.latex.tex_source import without_overlays


def document(body: str, preamble: str = "") -> LatexDocument:
    found = read_latex({"main.tex": f"\\documentclass{{article}}{preamble}\\begin{{document}}{body}\\end{{document}}"})
    assert found is not None
    return found


def summary(body: str, preamble: str = "") -> list[tuple[str, str, list[str]]]:
    return [
        (figure.label, figure.caption, [graphic.name for row in figure.rows for graphic in row])
        for figure in document(body, preamble).figures
    ]


@pytest.mark.parametrize(
    "body",
    [
        r"\begin{center}\includegraphics{a}\captionof{figure}{Rods.}\end{center}",
        r"\twocolumn[{\maketitle\begin{center}\includegraphics{a}\captionof{figure}{Rods.}\end{center}}]",
        r"\begin{minipage}{3cm}\captionof{figure}{Rods.}\includegraphics{a}\end{minipage}",
        "Text.\n\n\\includegraphics{a}\n\\captionof{figure}{Rods.}\n\nMore.",
        r"\begin{figure}\captionbox{Rods.}{\includegraphics{a}}\end{figure}",
        r"\begin{figure}\captionbox[short]{Rods.}[3cm][c]{\includegraphics{a}}\end{figure}",
        r"\begin{figure}\includegraphics{a}\figcaption{Rods.}\end{figure}",
        r"\begin{teaserfigure}\includegraphics{a}\caption{Rods.}\end{teaserfigure}",
        r"\begin{wrapfigure}{r}{3cm}\includegraphics{a}\caption{Rods.}\end{wrapfigure}",
        r"\begin{figure}\includegraphics{a}\bicaption{Stäbe.}{Rods.}\end{figure}",
    ],
)  # fmt: skip
def test_one_figure_in_many_ways(body: str) -> None:
    assert summary(body + r"\begin{figure}\includegraphics{b}\caption{Next.}\end{figure}") == [
        ("Figure 1", "Rods.", ["a"]), ("Figure 2", "Next.", ["b"]),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "body",
    [
        r"\begin{figure}\includegraphics{a}\caption{Rods.}\floatfoot{Scale bar: 2~nm.}\end{figure}",
        r"\begin{figure}\includegraphics{a}\caption{Rods.}\legend{Scale bar: 2~nm.}\label{f}\end{figure}",
        r"\begin{figure}\ffigbox{\caption{Rods.}\floatfoot{Scale bar: 2~nm.}}{\includegraphics{a}}\end{figure}",
        r"\begin{figure}\includegraphics{a}\caption{Rods.}\legend{Scale bar: 2~nm.}\includegraphics{b}"
        r"\caption{Wires.}\end{figure}",
    ],
)
def test_a_note_under_a_caption_is_a_part_of_it(body: str) -> None:
    assert summary(body)[0] == ("Figure 1", "Rods. Scale bar: 2 nm.", ["a"])


@pytest.mark.parametrize("name", ["verbatim", "lstlisting", "Verbatim", "minted"])
def test_a_figure_in_code_is_none_of_the_document(name: str) -> None:
    figure = r"\begin{figure}\includegraphics{a}\caption{Rods.}\label{f}\end{figure}"
    code = rf"\begin{{{name}}}{figure.replace('Rods', 'Code')}\end{{{name}}}"
    assert summary(code + figure + rf"\begin{{{name}}}") == [("Figure 1", "Rods.", ["a"])]
    assert summary(figure + rf"\begin{{figure}}{code}\caption{{Listing.}}\end{{figure}}") == [
        ("Figure 1", "Rods.", ["a"]), ("Figure 2", "Listing.", []),
    ]  # fmt: skip


def test_a_legend_inside_a_plot_is_none_of_its_caption() -> None:
    plot = r"\begin{tikzpicture}\addplot{x};\legend{silver,gold}\end{tikzpicture}"
    assert summary(rf"\begin{{figure}}{plot}\caption{{Rods.}}\end{{figure}}") == [("Figure 1", "Rods.", [])]


def test_a_float_that_is_not_understood_is_counted_and_an_empty_one_is_not() -> None:
    body = r"\begin{figure}[tb]\centering\input{lost.pgf}\end{figure}\begin{figure}[b]\vspace{2cm}\end{figure}"
    whole = r"\begin{figure}\includegraphics{a}\caption{Rods.}\end{figure}"
    assert summary(body + whole) == [("", "", []), ("Figure 1", "Rods.", ["a"])]
    printed = r"\begin{figure}\fbox{A flow chart in words}\end{figure}"
    assert summary(printed + whole) == [("", "", []), ("Figure 1", "Rods.", ["a"])]


def test_figures_that_are_referred_to_and_not_there_are_named() -> None:
    whole = r"\begin{figure}\includegraphics{a}\caption{Rods.}\label{fig:rods}\end{figure}"
    text = r"See \ref{fig:rods}, \cref{fig:wires,fig:rods}, Fig.~\ref*{Fig.2} and Table~\ref{tab:one}, \eqref{eq:fig}."
    assert document(whole + text).undefined == ["fig:wires", "Fig.2"]
    assert document(whole + text, r"\usepackage{xr}\externaldocument{supplement}").undefined == []
    listed = r"\begin{lstlisting}[label={fig:wires}]\end{lstlisting}\label{Fig.2}"
    assert document(whole + text + listed).undefined == []


@pytest.mark.parametrize(
    "preamble",
    [
        r"\newenvironment{myfig}{\begin{figure}\centering}{\end{figure}}",
        r"\newenvironment{myfig}[1][t]{\begin{figure}[#1]}{\end{figure}}",
        r"\renewenvironment{myfig}{\begin{figure*}}{\end{figure*}}",
    ],
)
def test_environments_of_the_author(preamble: str) -> None:
    assert summary(r"\begin{myfig}\includegraphics{a}\caption{Rods.}\end{myfig}", preamble) == [
        ("Figure 1", "Rods.", ["a"])
    ]


def test_the_caption_of_an_environment_may_be_its_argument() -> None:
    preamble = r"\newenvironment{cfig}[2]{\begin{figure}\def\x{}}{\caption{#1}\label{#2}\end{figure}}"
    assert summary(r"\begin{cfig}{Rods.}{fig:r}\includegraphics{a}\end{cfig}", preamble) == [
        ("Figure 1", "Rods.", ["a"])
    ]


@pytest.mark.parametrize(
    ("path", "preamble", "name"),
    [
        (r"\figdir/c.png", r"\newcommand{\figdir}{figs}", "figs/c.png"), (r"\figs c.png", r"\def\figs{f/}", "f/c.png"),
        (r"\fig{c}", r"\newcommand{\fig}[1]{img/#1.pdf}", "img/c.pdf"), (r"{c.d}.png", "", "c.d.png"),
        (r"\detokenize{a_b.png}", "", "a_b.png"),
    ],
)  # fmt: skip
def test_commands_in_paths_of_images(path: str, preamble: str, name: str) -> None:
    assert summary(rf"\begin{{figure}}\includegraphics{{{path}}}\caption{{x}}\end{{figure}}", preamble)[0][2] == [name]


def test_a_figure_that_goes_on_is_one_with_all_its_parts() -> None:
    first = r"\begin{figure}\subfigure[Layers 1-7]{\includegraphics{d}}\end{figure}"
    rest = r"\begin{figure}\ContinuedFloat\subfigure[Layers 7-13]{\includegraphics{e}}\caption{All layers.}\end{figure}"
    after = r"\begin{figure}\includegraphics{f}\caption{Next.}\end{figure}"
    assert summary(first + rest + after) == [
        ("Figure 1", "All layers. (a) Layers 1-7 (b) Layers 7-13", ["d", "e"]), ("Figure 2", "Next.", ["f"]),
    ]  # fmt: skip
    captioned = first.replace(r"\end{figure}", r"\caption{All layers.}\end{figure}")
    uncaptioned = rest.replace(r"\caption{All layers.}", "")
    continued = rest.replace("All layers.", "(continued)")
    for second in (uncaptioned, continued):
        assert [(label, names) for label, _, names in summary(captioned + second + after)] == [
            ("Figure 1", ["d", "e"]), ("Figure 2", ["f"]),
        ]  # fmt: skip


def test_paragraphs_name_figures_by_their_numbers() -> None:
    body = (
        r"\section{Results} Rods grow (Fig.~\ref{fig:r}a). Nothing here."
        "\n\n"
        r"\begin{figure}\includegraphics{a}\caption{See \ref{fig:r}.}\label{fig:r}\end{figure}"
        r"\subsection*{More} As \autoref{fig:r} and \cref{fig:r,fig:w} show. \begin{figure}\subfloat[W\label{fig:wb}]"
        r"{\includegraphics{b}}\caption{Wires}\label{fig:w}\end{figure} See \ref{fig:wb}."
    )
    one, two = pointer(0), pointer(1)
    said = [(each.section, each.text) for each in document(body).paragraphs]
    assert said == [
        ("Results", f"Rods grow (Fig. {one}1a). Nothing here."),
        ("More", f"As Figure {one}1 and figs. {one}1 and {two}2 show. See {two}2a."),
    ]


@pytest.mark.parametrize(
    "sentence",
    [
        r"Compare Figure~\ref{fig:a} and \ref{fig:b}.", r"Compare Figure \ref{fig:a} with \ref{fig:b}.",
        r"As \ref{fig:a}, but also Figure~\ref{fig:b}, shows.", r"See Figs.~\ref{fig:a}, \ref{fig:b}.",
    ],
)  # fmt: skip
def test_a_reference_names_its_figure_whatever_word_stands_before_it(sentence: str) -> None:
    floats = "".join(
        rf"\begin{{figure}}\includegraphics{{x}}\caption{{x}}\label{{fig:{name}}}\end{{figure}}" for name in "abc"
    )
    found = document(f"{floats}\n\n{sentence}\n\n")
    figures = [
        FigureRef(id=f"x/fig{number}", article_id="x", number=number, label=figure.label, title="", caption="",
                  image_urls=())
        for number, figure in enumerate(found.figures, start=1)
    ]  # fmt: skip
    assert [len(each.mentions) for each in with_mentions(figures, found.paragraphs, "x")] == [1, 1, 0]


@pytest.mark.parametrize(
    ("tex", "text"),
    [
        (r"\sto film, \sto.", "SrTiO₃ film, SrTiO₃."), (r"(\sto)", "(SrTiO₃)"),
        (r"\sto-like \sto~film", "SrTiO₃-like SrTiO₃ film"),
    ],
)  # fmt: skip
def test_xspace_prints_a_space_where_a_word_follows(tex: str, text: str) -> None:
    preamble = r"\usepackage{xspace}\newcommand{\sto}{SrTiO$_3$\xspace}"
    assert summary(rf"\begin{{figure}}\includegraphics{{a}}\caption{{{tex}}}\end{{figure}}", preamble)[0][1] == text


@pytest.mark.parametrize(
    "preamble",
    [
        r"\NewDocumentCommand{\myfig}{m m}{\begin{figure}\includegraphics{#1}\caption{#2}\end{figure}}",
        r"\NewDocumentCommand\myfig{m +m}{\begin{figure}\includegraphics{#1}\caption{#2}\end{figure}}",
        r"\DeclareDocumentCommand{\myfig}{O{htb} m m}{\begin{figure}[#1]\includegraphics{#2}\caption{#3}\end{figure}}",
        r"\RenewDocumentCommand{\myfig}{s m m}{\begin{figure}\includegraphics{#2}\caption{#3}\end{figure}}",
        r"\NewDocumentCommand{\myfig}{o m m}{\IfNoValueTF{#1}{\begin{figure}}{\begin{figure*}}\includegraphics{#2}"
        r"\caption{#3}\end{figure}}",
        r"\newcommand{\myfig}[3][htb]{\begin{figure}[#1]\includegraphics{#2}\caption{#3}\end{figure}}",
    ],
)
def test_commands_of_the_author_that_are_whole_figures(preamble: str) -> None:
    assert summary(r"\myfig{a}{Rods.}", preamble) == [("Figure 1", "Rods.", ["a"])]


@pytest.mark.parametrize(
    ("preamble", "body"),
    [
        (r"\NewEnviron{myfig}{\begin{figure}\BODY\end{figure}}",
         r"\begin{myfig}\includegraphics{a}\caption{Rods.}\end{myfig}"),
        (r"\NewDocumentEnvironment{myfig}{m}{\begin{figure}\centering}{\caption{#1}\end{figure}}",
         r"\begin{myfig}{Rods.}\includegraphics{a}\end{myfig}"),
    ],
)  # fmt: skip
def test_environments_of_other_packages(preamble: str, body: str) -> None:
    assert summary(body, preamble) == [("Figure 1", "Rods.", ["a"])]


@pytest.mark.parametrize(
    ("content", "names"),
    [
        (r"\adjincludegraphics[width=5cm]{a}", ["a"]), (r"\adjustimage{width=5cm}{a}", ["a"]),
        (r"\pgfimage[width=5cm]{a}", ["a"]), (r"\sidecaption\includegraphics{a}", ["a"]),
        (r"\gridline{\fig{a}{0.3\textwidth}{(a)} \fig{b}{0.3\textwidth}{(b)}}", ["a", "b"]),
        (r"\gridline{\leftfig{a}{0.3\textwidth}{}\rightfig{b}{0.3\textwidth}{}}", ["a", "b"]),
        (r"\gridline{\rotatefig{90}{a}{0.3\textwidth}{}}", ["a"]),
        (r"\ifpdf\includegraphics{a}\else\includegraphics{b}\fi", ["a"]),
        (r"\newif\ifgrey\ifgrey\includegraphics{b}\else\includegraphics{a}\fi", ["a"]),
        (r"\iffalse\includegraphics{b}\fi\includegraphics{a}", ["a"]),
    ],
)  # fmt: skip
def test_images_in_other_commands_and_in_branches(content: str, names: list[str]) -> None:
    assert summary(rf"\begin{{figure}}{content}\caption{{Rods.}}\end{{figure}}") == [("Figure 1", "Rods.", names)]


def test_letters_without_captions_of_their_own_are_referred_to() -> None:
    body = (
        r"\begin{figure}\includegraphics{a}\phantomsubcaption\label{x}\phantomsubcaption\label{y}"
        r"\caption{\subref{x} Rods. \subref{y} Wires.}\end{figure}"
    )
    assert summary(body) == [("Figure 1", "(a) Rods. (b) Wires.", ["a"])]


@pytest.mark.parametrize(
    ("command", "stands_for", "text"),
    [
        (r"\pT", r"\ensuremath{p_{T}^{\gamma}}\xspace", "pTγ of rods"),
        (r"\pythia{}", r"\textsc{Pythia}", "Pythia of rods"),
        (r"\um{}", "another unit", "μm of rods"),  # read as it is
        (r"\bfseries", r"\usefont{T1}{x}{b}{n}", "of rods"),
        (r"\odd{}", r"\@odd", "of rods"),
    ],
)
def test_short_names_of_a_style_file_are_read(command: str, stands_for: str, text: str) -> None:
    body = rf"\begin{{figure}}\includegraphics{{a}}\caption{{{command} of rods}}\end{{figure}}"
    style = rf"\newcommand*{{{command.partition('{')[0]}}}{{{stands_for}}}"
    files = {"main.tex": rf"\documentclass{{article}}\begin{{document}}{body}\end{{document}}", "mine.sty": style}
    read = read_latex(files)
    assert read is not None
    assert [figure.caption for figure in read.figures] == [text]


def test_a_command_of_a_style_file_that_includes_an_image_is_carried_out_and_no_other() -> None:
    style = r"\newcommand{\plot}[1]{\includegraphics{figs/#1.pdf}}\renewcommand{\caption}[1]{X}\newcommand{\dir}{d/}"
    body = r"\begin{figure}\plot{a}\includegraphics{\dir b}\caption{Rods.}\end{figure}"
    files = {"main.tex": rf"\documentclass{{article}}\begin{{document}}{body}\end{{document}}", "mine.sty": style}
    read = read_latex(files)
    assert read is not None
    assert [(f.caption, [g.name for row in f.rows for g in row]) for f in read.figures] == [
        ("Rods.", ["figs/a.pdf", "d/b"])
    ]


@pytest.mark.parametrize(
    "left",
    [
        r"\includegraphics{a}\caption{Left.}",
        r"\begin{includegraphics}[width=\textwidth]{a}\end{includegraphics}\caption{Left.}",
        r"\begin{overpic}[percent]{a}\put(1,2){x}\end{overpic}\caption{Left.}",
        r"\caption{Left.}\includegraphics{a}",
        r"\begin{minipage}{2cm}\includegraphics{a}\end{minipage}\caption{Left.}\label{fig:left}",
    ],
)
def test_images_and_captions_of_one_box_belong_together(left: str) -> None:
    body = (rf"\begin{{figure}}\begin{{minipage}}{{3cm}}{left}\end{{minipage}}\hfill"
            r"\begin{minipage}{3cm}\includegraphics{b}\caption{Right.}\end{minipage}\end{figure}")  # fmt: skip
    assert summary(body) == [("Figure 1", "Left.", ["a"]), ("Figure 2", "Right.", ["b"])]


def test_a_box_whose_image_is_not_understood_takes_none_of_its_neighbours() -> None:
    boxes = (r"\begin{minipage}{3cm}\unknown{a}\caption{Left.}\end{minipage}"
             r"\begin{minipage}{3cm}\includegraphics{b}\caption{Right.}\end{minipage}")  # fmt: skip
    assert summary(rf"\begin{{figure}}{boxes}\end{{figure}}") == [
        ("Figure 1", "Left.", []), ("Figure 2", "Right.", ["b"]),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "preamble",
    [
        r"\newacronym{csi}{CSI}{channel state information}",
        r"\newacronym[longplural={x}]{csi}{CSI}{channel state information}",
        r"\newacro{csi}[CSI]{channel state information}",
        r"\DeclareAcronym{csi}{short = CSI, long = channel state information}",
    ],
)
@pytest.mark.parametrize("used", [r"\gls{csi}", r"\Gls{csi}", r"\acrshort{csi}", r"\ac{csi}", r"\acs*{csi}"])
def test_acronyms_are_printed_in_their_short_form(preamble: str, used: str) -> None:
    body = rf"\begin{{figure}}\includegraphics{{a}}\caption{{Imperfect {used}.}}\end{{figure}}"
    assert summary(body, preamble) == [("Figure 1", "Imperfect CSI.", ["a"])]


@pytest.mark.parametrize(
    "body",
    [
        r"\begin{featurebox}\includegraphics{a}\caption{Rods.}\label{fig:rods}\end{featurebox}",
        r"\fullpagefig[odd]{\includegraphics{a}}{\caption[Short.]{Rods.}\label{fig:rods}}",
        "Text.\n\n\\noindent\\fullpagefig{%\n\\includegraphics{a}}{%\n\\caption{Rods.}\n\\label{fig:rods}}\n\nMore.",
        r"\begin{Figure}\caption{Rods.}\label{fig:rods}\includegraphics{a}\end{Figure}",
        r"\begin{landscape}\begin{center}\includegraphics{a}\caption{Rods.}\label{fig:rods}\end{center}\end{landscape}",
        "\\begin{spacing}{2}"
        + "Words. " * 1000
        + "\n\n\\bigfig{\\includegraphics{a}}{\\caption{Rods.}\\label{fig:rods}}"
        "\n\nMore.\\end{spacing}",
    ],
)
def test_a_caption_with_an_image_is_a_figure_in_whatever_it_stands(body: str) -> None:
    assert summary(body + r"\begin{figure}\includegraphics{b}\caption{Next.}\end{figure}") == [
        ("Figure 1", "Rods.", ["a"]), ("Figure 2", "Next.", ["b"]),
    ]  # fmt: skip


def test_what_no_label_calls_a_figure_shifts_no_numbers() -> None:
    body = r"\begin{featurebox}\includegraphics{a}\caption{Rods.}\label{box:rods}\end{featurebox}"
    assert summary(body + r"\begin{figure}\includegraphics{b}\caption{Next.}\end{figure}") == [
        ("", "Rods.", ["a"]), ("Figure 1", "Next.", ["b"]),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "body",
    [
        r"\begin{longtable}{l}\caption{Molecules.}\\ \includegraphics{a}\end{longtable}",
        r"\begin{table}\begin{tabular}{l}\includegraphics{a}\end{tabular}\caption{Molecules.}\end{table}",
        r"\begin{algorithm}\includegraphics{a}\caption{Steps.}\end{algorithm}",
        r"\begin{listing}\includegraphics{a}\caption{Code.}\end{listing}",
        r"\begin{tabularx}{l}\includegraphics{a}\caption{Molecules.}\end{tabularx}",
        r"\begin{box}\caption{No image.}\label{fig:box}\end{box}",
        "Logo \\includegraphics{a}\n\n" + "Words. " * 1000 + "\n\n\\other{\\caption{Far.}}",
        r"\newcommand{\pic}[2]{\begin{center}\includegraphics{#1}\caption{#2}\end{center}}",
    ],
)
def test_captions_of_what_is_no_figure_make_none(body: str) -> None:
    assert summary(body + "\n\n" + r"\begin{figure}\includegraphics{b}\caption{Next.}\end{figure}") == [
        ("Figure 1", "Next.", ["b"])
    ]


def test_the_slides_of_a_talk_on_which_a_part_is_shown_are_no_part_of_it() -> None:
    found = read_latex({"talk.tex": r"""\documentclass[t]{beamer}\begin{document}\begin{frame}<1-2>
        \begin{figure}<1->\includegraphics<1>[width=3cm]{a}\includegraphics<2->{b}\caption<2->{Rods.}\end{figure}
        Of $a<b$ and \only<2>{Fig.~1} more is said here.\end{frame}\end{document}"""})  # fmt: skip
    assert found is not None
    (figure,) = found.figures
    assert (figure.caption, [graphic.name for row in figure.rows for graphic in row]) == ("Rods.", ["a", "b"])
    assert [paragraph.text for paragraph in found.paragraphs] == ["Of a < b and Fig. 1 more is said here."]


def test_numbering_within_the_text_is_no_text() -> None:
    body = r"\numberwithin{figure}{section}\renewcommand{\thefigure}{S\arabic{figure}}Rods are seen in Fig.~1."
    assert [paragraph.text for paragraph in document(body).paragraphs] == ["Rods are seen in Fig. 1."]


def test_many_stray_captions_take_time_in_proportion() -> None:
    """Each was looked for in all environments since the last float; 2,000 took 18 s."""
    body = r"\begin{code}\includegraphics{a} \caption{Rods.}\end{code} " + r"\begin{x}a\end{x} " * 20
    began = time.process_time()
    assert summary(body * 2_000) == []
    assert time.process_time() - began < 8


@pytest.mark.parametrize(
    "text", ["\\documentclass[" * 60_000, "\\usepackage[" * 60_000, "\\documentclass" + " " * 150_000]
)
def test_signs_of_slides_are_looked_for_in_time_in_proportion(text: str) -> None:
    began = time.process_time()
    assert without_overlays(text) == text
    assert time.process_time() - began < 2


def test_references_that_other_packages_print_name_their_figures() -> None:
    floats = r"\begin{figure}\includegraphics{a}\caption{A.}\label{fig:%s}\end{figure}"
    text = r"See figure \eqref{fig:a} and \eqref{eq:no}. As \crefrange{fig:a}{fig:c} show. In Fig.~\subref{fig:b}."
    document = read_latex(
        {
            "m.tex": r"\documentclass{article}\begin{document}"
            + "".join(floats.replace("%s", name) for name in "abc")
            + text
        }
    )
    assert document is not None
    (paragraph,) = document.paragraphs
    said = "".join(sign for sign in paragraph.text if not "\ue000" <= sign <= "\uf8fe")
    assert said == "See figure (1) and. As fig. 1 to 3 show. In Fig. 2."
