"""Articles wait on disk until they are published."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from exsclaim.dataset.tables.staging import LeftOut, Staging
from tests.exsclaim.dataset.conftest import Harvester


@pytest.fixture
def staging(tmp_path: Path) -> Staging:
    return Staging(tmp_path / "staging")


def test_articles_come_back_whole_in_the_order_of_their_ids(harvested: Harvester, staging: Staging) -> None:
    articles = [harvested(name) for name in ("x10", "x9", "X1", "ä")]
    for article in articles:
        staging.add(article)
    assert list(staging.articles()) == sorted(articles, key=lambda each: each.article.id)
    assert len(staging) == 4


def test_an_article_staged_again_replaces_itself(harvested: Harvester, staging: Staging) -> None:
    staging.add(harvested("x1", caption="Silver"))
    staging.add(harvested("x1", caption="Gold"))
    assert [each.figures[0].figure.title for each in staging.articles()] == ["Gold"]


def test_another_process_finds_what_was_staged(harvested: Harvester, staging: Staging) -> None:
    staging.add(harvested("x1"))
    staging.leave_out(LeftOut(article_id="nature/x2", url="u", reason="retracted"))
    other = Staging(staging.folder)
    assert (len(other), other.left_out()) == (1, staging.left_out())


def test_what_is_cleared_is_gone(harvested: Harvester, staging: Staging) -> None:
    staging.add(harvested("x1"))
    staging.leave_out(LeftOut(article_id="nature/x2", url="u", reason="retracted"))
    staging.clear()
    assert (len(staging), staging.left_out(), list(Staging(staging.folder).articles())) == (0, (), [])


@pytest.mark.parametrize("damage", ["no database", "", "header", "page"])
def test_a_damaged_database_of_what_waits_begins_anew(damage: str, harvested: Harvester, staging: Staging) -> None:
    """After a power cut, say: no article is lost by it, for each is due until it is published."""
    for number in range(40):
        staging.add(harvested(f"x{number:02d}", figures=3))
    staging.close()
    file = staging.folder / "staging.sqlite"
    content = bytearray(file.read_bytes())
    if damage in ("no database", ""):
        content = bytearray(damage.encode())
    else:
        at = 0 if damage == "header" else 4096
        content[at : at + 2000] = b"\xa5" * 2000
    file.write_bytes(content)
    again = Staging(staging.folder)
    assert len(again) == 0
    again.add(harvested("x1"))
    assert len(Staging(staging.folder)) == 1


def test_many_threads_stage_at_once(harvested: Harvester, staging: Staging) -> None:
    articles = [harvested(f"x{n:02d}", figures=1) for n in range(40)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(staging.add, articles))
    assert [each.article.id for each in staging.articles()] == [each.article.id for each in articles]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=30)
@given(text=st.text(st.characters(codec=None), min_size=1, max_size=8))
def test_any_text_can_be_staged(harvested: Harvester, staging: Staging, text: str) -> None:
    staging.clear()
    article = harvested("x1", figures=1, caption=text)
    staging.add(article.model_copy(update={"article": article.article.model_copy(update={"id": text})}))
    (found,) = staging.articles()
    assert found.article.id == "".join("\ufffd" if "\ud800" <= sign <= "\udfff" else sign for sign in text)
