"""CSS selectors on a page's tree: what `Tag.select` finds, several times as fast.

Soup Sieve tries each selector of a list on each element. Here an element is looked up by its name, classes, id and
attributes at once; Soup Sieve is asked about those elements alone of which a selector says more than that.
"""

import functools
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import soupsieve
from bs4 import Tag

_LIST = re.compile(r"(?:\[[^\]]*\]|\([^)]*\)|[^,])+")
_LAST = re.compile(r"(?:\[[^\]]*\]|\([^)]*\)|[^\s>+~])+$")
_SIMPLE = re.compile(
    r"^(?P<name>\*|[a-zA-Z][\w-]*)|\.(?P<cls>[\w-]+)|#(?P<id>[\w-]+)|"
    r"\[(?P<attribute>[\w:-]+)(?:(?P<how>[*^$~]?=)(?P<quote>[\"']?)(?P<value>[^\"'\]]*?)(?P=quote)(?P<fold> i)?)?\]"
)
_CACHED = 4_096
_NONE: Sequence["_Compound"] = ()


def select(block: Tag, selectors: str) -> list[Tag]:
    """The elements within a block that match one of the selectors, in the page's order."""
    return list(_compiled(selectors).within(block))


def select_one(block: Tag, selectors: str) -> Tag | None:
    """The first of these elements."""
    return next(_compiled(selectors).within(block), None)


class _Attribute(NamedTuple):
    name: str
    how: str
    """ "" where any value will do, else as CSS writes it: `=`, `*=`, `^=`, `$=`, `~=`."""
    wanted: str
    folds: bool

    def holds(self, value: str) -> bool:
        said = value.lower() if self.folds else value
        match self.how:
            case "":
                return True
            case "=":
                return said == self.wanted
            case "*=":
                return self.wanted in said
            case "^=":
                return said.startswith(self.wanted)
            case "$=":
                return said.endswith(self.wanted)
            case _:
                return self.wanted in said.split()


class _Compound(NamedTuple):
    """One selector, by what it says of the element itself."""

    name: str
    classes: frozenset[str]
    id: str
    attributes: tuple[_Attribute, ...]
    rest: soupsieve.SoupSieve | None
    """For a selector that says more, of other elements say: Soup Sieve tells whether that holds."""


class _Selectors:
    """A list of selectors, each filed under one thing that no element which matches it is without."""

    def __init__(self, selectors: str) -> None:
        self._plain = soupsieve.compile(selectors)
        self._by_class: dict[str, list[_Compound]] = {}
        self._by_id: dict[str, list[_Compound]] = {}
        self._by_name: dict[str, list[_Compound]] = {}
        self._by_attribute: dict[str, list[_Compound]] = {}
        self._is_of_any = False
        for each in map(_compound, _LIST.findall(selectors)):
            if each.classes:
                self._by_class.setdefault(min(each.classes), []).append(each)
            elif each.id:
                self._by_id.setdefault(each.id, []).append(each)
            elif each.name:
                self._by_name.setdefault(each.name, []).append(each)
            elif each.attributes:
                self._by_attribute.setdefault(each.attributes[0].name, []).append(each)
            else:
                self._is_of_any = True
        self._of_value = functools.lru_cache(_CACHED)(self._with_value)

    def within(self, block: Tag) -> Iterator[Tag]:
        if self._is_of_any:
            yield from self._plain.iselect(block)
            return
        for node in block.descendants:
            if isinstance(node, Tag):
                for each in self._likely(node):
                    if _matches(node, each):
                        yield node
                        break

    def _likely(self, node: Tag) -> Sequence[_Compound]:
        """The selectors under which an element's name, classes, id and attributes are filed."""
        attributes = node.attrs
        likely = self._by_name.get(node.name, _NONE)
        if not attributes:
            return likely
        if self._by_class and (classes := attributes.get("class")):
            for each in dict.fromkeys(_words(classes)):
                if each in self._by_class:
                    likely = [*likely, *self._by_class[each]]
        if self._by_id and "id" in attributes:
            likely = [*likely, *self._by_id.get(_text(attributes["id"]), _NONE)]
        for name in self._by_attribute:
            if name in attributes:
                likely = [*likely, *self._of_value(name, _text(attributes[name]))]
        return likely

    def _with_value(self, attribute: str, value: str) -> list[_Compound]:
        return [each for each in self._by_attribute[attribute] if each.attributes[0].holds(value)]


def _matches(node: Tag, wanted: _Compound) -> bool:
    attributes = node.attrs
    if wanted.name and wanted.name != node.name:
        return False
    if wanted.classes and not wanted.classes.issubset(_words(attributes.get("class"))):
        return False
    if wanted.id and _text(attributes.get("id", "")) != wanted.id:
        return False
    for each in wanted.attributes:
        value = attributes.get(each.name)
        if value is None or not each.holds(_text(value)):
            return False
    return wanted.rest is None or wanted.rest.match(node)


def _words(value: str | list[str] | None) -> list[str]:
    return value.split() if isinstance(value, str) else value or []


def _text(value: str | list[str]) -> str:
    return value if isinstance(value, str) else " ".join(value)


def _compound(selector: str) -> _Compound:
    found = _LAST.search(selector.strip())
    last = found.group() if found else ""
    name, id, end = "", "", 0
    classes: set[str] = set()
    attributes: list[_Attribute] = []
    for simple in _SIMPLE.finditer(last):
        if simple.start() != end:
            break
        end = simple.end()
        if simple["cls"]:
            classes.add(simple["cls"])
        elif simple["id"]:
            id = simple["id"]
        elif simple["attribute"]:
            wanted, folds = simple["value"] or "", simple["fold"] is not None
            attributes.append(
                _Attribute(simple["attribute"].lower(), simple["how"] or "", wanted.lower() if folds else wanted, folds)
            )
        elif simple["name"] != "*":
            name = simple["name"].lower()
    says_more = end < len(last) or last != selector.strip()
    rest = soupsieve.compile(selector) if says_more else None
    return _Compound(name, frozenset(classes), id, tuple(attributes), rest)


@functools.cache
def _compiled(selectors: str) -> _Selectors:
    return _Selectors(selectors)
