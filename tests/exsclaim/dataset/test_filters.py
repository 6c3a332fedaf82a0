"""The language by which panels are chosen."""

from collections.abc import Callable
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from exsclaim.dataset.opened import Dataset, open_dataset
from exsclaim.dataset.publish.publishing import Published
from exsclaim.dataset.tables.filter_columns import COLUMNS
from exsclaim.dataset.tables.filters import FilterError, condition
from exsclaim.dataset.tables.table_rows import PANELS
from tests.exsclaim.dataset.conftest import Harvester, Nights, Publisher


@pytest.fixture
def silver(harvested: Harvester, night: Publisher, published_once: Callable[[Nights], Path]) -> Dataset:
    """Two articles of two figures each; panel "a" a micrograph with a scale, "b" a graph with a doubt."""

    def two_nights() -> Published:
        night("2026-11-20", harvested("x1"))
        return night("2026-11-21", harvested("x2", seed=2, licence="CC0-1.0"))

    return open_dataset(published_once(two_nights))


@pytest.mark.parametrize(
    ("where", "count"),
    [
        ("", 8),
        ("kind = 'microscopy'", 4),
        ("kind != 'microscopy'", 4),
        ("kind = 'microscopy' and technique has 'TEM' and nm_per_px < 10", 4),
        ("technique has 'SEM'", 0),
        ("technique has 'tem' and technique has 'transmission electron microscopy'", 4),
        ("kind = 'Microscopy' and split in ('train', 'validation', 'test')", 4),
        ("kind contains 'scopy'", 4),
        ("not technique has 'TEM'", 4),
        ("material has 'silver' and kind = 'microscopy'", 4),
        ("material has 'Ag'", 8),
        ("material has 'Silver' and not material has 'Au'", 8),
        ("keyword has 'silver'", 4),
        ("material is null", 0),
        ("nm_per_px > 4.7 and nm_per_px <= 4.8", 4),
        ("not nm_per_px > 100", 4),
        ("year >= 2014 and year <= 2014", 8),
        ("year > 2014 or year < 2014", 0),
        ("nm_per_px is null", 4),
        ("nm_per_px is not null and not (kind in ('graph', 'photo'))", 4),
        ("flagged", 4),
        ("not flagged", 4),
        ("flagged = false", 4),
        ("doubt has 'label_missing'", 4),
        ("label in ('a', 'c')", 4),
        ("caption contains 'tem IMAGE'", 4),
        ("licence = 'CC0-1.0' and label = 'b'", 2),
        ("licence = 'CC0'", 4),
        ("licence = 'CC BY'", 4),
        ("licence in ('CC BY', 'cc0')", 8),
        ("licence != 'CC BY' and licence != 'CC BY-NC'", 4),
        ("licence = 'CC BY 3.0'", 0),
        ("licence = 'third-party' or licence = 'unknown'", 0),
        ("year = 2014 and is_open and not is_inset", 8),
        ("scale_origin = 'printed' and scale_confidence >= 0.7", 4),
        ("article_title = 'it''s'", 0),
        ("kind = 'graph' or kind = 'microscopy' and label = 'z'", 4),
    ],
)
def test_filters_choose(silver: Dataset, where: str, count: int) -> None:
    assert silver.count(where) == count
    assert len(silver.panels(where)) == count


@pytest.mark.parametrize(
    ("where", "place", "said"),
    [
        ("kin = 'graph'", 0, "did you mean kind"),
        ("label = 'a' and zzz > 1", 16, "exsclaim columns"),
        ("kind has 'graph'", 5, "use = or in"),
        ("technique = 'TEM'", 10, "use has"),
        ("nm_per_px < 'one'", 12, "a number"),
        ("kind = graph", 7, "a text in"),
        ("kind = 1", 7, "a text in"),
        ("(label = 'a'", 12, "expected )"),
        ("label = 'a' label = 'b'", 12, "and, or, or the end"),
        ("kind", 4, "after kind"),
        ("nm_per_px contains 'x'", 10, "is a number"),
        ("kind = \"a\"", 7, "texts stand in"),
        ("kind = 'a", 7, "texts stand in"),
        ("kind in ()", 9, "a text"),
        ("kind = 'micrography'", 7, ": microscopy, diffraction"),
        ("not doubt has 'scale_conflit'", 14, "zero_length, bar_longer_than_panel"),
        ("split in ('train', 'tset')", 19, ": train, validation, test"),
        ("technique has 'guesswork'", 14, "is no technique"),
        ("scale_origin = 'measured'", 15, "printed, caption"),
        ("material has 'cheese'", 13, "no name or formula of a material"),
        ("licence = 'CC BYE'", 10, "is no licence"),
        ("licence = 4", 10, "a text in"),
        ("; drop table panels", 0, "means nothing"),
        ("(" * 60 + "flagged" + ")" * 60, 50, "within each other"),
    ],
)  # fmt: skip
def test_an_error_points_at_its_place(where: str, place: int, said: str) -> None:
    with pytest.raises(FilterError) as caught:
        condition(where)
    assert caught.value.place == place
    assert said in str(caught.value)
    assert str(caught.value).endswith(f"  {' ' * place}^")


def test_a_filter_may_have_thousands_of_conditions(silver: Dataset) -> None:
    assert silver.count(" or ".join(["label = 'a'", *(f"id = '{n}'" for n in range(1500))])) == 4
    assert silver.count(" and ".join(["label = 'a'", *(f"id != '{n}'" for n in range(1500))])) == 4


def test_a_quote_in_a_text_is_text(silver: Dataset) -> None:
    assert silver.count("caption contains ''' or 1 = 1 --'") == 0


@given(text=st.text(max_size=30))
@settings(max_examples=200, deadline=None)
def test_any_text_is_a_filter_or_a_filter_error(text: str) -> None:
    try:
        meant = condition(text)
    except FilterError:
        return
    assert isinstance(meant, duckdb.Expression)


@given(
    label=st.sampled_from(["a", "b", "z"]), most=st.floats(0, 20), kind=st.sampled_from(["microscopy", "graph"]),
    how=st.sampled_from(["and", "or"]), is_not=st.booleans(),
)  # fmt: skip
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_filter_chooses_what_pandas_does(
    silver: Dataset, label: str, most: float, kind: str, how: str, is_not: bool
) -> None:
    frame = silver.panels()
    left = (frame["label"] == label) & (frame["nm_per_px"] < most)
    right = frame["kind"] == kind if not is_not else frame["kind"] != kind
    expected = frame[(left & right) if how == "and" else (left | right)]
    where = f"label = '{label}' and nm_per_px < {most!r} {how} {'not ' if is_not else ''}kind = '{kind}'"
    assert list(silver.panels(where)["id"]) == list(expected["id"])


def test_every_column_is_one_of_the_tables_and_none_collides_with_pandas() -> None:
    assert {column.stored for column in COLUMNS.values()} <= set(PANELS.names)
    assert not [name for name in PANELS.names if hasattr(pd.DataFrame, name)]
