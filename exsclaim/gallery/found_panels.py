"""Panels that a search finds in an index: counted, in order, a page at a time; and counts of what they are."""

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import duckdb

from exsclaim.gallery.conditions import Condition, Conditions
from exsclaim.gallery.searches import Search

FACETS = {
    "technique": "technique", "kind": "kind", "type": "look", "scale": "scale", "flagged": "in doubt",
    "doubt": "kind of doubt", "sure": "confidence", "licence": "licence", "year": "year", "journal": "journal",
    "source": "source",
}  # fmt: skip
"""Properties that are counted, and what they are called."""
_COUNTED = {
    "kind": "kind", "type": "type", "scale": "CASE WHEN nm_per_px IS NULL THEN 'no' ELSE 'yes' END",
    "flagged": "CASE WHEN n_doubts > 0 THEN 'yes' ELSE 'no' END",
    "sure": "CASE WHEN confidence >= 0.9 THEN 'high' WHEN confidence >= 0.7 THEN 'middling' ELSE 'low' END",
    "licence": "licence", "year": "CAST(year AS VARCHAR)", "journal": "journal", "source": "source",
}  # fmt: skip
_UNNESTED = {"technique": "techniques", "doubt": "doubts"}
_MOST_VALUES = 40
_ORDERS = {
    "relevance": "c.score DESC, p.confidence DESC, p.n", "newest": "p.year DESC NULLS LAST, p.n",
    "doubtful": "p.n_doubts DESC, p.confidence, p.n", "finest": "p.nm_per_px NULLS LAST, p.n",
    "coarsest": "p.nm_per_px DESC NULLS LAST, p.n", "figure": "p.n",
}  # fmt: skip
_IN_OWN_PART, _SAID_OF_ALL, _IN_FIGURE = 3.0, 1.5, 1.0
"""Weights of a word by where it stands: in the panel's part of the caption, in what is said of all, elsewhere."""


class Found(NamedTuple):
    """A page of what a search found."""

    total: int
    panels: list[dict[str, Any]]
    unfound: tuple[str, ...]
    """Words that no text of the data set has: passed over beside others; alone they find nothing."""
    is_relaxed: bool
    """No panel has all of the words: these have some."""


Facets = dict[str, list[tuple[str, int]]]


class PanelIndex:
    """An index, open for reading; several threads may ask at once."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._database = duckdb.connect(str(path), read_only=True)
        self._facets = lru_cache(maxsize=128)(self._counted_facets)
        self.licences = tuple(row[0] for row in self._rows("SELECT DISTINCT licence FROM panels") if row[0])
        self.journals = tuple(row[0] for row in self._rows("SELECT DISTINCT journal FROM panels") if row[0])
        self.sources = tuple(row[0] for row in self._rows("SELECT DISTINCT source FROM panels") if row[0])
        self._conditions = Conditions(self.licences, self._terms_of)
        self.size = int(self._rows("SELECT count(*) FROM panels")[0][0])

    def close(self) -> None:
        self._database.close()

    def find(self, search: Search, *, first: int = 0, count: int = 60) -> Found:
        """Panels `first` to `first + count` of what a search finds, in its order."""
        known, unfound = self._known_words(search.words)
        total, panels = self._page(search, known, first, count, every=True)
        if not total and len(known) > 1:
            total, panels = self._page(search, known, first, count, every=False)
            return Found(total, panels, unfound, bool(total))
        return Found(total, panels, unfound, False)

    def facets(self, search: Search) -> Facets:
        """Counts of what a search finds: property -> (value, count), the most frequent first.

        Of a property that the search restricts, the counts are of what the other conditions find: what one would get.
        """
        return self._facets(search.model_copy(update={"sort": "relevance"}))

    def ids(self, search: Search, most: int) -> list[str]:
        """Ids of all panels that a search finds, in its order, at most `most`."""
        return [panel["id"] for panel in self.find(search, count=most).panels]

    def doubtful_figures(self, search: Search, most: int) -> list[tuple[str, str]]:
        """Figures of what a search finds that are not reviewed, the most doubtful first, then by least confidence.

        Each is its id and its image's SHA-256.
        """
        known, _ = self._known_words(search.words)
        chosen, given = self._chosen(search, known, every=True)
        sql = (
            "SELECT p.figure_id, any_value(f.image_sha256) FROM panels p JOIN figures f ON f.f = p.f WHERE p.f IN"
            f" (SELECT f FROM panels WHERE n IN (SELECT n FROM ({chosen}))) GROUP BY p.figure_id"
            " HAVING NOT bool_and(p.reviewed) ORDER BY sum(p.n_doubts) DESC, min(p.confidence), p.figure_id LIMIT ?"
        )
        return [(row[0], row[1]) for row in self._rows(sql, [*given, most])]

    def panel_place(self, panel_id: str) -> tuple[str, list[float]] | None:
        """File name of a panel's figure, and the panel's box in it; None where there is no such panel."""
        sql = "SELECT f.figure_name, p.box FROM panels p JOIN figures f ON f.f = p.f WHERE p.id = ?"
        rows = self._rows(sql, [panel_id])
        return (str(rows[0][0]), list(rows[0][1])) if rows else None

    def _rows(self, sql: str, given: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        with self._database.cursor() as cursor:
            return cursor.execute(sql, list(given)).fetchall()

    def _terms_of(self, text: str) -> list[str]:
        """Words of a text as the index has them."""
        return [str(term) for (term,) in self._rows("SELECT unnest(words(?))", [text])]

    def _known_words(self, words: Sequence[str]) -> tuple[list[str], tuple[str, ...]]:
        """Words as the index has them, and those that no text has."""
        known: dict[str, bool] = {}
        for word in words:
            for term in self._terms_of(word) or [word]:
                sql = (
                    "SELECT EXISTS (SELECT 1 FROM panel_terms WHERE term = ?)"
                    " OR EXISTS (SELECT 1 FROM figure_terms WHERE term = ?)"
                )
                known[term] = bool(self._rows(sql, [term, term])[0][0])
        unfound = tuple(term for term, is_known in known.items() if not is_known)
        return [term for term in known if term not in unfound], unfound

    def _page(
        self, search: Search, words: Sequence[str], first: int, count: int, *, every: bool
    ) -> tuple[int, list[dict[str, Any]]]:
        chosen, given = self._chosen(search, words, every=every)
        order = _ORDERS[search.sort if words or search.sort != "relevance" else "relevance"]
        sql = (
            f"WITH chosen AS MATERIALIZED ({chosen}) SELECT p.*, f.figure_name, f.label AS figure_label,"
            f" page.total FROM (SELECT c.n, row_number() OVER () AS place, (SELECT count(*) FROM chosen) AS total FROM"
            f" (SELECT c.n FROM chosen c JOIN panels p ON p.n = c.n ORDER BY {order} LIMIT ? OFFSET ?) c) page"
            " JOIN panels p ON p.n = page.n JOIN figures f ON f.f = p.f ORDER BY page.place"
        )
        with self._database.cursor() as cursor:
            cursor.execute(sql, [*given, count, first])
            names = [column[0] for column in cursor.description or ()]
            panels = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
        if panels:
            return int(panels[0]["total"]), panels
        return int(self._rows(f"SELECT count(*) FROM ({chosen})", given)[0][0]) if first else 0, []

    def _counted_facets(self, search: Search) -> Facets:
        restricted = [
            name for name in FACETS
            if getattr(search, name, None) or (name == "year" and (search.year_min or search.year_max))
        ]  # fmt: skip
        counted = self._counts(search, [name for name in FACETS if name not in restricted])
        known = search
        if not self._known_words(search.words)[0]:
            known = search.model_copy(update={"text": tuple(set(search.text) - set(search.words))})
        for name in restricted:
            counted |= self._counts(known.without(name), [name])
        return {name: counted.get(name, []) for name in FACETS}

    def _counts(self, search: Search, names: Sequence[str]) -> Facets:
        known, _ = self._known_words(search.words)
        plain = [name for name in names if name in _COUNTED]
        found: Facets = {name: [] for name in plain}
        given: list[Any] = []
        with self._database.cursor() as cursor:
            if known:
                chosen, values = self._chosen(search, known, every=True)
                cursor.execute(f"CREATE OR REPLACE TEMP TABLE counting AS SELECT n FROM ({chosen})", values)
                rows = "panels p WHERE p.n IN (SELECT n FROM counting)"
            else:
                where, given = self._where(search)
                rows = f"panels p WHERE {where}"
            if plain:
                columns = ", ".join(f"{_COUNTED[name]} AS v_{name}" for name in plain)
                sets = ", ".join(f"(v_{name})" for name in plain)
                grouped = ", ".join(f"v_{name}" for name in plain)
                counted = cursor.execute(
                    f"SELECT {grouped}, count(*) AS k FROM (SELECT {columns} FROM {rows})"
                    f" GROUP BY GROUPING SETS ({sets}) ORDER BY k DESC",
                    given,
                ).fetchall()
                for *values, count in counted:
                    for name, value in zip(plain, values, strict=True):
                        if value is not None and len(found[name]) < _MOST_VALUES:
                            found[name].append((value, count))
            for name in (name for name in names if name in _UNNESTED):
                found[name] = cursor.execute(
                    f"SELECT v, count(*) AS k FROM (SELECT unnest(p.{_UNNESTED[name]}) AS v FROM {rows}) GROUP BY v"
                    f" ORDER BY k DESC, 1 LIMIT {_MOST_VALUES}",
                    given,
                ).fetchall()
        return found

    def _where(self, search: Search) -> Condition:
        """SQL of the conditions of a search, without its words."""
        conditions = self._conditions.of(search)
        if search.words and search.is_words_alone and not self._known_words(search.words)[0]:
            conditions.append(("false", []))  # else words that no text has would find all there is
        where = " AND ".join(f"({sql})" for sql, _ in conditions) or "true"
        return where, [value for _, values in conditions for value in values]

    def _chosen(self, search: Search, words: Sequence[str], *, every: bool) -> Condition:
        """SQL that gives `n` and `score` of the panels that a search finds."""
        where, given = self._where(search)
        if not words:
            return f"SELECT p.n, 0.0 AS score FROM panels p WHERE {where}", given
        hits, hit_values = [], []
        for term in words:
            weight = self._rarity(term)
            hits.append(
                f"SELECT n, ? AS term, {_IN_OWN_PART * weight} AS score FROM panel_terms WHERE term = ? UNION ALL"
                f" SELECT p.n, ?, CASE WHEN is_general THEN {_SAID_OF_ALL * weight} ELSE {_IN_FIGURE * weight} END"
                " FROM figure_terms t JOIN panels p ON p.f = t.f WHERE t.term = ?"
            )
            hit_values += [term] * 4
        least = len(words) if every else 1
        scored = (
            "SELECT n, sum(score) AS score FROM (SELECT n, term, max(score) AS score FROM"
            f" ({' UNION ALL '.join(hits)}) GROUP BY n, term) GROUP BY n HAVING count(*) >= {least}"
        )
        return f"SELECT p.n, s.score FROM ({scored}) s JOIN panels p ON p.n = s.n WHERE {where}", [*hit_values, *given]

    def _rarity(self, term: str) -> float:
        """Inverse document frequency of a word, of the form that BM25 has (Robertson and Zaragoza, 2009)."""
        panels, figures = (
            f"(SELECT count(*) FROM {table} WHERE term = ?)" for table in ("panel_terms", "figure_terms")
        )
        sql = f"SELECT {panels} + {figures}"
        count = int(self._rows(sql, [term, term])[0][0])
        row = self._rows("SELECT ln(1 + greatest(? - ?, 0) / (? + 0.5))", [self.size, count, count])
        return round(float(row[0][0]) + 0.01, 6)
