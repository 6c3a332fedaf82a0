"""What a JATS `permissions` element says of an article's or a figure's rights."""

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


def rights_of(permissions: etree._Element | None) -> Rights:
    """The rights that `permissions` states: a licence by link, as `ali:license_ref`, or in words.

    `ali:license_ref`: https://www.niso.org/publications/rp-22-2021-ali
    """
    if permissions is None:
        return Rights()
    words = [text_of(each) for each in permissions.iter("copyright-statement", "license-p", "p")]
    licences = list(permissions.iter("license"))
    links = [each.get("href", "") for licence in licences for each in licence.iter("license", "ext-link", "uri")]
    links += ["".join(each.itertext()).strip() for each in permissions.iter("license_ref")]
    said = " ".join(text_of(licence) for licence in licences)
    found = first_licence(links) or declared(said, *words)
    kinds = {str(licence.get("license-type", "")).lower().replace("-", "").replace(" ", "") for licence in licences}
    return Rights(
        licence=found.id,
        licence_url=found.url,
        is_open=found.is_open or "openaccess" in kinds,
        statement=" ".join(dict.fromkeys(filter(None, words)))[:_MAX_STATEMENT],
    )
