"""Labels that begin the titles of panels: read all together, or not at all."""

from collections.abc import Sequence

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from exsclaim.figures.detection.text_reader import TextReader
from exsclaim.figures.labels.panel_labels import PanelLabel
from exsclaim.figures.labels.title_labels import with_title_labels
from exsclaim.geometry import Box, hull
from tests.exsclaim.figures.drawings import Picture, graph, page

BOXES = tuple(Box(x, y, x + 360, y + 290) for y in (40, 380) for x in (20, 420))
READER = TextReader.load()


def titled(titles: Sequence[str], *, size: int = 14, centred: bool = True) -> tuple[Picture, list[Box]]:
    """A figure of graphs in rows of two, each under its title, and the boxes of both together."""
    figure = page(800, 700)
    boxes = BOXES[: len(titles)]
    for box in boxes:
        graph(figure, *(round(v) for v in (box.x0, box.y0, box.width, box.height)))
    picture = Image.fromarray(figure)
    pen, font = ImageDraw.Draw(picture), ImageFont.load_default(size)
    whole = []
    for box, title in zip(boxes, titles, strict=True):
        width = pen.textlength(title, font)
        x = (box.x0 + box.x1 - width) / 2 if centred else box.x0 + 44
        pen.text((x, box.y0 - 24), title, "black", font)
        whole.append(hull([box, Box.of(pen.textbbox((x, box.y0 - 24), title, font))]))
    return np.asarray(picture), whole


def names(figure: Picture, boxes: Sequence[Box], expected: Sequence[str] = ()) -> list[str | None]:
    found = with_title_labels([None] * len(boxes), boxes, figure, expected, READER.read_letters)
    return [label.label if label else None for label in found]


@pytest.mark.parametrize("form", ["{}. {}", "({}) {}", "{}) {}", "{}: {}", "{} {}"])
@pytest.mark.parametrize("alphabet", ["ABCD", "abcd"])
@pytest.mark.parametrize("centred", [True, False])
def test_letters_before_titles_are_read(form: str, alphabet: str, centred: bool) -> None:
    words = ("Loss", "Fe 2p", "Temporal smoothness", "Energy of formation")
    figure, boxes = titled(list(map(form.format, alphabet, words)), centred=centred)

    assert names(figure, boxes) == list(alphabet)


def test_the_label_stands_where_its_letter_does() -> None:
    figure, boxes = titled(["A. Loss", "B. Gain"])

    label = with_title_labels([None, None], boxes, figure, (), READER.read_letters)[0]

    assert label is not None
    assert label.origin == "read"
    assert label.box is not None
    assert boxes[0].contains(label.box, slack=1)
    assert max(label.box.width, label.box.height) < 20


def test_titles_over_what_the_boxes_hold_are_read() -> None:
    figure, _ = titled(["(a) Loss", "(b) Gain", "(c) Fe 2p", "(d) C 1s"])

    assert names(figure, BOXES) == ["a", "b", "c", "d"]


def test_the_captions_spelling_is_kept() -> None:
    figure, boxes = titled(["A. Loss", "B. Gain"])

    assert names(figure, boxes, ("a", "b")) == ["a", "b"]


@pytest.mark.parametrize(
    "titles",
    [
        ("Loss", "Gain", "Error", "Energy"),
        ("A comparison", "Control", "Another", "Density"),
        ("C 1s", "N 1s", "O 1s", "Fe 2p"),
        ("D. Loss", "A. Gain", "C. Error", "B. Energy"),
        ("A", "", "", ""),
        ("1. Loss", "2. Gain", "3. Error", "4. Energy"),
        ("Sample A", "Sample B", "Sample C", "Sample D"),
        ("a-axis", "b-axis", "c-axis", "d-axis"),
    ],
)
def test_titles_without_a_run_of_letters_tell_nothing(titles: Sequence[str]) -> None:
    figure, boxes = titled(titles)

    assert names(figure, boxes) == [None] * 4


def test_a_letter_that_was_seen_speaks_for_the_figure() -> None:
    figure, boxes = titled(["A. Loss", "B. Gain"])
    seen = PanelLabel("c", boxes[0], 0.9, "read")

    assert with_title_labels([seen, None], boxes, figure, (), READER.read_letters) == [seen, None]


def test_what_was_inferred_gives_way() -> None:
    figure, boxes = titled(["A. Loss", "B. Gain", "", "D. Energy"])
    inferred = [PanelLabel(name, None, 0.25, "inferred") for name in "BADC"]

    found = with_title_labels(inferred, boxes, figure, tuple("ABCD"), READER.read_letters)

    assert [label.label if label else None for label in found] == ["A", "B", "C", "D"]


def test_one_of_four_may_be_illegible() -> None:
    figure, boxes = titled(["A. Loss", "B. Gain", "", "D. Energy"])

    found = names(figure, boxes)

    assert (found[0], found[1], found[3]) == ("A", "B", "D")
