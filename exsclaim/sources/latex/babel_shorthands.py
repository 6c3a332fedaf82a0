"""Shorthands of German documents (package babel) as the characters that they print: `Gr"o"se` is "Größe"."""

import re

_GERMAN = re.compile(
    r"\\(?:usepackage|RequirePackage|documentclass)\s*\[[^\]]{0,300}\b(?:n?german|n?austrian|n?swissgerman)\b[^\]]{0,300}\]"
    r"|\\(?:usepackage|RequirePackage)\s*\{n?german\}|\\setdefaultlanguage\s*(?:\[[^\]]{0,100}\])?\{german\}"
)
_SHORT = re.compile(
    r"(?P<kept>\\(?:include(?:graphics|svg|pdf)?|input|import|label|[A-Za-z]*ref|url|href|texttt|graphicspath)\*?"
    r"\s*(?:\[[^\]]{0,300}\])?\s*\{[^{}]*\}|\\\"|\\verb(\W).*?\2)"
    r"|\"(?P<sign>[aouAOUeisz`'<>~=|/-]|ck|ff|ll|mm|nn|pp|rr|tt)"
)
_PRINTED = {
    "a": "ä", "o": "ö", "u": "ü", "A": "Ä", "O": "Ö", "U": "Ü", "e": "ë", "i": "ï", "s": "ß", "z": "ß", "`": "„",
    "'": "“", "<": "«", ">": "»", "~": "-", "=": "-", "|": "", "/": "/", "-": "",
}  # fmt: skip


def with_german_letters(tex: str, preamble: str) -> str:
    """The text with shorthands as printed, where the preamble loads German."""
    if '"' not in tex or not _GERMAN.search(preamble):
        return tex
    return _SHORT.sub(lambda found: found["kept"] or _PRINTED.get(found["sign"], found["sign"]), tex)
