"""Kinds and types of panels: what both networks say, weighed together."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from exsclaim.figures.detection.kind_classifier import SeenKind
from exsclaim.figures.detection.panel_detector import DetectedPanel
from exsclaim.figures.detection.panel_network import KINDS, TYPES
from exsclaim.figures.panel_types import TYPES_OF_KIND
from exsclaim.figures.panels.pieces import Piece
from exsclaim.figures.weighed_kinds import kind_shares, type_of, with_kinds
from exsclaim.geometry import Box
from exsclaim.records import PanelKind

BOX = Box(0, 0, 90, 60)


def look(kinds: dict[PanelKind, float], types: dict[str, float], colourful: float = 0.0) -> SeenKind:
    """Probabilities as named, the rest shared out evenly."""
    of_kinds = np.full(len(KINDS), (1 - sum(kinds.values())) / len(KINDS), np.float32)
    of_types = np.full(len(TYPES), (1 - sum(types.values())) / len(TYPES), np.float32)
    for kind, share in kinds.items():
        of_kinds[KINDS.index(kind)] += share
    for name, share in types.items():
        of_types[TYPES.index(name)] += share
    return SeenKind(of_kinds, of_types, colourful)


def piece(kind: PanelKind, score: float = 0.8, *, parts: tuple[Piece, ...] = ()) -> Piece:
    scores = tuple(score if each is kind else (1 - score) / len(KINDS) for each in KINDS)
    return Piece(BOX, kind, score, DetectedPanel(BOX, kind, score, scores, 0.0), parts=parts)


def alone(piece: Piece, seen: SeenKind) -> Piece:
    (found,) = with_kinds([piece], lambda boxes: [seen] * len(boxes))
    return found


def test_a_panel_takes_the_kind_that_both_networks_together_find_likeliest() -> None:
    sure = look({PanelKind.PHOTO: 0.95}, {"photograph": 0.9})
    assert alone(piece(PanelKind.MICROSCOPY, 0.6), sure).kind is PanelKind.PHOTO
    unsure = look({PanelKind.PHOTO: 0.3, PanelKind.MICROSCOPY: 0.28}, {})
    assert alone(piece(PanelKind.MICROSCOPY, 0.9), unsure).kind is PanelKind.MICROSCOPY


def test_agreement_of_both_is_surer_than_either_contradicted() -> None:
    seen = look({PanelKind.GRAPH: 0.7}, {})
    agreed, contradicted = (alone(piece(kind), seen) for kind in (PanelKind.GRAPH, PanelKind.ILLUSTRATION))
    assert agreed.kind is PanelKind.GRAPH
    assert agreed.kind_confidence > 0.8 > contradicted.kind_confidence


@pytest.mark.parametrize(
    ("seen", "by_figure", "kind"),
    [
        (PanelKind.MAP, PanelKind.GRAPH, PanelKind.MAP),
        (PanelKind.PHOTO, PanelKind.MICROSCOPY, PanelKind.PHOTO),
        (PanelKind.MEDICAL, PanelKind.MICROSCOPY, PanelKind.MEDICAL),
        (PanelKind.MICROSCOPY, PanelKind.MEDICAL, PanelKind.MEDICAL),
        (PanelKind.MEDICAL, PanelKind.PARENT, PanelKind.PARENT),
        (PanelKind.ILLUSTRATION, PanelKind.GRAPH, PanelKind.GRAPH),
    ],
)
def test_what_the_panel_network_hardly_knows_it_does_not_rule_out(
    seen: PanelKind, by_figure: PanelKind, kind: PanelKind
) -> None:
    assert alone(piece(by_figure, 0.99), look({seen: 0.9, by_figure: 0.05}, {})).kind is kind


@pytest.mark.parametrize(
    ("by_figure", "colourful", "kind"),
    [
        (PanelKind.MICROSCOPY, 0.9, PanelKind.GRAPH),
        (PanelKind.MICROSCOPY, 0.1, PanelKind.MICROSCOPY),
        (PanelKind.ILLUSTRATION, 0.9, PanelKind.ILLUSTRATION),
    ],
)
def test_a_field_of_colours_is_no_micrograph_where_the_kind_network_is_sure_of_a_graph(
    by_figure: PanelKind, colourful: float, kind: PanelKind
) -> None:
    seen = look({PanelKind.GRAPH: 0.9, by_figure: 0.05}, {}, colourful)
    assert alone(piece(by_figure, 0.99), seen).kind is kind


def test_a_type_belongs_to_the_kind_and_parents_have_none() -> None:
    found = alone(piece(PanelKind.GRAPH), look({PanelKind.GRAPH: 0.9}, {"SEM": 0.5, "bar chart": 0.4}))
    assert found.type == "bar chart"
    assert alone(piece(PanelKind.PARENT), look({PanelKind.PARENT: 0.95}, {"SEM": 0.9})).type is None


def test_what_letters_joined_to_a_parent_remains_one() -> None:
    joined = Piece(BOX, PanelKind.PARENT, 0.5, parts=(piece(PanelKind.GRAPH), piece(PanelKind.GRAPH)))
    found = alone(joined, look({PanelKind.MICROSCOPY: 0.99}, {"SEM": 0.9}))
    assert found.kind is PanelKind.PARENT


def test_what_letters_joined_of_scraps_is_the_one_image_that_it_looks_like() -> None:
    joined = Piece(BOX, PanelKind.PARENT, 0.2, parts=(piece(PanelKind.GRAPH), piece(PanelKind.GRAPH)))
    found = alone(joined, look({PanelKind.MICROSCOPY: 0.99}, {"SEM": 0.9}))
    assert (found.kind, found.type, found.box) == (PanelKind.MICROSCOPY, "SEM", joined.box)
    assert found.is_joined
    assert all(part.is_inset for part in found.parts)
    several = alone(joined, look({PanelKind.PARENT: 0.99}, {}))
    assert several.kind is PanelKind.PARENT
    assert not any(part.is_inset for part in several.parts)
    assert [part.kind for part in found.parts] == [PanelKind.MICROSCOPY] * 2


def test_all_panels_and_parts_of_a_figure_are_looked_at_at_once_and_keep_their_order() -> None:
    boxes = [Box(10 * n, 0, 10 * n + 9, 9) for n in range(5)]
    asked: list[list[Box]] = []

    def looks(boxes_asked: Sequence[Box]) -> list[SeenKind]:
        asked.append(list(boxes_asked))
        kinds = [KINDS[round(box.x0) // 10] for box in boxes_asked]
        return [look({kind: 0.97}, {}) for kind in kinds]

    def cut(n: int, *parts: Piece) -> Piece:
        return Piece(boxes[n], PanelKind.UNCLEAR, 0.1, parts=parts)

    first, second = with_kinds([cut(0, cut(1), cut(2)), cut(3, cut(4))], looks)
    assert asked == [boxes]
    assert [first.kind, *(part.kind for part in first.parts)] == list(KINDS[:3])
    assert [second.kind, *(part.kind for part in second.parts)] == list(KINDS[3:5])


shares = st.lists(st.floats(0, 1), min_size=len(KINDS), max_size=len(KINDS)).filter(lambda values: sum(values) > 0.1)


@given(shares, shares)
def test_shares_are_probabilities_and_the_type_is_one_of_the_kinds(
    of_panel: list[float], of_figure: list[float]
) -> None:
    seen = SeenKind(np.array(of_panel, np.float32) / sum(of_panel), np.full(len(TYPES), 1 / len(TYPES), np.float32))
    detected = DetectedPanel(BOX, PanelKind.GRAPH, 0.5, tuple(of_figure), 0.0)
    found = kind_shares(Piece(BOX, PanelKind.GRAPH, 0.5, detected), seen)
    assert found.sum() == pytest.approx(1)
    assert (found > 0).all()
    kind = KINDS[int(found.argmax())]
    name, confidence = type_of(kind, found, seen)
    assert (name in TYPES_OF_KIND[kind]) if kind in TYPES_OF_KIND else name is None
    assert 0 <= confidence <= 1
