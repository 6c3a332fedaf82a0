"""Licences are recognised by the address that a page links to."""

import pytest

from exsclaim.sources.licences import first_licence, licence_at


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("http://creativecommons.org/licenses/by/4.0/", "CC BY 4.0"),
        ("https://creativecommons.org/licenses/by-nc-nd/3.0/", "CC BY-NC-ND 3.0"),
        ("https://www.creativecommons.org/licenses/by-nc-sa/4.0/legalcode", "CC BY-NC-SA 4.0"),
        ("http://creativecommons.org/publicdomain/zero/1.0/", "CC0 1.0"),
    ],
)
def test_creative_commons_addresses_have_short_names(url: str, name: str) -> None:
    licence = licence_at(url)
    assert licence is not None
    assert licence[0] == name
    assert licence[1].startswith("https://creativecommons.org/")


@pytest.mark.parametrize(
    "url", ["", "https://creativecommons.org/", "https://evil.example/creativecommons.org/licenses/by/4.0"]
)
def test_other_addresses_are_no_licence(url: str) -> None:
    assert licence_at(url) is None


def test_the_first_known_licence_counts() -> None:
    links = ["#", "http://creativecommons.org/licenses/by/4.0/", "http://creativecommons.org/licenses/by-nc/4.0/"]
    assert first_licence(links) == ("CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/")
    assert first_licence([]) is None
