"""An export of a part of a data set says what the part holds, and what it is a part of."""

import json
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from exsclaim.dataset.formats import export
from exsclaim.dataset.opened import Dataset, open_dataset
from tests.exsclaim.dataset.conftest import Harvester, Nights, Publisher


@pytest.fixture
def silver(harvested: Harvester, night: Publisher, published_once: Callable[[Nights], Path]) -> Dataset:
    """Three articles of two figures of two panels: a micrograph "a", a graph "b"; captions speak of "c" as well."""
    folder = published_once(lambda: night("2026-11-20", *(harvested(f"x{n}", seed=n) for n in range(3))))
    return open_dataset(folder)


@pytest.mark.parametrize(("where", "panels"), [("", 2), ("label = 'a'", 1)])
def test_tables_count_what_stands_in_them(silver: Dataset, tmp_path: Path, where: str, panels: int) -> None:
    export(silver, "csv", tmp_path / "out", where=where)
    articles, figures = (pd.read_csv(tmp_path / "out" / f"{table}.csv") for table in ("articles", "figures"))
    assert list(figures["panels"]) == [panels] * 6
    assert list(articles["figures"]) == [2] * 3
    assert list(articles["panels"]) == [2 * panels] * 3


def test_no_caption_of_a_panel_that_was_not_chosen_is_left_over(silver: Dataset, tmp_path: Path) -> None:
    export(silver, "exsclaim-json", tmp_path / "out", where="label = 'a'")
    entries = json.loads((tmp_path / "out" / "exsclaim.json").read_text()).values()
    assert [len(entry["master_images"]) for entry in entries] == [1] * 6
    assert [entry["unassigned"]["captions"] for entry in entries] == [[{"label": "c", "text": ["Never seen."]}]] * 6


@pytest.mark.parametrize(("name", "page"), [("hf", "README.md"), ("croissant", "croissant.json")])
def test_a_card_says_what_of_the_data_set_was_chosen(silver: Dataset, tmp_path: Path, name: str, page: str) -> None:
    split = silver.panels()["split"].iloc[0]
    export(silver, name, tmp_path / "out", where="kind = 'graph'", split=split)
    said = f"These are its panels of the split {split} with kind = 'graph'."
    assert said in (tmp_path / "out" / page).read_text()
    export(silver, name, tmp_path / "out")
    assert "These are" not in (tmp_path / "out" / page).read_text()
