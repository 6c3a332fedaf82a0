"""On published articles: what their JATS says are figures is found in their PDFs, with their captions."""

import difflib
import re
import unicodedata
from functools import cache
from pathlib import Path

import pytest

from exsclaim.sources.jats.jats_article import read_jats
from exsclaim.sources.pdf.article.pdf_article import PdfArticle
from exsclaim.sources.pdf.extraction import extract

PAPERS = {
    "PMC4709698": 5, "PMC7052380": 11, "PMC7058583": 6, "PMC7067258": 4, "PMC7077619": 5, "PMC7198556": 8,
}  # fmt: skip


def letters(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).replace("μ", "u").replace("µ", "u").casefold()
    return re.sub(r"[^a-z0-9]", "", plain)


def number(label: str) -> str:
    return re.sub(r"\D", "", label)


@cache
def read(shared_data: Path, name: str) -> PdfArticle:
    return extract((shared_data / "pdf" / f"{name}.pdf").read_bytes())


@pytest.mark.parametrize(("name", "count"), PAPERS.items())
def test_every_figure_is_found_with_its_caption(shared_data: Path, name: str, count: int) -> None:
    jats = read_jats((shared_data / "jats" / f"{name}.xml").read_bytes(), name)
    pdf = read(shared_data, name)
    assert len(jats.figures) == count
    found = {number(figure.label): figure for figure in pdf.figures if figure.image}
    assert len(pdf.figures) == len(found) == count
    for figure in jats.figures:
        mine = found[number(figure.label)]
        ours, theirs = letters(mine.title + mine.caption), letters(figure.title + figure.caption)
        assert difflib.SequenceMatcher(None, ours, theirs, autojunk=False).ratio() > 0.95, figure.label
    assert pdf.front.doi == jats.doi


def test_signs_that_fonts_name_wrongly_are_put_right(shared_data: Path) -> None:
    """The Royal Society of Chemistry's fonts call a minus \\x01 and a middle dot $."""
    pdf = read(shared_data, "PMC7067258")
    captions = {figure.label: figure.caption for figure in pdf.figures}
    assert "500 mA g⁻¹" in captions["Fig. 4"]
    assert captions["Fig. 2"].startswith("Crystal structure of PCT-1·DMF: (a) Top view")
