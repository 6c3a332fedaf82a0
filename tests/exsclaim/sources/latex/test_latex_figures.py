"""Figures of LaTeX documents: numbers, captions, parts and rows."""

import io

import numpy as np
import pytest
from PIL import Image

from exsclaim.errors import ImageError
from exsclaim.sources.latex.latex_figures import LatexFigure, read_latex
from exsclaim.sources.latex.submission_files import figure_image


def figures(body: str, **files: str) -> list[LatexFigure]:
    main = f"\\documentclass{{article}}\\newcommand{{\\ag}}{{Ag$_2$S}}\\begin{{document}}{body}\\end{{document}}"
    document = read_latex({"main.tex": main, **{name.replace("__", "."): text for name, text in files.items()}})
    assert document is not None
    return document.figures


def names(figure: LatexFigure) -> list[list[str]]:
    return [[f"{graphic.letter}:{graphic.name}" for graphic in row] for row in figure.rows]


def test_a_plain_figure() -> None:
    (figure,) = figures(
        r"\begin{figure*}[t]\centering\includegraphics[width=0.9\linewidth, trim=1in 0 0 10bp, clip]{one}%x"
        "\n"
        r"\caption[short]{SEM of \ag{}.}\label{a}\end{figure*}"
    )
    assert (figure.label, figure.caption, names(figure)) == ("Figure 1", "SEM of Ag₂S.", [[":one"]])
    graphic = figure.rows[0][0]
    assert graphic.width_share == pytest.approx(0.9)
    assert graphic.trim is not None
    assert [each.bp for each in graphic.trim] == pytest.approx([72, 0, 0, 10], rel=0.01)


@pytest.mark.parametrize(
    "parts",
    [
        r"\subfloat[First \label{p}]{\includegraphics{a}} \hfill \subfloat[]{\includegraphics{b}} \\"
        r"\subfloat{\includegraphics{c}}",
        r"\subfigure[First \label{p}]{\includegraphics{a}} \subfigure[]{\includegraphics{b}} \\"
        r"\subfigure{\includegraphics{c}}",
        r"\subcaptionbox{First\label{p}}{\includegraphics{a}}\subcaptionbox{}[3cm]{\includegraphics{b}}\\"
        r"\subcaptionbox*{}{\includegraphics{c}}",
        r"\begin{subfigure}[b]{0.4\textwidth}\includegraphics{a}\caption{First}\label{p}\end{subfigure}"
        r"\begin{subfigure}{0.4\textwidth}" "\n\n" r"\includegraphics{b}\caption{}\end{subfigure}" "\n\n"
        r"\begin{subfigure}{0.4\textwidth}\includegraphics{c}\caption{}\end{subfigure}",
        r"\begin{minipage}{0.4\textwidth}\includegraphics{a}\subcaption{First}\label{p}\end{minipage}"
        r"\begin{minipage}{0.4\textwidth}\includegraphics{b}\subcaption{}\end{minipage}\\"
        r"\begin{minipage}{0.4\textwidth}\includegraphics{c}\subcaption{}\end{minipage}",
    ],
)  # fmt: skip
def test_parts_have_letters_rows_and_captions(parts: str) -> None:
    (figure,) = figures(rf"\begin{{figure}}{parts}\caption{{Three, see \ref{{p}}.}}\end{{figure}}")
    assert names(figure) == [["a:a", "b:b"], ["c:c"]]
    assert figure.caption == "Three, see 1a. (a) First"


def test_images_that_do_not_fit_into_a_line_begin_a_new_one() -> None:
    images = r"\includegraphics[width=.48\textwidth]{%s}"
    (figure,) = figures(r"\begin{figure}" + "".join(images % n for n in "pqrs") + r"\caption{x}\end{figure}")
    assert names(figure) == [[":p", ":q"], [":r", ":s"]]


def test_two_captions_in_one_float_are_two_figures() -> None:
    after, before = (
        r"\begin{figure}" + "".join(rf"\begin{{minipage}}{{.5\textwidth}}{each}\end{{minipage}}" for each in both)
        + r"\end{figure}"
        for both in (
            (r"\includegraphics{l}\caption{Left.}\label{l}", r"\includegraphics{r}\caption{Right of \ref{l}.}"),
            (r"\caption{Left.}\label{l}\includegraphics{l}", r"\caption{Right of \ref{l}.}\includegraphics{r}"),
        )
    )  # fmt: skip
    for body in (after, before):
        found = figures(body)
        assert [(each.label, each.caption, names(each)) for each in found] == [
            ("Figure 1", "Left.", [[":l"]]),
            ("Figure 2", "Right of 1.", [[":r"]]),
        ]


def test_numbers_are_those_that_are_printed() -> None:
    figure = r"\begin{figure}\includegraphics{x}\caption{x}\end{figure}"
    body = (
        figure + r"\begin{scheme}\includegraphics{x}\caption{x}\end{scheme}" + figure
        + figure.replace("\\includegraphics", "\\ContinuedFloat\\includegraphics")
        + r"\begin{figure}\includegraphics{decoration}\end{figure}"
        + r"\appendix\renewcommand{\thefigure}{S\arabic{figure}}\setcounter{figure}{0}" + figure
    )  # fmt: skip
    assert [each.label for each in figures(body)] == ["Figure 1", "Scheme 1", "Figure 2", "", "Figure S1"]


def test_figures_of_included_files_are_found_and_those_in_comments_not() -> None:
    figure = r"\begin{figure}\includegraphics{x}\caption{Included.}\end{figure}"
    found = figures("% " + figure + "\n\\input{part}", part__tex=figure)
    assert [each.caption for each in found] == ["Included."]


def test_figures_behind_commands_of_the_author() -> None:
    body = r"\newcommand{\fig}[2]{\begin{figure}\includegraphics{#1}\caption{#2}\end{figure}}\fig{one}{First.}"
    (figure,) = figures(body)
    assert (names(figure), figure.caption) == ([[":one"]], "First.")


@pytest.mark.parametrize(
    ("command", "name"),
    [
        (r"\epsfig{file=old.ps,width=8cm}", "old.ps"), (r"\psfig{figure=old.ps}", "old.ps"),
        (r"\epsfbox[0 0 1 1]{old.eps}", "old.eps"), (r"\plotone{f1}", "f1"),
        (r'\includegraphics*{"my file"}', "my file"),
        (r"\begin{overpic}[width=3cm]{under}\put(1,1){a}\end{overpic}", "under"),
    ],
)  # fmt: skip
def test_older_and_other_ways_to_include_an_image(command: str, name: str) -> None:
    (figure,) = figures(rf"\begin{{figure}}{command}\caption{{x}}\end{{figure}}")
    assert names(figure) == [[f":{name}"]]


def test_a_command_that_calls_itself_is_none() -> None:
    """In TeX it has no end; expanded, one that holds a figure made thousands of them, in minutes."""
    figure = r"\begin{figure}\includegraphics{a}\caption{Silver on \sto.}\end{figure}"
    preamble = rf"\documentclass{{article}}\newcommand{{\sto}}{{SrTiO {figure} \sto}}"
    document = read_latex({"main.tex": rf"{preamble}\begin{{document}}{figure}\end{{document}}"})
    assert document is not None
    assert [each.caption for each in document.figures] == ["Silver on."]


def test_the_main_document_is_found_among_others() -> None:
    document = "\\documentclass{article}\\begin{document}\\begin{figure}\\caption{%s}\\end{figure}\\end{document}"
    files = {
        "supp/main.tex": document % "no",
        "letter.tex": document % "letter",
        "ms.tex": document % "yes",
        "a.txt": "",
    }
    found = read_latex(files)
    assert found is not None
    assert found.main == "ms.tex"
    assert read_latex({"readme.txt": "hello"}) is None


def test_the_main_document_lies_above_others_and_is_no_drawing_if_there_is_another() -> None:
    document = "\\documentclass[a4paper]{%s}\\begin{document}\\begin{figure}\\caption{x}\\end{figure}\\end{document}"
    files = {
        "plot.tex": document % "standalone",
        "cover.tex": document % "letter",
        "drawings/main.tex": document % "standalone",
        "tex/thesis.tex": document % "book",
        "tex/talk/main.tex": document % "article",
    }
    for left_out, main in (
        ("", "tex/thesis.tex"),
        ("tex/thesis.tex", "tex/talk/main.tex"),
        ("tex/talk/main.tex", "plot.tex"),
    ):
        files.pop(left_out, None)
        found = read_latex(files)
        assert found is not None
        assert found.main == main


def test_a_thesis_of_several_files_is_the_document_and_not_the_talk_on_it() -> None:
    figure = "\\begin{figure}\\caption{%s}\\end{figure}"
    start, end = "\\documentclass{book}\\begin{document}", "\\end{document}"
    files = {
        "presentation.tex": start + "Words. " * 20 + figure % "Talk." + end,
        "thesis.tex": start + "\\include{one}\\include{two}" + end,
        "one.tex": "Words. " * 20 + figure % "First.",
        "two.tex": "Words. " * 20 + figure % "Second.",
    }
    found = read_latex(files)
    assert found is not None
    assert (found.main, [each.caption for each in found.figures]) == ("thesis.tex", ["First.", "Second."])


def png(width: int, height: int, grey: int = 0) -> bytes:
    file = io.BytesIO()
    Image.fromarray(np.full((height, width, 3), grey, np.uint8)).save(file, "PNG")
    return file.getvalue()


def pdf(width_pt: int, height_pt: int) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (width_pt, height_pt), "red").save(file, "PDF", resolution=72.0)
    return file.getvalue()


def drawn(body: str, **files: bytes) -> Image.Image:
    (figure,) = figures(rf"\begin{{figure}}{body}\caption{{x}}\end{{figure}}")
    named = {name.replace("__", "."): content for name, content in files.items()}
    return Image.open(io.BytesIO(figure_image(figure, named, ["", "figs/"], max_megapixels=50)))


def test_an_image_is_taken_as_it_was_submitted() -> None:
    (figure,) = figures(r"\begin{figure}\includegraphics{one}\caption{x}\end{figure}")
    content = png(30, 20)
    assert figure_image(figure, {"figs/One.PNG": content}, ["", "figs/"], max_megapixels=50) == content


def test_a_pdf_is_drawn_at_300_dots_per_inch() -> None:
    image = drawn(r"\includegraphics{one}", one__pdf=pdf(216, 144))
    assert image.size == pytest.approx((900, 600), abs=1)
    assert image.convert("RGB").getpixel((450, 300)) == (254, 0, 0)


def test_an_image_is_trimmed_and_turned_as_in_the_document() -> None:
    image = drawn(r"\includegraphics[trim=10 0 0 5,clip,angle=90]{one}", one__png=png(100, 50))
    assert image.size == (45, 90)


@pytest.mark.parametrize(
    ("options", "size"),
    [
        (r"trim={0 0 0 {.5\height}},clip", (100, 25)),
        (r"trim={.25\width} {.1\height} 10 0,clip=true", (65, 45)),
        ("viewport=10 5 40 45,clip", (30, 40)),
        ("viewport=10 5 4000 45,clip", (90, 40)),
        ("viewport=10 5 40 45", (100, 50)),
        (r"trim=0 0 .5\textwidth 0,clip", (100, 50)),
        (r"trim=0 0 0\textwidth 10,clip", (100, 40)),
        ("viewport=40 45 10 5,clip", (100, 50)),
    ],
)
def test_an_image_is_cut_where_lengths_of_its_own_say_so(options: str, size: tuple[int, int]) -> None:
    assert drawn(rf"\includegraphics[{options}]{{one}}", one__png=png(100, 50)).size == size


def test_parts_are_put_together_as_they_stand() -> None:
    parts = r"\subfloat[]{\includegraphics[width=.5\textwidth]{%s}}"
    image = drawn(
        parts % "a" + parts % "b" + r"\\" + r"\subfloat[]{\includegraphics[width=\textwidth]{c}}",
        a__png=png(200, 100, 50), b__png=png(100, 50, 100), c__png=png(400, 100, 150),
    )  # fmt: skip
    assert 395 <= image.width <= 420
    grey = np.asarray(image.convert("L"))
    for row, column, expected in ((0.25, 0.2, 50), (0.25, 0.8, 100), (0.8, 0.5, 150)):
        assert grey[int(row * grey.shape[0]), int(column * grey.shape[1])] == expected
    assert (grey[:20, :60] < 128).any()  # the letter over the first part


def test_an_eps_that_was_converted_is_read_as_what_it_was_converted_to() -> None:
    image = drawn(r"\includegraphics{one.eps}", one__eps=b"%!PS", **{"one-eps-converted-to__pdf": pdf(72, 72)})
    assert image.size == (600, 600)  # small pages are drawn larger


@pytest.mark.parametrize(
    ("body", "files", "said"),
    [
        (r"\includegraphics{one}", {}, "no file for the image 'one'"),
        (r"\includegraphics{one}", {"one__eps": b"%!PS-Adobe"}, "one.eps is PostScript"),
        (r"\includegraphics{one}", {"one__png": b"\x89PNG"}, "one.png: not an image"),
        (r"\includegraphics{one}", {"one__pdf": b"%PDF-1.5 broken"}, "one.pdf: the PDF cannot be drawn"),
        (r"\includegraphics[page=2]{one}", {"one__pdf": pdf(72, 72)}, "no page 2"),
        (r"\includegraphics{../../etc/passwd}", {}, "no file for the image"),
        (r"\begin{tikzpicture}\end{tikzpicture}", {}, "drawn by TeX commands"),
        (r"\fbox{no image}", {}, "includes no image file"),
    ],
)
def test_what_cannot_be_drawn_is_an_error_that_says_why(body: str, files: dict[str, bytes], said: str) -> None:
    with pytest.raises(ImageError, match=said):
        drawn(body, **files)


BEHIND = "(a) Before and (b) after annealing of \\ag{} at 5~K."
PRINTED = "(a) Before and (b) after annealing of Ag₂S at 5 K."


@pytest.mark.parametrize(
    ("float", "caption"),
    [
        (rf"\includegraphics{{one}} \caption{{\label{{a}} }} {BEHIND}", PRINTED),
        (rf"\includegraphics{{one}} \caption{{}} \label{{a}} {BEHIND}", PRINTED),
        (r"\includegraphics{one} \caption{\label{a}} \vspace{-2mm}", ""),
        (r"\includegraphics{one} \caption{\label{a}} \centering Photo: A. Lee", ""),
        (rf"\caption{{}} \includegraphics{{one}} {BEHIND}", ""),
        (rf"\includegraphics{{one}} \caption{{Rods.}} {BEHIND}", "Rods."),
    ],
)  # fmt: skip
def test_text_behind_a_caption_without_words_is_the_caption(float: str, caption: str) -> None:
    (figure,) = figures(rf"\begin{{figure}}{float}\end{{figure}}")
    assert (figure.label, figure.caption) == ("Figure 1", caption)


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ('"my figures/a"', "my figures/a"),
        ('"my figures/a".eps', "my figures/a.eps"),
        (r"\string\"my figures/a\string\".eps".replace('\\"', '"'), "my figures/a.eps"),
    ],
)
def test_quotes_around_a_path_are_none_of_it(path: str, name: str) -> None:
    (figure,) = figures(rf"\begin{{figure}}\includegraphics{{{path}}}\caption{{Rods.}}\end{{figure}}")
    assert names(figure) == [[f":{name}"]]
