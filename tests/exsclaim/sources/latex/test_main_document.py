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
