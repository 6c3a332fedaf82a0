"""The file that an image's name means, where several folders have one of that name."""

import io

import pytest
from PIL import Image

from exsclaim.sources.latex.latex_figures import read_latex
from exsclaim.sources.latex.submission_files import figure_image

FLOAT = r"\begin{figure}\includegraphics{rods}\caption{Gold rods.}\end{figure}"
SUBFILE = rf"\documentclass[../main]{{subfiles}}\begin{{document}}{FLOAT}\end{{document}}"


def article(body: str, preamble: str = "") -> str:
    return rf"\documentclass{{report}}{preamble}\begin{{document}}{body}\end{{document}}"


def png(folder: str) -> bytes:
    """An image, another for each folder."""
    file = io.BytesIO()
    Image.new("RGB", (40, 30), (hash(folder) % 250, len(folder), 9)).save(file, "PNG")
    return file.getvalue() + folder.encode()


def shown(tex: dict[str, str], *folders: str) -> list[str]:
    """The folder of the image that each figure of the document shows."""
    images = {f"{folder}/rods.png".lstrip("/"): png(folder) for folder in folders}
    document = read_latex(tex)
    assert document is not None
    found = [figure_image(each, images, document.folders, max_megapixels=9) for each in document.figures]
    return [image.partition(b"IEND\xaeB`\x82")[2].decode() for image in found]


@pytest.mark.parametrize(
    "tex",
    [
        {"main.tex": article(rf"\graphicspath{{{{./a/}}}}{FLOAT}\graphicspath{{{{./b/}}}}{FLOAT}")},
        {"main.tex": article(rf"\graphicspath{{{{a/}}{{c/}}}}{FLOAT}\graphicspath{{{{b/}}{{c/}}}}{FLOAT}")},
        {"main.tex": article(rf"{FLOAT}\graphicspath{{{{b/}}}}{FLOAT}", r"\graphicspath{{a/}}")},
        {
            "main.tex": article(r"\include{a/text}\include{b/text}"),
            "a/text.tex": rf"\chapter{{A}}\graphicspath{{{{a/}}}}{FLOAT}",
            "b/text.tex": rf"\chapter{{B}}\graphicspath{{{{b/}}}}{FLOAT}",
        },
        {
            "main.tex": article(rf"\here{{a}}{FLOAT}\here{{b}}{FLOAT}", r"\newcommand\here[1]{\graphicspath{{#1/}}}"),
        },
        {"main.tex": article(r"\import{a/}{text}\import{./b}{text.tex}"), "a/text.tex": FLOAT, "b/text.tex": FLOAT},
        {"main.tex": article(r"\subimport{a/}{text}\subimport*{b/}{text}"), "a/text.tex": FLOAT, "b/text.tex": FLOAT},
        {"main.tex": article(r"\subfile{a/text}\subfile{b/text.tex}"), "a/text.tex": SUBFILE, "b/text.tex": SUBFILE},
        {
            "main.tex": article(r"\subfileinclude{a/text}\subfile{b/text}"),
            "a/text.tex": SUBFILE, "b/text.tex": SUBFILE,
        },
        {"main.tex": article(rf"\import{{a/}}{{text}}{FLOAT}", r"\graphicspath{{b/}}"), "a/text.tex": FLOAT},
    ],
    ids=[
        "before each chapter", "in two folders", "preamble and body", "in each chapter's file", "by a command",
        "import", "subimport", "subfile", "subfileinclude", "behind what was imported",
    ],
)  # fmt: skip
def test_a_chapter_shows_its_own_image_of_a_name_that_others_have(tex: dict[str, str]) -> None:
    assert shown(tex, "a", "b") == ["a", "b"]


def test_folders_are_no_words_of_the_text() -> None:
    said = r"As Figure 1 shows, rods are gold. "
    tex = article(rf"\graphicspath{{{{c/}}}}{said}\import{{a/}}{{text}}{said}")
    document = read_latex({"main.tex": tex, "a/text.tex": said + FLOAT})
    assert document is not None
    assert [each.text.split() for each in document.paragraphs] == [(3 * said).split()]


@pytest.mark.parametrize(
    ("tex", "folders", "expected"),
    [
        ({"main.tex": article(FLOAT, r"\graphicspath{{a/}{b/}}")}, ("a", "b"), ["a"]),
        ({"main.tex": article(FLOAT, r"\graphicspath{{a/}}")}, ("", "a"), [""]),
        ({"main.tex": article(rf"\graphicspath{{{{a/}}}}{FLOAT}")}, ("", "a"), [""]),
        ({"main.tex": article(r"\input{a/text}"), "a/text.tex": FLOAT}, ("", "a"), [""]),
        ({"main.tex": article(rf"\import{{a/}}{{text}}{FLOAT}"), "a/text.tex": FLOAT}, ("", "a"), ["a", ""]),
        ({"main.tex": article(r"\import{a/}{text}"), "a/text.tex": FLOAT}, ("figures",), ["figures"]),
        ({"main.tex": article(FLOAT)}, ("figures",), ["figures"]),
        (
            {
                "main.tex": article(r"\begin{figure}\input{t.pdf_tex}\caption{A}\end{figure}",
                                    r"\makeatletter\def\input@path{{c/}{a}}\makeatother"),
                "a/t.pdf_tex": r"\includegraphics{rods}",
            },
            ("a",), ["a"],
        ),
        ({"src/main.tex": article(r"\input{src/text}"), "src/text.tex": FLOAT}, ("src",), ["src"]),
    ],
    ids=[
        "the first folder", "beside the document before its folders", "so in the body, too", "of what is merely input",
        "behind what was imported", "the only one", "the only one of all",
        "of what is included from a folder of inputs", "TeX was run above the document",
    ],
)  # fmt: skip
def test_where_tex_looks_first(tex: dict[str, str], folders: tuple[str, ...], expected: list[str]) -> None:
    assert shown(tex, *folders) == expected
