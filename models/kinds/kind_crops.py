"""Pictures of single panels with their kinds and types, to train and to judge the kind network.

They come from annotated figures, from published micrographs and graphs that stand alone, and from figures drawn ahead
(which have the kinds that are rare in print). A picture's type is often known in part: a published graph of a
collection of spectra is a spectrum or a line plot. So a picture has the set of types that it may be of.
"""

import csv
import json
import random
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from exsclaim.figures.detection.panel_network import KINDS
from exsclaim.figures.image import read_image
from exsclaim.figures.panel_types import TYPES_OF_KIND
from exsclaim.geometry import Box
from exsclaim.records import PanelKind
from exsclaim.settings import settings
from models.annotated_figures import AnnotatedFigure
from models.panels.stored_figures import load

STORED_PX = 256
"""Longer side at which pictures are kept in memory."""
MARGIN = 0.12
"""Share of a panel's sides by which its picture reaches beyond it, for boxes that are not quite right."""
_LEAST_SIDE_PX = 16

Image = NDArray[np.uint8]

_TECHNIQUES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("fft|fourier", ("FFT",)), ("saed|diffraction", ("SAED",)),
    ("tomograph|hologra|iscat|scattering|mfm|magnetic|not provided|hyperspectral", ()),
    ("ed[xs]|energy.dispersive|raman", ()),
    ("scanning electron|sem|fib", ("SEM",)), ("stem|haadf|adf|scanning transmission|annular", ("STEM",)),
    ("hr-?tem|high-resolution trans", ("HRTEM",)), ("tem|transmission electron", ("TEM", "HRTEM")),
    ("atomic.force|afm", ("AFM",)), ("tunnel|stm", ("STM",)),
    ("fluores|confocal|photon|illumination|harmonic", ("fluorescence",)), ("optical|laser", ("optical",)),
)  # fmt: skip
"""What an instrument is called, and the types that its pictures have: () where that cannot be told."""
_TILE_NAME, _TILE_FILE = re.compile(r"_f(\d+)_s(\d+)$"), r"_fig_\1_\2"
"""Labelled micrographs are called `…_f2_s3` in their list, and their files `…_fig_2_3`."""


@dataclass(frozen=True)
class PanelPicture:
    """A panel with a margin around it; `box` is the panel in the picture's pixels.

    `types`: those of `TYPES` that it may be of; () where nothing is known. `source` says where it comes from, `figure`
    of which figure it is.
    """

    image: Image
    box: tuple[float, float, float, float]
    kind: PanelKind
    types: tuple[str, ...]
    source: str
    figure: str
    nested: bool = False


def annotated_pictures(figures: Iterable[AnnotatedFigure]) -> Iterator[PanelPicture]:
    """Panels, insets and parts of annotated figures."""
    for figure in figures:
        image = read_image(figure.image, settings().max_image_megapixels)
        for panel in figure.panels:
            if panel.kind is PanelKind.UNCLEAR or not _is_large(panel.box):
                continue
            types = (panel.type,) if panel.type else TYPES_OF_KIND.get(panel.kind, ())
            yield _picture(image, panel.box, panel.kind, types, "annotated", figure.name, nested=panel.nested)


def stored_pictures(folder: Path, most: int, seed: int) -> Iterator[PanelPicture]:
    """Panels of figures drawn ahead (`models.panels.stored_figures`): `most` in all, about as many of each kind."""
    rng = random.Random(seed)
    names = sorted(path.stem for path in folder.glob("*.json"))
    rng.shuffle(names)
    left = dict.fromkeys(KINDS, most // len(KINDS))
    for name in names:
        image, panels = load(folder, name)
        for panel in rng.sample(panels, len(panels)):
            if left.get(panel.kind, 0) > 0 and _is_large(panel.box, 40):
                left[panel.kind] -= 1
                types = (panel.type,) if panel.type else TYPES_OF_KIND.get(panel.kind, ())
                yield _picture(image, panel.box, panel.kind, types, "drawn", name, nested=panel.nested)


def published_pictures(data: Path) -> Iterator[PanelPicture]:
    """Micrographs and graphs that stand alone: DATA/tiles, DATA/graphs."""
    for path in sorted((data / "graphs").glob("*.jpg")):
        yield _alone(path, PanelKind.GRAPH, ("spectrum", "line plot"))
    for path in sorted((data / "tiles" / "emps").glob("*.jpg")):
        yield _alone(path, PanelKind.MICROSCOPY, ("SEM", "TEM", "HRTEM", "STEM"))
    for folder in ("nasa", "nffa"):
        for path in sorted((data / "tiles" / folder).glob("*.jpg")):
            yield _alone(path, PanelKind.MICROSCOPY, ("SEM",))
    labels = data / "tiles" / "tldr" / "labels.csv"
    if labels.is_file():
        with labels.open(encoding="utf-8", newline="") as file:
            rows = [row for row in csv.reader(file, delimiter="|") if len(row) > 3]
        for _, name, _, instrument, *_ in rows:
            path = labels.with_name(f"{_TILE_NAME.sub(_TILE_FILE, name)}.jpg")
            types = types_of_instrument(instrument)
            if types and path.is_file():
                kind = PanelKind.DIFFRACTION if types[0] in ("SAED", "FFT") else PanelKind.MICROSCOPY
                yield _alone(path, kind, types)


def types_of_instrument(name: str) -> tuple[str, ...]:
    """Types that a picture of an instrument may be of; () where that cannot be told.

    >>> types_of_instrument("Scanning Electron Microscopy (SEM)")
    ('SEM',)
    """
    for pattern, types in _TECHNIQUES:
        if re.search(pattern, name.lower()):
            return types
    return ()


def sampling_weights(pictures: Sequence[PanelPicture], shares: dict[str, float]) -> NDArray[np.float64]:
    """Probability of each picture to be seen: sources by their shares, rare kinds and types more often, many like
    panels of one figure less often."""
    by_source = Counter(picture.source for picture in pictures)
    kinds = Counter((p.source, p.kind) for p in pictures)
    types = Counter((p.source, p.kind, p.types) for p in pictures)
    alike = Counter((p.source, p.figure, p.kind, p.types) for p in pictures)
    weights = np.array(
        [
            kinds[p.source, p.kind] ** -0.4
            * types[p.source, p.kind, p.types] ** -0.2
            * alike[p.source, p.figure, p.kind, p.types] ** -0.6
            for p in pictures
        ]
    )
    for source in by_source:
        mine = np.array([picture.source == source for picture in pictures])
        weights[mine] *= shares.get(source, 0.0) / weights[mine].sum()
    return np.asarray(weights / weights.sum(), np.float64)


def save(pictures: Iterable[PanelPicture], folder: Path) -> None:
    """Write pictures, each in a square of its own, as `pictures.rgb`, and what they are as `pictures.json`."""
    folder.mkdir(parents=True, exist_ok=True)
    entries = []
    with (folder / "pictures.rgb").open("wb") as file:
        for picture in pictures:
            height, width = picture.image.shape[:2]
            square = np.zeros((STORED_PX, STORED_PX, 3), np.uint8)
            square[:height, :width] = picture.image
            file.write(square.tobytes())
            entries.append(
                {"size": [width, height], "box": picture.box, "kind": picture.kind.value, "types": picture.types,
                 "source": picture.source, "figure": picture.figure, "nested": picture.nested}
            )  # fmt: skip
    (folder / "pictures.json").write_text(json.dumps(entries), encoding="utf-8")


def load_pictures(folder: Path) -> list[PanelPicture]:
    """The pictures of a folder; their pixels stay on disk until they are looked at."""
    entries = json.loads((folder / "pictures.json").read_text(encoding="utf-8"))
    shape = (len(entries), STORED_PX, STORED_PX, 3)
    squares = np.memmap(folder / "pictures.rgb", np.uint8, "r", shape=shape)
    return [
        PanelPicture(
            square[: entry["size"][1], : entry["size"][0]], tuple(entry["box"]), PanelKind(entry["kind"]),
            tuple(entry["types"]), entry["source"], entry["figure"], entry["nested"],
        )
        for square, entry in zip(squares, entries, strict=True)
    ]  # fmt: skip


def _alone(path: Path, kind: PanelKind, types: tuple[str, ...]) -> PanelPicture:
    image = read_image(path, settings().max_image_megapixels)
    height, width = image.shape[:2]
    return _picture(image, (0.0, 0.0, float(width), float(height)), kind, types, "published", path.stem)


def _picture(
    image: Image, box: tuple[float, float, float, float], kind: PanelKind, types: tuple[str, ...], source: str,
    figure: str, *, nested: bool = False,
) -> PanelPicture:  # fmt: skip
    panel = Box.of(box)
    height, width = image.shape[:2]
    x0, y0 = max(0, int(panel.x0 - MARGIN * panel.width)), max(0, int(panel.y0 - MARGIN * panel.height))
    x1, y1 = (
        min(width, int(panel.x1 + MARGIN * panel.width) + 1),
        min(height, int(panel.y1 + MARGIN * panel.height) + 1),
    )
    region = image[y0:y1, x0:x1]
    scale = min(1.0, STORED_PX / max(region.shape[:2]))
    if scale < 1:
        size = (max(1, round(region.shape[1] * scale)), max(1, round(region.shape[0] * scale)))
        region = np.asarray(cv2.resize(region, size, interpolation=cv2.INTER_AREA), np.uint8)
    a, b, c, d = ((v - o) * scale for v, o in zip(box, (x0, y0, x0, y0), strict=True))
    return PanelPicture(region, (a, b, c, d), kind, types, source, figure, nested)


def _is_large(box: tuple[float, float, float, float], least_px: float = _LEAST_SIDE_PX) -> bool:
    return min(box[2] - box[0], box[3] - box[1]) >= least_px
