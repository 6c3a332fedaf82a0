"""`make setup` says before it begins where space is lacking, how much it needs and how much there is."""

import subprocess
import sys
from pathlib import Path

from deployments.setup_space import brings_cuda, shortages

SCRIPT = Path(__file__).parents[1] / "deployments" / "setup_space.py"


def test_folders_with_room_are_not_spoken_of(tmp_path: Path) -> None:
    assert shortages({tmp_path / "to" / "be": 0.001}) == []


def test_a_folder_without_room_is_named_with_need_and_have(tmp_path: Path) -> None:
    (said,) = shortages({tmp_path / "to" / "be": 1e7})
    assert said.startswith(f"{tmp_path}/to/be: 10000000.0 GB are needed there, ")
    assert said.endswith(" GB are free.")


def test_folders_on_one_disk_need_their_space_together(tmp_path: Path) -> None:
    (said,) = shortages({tmp_path / "one": 6e6, tmp_path / "other": 4e6})
    assert said.startswith(f"{tmp_path}/one and {tmp_path}/other: 10000000.0 GB")


def test_what_is_installed_already_is_not_needed_again(tmp_path: Path) -> None:
    with (tmp_path / "installed").open("wb") as file:
        file.truncate(10**12)  # a hole: takes no space
    assert shortages({tmp_path: 1e3}) == []


def test_only_the_usual_build_on_linux_brings_cuda() -> None:
    assert brings_cuda("Linux", "x86_64")
    assert not brings_cuda("Linux", "aarch64")
    assert not brings_cuda("Darwin", "arm64")


def test_the_check_says_all_or_nothing(tmp_path: Path) -> None:
    command = [sys.executable, SCRIPT, tmp_path / ".venv"]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    assert answer.returncode == bool(answer.stderr)
    assert answer.stdout == ""
    assert not answer.stderr or f"{tmp_path}/.venv" in answer.stderr
