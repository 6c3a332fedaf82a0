"""Dates as sources write them, with how much of them is known."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exsclaim.sources.facts.publication_facts import PublicationDate, most_precise, publication_date, written_date


@pytest.mark.parametrize(
    ("text", "day", "precision"),
    [
        ("2018-09-13T10:00Z", dt.date(2018, 9, 13), "day"), ("2024-10-7", dt.date(2024, 10, 7), "day"),
        ("2023/7", dt.date(2023, 7, 1), "month"), ("26 Jul 2024", dt.date(2024, 7, 26), "day"),
        ("October 15, 2020", dt.date(2020, 10, 15), "day"), ("2021", dt.date(2021, 1, 1), "year"),
        ("2021 Jun 5", dt.date(2021, 6, 5), "day"), ("2021 Spring", dt.date(2021, 1, 1), "year"),
        ("Jun 2021", dt.date(2021, 6, 1), "month"), ("20240726", dt.date(2024, 7, 26), "day"),
        ("15th October 2020", dt.date(2020, 10, 15), "day"), ("2019-02-30", dt.date(2019, 2, 1), "month"),
        ("Sept. 2019", dt.date(2019, 9, 1), "month"),
    ],
)  # fmt: skip
def test_dates_are_read_with_their_precision(text: str, day: dt.date, precision: str) -> None:
    assert written_date(text) == (day, precision)


@pytest.mark.parametrize("text", ["", "07/08/2020", "in press", "9999999", "12", "Volume 12"])
def test_other_texts_are_no_dates(text: str) -> None:
    assert written_date(text) is None


@given(st.dates(dt.date(1700, 1, 1), dt.date(2100, 12, 31)))
def test_every_day_is_read_back(day: dt.date) -> None:
    for written in (day.isoformat(), f"{day:%Y/%m/%d}", f"{day:%d %B %Y}", f"{day:%B %d, %Y}"):
        assert written_date(written) == PublicationDate(day)


def test_parts_that_cannot_be_are_not_known() -> None:
    assert publication_date("2021", "June", None) == (dt.date(2021, 6, 1), "month")
    assert publication_date("2021", "13", "1") == (dt.date(2021, 1, 1), "year")
    assert publication_date(2021, 2, 30) == (dt.date(2021, 2, 1), "month")
    assert publication_date("no year", 1, 1) is None


def test_a_day_is_better_than_an_earlier_month() -> None:
    month, day = publication_date(2020, 1), publication_date(2020, 6, 15)
    assert most_precise([month, None, day]) == day
    assert most_precise([]) is None
