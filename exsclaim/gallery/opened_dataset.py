"""A data set that pages read: its index, its figures and its pictures, anew when a harvest has published."""

import threading
from pathlib import Path

from exsclaim.dataset.harvested import HarvestedFigure
from exsclaim.dataset.opened import Dataset, open_dataset
from exsclaim.gallery.found_panels import PanelIndex
from exsclaim.gallery.panel_index import dataset_version, indexed
from exsclaim.gallery.thumbnails import Thumbnails


class OpenedDataset:
    """The data set in `folder`, for several threads at once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.name = folder.resolve().name
        self._lock = threading.Lock()
        self._reading = threading.Lock()
        self._version = ""
        self._index: PanelIndex | None = None
        self._dataset: Dataset | None = None
        self.thumbnails = Thumbnails(folder, indexed(folder).parent / "thumbnails")

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
                self._dataset = open_dataset(self.folder)
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
        if self._dataset is None or self.version != self._version:
            _ = self.index
        return self._dataset or open_dataset(self.folder)
