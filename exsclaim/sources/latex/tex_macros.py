"""Reading TeX without running it: comments, arguments, files that include files, and the author's own commands."""

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import PurePosixPath
from typing import NamedTuple

MAX_DEPTH = 20
MAX_CHARACTERS = 20_000_000
MAX_BODY = 2_000
MAX_EXPANSION = 200_000
"""Characters of one caption after its commands were expanded: they may call each other without end."""

MAX_ARGUMENT = 50_000
MAX_OPTION = 2_000
"""Characters of an argument in braces, and of one in brackets: in broken input each may be open to the end."""

_COMMENT = re.compile(r"(?<!\\)((?:\\\\)*)%[^\n]*(?:\n[ \t]*)?")
_SKIPPED = ((re.compile(r"\\begin\{comment\}"), re.compile(r"\\end\{comment\}")),
            (re.compile(r"\\iffalse(?![A-Za-z])"), re.compile(r"\\fi(?![A-Za-z])")))  # fmt: skip
_INCLUDE = re.compile(
    r"\\(?:input|include|subfile)[ \t]?(?:\{(?P<braced>[^{}]{1,300})\}|\s(?P<bare>[^\s\\{}%]{1,300}))"
    r"|\\(?:sub)?import\*?[ \t]?\{(?P<folder>[^{}]{0,300})\}[ \t]?\{(?P<file>[^{}]{1,300})\}"
)
_DEFINITION = re.compile(
    r"\\(?:(?:re|provide)?newcommand|providecommand|DeclareRobustCommand|DeclareMathOperator)\*?\s*"
    r"(?:\{\s*\\([A-Za-z@]+)\s*\}|\\([A-Za-z@]+))\s*|\\[gex]?def\s*\\([A-Za-z@]+)\s*((?:#\d)*)\s*(?=\{)"
)
_ENVIRONMENT = re.compile(r"\\(?:re)?newenvironment\*?\s*\{\s*(?P<name>[A-Za-z]{1,40}\*?)\s*\}\s*")
_FLOATING = re.compile(r"\\begin\s*\{[A-Za-z]*(?:figure|scheme|chart)[A-Za-z]*\*?\}|\\caption|\\includegraphics")
_BRACKET = re.compile(r"\\.|[{}\]]", re.DOTALL)
_SPACE = re.compile(r"\s*")
_BLANKS = re.compile(r"[ \t]*")
_BARE = re.compile(r"\s*(\\[A-Za-z@]+|\\.|[^\s{}])")
_CALL = re.compile(r"\\([A-Za-z@]+)")


class Macro(NamedTuple):
    """A command of the author's: how many arguments, the first one's value if left out, and what it stands for."""

    arguments: int
    default: str | None
    body: str


def without_comments(tex: str) -> str:
    """The text without what TeX does not see. A paragraph's end after a comment stays one."""
    text = _COMMENT.sub(r"\1", tex)
    for begin, end in _SKIPPED:
        pieces: list[str] = []
        at = 0
        while (start := begin.search(text, at)) is not None and (stop := end.search(text, start.end())) is not None:
            pieces.append(text[at : start.start()])
            at = stop.end()
        text = "".join([*pieces, text[at:]])
    return text


def group(
    tex: str, start: int, opening: str = "{", closing: str = "}", limit: int = MAX_ARGUMENT
) -> tuple[str, int] | None:
    """The text between the bracket at or after `start` (white space may come first) and its partner, and the end.

    None where another character comes first, or nothing closes it within `limit` characters. Braces inside are
    counted, so that a `]` in them ends no optional argument.
    """
    at = _behind_space(tex, start)
    if not tex.startswith(opening, at):
        return None
    depth = 0
    for found in _BRACKET.finditer(tex, at + 1, at + limit):
        sign = found[0]
        if depth == 0 and sign == closing:
            return tex[at + 1 : found.start()], found.end()
        if sign == "{":
            depth += 1
        elif sign == "}":
            depth -= 1
            if depth < 0:
                return None
    return None


def balanced(tex: str) -> str:
    """The text with every brace closed that it opens: so that none has to be looked for to the end in vain."""
    depth = 0
    for found in _BRACKET.finditer(tex):
        depth = max(0, depth + {"{": 1, "}": -1}.get(found[0], 0))
    return tex.removesuffix("\\") + "}" * depth


def _behind_space(tex: str, at: int) -> int:
    space = _SPACE.match(tex, at)
    return space.end() if space else at


def behind_blanks(tex: str, at: int) -> int:
    """The place behind the blanks at `at`: a command swallows those behind it."""
    blanks = _BLANKS.match(tex, at)
    return blanks.end() if blanks else at


def arguments(tex: str, start: int, count: int) -> tuple[list[str], int]:
    """`count` arguments in braces (a single character or command counts as one); "" for those that are missing."""
    found: list[str] = []
    for _ in range(count):
        braced = group(tex, start)
        if braced is not None:
            found.append(braced[0])
            start = braced[1]
            continue
        bare = _BARE.match(tex, start)
        found.append(bare[1] if bare else "")
        start = bare.end() if bare else start
    return found, start


def option(tex: str, start: int) -> tuple[str, int]:
    """An optional argument in square brackets, "" where there is none."""
    return group(tex, start, "[", "]", MAX_OPTION) or ("", start)


def flattened(files: Mapping[str, str], main: str) -> str:
    """The document with all files that it includes and no comments; what includes itself is left out.

    Of a file that is missing the command stays, as `\\input{name}`.
    """
    budget = [MAX_CHARACTERS]

    def read(path: str, above: tuple[str, ...]) -> str:
        if path in above or len(above) >= MAX_DEPTH or budget[0] <= 0:
            return ""
        text = without_comments(files[path])
        budget[0] -= len(text)
        folder = PurePosixPath(path).parent

        def included(found: re.Match[str]) -> str:
            named = found["braced"] or found["bare"] or str(PurePosixPath(found["folder"]) / found["file"])
            target = located(files, named.strip().strip('"'), [str(PurePosixPath(main).parent), str(folder)])
            return f"\n{read(target, (*above, path))}\n" if target is not None else f" \\input{{{named}}} "

        return _INCLUDE.sub(included, text)

    return read(main, ())


def located(
    files: Mapping[str, object], name: str, folders: list[str], endings: tuple[str, ...] = (".tex",)
) -> str | None:
    """The path of the file that TeX calls `name`: TeX adds endings, and some systems know no case."""
    by_case = {path.casefold(): path for path in files}
    for folder in folders:
        path = _normal(f"{folder}/{name}")
        for candidate in (path, *(f"{path}{ending}" for ending in endings)):
            if candidate in files:
                return candidate
            if (other := by_case.get(candidate.casefold())) is not None:
                return other
    return None


def _normal(path: str) -> str:
    parts: list[str] = []
    for part in path.replace("\\", "/").split("/"):
        if part == "..":
            parts = parts[:-1]
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts)


def macros_of(tex: str) -> dict[str, Macro]:
    """The commands that a document defines, the last definition of each."""
    return {name: macro for name, macro, _, _ in _definitions(tex)}


def without_definitions(tex: str, but: Callable[[str], bool] = lambda _: False) -> str:
    """The text without the definitions of commands: what they stand for is not there before they are called.

    Those of commands whose names `but` is true for stay, unless they stand in another's definition.
    """
    pieces: list[str] = []
    at = 0
    for name, _, start, end in _definitions(tex):
        if start >= at and not but(name):
            pieces.append(tex[at:start])
            at = end
    return "".join([*pieces, tex[at:]])


def with_environments(tex: str) -> str:
    """The text with those environments of the author's replaced by what they stand for that are floats or captions."""
    environments: dict[str, tuple[Macro, str]] = {}
    pieces: list[str] = []
    at = 0
    for found in _ENVIRONMENT.finditer(tex):
        name, end, count, default = found["name"], found.end(), 0, None
        number, end = option(tex, end)
        count = int(number) if number.strip().isdecimal() and len(number) < 3 else 0
        given = group(tex, end, "[", "]", MAX_OPTION)
        if given is not None:
            default, end = given
        begin = group(tex, end, limit=MAX_BODY)
        close = group(tex, begin[1], limit=MAX_BODY) if begin else None
        if begin and close and found.start() >= at and _FLOATING.search(begin[0] + close[0]):
            environments[name] = Macro(count, default, begin[0]), close[0]
            pieces.append(tex[at : found.start()])
            at = close[1]
    tex = "".join([*pieces, tex[at:]])
    for name, (macro, ending) in environments.items():
        tex = _with_environment(tex, name, macro, ending)
    return tex


def _with_environment(tex: str, name: str, macro: Macro, close: str) -> str:
    """The end may use the beginning's arguments, as those of xparse do: they are taken with it."""
    pieces: list[str] = []
    at = 0
    for found in re.finditer(rf"\\begin\s*\{{{re.escape(name)}\}}", tex):
        ending = re.compile(rf"\\end\s*\{{{re.escape(name)}\}}").search(tex, found.end())
        if found.start() < at or ending is None:
            continue
        begun, inner = _applied(macro, tex, found.end())
        ended, _ = _applied(macro._replace(body=close), tex, found.end())
        pieces += [tex[at : found.start()], begun, tex[inner : ending.start()], ended]
        at = ending.end()
    return "".join([*pieces, tex[at:]])


def _definitions(tex: str) -> Iterator[tuple[str, Macro, int, int]]:
    """Name, command, and where its definition begins and ends."""
    for found in _DEFINITION.finditer(tex):
        name, at, count, default = found[1] or found[2] or found[3], found.end(), 0, None
        if found[3]:
            count = len(found[4] or "") // 2
        else:
            number, at = option(tex, at)
            count = int(number) if number.strip().isdecimal() and len(number) < 3 else 0
            given = group(tex, at, "[", "]", MAX_OPTION)
            if given is not None:
                default, at = given
        body = group(tex, at, limit=MAX_BODY)
        if body is not None and count <= 9:
            yield name, Macro(count, default, body[0]), found.start(), body[1]


def expanded(tex: str, macros: Mapping[str, Macro], limit: int = MAX_EXPANSION) -> str:
    """The text with the author's commands replaced by what they stand for, as far as `limit` characters go."""
    for _ in range(MAX_DEPTH):
        pieces: list[str] = []
        at = size = 0
        for call in _CALL.finditer(tex):
            macro = macros.get(call[1])
            if macro is None or call.start() < at:
                continue
            pieces.append(tex[at : call.start()])
            body, at = _applied(macro, tex, call.end())
            pieces.append(body)
            size += len(body)
            if size > limit:
                break
        if not pieces:
            return tex
        tex = "".join([*pieces, tex[at:]])
        if len(tex) > limit:
            return tex[:limit]
    return tex


def _applied(macro: Macro, tex: str, at: int) -> tuple[str, int]:
    values: list[str] = []
    if macro.default is not None:
        given = group(tex, at, "[", "]", MAX_OPTION)
        value, at = given if given is not None else (macro.default, at)
        values.append(value)
    more, at = arguments(tex, at, macro.arguments - len(values))
    values += more

    def value_of(found: re.Match[str]) -> str:
        index = int(found[1]) - 1
        return values[index][:MAX_BODY] if 0 <= index < len(values) else ""

    body = re.sub(r"#(\d)", value_of, macro.body)
    # TeX swallows the spaces behind a command without arguments, and keeps it apart from letters that follow
    if not values:
        at = behind_blanks(tex, at)
    return f"{body}{{}}" if body[-1:].isalpha() and re.search(r"\\[A-Za-z]+$", body) else body, at
