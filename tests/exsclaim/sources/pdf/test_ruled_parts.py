"""Frames over captions hold a figure's words, and a table's last rule parts it from a figure right under it."""

import io

import numpy as np
import pytest
from PIL import Image

from exsclaim.sources.pdf.article.pdf_article import PdfFigure
from exsclaim.sources.pdf.extraction import extract
from tests.exsclaim.sources.pdf.paper import Paper, Sheet, flush, micrograph


def only(paper: Paper) -> PdfFigure:
    (figure,) = extract(paper.bytes()).figures
    return figure


def framed(sheet: Sheet, kind: str, x0: float, y0: float, x1: float, y1: float) -> None:
    if kind == "outline":
        sheet.box(x0, y0, x1, y1)
        return
    for y in (y0, y1):
        sheet.rule(x0, y, x1)
    for x in (x0, x1):
        sheet.ops.append(f"0.5 w 0 0 0 RG {x} {842 - y0} m {x} {842 - y1} l S")


@pytest.mark.parametrize("kind", ["outline", "rules"])
@pytest.mark.parametrize("right", [300, 535])
def test_words_in_a_frame_over_a_caption_are_the_figure(kind: str, right: float) -> None:
    paper = Paper()
    sheet = paper.sheet()
    sheet.prose(60, 80, 10, letters=88)
    framed(sheet, kind, 60, 220, right, 340)
    sheet.text(66, 234, "First list of headings", 9, "bold")
    sheet.block(66, 250, flush(6, int((right - 72) / 5.4), seed=3), 9)
    sheet.block(60, 356, ["Figure 1. The steps of the work in order.", "They are run one by one."], 7.5, "sans")
    sheet.prose(60, 420, 20, letters=88, seed=7)
    figure = only(paper)
    assert figure.caption == "The steps of the work in order. They are run one by one."
    assert figure.box_pt == pytest.approx((60, 220, right, 340), abs=3)


def test_a_frame_of_text_away_from_captions_is_no_figure() -> None:
    paper = Paper()
    sheet = paper.sheet()
    framed(sheet, "outline", 55, 70, 540, 190)
    sheet.prose(60, 84, 9, letters=88)
    sheet.image(60, 230, 300, 350, micrograph(240, 480))
    sheet.block(60, 364, ["Figure 1. Particles after growth."], 7.5, "sans")
    sheet.prose(60, 420, 20, letters=88, seed=7)
    assert only(paper).box_pt == pytest.approx((60, 230, 300, 350), abs=3)


def table(sheet: Sheet, x0: float, x1: float, top: float, is_titled_below_label: bool = False) -> float:
    """A table of three rules and four rows under its caption; y of its last rule."""
    sheet.text(x0, top, "Table 1." if is_titled_below_label else "Table 1. Sizes of particles.", 7.5, "sans")
    if is_titled_below_label:
        sheet.text(x0, top + 11, "SIZES OF PARTICLES AT EACH STEP", 7, "sans")
        top += 11
    for y in (top + 6, top + 18, top + 64):
        sheet.rule(x0, y, x1)
    for row in range(5):
        for column in range(3):
            sheet.text(x0 + 4 + (x1 - x0) / 3 * column, top + 15 + 11.5 * row, f"{row}.{column}{row} nm", 7, "sans")
    return top + 64


@pytest.mark.parametrize("gap", [2, 5, 9, 20])
@pytest.mark.parametrize("is_titled_below_label", [False, True])
@pytest.mark.parametrize("drawing", ["curve", "image"])
def test_a_table_right_over_a_figure_is_no_part_of_it(gap: float, is_titled_below_label: bool, drawing: str) -> None:
    paper = Paper()
    sheet = paper.sheet()
    sheet.prose(60, 80, 8, letters=44)
    last = table(sheet, 60, 300, 190, is_titled_below_label)
    top = last + gap
    if drawing == "curve":
        sheet.curve(60, top, 298, top + 150)
    else:
        sheet.image(60, top, 300, top + 150, micrograph(300, 480))
    sheet.block(60, top + 166, ["Figure 1. Particles after growth."], 7.5, "sans")
    sheet.prose(60, top + 220, 12, letters=44, seed=7)
    found = only(paper).box_pt
    assert found[1] == pytest.approx(top, abs=3)
    assert found[3] == pytest.approx(top + 150, abs=4)


def test_a_table_with_rules_between_all_rows_is_whole_and_takes_no_figure_with_it() -> None:
    paper = Paper()
    sheet = paper.sheet()
    sheet.prose(60, 80, 8, letters=44)
    last = table(sheet, 60, 300, 190)
    for y in (219.5, 231, 242.5):
        sheet.rule(60, y, 300)
    sheet.image(60, last + 8, 300, last + 158, micrograph(300, 480))
    sheet.block(60, last + 172, ["Figure 1. Particles after growth."], 7.5, "sans")
    assert only(paper).box_pt == pytest.approx((60, last + 8, 300, last + 158), abs=3)


@pytest.mark.parametrize("cells", [1, 3])
@pytest.mark.parametrize("has_second", [False, True])
def test_a_table_with_a_tinted_head_and_one_rule_ends_there(cells: int, has_second: bool) -> None:
    """ACS tints the head, and a second table under the figure has rules of the same length."""
    paper = Paper()
    sheet = paper.sheet()
    for top in (90, 400) if has_second else (90,):
        sheet.text(60, top, f"Table {1 + (top > 90)}. Sizes of particles.", 7.5, "sans")
        for cell in range(cells):
            across = 240 / cells
            sheet.box(60 + across * cell, top + 6, 60 + across * (cell + 1), top + 18, "0.9 0.9 0.9")
        sheet.rule(60, top + 64, 300)
        for row in range(5):
            for column in range(3):
                sheet.text(64 + 80 * column, top + 15 + 11.5 * row, f"{row}.{column}{row} nm", 7, "sans")
    sheet.image(60, 160, 300, 310, micrograph(300, 480))
    sheet.block(60, 324, ["Figure 1. Particles after growth."], 7.5, "sans")
    sheet.prose(60, 500, 20, letters=44, seed=7)
    assert only(paper).box_pt == pytest.approx((60, 160, 300, 310), abs=3)


@pytest.mark.parametrize("is_drawn", [False, True])
def test_a_caption_in_a_free_corner_of_a_figure_cuts_nothing_off_and_is_not_in_its_image(is_drawn: bool) -> None:
    paper = Paper()
    sheet = paper.sheet()
    pixels = np.full((600, 480, 3), 255, np.uint8)
    pixels[8:460, 8:472] = micrograph(452, 464)
    pixels[460:592, 8:200] = micrograph(132, 192, seed=1)
    if is_drawn:  # drawn in two pieces, and so not one image that can be taken as it is
        sheet.image(60, 80, 540, 380, pixels[:300])
        sheet.image(60, 380, 540, 680, pixels[300:])
    else:
        sheet.image(60, 80, 540, 680, pixels)
    sheet.block(
        330,
        560,
        ["Figure 1. Grown particles of silver", "as they are seen from above", "after all steps."],
        7.5,
        "sans",
    )
    sheet.prose(60, 700, 8, letters=88)
    figure = only(paper)
    assert figure.caption == "Grown particles of silver as they are seen from above after all steps."
    assert figure.box_pt == pytest.approx((68, 88, 532, 672), abs=10)
    with Image.open(io.BytesIO(figure.image)) as image:
        grey = np.asarray(image.convert("L"))
    corner = grey[int(0.82 * len(grey)) : int(0.95 * len(grey)), grey.shape[1] // 2 :]
    assert corner.min() > 240


@pytest.mark.parametrize("many", [4, 12])
def test_a_listing_between_rules_over_its_caption_is_its_figure(many: int) -> None:
    paper = Paper()
    sheet = paper.sheet()
    sheet.prose(60, 60, 6, letters=80)
    sheet.rule(60, 150, 492)
    steps = [
        "for all states of the layer that were not seen do",
        "insert the state and its roots",
        "end for of all states",
    ]
    bottom = sheet.block(70, 164, (steps * 4)[:many], 9)
    sheet.rule(60, bottom, 492)
    sheet.text(180, bottom + 14, "Figure 1. The basic algorithm.", 9)
    sheet.prose(60, bottom + 50, 20, letters=80)
    [figure] = extract(paper.bytes()).figures
    x0, y0, _, y1 = figure.box_pt
    assert x0 < 72
    assert y0 < 160
    assert y1 == pytest.approx(bottom, abs=4)


def test_running_text_between_rules_over_a_caption_stays_text() -> None:
    paper = Paper()
    sheet = paper.sheet()
    sheet.rule(60, 50, 492)
    sheet.prose(60, 64, 8, letters=80)
    sheet.rule(60, 165, 492)
    sheet.text(60, 178, "Figure 1. Grown particles.", 7.5, "sans")
    sheet.image(60, 186, 300, 336, micrograph(300, 480))
    sheet.prose(60, 360, 20, letters=80)
    [figure] = extract(paper.bytes()).figures
    assert figure.box_pt[1] > 180


def test_a_thick_line_is_the_ground_of_a_caption() -> None:
    """OUP's Neurosurgery strokes the ground of a framed caption as one line as thick as the caption is high."""
    paper = Paper()
    sheet = paper.sheet()
    sheet.prose(60, 80, 8, letters=88)
    for x0, y0, x1, y1 in [(60, 190, 536, 192), (60, 406, 536, 408), (60, 190, 62, 408), (534, 190, 536, 408)]:
        sheet.box(x0, y0, x1, y1, "0.8 0.1 0.1")
    sheet.image(70, 200, 526, 350, micrograph(300, 900))
    sheet.ops.append(f"q 46 w 0.8 0.8 0.8 RG 62 {842 - 383} m 534 {842 - 383} l S Q")
    sheet.block(
        68,
        374,
        ["FIGURE 1. Particles after growth in the bath and in the other bath of oil at low", "heat."],
        8,
        "sans",
    )
    sheet.prose(60, 440, 20, letters=88, seed=7)
    assert only(paper).box_pt == pytest.approx((70, 200, 526, 350), abs=3)


def rows(sheet: Sheet, top: float, is_in_grid: bool) -> float:
    """Four rows between rules, or in a grid; y of the last line."""
    for y in (top, top + 14, top + 64):
        sheet.rule(60, y, 290)
    if is_in_grid:
        sheet.box(60, top, 290, top + 64)
    for row in range(5):
        for column in range(3):
            sheet.text(64 + 76 * column, top + 11 + 12 * row, f"{row}.{column}{row} nm", 7, "sans")
    return top + 64


@pytest.mark.parametrize("has_grid", [False, True])
@pytest.mark.parametrize("is_in_grid", [False, True])
@pytest.mark.parametrize(("gap", "below"), [(8, 12), (8, 30), (15, 25), (30, 12)])
def test_a_plot_under_the_caption_of_the_table_over_it_is_a_figure(
    has_grid: bool, is_in_grid: bool, gap: float, below: float
) -> None:
    paper = Paper()
    sheet = paper.sheet()
    last = rows(sheet, 80, is_in_grid)
    sheet.text(60, last + 14, "Table 1. Sizes of particles.", 7.5, "sans")
    top = last + 16 + gap
    sheet.curve(60, top, 290, top + 150)
    for y in range(0, 125, 25) if has_grid else ():
        sheet.rule(90, top + y, 290)
    sheet.text(60, top + 150 + below, "Figure 1. Intensity over temperature.", 7.5, "sans")
    sheet.prose(60, top + 180 + below, 20, letters=44, seed=7)
    sheet.prose(310, 80, 50, letters=43, seed=3)
    assert only(paper).box_pt == pytest.approx((60, top, 290, top + 150), abs=6)


@pytest.mark.parametrize("is_in_grid", [False, True])
@pytest.mark.parametrize("tables", [1, 2])
def test_a_table_under_its_caption_is_not_the_figure_of_the_caption_under_it(is_in_grid: bool, tables: int) -> None:
    paper = Paper()
    sheet = paper.sheet()
    last = sheet.prose(60, 80, 8, letters=44)
    for number in range(1, tables + 1):
        sheet.text(60, last + 20, f"Table {number}. Sizes of particles.", 7.5, "sans")
        last = rows(sheet, last + 26, is_in_grid)
    sheet.text(60, last + 20, "Figure 1. Intensity over temperature.", 7.5, "sans")
    sheet.prose(60, last + 60, 20, letters=44, seed=7)
    assert only(paper).origin == "missing"
