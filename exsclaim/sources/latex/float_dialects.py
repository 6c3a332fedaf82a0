"""Floats and captions of other classes and packages written as LaTeX's own, and loops over images written out.

KOMA-Script's captions above and below, memoir's `\\contcaption`, `wrapfloat`, bicaption, and `\\foreach`
(https://ctan.org/pkg/pgf) where it includes images.
"""

import re
from collections.abc import Mapping
from functools import partial

from exsclaim.sources.latex.named_captions import with_kinds
from exsclaim.sources.latex.tex_macros import MAX_BODY, group

MAX_TURNS = 60
"""Of a loop; real ones over images have a dozen at most."""
MAX_LOOPS = 200
MAX_CHARACTERS = 200_000
"""Of what loops are written out to."""
_PLAIN = (
    (re.compile(r"\\caption(?:above|below)of(?![A-Za-z])"), r"\\captionof"),
    (re.compile(r"\\caption(?:above|below)(?![A-Za-z])"), r"\\caption"),
    (re.compile(r"\\captionbox(?![A-Za-z])|\\begin\s*\{captionbeside\}"), r"\\caption"),
    (re.compile(r"\\end\s*\{captionbeside\}"), ""),
    (re.compile(r"\\contcaption(?![A-Za-z])"), r"\\ContinuedFloat\\caption"),
    (re.compile(r"\\bisubcaption(?![A-Za-z])"), r"\\bicaption"),
    (re.compile(r"\\begin\s*\{wrapfloat\}\s*\{figure\}"), r"\\begin{wrapfigure}"),
    (re.compile(r"\\([cC])refrange\s{0,9}\{([^{}]{1,200})\}\s{0,9}\{([^{}]{1,200})\}"), r"\\\1ref{\2} to \\ref{\3}"),
)
_FLOAT_OF_TEXT = re.compile(r"\\begin\s*\{(?P<name>wrapfloat)\}\s*\{figure\}")
_LOOP = re.compile(
    r"\\foreach\s*(?P<names>\\[A-Za-z]+(?:\s*/\s*\\[A-Za-z]+){0,5})\s*(?:\[(?P<options>[^\]]{0,200})\])?\s*in\s*(?=\{)"
)
_COUNT = re.compile(r"count\s*=\s*(\\[A-Za-z]+)(?:\s+from\s+(\d{1,4}))?")
_SHOWS = re.compile(
    r"\\(?:includegraphics|includesvg|sub(?:float|figure|captionbox)|foreach)(?![A-Za-z])|\\begin\s*\{subfigure"
)


def in_plain_latex(tex: str) -> str:
    """The text of a document with its floats and captions as LaTeX itself has them."""
    if _FLOAT_OF_TEXT.search(tex):
        tex = re.sub(r"\\end\s*\{wrapfloat\}", r"\\end{wrapfigure}", tex)
    for written, plain in _PLAIN:
        tex = written.sub(plain, tex)
    return with_turns(with_kinds(tex), _SHOWS)


def with_turns(tex: str, shows: re.Pattern[str]) -> str:
    """The text with the turns of those loops one behind the other in which there is what `shows` finds."""
    budget = MAX_CHARACTERS
    loops = 0
    at = 0
    while loops < MAX_LOOPS and (found := _LOOP.search(tex, at)) is not None:
        loops += 1
        at = found.end()
        values = group(tex, at, limit=MAX_BODY)
        body = group(tex, values[1], limit=MAX_BODY) if values is not None else None
        if values is None or body is None or not shows.search(body[0]):
            continue
        turns = _turns(found, values[0], body[0])
        budget -= len(turns)
        if budget < 0:
            break
        tex = f"{tex[: found.start()]}{turns}{tex[body[1] :]}"
        at = found.start()  # a loop may stand in a loop
    return tex


def _turns(loop: re.Match[str], values: str, body: str) -> str:
    names = [name.strip() for name in loop["names"].split("/")]
    count = _COUNT.search(loop["options"] or "")
    turns: list[str] = []
    for index, value in enumerate(_values(values)[:MAX_TURNS]):
        given = [part.strip() for part in value.split("/")] if len(names) > 1 else [value]
        known = dict(zip(names, [*given, *[given[-1]] * len(names)], strict=False))
        if count is not None:
            known[count[1]] = str(index + int(count[2] or 1))
        called = re.compile("|".join(rf"{re.escape(name)}(?![A-Za-z])" for name in known))
        turns.append(called.sub(partial(_value_of, known), body))
    return "".join(turns)


def _value_of(known: Mapping[str, str], called: re.Match[str]) -> str:
    return known[called[0]]


def _values(listed: str) -> list[str]:
    """The values of a list as pgf has it: "1,...,4" is 1, 2, 3, 4, and "0,5,...,20" goes on by fives."""
    written = [part.strip().strip("{}") for part in re.findall(r"(?:[^,{}]|\{[^{}]*\})+", listed)]
    values: list[str] = []
    for index, value in enumerate(written):
        if value not in ("...", "\\dots", "\\ldots"):
            values.append(value)
        elif values and index + 1 < len(written):
            values += _between(values, written[index + 1])
    return values


def _between(before: list[str], last: str) -> list[str]:
    """The values between the one before the dots and the one behind them."""
    first = before[-1]
    if len(first) == len(last) == 1 and first.isalpha() and last.isalpha():
        return [chr(code) for code in range(ord(first) + 1, ord(last))]
    if not all(re.fullmatch(r"-?\d{1,6}", each) for each in (*before[-2:], last)):
        return []
    way = 1 if int(last) > int(first) else -1
    step = int(first) - int(before[-2]) if len(before) > 1 else way
    return [str(value) for value in range(int(first) + (step or way), int(last), step or way)][:MAX_TURNS]
