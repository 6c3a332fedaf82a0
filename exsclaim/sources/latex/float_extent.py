"""Floats in a document's text, from where to where, and the commands between them that change numbers."""

import itertools
import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from exsclaim.sources.latex.float_numbering import NUMBERING, TABLES, float_names

MAX_FLOATS = 1_000
MAX_UNCLOSED = 20_000
MAX_STRAY = 4_000
"""Characters of what is taken for a figure because it holds a caption and an image."""
FIGURES_NAME = re.compile(r"figs?(?:ure)?[:_.-]", re.IGNORECASE)
"""How labels of figures begin."""
_CAPTION_OF = r"\\captionof\*?\s*\{(?P<of>figure|scheme|chart)\}"
_CAPTION = r"(?P<caption>\\caption\s*[\[{])"
_CONTINUES = re.compile(r"\\ContinuedFloat|\\addtocounter\s*\{figure\}\s*\{-1\}")
_BORDER = re.compile(r"\\(begin|end)\s*\{([A-Za-z]+\*?)\}")
_IMAGE = r"\\(?:adj)?includegraphics|\\includesvg|\\epsf|\\begin\s*\{(?:tikz|pgf|ps)?picture\}"
_NO_FIGURE = re.compile(
    r"(?:(?:meta|un)?stable|(?:no|por|sui)table|(?:bar|de|en|trans|uni)cod(?:e[drs]?|ing)|codecs?|programmes?)?+"
    r".*?(?:tab[ul]|algorithm|listing|verbatim|code|program|document)",
    re.IGNORECASE,
)
"""Names of environments that hold tables and code: `quasitable`, but not `stablebox`."""
_LABEL = re.compile(r"\\label\s*\{\s*([^{}]{1,100})\}")


class Float(NamedTuple):
    """A float's content. `counter` is what counts it, "" where nothing does; `is_continued` whether it is the rest of
    the one before."""

    counter: str
    content: str
    is_continued: bool


def events(body: str, floats: Mapping[str, str]) -> Iterator["re.Match[str] | Float"]:
    """Commands that change numbers, and floats, in their order."""
    pattern = re.compile(rf"\\begin\s*\{{(?P<name>{float_names(floats)}|{TABLES})\}}|{_CAPTION_OF}|{_CAPTION}")
    starts = list(itertools.islice(pattern.finditer(body), 4 * MAX_FLOATS))
    behind = end_of_table = 0
    for index, start in enumerate(starts):
        if start.start() < behind or (start["caption"] and start.start() < end_of_table):
            continue  # a caption inside a float
        following = next((each.start() for each in starts[index + 1 :] if each["name"]), len(body))
        around = None
        if start["caption"]:
            around = _stray(body, start.start(), behind, following)
            if around is None:
                continue
        yield from NUMBERING.finditer(body, behind, start.start())
        if start["name"]:
            name = start["name"]
            # floats do not nest: one that is not closed ends where the next begins
            end = body.find(f"\\end{{{name}}}", start.end(), following)
            is_closed = end >= 0
            end = end if is_closed else min(following, start.end() + MAX_UNCLOSED)
            content, behind = body[start.end() : end], end
            if _counter(name, floats) == "table":
                behind, end_of_table = start.end(), end  # a figure may stand in it
                yield Float("table", content, False)
                continue
        else:
            first, behind = around or _around(body, start.start(), behind, following)
            content = body[first:behind]
        counter = _counter(start["name"] or start["of"], floats) if not start["caption"] else _of_label(content)
        changes = [] if _CONTINUES.search(content) else list(NUMBERING.finditer(content))
        # what a float sets up for its caption holds for it alone
        yield from (change for change in changes if not change["division"] and change["setup"] is None)
        yield Float(counter, _CONTINUES.sub(" ", content), bool(_CONTINUES.search(content)))
    yield from NUMBERING.finditer(body, behind)


def _counter(name: str, floats: Mapping[str, str]) -> str:
    bare = name.rstrip("*")
    if bare not in floats and bare.endswith("table"):
        return "table"
    return bare if bare in floats or bare in ("scheme", "chart") else "figure"


def _of_label(content: str) -> str:
    """The counter of a caption in an environment that is not known: a label says that it is a figure's."""
    return "figure" if any(FIGURES_NAME.match(name) for name in _LABEL.findall(content)) else ""


def _opened(body: str, at: int, first: int) -> list[re.Match[str]]:
    """Begins of environments before `at` that are not closed there, the innermost last; none before `first`."""
    opened: list[re.Match[str]] = []
    for found in _BORDER.finditer(body, max(first, at - MAX_UNCLOSED), at):
        if found[1] == "begin":
            opened.append(found)
        elif opened:
            opened.pop()
    return opened


def _around(body: str, at: int, first: int, last: int) -> tuple[int, int]:
    """Begin and end of the innermost environment, or of the paragraph, in which a caption stands."""
    last = min(last, at + MAX_UNCLOSED)
    if opened := _opened(body, at, first):
        name = opened[-1][2]
        end = body.find(f"\\end{{{name}}}", at, last)
        return opened[-1].end(), end if end >= 0 else last
    return _paragraph(body, at, first, last)


def _paragraph(body: str, at: int, first: int, last: int) -> tuple[int, int]:
    first = max(first, at - MAX_UNCLOSED)
    paragraph = body.find("\n\n", at, last)
    before = body.rfind("\\includegraphics", first, at)
    start = max(first, body.rfind("\n\n", first, before if before >= 0 else at))
    return start, paragraph if paragraph >= 0 else last


def _stray(body: str, at: int, first: int, last: int) -> tuple[int, int] | None:
    """Begin and end of the figure of a `\\caption` outside of all floats, where it stands with an image.

    An environment or a command of a class may be a float that its name does not tell: `\\begin{featurebox}`,
    `\\fullpagefig{image}{\\caption{…}}`.
    """
    # a look that spares most captions the whole text before them
    if not re.search(_IMAGE, body[max(first, at - MAX_STRAY) : at + MAX_STRAY]):
        return None
    if any(_NO_FIGURE.match(each[2]) for each in _opened(body, at, first)):
        return None
    for begin, end in (_around(body, at, first, last), _paragraph(body, at, first, last)):
        content = body[begin : min(end, begin + MAX_STRAY + 1)]
        if len(content) <= MAX_STRAY and re.search(_IMAGE, content) and not re.search(r"#\d", content):
            return begin, end
    return None
