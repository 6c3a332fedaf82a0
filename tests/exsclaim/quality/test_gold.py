"""Malformed gold is refused with the file and the key that is wrong, never half scored."""

import json
from pathlib import Path

import pytest

from exsclaim.errors import GoldError
from exsclaim.quality import read_gold, read_gold_captions

PANEL = {"label": "a", "box": [0, 0, 10, 10], "class": "graph", "scale_bars": []}


def test_notes_beside_the_gold_are_passed_over(tmp_path: Path) -> None:
    (tmp_path / "fig1.json").write_text(
        json.dumps({"figure": "fig1", "notes": "?", "panels": [PANEL | {"children": []}]})
    )
    (panel,) = read_gold(tmp_path)["fig1"].panels
    assert panel.box.corners == (0, 0, 10, 10)


@pytest.mark.parametrize(
    ("content", "named"),
    [
        ({"panels": [PANEL | {"box": [0, 0, 10]}]}, "panels.0.box"),
        ({"panels": [PANEL | {"box": [5, 0, 5, 10]}]}, "panels.0.box"),
        ({"panels": [PANEL | {"box": [0, 0, 10, float("nan")]}]}, "panels.0.box"),
        ({"panels": [PANEL, PANEL | {"class": "sketch"}]}, "panels.1.class"),
        ({"panels": [PANEL | {"scale_bars": [{"box": [0, 0, 5, 1], "nm": 0}]}]}, "panels.0.scale_bars.0.nm"),
        ({"figure": "fig1"}, "panels: Field required"),
        ([], "file"),
    ],
)
def test_the_file_and_the_key_are_named(tmp_path: Path, content: object, named: str) -> None:
    (tmp_path / "fig1.json").write_text(json.dumps(content))
    with pytest.raises(GoldError) as caught:
        read_gold(tmp_path)
    assert str(tmp_path / "fig1.json") in str(caught.value)
    assert named in str(caught.value)


def test_what_is_not_json_is_named(tmp_path: Path) -> None:
    (tmp_path / "fig1.json").write_text("{")
    with pytest.raises(GoldError, match=r"fig1\.json is not JSON"):
        read_gold(tmp_path)


def test_a_folder_without_gold_is_named(tmp_path: Path) -> None:
    with pytest.raises(GoldError, match="holds no gold"):
        read_gold(tmp_path)


def test_a_caption_label_without_segments_is_named(tmp_path: Path) -> None:
    (tmp_path / "gold.json").write_text(json.dumps({"fig1": {"labels": ["a", "b"], "segments": {"a": ["TEM"]}}}))
    with pytest.raises(GoldError, match=r"gold\.json.*fig1: .*segments lack the labels b"):
        read_gold_captions(tmp_path / "gold.json")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(GoldError, match=r"gold\.json cannot be read"):
        read_gold_captions(tmp_path / "gold.json")
