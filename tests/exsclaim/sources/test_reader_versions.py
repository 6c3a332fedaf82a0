"""A reader that reads something differently has a new version, so that what was published is read again."""

from pathlib import Path
from typing import get_args

import pytest

from exsclaim.sources import SOURCES
from exsclaim.sources.reader_versions import READER_VERSIONS, Reader, source_version
from tests.exsclaim.sources.readings_of import readings, recorded

READERS: tuple[Reader, ...] = get_args(Reader)


def same_as_recorded(reader: Reader, place: str, made: dict[str, str]) -> None:
    known = recorded()[reader]
    how = "record the readings: python -m tests.exsclaim.sources.readings_of"
    assert known["version"] == READER_VERSIONS[reader], f"the version of {reader!r} was changed; {how}"
    changed = sorted(name for name in known[place].keys() | made.keys() if known[place].get(name) != made.get(name))
    assert not changed, (
        f"the reader {reader!r} reads {', '.join(changed)} otherwise than version {known['version']} did; if that "
        f"is meant, raise READER_VERSIONS[{reader!r}] in exsclaim/sources/reader_versions.py and {how}"
    )


@pytest.mark.parametrize("reader", READERS)
def test_our_own_inputs_are_read_as_recorded_for_the_version(reader: Reader) -> None:
    same_as_recorded(reader, "own", readings(reader))


@pytest.mark.parametrize("reader", READERS)
def test_the_shared_inputs_are_read_as_recorded_for_the_version(reader: Reader, shared_data: Path) -> None:
    same_as_recorded(reader, "shared", readings(reader, shared_data))


def test_a_readers_new_version_is_one_of_every_source_that_uses_it(monkeypatch: pytest.MonkeyPatch) -> None:
    before = source_version(4, "jats", "pdf"), source_version(4, "html")
    monkeypatch.setitem(READER_VERSIONS, "pdf", READER_VERSIONS["pdf"] + 1)
    after = source_version(4, "jats", "pdf"), source_version(4, "html")
    assert before[0] != after[0]
    assert before[1] == after[1]


def test_every_source_names_the_readers_it_uses() -> None:
    assert {source.name for source in SOURCES if "-" not in source.version} == set()
