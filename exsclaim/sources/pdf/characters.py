"""The characters of a page: what they say, where they stand, in what size and weight.

A PDF names some wrongly or not at all: ligatures, Symbol's private codes, Arbortext's maths fonts. A scale of "200 mm"
that is printed as 200 µm would make every size wrong by a thousand, so what is known of the fonts of common typesetting
systems is put right here. Sources: Unicode's alphabetic presentation forms; Adobe's symbol.txt; the "Adv…" fonts of
Arbortext (Royal Society of Chemistry, Elsevier), whose names stay the same in all articles; the layouts of TeX's fonts
(Knuth, The TeXbook, appendix F; AMS, User's Guide to AMSFonts), many of whose names Adobe's list lacks.
"""

import ctypes
import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

import pypdfium2.raw as pdfium

from exsclaim.geometry import Box
from exsclaim.sources.pdf.page_objects import EVERYWHERE, Corners, Display, Object, address_of

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
_SYMBOLS = {"¼": "=", "þ": "+", "ð": "(", "Þ": ")", "½": "["}
_FONTS = {
    "AdvP4C4E74": _SYMBOLS, "AdvP40271B": _SYMBOLS, "AdvPS44A44B": {"$": "·"},
    "AdvPS3F4C13": _MATHEMATICAL_PI, "AdvPS4721B4": _MATHEMATICAL_PI,
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
    0x0B: "ff", 0x0C: "fi", 0x0E: "ffi", 0x0F: "ffl", 0x1B: "ff", 0x1C: "fi", 0x1D: "fl", 0x1E: "ffi", 0x1F: "ffl",
    0x15: "–", 0x16: "—",
}  # fmt: skip
"""Codes of ligatures and dashes in TeX's layouts of text (OT1, then T1), in bitmap fonts, which have no names."""
FENCED = ("MathematicalPi", "Universal-GreekwithMathPi")
"""Fonts of Linotype's whose codes each article counts anew; what they are is told by their ink (`character_shapes`)."""


@cache
def _of_tex(font: str) -> Mapping[str, str]:
    """Characters of one of TeX's fonts by the codes that PDFium gives for them; empty for other fonts."""
    return next((signs for names, signs in _TEX if re.match(names, font)), {})


def sign(code: int, font: str, is_nameless: bool = False) -> str:
    """The text of a character by the code PDFium gives and its font; empty where it is not known.

    Codes below 32 are a font's own. In Arbortext's maths fonts they differ from article to article and are told by
    their ink (`character_shapes`) or by what stands around them (`by_neighbours`), so they are kept as they are.
    `is_nameless` says that PDFium knows no name of the character and gives its code in the font.
    """
    text = chr(code) if 0 < code <= 0x10FFFF else ""
    if is_nameless and text in _of_tex(font):
        return _of_tex(font)[text]
    if font in _FONTS:
        return _FONTS[font].get(text, text)
    if font.startswith("Adv") and code in _ARBORTEXT_LIGATURES:
        return _ARBORTEXT_LIGATURES[code]
    if font.startswith("Lin") and code == _LIBERTINE_FT:
        return "ft"
    if code in _SYMBOL:
        return _SYMBOL[code]
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


_CAPTION = re.compile(r"(?:Fig(?:ure|\.)?|FIG(?:URE|\.)?|Scheme|Table|TABLE)\.?[A-Z]?\d{1,3}[.:|]")
MAX_CHARS = 200_000
"""Of one page; a page of text has 5,000."""


class Style(NamedTuple):
    """Style of a text object."""

    font: str
    size: float
    """In points as shown."""
    bold: bool
    quarter: int
    """Reading direction as shown: 0 to the right, 1 down, 2 upside down, 3 up; -1 slanted."""


class Glyph(NamedTuple):
    """One character as shown."""

    text: str
    box: Box
    """Its ink."""
    baseline: float
    """y of its baseline; for sideways text, of its origin."""
    style: Style
    spaced: bool
    """White space stands before it in the text."""
    hyphen: bool
    """A hyphen that PDFium takes for that of a word broken at the line's end."""


@dataclass(frozen=True)
class Glyphs:
    """All characters of a page in the order of the file, and how the page was turned so that most stand upright."""

    glyphs: list[Glyph]
    display: Display


def read_glyphs(page: Any, objects: Iterable[Object]) -> Glyphs:
    """The characters of a page that can be seen, turned so that most of its text reads to the right.

    A wide figure is often set sideways with its caption, and no /Rotate. What a clip hides is left out: a figure
    that was cut out of another document's page has that page's text around it. `objects` are those of the page.
    """
    clips = {item.address: item.clip for item in objects if item.type == pdfium.FPDF_PAGEOBJ_TEXT}
    textpage = pdfium.FPDFText_LoadPage(page)
    if not textpage:
        return Glyphs([], Display.of(page))
    try:
        display = Display.of(page)
        glyphs = _read(textpage, display, clips)
        turns = Counter(glyph.style.quarter for glyph in glyphs)
        main = max(turns, key=lambda quarter: turns[quarter], default=0)
        if main > 0 and turns[main] > 3 * turns[0] and (_has_caption(glyphs, main) or not _has_caption(glyphs, 0)):
            display = Display.of(page, turn=-main)
            glyphs = _read(textpage, display, clips)
        return Glyphs(glyphs, display)
    finally:
        pdfium.FPDFText_ClosePage(textpage)


def _has_caption(glyphs: Iterable[Glyph], quarter: int) -> bool:
    """True if a figure or table is named in the text of one direction: a table drawn sideways turns no page."""
    return _CAPTION.search("".join(glyph.text for glyph in glyphs if glyph.style.quarter == quarter)) is not None


def _read(textpage: Any, display: Display, clips: Mapping[int, Corners]) -> list[Glyph]:
    glyphs: list[Glyph] = []
    styles: dict[int, Style | None] = {}
    left, right, bottom, top, x, y = (ctypes.c_double() for _ in range(6))
    references = [ctypes.byref(value) for value in (left, right, bottom, top)]
    origin = [ctypes.byref(value) for value in (x, y)]
    area = display.area.grown(1.0)
    spaced = is_joined = False
    for index in range(min(pdfium.FPDFText_CountChars(textpage), MAX_CHARS)):
        code = pdfium.FPDFText_GetUnicode(textpage, index)
        if is_joined and 0xDC00 <= code <= 0xDFFF:
            is_joined = False
            continue
        is_joined = 0xD800 <= code <= 0xDBFF
        if 0xD800 <= code <= 0xDFFF:
            code = _whole(textpage, index)
            is_joined = is_joined and code > 0xFFFF
        if code in (0x20, 0xA0, 0x0A, 0x0D, 0x09) or pdfium.FPDFText_IsGenerated(textpage, index) == 1:
            spaced = True
            continue
        handle = pdfium.FPDFText_GetTextObject(textpage, index)
        address = address_of(handle)
        if address not in styles:
            styles[address] = _style(textpage, index, display)
        style = styles[address]
        hyphen = pdfium.FPDFText_IsHyphen(textpage, index) == 1
        font = style.font if style else ""
        is_nameless = bool(_of_tex(font)) and pdfium.FPDFText_HasUnicodeMapError(textpage, index) == 1
        text = "-" if hyphen or code == 0xAD else sign(code, font, is_nameless)
        if not text.strip():
            spaced = spaced or bool(text)
            continue
        if style is None or not pdfium.FPDFText_GetCharBox(textpage, index, *references):
            continue
        pdfium.FPDFText_GetCharOrigin(textpage, index, *origin)
        clip = clips.get(address, EVERYWHERE)
        if not (
            clip[0] <= (left.value + right.value) / 2 <= clip[2]
            and clip[1] <= (bottom.value + top.value) / 2 <= clip[3]
        ):
            continue
        if not all(map(math.isfinite, (left.value, bottom.value, right.value, top.value))):
            continue
        box = display.rect(left.value, bottom.value, right.value, top.value)
        if not area.touches(box):
            continue
        glyphs.append(Glyph(text, box, display.point(x.value, y.value)[1], style, spaced, hyphen))
        spaced = False
    return glyphs


def _whole(textpage: Any, index: int) -> int:
    """The character beyond U+FFFF of which PDFium gives half; the sign for an unknown one where the rest is lost."""
    halves = (ctypes.c_ushort * 3)()
    pdfium.FPDFText_GetText(textpage, index, 2, halves)
    high, low = halves[0], halves[1]
    if 0xD800 <= high <= 0xDBFF and 0xDC00 <= low <= 0xDFFF:
        return 0x10000 + ((high - 0xD800) << 10) + low - 0xDC00
    return 0xFFFD


def _style(textpage: Any, index: int, display: Display) -> Style | None:
    """None for text of no size."""
    matrix = pdfium.FS_MATRIX()
    if not pdfium.FPDFText_GetMatrix(textpage, index, ctypes.byref(matrix)):
        return None
    size = pdfium.FPDFText_GetFontSize(textpage, index) * math.hypot(matrix.c, matrix.d)
    if not 0.5 <= size <= 1000:
        return None
    degrees = math.degrees(math.atan2(matrix.b, matrix.a))
    quarter = round(-degrees / 90)
    straight = abs(-degrees - 90 * quarter) < 5
    font = _font_name(textpage, index)
    weight = pdfium.FPDFText_GetFontWeight(textpage, index)
    bold = weight >= 600 or any(
        word in font.casefold() for word in ("bold", "black", "heavy", "semibold", "-bd", "cmbx")
    )
    return Style(font, round(size, 1), bold, (quarter + display.quarters) % 4 if straight else -1)


def _font_name(textpage: Any, index: int) -> str:
    flags = ctypes.c_int()
    buffer = ctypes.create_string_buffer(128)
    pdfium.FPDFText_GetFontInfo(textpage, index, buffer, 128, ctypes.byref(flags))
    name = buffer.value.decode("utf-8", "replace")
    return name.split("+", 1)[1] if name[6:7] == "+" else name
