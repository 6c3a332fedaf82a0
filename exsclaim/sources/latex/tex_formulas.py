"""Short TeX formulas of captions as plain text: `\\(5\\,\\upmu\\mathrm{m}\\)` is "5 μm".

Meant for units, Greek letters, indices and Miller indices ([1\\bar{1}0] with a combining macron), not for equations:
what is not known keeps its name without the backslash.
"""

import re
import unicodedata
from html.entities import html5

from exsclaim.sources.latex.tex_characters import LETTERS
from exsclaim.sources.latex.tex_macros import arguments, group, option, rewritten

MAX_NESTING = 20
MAX_FORMULA = 4_000
_DELIMITERS = re.compile(r"\\[()\[\]]|\${1,2}")
_LENGTH = r"\s*=?\s*[-−]?\d*\.?\d*(?:\s*(?:pt|em|ex|cm|mm|in|mu|sp|bp|fill?)(?![a-zA-Z])|\\[a-z]+(?:width|skip|sep))?"
GLUE = re.compile(
    r"\\(?:[hv]skip|hglue|m?kern|mskip|raise|lower|move(?:left|right)|[a-z]*penalty|(?:pre)?tolerance|looseness"
    r"|hang(?:after|indent)|parindent|(?:par|line|baseline|left|right|(?:above|below)caption)skip|(?:tab|array)colsep"
    r"|fbox(?:sep|rule)|emergencystretch|[hv]box\s+(?:to|spread))(?![a-zA-Z])"
    rf"{_LENGTH}(?:\s*(?:plus|minus)(?![a-zA-Z]){_LENGTH})*\s?"
)
"""A space of a given length, or another of TeX's parameters, and the length or number that it is given."""
_SPACES = re.compile(
    r"\\[,;:! ]|\\(?:q?quad|enspace|thinspace|space|hfill)(?![a-zA-Z])|~|\\hspace\*?\s*\{[^{}]*\}|" + GLUE.pattern
)
_NEGATIVE = re.compile(r"\\!|\\(?:hspace\*?\s*\{|[hv]skip|hglue|m?kern|mskip)\s*[-−]")
_MACRO = re.compile(r"\\([a-zA-Z]+)(?:\*(?=\{))?\s?")
_STRUCTURE = re.compile(
    r"\\(?P<name>[dtc]?frac|nicefrac|sfrac|sqrt|order|binom|p?mod|overset|underset|stackrel|prescript|p?dv|abs|norm|bra|ket|braket|Bra|Ket|"
    r"Braket|ev|expval)(?![a-zA-Z])\*?"
)
_COMMAND_BEFORE = re.compile(r"\\[A-Za-z]+$")
_FORMS = {
    "binom": "({0} {1})", "overset": "{1}", "underset": "{1}", "stackrel": "{1}", "mod": " mod {0}",
    "pmod": " (mod {0})", "abs": "|{0}|", "norm": "‖{0}‖", "bra": "⟨{0}|", "ket": "|{0}⟩", "braket": "⟨{0}⟩",
    "ev": "⟨{0}⟩", "expval": "⟨{0}⟩", "order": "O({0})",
}  # fmt: skip
"""In one line, what these print of their arguments; https://ctan.org/pkg/physics and braket."""
_ACCENTS = {
    "bar": "\u0304", "overline": "\u0304", "mathring": "\u030a", "hat": "\u0302", "widehat": "\u0302", "vec": "\u20d7",
    "overrightarrow": "\u20d7", "dot": "\u0307", "ddot": "\u0308", "tilde": "\u0303", "widetilde": "\u0303",
    "check": "\u030c", "breve": "\u0306", "acute": "\u0301", "grave": "\u0300", "underline": "\u0332",
}  # fmt: skip
_ACCENTED = rf"\\(?:{'|'.join(_ACCENTS)})(?![a-zA-Z])"
_GROUP = re.compile(rf"(?:({_ACCENTED}|[\^_])\s*)?\{{([^{{}}]*)\}}")
_SINGLE = re.compile(rf"({_ACCENTED}|[\^_])\s*([^\s\\{{}}])")
_PRINTED_BRACE = re.compile(r"\\(?:[{}]|[lr]brace(?![a-zA-Z])\s?)")
_BRACES = {0xE000: "{", 0xE001: "}", 0xE002: "^"}
"""Signs of no meaning that stand for braces that are printed (of sets, of families of planes: {111}) until the others,
which are TeX's, are gone; and for the sign of a power that no raised characters can write: 10^17.5."""
_RELATION = re.compile(r"\s*([=×≈≃∼≤≥<>≪≫])\s*")
_FONTS = frozenset(
    [
        "mathcal", "mathbb", "mathfrak", "bm", "mathtt", "ensuremath", "operatorname", "mathnormal", "textsf", "hskip",
        "rm", "mathrm", "text", "textrm", "bf", "mathbf", "textbf", "it", "mathit", "textit", "mathsf", "boldsymbol",
        "left", "right", "big", "bigl", "bigr", "Big", "Bigl", "Bigr", "displaystyle", "textstyle", "scriptstyle",
        "limits", "nolimits", "hbox", "mbox", "xspace", "normalfont", "mathop", "mathrel", "mathbin", "textup", "emph",
        "textnormal", "scriptsize", "footnotesize", "small", "tiny", "cal", "mathscr", "symbf", "symrm", "protect",
        "underbrace", "overbrace", "substack", "mathstrut", "strut", "smash", "biggl", "biggr", "Biggl", "Biggr",
        "bigg", "Bigg", "middle", "bigm", "Bigm", "textbf", "textmd", "mathring", "mathclap", "mathllap", "mathrlap",
        "symsf",
        "vb", "va", "vu", "vectorbold", "vectorarrow", "pmb", "symup", "symit", "mathds", "mathbbm",
    ]
)  # fmt: skip
_FUNCTIONS = frozenset(
    ["sin", "cos", "tan", "cot", "sec", "csc", "arcsin", "arccos", "arctan", "sinh", "cosh", "tanh", "log", "ln", "lg",
     "exp", "lim", "max", "min", "sup", "inf", "det", "dim", "arg", "ker", "deg", "gcd", "Pr", "hom"]
)  # fmt: skip
_SYMBOLS = {
    "cdot": "·", "pm": "±", "circ": "°", "sim": "∼", "le": "≤", "leq": "≤", "ge": "≥", "geq": "≥", "to": "→",
    "infty": "∞", "lt": "<", "gt": ">", "ll": "≪", "gg": "≫", "ell": "ℓ", "neq": "≠", "ne": "≠", "mp": "∓", "ast": "*",
    "star": "⋆", "cdots": "⋯", "partial": "∂", "hbar": "ħ", "in": "∈", "sum": "∑", "int": "∫", "blacksquare": "■",
    "bigcirc": "○", "triangle": "△", "mid": "|", "micro": "μ", "degreeCelsius": "°C", "leqslant": "≤", "geqslant": "≥",
    "cup": "∪", "cap": "∩", "exists": "∃", "vee": "∨", "Re": "Re", "Im": "Im", "bmod": " mod ", "backslash": "\\",
    "div": "÷", "longrightarrow": "→", "hdots": "…", "vdots": "⋮", "iff": "⇔", "implies": "⇒", "blacktriangle": "▲",
    "blacktriangledown": "▼", "blacktriangleleft": "◀", "blacktriangleright": "▶", "vartriangleleft": "◁",
    "vartriangleright": "▷", "triangleleft": "◁", "triangleright": "▷", "triangledown": "▽", "neg": "¬", "lnot": "¬",
    "Box": "□", "Diamond": "◇", "top": "⊤", "bot": "⊥", "land": "∧", "lor": "∨", "copyright": "©", "varsigma": "ς",
    "hslash": "ħ", "wp": "℘", "asymp": "≍", "models": "⊨", "iint": "∬", "ni": "∋", "diamondsuit": "♢",
    "heartsuit": "♡", "coloneqq": "≔", "eth": "ð", "sqrtsign": "√", "surd": "√", "lvert": "|", "rvert": "|",
    "cross": "×",
}  # fmt: skip
"""Signs that are written otherwise in captions than Unicode's list of TeX's names has them, or that it has not."""
_SHORTEST_NAME = 4
"""Of a sign by its name in HTML, which has most of AMS's names; shorter ones are also those of authors' commands."""
_NO_SIGNS = frozenset(
    ["divide", "copy", "part", "image", "block", "target", "phone", "race", "ring", "range", "marker", "caps", "rect"]
)
"""Commands of TeX's and of authors that bear the name of one."""
_MATRIX = re.compile(r"\\(?P<end>begin|end)\s*\{(?P<kind>[a-z]{0,9})[a-z]*\*?\}(?:\{[clr|]{1,20}\})?")
_BRACKETS_OF = {"pmatrix": "()", "bmatrix": "[]", "vmatrix": "||"}
_SUPERSCRIPT = str.maketrans("0123456789+-=()−–‐‑", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾⁻⁻⁻⁻")
_SUBSCRIPT = str.maketrans("0123456789+-=()−–‐‑", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎₋₋₋₋")
_BROKEN_POWER = re.compile(r"\s*[-−]?\d{0,4}[.,/]\d{1,4}\s*")
_SIGNS = re.compile(r"[0-9+\-=()−–‐‑\s]+")


def plain(formula: str) -> str:
    """The formula in one line of plain text. Unbalanced braces and unknown commands do no harm."""
    return _plain(_PRINTED_BRACE.sub(_set_aside, formula[:MAX_FORMULA]), 0).translate(_BRACES)


def width(space: re.Match[str]) -> str:
    """The white space that a command for it prints: of a negative one, which moves signs together, none."""
    return "" if _NEGATIVE.match(space[0]) else " "


def superscript(text: str) -> str:
    """`text` as a superscript where Unicode can write all of it (cm⁻¹), else as it is (2nd)."""
    return text.strip().translate(_SUPERSCRIPT) if _SIGNS.fullmatch(text) else text


def subscript(text: str) -> str:
    """`text` as a subscript where Unicode can write all of it (Ag₂S), else as it is."""
    return text.strip().translate(_SUBSCRIPT) if _SIGNS.fullmatch(text) else text


def _plain(formula: str, nesting: int) -> str:
    text = _SPACES.sub(width, _DELIMITERS.sub("", _of_matrices(formula)))
    if nesting < MAX_NESTING:
        text = _structured(text, nesting)
    text = _MACRO.sub(_symbol, text)
    for _ in range(MAX_NESTING):
        text, replaced = _GROUP.subn(_applied, text)
        if not replaced:
            break
    text = _SINGLE.sub(_applied, text)
    return _RELATION.sub(r" \1 ", re.sub(r"[{}\\]", "", text))


def _of_matrices(formula: str) -> str:
    """The formula without the environments of matrices and cases: a space between entries, a semicolon between rows."""
    if "\\begin" not in formula and "\\substack" not in formula:
        return formula
    formula = re.sub(r"\s*\\\\(?:\[[^\]]*\])?\s*", "; ", formula)
    formula = _MATRIX.sub(lambda found: _BRACKETS_OF.get(found["kind"], ("", ""))[found["end"] == "end"], formula)
    return re.sub(r"(?<!\\)\s*&\s*", " ", formula)


def _set_aside(brace: re.Match[str]) -> str:
    return "\ue000" if brace[0][1] in "{l" else "\ue001"


def _structured(text: str, nesting: int) -> str:
    """The text with fractions, roots and the like, innermost first, as one line: `\\frac{a}{b+c}` is "a/(b+c)"."""

    def in_one_line(found: re.Match[str]) -> tuple[str, int]:
        name, at = found["name"].lower(), found.end()
        if name in ("dv", "pdv"):
            return _derivative("d" if name == "dv" else "∂", text, at, nesting)
        degree, at = option(text, at) if name == "sqrt" else ("", at)
        form = _FORMS.get(name, "")
        count = 3 if name == "prescript" else 2 if name.endswith("frac") or "{1}" in form else 1
        parts, at = arguments(text, at, count)
        if name == "braket" and (more := group(text, at)) is not None:  # physics has the other half apart
            parts, at = [f"{parts[0]}|{more[0]}"], more[1]
        read = [_plain(each, nesting + 1) for each in parts]
        if name == "sqrt":
            return f"{superscript(_plain(degree, nesting + 1))}√{_bracketed(read[0])}", at
        if name == "prescript":
            return f"{superscript(read[0])}{subscript(read[1])}{read[2]}", at
        return form.format(*read) if form else "/".join(map(_bracketed, read)), at

    def apart(found: re.Match[str]) -> tuple[str, int]:
        line, at = in_one_line(found)
        return f"{'{}' * bool(_COMMAND_BEFORE.search(text, 0, found.start()))}{line}", at

    return rewritten(text, _STRUCTURE, apart)


def _derivative(sign: str, text: str, at: int, nesting: int) -> tuple[str, int]:
    """The derivative (package physics) whose arguments begin at `at`, and their end: `{y}{x}`, `[2]{y}{x}`, `{x}`."""
    degree, at = option(text, at)
    power = superscript(_plain(degree, nesting + 1))
    (first,), at = arguments(text, at, 1)
    second = group(text, at)
    of, by = (first, second[0]) if second is not None and second[0].strip() else ("", first)
    at = at if second is None else second[1]
    return f"{sign}{power}{_plain(of, nesting + 1)}/{sign}{_plain(by, nesting + 1)}{power}", at


def _bracketed(text: str) -> str:
    return f"({text})" if re.search(r"[-+−±=/ ]", text.strip()) else text.strip()


def _symbol(found: re.Match[str]) -> str:
    name = found[1]
    if name in _ACCENTS:
        return f"\\{name} "
    if name in _FONTS:
        # the space that stood behind a command is TeX's, the one before it the author's
        return ""
    if name in _FUNCTIONS:
        following = found.string[found.end() : found.end() + 1]
        return f"{name} " if following.isalnum() or following == "\\" else name
    return symbol(name) or name


def symbol(name: str) -> str | None:
    """The sign that a command of formulas stands for: `mu` is μ."""
    if sign := _SYMBOLS.get(name) or (LETTERS.get(name) if len(name) > 1 else None) or _greek(name):
        return sign
    return html5.get(f"{name};") if len(name) >= _SHORTEST_NAME and name not in _NO_SIGNS else None


def _greek(name: str) -> str | None:
    letter = name.removeprefix("text") if name != "text" else name
    letter = letter.removeprefix("up") if letter != "upsilon" else letter
    letter = letter.removeprefix("var") if letter != "var" else letter
    size = "CAPITAL" if letter[:1].isupper() else "SMALL"
    try:
        return unicodedata.lookup(f"GREEK {size} LETTER {letter.upper().replace('LAMBDA', 'LAMDA')}")
    except KeyError:
        return None


def _applied(found: re.Match[str]) -> str:
    operator, text = found[1], found[2]
    if operator is None:
        return str(text)
    if operator == "^":
        if _BROKEN_POWER.fullmatch(text) and found.string[: found.start()].rstrip()[-1:].isdecimal():
            return f"\ue002{text.strip()}"
        return str(text) if text.strip() in ("°", "′", "†", "*", "∘") else superscript(text)
    if operator == "_":
        return subscript(text)
    accent = _ACCENTS[operator.strip()[1:]]
    return "".join(f"{character}{accent}" for character in text.strip())
