"""The store keeps bodies by digest, notices damage, and remembers which URL gave what, wherever it lies."""

import datetime as dt
import hashlib
import threading
from collections.abc import Callable
from pathlib import Path

import fsspec
import pytest
from fsspec.implementations.memory import MemoryFileSystem
from fsspec.spec import AbstractFileSystem
from hypothesis import given
from hypothesis import strategies as st

from exsclaim.errors import SettingsError, StoreError, UnreachableError
from exsclaim.settings import Settings
from exsclaim.storage import Files, files_at, is_url, local_path
from exsclaim.storage.local import LocalFiles
from exsclaim.storage.remote import RemoteFiles
from exsclaim.store import Store, StoredResponse, open_store

Place = Callable[[str], str]


def answer(url: str, sha256: str) -> StoredResponse:
    return StoredResponse(
        url=url, final_url=url, sha256=sha256, content_type="text/html", etag='"1"', last_modified=None,
        fetched_on=dt.date(2026, 1, 2),
    )  # fmt: skip


def remove(files: Files, name: str) -> None:
    if isinstance(files, LocalFiles):
        (files.root / name).unlink()
    else:
        assert isinstance(files, RemoteFiles)
        files.delete(name)


def files_of(store: Store) -> list[str]:
    """The names of all files of a store."""
    if isinstance(store.files, LocalFiles):
        root = store.files.root
        return sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())
    assert isinstance(store.files, RemoteFiles)
    return store.files.names()


@pytest.fixture
def machine(place: Place, tmp_path: Path) -> Callable[[str], Store]:
    """`machine("a")`: the one store as the machine "a" sees it, with a home of its own."""

    def see(name: str) -> Store:
        return open_store(Settings(home=tmp_path / f"home-{name}", store=place("store")))

    return see


@pytest.fixture
def store(machine: Callable[[str], Store]) -> Store:
    return machine("a")


@given(body=st.binary(max_size=2000))
def test_what_is_put_is_read_again_under_its_sha256(tmp_path_factory: pytest.TempPathFactory, body: bytes) -> None:
    root = tmp_path_factory.mktemp("store")
    store = Store(root)
    sha256 = store.put(body)
    assert sha256 == hashlib.sha256(body).hexdigest()
    assert store.read(sha256) == body
    assert store.path(sha256) == root / sha256[:2] / sha256
    assert store.holds(sha256)


def test_what_one_machine_puts_another_reads(machine: Callable[[str], Store]) -> None:
    sha256 = machine("a").put(b"a figure")
    assert machine("b").holds(sha256)
    assert machine("c").read(sha256) == b"a figure"


def test_a_body_lies_under_its_digest_and_nothing_else_is_left(store: Store) -> None:
    sha256 = store.put(b"a figure")
    store.put(b"a figure")
    assert files_of(store) == [f"{sha256[:2]}/{sha256}"]


def test_an_absent_body_is_an_error_that_names_its_path(store: Store) -> None:
    assert not store.holds("0" * 64)
    with pytest.raises(StoreError, match="0" * 64):
        store.read("0" * 64)


@pytest.mark.parametrize(
    "name", ["", "../../etc/passwd", "A" * 64, "0" * 63, "0" * 64 + "\n", "/" + "0" * 63, "０" * 64]
)
def test_only_a_digest_is_a_name(store: Store, name: str) -> None:
    for asked in (store.read, store.holds, store.name):
        with pytest.raises(StoreError, match="not a sha256"):
            asked(name)


def test_a_damaged_body_is_noticed_and_healed_by_the_next_put(machine: Callable[[str], Store]) -> None:
    sha256 = machine("a").put(b"the whole page")
    store = machine("b")
    store.files.write(store.name(sha256), b"the who")
    assert not store.holds(sha256)
    with pytest.raises(StoreError, match="damaged"):
        store.read(sha256)
    store.put(b"the whole page")
    assert store.read(sha256) == b"the whole page"
    assert machine("c").read(sha256) == b"the whole page"


def test_a_url_is_recalled_with_all_that_was_said_of_it(machine: Callable[[str], Store]) -> None:
    store = machine("a")
    response = answer("https://example.org/ä?q=../x", store.put(b"page"))
    assert store.recall(response.url) is None
    store.remember(response)
    assert machine("b").recall(response.url) == response


def test_a_newer_answer_replaces_the_older(machine: Callable[[str], Store]) -> None:
    store = machine("a")
    for body in (b"old", b"new"):
        store.remember(answer("https://example.org/", store.put(body)))
    recalled = machine("b").recall("https://example.org/")
    assert recalled is not None
    assert store.read(recalled.sha256) == b"new"


def test_a_url_whose_body_is_gone_or_damaged_is_not_recalled(store: Store) -> None:
    response = answer("https://example.org/", store.put(b"page"))
    store.remember(response)
    store.files.write(store.name(response.sha256), b"pa")
    assert store.recall(response.url) is None
    remove(store.files, store.name(response.sha256))
    assert store.recall(response.url) is None


def test_half_a_side_file_counts_as_none(store: Store) -> None:
    store.remember(answer("https://example.org/", store.put(b"page")))
    [side_file] = (name for name in files_of(store) if name.startswith("urls/"))
    store.files.write(side_file, store.files.read(side_file)[:20])
    assert store.recall("https://example.org/") is None


def test_many_threads_put_the_same_body_and_leave_nothing_half_written(store: Store) -> None:
    body = bytes(range(256)) * 400
    threads = [threading.Thread(target=store.put, args=(body,)) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sha256 = hashlib.sha256(body).hexdigest()
    assert store.holds(sha256)
    assert files_of(store) == [store.name(sha256)]


def test_a_remote_body_is_read_once_over_the_network(s3: str, tmp_path: Path) -> None:
    here = Settings(home=tmp_path / "home", store=f"{s3}/store")
    sha256 = open_store(Settings(home=tmp_path / "elsewhere", store=f"{s3}/store")).put(b"a figure")
    store = open_store(here)
    assert store.read(sha256) == b"a figure"
    remove(store.files, store.name(sha256))
    assert open_store(here).read(sha256) == b"a figure"
    assert not store.holds(sha256), "other machines cannot read it"


def test_a_damaged_cached_body_is_read_from_the_store_again(s3: str, tmp_path: Path) -> None:
    store = open_store(Settings(home=tmp_path / "home", store=f"{s3}/store"))
    sha256 = store.put(b"a figure")
    [cached] = (tmp_path / "home" / "store-cache").rglob(sha256)
    cached.write_bytes(b"a fig")
    assert store.read(sha256) == b"a figure"
    assert cached.read_bytes() == b"a figure"


def test_the_cache_keeps_to_its_size_and_gives_up_what_was_not_read_for_longest(s3: str, tmp_path: Path) -> None:
    store = open_store(Settings(home=tmp_path / "home", store=f"{s3}/store", store_cache_gb=10_000 / 1e9))
    bodies = [bytes([n]) * 3000 for n in range(6)]
    digests = []
    for body in bodies:
        digests.append(store.put(body))
        store.read(digests[0])  # in use all the time
    kept = {path.name for path in (tmp_path / "home" / "store-cache").glob("??/*")}
    assert len(kept) <= 3
    assert {digests[0], digests[-1]} <= kept
    assert [store.read(digest) for digest in digests] == bodies


def test_a_store_without_a_bucket_says_so(s3: str, tmp_path: Path) -> None:
    store = open_store(Settings(home=tmp_path / "home", store=f"{s3}-other/store"))
    with pytest.raises(StoreError, match="bucket"):
        store.put(b"page")


def test_a_server_that_is_down_is_worth_another_try(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name, value in {"AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "x", "AWS_MAX_ATTEMPTS": "1"}.items():
        monkeypatch.setenv(name, value)
    nobody = {"endpoint_url": "http://127.0.0.1:9", "config_kwargs": {"retries": {"max_attempts": 0}}}
    monkeypatch.setitem(fsspec.config.conf, "s3", nobody)
    store = open_store(Settings(home=tmp_path / "home", store="s3://bucket/store"))
    with pytest.raises(UnreachableError, match="s3://bucket/store/"):
        store.read("0" * 64)
    assert UnreachableError.heals


@pytest.mark.parametrize(
    ("url", "said"), [("nosuch://bucket/x", "nosuch"), ("smb://user:secret@host/x", "pip install")]
)
def test_a_url_that_cannot_be_used_says_how_it_could(url: str, said: str) -> None:
    with pytest.raises(SettingsError, match=said) as raised:
        files_at(url)
    assert "secret" not in str(raised.value)


def test_a_file_url_is_a_folder_of_this_machine(tmp_path: Path) -> None:
    assert not is_url(f"file://{tmp_path}")
    assert local_path(f"file://{tmp_path}/a%20b") == tmp_path / "a b"
    with pytest.raises(SettingsError, match="three slashes"):
        local_path("file://data/store")


class Breaking(MemoryFileSystem):  # type: ignore[misc]
    """Files in memory, on a server that dies in the middle of a write."""

    protocol = "breaking"
    store: dict[str, object] = {}
    pseudo_dirs: list[str] = [""]
    breaks = False
    find = AbstractFileSystem.find  # folder by folder, as over SFTP
    unlisted = ""

    def ls(self, path: str, detail: bool = True, **options: object) -> object:
        if self.unlisted and path.endswith(self.unlisted):
            raise OSError("connection lost")
        return super().ls(path, detail, **options)

    @classmethod
    def _strip_protocol(cls, path: str) -> str:
        return str(super()._strip_protocol(path.replace("breaking://", "memory://")))

    def pipe_file(self, path: str, value: bytes, mode: str = "overwrite", **options: object) -> None:
        super().pipe_file(path, value[: len(value) // 2] if self.breaks else value, mode=mode)
        if self.breaks:
            raise OSError("connection lost")


def test_where_a_write_is_not_whole_by_itself_the_old_file_stays_until_the_new_one_is() -> None:
    fsspec.register_implementation("breaking", Breaking, clobber=True)
    files = files_at("breaking://host/store")
    files.write("a/b", b"the old content")
    Breaking.breaks = True
    with pytest.raises(UnreachableError, match="connection lost"):
        files.write("a/b", b"the new content")
    assert files.read("a/b") == b"the old content"
    Breaking.breaks = False
    files.write("a/b", b"the new content")
    assert files.read("a/b") == b"the new content"
    assert isinstance(files, RemoteFiles)
    assert files.names() == ["a/b"]


def test_a_folder_that_cannot_be_listed_is_not_taken_for_an_empty_one(monkeypatch: pytest.MonkeyPatch) -> None:
    fsspec.register_implementation("breaking", Breaking, clobber=True)
    files = RemoteFiles("breaking://host/listed")
    assert files.names() == []
    for name in ("a/x", "b/y"):
        files.write(name, b"x")
    assert (files.names(), list(files.states())) == (["a/x", "b/y"], ["a/x", "b/y"])
    monkeypatch.setattr(Breaking, "unlisted", "/b")
    for listed in (files.names, files.states):
        with pytest.raises(UnreachableError, match="connection lost"):
            listed()


@pytest.mark.parametrize("url", ["s3://", "s3:///", "s3:////"])
def test_an_address_without_a_bucket_is_said(url: str) -> None:
    with pytest.raises(SettingsError, match="names no bucket: s3://bucket/folder"):
        RemoteFiles(url)
