"""`exsclaim search`, `view` and `corrections`, as a shell sees them."""

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from socket import create_server
from urllib.request import urlopen

import pytest

from tests.exsclaim.cli.command_line import run
from tests.exsclaim.gallery.conftest import _published_articles
from tests.exsclaim.gallery.conftest import folder as dataset

__all__ = ["_published_articles", "dataset"]


def test_search_lists_panels_and_what_was_not_understood(dataset: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("search", dataset, "silver HAADF-STEM at 200 kV") == 0
    said = capsys.readouterr().out
    assert "1 panel: technique: HAADF-STEM, material: silver" in said
    assert "Not understood: “at 200 kV”." in said
    assert "nature/silver/fig1/p1" in said


def test_what_a_pipe_gets_is_whole(
    dataset: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A line for each panel, its id and its caption in one piece, and no blanks up to a width that nothing has."""
    monkeypatch.delenv("COLUMNS", raising=False)  # pytest's workers have one, and it would be the width
    assert run("search", dataset, "micrographs", "--json") == 0
    panels = json.loads(capsys.readouterr().out)["panels"]
    assert run("search", dataset, "micrographs") == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines[2:]] == [panel["id"] for panel in panels]
    for line, panel in zip(lines[2:], panels, strict=True):
        assert line.endswith(" ".join(panel["caption"].split()))
    assert run("columns") == 0
    for line in capsys.readouterr().out.splitlines():
        assert line == line.rstrip()
        assert not line.startswith("   ")  # the rest of a meaning that was wrapped


def test_columns_that_nothing_is_known_of_are_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("columns", "colour of the cover") == 1
    assert "no column has 'colour of the cover' in its name or description" in capsys.readouterr().err


def test_one_panel_is_no_panels_and_none_has_no_table(dataset: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("search", dataset, "titania nanotubes") == 0
    assert capsys.readouterr().out.startswith("1 panel: ")
    assert run("search", dataset, "zzzqqq") == 0
    assert "technique or look" not in capsys.readouterr().out


def test_search_as_json_has_conditions_and_panels(dataset: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("search", dataset, "titania nanotubes", "--json") == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["conditions"] == {"material": ["TiO2", "nanotube"]}
    assert [panel["id"] for panel in answer["panels"]] == ["nature/titania/fig1/p1"]


def test_search_exports_what_it_finds(dataset: Path, tmp_path: Path) -> None:
    assert run("search", dataset, "micrographs", "--to", "coco", "--out", tmp_path / "coco") == 0
    content = json.loads((tmp_path / "coco" / "coco.json").read_text())
    kinds = {each["id"]: each["name"] for each in content["categories"]}
    panels = [each for each in content["annotations"] if kinds[each["category_id"]] == "microscopy"]
    assert len(panels) == len(content["images"]) == 3


def test_a_query_for_more_of_what_is_found_is_one_that_can_be_harvested(
    dataset: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("search", dataset, "HAADF-STEM silver", "--more", tmp_path / "more.yaml") == 0
    assert run("query", "check", tmp_path / "more.yaml") == 0
    assert '"high-angle annular dark-field" AND "silver" AND "nanoparticle"' in capsys.readouterr().out


@pytest.mark.parametrize(
    ("prompt", "named"),
    [
        ("zzzqqq", "“zzzqqq”"), ("graphs pervoskite", "“pervoskite”"), ("neurons, zzzqqqs", "“zzzqqq”"),
        ("SEM at 200 kV", "“at 200 kV”"), ("200 kV", "“200 kV”"), ("EPR", "no panel is found"),
        ("neuron anodisation", "no panel has all of the words"),
    ],
)  # fmt: skip
def test_an_export_is_refused_where_it_would_not_be_what_was_asked_for(
    dataset: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], prompt: str, named: str
) -> None:
    assert run("search", dataset, prompt, "--to", "csv", "--out", tmp_path / "out") == 1
    said = " ".join(capsys.readouterr().err.split())
    assert named in said
    assert "nothing is exported" in said
    assert not (tmp_path / "out").exists()


def test_a_search_for_nothing_but_unknown_words_finds_nothing_and_says_why(
    dataset: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("search", dataset, "zzzqqq") == 0
    said = capsys.readouterr().out
    assert said.startswith("0 panels: “zzzqqq”")
    assert "No panel's text has “zzzqqq”." in said
    assert run("search", dataset, "micrographs zzzqqq") == 0
    said = capsys.readouterr().out
    assert said.startswith("3 panels: ")
    assert "No panel's text has “zzzqqq”: passed over." in said


def test_an_export_needs_a_folder(dataset: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("search", dataset, "micrographs", "--to", "coco") == 1
    assert "--out" in capsys.readouterr().err


def test_corrections_are_imported_and_listed(dataset: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("export", dataset, "--to", "label-studio", "--out", tmp_path / "out") == 0
    tasks = json.loads((tmp_path / "out" / "tasks.json").read_text())
    for task in tasks:
        task["annotations"] = [{"result": task["predictions"][0]["result"]}]
    (tmp_path / "back.json").write_text(json.dumps(tasks))
    assert run("corrections", "import", dataset, tmp_path / "back.json", "--who", "Ada") == 0
    assert "3 figures, 0 changes" in capsys.readouterr().out
    assert run("corrections", "list", dataset) == 0
    said = capsys.readouterr().out
    assert said.count("Ada") == 3
    assert "all right" in said


def test_corrections_of_no_data_set_are_not_none(
    dataset: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("corrections", "list", dataset) == 0
    assert capsys.readouterr().out == "no corrections\n"
    assert run("corrections", "list", tmp_path / "slver") == 1
    assert "holds no published data set" in capsys.readouterr().err


@pytest.mark.parametrize("port", ["-1", "65536", "99999", "http"])
def test_a_port_that_there_is_not_is_a_usage_error(
    port: str, dataset: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("view", dataset, f"--port={port}") == 2
    printed = capsys.readouterr()
    assert "--port" in printed.err
    assert printed.out == ""


def test_an_address_that_cannot_be_listened_at_is_not_announced(
    dataset: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with create_server(("127.0.0.1", 0)) as other:
        taken = other.getsockname()[1]
        assert run("view", dataset, "--port", taken) == 1
    printed = capsys.readouterr()
    assert printed.err == f"error: port {taken} is in use: choose another --port\n"
    assert printed.out == ""
    for host in ("198.51.100.7", "x" * 70 + ".org"):
        assert run("view", dataset, "--host", host, "--port", 0) == 1
        printed = capsys.readouterr()
        assert f"{host!r} is not an address of this machine" in printed.err
        assert printed.out == ""


def test_an_announced_address_answers_and_ctrl_c_ends_it(dataset: Path) -> None:
    code = "from exsclaim.cli import main; main()"
    with subprocess.Popen(
        [sys.executable, "-c", code, "view", dataset, "--port", "0"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ, "COLUMNS": "500"},
    ) as viewing:  # fmt: skip
        try:
            assert viewing.stdout
            address = re.search(r"http://127\.0\.0\.1:\d+/", viewing.stdout.readline())
            assert address
            with urlopen(address[0], timeout=30) as answer:
                assert answer.status == 200
            viewing.send_signal(signal.SIGINT)
            assert viewing.wait(timeout=30) == 0
            assert viewing.stderr
            assert viewing.stderr.read() == ""
        finally:
            viewing.kill()


@pytest.mark.parametrize("width", [40, 60, 80, 200])
def test_at_any_width_of_the_terminal_ids_and_captions_are_told_in_whole_words(
    width: int, dataset: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    assert run("search", dataset, "micrographs", "--json") == 0
    panels = json.loads(capsys.readouterr().out)["panels"]
    assert run("search", dataset, "micrographs") == 0
    told = capsys.readouterr().out
    for panel in panels:
        assert panel["id"] in told
        for word in panel["caption"].split()[:8]:
            assert word in told
    # a column of prose is no column of words
    assert len(told.splitlines()) <= len(panels) * (4 + max(len(panel["caption"]) for panel in panels) // 10)
