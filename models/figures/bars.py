"""Scale bars and their labels in all usual forms, and the info strips of electron microscopes."""

import numpy as np

from models.figures import fonts
from models.figures.canvas import BLACK, WHITE, Canvas
from models.figures.image_annotations import contrast
from models.figures.style import BarStyle, choose
from models.figures.truth import Box, Sketch, SketchBar, hull, overlap

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
    width, height = area[2] - area[0], area[3] - area[1]
    size = int(min(style.size, max(8, height * 0.16)))
    text, length_nm = draw_length(rng, style, reciprocal)
    ink = fonts.render(text, style.face, size)
    text_h, text_w = ink.mask.shape
    length = int(np.clip(rng.uniform(0.1, 0.42) * width, 8, width * 0.8))
    thick = int(np.clip(style.thickness, 1, max(1, min(height // 14, length // 3))))
    side = style.side if text_w < width * 0.8 else "none"
    gap = max(1, min(style.gap, height // 30 + 1))
    cap = thick * 2 + int(rng.integers(2, 7)) if style.form == "capped" else 0
    box_w, box_h = length, thick + cap
    if side in ("above", "below"):
        box_w, box_h = max(length, text_w), box_h + gap + text_h
    elif side in ("left", "right"):
        box_w, box_h = length + gap + 3 + text_w, max(box_h, text_h)
    inset = int(rng.integers(2, max(4, min(width, height) // 14 + 3)))
    if box_w + 2 * inset > width or box_h + 2 * inset > height:
        return False
    x = {"right": area[2] - inset - box_w, "left": area[0] + inset, "centre": (area[0] + area[2] - box_w) // 2}[
        style.corner
    ]
    y = area[3] - inset - box_h
    if rng.random() < 0.04:
        y = area[1] + inset
    whole = (x, y, x + box_w, y + box_h)
    if any(overlap(whole, taken, 1) for taken in sketch.taken):
        return False
    colour = style.colour
    pad = int(rng.integers(2, 7))
    if style.form == "boxed":
        ground, colour = ((WHITE, BLACK), (WHITE, BLACK), (BLACK, WHITE))[int(rng.integers(3))]
        grown = (
            max(area[0], x - pad),
            max(area[1], y - pad),
            min(area[2], whole[2] + pad),
            min(area[3], whole[3] + pad),
        )
        if rng.random() < 0.4:
            grown = (grown[0], grown[1], area[2] if style.corner == "right" else grown[2], area[3])
        canvas.rectangle(grown, ground, BLACK if rng.random() < 0.2 else None)
        whole = grown
    else:
        colour = contrast(canvas, whole, colour)
    bar_y = y + (gap + text_h if side == "above" else 0)
    bar_x = x + (box_w - length) // 2
    if side in ("left", "right"):
        bar_x = x if side == "right" else x + box_w - length
        bar_y = y + (box_h - thick - cap) // 2
    bar = (bar_x, bar_y, bar_x + length, bar_y + thick + cap)
    if cap:
        middle = bar_y + cap // 2
        canvas.rectangle((bar_x, middle, bar[2], middle + thick), colour)
        canvas.rectangle((bar_x, bar_y, bar_x + max(1, thick // 2 + 1), bar[3]), colour)
        canvas.rectangle((bar[2] - max(1, thick // 2 + 1), bar_y, bar[2], bar[3]), colour)
    elif style.form == "outlined" and thick >= 3:
        canvas.rectangle(bar, colour, BLACK if sum(colour) > 380 else WHITE)
    else:
        canvas.rectangle(bar, colour)
    label_box = None
    halo = (BLACK if sum(colour) > 380 else WHITE) if style.halo and style.form != "boxed" else None
    if side != "none":
        centre = (bar_x + bar[2]) / 2
        if side == "above":
            label_box = canvas.text(centre, bar_y - gap, text, style.face, size, colour, "mb", halo=halo)
        elif side == "below":
            label_box = canvas.text(centre, bar[3] + gap, text, style.face, size, colour, "mt", halo=halo)
        elif side == "right":
            label_box = canvas.text(
                bar[2] + gap + 3, (bar_y + bar[3]) / 2, text, style.face, size, colour, "lm", halo=halo
            )
        else:
            label_box = canvas.text(
                bar_x - gap - 3, (bar_y + bar[3]) / 2, text, style.face, size, colour, "rm", halo=halo
            )
    found = SketchBar(
        bar, label_box, text.replace("^{-1}", "⁻¹") if label_box else None, length_nm if label_box else None, part
    )
    sketch.bars.append(found)
    sketch.taken.append(hull([whole, bar] + ([label_box] if label_box else [])))
    return True


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
