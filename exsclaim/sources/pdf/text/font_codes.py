"""Codes of fonts: what they mean where files name characters wrongly or not at all.

Sources: Unicode's alphabetic presentation forms; Adobe's symbol.txt; the "Adv…" fonts of Arbortext (Royal Society of
Chemistry, Elsevier), whose names stay the same in all articles; Linotype's Mathematical Pi; the layouts of TeX's fonts
(Knuth, The TeXbook, appendix F; AMS, User's Guide to AMSFonts), many of whose names Adobe's list lacks.
"""

import re
import unicodedata
from collections.abc import Mapping
from functools import cache

_LIGATURES = {"\ufb00": "ff", "\ufb01": "fi", "\ufb02": "fl", "\ufb03": "ffi", "\ufb04": "ffl", "\ufb05": "ft",
              "\ufb06": "st", "\u2126": "Ω", "\u2009": " "}  # fmt: skip
_SYMBOL_SMALL = dict(zip(range(0xF061, 0xF07B), "αβχδεφγηιϕκλμνοπθρστυϖωξψζ", strict=True))
_SYMBOL_PLAIN = {0xF000 + ord(plain): plain for plain in "()+,./0123456789:;<=>[]{|}"} | {0xF07E: "∼"}
"""Word's private codes of what Symbol has where ASCII has it."""
_SYMBOL = _SYMBOL_SMALL | {
    0xF044: "Δ", 0xF046: "Φ", 0xF047: "Γ", 0xF04C: "Λ", 0xF050: "Π", 0xF051: "Θ", 0xF053: "Σ", 0xF057: "Ω",
    0xF058: "Ξ", 0xF059: "Ψ", 0xF02D: "−", 0xF0A2: "′", 0xF0A3: "≤", 0xF0A5: "∞", 0xF0AE: "→", 0xF0B0: "°",
    0xF0B1: "±", 0xF0B2: "″", 0xF0B3: "≥", 0xF0B4: "×", 0xF0B5: "∝", 0xF0B7: "•", 0xF0B8: "÷", 0xF0B9: "≠",
    0xF0BA: "≡", 0xF0BB: "≈", 0xF0D7: "⋅",
}  # fmt: skip
_PICTURES = ("Wingdings", "Webdings", "ZapfDingbats")
"""Fonts that have pictures under all codes."""
MATHEMATICAL_PI = dict(zip("abgdezhqklmnprstfuDGLSUF", "αβγδεζηθκλμνπρστφωΔΓΛΣΩΦ", strict=True))
_GREEK_IN_TURN = dict(zip("abcdefghijkmnopqrstuvwx", "αβγδεζηθικλνξοπρστυφχψω", strict=True)) | dict(
    zip("CDHKNPRTUVWX", "ΓΔΘΛΞΠΣΥΦΧΨΩ", strict=True)
)
"""Mathematical Pi 10 and 13, without the micro sign under "l", which its ink tells."""
_SYMBOLS = {"¼": "=", "þ": "+", "ð": "(", "Þ": ")", "½": "["}
_FONTS = {
    "AdvP4C4E74": _SYMBOLS, "AdvP40271B": _SYMBOLS, "AdvPS44A44B": {"$": "·"},
    "AdvPS3F4C13": MATHEMATICAL_PI, "AdvPS4721B4": MATHEMATICAL_PI,
    "AdvPSMP10": _GREEK_IN_TURN, "AdvPSMP13": _GREEK_IN_TURN, "AdvPSMPi6": {"d": "●", "s": "○"},
}  # fmt: skip
_NEGATION = "\u0338"
_TEX = (
    ("CMSY|LMMathSymbols|MTSY", dict(zip("hi06>bcdekoqtuvw45a", "⟨⟩′" + _NEGATION + "⊤⌊⌋⌈⌉‖≀⨿⊔⊓⊑⊒△▽⊣", strict=True))),
    ("CMEX|LMMathExtension|MTEX", {
        **dict(zip("pqrstPXQYRZSh\x14\"i\x15#no", "√√√√√∑∑∏∏∫∫⋃[[[]]]{}", strict=True)),
        **dict.fromkeys("\x10\x12 ", "("), **dict.fromkeys("\x01\x11\x13!", ")"), **dict.fromkeys("bcdefg", ""),
    }),
    ("CMMI|LMMathItalic|MTMI", {
        "\x0f": "ϵ", "%": "ϱ", "$": "ϖ", "`": "ℓ", "?": "⋆", ".": "▷", "/": "◁", "|": "j", "~": "",
    }),
    ("MSAM", {
        "\x03": "□", "\x04": "■", "\x06": "◊", "\x07": "⧫", "&": "≳", ".": "≲", "6": "≤", ">": "≥", "F": "★", "H": "▼",
        "I": "▶", "J": "◀", "M": "△", "N": "▲", "O": "▽", "X": "✓", "r": "®",
    }),
    ("MSBM", {"~": "ℏ", "}": "ℏ"}),
)  # fmt: skip
"""What TeX's fonts have under codes whose glyph names say nothing to PDFium, so that it gives the code itself."""
_ARBORTEXT_LIGATURES = {0xE103: "fi", 0xE104: "fl", 0xE09D: "ft", 0xE09E: "fi", 0xE09F: "fl"}
_LIBERTINE_FT = 0xE039
_NAMELESS = {
    0x0A: "Ω", 0x0B: "ff", 0x0C: "fi", 0x0E: "ffi", 0x0F: "ffl", 0x15: "–", 0x16: "—",
    0x1B: "ff", 0x1C: "fi", 0x1D: "fl", 0x1E: "ffi", 0x1F: "ffl",
}  # fmt: skip
"""Codes of ohms, ligatures and dashes in TeX's layouts of text (OT1, then T1), in bitmap fonts, which have no names."""
FENCED = ("MathematicalPi", "Universal-GreekwithMathPi")
"""Fonts of Linotype's whose codes each article counts anew; what they are is told by their ink (`character_shapes`)."""


@cache
def of_tex(font: str) -> Mapping[str, str]:
    """Characters of one of TeX's fonts by the codes that PDFium gives for them; empty for other fonts."""
    return next((signs for names, signs in _TEX if re.match(names, font)), {})


_UPPER = dict(zip("¡¢£»¼¸", "−·×∼≈≥", strict=True))
"""What the upper copies of TeX's first codes are (dvips), of those that no font of signs has by their names."""
_LIGATURE_FONT = dict(zip("VWXYZ", ("ff", "fi", "fl", "ffi", "ffl"), strict=True))
"""Springer's font "Ligature"."""
_SYMBOL_PIECES = {0xE6: "(", 0xE9: "[", 0xF6: ")", 0xF9: "]"}
"""Heads of parentheses and brackets that Symbol puts together of pieces."""


def of_symbol(glyph: int) -> str:
    """The sign that a glyph of Windows' Symbol font draws; empty where that is not known or a piece of one.

    Its glyphs stand in the order of its codes, from the space's on, 3, without those that no sign has.
    """
    code = glyph + (29 if glyph < 98 else 63)
    plain = chr(code) if 0x20 < code < 0x40 or code in b"[]{}|" else "∼" if code == 0x7E else ""
    return _SYMBOL.get(0xF000 + code) or _SYMBOL_PIECES.get(code, plain)


def sign(code: int, font: str, is_nameless: bool = False) -> str:
    """The text of a character by the code PDFium gives and its font; empty where it is not known.

    Codes below 32 are a font's own. In Arbortext's maths fonts they differ from article to article and are told by
    their ink (`character_shapes`) or by what stands around them (`by_neighbours`), so they are kept as they are.
    `is_nameless` says that PDFium knows no name of the character and gives its code in the font.
    """
    text = chr(code) if 0 < code <= 0x10FFFF else ""
    if is_nameless and text in of_tex(font):
        return of_tex(font)[text]
    if text in _UPPER and of_tex(font):
        return _UPPER[text]
    if text == "ǫ" and of_tex(font):
        return "ϵ"  # Ghostscript takes TeX's name "epsilon1" for an o with an ogonek
    if font.startswith("Ligature"):
        return _LIGATURE_FONT.get(text, text)
    if font in _FONTS:
        return _FONTS[font].get(text, text)
    if font.startswith("Adv") and code in _ARBORTEXT_LIGATURES:
        return _ARBORTEXT_LIGATURES[code]
    if font.startswith("Lin") and code == _LIBERTINE_FT:
        return "ft"
    if code in _SYMBOL:
        return _SYMBOL[code]
    if code in _SYMBOL_PLAIN and not font.startswith(_PICTURES):
        return _SYMBOL_PLAIN[code]
    if not font and code in _NAMELESS:
        return _NAMELESS[code]
    if font.startswith(FENCED) and code < 0x20:
        return text
    if (code < 0x20 and not (font.startswith("Adv") and code <= 8)) or 0xD800 <= code <= 0xDFFF:
        return ""  # the latter: half of a character, which no file can hold
    if 0x1D400 <= code <= 0x1D7FF:
        return unicodedata.normalize("NFKC", text)  # mathematical italic and bold: searched for as plain letters
    return _LIGATURES.get(text, text)


def by_neighbours(text: str) -> str:
    """A line in which the unnamed signs of maths fonts became what they must be: 25 °C, 6 × 10³, ∼100 %.

    Apple's Quartz names the eleventh code of TeX's fonts ↵: the ligature ff in text, α in formulas. Some fonts store
    pieces of the bar over a radicand as ligatures: "pffiffi" is √. TeX strikes a sign through by another before it.
    """
    if "↵" in text:
        text = re.sub(r"(?<=[^\W\d_])↵(?=[a-z])", "ff", text).replace("↵", "α")
    if "ffi" in text:
        text = re.sub(r"(?:(?<![a-z])p\s?)?(?:ffi){2,}(?:\s?p(?![a-z]))?|(?<![a-z])p\s?ffi(?![a-z])", "√", text)
    if _NEGATION in text:
        text = re.sub(_NEGATION + r"\s?(.)", lambda found: unicodedata.normalize("NFC", found[1] + _NEGATION), text)
    if not any("\x01" <= letter <= "\x08" for letter in text):
        return text
    letters = list(text)
    for place, letter in enumerate(letters):
        if "\x01" <= letter <= "\x08":
            before = text[:place].rstrip()[-1:]
            after = text[place + 1 :].lstrip()[:2]
            if before.isdigit() and after.startswith("10"):
                letters[place] = "×"
            elif after[:1].isdigit():
                letters[place] = "∼"
            else:
                letters[place] = "°" if before.isdigit() else ""
    return "".join(letters)
