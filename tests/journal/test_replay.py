"""Recorded pages, replayed: each file under the addresses that it answers for, 404 for all else."""

from pathlib import Path

import pytest

from journal.replay import replay
from journal.server import Routes

PNG = b"\x89PNG\r\n\x1a\n and so on"
IMAGE = "/media.springernature.com/{}/springer-static/image/art%3A10.1038%2F{}/MediaObjects/{}_Fig{}_HTML.png"


@pytest.fixture
def recorded(tmp_path: Path) -> Path:
    (tmp_path / "figures").mkdir()
    (tmp_path / "search.html").write_bytes(b"hits")
    (tmp_path / "s1-2-x.html").write_bytes(b"an article")
    (tmp_path / "figures" / "s1-2-x_fig3.jpg").write_bytes(PNG)
    (tmp_path / "secret.txt").write_bytes(b"not to be served")
    return tmp_path


@pytest.fixture
def routes(recorded: Path) -> Routes:
    return replay(recorded)


@pytest.mark.parametrize("query", ["", "?q=silver", "?q=gold&page=7&open_access=true"])
def test_every_search_finds_the_recorded_hits(routes: Routes, query: str) -> None:
    assert routes(f"/www.nature.com/search{query}").body == b"hits"


def test_an_article_lies_under_its_name(routes: Routes) -> None:
    assert routes("/www.nature.com/articles/s1-2-x").body == b"an article"


@pytest.mark.parametrize("rendition", ["full", "lw685", "m685", "m312"])
def test_a_figure_lies_under_all_its_renditions_with_the_type_of_its_bytes(routes: Routes, rendition: str) -> None:
    answer = routes(IMAGE.format(rendition, "s1-2-x", "1_2000_2", 3) + "?as=webp")
    assert (answer.body, answer.content_type) == (PNG, "image/png")


def test_robots_are_welcome(routes: Routes) -> None:
    assert routes("/www.nature.com/robots.txt").body == b"User-agent: *\nAllow: /\n"


@pytest.mark.parametrize(
    "target",
    [
        "/www.nature.com/articles/s9-9-y",
        "/www.nature.com/articles/search",
        "/www.nature.com/articles/..%2Fsecret.txt",
        "/www.nature.com/articles/../secret.txt",
        "/secret.txt",
        "/",
        IMAGE.format("full", "s1-2-x", "1_2000_2", 4),
        IMAGE.format("full", "..", "1_2000_2", 3),
    ],
)
def test_all_else_is_not_found(routes: Routes, target: str) -> None:
    assert routes(target).status == 404


def test_a_folder_without_recorded_pages_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"search\.html is missing"):
        replay(tmp_path)


def test_the_recorded_nature_pages_are_all_served(shared_data: Path) -> None:
    folder = shared_data / "journals" / "nature"
    routes = replay(folder)
    names = [page.stem for page in folder.glob("*.html") if page.stem != "search"]
    assert len(names) == 6
    assert all(routes(f"/www.nature.com/articles/{name}").status == 200 for name in names)
    for number in range(1, 6):
        target = IMAGE.format("full", "s41467-018-06211-3", "41467_2018_6211", number)
        assert routes(target).content_type == "image/png"
