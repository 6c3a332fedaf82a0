"""Reading TeX without running it: arguments, and the commands and environments that an author defines."""

import itertools
import re
from collections.abc import Callable, Collection, Mapping
from typing import NamedTuple

MAX_DEPTH = 20
MAX_BODY = 2_000
MAX_EXPANSION = 200_000
"""Characters of one caption after its commands were expanded."""
MAX_CALLS = 100
"""Commands that call each other, one in the other; more are held for an endless chain."""
MAX_WRITTEN = 10_000
"""Characters that one command may stand for once those that it calls are written out; real ones have hundreds."""

MAX_ARGUMENT = 50_000
MAX_OPTION = 2_000
"""Characters of an argument in braces, and of one in brackets: in broken input each may be open to the end."""

_DEFINITION = re.compile(
    r"\\(?P<xparse>(?:New|Renew|Provide|Declare)(?:Expandable)?DocumentCommand|(?:re|provide)?newcommand|providecommand"
    r"|DeclareRobustCommand|DeclareMathOperator)\*?\s*(?:\{\s*\\(?P<braced>[A-Za-z@]+)\s*\}|\\(?P<bare>[A-Za-z@]+))\s*"
    r"|\\[gex]?def\s*\\(?P<plain>[A-Za-z@]+)\s*(?P<numbers>(?:#\d)*)\s*(?=\{)"
)
_XPARSE = re.compile(
    r"[+!]?(?:(?P<with>[OD])(?:[^\s{])?[^\s{]?\s*\{(?P<default>[^{}]*)\}|(?P<kind>[mso])|(?P<other>\S))\s*"
)
_BRACKET = re.compile(r"\\.|[{}\]]", re.DOTALL)
_SPACE = re.compile(r"\s*")
_BLANKS = re.compile(r"[ \t]*")
_BARE = re.compile(r"\s*(\\[A-Za-z@]+|\\.|[^\s{}])")
_ACRONYM = re.compile(
    r"\\(?:newacronym\s*(?:\[[^\]]{0,500}\])?\s*\{(?P<glossary>[^{}]{1,60})\}\s*\{(?P<short>[^{}]{1,60})\}"
    r"|newacro\s*\{(?P<acronym>[^{}]{1,60})\}\s*(?:\[(?P<printed>[^\]]{1,60})\])?"
    r"|DeclareAcronym\s*\{(?P<acro>[^{}]{1,60})\}\s*\{[^{}]{0,500}?\bshort\s*=\s*\{?(?P<given>[^{},]{1,60}))"
)
_OF_ACRONYM = re.compile(
    r"\\(?:(?:[gG]ls|GLS|[aA]cr(?:short|long|full)?|[aA]c[slf]?)(?P<plural>pl|p)?)\*?\s*(?:\[[^\]]{0,500}\])?\{(?P<key>[^{}]{1,60})\}"
)
_CALL = re.compile(r"\\([A-Za-z@]+)")


class Macro(NamedTuple):
    """A command of the author's: how many arguments, the first one's value if left out, and what it stands for.

    `kinds` are those of arguments that xparse declares: "m", "s" for a star, else "o" and the value where left out.
    """

    arguments: int
    default: str | None
    body: str
    kinds: tuple[str, ...] = ()


def group(
    tex: str, start: int, opening: str = "{", closing: str = "}", limit: int = MAX_ARGUMENT
) -> tuple[str, int] | None:
    """The text between the bracket at or after `start` (white space may come first) and its partner, and the end.

    None where another character comes first, or nothing closes it within `limit` characters. Braces inside are
    counted, so that a `]` in them ends no optional argument; in one they are not nested deeper than `MAX_DEPTH`.
    """
    at = _behind_space(tex, start)
    # the look for any partner at all is quick, and spares text full of open brackets the slow one from each of them
    if not tex.startswith(opening, at) or tex.find(closing, at + 1, at + limit) < 0:
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
        if depth < 0 or (opening == "[" and depth > MAX_DEPTH):
            return None
    return None


def balanced(tex: str) -> str:
    """The text with every brace closed that it opens: so that none has to be looked for to the end in vain."""
    depth = 0
    for found in _BRACKET.finditer(tex):
        depth = max(0, depth + {"{": 1, "}": -1}.get(found[0], 0))
    slashes = len(tex) - len(tex.rstrip("\\"))  # an odd one would take the brace behind it
    return tex[: len(tex) - slashes % 2] + "}" * depth


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


def macros_of(tex: str) -> dict[str, Macro]:
    """The commands that a document defines, the last definition of each, as far as they are `finite`."""
    defined = filter(None, map(_defined_at, _DEFINITION.finditer(tex)))
    return finite({name: macro for name, macro, _ in defined})


def finite(macros: Mapping[str, Macro]) -> dict[str, Macro]:
    """Only commands that do not call themselves, through others neither, and stand for no more than `MAX_WRITTEN`.

    The others have no end in TeX, or as good as none, and stand in files that are broken or mean harm.
    """
    sizes: dict[str, int] = {}
    endless: set[str] = set()

    def size(name: str, above: frozenset[str]) -> int:
        if name in above or len(above) >= MAX_CALLS:
            endless.add(name)
            return 0
        if name not in sizes:
            body = macros[name].body
            sizes[name] = len(body) + sum(size(call, above | {name}) for call in _CALL.findall(body) if call in macros)
        return sizes[name]

    small = [name for name in macros if size(name, frozenset()) <= MAX_WRITTEN]
    return {name: macros[name] for name in small if name not in endless}


def that_call(macros: Mapping[str, Macro], wanted: Collection[str]) -> dict[str, Macro]:
    """The commands that are wanted, and those that call one of them, through others too."""
    callers: dict[str, list[str]] = {}
    for name, macro in macros.items():
        for called in _CALL.findall(macro.body):
            callers.setdefault(called, []).append(name)
    found: dict[str, Macro] = {}
    waiting = list(wanted)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found[name] = macros[name]
            waiting += callers.get(name, ())
    return found


def rewritten(
    tex: str, command: re.Pattern[str], by: Callable[[re.Match[str]], tuple[str, int] | None], limit: int | None = None
) -> str:
    """The text with what `command` begins replaced: `by` tells by what and where that ends, None where it stays.

    What begins inside of something that was replaced is not looked at; nor what comes behind `limit` others.
    """
    pieces: list[str] = []
    at = 0
    for found in itertools.islice(command.finditer(tex), limit):
        if found.start() >= at and (new := by(found)) is not None:
            pieces += [tex[at : found.start()], new[0]]
            at = new[1]
    return "".join([*pieces, tex[at:]])


def without_definitions(tex: str, but: Callable[[str], bool] = lambda _: False) -> str:
    """The text without the definitions of commands: what they stand for is not there before they are called.

    Those of commands whose names `but` is true for stay, unless they stand in another's definition.
    """

    def left_out(found: re.Match[str]) -> tuple[str, int] | None:
        defined = _defined_at(found)
        return None if defined is None or but(defined[0]) else ("", defined[2])

    return rewritten(tex, _DEFINITION, left_out)


def with_acronyms(tex: str) -> str:
    """The document with the short forms of its acronyms (packages glossaries, acronym and acro) where it uses them."""
    known: dict[str, str] = {}
    for found in _ACRONYM.finditer(tex):
        key = found["glossary"] or found["acronym"] or found["acro"]
        known[key] = (found["short"] or found["printed"] or found["given"] or key).strip()
    if not known:
        return tex
    return _OF_ACRONYM.sub(
        lambda used: known[used["key"]] + ("s" if used["plural"] else "") if used["key"] in known else used[0], tex
    )


def _defined_at(found: re.Match[str]) -> tuple[str, Macro, int] | None:
    """The name of the command whose definition begins here, the command, and where its definition ends."""
    if found["plain"]:
        signature, at = Macro(len(found["numbers"] or "") // 2, None, ""), found.end()
    else:
        signature, at = signature_at(found["xparse"], found.string, found.end())
    body = group(found.string, at, limit=MAX_BODY)
    if body is None or signature.arguments > 9:
        return None
    return found["braced"] or found["bare"] or found["plain"], signature._replace(body=body[0]), body[1]


def signature_at(kind: str, tex: str, at: int) -> tuple[Macro, int]:
    """The arguments that a definition declares from `at` on, without a body yet, and where they end."""
    if "Document" in kind:
        declared = group(tex, at, limit=MAX_OPTION)
        if declared is None:
            return Macro(0, None, ""), at
        kinds = [
            f"o{each['default']}" if each["with"] else each["kind"] or "m"
            for each in _XPARSE.finditer(declared[0].strip())
        ]
        return Macro(len(kinds), None, "", tuple(kinds)), declared[1]
    number, at = group(tex, at, "[", "]", 20) or ("", at)
    count = int(number) if number.strip().isdecimal() and len(number) < 3 else 0
    given = group(tex, at, "[", "]", MAX_OPTION)
    return Macro(count, given[0] if given else None, ""), given[1] if given else at


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
            body, at = applied(macro, tex, call.end())
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


def applied(macro: Macro, tex: str, at: int) -> tuple[str, int]:
    values: list[str] = []
    if macro.default is not None:
        given = group(tex, at, "[", "]", MAX_OPTION)
        value, at = given if given is not None else (macro.default, at)
        values.append(value)
    for kind in macro.kinds:
        if kind == "s":
            values.append("*" if tex.startswith("*", at) else "")
            at += len(values[-1])
        elif kind == "m":
            (value,), at = arguments(tex, at, 1)
            values.append(value)
        else:
            given = group(tex, at, "[", "]", MAX_OPTION)
            value, at = given if given is not None else (kind[1:], at)
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
    # nor lets a command that ends the body swallow a space; one that takes what follows, as `\cite` for `\citep`, does
    is_open = re.search(r"\\[A-Za-z]+$", body) and not tex.startswith(("{", "[", "*"), at)
    return f"{body}{{}}" if is_open else body, at
