"""Reading a PDF in a process of its own, with a limit on time and memory.

PDFium is not thread-safe, and a PDF is a hostile file: one that loops, eats memory or crashes the reader must cost a
harvest that article and no more (docs/decisions/0016-pdf-process.md).
"""

import json
import logging
import os
import subprocess
import sys
import tempfile
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from exsclaim.errors import PdfError
from exsclaim.sources.pdf.articles import FrontMatter, PdfArticle, PdfFigure

log = logging.getLogger(__name__)

MAX_BYTES = 500_000_000
TIMEOUT_S = 300.0
MEMORY_BYTES = 4 << 30
"""Address space of the reading process, where the system can limit it (not on Windows)."""

_ARTICLE, _PDF = "article.json", "article.pdf"
_FAILED = 3


def read_pdf(body: bytes, *, timeout_s: float = TIMEOUT_S) -> PdfArticle:
    """The figures of a PDF with their captions and images, and what the PDF says of itself.

    May be called from many threads: each call starts a process.

    Raises:
        PdfError: not a PDF, damaged, encrypted, a scan without text, too large, or not read within `timeout_s`
            and `MEMORY_BYTES`.
    """
    if len(body) > MAX_BYTES:
        raise PdfError(
            f"the PDF has {len(body) / 1e6:.0f} MB, more than {MAX_BYTES / 1e6:.0f}: give its articles one by one"
        )
    with tempfile.TemporaryDirectory(prefix="exsclaim-pdf-") as name:
        folder = Path(name)
        (folder / _PDF).write_bytes(body)
        path = os.pathsep.join(entry or str(Path.cwd()) for entry in sys.path)
        environment = os.environ | {"PYTHONPATH": path, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
        command = [sys.executable, "-m", "exsclaim.sources.pdf", name]
        try:
            done = subprocess.run(command, env=environment, capture_output=True, timeout=timeout_s, check=False)
        except subprocess.TimeoutExpired:
            raise PdfError(
                f"the PDF could not be read within {timeout_s:g} s: it is very complex, or made to be"
            ) from None
        if done.returncode not in (0, _FAILED) or not (folder / _ARTICLE).is_file():
            last = done.stderr.decode("utf-8", "replace").strip().splitlines()[-1:] or ["no message"]
            cause = (
                "ran out of memory" if "MemoryError" in last[0] else f"ended with status {done.returncode}: {last[0]}"
            )
            raise PdfError(f"the PDF broke its reader ({cause[:300]})")
        content = json.loads((folder / _ARTICLE).read_text(encoding="utf-8"))
        if done.returncode == _FAILED:
            raise PdfError(content["error"])
        return _unpacked(content, folder)


def serve(folder: Path) -> int:
    """The work of the process: read `article.pdf` in a folder, and write there what was found. Its exit status."""
    _limit_memory()
    from exsclaim.sources.pdf.document import extract  # PDFium is loaded in this process alone

    try:
        article = extract((folder / _PDF).read_bytes())
    except PdfError as error:
        (folder / _ARTICLE).write_text(json.dumps({"error": str(error)}), encoding="utf-8")
        return _FAILED
    content = asdict(article)
    for number, figure in enumerate(content["figures"]):
        (folder / f"figure-{number}").write_bytes(figure.pop("image"))
    (folder / _ARTICLE).write_text(json.dumps(content, default=str), encoding="utf-8")
    return 0


def _unpacked(content: dict[str, Any], folder: Path) -> PdfArticle:
    front = content["front"]
    published = date.fromisoformat(front["published"]) if front["published"] else None
    figures = tuple(
        PdfFigure(**(fields | {"box_pt": tuple(fields["box_pt"]), "image": (folder / f"figure-{number}").read_bytes()}))
        for number, fields in enumerate(content["figures"])
    )
    return PdfArticle(
        FrontMatter(**(front | {"authors": tuple(front["authors"]), "published": published})), content["pages"], figures
    )


def _limit_memory() -> None:
    try:
        import resource
    except ImportError:  # not on Windows
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
