"""The characters of a page: what they say, where they stand, in what size and weight.

A PDF names some wrongly or not at all: ligatures, Symbol's private codes, Arbortext's maths fonts. A scale of "200 mm"
that is printed as 200 µm would make every size wrong by a thousand, so what is known of the fonts of common typesetting
systems (`font_codes`) is put right here.
"""

import ctypes
import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import pypdfium2.raw as pdfium

from exsclaim.geometry import Box
from exsclaim.sources.pdf.graphics.page_objects import EVERYWHERE, Corners, Display, Object, address_of
from exsclaim.sources.pdf.text.font_codes import FENCED, of_symbol, of_tex, sign

_CAPTION = re.compile(r"(?:Fig(?:ure|\.)?|FIG(?:URE|\.)?|Scheme|Table|TABLE)\.?[A-Z]?\d{1,3}[.:|]")
_BLANK = (0x09, 0x0A, 0x0D)
"""Tabulators and line ends, unless a font without names has a sign under such a code."""
MAX_CHARS = 200_000
"""Of one page; a page of text has 5,000."""
_LEAST_SIZE, _ASCENT = 0.5, 0.75
"""Points: no type is smaller. Of its size, how far a font's letters and brackets reach over their baseline."""


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
    by_glyph: dict[int, int] = {}
    ascents: dict[int, float] = {}
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
        is_space = code == 0x20  # or a glyph of that number
        if is_space and pdfium.FPDFText_HasUnicodeMapError(textpage, index) != 1:
            spaced = True
            continue
        is_blank = code == 0xA0 or (code in _BLANK and pdfium.FPDFText_HasUnicodeMapError(textpage, index) != 1)
        if is_blank or pdfium.FPDFText_IsGenerated(textpage, index) == 1:
            spaced = True
            continue
        handle = pdfium.FPDFText_GetTextObject(textpage, index)
        address = address_of(handle)
        if address not in styles:
            styles[address] = _style(textpage, index, display, ascents)
        style = styles[address]
        font = style.font if style else ""
        is_of_symbol = font.startswith("Symbol")
        if is_space and not is_of_symbol:
            spaced = True
            continue
        hyphen = pdfium.FPDFText_IsHyphen(textpage, index) == 1
        is_nameless = (is_of_symbol or bool(of_tex(font))) and pdfium.FPDFText_HasUnicodeMapError(textpage, index) == 1
        text = "-" if hyphen or code == 0xAD else sign(code, font, is_nameless)
        is_by_glyph = is_of_symbol and is_nameless and code <= 0xFF
        is_counted = code < 0x20 and font.startswith(FENCED)
        if not (text.strip() or is_by_glyph or is_counted):
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
        if is_by_glyph and not (text.strip() or box.height > 0):
            spaced = True
            continue
        if is_by_glyph:
            by_glyph[len(glyphs)] = code
        glyphs.append(Glyph(text or " ", box, display.point(x.value, y.value)[1], style, spaced, hyphen))
        spaced = False
    return _of_symbol(glyphs, by_glyph)


def _of_symbol(glyphs: list[Glyph], numbers: Mapping[int, int]) -> list[Glyph]:
    """The characters of a page with those that Symbol fonts give by the numbers of their glyphs as what they draw.

    `numbers` are such numbers by place. That they are no codes is shown by a space or a control code that has ink.
    """
    fonts = {glyphs[place].style.font for place, number in numbers.items() if number <= 0x20}
    for place, number in numbers.items():
        if glyphs[place].style.font in fonts:
            glyphs[place] = glyphs[place]._replace(text=of_symbol(number))
    return [glyph for glyph in glyphs if glyph.text != " "]


def _whole(textpage: Any, index: int) -> int:
    """The character beyond U+FFFF of which PDFium gives half; the sign for an unknown one where the rest is lost."""
    halves = (ctypes.c_ushort * 3)()
    pdfium.FPDFText_GetText(textpage, index, 2, halves)
    high, low = halves[0], halves[1]
    if 0xD800 <= high <= 0xDBFF and 0xDC00 <= low <= 0xDFFF:
        return 0x10000 + ((high - 0xD800) << 10) + low - 0xDC00
    return 0xFFFD


def _style(textpage: Any, index: int, display: Display, ascents: dict[int, float]) -> Style | None:
    """None for text of no size. Fonts of drawings (Type 3) may hide theirs: `ascents` are those found so far."""
    matrix = pdfium.FS_MATRIX()
    if not pdfium.FPDFText_GetMatrix(textpage, index, ctypes.byref(matrix)):
        return None
    size = pdfium.FPDFText_GetFontSize(textpage, index) * math.hypot(matrix.c, matrix.d)
    if 0 < size < _LEAST_SIZE:
        address = address_of(pdfium.FPDFTextObj_GetFont(pdfium.FPDFText_GetTextObject(textpage, index)))
        if address not in ascents:
            ascents |= {address: 0.0} | _ascents(textpage)  # looked for once, whatever is found
        size = round(size * ascents.get(address, 0.0) / _ASCENT)
    if not _LEAST_SIZE <= size <= 1000:
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


def _ascents(textpage: Any) -> dict[int, float]:
    """The most that letters of each font of a page reach over their baseline, in sizes of their type."""
    ascents: dict[int, float] = {}
    box = [ctypes.c_double() for _ in range(4)]
    x, y, matrix = ctypes.c_double(), ctypes.c_double(), pdfium.FS_MATRIX()
    for index in range(min(pdfium.FPDFText_CountChars(textpage), MAX_CHARS)):
        handle = pdfium.FPDFText_GetTextObject(textpage, index)
        if not handle or not pdfium.FPDFText_GetCharBox(textpage, index, *map(ctypes.byref, box)):
            continue
        pdfium.FPDFText_GetCharOrigin(textpage, index, ctypes.byref(x), ctypes.byref(y))
        pdfium.FPDFText_GetMatrix(textpage, index, ctypes.byref(matrix))
        ends = box[:2] if abs(matrix.c) > abs(matrix.d) else box[2:]
        from_baseline = x.value if abs(matrix.c) > abs(matrix.d) else y.value
        font = address_of(pdfium.FPDFTextObj_GetFont(handle))
        size = pdfium.FPDFText_GetFontSize(textpage, index) * math.hypot(matrix.c, matrix.d)
        if size > 0:
            ascents[font] = max(ascents.get(font, 0.0), *(abs(end.value - from_baseline) / size for end in ends))
    return ascents


def _font_name(textpage: Any, index: int) -> str:
    flags = ctypes.c_int()
    buffer = ctypes.create_string_buffer(128)
    pdfium.FPDFText_GetFontInfo(textpage, index, buffer, 128, ctypes.byref(flags))
    name = buffer.value.decode("utf-8", "replace")
    return name.split("+", 1)[1] if name[6:7] == "+" else name
