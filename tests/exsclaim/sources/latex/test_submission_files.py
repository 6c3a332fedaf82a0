"""Archives: unpacked in memory, within limits, and never out of their folder."""

import contextlib
import gzip
import io
import tarfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exsclaim.errors import ArchiveError
from exsclaim.sources.latex import submission_files
from exsclaim.sources.latex.submission_files import unpacked


def tar(files: dict[str, bytes], *others: tarfile.TarInfo, form: int = tarfile.PAX_FORMAT) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w", format=form) as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
        for member in others:
            archive.addfile(member)
    return packed.getvalue()


def link(name: str, to: str, kind: bytes = tarfile.SYMTYPE) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.type, member.linkname = kind, to
    return member


FILES = {"main.tex": b"\\documentclass{article}", "figs/a.png": b"\x89PNG"}


@pytest.mark.parametrize(
    "pack", [lambda t: t, gzip.compress, lambda t: gzip.compress(t[:700]) + gzip.compress(t[700:])]
)
@pytest.mark.parametrize("form", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_tars_are_unpacked_gzipped_or_not(pack: object, form: int) -> None:
    assert callable(pack)
    assert unpacked(pack(tar(FILES, form=form)), "x") == FILES


@pytest.mark.parametrize("content", [b"\\documentclass{article}", b"%PDF-1.5 x", b"", b"x" * 1000])
def test_a_single_file_has_no_name(content: bytes) -> None:
    assert unpacked(gzip.compress(content), "x") == {"": content}
    assert unpacked(content, "x") == {"": content}


@pytest.mark.parametrize(
    "name", ["/etc/passwd", "../out.tex", "a/../../out.tex", "a\\..\\..\\out.tex", "C:\\x.tex", "\\\\host\\x"]
)
def test_a_path_that_leads_out_is_refused(name: str) -> None:
    with pytest.raises(ArchiveError, match=r"^e-print 1: the archive has a path that leads out of it"):
        unpacked(tar(FILES | {name: b"x"}), "e-print 1")


def test_links_devices_and_folders_are_left_out() -> None:
    others = (
        link("secret", "/etc/passwd"), link("hard", "main.tex", tarfile.LNKTYPE), link("null", "", tarfile.CHRTYPE),
        link("pipe", "", tarfile.FIFOTYPE), link("folder", "", tarfile.DIRTYPE),
    )  # fmt: skip
    assert unpacked(tar(FILES, *others), "x") == FILES


def test_a_bomb_is_refused_before_it_is_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(submission_files, "FREE_BYTES", 1_000_000)
    with pytest.raises(ArchiveError, match="decompression bomb"):
        unpacked(gzip.compress(b"\0" * 30_000_000), "x")
    with pytest.raises(ArchiveError, match="decompression bomb"):
        unpacked(gzip.compress(tar({"a": b"\0" * 30_000_000})), "x")


def test_too_many_members_and_too_much_in_them_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(submission_files, "MAX_MEMBERS", 2)
    with pytest.raises(ArchiveError, match="more than 2 members"):
        unpacked(tar(dict.fromkeys("abc", b"")), "x")
    monkeypatch.setattr(submission_files, "MAX_UNPACKED_BYTES", 100)
    with pytest.raises(ArchiveError, match="more than the 0 MB that are unpacked"):
        unpacked(tar({"a": b"x" * 101}), "x")


def test_a_header_that_lies_about_its_size_is_an_error() -> None:
    whole = bytearray(tar({"a": b"x" * 10}))
    whole[124:136] = b"77777777777\0"  # 8 GB, in octal
    whole[148:156] = b"%06o\0 " % (sum(whole[:148]) + 8 * 32 + sum(whole[156:512]))
    with pytest.raises(ArchiveError, match=r"more than the|breaks off"):
        unpacked(bytes(whole), "x")


@pytest.mark.parametrize("cut", [0.3, 0.9])
def test_an_archive_that_breaks_off_is_an_error(cut: float) -> None:
    packed = gzip.compress(tar({"a": bytes(range(256)) * 100}))
    with pytest.raises(ArchiveError, match="breaks off"):
        unpacked(packed[: int(len(packed) * cut)], "x")
    plain = tar({"a": b"x" * 10_000})
    with pytest.raises(ArchiveError, match=r"breaks off|damaged"):
        unpacked(plain[:5000], "x")


@given(st.binary(max_size=2000))
def test_any_bytes_are_files_or_an_archive_error(content: bytes) -> None:
    for body in (content, b"\x1f\x8b" + content, tar(FILES)[:600] + content):
        with contextlib.suppress(ArchiveError):
            assert all(isinstance(each, bytes) for each in unpacked(body, "x").values())
