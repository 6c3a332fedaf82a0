"""The house that a stranger walks through: file names that occur once, modules that can be read, plain docstrings."""

import ast
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
MOST_LINES = 320
RELATIVE = ("What ", "Which ", "Where ", "Whether ", "Who ", "Whose ", "How ", "That ", "When ", "Why ", "If ")
Documented = ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


def modules(*houses: str) -> list[Path]:
    found = [path for house in houses for path in sorted((ROOT / house).rglob("*.py"))]
    assert found
    return found


def test_a_module_name_occurs_once() -> None:
    names = Counter(path.name for path in modules("exsclaim") if path.name not in ("__init__.py", "__main__.py"))
    assert {name: count for name, count in names.items() if count > 1} == {}


def test_no_module_is_a_grab_bag() -> None:
    shunned = {"utils.py", "helpers.py", "common.py", "misc.py"}
    assert [path for path in modules("exsclaim", "tasks", "flows", "models", "journal") if path.name in shunned] == []


def test_a_module_can_be_read_in_one_go() -> None:
    long = {
        path.relative_to(ROOT).as_posix()
        for path in modules("exsclaim", "tasks", "flows", "models", "journal")
        if len(path.read_text(encoding="utf-8").splitlines()) > MOST_LINES
    }
    assert long == set()


def test_docstrings_say_their_subject_first() -> None:
    """The first line of a docstring is a noun phrase or an imperative, no relative clause; in tests too."""
    clauses = [
        f"{path.relative_to(ROOT)}:{line}: {first}"
        for path in [
            ROOT / "setup.py",
            *modules("exsclaim", "tasks", "flows", "models", "journal", "benchmarks", "tests"),
        ]
        for line, first in _first_lines(path)
        if first.startswith(RELATIVE)
    ]
    assert clauses == []


def _first_lines(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the line numbers and first lines of the docstrings of a module and its classes and functions."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    yield 1, (ast.get_docstring(tree) or "").partition("\n")[0]
    for node in ast.walk(tree):
        if isinstance(node, Documented):
            yield node.lineno, (ast.get_docstring(node) or "").partition("\n")[0]
