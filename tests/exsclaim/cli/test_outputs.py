"""Files that commands write: what was there before, and what is said of a place that cannot be written."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.exsclaim.cli.command_line import run
from tests.exsclaim.sources.test_folder import pdf


def read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


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
    assert "2 of 2 PDFs could not be read" in capsys.readouterr().err
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
