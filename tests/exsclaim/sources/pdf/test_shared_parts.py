"""Plots of one size in one place of several pages, and what is the page's in spite of a drawing near it."""

import random

import pytest

from exsclaim.geometry import Box
from exsclaim.sources.pdf.extraction import extract
from exsclaim.sources.pdf.graphics.page_graphics import Graphic
from exsclaim.sources.pdf.graphics.shared_parts import parts_of_drawings
from tests.exsclaim.sources.pdf.paper import HEIGHT, Paper, Sheet

PAGE = Box(0, 0, 595, 842)


def plot(sheet: Sheet, box: Box, seed: int, *, is_one_frame: bool, drawn: str) -> None:
    """Axes that all plots share, and bars, dots or a curve in the middle of them."""
    top, bottom = HEIGHT - box.y0, HEIGHT - box.y1
    if is_one_frame:
        sheet.box(*box.corners)
    else:
        for line in (
            f"{box.x0} {top} m {box.x1} {top}", f"{box.x0} {bottom} m {box.x1} {bottom}",
            f"{box.x0} {top} m {box.x0} {bottom}", f"{box.x1} {top} m {box.x1} {bottom}",
        ):  # fmt: skip
            sheet.ops.append(f"0.5 w {line} l S")
    made = random.Random(seed)
    inner = [(box.x0 + (0.3 + 0.4 * k / 10) * box.width, box.y0 + (0.5 + 0.3 * made.random()) * box.height)
             for k in range(11)]  # fmt: skip
    if drawn == "curve":
        sheet.ops.append(" ".join(f"{x} {HEIGHT - y} {'l' if k else 'm'}" for k, (x, y) in enumerate(inner)) + " S")
    for x, y in inner if drawn != "curve" else []:
        sheet.box(x, y, x + 4, box.y1 if drawn == "bars" else y + 4, fill="0 0 0.5")
    for k in range(6):
        sheet.text(box.x0 + box.width * k / 5 - 6, box.y1 + 9, str(20 * k), 6, "sans")


@pytest.mark.parametrize("top", [60, 300])
@pytest.mark.parametrize("is_one_frame", [True, False])
@pytest.mark.parametrize("drawn", ["curve", "bars", "dots"])
def test_axes_in_one_place_of_several_pages_are_of_their_figures(top: int, is_one_frame: bool, drawn: str) -> None:
    paper = Paper()
    axes = Box(150, top, 480, top + 200)
    for number in range(1, 5):
        sheet = paper.sheet()
        sheet.text(250, 30, "Jones et al.", 8)
        sheet.rule(50, 36, 545)
        plot(sheet, axes, number, is_one_frame=is_one_frame, drawn=drawn)
        sheet.text(60, top + 235, f"Figure {number}. Sizes of the particles that were grown on the film.", 8, "sans")
        sheet.prose(50, top + 300, 10, letters=80)
    figures = extract(paper.bytes()).figures
    assert [figure.label for figure in figures] == ["Figure 1", "Figure 2", "Figure 3", "Figure 4"]
    for figure in figures:
        assert Box(*figure.box_pt).iou(Box(143, top - 1, 487, top + 210)) > 0.9, figure.label


@pytest.mark.parametrize(
    ("shared", "own", "kept"),
    [
        (Box(150, 200, 480, 400), Box(200, 250, 300, 350), True),
        (Box(150, 200, 480, 400), Box(200, 450, 300, 550), False),
        (Box(150, 10, 480, 80), Box(200, 20, 300, 60), False),
        (Box(10, 10, 590, 830), Box(200, 250, 300, 350), False),
        (Box(297, 60, 298, 780), Box(297, 250, 298, 350), False),
    ],
    ids=["axes", "a banner of the page", "a head with a mark", "a border of the page", "a rule between columns"],
)
def test_only_what_frames_a_drawing_of_the_page_is_of_it(shared: Box, own: Box, kept: bool) -> None:
    common, alone = (Graphic("path", box, box) for box in (shared, own))
    assert parts_of_drawings([common], [alone], PAGE) == ({id(common)} if kept else set())


@pytest.mark.parametrize("letters", [30, 55, 70])
def test_a_title_that_stands_out_over_both_sides_of_its_plot_belongs_to_it(letters: int) -> None:
    """So much of a document may be such titles that their type is one of its text's."""
    paper = Paper()
    title = ("average divergence of ten runs against the number of samples that were drawn" * 2)[:letters]
    for number in range(1, 4):
        sheet = paper.sheet()
        left = 300 - 0.6 * 4.5 * letters / 2
        sheet.text(left, 107 + number, title, 4.5)
        plot(sheet, Box(225, 110 + number, 375, 250), number, is_one_frame=True, drawn="curve")
        sheet.text(100, 290, f"Figure {number}: Sizes of the particles that were grown on the film in the bath.", 9)
        sheet.prose(50, 340, 8, letters=80)
    for number, figure in enumerate(extract(paper.bytes()).figures, start=1):
        x0, y0, x1, _ = figure.box_pt
        assert x0 < left + 2, figure.label
        assert x1 > left + 0.6 * 4.5 * letters - 4, figure.label
        assert y0 < 105 + number, figure.label


def test_a_listing_wider_than_its_caption_is_whole() -> None:
    paper = Paper()
    sheet = paper.sheet()
    sheet.prose(60, 60, 8, letters=80)
    code = ["inline append (n) {", "do :: i < most; i++", "else -> break", "od", "if :: i >= most || seq != 0", "fi }"]
    bottom = sheet.block(130, 180, code, 8, "sans") - 10
    sheet.text(165, bottom + 26, "Figure 1: A small piece.", 9)
    sheet.prose(60, bottom + 70, 20, letters=80)
    [figure] = extract(paper.bytes()).figures
    x0, y0, x1, y1 = figure.box_pt
    assert x0 == pytest.approx(130, abs=3)
    assert (y0, y1) == pytest.approx((173, bottom), abs=6)
    assert x1 > 205


@pytest.mark.parametrize("gap", [3.5, 5.0])
def test_captions_side_by_side_with_no_more_than_a_space_between_them_are_two(gap: float) -> None:
    paper = Paper()
    sheet = paper.sheet()
    sheet.prose(60, 60, 8, letters=80)
    for left, seed in ((70, 1), (240, 2)):
        plot(sheet, Box(left, 180, left + 140, 280), seed, is_one_frame=True, drawn="bars")
    first = ["Fig. 3. Operations done by", "many threads: lock-free"]
    second = ["Fig. 4. Operations done by", "many threads: wait-free"]
    sheet.block(75, 306, first, 9)
    sheet.block(75 + len(first[0]) * 5.4 + gap, 306, second, 9)
    sheet.prose(60, 350, 20, letters=80)
    figures = extract(paper.bytes()).figures
    assert [(figure.label, figure.caption) for figure in figures] == [
        ("Fig. 3", "Operations done by many threads: lock-free"),
        ("Fig. 4", "Operations done by many threads: wait-free"),
    ]
    assert figures[0].box_pt[2] < figures[1].box_pt[0]
