"""Errors travel between processes and machines whole: task runners pickle what a task raises."""

import pickle

import pytest

from exsclaim.dataset.tables.filters import FilterError
from exsclaim.errors import ExsclaimError, FetchError, QueryError


def kinds(root: type[ExsclaimError]) -> list[type[ExsclaimError]]:
    return [root, *(kind for child in root.__subclasses__() for kind in kinds(child))]


def example(kind: type[ExsclaimError]) -> ExsclaimError:
    if issubclass(kind, FetchError):
        return kind("https://example.org/a", "status 503", status=503, attempts=3)
    if issubclass(kind, QueryError):
        return kind("query.json", [("nam", "unknown key")])
    if issubclass(kind, FilterError):
        return kind("kid = 'graph'", 0, "no column is called kid")
    return kind("figure x: what is wrong, and the way out")


@pytest.mark.parametrize("kind", kinds(ExsclaimError))
def test_an_error_is_the_same_after_pickling(kind: type[ExsclaimError]) -> None:
    error = example(kind)
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is kind
    assert str(again) == str(error)
    assert vars(again) == vars(error)
    assert again.heals == error.heals
