"""XML of others, parsed so that it can do no harm: no entity is expanded, no DTD or other file is read.

What can go wrong with XML: https://docs.python.org/3/library/xml.html#xml-security
"""

import html.entities
from collections.abc import Iterator

from lxml import etree

from exsclaim.errors import PageFormatError

MAX_BYTES = 64_000_000
MAX_ELEMENTS = 2_000_000
"""The longest articles have a hundredth of it."""


def parse_xml(document: bytes, origin: str) -> etree._Element:
    """The root element; tags and attributes have lost their namespaces: `mml:math` is "math", `xlink:href` "href".

    References to characters that HTML knows by name (`&alpha;`, `&nbsp;`) become those characters, whatever the
    document's own DTD says they are.

    Raises:
        PageFormatError: it is not well-formed, too large or too deeply nested, or refers to an entity that is no
            character; the message begins with `origin`.
    """
    if len(document) > MAX_BYTES:
        raise PageFormatError(
            f"{origin}: {len(document) / 1e6:.0f} MB of XML, more than {MAX_BYTES / 1e6:g} are not read"
        )
    parser = etree.XMLParser(
        resolve_entities=False, load_dtd=False, no_network=True, dtd_validation=False, huge_tree=False,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip
    try:
        root = etree.fromstring(document, parser)
    except etree.XMLSyntaxError as error:
        raise PageFormatError(f"{origin}: not well-formed XML ({error.msg})") from error
    except ValueError as error:
        raise PageFormatError(f"{origin}: not XML ({error})") from error
    _settle_entities(root, origin)
    for count, element in enumerate(root.iter(etree.Element)):
        if count > MAX_ELEMENTS:
            raise PageFormatError(f"{origin}: more than {MAX_ELEMENTS} elements of XML are not read")
        element.tag = local(str(element.tag))
        for name in [name for name in element.attrib if str(name).startswith("{")]:
            element.attrib[local(str(name))] = element.attrib.pop(name)
    return root


def local(name: str) -> str:
    """The name without its namespace, in Clark's notation or with a prefix."""
    return name.rsplit("}", 1)[-1].rsplit(":", 1)[-1]


def texts(root: etree._Element, path: str) -> Iterator[str]:
    """The text of each element at `path`, stripped, empty ones left out."""
    for element in root.iterfind(path):
        text = " ".join("".join(element.itertext()).split())
        if text:
            yield text


def text_at(root: etree._Element, *paths: str) -> str:
    """The first text that any of `paths` leads to, else ""."""
    return next((text for path in paths for text in texts(root, path)), "")


def _settle_entities(root: etree._Element, origin: str) -> None:
    for entity in list(root.iter(etree.Entity)):
        name = str(entity.name)
        character = html.entities.html5.get(f"{name};")
        parent = entity.getparent()
        if character is None or parent is None:
            raise PageFormatError(f"{origin}: refers to the entity &{name}; which is no character: not expanded")
        text, before = character + (entity.tail or ""), entity.getprevious()
        if before is None:
            parent.text = (parent.text or "") + text
        else:
            before.tail = (before.tail or "") + text
        entity.tail = None
        parent.remove(entity)
