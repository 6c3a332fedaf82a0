"""The index of decisions: a page that is not listed there is found by nobody."""

import re
from pathlib import Path

DECISIONS = Path(__file__).parents[2] / "docs" / "decisions"


def test_the_index_lists_every_decision_once_under_its_number() -> None:
    listed = re.findall(r"^- \[(\d+)\]\((.+?)\): \w", (DECISIONS / "README.md").read_text(encoding="utf-8"), re.M)
    pages = sorted(page.name for page in DECISIONS.glob("[0-9]*.md"))
    assert sorted(page for _, page in listed) == pages
    assert [number for number, page in listed if int(page[:4]) != int(number)] == []


def test_a_decision_is_titled_with_its_number() -> None:
    titles = {page.name: page.read_text(encoding="utf-8").partition("\n")[0] for page in DECISIONS.glob("[0-9]*.md")}
    assert {name: title for name, title in titles.items() if not title.startswith(f"# {int(name[:4])}. ")} == {}
