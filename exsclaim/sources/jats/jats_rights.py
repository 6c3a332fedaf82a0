"""The rights in a JATS article and in its figures: licence, holder, and the statement in words."""

from lxml import etree

from exsclaim.licences import UNKNOWN, declared, first_licence
from exsclaim.records import Record
from exsclaim.sources.jats.jats_text import text_of

_MAX_STATEMENT = 2000


class Rights(Record):
    """Licence by short name (`exsclaim.licences`) and address, whether open, and the statement in words."""

    licence: str = UNKNOWN
    licence_url: str | None = None
    is_open: bool = False
    statement: str = ""


def article_rights(meta: etree._Element) -> Rights:
    """The rights of an article by its `article-meta`; NLM's DTD 1 and 2 has licences outside of `permissions`."""
    rights = rights_of(meta.find("permissions"))
    if rights.licence != UNKNOWN or rights.is_open:
        return rights
    own = [*meta.iterfind("license"), *meta.iterfind("copyright-statement"), *meta.iterfind("copyright-holder")]
    return _stated(own) if own else rights


def rights_of(permissions: etree._Element | None) -> Rights:
    """The rights that `permissions` states: a licence by link, as `ali:license_ref`, or in words.

    `ali:license_ref`: https://www.niso.org/publications/rp-22-2021-ali
    """
    return Rights() if permissions is None else _stated([permissions])


def _stated(places: list[etree._Element]) -> Rights:
    words = [text_of(each) for place in places for each in place.iter("copyright-statement", "license-p", "p")]
    words += [text_of(place) for place in places if place.tag == "copyright-holder"]
    holders = [text_of(each) for place in places for each in place.iter("copyright-holder")]
    if not any(words) and any(holders):
        words = [f"© {next(filter(None, holders))}"]
    licences = [licence for place in places for licence in place.iter("license")]
    links = [each.get("href", "") for licence in licences for each in licence.iter("license", "ext-link", "uri")]
    links += ["".join(each.itertext()).strip() for place in places for each in place.iter("license_ref")]
    said = " ".join(text_of(licence) for licence in licences)
    found = first_licence(links) or declared(said, *words)
    kinds = {str(licence.get("license-type", "")).lower().replace("-", "").replace(" ", "") for licence in licences}
    return Rights(
        licence=found.id,
        licence_url=found.url,
        is_open=found.is_open or "openaccess" in kinds,
        statement=" ".join(dict.fromkeys(filter(None, words)))[:_MAX_STATEMENT],
    )
