"""The text around the figures: sentences in reading order with their sections, for mentions of figures."""

from pathlib import Path

from exsclaim.sources.pdf import figure_refs
from exsclaim.sources.pdf.article.pdf_article import PdfArticle
from exsclaim.sources.pdf.extraction import extract
from exsclaim.store import Store
from tests.exsclaim.sources.pdf.paper import Paper, Sheet, micrograph


def paragraph(sheet: Sheet, x: float, y: float, sentences: list[str]) -> float:
    """Sentences set in lines of at most 43 letters."""
    lines = [""]
    for word in " ".join(sentences).split():
        if len(lines[-1]) + len(word) < 43:
            lines[-1] = f"{lines[-1]} {word}".strip()
        else:
            lines.append(word)
    return sheet.block(x, y, lines, 9)


LEFT = [
    "Silver particles were grown in a bath of oil.", "Their size is shown in Fig. 1a and in no other place.",
    "The lattice of all of the particles did not change.",
]  # fmt: skip
RIGHT = ["After a day the particles had grown (Figures 1b and 3).", "No other change was seen in any of the samples."]


def article() -> PdfArticle:
    paper = Paper()
    sheet = paper.sheet()
    sheet.prose(50, 80, 4, letters=43, seed=5)
    sheet.text(50, 150, "2. Growth of the particles", 10, "bold")
    paragraph(sheet, 50, 165, LEFT)
    sheet.image(50, 260, 285, 420, micrograph(320, 470))
    sheet.text(50, 434, "Figure 1. Grown particles, as Fig. 9 of the caption says.", 7.5, "sans")
    sheet.prose(50, 470, 20, letters=43)
    y = paragraph(sheet, 310, 80, RIGHT)
    sheet.text(310, y + 20, "References", 10, "bold")
    paragraph(sheet, 310, y + 36, ["1. Someone, Particles in Fig. 7 of a book that was read by many, 1999."])
    return extract(paper.bytes())


def test_sentences_come_in_reading_order_with_the_titles_of_their_sections() -> None:
    found = list(article().sentences())
    grown = [sentence for title, sentence in found if title == "2. Growth of the particles"]
    assert grown[:3] == LEFT
    assert grown[-2:] == RIGHT
    assert found[0][0] is None


def test_captions_and_references_are_no_running_text() -> None:
    text = " ".join(sentence for _, sentence in article().sentences())
    assert "caption says" not in text
    assert "Someone" not in text


def test_a_figure_that_the_text_names_and_no_caption_tells_of_is_a_figure_without_an_image(tmp_path: Path) -> None:
    paper = Paper()
    for number in (1, 3):
        sheet = paper.sheet()
        paragraph(sheet, 60, 80, [f"Particles are shown in Figs. 1 and {number}.", "They are compared in Figure 2."])
        sheet.image(60, 220, 260, 370, micrograph(300, 400, seed=number))
        sheet.text(60, 385, f"Figure {number}. Grown particles.", 7.5, "sans")
        sheet.prose(60, 430, 12)
    pdf = extract(paper.bytes())
    refs = figure_refs(pdf, "folder/silver", "CC-BY-4.0", "silver.pdf", Store(tmp_path))
    assert [(ref.label, bool(ref.image_sha256)) for ref in refs] == [
        ("Figure 1", True), ("Figure 3", True), ("Figure 2", False),
    ]  # fmt: skip
    assert "Particles are shown in Figs. 1 and 3." in [mention.sentence for mention in refs[1].mentions]


def test_mentions_of_panels_come_from_the_text_of_a_pdf(tmp_path: Path) -> None:
    pdf = article()
    (ref,) = (
        ref
        for ref in figure_refs(pdf, "folder/silver", "CC-BY-4.0", "s.pdf", Store(tmp_path))
        if ref.label == "Figure 1"
    )
    assert [(mention.section, mention.panels, mention.sentence) for mention in ref.mentions] == [
        ("2. Growth of the particles", ("a",), LEFT[1]), ("2. Growth of the particles", ("b",), RIGHT[0]),
    ]  # fmt: skip


def test_an_l_that_was_recognised_for_a_one_names_the_first_figure() -> None:
    paper = Paper()
    sheet = paper.sheet()
    paragraph(sheet, 50, 80, ["Traits divide the groups (Fig. la and Fig. lb).", "The rest is in Figure l."])
    paragraph(sheet, 50, 120, ["Fig. law is no figure, nor is l an index of any."] * 8)
    said = " ".join(sentence for _, sentence in extract(paper.bytes()).sentences())
    assert "(Fig. 1a and Fig. 1b)" in said
    assert "Figure 1." in said
    assert "Fig. law" in said
    assert "nor is l an index" in said
