"""Published data sets: `exsclaim columns`, `export`, `diff`, `show`."""

from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table


def columns(
    only: Annotated[str, typer.Argument(help="Show only columns whose name or meaning contains this.")] = "",
) -> None:
    """List the columns that filters (--where) may name."""
    from exsclaim.dataset.columns import COLUMNS

    listed = Table("column", "holds", "meaning", box=None)
    for name, column in COLUMNS.items():
        if only.casefold() in f"{name} {column.doc}".casefold():
            listed.add_row(name, column.kind, column.doc)
    Console().print(listed)
