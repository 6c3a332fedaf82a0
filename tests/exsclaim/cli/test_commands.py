"""The `exsclaim` command, as a shell sees it: files in, files out, errors on stderr, exit status."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from exsclaim.figures.weights import FOLDER
from tests.exsclaim.cli.command_line import run
from tests.exsclaim.figures.drawings import letter, page, place, texture
from tests.exsclaim.sources.test_folder import pdf


def read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


@pytest.fixture
def figure(tmp_path: Path) -> Path:
    """A figure of two micrographs."""
    picture = page(430, 220)
    place(picture, texture(200, 200, 1), 10, 10)
    place(picture, texture(200, 200, 2), 220, 10)
    path = tmp_path / "two panels µ.png"
    Image.fromarray(picture).save(path)
    return path


def test_separate_writes_exsclaim_json_keyed_by_file_name(figure: Path, tmp_path: Path) -> None:
    out = tmp_path / "new folder" / "exsclaim.json"
    assert run("separate", figure, "--out", out) == 0
    entry = read(out)[figure.name]
    assert entry["figure_name"] == figure.name
    assert [image["geometry"][0] for image in entry["master_images"]] == [{"x": 10, "y": 10}, {"x": 220, "y": 10}]
    assert [path.name for path in out.parent.iterdir()] == ["exsclaim.json"]


def test_separate_uses_weights_of_one_s_own_where_there_are_some(
    figure: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    own = tmp_path / "weights"
    own.mkdir()
    assert run("separate", figure, "--out", tmp_path / "none.json", "--weights", own) == 1
    assert "holds no weights" in " ".join(capsys.readouterr().err.split())
    shutil.copy(FOLDER / "panels.safetensors", own)
    assert run("separate", figure, "--out", tmp_path / "own.json", "--weights", own) == 0
    assert run("separate", figure, "--out", tmp_path / "installed.json") == 0
    assert read(tmp_path / "own.json") == read(tmp_path / "installed.json")
    (own / "panels.safetensors").write_bytes(b"no weights")
    monkeypatch.setenv("EXSCLAIM_WEIGHTS", str(own))
    assert run("separate", figure, "--out", tmp_path / "bad.json") == 1
    assert "cannot be read as weights" in " ".join(capsys.readouterr().err.split())


def test_one_bad_image_is_named_and_the_others_go_on(
    figure: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = tmp_path / "page.jpg"
    bad.write_text("<html>log in</html>")
    out = tmp_path / "out.json"
    assert run("separate", bad, figure, tmp_path / "missing.png", "--out", out) == 1
    complaints = capsys.readouterr().err
    assert "page.jpg" in complaints
    assert "HTML" in complaints
    assert "missing.png" in complaints
    assert "Traceback" not in complaints
    assert list(read(out)) == [figure.name]


def test_two_images_of_one_name_are_refused_naming_both(
    figure: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    twin = tmp_path / "other" / figure.name
    twin.parent.mkdir()
    twin.write_bytes(figure.read_bytes())
    assert run("separate", figure, twin, "--out", tmp_path / "out.json") == 2
    shown = re.sub(r"[\s│]", "", capsys.readouterr().err)  # the terminal's width breaks lines, and paths, anywhere
    assert "samefilename" in shown
    assert "other" in shown
    assert not (tmp_path / "out.json").exists()


def test_an_image_that_is_named_twice_is_told_as_such(
    figure: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("separate", figure, figure, "--out", tmp_path / "out.json") == 2
    shown = re.sub(r"[\s│]", "", capsys.readouterr().err)
    assert "isgiventwice" in shown
    assert "rename" not in shown


def test_overlay_is_the_figure_with_boxes_drawn_in(figure: Path, tmp_path: Path) -> None:
    assert run("separate", figure, "--out", tmp_path / "o.json", "--overlay", tmp_path / "seen") == 0
    drawn = np.asarray(Image.open(tmp_path / "seen" / f"{figure.name}.png"))
    assert drawn.shape == (220, 430, 3)
    assert (drawn != np.asarray(Image.open(figure))).any()


def test_out_that_cannot_be_written_is_an_error(
    figure: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("")
    assert run("separate", figure, "--out", tmp_path / "file" / "out.json") == 1
    assert "cannot be written" in capsys.readouterr().err


def test_unknown_device_is_a_usage_error(figure: Path, tmp_path: Path) -> None:
    assert run("separate", figure, "--out", tmp_path / "o.json", "--device", "abacus") == 2


@pytest.mark.parametrize(
    ("content", "cause"),
    [
        ("", "not valid JSON"),
        ("[1, 2]", "holds a list"),
        ('{"f1": "text"}', "'f1': has no text under 'caption'"),
        ('{"f1": {"caption": null}}', "'f1': has no text under 'caption'"),
        ("[" * 100_000, "not valid JSON"),
    ],
)
def test_malformed_captions_file_is_an_error_that_says_what_it_must_be(
    content: str, cause: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "captions.json").write_text(content)
    assert run("captions", tmp_path / "captions.json", "--out", tmp_path / "out.json") == 1
    complaint = capsys.readouterr().err
    assert cause in complaint
    assert '{"caption": "<text>"}' in complaint


@pytest.mark.parametrize("encoding", ["utf-16", "latin-1"])
@pytest.mark.parametrize("name", ["captions.json", "captions.jsonl"])
def test_captions_in_another_encoding_are_told_in_plain_words(
    name: str, encoding: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / name).write_bytes('{"a": {"caption": "(a) Röd. (b) Blå."}}'.encode(encoding))
    assert run("captions", tmp_path / name, "--out", tmp_path / "out.json") == 1
    complaint = capsys.readouterr().err
    assert "is not UTF-8 text; save it as UTF-8" in complaint
    assert "codec" not in complaint


def test_read_scale_prints_a_json_line_per_crop(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    picture = page(150, 44)
    letter(picture, "500 nm", 16, 30)
    crop, broken = tmp_path / "crop µ.png", tmp_path / "broken.png"
    Image.fromarray(picture).save(crop)
    broken.write_bytes(b"no image")
    assert run("read-scale", crop, broken, "--device", "cpu") == 1
    printed = capsys.readouterr()
    (line,) = [json.loads(line) for line in printed.out.splitlines()]
    assert line["file"] == str(crop)
    assert set(line) == {"file", "text", "nm", "confidence"}
    assert 0 <= line["confidence"] <= 1
    assert str(broken) in printed.err.replace("\n", "")


def test_captions_are_split_by_label(tmp_path: Path) -> None:
    given = {"f1": {"caption": "Particles. (a) SEM image of silver. (b) XRD pattern of silver."}, "f2": {"caption": ""}}
    (tmp_path / "captions.json").write_text(json.dumps(given))
    assert run("captions", tmp_path / "captions.json", "--out", tmp_path / "out.json") == 0
    found = read(tmp_path / "out.json")
    assert list(found) == ["f1", "f2"]
    assert list(found["f1"]) == ["a", "b"]
    assert set(found["f1"]["a"]) == {"text", "keywords", "techniques"}
    assert "SEM image of silver" in " ".join(found["f1"]["a"]["text"])


def test_entries_without_a_caption_are_each_named_and_the_others_go_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good = {"caption": "(a) SEM image of rods. (b) Cubes."}
    given = {"f1": {"caption": None}, "f2": good, "f3": [good], "f4": {}, "f5": good}
    (tmp_path / "captions.json").write_text(json.dumps(given))
    assert run("captions", tmp_path / "captions.json", "--out", tmp_path / "out.json") == 1
    assert list(read(tmp_path / "out.json")) == ["f2", "f5"]
    complaint = capsys.readouterr().err
    assert all(f"'{key}': has no text under 'caption'" in complaint for key in ("f1", "f3", "f4"))
    assert "3 of 5 captions could not be split" in complaint


def test_json_lines_are_split_line_by_line_and_keep_their_fields(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = ['{"doi": "10.1/x", "caption": "(a) SEM image of rods. (b) Cubes."}', "{bad", "", '{"caption": 3}']
    (tmp_path / "captions.jsonl").write_text("\n".join(lines))
    assert run("captions", tmp_path / "captions.jsonl", "--out", tmp_path / "out.jsonl") == 1
    (entry,) = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines()]
    assert entry["doi"] == "10.1/x"
    assert entry["parts"]["segments"] == {"a": ["SEM image of rods"], "b": ["Cubes"]}
    complaint = capsys.readouterr().err.replace("\n", " ")
    assert "line 2" in complaint
    assert "line 4" in complaint
    assert "2 of 3 captions" in complaint


QUERY = {
    "name": "silver",
    "journal_family": "nature",
    "maximum_scraped": 5,
    "query": {
        "search_field_1": {"term": "silver", "synonyms": ["Ag"]},
        "search_field_2": {"term": "nanoparticle"},
    },
}


def test_captions_with_markup_are_split_as_they_read(tmp_path: Path) -> None:
    caption = (
        "<b>a</b>, SEM image of TiO<sub>2</sub> &amp; Ag (P &lt; 0.05).\x07\u200b \\textbf{b}, TEM image of "
        "$\\alpha$-Fe$_2$O$_3$; scale bar 5\\,nm."
    )
    (tmp_path / "captions.jsonl").write_text(json.dumps({"caption": caption}) + "\n")
    assert run("captions", tmp_path / "captions.jsonl", "--out", tmp_path / "out.jsonl") == 0

    parts = read(tmp_path / "out.jsonl")["parts"]
    assert parts["segments"] == {
        "a": ["SEM image of TiO2 & Ag (P < 0.05)"],
        "b": ["TEM image of α-Fe2O3; scale bar 5 nm"],
    }
    assert parts["scale_nm"] == {"b": 5.0}
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f\u200b]", json.dumps(parts, ensure_ascii=False))


def test_figures_of_pdfs_become_files_with_their_captions(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good = pdf(tmp_path / "silver.pdf")
    bad = tmp_path / "bad.pdf"
    bad.write_text("<html>log in</html>")
    out = tmp_path / "out"
    assert run("figures", good, bad, "--out", out) == 1
    entry = read(out / "captions.json")["silver_fig1"]
    assert (entry["label"], entry["caption"], entry["page"]) == ("Figure 1", "Grown particles.", 1)
    with Image.open(out / entry["file"]) as image:
        assert image.size == (400, 300)
    assert "bad.pdf: not a PDF" in "".join(capsys.readouterr().err.split("\n"))
    assert run("captions", out / "captions.json", "--out", out / "split.json") == 0


def test_query_check_names_the_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    query = tmp_path / "own.json"
    query.write_text(json.dumps({"name": "own", "sources": ["folder"], "folder": str(tmp_path)}))
    assert run("query", "check", query) == 0
    said = "".join(capsys.readouterr().out.split("\n"))
    assert f"all articles in {tmp_path}" in said
    assert "searches" not in said


def test_query_check_says_what_the_terms_are_for_where_nothing_is_searched(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    query = {"name": "own", "sources": ["folder"], "folder": str(tmp_path), "query": QUERY["query"]}
    (tmp_path / "own.json").write_text(json.dumps(query))
    assert run("query", "check", tmp_path / "own.json") == 0
    said = capsys.readouterr().out
    assert "terms to look for in captions; they do not select articles" in said
    assert '"silver" AND "nanoparticle"' in said
    assert "search" not in said
    assert "first" not in said
    (tmp_path / "own.json").write_text(json.dumps({**query, "sources": ["folder", "nature"]}))
    assert run("query", "check", tmp_path / "own.json") == 0
    assert "2 searches per source:" in capsys.readouterr().out


def test_one_search_is_no_searches(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "one.json").write_text(json.dumps({"name": "one", "query": {"search_field_1": {"term": "silver"}}}))
    assert run("query", "check", tmp_path / "one.json") == 0
    assert "1 search per source:" in capsys.readouterr().out


def test_query_check_prints_every_search(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "query.json").write_text(json.dumps(QUERY))
    assert run("query", "check", tmp_path / "query.json") == 0
    shown = capsys.readouterr().out
    assert '"silver" AND "nanoparticle"' in shown
    assert '"Ag" AND "nanoparticle"' in shown
    assert "nature" in shown


def test_query_check_says_which_keys_are_missing_and_which_sources_are_off(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EXSCLAIM_WILEY_KEY", "0123abcd-0123-4567-89ab-0123456789ab")
    names = "nature, pmc, springer, elsevier, wiley, openalex, acs, rsc, dois"
    query = tmp_path / "query.yaml"
    query.write_text(f"name: x\nsources: [{names}]\ndois: [10.1038/x]\nquery: {{search_field_1: {{term: x}}}}\n")
    assert run("query", "check", query) == 0
    said = [line for line in capsys.readouterr().out.splitlines() if line.startswith("! ")]
    wanted = [
        "EXSCLAIM_SPRINGER_KEY", "EXSCLAIM_ELSEVIER_KEY", "EXSCLAIM_OPENALEX_KEY", "EXSCLAIM_SCRAPE=acs",
        "EXSCLAIM_SCRAPE=rsc", "EXSCLAIM_CONTACT",
    ]  # fmt: skip
    assert len(said) == len(wanted)
    assert all(name in line for name, line in zip(wanted, said, strict=True))


def test_query_check_names_the_source_that_is_meant(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    query = tmp_path / "query.yaml"
    query.write_text("name: x\nsources: [arxive]\nquery: {search_field_1: {term: x}}\n")
    assert run("query", "check", query) == 2
    assert "did you mean 'arxiv'" in capsys.readouterr().err


def test_query_check_names_every_problem_and_exits_with_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "query.json").write_text(json.dumps({**QUERY, "maximum_scraped": -1, "sorted_by": "recent"}))
    assert run("query", "check", tmp_path / "query.json") == 2
    complaint = capsys.readouterr().err
    assert "maximum_scraped" in complaint
    assert "'sortby'" in complaint


def test_usage_errors_exit_with_2() -> None:
    assert run("separate") == 2
    assert run("no-such-command") == 2


def test_help_loads_nothing_heavy() -> None:
    code = (
        "import sys, exsclaim.cli; "
        "heavy = {'cv2', 'torch', 'nltk', 'numpy', 'pandas', 'pyarrow', 'scipy'} & set(sys.modules); "
        "sys.exit(str(heavy) if heavy else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("command", [("columns",), ("quality",), ("formats",), ("query", "check", "silver.json")])
def test_commands_that_look_at_no_image_do_not_load_opencv(command: tuple[str, ...], tmp_path: Path) -> None:
    (tmp_path / "silver.json").write_text(json.dumps(QUERY))
    code = (
        f"import sys; from exsclaim.cli import app; app({list(command)}, standalone_mode=False); "
        "sys.exit('cv2' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
