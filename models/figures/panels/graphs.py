"""Graphs: axes with ticks and titles, drawn fast, around data of `curves`."""

from dataclasses import dataclass, replace

import numpy as np

from exsclaim.records import PanelKind
from models.figures import fonts, tiles, words
from models.figures.canvas import BLACK, WHITE, Canvas, Colour, as_colour, blank, ink_box
from models.figures.panels import curves, micrographs, plots, remarks, spectra
from models.figures.style import FigureStyle, choose
from models.figures.truth import Box, Sketch, SketchPart, moved

KINDS = (
    "lines:4 stack:4 peaks:3 scatter:3 bars:3 histogram:2 decay:2 loop:1 map:1.2 nyquist:0.6 waves:1 steps:0.6 area:0.7"
)


def _ticks(low: float, high: float, wanted: int) -> np.ndarray:
    span = (high - low) / max(1, wanted)
    power = 10 ** np.floor(np.log10(max(span, 1e-12)))
    step = float(next((m * power for m in (1, 2, 2.5, 5, 10) if m * power >= span), 10 * power))
    return np.arange(np.ceil(low / step - 1e-9) * step, high + 1e-9 * abs(high) + 1e-12, step) + 0.0


@dataclass(frozen=True)
class _Ticks:
    """Ticks of a graph and their numbers. All in px; `length` is negative where ticks point inwards."""

    canvas: Canvas
    axes: Box
    size: int
    tick_size: int
    length: int
    thick: int

    @property
    def _gap(self) -> int:
        return max(3, self.size // 3)

    def below(self, values: np.ndarray, over: tuple[float, float], style: FigureStyle) -> None:
        x0, _, x1, y1 = self.axes
        for value in values:
            px = round(x0 + (value - over[0]) / (over[1] - over[0]) * (x1 - x0 - 1))
            self.canvas.segment(px, y1 - 1, px, y1 - 1 + self.length, BLACK, self.thick)
            top = y1 + max(self.length, 0) + self._gap
            self.canvas.text(px, top, f"{round(value, 9) + 0:g}", style.face, self.tick_size, BLACK, "mt")

    def names(self, names: list[str], style: FigureStyle) -> None:
        """Write what each column is, cut short and small where they would not stand beside each other."""
        x0, _, x1, y1 = self.axes
        widest = max(fonts.render(name, style.face, self.tick_size).mask.shape[1] for name in names)
        tight = widest > (x1 - x0) / len(names)
        size = max(5, round(self.tick_size * 0.75)) if tight else self.tick_size
        for k, name in enumerate(names):
            px = x0 + (k + 0.5) / len(names) * (x1 - x0)
            self.canvas.text(px, y1 + self._gap, name[:5] if tight else name, style.face, size, BLACK, "mt")

    def left(self, values: np.ndarray, over: tuple[float, float], style: FigureStyle, *, twin: bool) -> None:
        """Draw the ticks of y; with `twin` a second axis has its numbers at the right."""
        x0, y0, x1, y1 = self.axes
        for value in values:
            py = round(y1 - 1 - (value - over[0]) / (over[1] - over[0]) * (y1 - y0 - 1))
            self.canvas.segment(x0, py, x0 - self.length, py, BLACK, self.thick)
            right = x0 - max(self.length, 0) - self._gap
            self.canvas.text(right, py, f"{round(value, 9) + 0:g}", style.face, self.tick_size, BLACK, "rm")
            if twin:
                number = f"{value * 3:g}"
                self.canvas.text(x1 + self._gap, py, number, style.face, self.tick_size, _second(style), "lm")


def _second(style: FigureStyle) -> Colour:
    return style.palette[1 % len(style.palette)]


def _colour_bar(canvas: Canvas, axes: Box, data: curves.Data, style: FigureStyle, size: int, tick_size: int) -> None:
    _, y0, x1, y1 = axes
    left = x1 + size // 2
    for row in range(y0, y1):
        colour = data.colour_at(1 - (row - y0) / max(1, y1 - y0))
        canvas.rectangle((left, row, left + size, row + 1), colour)
    for part in (0.0, 0.5, 1.0):
        py = y1 - part * (y1 - y0 - size) - size / 2
        canvas.text(x1 + 2 * size, py, f"{part:g}", style.face, tick_size, BLACK, "lm")


def draw(
    rng: np.random.Generator,
    width: int,
    height: int,
    style: FigureStyle,
    *,
    ground: Colour | None = None,
    real: tiles.Tiles | None = None,
    insets: float = 0.12,
) -> Sketch:
    """A graph that fills `width` x `height` px; `Sketch.box` is its ink, or all of it where it is framed."""
    paper = ground or (255, 255, 255)
    if insets and min(width, height) > 110 and rng.random() < 0.14:
        plot = plots.cut(rng, width, height)
        if plot is not None:
            return Sketch(plot, PanelKind.GRAPH, ink_box(plot, (255, 255, 255)))
    if insets and rng.random() < 0.03:
        return spectra.draw(rng, width, height, style)
    image = blank(width, height, paper)
    canvas = Canvas(image)
    framed = rng.random() < 0.03
    if framed:
        canvas.rectangle((0, 0, width, height), None, BLACK)
    size = int(np.clip(min(style.size, width * 0.06, height * 0.075), 6, 30))
    tick_size = max(6, round(size * float(rng.choice([0.8, 0.9, 1.0]))))
    titles = words.axis_titles(rng)
    data = curves.make(rng, kind := choose(rng, KINDS))
    room = _draw_room(rng, kind, width, height, size, tick_size)
    x0, y0, x1, y1 = room.axes
    _draw_ground(rng, canvas, room.axes)
    thick = 1 if width < 350 else int(rng.choice([1, 1, 2, 2, 3]))
    _draw_data(rng, canvas, room.axes, kind, data, style, size, real)
    if style.boxed_axes or kind == "map":
        canvas.rectangle(room.axes, None, BLACK, thick)
    else:
        canvas.rectangle((x0, y0, x0 + thick, y1), BLACK)
        canvas.rectangle((x0, y1 - thick, x1, y1), BLACK)
    tick_length = max(2, int(size * 0.35)) * (-1 if style.ticks_in else 1)
    ticks = _Ticks(canvas, room.axes, size, tick_size, tick_length, thick)
    if data.names is None:
        ticks.below(_ticks(data.x[0], data.x[1], int(rng.integers(3, 7))), data.x, style)
    else:
        ticks.names(data.names, style)
    if room.shows_y:
        ticks.left(_ticks(data.y[0], data.y[1], int(rng.integers(3, 7))), data.y, style, twin=room.has_twin)
    size = _draw_titles(canvas, room, titles, style, size, width, height)
    if kind == "map" and room.right > size * 3:
        _colour_bar(canvas, room.axes, data, style, size, tick_size)
    if rng.random() < 0.3 and kind != "map":
        remarks.minor(canvas, room.axes, round(ticks.length * 0.6), thick, int(rng.integers(8, 30)))
    box = ink_box(image, paper) if not framed else (0, 0, width, height)
    sketch = Sketch(image, PanelKind.GRAPH, box, distractors=[("axes", room.axes)])
    if min(x1 - x0, y1 - y0) > 130 and rng.random() < insets:
        _inset(rng, sketch, room.axes, style, real)
    return sketch


@dataclass(frozen=True)
class _Room:
    """Place of a graph's axes, and what is written beside them. Both in px; `right` is the margin."""

    axes: Box
    right: int
    shows_y: bool
    has_twin: bool


def _draw_room(rng: np.random.Generator, kind: str, width: int, height: int, size: int, tick_size: int) -> _Room:
    shows_y = not (kind == "stack" and rng.random() < 0.7)
    left = int(size * 1.6 + (tick_size * 2.2 if shows_y else size * 0.5))
    bottom = int(tick_size * 1.4 + size * 1.7)
    right = int(rng.uniform(2, size * 1.2)) + (int(size * 3.6) if kind == "map" and rng.random() < 0.8 else 0)
    top = int(rng.uniform(2, size))
    has_twin = kind in ("lines", "decay", "scatter") and rng.random() < 0.12
    if has_twin:
        right = int(tick_size * 2.4 + size * 1.6)
    axes = (left, top, max(left + 12, width - right), max(top + 12, height - bottom))
    return _Room(axes, right, shows_y, has_twin)


def _draw_ground(rng: np.random.Generator, canvas: Canvas, axes: Box) -> None:
    """Seldom a gradient or a pale colour behind the data."""
    x0, y0, x1, y1 = axes
    if rng.random() < 0.03:
        pale = np.linspace(as_colour(rng.integers(140, 256, 3)), WHITE, y1 - y0)
        canvas.image[y0:y1, x0:x1] = pale[:, None, :].astype(np.uint8)
    elif rng.random() < 0.06:
        canvas.rectangle(axes, as_colour(rng.integers(215, 252, 3)))


def _draw_data(
    rng: np.random.Generator,
    canvas: Canvas,
    axes: Box,
    kind: str,
    data: curves.Data,
    style: FigureStyle,
    size: int,
    real: tiles.Tiles | None,
) -> None:
    """The data with remarks beside them, or now and then what a real graph shows between its axes."""
    x0, y0, x1, y1 = axes
    inside = None
    if real is not None and kind in ("stack", "peaks", "lines") and rng.random() < 0.3:
        inside = real.graph(rng, x1 - x0, y1 - y0)
    if inside is not None:
        canvas.paste(inside, x0, y0)
    else:
        curves.plot(rng, canvas, axes, data, style, size)
        remarks.remark(rng, canvas, axes, data, style, size)


def _draw_titles(
    canvas: Canvas, room: _Room, titles: tuple[str, str], style: FigureStyle, size: int, width: int, height: int
) -> int:
    """The titles of x and y; the type size at which that of y is no longer than the graph is high."""
    x0, y0, x1, y1 = room.axes
    title_x, title_y = titles
    canvas.text((x0 + x1) / 2, height - 2, title_x, style.face, size, BLACK, "mb")
    while size > 6 and fonts.render(title_y, style.face, size).mask.shape[1] > height:
        size -= 1
    canvas.text(1, (y0 + y1) / 2, title_y, style.face, size, BLACK, "lm", turned=True)
    if room.has_twin:
        canvas.text(width - 1, (y0 + y1) / 2, title_y, style.face, size, _second(style), "rm", turned=True)
    return size


def _inset(rng: np.random.Generator, sketch: Sketch, axes: Box, style: FigureStyle, real: tiles.Tiles | None) -> None:
    wide, tall = (int((b - a) * rng.uniform(0.28, 0.45)) for a, b in ((axes[0], axes[2]), (axes[1], axes[3])))
    small = remarks.faded(style, 0.75)
    if rng.random() < 0.5:
        inner = draw(rng, wide, tall, small, insets=0)
    else:
        inner = micrographs.draw(
            rng, wide, tall, small, look=micrographs.draw_look(rng), real=real, insets=0, notes=0.1
        )
    x, y = remarks.inset(rng, Canvas(sketch.image), axes, inner.image)
    sketch.parts.append(SketchPart(moved(inner.box, x, y), inner.kind))
    for bar in inner.bars:
        label = moved(bar.label_box, x, y) if bar.label_box else None
        sketch.bars.append(replace(bar, box=moved(bar.box, x, y), label_box=label, part=0))
