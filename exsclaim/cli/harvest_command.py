"""`exsclaim harvest`: the main job, by the flows of the wheel or of the checkout that this package is in."""

import os
import runpy
import sys
from importlib.util import find_spec
from pathlib import Path

import typer

import exsclaim
from exsclaim.errors import ExsclaimError


def harvest(context: typer.Context) -> None:
    """Harvest a query into a published data set: exsclaim harvest QUERY; its options: exsclaim harvest --help."""
    folder = flows_folder()
    if find_spec("prefect") is None or not (folder / "flows" / "harvest.py").is_file():
        raise ExsclaimError("harvesting needs Prefect and MLflow: pip install 'exsclaim[flows]'")
    sys.path.insert(0, str(folder))
    # for the processes that it starts
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, (str(folder), os.environ.get("PYTHONPATH"))))
    sys.argv = ["exsclaim harvest", *context.args]
    runpy.run_module("flows.harvest", run_name="__main__", alter_sys=False)


def flows_folder() -> Path:
    """Folder that `flows` and `tasks` are imported from: of an installed wheel the package's, else the checkout."""
    package = Path(exsclaim.__file__).parent
    bundled = package / "orchestration"
    return bundled if bundled.is_dir() else package.parent
