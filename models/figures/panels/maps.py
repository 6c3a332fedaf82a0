"""Maps: land and sea with coasts, borders, a graticule, coloured regions, markers and a key."""

import cv2
import numpy as np
from numpy.typing import NDArray

from exsclaim.records import PanelKind
from models.figures.canvas import BLACK, WHITE, Canvas, Colour, as_colour, blank, ink_box
from models.figures.panels import textures
from models.figures.style import FigureStyle, choose
from models.figures.truth import Image, Sketch

_SEA: tuple[Colour, ...] = (WHITE, (214, 234, 248), (170, 211, 223), (235, 235, 235), (198, 219, 239), (120, 170, 215))
_RAMPS = (
    cv2.COLORMAP_VIRIDIS, cv2.COLORMAP_JET, cv2.COLORMAP_PLASMA, cv2.COLORMAP_OCEAN, cv2.COLORMAP_SUMMER,
    cv2.COLORMAP_AUTUMN, cv2.COLORMAP_TURBO,
)  # fmt: skip


def _relief(rng: np.random.Generator, width: int, height: int) -> NDArray[np.float32]:
    """Heights 0 to 1 with hills of many sizes: what lies above a level is land, and its rim a believable coast."""
    total = np.zeros((height, width), np.float32)
    scale, weight = max(width, height) * float(rng.uniform(0.25, 0.7)), 1.0
    while scale > 3:
        small = rng.random((int(height / scale) + 3, int(width / scale) + 3)).astype(np.float32)
        total += weight * cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC)
        scale, weight = scale / 2, weight * 0.55
    return np.asarray((total - total.min()) / max(1e-6, float(np.ptp(total))), np.float32)


def _regions(rng: np.random.Generator, width: int, height: int) -> NDArray[np.int32]:
    """Numbers of neighbouring regions, as countries and counties lie."""
    count = int(rng.integers(4, 70))
    seeds = np.ones((height, width), np.uint8)
    seeds[rng.integers(0, height, count), rng.integers(0, width, count)] = 0
    _, labels = cv2.distanceTransformWithLabels(seeds, cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL)
    bend = (_relief(rng, width, height) - 0.5) * min(width, height) * 0.15
    rows, columns = np.mgrid[:height, :width].astype(np.float32)
    return np.asarray(cv2.remap(labels.astype(np.float32), columns + bend, rows - bend, cv2.INTER_NEAREST), np.int32)


def _coloured(rng: np.random.Generator, land: NDArray[np.bool_], relief: NDArray[np.float32]) -> Image:
    height, width = land.shape
    form = choose(rng, "plain:3 regions:3 field:3 satellite:1 relief:1.5")
    ramp = int(rng.choice(_RAMPS))
    image = blank(width, height, _SEA[int(rng.integers(len(_SEA)))])
    regions = _regions(rng, width, height)
    if form == "plain":
        image[land] = as_colour(rng.uniform(170, 250, 3))
    elif form == "regions":
        levels = rng.integers(0, 256, int(regions.max()) + 1).astype(np.uint8)
        image[land] = cv2.applyColorMap(levels[regions], ramp)[land]
    elif form == "field":
        field = (255 * _relief(rng, width, height)).astype(np.uint8)
        where = land if rng.random() < 0.5 else np.ones_like(land)
        image[where] = cv2.applyColorMap(field, ramp)[where]
    elif form == "satellite":
        grain = textures.cut(rng, "rough", width, height)[..., None] / 255.0
        image[:] = np.clip(np.array((20, 50, 90)) * (0.7 + 0.4 * grain), 0, 255)
        ground = np.array((60, 90, 50)) + relief[..., None] * np.array((110, 70, 60))
        image[land] = np.clip(ground * (0.5 + 0.8 * grain), 0, 255)[land]
    else:
        image[land] = cv2.applyColorMap((255 * relief).astype(np.uint8), cv2.COLORMAP_SUMMER)[land]
    edges = cv2.morphologyEx(regions.astype(np.float32), cv2.MORPH_GRADIENT, np.ones((2, 2))) > 0
    if form in ("plain", "regions") or rng.random() < 0.4:
        image[edges & land] = as_colour(rng.uniform(60, 200) + np.zeros(3))
    outline: list[NDArray[np.int32]] = list(
        cv2.findContours(land.astype(np.uint8), cv2.RETR_LIST, cv2.CHAIN_APPROX_NONE)[0]  # type: ignore[arg-type]
    )
    if rng.random() < 0.8:
        cv2.drawContours(image, outline, -1, as_colour(rng.uniform(0, 120) + np.zeros(3)), 1, cv2.LINE_AA)
    return image


def draw(
    rng: np.random.Generator, width: int, height: int, style: FigureStyle, *, ground: Colour | None = None
) -> Sketch:
    """A map of about `width` x `height` px; `Sketch.box` is its ink."""
    paper = ground or WHITE
    image = blank(width, height, paper)
    canvas = Canvas(image)
    size = int(np.clip(min(style.size, width * 0.06, height * 0.07), 6, 22))
    has_ticks = rng.random() < 0.5
    bar = rng.random() < 0.35
    left, below = (int(size * 3.2), int(size * 1.7)) if has_ticks else (0, 0)
    x0, y0, x1, y1 = left, 0, width - (int(size * 4) if bar else 0), height - below
    if x1 - x0 < 40 or y1 - y0 < 40:
        x0, y0, x1, y1, has_ticks, bar = 0, 0, width, height, False, False
    across, down = x1 - x0, y1 - y0
    relief = _relief(rng, across, down)
    land = relief > float(np.quantile(relief, rng.uniform(0.25, 0.75)))
    cut_out = rng.random() < 0.25  # a country alone on the page, without frame or sea
    if cut_out:
        rows, columns = np.mgrid[:down, :across]
        far = np.hypot((columns - across / 2) / across, (rows - down / 2) / down)
        land = relief - 1.6 * far > float(np.quantile(relief - 1.6 * far, 0.6))
    inner = _coloured(rng, land, relief)
    if cut_out:
        inner[~land] = paper
    else:
        _graticule(rng, Canvas(inner))
    canvas.paste(inner, x0, y0)
    if not cut_out and rng.random() < 0.75:
        canvas.rectangle((x0, y0, x1, y1), None, BLACK, int(rng.integers(1, 3)))
    if has_ticks:
        start, step = float(rng.integers(-120, 100)), float(rng.choice([0.5, 1, 2, 5, 10, 20]))
        for k in range(4):
            at = x0 + across * (k + 0.5) / 4
            canvas.text(at, y1 + size * 0.4, f"{abs(start + k * step):g}°{'W' if start < 0 else 'E'}", style.face,
                        size, BLACK, "mt")  # fmt: skip
            at = y0 + down * (k + 0.5) / 4
            canvas.text(x0 - size * 0.4, at, f"{abs(60 - k * step):g}°N", style.face, size, BLACK, "rm")
    if bar:
        _key_bar(rng, canvas, (x1 + size // 2, y0 + down // 6, x1 + size // 2 + size, y1 - down // 6), style, size)
    _marks(rng, canvas, (x0, y0, x1, y1), style, size)
    box = ink_box(image, paper)
    return Sketch(image, PanelKind.MAP, box)


def _graticule(rng: np.random.Generator, canvas: Canvas) -> None:
    if rng.random() < 0.5:
        return
    colour = as_colour(rng.uniform(120, 220) + np.zeros(3))
    bend = float(rng.choice([0, 0, rng.uniform(-0.15, 0.15)]))
    along = np.linspace(-1, 1, 30)
    for k in range(1, int(rng.integers(3, 8))):
        at = k / 8
        x = canvas.width * (at + bend * (along**2) * (at - 0.5))
        canvas.line(np.stack([x, (along + 1) / 2 * canvas.height], 1), colour)
        y = canvas.height * (at + bend * (along**2) * 0.5)
        canvas.line(np.stack([(along + 1) / 2 * canvas.width, y], 1), colour)


def _key_bar(
    rng: np.random.Generator, canvas: Canvas, box: tuple[int, int, int, int], style: FigureStyle, size: int
) -> None:
    ramp = np.asarray(
        cv2.applyColorMap(np.linspace(255, 0, max(2, box[3] - box[1])).astype(np.uint8), int(rng.choice(_RAMPS)))
    )
    canvas.paste(np.repeat(ramp.reshape(-1, 1, 3), box[2] - box[0], axis=1), box[0], box[1])
    canvas.rectangle(box, None, BLACK)
    for part in (0.0, 0.5, 1.0):
        at = box[3] - part * (box[3] - box[1])
        canvas.text(box[2] + size * 0.3, at, f"{part * 30:g}", style.face, size, BLACK, "lm")


def _marks(
    rng: np.random.Generator, canvas: Canvas, box: tuple[int, int, int, int], style: FigureStyle, size: int
) -> None:
    """Sampling sites with names, a north arrow, a bar in kilometres, a key in a corner."""
    x0, y0, x1, y1 = box
    colour = as_colour(rng.uniform(0, 255, 3))
    radius = float(rng.uniform(2, max(3, size * 0.5)))
    for k in range(int(rng.choice([0, 3, 12, 60]))):
        x, y = float(rng.uniform(x0 + 6, x1 - 6)), float(rng.uniform(y0 + 6, y1 - 6))
        canvas.ellipse(x, y, radius, radius, BLACK)
        canvas.ellipse(x, y, radius - 1, radius - 1, colour)
        if k < 6 and rng.random() < 0.5:
            name = str(rng.choice(["Site 1", "A", "B", "Lake", "N. Basin", "Station 4", "Oslo", "Kyoto", "Lima"]))
            canvas.text(x + radius + 2, y, name, style.face, size, BLACK, "lm", halo=WHITE)
    if rng.random() < 0.3:
        x, y = x1 - 1.5 * size, y0 + 3 * size
        canvas.arrow(x, y, x, y - 2 * size, BLACK, 1.5, size * 0.8)
        canvas.text(x, y + 2, "N", style.face, size, BLACK, "mt")
    if rng.random() < 0.35:
        length = (x1 - x0) // int(rng.integers(4, 8))
        canvas.rectangle((x0 + size, y1 - 2 * size, x0 + size + length, y1 - 2 * size + 3), BLACK)
        text = f"{rng.choice([1, 5, 10, 50, 100, 500])} km"
        canvas.text(x0 + size + length / 2, y1 - 2.3 * size, text, style.face, size, BLACK, "mb", halo=WHITE)
