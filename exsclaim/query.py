"""The order of a harvest: the predecessor's Query JSON as it is, the same as YAML or TOML, and a few keys more.

Format of the first EXSCLAIM! (Schwenker et al., Patterns 4, 100843, 2023; `query/*.json` of its repository):
`query.search_field_N = {term, synonyms}`; the terms of one field are alternatives, fields are combined with AND.
"""

import datetime as dt
import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AliasChoices,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainValidator,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)

from exsclaim import licences
from exsclaim.errors import QueryError
from exsclaim.query_faults import AtKeyError, day, nearest, problem, whole_number
from exsclaim.query_files import as_list, folder_or_url, lines_of, read_mapping, work_of
from exsclaim.query_terms import FieldName, SearchField, combinations, each_once
from exsclaim.records import Article, Figure, FigureRef
from exsclaim.settings import settings

_LISTS = ("folder", "dois")
"""Sources that are read whole, and without terms to look for."""
ALL = 1_000_000
SAVE_FORMATS = ("save_subfigures", "visualization", "visualize", "boxes", "csv", "csv_bom", "postgres")
RETRACTED = "retracted"
LICENCE_UNKNOWN = "licence unknown: the source does not say what may be done with the article's figures"


AsList = BeforeValidator(as_list, json_schema_input_type=str | tuple[str, ...])
"""One value as it is, or a list: Prefect's server checks a run's parameters by the schema, before anything is read."""
Words = Annotated[tuple[str, ...], AsList]
Day = Annotated[dt.date | None, BeforeValidator(day)]


class Query(BaseModel):
    """A harvest's order. `load` reads it from a file; `Query.model_validate` from a mapping."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    name: str = Field(min_length=1, max_length=100)
    """Names the folder of the results."""
    sources: Annotated[tuple[str, ...], AsList] = Field(
        default=("nature",), min_length=1, validation_alias=AliasChoices("sources", "journal_family")
    )
    query: dict[FieldName, SearchField] = {}
    """Terms to look for; may be left out only where `folder` is the one source."""
    folder: Annotated[tuple[Path, ...], AsList] = ()
    """For the source `folder`: directories or files of your own. Relative to where the harvest runs."""
    dois: Annotated[tuple[str, ...], AsList] = ()
    """For the source `dois`: files with a DOI or PMC number in each line, or DOIs and PMC numbers themselves."""
    maximum_scraped: Annotated[int, BeforeValidator(whole_number)] = Field(default=100, ge=1)
    """At most so many articles per source; where a folder is the one source, all unless a limit is given."""
    sortby: Literal["relevant", "recent", "old"] = "relevant"
    open: bool = False
    """Only open-access articles."""
    licences: Words = ()
    """Only articles under one of these ("CC BY", "CC0-1.0", "publisher"); a name without version admits all."""
    allow_unknown_licences: bool = False
    """Also articles whose licence the source does not tell, whatever `licences` names; else the report tells them."""
    third_party: bool = True
    """Also figures that are others' ("reproduced with permission from …"): the article's licence covers them not."""
    published_after: Day = None
    published_before: Day = None
    save_format: Annotated[frozenset[str], AsList] = frozenset()
    logging: Words = ()
    """"print" and the name of a log file, as in the predecessor."""
    results_dir: Annotated[Path | str, PlainValidator(folder_or_url, json_schema_input_type=str)] = Field(
        default_factory=lambda: folder_or_url(settings().results),
        validation_alias=AliasChoices("results_dir", "results_dirs"),
    )
    """A folder, or an fsspec URL (`s3://bucket/results`): text if it is a URL, a path if not; else EXSCLAIM_RESULTS."""

    @model_validator(mode="before")
    @classmethod
    def _a_folder_is_read_whole(cls, given: Any) -> Any:
        """A search has thousands of answers and wants a limit; what lies in a folder is wanted all."""
        if isinstance(given, Mapping) and given.get("sources") in (*_LISTS, *([each] for each in _LISTS)):
            return {"maximum_scraped": ALL} | dict(given)
        return given

    @field_validator("name")
    @classmethod
    def _name_is_a_folder_name(cls, name: str) -> str:
        if re.search(r'[/\\:*?"<>|\x00-\x1f]', name) or name.strip(". ") != name:
            raise ValueError(f"{name!r} cannot be the name of a folder; use letters, digits, spaces, - and _")
        return name

    @field_validator("sources")
    @classmethod
    def _sources_in_lower_case(cls, sources: tuple[str, ...], at: ValidationInfo) -> tuple[str, ...]:
        names = tuple(dict.fromkeys(source.strip().lower() for source in sources))
        known = (at.context or {}).get("sources", names)
        if unknown := [nearest(name, known, "source") for name in names if name not in known]:
            raise ValueError("; ".join(unknown))
        return names

    @field_validator("query")
    @classmethod
    def _fields_in_order(cls, fields: dict[str, SearchField]) -> dict[str, SearchField]:
        return dict(sorted(fields.items(), key=lambda item: int(item[0].rsplit("_", 1)[1])))

    @field_validator("folder")
    @classmethod
    def _folders_are_there(cls, places: tuple[Path, ...]) -> tuple[Path, ...]:
        names: dict[str, Path] = {}
        for place in places:
            if not place.expanduser().exists():
                raise ValueError(f"{str(place)!r}: no such file or folder (looked for from {Path.cwd()})")
            name = place.expanduser().resolve().name
            if names.setdefault(name, place) != place:
                raise ValueError(
                    f"{str(place)!r} and {str(names[name])!r} have the same name, by which figures are told"
                )
        return places

    @field_validator("dois")
    @classmethod
    def _works_can_be_read(cls, entries: tuple[str, ...]) -> tuple[str, ...]:
        for line in (line for entry in entries for line in lines_of(entry)):
            work_of(line)
        return entries

    @field_validator("licences")
    @classmethod
    def _licences_are_known(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        if unknown := [repr(name) for name in names if not licences.is_known(name)]:
            raise ValueError(
                f"unknown licence {', '.join(unknown)}; such as 'CC BY', 'CC-BY-NC-4.0', 'CC0', 'publisher'"
            )
        return names

    @field_validator("save_format")
    @classmethod
    def _formats_are_known(cls, formats: frozenset[str]) -> frozenset[str]:
        mongo = "'mongo' is not written: use 'postgres', or 'csv' and mongoimport --type csv --headerline"
        if unknown := sorted(formats.difference(SAVE_FORMATS)):
            raise ValueError(
                "; ".join(mongo if name == "mongo" else nearest(name, SAVE_FORMATS, "format") for name in unknown)
            )
        return formats

    @field_validator("results_dir")
    @classmethod
    def _empty_means_default(cls, folder: Path | str) -> Path | str:
        return folder_or_url(settings().results) if folder == Path() else folder

    @model_validator(mode="after")
    def _dates_in_order(self) -> Self:
        if self.published_after and self.published_before and self.published_after > self.published_before:
            raise AtKeyError(
                "published_after", f"{self.published_after} lies behind published_before, {self.published_before}"
            )
        return self

    @model_validator(mode="after")
    def _sources_have_what_they_need(self) -> Self:
        listed = ", ".join(self.sources)
        if self.folder and "folder" not in self.sources:
            raise AtKeyError("folder", f"folder is given, but sources lists only {listed}: write sources: [folder]")
        if "folder" in self.sources and not self.folder:
            raise AtKeyError("folder", "sources lists folder, but no folder is given: write folder: your/papers")
        if self.dois and "dois" not in self.sources:
            raise AtKeyError("dois", f"dois is given, but sources lists only {listed}: write sources: [dois]")
        if "dois" in self.sources and not self.works:
            raise AtKeyError(
                "dois", "sources lists dois, but no DOI is given: write dois: file.txt, or dois: [10.1234/abc]"
            )
        if not self.query and not set(self.sources) <= set(_LISTS):
            raise AtKeyError("query", "is missing: what shall be looked for? (a folder or a list is read without)")
        return self

    @property
    def searches(self) -> tuple[tuple[str, ...], ...]:
        """Every combination of one alternative per field, in the order of the fields, each once."""
        return combinations(self.query.values())

    @property
    def works(self) -> tuple[str, ...]:
        """DOIs and PMC numbers of `dois`, each once, in order; those of files are read when they are asked for."""
        lines = (line for entry in self.dois for line in lines_of(entry))
        return tuple(dict.fromkeys(filter(None, map(work_of, lines))))

    @property
    def terms(self) -> tuple[str, ...]:
        """All alternatives of all fields: the words to look for in captions."""
        words = [term for field in self.query.values() for term in field.alternatives]
        return each_once(words)

    @property
    def digest(self) -> str:
        """sha256 over all that decides what is found (not over names, folders and formats)."""
        decides = self.model_dump(mode="json", exclude={"name", "save_format", "logging", "results_dir"})
        if not self.allow_unknown_licences:
            del decides["allow_unknown_licences"]  # the digest of a query that is older than a key is what it was
        if self.third_party:
            del decides["third_party"]
        if not self.folder:
            del decides["folder"]
        del decides["dois"]
        if self.dois:
            decides["works"] = self.works
        return hashlib.sha256(json.dumps(decides, sort_keys=True).encode()).hexdigest()

    @property
    def takes_unknown_licences(self) -> bool:
        """True if articles whose licence the source does not tell are wanted."""
        return self.allow_unknown_licences or any(licences.admits(each, licences.UNKNOWN) for each in self.licences)

    def admits(self, article: Article) -> bool:
        """True if an article, once read, meets the query's open-access, licence and date conditions."""
        if self.open and not article.is_open:
            return False
        is_unknown = article.licence == licences.UNKNOWN
        if is_unknown and not self.takes_unknown_licences:
            return False
        if (
            not is_unknown
            and self.licences
            and not any(licences.admits(wanted, article.licence) for wanted in self.licences)
        ):
            return False
        if not (self.published_after or self.published_before):
            return True
        # of what is known to the month alone any day of it may be meant
        first, last = article.published, article.published_last
        if first is None or last is None:
            return False
        if self.published_after and last < self.published_after:
            return False
        return not (self.published_before and first > self.published_before)

    def reason_against_figure(self, figure: FigureRef | Figure) -> str | None:
        """Reason for leaving out a figure of an article that the query admits; None if nothing is against it."""
        if figure.licence == licences.THIRD_PARTY and not self.third_party:
            return f"the figure is others' ({figure.licence_words[:200]}); the query's third_party: true would take it"
        return None

    def reason_against(self, article: Article) -> str | None:
        """Reason for not publishing an article that the query admits; None if nothing is against it."""
        if article.is_retracted:
            return RETRACTED
        if article.licence != licences.UNKNOWN or self.takes_unknown_licences:
            return None
        return f"{LICENCE_UNKNOWN}; the query's allow_unknown_licences: true would take it"


def load(path: Path, sources: Sequence[str] | None = None) -> Query:
    """Read a query from a .json, .yaml, .yml or .toml file. `sources` are the names that there are; None: any.

    Raises:
        QueryError: the file cannot be read, or is no valid query; it names every problem at its key.
    """
    return parse(read_mapping(path), origin=str(path), sources=sources)


def parse(mapping: Mapping[str, Any], origin: str = "query", sources: Sequence[str] | None = None) -> Query:
    """A query from a mapping; `origin` names it in errors, `sources` are those there are. Raises QueryError."""
    try:
        return Query.model_validate(mapping, context={"sources": sources} if sources else None)
    except ValidationError as error:
        raise QueryError(origin, [problem(fault, _known_keys(fault), mapping) for fault in error.errors()]) from error


def _known_keys(fault: Any) -> list[str]:
    """The keys that there are where a fault is."""
    at_top = len(fault["loc"]) == 1
    return [*Query.model_fields, "journal_family", "results_dirs"] if at_top else [*SearchField.model_fields]
