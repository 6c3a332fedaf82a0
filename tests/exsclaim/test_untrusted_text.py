"""Nothing from outside steers a terminal, forges a line of a log, or is computed by a spreadsheet."""

import io
import logging
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exsclaim.cli.terminal import complain
from exsclaim.errors import BlockedError, ExsclaimError, PageFormatError
from exsclaim.untrusted_text import PrintableFormatter, csv_cell, printable, show_on_any_terminal

HOSTILE = "Not\x1b[2J \x1b]52;c;cm0gLXJm\x07 Found\r\n2026-01-01 INFO all is well \x9b31m \u202e\u2066 \x00\x08\udc80"


@given(st.text())
def test_printable_text_is_one_line_without_control_characters(text: str) -> None:
    shown = printable(text)
    assert not any(ord(character) < 32 or 127 <= ord(character) < 160 for character in shown)
    assert not set(shown) & set("\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
    assert printable(shown) == shown
    shown.encode()


def test_ordinary_text_stays_as_it_is() -> None:
    text = "Ag–Au nanoparticles, α-Fe₂O₃ (5 µm) \\nano “Ångström” 纳米 نانو 🔬"
    assert printable(text) == text
    assert printable("one\ntwo", lines=True) == "one\ntwo"


@pytest.mark.parametrize("error", [BlockedError(f"https://x.example/{HOSTILE}", HOSTILE), PageFormatError(HOSTILE)])
def test_an_error_says_nothing_raw(error: ExsclaimError, capsys: pytest.CaptureFixture[str]) -> None:
    assert "\x1b" not in str(error)
    assert "\u202e" not in str(error)
    complain(error)
    said = capsys.readouterr().err
    assert not set(said) & set("\x1b\x07\x9b\x00\x08\r")
    if isinstance(error, BlockedError):
        assert "\n" not in str(error)
        assert error.cause.isprintable()


def test_a_message_makes_one_line_of_a_log() -> None:
    record = logging.LogRecord("x", logging.INFO, "f.py", 1, "fetched %s", (HOSTILE,), None)
    line = PrintableFormatter("%(levelname)s %(message)s").format(record)
    assert line.startswith("INFO fetched Not\\x1b[2J")
    assert "\n" not in line
    assert "\x1b" not in line


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+1", "-1+cmd|' /C calc'!A0", "@SUM(A1)", "\t=1", "\r=1", " =1", "\ufeff=1", "＝1", "\n=HYPERLINK()"],
)
def test_what_begins_like_a_formula_is_text_for_a_spreadsheet(text: str) -> None:
    assert csv_cell(text).startswith("'")


@pytest.mark.parametrize("text", ["Ag nanowires", "a = b", "10 nm", "", "'quoted'", "(−)-limonene"])
def test_other_cells_stay_as_they_are(text: str) -> None:
    assert csv_cell(text) == text


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_a_terminal_that_knows_ascii_alone_can_be_told_anything(text: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        terminal = io.TextIOWrapper(io.BytesIO(), encoding="ascii", newline="\n")
        patch.setattr(sys, "stdout", terminal)
        show_on_any_terminal()
        sys.stdout.write(text)
        sys.stdout.flush()
        shown = terminal.buffer.getvalue().decode("ascii")  # type: ignore[attr-defined]
    assert text.isascii() == (shown == text)


def test_signs_of_our_own_are_shown_as_their_likes(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr(sys, "stdout", terminal)
    show_on_any_terminal()
    sys.stdout.write("… ✗ 5 µm × 3 ▁█ 银")
    sys.stdout.flush()
    assert terminal.buffer.getvalue() == b"... x 5 um x 3 18 \\u94f6"  # type: ignore[attr-defined]
