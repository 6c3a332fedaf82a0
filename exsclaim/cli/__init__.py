"""The `exsclaim` command. `exsclaim --help` loads neither opencv nor torch nor nltk: commands import what they use."""

import sys
from typing import Annotated

import typer

from exsclaim import __version__
from exsclaim.cli import dataset_commands, gallery_commands, query_commands, stage_commands
from exsclaim.cli.quality_commands import quality
from exsclaim.cli.terminal import complain
from exsclaim.errors import ExsclaimError, QueryError
from exsclaim.recovery import named
from exsclaim.untrusted_text import show_on_any_terminal

app = typer.Typer(
    help="From a query to a self-labelled data set of scientific images: a harvest, or single stages on your files.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
app.command(add_help_option=False, context_settings={"allow_extra_args": True, "ignore_unknown_options": True})(
    query_commands.harvest
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
app.command()(dataset_commands.repair)
app.command()(dataset_commands.show)
app.command()(gallery_commands.search)
app.command()(gallery_commands.view)
app.add_typer(gallery_commands.corrections, name="corrections")


def _say_version(wanted: bool) -> None:
    if wanted:
        typer.echo(__version__)
        raise typer.Exit


@app.callback()
def exsclaim(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version.", callback=_say_version, is_eager=True)
    ] = False,
) -> None:
    """From a query to a self-labelled data set of scientific images: a harvest, or single stages on your files."""


def main() -> None:
    """Entry point of `exsclaim`. Exit status: 0 done, 1 a failure, 2 a bad query or usage, 3 and 4 from `--check`."""
    show_on_any_terminal()
    try:
        app()
    except (ExsclaimError, OSError) as error:
        complain(named(error))
        sys.exit(2 if isinstance(error, QueryError) else 1)
