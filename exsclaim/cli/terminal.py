"""Output that all commands share: complaints on stderr, JSON files."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape

from exsclaim.errors import ExsclaimError
from exsclaim.untrusted_text import printable


def shown(text: str) -> str:
    """Text from outside for rich to print: neither markup nor escape sequences in it have an effect."""
    return escape(printable(text, lines=True))


def complain(message: object) -> None:
    """Say on stderr that something went wrong."""
    Console(stderr=True, soft_wrap=True).print(f"[red]error:[/red] {shown(str(message))}", highlight=False)


def write_json(out: Path, content: Mapping[str, Any]) -> None:
    """Write a JSON file for people, whole or not at all.

    Raises:
        ExsclaimError: it cannot be written there.
    """
    from exsclaim.storage.local import write_whole

    try:
        write_whole(out, f"{json.dumps(content, ensure_ascii=False, indent=1)}\n".encode())
    except OSError as error:
        raise ExsclaimError(f"{out}: cannot be written ({error.strerror or error}); choose another --out") from error
