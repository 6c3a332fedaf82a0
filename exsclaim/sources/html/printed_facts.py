"""Facts of an article that its page prints, where the page's head lacks them: DOI, journal, date, authors."""

import copy
import re
from collections.abc import Iterator
from typing import NamedTuple

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString

from exsclaim.sources.facts.publication_facts import PublicationDate, written_date
from exsclaim.sources.html.css_selectors import select
from exsclaim.sources.html.html_text import text_of, tidy
from exsclaim.sources.html.meta_tags import PageFacts, doi_in, name_in_order

_ONLINE = re.compile(r"\b(?:first )?published(?: online)?(?: on)?\s*:?\s*(?P<date>[\w ,/.-]{6,30})", re.IGNORECASE)
_CITED = re.compile(
    r"(?P<journal>[A-Z][\w&.:’' -]{2,80}?)\s+\d+\s*(?:\(\d+\)\s*)?,\s*[\w-]+\s*\((?P<year>\d{4})\)\s*[;,.]?\s*"
    r"(?:https?://(?:dx\.)?doi\.org/|doi:\s*)(?P<doi>10\.[^\s;,]+)"
)
_PRINTED_AUTHORS = (
    ".contrib-author > a:first-child, .loa .author, .authors-list .author-name, [itemprop=author] [itemprop=name], "
    "[data-test=author-name], .hlFld-ContribAuthor, .al-author-name .linked-name, .author-group a[rel=author], "
    ".author-group :has(> .surname), a.authorName, .AuthorName"
)
_DAY = (
    r"\d{1,2}(?:st|nd|rd|th)? [A-Za-z]{3,9}\.?,? \d{4}|[A-Za-z]{3,9}\.? \d{1,2},? \d{4}|\d{4}-\d\d-\d\d|"
    r"\d{4} [A-Z][a-z]{2,8} \d{1,2}\b"
)
_HISTORY = re.compile(
    r"\b(?:received|accepted|revised|revision|final form)\b[^.]{0,200}?\bpublished(?: online)?\s*:?\s*"
    rf"(?P<date>{_DAY})",
    re.IGNORECASE,
)
"""How an article came about, which pages print in one place; related articles have dates of their own."""
_PIECE = "\ue001"
_APPEARED = re.compile(
    rf"(?:^|[{_PIECE}.;,|)\d:–—-])\s*(?:(?:article|paper|version(?: of record)?|(?:this article )?was|it was)\s+)?"
    rf"(?:(?P<first>first (?:published|online|posted)(?: online)?)|(?P<online>(?:published|available|posted) online)|"
    rf"published)(?: on)?[\s{_PIECE}]*:?[\s{_PIECE}]*(?P<date>{_DAY})",
    re.IGNORECASE,
)
"""Beside the title: "First published: 05 October 2022", "Available online 3 October 2007", "Published: 19 July 2006".
"""
MOST_OF_FRONT = 40_000
"""Characters behind the title in which these are looked for: authors with their institutes may stand between."""
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
SHORTEST_PARAGRAPH = 300
_ARXIV = re.compile(
    r"\barXiv:(?P<id>\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7})(?:v\d+)?\s*\[[\w.-]+\]\s*"
    r"(?P<date>\d{1,2} [A-Z][a-z]{2,8} \d{4})"
)
"""arXiv's own stamp; a reference to a preprint has no day behind its subject."""
_REFERENCES = re.compile(
    r"(?:^|[\s_-])(?:references?|bibliograph|ref-list|citation-?list|related|recommend|breadcrumb)", re.I
)
MOST_TEXT = 400_000
_MARK = "\ue000"


def _linked_doi(soup: BeautifulSoup) -> str:
    """The DOI that the page prints of itself: a link that shows it, outside of text, captions and references."""
    for link in select(soup, 'a[href*="doi.org/10."]'):
        is_shown = re.search(r"\bdoi\b|\b10\.\d{4}", text_of(link), re.IGNORECASE) is not None
        is_elsewhere = link.find_parent(["cite", "figure", "table", "footer", "aside"]) is not None
        if is_shown and not is_elsewhere and not is_of_references(link) and not _is_in_sentence(link):
            return doi_in(str(link["href"]))
    return ""


def _is_in_sentence(link: Tag) -> bool:
    paragraph = link.find_parent(["p", "li"])
    return paragraph is not None and len(text_of(paragraph)) > 2 * len(text_of(link)) + 60


def _behind_title(journal: str, title: str) -> str:
    """The journal's name, which is printed behind the title without anything between them."""
    last = " ".join(title.split()[-2:])
    return tidy(journal.rpartition(last)[2] if last else journal).strip(" ,;.")


class Printed(NamedTuple):
    """DOI, journal and date of an article as its page gives them."""

    doi: str
    journal: str
    published: PublicationDate | None


def printed_facts(soup: BeautifulSoup, facts: PageFacts) -> Printed:
    """DOI, journal and date by the page's head, else as the page prints them.

    The day online counts: where the head does not say that it tells that day, the printed history of the article does.
    """
    online = _earliest_online(soup, facts)
    if facts.doi and facts.journal and online:
        return Printed(facts.doi, facts.journal, online)
    text = tidy(soup.get_text(" "))[:MOST_TEXT]
    if not facts.doi and (stamp := _ARXIV.search(text)):
        day = written_date(stamp["date"])
        return Printed(f"10.48550/arxiv.{stamp['id'].lower()}", facts.journal or "arXiv", facts.published or day)
    doi = facts.doi or _linked_doi(soup)
    history = _HISTORY.search(text)
    published = online or (written_date(history["date"]) if history else None) or facts.published
    if published and (journal := facts.journal or _journal_of_site(soup, text)):
        return Printed(doi, journal, published)
    # the printed words are looked at for what the head lacks, and only where they stand beside the article's DOI
    cited = next((found for found in _CITED.finditer(text) if doi and found["doi"].lower().startswith(doi)), None)
    if published is None and (printed := _ONLINE.search(text)):
        published = written_date(printed["date"])
    if published is None and cited:
        published = written_date(cited["year"])
    journal = _behind_title(cited["journal"], facts.title or text_of(heading_of(soup))) if cited else ""
    return Printed(doi, facts.journal or journal or _journal_of_site(soup, text), published)


def _earliest_online(soup: BeautifulSoup, facts: PageFacts) -> PublicationDate | None:
    """The day online: by the head, unless the page says beside its title that it was published before that."""
    found = list(_APPEARED.finditer(_front_text(soup)))
    chosen = next((each for how in ("first", "online") for each in found if each[how]), found[0] if found else None)
    printed = written_date(chosen["date"]) if chosen else None
    if chosen is None or printed is None:
        return facts.online
    known = facts.online or facts.published
    is_said_of_it = facts.online is None or chosen["first"] is not None
    return printed if known is None or (is_said_of_it and printed.day <= known.day) else facts.online


def _front_text(soup: BeautifulSoup) -> str:
    """The text between title and abstract: authors, institutes, dates; each piece of text set apart."""
    title = heading_of(soup)
    words: list[str] = []
    length = 0
    for each in title.next_elements if title is not None else ():
        if type(each) is NavigableString:
            length += len(each)
            if len(each) > SHORTEST_PARAGRAPH or length > MOST_OF_FRONT:
                break
            if each.parent is not None and not (_YEAR.search(each) and is_of_references(each.parent)):
                words.append(each)
    return tidy(f" {_PIECE} ".join(filter(str.strip, words)))


def heading_of(soup: BeautifulSoup) -> Tag | None:
    """The article's heading: the first that has words; a site's logo may stand in one before."""
    return next((each for each in soup.find_all("h1") if text_of(each)), None)


def _journal_of_site(soup: BeautifulSoup, text: str) -> str:
    """The site's name, if the page cites the article by it and a volume: "eLife 2019;8:e44753" on the site eLife."""
    for tag in select(soup, 'meta[property="og:site_name"], meta[name="application-name"]'):
        name = tidy(str(tag.get("content", "")))
        place = r"\s+(?:(?:19|20)\d\d\s*[;,]\s*)?\d{1,4}\s*(?:\(\d+\)\s*)?[:,]\s*\w?\d"
        if 2 < len(name) < 80 and re.search(re.escape(name) + place, text):
            return name
    return ""


def printed_authors(soup: BeautifulSoup) -> Iterator[str]:
    """Names of the authors as publishers print them, in order."""
    for author in select(soup, _PRINTED_AUTHORS):
        yield name_in_order(text_of(author))
    for author in select(soup, ".ltx_personname"):
        yield from _latexml_names(author)


def is_of_references(place: Tag) -> bool:
    """Tell whether an element stands in the list of references, or among what else there is to read."""
    for each in (place, *place.parents):
        if each.name in ("body", "html", "[document]", "main", "article") or not isinstance(each, Tag):
            continue
        words = f"{each.get('id') or ''} {' '.join(filter(None, each.get_attribute_list('class')))}"
        if _REFERENCES.search(words) and each.find("h1") is None:
            return True
    return False


def _latexml_names(author: Tag) -> Iterator[str]:
    """Names in LaTeXML's `ltx_personname`, which holds all authors and their affiliations where the source did.

    Marks of affiliations part names; a line that begins with one, or has an address, is no name any more.
    """
    shown = copy.copy(author)
    for note in select(shown, ".ltx_note, .ltx_author_notes, .ltx_contact"):
        note.decompose()
    for mark in select(shown, "sup, math, br"):
        mark.replace_with("\n" if mark.name == "br" else _MARK)
    for line in filter(None, map(str.strip, shown.get_text().split("\n"))):
        if line.startswith(_MARK) or "@" in line:
            return
        for name in re.split(rf"{_MARK}|,|;|&|\band\b", line):
            if name := tidy(name).strip(" *†‡§∗⋆."):
                yield name
