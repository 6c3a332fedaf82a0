"""Characters that a file names wrongly or not at all: told by TeX's layouts, their ink, and what stands beside them."""

import pytest

from exsclaim.geometry import Box
from exsclaim.sources.pdf.text.character_shapes import by_shape
from exsclaim.sources.pdf.text.characters import Glyph, Style
from exsclaim.sources.pdf.text.font_codes import by_neighbours, of_symbol, sign
from exsclaim.sources.pdf.text.pi_fonts import read_anew, told_by_ink
from exsclaim.sources.pdf.text.text_lines import Line

TEXT, SIGNS = Style("AdvOT1", 10.0, False, 0), Style("AdvP0004", 10.0, False, 0)


def row(*parts: str | tuple[str, float, float, float]) -> list[Glyph]:
    """Characters side by side: letters of a text, and signs as `(text, width, height, bottom over the baseline)`."""
    glyphs, x = [], 0.0
    for part in parts:
        for text, width, height, bottom in [(c, 5.0, 7.0, 0.0) for c in part] if isinstance(part, str) else [part]:
            box = Box(x, 100 - bottom - height, x + width, 100 - bottom)
            glyphs.append(Glyph(text, box, 100.0, TEXT if isinstance(part, str) else SIGNS, False, False))
            x += width + 0.4
    return glyphs


RING, CROSS, PLUS_MINUS, WAVE, STROKE = (3, 3, 4.2), (5, 5, 0.4), (5, 6.2, 0), (5.5, 2, 1.8), (5.5, 0.6, 2.3)
MU = (7.3, 6.4, -2.1)


@pytest.mark.parametrize(
    ("before", "code", "ink", "after", "read"),
    [
        ("25", "\x01", RING, "C", "25°C"),
        ("90", "\x03", RING, "", "90°"),
        ("20", "-", RING, "top", "20°top"),
        ("50", "−", RING, "", "50°"),
        ("5", "\x04", CROSS, "5m", "5×5m"),
        ("0.5", "\x02", CROSS, "0.5", "0.5×0.5"),
        ("6", "\x06", PLUS_MINUS, "2", "6±2"),
        ("of", "\x02", WAVE, "30", "of∼30"),
        ("of", "*", WAVE, "30", "of∼30"),
        ("of", "*", (4, 5, 3), "30", "of*30"),
        ("30", "&", MU, "m", "30µm"),
        ("30", "&", (7, 7, 0), "m", "30&m"),
        ("30", "\x06", MU, "m", "30µm"),
        ("=", "j", STROKE, "1", "=−1"),
        ("=", "\x01", STROKE, "4", "=−4"),
        ("20", "-", STROKE, "30", "20-30"),
        ("=", "j", (2, 9, -2), "1", "=j1"),
    ],
)
def test_a_sign_is_what_its_ink_is(
    before: str, code: str, ink: tuple[float, float, float], after: str, read: str
) -> None:
    assert Line(tuple(by_shape(row(before, (code, *ink), after)))).text == read


@pytest.mark.parametrize(("letter", "greek"), [("b", "β"), ("z", "ζ"), ("r", "ρ"), ("c", "χ"), ("h", "η")])
def test_a_letter_of_another_font_that_descends_is_greek(letter: str, greek: str) -> None:
    assert Line(tuple(by_shape(row("the", (letter, 5, 9, -2.2), "value")))).text == f"the{greek}value"
    slanted = [glyph._replace(style=TEXT) for glyph in row("the", (letter, 5, 9, -2.2), "value")]
    assert Line(tuple(by_shape(slanted))).text == f"the{'β' if letter == 'b' else letter}value"


@pytest.mark.parametrize(
    ("code", "font", "text"),
    [
        ("h", "CMSY9", "⟨"), ("i", "CMSY10", "⟩"), ("0", "CMSY6", "′"), ("k", "LMMathSymbols10-Regular", "‖"),
        ("p", "CMEX10", "√"), ("X", "CMEX10", "∑"), ("\x0f", "CMMI9", "ϵ"), ("`", "CMMI10", "ℓ"),
        ("&", "MSAM10", "≳"), (".", "MSAM10", "≲"), ("6", "MSAM7", "≤"), ("M", "MSAM10", "△"), ("~", "MSBM10", "ℏ"),
    ],
)  # fmt: skip
def test_a_nameless_character_of_a_tex_font_is_what_that_font_has_under_its_code(
    code: str, font: str, text: str
) -> None:
    assert sign(ord(code), font, is_nameless=True) == text
    assert sign(ord(code), "Times-Roman", is_nameless=True) in (code, "")
    assert sign(ord(code), font) in (code, "")


@pytest.mark.parametrize(
    ("stored", "read"),
    [
        ("1/pffiffiffi 2", "1/√ 2"), ("ffiffiffip3", "√3"), ("p ffi 2", "√ 2"), ("a coffin", "a coffin"),
        ("m \u0338= 0", "m ≠ 0"), ("x \u0338∈ A", "x ∉ A"), ("25 \x03C", "25 °C"), ("6 \x0210³", "6 ×10³"),
        ("e↵ect", "effect"), ("↵ = 1", "α = 1"),
    ],
)  # fmt: skip
def test_what_stands_beside_it_tells_a_sign(stored: str, read: str) -> None:
    assert by_neighbours(stored) == read


@pytest.mark.parametrize("ligature", ["fi", "fl", "ff", "ffi"])
def test_a_space_behind_a_ligature_that_takes_no_room_parts_no_word(ligature: str) -> None:
    before, *letters, after = row("n", *[(c, 5.0, 7.0, 0.0) for c in ligature], "n")
    letters = [letter._replace(box=letters[0].box, style=TEXT) for letter in letters]
    right = letters[0].box.x1
    near, far = (
        after._replace(box=Box(right + gap, 93, right + gap + 5, 100), spaced=True)
        for gap in (1.6 if ligature != "ff" else 0.9, 2.5)
    )
    assert Line((before, *letters, near)).text == f"n{ligature}n"
    assert Line((before, *letters, far)).text == f"n{ligature} n"


def test_the_ligature_ft_of_linux_libertine_is_two_letters() -> None:
    assert sign(0xE039, "LinLibertineO") == "ft"


@pytest.mark.parametrize(
    ("code", "text"),
    [(0x1B, "ff"), (0x1C, "fi"), (0x1D, "fl"), (0x1E, "ffi"), (0x0B, "ff"), (0x0E, "ffi"), (0x15, "–"), (0x0A, "Ω")],
)
def test_an_ohm_ligature_or_dash_of_a_bitmap_font_is_told_by_its_code(code: int, text: str) -> None:
    assert sign(code, "") == text
    assert sign(code, "Helvetica") == ""


def test_parentheses_of_a_font_that_counts_its_codes_anew_are_told_by_their_ink() -> None:
    pi = Style("MathematicalPi-Three", 10.0, False, 0)
    fence, bracket, equals = (2.4, 9.4, -1.8), (2.6, 9.4, -1.8), (5.2, 4.4, 0)
    parts = [
        ("\x01", *fence), "a", ("\x02", *fence), "Size", ("\x03", *equals), "4",
        ("\x01", *fence), "b", ("\x02", *fence), ("\x04", *bracket), "7", ("\x05", *bracket),
    ]  # fmt: skip
    glyphs = [g._replace(style=pi) if g.text < " " else g for g in row(*parts)]
    assert Line(tuple(by_shape(glyphs))).text.replace(" ", "") == "(a)Size4(b)[7]"
    assert sign(1, pi.font) == "\x01"
    assert sign(1, "Times-Roman") == ""


@pytest.mark.parametrize("font", ["MathematicalPi-One", "Universal-GreekwithMathPi"])
def test_a_minus_of_a_font_that_counts_its_codes_anew_is_told_by_its_ink(font: str) -> None:
    """The energy is −152.9 a.u. and not 152.9; other signs of these fonts are not known."""
    parts = ["is", ("\x04", *STROKE), "152", ("\x03", 5.2, 4.4, 0.0), "4"]
    glyphs = [g._replace(style=Style(font, 10.0, False, 0)) if g.text < " " else g for g in row(*parts)]
    assert Line(tuple(by_shape(glyphs))).text.replace(" ", "") == "is−1524"


@pytest.mark.parametrize(
    ("proof", "plain", "greek"),
    [(("b", 5, 9, -2.2), "aDg", "αΔγ"), (("k", 4.5, 4.4, 0), "alT", "αλT"), (("m", 5, 6.5, -2.1), "sdW", "σδW")],
)
def test_a_font_with_one_letter_that_is_greek_by_its_ink_is_greek(
    proof: tuple[str, float, float, float], plain: str, greek: str
) -> None:
    """Ink does not tell what "a" and "D" are drawn as; a page that has no proof is read by another's."""
    fonts, latin = told_by_ink(row("the", proof, "value"))
    assert (fonts, latin & {SIGNS.font}) == ({SIGNS.font}, set())
    elsewhere = Line(tuple(row("TNF", *[(letter, 5.0, 5.0, 0.0) for letter in plain])))
    assert read_anew(elsewhere, fonts).text == f"TNF{greek}"


def test_a_font_whose_letters_stand_where_latin_ones_do_is_latin() -> None:
    assert told_by_ink(row("the", ("b", 5, 7, 0), "value", ("k", 5, 7, 0)))[1] >= {SIGNS.font}


@pytest.mark.parametrize(
    ("code", "ink", "read"),
    [
        ("6", (6.1, 5.5, 0.3), "±"), ("3", (4.9, 4.8, 0.1), "×"), ("1", (5.3, 5.3, 0), "+"), ("2", STROKE, "−"),
        ("5", (6, 2.2, 1.6), "="), (",", (6.6, 5.7, 0.4), "<"), (".", (6.6, 5.7, 0.4), ">"),
        (":", (1.2, 1.2, 0), "."), (":", (1.2, 4.5, 0), ":"), (";", (1.5, 2.6, -1.4), ","), (";", (1.5, 6, -1.4), ";"),
        ("§", (6.7, 6.7, 0), "±"), ("§", (4.2, 9, -2), "§"), ("|", (4.9, 4.8, 0.1), "×"), (",", (1.5, 2, -1), ","),
        ("6", (3.9, 6.9, 0), "6"), ("1", (2.7, 7, 0), "1"), ("3", (4.3, 7, 0), "3"),
    ],
)  # fmt: skip
def test_a_digit_or_stop_of_another_font_is_the_sign_that_its_ink_is(
    code: str, ink: tuple[float, float, float], read: str
) -> None:
    """Mathematical Pi has "±" under 6: "means 6 SD"."""
    assert Line(tuple(by_shape(row("mean", (code, *ink), "SD")))).text.replace(" ", "") == f"mean{read}SD"


@pytest.mark.parametrize(
    ("before", "ink", "after", "read"),
    [
        ("n", (6, 2.3, 2), "15", "n=15"),
        ("P", (6.7, 5.8, 0.4), "0.01", "P<0.01"),
        ("of", (6, 2.3, 2), "15", "of15"),
        ("5", MU, "mthick", "5µmthick"),
        ("140", MU, "M", "140µM"),
        ("at", (6.6, 1.4, 2.5), "20", "at∼20"),
    ],
)
def test_a_relation_of_a_font_that_counts_its_codes_anew_is_told_by_its_ink_and_place(
    before: str, ink: tuple[float, float, float], after: str, read: str
) -> None:
    pi = Style("Universal-GreekwithMathPi", 10.0, False, 0)
    glyphs = [g._replace(style=pi) if g.text < " " else g for g in row(before, ("\x01", *ink), after)]
    assert Line(tuple(by_shape(glyphs))).text.replace(" ", "") == read


def test_a_glyph_of_symbol_is_known_by_its_number() -> None:
    """PDFium gives the number where the file does not say what the glyphs of Windows' Symbol mean."""
    drawn = {
        0x47: "δ",
        0x4D: "ϕ",
        0x20: "=",
        0x10: "−",
        0x72: "±",
        0x74: "≥",
        0x75: "×",
        0x71: "°",
        0xAC: "",
        0xAA: "[",
    }
    assert {number: of_symbol(number) for number in drawn} == drawn


@pytest.mark.parametrize(("font", "read"), [("Symbol", "=(2)∼"), ("SymbolMT", "=(2)∼"), ("Wingdings-Regular", "")])
def test_words_private_codes_of_symbol_are_what_ascii_has_there(font: str, read: str) -> None:
    """Wingdings has pictures there."""
    codes = (0xF03D, 0xF028, 0xF032, 0xF029, 0xF07E)
    assert "".join(sign(code, font) for code in codes) == (read or "".join(map(chr, codes)))


def test_springers_ligatures_and_upper_copies_of_texs_signs_are_known_by_their_fonts() -> None:
    assert "".join(sign(ord(code), "Ligature-Italic") for code in "VWXYZ") == "fffiflffiffl"
    assert "".join(sign(ord(code), "MTSYN") for code in "¡£§»") == "−×§∼"
    assert (sign(ord("§"), "Times-Roman"), sign(ord("ǫ"), "CMMI9"), sign(ord("ǫ"), "Times")) == ("§", "ϵ", "ǫ")


@pytest.mark.parametrize(
    ("before", "ink", "after", "read"),
    [("P", (6, 5.5, 0.3), "0.001", "P<0.001"), ("P", (6, 7, 0), "0.001", "PB0.001"), ("A", (6, 5.5, 0.3), "0", "AB0")],
)
def test_a_low_b_of_another_font_between_p_and_a_number_is_less_than(
    before: str, ink: tuple[float, float, float], after: str, read: str
) -> None:
    assert Line(tuple(by_shape(row(before, ("B", *ink), after)))).text == read


def test_fonts_of_greek_letters_in_turn_and_of_marks_are_known_by_their_names() -> None:
    """The micro sign under "l" is told by its ink."""
    assert "".join(sign(ord(code), "AdvPSMP13") for code in "DUWXCqpab") == "ΔΦΨΩΓρπαβ"
    assert "".join(sign(ord(code), "AdvPSMP10") for code in "xl") == "ωl"
    assert "".join(sign(ord(code), "AdvPSMPi6") for code in "ds-") == "●○-"
