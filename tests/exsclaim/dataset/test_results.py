"""Results at a URL are those that a folder would hold, whole at every moment, whichever machine publishes them."""

import datetime as dt
import json
import shutil
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import fsspec
import pytest
from fsspec.implementations.memory import MemoryFileSystem

from exsclaim.dataset import HarvestedArticle
from exsclaim.dataset.publish.publishing import publish
from exsclaim.dataset.results import keep_log, open_results, results_folder
from exsclaim.dataset.results_at_url import EXPIRES_S, LEASE, MANIFEST
from exsclaim.dataset.transaction import COMMIT, DRAFTS
from exsclaim.errors import BusyError, StoreError
from exsclaim.settings import settings
from exsclaim.storage import is_url
from exsclaim.storage.remote import RemoteFiles
from exsclaim.store import Store
from tests.exsclaim.dataset.conftest import Harvester, staged

Place = Callable[[str], str]
Machine = Callable[[str], None]


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    """`machine("b")`: from here on, the work is done on another machine."""

    def move(name: str) -> None:
        monkeypatch.setenv("EXSCLAIM_HOME", str(tmp_path / f"home-{name}"))
        monkeypatch.setattr("socket.gethostname", lambda: name)
        settings.cache_clear()

    return move


def harvest(results_dir: str, harvest_id: str, store: Store, *articles: HarvestedArticle) -> None:
    """One harvest's publishing, as the flow does it."""
    with open_results(results_dir, "silver") as results, staged(*articles) as staging:
        publish(
            staging, query_name="silver", results_dir=results_dir, store=store, harvest_id=harvest_id,
            save_format=frozenset({"csv", "save_subfigures"}), versions={"code": "1"},
        )  # fmt: skip
        results.bring()


def published(results_dir: str) -> dict[str, bytes]:
    """All that a reader of the results finds, but for what serves the writing."""
    if not is_url(results_dir):
        folder = Path(results_dir) / "silver"
        found = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
        return {name: path.read_bytes() for name, path in found.items() if name != LEASE}
    files = RemoteFiles(f"{results_dir}/silver")
    serving = (LEASE, MANIFEST, COMMIT)
    names = [name for name in files.names() if name not in serving and not name.startswith(f"{DRAFTS}/")]
    return {name: files.read(name) for name in names}


def test_every_place_ends_with_the_files_of_a_folder(
    harvested: Harvester, store: Store, place: Place, tmp_path: Path
) -> None:
    """Also those that the data set no longer has: a figure, and the tables of an earlier harvest."""

    def article(name: str, seed: int, caption: str = "Silver", figures: int = 1) -> HarvestedArticle:
        return harvested(name, figures=figures, seed=seed, caption=caption)

    for results in (place("results"), str(tmp_path / "expected")):
        harvest(results, "2026-11-20", store, article("x2", 2, figures=2))
        harvest(results, "2026-11-21", store, article("x2", 2, "Gold"), article("x3", 3))
    found = published(place("results"))
    assert found == published(str(tmp_path / "expected"))
    assert {"figures/x2_fig1.jpg", "figures/x3_fig1.jpg"} <= found.keys()
    assert [name for name in found if "x2_fig2" in name or "harvest=2026-11-20" in name] == []


def test_another_machine_goes_on_where_the_first_left_off(
    harvested: Harvester, store: Store, url: str, tmp_path: Path, machine: Machine
) -> None:
    old, new = (harvested("x1", figures=1, caption=caption) for caption in ("Silver", "Gold"))
    other = harvested("x2", figures=1, seed=2)
    for name, day, article in (("a", "2026-11-20", old), ("b", "2026-11-21", new)):
        machine(name)
        harvest(url, day, store, article, other)
        harvest(str(tmp_path / "expected"), day, store, article, other)
    assert published(url) == published(str(tmp_path / "expected"))
    machine("a")
    harvest(url, "2026-11-21", store, new, other)
    assert published(url) == published(str(tmp_path / "expected"))


def test_what_did_not_change_is_not_uploaded_again(harvested: Harvester, store: Store, s3: str) -> None:
    harvest(s3, "2026-11-20", store, harvested("x1"))
    bucket = fsspec.filesystem("s3", use_listings_cache=False)
    before = {path: info["LastModified"] for path, info in bucket.find(s3, detail=True).items()}
    harvest(s3, "2026-11-20", store, harvested("x1"))
    assert {path: info["LastModified"] for path, info in bucket.find(s3, detail=True).items()} == before
    harvest(s3, "2026-11-21", store, harvested("x1"), harvested("x2", seed=2))
    after = {path: info["LastModified"] for path, info in bucket.find(s3, detail=True).items()}
    kept = [path for path in before if after.get(path) == before[path]]
    assert len([path for path in kept if "/x1_fig" in path or "harvest=2026-11-20" in path]) == 10


class MortalFileSystem(MemoryFileSystem):  # type: ignore[misc]
    """Files in memory, of a process that may be killed before each change to them: `kill_comes` is called then."""

    protocol = "mortal"
    store: dict[str, Any] = {}
    pseudo_dirs: list[str] = [""]
    kill_comes: Callable[[], object] | None = None

    def _change(self) -> None:
        if self.kill_comes is not None:
            self.kill_comes()

    @classmethod
    def files(cls) -> dict[str, bytes]:
        return {path: file.getvalue() for path, file in cls.store.items()}

    @classmethod
    def bring_back(cls, files: dict[str, bytes]) -> None:
        """Let the server have these files and no others."""
        cls.store.clear()
        for path, content in files.items():
            fsspec.filesystem("mortal").pipe_file(path, content)

    @classmethod
    def _strip_protocol(cls, path: str) -> str:
        return str(super()._strip_protocol(path.replace("mortal://", "memory://")))

    def pipe_file(self, path: str, value: bytes, mode: str = "overwrite", **options: Any) -> None:
        self._change()
        super().pipe_file(path, value, mode=mode, **options)

    def rm_file(self, path: str) -> None:
        self._change()
        super().rm_file(path)

    def cp_file(self, path1: str, path2: str, **options: Any) -> None:
        self._change()
        super().cp_file(path1, path2, **options)


def test_a_kill_at_any_upload_then_the_same_again_equals_an_undisturbed_run(
    harvested: Harvester, store: Store, tmp_path: Path, machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On the machine that was killed, and on another once its lease is over."""
    fsspec.register_implementation("mortal", MortalFileSystem, clobber=True)
    monkeypatch.setattr("exsclaim.storage.remote._PUT_IS_WHOLE", frozenset({"mortal"}))
    monkeypatch.setattr("exsclaim.dataset.results_at_url._CONNECTIONS", 1)
    first = [harvested("x1", figures=1), harvested("x2", figures=2, seed=2)]
    second = [harvested("x2", figures=1, seed=2, caption="Gold"), harvested("x3", figures=1, seed=3)]
    for day, articles in (("2026-11-20", first), ("2026-11-21", second)):
        harvest(str(tmp_path / "expected"), day, store, *articles)
    expected = published(str(tmp_path / "expected"))
    url = f"mortal://{uuid.uuid4().hex}"
    machine("a")
    MortalFileSystem.store.clear()
    harvest(url, "2026-11-20", store, *first)
    before = published(url)
    killed: list[tuple[dict[str, bytes], Path]] = []
    home = tmp_path / "home-a"

    def remember() -> None:
        """Keep the files that a kill would leave, at the URL and on the machine."""
        copy = shutil.copytree(home, tmp_path / f"killed{len(killed)}")
        killed.append((MortalFileSystem.files(), Path(copy)))

    with monkeypatch.context() as patch:
        patch.setattr(MortalFileSystem, "kill_comes", staticmethod(remember))
        harvest(url, "2026-11-21", store, *second)
    assert published(url) == expected
    assert len(killed) > 15
    committed = [any(path.endswith(COMMIT) for path in there) for there, _ in killed]
    for n, (there, own) in enumerate(killed):
        for name in ("a", f"b{n}"):
            MortalFileSystem.bring_back(there)
            for file, content in published(url).items():
                assert content in (before.get(file), expected.get(file)), f"{file} is whole, old or new"
            if name == "a":
                shutil.rmtree(home)
                own.rename(home)
            else:
                let_expire(f"{url}/silver")
            machine(name)
            if committed[n : n + 1] != committed[n + 1 : n + 2]:  # the last before the commit, of it, and of all
                harvest(url, "2026-11-21", store, *second)
                assert published(url) == expected, f"killed before change {n}, {name} goes on"
            else:  # whoever opens it finds the old state or the new one, of which publishing makes the same
                with open_results(url, "silver"):
                    found = published(url)
                    assert published(str(results_folder(url, "silver").parent)) == found, "so does its folder"
                assert found == expected or (found == before and not committed[n]), f"killed before change {n}, {name}"


def let_expire(url: str) -> None:
    """The lease of who was killed, as it is some time later."""
    files = RemoteFiles(url)
    if files.size_bytes(LEASE) is not None:
        lease = json.loads(files.read(LEASE))
        past = dt.datetime.now(dt.UTC) - dt.timedelta(seconds=EXPIRES_S + 1)
        files.write(LEASE, json.dumps(lease | {"renewed": past.isoformat()}).encode())


def test_two_machines_do_not_work_on_the_same_results(s3: str, machine: Machine) -> None:
    machine("a")
    with open_results(s3, "silver"):
        machine("b")
        with pytest.raises(BusyError, match=r"another harvest is at work there \(a:"), open_results(s3, "silver"):
            pass
    with open_results(s3, "silver"):
        pass
    assert LEASE not in RemoteFiles(f"{s3}/silver").names()


def test_a_lease_that_was_lost_stops_the_upload(s3: str, machine: Machine, harvested: Harvester, store: Store) -> None:
    machine("a")
    with open_results(s3, "silver") as mine:
        let_expire(f"{s3}/silver")
        machine("b")
        with open_results(s3, "silver"), pytest.raises(BusyError, match="lost to another harvest"):
            mine.bring()


def test_two_processes_of_one_machine_do_not_either(place: Place) -> None:
    with (
        open_results(place("results"), "silver"),
        pytest.raises(BusyError, match="another harvest"),
        open_results(place("results"), "silver"),
    ):
        pass


def test_a_log_comes_along_when_it_is_whole(s3: str) -> None:
    log = results_folder(s3, "silver") / "harvest.log"
    log.parent.mkdir(parents=True)
    log.write_text("all is well\n")
    keep_log(s3, "silver", log)
    assert RemoteFiles(f"{s3}/silver").read("harvest.log") == b"all is well\n"
    with open_results(s3, "silver") as results:
        results.bring()
    assert log.exists()
    assert RemoteFiles(f"{s3}/silver").read("harvest.log") == b"all is well\n"


def test_a_name_that_would_leave_the_folder_is_refused(s3: str) -> None:
    RemoteFiles(f"{s3}/silver").write("../silver/x/../../../escaped", b"x")
    fsspec.filesystem("s3").pipe_file(f"{s3}/silver/dataset/../../../escaped", b"x")
    with pytest.raises(StoreError, match="remove it"), open_results(s3, "silver"):
        pass


def test_a_damaged_mirror_is_brought_up_to_date(harvested: Harvester, store: Store, url: str, tmp_path: Path) -> None:
    harvest(url, "2026-11-20", store, harvested("x1"))
    folder = results_folder(url, "silver")
    (folder / "exsclaim.json").write_text("{}")
    shutil.rmtree(folder / "data" / "panels")
    harvest(url, "2026-11-20", store, harvested("x1"))
    harvest(str(tmp_path / "expected"), "2026-11-20", store, harvested("x1"))
    assert published(url) == published(str(tmp_path / "expected"))
