"""The demo journal's articles: seeded, made up, with figures drawn by the project and captions told by their truth."""

import datetime as dt
import hashlib
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random

from PIL import Image

import models.figures
from exsclaim.records import PanelKind
from exsclaim.storage.local import whole_file, write_whole
from journal.captions import PanelFact, plain, write_caption
from models.figures.draw import draw
from models.figures.truth import TrueBar, TrueFigure

JOURNAL = "Journal of Demonstration Materials"
DOI_PREFIX = "10.5555"
"""Registered for tests: such a DOI never resolves to somebody's work."""


@dataclass(frozen=True)
class Licence:
    """A licence by its short name ("CC-BY-4.0"), its full name and its address."""

    name: str
    title: str
    url: str


CC_BY = Licence(
    "CC-BY-4.0",
    "Creative Commons Attribution 4.0 International License",
    "https://creativecommons.org/licenses/by/4.0/",
)
CC_BY_NC = Licence(
    "CC-BY-NC-4.0",
    "Creative Commons Attribution-NonCommercial 4.0 International License",
    "https://creativecommons.org/licenses/by-nc/4.0/",
)

SAMPLES = (
    "silver nanoparticles",
    "silver–TiO<sub>2</sub> core–shell nanoparticles",
    "gold–silver alloy nanoparticles",
    "silver nanoparticles on α-Al<sub>2</sub>O<sub>3</sub>",
    "silver nanocubes and nanoparticles",
    "Ag<sub>2</sub>S-coated silver nanoparticles",
    "palladium nanoparticles on silver nanowires",
    "silver nanoparticles in SiO<sub>2</sub> shells",
)
TITLES = (
    "Growth of {sample} in a flow reactor",
    "Size control of {sample} by slow heating",
    "How {sample} age in humid air",
    "Facets of {sample} seen by electron microscopy",
    "Sintering of {sample} followed <i>in situ</i>",
    "Light scattering by {sample} of known shape",
)
FIGURE_TITLES = (
    "Morphology of {sample}.",
    "Structure and composition of {sample}.",
    "Changes in {sample} with time.",
    "Optical and electrochemical properties of {sample}.",
    "Synthesis of {sample}.",
)
ABSTRACT = (
    "We made {sample} and looked at them by transmission electron microscopy (TEM), HAADF-STEM and spectroscopy, "
    "as part of a series on silver nanoparticles (Ag nanoparticles). Nothing of this was ever measured: "
    "text and figures are made up for a demonstration."
)
GIVEN_NAMES = ("Ada", "Bruno", "Chiyo", "Dilnoza", "Emeka", "Frida", "Goran", "Hülya", "Ines", "Jun", "Kofi", "Léa")
FAMILY_NAMES = ("Abara", "Brandvold", "Cikán", "Dimou", "Eskola", "Farrugia", "Ganbold", "Horváth", "Ito", "Jansky")
UNITS_NM = ((1e6, "mm"), (1e3, "µm"), (1.0, "nm"), (0.1, "Å"))
UNPRINTED_SCALES = ("20 nm", "50 nm", "100 nm", "500 nm", "2 µm")
"""Bars without text: the caption alone tells their length."""


@dataclass(frozen=True)
class DemoFigure:
    """A figure as it is declared: what a harvest has to find again. `title` and `caption` are simple HTML."""

    number: int
    label: str
    title: str
    caption: str
    panels: tuple[PanelFact, ...]
    image: Path
    """PNG or JPEG, full size."""

    @property
    def labels(self) -> tuple[str, ...]:
        return tuple(panel.label for panel in self.panels if panel.label)


@dataclass(frozen=True)
class DemoArticle:
    """An article as it is declared. `title` and `abstract` are simple HTML; no licence means: not open."""

    name: str
    title: str
    abstract: str
    authors: tuple[str, ...]
    published: dt.date
    licence: Licence | None
    figures: tuple[DemoFigure, ...]

    @property
    def doi(self) -> str:
        return f"{DOI_PREFIX}/{self.name}"

    @property
    def is_open(self) -> bool:
        return self.licence is not None

    @property
    def text(self) -> str:
        """All that a search looks at, in lower case."""
        captions = [f"{figure.title} {figure.caption}" for figure in self.figures]
        return plain(" ".join([self.title, self.abstract, *captions])).lower()


def write_articles(folder: Path, *, seed: int = 0, count: int = 6) -> tuple[DemoArticle, ...]:
    """`count` articles, each of two to four figures, drawn into `folder` unless they are there already.

    The same seed gives the same articles and image bytes. Of every six articles the fourth is CC BY-NC and the
    sixth is not open: its page shows small images and no captions, as a publisher's does; the others are CC BY.
    """
    drawings = folder / drawing_version()
    drawings.mkdir(parents=True, exist_ok=True)
    return tuple(_write_article(drawings, seed, number) for number in range(1, count + 1))


@cache
def drawing_version() -> str:
    """Digest of the code that draws, taken once: figures kept from an older version of it are not taken for today's."""
    digest = hashlib.sha256()
    for path in sorted(Path(models.figures.__path__[0]).rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _write_article(drawings: Path, seed: int, number: int) -> DemoArticle:
    rng = Random(f"{seed} article {number}")
    sample = SAMPLES[(number - 1) % len(SAMPLES)]
    licence = {4: CC_BY_NC, 0: None}.get(number % 6, CC_BY)
    return DemoArticle(
        name=f"jdm-{seed}-{number:03d}",
        title=TITLES[(number - 1) % len(TITLES)].format(sample=sample),
        abstract=ABSTRACT.format(sample=sample),
        authors=_authors(rng),
        published=dt.date(2019, 1, 7) + dt.timedelta(days=rng.randrange(6 * 365)),
        licence=licence,
        figures=tuple(
            _make_figure(drawings, sample, title, index, rng, is_open=licence is not None)
            for index, title in enumerate(rng.sample(FIGURE_TITLES, k=rng.randint(2, 4)), start=1)
        ),
    )


def _authors(rng: Random) -> tuple[str, ...]:
    count = rng.randint(2, 5)
    names = zip(rng.sample(GIVEN_NAMES, k=count), rng.sample(FAMILY_NAMES, k=count), strict=True)
    return tuple(f"{given} {family}" for given, family in names)


def _make_figure(drawings: Path, sample: str, title: str, index: int, rng: Random, *, is_open: bool) -> DemoFigure:
    seed, suffix = rng.randrange(2**31), rng.choice(("png", "jpg"))
    image, panels = _drawn(drawings, seed, suffix)
    told = tuple(_with_scale(panel, rng) for panel in panels)
    return DemoFigure(
        number=index,
        label=f"Fig. {index}",
        title=title.format(sample=sample),
        caption=write_caption(told, sample, rng) if is_open else "",
        panels=told,
        image=image,
    )


def _with_scale(panel: PanelFact, rng: Random) -> PanelFact:
    """Choose whether the caption tells the length of a bar: always where none is printed ("?"), else half the time."""
    if panel.scale == "?":
        known = rng.choice(UNPRINTED_SCALES) if panel.kind is not PanelKind.DIFFRACTION else None
        return PanelFact(panel.label, panel.kind, known)
    return panel if rng.random() < 0.5 else PanelFact(panel.label, panel.kind)


def _drawn(drawings: Path, seed: int, suffix: str) -> tuple[Path, tuple[PanelFact, ...]]:
    """The image file of drawing `seed` and its panels' facts, from `drawings` where they are there already."""
    image, facts = drawings / f"{seed}.{suffix}", drawings / f"{seed}.{suffix}.json"
    if not facts.exists():
        figure = draw(seed)
        _save(Image.fromarray(figure.image), image)
        whole = json.dumps([[p.label, p.kind, p.scale] for p in _facts(figure)], ensure_ascii=False)
        write_whole(facts, whole.encode())
    stored = json.loads(facts.read_text(encoding="utf-8"))
    return image, tuple(PanelFact(label, PanelKind(kind), scale) for label, kind, scale in stored)


def _save(image: Image.Image, path: Path) -> None:
    """Write an image whole: two that draw at once do not meet half a file."""
    with whole_file(path) as file:
        if path.suffix == ".png":
            image.save(file, "PNG", compress_level=4)
        else:
            image.save(file, "JPEG", quality=92)


def _length(bar: TrueBar) -> str:
    """The bar's length as a caption has it, whatever the manner of its print ("500um"): `500 µm`."""
    if bar.length_nm is None:
        return bar.label_text or "?"
    size, unit = next((size, unit) for size, unit in UNITS_NM if bar.length_nm >= size or unit == "Å")
    return f"{bar.length_nm / size:.6g} {unit}"


def _facts(figure: TrueFigure) -> list[PanelFact]:
    """Labelled panels in the order of their labels (all outermost ones where none is labelled), "?": a mute bar."""
    bars = {bar.panel: _length(bar) for bar in reversed(figure.bars)}
    facts = [
        PanelFact(panel.label or "", panel.kind, bars.get(index))
        for index, panel in enumerate(figure.panels)
        if panel.parent is None
    ]
    return sorted((fact for fact in facts if fact.label), key=lambda fact: fact.label) or facts
