"""Articles as PDF, written operator by operator: text, images and drawings where a test wants them.

Coordinates are points from the top left of the unturned page. Body text is Courier, whose letters are all 0.6 em
wide, so that lines are as long as a test says.
"""

import random
import zlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

FONTS = {
    "body": "Courier",
    "bold": "Courier-Bold",
    "sans": "Helvetica",
    "sans-bold": "Helvetica-Bold",
    "serif": "Times-Roman",
    "serif-bold": "Times-Bold",
    "slanted": "Times-Italic",
}
MISNAMED = {"micro-as-m": ("Symbol", "6D", "006D"), "micro-as-l": ("Symbol", "6D", "006C"),
            "maths": ("Helvetica", "41", "D835DC34")}  # fmt: skip
"""Fonts in which one code is drawn as one character and named as another: font, code, UTF-16 of its name."""
WIDE = ("wide", "wide-bold")
"""Fonts of all scripts, whose letters fill squares, those of alphabets half of one."""
TEXT = (
    "silver particles were grown on the surface and their size was measured with care after each step of the growth "
    "while the temperature stayed below that of the bath so that no further change of the lattice could be observed in "
    "any of the samples which agrees with earlier work on similar alloys made by another way of casting"
)
WIDTH, HEIGHT = 595.0, 842.0


def micrograph(height: int, width: int, seed: int = 0) -> NDArray[np.uint8]:
    """Grey noise with structure, dark to the edges: `(H, W, 3)` uint8."""
    noise = np.random.default_rng(seed).integers(30, 200, (height // 4 + 1, width // 4 + 1, 1))
    return np.repeat(np.repeat(np.repeat(noise, 4, 0), 4, 1), 3, 2)[:height, :width].astype(np.uint8)


class Sheet:
    """One page being written."""

    def __init__(self, paper: "Paper", crop: tuple[float, float, float, float] | None, rotate: int) -> None:
        self._paper = paper
        self.ops: list[str] = []
        self.images: list[int] = []
        self.crop = crop
        self.rotate = rotate

    def text(self, x: float, y: float, text: str, size: float = 9, font: str = "body", angle: int = 0) -> None:
        """A line whose baseline begins at x, y; `angle` 90 reads upwards, 45 slants. Latin-1, or anything in "wide"."""
        turn = {0: "1 0 0 1", 45: "0.707 0.707 -0.707 0.707", 90: "0 1 -1 0"}[angle]
        escaped = text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
        shown = f"<{text.encode('utf-16-be').hex()}>" if font in WIDE else f"({escaped})"
        self.ops.append(f"BT /{font} {size} Tf {turn} {x:.2f} {HEIGHT - y:.2f} Tm {shown} Tj ET")

    def block(
        self, x: float, y: float, lines: Sequence[str], size: float = 9, font: str = "body", leading: float = 1.25
    ) -> float:
        """Lines under one another; y of the next one."""
        for line in lines:
            self.text(x, y, line, size, font)
            y += leading * size
        return y

    def prose(self, x: float, y: float, lines: int, letters: int = 46, size: float = 9, seed: int = 1) -> float:
        """A paragraph set flush on both sides, its last line short."""
        return self.block(x, y, flush(lines, letters, seed), size)

    def image(
        self,
        x0: float,
        y0: float,
        x1: float,
        y1: float,
        pixels: NDArray[np.uint8],
        mask: NDArray[np.uint8] | None = None,
    ) -> None:
        number = self._paper.image(pixels, mask)
        self.images.append(number)
        self.ops.append(f"q {x1 - x0:.3f} 0 0 {y1 - y0:.3f} {x0:.3f} {HEIGHT - y1:.3f} cm /Im{number} Do Q")

    def curve(self, x0: float, y0: float, x1: float, y1: float) -> None:
        """A graph as vectors: axes, ticks, a zigzag, tick labels and axis titles as text."""
        left, right, top, bottom = x0 + 30, x1, y0, y1 - 25
        points = [
            (left + (right - left) * k / 40, top + (bottom - top) * (0.2 + 0.6 * ((k * 7) % 11) / 11))
            for k in range(41)
        ]
        path = " ".join(f"{x:.2f} {HEIGHT - y:.2f} {'l' if k else 'm'}" for k, (x, y) in enumerate(points))
        self.ops.append(f"1 w 0 0 0 RG {left:.2f} {HEIGHT - bottom:.2f} {right - left:.2f} {bottom - top:.2f} re S")
        self.ops.append(f"0.8 0 0 RG {path} S 0 0 0 RG")
        for k in range(6):
            self.text(left + (right - left) * k / 5 - 6, bottom + 9, str(20 * k), 6, "sans")
        self.text((left + right) / 2 - 25, bottom + 21, "Temperature (K)", 7, "sans")
        self.text(x0 + 8, (top + bottom) / 2 + 20, "Intensity (a.u.)", 7, "sans", angle=90)

    def rule(self, x0: float, y: float, x1: float) -> None:
        self.ops.append(f"0.5 w 0 0 0 RG {x0} {HEIGHT - y} m {x1} {HEIGHT - y} l S")

    def rounded(self, x0: float, y0: float, x1: float, y1: float) -> None:
        """A frame of four thin bars and four corners apart from them, as some publishers draw it."""
        for left, top, right, bottom in [
            (x0 + 4, y0, x1 - 4, y0 + 1.2), (x0 + 4, y1 - 1.2, x1 - 4, y1),
            (x0, y0 + 4, x0 + 1.2, y1 - 4), (x1 - 1.2, y0 + 4, x1, y1 - 4),
        ]:  # fmt: skip
            self.box(left, top, right, bottom, fill="0.1 0.1 0.1")
        for x, y, across, along in [(x0, y0, 1, 1), (x1, y0, -1, 1), (x0, y1, 1, -1), (x1, y1, -1, -1)]:
            self.ops.append(
                f"q 1.2 w 0.1 0.1 0.1 RG {x + 0.6 * across} {HEIGHT - y - 5 * along} m "
                f"{x + 0.6 * across} {HEIGHT - y - 2 * along} {x + 2 * across} {HEIGHT - y - 0.6 * along} "
                f"{x + 5 * across} {HEIGHT - y - 0.6 * along} c S Q"
            )

    def box(self, x0: float, y0: float, x1: float, y1: float, fill: str | None = None) -> None:
        """A frame, or an area filled with an RGB colour ("0.9 0.9 1")."""
        paint = f"{fill} rg" if fill else "0.5 w 0 0 0 RG"
        self.ops.append(f"q {paint} {x0} {HEIGHT - y1} {x1 - x0} {y1 - y0} re {'f' if fill else 'S'} Q")


def flush(lines: int, letters: int, seed: int) -> list[str]:
    """Lines of exactly so many letters, but for the last."""
    rng = random.Random(seed)
    made = []
    for _ in range(lines):
        line = ""
        while len(line) < letters:
            line += rng.choice(TEXT.split()) + " "
        made.append(line[: letters - 1].rstrip().ljust(letters - 1, "s") + "e")
    made[-1] = made[-1][: letters // 2] + "."
    return made


class Paper:
    """A PDF being written."""

    def __init__(self, info: dict[str, str] | None = None) -> None:
        self._info = info or {}
        self._images: list[tuple[NDArray[np.uint8], int | None]] = []
        self.sheets: list[Sheet] = []

    def sheet(self, crop: tuple[float, float, float, float] | None = None, rotate: int = 0) -> Sheet:
        """A new page; `crop` is its CropBox as `x0 y0 x1 y1` from the top left."""
        self.sheets.append(Sheet(self, crop, rotate))
        return self.sheets[-1]

    def image(self, pixels: NDArray[np.uint8], mask: NDArray[np.uint8] | None) -> int:
        if mask is not None:
            self._images.append((mask, None))
        self._images.append((pixels, len(self._images) - 1 if mask is not None else None))
        return len(self._images) - 1

    def bytes(self) -> bytes:
        objects: list[bytes] = [b"<< /Type /Catalog /Pages 2 0 R >>", b""]
        fonts = {}
        for name, base in FONTS.items():
            fonts[name] = len(objects) + 1
            objects.append(f"<< /Type /Font /Subtype /Type1 /BaseFont /{base} /Encoding /WinAnsiEncoding >>".encode())
        for name, (base, code, unicode) in MISNAMED.items():
            objects.append(stream("", to_unicode(code, unicode)))
            fonts[name] = len(objects) + 1
            objects.append(
                f"<< /Type /Font /Subtype /Type1 /BaseFont /{base} /ToUnicode {len(objects)} 0 R >>".encode()
            )
        fonts["drawn"] = add_drawn_font(objects)
        objects.append(stream("", every_code_is_its_character()))
        names_of_wide = len(objects)
        for name in WIDE:
            base = "Wide-Bold" if name.endswith("bold") else "Wide"
            objects.append(
                f"<< /Type /FontDescriptor /FontName /{base} /Flags 4 /FontBBox [0 -120 1000 880] /ItalicAngle 0 "
                "/Ascent 880 /Descent -120 /CapHeight 700 /StemV 80 >>".encode()
            )
            objects.append(
                f"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /{base} /DW 1000 /W [32 1279 500] /CIDSystemInfo "
                "<< /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> "
                f"/FontDescriptor {len(objects)} 0 R >>".encode()
            )
            objects.append(
                f"<< /Type /Font /Subtype /Type0 /BaseFont /{base} /Encoding /Identity-H "
                f"/DescendantFonts [{len(objects)} 0 R] /ToUnicode {names_of_wide} 0 R >>".encode()
            )
            fonts[name] = len(objects)
        first_image = len(objects) + 1
        for pixels, mask in self._images:
            space = "/DeviceRGB" if pixels.ndim == 3 else "/DeviceGray"
            soft = f"/SMask {first_image + mask} 0 R" if mask is not None else ""
            objects.append(
                stream(
                    f"/Type /XObject /Subtype /Image /Width {pixels.shape[1]} /Height {pixels.shape[0]} "
                    f"/ColorSpace {space} /BitsPerComponent 8 {soft}",
                    pixels.tobytes(),
                )
            )
        kids = []
        for sheet in self.sheets:
            objects.append(stream("", "\n".join(sheet.ops).encode("latin-1")))
            content = len(objects)
            crop = sheet.crop
            shown = f"/CropBox [{crop[0]} {HEIGHT - crop[3]} {crop[2]} {HEIGHT - crop[1]}]" if crop else ""
            names = " ".join(f"/{name} {number} 0 R" for name, number in fonts.items())
            images = " ".join(f"/Im{number} {first_image + number} 0 R" for number in sheet.images)
            objects.append(
                f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {WIDTH} {HEIGHT}] {shown} /Rotate {sheet.rotate} "
                f"/Contents {content} 0 R "
                f"/Resources << /Font << {names} >> /XObject << {images} >> >> >>".encode()
            )
            kids.append(len(objects))
        objects[1] = f"<< /Type /Pages /Kids [{' '.join(f'{kid} 0 R' for kid in kids)}] /Count {len(kids)} >>".encode()
        in_hex = {key: f"\ufeff{value}".encode("utf-16-be").hex() for key, value in self._info.items()}
        info = " ".join(f"/{key} <{value}>" for key, value in in_hex.items())
        objects.append(f"<< {info} >>".encode())
        return assembled(objects, info=len(objects))


DRAWN_SIZE = 0.24
"""Size at which text of "drawn" is 9 points high, as TeX's drivers set their bitmaps of 300 dpi."""


def add_drawn_font(objects: list[bytes]) -> int:
    """Add a Type 3 font, whose letters are bars in pixels of 300 dpi, of 37.5 pixels an em; its object's number."""
    for height in (17, 27):
        objects.append(stream("", f"22.5 0 0 0 20 {height} d1 2 0 16 {height} re f".encode()))
    low, high = len(objects) - 1, len(objects)
    ranges = "1 beginbfrange <20> <7E> <0020> endbfrange"
    objects.append(
        stream("", to_unicode("00", "0000").replace(b"1 beginbfchar <00> <0000> endbfchar", ranges.encode()))
    )
    codes = " ".join("/low" if chr(code) in "acegmnopqrsuvwxyz., " else "/high" for code in range(32, 127))
    objects.append(
        f"<< /Type /Font /Subtype /Type3 /FontBBox [0 0 0 0] /FontMatrix [1 0 0 1 0 0] /FirstChar 32 /LastChar 126 "
        f"/Widths [{'22.5 ' * 95}] /CharProcs << /low {low} 0 R /high {high} 0 R >> /ToUnicode {len(objects)} 0 R "
        f"/Encoding << /Type /Encoding /Differences [32 {codes}] >> /Resources << >> >>".encode()
    )
    return len(objects)


def to_unicode(code: str, unicode: str) -> bytes:
    """The CMap by which one code of a font reads as `unicode`, both in hexadecimal."""
    return (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapType 2 def "
        "1 begincodespacerange <00> <FF> endcodespacerange "
        f"1 beginbfchar <{code}> <{unicode}> endbfchar endcmap end end"
    ).encode()


def every_code_is_its_character() -> bytes:
    """The CMap of a font whose codes are those of Unicode."""
    rows = [f"<{high:02X}00> <{high:02X}FF> <{high:02X}00>" for high in range(0xD8)]
    blocks = [rows[start : start + 100] for start in range(0, len(rows), 100)]
    ranges = " ".join(f"{len(block)} beginbfrange {' '.join(block)} endbfrange" for block in blocks)
    return (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapType 2 def "
        f"1 begincodespacerange <0000> <FFFF> endcodespacerange {ranges} endcmap end end"
    ).encode()


def stream(entries: str, data: bytes) -> bytes:
    packed = zlib.compress(data)
    return f"<< {entries} /Length {len(packed)} /Filter /FlateDecode >>\nstream\n".encode() + packed + b"\nendstream"


def assembled(objects: Sequence[bytes], info: int) -> bytes:
    """A file of numbered objects; the first is the catalogue."""
    body = b"%PDF-1.5\n"
    places = []
    for number, content in enumerate(objects, start=1):
        places.append(len(body))
        body += f"{number} 0 obj\n".encode() + content + b"\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    trailer = f"<< /Size {len(objects) + 1} /Root 1 0 R /Info {info} 0 R >>"
    head = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}trailer\n{trailer}\n"
    return body + f"{head}startxref\n{len(body)}\n%%EOF\n".encode()
