"""Captions with images outside of known floats, by the names of their environments; brackets that nothing closes."""

import time

import pytest

from exsclaim.sources.latex.latex_figures import read_latex
from tests.exsclaim.sources.latex.test_floats import summary


@pytest.mark.parametrize(
    "name", ["stablebox", "decoderbox", "encodings", "programmebox", "portablefig", "notablefinding", "featurebox"]
)
def test_a_word_within_the_name_of_an_environment_makes_no_table_of_it(name: str) -> None:
    body = rf"\begin{{{name}}}\includegraphics{{a}}\caption{{Rods.}}\label{{fig:rods}}\end{{{name}}}"
    assert summary(body) == [("Figure 1", "Rods.", ["a"])]


@pytest.mark.parametrize(
    "name",
    ["sidewaystable", "quasitable", "longrotatetable", "splitdeluxetable", "sourcecode", "lstlisting", "longtabu"],
)
def test_tables_and_listings_are_no_figures_whatever_they_hold(name: str) -> None:
    assert summary(rf"\begin{{{name}}}\includegraphics{{a}}\caption{{Rods.}}\label{{fig:m}}\end{{{name}}}") == []


@pytest.mark.parametrize("body", [r"\begin{figure}" * 40_000, r"\iffalse" * 40_000, r"\ifx\a\b x\else y" * 40_000])
def test_what_nothing_closes_takes_time_in_proportion(body: str) -> None:
    """From each the rest was looked through, or all that is open: 10 to 20 s."""
    began = time.process_time()
    assert read_latex({"main.tex": rf"\documentclass{{article}}\begin{{document}}{body}\end{{document}}"}) is not None
    assert time.process_time() - began < 5


def test_small_files_that_include_each_other_have_an_end() -> None:
    """Twenty files, each of which includes the next one twice: a million includes, half a minute."""
    files = {f"{n}.tex": rf"\input{{{n + 1}}}\input{{{n + 1}}}" for n in range(40)}
    figure = r"\begin{figure}\includegraphics{a}\caption{Rods.}\end{figure}"
    began = time.process_time()
    found = read_latex(
        {"main.tex": rf"\documentclass{{article}}\begin{{document}}{figure}\input{{0}}\end{{document}}", **files}
    )
    assert found is not None
    assert [each.caption for each in found.figures] == ["Rods."]
    assert time.process_time() - began < 5


@pytest.mark.parametrize(
    ("piece", "count"),
    [
        (r"\newcommand{\a}[", 20_000),
        (r"\newcommand{\a}[{]", 20_000),
        (r"\subfloat[{]", 20_000),
        (r"\newacronym[", 60_000),
        (r"\ref[", 60_000),
    ],
)
def test_brackets_that_nothing_closes_take_time_in_proportion(piece: str, count: int) -> None:
    """From each the rest of the text was looked through: 11 to 30 s."""
    text = rf"\documentclass{{article}}\begin{{document}}\begin{{figure}}{piece * count}\end{{figure}}\end{{document}}"
    began = time.process_time()
    assert read_latex({"main.tex": text}) is not None
    assert time.process_time() - began < 9
