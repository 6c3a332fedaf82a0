"""A data set that pages read: its index, its figures and its pictures, anew when a harvest has published."""

import threading
from pathlib import Path

from exsclaim.dataset.harvested import HarvestedFigure
from exsclaim.dataset.opened import Dataset, open_dataset
from exsclaim.gallery.found_panels import PanelIndex
from exsclaim.gallery.panel_index import dataset_version, indexed
from exsclaim.gallery.thumbnails import Thumbnails
from exsclaim.storage import is_url


class OpenedDataset:
    """The data set in a folder or at a URL, for several threads at once. Of one at a URL, tables are copied when it is
    opened and figures when they are asked for."""

    def __init__(self, place: Path | str) -> None:
        self._place = place
        self._dataset = open_dataset(place)
        self.folder = self._dataset.folder
        self.name = self.folder.resolve().name
        self.is_remote = is_url(place)
        self._lock = threading.Lock()
        self._reading = threading.Lock()
        self._version = ""
        self._index: PanelIndex | None = None
        cache = indexed(self.folder).parent / "thumbnails"
        self.thumbnails = Thumbnails(lambda name: self._opened().figure_file(name), cache)

    @property
    def version(self) -> str:
        """A name of the state that is published."""
        return dataset_version(self.folder)

    @property
    def index(self) -> PanelIndex:
        """The index of the state that is published; made first, where a harvest has published since."""
        version = self.version
        with self._lock:
            if self._index is None or version != self._version:
                path = indexed(self.folder)
                self._index = PanelIndex(path)  # the former is closed once nobody asks it any more
                self._dataset = open_dataset(self._place)
                self._version = version
            return self._index

    def figure(self, id: str) -> HarvestedFigure:
        """A figure's records.

        Raises:
            DatasetError: the data set does not have it.
        """
        dataset = self._opened()
        with self._reading:
            return dataset.figure(id)

    def figure_name(self, id: str) -> str:
        """File name of a figure's image. Raises as `figure`."""
        dataset = self._opened()
        with self._reading:
            return dataset.image_path(id).name

    def _opened(self) -> Dataset:
        if self.version != self._version:
            _ = self.index
        return self._dataset

    @property
    def dataset(self) -> Dataset:
        """The data set as it is published now."""
        return self._opened()
