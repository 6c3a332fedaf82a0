"""One page of a PDF as an image, drawn in a process of its own: `python -m … PAGE < pdf > png`.

PDFium is not thread-safe, and a PDF is a hostile file: one that loops, eats memory or crashes what draws it costs a
figure and not the harvest.
"""

import io
import os
import subprocess
import sys
from pathlib import Path

from exsclaim.errors import ImageError

DPI = 300.0
"""What publishers ask for micrographs; a figure of 17 cm comes out 2000 px wide."""
MIN_SIDE_PX, MAX_SIDE_PX = 600, 6000
"""Pages that are larger or smaller, as they come out of plotting programs, are drawn at another scale."""
TIMEOUT_S = 120.0
MEMORY_BYTES = 4 << 30
_REFUSED = 3


def drawn_page(pdf: bytes, page: int = 1) -> bytes:
    """The page (from 1) on white, as PNG, `DPI` dots per inch of its own size.

    Raises:
        ImageError: it is no PDF, is damaged or encrypted, has no such page, or is not drawn in time.
    """
    path = os.pathsep.join(entry or str(Path.cwd()) for entry in sys.path)
    command = [sys.executable, "-m", "exsclaim.sources.latex.pdf_page", str(page)]
    try:
        done = subprocess.run(
            command, input=pdf, capture_output=True, env=os.environ | {"PYTHONPATH": path}, timeout=TIMEOUT_S,
            check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise ImageError(f"the PDF was not drawn within {TIMEOUT_S:g} s: it is very complex, or made to be") from None
    if done.returncode != 0:
        last = done.stderr.decode("utf-8", "replace").strip().splitlines()[-1:] or [f"status {done.returncode}"]
        raise ImageError(f"the PDF cannot be drawn: {last[0][:200]}")
    return done.stdout


def _serve(page: int) -> int:
    import pypdfium2

    _limit_memory()
    try:
        document = pypdfium2.PdfDocument(sys.stdin.buffer.read())
        if not 1 <= page <= len(document):
            sys.stderr.write(f"it has {len(document)} pages, and no page {page}\n")
            return _REFUSED
        sheet = document[page - 1]
        longest_pt = max(sheet.get_size())
        scale = min(max(DPI / 72, MIN_SIDE_PX / longest_pt), MAX_SIDE_PX / longest_pt)
        image = sheet.render(scale=scale, may_draw_forms=False).to_pil().convert("RGB")
    except (pypdfium2.PdfiumError, ZeroDivisionError, ValueError, MemoryError) as error:
        sys.stderr.write(f"{error}\n")
        return _REFUSED
    file = io.BytesIO()
    image.save(file, "PNG", dpi=(scale * 72, scale * 72))
    sys.stdout.buffer.write(file.getvalue())
    return 0


def _limit_memory() -> None:
    try:
        import resource
    except ImportError:  # not on Windows
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    sys.exit(_serve(int(sys.argv[1])))
