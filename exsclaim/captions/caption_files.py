"""Files of captions, cut up: one JSON object of all, or JSON lines of any length.

{"<key>": {"caption": "…"}}   ->   {"<key>": {"<label>": {"text": […], "keywords": […], "techniques": […]}}}
{"caption": "…", …} a line    ->   {…, "parts": {"general": […], "segments": {…}, …}} a line (`CaptionParts`)
"""

import json
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple, TextIO

from exsclaim.captions.splitting import split
from exsclaim.errors import CaptionError, ExsclaimError
from exsclaim.mapping_syntax import RepeatedKeyError, from_json
from exsclaim.records import CaptionParts

MAX_JSON_MB = 200
"""A JSON object is read as a whole; larger files are given as JSON lines."""

MAX_LINE_BYTES = 4_000_000
"""A line of JSON lines with a caption and what goes with it."""

_NOT_UTF_8 = "is not UTF-8 text; save it as UTF-8"
"""Of what PowerShell's > and older editors write."""

_SHAPE = '{"caption": "<text>"}'


class Done(NamedTuple):
    """Number of captions in a file, and of those that could not be split."""

    captions: int
    failures: int


def split_json(file: Path, out: Path, terms: Sequence[str], complain: Callable[[str], None]) -> Done:
    """Splits a JSON object of captions; entries that hold no caption are left out and complained of.

    Raises:
        CaptionError: the file is no such object, has a key twice, or no caption that can be split.
        ExsclaimError: `out` cannot be written.
    """
    given = _read_object(file)
    entries: dict[str, Any] = {}
    for key, entry in given.items():
        try:
            entries[key] = _by_label(split(_caption(entry, f"it must be {_SHAPE}"), terms))
        except CaptionError as error:
            complain(f"{file}, {key!r}: {error}")
    if given and not entries:
        raise CaptionError(f"{file}: none of its {len(given)} captions could be split; nothing was written")
    with _whole_file(out) as writing:
        json.dump(entries, writing, ensure_ascii=False, indent=1)
        writing.write("\n")
    return Done(len(given), len(given) - len(entries))


def split_lines(file: Path, out: Path, terms: Sequence[str], complain: Callable[[str], None]) -> Done:
    """Splits JSON lines one by one, in constant memory; lines that hold no caption are left out and complained of.

    Raises:
        CaptionError: the file cannot be read, or no line of it can be split.
        ExsclaimError: `out` cannot be written.
    """
    captions = failures = 0
    try:
        with file.open("rb") as reading, _whole_file(out) as writing:
            for number, line in _lines(reading):
                captions += 1
                try:
                    entry = _entry(line)
                    parts = split(entry["caption"], terms)
                except CaptionError as error:
                    failures += 1
                    complain(f"{file}, line {number}: {error}")
                    continue
                entry["parts"] = parts.model_dump(mode="json")
                writing.write(json.dumps(entry, ensure_ascii=False) + "\n")
            if captions and captions == failures:
                raise CaptionError(f"{file}: none of its {captions} captions could be split; nothing was written")
    except FileNotFoundError as error:
        raise CaptionError(f"{file}: cannot be read ({error.strerror}); check the path") from error
    return Done(captions, failures)


def _lines(reading: Any) -> Iterator[tuple[int, bytes]]:
    """Numbered lines with something in them; of one that is too long only its beginning, so that memory is bounded."""
    number = 0
    while line := reading.readline(MAX_LINE_BYTES):
        number += 1
        rest = line
        while not rest.endswith(b"\n") and (rest := reading.readline(MAX_LINE_BYTES)):
            line = line[:MAX_LINE_BYTES] + b"\x00"
        if line.strip():
            yield number, line


def _entry(line: bytes) -> dict[str, Any]:
    shape = f"a line must be {_SHAPE}"
    if len(line) > MAX_LINE_BYTES:
        raise CaptionError(f"longer than {MAX_LINE_BYTES / 1e6:.0f} MB; {shape}")
    try:
        entry: dict[str, Any] = from_json(line.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise CaptionError(_NOT_UTF_8) from error
    except ValueError as error:
        raise CaptionError(f"is not valid JSON ({error}); {shape}") from error
    _caption(entry, shape)
    return entry


def _caption(entry: Any, shape: str) -> str:
    caption = entry.get("caption") if isinstance(entry, dict) else None
    if not isinstance(caption, str):
        raise CaptionError(f"has no text under 'caption'; {shape}")
    return caption


def _by_label(parts: CaptionParts) -> dict[str, dict[str, list[str]]]:
    return {
        label: {
            "text": list(text),
            "keywords": list(parts.keywords.get(label, ())),
            "techniques": list(parts.techniques.get(label, ())),
        }
        for label, text in parts.segments.items()
    }


def _read_object(file: Path) -> dict[str, Any]:
    shape = f'it must be {{"<key>": {_SHAPE}, ...}}'
    try:
        if file.stat().st_size > MAX_JSON_MB * 1e6:
            raise CaptionError(f"{file}: larger than {MAX_JSON_MB} MB; give it as JSON lines (.jsonl)")
        content = from_json(file.read_text(encoding="utf-8-sig"))
    except RepeatedKeyError as error:
        raise CaptionError(f"{file}: {error}: of two captions with one key one would be lost") from error
    except OSError as error:
        raise CaptionError(f"{file}: cannot be read ({error.strerror or error}); check the path") from error
    except UnicodeDecodeError as error:
        raise CaptionError(f"{file}: {_NOT_UTF_8}") from error
    except ValueError as error:
        raise CaptionError(f"{file}: is not valid JSON ({error}); {shape}") from error
    if not isinstance(content, dict):
        raise CaptionError(f"{file}: holds a {type(content).__name__}; {shape}")
    return content


@contextmanager
def _whole_file(out: Path) -> Iterator[TextIO]:
    """Written whole, then renamed: a reader never sees half a file."""
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        file = tempfile.NamedTemporaryFile(  # noqa: SIM115  closed below, before it is renamed
            "w", encoding="utf-8", errors="backslashreplace", dir=out.parent, prefix=f".{out.name[:100]}.", delete=False
        )
    except OSError as error:
        raise ExsclaimError(f"{out}: cannot be written ({error.strerror or error}); choose another --out") from error
    draft = Path(file.name)
    try:
        with file:
            yield file  # type: ignore[misc]
        draft.chmod(0o644)
        draft.replace(out)
    except OSError as error:
        raise ExsclaimError(f"{out}: cannot be written ({error.strerror or error}); choose another --out") from error
    finally:
        draft.unlink(missing_ok=True)
