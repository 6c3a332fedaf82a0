"""Files of the task cache that ask for code are not read; the task runs instead, and its result takes their place."""

import base64
import json
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from exsclaim.harvests.article_stages import SplitCaptions
from tasks.captions import split_captions
from tasks.trusted_results import SERIALIZER

CAPTIONS = {"nature/x1/fig1": "(a) Silver. (b) Gold."}


class Writes:
    """Leaves a file when it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Any, ...]:
        return Path.touch, (self.path,)


def pickled(serializer: str) -> Callable[[dict[str, Any], Path], None]:
    def change(record: dict[str, Any], mark: Path) -> None:
        record["metadata"]["serializer"] = {"type": serializer, "picklelib": "cloudpickle"}
        record["result"] = base64.b64encode(pickle.dumps(Writes(mark))).decode()

    return change


def with_setting(**setting: str) -> Callable[[dict[str, Any], Path], None]:
    def change(record: dict[str, Any], mark: Path) -> None:
        record["metadata"]["serializer"] |= setting
        record["result"] = json.dumps({"touch": str(mark)})

    return change


def of_class(name: str, data: Any) -> Callable[[dict[str, Any], Path], None]:
    def change(record: dict[str, Any], mark: Path) -> None:
        record["result"] = json.dumps({"a": [{"__class__": name, "data": data}]})

    return change


def exception(record: dict[str, Any], mark: Path) -> None:
    record["result"] = json.dumps({"__exc_type__": "builtins.SystemExit", "message": str(mark)})


def split() -> SplitCaptions:
    found = split_captions(CAPTIONS, [], "nature/x1")
    assert isinstance(found, SplitCaptions)
    return found


@pytest.mark.parametrize(
    "change",
    [
        pickled("pickle"),
        pickled("compressed/pickle"),
        with_setting(jsonlib="pickle"),
        with_setting(object_decoder="subprocess.Popen"),
        with_setting(object_decoder="os.system"),
        of_class("pydantic.ImportString", "this.s"),
        of_class("pathlib.Path", "x"),
        exception,
    ],
    ids=["pickle", "compressed", "jsonlib", "Popen", "system", "import", "class", "exception"],
)
def test_a_file_that_asks_for_code_is_a_miss(
    home: Path, tmp_path: Path, change: Callable[[dict[str, Any], Path], None]
) -> None:
    expected = split()
    (file,) = (home / "tasks" / "captions").iterdir()
    good = json.loads(file.read_bytes())
    assert good["metadata"]["serializer"] == SERIALIZER
    bad = json.loads(file.read_bytes())
    mark = tmp_path / "was-run"
    change(bad, mark)
    file.write_text(json.dumps(bad))
    assert split() == expected
    assert not mark.exists()
    assert json.loads(file.read_bytes())["result"] == good["result"]


def test_a_result_of_a_version_that_had_the_record_beside_its_task_is_read(home: Path) -> None:
    first = split()
    (file,) = (home / "tasks" / "captions").iterdir()
    text = file.read_text()
    assert "exsclaim.harvests.article_stages.SplitCaptions" in text
    file.write_text(text.replace("exsclaim.harvests.article_stages.SplitCaptions", "tasks.captions.SplitCaptions"))
    written = file.stat().st_mtime_ns
    assert split() == first
    assert file.stat().st_mtime_ns == written


def test_a_result_of_our_own_is_read(home: Path) -> None:
    first = split()
    (file,) = (home / "tasks" / "captions").iterdir()
    written = file.stat().st_mtime_ns
    assert split() == first
    assert file.stat().st_mtime_ns == written
