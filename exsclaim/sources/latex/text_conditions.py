r"""Conditions of which the arguments decide, as an author's commands have them: one branch of each is what TeX prints.

`\newcommand{\fig}[4]{… \ifthenelse{\isempty{#4}}{\caption{#3}}{\caption[#3]{#4}} …}` has one caption, not two. Known
are the conditions of etoolbox, ifthen, xifthen, xparse and ifmtarg, and TeX's own ways to ask whether an argument is
empty.
"""

import re
from collections.abc import Sequence

from exsclaim.sources.latex.tex_macros import arguments, group, rewritten

MAX_CONDITIONS = 5_000
MAX_EMPTY = 500
MAX_ENDLESS = 100
"""Of conditions that nothing closes: more stand in no text that is meant to be read."""
MAX_NESTING = 60
_TESTS = {
    "ifstrequal": 2, "ifnumequal": 2, "ifthenelse": 1, "ifstrempty": 1, "ifblank": 1, "notblank": 1,
    "IfNoValueTF": 1, "IfValueTF": 1, "IfBlankTF": 1, "IfBooleanTF": 1, "@ifmtarg": 1,
}  # fmt: skip
"""So many arguments that are asked about; two branches follow."""
_ONE_BRANCH = {
    "IfNoValueT": True, "IfNoValueF": False, "IfValueT": True, "IfValueF": False, "IfBlankT": True, "IfBlankF": False,
    "@ifnotmtarg": True,
}  # fmt: skip
"""Only what is printed where the test is true, or where it is not, follows."""
_CONDITION = re.compile(rf"\\(?P<name>{'|'.join(sorted({*_TESTS, *_ONE_BRANCH}, key=len, reverse=True))})(?![A-Za-z])")
_EMPTY_OR_NOT = re.compile(
    r"\\(?:ifx\s*(?:\\\\(?P<lines>(?:(?!\\\\).){0,2000}?)\\\\|&(?P<tabs>[^&]{0,2000})&"
    r"|\\(?P<mark>relax|@?empty)(?![A-Za-z])(?P<marked>[^\\]{0,2000})\\(?P=mark)(?![A-Za-z]))"
    r"|if\s*\\relax\s*\\detokenize\s*\{(?P<words>(?:[^{}]|\{[^{}]*\}){0,2000})\}\s*\\relax"
    r"|if(?P<sign>[!&;])(?P<signs>[^!&;\\]{0,500})(?P=sign))",
    re.DOTALL,
)
_ELSE_OR_END = re.compile(r"\\(?P<word>if(?!f(?![A-Za-z]))[A-Za-z@]*|else|fi)(?![A-Za-z@])")
_EQUAL = re.compile(r"\s*\\equal\s*\{([^{}]*)\}\s*\{([^{}]*)\}\s*")
_EMPTY = re.compile(r"\s*(?P<no>\\NOT\s*|\\not\s*)?\\isempty\s*\{((?:[^{}]|\{[^{}]*\})*)\}\s*")
_NUMBERS = re.compile(r"\s*(-?\d{1,9})\s*([=<>])\s*(-?\d{1,9})\s*")


def decided(tex: str, otherwise: bool | None = None, nesting: int = 0) -> str:
    """The text with that branch alone of each condition that its arguments decide.

    Of one that they do not decide that of `otherwise`; where that is None, it stays as it is, as do conditions within
    more than `MAX_NESTING` others.
    """
    if nesting > MAX_NESTING:
        return tex
    endless = 0

    def taken(found: re.Match[str]) -> tuple[str, int] | None:
        nonlocal endless
        name = found["name"]
        test, behind = arguments(tex, found.end(), _TESTS.get(name, 1))
        is_true = otherwise if (answer := _answer(name, test)) is None else answer
        if is_true is None or endless > MAX_ENDLESS or group(tex, behind) is None:
            endless += is_true is not None
            return None if otherwise is None else ("", behind)
        if (which := _ONE_BRANCH.get(name)) is not None:
            (branch,), end = arguments(tex, behind, 1)
            return decided(branch, otherwise, nesting + 1) if is_true == which else "", end
        branches, end = arguments(tex, behind, 2)
        return decided(branches[not is_true], otherwise, nesting + 1), end

    return rewritten(_without_empty(tex), _CONDITION, taken, MAX_CONDITIONS)


def _answer(name: str, test: Sequence[str]) -> bool | None:
    """The truth of the test; None where that is not known."""
    given = test[0].strip()
    if "#" in given:
        return None  # in a definition
    if name == "ifthenelse":
        return _of_ifthen(test[0])
    if name == "ifnumequal":
        numbers = [each.strip() for each in test]
        return int(numbers[0]) == int(numbers[1]) if all(re.fullmatch(r"-?\d{1,9}", n) for n in numbers) else None
    if name == "ifstrequal":
        return _are_equal(given, test[1])
    is_empty = given in ("", "\\@empty", "-NoValue-", "\\BooleanFalse")
    asks_for_empty = name in ("ifstrempty", "ifblank", "@ifmtarg") or name.startswith(("IfNoValue", "IfBlank"))
    return is_empty == asks_for_empty


def _of_ifthen(test: str) -> bool | None:
    if asked := _EQUAL.fullmatch(test):
        return _are_equal(asked[1], asked[2])
    if asked := _EMPTY.fullmatch(test):
        return (not asked[2].strip()) != bool(asked["no"])
    if asked := _NUMBERS.fullmatch(test):
        first, second = int(asked[1]), int(asked[3])
        return {"=": first == second, "<": first < second, ">": first > second}[asked[2]]
    return None


def _are_equal(first: str, second: str) -> bool | None:
    """Equality of two texts; None where commands stand in them."""
    return None if "\\" in first + second and first.strip() != second.strip() else first.strip() == second.strip()


def _without_empty(tex: str, nesting: int = 0) -> str:
    r"""The text with one branch alone of TeX's own questions whether an argument is empty: `\ifx&#1&…\else…\fi`."""
    if nesting > MAX_NESTING:
        return tex

    def taken(found: re.Match[str]) -> tuple[str, int] | None:
        asked = "".join(found[key] or "" for key in ("lines", "tabs", "marked", "words", "signs"))
        if "#" in asked or (branches := _branches(tex, found.end())) is None:
            return None
        is_empty, is_not, end = branches
        return _without_empty(is_not if asked.strip() else is_empty, nesting + 1), end

    return rewritten(tex, _EMPTY_OR_NOT, taken, MAX_EMPTY)


def _branches(tex: str, at: int) -> tuple[str, str, int] | None:
    r"""The texts before and behind `\else` of the condition whose branches begin at `at`, and where it ends."""
    depth = 0
    middle: re.Match[str] | None = None
    for found in _ELSE_OR_END.finditer(tex, at, at + 10_000):
        if found["word"] == "fi" and depth == 0:
            first = tex[at : middle.start() if middle else found.start()]
            return first, tex[middle.end() : found.start()] if middle else "", found.end()
        if found["word"] == "else":
            middle = found if depth == 0 else middle
        else:
            depth += -1 if found["word"] == "fi" else 1
    return None
