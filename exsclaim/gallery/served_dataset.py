"""A data set open for the pages: its index, figures and pictures, reloaded after each publish."""

import hashlib
import io
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from exsclaim.dataset.opened import Dataset, open_dataset
from exsclaim.dataset.review.corrections import Corrections
from exsclaim.dataset.tables.pictures import crop, png
from exsclaim.dataset.tables.staging import HarvestedFigure
from exsclaim.errors import ImageError
from exsclaim.figures.image import read_image
from exsclaim.gallery.found_panels import PanelIndex
from exsclaim.gallery.panel_index import dataset_version, indexed
from exsclaim.geometry import Box
from exsclaim.settings import settings
from exsclaim.storage.local import write_whole

SIDE_PX = 360
_KEPT_FIGURES = 6
_QUALITY = 82


class ServedDataset:
    """The data set in a folder or at a URL, for several threads at once. Of one at a URL, tables are copied when it is
    opened and figures when they are asked for."""

    def __init__(self, place: Path | str) -> None:
        self._place = place
        self._dataset = open_dataset(place)
        self.folder = self._dataset.folder
        self.name = self.folder.resolve().name
        self.corrections = Corrections(place)
        self._lock = threading.Lock()
        self._reading = threading.Lock()
        self._version = ""
        self._index: PanelIndex | None = None
        cache = indexed(self.folder).parent / "thumbnails"
        self.thumbnails = Thumbnails(lambda name: self._opened().figure_file(name), cache)

    @property
    def version(self) -> str:
        """Identifier of the published state."""
        return dataset_version(self.folder)

    @property
    def index(self) -> PanelIndex:
        """The index of the published state; built first if a harvest has published since."""
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


class Thumbnails:
    """Crops out of the figures of a data set, and small WebP pictures of them under `cache`."""

    def __init__(self, figure_file: Callable[[str], Path], cache: Path) -> None:
        """`figure_file` gives the file of a figure by its name, wherever the data set lies."""
        self._figure_file = figure_file
        self._cache = cache
        self._lock = threading.Lock()
        self._decoded: OrderedDict[str, NDArray[np.uint8]] = OrderedDict()

    def figure_path(self, name: str) -> Path:
        """The file of a figure.

        Raises:
            ImageError: there is none of this name in the data set.
        """
        path = self._figure_file(name) if Path(name).name == name else None
        if path is None or not path.is_file():
            raise ImageError(f"the image of figure {name} is not in the data set")
        return path

    def thumbnail(self, figure_name: str, box: Sequence[float]) -> bytes:
        """WebP of a panel, at most `SIDE_PX` on its longer side.

        Raises:
            ImageError: the figure's image is not there, cannot be decoded, or the box lies outside of it.
        """
        path = self.figure_path(figure_name)
        state = path.stat()
        said = f"{figure_name} {state.st_size} {state.st_mtime_ns} {list(box)} {SIDE_PX}"
        digest = hashlib.sha256(said.encode()).hexdigest()
        kept = self._cache / digest[:2] / f"{digest}.webp"
        if kept.is_file():
            return kept.read_bytes()
        picture = Image.fromarray(self.pixels(figure_name, box))
        picture.thumbnail((SIDE_PX, SIDE_PX))
        file = io.BytesIO()
        picture.save(file, format="WEBP", quality=_QUALITY, method=2)
        write_whole(kept, file.getvalue())
        return file.getvalue()

    def crop(self, figure_name: str, box: Sequence[float]) -> bytes:
        """PNG of a panel in full size. Raises as `thumbnail`."""
        return png(self.pixels(figure_name, box))

    def pixels(self, figure_name: str, box: Sequence[float]) -> NDArray[np.uint8]:
        """The pixels of a panel, `(h, w, 3)` uint8 RGB. Raises as `thumbnail`."""
        cut = crop(self._figure(figure_name), Box.of(box))
        if cut is None:
            raise ImageError(f"a panel of figure {figure_name} lies outside of its image")
        return cut

    def _figure(self, name: str) -> NDArray[np.uint8]:
        path = self.figure_path(name)
        with self._lock:
            if name in self._decoded:
                self._decoded.move_to_end(name)
                return self._decoded[name]
        pixels = read_image(path, settings().max_image_megapixels)
        with self._lock:
            self._decoded[name] = pixels
            while len(self._decoded) > _KEPT_FIGURES:
                self._decoded.popitem(last=False)
        return pixels
