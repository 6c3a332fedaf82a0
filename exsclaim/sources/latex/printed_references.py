"""References to figures, tables, sections and equations as the text of a LaTeX document prints them."""

import re
from collections.abc import Mapping

_REFERENCES = frozenset(
    ["ref", "autoref", "cref", "Cref", "figref", "subref", "vref", "labelcref", "ref*", "namecref", "Ref", "eqref"]
)
_OWN_REFERENCE = re.compile(r"[A-Za-z]*[rR]ef")
_NAMES_A_LABEL = re.compile(r"\{[A-Za-z]+[:_][^{}\s]+\}")
"""Of a command that is not known: `\\siref{app:scatter}`, whose argument is no text."""


_CITES = re.compile(r"[A-Za-z]*[cC]it(?:e[a-z]{0,12}|ing|ation|ep?s?)")
"""A command for citations that is not known: `\\upcite`, `\\citing`."""
_KEYS = re.compile(r"[^\s{}\\]+(?:\s*,\s*[^\s{}\\,]+)*")


class TableNumber(str):
    """Number of a table, by which references know that it is none of a figure."""


class SectionNumber(str):
    """Number of a section."""


class ChapterNumber(str):
    """Number of a chapter."""


class EquationNumber(str):
    """Number of an equation, which cleveref puts in brackets."""


_WORDS = {
    TableNumber: ("Table", "Table", "table"),
    SectionNumber: ("section", "Section", "section"),
    ChapterNumber: ("chapter", "Chapter", "chapter"),
    EquationNumber: ("Equation", "Equation", "eq."),
}
"""Before each kind of number, what `\\autoref`, `\\Cref` and `\\cref` print; of another kind is a figure's."""


def is_citation(name: str, keys: str) -> bool:
    """Tell whether a command that is not known cites works, of which captions are without."""
    return bool(_CITES.fullmatch(name) and _KEYS.fullmatch(keys))


def is_reference(name: str, tex: str, at: int) -> bool:
    """Tell whether a command refers to a label: a known one, or one of the author's with a label's name."""
    return name in _REFERENCES or bool(_OWN_REFERENCE.fullmatch(name) and _NAMES_A_LABEL.match(tex, at))


def printed_reference(name: str, label: str, labels: Mapping[str, str]) -> str:
    """A reference as printed: `\\ref` the number, `\\autoref` and cleveref's commands also what it is the number of."""
    numbers: list[str] = [labels[each.strip()] for each in label.split(",") if labels.get(each.strip())]
    if not numbers:
        return ""
    if name == "subref" and numbers[0][-1:].isalpha():
        return f"({numbers[0][-1:]})"
    kind = type(numbers[0])
    auto, capital, small = _WORDS.get(kind, ("Figure", "Figure", "fig."))
    if name == "eqref" or (kind is EquationNumber and name in ("cref", "Cref", "labelcref")):
        numbers = [f"({number})" for number in numbers]
    listed = numbers[0] if len(numbers) == 1 else f"{', '.join(numbers[:-1])} and {numbers[-1]}"
    words = {"autoref": auto, "Cref": capital, "cref": small}.get(name, "")
    plural = f"{words.removesuffix('.')}s{'.' * words.endswith('.')}" if words and len(numbers) > 1 else words
    return f"{plural} {listed}".strip()
