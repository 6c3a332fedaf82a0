"""Captions and floats of other classes and packages, and loops over images, are read as what they print."""

import time

import pytest

from exsclaim.sources.latex.float_dialects import in_plain_latex
from exsclaim.sources.latex.latex_figures import read_latex
from tests.exsclaim.sources.latex.test_floats import document, summary

NEXT = r"\begin{figure}\includegraphics{b}\caption{Next.}\end{figure}"


@pytest.mark.parametrize(
    "body",
    [
        r"\begin{figure}\captionabove{Rods.}\includegraphics{a}\end{figure}",
        r"\begin{figure}\includegraphics{a}\captionbelow[Short]{Rods.}\end{figure}",
        r"\begin{figure}\begin{captionbeside}[Short]{Rods.}[r]\includegraphics{a}\end{captionbeside}\end{figure}",
        r"\begin{center}\includegraphics{a}\captionbelowof{figure}{Rods.}\end{center}",
        r"\begin{wrapfloat}{figure}{r}{3cm}\includegraphics{a}\caption{Rods.}\end{wrapfloat}",
        r"\begin{figure}\fcapside[\FBwidth]{\caption{Rods.}}{\includegraphics{a}}\end{figure}",
        r"\begin{figure}\includegraphics{a}\bicaption[Stäbe]{Stäbe.}[Rods]{Rods.}\end{figure}",
        r"\begin{figure}\includegraphics{a}\bicaption[fig:r]{棒}{棒的图}{Fig.}{Rods}{Rods.}\end{figure}",
    ],
)
def test_a_caption_of_another_class_is_one_and_no_number_is_shifted(body: str) -> None:
    assert summary(body + NEXT) == [("Figure 1", "Rods.", ["a"]), ("Figure 2", "Next.", ["b"])]


def test_a_figure_that_memoir_continues_is_one() -> None:
    body = (
        r"\begin{figure}\includegraphics{a}\caption{Rods.}\end{figure}"
        r"\begin{figure}\includegraphics{c}\contcaption{(continued)}\end{figure}"
    )
    assert summary(body + NEXT) == [("Figure 1", "Rods.", ["a", "c"]), ("Figure 2", "Next.", ["b"])]


def test_boxes_in_a_row_of_floats_are_figures() -> None:
    body = (
        r"\begin{figure}\begin{floatrow}\ffigbox{\includegraphics{a}}{\caption{Rods.}}"
        r"\ffigbox{\includegraphics{b}}{\caption{Wires.}}\end{floatrow}\end{figure}"
    )
    assert summary(body) == [("Figure 1", "Rods.", ["a"]), ("Figure 2", "Wires.", ["b"])]


@pytest.mark.parametrize(
    ("loop", "images"),
    [
        (r"\foreach \i in {1,...,3} {\includegraphics{p\i.png}}", ["p1.png", "p2.png", "p3.png"]),
        (r"\foreach \i in {a,...,c} {\includegraphics{p\i}}", ["pa", "pb", "pc"]),
        (r"\foreach \i in {0,5,...,15} {\includegraphics{t\i}}", ["t0", "t5", "t10", "t15"]),
        (r"\foreach \i in {3,...,1} {\includegraphics{p\i}}", ["p3", "p2", "p1"]),
        (r"\foreach \i/\w in {x/.4,y/.5}{\includegraphics[width=\w\linewidth]{\i}}", ["x", "y"]),
        (r"\foreach \f [count=\n] in {x,y}{\includegraphics{\f-\n}}", ["x-1", "y-2"]),
        (r"\foreach \r in {1,2}{\foreach \c in {a,b}{\includegraphics{\r\c}}\\}", ["1a", "1b", "2a", "2b"]),
    ],
)
def test_images_that_a_loop_includes_are_those_of_its_turns(loop: str, images: list[str]) -> None:
    assert summary(rf"\begin{{figure}}{loop}\caption{{Rods.}}\end{{figure}}") == [("Figure 1", "Rods.", images)]


def test_captions_in_a_loop_are_those_of_its_turns() -> None:
    part = r"\begin{subfigure}{.4\linewidth}\includegraphics{\n}\caption{\t}\end{subfigure}"
    loop = rf"\foreach \n/\t in {{x/Rods,y/Wires}}{{{part}}}"
    assert summary(rf"\begin{{figure}}{loop}\caption{{Both.}}\end{{figure}}") == [
        ("Figure 1", "Both. (a) Rods (b) Wires", ["x", "y"])
    ]


def test_a_loop_that_draws_and_one_over_a_list_of_another_place_stay() -> None:
    drawing = r"\foreach \x in {1,...,9} {\draw (\x,0) -- (\x,1);}"
    assert in_plain_latex(drawing) == drawing
    assert (
        in_plain_latex(r"\foreach \x in \names {\includegraphics{\x}}")
        == r"\foreach \x in \names {\includegraphics{\x}}"
    )


def test_loops_in_loops_end() -> None:
    begun = time.monotonic()
    nested = r"\includegraphics{x}"
    for name in ("a", "b", "c", "d", "e", "f"):
        nested = rf"\foreach \{name} in {{1,...,60}}{{{nested}}}"
    assert len(in_plain_latex(nested * 50)) < 1_000_000
    assert time.monotonic() - begun < 10


@pytest.mark.parametrize(
    "source",
    [
        r"\caption*{Source: Smith (2010).}",
        r"\fonte{Smith (2010).}",
        r"\source{Smith (2010).}",
        "\n\n{\\footnotesize \\textit{Source:} Smith (2010).}",
        r"\\ \small Source: Smith (2010).",
        r"\credit{Smith (2010).}",
    ],
)
@pytest.mark.parametrize("figure", [r"\includegraphics{a}\caption{Rods.}", r"\caption{Rods.}\includegraphics{a}"])
def test_a_source_under_a_caption_belongs_to_it_and_is_no_figure(figure: str, source: str) -> None:
    preamble = r"\newcommand{\credit}[1]{\caption*{Source: #1}}"
    (label, caption, images), following = summary(rf"\begin{{figure}}{figure}{source}\end{{figure}}{NEXT}", preamble)
    assert (label, images, following) == ("Figure 1", ["a"], ("Figure 2", "Next.", ["b"]))
    assert caption.replace("Fonte", "Source") == "Rods. Source: Smith (2010)."


def test_captions_without_number_before_that_of_the_figure_are_in_its_caption() -> None:
    body = (
        r"\begin{figure}\begin{minipage}{3cm}\includegraphics{a}\caption*{Before}\end{minipage}"
        r"\begin{minipage}{3cm}\includegraphics{b}\caption*{After}\end{minipage}\caption{Rods.}\end{figure}"
    )
    assert summary(body) == [("Figure 1", "Rods. Before After", ["a", "b"])]


def test_figures_without_number_alone_are_figures() -> None:
    body = (
        r"\begin{figure}\begin{minipage}{3cm}\includegraphics{a}\caption*{Before}\end{minipage}"
        r"\begin{minipage}{3cm}\includegraphics{b}\caption*{After}\end{minipage}\end{figure}"
    )
    assert summary(body) == [("", "Before", ["a"]), ("", "After", ["b"])]


def test_a_table_beside_a_figure_is_counted_as_a_table() -> None:
    body = (
        r"\begin{figure}\begin{minipage}{3cm}\captionof{table}{Sizes.}\label{t}\includegraphics{t}\end{minipage}"
        r"\begin{minipage}{3cm}\includegraphics{a}\caption{Rods of Table~\ref{t}, wires of Table~\ref{u}.}"
        r"\end{minipage}"
        r"\end{figure}\begin{table}\caption{More.}\label{u}\end{table}"
    )
    assert summary(body + NEXT) == [
        ("Figure 1", "Rods of Table 1, wires of Table 2.", ["a"]), ("Figure 2", "Next.", ["b"]),
    ]  # fmt: skip


def test_a_part_with_a_caption_in_two_languages_has_its_letter() -> None:
    body = (
        r"\begin{figure}\begin{subfigure}{3cm}\includegraphics{a}\bisubcaption{棒}{Rods}\end{subfigure}"
        r"\caption{Both.}\end{figure}"
    )
    assert summary(body) == [("Figure 1", "Both. (a) Rods", ["a"])]


def test_a_document_whose_class_is_named_in_a_file_of_its_own_is_read() -> None:
    files = {
        "thesis.tex": "\\input{setup/preamble}\n\\begin{document}\\input{one}\\end{document}",
        "setup/preamble.tex": "\\documentclass{book}\\newcommand{\\start}{\\begin{document}}",
        "one.tex": "\\chapter{One}" + NEXT,
    }
    found = read_latex(files)
    assert found is not None
    assert (found.main, [figure.label for figure in found.figures]) == ("thesis.tex", ["Figure 1.1"])


def test_a_document_that_a_talk_includes_is_still_one() -> None:
    files = {
        "paper.tex": "\\documentclass{article}\\begin{document}" + NEXT + "\\end{document}",
        "notes.tex": "Text on \\input{paper} without a document.",
    }
    found = read_latex(files)
    assert found is not None
    assert found.main == "paper.tex"


@pytest.mark.parametrize("definition", [r"\newcommand{\part@}[2][]{\chapter[#1]{#2}}", ""])
def test_chapters_that_a_command_of_the_authors_begins_are_counted(definition: str) -> None:
    own = r"\newcommand{\mychapter}[2][]{\chapter[#1]{#2}\thispagestyle{empty}}"
    body = r"\mychapter{One}" + NEXT + r"\mychapter[Short]{Two}" + NEXT
    assert [label for label, _, _ in summary(body, definition + own)] == ["Figure 1.1", "Figure 2.1"]


def test_appendices_of_a_chapter_are_its_sections_with_letters() -> None:
    body = (
        r"\chapter{One}\section{First}" + NEXT + r"\begin{subappendices}\section{More}" + NEXT + r"\end{subappendices}"
        r"\chapter{Two}\section{First}" + NEXT
    )
    preamble = r"\numberwithin{figure}{section}"
    labels = [figure.label for figure in document(body, preamble).figures]
    assert labels == ["Figure 1.1.1", "Figure 1.A.1", "Figure 2.1.1"]


@pytest.mark.parametrize(
    "hostile",
    [
        r"\begin{captionbeside}[" * 30_000,
        r"\foreach \x in {" * 30_000,
        r"\begin{figure}\caption{a}" + "Source: {" * 30_000 + r"\end{figure}",
    ],
)
def test_what_nothing_closes_is_read_in_time(hostile: str) -> None:
    begun = time.monotonic()
    document(hostile)
    assert time.monotonic() - begun < 20
