"""The document among a submission's files, and the supplements that are printed behind it."""

import pytest

from exsclaim.sources.latex.latex_figures import read_latex

FIGURE = r"\begin{figure}\includegraphics{%s}\caption{Caption %s.}\label{fig:%s}\end{figure}"


def document(body: str, preamble: str = "") -> str:
    return rf"\documentclass{{article}}{preamble}\begin{{document}}{body}\end{{document}}"


def figure(name: str) -> str:
    return FIGURE.replace("%s", name)


def read(files: dict[str, str]) -> tuple[str, list[str]]:
    found = read_latex(files)
    assert found is not None
    return found.main, [each.caption for each in found.figures]


@pytest.mark.parametrize(
    "name", ["supplement", "SI", "paper_supp", "supporting_information", "esm", "main-si", "appendix"]
)
def test_a_supplement_beside_the_article_stands_behind_it(name: str) -> None:
    supplement = document(figure("b"), r"\renewcommand{\thefigure}{S\arabic{figure}}")
    found = read_latex({"main.tex": document(figure("a") + r"See Fig.~\ref{fig:b}."), f"{name}.tex": supplement})
    assert found is not None
    assert [(each.label, each.caption) for each in found.figures] == [
        ("Figure 1", "Caption a."),
        ("Figure S1", "Caption b."),
    ]
    assert found.undefined == []


def test_other_documents_beside_the_article_are_none_of_it() -> None:
    files = {"main.tex": document(figure("a"))}
    for other in ("old", "reply", "poster", "session", "physics"):
        files[f"{other}.tex"] = document(figure(other))
    files["anc/supplement.tex"] = document(figure("anc"))
    assert read(files) == ("main.tex", ["Caption a."])


def test_a_supplement_that_the_article_includes_is_read_once() -> None:
    files = {"main.tex": document(figure("a") + r"\input{supplement}"), "supplement.tex": figure("b")}
    assert read(files) == ("main.tex", ["Caption a.", "Caption b."])


def test_two_versions_of_a_supplement_are_one() -> None:
    first = document(figure("b") + figure("c"))
    files = {"main.tex": document(figure("a")), "supp_v1.tex": first, "supp_v2.tex": first}
    assert read(files) == ("main.tex", ["Caption a.", "Caption b.", "Caption c."])


def test_a_title_page_called_main_is_not_the_thesis() -> None:
    files = {"main.tex": document(r"\maketitle"), "thesis.tex": document(figure("a")), "talk.tex": document("Words")}
    assert read(files) == ("thesis.tex", ["Caption a."])
    assert read({"main.tex": document("Cover"), "thesis/all.tex": document(figure("a"))}) == (
        "thesis/all.tex",
        ["Caption a."],
    )


def test_an_article_without_figures_stays_the_article() -> None:
    assert read({"main.tex": document("Words"), "reply.tex": document("More words, many of them.")}) == ("main.tex", [])


def test_a_class_named_in_a_file_of_its_own_leads_to_what_includes_it() -> None:
    files = {
        "tex/style.tex": r"\documentclass{report}\newcommand{\a}{b}",
        "tex/main.tex": r"\input{style}\begin{document}" + figure("a") + r"\end{document}",
        "tex/Cover/Cover.tex": document("Cover"),
    }
    assert read(files) == ("tex/main.tex", ["Caption a."])


def many(count: int, name: str = "t") -> str:
    return "".join(figure(f"{name}{index}") for index in range(count))


@pytest.mark.parametrize("name", ["dissertation.tex", "thesis/dissertation.tex"])
def test_a_thesis_beside_an_article_called_main_is_the_document(name: str) -> None:
    main, captions = read({"main.tex": document(figure("a")), name: document(many(12))})
    assert (main, len(captions)) == (name, 12)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("talk.tex", document(many(12)).replace("article", "beamer")),
        ("wall.tex", document(many(12)).replace("article", "tikzposter")),
        ("supplement.tex", document(many(12))),
        ("other.tex", document(many(9))),
        ("old/dissertation.tex", document(many(12))),
        ("template/thesis.tex", document(many(12))),
    ],
)
def test_a_talk_a_supplement_or_one_that_is_little_longer_is_not(name: str, text: str) -> None:
    main, _ = read({"main.tex": document(many(4, "m")), name: text})
    assert main == "main.tex"


def test_a_template_that_pandoc_fills_in_is_no_document() -> None:
    template = (
        r"\documentclass{$documentclass$}$if(lang)$\usepackage{babel}$endif$"
        r"\begin{document}\includegraphics{logo}$body$\end{document}"
    )
    main, captions = read({"template.tex": template, "docs/thesis.tex": document(figure("a"))})
    assert (main, captions) == ("docs/thesis.tex", ["Caption a."])


def test_chapters_that_a_class_includes_are_found_by_their_names() -> None:
    files = {
        "template.tex": r"\documentclass{novathesis}\begin{document}\ntprint{mainmatter}\end{document}",
        "Config/files.tex": r"\ntaddfile{abstract}{abstract-en}\ntaddfile{appendix}{appendix1}"
        r"\ntaddfile{chapter}{intro}\ntaddfile{chapter}{rods}\ntaddfile{chapter}{ends}",
        "Chapters/abstract-en.tex": "An abstract.",
        "Chapters/intro.tex": r"\chapter{Introduction} Words alone.",
        "Chapters/rods.tex": r"\chapter{Rods}" + figure("a") + figure("b"),
        "Chapters/ends.tex": r"\chapter{Ends}" + figure("c"),
        "Chapters/appendix1.tex": r"\chapter{More}" + figure("d"),
        "Chapters/unused.tex": r"\chapter{Unused}" + figure("e"),
    }
    found = read_latex(files)
    assert found is not None
    assert [(each.label, each.caption) for each in found.figures] == [
        ("Figure 2.1", "Caption a."),
        ("Figure 2.2", "Caption b."),
        ("Figure 3.1", "Caption c."),
        ("Figure A.1", "Caption d."),
    ]


def test_files_that_nothing_names_are_no_chapters() -> None:
    files = {"main.tex": document("Words alone."), "a.tex": figure("a"), "b.tex": figure("b")}
    assert read(files) == ("main.tex", [])


@pytest.mark.parametrize("other", ["[12pt]{letter}", "[tikz]{standalone}", "[../all]{subfiles}", "{beamer}"])
def test_a_class_in_a_comment_says_nothing_of_a_document(other: str) -> None:
    """Templates name the classes that they do not use, and authors keep those of the journals before."""
    paper = f"%\\documentclass{other}\n  % or \\documentclass{other}\n{document(figure('a'))}"
    assert read({"main.tex": paper, "guidelines.tex": document(figure("guide"))}) == ("main.tex", ["Caption a."])


@pytest.mark.parametrize("other", ["[12pt]{letter}", "[tikz]{standalone}"])
def test_the_class_that_a_document_has_says_what_it_is(other: str) -> None:
    letter = document(figure("b")).replace("{article}", other)
    assert read({"main.tex": letter, "text.tex": document(figure("a"))}) == ("text.tex", ["Caption a."])


def test_what_shows_the_changes_of_a_document_is_not_the_document() -> None:
    changes = "%DIF LATEXDIFF DIFFERENCE FILE\n" + document(figure("a") + figure("deleted"))
    assert read({"rods.tex": document(figure("a")), "rods-diff.tex": changes}) == ("rods.tex", ["Caption a."])
    assert read({"rods-diff.tex": changes})[0] == "rods-diff.tex"


def test_a_chapter_whose_class_is_in_a_comment_is_a_chapter() -> None:
    chapter = "%\\documentclass{article}\n" + figure("b") * 3
    thesis = document(rf"{figure('a')}\input{{main}}")
    assert read({"thesis.tex": thesis, "main.tex": chapter, "old.tex": chapter})[0] == "thesis.tex"
    assert read({"main.tex": chapter})[1] == ["Caption b."] * 3
