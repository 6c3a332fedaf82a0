"""Review: who may write, what is refused, and that corrections reach the data set."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("fastapi", reason="the pages come with the gallery extra")

from fastapi.testclient import TestClient

from exsclaim.dataset.opened import open_dataset
from exsclaim.dataset.results_at_url import Mirror
from exsclaim.dataset.review.corrections import FILE, read_corrections
from exsclaim.gallery.application import application
from exsclaim.storage.remote import RemoteFiles
from tests.exsclaim.gallery.conftest import ARTICLES, figure_image

BASE = "http://127.0.0.1"
TOKEN = "t0ken"
FIGURE = "nature/silver/fig1"
RIGHT = [200.0, 0.0, 400.0, 200.0]
ASKED = {"figure_id": FIGURE, "who": "Ada", "changes": [{"action": "set", "box": RIGHT, "label": "c"}]}
BEARER = {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture
def client(folder: Path) -> TestClient:
    return TestClient(application(folder, token=TOKEN), base_url=BASE)


def test_without_the_token_nobody_writes(client: TestClient, folder: Path) -> None:
    for headers in ({"Origin": BASE}, {"Authorization": "Bearer wrong"}, {"Authorization": "Bearer "}):
        assert client.post("/api/corrections", json=ASKED, headers=headers).status_code == 401
    assert client.get("/review").status_code == 401
    assert not (folder / FILE).exists()


def test_without_review_no_token_is_right(folder: Path) -> None:
    client = TestClient(application(folder), base_url=BASE)
    for given in ("", TOKEN):
        answer = client.post("/api/corrections", json=ASKED, headers={"Authorization": f"Bearer {given}"})
        assert answer.status_code == 401


def test_the_cookie_alone_is_not_enough_from_another_page(client: TestClient, folder: Path) -> None:
    assert client.get(f"/review?token={TOKEN}").status_code == 200  # sets the cookie
    for headers in ({}, {"Origin": "http://evil.example"}, {"Origin": "null"}, {"Origin": f"{BASE}:81"}):
        assert client.post("/api/corrections", json=ASKED, headers=headers).status_code == 403
    assert client.post("/api/corrections", json=ASKED, headers={"Origin": BASE}).status_code == 201
    assert len(read_corrections(folder)) == 1


def test_a_correction_is_kept_with_who_when_and_what_version(client: TestClient, folder: Path) -> None:
    answer = client.post("/api/corrections", json=ASKED, headers=BEARER)
    assert [panel["label"] for panel in answer.json()["panels"]] == ["a", "c"]
    (kept,) = read_corrections(folder)
    assert (kept.who, kept.changes[0].label, kept.image_sha256) == (
        "Ada", "c", open_dataset(folder).figure(FIGURE).figure.image_sha256,
    )  # fmt: skip
    assert kept.version
    assert kept.at.utcoffset() is not None
    assert [each["who"] for each in client.get("/api/corrections").json()] == ["Ada"]


def test_the_next_publish_takes_it_over_and_the_pages_show_it(
    client: TestClient, folder: Path, publish_articles: Callable[..., Path]
) -> None:
    client.post("/api/corrections", json=ASKED | {"accepted": True}, headers=BEARER)
    publish_articles(harvest="n2")
    assert client.get("/api/panels?reviewed=yes").json()["total"] == 2
    labels = [panel["label"] for panel in client.get(f"/api/figures/{FIGURE}").json()["panels"]]
    assert labels == ["a", "c"]


def test_the_most_doubtful_figure_comes_first_and_an_accepted_one_no_more(client: TestClient) -> None:
    assert f'data-figure="{FIGURE}"' in client.get("/review", headers=BEARER).text
    client.post("/api/corrections", json=ASKED | {"changes": [], "accepted": True}, headers=BEARER)
    assert 'data-figure="nature/titania/fig1"' in client.get("/review", headers=BEARER).text


def test_people_that_differ_are_shown_to_each_other(client: TestClient) -> None:
    client.post("/api/corrections", json=ASKED, headers=BEARER)
    other = {**ASKED, "who": "Bo", "changes": [{"action": "set", "box": RIGHT, "label": "d"}]}
    client.post("/api/corrections", json=other, headers=BEARER)
    assert "label: c (Ada), d (Bo)" in client.get(f"/review?figure={FIGURE}", headers=BEARER).text


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"changes": []}, "1 to 100 changes"),
        ({"figure_id": "nature/none/fig1"}, "no"),
        ({"changes": [{"action": "set", "box": [0, 0, 5, 5], "label": "c"}]}, "no panel of"),
        ({"changes": [{"action": "add", "box": [0, 0, 900, 50]}]}, "outside of the figure"),
        ({"changes": [{"action": "set", "box": RIGHT, "length_nm": 0}]}, "no length"),
        ({"changes": [{"action": "explode", "box": RIGHT}]}, "action"),
        ({"changes": [{"action": "set", "box": RIGHT, "length_nm": 500}]}, "no scale bar"),
        ({"changes": [{"action": "add", "box": [0, 0, 50, 50], "length_nm": 500}]}, "no scale bar"),
        ({"changes": [{"action": "set", "box": RIGHT, "type": "SME"}]}, "no look"),
        ({"changes": [{"action": "set", "box": RIGHT, "label": "\ud800"}]}, "unicode"),
        ({"who": "Ada \ud800"}, "unicode"),
        ({"accepted": True, "seen": "0123"}, "has changed"),
        ({"who": "  "}, "who"),
        ({"path": "../../x"}, "path"),
    ],
)
def test_what_cannot_be_is_refused_and_not_written(
    client: TestClient, folder: Path, changed: dict[str, Any], says: str
) -> None:
    content = json.dumps({**ASKED, **changed})  # httpx would not send half of a pair
    answer = client.post("/api/corrections", content=content, headers=BEARER | {"Content-Type": "application/json"})
    assert answer.status_code in (400, 404, 422)
    assert says in json.dumps(answer.json())
    assert not (folder / FILE).exists()


def test_what_another_person_changed_meanwhile_is_not_accepted_unseen(client: TestClient, folder: Path) -> None:
    def seen() -> str:
        page = client.get(f"/review?figure={FIGURE}", headers=BEARER).text
        return page.partition('data-seen="')[2].partition('"')[0]

    accepted = {"figure_id": FIGURE, "who": "Ada", "accepted": True, "seen": seen()}
    removed = ASKED | {"who": "Bo", "changes": [{"action": "remove", "box": RIGHT}]}
    assert client.post("/api/corrections", json=removed, headers=BEARER).status_code == 201
    answer = client.post("/api/corrections", json=accepted, headers=BEARER)
    assert (answer.status_code, [each.who for each in read_corrections(folder)]) == (400, ["Bo"])
    assert client.post("/api/corrections", json=accepted | {"seen": seen()}, headers=BEARER).status_code == 201
    assert len(read_corrections(folder)[1].panels or ()) == 1


def test_a_file_that_cannot_be_written_is_said(client: TestClient, folder: Path) -> None:
    (folder / FILE).mkdir()
    answer = client.post("/api/corrections", json=ASKED, headers=BEARER)
    assert (answer.status_code, FILE in answer.json()["error"]) == (500, True)


def test_an_accepted_figure_whose_image_has_changed_is_in_the_queue_again(
    client: TestClient, folder: Path, publish_articles: Callable[..., Path]
) -> None:
    client.post("/api/corrections", json=ASKED | {"changes": [], "accepted": True}, headers=BEARER)
    publish_articles(ARTICLES[0] | {"image": figure_image(77)}, harvest="n2")
    assert f'data-figure="{FIGURE}"' in client.get("/review", headers=BEARER).text


def test_words_may_have_line_ends_of_all_kinds(client: TestClient) -> None:
    words = "one\u2028two\u0085three\x0cfour"
    changes = [{"action": "set", "box": RIGHT, "caption": [words]}]
    assert client.post("/api/corrections", json=ASKED | {"changes": changes}, headers=BEARER).status_code == 201
    assert client.get("/api/corrections").json()[0]["changes"][0]["caption"] == [words]


def test_people_who_write_at_once_lose_nothing(client: TestClient, folder: Path) -> None:
    def write(n: int) -> int:
        return client.post("/api/corrections", json=ASKED | {"who": f"person {n}"}, headers=BEARER).status_code

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(write, range(40))) == {201}
    assert {each.who for each in read_corrections(folder)} == {f"person {n}" for n in range(40)}


def test_a_data_set_at_a_url_is_reviewed_there(folder: Path, s3: str, tmp_path: Path) -> None:
    there = RemoteFiles(f"{s3}/silver")
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        there.upload(path, path.relative_to(folder).as_posix())
    client = TestClient(application(f"{s3}/silver", token=TOKEN), base_url=BASE)
    for who in ("Ada", "Bo"):
        assert client.post("/api/corrections", json=ASKED | {"who": who}, headers=BEARER).status_code == 201
    assert [each["who"] for each in client.get("/api/corrections").json()] == ["Ada", "Bo"]
    mirror = Mirror(there, tmp_path / "mirror")
    mirror.pull()
    assert [each.who for each in read_corrections(tmp_path / "mirror")] == ["Ada", "Bo"]
    mirror.push()
    assert [each["who"] for each in client.get("/api/corrections").json()] == ["Ada", "Bo"]


def test_what_was_accepted_stays_when_a_later_harvest_cuts_the_figure_otherwise(
    client: TestClient, folder: Path, publish_articles: Callable[..., Path]
) -> None:
    client.post("/api/corrections", json=ASKED | {"accepted": True}, headers=BEARER)
    publish_articles(harvest="n2")
    accepted = client.get(f"/api/figures/{FIGURE}").json()["panels"]
    version = client.get("/api/dataset").json()["version"]
    publish_articles(harvest="n3")
    assert client.get("/api/dataset").json()["version"] == version
    again = {"label": "z", "kind": "photo", "caption": "A panel that nobody saw.", "sure": 0.5}
    cut = ARTICLES[0] | {"panels": [*ARTICLES[0]["panels"], again], "image": figure_image(0)}
    publish_articles(cut, harvest="n4")
    assert client.get(f"/api/figures/{FIGURE}").json()["panels"] == accepted
    assert [each["reviewed"] for each in accepted] == [True, True]
