"""Numbers of a LaTeX document's sections and equations, to which its captions and its text refer."""

import re
from collections.abc import Iterator, Mapping

from exsclaim.sources.latex.float_numbering import NUMBERING, TABLES, Numbering, float_names
from exsclaim.sources.latex.printed_references import ChapterNumber, EquationNumber, SectionNumber
from exsclaim.sources.latex.tex_macros import Macro, expanded, that_call, without_definitions
from exsclaim.sources.latex.tex_source import MAX_CHARACTERS, replaced

_OF_ONE = r"equation|multline|dmath"
_OF_ROWS = r"align|alignat|flalign|gather|eqnarray|xalignat|IEEEeqnarray"
_UNNUMBERED = re.compile(r"\\(?:nonumber|notag|IEEEnonumber)(?![A-Za-z])")
_OF_EQUATIONS = re.compile(rf"\\(?:begin|end)\s*\{{(?:{_OF_ONE}|{_OF_ROWS}|subequations)\*?\}}|{_UNNUMBERED.pattern}")
_PLACES = re.compile(
    rf"\\(?P<heading>chapter|(?:sub){{0,2}}section)(?P<star>\*?)(?=\s*[\[{{])"
    rf"|\\begin\s*\{{(?P<equation>{_OF_ONE}|{_OF_ROWS})\}}|\\(?P<group>begin|end)\s*\{{subequations\}}"
    rf"|\\label\s*\{{(?P<label>[^{{}}]{{1,100}})\}}|\\(?P<other>begin|item)(?![A-Za-z])"
)
_LABEL = re.compile(r"\\label\s*\{([^{}]{1,100})\}")
_TAG = re.compile(r"\\tag\*?\s*\{([^{}]{1,40})\}")
_ROW = re.compile(r"\\\\")
_INNER = re.compile(r"\\begin\s*\{(?P<name>[A-Za-z]+\*?)\}")
_DEPTH = re.compile(r"\\setcounter\s*\{secnumdepth\}\s*\{\s*(-?\d)\s*\}")
_LEVELS = ("chapter", "section", "subsection", "subsubsection")
_COUNTED_OTHERWISE = re.compile(
    rf"\\(?:re)?newenvironment\*?(?=[^\n]{{0,300}}\\begin\s*\{{(?:{_OF_ONE}|{_OF_ROWS})\}})|showonlyrefs"
    r"|\\newtheorem\s*\{\w+\}\s*\[equation\]"
)
"""What counts equations in a way that is not followed here: then none has a number."""
MAX_EQUATION = 20_000


def place_labels(
    preamble: str, body: str, numbering: Numbering, macros: Mapping[str, Macro], floats: Mapping[str, str]
) -> dict[str, str]:
    """The text that `\\ref` prints for the labels of sections and of equations.

    A label of an item, a theorem or a listing is left out. `numbering` is one of the preamble, on which this counts
    on; `floats` are the author's own.
    """
    writing = that_call(macros, [name for name, macro in macros.items() if _OF_EQUATIONS.search(macro.body)])
    body = without_definitions(body)
    body = expanded(body, writing, MAX_CHARACTERS) if writing else body
    body = replaced(body, re.compile(rf"\\begin\s*\{{(?P<name>{float_names(floats)}|{TABLES}|verbatim|lstlisting)\}}"))
    depth = _DEPTH.search(preamble)
    places = _Places(numbering, int(depth[1]) if depth else 2 if numbering.has_chapters else 3)
    found = sorted([*NUMBERING.finditer(body), *_PLACES.finditer(body)], key=lambda each: each.start())
    labels: dict[str, str] = {}
    behind = 0
    for event in found:
        if event.start() < behind:
            continue
        if event.re is NUMBERING:
            numbering.apply(event)
        elif event["equation"]:
            ending = re.compile(rf"\\end\s*\{{{event['equation']}\}}")
            end = ending.search(body, event.end(), event.end() + MAX_EQUATION)
            behind = end.start() if end else event.end()
            labels.update(places.equations(event["equation"], body[event.end() : behind]))
        else:
            labels.update(places.at(event))
    if _COUNTED_OTHERWISE.search(preamble):
        return {name: number for name, number in labels.items() if not isinstance(number, EquationNumber)}
    return labels


class _Places:
    """The place at which a document is read: its section, and the group of equations."""

    def __init__(self, numbering: Numbering, depth: int) -> None:
        self._numbering, self._depth = numbering, depth
        self._section = ""
        self._here = ""
        """The number that a label gets here."""
        self._group = ""
        self._in_group = 0

    def at(self, event: re.Match[str]) -> dict[str, str]:
        """Take note of a heading or a group's begin or end; what a label here is of."""
        if event["label"]:
            return {event["label"].strip(): self._here} if self._here else {}
        self._here = ""
        if event["heading"] and not event["star"]:
            self._here = self._section = self._headed(event["heading"])
        elif event["group"] == "begin":
            self._numbering.step("equation")
            self._here = EquationNumber(self._numbering.number("equation"))
            self._group, self._in_group = self._here, 0
        elif event["group"] == "end":
            self._group = ""
        return {}

    def _headed(self, heading: str) -> str:
        """The number of a heading; that of the section around it where it has none."""
        level = _LEVELS.index(heading)
        if level > self._depth:
            return self._section
        if level > 1:
            self._numbering.step(heading)
        number = self._numbering.number(heading).replace("~", " ")
        return (ChapterNumber if level == 0 else SectionNumber)("" if number == "0" else number)

    def equations(self, name: str, content: str) -> dict[str, str]:
        """The labels of an environment's equations, each of which is counted."""
        self._here = ""
        content = replaced(content, _INNER, by=lambda inner: "".join(map(re.Match.group, _LABEL.finditer(inner))))
        labels: dict[str, str] = {}
        for row in [content] if re.fullmatch(_OF_ONE, name) else _rows(content):
            tag = _TAG.search(row)
            if tag is None and _UNNUMBERED.search(row):
                continue
            number = tag[1] if tag else self._next()
            labels.update((label.strip(), EquationNumber(number)) for label in _LABEL.findall(row))
        return labels

    def _next(self) -> str:
        if self._group:
            self._in_group += 1
            return f"{self._group}{chr(ord('a') + (self._in_group - 1) % 26)}"
        self._numbering.step("equation")
        return self._numbering.number("equation")


def _rows(content: str) -> Iterator[str]:
    """The lines of an environment of several equations; what stands in braces is of one line."""
    at = 0
    for found in _ROW.finditer(content):
        before = content[at : found.start()]
        if before.count("{") - before.count("\\{") == before.count("}") - before.count("\\}"):
            yield before
            at = found.end()
    yield content[at:]
