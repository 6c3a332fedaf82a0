"""Serve the demo journal, or recorded pages: `python -m journal --port 8008`."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from exsclaim.settings import settings
from journal.journal import DemoJournal, demo_faults
from journal.replay import replay
from journal.server import JournalServer


def serve(
    port: Annotated[int, typer.Option(help="Port on 127.0.0.1; 0 takes a free one.")] = 8008,
    folder: Annotated[Path | None, typer.Option(help="Replay the pages recorded in this folder instead.")] = None,
    seed: Annotated[int, typer.Option(help="Another seed is another journal.")] = 0,
    articles: Annotated[int, typer.Option(min=3, help="How many articles the journal has.")] = 6,
    faults: Annotated[bool, typer.Option(help="Let two requests fail once and one figure be gone.")] = True,
) -> None:
    """Serve until interrupted; EXSCLAIM_MIRROR=<the URL printed> sends a harvest there."""
    try:
        server = _server(port, folder, seed, articles, faults)
    except OSError as error:  # no recorded pages in the folder, the port taken
        raise typer.BadParameter(str(error)) from error
    Console(emoji=False, soft_wrap=True).print(f"EXSCLAIM_MIRROR={server.url}", highlight=False)
    try:
        server.serve()
    except KeyboardInterrupt:
        server.close()


def _server(port: int, folder: Path | None, seed: int, articles: int, faults: bool) -> JournalServer:
    if folder is not None:
        return JournalServer(replay(folder), port=port)
    journal = DemoJournal(settings().home / "journal", seed=seed, count=articles)
    return JournalServer(journal, demo_faults(journal.articles) if faults else None, port=port)


if __name__ == "__main__":
    typer.run(serve)
