"""A small language that chooses panels, and the columns that it names: `kind = 'microscopy' and nm_per_px < 1`.

    condition   column = 'text' | != | < | <= | > | >=   number or text
                column in ('a', 'b')                     column contains 'part of a text'
                column has 'element of a list'           column is null, column is not null
                column                                   of a yes/no column
    joined by   and, or, not, ( )

A comparison with a value that is not known (a panel without scale) holds neither plainly nor under `not`, as in SQL.
Nothing is made into SQL text: conditions become typed expressions of DuckDB.
"""

import difflib
import re
from collections.abc import Callable
from functools import partial, reduce
from operator import and_, or_
from typing import NamedTuple

import duckdb

from exsclaim.captions.materials import canonical_name
from exsclaim.captions.plain_text import lexicon
from exsclaim.captions.techniques import techniques
from exsclaim.dataset.splits import SPLITS
from exsclaim.errors import ExsclaimError
from exsclaim.licences import THIRD_PARTY, is_known, normalised
from exsclaim.records import PANEL_FLAGS, PanelKind


class Column(NamedTuple):
    """A column for filters. `kind`: "text", "number", "yes/no" or "list" (of texts)."""

    kind: str
    stored: str
    """Its name in the tables."""
    doc: str
    values: tuple[str, ...] = ()
    """All that may stand in it, where that is a closed list: a filter that names another value is refused."""


COLUMNS: dict[str, Column] = {
    "id": Column("text", "id", "id of the panel: <source>/<article>/fig<n>/p<n>"),
    "figure_id": Column("text", "figure_id", "id of its figure"),
    "article_id": Column("text", "article_id", "id of its article"),
    "figure_name": Column("text", "figure_name", "file of the figure in figures/"),
    "crop_name": Column("text", "crop_name", "file name of the panel's crop"),
    "kind": Column(
        "text", "kind",
        "microscopy, diffraction, graph, illustration, photo, map, medical, gel, table, unclear, parent",
        tuple(map(str, PanelKind)),
    ),
    "kind_confidence": Column("number", "kind_confidence", "0 to 1"),
    "type": Column("text", "type", "finer kind that the image looks like, where it is known: see docs/doubts.md"),
    "type_confidence": Column("number", "type_confidence", "0 to 1"),
    "type_origin": Column("text", "type_origin", "says the type: image, caption or both", ("image", "caption", "both")),
    "label": Column("text", "label", "the panel's letter as printed, without brackets"),
    "label_confidence": Column("number", "label_confidence", "0 to 1"),
    "label_origin": Column("text", "label_origin", "read (from the image) or inferred", ("read", "inferred")),
    "caption": Column("text", "caption", "the panel's part of the caption"),
    "keyword": Column("list", "keywords", "terms of the query, and materials as printed, in its part of the caption"),
    "material": Column(
        "list", "materials",
        "materials that its caption names, also of all panels: 'Ag', 'TiO2', 'nanowire'; other names find them too: "
        "'silver', 'titania'",
    ),
    "technique": Column(
        "list", "techniques",
        "techniques that its caption names, by their short names: 'TEM', 'EDS'; 'STEM' does not find 'HAADF-STEM'",
    ),
    "nm_per_px": Column("number", "nm_per_px", "scale in nm per pixel"),
    "width_nm": Column("number", "width_nm", "width of the panel in nm"),
    "height_nm": Column("number", "height_nm", "height of the panel in nm"),
    "scale_origin": Column(
        "text", "scale_origin", "printed or caption: who says the length of the scale bar", ("printed", "caption")
    ),
    "scale_confidence": Column("number", "scale_confidence", "0 to 1: sureness of the scale bar and of its print"),
    "doubt": Column(
        "list", "doubts", "doubts about the panel: 'scale_conflict', 'label_inferred', all in docs/doubts.md",
        tuple(PANEL_FLAGS),
    ),
    "flagged": Column("yes/no", "doubts", "whether there is any doubt"),
    "reviewed": Column("yes/no", "reviewed", "whether a person set it right, or said that it is right"),
    "is_inset": Column("yes/no", "is_inset", "whether it lies within another panel"),
    "article_title": Column("text", "article_title", "title of its article"),
    "source": Column("text", "source", "where the article is from: nature, pmc, arxiv, folder"),
    "journal": Column("text", "journal", "journal of its article"),
    "year": Column("number", "year", "year in which its article was published"),
    "doi": Column("text", "doi", "DOI of its article"),
    "licence": Column("text", "licence", "'CC BY' (any version), 'CC0-1.0', 'third-party': the figure's own"),
    "is_open": Column("yes/no", "is_open", "whether its article is open access"),
    "split": Column("text", "split", "train, validation or test", SPLITS),
}  # fmt: skip


_TOKEN = re.compile(
    r"\s*(?:(?P<text>'(?:[^']|'')*')|(?P<number>-?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)|(?P<name>[A-Za-z_]\w*)|"
    r"(?P<sign><=|>=|!=|<>|=|<|>|\(|\)|,))"
)
_OPERATORS = ("=", "!=", "<", "<=", ">", ">=", "in", "has", "contains", "is")
_MOST_DEPTH = 50


class FilterError(ExsclaimError):
    """A filter cannot be understood; the message shows where."""

    def __init__(self, where: str, place: int, what: str) -> None:
        self.where, self.place, self.what = where, place, what
        super().__init__(f"{what}\n  {where}\n  {' ' * place}^")

    def __reduce__(self) -> tuple[type["FilterError"], tuple[str, int, str]]:
        """The error travels between processes by what it was made of."""
        return type(self), (self.where, self.place, self.what)


class _Token(NamedTuple):
    kind: str
    text: str
    place: int


def condition(where: str) -> duckdb.Expression:
    """The expression that a filter means, over the columns of the panels table.

    Raises:
        FilterError: it names no column, compares what cannot be compared, or is not complete.
    """
    return _Parser(where).parsed()


class _Parser:
    def __init__(self, where: str) -> None:
        self._where = where
        self._tokens = list(self._split())
        self._at = 0
        self._depth = 0

    def parsed(self) -> duckdb.Expression:
        expression = self._any()
        if self._next.kind != "end":
            raise self._error(f"expected and, or, or the end, not {self._next.text}")
        return expression

    def _split(self) -> "list[_Token]":
        tokens, place = [], 0
        while self._where[place:].strip():
            found = _TOKEN.match(self._where, place)
            if found is None or found.lastgroup is None:
                bad = place + len(self._where[place:]) - len(self._where[place:].lstrip())
                raise FilterError(self._where, bad, f"{self._where[bad]!r} means nothing here; texts stand in '…'")
            tokens.append(_Token(found.lastgroup, found[found.lastgroup], found.start(found.lastgroup)))
            place = found.end()
        return [*tokens, _Token("end", "the end", len(self._where))]

    @property
    def _next(self) -> _Token:
        return self._tokens[self._at]

    def _take(self) -> _Token:
        token = self._next
        self._at = min(self._at + 1, len(self._tokens) - 1)
        return token

    def _took(self, word: str) -> bool:
        is_it = self._next.kind in ("name", "sign") and self._next.text.lower() == word
        if is_it:
            self._take()
        return is_it

    def _error(self, what: str) -> FilterError:
        return FilterError(self._where, self._next.place, what)

    def _any(self) -> duckdb.Expression:
        parts = [self._all()]
        while self._took("or"):
            parts.append(self._all())
        return reduce(or_, parts)

    def _all(self) -> duckdb.Expression:
        parts = [self._one()]
        while self._took("and"):
            parts.append(self._one())
        return reduce(and_, parts)

    def _one(self) -> duckdb.Expression:
        self._depth += 1
        if self._depth > _MOST_DEPTH:
            raise self._error(f"more than {_MOST_DEPTH} conditions within each other")
        if self._took("not"):
            expression = ~self._one()
        elif self._took("("):
            expression = self._any()
            if not self._took(")"):
                raise self._error("expected )")
        else:
            expression = self._condition()
        self._depth -= 1
        return expression

    def _condition(self) -> duckdb.Expression:
        name = self._next
        if name.kind != "name":
            raise self._error(f"expected a column, not {name.text}")
        column = COLUMNS.get(name.text)
        if column is None:
            near = difflib.get_close_matches(name.text, COLUMNS, n=1)
            hint = f"; did you mean {near[0]}?" if near else "; `exsclaim columns` lists them"
            raise self._error(f"there is no column {name.text}{hint}")
        self._take()
        stored = duckdb.ColumnExpression(column.stored)
        operator = self._next.text.lower().replace("<>", "!=")
        if operator not in _OPERATORS:
            if column.kind == "yes/no":
                return self._yes_no(name.text, stored)
            raise self._error(f"expected one of {', '.join(_OPERATORS)} after {name.text}, not {self._next.text}")
        self._take()
        return self._compared(name.text, column, self._yes_no(name.text, stored), operator)

    def _yes_no(self, name: str, stored: duckdb.Expression) -> duckdb.Expression:
        """The column itself, but for the one that is made of another."""
        if name != "flagged":
            return stored
        return stored.isnotnull() & (duckdb.FunctionExpression("len", stored) > duckdb.ConstantExpression(0))

    def _compared(self, name: str, column: Column, stored: duckdb.Expression, operator: str) -> duckdb.Expression:
        if operator == "is":
            is_not = self._took("not")
            if not self._took("null"):
                raise self._error("expected null, or not null, after is")
            return stored.isnotnull() if is_not else stored.isnull()
        if (column.kind == "list") != (operator == "has"):
            right = "has" if column.kind == "list" else "= or in"
            raise FilterError(self._where, self._tokens[self._at - 1].place, f"{name} is a {column.kind}: use {right}")
        if name == "licence" and operator in ("=", "!=", "in"):
            covered = reduce(or_, self._listed(self._licence) if operator == "in" else [self._licence()])
            return ~covered if operator == "!=" else covered
        if operator == "has":
            holds = duckdb.FunctionExpression("list_contains", stored, self._value(name, "text"))
            return stored.isnotnull() & holds
        if operator == "in":
            return stored.isin(*self._listed(partial(self._value, name, column.kind)))
        if operator == "contains":
            if column.kind != "text":
                raise FilterError(self._where, self._tokens[self._at - 1].place, f"{name} is a {column.kind}")
            part = duckdb.FunctionExpression("lower", self._value(name, "text", is_whole=False))
            return duckdb.FunctionExpression("contains", duckdb.FunctionExpression("lower", stored), part)
        value = self._value(name, column.kind)
        return {
            "=": stored == value, "!=": stored != value, "<": stored < value, "<=": stored <= value,
            ">": stored > value, ">=": stored >= value,
        }[operator]  # fmt: skip

    def _known(self, name: str, text: str, place: int) -> str:
        """A value as the column has it; one that can never stand there is refused rather than never found."""
        if name == "material":
            if (material := canonical_name(text)) is None:
                said = f"{text!r} is no name or formula of a material that captions are searched for"
                raise FilterError(self._where, place, f"{said}: use keyword has, or caption contains")
            return material
        values = tuple(lexicon("techniques")["names"]) if name == "technique" else COLUMNS[name].values
        same = {value.casefold(): value for value in values}.get(text.casefold())
        if not values or same:
            return same or text
        named = techniques([text]) if name == "technique" else ()
        if len(named) == 1:
            return named[0]
        near = difflib.get_close_matches(text, values, n=1)
        hint = f": {', '.join(values)}" if len(values) < 20 else f"; did you mean {near[0]!r}?" if near else ""
        raise FilterError(self._where, place, f"{text!r} is no {name}{hint}")

    def _listed(self, one: Callable[[], duckdb.Expression]) -> list[duckdb.Expression]:
        if not self._took("("):
            raise self._error("expected ( and values after in")
        values = [one()]
        while self._took(","):
            values.append(one())
        if not self._took(")"):
            raise self._error("expected , or )")
        return values

    def _licence(self) -> duckdb.Expression:
        """The condition for a licence by its name; a name without a version covers all versions, as in queries."""
        place = self._next.place
        wanted = _unquoted(self._written("licence", "text"))
        if not is_known(wanted) and wanted != THIRD_PARTY:
            raise FilterError(
                self._where, place, f"{wanted!r} is no licence: 'CC BY', 'CC-BY-NC-4.0', 'CC0', 'publisher'"
            )
        id = wanted if wanted == THIRD_PARTY else normalised(wanted)
        pattern = duckdb.ConstantExpression(re.escape(id) + r"(-\d\.\d)?")
        return duckdb.FunctionExpression("regexp_full_match", duckdb.ColumnExpression("licence"), pattern)

    def _written(self, name: str, kind: str) -> str:
        """The next value as it is written, which must be of this kind."""
        if self._next.kind != kind:
            expected = {"text": "a text in '…'", "number": "a number", "yes/no": "true or false"}[kind]
            raise self._error(f"{name} is a {kind}: expected {expected}, not {self._next.text}")
        return self._take().text

    def _value(self, name: str, kind: str, is_whole: bool = True) -> duckdb.Expression:
        token = self._next
        if kind == "yes/no" and token.text.lower() in ("true", "false"):
            self._take()
            return duckdb.ConstantExpression(token.text.lower() == "true")
        written = self._written(name, kind)
        if kind == "number":
            return duckdb.ConstantExpression(float(written))
        text = _unquoted(written)
        return duckdb.ConstantExpression(self._known(name, text, token.place) if is_whole else text)


def _unquoted(text: str) -> str:
    return text[1:-1].replace("''", "'")
