"""PDFs of the development data on which the reader once failed: what is right on each is known."""

from functools import cache
from pathlib import Path

import pytest

from exsclaim.errors import PdfError
from exsclaim.sources.pdf.article.pdf_article import PdfFigure
from exsclaim.sources.pdf.extraction import extract

Corners = tuple[float, float, float, float]
BOXES: list[tuple[str, str, Corners]] = [
    ("axis_as_table_rules", "Fig. 4", (115, 69, 474, 262)),
    ("bmc_frame", "Figure 1", (64, 441, 531, 672)),
    ("double_spaced_wrong_image", "Figure 1", (220, 458, 392, 701)),
    ("double_spaced_wrong_image", "Figure 2", (90, 293, 522, 491)),
    ("figure_dot_number", "Figure. 1", (83, 250, 267, 494)),
    ("gutter_from_table_caption", "Fig. 2", (52, 476, 289, 692)),
    ("labels_under_left_out", "Figure 8", (106, 122, 493, 356)),
    ("left_part_left_out", "Figure S3", (153, 293, 458, 540)),
    ("panel_letter_left_out", "Figure 4 (continued)", (125, 105, 470, 660)),
    ("region_reaches_into_other", "Fig. 2", (70, 334, 270, 562)),
    ("subcaptions_bar_thesis", "FIG. 3.5", (179, 78, 484, 218)),
    ("subcaptions_bar_thesis", "FIG. 4.10", (183, 78, 479, 250)),
    ("subcaptions_bar_thesis", "FIG. 4.11", (152, 100, 403, 226)),
    ("subcaptions_bar_thesis", "FIG. 4.14", (126, 383, 429, 551)),
    ("subcaptions_bar_thesis", "FIG. 5.2", (171, 78, 491, 252)),
    ("text_in_figure_bars", "Fig. 4", (101, 51, 446, 426)),
    ("ticks_as_text_arxiv", "Figure 5", (61, 67, 565, 279)),
]
CAPTIONS = [
    ("bold_title_two_lines_cell", "Figure 1", "Def1 Is Processed in Response to Transcription Stress (A)", ""),
    ("caption_runs_on", "Figure 1", "Steps involved in making of MDRPM", "Steps involved in making of MDRPM"),
    ("double_spaced_caption", "FIG. S1", "Comparison of", "improving the effectiveness of the selection process."),
    ("double_spaced_wrong_image", "Figure 1", "Panel A - a world map", "transitions in traits within the phylogeny."),
    ("double_spaced_wrong_image", "Figure 2", "Scatterplots showing", "simple regression estimates."),
    ("figure_dot_number", "Figure. 1", "(a) Rxx and Rxy as a function of the magnetic field,", ""),
    ("maths_line_ends_caption", "Figure 2.6", "Real part", "parallel to its surface is marked with a horizontal line."),
    ("panel_letter_left_out", "Figure 4 (continued)", "Effect of fucoidan on mitogen-activated protein", ""),
    ("um_as_mm_ijsem", "Fig. 1", "", "(insert; bar, 10 µm) of Cm a14T."),
    ("um_as_mm_ijsem", "Fig. 2", "", "Bar, 500 µm."),
    ("um_as_mm_ijsem", "Fig. 3", "", "Bar, 100 µm."),
]  # fmt: skip


@cache
def figures(shared_data: Path, name: str) -> dict[str, PdfFigure]:
    article = extract((shared_data / "cases" / "pdf" / f"{name}.pdf").read_bytes())
    return {figure.label: figure for figure in article.figures}


@pytest.mark.parametrize(("name", "label", "box"), BOXES)
def test_a_figure_is_where_it_is(shared_data: Path, name: str, label: str, box: Corners) -> None:
    figure = figures(shared_data, name)[label]
    assert figure.image
    assert figure.box_pt == pytest.approx(box, abs=6)


@pytest.mark.parametrize(("name", "label", "begin", "end"), CAPTIONS)
def test_a_caption_is_whole_and_no_more(shared_data: Path, name: str, label: str, begin: str, end: str) -> None:
    figure = figures(shared_data, name)[label]
    caption = f"{figure.title} {figure.caption}".strip()
    assert caption.startswith(begin)
    assert caption.endswith(end)


def test_a_legend_in_two_parts_is_one_figure(shared_data: Path) -> None:
    (figure,) = figures(shared_data, "continued_legend_as_figure").values()
    assert figure.image
    assert "Within each phase the available alternatives" in figure.caption
    assert "However, you may wish to generate gene trees directly from the data" in figure.caption


def test_files_elsewhere_are_no_figures(shared_data: Path) -> None:
    assert figures(shared_data, "supporting_list_as_figures") == {}


def test_mathematical_letters_leave_text_that_can_be_written(shared_data: Path) -> None:
    found = figures(shared_data, "surrogates")
    assert len(found) == 3
    assert all(figure.caption.encode("utf-8") for figure in found.values())


def test_a_scan_in_strips_is_told_to_be_one(shared_data: Path) -> None:
    with pytest.raises(PdfError, match="scan without text: recognise its text first"):
        figures(shared_data, "scan_in_strips")
