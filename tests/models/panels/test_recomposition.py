"""New figures of annotated panels show these panels, whole and in their shape, where they say that they do."""

import json
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from exsclaim.geometry import Box
from exsclaim.records import PanelKind
from models.annotated_figures import AnnotatedFigure, AnnotatedPanel
from models.panels.recomposition import Piece, pieces_of, recomposed
from models.panels.stored_figures import load, main

COLOURS = {PanelKind.MICROSCOPY: (200, 30, 30), PanelKind.GRAPH: (30, 200, 30), PanelKind.GEL: (30, 30, 200)}
INSET_COLOUR = (90, 0, 90)


@pytest.fixture(scope="module")
def annotated(tmp_path_factory: pytest.TempPathFactory) -> AnnotatedFigure:
    """Three panels of one colour each, the first with an inset; one too small to be cut out."""
    image = np.full((240, 700, 3), 255, np.uint8)
    boxes = {
        PanelKind.MICROSCOPY: (0, 0, 200, 200),
        PanelKind.GRAPH: (210, 0, 410, 100),
        PanelKind.GEL: (420, 0, 540, 230),
    }
    for kind, (x0, y0, x1, y1) in boxes.items():
        image[y0:y1, x0:x1] = COLOURS[kind]
    image[120:200, 120:200] = INSET_COLOUR
    file = tmp_path_factory.mktemp("annotated") / "fig.png"
    Image.fromarray(image).save(file)
    panels = [AnnotatedPanel(tuple(map(float, box)), kind, "SEM", nested=False) for kind, box in boxes.items()]
    inset = AnnotatedPanel((120.0, 120.0, 200.0, 200.0), PanelKind.DIFFRACTION, "SAED", nested=True)
    small = AnnotatedPanel((600.0, 0.0, 640.0, 30.0), PanelKind.GRAPH, None, nested=False)
    return AnnotatedFigure("fig", file, "article", (*panels, inset, small))


@pytest.fixture(scope="module")
def pieces(annotated: AnnotatedFigure) -> list[Piece]:
    return pieces_of([annotated])


def test_panels_too_small_to_be_seen_again_are_no_pieces_and_insets_go_with_their_panel(pieces: list[Piece]) -> None:
    assert [piece.panel.kind for piece in pieces] == list(COLOURS)
    assert [len(piece.nested) for piece in pieces] == [1, 0, 0]


@pytest.mark.parametrize("seed", range(25))
def test_panels_lie_where_they_are_said_to_and_keep_their_shape(pieces: list[Piece], seed: int) -> None:
    image, panels = recomposed(seed, pieces)
    own = [panel for panel in panels if not panel.nested]
    shapes = {piece.panel.kind: piece.aspect for piece in pieces}
    assert len(own) >= 2
    for panel in own:
        box = Box.of(panel.box)
        assert box.x0 >= 0
        assert box.y0 >= 0
        assert box.x1 <= image.shape[1]
        assert box.y1 <= image.shape[0]
        assert box.width / box.height == pytest.approx(shapes[panel.kind], rel=0.08)
        assert panel.type == "SEM"
        # two fifths across and down: clear of letters and of the inset
        x, y = round(box.x0 + 0.4 * box.width), round(box.y0 + 0.4 * box.height)
        assert tuple(image[y, x]) == COLOURS[panel.kind]
    for one, other in combinations(own, 2):
        assert Box.of(one.box).intersection(Box.of(other.box)) == 0
    for inset in (panel for panel in panels if panel.nested):
        box = Box.of(inset.box)
        assert any(Box.of(panel.box).intersection(box) > 0.95 * box.area for panel in own)
        assert (inset.kind, inset.type) == (PanelKind.DIFFRACTION, "SAED")
        assert tuple(image[round(box.centre[1]), round(box.centre[0])]) == INSET_COLOUR


def test_the_same_seed_gives_the_same_figure(pieces: list[Piece]) -> None:
    first, second = recomposed(7, pieces), recomposed(7, pieces)
    np.testing.assert_array_equal(first[0], second[0])
    assert first[1] == second[1]


def test_the_command_stores_figures_for_training(
    annotated: AnnotatedFigure, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "annotated"
    (folder / "gold").mkdir(parents=True)
    for name in ("one__a", "two__b", "three__c"):  # of several articles, so that some are learned from
        Image.open(annotated.image).save(folder / f"{name}.png")
        gold = {
            "panels": [{"box": [0, 0, 200, 200], "class": "microscopy"}, {"box": [210, 0, 410, 100], "class": "graph"}]
        }
        (folder / "gold" / f"{name}.json").write_text(json.dumps(gold))
    monkeypatch.setattr(
        "sys.argv",
        ["stored_figures", str(tmp_path / "out"), "--annotated", str(folder), "--recomposed", "--count", "2"],
    )
    main()
    for name in ("0000000", "0000001"):
        _, panels = load(tmp_path / "out", name)
        assert {panel.kind for panel in panels} <= {PanelKind.MICROSCOPY, PanelKind.GRAPH}
        assert len(panels) >= 2
