"""Places that a query names: what no disk and no server could hold is a problem of its key, told at once."""

import pytest

from exsclaim.errors import QueryError
from exsclaim.query import parse


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("results\0", r"'results\x00' holds a sign that no file system takes"),
        (["\ud800"], r"'\ud800' holds a sign that no file system takes"),
        ("~nobody-of-this-name/x", "'~nobody-of-this-name/x' is in the home of a user who is not known here"),
        ("s3://", "s3:// names no place there: s3://bucket/results"),
        ("s3:///", "s3:/// names no place there"),
    ],
)
def test_results_that_can_lie_nowhere_are_refused(given: object, said: str) -> None:
    with pytest.raises(QueryError) as raised:
        parse({"name": "x", "query": {"search_field_1": {"term": "x"}}, "results_dir": given})
    ((key, told),) = raised.value.problems
    assert key == "results_dir"
    assert said in told
