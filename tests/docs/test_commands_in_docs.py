"""Commands that the documentation shows: those that need no network and no neural network are run, all others exist."""

import datetime as dt
import pkgutil
import re
import shlex
from contextlib import closing
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import typer.main

from exsclaim import ledger_articles
from exsclaim.cli import app
from exsclaim.dataset.publish.publishing import publish
from exsclaim.dataset.tables import staging
from exsclaim.dataset.tables.staging import Staging
from exsclaim.ledger import Ledger
from exsclaim.store import Store
from flows import bookkeeping, gpu_pool
from tests.exsclaim.cli.command_line import run
from tests.exsclaim.gallery.conftest import ARTICLES, harvested
from tests.exsclaim.quality.histories import history

ROOT = Path(__file__).parents[2]
PAGES = sorted(
    path for path in (*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"))
    if not {"_made", "_site", "decisions"} & set(path.parts) and path.name != "CHANGELOG.md"
)  # fmt: skip


def shown_commands() -> list[tuple[str, str]]:
    """(page, command) of each line in a code block that calls `exsclaim` or a module of `flows`."""
    found = []
    for page in PAGES:
        for block in re.findall(r"^```\w*\n(.*?)^```", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL):
            for line in block.splitlines():
                line = line.removeprefix("$ ").partition("  #")[0].strip()
                if re.match(r"(\.venv/bin/)?(exsclaim |python -m flows)", line):
                    found.append((page.relative_to(ROOT).as_posix(), line))
    return found


@pytest.mark.parametrize(("page", "line"), shown_commands())
def test_a_shown_command_exists(page: str, line: str) -> None:
    words = shlex.split(line)
    if words[0].endswith("python"):
        assert find_spec(words[2]), page
        return
    command: Any = typer.main.get_command(app)
    words = words[1:]
    while commands := getattr(command, "commands", None):
        name = words.pop(0)
        assert name in commands, f"{page}: no command {name}"
        command = commands[name]
    options = {option for parameter in command.params for option in parameter.opts}
    for word in words:
        if word.startswith("--"):
            assert word.partition("=")[0] in options, f"{page}: {word}"


def test_the_way_of_one_figure_names_functions_that_there_are() -> None:
    """Names in docs/architecture.md's numbered list: modules of the houses, or classes of a harvest's books."""
    way = (ROOT / "docs/architecture.md").read_text(encoding="utf-8").partition("## The way of one figure")[2]
    numbered = way.partition("\nA task is called")[0]
    books: list[Any] = [bookkeeping, gpu_pool, ledger_articles, staging]
    names = re.findall(r"`((?:flows|tasks|exsclaim)\.[\w.]+|[A-Z]\w+\.\w+)`", numbered)
    assert len(names) > 20
    for name in names:
        if name[0].isupper():
            kind, _, method = name.partition(".")
            owners = [getattr(book, kind) for book in books if hasattr(book, kind)]
            assert owners, name
            assert hasattr(owners[0], method), name
        else:
            pkgutil.resolve_name(name)


def named_modules() -> list[tuple[str, str]]:
    """(file, module) of each `python -m MODULE` of our own that a page or a docstring names."""
    files = [*PAGES, *(ROOT / "models").rglob("*.py"), *(ROOT / "benchmarks").glob("*.py")]
    named = {
        (file.relative_to(ROOT).as_posix(), module)
        for file in files
        for module in re.findall(
            r"python -m ((?:exsclaim|flows|models|benchmarks|journal)[\w.]*\w)", file.read_text(encoding="utf-8")
        )
    }
    return sorted(named)


@pytest.mark.parametrize(("file", "module"), named_modules())
def test_a_named_module_exists(file: str, module: str) -> None:
    assert find_spec(module), f"{file}: python -m {module}"


RUN = re.compile(
    r"(?:\.venv/bin/)?exsclaim (?:query check|captions|columns|export|search|corrections list|quality)\b"
    r"(?!.*(?:--mlflow|--to gold))"
)
"""Commands that are run; those that serve, reach out, need a review or use the networks have tests of their own."""


def named_files(page: str) -> dict[str, str]:
    """Contents of the files that a page shows whole, by the name in their first line: "# silver.yaml"."""
    blocks = re.findall(r"^```\w*\n# ([\w.-]+)\n(.*?)^```", (ROOT / page).read_text(encoding="utf-8"), re.M | re.S)
    return dict(blocks)


@pytest.fixture(scope="session")
def workplace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what the pages speak of: a data set results/silver, captions, queries, and a ledger with nights."""
    place = tmp_path_factory.mktemp("docs")
    (place / "papers").mkdir()
    store = Store(place / "store")
    with closing(Staging(place / "staging")) as staging:
        for seed, each in enumerate(ARTICLES):
            staging.add(harvested(each, store, seed))
        publish(
            staging, query_name="silver", results_dir=place / "results", store=store, harvest_id="n1",
            save_format=frozenset(), versions={"code": "1"},
        )  # fmt: skip
    for file in (place / "captions.json", place / "figures" / "captions.json"):
        file.parent.mkdir(exist_ok=True)
        file.write_text('{"fig1": {"caption": "(a) TEM image. (b) Spectrum."}}', encoding="utf-8")
    for page in PAGES:
        for name, content in named_files(page.relative_to(ROOT).as_posix()).items():
            (place / name).write_text(content, encoding="utf-8")
    with closing(Ledger(place / "home" / "ledger.sqlite")) as ledger:
        nights = history(3)
        late = dt.datetime.now(dt.UTC).date() - nights[-1].day
        for night in nights:
            ledger.record_metrics([night.model_copy(update={"day": night.day + late})])
    return place


@pytest.mark.parametrize(("page", "line"), [shown for shown in shown_commands() if RUN.match(shown[1])])
def test_a_shown_command_does_what_is_shown(
    page: str, line: str, workplace: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(workplace)
    monkeypatch.setenv("EXSCLAIM_HOME", str(workplace / "home"))
    monkeypatch.setenv("HOME", str(workplace))

    status = run(*shlex.split(line)[1:])

    assert status == 0, f"{page}: {line}: {capsys.readouterr()}"


def shown_programs() -> list[tuple[str, str]]:
    """(page, program) of each code block in Python."""
    return [
        (page.relative_to(ROOT).as_posix(), block)
        for page in PAGES
        for block in re.findall(r"^```python\n(.*?)^```", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    ]


@pytest.mark.parametrize(("page", "program"), shown_programs(), ids=lambda shown: shown if "\n" not in shown else "")
def test_a_shown_program_runs(page: str, program: str, workplace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if "datasets" in program:
        pytest.importorskip("datasets", reason="comes with the dev extra")
    monkeypatch.chdir(workplace)
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setenv("HF_HOME", str(workplace / "hf"))
    exec(compile(program, page, "exec"), {"transform": None})


def test_pages_link_to_files_that_are_there() -> None:
    missing = [
        f"{page.relative_to(ROOT)}: {target}"
        for page in PAGES
        for target in re.findall(r"\]\(([^)#\s]+)\)", page.read_text(encoding="utf-8"))
        if "://" not in target and not target.startswith("mailto:") and not (page.parent / target).exists()
    ]
    assert missing == []
