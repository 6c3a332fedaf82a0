"""The characters of a page: what they say, where they stand, in what size and weight.

A PDF names some wrongly or not at all: ligatures, Symbol's private codes, Arbortext's maths fonts. A scale of "200 mm"
that is printed as 200 µm would make every size wrong by a thousand, so what is known of the fonts of common typesetting
systems (`font_codes`) is put right here.
"""

import ctypes
import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import pypdfium2.raw as pdfium

from exsclaim.geometry import Box
from exsclaim.sources.pdf.graphics.page_objects import EVERYWHERE, Corners, Display, Object, address_of
from exsclaim.sources.pdf.text.font_codes import FENCED, of_symbol, of_tex, sign

_CAPTION = re.compile(r"(?:Fig(?:ure|\.)?|FIG(?:URE|\.)?|Scheme|Table|TABLE)\.?[A-Z]?\d{1,3}[.:|]")
_SPACE = 0x20
_BLANK = (0x09, 0x0A, 0x0D, _SPACE)
"""Tabulators, line ends and spaces, unless a font without names has a sign under such a code."""
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
        is_named, is_named_upright = _has_caption(glyphs, main), _has_caption(glyphs, 0)
        # beside upright running heads a caption may be all sideways text that a page has
        most = (1 if is_named and not is_named_upright else 3) * turns[0]
        if main > 0 and turns[main] > most and (is_named or not is_named_upright):
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
    places = _Places(textpage, display)
    by_glyph: dict[int, int] = {}
    ascents: dict[int, float] = {}
    spaced = False
    for index, code in _codes(textpage):
        if _is_blank(textpage, index, code):
            spaced = True
            continue
        address = address_of(pdfium.FPDFText_GetTextObject(textpage, index))
        if address not in styles:
            styles[address] = _style(textpage, index, display, ascents)
        style = styles[address]
        font = style.font if style else ""
        is_of_symbol = font.startswith("Symbol")
        if code == _SPACE and not is_of_symbol:
            spaced = True
            continue
        hyphen = pdfium.FPDFText_IsHyphen(textpage, index) == 1
        is_nameless = (is_of_symbol or bool(of_tex(font))) and _has_no_name(textpage, index)
        text = "-" if hyphen or code == 0xAD else sign(code, font, is_nameless)
        is_by_glyph = is_of_symbol and is_nameless and code <= 0xFF
        is_counted = code < _SPACE and font.startswith(FENCED)
        if not (text.strip() or is_by_glyph or is_counted):
            spaced = spaced or bool(text)
            continue
        seen = places.seen(index, clips.get(address, EVERYWHERE)) if style else None
        if style is None or seen is None:
            continue
        box, baseline = seen
        if is_by_glyph and not (text.strip() or box.height > 0):
            spaced = True
            continue
        if is_by_glyph:
            by_glyph[len(glyphs)] = code
        glyphs.append(Glyph(text or " ", box, baseline, style, spaced, hyphen))
        spaced = False
    return _of_symbol(glyphs, by_glyph)


def _codes(textpage: Any) -> Iterator[tuple[int, int]]:
    """Yield place and code of each character; one beyond U+FFFF, of which PDFium gives two halves, once."""
    is_joined = False
    for index in range(min(pdfium.FPDFText_CountChars(textpage), MAX_CHARS)):
        code = pdfium.FPDFText_GetUnicode(textpage, index)
        if is_joined and 0xDC00 <= code <= 0xDFFF:
            is_joined = False
            continue
        is_joined = 0xD800 <= code <= 0xDBFF
        if 0xD800 <= code <= 0xDFFF:
            code = _whole(textpage, index)
            is_joined = is_joined and code > 0xFFFF
        yield index, code


def _is_blank(textpage: Any, index: int, code: int) -> bool:
    """True of white space that the font names so; a glyph without a name may have its code and show a sign."""
    if code == 0xA0 or (code in _BLANK and not _has_no_name(textpage, index)):
        return True
    return bool(pdfium.FPDFText_IsGenerated(textpage, index) == 1)


def _has_no_name(textpage: Any, index: int) -> bool:
    return bool(pdfium.FPDFText_HasUnicodeMapError(textpage, index) == 1)


class _Places:
    """Places of a page's characters as shown."""

    def __init__(self, textpage: Any, display: Display) -> None:
        self._textpage = textpage
        self._display = display
        self._area = display.area.grown(1.0)
        self._sides = tuple(ctypes.c_double() for _ in range(4))
        self._origin = ctypes.c_double(), ctypes.c_double()
        self._sides_to_fill = tuple(map(ctypes.byref, self._sides))
        self._origin_to_fill = tuple(map(ctypes.byref, self._origin))

    def seen(self, index: int, clip: Corners) -> tuple[Box, float] | None:
        """Box and baseline of a character; None where its clip or the page's edge hides it."""
        if not pdfium.FPDFText_GetCharBox(self._textpage, index, *self._sides_to_fill):
            return None
        pdfium.FPDFText_GetCharOrigin(self._textpage, index, *self._origin_to_fill)
        left, right, bottom, top = (side.value for side in self._sides)
        if not (clip[0] <= (left + right) / 2 <= clip[2] and clip[1] <= (bottom + top) / 2 <= clip[3]):
            return None
        if not all(map(math.isfinite, (left, bottom, right, top))):
            return None
        box = self._display.rect(left, bottom, right, top)
        x, y = self._origin
        return (box, self._display.point(x.value, y.value)[1]) if self._area.touches(box) else None


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
