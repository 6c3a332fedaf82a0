"""State of a results folder after its last publish: its content's digest, counts, versions, and the files that fit it.

.published.json      for the next publish, which then leaves alone what is as it should be
versions.json        all versions of the data set, the newest first
CHANGES.md           the same for people

Counts are taken once for the terminal, the report, the card and the tracking.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence, Set
from typing import Any

from pydantic import TypeAdapter

from exsclaim.captions.terms.materials import element_names
from exsclaim.dataset.plain_pages import plain
from exsclaim.dataset.tables.composition import Changes
from exsclaim.dataset.tables.shards import PublishedArticle
from exsclaim.dataset.tables.table_rows import Row
from exsclaim.dataset.transaction import ResultFiles, Transaction
from exsclaim.errors import DatasetError
from exsclaim.records import Record


class DatasetCounts(Record):
    """Counts over all harvests. Shares are None where their denominator is 0."""

    articles: int = 0
    open_articles: int = 0
    figures: int = 0
    panels: int = 0
    panels_by_kind: dict[str, int] = {}
    panels_with_label: int = 0
    panels_with_caption: int = 0
    panels_with_scale: int = 0
    micrographs_with_scale: int = 0
    """Panels of kind microscopy whose nm per pixel is known."""
    scalable_panels: int = 0
    """Micrographs, and all other panels that have a scale bar: those that should have a scale."""
    label_agreement: float | None = None
    """Mean over figures of the Jaccard index of the caption's labels and those read from the image."""
    missing_labels: int = 0
    """Labels that captions speak of and no panel carries."""
    kinds_by_split: dict[str, dict[str, int]] = {}
    """Kind -> split -> how many panels of it are there."""
    facets: dict[str, dict[str, int]] = {}
    """Property of panels -> value -> number of panels that have it."""


FACETS = ("technique", "material", "source", "year", "licence", "doubt", "split", "scale_origin")
_OF_ONE = ("source", "year", "licence", "split", "scale_origin")
_OF_SEVERAL = (("technique", "techniques"), ("material", "materials"), ("doubt", "doubts"))
"""Facets of which a panel has one value, or several: with the column that they are in."""
COUNTED = (
    "id", "figure_id", "article_id", "kind", "label", "label_origin", "is_inset", "caption", "nm_per_px", "scale_bars",
    *_OF_ONE, *(column for _, column in _OF_SEVERAL),
)  # fmt: skip
"""Columns of panels that are looked at."""


class Counting:
    """Counts articles, one after the other."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._panels: Counter[tuple[Any, ...]] = Counter()
        """How many panels are alike in what is counted: a panel costs one count, not twenty."""
        self._facets: dict[str, Counter[str]] = {name: Counter() for name in FACETS}
        self._agreements: list[float] = []

    def add(self, article: PublishedArticle) -> None:
        self._counts["articles"] += 1
        self._counts["open_articles"] += bool(article.article["is_open"])
        for figure in article.figures:
            self._figure(figure, article.panels.get(figure["id"], ()))

    def _figure(self, figure: Row, rows: Sequence[Row]) -> None:
        named = [label.casefold() for label in json.loads(figure["caption_parts"])["segments"]]
        borne = {row["label"].casefold() for row in rows if row["label"]}
        read = {
            row["label"].casefold()
            for row in rows
            if row["label"] and row["label_origin"] != "inferred" and not row["is_inset"]
        }
        self._counts["figures"] += 1
        self._counts["missing_labels"] += sum(label not in borne for label in named)
        if named:
            self._agreements.append(len(set(named) & read) / len(set(named) | read))
        for row in rows:
            self._panel(row)

    def _panel(self, row: Row) -> None:
        self._panels[
            row["kind"], row["label"] is not None, bool(row["caption"]), row["nm_per_px"] is not None,
            bool(row["scale_bars"]), *(row[name] for name in _OF_ONE),
        ] += 1  # fmt: skip
        for name, column in _OF_SEVERAL:
            if row[column]:
                self._facets[name].update(row[column])

    def close(self) -> None:
        """Do nothing: there is no file to close."""

    def counted(self) -> DatasetCounts:
        known = self._agreements
        counts, kinds = self._counts.copy(), Counter[str]()
        splits: dict[str, Counter[str]] = {}
        facets = {name: facet.copy() for name, facet in self._facets.items()}
        for name in facets["material"].keys() & element_names().keys():
            del facets["material"][name]
        for (kind, has_label, has_caption, has_scale, has_bars, *values), number in self._panels.items():
            is_micrograph = kind == "microscopy"
            kinds[kind] += number
            counts["panels"] += number
            counts["panels_with_label"] += number * has_label
            counts["panels_with_caption"] += number * has_caption
            counts["panels_with_scale"] += number * has_scale
            counts["micrographs_with_scale"] += number * (has_scale and is_micrograph)
            counts["scalable_panels"] += number * (is_micrograph or has_bars)
            for name, value in zip(_OF_ONE, values, strict=True):
                if value is not None:
                    facets[name][str(value)] += number
                    if name == "split":
                        splits.setdefault(kind, Counter())[value] += number
        return DatasetCounts(
            **counts,
            panels_by_kind=dict(sorted(kinds.items())),
            label_agreement=round(sum(known) / len(known), 4) if known else None,
            kinds_by_split={kind: dict(sorted(splits[kind].items())) for kind in sorted(splits)},
            facets={name: dict(sorted(facet.items())) for name, facet in facets.items()},
        )


STATE = ".published.json"
VERSIONS = "versions.json"
CHANGES = "CHANGES.md"
FORM = "2"
"""Rises when tables get a column that is computed for panels that were published before, too."""
_MOST_NAMED = 50
_ARTICLES = "*/articles/harvest={}/*.parquet"


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


_LISTED = TypeAdapter(list[DatasetVersion])


class PublishedState(Record):
    """The last publish. `exports`: name of an export -> digest of the content that it was made of."""

    form: str = ""
    content: str = ""
    counts: DatasetCounts = DatasetCounts()
    harvests: dict[str, str] = {}
    """Partition -> digest of its content."""
    exports: dict[str, str] = {}
    stand_ins: tuple[str, ...] = ()
    """Images known to stand in for figures (`exsclaim.dataset.publish.stand_ins`), by SHA-256 and perceptual hash."""


def read_state(files: ResultFiles) -> PublishedState:
    """The state; an empty one where nothing was published, or by an earlier version."""
    try:
        return PublishedState.model_validate_json(files.path(STATE).read_bytes())
    except (FileNotFoundError, ValueError):
        return PublishedState()


def write_state(files: Transaction, state: PublishedState) -> None:
    files.write(STATE, _json(state.model_dump(mode="json")))


def forget(files: Transaction, gone: Set[str]) -> None:
    """Take partitions, and those of which nothing is there, out of the state: the next publish makes their files."""
    state = read_state(files)
    left = {id: digest for id, digest in state.harvests.items() if id not in gone and files.names(_ARTICLES.format(id))}
    if left != state.harvests:
        write_state(files, state.model_copy(update={"harvests": left}))


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
    """All versions that were published, the newest first; none where nothing was.

    Raises:
        DatasetError: the file is damaged.
    """
    try:
        return _LISTED.validate_json(files.path(VERSIONS).read_bytes())
    except FileNotFoundError:
        return []
    except ValueError as error:
        raise DatasetError(
            f"{files.folder / VERSIONS}: no list of versions, it is damaged: `exsclaim repair {files.folder}` sets it "
            f"aside, and the next harvest that changes something begins it anew; {CHANGES} tells people what it told"
        ) from error


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
