"""Digests of what each reader makes of known inputs, to be compared with those recorded in `readings.json`.

    python -m tests.exsclaim.sources.readings_of [--shared ../shared/data]

records them anew, with the version of each reader; do so when a reader's version was raised, or its inputs changed.
The inputs are those in `readings/`, a PDF that is drawn, and small files of the shared data, where they are.
"""

import argparse
import datetime as dt
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from exsclaim.errors import ExsclaimError
from exsclaim.records import FigureRef
from exsclaim.sources import elsevier_xml
from exsclaim.sources.facts.figure_mentions import of_sections, with_mentions
from exsclaim.sources.html import publisher_pages
from exsclaim.sources.jats import read_jats
from exsclaim.sources.jats.jats_article import with_context
from exsclaim.sources.latex.latex_figures import read_latex
from exsclaim.sources.pdf.extraction import extract
from exsclaim.sources.reader_versions import READER_VERSIONS, Reader
from tests.exsclaim.sources.pdf.paper import Paper, micrograph

HERE = Path(__file__).parent
RECORD = HERE / "readings.json"
DAY = dt.date(2026, 1, 1)
URL = "https://publisher.example/articles/1"


def _html(body: bytes) -> str:
    return publisher_pages.read_page(body, URL, DAY, source="folder").model_dump_json()


def _named(labels: Iterable[str]) -> list[FigureRef]:
    return [
        FigureRef(id=f"x/fig{n}", article_id="x", number=n, label=label, title="", caption="", image_urls=())
        for n, label in enumerate(labels, start=1)
    ]


def _jats(body: bytes) -> str:
    jats = read_jats(body, "article")
    article = jats.record(source="folder", name="x", url=URL, retrieved_at=DAY)
    mentions = with_context(_named(figure.label for figure in jats.figures), jats, article)
    return jats.model_dump_json() + repr(mentions)


def _elsevier(body: bytes) -> str:
    return elsevier_xml.read_article(body, URL, DAY).model_dump_json()


def _latex(body: bytes) -> str:
    document = read_latex({"main.tex": body.decode()})
    figures = _named(figure.label for figure in document.figures) if document else []
    return repr((document, with_mentions(figures, document.paragraphs, "x") if document else ()))


def _pdf(body: bytes) -> str:
    """All but the images, whose bytes are the renderer's, and boxes to the point."""
    article = extract(body)
    figures = [
        (each.label, each.title, each.caption, each.page, [round(at) for at in each.box_pt], each.origin)
        for each in article.figures
    ]
    mentions = with_mentions(_named(each.label for each in article.figures), of_sections(article.sections), "x")
    return repr((article.front, article.pages, figures, article.sections, mentions))


READ: dict[Reader, Callable[[bytes], str]] = {
    "html": _html, "jats": _jats, "elsevier": _elsevier, "latex": _latex, "pdf": _pdf,
}  # fmt: skip
QUICK = (
    "bold_title_two_lines_cell", "caption_runs_on", "double_spaced_caption", "figure_dot_number",
    "labels_under_left_out", "panel_letter_left_out", "supporting_list_as_figures", "text_in_figure_bars",
    "ticks_as_text_arxiv", "um_as_mm_ijsem",
)  # fmt: skip
"""PDFs that are read within half a second."""
OWN = {"html": "page.html", "jats": "article.jats.xml", "elsevier": "elsevier.xml", "latex": "main.tex"}
SHARED = {
    "html": ("cases/sources/*.html", "journals/modern/*.html"), "jats": ("cases/sources/*.xml", "jats/*.xml"),
    "elsevier": ("journals/elsevier/*.xml",), "latex": ("cases/sources/*.tex",),
    "pdf": tuple(f"cases/pdf/{name}.pdf" for name in QUICK),
}  # fmt: skip


def paper() -> bytes:
    """Two columns, an image and a graph with captions, and text that names them."""
    made = Paper({"Title": "Growth of silver on strontium titanate"})
    page = made.sheet()
    page.text(50, 60, "Growth of silver on strontium titanate", 16, "bold")
    page.prose(50, 100, 20)
    page.image(50, 400, 280, 560, micrograph(160, 230))
    page.block(50, 575, ["Figure 1. Silver as grown, seen by SEM.", "(a) Before and (b) after annealing."], 8)
    page.prose(310, 100, 30, seed=2)
    page.curve(310, 450, 540, 600)
    page.block(310, 615, ["Figure 2. Spectra of both at 4 K."], 8)
    return made.bytes()


def inputs(reader: Reader, shared: Path | None) -> Iterator[tuple[str, bytes]]:
    """The name and the bytes of each input: the repository's own, or those of the shared data."""
    if shared is None:
        yield ("paper", paper()) if reader == "pdf" else (OWN[reader], (HERE / "readings" / OWN[reader]).read_bytes())
        return
    for pattern in SHARED[reader]:
        for path in sorted(shared.glob(pattern)):
            yield path.name, path.read_bytes()


def readings(reader: Reader, shared: Path | None = None) -> dict[str, str]:
    """The digest of what the reader makes of each input, by its name."""
    made = {}
    for name, body in inputs(reader, shared):
        try:
            text = READ[reader](body)
        except ExsclaimError as error:
            text = type(error).__name__
        made[name] = hashlib.sha256(text.encode()).hexdigest()[:16]
    return made


def recorded() -> dict[str, Any]:
    """Per reader: its version, and the digests of `own` and `shared` inputs made with it."""
    return dict(json.loads(RECORD.read_text()))


def main() -> None:
    """Record the readings of today."""
    parser = argparse.ArgumentParser(description="Record what the readers make of known inputs.")
    parser.add_argument("--shared", type=Path, default=Path("../shared/data"), help="the shared real data")
    shared = parser.parse_args().shared
    if not shared.is_dir():
        parser.error(f"{shared} is no folder; their readings would be lost")
    made = {
        reader: {"version": version, "own": readings(reader), "shared": readings(reader, shared)}
        for reader, version in READER_VERSIONS.items()
    }
    RECORD.write_text(json.dumps(made, indent=1) + "\n")


if __name__ == "__main__":
    main()
