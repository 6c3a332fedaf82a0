"""Short names of open licences from the addresses that publishers link to."""

import re
from collections.abc import Iterable

_CREATIVE_COMMONS = re.compile(
    r"https?://(?:www\.)?creativecommons\.org/"
    r"(?:licenses/(?P<terms>by(?:-nc)?(?:-nd|-sa)?)|publicdomain/(?P<public>zero|mark))/(?P<version>\d\.\d)",
    re.IGNORECASE,
)


def licence_at(url: str) -> tuple[str, str] | None:
    """Short name and https address of the Creative Commons licence that a link leads to: ("CC BY 4.0", "https://…").

    None for any other link. Addresses: https://creativecommons.org/share-your-work/cclicenses/
    """
    found = _CREATIVE_COMMONS.match(url.strip())
    if found is None:
        return None
    version = found["version"]
    if found["public"]:
        kind = found["public"].lower()
        name = "CC0" if kind == "zero" else "Public Domain Mark"
        return f"{name} {version}", f"https://creativecommons.org/publicdomain/{kind}/{version}/"
    terms = found["terms"].lower()
    return f"CC {terms.upper()} {version}", f"https://creativecommons.org/licenses/{terms}/{version}/"


def first_licence(urls: Iterable[str]) -> tuple[str, str] | None:
    """The first of `urls` that leads to a licence we know, as `licence_at` gives it."""
    return next(filter(None, map(licence_at, urls)), None)
