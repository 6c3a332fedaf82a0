"""Data of graphs: series of the usual measurements, and how they are drawn into axes."""

from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from models.figures import fonts, words
from models.figures.canvas import BLACK, Canvas, Colour, as_colour
from models.figures.panels import textures
from models.figures.style import FigureStyle
from models.figures.truth import Box

COLOUR_MAPS = (
    cv2.COLORMAP_JET, cv2.COLORMAP_RAINBOW, cv2.COLORMAP_HSV, cv2.COLORMAP_HOT, cv2.COLORMAP_INFERNO,
    cv2.COLORMAP_PLASMA, cv2.COLORMAP_VIRIDIS, cv2.COLORMAP_TWILIGHT, cv2.COLORMAP_TURBO,
)  # fmt: skip
Series = NDArray[np.float64]
"""`(N, 2)` points in data units."""


@dataclass
class Data:
    """Contents of a graph: ranges in data units, series, and their form ("line", "points", "bars", "image")."""

    kind: str
    x: tuple[float, float]
    y: tuple[float, float]
    series: list[Series] = field(default_factory=list)
    names: list[str] | None = None
    table: NDArray[np.uint8] | None = None
    image: NDArray[np.uint8] | None = None

    def colour_at(self, share: float) -> Colour:
        """Colour of the map's scale at 0 to 1."""
        if self.table is None:
            return BLACK
        b, g, r = (int(v) for v in self.table[int(np.clip(share, 0, 1) * 255), 0])
        return r, g, b


def _peaks(rng: np.random.Generator, x: Series, count: int, width: float) -> Series:
    centres, widths = rng.uniform(0.05, 0.95, count), width * rng.lognormal(0, 0.4, count)
    heights = rng.lognormal(-0.8, 0.7, count)
    return np.asarray((heights / (1 + ((x[:, None] - centres) / widths) ** 2)).sum(1))


@dataclass(frozen=True)
class _Frame:
    """Start of the data of each kind: the range of x, how many series, and their noise; `t` is 0 to 1."""

    low: float
    span: float
    count: int
    noise: float
    t: Series

    @property
    def x(self) -> tuple[float, float]:
        return self.low, self.low + self.span

    def noisy(self, rng: np.random.Generator) -> Series:
        return rng.normal(0, self.noise, len(self.t))


def _frame(rng: np.random.Generator) -> _Frame:
    low = float(rng.choice([0, 0, 10, 200, 400, -1]))
    span = float(rng.choice([1, 2, 5, 10, 60, 80, 100, 500, 1000]))
    count = int(rng.integers(1, 6))
    return _Frame(low, span, count, float(rng.choice([0, 0.004, 0.012, 0.03])), np.linspace(0, 1, 240))


def make(rng: np.random.Generator, kind: str) -> Data:
    """Data for one graph of `kind` (the kinds of `graphs.draw`)."""
    frame = _frame(rng)
    if kind in _OTHERS:
        return _OTHERS[kind](rng, frame)
    ys = _OVER_X.get(kind, _rises)(rng, frame)
    low, high = min(float(y.min()) for y in ys), max(float(y.max()) for y in ys)
    room = (high - low) * 0.06 + 1e-6
    series = [np.stack([frame.low + frame.span * frame.t, y], 1) for y in ys]
    return Data("area" if kind == "area" else "line", frame.x, (low - room, high + room * 2), series)


def _stack(rng: np.random.Generator, frame: _Frame) -> list[Series]:
    """Spectra above each other, most of them of the same peaks."""
    t, ys = frame.t, []
    count = int(rng.integers(2, 9))
    base = _peaks(rng, t, int(rng.integers(3, 12)), float(rng.choice([0.004, 0.008, 0.03])))
    for k in range(count):
        y = 0.75 * base + 0.25 * _peaks(rng, t, 4, 0.01) if rng.random() < 0.7 else _peaks(rng, t, 8, 0.006)
        ys.append(0.85 * y / y.max() + k + frame.noisy(rng))
    return ys


def _spectra(rng: np.random.Generator, frame: _Frame) -> list[Series]:
    ys = []
    for _ in range(frame.count):
        y = _peaks(rng, frame.t, int(rng.integers(1, 7)), float(rng.uniform(0.01, 0.12)))
        ys.append(y / y.max() * rng.uniform(0.4, 1) + frame.noisy(rng))
    return ys


def _decays(rng: np.random.Generator, frame: _Frame) -> list[Series]:
    return [rng.uniform(0.5, 1) * np.exp(-frame.t * rng.uniform(0.2, 6)) + frame.noisy(rng) for _ in range(frame.count)]


def _waves(rng: np.random.Generator, frame: _Frame) -> list[Series]:
    return [
        np.sin(2 * np.pi * (frame.t * rng.uniform(1, 9) + rng.random())) * rng.uniform(0.3, 1) + frame.noisy(rng)
        for _ in range(min(3, frame.count))
    ]


def _steps(rng: np.random.Generator, frame: _Frame) -> list[Series]:
    return [np.repeat(rng.random(12), 20) + k * 0.2 + frame.noisy(rng) for k in range(min(3, frame.count))]


def _rises(rng: np.random.Generator, frame: _Frame) -> list[Series]:
    t = frame.t
    return [
        1 / (1 + np.exp(-(t - rng.uniform(0.2, 0.8)) * rng.uniform(3, 20))) * rng.uniform(0.4, 1)
        + rng.uniform(-0.3, 0.3) * t
        + frame.noisy(rng)
        for _ in range(frame.count)
    ]


def _loops(rng: np.random.Generator, frame: _Frame) -> Data:
    """Hysteresis."""
    a = np.linspace(0, 2 * np.pi, 240)
    ys = [
        np.tanh(3 * np.cos(a) + np.sign(np.sin(a)) * rng.uniform(0.2, 1)) * rng.uniform(0.4, 1)
        for _ in range(min(4, frame.count))
    ]
    points = [np.stack([frame.low + frame.span * (0.5 + 0.46 * np.cos(a)), y], 1) for y in ys]
    return Data("line", frame.x, (-1.15, 1.15), points)


def _impedances(rng: np.random.Generator, frame: _Frame) -> Data:
    """Nyquist plots: half circles with a tail."""
    span, series = frame.span, []
    for _ in range(min(4, frame.count)):
        r = span * rng.uniform(0.2, 0.45)
        a = np.linspace(np.pi, 0.4, 26)
        arc = np.stack([r + r * np.cos(a), r * np.sin(a)], 1)
        tail = arc[-1] + np.linspace(0.05, 1, 10)[:, None] * [span * 0.25, span * 0.3]
        series.append(np.concatenate([arc, tail]))
    return Data("points", (0, span), (0, span * 0.8), series)


def _map(rng: np.random.Generator, frame: _Frame) -> Data:
    ramp = np.arange(256, dtype=np.uint8)[:, None]
    table = np.asarray(cv2.applyColorMap(ramp, int(rng.choice(COLOUR_MAPS))), np.uint8)
    image = textures.cut(rng, str(rng.choice(["amorphous", "rough", "stripes", "discs"])), 240, 200)
    return Data("image", frame.x, (0, 1), table=table, image=image)


def _bars(rng: np.random.Generator, frame: _Frame) -> Data:
    many = int(rng.integers(2, 9))
    heights = rng.uniform(0.15, 0.95, (many, int(rng.choice([1, 1, 2, 3]))))
    names = [words.pick(rng, "series") for _ in range(many)]
    return _columns(rng, frame, "bars", heights, names)


def _histogram(rng: np.random.Generator, frame: _Frame) -> Data:
    many = int(rng.integers(8, 26))
    centre, width = rng.uniform(0.3, 0.6), rng.uniform(0.08, 0.25)
    heights = np.exp(-(((np.arange(many) / many - centre) / width) ** 2)) * rng.uniform(0.7, 1, many)
    return _columns(rng, frame, "histogram", heights[:, None], None)


def _columns(rng: np.random.Generator, frame: _Frame, kind: str, shares: Series, names: list[str] | None) -> Data:
    top = float(rng.choice([1, 20, 50, 100, 600]))
    return Data(kind, frame.x, (0, top), [shares * top * 0.92], names=names)


def _scatter(rng: np.random.Generator, frame: _Frame) -> Data:
    many = int(rng.integers(5, 18))
    series = []
    for _ in range(frame.count):
        x = np.linspace(0.04, 0.96, many)
        slope, bend, offset = rng.uniform(-0.4, 0.4), rng.uniform(-0.3, 0.3), rng.uniform(-0.2, 0.2)
        y = 0.5 + slope * (x - 0.5) * 2 + bend * (x - 0.5) ** 2 + offset
        series.append(np.stack([frame.low + frame.span * x, y + rng.normal(0, frame.noise, many)], 1))
    return Data("points", frame.x, (-0.1, 1.2), series)


_OVER_X = {"stack": _stack, "peaks": _spectra, "decay": _decays, "waves": _waves, "steps": _steps}
"""Series over the whole of x, in a range of y that they fill; all other kinds that are not `_OTHERS` are `_rises`."""
_OTHERS = {
    "loop": _loops, "nyquist": _impedances, "map": _map, "bars": _bars, "histogram": _histogram, "scatter": _scatter,
}  # fmt: skip


def plot(rng: np.random.Generator, canvas: Canvas, axes: Box, data: Data, style: FigureStyle, size: int) -> None:
    """Draw `data` into the axes box, with a legend or names at the curves now and then."""
    if data.image is not None and data.table is not None:
        x0, y0, x1, y1 = axes
        how = cv2.INTER_CUBIC if rng.random() < 0.6 else cv2.INTER_NEAREST
        levels = cv2.resize(data.image, (x1 - x0, y1 - y0), interpolation=how)
        canvas.paste(np.ascontiguousarray(data.table[levels, 0][..., ::-1]), x0, y0)
    elif data.kind in ("bars", "histogram"):
        _plot_columns(rng, canvas, axes, data, style)
    else:
        _plot_series(rng, canvas, axes, data, style, max(6, round(size * 0.85)))


def _plot_columns(rng: np.random.Generator, canvas: Canvas, axes: Box, data: Data, style: FigureStyle) -> None:
    x0, y0, x1, y1 = axes
    wide, tall, palette, heights = x1 - x0, y1 - y0, style.palette, data.series[0]
    share = 0.98 if data.kind == "histogram" else float(rng.uniform(0.45, 0.85))
    edge = BLACK if rng.random() < 0.5 else None
    for k, group in enumerate(heights):
        left = x0 + (k + (1 - share) / 2) * wide / len(heights)
        each = wide / len(heights) * share / len(group)
        for j, value in enumerate(group):
            colour = palette[(j if len(group) > 1 or data.kind == "histogram" else k) % len(palette)]
            upper = y1 - 1 - value / data.y[1] * (tall - 1)
            canvas.rectangle((round(left + j * each), round(upper), round(left + (j + 1) * each), y1), colour, edge)
            if data.kind == "bars" and rng.random() < 0.4:
                middle = left + (j + 0.5) * each
                canvas.segment(middle, upper - tall * 0.03, middle, upper + tall * 0.03, BLACK)


def _plot_series(
    rng: np.random.Generator, canvas: Canvas, axes: Box, data: Data, style: FigureStyle, size: int
) -> None:
    x0, y0, x1, y1 = axes

    def to_px(points: Series) -> Series:
        px = x0 + (points[:, 0] - data.x[0]) / (data.x[1] - data.x[0]) * (x1 - x0 - 1)
        py = y1 - 1 - (points[:, 1] - data.y[0]) / (data.y[1] - data.y[0]) * (y1 - y0 - 1)
        return np.stack([np.clip(px, x0, x1 - 1), np.clip(py, y0, y1 - 1)], 1)

    dots = data.kind == "points"
    joined = not dots or rng.random() < 0.5
    hollow = rng.random() < 0.35
    radius = max(1.5, size * float(rng.uniform(0.16, 0.36)))
    dashed = rng.random() < 0.12
    for k, points in enumerate(data.series):
        colour = style.palette[k % len(style.palette)]
        px = to_px(points)
        if data.kind == "area":
            floor = np.array([[px[-1, 0], y1 - 1], [px[0, 0], y1 - 1]])
            canvas.polygon(np.concatenate([px, floor]), as_colour((c + 255) // 2 for c in colour))
        if joined and dashed and k:
            canvas.dashes(px[::4], colour, style.line_width, 6, 4)
        elif joined:
            canvas.line(px, colour, style.line_width)
        if dots:
            _marks(canvas, px, k % 3, colour, (255, 255, 255) if hollow else colour, radius, style.line_width)
    names = [words.pick(rng, "series") for _ in data.series]
    if len(data.series) > 1 and rng.random() < 0.7:
        _legend(rng, canvas, axes, names, style, size)
    elif rng.random() < 0.5:
        for points, name in zip(data.series, names, strict=True):
            x, y = to_px(points)[int(rng.uniform(0.1, 0.8) * len(points))]
            canvas.text(min(x, x1 - 4 * size), max(y - 4, y0 + size), name, style.face, size, BLACK, "lb")


def _marks(
    canvas: Canvas, px: Series, form: int, colour: Colour, inside: Colour, radius: float, line_width: float
) -> None:
    """Marks at the points of a series: discs (form 0), squares (1) or triangles (2)."""
    if form == 0:
        for x, y in px:
            canvas.ellipse(x, y, radius, radius, inside)
            canvas.ellipse(x, y, radius, radius, colour, max(1.0, line_width * 0.8))
        return
    half = radius * 0.9
    square, triangle = [[-half, -half], [half, -half], [half, half], [-half, half]], [[0, -1], [1, 1], [-1, 1]]
    corners = np.array(square) if form == 1 else radius * np.array(triangle)
    for point in px:
        canvas.polygon(point + corners, colour)


def _legend(
    rng: np.random.Generator, canvas: Canvas, axes: Box, names: list[str], style: FigureStyle, size: int
) -> None:
    x0, y0, x1, y1 = axes
    row = round(size * 1.35)
    wide = max(fonts.render(n, style.face, size).mask.shape[1] for n in names) + 3 * size
    tall = row * len(names) + 4
    if wide > (x1 - x0) * 0.75 or tall > (y1 - y0) * 0.75:
        return
    x = x0 + size // 2 + 2 if rng.random() < 0.4 else x1 - wide - size // 2
    y = y0 + size // 2 if rng.random() < 0.75 else y1 - tall - size // 2
    if rng.random() < 0.25:
        canvas.rectangle((x - 3, y - 2, x + wide + 2, y + tall), (255, 255, 255), BLACK)
    for k, name in enumerate(names):
        middle = y + row * (k + 0.5)
        canvas.segment(x + 2, middle, x + 2 * size, middle, style.palette[k % len(style.palette)], style.line_width)
        canvas.text(x + 2.4 * size, middle, name, style.face, size, BLACK, "lm")
