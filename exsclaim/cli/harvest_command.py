"""`exsclaim harvest`: the main job, by the flows of the wheel or of the checkout that this package is in."""

import os
import runpy
import sys
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType

import typer

import exsclaim
from exsclaim.errors import ExsclaimError


def harvest(context: typer.Context) -> None:
    """Harvest a query into a published data set: exsclaim harvest QUERY; its options: exsclaim harvest --help."""
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
