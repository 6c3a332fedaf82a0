"""State of a results folder after its last publish: its content's digest, counts, versions, and the files that fit it.

.published.json      for the next publish, which then leaves alone what is as it should be
versions.json        all versions of the data set, the newest first
CHANGES.md           the same for people
"""

import hashlib
import json
from collections.abc import Mapping

from exsclaim.dataset.composition import Changes
from exsclaim.dataset.counts import DatasetCounts
from exsclaim.dataset.plain_pages import plain
from exsclaim.dataset.transaction import ResultFiles, Transaction
from exsclaim.records import Record

STATE = ".published.json"
VERSIONS = "versions.json"
CHANGES = "CHANGES.md"
_MOST_NAMED = 50


class DatasetVersion(Record):
    """A state of the data set: the harvest that brought it, a digest of its content, and what changed."""

    harvest: str
    digest: str
    """First 12 hex digits of the SHA-256 over the ids and digests of its articles."""
    articles: int
    figures: int
    panels: int
    added: tuple[str, ...]
    changed: tuple[str, ...]
    withdrawn: dict[str, str]
    """Article id -> why."""
    figures_before: int = 0
    """Figures, and panels, of the added, changed and withdrawn articles, before and after."""
    figures_after: int = 0
    panels_before: int = 0
    panels_after: int = 0

    @property
    def id(self) -> str:
        return f"{self.harvest}-{self.digest}"


class PublishedState(Record):
    """The last publish. `exports`: name of an export -> digest of the content that it was made of."""

    content: str = ""
    counts: DatasetCounts = DatasetCounts()
    harvests: dict[str, str] = {}
    """Partition -> digest of its content."""
    exports: dict[str, str] = {}


def read_state(files: ResultFiles) -> PublishedState:
    """The state; an empty one where nothing was published, or by an earlier version."""
    try:
        return PublishedState.model_validate_json(files.path(STATE).read_bytes())
    except (FileNotFoundError, ValueError):
        return PublishedState()


def write_state(files: Transaction, state: PublishedState) -> None:
    files.write(STATE, _json(state.model_dump(mode="json")))


def digests(living: Mapping[str, tuple[str, str]]) -> tuple[str, dict[str, str]]:
    """Digest (SHA-256, hex) of a data set's content, and of each partition's, from `Shards.articles()`."""
    whole = hashlib.sha256()
    parts: dict[str, hashlib._Hash] = {}
    for id, (harvest, digest) in sorted(living.items()):
        line = json.dumps([id, digest, harvest]).encode()
        whole.update(line)
        parts.setdefault(harvest, hashlib.sha256()).update(line)
    return whole.hexdigest(), {harvest: part.hexdigest() for harvest, part in sorted(parts.items())}


def read_versions(files: ResultFiles) -> list[DatasetVersion]:
    """All versions that were published, the newest first."""
    try:
        return [DatasetVersion.model_validate(each) for each in json.loads(files.path(VERSIONS).read_bytes())]
    except (FileNotFoundError, ValueError):
        return []


def add_version(files: Transaction, harvest: str, content: str, counts: DatasetCounts, changes: Changes) -> None:
    """Write the version that a publish makes before the others."""
    version = DatasetVersion(
        harvest=harvest, digest=content[:12], articles=counts.articles, figures=counts.figures, panels=counts.panels,
        added=tuple(changes.added), changed=tuple(changes.changed), withdrawn=dict(sorted(changes.withdrawn.items())),
        figures_before=changes.figures["before"], figures_after=changes.figures["after"],
        panels_before=changes.panels["before"], panels_after=changes.panels["after"],
    )  # fmt: skip
    versions = [version, *read_versions(files)]
    files.write(VERSIONS, _json([each.model_dump(mode="json") for each in versions]))
    lines = ["# Changes", "", "Versions of this data set, the newest first (for programs: `versions.json`)."]
    for each in versions:
        lines += ["", f"## {plain(each.id)}", "", *_paragraphs(each)]
    files.write(CHANGES, ("\n".join(lines) + "\n").encode())


def _paragraphs(version: DatasetVersion) -> list[str]:
    lines = [
        f"{version.articles} articles, {version.figures} figures, {version.panels} panels. In the articles that "
        f"changed: figures {version.figures_before} before, {version.figures_after} now; "
        f"panels {version.panels_before} before, {version.panels_after} now."
    ]
    for what, ids in (("added", version.added), ("changed", version.changed)):
        if ids:
            more = f" and {len(ids) - _MOST_NAMED} more" if len(ids) > _MOST_NAMED else ""
            lines += ["", f"- {what}: {len(ids)} ({', '.join(map(plain, ids[:_MOST_NAMED]))}{more})"]
    withdrawn = list(version.withdrawn.items())
    if withdrawn:
        lines += ["", *(f"- withdrawn: {plain(id)}: {plain(why)}" for id, why in withdrawn[:_MOST_NAMED])]
    if len(withdrawn) > _MOST_NAMED:
        lines.append(f"- withdrawn: {len(withdrawn) - _MOST_NAMED} more")
    return lines


def _json(content: object) -> bytes:
    return json.dumps(content, indent=1, ensure_ascii=True).encode() + b"\n"
