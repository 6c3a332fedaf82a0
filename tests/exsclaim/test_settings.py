"""Settings from the environment, else from exsclaim.toml; a slip in either is said with its place."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from exsclaim.errors import SettingsError
from exsclaim.settings import OF_THE_ENVIRONMENT_ALONE, Settings, settings

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.chdir(tmp_path)
    settings.cache_clear()
    yield
    settings.cache_clear()


def test_the_environment_goes_before_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "exsclaim.toml").write_text('\ufeffworkers = 2\ntimeout_s = 5\nscrape = "acs, rsc"\n', encoding="utf-8")
    monkeypatch.setenv("EXSCLAIM_WORKERS", "3")
    monkeypatch.setenv("EXSCLAIM_TIMEOUT_S", "")
    found = settings()
    assert (found.workers, found.timeout_s, found.scrape) == (3, 5.0, {"acs", "rsc"})


@pytest.mark.parametrize("given", ["nature,pmc", '["nature", "pmc"]', " nature , pmc,"])
def test_lists_of_sources_are_written_as_people_do(given: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EXSCLAIM_IGNORE_ROBOTS", given)
    assert settings().ignore_robots == {"nature", "pmc"}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("worker = 3", "worker is no setting; did you mean workers?"),
        ("EXSCLAIM_WORKERS = 3", "EXSCLAIM_WORKERS is no setting; did you mean workers?"),
        ("[network]\nmirror = 'http://x'", "network is no setting"),
        ("springer_key = 'secret'", "springer_key is read from the environment alone: EXSCLAIM_SPRINGER_KEY"),
        ("colour = 1\nworker = 2", "colour is no setting; worker is no setting; did you mean workers?"),
        ("workers = 2\nworkers = 3", "is not valid TOML: "),
        ('home = "/data\n', "is not valid TOML: line 1, column 14: a text goes over the end of its line"),
        ("workers =", "is not valid TOML: "),
        (b"\xff\xfew\x00", "is not UTF-8 text: save it as UTF-8"),
    ],
)
def test_a_file_that_cannot_be_used_is_named_with_what_is_wrong(
    content: str | bytes, said: str, tmp_path: Path
) -> None:
    file = tmp_path / "exsclaim.toml"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(SettingsError, match=re.escape(f"{file}: {said}")) as met:
        settings()
    assert "secret" not in str(met.value)


def test_a_value_is_said_where_it_stands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EXSCLAIM_DEVICE", "gpu")
    (tmp_path / "exsclaim.toml").write_text('workers = "many"')
    with pytest.raises(SettingsError) as met:
        settings()
    assert f"workers in {tmp_path}/exsclaim.toml: " in str(met.value)
    assert "EXSCLAIM_DEVICE: Input should be 'auto', 'cpu' or 'cuda' (given: 'gpu')" in str(met.value)


@pytest.mark.parametrize(
    ("name", "meant"), [("WORKER", "WORKERS"), ("SPRINGER_KY", "SPRINGER_KEY"), ("RESULT", "RESULTS")]
)
def test_a_slip_in_a_variable_is_said(name: str, meant: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"EXSCLAIM_{name}", "1")
    with pytest.raises(SettingsError, match=f"there is no EXSCLAIM_{name}; did you mean EXSCLAIM_{meant}"):
        settings()


def test_a_variable_like_none_of_ours_is_of_no_concern(monkeypatch: pytest.MonkeyPatch) -> None:
    before = settings()
    monkeypatch.setenv("EXSCLAIM_BENCHMARK_FOLDER", "x")
    settings.cache_clear()
    assert settings() == before


def test_all_variables_that_are_described_are_known() -> None:
    described = re.findall(r"EXSCLAIM_([A-Z_]+[A-Z])", (ROOT / "docs" / "settings.md").read_text(encoding="utf-8"))
    assert {name.lower() for name in described} <= {*Settings.model_fields, *OF_THE_ENVIRONMENT_ALONE}


@pytest.mark.parametrize("command", ["flows.harvest", "flows.nightly", "flows.retry_failures"])
def test_commands_say_what_is_wrong_with_the_settings_in_one_line(command: str, tmp_path: Path) -> None:
    answer = subprocess.run(
        [sys.executable, "-m", command, "x.yaml"],
        env={"EXSCLAIM_WORKERS": "many", "PYTHONPATH": str(ROOT), "HOME": str(tmp_path)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert answer.returncode == 1
    assert answer.stderr.startswith("settings cannot be used: EXSCLAIM_WORKERS: ")
    assert answer.stderr.count("\n") == 1
