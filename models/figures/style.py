"""The look of one figure, drawn once per figure: authors letter and scale all panels of a figure alike."""

from dataclasses import dataclass

import numpy as np

from models.figures import fonts
from models.figures.canvas import BLACK, WHITE, Colour, as_colour

PALETTES: tuple[tuple[Colour, ...], ...] = (
    ((0, 0, 0), (230, 20, 20), (20, 40, 230), (0, 150, 60), (200, 0, 200), (240, 140, 0), (0, 160, 170)),
    ((31, 119, 180), (255, 127, 14), (44, 160, 44), (214, 39, 40), (148, 103, 189), (140, 86, 75)),
    ((68, 114, 196), (237, 125, 49), (165, 165, 165), (255, 192, 0), (91, 155, 213), (112, 173, 71)),
    ((0, 114, 189), (217, 83, 25), (237, 177, 32), (126, 47, 142), (119, 172, 48), (77, 190, 238)),
    ((228, 26, 28), (55, 126, 184), (77, 175, 74), (152, 78, 163), (255, 127, 0), (166, 86, 40)),
    ((20, 20, 20), (90, 90, 90), (150, 150, 150), (60, 60, 60), (190, 190, 190)),
    ((64, 64, 64), (238, 99, 99), (79, 148, 205), (61, 145, 64), (255, 165, 79), (122, 103, 180)),
    ((146, 197, 222), (5, 113, 176), (244, 165, 130), (202, 0, 32), (120, 120, 120), (186, 228, 179)),
    ((237, 85, 101), (72, 207, 173), (93, 156, 236), (255, 206, 84), (172, 146, 236), (100, 100, 110)),
)


@dataclass(frozen=True)
class BarStyle:
    """Look of a figure's scale bars; lengths in px of the drawn figure."""

    form: str
    """line, capped, outlined, boxed or strip."""
    thickness: int
    colour: Colour
    face: fonts.Face
    size: int
    side: str
    """Of the bar on which its label stands: above, below, right, left or none."""
    micro: str
    space: str
    corner: str
    """right, left or centre (of the lower edge)."""
    gap: int
    halo: bool
    """Label outlined in the opposite colour."""


@dataclass(frozen=True)
class FigureStyle:
    """Letters, type, colours and background of a figure. Sizes are px per em."""

    background: Colour
    letter_face: fonts.Face
    letter_size: int
    letter_form: str
    """The printed letter with `a` in its place: "a", "(a)", "a)", "A", …"""
    letter_place: str
    """above, left, below, inside, corner (of the cell, over what is there) or none."""
    letter_patch: str
    """none, white, black or shadow."""
    face: fonts.Face
    size: int
    palette: tuple[Colour, ...]
    line_width: float
    boxed_axes: bool
    ticks_in: bool
    frame: int
    frame_colour: Colour
    headed: bool
    """Panels have words over them, beside the letter."""
    bar: BarStyle


def choose(rng: np.random.Generator, options: str) -> str:
    """One word of `options`, words weighted as in `word:weight word …` (weight 1 if left out)."""
    words = [o.split(":") for o in options.split()]
    weights = np.array([float(w[1]) if len(w) > 1 else 1.0 for w in words])
    return words[int(rng.choice(len(words), p=weights / weights.sum()))][0]


def _draw_bar_style(rng: np.random.Generator, size: int, face: fonts.Face) -> BarStyle:
    """A scale bar's look, for type of about `size` px."""
    own_face = face if rng.random() < 0.5 else fonts.pick(rng, bold=bool(rng.random() < 0.45))
    colour = (WHITE, WHITE, WHITE, WHITE, BLACK, (255, 255, 0), (255, 0, 0), (0, 255, 0), (0, 60, 255))
    return BarStyle(
        form=choose(rng, "line:12 capped:1.2 outlined:1 boxed:3 strip:1.6"),
        thickness=int(np.clip(round(float(rng.lognormal(1.25, 0.5))), 1, 14)),
        colour=colour[int(rng.integers(len(colour)))],
        face=own_face,
        size=int(np.clip(round(size * float(rng.uniform(0.7, 1.6))), 8, 44)),
        side=choose(rng, "above:10 below:3.5 right:1.2 left:0.6 none:2.5"),
        micro=("µ", "μ", "µ", "μ", "u")[int(rng.integers(5))],
        space=(" ", "", "  ")[int(rng.choice(3, p=[0.7, 0.25, 0.05]))],
        corner=choose(rng, "right:7 left:3 centre:0.7"),
        gap=int(rng.integers(1, 8)),
        halo=bool(rng.random() < 0.07),
    )


def draw_style(rng: np.random.Generator, width: int, columns: float) -> FigureStyle:
    """A figure's look, for a figure of `width` px with about `columns` panels beside each other."""
    panel = width / max(1.0, columns)
    size = int(np.clip(round(panel * float(rng.uniform(0.028, 0.062))), 8, 30))
    face = fonts.pick(rng, bold=bool(rng.random() < 0.25))
    place = choose(rng, "above:5 left:2 below:1.2 inside:7 corner:2 none:0.6")
    form = choose(
        rng, "a:7 (a):6 a):2.5 A:4 (A):1.2 A):0.4 a.:0.5 [a]:0.15 (i):0.25 i:0.1 1:0.1 (a1):0.4 a1:0.3 A1:0.2"
    )
    if place == "below":
        form = choose(rng, "(a):6 a:1 a):1 (A):0.6")
    letter_bold = rng.random() < (0.85 if form in ("a", "A") else 0.5)
    letter_size = int(np.clip(round(size * float(rng.uniform(1.0, 1.9))), 9, 44))
    roll = rng.random()
    grey = int(rng.integers(195, 240))
    background = (
        WHITE if roll < 0.93 else BLACK if roll < 0.96 else (grey, grey, min(255, grey + int(rng.integers(0, 14))))
    )
    return FigureStyle(
        background=background,
        letter_face=fonts.variant(face, bold=letter_bold)
        if rng.random() < 0.6
        else fonts.pick(rng, bold=bool(letter_bold)),
        letter_size=letter_size,
        letter_form=form,
        letter_place=place,
        letter_patch=choose(rng, "none:7 white:2 black:0.8 shadow:0.5"),
        face=face,
        size=size,
        palette=PALETTES[int(rng.integers(len(PALETTES)))],
        line_width=float(rng.choice([1, 1, 1, 2, 2, 3])) if panel < 500 else float(rng.choice([1, 2, 2, 3, 4])),
        boxed_axes=bool(rng.random() < 0.72),
        ticks_in=bool(rng.random() < 0.6),
        frame=int(rng.choice([0, 0, 0, 0, 0, 1, 1, 2, 3])),
        frame_colour=BLACK if rng.random() < 0.7 else as_colour(rng.integers(0, 255, 3)),
        headed=bool(rng.random() < 0.14),
        bar=_draw_bar_style(rng, size, face),
    )
