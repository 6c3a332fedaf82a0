"""`exsclaim query` and `exsclaim harvest`: queries before they are harvested, and their harvests.

A harvest is the main job, by the flows of the wheel or of the checkout that this package is in.
"""

import os
import runpy
import sys
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Annotated

import typer

import exsclaim
from exsclaim.cli.terminal import console, counted, files_to_read, say, shown
from exsclaim.errors import ExsclaimError

if TYPE_CHECKING:
    from exsclaim.query import Query

_READ_WHOLE = {"folder", "dois"}
"""Sources that are not searched."""

app = typer.Typer(help="Queries: what a harvest looks for.", no_args_is_help=True)


@app.callback()
def queries() -> None:
    """Queries: what a harvest looks for."""


@app.command()
def check(
    file: Annotated[Path, typer.Argument(help="Query file: JSON, YAML or TOML.", callback=files_to_read)],
) -> None:
    """Check a query: what it searches for, which of its sources this machine is not set up for, and any mistakes."""
    from exsclaim.sources import load_query

    _describe(load_query(file))


def _describe(query: "Query") -> None:
    told = console()
    told.print(f"[bold]{shown(query.name)}[/bold]: {shown(', '.join(query.sources))}")
    from exsclaim.query import ALL

    conditions = (
        [f"at most {counted(query.maximum_scraped, 'article')} per source"] if query.maximum_scraped != ALL else []
    )
    conditions += [f"{query.sortby} first"] if query.query and set(query.sources) - _READ_WHOLE else []
    conditions += ["open access only"] if query.open else []
    conditions += [f"licences {', '.join(query.licences)}"] if query.licences else []
    conditions += [f"published after {query.published_after}"] if query.published_after else []
    conditions += [f"published before {query.published_before}"] if query.published_before else []
    if conditions:
        told.print(shown("; ".join(conditions)))
    for place in query.folder:
        told.print(shown(f"all articles in {place}"))
    if query.query and not set(query.sources) - _READ_WHOLE:
        told.print("terms to look for in captions; they do not select articles:")
    elif query.query:
        told.print(f"{counted(len(query.searches), 'search')} per source:")
    if query.query:
        for terms in query.searches:
            told.print("  " + shown(" AND ".join(f'"{term}"' for term in terms)))
    from exsclaim.dataset.results import results_address
    from exsclaim.sources import hindrance

    for name in query.sources:
        if hinders := hindrance(name):
            told.print(f"[bold yellow]![/] not available: {shown(hinders)}", soft_wrap=True)
    say(f"results in {results_address(query.results_dir, query.name)}")


def harvest(context: typer.Context) -> None:
    """Harvest a query into a published data set: exsclaim harvest QUERY. Options: exsclaim harvest --help."""
    folder = _importable_flows()
    # for the processes that it starts
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, (str(folder), os.environ.get("PYTHONPATH"))))
    sys.argv = ["exsclaim harvest", *context.args]
    runpy.run_module("flows.harvest", run_name="__main__", alter_sys=False)


def stage(name: str) -> ModuleType:
    """The module `tasks.<name>`, of the flows of the wheel or of the checkout that this package is in.

    Raises:
        ExsclaimError: the extra `flows` is not installed.
    """
    _importable_flows()
    return import_module(f"tasks.{name}")


def _importable_flows() -> Path:
    folder = flows_folder()
    if find_spec("prefect") is None or not (folder / "flows" / "harvest.py").is_file():
        raise ExsclaimError("this needs Prefect and MLflow: pip install 'exsclaim[flows]'")
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))
    return folder


def flows_folder() -> Path:
    """Folder that `flows` and `tasks` are imported from: of an installed wheel the package's, else the checkout."""
    package = Path(exsclaim.__file__).parent
    bundled = package / "orchestration"
    return bundled if bundled.is_dir() else package.parent
