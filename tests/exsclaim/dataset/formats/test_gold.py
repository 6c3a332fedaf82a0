"""Reviewed figures become gold that benchmark and training read; others do not."""

import datetime as dt
from pathlib import Path

import pytest

from exsclaim.dataset.formats import export
from exsclaim.dataset.opened import open_dataset
from exsclaim.dataset.review.corrections import Change, Correction, add_corrections
from exsclaim.errors import DatasetError
from exsclaim.quality import read_gold
from exsclaim.quality.coco_boxes import gold_of, read_coco
from models.annotated_figures import read_annotated
from tests.exsclaim.dataset.conftest import Harvester, Publisher

FIGURE = "nature/ncomms5946/fig1"
NOON = dt.datetime(2026, 11, 26, 12, tzinfo=dt.UTC)


def word(folder: Path, *changes: Change, accepted: bool) -> Correction:
    sha256 = open_dataset(folder).figure(FIGURE).figure.image_sha256
    return Correction(
        figure_id=FIGURE, image_sha256=sha256, version="v", who="Ada", at=NOON, changes=changes, accepted=accepted
    )


def test_a_figure_that_was_accepted_is_gold_in_both_forms(
    harvested: Harvester, night: Publisher, tmp_path: Path
) -> None:
    folder = night("n1", harvested()).folder
    change = Change(action="set", box=(33, 2, 64, 48), label="c")
    add_corrections(folder, [word(folder, change, accepted=True)])
    night("n2")
    out = tmp_path / "gold"
    dataset = open_dataset(folder)
    assert export(dataset, "gold", out) == 2 < dataset.count()
    (name,) = gold = read_gold(out / "gold")
    assert [(panel.label, str(panel.kind)) for panel in gold[name].panels] == [("a", "microscopy"), ("c", "graph")]
    assert gold[name].panels[0].scale_bars[0].nm == 50
    coco = gold_of(read_coco(out / "coco" / "coco.json"))
    assert [panel.label for figure in coco.values() for panel in figure.panels] == ["a", "c"]
    (figure,) = read_annotated(out)
    assert (figure.group, len(figure.panels), figure.image.is_file()) == ("10.1038/example", 2, True)


def test_a_figure_of_which_one_panel_was_corrected_is_no_gold(
    harvested: Harvester, night: Publisher, tmp_path: Path
) -> None:
    folder = night("n1", harvested()).folder
    add_corrections(folder, [word(folder, Change(action="set", box=(33, 2, 64, 48), label="c"), accepted=False)])
    night("n2")
    with pytest.raises(DatasetError, match=r"^silver: no figure has panels that are all reviewed"):
        export(open_dataset(folder), "gold", tmp_path / "gold")
