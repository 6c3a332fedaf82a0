"""Files of a folder that give no article of their own: copies of a PDF are one, and what is not read is told."""

import os
from pathlib import Path

import pytest

from exsclaim.sources.folder import READERS
from exsclaim.sources.local.passed_over import copies, told_of_others
from tests.exsclaim.publisher import Bench
from tests.exsclaim.sources.test_folder import pdf, search


def aged(path: Path, content: bytes, days: int) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    os.utime(path, (1_700_000_000 - 86_400 * days,) * 2)
    return path


def test_a_pdf_that_was_copied_is_one_article_and_the_oldest_file_stays_it(tmp_path: Path) -> None:
    original = aged(tmp_path / "silver.pdf", b"%PDF silver", days=9)
    renamed = aged(tmp_path / "a" / "Silver (1).pdf", b"%PDF silver", days=1)
    same_size = aged(tmp_path / "gold.pdf", b"%PDF golden", days=5)
    assert copies([renamed, same_size, original]) == {renamed: original}


def test_of_copies_of_one_moment_the_shorter_name_is_the_article(tmp_path: Path) -> None:
    kept, numbered = (aged(tmp_path / name, b"%PDF", days=3) for name in ("silver.pdf", "silver (1).pdf"))
    assert copies([numbered, kept]) == {numbered: kept}


def test_empty_files_are_no_copies_and_a_lost_one_is_none(tmp_path: Path) -> None:
    empty = [aged(tmp_path / name, b"", days=1) for name in ("a.pdf", "b.pdf")]
    assert copies([*empty, tmp_path / "gone.pdf"]) == {}


def test_the_search_of_a_folder_says_which_file_is_a_copy(
    tmp_path: Path, bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    body = pdf(tmp_path / "silver.pdf").read_bytes()
    aged(tmp_path / "silver.pdf", body, days=2)
    aged(tmp_path / "copy.pdf", body, days=1)
    pdf(tmp_path / "gold.pdf", title="Gold particles that were grown in a bath", doi="10.5555/gold")
    assert [ref.url.rpartition("/")[2] for ref in search(tmp_path, bench=bench)] == ["gold.pdf", "silver.pdf"]
    assert f"{tmp_path}/copy.pdf: passed over, it is a copy of {tmp_path}/silver.pdf" in caplog.text


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (("a.pdf", "b.docx", "c.DOCX", "d.zip"), "not read, for what they are: 2 .docx, 1 .zip"),
        (("a.pdf", "notes.txt", "refs.bib", "LICENSE"), ""),
        (("page.html", "one.png"), ""),  # the page's own
        (("table.csv", "one.png", "two.tif"), ""),
        (
            ("one.png", "two.png"),
            "not read, for what they are: 2 .png; images need a table of their captions (docs/sources-folder.md)",
        ),
        (
            ("a.b", "a.c", "a.d", "a.e", "a.f", "a.g", "b.g"),
            "not read, for what they are: 2 .g, 1 .b, 1 .c, 1 .d, 1 .e and 1 more",
        ),
    ],
)
def test_kinds_of_files_that_are_not_read_are_told(names: tuple[str, ...], said: str) -> None:
    assert told_of_others([Path("papers", name) for name in names], READERS) == said


def test_a_folder_of_other_files_alone_says_so(tmp_path: Path, bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "thesis.docx").write_text("x")
    assert search(tmp_path, bench=bench) == []
    assert f"{tmp_path}: not read, for what they are: 1 .docx" in caplog.text
