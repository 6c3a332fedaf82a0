"""Names that are safe everywhere, and files that are whole or not there."""

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exsclaim.storage import without_secrets
from exsclaim.storage.local import MAX_NAME_BYTES, safe_name, whole_file, write_whole

HOSTILE = [
    "../../etc/passwd", "..", ".", "", "/", "a/b", "a\\b", "C:\\x", "CON", "nul.txt", "x" * 300, "é" * 90, "a\x00b",
    "\ud800", " lead", "trail. ", "a\nb", "<script>", ".hidden", "e\u0301", "-rf", "harvest=x",
]  # fmt: skip


@pytest.mark.parametrize("name", ["ncomms5946", "s41467-018-06211-3", "Ag nano", "银纳米", "x.y_z", "Ω"])
def test_an_ordinary_name_is_kept(name: str) -> None:
    assert safe_name(name) == name


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_name_stays_in_its_folder(text: str, tmp_path: Path) -> None:
    path = tmp_path / safe_name(text)
    write_whole(path, b"x")
    assert [each.resolve() for each in tmp_path.iterdir()] == [path.resolve()]


def test_hostile_names_stay_apart() -> None:
    names = [safe_name(text) for text in HOSTILE]
    assert len({name.casefold() for name in names}) == len(HOSTILE)


@given(st.text())
def test_any_text_gives_a_name_that_every_file_system_takes(text: str) -> None:
    name = safe_name(text)
    assert 0 < len(name.encode()) <= MAX_NAME_BYTES
    assert not set(name) & set('/\\:*?"<>|\0\n\r\t')
    assert not name.startswith((".", " "))
    assert not name.endswith((".", " "))
    assert name == unicodedata.normalize("NFC", name)


@given(st.text(max_size=5), st.text(max_size=5))
def test_two_texts_have_two_names(one: str, other: str) -> None:
    assert (safe_name(one) == safe_name(other)) == (one == other)


def test_an_error_while_writing_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "table"
    write_whole(path, b"old")

    def write_half() -> None:
        with whole_file(path) as file:
            file.write(b"half of the ne")
            raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        write_half()
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_that_is_as_it_should_be_is_not_written_again(tmp_path: Path) -> None:
    path = tmp_path / "table"
    write_whole(path, b"same")
    inode = path.stat().st_ino
    write_whole(path, b"same")
    assert path.stat().st_ino == inode


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgresql://ada:secret@host/base", "postgresql://host/base"),
        ("postgresql://ada:se/cret@host/base", "postgresql://host/base"),
        ("postgresql://ada:se@cret@host/base", "postgresql://host/base"),
        ("postgresql://ada:s/e@cret@host:5432/base", "postgresql://host:5432/base"),
        ("postgresql://ada:123/x@host/base", "postgresql://host/base"),
        ("postgresql+psycopg://ada:1/x@y@host:5432/base", "postgresql+psycopg://host:5432/base"),
        ("postgresql://host:5432/base?user=ada@corp", "postgresql://host:5432/base?user=ada@corp"),
        ("postgresql://host/base?sslmode=a&password=secret", "postgresql://host/base?sslmode=a&password="),
        ("s3://key:se/cr+et@bucket/x", "s3://bucket/x"),
        ("sftp://ada@host/x@y", "sftp://host/x@y"),
        *((same, same) for same in (
            "s3://bucket/a@b", "sftp://host:22/a@b", "sftp://[::1]:22/a@b", "file:///data/a:b@c", "results/a:b@c",
        )),
    ],
)  # fmt: skip
def test_no_part_of_a_password_is_shown(url: str, shown: str) -> None:
    assert without_secrets(url) == shown
