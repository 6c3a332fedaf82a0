"""Public names of `import exsclaim`: they cost nothing, and their examples are true."""

import doctest
import importlib
import inspect
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import exsclaim

ROOT = Path(exsclaim.__file__).parent
HEAVY = ("torch", "cv2", "numpy", "pandas", "pyarrow", "duckdb", "pydantic", "nltk", "requests", "prefect", "mlflow")


def with_examples() -> list[str]:
    return [
        ".".join(path.relative_to(ROOT.parent).with_suffix("").parts).removesuffix(".__init__")
        for house in ("exsclaim", "tasks", "flows", "models", "journal")
        for path in sorted((ROOT.parent / house).rglob("*.py"))
        # those of a published data set are run in tests/exsclaim/dataset, where there is one
        if ">>> " in path.read_text(encoding="utf-8") and path.name != "opened.py"
    ]


def test_importing_the_package_loads_nothing_heavy() -> None:
    code = f"import sys, exsclaim; print([name for name in {HEAVY} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("name", exsclaim.__all__)
def test_a_public_name_is_there_and_says_what_it_is(name: str) -> None:
    assert name in dir(exsclaim)
    assert ">>> " in (inspect.getdoc(getattr(exsclaim, name)) or ""), f"{name} has no example"


def test_another_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        exsclaim.nothing  # noqa: B018


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: exsclaim.split_caption(None), "a caption is text, not NoneType"),
        (lambda: exsclaim.split_caption(b"(a) Rods."), "a caption is text, not bytes"),
        (lambda: exsclaim.split_caption("(a) Rods.", "silver"), r"terms are a list of texts, not one: \['silver'\]"),
        (lambda: exsclaim.read_pdf("rods.pdf"), r"a PDF is read from its bytes, not from str: .*read_bytes\(\)"),
        (lambda: exsclaim.read_pdf(Path("rods.pdf")), "a PDF is read from its bytes, not from PosixPath"),
        (lambda: exsclaim.read_jats("rods.xml", "rods"), "JATS is read from its bytes, not from str"),
        (lambda: exsclaim.read_jats(None, "rods"), "JATS is read from its bytes, not from NoneType"),
        (lambda: exsclaim.separate("rods.png"), "a figure image is an array, not str"),
        (lambda: exsclaim.open_dataset(None), "a place is a path or a URL, not NoneType"),
    ],
)
def test_what_is_of_another_type_is_named_with_what_it_should_be(call: Callable[[], object], said: str) -> None:
    with pytest.raises(TypeError, match=said):
        call()


@pytest.mark.parametrize("module", with_examples())
def test_examples_are_true(module: str) -> None:
    result = doctest.testmod(importlib.import_module(module), optionflags=doctest.NORMALIZE_WHITESPACE)
    assert result.attempted
    assert not result.failed
