"""EXSCLAIM: from a query to a self-labelled data set of scientific images.

The public names, each loaded on first use (`import exsclaim` loads neither torch nor opencv nor pandas):

    separate, Separator          a figure's image -> its panels: box, kind, label, scale
    split_caption                a caption -> its text about each panel
    read_pdf, read_jats          an article's file -> its figures with their captions
    load_query                   a query file -> what a harvest looks for
    open_dataset, Dataset        a published data set, to filter and to train on
    Article, Figure, Panel, ScaleBar   the records they return
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from exsclaim.captions import split as split_caption
    from exsclaim.dataset.opened import Dataset, open_dataset
    from exsclaim.figures import separate
    from exsclaim.figures.separation import Separator
    from exsclaim.records import Article, Figure, Panel, ScaleBar
    from exsclaim.sources import load_query
    from exsclaim.sources.jats import read_jats
    from exsclaim.sources.pdf import read_pdf

__version__ = "0.1.0"

__all__ = [
    "Article", "Dataset", "Figure", "Panel", "ScaleBar", "Separator", "load_query", "open_dataset", "read_jats",
    "read_pdf", "separate", "split_caption",
]  # fmt: skip

_LOADED_WHEN_USED = {
    "Article": "exsclaim.records:Article",
    "Dataset": "exsclaim.dataset.opened:Dataset",
    "Figure": "exsclaim.records:Figure",
    "Panel": "exsclaim.records:Panel",
    "ScaleBar": "exsclaim.records:ScaleBar",
    "Separator": "exsclaim.figures.separation:Separator",
    "load_query": "exsclaim.sources:load_query",
    "open_dataset": "exsclaim.dataset.opened:open_dataset",
    "read_jats": "exsclaim.sources.jats:read_jats",
    "read_pdf": "exsclaim.sources.pdf:read_pdf",
    "separate": "exsclaim.figures:separate",
    "split_caption": "exsclaim.captions:split",
}


def __getattr__(name: str) -> object:
    if name not in _LOADED_WHEN_USED:
        raise AttributeError(f"module 'exsclaim' has no attribute {name!r}")
    module, _, attribute = _LOADED_WHEN_USED[name].partition(":")
    return getattr(import_module(module), attribute)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
