"""Captions in PDFs: where they begin and end, and how they read."""

import re

import pytest

from exsclaim.sources.pdf.article.pdf_article import PdfFigure
from exsclaim.sources.pdf.extraction import extract
from tests.exsclaim.sources.pdf.paper import Paper, Sheet, flush, micrograph


def figures(paper: Paper) -> tuple[PdfFigure, ...]:
    return extract(paper.bytes()).figures


def with_figure(paper: Paper, seed: int = 0) -> Sheet:
    """A page with running text, an image from 200 to 350, and room for a caption under it."""
    sheet = paper.sheet()
    sheet.prose(60, 80, 8, letters=88)
    sheet.image(60, 200, 300, 350, micrograph(300, 480, seed))
    sheet.prose(60, 480, 10, letters=88)
    return sheet


@pytest.mark.parametrize(
    ("line", "label", "caption"),
    [
        ("Figure 1. Grown particles.", "Figure 1", "Grown particles."),
        ("Figure 1: Grown particles.", "Figure 1", "Grown particles."),
        ("Figure. 1: Grown particles.", "Figure. 1", "Grown particles."),
        ("FIGURE 1 | Grown particles.", "FIGURE 1", "Grown particles."),
        ("Fig. 1 | Grown particles.", "Fig. 1", "Grown particles."),
        ("FIG. 1. Grown particles.", "FIG. 1", "Grown particles."),
        ("Fig. 1 (a) Grown particles.", "Fig. 1", "(a) Grown particles."),
        ("Fig 12 Grown particles.", "Fig 12", "Grown particles."),
        ("Scheme 1. Growth.", "Scheme 1", "Growth."),
        ("Chart 2. Compounds.", "Chart 2", "Compounds."),
        ("Figure S3. Grown particles.", "Figure S3", "Grown particles."),
        ("Figure 2.3: Grown particles.", "Figure 2.3", "Grown particles."),
        ("Extended Data Fig. 2 | Grown particles.", "Extended Data Fig. 2", "Grown particles."),
        ("Supplementary Figure 4. Grown particles.", "Supplementary Figure 4", "Grown particles."),
        ("Fig. A1. Grown particles.", "Fig. A1", "Grown particles."),
        ("SFIG. 1. Grown particles.", "SFIG. 1", "Grown particles."),
        ("SFigure 2: Grown particles.", "SFigure 2", "Grown particles."),
        ("Abb. 3: Gewachsene Teilchen.", "Abb. 3", "Gewachsene Teilchen."),
        ("Figure-2: Grown particles.", "Figure-2", "Grown particles."),
        ("Fig. 2a-d Grown particles.", "Fig. 2", "a-d Grown particles."),
        ("[Table/Fig-2]: Grown particles.", "Fig-2", "Grown particles."),
    ],
)
def test_a_caption_is_known_by_its_label(line: str, label: str, caption: str) -> None:
    paper = Paper()
    with_figure(paper).text(60, 364, line, 7.5, "sans")
    (figure,) = figures(paper)
    assert (figure.label, figure.title, figure.caption) == (label, "", caption)
    assert figure.image


@pytest.mark.parametrize(
    "sentence",
    [
        "Figure 1 shows that all of the particles",
        "Fig. 1a and b show the particles at first",
        "Figure 1a-d shows the particles at first",
        "Fig. 1a-c are those of the other samples",
        "Figure 1, in which the particles were set",
        "Figure 1) and the particles that we found",
        "Fig. 1 is the sum of all of the particles",
        "Fig. 1 A shows the particles of the first",
        "Figure 1 of the report that was published",
    ],
)
def test_a_sentence_that_begins_with_a_figure_is_no_caption(sentence: str) -> None:
    paper = Paper()
    sheet = with_figure(paper)
    sheet.text(60, 364, "Figure 1. Grown particles.", 7.5, "sans")
    sheet.block(60, 400, [sentence.ljust(88, "s"), "as was said before in the text.".ljust(88, "s")])
    (figure,) = figures(paper)
    assert figure.caption == "Grown particles."


@pytest.mark.parametrize(
    "sentence",
    [
        "Fig. 1D. The result of the measurement is shown",
        "Figure 1e. Cracks are a direct result of strain",
        "Fig. 1b: the growth of silver particles slows",
        "FIG. 1A. It can be observed that the peak moves",
        "Figure 1c. -d, which shows an overall increase",
    ],
)
def test_the_end_of_a_sentence_that_names_a_panel_is_no_caption(sentence: str) -> None:
    paper = Paper()
    sheet = with_figure(paper)
    sheet.text(60, 364, "Figure 1. Grown particles.", 7.5, "sans")
    paper.sheet().block(60, 100, ["as the rods are shown in".ljust(88, "s"), sentence.ljust(88, "s"), "and more. " * 8])
    (figure,) = figures(paper)
    assert figure.caption == "Grown particles."


def test_a_figure_whose_parts_have_captions_of_their_own_keeps_them() -> None:
    paper = Paper()
    for seed, label in enumerate(("Figure 1a. Rods.", "Figure 1b. Wires.")):
        with_figure(paper, seed).text(60, 364, label, 7.5, "sans")
    assert [figure.label for figure in figures(paper)] == ["Figure 1a", "Figure 1b"]


@pytest.mark.parametrize("font", ["body", "bold"])
def test_a_figure_named_at_the_start_of_a_line_of_running_text_is_no_caption(font: str) -> None:
    """ "... as can be seen in / Figure 2. The particles ..." reads like a caption but for the line above it."""
    paper = Paper()
    sheet = with_figure(paper)
    sheet.text(60, 364, "Figure 1. Grown particles.", 7.5, "sans")
    y = sheet.prose(60, 700, 3, letters=88)
    y = sheet.block(60, y, ["the lattice did not change as can be seen in the image that is shown with all others in"])
    sheet.text(60, y, "Figure 2.", font=font)
    sheet.text(60 + 10 * 5.4, y, "The particles were then set apart from the others and from the bath as s")
    sheet.prose(60, y + 11.25, 3, letters=82)
    assert [figure.label for figure in figures(paper)] == ["Figure 1"]


def test_words_broken_at_line_ends_are_mended() -> None:
    paper = Paper()
    sheet = with_figure(paper)
    sheet.text(
        60, 80 + 9 * 11.25, "The two-phase state of the nanoparticles was seen in all of the samples that we had."
    )
    lines = [
        "Figure 1. Images of the nano-", "particles in the two-", "phase state, near the sur-", "face of the Ag-",
        "Cu bath, at 20-", "30 K.",
    ]  # fmt: skip
    sheet.block(60, 364, lines, 7.5, "sans")
    (figure,) = figures(paper)
    assert figure.caption == (
        "Images of the nanoparticles in the two-phase state, near the surface of the Ag-Cu bath, at 20-30 K."
    )


def test_raised_and_lowered_letters_stay_readable() -> None:
    paper = Paper()
    sheet = with_figure(paper)
    sheet.text(60, 364, "Figure 1. Growth of Fe", 8, "body")
    x = 60 + 22 * 4.8
    for text, size, rise in [
        ("2", 5, -2),
        ("O", 8, 0),
        ("3", 5, -2),
        (" at 5 cm", 8, 0),
        ("-1", 5, 3),
        (" and 3 \xb5m.", 8, 0),
    ]:
        sheet.text(x, 364 - rise, text, size, "body")
        x += 0.6 * size * len(text)
    (figure,) = figures(paper)
    assert figure.caption == "Growth of Fe₂O₃ at 5 cm⁻¹ and 3 µm."


def test_a_bold_lead_is_the_title() -> None:
    paper = Paper()
    sheet = with_figure(paper)
    sheet.text(60, 364, "Figure 1 | Growth of silver particles.", 8, "bold")
    sheet.text(60 + 39 * 4.8, 364, "All of them were seen after", 8, "body")
    sheet.text(60, 374, "an hour (a) and a day (b).", 8, "body")
    (figure,) = figures(paper)
    assert figure.title == "Growth of silver particles."
    assert figure.caption == "All of them were seen after an hour (a) and a day (b)."


def test_a_caption_ends_where_the_running_text_begins() -> None:
    paper = Paper()
    sheet = paper.sheet()
    sheet.image(60, 100, 300, 250, micrograph(300, 480))
    y = sheet.block(60, 264, ["Figure 1. Grown particles seen from", "above."], 8, "body")
    sheet.prose(60, y + 12, 10, letters=46)
    (figure,) = figures(paper)
    assert figure.caption == "Grown particles seen from above."


def test_a_caption_may_be_set_in_two_columns() -> None:
    paper = Paper()
    sheet = paper.sheet()
    sheet.image(50, 80, 545, 300, micrograph(220, 495))
    sheet.block(
        50,
        314,
        ["Figure 1. Particles that were grown at 300 K on", "the surface of the bath, seen (a) from above and"],
        7.5,
        "sans",
    )
    sheet.block(310, 314, ["(b) from the side. Scale bars, 50 nm in (a) and", "20 nm in (b)."], 7.5, "sans")
    sheet.prose(50, 360, 10, letters=43)
    sheet.prose(310, 360, 10, letters=43, seed=4)
    (figure,) = figures(paper)
    assert figure.caption == (
        "Particles that were grown at 300 K on the surface of the bath, seen (a) from above and (b) from the side. "
        "Scale bars, 50 nm in (a) and 20 nm in (b)."
    )


def test_a_caption_may_go_on_on_the_next_page() -> None:
    paper = Paper()
    sheet = paper.sheet()
    sheet.image(60, 80, 500, 780, micrograph(700, 440))
    sheet.block(
        60, 794, ["Figure 1. Particles that were grown at 300 K on", "the surface of the bath, seen from"], 7.5, "sans"
    )
    sheet = paper.sheet()
    y = sheet.block(60, 60, ["above (a) and from the side (b). Scale bars,", "50 nm."], 7.5, "sans")
    sheet.prose(60, y + 20, 10, letters=88)
    (figure,) = figures(paper)
    assert figure.caption == (
        "Particles that were grown at 300 K on the surface of the bath, seen from above (a) and from the side (b). "
        "Scale bars, 50 nm."
    )


def test_a_list_of_figures_is_no_caption() -> None:
    paper = Paper()
    sheet = paper.sheet()
    for number in (1, 2, 3):
        sheet.text(60, 100 + 20 * number, f"Figure {number}. Grown particles {'.' * 30} {number + 4}")
    paper.sheet().prose(60, 80, 10, letters=88)
    assert figures(paper) == ()


def test_a_figure_continued_on_the_next_page_is_two() -> None:
    paper = Paper()
    with_figure(paper).text(60, 364, "Figure 1. Grown particles.", 7.5, "sans")
    with_figure(paper, seed=1).text(60, 364, "Figure 1. (Continued) Particles after a day.", 7.5, "sans")
    assert [(figure.label, figure.page) for figure in figures(paper)] == [("Figure 1", 1), ("Figure 1 (continued)", 2)]


def test_a_continued_figure_has_the_caption_of_the_first_part() -> None:
    paper = Paper()
    with_figure(paper).text(60, 364, "Figure 1. Grown particles.", 7.5, "sans")
    with_figure(paper, seed=1).text(60, 364, "Figure 1. Cont.", 7.5, "sans")
    with_figure(paper, seed=2).text(60, 364, "Figure 1. Cont.", 7.5, "sans")
    found = figures(paper)
    assert [figure.label for figure in found] == ["Figure 1", "Figure 1 (continued)", "Figure 1 (continued)"]
    assert {figure.caption for figure in found} == {"Grown particles."}
    assert [figure.page for figure in found] == [1, 2, 3]


def test_a_legend_continued_on_a_page_without_a_figure_is_no_second_figure() -> None:
    paper = Paper()
    with_figure(paper).text(60, 364, "Figure 1. Grown particles.", 7.5, "sans")
    sheet = paper.sheet()
    sheet.text(60, 80, "Figure 1 (...continued) Bars are 50 nm.", 7.5, "sans")
    sheet.prose(60, 120, 10, letters=88)
    (figure,) = figures(paper)
    assert figure.caption == "Grown particles. Bars are 50 nm."


@pytest.mark.parametrize("font", ["micro-as-m", "micro-as-l"])
def test_a_micro_sign_is_known_by_its_shape_whatever_its_font_calls_it(font: str) -> None:
    """A scale of 200 µm that reads 200 mm makes every size wrong by a thousand."""
    paper = Paper()
    sheet = with_figure(paper)
    before = "Figure 1. Grown particles, bar 200 "
    sheet.text(60, 364, before, 8)
    x = 60 + 4.8 * len(before)
    sheet.text(x, 364, "m", 8, font)
    sheet.text(x + 4.8, 364, "m in all, walls 30 mm long.", 8)
    (figure,) = figures(paper)
    assert figure.caption == "Grown particles, bar 200 µm in all, walls 30 mm long."


def test_letters_beyond_the_basic_plane_leave_no_half_characters() -> None:
    paper = Paper()
    sheet = with_figure(paper)
    sheet.text(60, 364, "Figure 1. The matrix ", 8)
    sheet.text(60 + 21 * 4.8, 364, "A", 8, "maths")
    sheet.text(60 + 23 * 4.8, 364, "of particles.", 8)
    (figure,) = figures(paper)
    assert figure.caption.encode("utf-8")
    assert figure.caption.startswith("The matrix")
    assert figure.caption.endswith("of particles.")


def test_accents_set_over_their_letters_are_joined_with_them() -> None:
    paper = Paper()
    sheet = with_figure(paper)
    sheet.text(60, 364, "Figure 1. Densit", 8)
    x = 60 + 16 * 4.8
    sheet.text(x, 364, "\xb4", 8)
    sheet.text(x, 364, "e des grains.", 8)
    (figure,) = figures(paper)
    assert figure.caption == "Densit\xe9 des grains."


def test_a_title_over_two_lines_does_not_end_the_caption() -> None:
    paper = Paper()
    sheet = with_figure(paper)
    sheet.block(60, 364, ["Figure 1. Particles Are Grown in Response", "to Heating"], 7.5, "sans-bold")
    sheet.block(60, 382.5, ["(A) Before the heating of the bath and", "after it. (B) After a day."], 7, "serif", 1.3)
    (figure,) = figures(paper)
    assert figure.title + figure.caption == (
        "Particles Are Grown in Response to Heating (A) Before the heating of the bath and after it. (B) After a day."
    )


def test_a_line_of_formulas_does_not_end_the_caption() -> None:
    paper = Paper()
    sheet = with_figure(paper)
    y = sheet.block(60, 364, ["Figure 1. Field of the modes of the crystal that is seen from the side at"], 8, "serif")
    sheet.text(60, y, "k = 0.447 2 p/a, w = 0.259 2 pc/a", 8, "body")
    sheet.text(236, y, "and E = 0. A plane", 8, "serif")
    sheet.block(60, y + 10, ["of the crystal is marked with a line."], 8, "serif")
    (figure,) = figures(paper)
    assert figure.caption.startswith("Field of the modes of the crystal that is seen from the side at k = 0.447")
    assert figure.caption.endswith("and E = 0. A plane of the crystal is marked with a line.")


def test_a_last_line_of_formulas_goes_on_with_an_unfinished_sentence() -> None:
    paper = Paper()
    sheet = with_figure(paper)
    rows = [
        "Figure 1. Duration against dose from the model of all of the samples.",
        "The parameters are a = 1.5, b = 2.68,",
    ]
    sheet.block(60, 364, rows, 7.5, "sans")
    sheet.text(60, 382.75, "c = 1.0, m = 3.95, s = 0.15", 7.5, "serif")
    sheet.text(146.5, 382.75, "and", 7.5, "sans")
    sheet.text(161, 382.75, "t = 0.05.", 7.5, "serif")
    (figure,) = figures(paper)
    assert figure.caption.endswith("s = 0.15 and t = 0.05.")


def test_a_manuscript_is_double_spaced_and_its_captions_are_too() -> None:
    paper = Paper()
    sheet = paper.sheet()
    sheet.image(60, 80, 300, 230, micrograph(300, 480))
    lines = ["Figure 1. Grown particles that were seen after an hour of heating and", "after a day. Bar, 50 nm."]
    y = sheet.block(60, 260, lines, 10, leading=2.2)
    sheet.block(90, y, ["The lattice did not change as can be seen in the images that are shown"], 10)
    sheet.block(60, y + 22, flush(18, 80, 3), 10, leading=2.2)
    (figure,) = figures(paper)
    assert figure.caption == "Grown particles that were seen after an hour of heating and after a day. Bar, 50 nm."


def test_a_supplements_sfig_is_another_figure_than_the_articles() -> None:
    paper = Paper()
    with_figure(paper).text(60, 364, "FIG. 1. Grown particles.", 7.5, "sans")
    with_figure(paper, seed=1).text(60, 364, "SFIG. 1. Particles before they grew.", 7.5, "sans")
    assert [figure.label for figure in figures(paper)] == ["FIG. 1", "SFIG. 1"]


def test_a_manuscripts_caption_in_a_smaller_type_keeps_the_leading_of_the_text() -> None:
    paper = Paper()
    sheet = paper.sheet()
    sheet.image(60, 80, 300, 230, micrograph(300, 480))
    lines = ["FIG. 1. Grown particles that were seen after an hour of heating and", "after a day. Bar, 50 nm."]
    y = sheet.block(60, 260, lines, 10, leading=2.2)
    sheet.block(60, y + 44, flush(18, 70, 3), 12, leading=1.83)
    (figure,) = figures(paper)
    assert figure.caption == "Grown particles that were seen after an hour of heating and after a day. Bar, 50 nm."


def test_a_justified_first_line_of_few_words_is_one_line() -> None:
    paper = Paper()
    sheet = with_figure(paper)
    sheet.text(60, 364, "Figure 1.", 7.5, "sans")
    sheet.text(115, 364, "Grown particles.", 7.5, "sans-bold")
    sheet.text(200, 364, "Their size as a function of the time of their growth and", 7.5, "sans")
    values = ", ".join(map(str, range(20, 170, 10)))
    sheet.text(60, 373, f"of the temperatures {values} K.", 7.5, "sans")
    (figure,) = figures(paper)
    words = "Grown particles. Their size as a function of the time of their growth and of the temperatures 20"
    assert figure.caption.startswith(words)


@pytest.mark.parametrize(("value", "baseline", "end"), [("(1.5).", 382, "(1.5)."), ("300 400 500", 420, "values")])
def test_a_number_in_a_formulas_type_that_ends_a_sentence_is_of_the_caption(
    value: str, baseline: float, end: str
) -> None:
    paper = Paper()
    sheet = with_figure(paper)
    lines = [
        "Figure 1. Forces in the networks of fibres that were seen when they had dried at values",
        "of the temperature that were kept the same. The arrows are not longer than these values",
    ]
    sheet.block(60, 364, lines, 7.5, "sans")
    sheet.text(60, baseline, value, 7.5, "serif")
    (figure,) = figures(paper)
    assert figure.caption.endswith(end)


def test_a_centred_caption_of_one_line_ends_before_the_text_in_its_own_type() -> None:
    paper = Paper()
    sheet = paper.sheet()
    sheet.image(160, 100, 400, 250, micrograph(300, 480))
    sheet.text(180, 264, "Figure 1. Grown particles after an hour.", 9)
    sheet.prose(60, 281, 10, letters=88)
    (figure,) = figures(paper)
    assert figure.caption == "Grown particles after an hour."


def test_a_heading_at_the_head_of_the_next_column_is_no_part_of_a_caption() -> None:
    paper = Paper()
    sheet = paper.sheet()
    sheet.image(50, 100, 285, 250, micrograph(300, 470))
    sheet.text(50, 264, "Figure 1. Steps of the growth", 9, "bold")
    sheet.prose(50, 300, 10, letters=43)
    sheet.text(310, 100, "2. No further growth was seen in the bath", 9)
    sheet.prose(310, 112, 10, letters=43, seed=4)
    (figure,) = figures(paper)
    assert figure.caption == "Steps of the growth"


def test_captions_that_begin_alike_at_the_head_of_their_pages_are_no_running_head() -> None:
    paper = Paper()
    for page in range(1, 6):
        sheet = paper.sheet()
        sheet.image(200, 60, 540, 360, micrograph(300, 340, seed=page))
        lines = [f"Fig. {page} Survival of", "the grown particles", f"after {page} hours in", "the bath."]
        sheet.block(50, 66, lines, 8, "sans")
        sheet.prose(50, 420, 10, letters=88, seed=page)
    assert [figure.caption for figure in figures(paper)] == [
        f"Survival of the grown particles after {page} hours in the bath." for page in range(1, 6)
    ]


def test_a_list_of_supporting_files_holds_no_figures() -> None:
    paper = Paper()
    sheet = paper.sheet()
    sheet.prose(60, 80, 10, letters=88)
    sheet.text(60, 340, "Supporting Information", 11, "sans-bold")
    for number in range(1, 5):
        sheet.text(60, 340 + 30 * number, f"Figure S{number}", 9, "bold")
        sheet.text(120, 340 + 30 * number, "Particles that were seen in the bath. (TIF)", 9)
    assert figures(paper) == ()


def test_a_supplement_keeps_its_figures_and_tells_which_are_missing() -> None:
    paper = Paper()
    with_figure(paper).text(60, 364, "Figure S1. Grown particles.", 7.5, "sans")
    sheet = paper.sheet()
    sheet.prose(60, 80, 10, letters=88)
    sheet.text(60, 340, "Figure S2. Particles that are not shown.", 7.5, "sans")
    sheet.prose(60, 380, 10, letters=88)
    assert [(figure.label, figure.origin) for figure in figures(paper)] == [
        ("Figure S1", "embedded"), ("Figure S2", "missing"),
    ]  # fmt: skip


def test_the_own_doi_of_a_figure_is_no_part_of_its_caption() -> None:
    paper = Paper()
    sheet = with_figure(paper)
    sheet.block(60, 364, ["Figure 1. Grown particles.", "doi:10.5555/journal.pone.0000001.g001"], 7.5, "sans")
    (figure,) = figures(paper)
    assert figure.caption == "Grown particles."


@pytest.mark.parametrize("sign", ["", "maths", "micro-as-m"])
@pytest.mark.parametrize(
    "rows",
    [
        [["Figure 1. Densities at", "T = 4 K in seven classes of"], ["all samples. The lines are fits to the data."]],
        [["Figure 1. Densities in the upper panel of all these"], ["samples at", "T = 4 K in seven classes. The"],
         ["lower panel has the others."]],
        [["Figure 1. Sum of", "and", "of one lattice for each of"], ["many samples, as they were measured in this."]],
    ],
)  # fmt: skip
def test_a_gap_that_a_formula_leaves_in_a_line_ends_no_caption(sign: str, rows: list[list[str]]) -> None:
    paper = Paper()
    sheet = with_figure(paper)
    for number, pieces in enumerate(rows):
        x, y = 60.0, 364.0 + 9.5 * number
        for index, piece in enumerate(pieces):
            if index and sign:
                sheet.text(x - 8, y, "A" if sign == "maths" else "m", 7, sign)
            sheet.text(x, y, piece, 7.5, "body")
            x += 4.5 * len(piece) + 9
    (figure,) = figures(paper)
    said = " ".join(piece for row in rows for piece in row).removeprefix("Figure 1. ")
    signs = re.compile(r"[\sµA]")
    assert signs.sub("", figure.caption) == signs.sub("", said)


@pytest.mark.parametrize("legend", ["Grown particles.", "Grown particles of silver, seen from above, after an hour."])
def test_a_legend_stands_behind_its_label_and_a_tabulator(legend: str) -> None:
    paper = Paper()
    sheet = with_figure(paper)
    sheet.text(60, 370, "Figure 1.", 9)
    sheet.text(131, 370, legend, 9)
    (figure,) = figures(paper)
    assert (figure.label, figure.caption) == ("Figure 1", legend)
    assert figure.image


def test_two_columns_of_running_text_beside_a_caption_are_no_part_of_it() -> None:
    paper = Paper()
    sheet = with_figure(paper)
    sheet.block(60, 364, ["Figure 1. Densities of all samples as", "were measured in the first of them."], 7.5, "body")
    sheet.block(
        200, 364, ["and in the other column it is said that", "they were not what anybody had thought."], 7.5, "body"
    )
    (figure,) = figures(paper)
    assert figure.caption == "Densities of all samples as were measured in the first of them."


def test_indices_between_two_rows_end_no_caption() -> None:
    paper = Paper()
    sheet = with_figure(paper)
    sheet.text(60, 364, "Figure 1. Functions A and B of the same equation", 7.5)
    for x in (172, 204):
        sheet.text(x, 367.5, "0", 6.4)
    sheet.block(60, 374, ["are shown. Dashed lines are those of the scheme", "that was used before."], 7.5)
    (figure,) = figures(paper)
    assert figure.caption.endswith("that was used before.")


def manuscript(paper: Paper, lines: list[str], first: int, every: int, gap: float, font: str) -> int:
    """A page of lines with numbers at its left; the number of the next line."""
    sheet = paper.sheet()
    for place, line in enumerate(lines):
        y = 80 + 22 * place
        if (first + place) % every == 0:
            number = str(first + place)
            sheet.text(70 - gap - 5 * len(number), y, number, 8, font)
        sheet.text(70, y, line, 9)
    return first + len(lines)


@pytest.mark.parametrize(
    ("every", "gap", "font", "restarts"),
    [(1, 3, "body", True), (1, 25, "sans", False), (5, 3, "sans", False), (5, 25, "body", True)],
)
def test_the_numbers_of_a_manuscripts_lines_are_no_part_of_its_captions(
    every: int, gap: float, font: str, restarts: bool
) -> None:
    paper = Paper()
    number = 1
    for page in range(2):
        number = manuscript(paper, flush(30, 84, page), 1 if restarts else number, every, gap, font)
    legends = ["FIGURE LEGENDS"]
    for figure in (1, 2):
        legends += [f"Figure {figure}. Particles that were grown in the bath at 300 K and then".ljust(84, "s"),
                    "seen by microscopes of many kinds, which were all of one and the same sort,".ljust(84, "s"),
                    f"after {figure} hours.", ""]  # fmt: skip
    manuscript(paper, legends, 1 if restarts else number, every, gap, font)
    for seed in (1, 2):
        sheet = paper.sheet()
        sheet.image(100, 200, 400, 420, micrograph(220, 300, seed))
    found = figures(paper)
    assert [figure.label for figure in found] == ["Figure 1", "Figure 2"]
    for number, figure in enumerate(found, start=1):
        assert figure.caption.startswith("Particles that were grown in the bath at 300 K")
        assert figure.caption.endswith(f"after {number} hours.")
        assert not re.search(r"\s\d+\s(?!K|hours)", figure.caption)


def test_a_column_of_numbers_that_counts_no_lines_stays() -> None:
    paper = Paper()
    sheet = with_figure(paper)
    sheet.text(60, 364, "Figure 1. Grown particles, of which", 7.5, "sans")
    sheet.text(60, 374, "200 are shown.", 7.5, "sans")
    (figure,) = figures(paper)
    assert figure.caption == "Grown particles, of which 200 are shown."


@pytest.mark.parametrize(("x", "font"), [(60, "body"), (160, "serif"), (160, "bold")])
def test_a_label_alone_under_a_drawing_is_a_figures(x: float, font: str) -> None:
    paper = Paper()
    with_figure(paper).text(x, 368, "Figure 1", 9, font)
    (figure,) = figures(paper)
    assert (figure.label, figure.caption, figure.origin) == ("Figure 1", "", "embedded")


def test_a_label_alone_under_the_axis_of_a_plot_is_a_figures() -> None:
    paper = Paper()
    sheet = paper.sheet()
    sheet.prose(60, 80, 8, letters=88)
    sheet.curve(60, 200, 300, 350)
    sheet.text(160, 380, "Figure 1", 9)
    sheet.prose(60, 480, 10, letters=88)
    (figure,) = figures(paper)
    assert (figure.label, figure.origin) == ("Figure 1", "rendered")


def test_a_label_alone_in_the_text_is_none() -> None:
    paper = Paper()
    sheet = with_figure(paper)
    sheet.text(60, 364, "Figure 1. Grown particles.", 7.5, "sans")
    sheet = paper.sheet()
    sheet.block(60, 100, ["as was said before of the particles in the sample of".ljust(88, "s"), "Figure 2"])
    assert [figure.label for figure in figures(paper)] == ["Figure 1"]


def test_a_label_alone_under_a_figure_stands_for_the_legend_listed_before() -> None:
    paper = Paper()
    sheet = paper.sheet()
    sheet.prose(60, 80, 10, letters=88)
    sheet.text(60, 400, "Figure legends", 11, "sans-bold")
    for number in (1, 2):
        sheet.text(60, 400 + 30 * number, f"Figure {number}. Particles after {number} hours.", 9, "sans")
    for number in (2, 1):
        sheet = paper.sheet()
        sheet.image(100, 200, 400, 420, micrograph(220, 300, number))
        sheet.text(230, 440, f"Figure {number}", 9)
    assert [(figure.label, figure.caption, figure.page) for figure in figures(paper)] == [
        ("Figure 1", "Particles after 1 hours.", 3), ("Figure 2", "Particles after 2 hours.", 2),
    ]  # fmt: skip


def test_the_text_of_the_next_page_does_not_continue_a_title_in_its_slanted_cut() -> None:
    paper = Paper()
    sheet = paper.sheet()
    sheet.block(60, 80, flush(30, 80, 1), 10, "serif")
    sheet.text(60, 480, "Figure 1. Results of the search", 10, "slanted")
    sheet.image(60, 500, 500, 780, micrograph(280, 440))
    sheet = paper.sheet()
    sheet.block(
        60, 80, ["in the text that was broken off by the figure on the page before and", *flush(30, 80, 2)], 10, "serif"
    )
    (figure,) = figures(paper)
    assert figure.caption == "Results of the search"


def test_a_legend_in_the_type_of_the_text_goes_on_on_the_next_page() -> None:
    paper = Paper()
    sheet = paper.sheet()
    sheet.prose(60, 80, 10, letters=80)
    sheet.text(60, 400, "Figure 1. Particles as grown.", 9)
    second = [
        "Figure 2. Particles that were seen after one hour in the bath and that were then",
        "annealed in the furnace at a temperature of one thousand kelvin, as is shown in s",
        "all of the images of this figure, but for those in the upper row. The cells were",
    ]
    sheet.block(60, 430, second)
    paper.sheet().block(60, 80, ["then cut into slices."])
    first, second_figure = figures(paper)
    assert first.caption == "Particles as grown."
    assert second_figure.caption.endswith("cells were then cut into slices.")


@pytest.mark.parametrize("rows", [1, 2, 3])
def test_a_caption_in_two_columns_goes_on_behind_a_full_stop_at_the_end_of_the_first(rows: int) -> None:
    paper = Paper()
    sheet = paper.sheet()
    sheet.image(50, 80, 545, 300, micrograph(220, 495))
    left = [
        "Figure 1. Particles that were grown at 300 K on",
        "the surface of the bath, seen (a) from above, b",
        "from below; all of them are of one single type.",
    ]
    sheet.block(50, 314, left, 7.5)
    right = ["Scale bars are 50 nm in the left panel of them", "all and 20 nm in the right panel, as is said", "above."]
    sheet.block(310, 314, right[:rows], 7.5)
    sheet.prose(50, 370, 10, letters=43)
    sheet.prose(310, 370, 10, letters=43, seed=4)
    (figure,) = figures(paper)
    assert figure.caption.endswith(f"one single type. {' '.join(right[:rows])}")


def test_references_beside_a_caption_that_ends_are_no_second_column_of_it() -> None:
    paper = Paper()
    sheet = paper.sheet()
    sheet.image(50, 80, 285, 300, micrograph(220, 235))
    lines = ["Figure 1. Particles that were grown at 300 K on", "the surface of the bath, seen from above and so."]
    sheet.block(50, 314, lines, 7.5, "sans")
    sheet.block(310, 314 - 9.375 * 20, ["Lovelace, A. Notes on the engine of Mr Babbage."] * 40, 7.5, "sans")
    sheet.prose(50, 370, 10, letters=43)
    (figure,) = figures(paper)
    assert figure.caption.endswith("seen from above and so.")


@pytest.mark.parametrize("label", ["FIG. l. ", "Fig. l: "])
def test_an_l_that_was_recognised_for_a_one_is_a_one(label: str) -> None:
    paper = Paper()
    with_figure(paper).text(60, 364, label + "Grown particles.", 7.5, "sans")
    (figure,) = figures(paper)
    assert (figure.label, figure.caption) == (label[:4] + " 1", "Grown particles.")


@pytest.mark.parametrize(
    ("drawn", "read"),
    [
        ([("C", 0), ("5", 1), ("8", 3), ("2", 5), ("H", 2), ("O", 4)], "C₅H₈O₂"),
        ([("H", 0), ("2", 1), ("4", 4), ("S", 2), ("O", 3)], "H₂SO₄"),
        ([("Fe", 0), ("2", 1), ("3", 3), ("O", 2)], "Fe₂O₃"),
        ([("Ti", 0), ("3", 1), ("2", 3), ("C", 2)], "Ti₃C₂"),
    ],
)
def test_a_formula_whose_indices_are_drawn_before_its_letters_ends_no_caption(
    drawn: list[tuple[str, int]], read: str
) -> None:
    paper, size = Paper(), 7.5
    sheet = with_figure(paper)
    said = "Figure 1. Pathways of the ion "
    sheet.text(60, 364, said, size)
    x = 60 + 0.6 * size * len(said)
    places = {}
    for text, place in sorted(drawn, key=lambda part: part[1]):
        places[place] = x
        x += 0.6 * size * len(text) * (0.7 if text.isdigit() else 1)
    for text, place in drawn:
        sheet.text(places[place], 364 + 2 * text.isdigit(), text, 0.7 * size if text.isdigit() else size)
    sheet.text(x + 0.6 * size, 364, "and of others", size)
    sheet.text(60, 364 + 1.25 * size, "that were seen after it.", size)
    (figure,) = figures(paper)
    assert figure.caption == f"Pathways of the ion {read} and of others that were seen after it."


@pytest.mark.parametrize("slope", [-0.02, -0.01, 0.01, 0.02])
def test_words_of_a_slanted_scan_are_lines(slope: float) -> None:
    paper = Paper()
    sheet = with_figure(paper)
    rows = ["Fig. 1 Leaf biomass over the course of all", "the season for the seven species (mean)."]
    for number, row in enumerate(rows):
        x = 60.0
        for word in row.split():
            sheet.text(x, 364 + 11 * number + slope * (x - 60), word, 9, "bold")
            x += 5.4 * (len(word) + 1)
    (figure,) = figures(paper)
    assert figure.caption == "Leaf biomass over the course of all the season for the seven species (mean)."


@pytest.mark.parametrize("words", ["(continued).", "(Continued)", "(cont'd)"])
def test_a_figure_that_goes_on_on_the_next_page_is_known_by_these_words(words: str) -> None:
    paper = Paper()
    with_figure(paper).text(60, 364, "Fig. PI-2. Concentration of the species.", 7.5, "sans")
    with_figure(paper, 1).text(160, 364, f"Fig. PI-2 {words}", 7.5, "sans")
    assert [(figure.label, figure.caption, figure.page) for figure in figures(paper)] == [
        ("Fig. PI-2", "Concentration of the species.", 1),
        ("Fig. PI-2 (continued)", "Concentration of the species.", 2),
    ]


def test_a_formula_level_with_the_words_of_a_row_ends_no_caption() -> None:
    """Word sets a formula in a font of its own, and its words ("by err = 100 (") are a line for themselves."""
    paper = Paper()
    sheet = with_figure(paper)
    sheet.text(60, 364, "Figure 1. Relative error of the work in all samples of the first series.", 7.5, "sans")
    sheet.text(60, 373.5, "The work is known from the database. The error of the work is calculated", 7.5, "sans")
    sheet.text(60, 388, "by err = 100 * (", 7.5, "serif")
    sheet.text(112, 382, "w1 - w2", 5, "serif")
    sheet.text(112, 391, "w1", 5, "serif")
    sheet.text(140, 388, "). Most of it may come from the compressibility.", 7.5, "sans")
    sheet.text(60, 398, "It is less than one percent.", 7.5, "sans")
    (figure,) = figures(paper)
    assert figure.caption.endswith("It is less than one percent.")


@pytest.mark.parametrize("short", [4, 8])
def test_a_caption_ends_where_the_first_word_of_the_text_would_have_fitted_in(short: int) -> None:
    """Manuscripts set a centred caption in the text's type right over the next paragraph."""
    paper = Paper()
    sheet = with_figure(paper)
    caption = "Figure 1. " + flush(1, 2 * (88 - short) - 22, seed=4)[0]
    sheet.text(60 + 2.7 * short, 364, caption, 9)
    first, *lines = flush(4, 88, seed=6)
    sheet.block(60, 375.25, ["As " + first[3:], *lines], 9)
    (figure,) = figures(paper)
    assert figure.caption == caption.removeprefix("Figure 1. ")


@pytest.mark.parametrize("caption", ["Two parts of the model", "a, The two parts", "(A) Two parts of the model"])
def test_a_label_without_a_sign_in_the_texts_own_type_begins_a_caption_if_it_begins_a_block(caption: str) -> None:
    """Captions that were bold, and smaller than the text, as a scan's recognition leaves them."""
    paper = Paper()
    for number in (1, 2):
        sheet = with_figure(paper, seed=number)
        sheet.text(60, 364, f"Fig. {number} {caption} {number} in the case", 9)
        sheet.text(60, 375.25, "in which all strains are defined by two loci.", 9)
        sheet.block(
            60, 420, [*flush(2, 88, seed=8), f"Fig. {3 - number} Alone in the text is none.", *flush(3, 88, seed=9)]
        )
    first, second = figures(paper)
    assert (first.caption.split(" in the")[0], second.caption.split(" in the")[0]) == (f"{caption} 1", f"{caption} 2")


@pytest.mark.parametrize("title_rows", [1, 2, 3])
@pytest.mark.parametrize("gap", [15.0, 18.5])
def test_a_legend_that_stands_apart_under_its_title_goes_with_it(title_rows: int, gap: float) -> None:
    """The Plant Cell sets a title, and the legend under it as a paragraph of its own, in a type of captions."""
    paper = Paper()
    sheet = with_figure(paper)
    title = [*(flush(title_rows - 1, 100, seed=2) if title_rows > 1 else []), "and of the sites in the leaf."]
    sheet.text(60, 364, f"Figure 1. {title[0]}", 7.5, "sans")
    for number, row in enumerate(title[1:], start=1):
        sheet.text(60, 364 + 10 * number, row, 7.5, "sans")
    under = 364 + 10 * (title_rows - 1) + gap
    sheet.text(
        60, under, "(A) Reads of all samples, of which those of the leaf are shown in blue and others", 7.5, "sans"
    )
    sheet.text(60, under + 10, "in grey. (B) Their sum.", 7.5, "sans")
    (figure,) = figures(paper)
    legend = "(A) Reads of all samples, of which those of the leaf are shown in blue and others in grey. (B) Their sum."
    assert figure.caption.endswith(f"and of the sites in the leaf. {legend}")


@pytest.mark.parametrize(
    ("words", "font", "size"),
    [
        ("*Author to whom letters about this article may be sent at once.", "sans", 7.5),
        ("doi:10.5555/12345678.g001 as it was registered by the journal then", "sans", 7.5),
        ("The sites of the leaf were then compared with those of the flower.", "body", 9),
    ],
)
def test_what_stands_apart_under_a_caption_and_begins_no_paragraph_of_it_is_not_read(
    words: str, font: str, size: float
) -> None:
    paper = Paper()
    sheet = with_figure(paper)
    sheet.text(60, 364, "Figure 1. Distribution of all sites and of the sites in the leaf.", 7.5, "sans")
    sheet.text(60, 382, words, size, font)
    (figure,) = figures(paper)
    assert figure.caption == "Distribution of all sites and of the sites in the leaf."


@pytest.mark.parametrize("remark", ["(color online).", "(Color online)", "(colour online).", "(in color)"])
def test_a_remark_between_label_and_caption_ends_the_label(remark: str) -> None:
    """APS sets its captions in the text's font, a little smaller."""
    paper = Paper()
    sheet = with_figure(paper)
    sheet.text(60, 364, f"FIG. 1 {remark} The relations for five selected", 8, "body")
    sheet.text(60, 374, "systems under shear.", 8, "body")
    (figure,) = figures(paper)
    assert figure.caption.endswith("The relations for five selected systems under shear.")


def test_panels_with_a_paragraph_each_belong_to_the_caption_and_the_text_under_them_does_not() -> None:
    """A manuscript in one type, with a title without a full stop."""
    paper = Paper()
    sheet = paper.sheet()
    sheet.image(60, 80, 300, 230, micrograph(300, 480))
    sheet.text(60, 250, "Figure 1. Signatures of age in blood", 9, "body")
    y = 270.0
    for letters in ("A", "B and C", "D-F", "A-F"):
        sheet.text(60, y, f"{letters}.", 9, "bold")
        sheet.text(
            60 + 5.4 * (len(letters) + 2), y, "Plot of the effects on age after correction for all of the others in", 9
        )
        sheet.text(60, y + 11.25, "each of the samples.", 9)
        y += 31.0
    sheet.prose(60, y + 4, 10, letters=88)
    (figure,) = figures(paper)
    assert figure.caption.startswith("Signatures of age in blood A. Plot of the effects")
    assert figure.caption.endswith(
        "A-F. Plot of the effects on age after correction for all of the others in each of the samples."
    )


@pytest.mark.parametrize("lower", [0, 2])
def test_a_caption_goes_on_at_the_foot_of_the_next_column_under_its_text(lower: int) -> None:
    paper = Paper()
    sheet = paper.sheet()
    sheet.image(60, 400, 280, 640, micrograph(240, 220))
    sheet.prose(60, 60, 10, letters=44)
    sheet.prose(310, 60, 10, letters=44, seed=2)
    first = [
        "Figure 1. Rods of silver before and after annealing at",
        "various temperatures, as seen by SEM and, where",
    ]
    first += [
        "that was of use, by TEM. The arrows show where rods",
        "grew together, the circles where nothing else than",
    ]
    sheet.block(60, 660, first, size=7.5, font="sans")
    more = ["one rod was seen. Scale bars are 50 nm long in all", "panels but in the last one."]
    sheet.block(310, 660 + 9.4 * lower, more, size=7.5, font="sans")
    (figure,) = extract(paper.bytes()).figures
    assert figure.caption.startswith("Rods of silver")
    assert figure.caption.endswith("nothing else than one rod was seen. Scale bars are 50 nm long in all "
                                   "panels but in the last one.")  # fmt: skip


@pytest.mark.parametrize(
    ("line", "gap", "is_caption"),
    [
        ("Fig.3 phase diagram of silver and gold at two temperatures", 16, True),
        ("Fig.3 SEM images of grown particles", 16, True),
        ("Fig.3 shows that silver and gold are mixed at two temperatures", 16, False),
        ("Fig.3 phase diagram of silver and gold at two temperatures", 90, False),
        ("Fig.9 phase diagram of silver and gold at two temperatures", 16, False),
    ],
)
def test_a_label_without_a_sign_is_a_captions_right_under_a_drawing_whose_number_lacks(
    line: str, gap: float, is_caption: bool
) -> None:
    """Figures are counted in the order of their pages."""
    paper = Paper()
    for number in (1, 2, 3, 4):
        sheet = paper.sheet()
        sheet.prose(60, 80, 8, letters=88)
        sheet.image(60, 200, 300, 350, micrograph(300, 480, number))
        sheet.text(60, 350 + (gap if number == 3 else 16), line if number == 3 else f"Fig.{number} Grown particles.")
        sheet.prose(60, 480, 10, letters=88)
    found = [figure.label for figure in figures(paper)]
    assert found == ["Fig.1", "Fig.2", *["Fig.3"] * is_caption, "Fig.4"]
