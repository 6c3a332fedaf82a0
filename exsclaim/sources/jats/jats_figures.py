"""The figures of a JATS article (`fig`, `fig-group`): labels, captions, images."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import takewhile

from lxml import etree

from exsclaim.records import Record
from exsclaim.sources.jats.jats_captions import caption_of, with_label_apart
from exsclaim.sources.jats.jats_graphics import JatsGraphic, graphics_of
from exsclaim.sources.jats.jats_rights import Rights, rights_of
from exsclaim.sources.jats.jats_text import text_of

_OTHERS = frozenset(["sub-article", "response", "ref-list", "front-stub"])
"""Reviews, answers and translations bring figures of their own."""
_HOLDERS = frozenset(
    ["fig", "fig-group", "table-wrap", "disp-formula", "inline-formula", "abstract", "chem-struct-wrap", "alternatives"]
)
_PART = re.compile(r"\W*(?:[a-zA-Z]{1,2}|[ivx]{1,4})\W*")
_TABLE = re.compile(r"\W*(?i:tab(?:le|la|ela|elle|leau|\.))\s*(?:(?:[A-Z]\.?\s?)?\d+\w?|[IVX]+\b)(?P<ends>\s*[:.|–—])?")
"""A label of a table that was given as a picture, or the caption of one that Quarto gives as a figure."""
_HEADED = re.compile(r"(?:[^\W\d_]+\.?\s+){1,3}[A-Z]?(?P<number>\d{1,3})(?!\d)[^\W\d_]?\s*[.:|–—]")
"""A caption with a label of a language that is not known at its head."""
_CITED = re.compile(r"(?:Fig(?:ure|s)?s?\.?\s*)?(S?\d{1,3})\s*\(?[a-h]?\)?", re.IGNORECASE)
_NUMBER_IN_ID = re.compile(r"(?:^|[^A-Za-z])f(?:ig(?:ure)?)?[-_.]?0*(\d{1,3})$", re.IGNORECASE)


class JatsFigure(Record):
    """One figure. A figure of several parts, or printed on several pages, has several graphics, in reading order."""

    number: int
    """Position among the article's figures, from 1."""
    label: str
    """"Figure 1", without the full stop or colon behind it; "" where none is printed: an invented one might be that of
    another figure."""
    title: str
    """The caption's own heading; empty where the caption consists of nothing else, which is then its text."""
    caption: str
    graphics: tuple[JatsGraphic, ...]
    rights: Rights
    """Its own, where the figure has its own `permissions`."""
    language: str = ""
    """As `xml:lang` of its element says."""


def figures_of(article: etree._Element) -> tuple[tuple[JatsFigure, ...], dict[str, int]]:
    """The figures in the order of the document, and the index (from 0) of each by the ids of its elements.

    Without graphical abstracts, tables, and figures of enclosed other articles. A figure that is there in several
    languages is one, in English where it is given, else in the article's.
    """
    preferred = ("en", article.get("lang", "")[:2].casefold())
    figures: list[JatsFigure] = []
    ids: dict[str, int] = {}
    taken: set[etree._Element] = set()
    known_as: dict[tuple[object, ...], int] = {}
    for element in article.iter("fig", "fig-group", "graphic"):
        if str(element.tag) == "graphic" and not _is_figure(element):
            continue
        if element in taken or any(str(above.tag) in _OTHERS for above in _above(element, article)):
            continue
        parts = [each for each in element.iter("fig", "fig-group") if each is not element]
        versions = _versions(element, parts)
        known = (element, *parts)
        if versions:
            taken.update(parts)
            figure = _translated(element, versions, preferred, len(figures) + 1)
        elif parts and _is_whole(element, parts):
            taken.update(parts)
            figure = _figure(element, parts, len(figures) + 1)
        elif str(element.tag) == "fig-group" or (parts and not graphics_of(element)):
            continue  # a mere bracket around figures that stand for themselves
        else:
            known = (element,)
            figure = _figure(element, [], len(figures) + 1)
        if figure is None:
            continue
        if figure.caption and figure.label and (before := _parts_before(figures)):
            # "(a)" and "(b)" stand as figures of their own before the one that has number and caption
            del figures[-len(before) :]
            ids = {id: min(index, len(figures)) for id, index in ids.items()}
            figure = _with_parts(figure, before, len(figures) + 1)
        said = (figure.label, figure.title, figure.caption, figure.graphics)
        # some give the figures of `body` once more in `floats-group`, with ids of their own
        again = known_as.setdefault(said, len(figures)) if figure.label and figure.graphics else len(figures)
        again = again if again < len(figures) else _place_before(figures, figure, element, ids)
        ids.update((str(each.get("id")), again) for each in known if each.get("id"))
        if again == len(figures):
            figures.append(figure)
        else:
            figures[again] = _merged(figures[again], figure, element, preferred)
    return _numbered_by_ids(_named_by_the_text(figures, ids, article), ids), ids


def _is_figure(graphic: etree._Element) -> bool:
    """Tell whether an image with a label or caption of its own stands outside of all figures, tables and formulas."""
    if graphic.find("caption") is None and graphic.find("label") is None:
        return False
    return all(str(above.tag) not in _HOLDERS for above in graphic.iterancestors())


def _place_before(
    figures: Sequence[JatsFigure], figure: JatsFigure, element: etree._Element, ids: Mapping[str, int]
) -> int:
    """Index of the figure that this one repeats, in the same language (`body` and `floats-group`) or in another."""
    same = ids.get(element.get("id", ""), len(figures))
    if same < len(figures) and figure.label == figures[same].label and _are_one(figure, figures[same]):
        return same
    return len(figures) - 1 if figures and _is_translation(figures[-1], figure, element) else len(figures)


def _are_one(figure: JatsFigure, again: JatsFigure) -> bool:
    """Tell whether nothing that both say differs: one of them may lack its caption or its image."""
    said = {each.title + each.caption for each in (figure, again)} - {""}
    shown = {each.graphics for each in (figure, again)} - {()}
    return len(said) < 2 or len(shown) < 2


def _parts_before(figures: Sequence[JatsFigure]) -> Sequence[JatsFigure]:
    """The last figures, where they have a letter for a label, from "(a)" on, and neither title nor caption."""
    parts = list(takewhile(
        lambda each: bool(re.fullmatch(r"\(?[a-z]\)?", each.label)) and not each.caption and not each.title,
        reversed(figures),
    ))[::-1]  # fmt: skip
    letters = "".join(part.label.strip("()") for part in parts)
    return parts if letters and "abcdefghijklmnop".startswith(letters) else []


def _with_parts(figure: JatsFigure, parts: Sequence[JatsFigure], number: int) -> JatsFigure:
    before = [image.model_copy(update={"label": part.label.strip("()")}) for part in parts for image in part.graphics]
    own = [image.model_copy(update={"label": image.label or chr(ord("a") + len(parts))}) for image in figure.graphics]
    return figure.model_copy(
        update={"number": number, "graphics": (*before, *(own if len(own) == 1 else figure.graphics))}
    )


def _named_by_the_text(
    figures: Sequence[JatsFigure], ids: Mapping[str, int], article: etree._Element
) -> Sequence[JatsFigure]:
    """Figures without a label by the numbers with which the text refers to them, where it always says the same.

    Hindawi's groups of lettered figures have none: `Figure <xref ref-type="fig" rid="fig1">1</xref>`.
    """
    said: dict[int, set[str]] = {}
    for reference in article.iter("xref"):
        index = ids.get(reference.get("rid", ""))
        found = _CITED.fullmatch(text_of(reference)) if index is not None and not figures[index].label else None
        if index is not None and found is not None:
            said.setdefault(index, set()).add(found[1])
    taken = {_number(figure.label) for figure in figures if figure.label}
    names = {index: numbers.pop() for index, numbers in said.items() if len(numbers) == 1}
    often = Counter(names.values())
    return [
        figure.model_copy(update={"label": f"Figure {names[index]}"})
        if index in names and often[names[index]] == 1 and names[index] not in taken else figure
        for index, figure in enumerate(figures)
    ]  # fmt: skip


def _numbered_by_ids(figures: Sequence[JatsFigure], ids: Mapping[str, int]) -> tuple[JatsFigure, ...]:
    """Figures with labels by their ids, "Ch1.F2", where none has one: Copernicus leaves them to whoever prints.

    Only where the ids count as the figures stand; text names them by these numbers, and no printed label can collide.
    """
    numbers = {(index, int(found[1])) for id, index in ids.items() if (found := _NUMBER_IN_ID.search(id))}
    if any(figure.label or _says_another(figure) for figure in figures) or numbers != {
        (index, index + 1) for index in range(len(figures))
    }:
        return tuple(figures)
    return tuple(figure.model_copy(update={"label": f"Figure {figure.number}"}) for figure in figures)


def _says_another(figure: JatsFigure) -> bool:
    """Tell whether a caption is headed by a number ("Vaizdas 3.") other than that of the figure's place."""
    headed = _HEADED.match(figure.title or figure.caption)
    return headed is not None and int(headed["number"]) != figure.number


def _versions(element: etree._Element, parts: list[etree._Element]) -> list[etree._Element]:
    """The same figure in several languages inside a `fig-group`, and its image perhaps beside them (SciELO)."""
    if str(element.tag) != "fig-group" or not parts or any(part.tag != "fig" for part in parts):
        return []
    numbers = {_number(text_of(part.find("label"))) for part in parts}
    languages = [part.get("lang", "") for part in parts]
    are_translations = len(numbers) == 1 and len(set(languages)) == len(parts) > 1
    # one figure in a bracket that has its image
    is_alone = len(parts) == 1 and not graphics_of(parts[0]) and bool(graphics_of(element))
    return parts if are_translations or is_alone else []


def _translated(
    element: etree._Element, versions: list[etree._Element], preferred: tuple[str, ...], number: int
) -> JatsFigure | None:
    chosen = min(versions, key=lambda each: _rank(each.get("lang", ""), preferred))
    figure = _figure(chosen, [], number)
    if figure is None or figure.graphics:
        return figure
    images = [*graphics_of(element), *(image for version in versions for image in graphics_of(version)[:1])]
    return figure.model_copy(update={"graphics": tuple(images[:1] if len(versions) > 1 else images)})


def _rank(language: str, preferred: tuple[str, ...]) -> int:
    short = language[:2].casefold()
    return preferred.index(short) if short in preferred else len(preferred)


def _is_translation(before: JatsFigure, figure: JatsFigure, element: etree._Element) -> bool:
    """Tell whether a figure follows itself in another language: "Figura 1" and "Figure 1" with one image for both."""
    language = element.get("lang", "")
    return (
        bool(language and before.language)
        and language != before.language
        and _number(before.label) == _number(figure.label) != ""
        and not (before.graphics and figure.graphics and before.label == figure.label)
    )


def _merged(before: JatsFigure, figure: JatsFigure, element: etree._Element, preferred: tuple[str, ...]) -> JatsFigure:
    chosen = min((before, figure), key=lambda each: (not each.caption, _rank(each.language, preferred)))
    return chosen.model_copy(
        update={"number": before.number, "graphics": chosen.graphics or before.graphics or figure.graphics}
    )


def _number(label: str) -> str:
    found = re.search(r"[A-Z]{0,2}\d+\w?\W*$|[IVX]+\W*$", label)
    return re.sub(r"\W", "", found[0]) if found else ""


def _above(element: etree._Element, article: etree._Element) -> Iterator[etree._Element]:
    """The elements around one within its article (an API may wrap the article in a <response>)."""
    return takewhile(lambda each: each is not article, element.iterancestors())


def _is_whole(element: etree._Element, parts: list[etree._Element]) -> bool:
    """Tell whether the parts are lettered parts of one figure and not figures with numbers of their own."""
    if element.find("label") is None and element.find("caption") is None:
        return False
    labels = [text_of(part.find("label")) for part in parts]
    return all(not label or _PART.fullmatch(label) for label in labels)


def _figure(element: etree._Element, parts: list[etree._Element], number: int) -> JatsFigure | None:
    label = text_of(element.find("label")).rstrip(" .:|")
    title, caption = caption_of(element)
    if not caption and str(element.getparent().tag) == "fig-group":
        title, caption = caption_of(element.getparent())
    graphics = graphics_of(element)
    for part in parts:
        letter = text_of(part.find("label")).strip(" .:|()")
        heading, text = caption_of(part)
        said = " ".join(filter(None, (f"({letter})" if letter else "", heading, text)))
        caption = f"{caption} {said}".strip() if heading or text else caption
        graphics += [graphic.model_copy(update={"label": letter}) for graphic in graphics_of(part)]
    table = _TABLE.match(label or title or caption)
    if table is not None and (label or not graphics or table["ends"]):
        return None
    if not label and not caption and not title:
        if any(above.tag == "abstract" for above in element.iterancestors()) or not graphics:
            return None
    elif not label:
        label, title, caption = with_label_apart(title, caption)
    return JatsFigure(
        number=number,
        label=label,
        title=title,
        caption=caption,
        graphics=tuple(graphics),
        rights=rights_of(next(element.iter("permissions"), None)),
        language=element.get("lang", ""),
    )
