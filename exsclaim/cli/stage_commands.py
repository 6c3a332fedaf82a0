"""Single stages on files: `exsclaim separate`, `read-scale`, `captions`, `figures`."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from exsclaim.cli.terminal import (
    complain,
    counted,
    file_to_write,
    files_to_read,
    folder_to_write,
    refuse_inputs,
    say,
    write_json,
    writing_to,
)
from exsclaim.errors import ExsclaimError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_FIGURES_AT_ONCE = 16
"""On a GPU; a CPU gains nothing from more than one."""


def separate(
    images: Annotated[
        list[Path], typer.Argument(help="Figure images: PNG, JPEG, GIF, TIFF, WebP or BMP.", callback=files_to_read)
    ],
    out: Annotated[
        Path, typer.Option(help="EXSCLAIM JSON file to write, keyed by image file name.", callback=file_to_write)
    ],
    overlay: Annotated[
        Path | None,
        typer.Option(help="Folder for copies of the figures with the results drawn in.", callback=folder_to_write),
    ] = None,
    device: Annotated[str, typer.Option(help="auto, cpu or cuda.")] = "auto",
    weights: Annotated[
        Path | None,
        typer.Option(
            help="Folder with your own weights; networks that are not in it use the installed ones.",
            envvar="EXSCLAIM_WEIGHTS",
        ),
    ] = None,
) -> None:
    """Cut figures into panels, with the kind, label and scale of each."""
    _use_device(device)
    _refuse_same_names(images)
    drawn = {path: overlay / f"{path.name}.png" for path in images} if overlay is not None else {}
    refuse_inputs([out], images, "--out")
    refuse_inputs(drawn.values(), images, "--overlay")

    from exsclaim.dataset.pages.exsclaim_json import figure_entry
    from exsclaim.figures.detection.detections import torch_device
    from exsclaim.figures.separation import Separator
    from exsclaim.settings import settings

    at_once = _FIGURES_AT_ONCE if torch_device(settings().device) == "cuda" else 1
    entries: dict[str, Any] = {}
    failures = 0
    separator = Separator(settings().device, weights)
    try:
        for start in range(0, len(images), at_once):
            batch = images[start : start + at_once]
            figures = list(_readable_figures(batch))
            failures += len(batch) - len(figures)
            separated = separator.separate_all([(image, (), path.stem) for path, image in figures])
            for (path, image), panels in zip(figures, separated, strict=True):
                entries[path.name] = figure_entry(panels, figure_name=path.name)
                if path in drawn:
                    from exsclaim.figures.overlay import write_overlay

                    write_overlay(drawn[path], image, panels)
                _say_panels(path, len(panels))
    finally:  # hours of work on many figures are not lost to the one, or to the Ctrl-C, that ended it
        if entries:
            write_json(out, entries)
        if (done := len(entries) + failures) < len(images):
            kept = f"; {out} has their results" if entries else ""
            complain(f"stopped after {done} of {len(images)} images{kept}")
    if failures:
        others = f"the others are in {out}" if entries else "nothing was written"
        complain(f"{failures} of {len(images)} images could not be used; {others}")
        raise typer.Exit(1)


def _readable_figures(paths: list[Path]) -> "Iterator[tuple[Path, NDArray[np.uint8]]]":
    """Yield the images that can be read, each with its path, and complain of the others."""
    from exsclaim.figures.image import read_figure
    from exsclaim.settings import settings

    for path in paths:
        try:
            yield path, read_figure(path, settings().max_image_megapixels)
        except ExsclaimError as error:
            complain(error)


def _say_panels(path: Path, panels: int) -> None:
    """Print how many panels a figure has, and that only the first image of its file was looked at."""
    from exsclaim.figures.image import pictures_in

    said = f"{path.name}: {counted(panels, 'panel')}"
    if (pictures := pictures_in(path)) > 1:
        said += f" in the first of its {pictures} images; save the others as separate files"
    say(said)


def read_scale(
    images: Annotated[
        list[Path],
        typer.Argument(help="Images of one scale label each, cropped with a small margin.", callback=files_to_read),
    ],
    device: Annotated[str, typer.Option(help="auto, cpu or cuda.")] = "auto",
) -> None:
    """Read scale labels; prints one JSON line per image: file, text, nm (null if it is not a length), confidence."""
    _use_device(device)

    from exsclaim.figures.detection.detections import torch_device
    from exsclaim.figures.detection.text_network import SCALE_NAME
    from exsclaim.figures.detection.text_reader import TextReader
    from exsclaim.figures.image import read_image
    from exsclaim.settings import settings

    reader = TextReader.load(torch_device(settings().device), name=SCALE_NAME)
    failures = 0
    for path in images:
        try:
            crop = read_image(path, settings().max_image_megapixels)
        except ExsclaimError as error:
            complain(error)
            failures += 1
            continue
        (label,) = reader.read_scale_labels([crop], loose=True)
        line = {"file": str(path), "text": label.text, "nm": label.length_nm, "confidence": round(label.confidence, 4)}
        typer.echo(json.dumps(line, ensure_ascii=False))
    if failures:
        complain(f"{failures} of {len(images)} images could not be used")
        raise typer.Exit(1)


def captions(
    file: Annotated[
        Path,
        typer.Argument(
            help='JSON {key: {"caption": "..."}}, or JSON Lines (.jsonl) with a {"caption": "..."} per line.',
            callback=files_to_read,
        ),
    ],
    out: Annotated[
        Path,
        typer.Option(
            help="JSON to write: {key: {label: {text, keywords, techniques}}}; JSON Lines for JSON Lines.",
            callback=file_to_write,
        ),
    ],
    term: Annotated[list[str] | None, typer.Option(help="Query term to look for as a keyword; repeatable.")] = None,
) -> None:
    """Split captions into the parts that belong to each panel.

    JSON Lines are streamed, whatever the size of the file: each line of the output has what `exsclaim.captions.split`
    returns, plus the other fields of its input line.
    """
    refuse_inputs([out], [file], "--out")

    from exsclaim.captions.caption_files import split_json, split_lines

    split_file = split_lines if file.suffix.lower() in (".jsonl", ".ndjson") else split_json
    done = split_file(file, out, tuple(term or ()), complain)
    if done.failures:
        complain(f"{done.failures} of {done.captions} captions could not be split; the others are in {out}")
        raise typer.Exit(1)


def figures(
    pdfs: Annotated[list[Path], typer.Argument(help="Articles, as PDF files.", callback=files_to_read)],
    out: Annotated[Path, typer.Option(help="Folder for the images and captions.json.", callback=folder_to_write)],
) -> None:
    """Extract figures and captions from PDFs: an image each, and captions.json, which `exsclaim captions` reads.

    In an existing captions.json the entries of other PDFs are kept.
    """
    _refuse_same_names(pdfs)

    from exsclaim.sources.pdf import read_pdf
    from exsclaim.sources.pdf.article.pdf_article import write_figures

    kept = out / "captions.json"
    _captions_of(kept)  # a file that is not ours is refused before anything is written beside it
    entries: dict[str, Any] = {}
    done = failures = 0
    try:
        for path in pdfs:
            try:
                article = read_pdf(path.read_bytes())
            except (OSError, ExsclaimError) as error:
                complain(f"{path}: {error.strerror if isinstance(error, OSError) else error}")
                failures += 1
                continue
            with writing_to(out):
                entries |= write_figures(article, path.name, out)
            done += 1
            lacking = sum(not figure.image for figure in article.figures)
            said = counted(len(article.figures), "figure")
            said += f", {lacking} of them with a caption but no image" if lacking else ""
            told = [article.damage()] if article.damaged_pages else []
            say("; ".join([f"{path.name}: {said}", *told]))
    finally:  # the images of the PDFs before the one that broke it are there: so are their captions
        if done:
            write_json(kept, _captions_of(kept) | entries)
    if failures:
        others = f"the figures of the others are in {out}" if done else "nothing was written"
        complain(f"{failures} of {len(pdfs)} PDFs could not be read; {others}")
        raise typer.Exit(1)


def _captions_of(kept: Path) -> dict[str, Any]:
    """The figures of earlier calls, which a call adds to; {} where there is no such file."""
    try:
        with writing_to(kept):
            content = json.loads(kept.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        return {}
    except (ValueError, RecursionError) as error:
        raise ExsclaimError(f"{kept}: cannot be extended ({error}); move it away, or choose another --out") from error
    if not isinstance(content, dict):
        raise ExsclaimError(
            f"{kept}: contains a {type(content).__name__}, not an object; move it away, or choose another --out"
        )
    return content


def _use_device(device: str) -> None:
    if device not in ("auto", "cpu", "cuda"):
        raise typer.BadParameter(f"{device!r} is not one of auto, cpu, cuda", param_hint="--device")
    if device != "auto":
        os.environ["EXSCLAIM_DEVICE"] = device  # before the settings are read, once per process


def _refuse_same_names(images: list[Path]) -> None:
    """Entries are keyed by file name: two images with one name would overwrite each other."""
    first: dict[str, Path] = {}
    for path in images:
        other = first.setdefault(path.name, path)
        if other is not path and other == path:
            raise typer.BadParameter(f"{path} is given twice", param_hint="FILES")
        if other is not path:
            raise typer.BadParameter(
                f"{other} and {path} have the same file name, which is the key in the output; "
                "rename one of them, or pass them in separate calls",
                param_hint="FILES",
            )
