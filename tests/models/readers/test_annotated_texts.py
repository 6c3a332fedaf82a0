"""Printed labels of annotated figures: taken where a reader reads what the gold says, and nowhere else."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from exsclaim.figures.detection.bar_and_label_detector import BarAndLabelDetector
from exsclaim.figures.detection.text_reader import TextReader
from exsclaim.records import PanelKind
from models.annotated_figures import AnnotatedBar, AnnotatedFigure, AnnotatedPanel
from models.figures.fonts import pick
from models.readers.annotated_texts import Readers, load, printed_labels, store


@pytest.fixture(scope="module")
def micrograph(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A noisy grey image with a scale bar and "500 nm" above it."""
    noise = np.random.default_rng(0).normal(90, 18, (400, 500))
    grey = cv2.GaussianBlur(noise, (0, 0), 2.0).clip(0, 255).astype(np.uint8)
    picture = Image.fromarray(np.repeat(grey[..., None], 3, axis=2))
    pen = ImageDraw.Draw(picture)
    face = ImageFont.truetype(pick(np.random.default_rng(0), bold=False).path, 24)
    pen.rectangle((360, 370, 470, 376), fill=(255, 255, 255))
    pen.text((375, 338), "500 nm", font=face, fill=(255, 255, 255))
    file = tmp_path_factory.mktemp("figures") / "fig.png"
    picture.save(file)
    return file


def figure(image: Path, text: str, length_nm: float) -> AnnotatedFigure:
    bar = AnnotatedBar((360.0, 370.0, 471.0, 377.0), text, length_nm)
    panel = AnnotatedPanel((0.0, 0.0, 500.0, 400.0), PanelKind.MICROSCOPY, "SEM", nested=False, scale_bars=(bar,))
    return AnnotatedFigure("fig", image, "article", (panel,))


def test_a_label_that_is_read_as_the_gold_has_it_is_stored_with_its_box(micrograph: Path, tmp_path: Path) -> None:
    assert store([figure(micrograph, "500 nm", 500.0)], tmp_path) == 1
    (label,) = load(tmp_path)
    assert label.text == "500nm"
    x0, y0, x1, y1 = label.box
    assert label.tile[y0:y1, x0:x1].max() > 240  # the white print
    assert label.tile.shape[1] > x1 - x0  # and what is around it


def test_a_box_whose_text_is_another_is_left_out(micrograph: Path) -> None:
    readers = Readers(TextReader.load(), None)
    assert printed_labels(figure(micrograph, "200 nm", 200.0), BarAndLabelDetector.load(), readers) == []


def test_a_figure_without_print_is_not_even_opened() -> None:
    empty = AnnotatedFigure("fig", Path("there is none.png"), "article", ())
    assert printed_labels(empty, BarAndLabelDetector.load(), Readers(TextReader.load(), None)) == []
