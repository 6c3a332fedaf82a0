"""The things that schemes show: crystals, clusters, layered devices, vessels, rods, tubes, beams."""

import numpy as np

from models.figures.canvas import BLACK, WHITE, Canvas, Colour

THINGS = (
    "crystal:2 cluster:2 slab:4 plate:2 molecule:2 beaker:1 rods:1.5 honeycomb:1.2 cylinder:1.5 disc:2 cell:1.5 beam:1 "
    "levels:1 blob:1.5"
)


def colour_of(rng: np.random.Generator) -> Colour:
    """A colour as drawing programs offer it, from pale to strong."""
    hue = rng.uniform(0, 6)
    base = np.clip(np.abs((hue + np.array([0, 4, 2])) % 6 - 3) - 1, 0, 1)
    strength, value = rng.uniform(0.15, 0.95), rng.uniform(130, 250)
    r, g, b = (int(v) for v in value * (1 - strength * (1 - base)))
    return r, g, b


def shaded(colour: Colour, factor: float) -> Colour:
    """`colour` darker (factor below 1) or lighter (above 1)."""
    r, g, b = (int(min(255, c * factor)) if factor <= 1 else int(255 - (255 - c) / factor) for c in colour)
    return r, g, b


def _quad(canvas: Canvas, points: list[tuple[float, float]], colour: Colour, edge: bool = False) -> None:
    canvas.polygon(np.array(points), colour)
    if edge:
        canvas.line(np.array(points), shaded(colour, 0.5), 1, closed=True)


def _crystal(rng: np.random.Generator, canvas: Canvas, x: float, y: float, w: float, h: float) -> None:
    step = max(7.0, min(w, h) / int(rng.integers(3, 9)))
    colours = [colour_of(rng) for _ in range(int(rng.integers(1, 4)))]
    slant = float(rng.uniform(-0.3, 0.5))
    points = [
        (x + step * (i + 0.5) + slant * step * (j % 2), y + step * (j + 0.5))
        for j in range(int(h / step))
        for i in range(int(w / step))
    ]
    if rng.random() < 0.6:
        for px, py in points:
            canvas.segment(px, py, px + step * 0.8, py, (90, 90, 90), max(1, step * 0.12))
            canvas.segment(px, py, px + slant * step * 0.5, py + step * 0.8, (90, 90, 90), max(1, step * 0.12))
    size = float(rng.uniform(0.2, 0.5))
    for k, (px, py) in enumerate(points):
        canvas.sphere(px, py, step * size, colours[k % len(colours)])


def _cluster(rng: np.random.Generator, canvas: Canvas, x: float, y: float, w: float, h: float) -> None:
    colours = [colour_of(rng) for _ in range(int(rng.integers(1, 3)))]
    r = min(w, h) * float(rng.uniform(0.05, 0.2))
    for _ in range(int(rng.integers(3, 30))):
        spot = rng.normal(0.5, 0.18, 2)
        px, py = float(np.clip(x + w * spot[0], x + r, x + w - r)), float(np.clip(y + h * spot[1], y + r, y + h - r))
        canvas.sphere(px, py, r * float(rng.uniform(0.6, 1.1)), colours[int(rng.integers(len(colours)))])


def _slab(rng: np.random.Generator, canvas: Canvas, x: float, y: float, w: float, h: float) -> None:
    """Stacked layers in a skewed projection: devices, batteries, films."""
    layers = int(rng.integers(1, 6))
    depth = min(w, h) * float(rng.uniform(0.1, 0.45))
    rise = depth * 0.6
    tall = (h - rise) / layers * float(rng.uniform(0.5, 1.0))
    edge = rng.random() < 0.4
    for k in reversed(range(layers)):
        colour, top = colour_of(rng), y + rise + k * tall
        _quad(canvas, [(x, top), (x + w - depth, top), (x + w, top - rise), (x + depth, top - rise)], colour, edge)
        _quad(
            canvas,
            [(x, top), (x + w - depth, top), (x + w - depth, top + tall), (x, top + tall)],
            shaded(colour, 0.87),
            edge,
        )
        _quad(
            canvas,
            [(x + w - depth, top), (x + w, top - rise), (x + w, top - rise + tall), (x + w - depth, top + tall)],
            shaded(colour, 0.7),
            edge,
        )
    if rng.random() < 0.4:
        ball = colour_of(rng)
        for _ in range(int(rng.integers(4, 22))):
            along, across = rng.uniform(0.08, 0.92, 2)
            canvas.sphere(x + along * (w - depth) + across * depth, y + rise * (1 - across), max(2.0, w * 0.035), ball)


def _plate(rng: np.random.Generator, canvas: Canvas, x: float, y: float, w: float, h: float) -> None:
    box = (int(x), int(y), int(x + w), int(y + h))
    colour = colour_of(rng)
    canvas.rectangle(
        box,
        shaded(colour, float(rng.uniform(1, 3.5))),
        colour if rng.random() < 0.7 else BLACK,
        int(rng.integers(1, 4)),
    )
    if rng.random() < 0.65:
        _cluster(rng, canvas, x + w * 0.1, y + h * 0.1, w * 0.8, h * 0.8)


def _molecule(rng: np.random.Generator, canvas: Canvas, x: float, y: float, w: float, h: float) -> None:
    r = min(w, h) * float(rng.uniform(0.07, 0.17))
    atoms: tuple[Colour, ...] = ((60, 60, 60), (230, 40, 30), (235, 235, 235), (50, 80, 230), (240, 200, 40))
    spots = [(x + w / 2, y + h / 2)]
    for _ in range(int(rng.integers(2, 16))):
        bx, by = spots[int(rng.integers(len(spots)))]
        angle = rng.uniform(0, 6.28)
        nx, ny = (
            float(np.clip(bx + 2 * r * np.cos(angle), x + r, x + w - r)),
            float(np.clip(by + 2 * r * np.sin(angle), y + r, y + h - r)),
        )
        canvas.segment(bx, by, nx, ny, (120, 120, 120), max(1, r * 0.3))
        spots.append((nx, ny))
    for px, py in spots:
        canvas.sphere(px, py, r * 0.8, atoms[int(rng.integers(len(atoms)))])


def _beaker(rng: np.random.Generator, canvas: Canvas, x: float, y: float, w: float, h: float) -> None:
    w = min(w, h * 1.1)
    level, liquid = y + h * float(rng.uniform(0.3, 0.6)), colour_of(rng)
    _quad(canvas, [(x + 2, level), (x + w - 2, level), (x + w - 2, y + h), (x + 2, y + h)], liquid)
    canvas.line(np.array([[x, y], [x, y + h], [x + w, y + h], [x + w, y]]), (70, 70, 70), 2)
    canvas.ellipse(x + w / 2, level, w / 2 - 2, h * 0.05, shaded(liquid, 1.4))
    for _ in range(int(rng.integers(0, 10))):
        canvas.sphere(
            float(rng.uniform(x + 6, x + w - 6)),
            float(rng.uniform(level + 5, y + h - 5)),
            max(2.0, w * 0.05),
            colour_of(rng),
        )


def _rods(rng: np.random.Generator, canvas: Canvas, x: float, y: float, w: float, h: float) -> None:
    """Rods or wires on a plate."""
    base, rod = colour_of(rng), colour_of(rng)
    _quad(canvas, [(x, y + h), (x + w * 0.8, y + h), (x + w, y + h * 0.7), (x + w * 0.2, y + h * 0.7)], base, True)
    thick = max(2.0, w * float(rng.uniform(0.02, 0.06)))
    for k in range(int(rng.integers(5, 16))):
        px, foot = x + w * (0.1 + 0.8 * (k * 0.37 % 1)), y + h * float(rng.uniform(0.75, 0.95))
        lean, top = float(rng.normal(0, w * 0.03)), foot - h * float(rng.uniform(0.35, 0.7))
        canvas.segment(px, foot, px + lean, top, shaded(rod, 0.75), thick)
        canvas.segment(px - thick / 4, foot, px + lean - thick / 4, top, rod, thick / 2)


def _honeycomb(rng: np.random.Generator, canvas: Canvas, x: float, y: float, w: float, h: float) -> None:
    a = max(5.0, min(w, h) / int(rng.integers(5, 14)))
    atom, bond = colour_of(rng), (100, 100, 100)
    balls = rng.random() < 0.6
    angles = np.arange(6) * np.pi / 3 + np.pi / 6
    for row in range(int(h / (1.5 * a))):
        for column in range(int(w / (1.732 * a))):
            cx, cy = x + a * 1.732 * (column + 0.5 + 0.5 * (row % 2)), y + a * (1 + 1.5 * row)
            corners = np.stack([cx + a * np.cos(angles), cy + a * np.sin(angles)], 1)
            canvas.line(corners, bond, max(1, a * 0.12), closed=True)
            for px, py in corners[:2] if balls else ():
                canvas.sphere(float(px), float(py), a * 0.3, atom)


def _cylinder(rng: np.random.Generator, canvas: Canvas, x: float, y: float, w: float, h: float) -> None:
    w = min(w, h * float(rng.uniform(0.5, 1.4)))
    flat, layers = h * 0.1, int(rng.integers(1, 5))
    for k in reversed(range(layers)):
        colour = colour_of(rng)
        top, bottom = y + flat + (h - 2 * flat) * k / layers, y + flat + (h - 2 * flat) * (k + 1) / layers
        canvas.ellipse(x + w / 2, bottom, w / 2, flat, shaded(colour, 0.8))
        _quad(canvas, [(x, top), (x + w, top), (x + w, bottom), (x, bottom)], shaded(colour, 0.85))
        _quad(
            canvas,
            [(x + w * 0.15, top), (x + w * 0.4, top), (x + w * 0.4, bottom), (x + w * 0.15, bottom)],
            shaded(colour, 1.2),
        )
        canvas.ellipse(x + w / 2, top, w / 2, flat, colour)


def _disc(rng: np.random.Generator, canvas: Canvas, x: float, y: float, w: float, h: float) -> None:
    """A large particle, core and shell, with small ones around."""
    r, cx, cy = min(w, h) * 0.38, x + w / 2, y + h / 2
    canvas.sphere(cx, cy, r, colour_of(rng))
    if rng.random() < 0.5:
        canvas.sphere(cx, cy, r * 0.6, colour_of(rng))
    small = colour_of(rng)
    for angle in np.arange(0, 2 * np.pi, float(rng.uniform(0.3, 1.0))) if rng.random() < 0.6 else ():
        canvas.sphere(cx + r * 1.1 * np.cos(angle), cy + r * 1.1 * np.sin(angle), r * 0.14, small)


def _cell(rng: np.random.Generator, canvas: Canvas, x: float, y: float, w: float, h: float) -> None:
    """An electrochemical cell: two electrodes, a bath, wires and a lamp."""
    _quad(
        canvas,
        [(x, y + h * 0.35), (x + w, y + h * 0.35), (x + w, y + h), (x, y + h)],
        shaded(colour_of(rng), 2.5),
        True,
    )
    for share in (0.15, 0.7):
        canvas.rectangle(
            (int(x + share * w), int(y + h * 0.2), int(x + (share + 0.15) * w), int(y + h * 0.9)), colour_of(rng), BLACK
        )
    canvas.line(
        np.array(
            [[x + 0.22 * w, y + h * 0.2], [x + 0.22 * w, y + 3], [x + 0.78 * w, y + 3], [x + 0.78 * w, y + h * 0.2]]
        ),
        (60, 60, 60),
        2,
    )
    canvas.sphere(x + w / 2, y + 4, h * 0.07, (250, 220, 60))
    for _ in range(int(rng.integers(2, 9))):
        canvas.sphere(
            float(rng.uniform(x + w * 0.33, x + w * 0.67)),
            float(rng.uniform(y + h * 0.45, y + h * 0.9)),
            h * 0.04,
            colour_of(rng),
        )


def _beam(rng: np.random.Generator, canvas: Canvas, x: float, y: float, w: float, h: float) -> None:
    """An optical path: source, lenses, a beam, a detector."""
    light = colour_of(rng)
    middle = y + h / 2
    _quad(
        canvas,
        [
            (x + w * 0.15, middle - h * 0.06),
            (x + w * 0.5, middle - h * 0.2),
            (x + w * 0.9, middle),
            (x + w * 0.5, middle + h * 0.2),
            (x + w * 0.15, middle + h * 0.06),
        ],
        shaded(light, 1.8),
    )
    canvas.rectangle((int(x), int(middle - h * 0.12), int(x + w * 0.18), int(middle + h * 0.12)), (90, 90, 100), BLACK)
    canvas.ellipse(x + w * 0.5, middle, w * 0.04, h * 0.3, (180, 215, 240))
    canvas.rectangle(
        (int(x + w * 0.88), int(middle - h * 0.25), int(x + w), int(middle + h * 0.25)), colour_of(rng), BLACK
    )


def _levels(rng: np.random.Generator, canvas: Canvas, x: float, y: float, w: float, h: float) -> None:
    """An energy diagram: levels joined by dashed lines, or bands."""
    last = None
    many = int(rng.integers(3, 7))
    colour = colour_of(rng)
    for k in range(many):
        level, left = y + h * float(rng.uniform(0.1, 0.9)), x + w * k / many
        right = left + w / many * 0.6
        canvas.segment(left, level, right, level, colour, 3)
        if last is not None:
            canvas.dashes(np.array([last, (left, level)]), (90, 90, 90), 1, 4, 3)
        last = (right, level)


def _blob(rng: np.random.Generator, canvas: Canvas, x: float, y: float, w: float, h: float) -> None:
    """An irregular outline: a cell, a grain, a droplet, with a nucleus or pores."""
    t = np.linspace(0, 2 * np.pi, 60, endpoint=False)
    r = 0.42 + 0.05 * sum(np.sin(n * t + rng.uniform(0, 6)) * rng.uniform(0.2, 0.8) for n in (2, 3, 5))
    colour = colour_of(rng)
    points = np.stack([x + w / 2 + w * r * np.cos(t), y + h / 2 + h * r * np.sin(t)], 1)
    canvas.polygon(points, shaded(colour, 1.8))
    canvas.line(points, colour, int(rng.integers(1, 4)), closed=True)
    for _ in range(int(rng.integers(0, 8))):
        canvas.ellipse(
            x + w * float(rng.uniform(0.3, 0.7)),
            y + h * float(rng.uniform(0.3, 0.7)),
            w * 0.06,
            h * 0.06,
            WHITE if rng.random() < 0.4 else colour_of(rng),
        )


MAKERS = {
    "crystal": _crystal,
    "cluster": _cluster,
    "slab": _slab,
    "plate": _plate,
    "molecule": _molecule,
    "beaker": _beaker,
    "rods": _rods,
    "honeycomb": _honeycomb,
    "cylinder": _cylinder,
    "disc": _disc,
    "cell": _cell,
    "beam": _beam,
    "levels": _levels,
    "blob": _blob,
}


def draw(rng: np.random.Generator, canvas: Canvas, thing: str, x: float, y: float, width: float, height: float) -> None:
    """Draws one of `THINGS` within the given room in px."""
    if min(width, height) > 8:
        MAKERS[thing](rng, canvas, x, y, width, height)
