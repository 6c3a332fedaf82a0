"""A small language that chooses panels by columns of theirs: `kind = 'microscopy' and nm_per_px < 1`.

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
from collections.abc import Callable, Sequence
from functools import partial
from operator import and_, or_
from typing import NamedTuple

import duckdb

from exsclaim.dataset.tables.filter_columns import COLUMNS, Column, UnknownValueError, known_value
from exsclaim.errors import ExsclaimError
from exsclaim.licences import THIRD_PARTY, normalised

_TOKEN = re.compile(
    r"\s*(?:(?P<text>'(?:[^']|'')*')|(?P<number>-?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)|(?P<name>[A-Za-z_]\w*)|"
    r"(?P<sign><=|>=|!=|<>|=|<|>|\(|\)|,))"
)
_OPERATORS = ("=", "!=", "<", "<=", ">", ">=", "in", "has", "contains", "is")
_MOST_DEPTH = 50
_MOST_SHOWN = 60


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


def is_filter(where: object) -> bool:
    """True if there is any condition in a filter: "" chooses all panels.

    Raises:
        TypeError: it is no text; Python lets a caller give anything.
    """
    if not isinstance(where, str):
        got = f"{type(where).__name__} {' '.join(repr(where).split())[:_MOST_SHOWN]}"
        raise TypeError(f'a filter is a text, such as "kind = \'graph\'" ("" for all panels), not {got}')
    return bool(where.strip())


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
        return _joined(or_, parts)

    def _all(self) -> duckdb.Expression:
        parts = [self._one()]
        while self._took("and"):
            parts.append(self._one())
        return _joined(and_, parts)

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
            covered = _joined(or_, self._listed(self._licence) if operator == "in" else [self._licence()])
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
        try:
            return known_value(name, text)
        except UnknownValueError as error:
            raise FilterError(self._where, place, str(error)) from error

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
        wanted = self._known("licence", _unquoted(self._written("licence", "text")), place)
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


def _joined(
    by: Callable[[duckdb.Expression, duckdb.Expression], duckdb.Expression], parts: Sequence[duckdb.Expression]
) -> duckdb.Expression:  # fmt: skip
    """All parts joined, pair by pair: one by one, thousands would be nested deeper than DuckDB goes."""
    if len(parts) == 1:
        return parts[0]
    middle = len(parts) // 2
    return by(_joined(by, parts[:middle]), _joined(by, parts[middle:]))


def _unquoted(text: str) -> str:
    return text[1:-1].replace("''", "'")
