"""The store keeps bodies by digest, notices damage, and remembers which URL gave what."""

import datetime as dt
import hashlib
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exsclaim.errors import StoreError
from exsclaim.store import Store, StoredResponse


def answer(url: str, sha256: str) -> StoredResponse:
    return StoredResponse(
        url=url, final_url=url, sha256=sha256, content_type="text/html", etag='"1"', last_modified=None,
        fetched_on=dt.date(2026, 1, 2),
    )  # fmt: skip


@given(body=st.binary(max_size=2000))
def test_what_is_put_is_read_again_under_its_sha256(tmp_path_factory: pytest.TempPathFactory, body: bytes) -> None:
    store = Store(tmp_path_factory.mktemp("store"))
    sha256 = store.put(body)
    assert sha256 == hashlib.sha256(body).hexdigest()
    assert store.read(sha256) == body
    assert store.path(sha256) == store.root / sha256[:2] / sha256
    assert store.holds(sha256)


def test_an_absent_body_is_an_error_that_names_its_path(tmp_path: Path) -> None:
    store = Store(tmp_path)
    assert not store.holds("0" * 64)
    with pytest.raises(StoreError, match="0" * 64):
        store.read("0" * 64)


@pytest.mark.parametrize(
    "name", ["", "../../etc/passwd", "A" * 64, "0" * 63, "0" * 64 + "\n", "/" + "0" * 63, "０" * 64]
)
def test_only_a_digest_is_a_name(tmp_path: Path, name: str) -> None:
    with pytest.raises(StoreError, match="not a sha256"):
        Store(tmp_path).path(name)


def test_a_damaged_body_is_noticed_and_healed_by_the_next_put(tmp_path: Path) -> None:
    store = Store(tmp_path)
    sha256 = store.put(b"the whole page")
    store.path(sha256).write_bytes(b"the who")
    assert not store.holds(sha256)
    with pytest.raises(StoreError, match="damaged"):
        store.read(sha256)
    store.put(b"the whole page")
    assert store.read(sha256) == b"the whole page"


def test_a_url_is_recalled_with_all_that_was_said_of_it(tmp_path: Path) -> None:
    store = Store(tmp_path)
    response = answer("https://example.org/ä?q=../x", store.put(b"page"))
    assert store.recall(response.url) is None
    store.remember(response)
    assert Store(tmp_path).recall(response.url) == response


def test_a_newer_answer_replaces_the_older(tmp_path: Path) -> None:
    store = Store(tmp_path)
    for body in (b"old", b"new"):
        store.remember(answer("https://example.org/", store.put(body)))
    recalled = store.recall("https://example.org/")
    assert recalled is not None
    assert store.read(recalled.sha256) == b"new"


def test_a_url_whose_body_is_gone_or_damaged_is_not_recalled(tmp_path: Path) -> None:
    store = Store(tmp_path)
    response = answer("https://example.org/", store.put(b"page"))
    store.remember(response)
    store.path(response.sha256).write_bytes(b"pa")
    assert store.recall(response.url) is None
    store.path(response.sha256).unlink()
    assert store.recall(response.url) is None


def test_half_a_side_file_counts_as_none(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.remember(answer("https://example.org/", store.put(b"page")))
    [side_file] = (tmp_path / "urls").rglob("*.json")
    side_file.write_bytes(side_file.read_bytes()[:20])
    assert store.recall("https://example.org/") is None


def test_many_threads_put_the_same_body_and_leave_nothing_half_written(tmp_path: Path) -> None:
    store = Store(tmp_path)
    body = bytes(range(256)) * 400
    threads = [threading.Thread(target=store.put, args=(body,)) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert store.holds(hashlib.sha256(body).hexdigest())
    assert list((tmp_path / "incoming").iterdir()) == []
