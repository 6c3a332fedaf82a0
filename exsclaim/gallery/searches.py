"""A search as a value: conditions on panels, words, an order. It travels as the parameters of an address."""

import difflib
import math
import re
from collections.abc import Collection, Iterable, Iterator
from typing import Annotated, Literal, NamedTuple

from pydantic import Field, ValidationError

from exsclaim.dataset.tables.filter_columns import UnknownValueError, known_value, listed_value
from exsclaim.errors import ExsclaimError
from exsclaim.lengths import NM_PER_UNIT, length_unit
from exsclaim.records import Record

SORTS = {
    "relevance": "relevance", "newest": "newest", "doubtful": "most doubtful", "finest": "finest scale",
    "coarsest": "coarsest scale", "figure": "by figure",
}  # fmt: skip
"""Orders of what is found, and what they are called."""
LISTS = {
    "technique": "technique", "kind": "kind", "type": "look", "material": "material", "journal": "journal",
    "source": "source", "licence": "licence", "doubt": "doubt", "label": "letter", "sure": "confidence",
    "phrase": "phrase", "text": "word", "panel": "panel",
}  # fmt: skip
"""Conditions that have several values, and what they are called."""
CHOICES = {
    "scale": ("with scale", "without scale"), "flagged": ("with doubts", "without doubts"),
    "inset": ("insets", "no insets"), "access": ("open access", "not open access"),
    "reviewed": ("reviewed", "not reviewed"),
}  # fmt: skip
"""Conditions that are "yes" or "no", and what each means."""
RANGES = {
    "year": "year", "bar": "scale bar", "width": "field of view", "px": "pixel size",
}  # fmt: skip
"""Conditions with a least and a greatest value."""
SURE = ("high", "middling", "low")
OPEN = "open"
"""Any licence that lets one pass figures on."""
MOST_VALUES = 200
_CLOSED = ("technique", "kind", "licence", "doubt")
"""Conditions whose values are the columns' of filters."""
_MOST_CHARACTERS = 300
_LENGTH = re.compile(r"(\d+(?:\.\d*|,\d{1,2})?|[.,]\d+)(e[+-]?\d{1,3})?\s*(\D*)", re.IGNORECASE)
_Year = Annotated[int, Field(ge=0, le=9999)]


class SearchError(ExsclaimError):
    """A search cannot be understood."""


class Search(Record):
    """Conditions, all of which hold. Values of one list are alternatives, but for materials, words and phrases, which
    all must be named (`gold|silver` is either); a value that begins with "-" is left out."""

    technique: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()
    type: tuple[str, ...] = ()
    material: tuple[str, ...] = ()
    journal: tuple[str, ...] = ()
    source: tuple[str, ...] = ()
    licence: tuple[str, ...] = ()
    """As a query's `licences`, and `OPEN`."""
    doubt: tuple[str, ...] = ()
    label: tuple[str, ...] = ()
    sure: tuple[str, ...] = ()
    """"high" (at least .9), "middling", "low" (below .7): the least of the panel's confidences."""
    phrase: tuple[str, ...] = ()
    text: tuple[str, ...] = ()
    panel: tuple[str, ...] = ()
    """Ids of panels: what a person has ticked."""
    year_min: _Year | None = None
    year_max: _Year | None = None
    bar_min_nm: float | None = None
    bar_max_nm: float | None = None
    width_min_nm: float | None = None
    width_max_nm: float | None = None
    px_min_nm: float | None = None
    px_max_nm: float | None = None
    scale: Literal["", "yes", "no"] = ""
    flagged: Literal["", "yes", "no"] = ""
    inset: Literal["", "yes", "no"] = ""
    access: Literal["", "yes", "no"] = ""
    reviewed: Literal["", "yes", "no"] = ""
    sort: str = "relevance"

    @classmethod
    def of(cls, parameters: Iterable[tuple[str, str]], *, beside: Collection[str] = ()) -> "Search":
        """The search of an address's parameters; those of `beside` say something else, and are passed over.

        Lengths are in nm, or have a unit ("2 µm").

        Raises:
            SearchError: a name is no condition, a value cannot be used or can never be found, or there are two where
                one can be.
        """
        given: dict[str, str | list[str]] = {}
        known = (*cls.model_fields, *beside)
        for number, (name, text) in enumerate(pair for pair in parameters if pair[0] not in beside):
            check_names([name], known)
            value = text.strip()
            if number >= MOST_VALUES or len(value) > _MOST_CHARACTERS:
                most = f"{MOST_VALUES} conditions of {_MOST_CHARACTERS} characters"
                raise SearchError(f"a search has at most {most}; {name}={value[:40]} is beyond that")
            if not value:
                continue
            if name.endswith("_nm"):
                value = _in_nm(name, value)
            elif name in LISTS:
                value = _known(name, value)
            kept = given.setdefault(name, [] if name in LISTS else value)
            if isinstance(kept, list):
                given[name] = list(dict.fromkeys([*kept, value]))
            elif kept != value:
                raise SearchError(f"{name} is given twice: {kept} and {value}")
        if given.get("sort", "relevance") not in SORTS:
            raise SearchError(f"there is no order {given['sort']!r}: choose one of {', '.join(SORTS)}")
        try:
            return cls.model_validate(given)
        except ValidationError as error:
            faults = "; ".join(f"{fault['loc'][0]}={fault['input']}: {fault['msg']}" for fault in error.errors())
            raise SearchError(f"the search cannot be used: {faults}") from error

    def parameters(self, **changed: str) -> list[tuple[str, str]]:
        """Pairs that `of` understands; `changed` replaces or adds some."""
        pairs: list[tuple[str, str]] = []
        for name in type(self).model_fields:
            value = getattr(self, name)
            if name in changed:
                continue
            if isinstance(value, tuple):
                pairs += [(name, each) for each in value]
            elif value not in (None, "") and (name, value) != ("sort", "relevance"):
                pairs.append((name, _number(value) if isinstance(value, float) else str(value)))
        return pairs + [(name, value) for name, value in changed.items() if value]

    @property
    def words(self) -> tuple[str, ...]:
        """Words that a text is to have; not those that it is not to have."""
        return tuple(word for word in self.text if not word.startswith("-"))

    @property
    def is_words_alone(self) -> bool:
        """True if there is no condition but words that a text is to have, whatever the order."""
        return all(name == "sort" or (name == "text" and value in self.words) for name, value in self.parameters())

    def without(self, name: str) -> "Search":
        """The search without its conditions on one property."""
        if name == "year":
            return self.model_copy(update={"year_min": None, "year_max": None})
        return self.model_copy(update={name: () if name in LISTS else ""})

    def conditions(self) -> set[str]:
        """Conditions as "field=value": what a specification compares."""
        pairs = self.parameters()
        return {f"{name}={value}" for name, value in pairs if name not in ("text", "sort")}


class Chip(NamedTuple):
    """A condition in words, the parameters whose removal takes it away, and the fields that change it."""

    says: str
    removes: tuple[tuple[str, str], ...]
    fields: tuple[tuple[str, str, str], ...]
    """(parameter, what it is called, value): of a range both ends, the one that is open with ""."""


def chips(search: Search) -> Iterator[Chip]:
    """The conditions of a search, one at a time, as people read them."""
    for name, called in LISTS.items():
        for value in getattr(search, name):
            name_of = value.removeprefix("-").replace("|", " or ").replace("_", " ")
            says = f"{called}: {name_of}" if called not in ("phrase", "word") else f"“{name_of}”"
            said = f"not {says}" if value.startswith("-") else says
            yield Chip(said, ((name, value),), ((name, called, value),))
    pairs = dict(search.parameters())
    for name, called in RANGES.items():
        unit = "" if name == "year" else "_nm"
        ends = {end: f"{name}_{end}{unit}" for end in ("min", "max")}
        given = {end: pairs[key] for end, key in ends.items() if key in pairs}
        if given:
            removes = tuple((ends[end], value) for end, value in given.items())
            shown = {end: length(float(value)) if unit else value for end, value in given.items()}
            exact = {end: length(float(value), digits=10) if unit else value for end, value in given.items()}
            fields = tuple((key, {"min": "from", "max": "to"}[end], exact.get(end, "")) for end, key in ends.items())
            yield Chip(f"{called} {_range(shown)}", removes, fields)
    for name, (yes, no) in CHOICES.items():
        if value := getattr(search, name):
            yield Chip(yes if value == "yes" else no, ((name, value),), ((name, name, value),))


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) else f"{value:.10g}"


def _range(said: dict[str, str]) -> str:
    if len(said) == 2:
        return said["min"] if said["min"] == said["max"] else f"{said['min']} to {said['max']}"
    return f"≥ {said['min']}" if "min" in said else f"≤ {said['max']}"


def check_names(given: Iterable[str], known: Collection[str]) -> None:
    """Check that all given parameters are known.

    Raises:
        SearchError: one is not; the message names it, and the nearest that is.
    """
    for name in given:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1, cutoff=0.6)
            there = f"did you mean {near[0]!r}?" if near else f"known are {', '.join(known) or 'none'}"
            raise SearchError(f"there is no parameter {name[:60]!r}: {there}")


def _known(name: str, value: str) -> str:
    """A value of a list as the index has it, with its sign."""
    wanted = value.removeprefix("-")
    sign = value[: len(value) - len(wanted)]
    try:
        if name == "sure":
            return sign + listed_value("confidence", wanted, SURE)
        if name in _CLOSED and (name, wanted) != ("licence", OPEN):
            return sign + known_value(name, wanted)
    except UnknownValueError as error:
        raise SearchError(str(error)) from error
    return value


def _in_nm(name: str, text: str) -> str:
    found = _LENGTH.fullmatch(text)
    unit = length_unit(found[3]) if found and found[3] else "nm"
    nm = float(found[1].replace(",", ".") + (found[2] or "")) * NM_PER_UNIT[unit] if found and unit else math.inf
    if not math.isfinite(nm):
        raise SearchError(f"{name}={text} is no length: write 50 or 2 µm")
    return f"{nm:.10g}"


def length(nm: float, digits: int = 4) -> str:
    """A length in the unit that reads best: "50 nm", "2 µm", "500 pm"."""
    units = [unit for unit in ("pm", "nm", "µm", "mm", "m") if nm >= NM_PER_UNIT[unit]]
    unit = units[-1] if units else "pm"
    return f"{nm / NM_PER_UNIT[unit]:.{digits}g} {unit}"
