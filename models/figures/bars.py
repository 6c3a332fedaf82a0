"""Scale bars and their labels in all usual forms, and the info strips of electron microscopes."""

from dataclasses import dataclass

import numpy as np

from models.figures import fonts
from models.figures.canvas import BLACK, WHITE, Canvas, Colour
from models.figures.image_annotations import contrast
from models.figures.style import BarStyle, choose
from models.figures.truth import Box, Sketch, SketchBar, hull, overlap

_BESIDE = 3
"""Pixels more between a bar and a label beside it than between one and a label above it."""
STEPS = (1, 2, 5, 10, 20, 50, 100, 200, 500)


def draw_length(rng: np.random.Generator, style: BarStyle, reciprocal: bool = False) -> tuple[str, float | None]:
    """A scale label's text as printed and its length in nm (None for reciprocal lengths)."""
    if reciprocal:
        value = rng.choice(["2", "5", "10", "1", "0.5", "4", "20"])
        return f"{value}{style.space or ' '}{rng.choice(['1/nm', 'nm^{-1}', '1/nm', 'Å^{-1}'])}", None
    unit = choose(rng, "nm:11 um:8 mm:0.9 Å:0.3 cm:0.35")
    roll = rng.random()
    value = float(STEPS[int(rng.integers(len(STEPS)))])
    if roll < 0.12:
        value = float(rng.choice([3, 4, 6, 8, 15, 25, 30, 40, 60, 80, 150, 250, 300, 400, 600, 800, 1000, 12, 35, 75]))
    if unit == "mm" or unit == "cm":
        value = float(rng.choice([1, 2, 5, 10, 0.5, 1, 2, 3, 20]))
    elif unit == "um" and rng.random() < 0.22:
        value = float(rng.choice([0.1, 0.2, 0.5, 0.25, 1.5, 2.5, 0.3, 0.4]))
    elif unit == "Å":
        value = float(rng.choice([1, 2, 5, 10, 20, 50]))
    digits = f"{value:g}"
    if "." not in digits and value < 100 and rng.random() < 0.08:
        digits += str(rng.choice([".0", ".0", ".00"]))
    if digits == "0.25" or rng.random() > 0.02:
        text_digits = digits
    else:
        text_digits = digits.replace(".", ",") if digits.count(".") and len(digits.split(".")[1]) < 3 else digits
    printed = {"um": style.micro + "m"}.get(unit, unit)
    factor = {"nm": 1.0, "um": 1e3, "mm": 1e6, "cm": 1e7, "Å": 0.1}[unit]
    return f"{text_digits}{style.space}{printed}", value * factor


@dataclass(frozen=True)
class _Layout:
    """Sizes of a bar and its label, in px. `cap` is 0 without caps, `side` "none" without a label."""

    side: str
    font_size: int
    text_height: int
    text_width: int
    length: int
    thick: int
    cap: int
    gap: int

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of bar and label together."""
        thick = self.thick + self.cap
        if self.side in ("above", "below"):
            return max(self.length, self.text_width), thick + self.gap + self.text_height
        if self.side in ("left", "right"):
            return self.length + self.gap + _BESIDE + self.text_width, max(thick, self.text_height)
        return self.length, thick

    def bar(self, x: int, y: int) -> Box:
        """Box of the bar where that of bar and label begins at `x`, `y`."""
        width, height = self.size
        left, top = x + (width - self.length) // 2, y
        if self.side == "above":
            top = y + self.gap + self.text_height
        elif self.side in ("left", "right"):
            left = x if self.side == "right" else x + width - self.length
            top = y + (height - self.thick - self.cap) // 2
        return left, top, left + self.length, top + self.thick + self.cap


def draw_bar(
    rng: np.random.Generator,
    sketch: Sketch,
    area: Box,
    style: BarStyle,
    part: int | None = None,
    reciprocal: bool = False,
) -> bool:
    """Draws a scale bar with its label into `area` and records it; False where there was no room."""
    canvas = Canvas(sketch.image)
    text, length_nm = draw_length(rng, style, reciprocal)
    layout = _laid_out(rng, text, style, area[2] - area[0], area[3] - area[1])
    place = _placed(rng, layout, style, area)
    if place is None:
        return False
    x, y = place
    width, height = layout.size
    whole = (x, y, x + width, y + height)
    if any(overlap(whole, taken, 1) for taken in sketch.taken):
        return False
    whole, colour = _on_ground(rng, canvas, style, whole, area)
    bar = layout.bar(x, y)
    _draw_line(canvas, bar, layout, style.form, colour)
    label_box = _draw_label(canvas, bar, layout, style, text, colour)
    printed = text.replace("^{-1}", "⁻¹") if label_box else None
    sketch.bars.append(SketchBar(bar, label_box, printed, length_nm if label_box else None, part))
    sketch.taken.append(hull([whole, bar] + ([label_box] if label_box else [])))
    return True


def _laid_out(rng: np.random.Generator, text: str, style: BarStyle, width: int, height: int) -> _Layout:
    """Sizes that fit into an area of `width` x `height` px, as far as they can."""
    font_size = int(min(style.size, max(8, height * 0.16)))
    text_height, text_width = fonts.render(text, style.face, font_size).mask.shape
    length = int(np.clip(rng.uniform(0.1, 0.42) * width, 8, width * 0.8))
    thick = int(np.clip(style.thickness, 1, max(1, min(height // 14, length // 3))))
    return _Layout(
        side=style.side if text_width < width * 0.8 else "none",
        font_size=font_size,
        text_height=text_height,
        text_width=text_width,
        length=length,
        thick=thick,
        cap=thick * 2 + int(rng.integers(2, 7)) if style.form == "capped" else 0,
        gap=max(1, min(style.gap, height // 30 + 1)),
    )


def _placed(rng: np.random.Generator, layout: _Layout, style: BarStyle, area: Box) -> tuple[int, int] | None:
    """Corner of bar and label along the lower edge, seldom the upper one; None where they do not fit."""
    width, height = layout.size
    room = min(area[2] - area[0], area[3] - area[1])
    inset = int(rng.integers(2, max(4, room // 14 + 3)))
    if width + 2 * inset > area[2] - area[0] or height + 2 * inset > area[3] - area[1]:
        return None
    centre = (area[0] + area[2] - width) // 2
    x = {"right": area[2] - inset - width, "left": area[0] + inset, "centre": centre}[style.corner]
    return x, area[1] + inset if rng.random() < 0.04 else area[3] - inset - height


def _on_ground(rng: np.random.Generator, canvas: Canvas, style: BarStyle, whole: Box, area: Box) -> tuple[Box, Colour]:
    """The box that bar and label take, with the ground of a boxed one drawn, and their colour."""
    pad = int(rng.integers(2, 7))
    if style.form != "boxed":
        return whole, contrast(canvas, whole, style.colour)
    ground, colour = ((WHITE, BLACK), (WHITE, BLACK), (BLACK, WHITE))[int(rng.integers(3))]
    x0, y0 = max(area[0], whole[0] - pad), max(area[1], whole[1] - pad)
    x1, y1 = min(area[2], whole[2] + pad), min(area[3], whole[3] + pad)
    if rng.random() < 0.4:
        x1, y1 = area[2] if style.corner == "right" else x1, area[3]
    canvas.rectangle((x0, y0, x1, y1), ground, BLACK if rng.random() < 0.2 else None)
    return (x0, y0, x1, y1), colour


def _draw_line(canvas: Canvas, bar: Box, layout: _Layout, form: str, colour: Colour) -> None:
    """The bar itself: a line between caps, or a filled box with or without an outline."""
    x0, y0, x1, y1 = bar
    if layout.cap:
        middle, end = y0 + layout.cap // 2, max(1, layout.thick // 2 + 1)
        canvas.rectangle((x0, middle, x1, middle + layout.thick), colour)
        canvas.rectangle((x0, y0, x0 + end, y1), colour)
        canvas.rectangle((x1 - end, y0, x1, y1), colour)
    elif form == "outlined" and layout.thick >= 3:
        canvas.rectangle(bar, colour, _opposite(colour))
    else:
        canvas.rectangle(bar, colour)


def _draw_label(canvas: Canvas, bar: Box, layout: _Layout, style: BarStyle, text: str, colour: Colour) -> Box | None:
    """The label on its side of the bar; None where there is none."""
    x0, y0, x1, y1 = bar
    places = {
        "above": ((x0 + x1) / 2, y0 - layout.gap, "mb"),
        "below": ((x0 + x1) / 2, y1 + layout.gap, "mt"),
        "right": (x1 + layout.gap + _BESIDE, (y0 + y1) / 2, "lm"),
        "left": (x0 - layout.gap - _BESIDE, (y0 + y1) / 2, "rm"),
    }
    if layout.side not in places:
        return None
    x, y, anchor = places[layout.side]
    halo = _opposite(colour) if style.halo and style.form != "boxed" else None
    return canvas.text(x, y, text, style.face, layout.font_size, colour, anchor, halo=halo)


def _opposite(colour: Colour) -> Colour:
    return BLACK if sum(colour) > 380 else WHITE


def draw_strip(rng: np.random.Generator, sketch: Sketch, style: BarStyle) -> None:
    """An SEM's info strip along the bottom: instrument values, and the scale bar with its label."""
    canvas = Canvas(sketch.image)
    x0, y0, x1, y1 = sketch.box
    height = int(np.clip((y1 - y0) * rng.uniform(0.06, 0.12), 12, 60))
    strip = (x0, y1 - height, x1, y1)
    dark = rng.random() < 0.75
    ground, colour = (BLACK, WHITE) if dark else (WHITE, BLACK)
    canvas.rectangle(strip, ground)
    size = max(7, int(height * rng.uniform(0.35, 0.6)))
    face = style.face
    text, length_nm = draw_length(rng, style)
    label_w = fonts.render(text, face, size).mask.shape[1]
    length = int((x1 - x0) * rng.uniform(0.12, 0.3))
    thick = max(1, int(height * rng.uniform(0.06, 0.2)))
    beside = rng.random() < 0.4
    room = length + (label_w + 8 if beside else 0)
    bx = x1 - room - int(rng.integers(3, 14))
    ticked = int(height * 0.25) if rng.random() < 0.4 else 0
    by = strip[1] + (height // 2 if beside else int(height * 0.72))
    bar = (bx, by - ticked // 2, bx + length, by + thick + ticked // 2)
    canvas.rectangle((bx, by, bx + length, by + thick), colour)
    if ticked:
        count = 11 if rng.random() < 0.5 else 2
        for tick in np.linspace(bx, bx + length - 1, count).astype(int):
            canvas.rectangle((int(tick), bar[1], int(tick) + 1, bar[3]), colour)
    if beside:
        label = canvas.text(bar[2] + 6, strip[1] + height / 2, text, face, size, colour, "lm")
    else:
        label = canvas.text((bx + bar[2]) / 2, bar[1] - 2, text, face, min(size, int(height * 0.5)), colour, "mb")
    if label[2] <= label[0] or label[1] < strip[1] - 2:
        return
    sketch.bars.append(SketchBar(bar, label, text, length_nm))
    sketch.taken.append(strip)
    values = f"{rng.integers(1, 30)}.0kV  WD {rng.uniform(2, 20):.1f}mm  x{rng.integers(1, 200)},000  SE"
    wanted = size
    while wanted > 6 and fonts.render(values, face, wanted).mask.shape[1] > bx - x0 - 10:
        wanted -= 2
    if wanted > 6:
        box = canvas.text(x0 + 5, strip[1] + height / 2, values, face, wanted, colour, "lm")
        sketch.distractors.append(("strip_text", box))
