"""Chosen panels as a zip of an export, or as a query that harvests similar ones."""

import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import yaml

from exsclaim.captions.terms.materials import names_of_material
from exsclaim.dataset import formats
from exsclaim.dataset.opened import Dataset
from exsclaim.errors import ExsclaimError
from exsclaim.gallery.prompt_vocabulary import spelled_out
from exsclaim.gallery.prompts import understood
from exsclaim.gallery.searches import Search
from exsclaim.licences import is_known
from exsclaim.sources import names
from exsclaim.untrusted_text import printable

MOST_DOWNLOADED = 2000
DOWNLOADS = ("csv", "coco", "crops", "exsclaim-json", "hf", "label-studio")
_LEAST_SHARE = 0.5
"""A property is shared if at least so many of the panels have it."""
_MOST_TECHNIQUES, _MOST_MATERIALS, _MOST_KEYWORDS = 2, 3, 2
_OR = " or "
_READ_WHOLE = {"folder", "dois"}
"""Sources without a search: more of their like is not there."""
_USUAL_SOURCES = ("nature",)
_NO_TECHNIQUES = {"plot", "schematic", "photo", "map"}
Counts = tuple[tuple[str, int], ...]


class SelectionError(ExsclaimError):
    """A choice of panels that nothing can be made of; the message says why."""


class QueryForMore(NamedTuple):
    """Properties that at least half of the chosen panels share, (value, count), and a query for more of their like."""

    panels: int
    techniques: Counts
    materials: Counts
    keywords: Counts
    query: dict[str, Any]
    """As a query's file has it."""
    yaml: str
    """The same, as a file that `exsclaim query check` accepts."""

    @property
    def name(self) -> str:
        return str(self.query["name"])

    @property
    def prompt(self) -> str:
        """Values that the panels share, in words that the gallery's search understands."""
        return ", ".join(value for values in (self.techniques, self.materials, self.keywords) for value, _ in values)


def query_for_more(panels: Sequence[Mapping[str, Any]], search: Search, dataset: str) -> QueryForMore:
    """A query for panels like these (rows of an index), by the properties that they share.

    Techniques are alternatives; each material and keyword is wanted. Materials, licences, years and open access of the
    search by which the panels were found are the query's: captions name a material in more ways than one.

    Raises:
        SelectionError: there are no panels, or they share nothing.
    """
    if not panels:
        raise SelectionError("nothing is chosen: tick panels, or search for some")
    named = [{each: _material(each) for each in panel["keywords"]} for panel in panels]
    techniques = _often([set(panel["techniques"]) - _NO_TECHNIQUES for panel in panels], _MOST_TECHNIQUES)
    asked = [value.replace("|", _OR) for value in search.material if not value.startswith("-")]
    shared_materials = _often([set(filter(None, each.values())) - set(asked) for each in named], _MOST_MATERIALS)
    materials = (*((value, len(panels)) for value in asked), *shared_materials)[: max(_MOST_MATERIALS, len(asked))]
    fields = [[name for value, _ in techniques for name in (value, *spelled_out(value))]] if techniques else []
    fields += [[name for one in value.split(_OR) for name in names_of_material(one)[:2]] for value, _ in materials]
    # a query's term may be a technique too, which the caption has as keyword
    wanted = {name.casefold() for names_of_one in fields for name in names_of_one}
    others = [{word for word in each if not each[word] and word.casefold() not in wanted} for each in named]
    keywords = _often(others, _MOST_KEYWORDS)
    fields += [[value] for value, _ in keywords]
    if not fields:
        raise SelectionError(
            f"no technique, material or keyword is shared by half of the {len(panels)} panels: choose panels that are"
            " more alike"
        )
    shared = ", ".join(value for values in (techniques, materials, keywords) for value, _ in values)
    name = re.sub(r"[^\w-]+", "-", f"more {shared}", flags=re.ASCII).lower()[:100].strip("-")
    sources = sorted({str(panel["source"]) for panel in panels} & set(names()) - _READ_WHOLE) or list(_USUAL_SOURCES)
    query: dict[str, Any] = {"name": name, "sources": sources, "maximum_scraped": 100}
    if search.access == "yes":
        query["open"] = True
    if licences := [each for each in search.licence if is_known(each)]:
        query["licences"] = licences
    if search.year_min:
        query["published_after"] = f"{search.year_min:04}-01-01"
    if search.year_max:
        query["published_before"] = f"{search.year_max:04}-12-31"
    query["query"] = {
        f"search_field_{n}": {"term": term} | ({"synonyms": synonyms} if synonyms else {})
        for n, (term, *synonyms) in enumerate(fields, start=1)
    }
    comment = printable(f"what {len(panels)} panels of {dataset} share: {shared}")
    file = f"# {comment}\n" + yaml.safe_dump(query, sort_keys=False, allow_unicode=True, width=1000)
    return QueryForMore(len(panels), techniques, materials, keywords, query, file)


def _often(properties: Sequence[set[str]], most: int) -> Counts:
    """Values that at least half have, the most frequent first."""
    counted = Counter(value for values in properties for value in values)
    ordered = sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))
    return tuple(pair for pair in ordered if pair[1] >= _LEAST_SHARE * len(properties))[:most]


def packed(dataset: Dataset, to: str, ids: Sequence[str]) -> bytes:
    """A zip of the panels in a format of `exsclaim export`.

    Raises:
        SelectionError: the format is not offered, or none or too many panels are chosen.
    """
    if to not in DOWNLOADS:
        raise SelectionError(f"there is no download {to!r}: choose one of {', '.join(DOWNLOADS)}")
    if not ids:
        raise SelectionError("nothing is chosen: tick panels, or search for some")
    if len(ids) > MOST_DOWNLOADED:
        raise SelectionError(
            f"{len(ids)} panels are more than one download has ({MOST_DOWNLOADED}); use exsclaim search"
        )
    file = io.BytesIO()
    with TemporaryDirectory() as made:
        folder = Path(made)
        formats.export(dataset, to, folder, where=of_ids(ids))
        with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
            for path in sorted(path for path in folder.rglob("*") if path.is_file()):
                archive.write(path, path.relative_to(folder).as_posix())
    return file.getvalue()


def of_ids(ids: Iterable[str]) -> str:
    """A filter of data sets (`exsclaim.dataset.tables.filters`) that chooses these panels."""
    return "id in ({})".format(", ".join("'" + id.replace("'", "''") + "'" for id in ids))


def _material(keyword: str) -> str:
    """The material that a keyword names, under one of its names; "" where it is none."""
    found = understood(keyword).search
    return found.material[0] if len(found.material) == 1 and not found.text else ""
