"""Graphs drawn by matplotlib: slow, so a bank of them is made on first use and kept for the process."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from typing import Any

import cv2
import numpy as np
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from numpy.typing import NDArray

from models.figures import fonts
from models.figures.panels.value_fields import contours, heat_map, surface
from models.figures.style import PALETTES, choose
from models.figures.truth import Image

PER_PROCESS = 64
KINDS = (
    "lines:4.5 error:2 box:1.5 violin:0.7 contour:1.2 surface:1 polar:0.8 pie:1 grouped:2 heat:1.5 step:0.7 stem:0.5 "
    "fill:1 scatter:2 clusters:2.5 volcano:1 facets:2.5 forest:1"
)


Values = NDArray[np.float64]
"""`(80,)`."""


@dataclass(frozen=True)
class _Curves:
    """One to five curves over the same x."""

    x: Values
    ys: list[Values]


def _curves(rng: np.random.Generator) -> _Curves:
    x = np.linspace(0, float(rng.choice([1, 10, 100])), 80)
    many = int(rng.integers(1, 6))
    return _Curves(x, [_walk(rng) if rng.random() < 0.4 else _peak(rng, x) for _ in range(many)])


def _walk(rng: np.random.Generator) -> Values:
    return np.cumsum(rng.normal(0.1, 1, 80))


def _peak(rng: np.random.Generator, x: Values) -> Values:
    peak: Values = rng.uniform(1, 9) * np.exp(-(((x / x[-1] - rng.random()) / 0.2) ** 2))
    return peak


def _line(rng: np.random.Generator, axes: Axes, x: Values, y: Values) -> None:
    dashes = str(rng.choice(["-", "-", "--", "-o", ":"]))
    axes.plot(x, y, dashes, markevery=6, label=str(rng.choice(["exp.", "fit", "A", "sample 1", "pure", "5 nm"])))


def _lines(rng: np.random.Generator, axes: Axes, curves: _Curves) -> None:
    for y in curves.ys:
        _line(rng, axes, curves.x, y)
    _legend(rng, axes, 0.6)


def _bands(rng: np.random.Generator, axes: Axes, curves: _Curves) -> None:
    for y in curves.ys:
        axes.fill_between(curves.x, y - 0.6, y + 0.6, alpha=0.3)
        _line(rng, axes, curves.x, y)
    _legend(rng, axes, 0.6)


def _steps(rng: np.random.Generator, axes: Axes, curves: _Curves) -> None:
    for k, y in enumerate(curves.ys):
        axes.step(curves.x, y, label=f"S{k + 1}")
    _legend(rng, axes, 0.6)


def _stems(rng: np.random.Generator, axes: Axes, curves: _Curves) -> None:
    first, *others = curves.ys
    axes.stem(curves.x[::5], first[::5])
    for y in others:
        _line(rng, axes, curves.x, y)
    _legend(rng, axes, 0.6)


def _errors(rng: np.random.Generator, axes: Axes, curves: _Curves) -> None:
    for y in curves.ys:
        axes.errorbar(curves.x[::8], y[::8], yerr=0.6, fmt=str(rng.choice(["o", "s-", "^--"])), capsize=3)


def _samples(rng: np.random.Generator, curves: _Curves) -> list[Values]:
    return [rng.normal(k, 1, 40) for k in range(len(curves.ys) + 1)]


def _boxes(rng: np.random.Generator, axes: Axes, curves: _Curves) -> None:
    axes.boxplot(_samples(rng, curves))


def _violins(rng: np.random.Generator, axes: Axes, curves: _Curves) -> None:
    axes.violinplot(_samples(rng, curves))


def _grouped_bars(rng: np.random.Generator, axes: Axes, _: _Curves) -> None:
    groups, bars = int(rng.integers(2, 7)), int(rng.integers(1, 4))
    for k in range(bars):
        axes.bar(
            np.arange(groups) + 0.8 * k / bars,
            rng.uniform(1, 9, groups),
            0.8 / bars,
            yerr=rng.uniform(0, 1, groups),
            capsize=2,
            edgecolor="k",
            hatch=str(rng.choice(["", "", "//", ".."])),
        )


def _scatter(rng: np.random.Generator, axes: Axes, curves: _Curves) -> None:
    for _ in curves.ys:
        axes.scatter(rng.normal(0, 1, 60), rng.normal(0, 1, 60), s=float(rng.uniform(4, 30)), alpha=0.7)


def _clusters(rng: np.random.Generator, axes: Axes, _: _Curves) -> None:
    """Draw clouds of points as a UMAP has them, often without axes."""
    for k in range(int(rng.integers(3, 14))):
        centre, spread = rng.uniform(-8, 8, 2), rng.uniform(0.3, 1.6, 2)
        spots = centre + rng.normal(0, 1, (int(rng.integers(30, 300)), 2)) * spread
        axes.scatter(spots[:, 0], spots[:, 1], s=float(rng.uniform(0.5, 6)), linewidths=0, label=f"cluster {k}")
        if rng.random() < 0.3:
            name = str(rng.choice(["T cells", "B", "NK", "0", "1", "Mono", "DC"]))
            axes.annotate(name, (float(centre[0]), float(centre[1])))
    if rng.random() < 0.6:
        axes.set_axis_off()
    _legend(rng, axes, 0.5)


def _volcano(rng: np.random.Generator, axes: Axes, _: _Curves) -> None:
    change = rng.normal(0, 1.5, 500)
    weight = np.abs(change) * rng.gamma(2, 1, 500)
    loud = (np.abs(change) > 1) & (weight > 3)
    axes.scatter(change[~loud], weight[~loud], s=5, color="0.7")
    axes.scatter(change[loud], weight[loud], s=6, c=np.where(change[loud] > 0, "tab:red", "tab:blue"))
    axes.axhline(3, ls="--", color="k", lw=0.7)


def _forest(rng: np.random.Generator, axes: Axes, _: _Curves) -> None:
    middle, rows = rng.normal(1, 0.3, 9), np.arange(9)
    axes.errorbar(middle, rows, xerr=rng.uniform(0.1, 0.5, 9), fmt="s", color="k", capsize=2)
    axes.axvline(1, ls=":", color="0.4")
    axes.set_yticks(rows, [str(rng.choice(["Age", "Sex", "Dose", "BMI", "Smith 2011", "Wu 2019"])) for _ in rows])


def _pie(rng: np.random.Generator, axes: Axes, curves: _Curves) -> None:
    many = len(curves.ys) + 1
    shares = rng.uniform(1, 5, many)
    names = [str(rng.choice(["Fe", "Co", "Ni", "C", "O", "others"])) for _ in range(many)]
    axes.pie(shares, labels=names, autopct="%1.0f%%")


def _polar(_: np.random.Generator, axes: Axes, curves: _Curves) -> None:
    axes.plot(np.linspace(0, 2 * np.pi, 80), np.abs(curves.ys[0]))


_DRAWN: dict[str, Callable[[np.random.Generator, Axes, _Curves], None]] = {
    "lines": _lines, "fill": _bands, "step": _steps, "stem": _stems, "error": _errors, "box": _boxes,
    "violin": _violins, "contour": contours, "heat": heat_map, "grouped": _grouped_bars, "scatter": _scatter,
    "clusters": _clusters, "volcano": _volcano, "forest": _forest, "pie": _pie, "polar": _polar, "surface": surface,
}  # fmt: skip
"""All kinds that a single pair of axes shows."""


def _draw(rng: np.random.Generator, axes: Axes, kind: str) -> None:
    curves = _curves(rng)
    _DRAWN[kind](rng, axes, curves)


def _legend(rng: np.random.Generator, axes: Axes, share: float) -> None:
    """Draw a legend, in `share` of all cases: in the axes, right of them, as seaborn and ggplot put it, or below."""
    if rng.random() >= share:
        return
    place = choose(rng, "inside:3 right:2 below:0.6")
    handles, labels = axes.get_legend_handles_labels()
    frameon = bool(rng.random() < 0.5)
    if place == "right":
        axes.legend(handles, labels, frameon=frameon, loc="center left", bbox_to_anchor=(1.02, 0.5))
    elif place == "below":
        axes.legend(handles, labels, frameon=frameon, loc="upper center", bbox_to_anchor=(0.5, -0.25), ncols=3)
    else:
        axes.legend(handles, labels, frameon=frameon)


def _facets(rng: np.random.Generator, figure: Figure) -> Axes:
    """Several axes that share theirs, stacked or in a row: one graph."""
    stacked = rng.random() < 0.6
    many = int(rng.integers(2, 5))
    grid = figure.subplots(many if stacked else 1, 1 if stacked else many, sharex=True, sharey=not stacked)
    kind = choose(rng, "lines:3 scatter grouped fill step")
    for k, axes in enumerate(grid):
        _draw(rng, axes, kind)
        if not stacked and rng.random() < 0.5:
            axes.set_title(f"{rng.choice(['Group', 'Year', 'Day'])} {k + 1}", fontsize="small")
    if stacked and rng.random() < 0.7:
        figure.subplots_adjust(hspace=0)
    last: Axes = grid[-1] if stacked else grid[0]
    return last


_GGPLOT: dict[Any, Any] = {
    "axes.facecolor": "#ebebeb", "axes.grid": True, "grid.color": "white", "axes.edgecolor": "white",
    "axes.spines.top": False, "axes.spines.right": False, "axes.axisbelow": True, "xtick.color": "0.3",
}  # fmt: skip


@cache
def _bank(number: int) -> Image:
    """Plot `number` (0 to PER_PROCESS - 1): `(height, width, 3)` uint8 on white, the same in every process."""
    rng = np.random.default_rng([number, 99])
    kind = choose(rng, KINDS)
    face = fonts.fallback(fonts.usual(serif=bool(rng.random() < 0.2), number=number), "ÅθΔ°")
    inwards = bool(rng.random() < 0.6)
    settings: dict[Any, Any] = {
        "font.family": fonts.matplotlib_family(face),
        "font.size": float(rng.uniform(7, 13)),
        "xtick.direction": "in" if inwards else "out",
        "ytick.direction": "in" if inwards else "out",
        "xtick.top": inwards and rng.random() < 0.5,
        "ytick.right": inwards and rng.random() < 0.5,
        "axes.spines.top": rng.random() < 0.7,
        "axes.spines.right": rng.random() < 0.7,
        "axes.grid": rng.random() < 0.2,
        "axes.linewidth": float(rng.choice([0.8, 1.0, 1.5, 2.0])),
        "lines.linewidth": float(rng.choice([0.8, 1.2, 1.5, 2.5])),
        "mathtext.fontset": "dejavusans",
    }
    if rng.random() < 0.15:
        settings |= _GGPLOT
    palette = PALETTES[int(rng.integers(len(PALETTES)))]
    with rc_context(settings):
        figure = Figure(
            figsize=(float(rng.uniform(3, 5)), float(rng.uniform(2.4, 4))),
            dpi=float(rng.uniform(70, 130)),
            layout=None if kind == "facets" else "tight",
        )
        canvas = FigureCanvasAgg(figure)
        if kind == "facets":
            axes = _facets(rng, figure)
        else:
            axes = figure.add_subplot(projection={"surface": "3d", "polar": "polar"}.get(kind))
            axes.set_prop_cycle(color=[tuple(c / 255 for c in colour) for colour in palette])
            _draw(rng, axes, kind)
        if kind not in ("pie", "polar"):
            axes.set_xlabel(str(rng.choice(["Time (s)", "2θ (°)", "Position (nm)", "E (eV)", "Sample", "q (1/Å)"])))
            axes.set_ylabel(str(rng.choice(["Intensity (a.u.)", "Counts", "Current (mA)", "Size (nm)", "Δ (%)"])))
        if rng.random() < 0.15:
            axes.set_title(str(rng.choice(["Sample 1", "300 K", "Model", "This work"])))
        drawn = BytesIO()
        figure.savefig(drawn, format="rgba", dpi=figure.dpi)
        width, height = canvas.get_width_height()
        return np.ascontiguousarray(np.frombuffer(drawn.getvalue(), np.uint8).reshape(height, width, 4)[..., :3])


def cut(rng: np.random.Generator, width: int, height: int) -> Image | None:
    """A plot resized to `(height, width, 3)`; None where none of a few tried has about these proportions."""
    for _ in range(4):
        plot = _bank(int(rng.integers(PER_PROCESS)))
        h, w = plot.shape[:2]
        if 0.72 < (w / h) / (width / height) < 1.4:
            smaller = w > width
            return np.asarray(
                cv2.resize(plot, (width, height), interpolation=cv2.INTER_AREA if smaller else cv2.INTER_CUBIC),
                np.uint8,
            )
    return None
