"""Characters that a PDF names wrongly or not at all: ligatures, Symbol's private codes, Arbortext's maths fonts.

A scale of "200 mm" that is printed as 200 µm would make every size wrong by a thousand, so what is known of the fonts
of common typesetting systems is put right here. Sources: Unicode's alphabetic presentation forms; Adobe's symbol.txt;
the "Adv…" fonts of Arbortext (Royal Society of Chemistry, Elsevier), whose names stay the same in all articles.
"""

import re
import unicodedata

_LIGATURES = {"\ufb00": "ff", "\ufb01": "fi", "\ufb02": "fl", "\ufb03": "ffi", "\ufb04": "ffl", "\ufb05": "ft",
              "\ufb06": "st", "\u2126": "Ω", "\u2009": " "}  # fmt: skip
_SYMBOL_SMALL = dict(zip(range(0xF061, 0xF07B), "αβχδεφγηιϕκλμνοπθρστυϖωξψζ", strict=True))
_SYMBOL = _SYMBOL_SMALL | {
    0xF044: "Δ", 0xF046: "Φ", 0xF047: "Γ", 0xF04C: "Λ", 0xF050: "Π", 0xF051: "Θ", 0xF053: "Σ", 0xF057: "Ω",
    0xF058: "Ξ", 0xF059: "Ψ", 0xF02D: "−", 0xF0A2: "′", 0xF0A3: "≤", 0xF0A5: "∞", 0xF0AE: "→", 0xF0B0: "°",
    0xF0B1: "±", 0xF0B2: "″", 0xF0B3: "≥", 0xF0B4: "×", 0xF0B5: "∝", 0xF0B7: "•", 0xF0B8: "÷", 0xF0B9: "≠",
    0xF0BA: "≡", 0xF0BB: "≈", 0xF0D7: "⋅",
}  # fmt: skip
_MATHEMATICAL_PI = dict(zip("abgdezhqklmnprstfuDGLSUF", "αβγδεζηθκλμνπρστφωΔΓΛΣΩΦ", strict=True))
_SYMBOLS = {"¼": "=", "þ": "+", "ð": "(", "Þ": ")", "½": "[", "\x01": "−"}
_FONTS = {
    "AdvP4C4E74": _SYMBOLS, "AdvP40271B": _SYMBOLS, "AdvPS44A44B": {"$": "·"},
    "AdvPS3F4C13": _MATHEMATICAL_PI, "AdvPS4721B4": _MATHEMATICAL_PI,
}  # fmt: skip
_ARBORTEXT_LIGATURES = {0xE103: "fi", 0xE104: "fl", 0xE09D: "ft", 0xE09E: "fi", 0xE09F: "fl"}


def sign(code: int, font: str) -> str:
    """The text of a character by the code PDFium gives and its font; empty where it is not known.

    Codes below 32 are a font's own. In Arbortext's maths font the first is a minus; the others differ from article
    to article and are told by what stands around them (`by_neighbours`), so they are kept as they are.
    """
    text = chr(code) if 0 < code <= 0x10FFFF else ""
    if font in _FONTS:
        return _FONTS[font].get(text, text)
    if font.startswith("Adv") and code in _ARBORTEXT_LIGATURES:
        return _ARBORTEXT_LIGATURES[code]
    if code in _SYMBOL:
        return _SYMBOL[code]
    if code < 0x20 or 0xD800 <= code <= 0xDFFF:
        return ""  # the latter: half of a character, which no file can hold
    if 0x1D400 <= code <= 0x1D7FF:
        return unicodedata.normalize("NFKC", text)  # mathematical italic and bold: searched for as plain letters
    return _LIGATURES.get(text, text)


def by_neighbours(text: str) -> str:
    """A line in which the unnamed signs of maths fonts became what they must be: 25 °C, 6 × 10³, ∼100 %.

    Apple's Quartz names the eleventh code of TeX's fonts ↵: the ligature ff in text, α in formulas.
    """
    if "↵" in text:
        text = re.sub(r"(?<=[^\W\d_])↵(?=[a-z])", "ff", text).replace("↵", "α")
    if not any("\x02" <= letter <= "\x08" for letter in text):
        return text
    letters = list(text)
    for place, letter in enumerate(letters):
        if "\x02" <= letter <= "\x08":
            before = text[:place].rstrip()[-1:]
            after = text[place + 1 :].lstrip()[:2]
            if before.isdigit() and after.startswith("10"):
                letters[place] = "×"
            elif after[:1].isdigit():
                letters[place] = "∼"
            else:
                letters[place] = "°" if before.isdigit() else ""
    return "".join(letters)
