"""Stages of `benchmark`: the library on gold, with the weights of harvests. Never cached: what is now is scored."""

import time
from pathlib import Path

from prefect import task

from exsclaim.captions import split
from exsclaim.dataset.pages.exsclaim_json import figure_entry
from exsclaim.figures import separate
from exsclaim.figures.image import read_image
from exsclaim.quality import FoundFigure
from exsclaim.records import CaptionParts
from exsclaim.settings import settings


@task(task_run_name="separate {image.name}", persist_result=False)
def separate_file(image: Path) -> tuple[FoundFigure, float]:
    """Separate an image file without a caption's help, by way of EXSCLAIM JSON as a user gets it.

    Gives what was found, and the seconds that it took (reading the file left out).
    """
    pixels = read_image(image, settings().max_image_megapixels)
    began = time.perf_counter()
    panels = separate(pixels, device=settings().device, weights=settings().weights)
    seconds = time.perf_counter() - began
    return FoundFigure.from_entry(figure_entry(panels, figure_name=image.name)), seconds


@task(task_run_name="split captions", persist_result=False)
def split_all(captions: dict[str, str]) -> dict[str, CaptionParts]:
    """Caption name -> its parts."""
    return {name: split(caption) for name, caption in captions.items()}
