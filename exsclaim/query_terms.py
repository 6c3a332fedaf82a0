"""Terms of a query: the alternatives of a field, and the searches that fields together make."""

import itertools
from collections.abc import Iterable
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from exsclaim.query_files import as_list

FieldName = Annotated[str, StringConstraints(pattern=r"^search_field_\d+$")]
Term = Annotated[str, Field(min_length=1, max_length=300)]


class SearchField(BaseModel):
    """Alternatives for one notion: the term, or any of its synonyms."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    term: Term
    synonyms: Annotated[tuple[Term, ...], BeforeValidator(as_list)] = ()

    @property
    def alternatives(self) -> tuple[str, ...]:
        """The term and its synonyms in the given order, each once (case and spacing do not count)."""
        return each_once((self.term, *self.synonyms))


def combinations(fields: Iterable[SearchField]) -> tuple[tuple[str, ...], ...]:
    """Every combination of one alternative per field, in the order of the fields, each once."""
    made: dict[frozenset[str], tuple[str, ...]] = {}
    for terms in itertools.product(*(field.alternatives for field in fields)):
        unique = each_once(terms)
        made.setdefault(frozenset(map(_folded, unique)), unique)
    return tuple(made.values())


def each_once(terms: Iterable[str]) -> tuple[str, ...]:
    """The terms in order, each once; case and spacing do not count."""
    first: dict[str, str] = {}
    for term in terms:
        first.setdefault(_folded(term), term)
    return tuple(first.values())


def _folded(term: str) -> str:
    return " ".join(term.casefold().split())
