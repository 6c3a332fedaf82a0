"""Degradation of figures as journals and their sites do it: scaling, blur, JPEG, palettes; boxes follow exactly."""

from dataclasses import replace

import cv2
import numpy as np

from models.figures.truth import Box, Image, TrueFigure


def _scaled(box: Box | None, sx: float, sy: float, width: int, height: int) -> Box | None:
    if box is None:
        return None
    x0, y0 = min(width - 1, round(box[0] * sx)), min(height - 1, round(box[1] * sy))
    x1, y1 = min(width, max(x0 + 1, round(box[2] * sx))), min(height, max(y0 + 1, round(box[3] * sy)))
    return x0, y0, x1, y1


def rescale(figure: TrueFigure, width: int, interpolation: int = cv2.INTER_AREA) -> TrueFigure:
    """The figure resized to `width` px, its truth with it (rounded to whole px)."""
    old_h, old_w = figure.image.shape[:2]
    height = max(1, round(old_h * width / old_w))
    image: Image = np.asarray(cv2.resize(figure.image, (width, height), interpolation=interpolation), np.uint8)
    sx, sy = width / old_w, height / old_h

    def fit(box: Box) -> Box:
        return _scaled(box, sx, sy, width, height) or box

    return TrueFigure(
        image,
        tuple(replace(p, box=fit(p.box), label_box=_scaled(p.label_box, sx, sy, width, height)) for p in figure.panels),
        tuple(replace(b, box=fit(b.box), label_box=_scaled(b.label_box, sx, sy, width, height)) for b in figure.bars),
        tuple((what, fit(box)) for what, box in figure.distractors),
    )


def compress(rng: np.random.Generator, image: Image) -> Image:
    """JPEG as publishers' sites serve it, now and then twice; sometimes none."""
    for _ in range(int(rng.choice([0, 1, 1, 1, 2]))):
        quality = int(np.clip(rng.normal(78, 14), 28, 97))
        done, data = cv2.imencode(".jpg", image[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality])
        if done:
            decoded = np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8)
            image = np.ascontiguousarray(decoded[..., ::-1])
    return image


def spoil(rng: np.random.Generator, image: Image) -> Image:
    """Blur, sharpening, gamma, few colours or grey: each seldom, none moves anything."""
    roll = rng.random()
    if roll < 0.10:
        image = np.asarray(cv2.GaussianBlur(image, (0, 0), float(rng.uniform(0.3, 0.9))), np.uint8)
    elif roll < 0.18:
        soft = cv2.GaussianBlur(image, (0, 0), 1.2)
        image = np.asarray(cv2.addWeighted(image, 1.6, soft, -0.6, 0), np.uint8)
    elif roll < 0.23:
        table = np.round(255 * (np.arange(256) / 255) ** float(rng.uniform(0.75, 1.3))).astype(np.uint8)
        image = np.asarray(cv2.LUT(image, table), np.uint8)
    elif roll < 0.25:
        step = int(rng.choice([16, 32]))
        image = np.asarray(np.minimum(255, (image.astype(np.uint16) + step // 2) // step * step), np.uint8)
    elif roll < 0.27:
        grey = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)
        image = np.ascontiguousarray(np.repeat(grey[..., None], 3, axis=2))
    return image


def degrade(rng: np.random.Generator, figure: TrueFigure) -> TrueFigure:
    """The figure as a reader gets it: perhaps smaller or larger, spoilt a little, compressed."""
    width = figure.image.shape[1]
    roll = rng.random()
    if roll < 0.3 and width > 500:
        figure = rescale(
            figure,
            int(width * rng.uniform(0.6, 0.97)),
            int(rng.choice([cv2.INTER_AREA, cv2.INTER_LINEAR, cv2.INTER_CUBIC])),
        )
    elif roll < 0.42 and width < 1300:
        figure = rescale(
            figure, int(width * rng.uniform(1.05, 1.6)), int(rng.choice([cv2.INTER_LINEAR, cv2.INTER_CUBIC]))
        )
    return replace(figure, image=compress(rng, spoil(rng, figure.image)))
