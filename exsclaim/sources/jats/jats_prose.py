"""The text of a JATS article around its figures: paragraphs with their sections, the abstract, the keywords."""

import copy
import re
from collections.abc import Iterator, Mapping
from itertools import takewhile

from lxml import etree

from exsclaim.sources.facts.figure_mentions import Paragraph, pointer
from exsclaim.sources.jats.jats_text import text_of

MAX_PARAGRAPH = 30_000
_APART = frozenset(
    ["fig", "fig-group", "table-wrap", "ref-list", "sub-article", "response", "caption", "supplementary-material"]
)
_NO_ABSTRACTS = frozenset(["graphical", "toc", "teaser", "key-points", "highlights", "summary-video", "web-summary"])
_SUPPLEMENT = re.compile(r"(?:electronic |online )?suppl(?:ementary|emental|ement)\b", re.IGNORECASE)
"""Springer's abstracts end with the section "Electronic supplementary material: The online version …"."""
_NO_KEYWORDS = frozenset(["abbreviations", "abbr", "abr", "classification", "msc", "jel", "pacs", "research-organism"])


def paragraphs_of(article: etree._Element, figures: Mapping[str, int]) -> Iterator[Paragraph]:
    """Paragraphs of body and appendices, marked where they link to figures.

    Args:
        article: its element.
        figures: `id` of a figure's element, or of one of its parts -> index among the article's figures, from 0.
    """
    for place in (*article.iterfind("body"), *article.iterfind("back/app-group"), *article.iterfind("back/sec")):
        for paragraph in place.iter("p"):
            # not beyond the article: an API may wrap it in a <response>, which elsewhere is an answer to it
            around = takewhile(lambda each: each is not article, paragraph.iterancestors())
            if not any(str(above.tag) in _APART or above.tag == "p" for above in around):
                yield Paragraph(_marked(paragraph, figures)[:MAX_PARAGRAPH], _section(paragraph))


def abstract_of(meta: etree._Element) -> str:
    """The abstract in one line, titles of its sections with a colon; neither graphical nor short ones."""
    abstracts = [each for each in meta.iterfind("abstract") if each.get("abstract-type", "") not in _NO_ABSTRACTS]
    for abstract in abstracts:
        parts = []
        for element in abstract.iter("title", "p"):
            text = text_of(element)
            around = list(element.iterancestors("p", "fig", "caption", "sec"))
            if not text or any(_is_left_out(above) for above in around):
                continue
            if element.tag == "title" and element.getparent() is not abstract:
                parts.append(f"{text.rstrip(' .:')}:")
            elif element.tag == "p" and not any(above.tag != "sec" for above in around):
                parts.append(text)
        if parts:
            return " ".join(parts)
    return ""


def _is_left_out(section: etree._Element) -> bool:
    """Tell whether a section of an abstract is about a supplement, or a mere title, as of a film ("Video Abstract")."""
    return section.tag == "sec" and (
        bool(_SUPPLEMENT.match(text_of(section.find("title")))) or not any(map(text_of, section.iter("p")))
    )


def keywords_of(meta: etree._Element) -> tuple[str, ...]:
    """The author's keywords, in English where they are given in several languages."""
    groups = [
        group
        for group in meta.iterfind("kwd-group")
        if group.get("kwd-group-type", "").casefold() not in _NO_KEYWORDS
        and text_of(group.find("title")).casefold() not in _NO_KEYWORDS
    ]
    english = [group for group in groups if group.get("lang", "en").casefold().startswith("en")]
    words = (text_of(word) for group in english or groups for word in group.iter("kwd", "compound-kwd-part"))
    return tuple(dict.fromkeys(filter(None, words)))


def _marked(paragraph: etree._Element, figures: Mapping[str, int]) -> str:
    links = [link for link in paragraph.iter("xref") if link.get("ref-type") in ("fig", "figure", "scheme", None)]
    if not any(rid in figures for link in links for rid in link.get("rid", "").split()):
        return text_of(paragraph)
    own = copy.deepcopy(paragraph)
    for link in list(own.iter("xref")):
        marks = "".join(pointer(figures[rid]) for rid in link.get("rid", "").split() if rid in figures)
        link.text = marks + (link.text or "")
    return text_of(own)


def _section(paragraph: etree._Element) -> str:
    """The title of the innermost section that has one."""
    for above in paragraph.iterancestors("sec", "app", "boxed-text"):
        title = above.find("title") if above.find("title") is not None else above.find("caption/title")
        if text := text_of(title):
            return text
    return ""
