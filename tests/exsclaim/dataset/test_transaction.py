"""All of a publish, or nothing."""

from pathlib import Path

import pytest

from exsclaim.dataset.transaction import COMMIT, DRAFTS, Transaction


def contents(folder: Path) -> dict[str, str]:
    return {path.relative_to(folder).as_posix(): path.read_text() for path in folder.rglob("*") if path.is_file()}


def test_nothing_is_there_before_the_commit_and_all_of_it_after(tmp_path: Path) -> None:
    (tmp_path / "old").write_text("1")
    files = Transaction(tmp_path)
    files.write("a/b", b"2")
    files.remove("old")
    assert (tmp_path / "old").exists()
    assert not (tmp_path / "a" / "b").exists()
    assert (files.names("*/b"), files.path("a/b").read_bytes(), files.names("old")) == (["a/b"], b"2", [])
    assert not files.path("old").exists()
    assert files.commit()
    assert contents(tmp_path) == {"a/b": "2"}


def test_drafts_without_a_commit_are_thrown_away(tmp_path: Path) -> None:
    Transaction(tmp_path).write("a", b"half")
    Transaction(tmp_path)
    assert contents(tmp_path) == {}


def test_a_commit_that_was_cut_short_is_finished_by_the_next(tmp_path: Path) -> None:
    (tmp_path / "gone").write_text("1")
    (tmp_path / DRAFTS).mkdir()
    (tmp_path / DRAFTS / "left").write_text("2")
    (tmp_path / COMMIT).write_text('{"remove": ["gone", "gone before"]}')
    Transaction(tmp_path)
    assert contents(tmp_path) == {"left": "2"}


@pytest.mark.parametrize("moved", range(4))
def test_what_is_put_in_place_by_half_has_no_half_folder_and_no_index_of_what_is_not_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moved: int
) -> None:
    files = Transaction(tmp_path)
    for name in ("new/1", "x", "new/2", "z", "index"):
        files.write(name, b"1")
    replace, done = Path.replace, []

    def dying(self: Path, target: Path) -> Path:
        if self.parent.name == DRAFTS:
            if len(done) == moved:
                raise KeyboardInterrupt
            done.append(self)
        return replace(self, target)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", dying)
        with pytest.raises(KeyboardInterrupt):
            files.commit()
    there = {name for name in contents(tmp_path) if not name.startswith(".")}
    assert "index" not in there
    assert ("new/1" in there) == ("new/2" in there)
    Transaction(tmp_path)
    assert set(contents(tmp_path)) == {"new/1", "x", "new/2", "z", "index"}


def test_a_file_that_is_as_it_is_is_not_touched(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"same")
    inode = (tmp_path / "a").stat().st_ino
    files = Transaction(tmp_path)
    files.write("a", b"same")
    files.remove("a")
    assert not files.commit()
    assert (tmp_path / "a").stat().st_ino == inode
    assert contents(tmp_path) == {"a": "same"}


def test_folders_that_end_empty_go(tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "b" / "c").write_text("1")
    files = Transaction(tmp_path)
    files.remove("a/b/c")
    assert files.commit()
    assert list(tmp_path.iterdir()) == []


def test_an_error_while_writing_leaves_the_folder_as_it_was(tmp_path: Path) -> None:
    files = Transaction(tmp_path)

    def write_half() -> None:
        with files.file("a") as file:
            file.write(b"half")
            raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        write_half()
    Transaction(tmp_path)
    assert contents(tmp_path) == {}
