"""From the LaTeX of a caption to text that people and the caption splitter can read.

`Ag$_2$S at 5~\\textmu m` is "Ag₂S at 5 μm".
"""

import itertools
import re
import unicodedata
from collections.abc import Mapping
from functools import partial

from exsclaim.sources.html.html_text import tidy
from exsclaim.sources.latex.chemical_formulas import chemical
from exsclaim.sources.latex.printed_references import is_citation, is_reference, printed_reference
from exsclaim.sources.latex.quantities import QUANTITIES, printed_quantity
from exsclaim.sources.latex.tex_characters import ACCENTS, LETTERS, QUOTES, dingbat, space_if_needed
from exsclaim.sources.latex.tex_formulas import GLUE, plain, subscript, superscript, width
from exsclaim.sources.latex.tex_macros import (
    Macro,
    arguments,
    balanced,
    behind_blanks,
    expanded,
    group,
    option,
    rewritten,
)
from exsclaim.sources.latex.text_conditions import decided

MAX_NESTING = 60
MAX_CHARACTERS = 20_000
"""Of a caption, its commands expanded; the longest real ones have a fourth of it."""
MAX_FORMULA = 2_000
_IN_FORMULA = re.compile(rf"\\({'|'.join(sorted(QUANTITIES))}|ce|ch|chem)(?![A-Za-z])")
_TOKEN = re.compile(
    r"\\([A-Za-z@]+)\*?|\\([^A-Za-z@])|(\$\$?)|([{}])|(~)|(---?)|([?!]`|``|''|`)|(\n[ \t]*\n)", re.DOTALL
)
_DROPPED = {  # with so many arguments in braces; one in square brackets may come first
    "label": 1, "footnote": 1, "footnotemark": 0, "footnotetext": 1, "vspace": 1, "includegraphics": 1, "color": 1,
    "index": 1, "thanks": 1, "fontsize": 2, "phantom": 1, "vphantom": 1, "hphantom": 1, "setlength": 2, "end": 1,
    "setcounter": 2, "addtocounter": 2, "numberwithin": 2, "counterwithin": 2, "counterwithout": 2, "rule": 2,
    "captionsetup": 1, "graphicspath": 1, "phantomsubcaption": 0, "pageref": 1, "cpageref": 1, "Cpageref": 1,
    "vpageref": 1, "todo": 1, "marginpar": 1, "ContinuedFloat": 0, "glsreset": 1, "includesvg": 1, "input": 1,
    "refstepcounter": 1, "linespread": 1, "pagebreak": 0, "nopagebreak": 0, "nameref": 1, "deleted": 1, "DIFdel": 1,
    "DIFdelFL": 1,
}  # fmt: skip
_CITE = re.compile(r"(?:online|auto|paren|super|text|foot|no)?[cC]ite(?:[pts]|al[pt]|num|year|author)?")
"""The known commands for citations, whose keys may have any form."""
_SPACES = frozenset(
    ["quad", "qquad", "hspace", "newline", "par", "linebreak", "hfill", "hfil", "enspace", "thinspace", "space",
     "smallskip", "medskip", "bigskip"]
)  # fmt: skip
_SECOND = {
    "textcolor": 2, "colorbox": 2, "href": 2, "texorpdfstring": 2, "hyperref": 1, "scalebox": 2, "resizebox": 3,
    "rotatebox": 2, "parbox": 2, "raisebox": 2, "fcolorbox": 3, "makebox": 1, "framebox": 1, "adjustbox": 2,
    "foreignlanguage": 2, "foreigntextquote": 2,
}  # fmt: skip
"""Of so many arguments the last is the text."""
_FIRST = {"replaced": 2}
"""Of so many arguments the first is the text (package changes: the second is what stood there before)."""
_ENDS_WITH_COMMAND = re.compile(r"\\[A-Za-z]+$")
_TEXT_OR_MINUS = re.compile(r"(\\(?:text[a-z]*|mbox)\s*\{[^{}]*\})|-")
_ABBREVIATION = re.compile(r"[A-Z]{2,8}")
"""What a command that is not known is named for: `\\PEO`."""
_VERBATIM = frozenset(["verb", "lstinline"])
_DRAWINGS = frozenset(["tikzpicture", "picture", "pspicture"])
_FRACTIONS = frozenset(["frac", "nicefrac", "sfrac", "unitfrac"])
_PIECES = frozenset(["begin", "item", "tikz", "isotope", "ion", "ding"]) | _FRACTIONS
_ITEM = re.compile(r"\\item(?![A-Za-z])(?!\s*\[)")
_NUMBER_OF_ITEM = re.compile(r"\\(?P<style>alph|Alph|arabic)\*|(?<![A-Za-z\\])(?P<short>[aA1])(?![A-Za-z])")


_BETWEEN_CHINESE = re.compile(
    r"(?<=[\u3001-\u30ff\u3400-\u9fff\uff01-\uff60])[ \t]*\n[ \t]*(?=[\u3001-\u30ff\u3400-\u9fff\uff01-\uff60])"
)
"""The end of a line, of which Chinese and Japanese text prints nothing."""


def readable(tex: str, macros: Mapping[str, Macro] | None = None, labels: Mapping[str, str] | None = None) -> str:
    """The text in one line.

    Args:
        tex: the argument of a `\\caption`, without comments.
        macros: the author's own commands.
        labels: what `\\ref{…}` prints for each label; others leave nothing.

    Citations are left out, as everywhere; formulas become plain text (`tex_formulas`), commands that are not
    known leave their argument.
    """
    tex = _BETWEEN_CHINESE.sub("", tex[:MAX_CHARACTERS])
    whole = decided(expanded(tex, macros or {}, MAX_CHARACTERS)[:MAX_CHARACTERS], otherwise=False)
    text = _read(balanced(whole), labels or {}, 0)
    text = re.sub(r"[(\[]\s*[,;]*\s*[)\]]", "", tidy(text))  # brackets around citations alone
    text = re.sub(r"(?<=[^.]\.)\s+\.(?=\s|$)", "", text)  # "et al. ." where a citation was
    return tidy(re.sub(r"\s+([,.;:)\]])(?=\s|$)", r"\1", text))


def _read(tex: str, labels: Mapping[str, str], nesting: int) -> str:
    if nesting > MAX_NESTING:
        return ""
    pieces: list[str] = []
    at = 0
    while (token := _TOKEN.search(tex, at)) is not None:
        pieces.append(tex[at : token.start()])
        command, sign, dollar, brace, tie, dash, quotes, _ = token.groups()
        at = token.end()
        if command is not None:
            text, at = _command(command, tex, at, labels, nesting)
            pieces.append(text)
        elif sign is not None:
            text, at = _sign(sign, tex, at, labels, nesting)
            pieces.append(text)
        elif dollar is not None:
            end = tex.find(dollar, at)
            end = len(tex) if end < 0 else end
            pieces.append(_formula(tex[at:end]))
            at = end + len(dollar)
        elif brace == "{" and (inner := group(tex, token.start())) is not None:
            pieces.append(_read(inner[0], labels, nesting + 1))
            at = inner[1]
        elif dash:
            pieces.append("—" if len(dash) == 3 else "–")
        else:
            pieces.append(" " if tie else QUOTES.get(quotes or "", "" if brace else " "))
    return "".join([*pieces, tex[at:]])


def _command(name: str, tex: str, at: int, labels: Mapping[str, str], nesting: int) -> tuple[str, int]:
    if name in _DROPPED or _CITE.fullmatch(name):
        for _ in range(2):
            _, at = option(tex, at)
        return "", arguments(tex, at, _DROPPED.get(name, 1))[1]
    if (glue := GLUE.match(tex, tex.rfind("\\", 0, at))) is not None:
        return width(glue), max(glue.end(), at)
    if is_reference(name, tex, at):
        (label,), at = arguments(tex, at, 1)
        return printed_reference(name, label, labels), at
    if name == "hspace":
        (length,), at = arguments(tex, at, 1)
        return " " * (not length.lstrip().startswith("-")), at
    if name in _SPACES:
        return " ", option(tex, at)[1] if name == "linebreak" else at
    if name in QUANTITIES:
        return printed_quantity(name, tex, at)
    if name == "xspace":
        return space_if_needed(tex, at), at
    if name in ("textsuperscript", "textsubscript"):
        (inner,), at = arguments(tex, at, 1)
        text = _read(inner, labels, nesting + 1)
        return (superscript(text) if name == "textsuperscript" else subscript(text)), at
    if name in ("ce", "ch", "chem", "ensuremath"):
        (inner,), at = arguments(tex, at, 1)
        return (_formula if name == "ensuremath" else chemical)(inner), at
    if name in ("c", "v", "u", "H", "k", "r", "d", "b"):
        return _accented(name, tex, at, labels, nesting)
    if name in _SECOND or name in _FIRST:
        for _ in range(2):
            _, at = option(tex, at)
        values, at = arguments(tex, at, (_SECOND | _FIRST)[name])
        return _read(values[0 if name in _FIRST else -1], labels, nesting + 1), at
    if name == "enquote":
        (inner,), at = arguments(tex, at, 1)
        return f"“{_read(inner, labels, nesting + 1)}”", at
    if name in _VERBATIM or name in _PIECES:
        return _set_otherwise(name, tex, at, labels, nesting)
    if name in LETTERS:
        return LETTERS[name], behind_blanks(tex, at)
    behind = option(tex, at)[1] if tex.startswith("[", at) else at
    argument = group(tex, behind)
    if argument is not None and is_citation(name, argument[0]):
        return "", argument[1]
    if argument is not None and argument[0].strip() and not tex[behind : behind + 1].isspace():
        return _read(argument[0], labels, nesting + 1), argument[1]
    symbol = plain(f"\\{name}")
    is_unknown = symbol.strip() == name and _ABBREVIATION.fullmatch(name) is None
    # "\PEO{} rods": the braces keep the space behind the command
    if argument is not None and not argument[0].strip():
        at = argument[1]
    elif is_unknown or symbol.strip() != name:  # an abbreviation's own definition, which is not known, keeps the space
        at = behind_blanks(tex, at)
    return ("" if is_unknown else symbol), at


def _set_otherwise(name: str, tex: str, at: int, labels: Mapping[str, str], nesting: int) -> tuple[str, int]:
    """Commands with arguments of a form of their own: text as it is, drawings, items of lists, isotopes."""
    if name in _VERBATIM:
        end = tex.find(tex[at], at + 1) if at < len(tex) else -1
        return (tex[at + 1 : end], end + 1) if end >= 0 else ("", at)
    if name == "begin":
        return _environment(tex, at, labels, nesting)
    if name == "ding":
        (code,), at = arguments(tex, at, 1)
        return dingbat(int(code)) if code.isdecimal() and len(code) < 4 else "", at
    first, at = option(tex, at)
    if name in _FRACTIONS or name == "ion":
        pieces, at = arguments(tex, at, 2)
        above, below = (_read(each, labels, nesting + 1) for each in pieces)
        return f"{first} {above}/{below}".lstrip() if name != "ion" else f"{above} {below.upper()}", at
    if name == "item":
        return f" {_read(first, labels, nesting + 1)} ", at
    if name == "tikz":
        drawn = group(tex, at)
        return "", drawn[1] if drawn is not None else tex.find(";", at) + 1 or at
    second, at = option(tex, at)
    (element,), at = arguments(tex, at, 1)
    return f"{superscript(first)}{subscript(second)}{_read(element, labels, nesting + 1)}", at


def _environment(tex: str, at: int, labels: Mapping[str, str], nesting: int) -> tuple[str, int]:
    """Text from the name of an environment on: of a drawing none, of a list its items with their numbers."""
    (name,), at = arguments(tex, at, 1)
    if name == "spacing":
        return "", arguments(tex, at, 1)[1]
    end = tex.find(f"\\end{{{name}}}", at)
    if end < 0 or name not in (*_DRAWINGS, "enumerate", "itemize", "compactenum", "inparaenum"):
        return "", at
    if name in _DRAWINGS:
        return " ", end
    form, at = option(tex, at)
    form = form.partition("label=")[2] or ("" if "=" in form else form) or "1."
    items = itertools.count(1)

    def numbered(_: re.Match[str]) -> str:
        return f"\\item[{{{_NUMBER_OF_ITEM.sub(partial(_in_style, next(items)), form, count=1)}}}]"

    content = tex[at:end]
    return _read(content if name == "itemize" else _ITEM.sub(numbered, content), labels, nesting + 1), end


def _in_style(value: int, found: re.Match[str]) -> str:
    style = found["style"] or {"a": "alph", "A": "Alph"}.get(found["short"], "arabic")
    letter = chr(ord("a") + (value - 1) % 26)
    return str(value) if style == "arabic" else letter if style == "alph" else letter.upper()


def _sign(sign: str, tex: str, at: int, labels: Mapping[str, str], nesting: int) -> tuple[str, int]:
    if sign in ("(", "["):
        end = tex.find("\\)" if sign == "(" else "\\]", at)
        end = len(tex) if end < 0 else end
        return _formula(tex[at:end]), end + 2
    if sign in ACCENTS:
        return _accented(sign, tex, at, labels, nesting)
    if sign == "\\":
        return " ", option(tex, at)[1]
    return {",": " ", ";": " ", ":": " ", " ": " ", "!": "", "/": "", "-": "", "\n": " "}.get(sign, sign), at


def _accented(accent: str, tex: str, at: int, labels: Mapping[str, str], nesting: int) -> tuple[str, int]:
    (inner,), at = arguments(tex, at, 1)
    text = _read(inner, labels, nesting + 1).replace("ı", "i").replace("ȷ", "j")
    return unicodedata.normalize("NFC", text[:1] + ACCENTS[accent]) + text[1:] if text else accent * (
        accent in "^~"
    ), at


def _formula(tex: str) -> str:
    """A formula as text: quantities and chemistry in it are seen to here; the rest by `plain`."""
    tex = tex[:MAX_FORMULA]

    def printed(found: re.Match[str]) -> tuple[str, int]:
        if found[1] in QUANTITIES:
            text, end = printed_quantity(found[1], tex, found.end())
        else:
            (inner,), end = arguments(tex, found.end(), 1)
            text = chemical(inner)
        # what is printed already is no TeX any more: a minus in it is one
        return f"{' ' * bool(_ENDS_WITH_COMMAND.search(tex, 0, found.start()))}{text}", end

    tex = rewritten(tex, _IN_FORMULA, printed)
    tex = re.sub(r"\\([%&#_$])", r"\1", re.sub(r"\\(?:label|tag)\{[^{}]*\}", "", tex))
    return plain(_TEXT_OR_MINUS.sub(lambda found: found[1] or "−", tex))
