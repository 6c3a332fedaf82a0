"""Files of a folder that give no article of their own though they lie there: copies of a PDF, and kinds not read."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from pathlib import Path

from exsclaim.sources.local.local_files import IMAGE_ENDINGS

SHOWN_KINDS = 5
_OF_PROGRAMS = (".bib", ".css", ".js", ".json", ".log", ".md", ".txt", ".yaml", ".yml")
"""Endings of notes, settings and what belongs to saved pages: nobody expects figures out of them."""
_WITH_IMAGES = (".csv", ".jsonl", ".htm", ".html", ".xhtml", ".xml", ".nxml")


def copies(pdfs: Iterable[Path]) -> dict[Path, Path]:
    """PDFs that hold the same bytes as another -> that other, the oldest of them: downloads are copied and renamed.

    Only files of one size are read; other kinds of files refer to images, which may differ.
    """
    by_size: dict[int, list[tuple[int, int, Path]]] = defaultdict(list)
    for path in pdfs:
        try:
            status = path.stat()
        except OSError:
            continue  # reading it says what is wrong with it
        by_size[status.st_size].append((status.st_mtime_ns, len(path.name), path))
    found: dict[Path, Path] = {}
    for size, alike in by_size.items():
        if not size or len(alike) < 2:
            continue
        first: dict[bytes, Path] = {}
        for _, _, path in sorted(alike):
            try:
                with path.open("rb") as file:
                    content = hashlib.file_digest(file, "sha256").digest()
            except OSError:
                continue
            if (original := first.setdefault(content, path)) is not path:
                found[path] = original
    return found


def told_of_others(files: Collection[Path], read: Collection[str]) -> str:
    """Say which kinds of files are there and are not read: "2 .docx, 1 .zip"; "" where there are none.

    Images are beside what names them, a page or a table; where nothing names any, they are told, too.
    """
    endings = Counter(path.suffix.lower() for path in files)
    names_images = any(endings[ending] for ending in _WITH_IMAGES)
    passed = (*read, *_OF_PROGRAMS, *(IMAGE_ENDINGS if names_images else ()), "")
    others = [(ending, count) for ending, count in endings.most_common() if ending not in passed]
    if not others:
        return ""
    said = ", ".join(f"{count} {ending}" for ending, count in others[:SHOWN_KINDS])
    more = sum(count for _, count in others[SHOWN_KINDS:])
    are_images = any(ending in IMAGE_ENDINGS for ending, _ in others)
    way = "; images need a table of their captions (docs/sources-folder.md)" if are_images else ""
    return f"not read, for what they are: {said}{f' and {more} more' if more else ''}{way}"
