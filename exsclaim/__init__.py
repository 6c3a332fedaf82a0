"""EXSCLAIM: from a query to a self-labelled data set of scientific images."""

from importlib import import_module

__version__ = "0.1.0"

_LOADED_WHEN_USED = {"Dataset": "exsclaim.dataset.opened", "open_dataset": "exsclaim.dataset.opened"}


def __getattr__(name: str) -> object:
    if name not in _LOADED_WHEN_USED:
        raise AttributeError(f"module 'exsclaim' has no attribute {name!r}")
    return getattr(import_module(_LOADED_WHEN_USED[name]), name)
