"""Files that commands write: what was there before, and what is said of a place that cannot be written."""

import json
import os
import re
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from exsclaim.storage.local import write_whole
from tests.exsclaim.cli.command_line import run
from tests.exsclaim.gallery.conftest import ARTICLES, publish_articles
from tests.exsclaim.sources.test_folder import pdf

__all__ = ["publish_articles"]


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Callable[[], str]:
    """Reads what was complained of, without the frame and the line ends that a terminal's width puts in anywhere."""
    return lambda: re.sub(r"[\s│]+", "", capsys.readouterr().err)


def read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def test_of_a_pipe_it_is_said_that_its_end_is_waited_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    os.mkfifo(tmp_path / "captions")
    threading.Thread(
        target=(tmp_path / "captions").write_text, args=['{"rods": {"caption": "(a) Rods. (b) Wires."}}'], daemon=True
    ).start()
    assert run("captions", tmp_path / "captions", "--out", tmp_path / "parts.json") == 0
    assert capsys.readouterr().err == f"reading {tmp_path / 'captions'} until its end …\n"
    (tmp_path / "plain").write_bytes((tmp_path / "parts.json").read_bytes().replace(b"text", b"caption"))
    assert run("captions", tmp_path / "plain", "--out", tmp_path / "none.json") == 1
    assert "until its end" not in capsys.readouterr().err


def test_figures_of_another_call_are_added_to_those_of_earlier_ones(tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert run("figures", pdf(tmp_path / "silver.pdf"), "--out", out) == 0
    first = read(out / "captions.json")
    first["silver_fig1"]["caption"] = "what an earlier reading made of it"
    first["by hand"] = {"caption": "(a) Rods."}
    (out / "captions.json").write_text(json.dumps(first))
    assert run("figures", pdf(tmp_path / "gold.pdf"), "--out", out) == 0
    both = read(out / "captions.json")
    assert list(both) == ["silver_fig1", "by hand", "gold_fig1"]
    assert both["silver_fig1"] == first["silver_fig1"]
    assert run("figures", tmp_path / "silver.pdf", "--out", out) == 0
    again = read(out / "captions.json")
    assert set(again) == set(both)
    assert again["silver_fig1"]["caption"] == "Grown particles."


@pytest.mark.parametrize("before", [None, '{"a_fig1": {"caption": "(a) Rods."}}'])
def test_a_call_that_reads_no_pdf_leaves_captions_as_they_were(
    before: str | None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "empty.pdf").write_bytes(b"")
    out = tmp_path / "out"
    if before:
        out.mkdir()
        (out / "captions.json").write_text(before)
    assert run("figures", tmp_path / "empty.pdf", tmp_path / "missing.pdf", "--out", out) == 1
    assert "2 of 2 PDFs could not be read; nothing was written" in capsys.readouterr().err
    assert (out / "captions.json").read_text() == before if before else not out.exists()


@pytest.mark.parametrize("content", ["[1]", "{bad", "\udcff"])
def test_figures_add_to_no_file_that_is_not_theirs(
    content: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "captions.json").write_bytes(content.encode("utf-8", "surrogateescape"))
    assert run("figures", pdf(tmp_path / "silver.pdf"), "--out", out) == 1
    assert "move it away, or choose another --out" in capsys.readouterr().err
    assert [path.name for path in out.iterdir()] == ["captions.json"]


def test_a_folder_where_a_file_is_to_be_written_is_refused_and_so_is_a_file_for_a_folder(
    publish_articles: Callable[..., Path], tmp_path: Path, said: Callable[[], str]
) -> None:
    dataset = publish_articles(ARTICLES[0])
    folder, file = tmp_path / "papers", tmp_path / "file.png"
    folder.mkdir()
    file.write_text("mine")
    (tmp_path / "captions.json").write_text("{}")
    for command in (
        ("show", "nature/silver/fig1", "--dataset", dataset, "--out"), ("separate", file, "--out"),
        ("captions", tmp_path / "captions.json", "--out"), ("search", dataset, "silver", "--more"),
        ("quality", "--html"), ("quality", "--png"),
    ):  # fmt: skip
        assert run(*command, folder) == 2, command
        assert f"{folder}isafolder:nameafile" in said()
    for command in (
        ("export", dataset, "--to", "coco", "--out"), ("merge", dataset, "--out"),
        ("figures", pdf(tmp_path / "silver.pdf"), "--out"), ("search", dataset, "silver", "--to", "coco", "--out"),
        ("separate", file, "--out", tmp_path / "o.json", "--overlay"),
    ):  # fmt: skip
        assert run(*command, file) == 2, command
        assert f"{file}isafile:nameafolder" in said()
    assert (list(folder.iterdir()), file.read_text()) == ([], "mine")


def test_a_place_that_cannot_be_written_is_said_with_the_option_that_names_another(
    publish_articles: Callable[..., Path], tmp_path: Path, said: Callable[[], str]
) -> None:
    dataset = publish_articles(ARTICLES[0])
    file = tmp_path / "file"
    file.write_text("mine")
    for command, place in (
        (("show", "nature/silver/fig1", "--dataset", dataset, "--out"), "x.png"),
        (("export", dataset, "--to", "coco", "--out"), "coco"), (("merge", dataset, "--out"), "all"),
        (("figures", pdf(tmp_path / "silver.pdf"), "--out"), "figures"),
        (("search", dataset, "silver", "--to", "coco", "--out"), "found"),
        (("search", dataset, "silver", "--more"), "more.yaml"),
    ):  # fmt: skip
        for other in (file / place, tmp_path / f"{'long' * 70}{place}"):
            assert run(*command, other) == 1, (command, other)
            why = said()
            assert str(other) in why
            assert "cannotbewritten(" in why
            assert f"chooseanother{command[-1]}" in why
            assert "EXSCLAIM" not in why


def test_a_picture_is_written_to_no_file_of_another_kind(
    publish_articles: Callable[..., Path], tmp_path: Path, said: Callable[[], str]
) -> None:
    dataset = publish_articles(ARTICLES[0])
    for name in ("y.xyz", "y.jpg", "y", "png"):
        assert run("show", "nature/silver/fig1", "--dataset", dataset, "--out", tmp_path / name) == 2
        assert "nameafilethatendsin.png" in said()
        assert not (tmp_path / name).exists()
    assert run("show", "nature/silver/fig1", "--dataset", dataset, "--out", tmp_path / "y.PNG") == 0
    assert (tmp_path / "y.PNG").read_bytes().startswith(b"\x89PNG")


def test_an_error_of_writing_names_the_file_and_not_its_draft(tmp_path: Path) -> None:
    (tmp_path / "papers").mkdir()
    with pytest.raises(IsADirectoryError) as met:
        write_whole(tmp_path / "papers", b"content")
    assert (met.value.filename, met.value.filename2) == (str(tmp_path / "papers"), None)
    assert [path.name for path in tmp_path.iterdir()] == ["papers"]


def test_what_is_to_be_read_is_not_written_over(
    publish_articles: Callable[..., Path], tmp_path: Path, said: Callable[[], str]
) -> None:
    (tmp_path / "captions.json").write_text('{"a": {"caption": "(a) Rods. (b) Wires."}}')
    (tmp_path / "captions.jsonl").write_text('{"caption": "(a) Rods. (b) Wires."}\n')
    (tmp_path / "link.json").symlink_to("captions.json")
    figure, drawn = picture(tmp_path / "a.png"), picture(tmp_path / "a.png.png")
    for command in (
        ("captions", tmp_path / "captions.json", "--out", tmp_path / "x" / ".." / "captions.json"),
        ("captions", tmp_path / "captions.json", "--out", tmp_path / "link.json"),
        ("captions", tmp_path / "captions.jsonl", "--out", tmp_path / "captions.jsonl"),
        ("separate", figure, "--out", figure),
        ("separate", figure, drawn, "--out", tmp_path / "o.json", "--overlay", tmp_path),
    ):  # fmt: skip
        before = {path.name: path.read_bytes() for path in tmp_path.glob("*.*")}
        assert run(*command) == 2, command
        assert "iswhatistoberead:nameanotherfile" in said()
        assert {path.name: path.read_bytes() for path in tmp_path.glob("*.*")} == before
    dataset = publish_articles(ARTICLES[0])
    for command in (
        ("show", "nature/silver/fig1", "--dataset", dataset, "--out", dataset / "figures" / "new.png"),
        ("merge", dataset, "--out", dataset / "all"),
    ):  # fmt: skip
        assert run(*command) == 1, command
        assert "lieswithinthedataset" in said()
    assert not {path.name for path in dataset.rglob("*")} & {"new.png", "all"}


def test_a_device_is_no_file_to_write_and_of_a_link_its_file_is_written(
    tmp_path: Path, said: Callable[[], str]
) -> None:
    (tmp_path / "captions.json").write_text('{"a": {"caption": "(a) Rods. (b) Wires."}}')
    os.mkfifo(tmp_path / "pipe")
    assert run("captions", tmp_path / "captions.json", "--out", tmp_path / "pipe") == 2
    assert "isadeviceorapipe" in said()
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "parts.json").write_text("{}")
    (tmp_path / "parts.json").symlink_to(tmp_path / "there" / "parts.json")
    assert run("captions", tmp_path / "captions.json", "--out", tmp_path / "parts.json") == 0
    assert (tmp_path / "parts.json").is_symlink()
    assert "a" in read(tmp_path / "there" / "parts.json")


@pytest.mark.parametrize("name", ["captions.json", "captions.jsonl", "zero.png"])
def test_what_gives_nothing_leaves_an_earlier_result(name: str, tmp_path: Path, said: Callable[[], str]) -> None:
    (tmp_path / name).write_text('{"a": {"no": "caption"}}' if "captions" in name else "")
    (tmp_path / "out.json").write_text('{"earlier": 1}')
    command = "separate" if name == "zero.png" else "captions"
    assert run(command, tmp_path / name, "--out", tmp_path / "out.json") == 1
    assert "nothingwaswritten" in said()
    assert read(tmp_path / "out.json") == {"earlier": 1}


def test_images_cut_before_a_fault_are_kept(tmp_path: Path, said: Callable[[], str]) -> None:
    figures = [picture(tmp_path / f"{name}.png") for name in "abc"]
    (tmp_path / "seen" / "b.png.png").mkdir(parents=True)  # nothing can be drawn there
    assert run("separate", *figures, "--out", tmp_path / "o.json", "--overlay", tmp_path / "seen") == 1
    why = said()
    assert "b.png.png:theoverlaycannotbewritten" in why
    assert "stoppedafter2of3images" in why
    assert list(read(tmp_path / "o.json")) == ["a.png", "b.png"]


def test_names_that_are_no_text_and_further_pages_are_told_of(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    odd = picture(tmp_path / os.fsdecode(b"lat\xe9.png"))
    Image.new("RGB", (90, 60), "white").save(
        tmp_path / "pages.tif", save_all=True, append_images=[Image.new("RGB", (90, 60))]
    )
    assert run("separate", odd, tmp_path / "pages.tif", "--out", tmp_path / "o.json") == 0
    assert list(read(tmp_path / "o.json")) == [odd.name, "pages.tif"]
    told = capsys.readouterr().out
    assert "pages.tif: 1 panel in the first of its 2 images" in told
    assert "pictures" not in told.splitlines()[0]


def test_two_captions_of_one_key_are_refused(tmp_path: Path, said: Callable[[], str]) -> None:
    given = tmp_path / "captions.json"
    given.write_text('{"a": {"caption": "(a) Rods."}, "a": {"caption": "(b) Wires."}}')
    assert run("captions", given, "--out", tmp_path / "out.json") == 1
    assert "aisgiventwice" in said()
    assert not (tmp_path / "out.json").exists()


def picture(path: Path) -> Path:
    Image.new("RGB", (90, 60), "white").save(path)
    return path


def test_a_path_is_told_whole_and_without_what_steers_a_terminal(
    publish_articles: Callable[..., Path], tmp_path: Path, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setenv("COLUMNS", "40")
    out = tmp_path / f"{'of-all-panels-' * 4}\x1b[2J[b]:bug:"
    assert run("export", publish_articles(*ARTICLES), "--to", "csv", "--out", out) == 0
    assert capsys.readouterr().out.endswith(
        f" as csv in {tmp_path / 'of-all-panels-'}{'of-all-panels-' * 3}\\x1b[2J[b]:bug:\n"
    )
