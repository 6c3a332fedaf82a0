"""Licences by their short names, however a publisher, an API or a sentence puts them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exsclaim.licences import address, admits, declared, first_licence, licence_at, normalised


@pytest.mark.parametrize(
    ("url", "id"),
    [
        ("http://creativecommons.org/licenses/by/4.0/", "CC-BY-4.0"),
        ("https://creativecommons.org/licenses/by-nc-nd/3.0/", "CC-BY-NC-ND-3.0"),
        ("https://www.creativecommons.org/licenses/by-nc-sa/4.0/legalcode", "CC-BY-NC-SA-4.0"),
        ("http://creativecommons.org/publicdomain/zero/1.0/", "CC0-1.0"),
        ("https://creativecommons.org/publicdomain/mark/1.0/", "CC-PDM-1.0"),
    ],
)
def test_creative_commons_addresses_have_short_names(url: str, id: str) -> None:
    licence = licence_at(url)
    assert licence is not None
    assert licence.id == id
    assert licence.url == address(id)


@pytest.mark.parametrize(
    "url", ["", "https://creativecommons.org/", "https://evil.example/creativecommons.org/licenses/by/4.0"]
)
def test_other_addresses_are_no_licence(url: str) -> None:
    assert licence_at(url) is None


def test_the_first_known_licence_counts() -> None:
    links = ["#", "http://creativecommons.org/licenses/by/4.0/", "http://creativecommons.org/licenses/by-nc/4.0/"]
    assert first_licence(links) == ("CC-BY-4.0", "https://creativecommons.org/licenses/by/4.0/")
    assert first_licence([]) is None


@pytest.mark.parametrize(
    ("code", "id"),
    [
        ("CC BY", "CC-BY"), ("cc by-nc", "CC-BY-NC"), ("cc-by-nc-nd", "CC-BY-NC-ND"), ("CC0", "CC0"),
        ("CC0 1.0", "CC0-1.0"), ("cc by 4.0", "CC-BY-4.0"), ("CC_BY_4.0", "CC-BY-4.0"), ("CCBY", "CC-BY"),
        ("NO-CC CODE", "publisher"), ("TDM", "publisher"), ("publisher", "publisher"), ("unknown", "unknown"),
        ("", "unknown"), (None, "unknown"), ("CC BY 4.0", "CC-BY-4.0"), ("CC BY-NC-ND 3.0", "CC-BY-NC-ND-3.0"),
        ("Public Domain Mark 1.0", "CC-PDM-1.0"), ("creative commons public domain mark 1.0", "CC-PDM-1.0"),
    ],
)  # fmt: skip
def test_codes_of_apis_and_names_of_earlier_versions(code: str | None, id: str) -> None:
    assert normalised(code) == id


@pytest.mark.parametrize(
    ("sentence", "id"),
    [
        (
            "This is an open-access article distributed under the terms of the Creative Commons Attribution License "
            "(CC BY). The use, distribution or reproduction in other forums is permitted.",
            "CC-BY",
        ),
        (
            "This article is licensed under a Creative Commons Attribution 4.0 International License, which permits",
            "CC-BY-4.0",
        ),
        (
            "under the terms of the Creative Commons Attribution-NonCommercial-NoDerivatives 4.0 International License",
            "CC-BY-NC-ND-4.0",
        ),
        ("a Creative Commons Attribution Non-Commercial No Derivatives License 3.0", "CC-BY-NC-ND-3.0"),
        ("a Creative Commons Attribution–Non‐Commercial–Share Alike Licence", "CC-BY-NC-SA"),
        ("Creative Commons Attribution License, which permits non-commercial use. CC BY-NC data.", "CC-BY"),
        ("The images are in the article's Creative Commons licence, unless it says CC BY-SA 4.0", "CC-BY-SA-4.0"),
        (
            "See <http://creativecommons.org/licenses/by/2.0>. The Creative Commons Public Domain Dedication waiver "
            "(http://creativecommons.org/publicdomain/zero/1.0/) applies to the data made available.",
            "CC-BY-2.0",
        ),
        ("The Creative Commons Public Domain Dedication (CC0 1.0) applies", "CC0-1.0"),
        ("© 2016 Elsevier B.V. All rights reserved.", "publisher"),
        ("This article is freely available.", "unknown"),
    ],
)  # fmt: skip
def test_a_licence_is_read_from_a_sentence(sentence: str, id: str) -> None:
    assert declared(sentence).id == id


@pytest.mark.parametrize(
    "url",
    [
        "http://arxiv.org/licenses/nonexclusive-distrib/1.0/",
        "https://www.elsevier.com/tdm/userlicense/1.0/",
        "http://doi.wiley.com/10.1002/tdm_license_1.1",
    ],
)
def test_a_link_to_other_terms_is_the_publishers_licence_and_kept(url: str) -> None:
    assert declared(url) == ("publisher", url)


def test_a_creative_commons_licence_wins_over_a_publishers_whatever_the_order() -> None:
    links = ("https://www.springer.com/tdm", "https://creativecommons.org/licenses/by/4.0")
    assert declared(*links) == declared(*reversed(links)) == declared(None, "", *links)
    assert declared(*links).id == "CC-BY-4.0"


@pytest.mark.parametrize(
    ("wanted", "licence", "covered"),
    [
        ("CC BY", "CC-BY-4.0", True), ("CC BY", "CC-BY", True), ("CC BY 4.0", "CC-BY-4.0", True),
        ("CC-BY-4.0", "CC-BY-4.0", True), ("cc-by", "CC-BY-3.0", True), ("CC BY 4.0", "CC-BY-3.0", False),
        ("CC BY 4.0", "CC-BY", False), ("CC BY", "CC-BY-NC-4.0", False), ("CC BY", "CC-BY-SA-4.0", False),
        ("CC0", "CC0-1.0", True), ("CC0", "CC-BY-4.0", False), ("publisher", "publisher", True),
        ("CC BY", "unknown", False), ("CC BY", "publisher", False), ("CC BY", "CC BY 4.0", True),
    ],
)  # fmt: skip
def test_what_a_query_wants_covers_its_versions_and_nothing_else(wanted: str, licence: str, covered: bool) -> None:
    assert admits(wanted, licence) is covered


@given(
    st.lists(st.sampled_from(["NC", "ND", "SA"]), unique=True, max_size=2),
    st.sampled_from(["", "2.0", "3.0", "4.0"]),
)
def test_a_short_name_stays_as_it_is_and_its_address_leads_back(terms: list[str], version: str) -> None:
    id = "-".join(["CC", "BY", *sorted(terms), *([version] if version else [])])
    assert normalised(id) == id
    if version:
        assert licence_at(str(address(id))) == (id, address(id))


@given(st.text(max_size=200))
def test_any_text_has_a_licence_that_is_stable(text: str) -> None:
    id = normalised(text)
    assert normalised(id) == id
