"""The faults of a query as people read them: what is expected at a key, what stands there, and the way out."""

import datetime as dt
import difflib
import re
import reprlib
from collections.abc import Mapping, Sequence
from typing import Any

_WANTED = {
    "name": "a name, such as silver",
    "sources": "a list of sources, such as [nature, arxiv]",
    "query": "search fields, such as {search_field_1: {term: gold, synonyms: [Au]}}",
    "search_field": "a term and, if there are any, synonyms, such as {term: gold, synonyms: [Au]}",
    "term": "one text, such as gold; others that may stand for it are its synonyms",
    "synonyms": "a list of texts, such as [Au, gold nanoparticles]",
    "folder": "a path, or a list of paths, such as papers/",
    "dois": "a file, or a list of DOIs and PMC numbers, such as [10.1234/abc, PMC7058583]",
    "maximum_scraped": "a whole number from 1 on, such as 200",
    "sortby": "'relevant', 'recent' or 'old'",
    "open": "true or false",
    "licences": "a list of licences, such as [CC BY, CC0]",
    "allow_unknown_licences": "true or false",
    "third_party": "true or false",
    "published_after": "a day, such as 2020-01-31",
    "published_before": "a day, such as 2020-01-31",
    "save_format": "a list of formats, such as [save_subfigures, csv]",
    "logging": "a list, such as [print, harvest.log]",
    "results_dir": "a folder or a URL, such as results/ or s3://bucket/results",
}
"""Key -> what belongs there, as it is told where something else stands there."""
_OLD_NAMES = {"journal_family": "sources", "results_dirs": "results_dir"}
"""Key of the first EXSCLAIM! -> ours, which may both be written, but not in one query."""
_TEXTS = ("name", "term", "synonyms", "sources", "licences", "dois", "folder", "logging", "save_format", "results_dir")
_SHOWN_CHARACTERS = 60
_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]00:00(?::00(?:\.0+)?)?(?:Z|\+00:00)?)?")


class AtKeyError(ValueError):
    """A fault that the query as a whole has, told at one of its keys."""

    def __init__(self, key: str, message: str) -> None:
        self.key = key
        super().__init__(message)


def nearest(name: str, known: Sequence[str], what: str) -> str:
    """Sentence on a name that is not among those known, with the one that may be meant."""
    if any(each.strip().lower() in known for each in name.split(",")[:-1]):
        return f"{name!r} is one text; write a list: [{name}]"
    near = difflib.get_close_matches(name.lower(), known, n=1, cutoff=0.5)
    meant = f"; did you mean {near[0]!r}?" if near else "."
    return f"unknown {what} {reprlib.repr(name)}{meant} Known: {', '.join(known)}"


def day(given: Any) -> Any:
    """The day that is given as a date, or as 2020-01-31; other things are a fault, 2020 and 31.1.2020 too."""
    if given is None or (isinstance(given, dt.date) and not isinstance(given, dt.datetime)):
        return given
    text = given.isoformat() if isinstance(given, dt.datetime) else str(given).strip()
    if found := _DAY.fullmatch(text):
        try:
            return dt.date(*(int(part) for part in found.groups()))
        except ValueError:
            raise ValueError(f"{text} is not a calendar date") from None
    raise ValueError(f"should be {_WANTED['published_after']}{_stands_there(given, '')}")


def whole_number(given: Any) -> Any:
    """The value, unless it is true or false, which Python counts as 1 and 0."""
    if isinstance(given, bool):
        raise ValueError(f"should be {_WANTED['maximum_scraped']}{_stands_there(given, '')}")
    return given


def problem(fault: Mapping[str, Any], known_keys: Sequence[str], given: Mapping[Any, Any]) -> tuple[str, str]:
    """Key and description of a fault that pydantic found, for people. `given` is the whole query."""
    location = [each for each in fault["loc"] if each != "[key]"]
    key = ".".join(f"entry {each + 1}" if isinstance(each, int) else str(each) for each in location) or "query"
    if fault["loc"][-1:] == ("[key]",):
        return key, "unknown key; the nearest known key is 'search_field_1'"
    if fault["type"] in ("extra_forbidden", "invalid_key"):
        return str(location[-1]) if len(location) == 1 else key, _unknown_key(str(location[-1]), known_keys, given)
    if fault["type"] == "missing":
        return key, "is missing"
    if fault["type"] == "value_error":
        error = fault["ctx"]["error"]
        return error.key if isinstance(error, AtKeyError) else key, str(error)
    if fault["type"] == "string_too_long":
        return key, f"has {len(fault['input'])} characters; at most {fault['ctx']['max_length']} are taken"
    return key, _not_as_wanted(location, fault["input"])


def _unknown_key(name: str, known_keys: Sequence[str], given: Mapping[Any, Any]) -> str:
    if name in _OLD_NAMES and _OLD_NAMES[name] in given:
        return f"means the same as {_OLD_NAMES[name]!r}, which is given as well: leave one of them out"
    near = difflib.get_close_matches(name.lower(), known_keys, n=1)
    known = f"the nearest known key is {near[0]!r}" if near else f"known are {', '.join(known_keys)}"
    return f"unknown key; {known}"


def _not_as_wanted(location: Sequence[str | int], stands: Any) -> str:
    names = [_OLD_NAMES.get(str(each), str(each)) for each in location if not isinstance(each, int)]
    name = names[-1] if names else "query"
    wanted = "a text" if isinstance(location[-1], int) else _WANTED.get(name, _WANTED["search_field"])
    return f"should be {wanted}{_stands_there(stands, name)}"


def _stands_there(stands: Any, name: str) -> str:
    """Words on what stands where something else is expected."""
    if stands is None:
        return " (nothing is given)"
    if isinstance(stands, str | list | dict) and not (stands.strip() if isinstance(stands, str) else stands):
        return " (it is empty)"
    shown = str(stands).lower() if isinstance(stands, bool) else reprlib.repr(stands)
    if len(shown) > _SHOWN_CHARACTERS:  # bounded: an alias bomb in YAML has a repr without end
        return ""
    if name in _TEXTS and isinstance(stands, bool | int | float):
        return f'; {shown} is no text unless it is in quotes: "{shown}"'
    return f" (given: {shown})"
