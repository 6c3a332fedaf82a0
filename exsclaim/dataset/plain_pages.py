"""Pages for people out of other people's text, which stays text: one content as Markdown and as HTML.

The HTML is one file: pictures are in it, nothing is loaded from anywhere and nothing is run, which its
Content-Security-Policy says to the browser as well.
"""

import base64
import html
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from exsclaim.untrusted_text import printable

_MOST_CHARACTERS = 200
_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
_STYLE = """
:root { color-scheme: light dark; --line: #8884; --bar: #0072b2 }
html { background: Canvas; color: CanvasText }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 66rem; margin: 2rem auto; padding: 0 1rem }
table { border-collapse: collapse; margin: 1rem 0 }
td, th { border-bottom: 1px solid var(--line); padding: .2rem .8rem .2rem 0; text-align: left; vertical-align: top }
.n { text-align: right; font-variant-numeric: tabular-nums }
td.bars { width: 20rem }
.bar { background: var(--bar); height: .8rem; min-width: 1px }
.pictures { display: flex; flex-wrap: wrap; gap: .8rem }
figure { margin: 0; max-width: 24rem; overflow-wrap: anywhere }
figure img { display: block; max-width: 100%; border: 1px solid var(--line); background: #fff }
figcaption { font-size: .8rem; min-width: 9rem; width: 0; flex-grow: 1 }
h3 { margin-bottom: .3rem }
@media (max-width: 50rem) {
  td, th, a { overflow-wrap: anywhere }
  td, th { padding-right: .4rem }
  td.n { white-space: nowrap }
  td.bars { width: 25vw }
}
"""


@dataclass(frozen=True)
class Link:
    """Text that leads somewhere: an http(s) address, or a file beside the page. Anything else is shown as text."""

    text: str
    to: str


Cell = str | int | float | Link


@dataclass(frozen=True)
class Heading:
    text: str
    level: int = 2


@dataclass(frozen=True)
class Text:
    text: str


@dataclass(frozen=True)
class Bullets:
    items: Sequence[Cell]


@dataclass(frozen=True)
class Table:
    header: Sequence[str]
    rows: Sequence[Sequence[Cell]]


@dataclass(frozen=True)
class Bars:
    """Counts as bars, in the order given; `header` names the values and the counts."""

    header: tuple[str, str]
    rows: Sequence[tuple[str, int]]


@dataclass(frozen=True)
class Picture:
    """A picture with lines of text below it; without an image where there is none to show."""

    jpeg: bytes | None
    alt: str
    lines: Sequence[Cell]


@dataclass(frozen=True)
class Pictures:
    """Pictures beside each other; Markdown lists their texts."""

    pictures: Sequence[Picture]


Block = Heading | Text | Bullets | Table | Bars | Pictures


def as_markdown(title: str, blocks: Iterable[Block]) -> bytes:
    """The page as Markdown, without its pictures."""
    lines = [f"# {plain(title)}"]
    for block in blocks:
        lines += ["", *_markdown_lines(block)]
    return ("\n".join(lines) + "\n").encode()


def _markdown_lines(block: Block) -> list[str]:
    match block:
        case Heading():
            return [f"{'#' * block.level} {plain(block.text)}"]
        case Text():
            return [plain(block.text, most=10_000)]
        case Bullets():
            return [f"- {_markdown_cell(item)}" for item in block.items]
        case Table():
            return table(block.header, block.rows)
        case Bars():
            most = max((count for _, count in block.rows), default=1) or 1
            bars = ((name, count, "█" * math.ceil(20 * count / most)) for name, count in block.rows)
            return table((*block.header, ""), bars)
        case Pictures():
            return [f"- {', '.join(map(_markdown_cell, each.lines))}" for each in block.pictures]


def table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> list[str]:
    """Lines of a table of Markdown; cells are made plain, links of them work."""
    ruler = ["---"] * len(header)
    return ["| " + " | ".join(map(_markdown_cell, row)) + " |" for row in (header, ruler, *rows)]


def _markdown_cell(cell: object) -> str:
    if not isinstance(cell, Link):
        return plain(str(cell))
    goes_to = _safe_address(cell.to)
    return f"[{plain(cell.text)}](<{goes_to}>)" if goes_to else plain(cell.text)


def plain(text: str, most: int = _MOST_CHARACTERS) -> str:
    """Text of others as text in Markdown: it makes no table cells, links, HTML or new lines, and is not longer than a
    line."""
    line = html.escape(_one_line(text, most), quote=False)
    return "".join("\\" + sign if sign in "\\|[]`*" else sign for sign in line)


def as_html(title: str, blocks: Iterable[Block]) -> bytes:
    """The page as one file of HTML."""
    body = "\n".join(map(_html_of, blocks))
    page = (
        f'<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        f'<meta name="viewport" content="width=device-width">\n<title>{_shown(title)}</title>\n'
        f"<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n<h1>{_shown(title)}</h1>\n{body}\n</main>\n</body>\n</html>\n"
    )
    return page.encode()


def _html_of(block: Block) -> str:
    match block:
        case Heading():
            return f"<h{block.level}>{_shown(block.text)}</h{block.level}>"
        case Text():
            return f"<p>{_shown(block.text, 10_000)}</p>"
        case Bullets():
            return "<ul>" + "".join(f"<li>{_html_cell(item)}</li>" for item in block.items) + "</ul>"
        case Table():
            first = block.rows[0] if block.rows else [""] * len(block.header)
            marks = [" class=n" if isinstance(cell, int | float) else "" for cell in first]
            rows = (
                "".join(f"<td{mark}>{_html_cell(cell)}</td>" for mark, cell in zip(marks, row, strict=True))
                for row in block.rows
            )
            head = "".join(f"<th{mark}>{_shown(name)}</th>" for mark, name in zip(marks, block.header, strict=True))
            return "<table>\n" + "\n".join(f"<tr>{cells}</tr>" for cells in (head, *rows)) + "\n</table>"
        case Bars():
            head = f"<th>{_shown(block.header[0])}</th><th class=n>{_shown(block.header[1])}</th>"
            most = max((count for _, count in block.rows), default=1) or 1
            rows = (
                f'<tr><td>{_shown(name)}</td><td class="n">{count}</td>'
                f'<td class="bars"><div class="bar" style="width:{100 * count / most:.1f}%"></div></td></tr>'
                for name, count in block.rows
            )
            return f"<table>\n<tr>{head}<td></td></tr>\n" + "\n".join(rows) + "\n</table>"
        case Pictures():
            return '<div class="pictures">\n' + "\n".join(map(_html_picture, block.pictures)) + "\n</div>"


def _html_picture(picture: Picture) -> str:
    lines = "<br>".join(map(_html_cell, picture.lines))
    image = ""
    if picture.jpeg is not None:
        source = base64.b64encode(picture.jpeg).decode("ascii")
        image = f'<img src="data:image/jpeg;base64,{source}" alt="{_shown(picture.alt)}">'
    return f"<figure>{image}<figcaption>{lines}</figcaption></figure>"


def _html_cell(cell: Cell) -> str:
    if not isinstance(cell, Link):
        return _shown(str(cell))
    goes_to = _safe_address(cell.to)
    if not goes_to:
        return _shown(cell.text)
    return f'<a href="{html.escape(goes_to)}" rel="noopener noreferrer">{_shown(cell.text)}</a>'


def _shown(text: str, most: int = _MOST_CHARACTERS) -> str:
    return html.escape(_one_line(text, most))


def _one_line(text: str, most: int) -> str:
    line = " ".join(printable(text).split())
    return line if len(line) <= most else line[: most - 1] + "…"


def _safe_address(address: str) -> str:
    """An address that a page may lead to, with nothing in it that ends it early; "" for any other (`javascript:`)."""
    kept = "".join(
        f"%{byte:02X}" if byte <= 0x20 or byte >= 0x7F or chr(byte) in "<>\"'\\`|" else chr(byte)
        for byte in address.encode("utf-8", "replace")
    )
    is_web = re.match(r"https?://", kept, re.IGNORECASE)
    is_beside = not kept.startswith("/") and ":" not in kept.partition("/")[0]
    return kept if is_web or is_beside else ""
