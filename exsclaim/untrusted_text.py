"""Text from outside, made harmless for where it is shown: terminals, logs, reports, spreadsheets.

A title, a reason phrase or a file name may hold escape sequences that move a terminal's cursor or write its clipboard
(CWE-150), line ends that forge a line of a log (CWE-117), marks that turn the order of letters (CVE-2021-42574), and
formulas that a spreadsheet computes (CWE-1236). Data sets keep texts as they are: this is for what people look at.
"""

import codecs
import io
import logging
import re
import sys
from contextlib import suppress
from pathlib import Path

_LINE_ENDS = re.compile(r"[\t\n\v\f\r\x85\u2028\u2029]+")
_UNSEEN = re.compile(
    r"[\x00-\x1f\x7f-\x9f"  # C0 and C1: ESC, CSI, OSC, BEL, …
    r"\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069"  # marks of direction
    r"\ud800-\udfff]"  # no characters: what cannot be encoded cannot be shown
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")

_SIGNS = {
    "…": "...", "·": "-", "–": "-", "—": "-", "×": "x", "✗": "x", "✓": "ok", "↻": "~", "↗": ">", "→": "->", "≤": "<=",
    "≥": ">=", "°": " deg ", "µ": "u", "μ": "u", "Å": "A", "“": '"', "”": '"', "‘": "'", "’": "'", "\u00a0": " ",
    **dict(zip("▁▂▃▄▅▆▇█", "12345678", strict=True)),
}  # fmt: skip
"""What our own messages have beyond ASCII, as a terminal shows it that knows no more."""


def printable(text: str, *, lines: bool = False) -> str:
    r"""The text with nothing in it that steers what shows it: one line, unless `lines` keeps its line ends.

    Control characters and marks of direction are shown as what they are.

    >>> printable("Not\x1b[2J Found\r\nERROR all lost")
    'Not\\x1b[2J Found ERROR all lost'
    """
    if lines:
        return "\n".join(printable(line) for line in text.split("\n"))
    return _UNSEEN.sub(lambda found: found[0].encode("unicode_escape").decode(), _LINE_ENDS.sub(" ", text))


def csv_cell(text: str) -> str:
    """The text as a cell that no spreadsheet takes for a formula: behind an apostrophe where it begins like one.

    https://owasp.org/www-community/attacks/CSV_Injection. Numbers are for the caller to leave alone.

    >>> print(csv_cell("=1+1"), csv_cell("Ag nanowires"))
    '=1+1 Ag nanowires
    """
    text = printable(text, lines=True)
    return f"'{text}" if text.lstrip(" \u00a0\ufeff").startswith(_FORMULA) else text


def show_on_any_terminal() -> None:
    """Let this process print to a terminal whose encoding lacks a character (LC_ALL=C): signs as their likes in ASCII,
    anything else as its escape.
    """
    codecs.register_error("exsclaim.shown", _in_ascii)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="exsclaim.shown")


def _in_ascii(error: UnicodeError) -> tuple[str | bytes, int]:
    assert isinstance(error, UnicodeEncodeError)
    first = error.object[error.start]
    if first in _SIGNS:
        return _SIGNS[first], error.start + 1
    error.end = error.start + 1
    return codecs.backslashreplace_errors(error)


class PrintableFormatter(logging.Formatter):
    """Formats a record as one printable line, with the traceback's lines behind it where there is one."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 (the name is logging's)
        return printable(super().formatMessage(record))

    def format(self, record: logging.LogRecord) -> str:
        return printable(super().format(record), lines=True)


class LogFile(logging.FileHandler):
    """A log of printable lines. A full disk is told by the harvest, once, and not for each line that it cannot take."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, encoding="utf-8")
        self.setFormatter(PrintableFormatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802  as logging names it
        """Leave the line out."""

    def close(self) -> None:
        """Close it: the last lines, of which the disk has no room for, must not hide what ended the harvest."""
        with suppress(OSError):
            super().close()
