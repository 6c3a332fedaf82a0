"""Output that all commands share: complaints on stderr, JSON files, the places that options name."""

import errno
import json
import os
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import typer
from rich.cells import cell_len
from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table

from exsclaim.errors import ExsclaimError
from exsclaim.storage import is_url, local_path
from exsclaim.untrusted_text import printable

Place = TypeVar("Place", bound=Path | str | None)
Given = TypeVar("Given", Path, list[Path])
_UNLIMITED = 100_000
_READABLE = 16
"""Characters of a column of prose below which its lines are a word each."""

_PLACE_ERRORS = frozenset(
    (errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.EISDIR, errno.EEXIST, errno.ENAMETOOLONG, errno.ELOOP)
)
"""Numbers of errors that another place does not have; a full disk has a way out of its own."""


def shown(text: str) -> str:
    """Text from outside for rich to print: neither markup nor escape sequences in it have an effect."""
    return escape(printable(text, lines=True))


def console() -> Console:
    """Console of a command's output. In a pipe or a file its lines are as long as what they say, unless COLUMNS is set:
    who reads them there wants whole ids and captions."""
    made = Console(emoji=False, highlight=False)
    return (
        made if made.is_terminal or "COLUMNS" in os.environ else Console(emoji=False, highlight=False, width=_UNLIMITED)
    )


def say(text: str) -> None:
    """Print a line of what a command did: text from outside has no effect in it, and a path is not cut in two."""
    console().print(shown(text), soft_wrap=True)


def counted(count: int, thing: str) -> str:
    """A number of things: "1 panel", "0 panels"."""
    return f"{count} {of_number(thing, count)}"


def of_number(thing: str, count: int) -> str:
    """Noun for so many: "panel" for one, "panels" for all other numbers."""
    if count == 1:
        return thing
    return f"{thing[:-1]}ies" if thing.endswith("ry") else f"{thing}es" if thing.endswith("ch") else f"{thing}s"


def print_table(listed: Table) -> None:
    """Print a table; in a pipe or a file without the blanks that fill its last column.

    Where its last column had less than a line's worth of room, each row is printed as lines of their own.
    """
    out = console()
    if out.width < _least_width(listed):
        _print_rows(listed, out)
        return
    for column in listed.columns[:-1]:
        column.no_wrap = True
    if out.is_terminal:
        out.print(listed)
        return
    with out.capture() as captured:
        out.print(listed)
    typer.echo("\n".join(map(str.rstrip, captured.get().splitlines())))


def _least_width(listed: Table) -> int:
    """Width at which all cells but those of the last column are whole, and that is wide enough to be read."""
    widths = [max(cell_len(str(cell)) for cell in (column.header, *column.cells)) for column in listed.columns]
    return sum(widths[:-1]) + min(widths[-1], _READABLE) + 2 * len(widths)


def _print_rows(listed: Table, out: Console) -> None:
    """Print each row as its first cell and, a line each, what else it has."""
    if listed.title:
        out.print(listed.title, style="bold", soft_wrap=True)
    names = [str(column.header) for column in listed.columns]
    for first, *others in zip(*(column.cells for column in listed.columns), strict=True):
        out.print(f"[bold]{first}[/]", soft_wrap=True)
        for name, cell in zip(names[1:], others, strict=True):
            if cell:
                out.print(Padding(f"[dim]{name}[/] {cell}", (0, 0, 0, 2), expand=False))


def complain(message: object) -> None:
    """Say on stderr that something went wrong."""
    Console(emoji=False, stderr=True, soft_wrap=True).print(f"[red]error:[/red] {shown(str(message))}", highlight=False)


def write_json(out: Path, content: Mapping[str, Any]) -> None:
    """Write a JSON file for people, whole or not at all.

    A file name that is no text (of another system, not in UTF-8) stands in it as Python names it, escaped.

    Raises:
        ExsclaimError: it cannot be written there.
        OSError: the disk is full, or at fault itself.
    """
    from exsclaim.storage.local import write_whole

    with writing_to(out):
        text = f"{json.dumps(content, ensure_ascii=False, indent=1)}\n"
        write_whole(out, text.encode("utf-8", "backslashreplace"))


def file_to_write(out: Path | None) -> Path | None:
    """The file that an option names, checked as soon as it is read: a folder or a device is refused.

    Of a link to a file that file: it is written anew in its place, and the link stays.
    """
    if out is None:
        return None
    if _is(stat.S_ISDIR, out):
        raise typer.BadParameter(f"{out} is a folder: name a file")
    if _is(_is_special, out):
        raise typer.BadParameter(f"{out} is a device or a pipe, which a file cannot take the place of: name a file")
    return out.resolve() if _is(stat.S_ISREG, out) and out.is_symlink() else out


def files_to_read(given: Given) -> Given:
    """The files that an argument names; of a pipe or the keyboard it is said that its end is waited for."""
    for path in given if isinstance(given, list) else [given]:
        if _is(stat.S_ISFIFO, path) or _is(stat.S_ISCHR, path):
            Console(emoji=False, stderr=True, soft_wrap=True).print(
                f"reading {shown(str(path))} until its end …", highlight=False
            )
    return given


def refuse_inputs(outputs: Iterable[Path], inputs: Iterable[Path], option: str) -> None:
    """Refuse to write where something to read lies: the user's own file would be gone."""
    read = set(map(os.path.realpath, inputs))
    for out in outputs:
        if os.path.realpath(out) in read:
            raise typer.BadParameter(f"{out} is what is to be read: name another file", param_hint=option)


def png_to_write(out: Path | None) -> Path | None:
    """The PNG that an option names, and nothing that would be taken for another kind of file."""
    if out is not None and not _is(stat.S_ISDIR, out) and out.suffix.lower() != ".png":
        raise typer.BadParameter(f"{out}: a PNG is written, and nothing else: name a file that ends in .png")
    return file_to_write(out)


def folder_to_write(out: Place) -> Place:
    """The folder, or the URL, that an option names; a file is refused."""
    if out is not None and not is_url(out) and _is(stat.S_ISREG, local_path(out)):
        raise typer.BadParameter(f"{out} is a file: name a folder")
    return out


def _is_special(mode: int) -> bool:
    return not stat.S_ISREG(mode) and not stat.S_ISDIR(mode)


def _is(kind: Callable[[int], bool], path: Path) -> bool:
    """True if it is there and of this kind; what cannot even be asked for is said when it is written."""
    try:
        return kind(path.stat().st_mode)
    except OSError:
        return False


@contextmanager
def writing_to(out: Path | str, option: str = "--out") -> Iterator[None]:
    """Within, what keeps the place of an option from being written says so, and that another is to be chosen.

    Raises:
        ExsclaimError: it cannot be written there.
        OSError: whatever else the block met: a full disk, a fault of another place.
    """
    try:
        yield
    except OSError as error:
        # a file that is open may be named by its number
        if error.errno not in _PLACE_ERRORS or not isinstance(error.filename, str | bytes | Path) or is_url(out):
            raise
        place, met = local_path(out).absolute(), Path(os.fsdecode(error.filename)).absolute()
        if not (met.is_relative_to(place) or place.is_relative_to(met)):
            raise
        raise ExsclaimError(f"{out}: cannot be written ({error.strerror}); choose another {option}") from error
