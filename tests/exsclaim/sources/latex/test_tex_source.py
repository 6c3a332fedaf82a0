"""The part of a document that TeX sees: one branch of each condition."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exsclaim.sources.latex.tex_source import flattened, resolved


@pytest.mark.parametrize(
    ("tex", "seen"),
    [
        (r"\newif\ifarxiv\arxivtrue \ifarxiv A\else B\fi C", "AC"),
        (r"\newif\ifarxiv \ifarxiv A\else B\fi C", "BC"),
        (r"\newif\ifarxiv\arxivtrue\arxivfalse\ifarxiv A\else B\fi C", "BC"),
        (r"\newif\ifa\let\ifa=\iftrue\ifa A\else B\fi C", "AC"),
        (r"\ifpdf A\else B\fi C", "AC"),
        (r"\iffalse A\else B\fi C", "BC"),
        (r"\iffalse \ifx a b A\else B\fi D\fi C", "C"),
        (r"\newif\ifa\newif\ifb\btrue \ifa 1\ifb 2\fi 3\else 4\ifb 5\else 6\fi 7\fi", "457"),
        (r"\iftrue \btrue A\fi", r"\btrue A"),
        (r"$a \iff b$ \iftrue A\fi", r"$a \iff b$ A"),
        (r"\ifthenelse{x}{y}{z}\iftrue A\fi", r"\ifthenelse{x}{y}{z}A"),
        (r"\ifx a b A\else B\fi", r"\ifx a b A\else B\fi"),
        (r"\ifCLASSOPTIONcaptionsoff \newpage \fi\iffalse A\fi", r"\ifCLASSOPTIONcaptionsoff \newpage \fi"),
        (r"\newif\ifa \ifa A", r"\newif\ifa \ifa A"),
        (r"A \fi \iffalse B\fi C", r"A \fi  C"),
        (r"\newcommand{\hide}{\iffalse}A", "A"),
        (r"\newcommand{\hide}{\iffalse}\def\shown{\fi}A\hide B\shown C", "A{}C"),
        (r"\newcommand{\note}[1]{\iffalse #1\fi}\note{A}B", r"\newcommand{\note}[1]{}\note{A}B"),
    ],
)  # fmt: skip
def test_of_each_condition_the_branch_that_tex_takes_is_seen(tex: str, seen: str) -> None:
    assert "".join(resolved(tex).split()) == "".join(seen.split()) or resolved(tex) == seen


def test_parts_of_conditions_that_grow_are_not_written_out() -> None:
    tex = r"\newcommand{\h}[1]{\iffalse #1#1#1#1}" + r"\h{" * 300 + "}" * 300
    assert len(resolved(tex)) <= len(tex)


@given(
    st.lists(st.sampled_from([r"\iftrue ", r"\iffalse ", r"\ifx ", r"\else ", r"\fi ", "A", r"\newif\ifa", r"\ifa "]))
)
def test_nothing_is_added_whatever_the_conditions(parts: list[str]) -> None:
    tex = "".join(parts)
    seen = resolved(tex)
    assert len(seen) <= len(tex)
    if "if" not in tex:
        assert seen.count("A") == tex.count("A")


@pytest.mark.parametrize(
    "command",
    [
        r"\input{a}", r"\input {a}", "\\input\t\t{a.tex}", "\\input  {a}", "\\input\n{a}", r"\input a",
        "\\input\n  a\n", r'\input "a"',
        r"\include{a}", "\\include\t{a}", r"\subfile{a}", r"\InputIfFileExists{a}{}{}", r"\subimport{./}{a}",
        r"\import {./} {a}", r"\includefrom{./}{a}", r"\inputfrom*{./}{a}",
    ],
)  # fmt: skip
def test_a_file_is_included_however_the_command_is_set(command: str) -> None:
    assert "FILE" in flattened({"main.tex": f"x {command} y", "a.tex": "FILE"}, "main.tex")


@pytest.mark.parametrize(
    "command",
    [r"\inputlabel a", r"\includegraphics{a}", r"\includeonly{a}", r"\inputenc a", "\\input\n\n{a}", r"\input{b}"],
)
def test_what_is_no_command_that_includes_stays(command: str) -> None:
    assert flattened({"main.tex": f"x {command} y", "a.tex": "FILE"}, "main.tex").split() == f"x {command} y".split()
