"""The documentation's site: `make docs` builds it without the network, and takes every warning for an error."""

from pathlib import Path

import typer
from typer.testing import CliRunner

import exsclaim
from exsclaim.cli import app

HERE = Path(__file__).parent
MADE = HERE / "_made"

PLAIN = {"TERMINAL_WIDTH": "100", "NO_COLOR": "1", "TERM": "dumb"}

project = "EXSCLAIM"
copyright = "the EXSCLAIM developers"
version = release = exsclaim.__version__
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
html_theme = "furo"
html_title = f"EXSCLAIM {version}"
exclude_patterns = ["_site"]
suppress_warnings = ["myst.xref_missing", "myst.header"]  # links into the repository (source, model cards) are no pages
autodoc_member_order = "bysource"
autodoc_typehints = "signature"
napoleon_numpy_docstring = False
myst_heading_anchors = 3


def _help(words: list[str], command: typer.Typer) -> str:
    said = CliRunner().invoke(
        command,
        [*words, "--help"],
        prog_name="exsclaim",
        env=PLAIN,
    )
    return f"## exsclaim {' '.join(words)}\n\n```text\n{said.output.strip()}\n```\n"


def _commands() -> list[list[str]]:
    groups = [[group.name or "", each.name or (each.callback.__name__ if each.callback else "")]
              for group in app.registered_groups if group.typer_instance
              for each in group.typer_instance.registered_commands]  # fmt: skip
    alone = [[each.name or (each.callback.__name__ if each.callback else "")] for each in app.registered_commands]
    return [[word.replace("_", "-") for word in words] for words in (*alone, *groups)]


MADE.mkdir(exist_ok=True)
(MADE / "commands.md").write_text(
    "# The command `exsclaim`\n\nFrom the command's own help, of this version.\n\n"
    + "\n".join(_help(words, app) for words in _commands()),
    encoding="utf-8",
)
