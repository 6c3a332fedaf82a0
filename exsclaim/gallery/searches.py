"""A search as a value: conditions on panels, words, an order. It travels as the parameters of an address."""

from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple

from pydantic import ValidationError

from exsclaim.errors import ExsclaimError
from exsclaim.records import Record
from exsclaim.units import NM_PER_UNIT

SORTS = {
    "relevance": "relevance", "newest": "newest", "doubtful": "most doubtful", "finest": "finest scale",
    "coarsest": "coarsest scale", "figure": "by figure",
}  # fmt: skip
"""Orders of what is found, and what they are called."""
LISTS = {
    "technique": "technique", "kind": "kind", "type": "look", "material": "material", "journal": "journal",
    "source": "source", "licence": "licence", "doubt": "doubt", "label": "letter", "sure": "confidence",
    "phrase": "phrase", "text": "word",
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
    """As a query's `licences`, and "open": any that lets one pass figures on."""
    doubt: tuple[str, ...] = ()
    label: tuple[str, ...] = ()
    sure: tuple[str, ...] = ()
    """"high" (at least .9), "middling", "low" (below .7): the least of the panel's confidences."""
    phrase: tuple[str, ...] = ()
    text: tuple[str, ...] = ()
    year_min: int | None = None
    year_max: int | None = None
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
    def of(cls, parameters: Iterable[tuple[str, str]]) -> "Search":
        """The search of an address's parameters; names that are no condition are passed over.

        Raises:
            SearchError: a value cannot be used.
        """
        given: dict[str, object] = {}
        for name, value in parameters:
            if name in LISTS and value.strip():
                kept = given.setdefault(name, [])
                if isinstance(kept, list) and value.strip() not in kept:
                    kept.append(value.strip())
            elif name in cls.model_fields and name not in LISTS and value.strip():
                given[name] = value.strip()
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

    def without(self, name: str, value: str) -> "Search":
        """The search less one condition of it, as `chips` names it."""
        return Search.of(pair for pair in self.parameters() if pair not in ((name, value),))

    def conditions(self) -> set[str]:
        """Conditions as "field=value": what a specification compares."""
        pairs = self.parameters()
        return {f"{name}={value}" for name, value in pairs if name not in ("text", "sort")}


class Chip(NamedTuple):
    """A condition in words, and the parameters whose removal takes it away."""

    says: str
    removes: tuple[tuple[str, str], ...]


def chips(search: Search) -> Iterator[Chip]:
    """The conditions of a search, one at a time, as people read them."""
    for name, called in LISTS.items():
        for value in getattr(search, name):
            said = value.removeprefix("-").replace("|", " or ").replace("_", " ")
            says = f"{called}: {said}" if called not in ("phrase", "word") else f"“{said}”"
            yield Chip(f"not {says}" if value.startswith("-") else says, ((name, value),))
    pairs = dict(search.parameters())
    for name, called in RANGES.items():
        unit = "" if name == "year" else "_nm"
        ends = {end: f"{name}_{end}{unit}" for end in ("min", "max")}
        given = {end: pairs[key] for end, key in ends.items() if key in pairs}
        if given:
            removes = tuple((ends[end], value) for end, value in given.items())
            yield Chip(f"{called} {_range(given, is_length=bool(unit))}", removes)
    for name, (yes, no) in CHOICES.items():
        if value := getattr(search, name):
            yield Chip(yes if value == "yes" else no, ((name, value),))


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) else f"{value:.10g}"


def _range(given: dict[str, str], *, is_length: bool) -> str:
    said = {end: length(float(value)) if is_length else value for end, value in given.items()}
    if len(said) == 2:
        return said["min"] if said["min"] == said["max"] else f"{said['min']} to {said['max']}"
    return f"≥ {said['min']}" if "min" in said else f"≤ {said['max']}"


def length(nm: float) -> str:
    """A length in the unit that reads best: "50 nm", "2 µm", "0.5 Å"."""
    units = [unit for unit in ("pm", "nm", "µm", "mm", "m") if nm >= NM_PER_UNIT[unit]]
    unit = units[-1] if units else "pm"
    return f"{nm / NM_PER_UNIT[unit]:.4g} {unit}"
