"""Figures are found where papers put them, with all that belongs to them and nothing else."""

import io

import numpy as np
import pytest
from PIL import Image

from exsclaim.sources.pdf.article.pdf_article import PdfFigure
from exsclaim.sources.pdf.extraction import extract
from tests.exsclaim.sources.pdf.paper import Paper, Sheet, flush, micrograph

CAPTION = ["Particles after growth. Scale bar, 50 nm.", "They were not annealed."]
Corners = tuple[float, float, float, float]


def caption(sheet: Sheet, x: float, y: float, label: str, lines: list[str] = CAPTION) -> float:
    return sheet.block(x, y, [f"{label} {lines[0]}", *lines[1:]], size=7.5, font="sans")


def figures(paper: Paper) -> tuple[PdfFigure, ...]:
    return extract(paper.bytes()).figures


def only(paper: Paper) -> PdfFigure:
    (figure,) = figures(paper)
    return figure


def overlap(found: Corners, true: Corners) -> float:
    """Intersection over union."""
    width = max(0.0, min(found[2], true[2]) - max(found[0], true[0]))
    height = max(0.0, min(found[3], true[3]) - max(found[1], true[1]))
    areas = [(box[2] - box[0]) * (box[3] - box[1]) for box in (found, true)]
    return width * height / (sum(areas) - width * height)


def pixels(figure: PdfFigure) -> np.ndarray:
    with Image.open(io.BytesIO(figure.image)) as image:
        return np.asarray(image.convert("RGB"))


def test_a_figure_that_is_one_image_keeps_its_own_pixels() -> None:
    paper, image = Paper(), micrograph(300, 400)
    sheet = paper.sheet()
    sheet.prose(60, 80, 10)
    sheet.image(60, 220, 260, 370, image)
    caption(sheet, 60, 385, "Figure 1.")
    sheet.prose(60, 430, 12)
    figure = only(paper)
    assert figure.origin == "embedded"
    assert np.array_equal(pixels(figure), image)
    assert figure.dpi == pytest.approx(400 / 200 * 72)
    assert (figure.label, figure.page) == ("Figure 1", 1)
    assert figure.caption == "Particles after growth. Scale bar, 50 nm. They were not annealed."
    assert overlap(figure.box_pt, (60, 220, 260, 370)) > 0.98


def test_vectors_are_rendered_with_their_axis_titles() -> None:
    paper = Paper()
    sheet = paper.sheet()
    sheet.prose(60, 80, 10)
    sheet.curve(60, 220, 300, 400)
    caption(sheet, 60, 420, "Figure 1.")
    sheet.prose(60, 460, 12)
    figure = only(paper)
    assert figure.origin == "rendered"
    assert figure.dpi >= 200
    assert overlap(figure.box_pt, (62, 219, 305, 399)) > 0.97
    height, width = pixels(figure).shape[:2]
    box = figure.box_pt
    assert (width, height) == (
        pytest.approx((box[2] - box[0]) / 72 * 300, abs=2),
        pytest.approx((box[3] - box[1]) / 72 * 300, abs=2),
    )


def test_an_image_cut_into_strips_is_one_figure_at_its_own_resolution() -> None:
    paper, image = Paper(), micrograph(320, 500)
    sheet = paper.sheet()
    for strip in range(8):
        sheet.image(60, 100 + 12 * strip, 210, 112 + 12 * strip, image[40 * strip : 40 * strip + 40])
    caption(sheet, 60, 212, "Figure 1.")
    sheet.prose(60, 250, 12)
    figure = only(paper)
    assert figure.origin == "rendered"
    assert figure.dpi == pytest.approx(240, abs=0.5)
    assert overlap(figure.box_pt, (60, 100, 210, 196)) > 0.97
    assert abs(int(pixels(figure).mean()) - int(image.mean())) < 4


def test_panels_apart_with_letters_between_them_are_one_figure() -> None:
    paper = Paper()
    sheet = paper.sheet()
    sheet.prose(60, 80, 6, letters=88)
    for column, row, letter in [(0, 0, "a"), (1, 0, "b"), (0, 1, "c"), (1, 1, "d")]:
        x, y = 60 + 250 * column, 180 + 170 * row
        sheet.text(x, y - 4, f"({letter})", 9, "sans-bold")
        sheet.image(x, y, x + 220, y + 140, micrograph(280, 440, seed=column + 2 * row))
    caption(sheet, 60, 505, "Figure 1.")
    sheet.prose(60, 540, 12, letters=88)
    assert overlap(only(paper).box_pt, (60, 169, 530, 490)) > 0.95


def test_panels_beside_a_short_caption_belong_to_it() -> None:
    paper = Paper()
    sheet = paper.sheet()
    sheet.prose(50, 80, 8, letters=90)
    sheet.image(50, 200, 230, 330, micrograph(260, 360))
    sheet.curve(330, 200, 540, 335)
    sheet.curve(50, 360, 230, 490)
    sheet.image(340, 360, 540, 480, micrograph(240, 400, seed=3))
    caption(sheet, 50, 510, "Figure 1.")
    sheet.prose(50, 545, 15, letters=90)
    assert overlap(only(paper).box_pt, (51, 199, 543, 488)) > 0.95


def test_each_column_has_its_own_figure() -> None:
    paper = Paper()
    sheet = paper.sheet()
    for column, (x, top) in enumerate([(50, 90), (310, 110)]):
        sheet.image(x, top, x + 235, top + 150, micrograph(300, 470, seed=column))
        y = caption(sheet, x, top + 164, f"Fig. {column + 1}")
        sheet.prose(x, y + 14, 30, letters=43, seed=column)
    first, second = figures(paper)
    assert (first.label, second.label) == ("Fig. 1", "Fig. 2")
    assert overlap(first.box_pt, (50, 90, 285, 240)) > 0.97
    assert overlap(second.box_pt, (310, 110, 545, 260)) > 0.97


def test_figures_come_as_the_article_counts_them() -> None:
    paper = Paper()
    sheet = paper.sheet()
    for number, x, top in [(2, 310, 80), (1, 50, 400)]:
        sheet.image(x, top, x + 235, top + 150, micrograph(300, 470, seed=number))
        caption(sheet, x, top + 164, f"Figure {number}.")
    sheet.prose(50, 100, 20, letters=43)
    assert [figure.label for figure in figures(paper)] == ["Figure 1", "Figure 2"]


def test_figures_that_nearly_touch_are_parted_by_their_captions() -> None:
    paper = Paper()
    sheet = paper.sheet()
    for column, (x, top) in enumerate([(50, 90), (291, 90)]):
        sheet.image(x, top, x + 235, top + 150, micrograph(300, 470, seed=column))
        y = caption(sheet, x, top + 164 + 20 * column, f"Fig. {column + 1}")
        sheet.prose(x, y + 14, 30, letters=42, seed=column)
    first, second = figures(paper)
    assert overlap(first.box_pt, (50, 90, 285, 240)) > 0.97
    assert overlap(second.box_pt, (291, 90, 526, 240)) > 0.97


def test_figures_under_one_another_are_told_apart_by_their_captions() -> None:
    paper = Paper()
    sheet = paper.sheet()
    sheet.image(60, 80, 260, 200, micrograph(240, 400))
    caption(sheet, 60, 214, "Figure 1.")
    sheet.curve(60, 250, 300, 400)
    caption(sheet, 60, 416, "Figure 2.")
    sheet.image(60, 450, 260, 600, micrograph(300, 400, seed=2))
    caption(sheet, 60, 614, "Figure 3.")
    boxes = [figure.box_pt for figure in figures(paper)]
    assert overlap(boxes[0], (60, 80, 260, 200)) > 0.97
    assert overlap(boxes[1], (62, 249, 305, 399)) > 0.97
    assert overlap(boxes[2], (60, 450, 260, 600)) > 0.97


def test_captions_may_stand_over_their_figures() -> None:
    paper = Paper()
    for number in (1, 2, 3):
        sheet = paper.sheet()
        y = sheet.prose(60, 80, 8)
        y = caption(sheet, 60, y + 20, f"Figure {number}.")
        sheet.image(60, y + 5, 260, y + 155, micrograph(300, 400, seed=number))
        if number != 2:
            sheet.prose(60, y + 185, 10)
        else:  # another figure follows at once: which one a caption is of is learnt from the others
            low = caption(sheet, 60, y + 175, "Figure 9.")
            sheet.image(60, low + 5, 260, low + 125, micrograph(240, 400, seed=9))
    found = figures(paper)
    assert [figure.label for figure in found] == ["Figure 1", "Figure 2", "Figure 3", "Figure 9"]
    assert [round(figure.box_pt[3] - figure.box_pt[1]) for figure in found] == [150, 150, 150, 120]


def test_a_caption_may_stand_beside_its_figure() -> None:
    paper = Paper()
    sheet = paper.sheet()
    sheet.prose(60, 80, 8, letters=88)
    sheet.image(60, 200, 360, 400, micrograph(400, 600))
    caption(sheet, 375, 230, "Figure 1.", ["Particles after", "growth at 300 K.", "Scale bar, 50 nm."])
    sheet.prose(60, 430, 20, letters=88)
    figure = only(paper)
    assert overlap(figure.box_pt, (60, 200, 360, 400)) > 0.97
    assert figure.caption == "Particles after growth at 300 K. Scale bar, 50 nm."


def test_a_frame_around_figure_and_caption_is_no_part_of_the_figure() -> None:
    paper = Paper()
    sheet = paper.sheet()
    sheet.prose(60, 80, 8)
    sheet.box(50, 190, 310, 420)
    sheet.image(60, 200, 300, 370, micrograph(340, 480))
    caption(sheet, 60, 390, "FIGURE 1 |")
    sheet.prose(60, 450, 12)
    figure = only(paper)
    assert figure.origin == "embedded"
    assert overlap(figure.box_pt, (60, 200, 300, 370)) > 0.97


def test_the_tinted_ground_of_a_caption_is_no_part_of_the_figure() -> None:
    paper = Paper()
    sheet = paper.sheet()
    sheet.box(50, 180, 560, 420, fill="0.88 0.93 0.97")
    sheet.curve(60, 200, 400, 360)
    caption(sheet, 60, 390, "Figure 1.")
    sheet.prose(60, 450, 12)
    assert overlap(only(paper).box_pt, (62, 199, 402, 357)) > 0.9


def test_tables_equations_heads_and_logos_are_no_figures() -> None:
    paper, logo = Paper(), micrograph(40, 120, seed=5)
    for page in range(4):
        sheet = paper.sheet()
        sheet.image(440, 20, 540, 45, logo)
        sheet.text(60, 40, "Journal of Grown Particles", 8, "sans")
        sheet.rule(60, 50, 540)
        sheet.text(290, 825, str(page + 1), 8)
        y = sheet.prose(60, 80, 14, letters=88, seed=page)
        sheet.text(200, y + 20, "E = h n + 3 k T", 10, "serif")
        sheet.rule(210, y + 24, 240)
        y = caption(sheet, 60, y + 60, f"Table {page + 1}.", ["Sizes of the particles."])
        for row in range(5):
            sheet.rule(60, y + 14 * row, 400)
            for column in range(4):
                sheet.text(70 + 80 * column, y + 10 + 14 * row, f"{row * column + 1}.5 nm", 7, "sans")
        if page == 2:
            sheet.image(60, 480, 260, 630, micrograph(300, 400))
            caption(sheet, 60, 644, "Figure 1.")
        sheet.prose(60, 690, 8, letters=88, seed=9 + page)
    figure = only(paper)
    assert figure.page == 3
    assert overlap(figure.box_pt, (60, 480, 260, 630)) > 0.97


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
def test_boxes_are_those_of_the_page_as_shown(rotate: int) -> None:
    """A CropBox moves the origin, /Rotate turns the page; the text is set so that it reads upright only at 0."""
    paper, image = Paper(), micrograph(300, 400)
    sheet = paper.sheet(crop=(40, 50, 560, 800), rotate=rotate)
    sheet.prose(60, 80, 10)
    sheet.image(60, 220, 260, 370, image)
    caption(sheet, 60, 385, "Figure 1.")
    sheet.prose(60, 430, 12)
    figure = only(paper)
    # text that stands on its side is turned upright, so that the figure is too
    assert overlap(figure.box_pt, (20, 170, 220, 320)) > 0.95
    found = pixels(figure)
    assert found.shape[1] > found.shape[0]


def test_a_figure_set_sideways_with_its_caption_is_turned_upright() -> None:
    paper = Paper()
    paper.sheet().prose(60, 80, 40, letters=88)
    sheet = paper.sheet()
    shade = np.repeat(np.linspace(0, 250, 300, dtype=np.uint8)[:, None, None], 200, 1).repeat(3, 2)
    # drawn turned by 90 degrees: its top is at the left of the page
    sheet.ops.append("q 0 400 -300 0 400 200 cm /Im0 Do Q")
    sheet.images.append(paper.image(shade, None))
    for number, line in enumerate(
        ["Figure 1. Grey from dark above to light below,", "set sideways on the page with its caption."]
    ):
        sheet.text(415 + 10 * number, 640, line, 8, "sans", angle=90)
    figure = only(paper)
    found = pixels(figure)
    assert found.shape[1] > found.shape[0]
    assert found[:20].mean() < found[-20:].mean() - 100


@pytest.mark.parametrize("caption", ["Figure S1: Grey from dark to light.", "Grey from dark to light, as seen."])
def test_a_sideways_caption_turns_a_page_whose_upright_text_is_its_running_head(caption: str) -> None:
    paper = Paper()
    paper.sheet().prose(60, 80, 40, letters=88)
    sheet = paper.sheet()
    sheet.text(60, 40, "Smith et al.")
    sheet.text(420, 40, "Particles of silver")
    sheet.ops.append("q 0 400 -300 0 400 200 cm /Im0 Do Q")
    sheet.images.append(paper.image(micrograph(300, 200), None))
    sheet.text(415, 640, caption, 8, "sans", angle=90)
    figures = extract(paper.bytes()).figures
    assert [figure.caption for figure in figures] == ["Grey from dark to light."] * caption.startswith("Figure")


@pytest.mark.parametrize("paper_blue", [241, 244, 245, 246, 247, 250])
def test_the_tint_of_a_whole_page_is_no_ink(paper_blue: int) -> None:
    paper = Paper()
    for seed in range(2):
        sheet = paper.sheet()
        sheet.box(0, 0, 595, 842, f"1 1 {paper_blue / 255:.4f}")
        sheet.prose(60, 400, 30, letters=88, seed=seed)
    sheet.image(100, 80, 400, 234, micrograph(300, 600))
    sheet.text(60, 250, "Figure 1. Grown particles.", 7.5, "sans")
    assert overlap(only(paper).box_pt, (100, 80, 400, 234)) > 0.95


def test_a_table_drawn_sideways_over_an_upright_caption_turns_no_page() -> None:
    paper = Paper()
    paper.sheet().prose(60, 80, 40, letters=88)
    sheet = paper.sheet()
    sheet.box(60, 80, 300, 420)
    for column in range(20):
        sheet.text(72 + 11 * column, 410, "RMDDR AVAL PVCR RIAL SMBDR URYVL AIYR IL2 OLQDR", 8, "sans", angle=90)
    sheet.block(
        60, 440, ["Figure 1. Groups of cells that were found,", "each with the names of its cells."], 7.5, "sans"
    )
    figure = only(paper)
    assert figure.caption == "Groups of cells that were found, each with the names of its cells."
    assert overlap(figure.box_pt, (60, 80, 300, 420)) > 0.9


def test_letters_of_panels_that_stand_high_over_a_figure_are_of_it() -> None:
    paper = Paper()
    sheet = paper.sheet()
    sheet.prose(60, 80, 8, letters=88)
    sheet.text(66, 200, "(a)", 9, "sans")
    sheet.text(200, 200, "(b)", 9, "sans")
    sheet.image(60, 217, 300, 350, micrograph(300, 480))
    caption(sheet, 60, 364, "Figure 1.", ["Grown particles."])
    sheet.prose(60, 420, 20, letters=88)
    assert 190 < only(paper).box_pt[1] < 196


def test_what_a_clip_hides_of_another_page_is_not_read() -> None:
    paper = Paper()
    sheet = paper.sheet()
    sheet.prose(60, 80, 8)
    sheet.ops.append("q 60 442 240 180 re W n")
    sheet.image(60, 220, 300, 400, micrograph(360, 480))
    sheet.text(60, 420, "Figure 1. The caption of the article that it was cut from.", 8, "sans")
    sheet.ops.append("Q")
    caption(sheet, 60, 425, "Figure 1.", ["The caption that is seen."])
    sheet.prose(60, 470, 12)
    assert only(paper).caption == "The caption that is seen."


def test_a_soft_mask_is_flattened_on_white() -> None:
    paper = Paper()
    sheet = paper.sheet()
    mask = np.zeros((100, 200), np.uint8)
    mask[:, 100:] = 255
    sheet.image(60, 100, 260, 200, np.full((100, 200, 3), 90, np.uint8), mask)
    sheet.curve(60, 220, 300, 300)
    caption(sheet, 60, 320, "Figure 1.")
    found = pixels(only(paper))
    height, width = found.shape[:2]
    assert found[height // 8, width // 8].tolist() == [255, 255, 255]
    assert abs(int(found[height // 8, int(width * 0.7)].mean()) - 90) < 6


def test_a_figure_may_stand_on_the_page_before_its_caption() -> None:
    paper = Paper()
    paper.sheet().prose(60, 80, 50, letters=88)
    paper.sheet().image(60, 80, 530, 700, micrograph(620, 470))
    sheet = paper.sheet()
    caption(sheet, 60, 80, "Figure 1.")
    sheet.prose(60, 120, 40, letters=88)
    figure = only(paper)
    assert figure.page == 2
    assert overlap(figure.box_pt, (60, 80, 530, 700)) > 0.97


@pytest.mark.parametrize("last", ["figure", "table"])
def test_a_figure_at_the_foot_of_a_page_has_its_caption_at_the_head_of_the_next(last: str) -> None:
    """Word leaves a caption without room to the next page, whose own figure stands right under it."""
    paper = Paper()
    sheet = paper.sheet()
    sheet.prose(60, 80, 8, letters=88)
    if last == "figure":
        sheet.image(60, 200, 300, 350, micrograph(300, 480, seed=1))
        caption(sheet, 60, 364, "Figure 1.")
    else:
        caption(sheet, 60, 200, "Table 1.")
        for row in range(6):
            sheet.rule(60, 225 + 15 * row, 300)
            sheet.text(66, 236 + 15 * row, f"{row}.5", 7, "sans")
            sheet.text(166, 236 + 15 * row, f"{row}2.5", 7, "sans")
    sheet.image(60, 420, 300, 700, micrograph(560, 480, seed=2))
    sheet = paper.sheet()
    caption(sheet, 60, 80, "Figure 2.")
    sheet.image(60, 120, 300, 330, micrograph(420, 480, seed=3))
    caption(sheet, 60, 344, "Figure 3.")
    sheet.prose(60, 400, 20, letters=88)
    sheet = paper.sheet()
    sheet.image(60, 120, 300, 330, micrograph(420, 480, seed=4))
    caption(sheet, 60, 344, "Figure 4.")
    found = {figure.label: (figure.page, overlap(figure.box_pt, box) > 0.97) for figure, box in zip(
        figures(paper)[-3:], [(60, 420, 300, 700), (60, 120, 300, 330), (60, 120, 300, 330)], strict=True)}  # fmt: skip
    assert found == {"Figure 2": (1, True), "Figure 3": (2, True), "Figure 4": (3, True)}


def test_a_manuscript_lists_its_captions_before_its_figures() -> None:
    paper = Paper()
    paper.sheet().prose(60, 80, 50, letters=88)
    sheet = paper.sheet()
    for number in (1, 2, 3):
        caption(sheet, 60, 60 + 60 * number, f"Figure {number}.")
    for number in (1, 2, 3):
        paper.sheet().image(60, 80, 530, 380 + 50 * number, micrograph(300, 470, seed=number))
    found = figures(paper)
    assert [(figure.label, figure.page) for figure in found] == [("Figure 1", 3), ("Figure 2", 4), ("Figure 3", 5)]


def test_a_caption_without_a_figure_is_told_and_has_no_image() -> None:
    paper = Paper()
    sheet = paper.sheet()
    sheet.prose(60, 80, 20, letters=88)
    caption(sheet, 60, 340, "Figure 1.")
    sheet.prose(60, 380, 20, letters=88)
    figure = only(paper)
    assert (figure.origin, figure.image) == ("missing", b"")


def test_a_frame_in_pieces_around_figure_and_caption_is_no_part_of_the_figure() -> None:
    paper = Paper()
    sheet = paper.sheet()
    sheet.prose(60, 80, 8)
    sheet.rounded(50, 190, 310, 420)
    sheet.image(60, 200, 300, 370, micrograph(340, 480))
    caption(sheet, 60, 390, "Figure 1")
    sheet.prose(60, 450, 12)
    figure = only(paper)
    assert figure.origin == "embedded"
    assert overlap(figure.box_pt, (60, 200, 300, 370)) > 0.97


def test_frames_that_begin_at_one_height_on_many_pages_cut_nothing_of_their_figures() -> None:
    """Their upper sides are alike on all pages, as running heads are, and what is left of a frame begins lower."""
    paper = Paper()
    for page in range(4):
        sheet = paper.sheet()
        sheet.rounded(50, 88, 548, 330 + 20 * page)
        sheet.image(140, 94.5, 460, 290, micrograph(390, 640, seed=page))
        sheet.text(58, 315, f"Fig. {page + 1} Grown particles", 7.5, "sans")
        sheet.prose(50, 440, 20, letters=92, seed=page)
    assert [overlap(figure.box_pt, (140, 94.5, 460, 290)) > 0.97 for figure in figures(paper)] == [True] * 4


def test_a_short_caption_may_begin_at_the_edge_of_the_frame_in_whose_middle_its_figure_stands() -> None:
    paper = Paper()
    sheet = paper.sheet()
    sheet.prose(50, 80, 10, letters=92)
    sheet.rounded(50, 210, 548, 470)
    sheet.image(200, 220, 400, 430, micrograph(420, 400))
    sheet.text(58, 455, "Fig. 1 Study design", 7.5, "sans")
    sheet.prose(50, 500, 12, letters=92)
    assert overlap(only(paper).box_pt, (200, 220, 400, 430)) > 0.97


def test_numbers_along_an_axis_are_no_running_text() -> None:
    """A row of them is as long as a line of text, and may be set in its type."""
    paper = Paper()
    sheet = paper.sheet()
    sheet.curve(60, 80, 540, 230)
    for k in range(8):
        sheet.text(70 + 58 * k, 245, f"{5600 + 50 * k}", 9)
    caption(sheet, 60, 270, "Figure 1.")
    sheet.prose(60, 300, 30, letters=88)
    assert overlap(only(paper).box_pt, (62, 79, 545, 246)) > 0.95


def test_captions_of_panels_between_figure_and_caption_belong_to_the_figure() -> None:
    paper = Paper()
    sheet = paper.sheet()
    for column, letter in enumerate("ab"):
        x = 60 + 250 * column
        sheet.image(x, 80, x + 220, 200, micrograph(240, 440, seed=column))
        sheet.block(
            x,
            212,
            [f"({letter}) Particles that were seen after the first", "hour of heating in the bath of silver."],
            8,
        )
    sheet.text(60, 250, "Figure 1. Grown particles after an hour and after a whole day in the bath of silver.", 9)
    sheet.prose(60, 290, 30, letters=88)
    figure = only(paper)
    assert overlap(figure.box_pt, (60, 80, 530, 224)) > 0.95
    part = "Particles that were seen after the first hour of heating in the bath of silver."
    whole = "Grown particles after an hour and after a whole day in the bath of silver."
    assert figure.caption == f"{whole} (a) {part} (b) {part}"


def test_a_remark_between_figure_and_caption_belongs_to_the_figure() -> None:
    paper = Paper()
    sheet = paper.sheet()
    sheet.image(100, 60, 420, 300, micrograph(480, 640))
    sheet.text(100, 325, "N.B.: the first visit includes a detailed discussion of the patient", 9, "sans-bold")
    sheet.text(100, 350, "information sheet and what is expected from the participation.", 9, "sans-bold")
    caption(sheet, 60, 375, "Figure 1.")
    sheet.prose(60, 420, 30, letters=88)
    assert overlap(only(paper).box_pt, (100, 60, 420, 352)) > 0.93


def test_an_axis_apart_from_its_figure_belongs_to_it() -> None:
    paper = Paper()
    sheet = paper.sheet()
    sheet.image(100, 60, 420, 220, micrograph(320, 640))
    sheet.rule(100, 246, 300)
    for k in range(5):
        sheet.box(100 + 50 * k - 0.25, 243, 100 + 50 * k + 0.25, 249, fill="0 0 0")
        sheet.text(96 + 50 * k, 258, str(20 * k), 6, "sans")
    caption(sheet, 100, 282, "Figure 1.")
    sheet.prose(60, 320, 30, letters=88)
    assert overlap(only(paper).box_pt, (96, 60, 420, 258)) > 0.95


def test_a_drawn_letter_at_a_panels_corner_belongs_to_the_figure() -> None:
    paper = Paper()
    sheet = paper.sheet()
    sheet.prose(60, 80, 8, letters=88)
    sheet.box(118, 196, 128, 206, fill="0 0 0")
    sheet.image(145, 220, 400, 400, micrograph(360, 510))
    caption(sheet, 60, 420, "Figure 1.")
    sheet.prose(60, 460, 12, letters=88)
    assert overlap(only(paper).box_pt, (118, 196, 400, 400)) > 0.95


def test_names_under_the_drawings_of_a_figure_with_its_caption_above_are_kept() -> None:
    paper = Paper()
    sheet = paper.sheet()
    y = caption(sheet, 60, 80, "Figure 1.")
    for row in range(2):
        for column in range(2):
            x, top = 80 + 200 * column, y + 15 + 90 * row
            sheet.curve(x, top, x + 150, top + 60)
            sheet.text(x + 40, top + 75, f"{row}(S),{column}(R)-EET", 8, "serif")
    sheet.prose(60, y + 240, 30, letters=88)
    assert only(paper).box_pt[3] == pytest.approx(y + 15 + 90 + 76, abs=4)


def test_text_alone_beside_a_figure_belongs_to_it() -> None:
    paper = Paper()
    sheet = paper.sheet()
    sheet.prose(60, 80, 12, letters=88)
    sheet.image(240, 240, 460, 440, micrograph(400, 440))
    sheet.text(180, 340, "s ....", 14, "sans")
    caption(sheet, 120, 460, "Figure 1.")
    sheet.prose(60, 500, 20, letters=88)
    assert overlap(only(paper).box_pt, (180, 240, 460, 440)) > 0.95


def test_a_table_with_its_caption_beside_it_cuts_no_figure_under_it() -> None:
    paper = Paper()
    sheet = paper.sheet()
    sheet.block(50, 80, ["Table 1 Sizes of", "the particles that", "were grown."], 7.5, "sans")
    for row in range(6):
        sheet.rule(180, 80 + 14 * row, 540)
        for column in range(4):
            sheet.text(190 + 90 * column, 90 + 14 * row, f"{row * column + 1}.5 nm", 7, "sans")
    for column, x in enumerate((50, 310)):
        sheet.prose(x, 190, 18, letters=43, seed=column)
        sheet.curve(x, 420, x + 230, 600)
        caption(sheet, x, 620, f"Fig. {column + 1}")
    first, second = figures(paper)
    assert overlap(first.box_pt, (52, 419, 282, 598)) > 0.94
    assert overlap(second.box_pt, (312, 419, 542, 598)) > 0.94


def test_a_wide_image_over_two_figures_with_its_caption_beside_it_is_not_cut_by_them() -> None:
    paper = Paper()
    sheet = paper.sheet()
    wide = micrograph(500, 720)
    wide[:, 355:375] = 255  # two panels, apart where the figures under them are
    caption(sheet, 50, 80, "Fig. 1", ["Seeds of", "plants in", "two years."])
    sheet.image(180, 60, 540, 310, wide)
    for column, x in enumerate((50, 320)):
        sheet.image(x, 340, x + 210, 520, micrograph(360, 420, seed=column + 1))
        caption(sheet, x, 536, f"Fig. {column + 2}")
    sheet.prose(50, 590, 16, letters=43)
    sheet.prose(310, 590, 16, letters=43, seed=3)
    first, second, third = figures(paper)
    assert overlap(first.box_pt, (180, 60, 540, 310)) > 0.97
    assert overlap(second.box_pt, (50, 340, 260, 520)) > 0.97
    assert overlap(third.box_pt, (320, 340, 530, 520)) > 0.97


def test_the_table_of_another_page_is_no_figure() -> None:
    """A manuscript: captions over their figures, tables on pages of their own, all of it double-spaced."""
    paper = Paper()
    paper.sheet().block(60, 80, flush(22, 80, 1), 10, leading=2.2)
    table = paper.sheet()
    table.text(60, 80, "Table 1. Sizes of the particles.", 10)
    for row in range(20):
        table.rule(60, 110 + 20 * row, 500)
        for column in range(5):
            table.text(70 + 90 * column, 124 + 20 * row, f"{row * column}.5", 9)
    sheet = paper.sheet()
    lines = ["Figure 1: Panel A - a map of the places at which the particles were", "found. Panel B - a tree."]
    sheet.block(60, 80, lines, 10, leading=2.2)
    sheet.image(200, 200, 380, 420, micrograph(440, 360))
    figure = only(paper)
    assert (figure.page, figure.caption) == (
        3,
        "Panel A - a map of the places at which the particles were found. Panel B - a tree.",
    )
    assert overlap(figure.box_pt, (200, 200, 380, 420)) > 0.97


def test_the_same_picture_on_two_pages_is_two_figures() -> None:
    paper = Paper()
    for number in (1, 2):
        sheet = paper.sheet()
        sheet.prose(60, 80, 8)
        sheet.image(60, 220, 260, 370, micrograph(300, 400))
        caption(sheet, 60, 385, f"Figure {number}.")
        sheet.prose(60, 430, 12)
    assert [(figure.page, figure.origin) for figure in figures(paper)] == [(1, "embedded"), (2, "embedded")]


def test_a_flow_chart_of_framed_sentences_is_a_figure() -> None:
    paper = Paper()
    sheet = paper.sheet()
    words = "studies that were found by a search of the data base"
    for row in range(4):
        top = 80 + 60 * row
        sheet.box(180, top, 460, top + 34)
        sheet.block(188, top + 13, [words, "and what was left of them"], size=9)
        if row < 3:
            sheet.ops.append(f"1 w 320 {842 - top - 34} m 320 {842 - top - 60} l S")
    caption(sheet, 190, 315, "Figure 1.", ["Flow chart of the search."])
    sheet.prose(60, 380, 30, letters=88)
    figure = only(paper)
    assert figure.image
    assert overlap(figure.box_pt, (180, 80, 460, 294)) > 0.9


@pytest.mark.parametrize("corners", ["re", "l"])
def test_a_flow_chart_whose_boxes_are_one_path_is_a_figure(corners: str) -> None:
    paper = Paper()
    sheet = paper.sheet()
    words = "studies that were found by a search of the data base"
    path = ""
    for row in range(4):
        top = 80 + 60 * row
        if corners == "re":
            path += f"180 {842 - top - 34} 280 34 re "
        else:
            path += f"180 {842 - top} m 460 {842 - top} l 460 {842 - top - 34} l 180 {842 - top - 34} l h "
        path += f"320 {842 - top - 34} m 320 {842 - top - 60} l " if row < 3 else ""
        sheet.block(188, top + 13, [words, "and what was left of them"], size=9)
    sheet.ops.append(f"q 0.5 w 0 0 0 RG {path} S Q")
    caption(sheet, 190, 315, "Figure 1.", ["Flow chart of the search."])
    sheet.prose(60, 380, 30, letters=88)
    figure = only(paper)
    assert figure.image
    assert overlap(figure.box_pt, (180, 80, 460, 294)) > 0.9


def test_what_a_table_ends_with_is_not_continued_at_the_head_of_the_next_page() -> None:
    paper = Paper()
    sheet = paper.sheet()
    sheet.prose(60, 60, 50, letters=88)
    caption(sheet, 60, 715, "Table 1.", ["Strategy of the search", "Population: everyone with silver at home"])
    sheet = paper.sheet()
    sheet.block(188, 60, ["175 articles were found in two data bases"], size=7.5, font="sans")
    sheet.box(180, 45, 460, 75)
    sheet.curve(180, 90, 460, 240)
    caption(sheet, 190, 262, "Figure 1.", ["Flow chart of the search."])
    sheet.prose(60, 330, 30, letters=88)
    assert overlap(only(paper).box_pt, (180, 45, 460, 240)) > 0.9


def test_a_chart_of_one_row_is_a_figure() -> None:
    paper = Paper()
    sheet = paper.sheet()
    sheet.prose(60, 80, 8, letters=88)
    for x in (60, 130, 200):
        sheet.box(x, 200, x + 50, 216)
        sheet.rule(x + 50, 208, x + 70)
    sheet.text(60, 236, "Figure 1. From cause to effect.", 8, "sans")
    sheet.prose(60, 260, 20, letters=88)
    (figure,) = extract(paper.bytes()).figures
    assert figure.box_pt == pytest.approx((60, 200, 270, 216), abs=2)


def test_a_table_that_is_an_image_over_its_caption_leaves_the_plot_under_it_to_the_figure() -> None:
    paper = Paper()
    sheet = paper.sheet()
    sheet.image(60, 60, 290, 140, micrograph(160, 460))
    sheet.text(60, 152, "Table 2: Robustness and quality.", 8, "sans")
    sheet.curve(60, 166, 290, 250)
    sheet.text(60, 266, "Figure 1: Convergence under loss of messages.", 8, "sans")
    sheet.prose(60, 300, 20, letters=88)
    (figure,) = extract(paper.bytes()).figures
    x0, y0, x1, y1 = figure.box_pt
    assert (x0, y0, x1, y1) == pytest.approx((60, 166, 290, 250), abs=8)


def test_an_image_beside_its_caption_is_not_a_tables_under_it() -> None:
    paper = Paper()
    sheet = paper.sheet()
    caption(sheet, 60, 80, "Fig. 1.", ["Profiles of all", "kinds that were", "grown."])
    sheet.image(195, 74, 530, 330, micrograph(500, 700))
    sheet.text(60, 354, "Table 2. Numbers of all the kinds that were seen in the profiles.", 7.5, "sans")
    sheet.rule(60, 360, 530)
    for row in range(5):
        sheet.text(60, 372 + 12 * row, f"Kind {row}", 7.5, "sans")
        sheet.text(300, 372 + 12 * row, f"{row * 7}", 7.5, "sans")
    sheet.rule(60, 430, 530)
    sheet.prose(60, 470, 25, letters=88)
    figure = only(paper)
    assert figure.image
    assert overlap(figure.box_pt, (195, 74, 530, 330)) > 0.9


def test_a_drawing_in_the_next_column_is_not_the_figure_of_a_caption_under_its_image() -> None:
    paper = Paper()
    page = paper.sheet()
    page.image(113, 56, 227, 156, micrograph(200, 228))
    page.block(51, 172, ["Figure 1. Pressures on the sphere at a distance r", "from its centre."], 8)
    page.prose(51, 230, 30, letters=44)
    page.prose(307, 60, 2, letters=44)
    page.curve(272, 92, 544, 300)
    page.prose(307, 310, 30, letters=44)
    (figure,) = extract(paper.bytes()).figures
    assert figure.box_pt == pytest.approx((113, 56, 227, 156), abs=3)


@pytest.mark.parametrize("inset", [7.0, 9.0, 14.0])
def test_a_narrow_frame_with_round_corners_is_no_part_of_a_figure_that_fills_it(inset: float) -> None:
    paper = Paper()
    sheet = paper.sheet()
    sheet.rounded(50, 80, 290, 330)
    sheet.curve(50 + inset, 80 + inset, 290 - inset, 280)
    sheet.text(53, 92, "a", 9, "sans-bold")
    caption(sheet, 60, 300, "Figure 1.")
    sheet.prose(50, 360, 30, letters=43)
    sheet.prose(310, 80, 55, letters=43, seed=4)
    box = only(paper).box_pt
    assert box[3] < 290
    assert box[0] > 52
    assert overlap(box, (53, 84, 290 - inset, 279)) > 0.93


@pytest.mark.parametrize("gap", [16, 25, 40])
def test_a_panel_near_the_caption_of_another_figure_stays_with_its_own(gap: float) -> None:
    paper = Paper()
    sheet = paper.sheet()
    sheet.curve(120, 70, 500, 250)
    caption(sheet, 50, 270, "Figure 1.")
    sheet.image(60, 310, 280, 440, micrograph(130, 220))
    sheet.text(165, 450, "(a)", 8, "sans")
    sheet.image(60, 440 + gap, 280, 570 + gap, micrograph(130, 220, 2))
    sheet.text(165, 580 + gap, "(b)", 8, "sans")
    sheet.prose(310, 310, 40, letters=43)
    caption(sheet, 50, 600 + gap, "Figure 2.")
    first, second = figures(paper)
    assert overlap(first.box_pt, (120, 69, 505, 250)) > 0.93
    assert overlap(second.box_pt, (60, 310, 280, 582 + gap)) > 0.95


@pytest.mark.parametrize("long", [False, True])
def test_captions_of_panels_cut_no_figure_whose_caption_stands_over_it(long: bool) -> None:
    paper = Paper()
    sheet = paper.sheet()
    sheet.text(200, 90, "Figure 1: Spatial distribution of variables", 9)
    for place, letter in enumerate("abcdef"):
        x, y = 80 + 230 * (place % 2), 110 + 190 * (place // 2)
        sheet.image(x, y, x + 200, y + 150, micrograph(150, 200, place))
        name = f"({letter}) Mean of all values" if long else f"({letter}) Mean values"
        sheet.text(x + 100 - 2.7 * len(name), y + 165, name, 9)
    sheet.prose(60, 700, 8, letters=88)
    assert overlap(only(paper).box_pt, (80, 110, 510, 660)) > 0.95


def test_a_list_in_the_text_under_a_figure_is_no_caption_of_panels() -> None:
    paper = Paper()
    sheet = paper.sheet()
    sheet.text(60, 90, "Figure 1: Grown particles", 9)
    sheet.image(60, 110, 500, 300, micrograph(190, 440))
    sheet.block(60, 315, ["(a) the first of all that", *flush(20, 88, 3)])
    assert overlap(only(paper).box_pt, (60, 110, 500, 300)) > 0.95


@pytest.mark.parametrize("font", ["sans", "serif"])
def test_the_long_title_of_a_plot_belongs_to_it(font: str) -> None:
    paper = Paper()
    sheet = paper.sheet()
    sheet.prose(60, 80, 10, letters=88)
    sheet.text(100, 236, "Time scale ratio of values that are sampled along the simulated thermal boundary", 6.5, font)
    sheet.curve(60, 242, 420, 420)
    caption(sheet, 60, 440, "Figure 1.")
    sheet.prose(60, 480, 25, letters=88)
    paper.sheet().prose(60, 80, 40, letters=88)
    assert only(paper).box_pt[1] < 233


def test_strokes_of_letters_in_the_next_column_of_a_scan_are_no_part_of_a_figure() -> None:
    paper = Paper()
    sheet = paper.sheet()
    sheet.curve(60, 80, 250, 250)
    for y in range(85, 250, 25):
        sheet.box(308, y, 309.5, y + 20, fill="0 0 0")
    sheet.prose(312, 80, 30, letters=43)
    caption(sheet, 60, 270, "Figure 1.")
    sheet.prose(60, 320, 30, letters=43)
    assert only(paper).box_pt[2] < 260


@pytest.mark.parametrize("gap", [60, 75, 90])
def test_panels_far_apart_with_the_letter_of_one_between_them_are_one_figure(gap: float) -> None:
    paper = Paper()
    sheet = paper.sheet()
    sheet.prose(60, 60, 5, letters=88)
    sheet.image(120, 130, 420, 290, micrograph(160, 300))
    sheet.text(262, 310, "(a)", 9, "sans")
    sheet.image(120, 290 + gap, 420, 450 + gap, micrograph(160, 300, 2))
    sheet.text(262, 465 + gap, "(b)", 9, "sans")
    caption(sheet, 60, 490 + gap, "Figure 1.")
    sheet.prose(60, 530 + gap, 12, letters=88)
    assert overlap(only(paper).box_pt, (120, 130, 420, 466 + gap)) > 0.95


def test_an_accent_over_the_first_line_of_a_caption_is_no_part_of_the_figure() -> None:
    paper = Paper()
    sheet = paper.sheet()
    sheet.curve(60, 100, 420, 300)
    sheet.text(260, 309, "^", 7, "sans")
    caption(sheet, 60, 314, "Figure 1.")
    sheet.prose(60, 360, 20, letters=88)
    assert only(paper).box_pt[3] < 309


def test_a_panels_letter_at_one_height_on_many_pages_is_no_running_head() -> None:
    paper = Paper()
    for page in range(1, 4):
        sheet = paper.sheet()
        sheet.text(200, 40, "Growth of silver", 8, "sans")
        sheet.text(62, 66, "A", 10, "sans-bold")
        sheet.image(60, 70, 300, 220, micrograph(150, 240, page))
        caption(sheet, 60, 235, f"Figure {page}.")
        sheet.prose(60, 280, 10, letters=88, seed=page)
    assert [figure.box_pt[1] < 61 for figure in figures(paper)] == [True] * 3


@pytest.mark.parametrize("words", ["ACCEPTED MANUSCRIPT", "Draft"])
def test_a_watermark_is_no_part_of_the_figures_that_it_crosses(words: str) -> None:
    paper = Paper()
    images = [micrograph(300, 480, seed) for seed in range(3)]
    for number in range(3):
        sheet = paper.sheet()
        sheet.prose(60, 80, 6, letters=88, seed=number)
        sheet.image(180, 200, 420, 350, images[number])
        sheet.text(180, 364, f"Figure {number + 1}. Grains at step {number + 1} of the growth.", 7.5, "sans")
        sheet.curve(180, 420 + 6 * number, 420, 560)
        sheet.text(180, 574, f"Figure {number + 4}. Intensity at step {number + 1} of the growth.", 7.5, "sans")
        sheet.prose(60, 640, 8, letters=88, seed=number + 5)
        sheet.text(160, 480, words, 40, "sans-bold", angle=45)
    found = figures(paper)
    assert len(found) == 6
    for figure, sent in zip(found[:3], images, strict=True):
        assert figure.box_pt == pytest.approx((180, 200, 420, 350), abs=3)
        assert np.array_equal(pixels(figure), sent)
    for number, figure in enumerate(found[3:]):
        assert overlap(figure.box_pt, (182, 420 + 6 * number, 422, 558)) > 0.95


def test_slanted_words_of_one_page_belong_to_its_figure() -> None:
    paper = Paper()
    for number in range(3):
        sheet = paper.sheet()
        sheet.prose(60, 80, 6, letters=88, seed=number)
        if number == 1:
            sheet.curve(180, 200, 420, 350)
            sheet.text(190, 198, "Silver", 24, "sans", angle=45)
            sheet.text(180, 364, "Figure 1. Intensity at all of the temperatures.", 7.5, "sans")
        sheet.prose(60, 480, 20, letters=88, seed=number + 5)
    (figure,) = figures(paper)
    assert figure.box_pt[1] < 160


def test_a_panel_over_the_figure_of_another_caption_stays_with_its_row() -> None:
    """A wide figure's short caption stands under its left panels alone, and the next row's figures under all."""
    paper = Paper()
    sheet = paper.sheet()
    panels = micrograph(450, 950)
    panels[210:250] = panels[:, 450:510] = 255
    sheet.image(60, 80, 535, 305, panels)
    caption(sheet, 60, 320, "Figure 1.", ["Signals."])
    for column in range(2):
        sheet.image(60 + 250 * column, 340, 285 + 250 * column, 500 + 16 * column, micrograph(320, 450, column))
        caption(
            sheet, 60 + 250 * column, 514 + 16 * column, f"Figure {column + 2}.", ["Paths of the vehicles in flight."]
        )
    sheet.prose(60, 580, 10, letters=88)
    first, second, third = figures(paper)
    assert overlap(first.box_pt, (60, 80, 535, 305)) > 0.97
    assert overlap(second.box_pt, (60, 340, 285, 500)) > 0.97
    assert overlap(third.box_pt, (310, 340, 535, 516)) > 0.97


def test_formulas_in_the_next_column_are_no_part_of_a_figure() -> None:
    paper = Paper()
    sheet = paper.sheet()
    sheet.prose(60, 80, 10, letters=40)
    for row in range(5):
        sheet.text(70, 215 + 26 * row, f"x{row} = a{row} + b{row}", 9, "slanted")
        sheet.text(270, 215 + 26 * row, f"({row})", 9, "serif")
    sheet.prose(60, 360, 20, letters=40)
    sheet.image(292, 200, 535, 330, micrograph(260, 486))
    caption(sheet, 292, 344, "Figure 1.", ["Block diagram of the control."])
    sheet.prose(292, 80, 8, letters=45, seed=2)
    sheet.prose(292, 380, 20, letters=45, seed=3)
    assert overlap(only(paper).box_pt, (292, 200, 535, 330)) > 0.97


def test_a_short_caption_at_the_edge_of_a_page_without_text_has_the_figure_in_its_middle() -> None:
    paper = Paper()
    paper.sheet().prose(60, 80, 50, letters=88)
    sheet = paper.sheet()
    sheet.curve(190, 290, 430, 520)
    caption(sheet, 60, 560, "Figure 1.", ["Signals."])
    assert overlap(only(paper).box_pt, (192, 290, 432, 518)) > 0.95


def test_a_formula_at_the_foot_of_a_page_is_not_the_figure_that_stands_beside_its_caption_on_the_next() -> None:
    paper = Paper()
    for number in range(3):
        sheet = paper.sheet()
        caption(sheet, 60, 80, f"Figure {number + 1}.", ["Response of the", "angles to it."])
        sheet.image(200, 74, 535, 420, micrograph(346, 335, number))
        sheet.prose(60, 460, 14, letters=88, seed=number)
        sheet.text(220, 700, "x = a + b / (c + d)", 12, "slanted")
        sheet.rule(236, 690, 300)
        sheet.rule(236, 708, 320)
        sheet.text(220, 760, "y = f + g / (h + k)", 12, "slanted")
    assert [figure.page for figure in figures(paper)] == [1, 2, 3]
    assert all(overlap(figure.box_pt, (200, 74, 535, 420)) > 0.97 for figure in figures(paper))


def test_an_image_with_white_between_its_panels_is_one_figure() -> None:
    """The caption stands beside the upper panel; the lower one is nearer to the caption of the next figure."""
    paper = Paper()
    sheet = paper.sheet()
    panels = micrograph(560, 720)
    panels[240:300] = 255
    caption(sheet, 60, 86, "Figure 1.", ["Estimates of", "the errors."])
    sheet.image(180, 80, 535, 356, panels)
    sheet.image(90, 372, 500, 640, micrograph(536, 820, seed=2))
    caption(sheet, 60, 654, "Figure 2.", ["Position and attitude of the vehicle."])
    sheet.prose(60, 700, 6, letters=88)
    first, second = figures(paper)
    assert overlap(first.box_pt, (180, 80, 535, 356)) > 0.97
    assert overlap(second.box_pt, (90, 372, 500, 640)) > 0.97


@pytest.mark.parametrize("letters", ["AB", "ab"])
@pytest.mark.parametrize("gap", [12, 28])
def test_a_row_of_letters_over_a_figure_is_its_own(letters: str, gap: float) -> None:
    paper = Paper()
    sheet = paper.sheet()
    sheet.text(240, 50, "H Sada et al", 8, "serif")
    for x, letter in zip((62, 200), letters, strict=True):
        sheet.text(x, 120 - gap, letter, 11, "sans-bold")
        sheet.image(x, 120, x + 120, 260, micrograph(280, 240, seed=int(x)))
    caption(sheet, 60, 276, "Figure 1.")
    sheet.prose(60, 330, 25, letters=88)
    assert only(paper).box_pt[1] == pytest.approx(120 - gap - 8, abs=3)


@pytest.mark.parametrize("word", ["K", "C"])
def test_a_single_letter_apart_over_a_figure_is_not(word: str) -> None:
    paper = Paper()
    sheet = paper.sheet()
    sheet.text(62, 86, word, 11, "sans-bold")
    sheet.image(60, 120, 300, 260, micrograph(280, 480))
    caption(sheet, 60, 276, "Figure 1.")
    sheet.prose(60, 330, 25, letters=88)
    assert only(paper).box_pt[1] == pytest.approx(120, abs=3)


def test_a_bold_label_at_the_edge_of_a_column_is_no_heading() -> None:
    """It is smaller than the text, and no text stands under it: the label of a row of arrows under an axis."""
    paper = Paper()
    sheet = paper.sheet()
    sheet.curve(66, 90, 298, 240)
    sheet.text(60, 253, "Oxaliplatin", 7.5, "sans-bold")
    sheet.text(140, 262, "Treatment each day", 7.5, "sans-bold")
    for x in (120, 150, 180):
        sheet.box(x, 246, x + 4, 254, "0 0 0")
    sheet.rule(110, 266, 250)
    caption(sheet, 60, 300, "Figure 1.")
    sheet.prose(60, 360, 30, letters=44)
    sheet.prose(320, 90, 55, letters=44, seed=3)
    assert only(paper).box_pt == pytest.approx((60, 90, 298, 267), abs=6)


def test_titles_of_columns_that_several_figures_have_are_no_running_heads() -> None:
    paper = Paper()
    for number in range(12):
        sheet = paper.sheet()
        sheet.text(60, 40, f"The Journal of Particles {280 + number}", 8, "serif")
        if number in (3, 4, 5):
            for x, title in ((80, "A both<0.05"), (200, "B sum<0.3")):
                sheet.text(x, 66, title, 7.5, "sans")
                sheet.image(x - 20, 76, x + 90, 216, micrograph(280, 220, seed=number + x))
            caption(sheet, 60, 232, f"Figure {number - 2}.")
            sheet.prose(60, 290, 30, letters=88, seed=number)
        else:
            sheet.prose(60, 80, 50, letters=88, seed=number)
    found = figures(paper)
    assert [figure.label for figure in found] == ["Figure 1", "Figure 2", "Figure 3"]
    assert all(figure.box_pt[1] == pytest.approx(60, abs=3) for figure in found)
