"""Commands that the documentation shows exist, with the options that it gives them."""

import re
import shlex
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import typer.main

from exsclaim.cli import app

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


def test_pages_link_to_files_that_are_there() -> None:
    missing = [
        f"{page.relative_to(ROOT)}: {target}"
        for page in PAGES
        for target in re.findall(r"\]\(([^)#\s]+)\)", page.read_text(encoding="utf-8"))
        if "://" not in target and not target.startswith("mailto:") and not (page.parent / target).exists()
    ]
    assert missing == []
