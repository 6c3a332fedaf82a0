"""Title, authors and DOI: what the first page prints is believed before what typesetters leave in the metadata."""

import datetime as dt

import pytest

from exsclaim.sources.pdf.article.pdf_article import FrontMatter
from exsclaim.sources.pdf.extraction import extract
from tests.exsclaim.sources.pdf.paper import Paper, Sheet

TITLE = ["Growth of silver particles on the surface", "of a bath of oil at low temperature"]


def first_page(sheet: Sheet, authors: list[str], kind: str = "") -> None:
    if kind:
        sheet.text(60, 90, kind, 16, "sans")
    sheet.block(60, 115, TITLE, 16, "sans-bold")
    y = sheet.block(60, 165, authors, 10, "sans")
    sheet.text(60, y + 4, "Institute of Particles, University of Somewhere", 8, "sans")
    sheet.prose(60, 240, 10, letters=88)


def front(info: dict[str, str], authors: list[str] | None = None, kind: str = "") -> FrontMatter:
    paper = Paper(info)
    first_page(paper.sheet(), authors or ["Ada Lovelace, Emmy Noether and Lise Meitner"], kind)
    paper.sheet().prose(60, 80, 10, letters=88, seed=2)
    return extract(paper.bytes()).front


def test_a_typesetters_file_name_is_no_title_and_its_editor_no_author() -> None:
    found = front({"Title": "CMAR_A_292325 1449..1458", "Author": "Alan Leviton"})
    assert found.title == " ".join(TITLE)
    assert found.authors == ("Ada Lovelace", "Emmy Noether", "Lise Meitner")


def test_a_publishers_item_number_is_no_title() -> None:
    assert front({"Title": "PII: S0303-2647(00)00067-8"}).title == " ".join(TITLE)


def test_another_articles_title_in_the_metadata_is_not_believed() -> None:
    assert front({"Title": "A review of the alloys of copper and of zinc"}).title == " ".join(TITLE)


def test_a_title_that_the_page_prints_is_taken_as_the_metadata_write_it() -> None:
    given = "Growth of silver particles on the surface of a bath of oil at low temperature"
    assert front({"Title": given}, kind="Research Article").title == given


def test_a_title_in_a_wrong_code_page_is_mended_and_one_of_shapes_without_letters_not_believed() -> None:
    given = "Growth of silver particles on the surface of a bath of oil â€“ at low temperature"
    assert front({"Title": given}).title == given.replace("â€“", "–")
    assert front({"Title": "ÅºÅÈ·ÄÊ ¸¿Äº¿Ä½ ÆÈÅÊ»¿ÄÅ¼ Ê¾»Ï»ÂÂÅÍ"}).title == " ".join(TITLE)


def test_the_kind_of_an_article_is_no_part_of_its_title() -> None:
    assert front({}, kind="Research Article").title == " ".join(TITLE)


def test_affiliations_are_no_authors() -> None:
    authors = ["Jo\xe3o da Silva de Almeida, Ada Lovelace", "Department of Physics, Los Angeles, Functional Food Group"]
    assert front({}, authors).authors == ("Jo\xe3o da Silva de Almeida", "Ada Lovelace")


def test_a_running_head_is_no_title() -> None:
    paper = Paper()
    for page in range(3):
        sheet = paper.sheet()
        sheet.text(60, 60, f"Lovelace et al., Journal of Particles 1843, page {page + 1}", 17, "sans")
        if page == 0:
            first_page(sheet, ["Ada Lovelace, Emmy Noether"])
        else:
            sheet.prose(60, 80, 10, letters=88, seed=page)
    assert extract(paper.bytes()).front.title == " ".join(TITLE)


@pytest.mark.parametrize(
    "cover",
    [
        ["PAPER \xb7 OPEN ACCESS", "To cite this article: A Lovelace 2017 J. Part. 285 012028", "",
         "View the article online for updates and enhancements."],
        ["See discussions, stats, and author profiles for this publication at: https://repository.example/1",
         "Conference Paper \xb7 May 2024", "CITATIONS READS", "Some of the authors also work on related projects."],
        ["Growth of silver", "A. Lovelace, E. Noether", "Oil", "Silver-Verlag Wien 2013",
         "Your article is protected by copyright and all rights are held exclusively by the publisher."],
        ["Lovelace et al.", "The following resources related to this article", "are available online at example.org"],
        ["How to Submit Proof Corrections Using a Reader", "Add your comments to the file and send it back to us."],
    ],
)  # fmt: skip
def test_what_a_publisher_or_network_prints_before_an_article_is_not_the_article(cover: list[str]) -> None:
    paper = Paper({"Author": "Conference Paper"})
    paper.sheet().block(60, 80, cover, 14)
    first_page(paper.sheet(), ["Ada Lovelace, Emmy Noether and Lise Meitner"])
    paper.sheet().prose(60, 80, 10, letters=88, seed=2)
    found = extract(paper.bytes()).front
    assert found.title == " ".join(TITLE)
    assert found.authors == ("Ada Lovelace", "Emmy Noether", "Lise Meitner")


@pytest.mark.parametrize("publisher", ["Springer-Verlag Wien", "Silver Press", "Journals Publishing Group", "Oil Ltd"])
def test_a_publisher_in_the_metadata_is_no_author(publisher: str) -> None:
    paper = Paper({"Author": publisher})
    sheet = paper.sheet()
    first_page(sheet, ["Ada Lovelace, Emmy Noether and Lise Meitner"])
    sheet.text(60, 780, f"{publisher} 2013", 8, "sans")
    assert extract(paper.bytes()).front.authors == ("Ada Lovelace", "Emmy Noether", "Lise Meitner")


def test_a_repositorys_cover_page_is_not_the_article() -> None:
    given = " ".join(TITLE)
    paper = Paper({"Title": given})
    paper.sheet().block(60, 80, ["Since January 2020 there has been a COVID-19 resource centre with free"], 14)
    first_page(paper.sheet(), ["Ada Lovelace, Emmy Noether"])
    found = extract(paper.bytes()).front
    assert (found.title, found.authors) == (given, ("Ada Lovelace", "Emmy Noether"))


def test_a_doi_at_the_end_is_the_articles_where_it_is_said_to_be_cited_so() -> None:
    def doi_of(*lines: str) -> str | None:
        paper = Paper({})
        first_page(paper.sheet(), ["Ada Lovelace, Emmy Noether and Lise Meitner"])
        sheet = paper.sheet()
        sheet.block(60, sheet.prose(60, 80, 10, letters=88, seed=2), [*lines], 8)
        return extract(paper.bytes()).front.doi

    assert doi_of("doi:10.5555/3-38", "Cite this article as: Lovelace et al.: Growth. J Silver 2011 3:38.") is None
    cited = ("1. Meitner L: Wires. doi:10.5555/other", "Cite this article as: Lovelace et al.: Growth of silver.")
    assert doi_of(*cited, "J Silver 2011 3:38. doi:10.5555/3-38") == "10.5555/3-38"


@pytest.mark.parametrize(
    ("printed", "day", "precision"),
    [
        ("Published: 12 May 2014", dt.date(2014, 5, 12), "day"),
        ("Received 3 January 2014; accepted 4 April 2014; published online 12 May 2014", dt.date(2014, 5, 12), "day"),
        ("Available online 12 May 2014", dt.date(2014, 5, 12), "day"),
        ("Published online May 12, 2014", dt.date(2014, 5, 12), "day"),
        ("Publication date: 2014-05-12", dt.date(2014, 5, 12), "day"),
        ("First published on 12th May 2014", dt.date(2014, 5, 12), "day"),
        ("The copyright holder for this version posted May 12, 2014.", dt.date(2014, 5, 12), "day"),
        ("arXiv:1405.1234v2 [cond-mat.mtrl-sci] 12 May 2014", dt.date(2014, 5, 12), "day"),
        ("Published in May 2014", dt.date(2014, 5, 1), "month"),
        ("PLoS ONE | www.plosone.org 1 May 2014 | Volume 9 | Issue 5 | e9490", dt.date(2014, 5, 1), "month"),
        ("Journal of Silver, Vol. 12, No. 3, May 2014", dt.date(2014, 5, 1), "month"),
        ("Copyright: \xa9 2014 Lovelace et al.", dt.date(2014, 1, 1), "year"),
        ("J Silver (2014) 15:511", dt.date(2014, 1, 1), "year"),
        ("Lovelace et al. Journal of Silver 2014, 15:511", dt.date(2014, 1, 1), "year"),
    ],
)
def test_a_date_is_known_as_far_as_the_first_page_prints_it(printed: str, day: dt.date, precision: str) -> None:
    paper = Paper({})
    first_page(sheet := paper.sheet(), ["Ada Lovelace, Emmy Noether and Lise Meitner"])
    sheet.text(60, 800, printed, 8, "sans")
    paper.sheet().prose(60, 80, 10, letters=88, seed=2)
    assert extract(paper.bytes()).front.published == (day, precision)


def test_days_of_review_and_years_of_other_works_are_no_dates_of_publication() -> None:
    paper = Paper({})
    first_page(sheet := paper.sheet(), ["Ada Lovelace, Emmy Noether and Lise Meitner"])
    sheet.text(60, 790, "Received 3 January 2014, accepted 4 April 2014", 8, "sans")
    sheet.text(60, 800, "as was published by Meitner in her book (2009).", 8, "sans")
    paper.sheet().prose(60, 80, 10, letters=88, seed=2)
    assert extract(paper.bytes()).front.published is None


def test_the_day_behind_those_of_review_at_the_end_is_that_of_publication() -> None:
    paper = Paper({})
    first_page(paper.sheet(), ["Ada Lovelace, Emmy Noether and Lise Meitner"])
    sheet = paper.sheet()
    y = sheet.prose(60, 80, 10, letters=88, seed=2)
    sheet.text(60, y + 10, "Received: 3 January 2014 Accepted: 4 April 2014", 8, "sans")
    sheet.text(60, y + 20, "Published: 12 May 2014", 8, "sans")
    assert extract(paper.bytes()).front.published == (dt.date(2014, 5, 12), "day")


@pytest.mark.parametrize(
    ("dates", "day", "precision"),
    [
        ("Received: 12-06-2016, Accepted: 13-10-2016, Published online: 03-12-2016", dt.date(2016, 12, 3), "day"),
        ("Received: 06/13/2016, Published: 12/03/2016", dt.date(2016, 12, 3), "day"),
        ("available online 15-08-2011", dt.date(2011, 8, 15), "day"),
        ("Published: 03.12.2016", dt.date(2016, 1, 1), "year"),
    ],
)
def test_days_and_months_in_digits_are_told_apart_by_the_pages_other_dates(
    dates: str, day: dt.date, precision: str
) -> None:
    paper = Paper({})
    first_page(sheet := paper.sheet(), ["Ada Lovelace, Emmy Noether and Lise Meitner"])
    sheet.text(60, 720, dates, 8, "sans")
    paper.sheet().prose(60, 80, 10, letters=88, seed=2)
    assert extract(paper.bytes()).front.published == (day, precision)


@pytest.mark.parametrize(
    ("head", "day", "precision"),
    [
        ("J. Silver Nutr., 46, 52-59, January 2010", dt.date(2010, 1, 1), "month"),
        ("JOURNAL OF SILVER 11: 832-840, 2016", dt.date(2016, 1, 1), "year"),
        ("The Open Silver Journal, 2016, 10, (Suppl-1, M9) 214-226", dt.date(2016, 1, 1), "year"),
        ("Vol No. XIV Nos. 1 & 2, July-October 1994, Pages 108-111", dt.date(1994, 1, 1), "year"),
    ],
)
def test_the_head_of_the_page_tells_month_or_year_of_the_issue(head: str, day: dt.date, precision: str) -> None:
    paper = Paper({})
    first_page(sheet := paper.sheet(), ["Ada Lovelace, Emmy Noether and Lise Meitner"])
    sheet.text(60, 50, head, 8, "sans")
    paper.sheet().prose(60, 80, 10, letters=88, seed=2)
    assert extract(paper.bytes()).front.published == (day, precision)


def test_a_journals_name_in_large_type_is_no_title() -> None:
    paper = Paper({})
    sheet = paper.sheet()
    sheet.text(60, 60, "The Open Journal of Silver", 20, "sans-bold")
    first_page(sheet, ["Ada Lovelace, Emmy Noether and Lise Meitner"])
    sheet.text(60, 800, "The Open Journal of Silver, 2016, 10, 214-226", 8, "sans")
    paper.sheet().prose(60, 80, 10, letters=88, seed=2)
    found = extract(paper.bytes()).front
    assert (found.title, found.authors) == (" ".join(TITLE), ("Ada Lovelace", "Emmy Noether", "Lise Meitner"))


@pytest.mark.parametrize(
    "authors",
    [
        ["Ada Lovelace | Emmy Noether | Lise Meitner"],
        ["Ada Lovelace \xb7 Emmy Noether \xb7 Lise Meitner"],
        ["Ada Lovelace", "Emmy Noether", "Lise Meitner"],
        ["Ada Lovelace\xa7 Emmy Noether\xa7 Lise Meitner\xb6"],
        ["Ada Lovelace* Emmy Noether*", "Lise Meitner*"],
        ["Ada Lovelace\xa7 Emmy Noether*", "Lise Meitner"],
        ["Ada Lovelace*", "Emmy Noether*", "Lise Meitner\xa7"],
        ["Ada Lovelace*, Emmy Noether\xa7", "and Lise Meitner*"],
        ["Ada Lovelace Ph.D., Emmy Noether M.D., Lise Meitner Ph. D."],
    ],
)
def test_names_are_told_apart_however_they_are_set(authors: list[str]) -> None:
    assert front({}, authors).authors == ("Ada Lovelace", "Emmy Noether", "Lise Meitner")


@pytest.mark.parametrize("given", ["Lovelace et al", "Emmy Noether {et al.}", "Ada Lovelace", "Someone 1", "Noether"])
def test_the_names_of_the_page_are_believed_before_shorter_metadata(given: str) -> None:
    assert front({"Author": given}).authors == ("Ada Lovelace", "Emmy Noether", "Lise Meitner")


@pytest.mark.parametrize("rows", [1, 2])
def test_names_that_stand_each_over_an_address_are_all_authors(rows: int) -> None:
    names = ["Ada Lovelace", "Emmy Noether", "Lise Meitner", "Marie Curie"][: 2 * rows]
    paper = Paper()
    sheet = paper.sheet()
    sheet.block(60, 115, TITLE, 16, "sans-bold")
    for index, name in enumerate(names):
        x, y = (100, 360)[index % 2], 165 + 60 * (index // 2)
        sheet.text(x, y, name, 12, "sans")
        sheet.text(x, y + 12, "Institute of Particles", 9, "sans")
        sheet.text(x, y + 24, "12 Silver Street, Somewhere", 9, "sans")
        sheet.text(x, y + 36, f"{name.split()[0].lower()}@silver.example", 12, "sans")
    sheet.text(60, 300, "ABSTRACT", 12, "sans-bold")
    sheet.prose(60, 320, 10, letters=88)
    paper.sheet().prose(60, 80, 10, letters=88, seed=2)
    assert extract(paper.bytes()).front.authors == tuple(names)


def test_a_title_recognised_from_a_bad_scan_is_not_believed() -> None:
    paper = Paper({"Title": "toi n»Bfl. iseorty ttsrootj saifii, nut s*r;tiiR» and"})
    first_page(paper.sheet(), ["Ada Lovelace and Emmy Noether"])
    paper.sheet().prose(60, 80, 10, letters=88, seed=2)
    assert extract(paper.bytes()).front.title == " ".join(TITLE)


@pytest.mark.parametrize("mark", ["*", " **"])
def test_the_mark_of_a_footnote_is_no_part_of_the_title(mark: str) -> None:
    paper = Paper()
    sheet = paper.sheet()
    sheet.block(60, 115, [TITLE[0], TITLE[1] + mark], 16, "sans-bold")
    sheet.text(60, 165, "Ada Lovelace and Emmy Noether", 10, "sans")
    sheet.prose(60, 240, 10, letters=88)
    paper.sheet().prose(60, 80, 10, letters=88, seed=2)
    assert extract(paper.bytes()).front.title == " ".join(TITLE)


def test_the_journal_is_the_one_of_the_publishers_metadata() -> None:
    paper = Paper()
    first_page(paper.sheet(), ["Ada Lovelace and Emmy Noether"])
    xmp = b"\n% <prism:publicationName> Journal of Rods &amp; Wires</prism:publicationName>\n"
    assert extract(paper.bytes()).front.journal == ""
    assert extract(paper.bytes() + xmp).front.journal == "Journal of Rods & Wires"


@pytest.mark.parametrize(
    ("said", "licence"),
    [
        (["Open Access This article is distributed under the terms of the Creative",
          "Commons Attribution 4.0 International License (http://creativecom",
          "mons.org/licenses/by/4.0/), which permits use."], "CC-BY-4.0"),
        (["Open Access. This article is distributed under the terms of the Creative",
          "Commons Attribution License (CC-BY 4.0), which permits any use."], "CC-BY-4.0"),
        (["Published by the Physical Society under the terms of the Creative",
          "Commons Attribution 4.0 International license."], "CC-BY-4.0"),
        (["The map is adapted from an article that was published by others under",
          "the terms of the Creative Commons Attribution 4.0 International license."], "publisher"),
        (["The data are distributed under the terms of a Creative Commons licence."], "publisher"),
    ],
)  # fmt: skip
def test_the_licence_may_stand_in_the_middle_of_an_article_but_is_of_the_article(said: list[str], licence: str) -> None:
    paper = Paper()
    sheet = paper.sheet()
    first_page(sheet, ["Ada Lovelace"])
    sheet.text(60, 700, "\xa9 The Authors 2018", 8, "sans")
    for page in range(6):
        sheet = paper.sheet()
        sheet.prose(60, 80, 10, letters=40, seed=page)
        sheet.prose(310, 80, 10, letters=40, seed=page + 9)
        if page == 2:
            sheet.block(60, 600, said, 5.5, "sans")
    assert extract(paper.bytes()).front.licence == licence


def test_a_title_of_two_words_stands_over_the_names_of_its_authors() -> None:
    paper = Paper()
    sheet = paper.sheet()
    sheet.text(60, 90, "Review Article", 16, "sans")
    sheet.text(60, 115, "Silver Particles", 16, "sans-bold")
    x = 60.0
    for name, mark in [("Ada Lovelace,", "1"), ("Emmy Noether,", "2"), ("and Lise Meitner", "1")]:
        sheet.text(x, 150, name, 12, "body")
        sheet.text(x + 7.2 * len(name), 146, mark, 7, "body")
        x += 7.2 * len(name) + 12
    sheet.prose(60, 240, 10, letters=88)
    assert extract(paper.bytes()).front.title == "Silver Particles"


def test_a_running_head_in_capitals_is_no_title_over_one_in_larger_capitals() -> None:
    paper = Paper()
    sheet = paper.sheet()
    sheet.text(220, 58, "ACTA OF SILVER AND GOLD", 8)
    sheet.block(60, 115, ["GROWTH OF SILVER PARTICLES", "ON A BATH OF OIL"], 10)
    sheet.block(60, 165, ["Ada Lovelace"], 10, "sans")
    sheet.prose(60, 240, 10, letters=78, size=10)
    assert extract(paper.bytes()).front.title == "GROWTH OF SILVER PARTICLES ON A BATH OF OIL"


def test_the_page_before_a_jstor_scan_tells_title_and_authors() -> None:
    paper = Paper()
    sheet = paper.sheet()
    sheet.block(
        60,
        80,
        ["Springer and others are collaborating with JSTOR to digitize, preserve and extend access to", "Oil."],
        8,
    )
    sheet.text(60, 120, "International Association for Oil", 12, "sans")
    sheet.block(60, 150, TITLE, 10, "sans")
    sheet.block(60, 178, ["Author(s): Ada Lovelace, Emmy Noether and Lise", "Meitner"], 9)
    sheet.block(60, 204, ["Source: Oil, Vol. 156, No. 3 (Jun., 2008), pp. 637-648", "Published by: Springer"], 9)
    paper.sheet().prose(60, 80, 10, letters=88, seed=2)
    found = extract(paper.bytes()).front
    assert found.title == " ".join(TITLE)
    assert found.authors == ("Ada Lovelace", "Emmy Noether", "Lise Meitner")


@pytest.mark.parametrize(
    "authors",
    [
        "Ada Lovelace, Student Member, IEEE, Emmy Noether, Senior Member, IEEE, and Lise Meitner, Fellow, IEEE",
        "Ada Lovelace, Member, IEEE, Emmy Noether, and Lise Meitner, Life Fellow, IEEE",
        "Ada Lovelace, Graduate Student Member, IEEE, Emmy Noether, Member, ACM, and Lise Meitner",
        "Ada Lovelace, IEEE, Emmy Noether, Associate Member, IEEE, Lise Meitner",
        "Ada Lovelace, MD, MS, Emmy Noether, B.A., and Lise Meitner, PhD, MPH",
    ],
)
def test_grades_of_membership_and_degrees_are_no_authors(authors: str) -> None:
    assert front({}, [authors]).authors == ("Ada Lovelace", "Emmy Noether", "Lise Meitner")


def test_names_under_one_another_with_degrees_are_told_apart() -> None:
    authors = ["Ada Lovelace, MD, MS", "Emmy Noether, BS", "Lise Meitner, M.D., Ph.D."]
    assert front({}, authors).authors == ("Ada Lovelace", "Emmy Noether", "Lise Meitner")


def test_a_word_of_the_title_that_is_broken_at_a_lines_end_is_mended() -> None:
    paper = Paper()
    sheet = paper.sheet()
    sheet.block(60, 115, ["Growth of silver par-", "ticles on an oil-free surface"], 16, "sans-bold")
    sheet.text(60, 165, "Ada Lovelace, Emmy Noether", 10, "sans")
    sheet.prose(60, 240, 10, letters=88)
    assert extract(paper.bytes()).front.title == "Growth of silver particles on an oil-free surface"


@pytest.mark.parametrize(
    ("authors", "names"),
    [
        (["ADA LOVELACE, EMMY NOETHER, AND LISE MEITNER"], ("ADA LOVELACE", "EMMY NOETHER", "LISE MEITNER")),
        (["Ada Lovelace, Emmy Noether III,* and Lise Meitner"], ("Ada Lovelace", "Emmy Noether III", "Lise Meitner")),
        (
            ["Submitted: 20 March 2020, Accepted: 18 June 2020", "Ada Lovelace, and Emmy Noether", "AFFILIATIONS"],
            ("Ada Lovelace", "Emmy Noether"),
        ),
        (["Cite This: Metals Lett. 2023, 8, 1952-1958   Read Online"], ()),
        (
            ["By Ada Lovelace and Emmy Noether", "May 12, 1993"],
            ("Ada Lovelace", "Emmy Noether"),
        ),
        (["Ada Lovelace und Emmy Noether", "12 March 2004"], ("Ada Lovelace", "Emmy Noether")),
        (["Ada Lovelace et Emmy Noether", "Dec. 2004"], ("Ada Lovelace", "Emmy Noether")),
        (["Ada Costa e Silva, Emmy Noether e Lise", "Meitner"], ("Ada Costa e Silva", "Emmy Noether", "Lise Meitner")),
        (["Ada Ortega y Gasset, Emmy Noether y Lise Meitner"], ("Ada Ortega y Gasset", "Emmy Noether", "Lise Meitner")),
        (["June Marx, May 1 Noether"], ("June Marx", "May Noether")),
        (
            ["Ada Lovelace and Emmy Noether", "\xb9 CEMAGREF-UR HYAX, 3275 Route de Somewhere"],
            ("Ada Lovelace", "Emmy Noether"),
        ),
    ],
)
def test_names_end_where_what_is_no_name_begins(authors: list[str], names: tuple[str, ...]) -> None:
    assert front({}, authors).authors == names


def test_names_parted_by_and_in_the_metadata_are_named_without_it() -> None:
    found = front({"Author": "Ada Lovelace, Emmy Noether, and Lise Meitner"})
    assert found.authors == ("Ada Lovelace", "Emmy Noether", "Lise Meitner")


def test_dates_in_the_margin_beside_the_names_do_not_end_them() -> None:
    paper = Paper({})
    sheet = paper.sheet()
    sheet.block(60, 115, TITLE, 16, "sans-bold")
    sheet.text(240, 165, "Ada Lovelace, Emmy Noether,", 10, "sans")
    sheet.text(60, 165, "Received: 16 June 2022", 8.5, "sans")
    sheet.text(240, 178, "Lise Meitner & Marie Curie", 10, "sans")
    sheet.text(60, 184, "Accepted: 26 May 2023", 8.5, "sans")
    sheet.text(60, 210, "Institute of Particles, University of Somewhere", 8, "sans")
    sheet.prose(60, 240, 10, letters=88)
    paper.sheet().prose(60, 80, 10, letters=88, seed=2)
    assert extract(paper.bytes()).front.authors == ("Ada Lovelace", "Emmy Noether", "Lise Meitner", "Marie Curie")


def test_a_short_title_over_names_is_the_title() -> None:
    paper = Paper({})
    sheet = paper.sheet()
    sheet.text(60, 115, "Covalent radii revisited", 16, "sans-bold")
    sheet.text(60, 140, "Ada Lovelace, Emmy Noether, Lise Meitner, Marie Curie", 11, "sans-bold")
    sheet.text(60, 155, "and Grace Hopper", 11, "sans-bold")
    sheet.prose(60, 240, 10, letters=88)
    paper.sheet().prose(60, 80, 10, letters=88, seed=2)
    found = extract(paper.bytes()).front
    assert (found.title, len(found.authors)) == ("Covalent radii revisited", 5)


def test_a_title_that_a_cover_has_too_is_whole() -> None:
    paper = Paper({})
    for number in range(2):
        sheet = paper.sheet()
        sheet.text(60, 115, TITLE[0] if number == 0 else "Growth of silver particles on the", 16, "sans-bold")
        sheet.text(60, 133, TITLE[1], 16, "sans-bold")
        sheet.text(60, 165, "Ada Lovelace, Emmy Noether and Lise Meitner", 10, "sans")
        sheet.prose(60, 240, 10, letters=88, seed=number)
    for number in range(3):
        paper.sheet().prose(60, 80, 10, letters=88, seed=number + 2)
    assert extract(paper.bytes()).front.title == " ".join(TITLE)


def test_a_graphical_abstract_is_a_cover() -> None:
    """Its authors are those that the publisher chose to print: "Ada Lovelace, …, Lise Meitner"."""
    paper = Paper({"Title": " ".join(TITLE), "Author": "Ada Lovelace"})
    sheet = paper.sheet()
    sheet.block(60, 115, TITLE, 16, "sans-bold")
    sheet.text(60, 165, "Graphical Abstract", 10, "sans")
    sheet.text(360, 165, "Authors", 10, "sans")
    sheet.text(360, 180, "Ada Lovelace, ..., Lise Meitner", 9, "sans")
    sheet.text(60, 500, "Highlights", 10, "sans")
    first_page(paper.sheet(), ["Ada Lovelace, Emmy Noether and Lise Meitner"])
    paper.sheet().prose(60, 80, 10, letters=88, seed=2)
    assert extract(paper.bytes()).front.authors == ("Ada Lovelace", "Emmy Noether", "Lise Meitner")


def test_names_apart_on_one_row_do_not_go_on_in_the_row_of_their_employers() -> None:
    paper = Paper()
    sheet = paper.sheet()
    sheet.block(60, 115, TITLE, 16, "sans-bold")
    for x, name, place in ((100, "Ada Lovelace", "Intel Corporation"), (320, "Emmy Noether", "Apple Research")):
        sheet.block(x, 165, [name, place], 12, "sans")
    sheet.prose(60, 240, 10, letters=88)
    assert extract(paper.bytes()).front.authors == ("Ada Lovelace", "Emmy Noether")


def test_a_journals_name_as_large_as_the_title_hides_it_not_and_letters_set_apart_are_no_title() -> None:
    paper = Paper()
    sheet = paper.sheet()
    sheet.text(60, 40, "Particles Letters 482 (2017) 544", 7, "sans")
    sheet.text(250, 70, "Particles Letters", 14, "sans")
    sheet.block(60, 140, TITLE, 14, "sans")
    sheet.text(60, 180, "Ada Lovelace, Emmy Noether", 11, "sans")
    sheet.text(60, 210, "h i g h l i g h t s", 10.5, "sans")
    sheet.prose(60, 240, 10, letters=88)
    paper.sheet().prose(60, 80, 10, letters=88, seed=2)
    found = extract(paper.bytes()).front
    assert (found.title, found.authors) == (" ".join(TITLE), ("Ada Lovelace", "Emmy Noether"))


@pytest.mark.parametrize("before", ["Case Report", "A.LOVELACE@PARTICLES.ORG"])
def test_what_stands_between_title_and_names_is_no_name(before: str) -> None:
    found = front({}, [before, "Ada Lovelace, Emmy Noether"])
    assert found.authors == ("Ada Lovelace", "Emmy Noether")
