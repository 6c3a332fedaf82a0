"""`exsclaim query`: queries before they are harvested."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from exsclaim.cli.terminal import shown

if TYPE_CHECKING:
    from exsclaim.query import Query

app = typer.Typer(help="Queries: what a harvest looks for.", no_args_is_help=True)


@app.callback()
def queries() -> None:
    """Queries: what a harvest looks for."""


@app.command()
def check(file: Annotated[Path, typer.Argument(help="Query: JSON, YAML or TOML.")]) -> None:
    """Say what a query would ask for and which sources this machine is not set up for, or what is wrong with it."""
    from exsclaim import sources
    from exsclaim.query import load

    query = load(file)
    for name in query.sources:
        sources.get(name)
    _describe(query)


def _describe(query: "Query") -> None:
    console = Console(highlight=False)
    console.print(f"[bold]{shown(query.name)}[/bold]: {shown(', '.join(query.sources))}")
    from exsclaim.query import ALL

    conditions = [f"at most {query.maximum_scraped} articles per source"] if query.maximum_scraped != ALL else []
    conditions += [f"{query.sortby} first"] if query.query else []
    conditions += ["open access only"] if query.open else []
    conditions += [f"licences {', '.join(query.licences)}"] if query.licences else []
    conditions += [f"published after {query.published_after}"] if query.published_after else []
    conditions += [f"published before {query.published_before}"] if query.published_before else []
    if conditions:
        console.print(shown("; ".join(conditions)))
    for place in query.folder:
        console.print(shown(f"all articles in {place}"))
    if query.query:
        console.print(f"{len(query.searches)} searches per source:")
        for terms in query.searches:
            console.print("  " + shown(" AND ".join(f'"{term}"' for term in terms)))
    from exsclaim.dataset.results import results_address
    from exsclaim.sources import hindrance

    for name in query.sources:
        if hinders := hindrance(name):
            console.print(f"[bold yellow]![/] not to be had: {shown(hinders)}", soft_wrap=True)
    console.print(f"results in {shown(str(results_address(query.results_dir, query.name)))}")
