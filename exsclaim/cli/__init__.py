"""The `exsclaim` command. `exsclaim --help` loads neither opencv nor torch nor nltk: commands import what they use."""

import sys

import typer

from exsclaim.cli import dataset_commands, gallery_commands, query_commands, stage_commands
from exsclaim.cli.quality_commands import quality
from exsclaim.cli.terminal import complain
from exsclaim.errors import ExsclaimError, QueryError

app = typer.Typer(
    help="From a query to a self-labelled data set of scientific images: single stages, on files.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
app.command()(stage_commands.separate)
app.command("read-scale")(stage_commands.read_scale)
app.command()(stage_commands.captions)
app.command()(stage_commands.figures)
app.add_typer(query_commands.app, name="query")
app.command()(quality)
app.command()(dataset_commands.columns)
app.command()(dataset_commands.export)
app.command()(dataset_commands.formats)
app.command()(dataset_commands.versions)
app.command()(dataset_commands.diff)
app.command()(dataset_commands.merge)
app.command()(dataset_commands.show)
app.command()(gallery_commands.search)
app.command()(gallery_commands.view)


def main() -> None:
    """Entry point of `exsclaim`. Exit status: 0 done, 1 something failed, 2 bad query or usage, 3 `--check` found."""
    try:
        app()
    except ExsclaimError as error:
        complain(error)
        sys.exit(2 if isinstance(error, QueryError) else 1)
