"""Captions of JATS figures: title and text, a label at their head, and what is said under the image."""

import re
from collections.abc import Iterable, Iterator

from lxml import etree

from exsclaim.sources.html.html_text import LABEL
from exsclaim.sources.jats.jats_text import text_of

_ENGLISH = re.compile(r"\W*fig(?:ure|\.|s\b|\s)", re.IGNORECASE)


def _said_under(element: etree._Element) -> list[str]:
    """Words under the image, of whose making it is: "Source: Smith (2010)"."""
    return _said(_own(element, "attrib"))


def _said(elements: Iterable[etree._Element]) -> list[str]:
    """The texts of these elements, each once, without empty ones."""
    texts = (text_of(each) for each in elements if each.find(".//supplementary-material") is None)
    return list(dict.fromkeys(text for text in texts if text))


def _number(label: str) -> str:
    found = re.search(r"\d+\w?", label)
    return found[0] if found else ""


def _own(element: etree._Element, *names: str) -> Iterator[etree._Element]:
    """Elements of these names in a figure, and not in a part, table or caption of it."""
    for child in element:
        if str(child.tag) in names:
            yield child
        elif str(child.tag) not in ("fig", "fig-group", "table-wrap", "table", "caption", "permissions"):
            yield from _own(child, *names)


def with_label_apart(title: str, caption: str) -> tuple[str, str, str]:
    """Label, title and caption, where the label stands at the head of the caption: "Gráfico 1. Barras".

    "Figure 2 shows …" begins with none: what follows a label without a sign between has a capital letter.
    """
    found = LABEL.match(title or caption)
    if found is None:
        return "", title, caption
    said = found["rest"]
    if (title or caption)[found.end("label") : found.start("rest")].isspace() and said[:1].islower():
        return "", title, caption
    label = " ".join(found["label"].split()).rstrip(" .:|")
    if title and caption:
        return label, said, caption
    return label, "", said or caption


def caption_of(element: etree._Element) -> tuple[str, str]:
    """Title and text: those of the caption (the English one of several), else paragraphs beside the image.

    What is said under the image is in the text; a caption there that repeats the label is the same in another language.
    """
    captions = element.findall("caption")
    english = (each for each in captions if each.get("lang", "").casefold().startswith("en"))
    caption = next(english, captions[0] if captions else None)
    under = [*_said(element.iterfind("p")), *_said_under(element)]
    if caption is None:
        return "", " ".join(under)
    title, text = text_of(caption.find("title")), text_of(caption, but=frozenset(["title"]))
    label = text_of(element.find("label"))
    again = {
        words: found["rest"]
        for words in under
        if (found := LABEL.match(words)) and _number(found["label"]) == _number(label)
    }
    under = [words for words in under if words not in again]
    if english_text := next((rest for words, rest in again.items() if _ENGLISH.match(words)), ""):
        title, text = ("", english_text) if not _ENGLISH.match(label) else (title, text)
    text = " ".join(filter(None, (text or title, *under))) if under else text
    title = "" if text.startswith(title) and under else title
    if element.find("label") is not None:  # "Fig. 1.—Growth of rods": the dash parts them in print
        title, text = title.removeprefix("—").lstrip(), text.removeprefix("—").lstrip()
    return (title, text) if text else ("", title)
