"""Markdown out of other people's text, which stays text."""

import html
from collections.abc import Iterable, Sequence

from exsclaim.untrusted_text import printable

_MOST_CHARACTERS = 200


def table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> list[str]:
    """Lines of a table; cells are made plain."""
    ruler = ["---"] * len(header)
    return ["| " + " | ".join(plain(str(cell)) for cell in row) + " |" for row in (header, ruler, *rows)]


def plain(text: str, most: int = _MOST_CHARACTERS) -> str:
    """Text of others as text: it makes no table cells, links, HTML or new lines, and is not longer than a line."""
    line = " ".join(printable(text).split())
    line = line if len(line) <= most else line[: most - 1] + "…"
    line = html.escape(line, quote=False)
    return "".join("\\" + sign if sign in "\\|[]`*" else sign for sign in line)
