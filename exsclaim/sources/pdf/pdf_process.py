"""Reading and drawing PDFs in a process of their own, with a limit on processor time and memory.

PDFium is not thread-safe, and a PDF is a hostile file: one that loops, eats memory or crashes what reads it must cost
a harvest that article or figure and no more (docs/decisions/0016-pdf-process.md). The limit is on processor time, not
on the clock: on a busy machine a long thesis takes longer, and is still read.
"""

import io
import json
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from exsclaim.errors import ImageError, PdfError
from exsclaim.sources.facts.publication_facts import PublicationDate
from exsclaim.sources.pdf import reader_processes
from exsclaim.sources.pdf.article.pdf_article import FrontMatter, PdfArticle, PdfFigure

MAX_BYTES = 500_000_000
READING_S, DRAWING_S = 300.0, 120.0
"""Seconds of processor time for a PDF, and for one page that is drawn."""
_CLOCK_PER_PROCESSOR_S = 20.0
"""By the clock a process may take so many times its processor time before it is given up for stuck."""
MEMORY_BYTES = 4 << 30
"""Address space of the process, where the system can limit it (not on Windows)."""
PAGE_DPI = 300.0
"""Resolution that publishers ask for micrographs; a figure of 17 cm comes out 2000 px wide."""
MIN_SIDE_PX, MAX_SIDE_PX = 600, 6000
"""Pages that are larger or smaller, as they come out of plotting programs, are drawn at another scale."""

ONLY_PAGE = 0
"""The page of a PDF that is the image of a figure: one with more pages is not one image."""

_PDF, _ANSWER, _PAGE_IMAGE = "article.pdf", "answer.json", "page.png"
_REFUSED = 3


class _BrokenError(Exception):
    """The process ended without an answer."""


def read_pdf(body: bytes, *, processor_s: float = READING_S) -> PdfArticle:
    """The figures of a PDF with captions and images, its running text, and its metadata.

    Each PDF is read in a process of its own; calls from several threads are safe.

    >>> read_pdf(b"<html>")
    Traceback (most recent call last):
    exsclaim.errors.PdfError: not a PDF (it begins with b'<html>')

    Raises:
        PdfError: not a PDF, damaged, encrypted, a scan without text, too large, or it takes more than `processor_s`
            seconds of processor time or `MEMORY_BYTES` of memory.
        TypeError: `body` is not bytes; a path, say.
    """
    if not isinstance(body, bytes):
        raise TypeError(
            f"a PDF is read from its bytes, not from {type(body).__name__}: pathlib.Path(file).read_bytes()"
        )
    if len(body) > MAX_BYTES:
        raise PdfError(
            f"the PDF has {len(body) / 1e6:.0f} MB, more than {MAX_BYTES / 1e6:.0f}: give its articles one by one"
        )
    try:
        with _answered(body, "read", processor_s) as (answer, folder):
            if "error" in answer:
                raise PdfError(answer["error"])
            return _unpacked(answer, folder)
    except _BrokenError as error:
        raise PdfError(f"the PDF broke its reader ({error})") from error


def is_pdf(body: bytes) -> bool:
    """True if a file begins as a PDF does; white space may stand before that."""
    return body[:1024].lstrip().startswith(b"%PDF-")


def drawn_page(pdf: bytes, page: int = 1, *, processor_s: float = DRAWING_S) -> bytes:
    """A page (from 1, or `ONLY_PAGE`) on white, as PNG, `PAGE_DPI` dots per inch of its own size.

    Raises:
        ImageError: it is no PDF, is damaged or encrypted, has no such page, or is not drawn in time.
    """
    try:
        with _answered(pdf, "draw", processor_s, page) as (answer, folder):
            if "error" in answer:
                raise ImageError(f"the PDF cannot be drawn: {answer['error']}")
            return (folder / _PAGE_IMAGE).read_bytes()
    except _BrokenError as error:
        raise ImageError(f"the PDF cannot be drawn: {error}") from error


@contextmanager
def _answered(body: bytes, task: str, processor_s: float, page: int = 1) -> Iterator[tuple[dict[str, Any], Path]]:
    """The answer of a process to a task, and the folder in which its files are while the context lasts."""
    with tempfile.TemporaryDirectory(prefix="exsclaim-pdf-") as name:
        folder = Path(name)
        (folder / _PDF).write_bytes(body)
        too_long = f"it needed more than {processor_s:g} s of processor time: it is very complex, or made to be"
        clock_s = processor_s * _CLOCK_PER_PROCESSOR_S if sys.platform != "win32" else processor_s
        try:
            status = reader_processes.run(folder, processor_s, task, page, clock_s=clock_s)
        except BrokenPipeError as error:
            raise _BrokenError(str(error)) from error
        if status is None:
            raise _BrokenError(too_long)
        if sys.platform != "win32" and -status in (signal.SIGXCPU, signal.SIGKILL):
            raise _BrokenError(too_long if status == -signal.SIGXCPU else "it was killed, for want of memory")
        if status < 0:
            raise _BrokenError(f"it crashed ({_name_of(-status)}), for want of memory or by a fault of PDFium")
        if status not in (0, _REFUSED) or not (folder / _ANSWER).is_file():
            errors = folder / reader_processes.ERRORS
            said = errors.read_text(encoding="utf-8", errors="replace").strip() if errors.is_file() else ""
            last = said.splitlines()[-1:] or ["no message"]
            raise _BrokenError(
                "it ran out of memory" if "MemoryError" in last[0] else f"status {status}: {last[0][:250]}"
            )
        yield json.loads((folder / _ANSWER).read_text(encoding="utf-8")), folder


def _name_of(number: int) -> str:
    """Name of a signal: 6 is SIGABRT, which PDFium gives itself where it gets no memory."""
    return signal.Signals(number).name if number in set(signal.Signals) else f"signal {number}"


def serve(folder: Path, processor_s: float, task: str, page: int = 1) -> int:
    """The work of the process: read or draw `article.pdf` in a folder, and answer there. Its exit status."""
    _limit_resources(processor_s)
    body = (folder / _PDF).read_bytes()
    try:
        answer = _read(body, folder) if task == "read" else _draw(body, page, folder)
    except (PdfError, ImageError) as error:
        answer = {"error": str(error)}
    # a figure's text is written as ASCII, so that no letter of a broken font can break the answer
    (folder / _ANSWER).write_text(json.dumps(answer, default=str), encoding="ascii")
    return _REFUSED if "error" in answer else 0


def _read(body: bytes, folder: Path) -> dict[str, Any]:
    from exsclaim.sources.pdf.extraction import extract  # PDFium is loaded in this process alone

    content = asdict(extract(body))
    for number, figure in enumerate(content["figures"]):
        (folder / f"figure-{number}").write_bytes(figure.pop("image"))
    return content


def _draw(body: bytes, page: int, folder: Path) -> dict[str, Any]:
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(body)
        if page == ONLY_PAGE and len(document) != 1:
            raise ImageError(f"it has {len(document)} pages, and the image of a figure is one")
        page = page or 1
        if not 1 <= page <= len(document):
            raise ImageError(f"it has {len(document)} pages, and no page {page}")
        sheet = document[page - 1]
        longest_pt = max(sheet.get_size())
        scale = min(max(PAGE_DPI / 72, MIN_SIDE_PX / longest_pt), MAX_SIDE_PX / longest_pt)
        image = sheet.render(scale=scale, may_draw_forms=False).to_pil().convert("RGB")
    except (pypdfium2.PdfiumError, ZeroDivisionError, ValueError, MemoryError) as error:
        raise ImageError(str(error)) from error
    file = io.BytesIO()
    image.save(file, "PNG", dpi=(scale * 72, scale * 72))
    (folder / _PAGE_IMAGE).write_bytes(file.getvalue())
    return {}


def _unpacked(content: dict[str, Any], folder: Path) -> PdfArticle:
    front = content["front"]
    stated = front["published"]
    published = PublicationDate(date.fromisoformat(stated[0]), stated[1]) if stated else None
    figures = tuple(
        PdfFigure(**(fields | {"box_pt": tuple(fields["box_pt"]), "image": (folder / f"figure-{number}").read_bytes()}))
        for number, fields in enumerate(content["figures"])
    )
    return PdfArticle(
        FrontMatter(**(front | {"authors": tuple(front["authors"]), "published": published})),
        content["pages"],
        figures,
        tuple((title, text) for title, text in content["sections"]),
        tuple(content["damaged_pages"]),
        tuple(content["doubts"]),
    )


def _limit_resources(processor_s: float) -> None:
    try:
        import resource
    except ImportError:  # not on Windows
        return
    seconds = max(1, round(processor_s))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 5))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
