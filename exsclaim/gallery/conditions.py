"""Conditions of a search as SQL over the index: techniques, materials, lengths, licences; all but its words."""

from collections.abc import Callable, Sequence
from typing import Any

from exsclaim.captions.terms.materials import names_of_material
from exsclaim.gallery.prompt_vocabulary import special_forms
from exsclaim.gallery.searches import LISTS, OPEN, Search
from exsclaim.licences import admits

Condition = tuple[str, list[Any]]
"""SQL of which `p` is the panel, and the values that it takes."""
_SURE = {
    "high": "p.confidence >= 0.9",
    "middling": "p.confidence >= 0.7 AND p.confidence < 0.9",
    "low": "p.confidence < 0.7",
}
_CHOICES = {
    "scale": "p.nm_per_px IS NOT NULL", "flagged": "p.n_doubts > 0", "inset": "p.is_inset",
    "access": "coalesce(p.is_open, false)",
    "reviewed": "p.reviewed",
}  # fmt: skip


class Conditions:
    """Conditions on the panels of one index."""

    def __init__(self, licences: Sequence[str], terms_of: Callable[[str], list[str]]) -> None:
        """Take the licences that panels of the index have, and the terms that it makes of a text."""
        self._licences = licences
        self._terms_of = terms_of

    def of(self, search: Search) -> list[Condition]:
        """SQL of each condition of a search, without its words, and the values that it takes."""
        made: list[Condition] = []
        for name in LISTS:
            values: tuple[str, ...] = getattr(search, name)
            wanted = [value for value in values if not value.startswith("-")]
            denied = [value[1:] for value in values if value.startswith("-")]
            each_alone = name in ("material", "phrase")
            groups = [[value] for value in wanted] if each_alone else [wanted] if wanted else []
            if name == "text":
                groups = []
            for group in groups:
                made.append(self._any(name, group))
            for value in denied:
                sql, given = self._any(name, [value])
                made.append((f"NOT coalesce({sql}, false)", given))
        for field, column in (("year", "p.year"), ("width", "p.width_nm"), ("px", "p.nm_per_px")):
            unit = "" if field == "year" else "_nm"
            for end, sign in (("min", ">="), ("max", "<=")):
                value = getattr(search, f"{field}_{end}{unit}")
                if value is not None:
                    made.append((f"{column} {sign} ?", [value]))
        if search.bar_min_nm is not None:
            made.append(("p.bar_most_nm >= ?", [search.bar_min_nm]))
        if search.bar_max_nm is not None:
            made.append(("p.bar_least_nm <= ?", [search.bar_max_nm]))
        for name, sql in _CHOICES.items():
            if choice := getattr(search, name):
                made.append((sql if choice == "yes" else f"NOT ({sql})", []))
        return made

    def _any(self, name: str, values: Sequence[str]) -> Condition:
        """SQL that holds where a panel has one of the values."""
        if name == "technique":
            return "list_has_any(p.techniques, ?)", [[form for value in values for form in special_forms(value)]]
        if name == "doubt":
            return "list_has_any(p.doubts, ?)", [list(values)]
        if name == "sure":
            return " OR ".join(f"({_SURE.get(value, 'false')})" for value in values), []
        if name == "licence":
            return "list_contains(?, p.licence)", [[each for each in self._licences if _admitted(values, each)]]
        if name in ("label", "journal"):
            return f"list_contains(?, lower(p.{name}))", [[value.lower() for value in values]]
        if name in ("kind", "type", "source", "panel"):
            return f"list_contains(?, p.{'id' if name == 'panel' else name})", [list(values)]
        if name == "phrase":
            return self._names(values)
        return self._names([each for value in values for part in value.split("|") for each in names_of_material(part)])

    def _names(self, names: Sequence[str]) -> Condition:
        """SQL that holds where one of these names stands in a panel's part of the caption, or is said of all panels."""
        parts = ["list_has_any(p.keywords, ?)"]
        given: list[Any] = [list(names)]
        for name in dict.fromkeys(names):
            terms = self._terms_of(name)
            if not terms:
                continue
            exactly = "" if len(terms) == 1 and name.isalnum() else " AND contains(plain({text}), plain(?))"
            own = " AND ".join("p.n IN (SELECT n FROM panel_terms WHERE term = ?)" for _ in terms)
            of_all = " AND ".join("p.f IN (SELECT f FROM figure_terms WHERE term = ? AND is_general)" for _ in terms)
            parts += [f"({own}{exactly.format(text='p.caption')})", f"({of_all}"]
            given += [*terms, *([name] if exactly else []), *terms]
            if exactly:
                parts[-1] += " AND p.f IN (SELECT f FROM figures WHERE contains(plain(said_of_all), plain(?)))"
                given.append(name)
            parts[-1] += ")"
        return " OR ".join(parts), given


def _admitted(values: Sequence[str], licence: str) -> bool:
    return any(
        licence.startswith("CC") or licence == "public-domain" if v == OPEN else admits(v, licence) for v in values
    )
