"""Alterations of a panel's picture when it is learned from: what detectors, scans, printers and publishers do to it."""

import random

import cv2
import numpy as np
from numpy.typing import NDArray

from exsclaim.figures.detection.kind_classifier import cut, padded
from exsclaim.geometry import Box
from exsclaim.records import PanelKind
from models.kinds.kind_crops import PanelPicture

_JITTER = 0.03
"""Standard deviation of a side's place, as a share of the panel's."""
_TURNED = frozenset({PanelKind.MICROSCOPY, PanelKind.DIFFRACTION})
"""Kinds whose pictures look like themselves however they are turned."""
_MIRRORED = _TURNED | {PanelKind.PHOTO, PanelKind.MEDICAL, PanelKind.GEL}
_FREELY_COLOURED = frozenset({PanelKind.GRAPH, PanelKind.ILLUSTRATION, PanelKind.TABLE})


def altered(picture: PanelPicture, side_px: int, rng: random.Random) -> NDArray[np.uint8]:
    """A square `(side_px, side_px, 3)` with the panel: its box a little off, other colours, sharpness, compression."""
    crop = cut(picture.image, _jittered(picture.box, rng))
    if rng.random() < 0.35:
        crop = _part(crop, 0.45 if picture.kind in _MIRRORED else 0.75, rng)
    if rng.random() < 0.3:
        crop = _stretched(crop, rng)
    if picture.kind in _MIRRORED and rng.random() < 0.4:
        crop = crop[:, ::-1]
    if picture.kind in _TURNED and rng.random() < 0.3:
        crop = np.rot90(crop, rng.choice((1, 2, 3)))
    crop = np.ascontiguousarray(crop)
    if rng.random() < 0.3:
        crop = _coarser(crop, rng.uniform(0.3, 0.9))
    crop = _recoloured(crop, picture.kind, rng)
    if rng.random() < 0.2:
        crop = _covered(crop, rng)
    if rng.random() < 0.1:
        crop = np.asarray(cv2.GaussianBlur(crop, (0, 0), rng.uniform(0.4, 1.1)), np.uint8)
    if rng.random() < 0.35:
        form, setting = rng.choice(((".jpg", cv2.IMWRITE_JPEG_QUALITY), (".webp", cv2.IMWRITE_WEBP_QUALITY)))
        _, data = cv2.imencode(form, crop, [setting, rng.randint(25, 92)])
        crop = np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8)
    return padded(crop, side_px)


def _jittered(box: tuple[float, float, float, float], rng: random.Random) -> Box:
    x0, y0, x1, y1 = box
    spread = _JITTER * (3 if rng.random() < 0.12 else 1)  # now and then a box that is hardly the panel's
    across, down = (x1 - x0) * spread, (y1 - y0) * spread
    left, top = x0 + rng.gauss(0, across), y0 + rng.gauss(0, down)
    right, bottom = x1 + rng.gauss(0, across), y1 + rng.gauss(0, down)
    return Box.of((left, top, max(left + 4, right), max(top + 4, bottom)))


def _part(crop: NDArray[np.uint8], least: float, rng: random.Random) -> NDArray[np.uint8]:
    """A part of a panel, which still shows what it is: at least this share of each side."""
    height, width = crop.shape[:2]
    across, down = max(4, round(width * rng.uniform(least, 1))), max(4, round(height * rng.uniform(least, 1)))
    left, top = rng.randint(0, max(0, width - across)), rng.randint(0, max(0, height - down))
    return crop[top : top + down, left : left + across]


def _covered(crop: NDArray[np.uint8], rng: random.Random) -> NDArray[np.uint8]:
    """The picture with a plain rectangle over a part of it, as a legend, an inset or a strip would be."""
    height, width = crop.shape[:2]
    across, down = max(1, round(width * rng.uniform(0.1, 0.5))), max(1, round(height * rng.uniform(0.1, 0.5)))
    left, top = rng.randint(0, width - across), rng.randint(0, height - down)
    crop = crop.copy()
    crop[top : top + down, left : left + across] = rng.choice((0, 255, rng.randint(0, 255)))
    return crop


def _stretched(crop: NDArray[np.uint8], rng: random.Random) -> NDArray[np.uint8]:
    height, width = crop.shape[:2]
    size = (max(4, round(width * rng.uniform(0.75, 1.3))), height)
    return np.asarray(cv2.resize(crop, size, interpolation=cv2.INTER_AREA), np.uint8)


def _coarser(crop: NDArray[np.uint8], share: float) -> NDArray[np.uint8]:
    height, width = crop.shape[:2]
    size = (max(8, round(width * share)), max(8, round(height * share)))
    return np.asarray(cv2.resize(crop, size, interpolation=cv2.INTER_AREA), np.uint8)


def _recoloured(crop: NDArray[np.uint8], kind: PanelKind, rng: random.Random) -> NDArray[np.uint8]:
    if rng.random() < 0.12:
        crop = np.asarray(cv2.cvtColor(cv2.cvtColor(crop, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB), np.uint8)
    elif kind in _FREELY_COLOURED and rng.random() < 0.15:
        order = [0, 1, 2]
        rng.shuffle(order)
        crop = np.ascontiguousarray(crop[..., order])
    if rng.random() < 0.4:
        gamma, gain = rng.uniform(0.7, 1.4), rng.uniform(0.8, 1.0)
        table = (255 * gain * (np.arange(256) / 255) ** gamma).clip(0, 255).astype(np.uint8)
        crop = np.asarray(cv2.LUT(crop, table), np.uint8)
    if kind in _FREELY_COLOURED and rng.random() < 0.02:
        crop = 255 - crop
    return crop
