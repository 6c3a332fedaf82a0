"""`python -m flows.result_storage s3://bucket/tasks`: the task cache at a URL that several machines share.

Saves a Prefect block of that name on the server that PREFECT_API_URL names; done again, it takes the new URL. Every
machine then names the block in PREFECT_RESULTS_DEFAULT_STORAGE_BLOCK, and what one has done is known to all.
"""

from typing import Annotated

import typer
from rich.console import Console

from exsclaim.errors import SettingsError
from exsclaim.storage import is_url
from flows.command_line import errors_told, reach_server

BLOCK = "exsclaim-tasks"


def save(
    url: Annotated[str, typer.Argument(help="fsspec URL: s3://bucket/tasks. Credentials stay in the environment.")],
) -> None:
    """Save the block and say what every machine has to set."""
    from prefect.filesystems import RemoteFileSystem

    with errors_told():
        if not is_url(url):
            raise SettingsError(f"{url} is no URL of a folder: s3://bucket/tasks")
        reach_server()
        RemoteFileSystem(basepath=url).save(BLOCK, overwrite=True)
    Console(emoji=False, soft_wrap=True, highlight=False).print(
        f"Set on every machine: PREFECT_RESULTS_DEFAULT_STORAGE_BLOCK=remote-file-system/{BLOCK}"
    )


if __name__ == "__main__":
    typer.run(save)
