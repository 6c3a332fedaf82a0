"""Captions as plain text: markup undone and single blanks.

Undone are HTML (tags of text and entities), the commands of LaTeX for fonts and signs, and Markdown's stars around a
label ("**a**"), and signs whose bytes were read one by one ("â€“" for "–"). What is not known stays as it is printed:
"P < 0.01", "x<b", an unknown command. Control characters and invisible ones (zero-width blanks, soft hyphens, marks of
direction) are left out. Offsets are kept.
"""

import html.entities
import re
import unicodedata
from typing import NamedTuple

from exsclaim.captions.spans import Span

_BLANKS = re.compile(r"\s+")
_INVISIBLE = (
    "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\uffff\ud800-\udfff"
)
_TAGS = (
    "b|i|u|em|strong|sub|sup|br|p|span|div|a|font|small|big|italic|bold|sc|tt|title|label|caption|figcaption|"
    "jats:[a-z-]+|monospace|roman|sans-serif|underline|styled-content|named-content|ext-link|xref|inline-formula|"
    r"(?:mml:)?(?:math|mi|mn|mo|mrow|msub|msup|msubsup|mtext|mspace|mfrac|mstyle|semantics)"
)
_FONTS = (
    "textbf|textit|textrm|textsf|texttt|textsc|textsubscript|textsuperscript|emph|underline|text|mathrm|mathbf|mathit|"
    "mathsf|mathcal|mbox|hbox|boldsymbol|bm|ensuremath|ce|SI|si|uppercase|textcolor\\{[a-z]+\\}|color\\{[a-z]+\\}"
)
# UTF-8 that was read as Latin-1 or Windows-1252: "A\u00e2\u20ac\u201cD", "20\u00c2\u00b0C"
_TWICE = "â[\x80-\xbf][\x80-\xbf]|â€[\u2013\u2014\u2018-\u201d\u2122\u0153\u02dc\xa0-\xbf]|[ÃÎÏ][\x80-\xbf]"
# "20\u00c2\u00b0C", "5 \u00c2\u00b1 2"; but "the operator \u00c2\u00b2"
_TWICE += r"|(?:(?<=[^\s(])|(?<=\d\s)(?=..\s\d))Â[\x80-\xbf]"
# characters that are or begin something to undo wherever they stand
_CERTAIN = f"（）［］，．：；｜。⒜-⒵Ⓐ-ⓩＡ-Ｚａ-ｚ𝐀-𝚣\x0b\x0c\x1c-\x1f\x85\u2028\u2029{_INVISIBLE}"
_LABEL = r"\(?[A-Za-z]\d?(?:\s?[-–,&]\s?[A-Za-z])?\)?[.,:|)]?"
_LABEL_ALONE = re.compile(_LABEL)
_MARKUP = re.compile(
    # a first look that spares most characters the alternatives
    rf"(?=[<&*\\{{}}_^$~.– \-âÂÃÎÏ{_CERTAIN}])(?:"
    rf"(?P<twice>{_TWICE})"
    r"|(?P<document>\\documentclass\[[\s\S]{1,700}?\\end\{document\}|\\(?:label|ref|cite[a-z]*)\{[^{}]{0,80}\})"
    rf"|(?P<tag></?(?:{_TAGS})(?:\s+[\w:-]+\s*=[^<>]{{0,200}})?\s?/?>)"
    r"|(?P<entity>&(?:\#\d{1,6}|\#[xX][0-9a-fA-F]{1,5}|[A-Za-z]{2,12}\d{0,2});)"
    rf"|(?P<stars>(?<!\*)(?P<star>\*{{1,3}})(?P<inside>{_LABEL}|[Ff]ig[^*\n]{{1,30}})(?P=star)(?!\*))"
    r"|(?P<bold>\*\*)"
    rf"|(?P<font>\\(?:{_FONTS})\s*\{{|\{{\s*\\(?:bf|it|rm|sf|em|bfseries|itshape)\b\s*)"
    r"|(?P<sign>\\(?:[A-Za-z]+\b(?:\{\})?|[%&_\#$,;:!~ \\()]))"
    r"|(?P<script>[_^]\{)|(?P<raised>[_^](?=\w))"
    r"|(?P<dollar>\$)|(?P<tie>~)|(?P<open>\{)|(?P<close>\})"
    rf"|(?P<invisible>[{_INVISIBLE}]+)"
    r"|(?P<separator>[\x0b\x0c\x1c-\x1f\x85\u2028\u2029]+)"
    r"|(?P<wide>[（）［］，．：；｜。])"
    # "ⓐ", "⒜", and the letter of "(𝐚)", "(ａ)"
    r"|(?P<letter>[⒜-⒵Ⓐ-ⓩ]|[Ａ-Ｚａ-ｚ𝐀-𝚣](?<=[(\[].)(?=[)\],–-]))"
    # "(A-1)", "(b.2)", "(A i)": the joint of a letter and the number that belongs to it
    r"|(?P<joint>[-–. ](?<=[(\[][A-Ha-h].)(?:(?<! )(?=[1-9]\d?[)\],–-])|(?<= )(?=(?:iv|v?i{1,3}|v)[)\]]))))"
)
# a first look: a class of characters is found several times as fast as alternatives
_ANY = re.compile(rf"[<&*$\\âÂÃÎÏ{_CERTAIN}]")
# without one of these there is nothing to undo; "*", "~" and "$" alone mean what they print
_SUSPECT = re.compile(
    # behind a first look at the character
    rf"[<&*\\âÂÃÎÏ{_CERTAIN}]"
    rf"(?:(?<=[âÂÃÎÏ])[\x80-\xbf€]|(?<=<)(?=[/A-Za-z])|"
    rf"(?<=&)(?=[#A-Za-z]\w{{1,11}};)|(?<=\*)(?:{_LABEL}|[Ff]ig)[^*\n]{{0,30}}\*|(?<![<&*âÂÃÎÏ]))"
)
# the first labels of a figure, each a letter and a number apart
_APART = re.compile(r"\(([Aa])(?:[-–.]1|\si)[)\],–-][\s\S]*\([A-Ha-h](?:[-–.][1-9]|\s(?:iv|v?i{1,3}|v))[)\],–-]")
_OPEN_APART = re.compile(r"\([Aa][-–. ][1i]")
_LATEX = re.compile(r"\\[A-Za-z]{2,}|\$[^$]{1,80}\$|\\\([^\\]{1,80}\\\)")
# what a caption begins with in bold type
_BOLD = re.compile(
    r"\s*(?P<open>\*\*|\\textbf\{|<(?:b|strong|bold)>)(?P<said>[^\s*<>{}][^*<>{}\n]{1,250}?)"
    r"(?P<close>\*\*|\}|</(?:b|strong|bold)>)(?P<next>\s+\S{1,12}(?:\s\S{1,12})?)?"
)
# "**Growth of rods** a) SEM image": a title that nothing but the type parts from what follows; not "**Images of** (a)
# rods", "**Images of rods** (a) before and (b) after heating"
_TITLE = re.compile(r"(?:\S+\s){2,30}\S+(?<![.:;,?!])")
_OPEN_END = re.compile(r"\b(?:of|for|in|with|at|from|on|by|and|or|the|an?|between|showing|[Ff]ig(?:ure|\.)?\s\S{1,4})$")
_BEGINS = re.compile(
    r"\s+(?!\(?\w\d?[).:,|]+\s(?:before|after|with|without|in|at|of|for|under|on|from)\b)(?:[A-Z0-9(\[*\\<]|[a-z]\d?[).:,|])"
)
_WIDE = str.maketrans("（）［］，．：；｜。", "()[],.:;|.")
_CIRCLED = frozenset(map(chr, range(ord("Ⓐ"), ord("ⓩ") + 1)))
_SIGNS = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "varepsilon": "ε", "zeta": "ζ", "eta": "η",
    "theta": "θ", "kappa": "κ", "lambda": "λ", "mu": "μ", "nu": "ν", "xi": "ξ", "pi": "π", "rho": "ρ", "sigma": "σ",
    "tau": "τ", "phi": "φ", "varphi": "φ", "chi": "χ", "psi": "ψ", "omega": "ω", "Gamma": "Γ", "Delta": "Δ",
    "Theta": "Θ", "Lambda": "Λ", "Sigma": "Σ", "Phi": "Φ", "Psi": "Ψ", "Omega": "Ω", "times": "×", "pm": "±",
    "circ": "°", "degree": "°", "sim": "~", "approx": "≈", "leq": "≤", "le": "≤", "geq": "≥", "ge": "≥", "ll": "≪",
    "gg": "≫", "cdot": "·", "to": "→", "rightarrow": "→", "infty": "∞", "AA": "Å", "angstrom": "Å", "micro": "μ",
    "textmu": "μ", "um": "μm", "mum": "μm", "nm": "nm", "ldots": "…", "dots": "…", "textendash": "–", "textdegree": "°",
    "quad": " ", "qquad": " ", "hfil": " ", "hfill": " ", "break": " ", "linebreak": " ", "noindent": "",
    "left": "", "right": "", "protect": "", "newline": " ", "par": " ", "bf": "", "it": "",
    "rm": "", "em": "", "centering": "", "label": "",
    "%": "%", "&": "&", "_": "_", "#": "#", "$": "$", ",": " ", ";": " ", ":": " ", "!": "", "~": " ", " ": " ",
    "\\": " ", "(": "", ")": "", "textgreater": ">", "textless": "<",
}  # fmt: skip


class _Undone(NamedTuple):
    """Text without markup, and for each of its characters where the stretch of the caption starts and ends."""

    text: str
    starts: list[int]
    ends: list[int]


class PlainText:
    """A caption as the grammar sees it: `text`, in which each run of white space is one blank.

    A caption without markup and with single blanks is its own plain text.
    """

    def __init__(self, caption: str) -> None:
        self.text = self._spaced = caption
        is_marked = (_ANY.search(caption) and (_SUSPECT.search(caption) or _is_latex(caption))) or is_apart(caption)
        is_marked = is_marked or ("**" in caption and bool(_bold_beginning(caption)))
        self._undone = _undone(caption) if is_marked else None
        if self._undone is not None:
            self.text = self._spaced = self._undone.text
        self._places: list[int] | None = None
        if not _is_single_spaced(self._spaced):
            self._squeeze()

    @property
    def is_verbatim(self) -> bool:
        """True if nothing had to be undone, so that its words are parts of the caption to the letter."""
        return self._undone is None

    def _squeeze(self) -> None:
        spaced = self._spaced
        places: list[int] = []
        pieces: list[str] = []
        position = 0
        for blanks in [*(found.span() for found in _BLANKS.finditer(spaced)), (len(spaced), len(spaced))]:
            pieces.append(spaced[position : blanks[0]])
            places += range(position, blanks[0])
            # none at the beginning
            if pieces != [""] and blanks[0] < blanks[1]:
                pieces.append(" ")
                places.append(blanks[0])
            position = blanks[1]
        self.text, self._places = "".join(pieces), places

    def in_caption(self, span: Span) -> Span:
        """Convert a span of `text` to the span in the caption."""
        start, end = self._in_spaced(span)
        return (
            Span(start, end) if self._undone is None else Span(self._undone.starts[start], self._undone.ends[end - 1])
        )

    def words(self, span: Span) -> str:
        """The words of a span of `text` with the caption's own blanks; without markup, a verbatim part of it."""
        start, end = self._in_spaced(span)
        return self._spaced[start:end]

    def _in_spaced(self, span: Span) -> Span:
        return span if self._places is None else Span(self._places[span.start], self._places[span.end - 1] + 1)


def _is_single_spaced(text: str) -> bool:
    """True if all white space is single blanks between words."""
    if text.isprintable() and "  " not in text:
        # no other white space is printable: a look that spares most captions to be taken apart
        return not (text.startswith(" ") or text.endswith(" "))
    return " ".join(text.split()) == text


def _is_latex(caption: str) -> bool:
    return ("$" in caption or "\\" in caption) and _LATEX.search(caption) is not None


def is_apart(caption: str) -> bool:
    """True if the labels' letters and numbers stand apart: "(A-1) … (A-2)", "(a i) … (a ii)"."""
    return bool(_OPEN_APART.search(caption) and _APART.search(caption))


def _undone(caption: str) -> _Undone | None:
    """The caption without its markup; None where there turns out to be none."""
    is_latex = _is_latex(caption) and caption.count("$") % 2 == 0
    has_joints = is_apart(caption)
    pieces: list[tuple[str, int, int]] = []
    position = 0
    braces: list[bool] = []
    bold = _bold_beginning(caption)
    for found in _MARKUP.finditer(caption):
        kind = found.lastgroup or ""
        if kind == "inside" or kind == "star":
            kind = "stars"
        if kind == "joint" and not has_joints:
            continue
        text = _replacement(kind, found, is_latex, braces)
        if text is None and kind != "bold":
            continue
        text = bold.get(found.start(), text)
        if text is None:
            continue
        start, end = found.span()
        pieces.append((caption[position:start], position, -1))
        if kind == "stars":
            inside = found.span("inside")
            pieces.append((caption[slice(*inside)], inside[0], -1))
        else:
            pieces.append((text, start, end))
        position = end
    if not pieces:
        return None
    pieces.append((caption[position:], position, -1))
    starts: list[int] = []
    ends: list[int] = []
    for text, start, end in pieces:
        if end < 0:
            starts += range(start, start + len(text))
            ends += range(start + 1, start + len(text) + 1)
        else:
            starts += [start] * len(text)
            ends += [end] * len(text)
    return _Undone("".join(text for text, _, _ in pieces), starts, ends)


def _bold_beginning(caption: str) -> dict[int, str]:
    """Offsets of the marks around what a caption begins with in bold, and what they print: a title ends a sentence."""
    found = _BOLD.match(caption)
    if found is None or _LABEL_ALONE.fullmatch(found["said"]):
        return {}
    is_title = _TITLE.fullmatch(found["said"]) and not _OPEN_END.search(found["said"])
    return {
        found.start("open"): "",
        found.start("close"): "." if is_title and _BEGINS.match(found["next"] or "") else "",
    }


def _replacement(kind: str, found: re.Match[str], is_latex: bool, braces: list[bool]) -> str | None:
    """Text that a piece of markup prints; None if it stands for itself. `braces` tells of open ones left out."""
    printed = found.group()
    match kind:
        case "tag":
            return " " if re.match(r"</?(?:br|p|div|title|label)\b", printed) else ""
        case "entity":
            return _entity(printed)
        case "letter":
            letter = unicodedata.normalize("NFKC", printed)
            return f"({letter})" if printed in _CIRCLED else letter
        case "joint":
            return "-" if printed == " " and found.string[found.start() - 1].islower() else ""
        case "twice":
            return _decoded(printed)
        case "stars" | "invisible" | "document":
            return ""
        case "bold":
            return None
        case "separator":
            return " "
        case "wide":
            # "（b）图像。（c）谱": a stop of full width has the blank behind it inside
            is_glued = printed in "，：；。" and found.string[found.end() : found.end() + 1].strip(" 0123456789") != ""
            return printed.translate(_WIDE) + " " * is_glued
    if not is_latex:
        return None
    match kind:
        case "font" | "script":
            braces.append(True)
            return ""
        case "open":
            # "${2 \\times 3}$" groups, "\\unknown{x}" keeps its own
            is_group = found.string[found.start() - 1 : found.start()] in ("", "$", " ", "{", "^", "_")
            braces.append(is_group)
            return "" if is_group else None
        case "close":
            return "" if braces and braces.pop() else None
        case "sign":
            return _SIGNS.get(printed[1:].removesuffix("{}"))
        case "raised":
            return ""
        case "tie":
            return " "
    return ""


def _decoded(printed: str) -> str | None:
    """The sign whose bytes were read one by one; None where they are none."""
    single = (one.encode("latin-1" if ord(one) < 256 else "cp1252") for one in printed)
    try:
        return b"".join(single).decode("utf-8")
    except UnicodeError:  # no sign, or a character that Windows-1252 has not
        return None


def _entity(printed: str) -> str | None:
    if printed.startswith("&#"):
        digits = printed[2:-1]
        code = int(digits[1:], 16) if digits[:1] in "xX" else int(digits)
        character = chr(code) if code < 0x110000 else ""
        return "" if not character or re.match(f"[{_INVISIBLE}]", character) else character
    return html.entities.html5.get(printed[1:])
