"""The files that a query is read from, its own and lists of DOIs and PMC numbers that it names, and their faults."""

import re
import reprlib
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from exsclaim import mapping_syntax
from exsclaim.errors import QueryError, SettingsError
from exsclaim.storage import is_url, local_path, without_secrets

MAX_QUERY_BYTES = 1_000_000
MAX_LIST_BYTES = 20_000_000
_DOI = re.compile(r"(?:https?://(?:dx\.)?doi\.org/|doi:\s*)?(10\.\d{4,9}/\S+)", re.IGNORECASE)


def read_mapping(path: Path) -> dict[Any, Any]:
    """The keys and values of a .json, .yaml, .yml or .toml file. Raises QueryError."""
    readers: dict[str, Callable[[str], Any]] = {
        ".json": mapping_syntax.from_json,
        ".yaml": mapping_syntax.from_yaml,
        ".yml": mapping_syntax.from_yaml,
        ".toml": mapping_syntax.from_toml,
    }
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise QueryError(str(path), [("file", f"ends in {path.suffix!r}; a query is .json, .yaml or .toml")])
    try:
        if path.stat().st_size > MAX_QUERY_BYTES:
            raise QueryError(str(path), [("file", f"is larger than {MAX_QUERY_BYTES} bytes: not a query")])
        content = reader(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise QueryError(str(path), [("file", f"cannot be read: {error.strerror}")]) from error
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise QueryError(str(path), [("file", f"is not UTF-8 text (line {line}): save it as UTF-8")]) from error
    except mapping_syntax.RepeatedKeyError as error:
        raise QueryError(str(path), error.problems) from error
    except mapping_syntax.SyntaxFaultError as error:
        raise QueryError(str(path), [("file", f"is not valid {path.suffix[1:].upper()}: {error}")]) from error
    if not isinstance(content, dict):
        held = {list: "a list", str: "a text", type(None): "nothing"}.get(type(content), "a single value")
        raise QueryError(str(path), [("file", f"holds {held}, not keys with values, such as name: silver")])
    return content


def work_of(line: str) -> str:
    """The DOI (in lower case) or PMC number of a line, which may have a resolver, a label or a comment; "" for none.

    Raises:
        ValueError: it has something else.
    """
    text = re.sub(r"(?:^|\s)#.*", "", line).strip().strip("\"',;")
    if not text:
        return ""
    if found := re.fullmatch(r"(?:.*/)?(?:PMCID:?\s*)?(PMC\d{1,10})/?", text, re.IGNORECASE):
        return found[1].upper()
    if found := re.fullmatch(
        r"(?:https?://(?:dx\.)?doi\.org/|doi:\s*)?(10\.\d{4,9}/\S+)", unquote(text), re.IGNORECASE
    ):
        return found[1].rstrip(".,;").lower()
    raise ValueError(f"{line.strip()[:100]!r} is neither a DOI (10.1234/abc) nor a PMC number (PMC1234567)")


def lines_of(entry: str) -> list[str]:
    """The lines of a file; an entry that is a DOI or PMC number is a line itself."""
    try:
        return [entry] if work_of(entry) else []
    except ValueError:
        path = Path(entry).expanduser()
    try:
        if path.stat().st_size > MAX_LIST_BYTES:
            raise ValueError(f"{entry!r} is larger than {MAX_LIST_BYTES} bytes: not a list of DOIs")
        return path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        why = (error.strerror if isinstance(error, OSError) else "") or "no text in UTF-8"
        raise ValueError(f"{entry!r} is neither a DOI or PMC number nor a file that can be read ({why})") from error


def as_list(value: Any) -> Any:
    """The predecessor takes one word where a list of one is meant."""
    return [value] if isinstance(value, str) else value


def folder_or_url(value: Any) -> Path | str:
    """A path, or a URL as text; the predecessor takes a list of one, too."""
    value = value[0] if isinstance(value, list) and len(value) == 1 else value
    if not isinstance(value, Path | str):
        raise ValueError(f"should be one folder or URL, not {reprlib.repr(value)}")
    if isinstance(value, str) and is_url(value):
        if without_secrets(value) != value:
            raise ValueError(f"{without_secrets(value)}: leave user and password to the environment (for S3: AWS_*)")
        if not value.partition("://")[2].strip("/"):
            raise ValueError(f"{value} names no place there: s3://bucket/results")
        return value
    try:
        return local_path(value)
    except SettingsError as error:
        raise ValueError(str(error)) from error
