"""The figures of a LaTeX document: their numbers, captions, and which image stands where.

Reads `figure` environments (and their kin, also of the author's making) with `\\includegraphics` and its forerunners,
`\\subfloat`, `\\subfigure`, `\\subcaptionbox`, `subfigure` and `minipage` environments, several captions in one float,
floats that continue, and `\\captionof` outside of floats, and captions of images in environments that are not known.
"""

import re
from collections.abc import Mapping
from typing import NamedTuple

from exsclaim.sources.facts.figure_mentions import Paragraph
from exsclaim.sources.latex.author_environments import with_environments, with_hooks
from exsclaim.sources.latex.babel_shorthands import with_german_letters
from exsclaim.sources.latex.class_includes import with_chapters_of_class
from exsclaim.sources.latex.float_dialects import in_plain_latex
from exsclaim.sources.latex.float_extent import FIGURES_NAME, MAX_FLOATS, events
from exsclaim.sources.latex.float_items import Item, figures_within, rows_of
from exsclaim.sources.latex.float_numbering import (
    FOLDERS,
    NUMBERING,
    Numbering,
    custom_floats,
    float_names,
    labels_beside,
    labels_of_tables,
)
from exsclaim.sources.latex.image_options import LatexGraphic
from exsclaim.sources.latex.latex_layout import items_of
from exsclaim.sources.latex.latex_paragraphs import text_paragraphs
from exsclaim.sources.latex.latex_text import readable
from exsclaim.sources.latex.main_document import main_of, supplements_of
from exsclaim.sources.latex.named_captions import in_known_words
from exsclaim.sources.latex.place_numbers import place_labels
from exsclaim.sources.latex.style_commands import STRUCTURE, commands_of_styles
from exsclaim.sources.latex.tex_macros import (
    Macro,
    expanded,
    finite,
    macros_of,
    that_call,
    with_acronyms,
    without_definitions,
)
from exsclaim.sources.latex.tex_source import (
    MAX_CHARACTERS,
    flattened,
    resolved,
    without_overlays,
)
from exsclaim.sources.latex.text_conditions import decided

_NO_TEXT = r"(?:sideways|long)?table\*?|algorithm\*?|thebibliography|lstlisting|verbatim|tikzpicture"
_DIVISIONS = frozenset(["chapter", "section"])
"""Made anew by a document, they number what they head as before."""
_MERELY_CONTINUED = re.compile(
    r"\W*(?:\(?(?:fig(?:ure)?\.?\s*\S{0,6}\s*)?cont(?:inued|inuation|\.|d\.?|'d)[^.]{0,40}\)?\W*)?", re.I
)
_FIGURE_REFERENCE = re.compile(r"\\(?:[a-zA-Z]*ref|labelcref)\*?(?:\[[^\]]{0,500}\])?\{([^{}\\#]{1,300})\}")
_FROM_ELSEWHERE = re.compile(r"\\(?:input|include|import|subimport|usebox|includepdf|epsfbox|special)(?![A-Za-z])")
_INCLUDED_PAGES = re.compile(r"\\includepdf\s*(?:\[[^\]]{0,500}\]\s*)?\{([^{}]{1,300})\}")
_OF_NOTES = re.compile(r"\\(fonte|fuente|quelle|source)\s*\{")
_CHAPTER = re.compile(r"\\chapter\*?\s*[\[{]")


class LatexFigure(NamedTuple):
    """One figure. `rows` are its images as they stand, `label` as it is printed ("Figure 3"; "" where none is)."""

    label: str
    caption: str
    rows: list[list[LatexGraphic]]
    is_drawn: bool
    """True where TeX itself draws in it (TikZ, picture): then the images are not all of it."""
    folders: tuple[str, ...] = ()
    """Where it looks for images before the document's folders: a chapter may have its own of the same names."""


class LatexDocument(NamedTuple):
    """Figures in the order of the document, the folders in which it looks for images, and its text's paragraphs."""

    main: str
    figures: list[LatexFigure]
    folders: list[str]
    paragraphs: list[Paragraph] = []
    undefined: list[str] = []
    """Labels of figures, by their names ("fig:rods"), that the text refers to and no file of the document defines."""
    pages: list[str] = []
    """Names of PDFs whose pages stand in the document: a supplement, an article of a thesis."""


class _Numbered(NamedTuple):
    label: str
    caption: str
    items: list[Item]
    folders: tuple[str, ...]


def read_latex(files: Mapping[str, str]) -> LatexDocument | None:
    """The document in these files (path -> text) with its supplements behind it; None where none of them is one."""
    main = main_of(files)
    if main is None:
        return None
    document = _read(files, main)
    for path in supplements_of(files, main):
        more = _read(files, path)
        if 2 * len({each.caption for each in more.figures} & {each.caption for each in document.figures}) > len(
            more.figures
        ):
            continue  # an earlier version of another one
        both = files[main] + files[path]
        document = LatexDocument(
            main,
            document.figures + more.figures,
            list(dict.fromkeys(document.folders + more.folders)),
            document.paragraphs + more.paragraphs,
            [name for name in document.undefined + more.undefined if f"label{{{name}}}" not in both],
            document.pages + more.pages,
        )
    return document


def _read(files: Mapping[str, str], main: str) -> LatexDocument:
    whole = with_chapters_of_class(flattened(files, main), files, main)
    tex = with_acronyms(without_overlays(resolved(whole)))
    macros = finite(commands_of_styles(files, tex) | macros_of(tex))
    tex = with_environments(with_hooks(tex))
    others = {name: macro for name, macro in macros.items() if name not in _DIVISIONS}
    structural = that_call(others, [name for name, macro in others.items() if STRUCTURE.search(macro.body)])
    begin = re.search(r"\\begin\s*\{document\}", tex)
    preamble, body = (tex[: begin.start()], tex[begin.end() :]) if begin else ("", tex)
    if structural:
        body = decided(expanded(without_definitions(body, but=_is_number), structural, MAX_CHARACTERS))
    body = in_plain_latex(with_german_letters(body, preamble))
    folder = main.rpartition("/")[0]
    named = (path for found in FOLDERS.findall(tex) for path in _folders(found, macros, folder))
    folders = list(dict.fromkeys([f"{folder}/", *named, "/"]))
    floats = custom_floats(tex)
    labels = place_labels(preamble, body, _begun(preamble, body, macros), macros, floats)
    indices: dict[str, int] = {}
    figures = _figures(body, macros, _begun(preamble, body, macros), floats, labels, indices, folder)
    apart = re.compile(rf"\\begin\s*\{{(?P<name>{float_names(floats)}|{_NO_TEXT})\}}")
    paragraphs = list(text_paragraphs(without_definitions(body), macros, labels, indices, apart))
    pages = [_path(name, macros) for name in dict.fromkeys(_INCLUDED_PAGES.findall(body))]
    return LatexDocument(main, figures, folders, paragraphs, _undefined(tex, body, labels), pages)


def _begun(preamble: str, body: str, macros: Mapping[str, Macro]) -> Numbering:
    """The counters as they are where the document begins."""
    numbering = Numbering(macros, has_chapters=bool(_CHAPTER.search(body)), preamble=preamble)
    for event in NUMBERING.finditer(without_definitions(preamble, but=_is_number)):
        if not (event["division"] or event["step"]):
            numbering.apply(event)
    return numbering


def _undefined(tex: str, body: str, labels: Mapping[str, str]) -> list[str]:
    """Figures' labels without a float, where its file was not submitted or it is not understood."""
    if re.search(r"\\(?:z?externaldocument|externalcitedocument)(?![A-Za-z])", tex):
        return []  # it refers to the figures of another document, too
    named = [name.strip() for found in _FIGURE_REFERENCE.finditer(tex) for name in found[1].split(",")]
    known = set(re.findall(r"label\s*=\s*([\w:.-]+)", tex)) | set(labels)
    for text in (tex, body):  # where the author's commands are carried out, and before
        known.update(re.findall(r"label\w*\s*=?\s*\{([^{}]*)\}", text))
    return [name for name in dict.fromkeys(named) if FIGURES_NAME.match(name) and name not in known][:MAX_FLOATS]


def _is_number(name: str) -> bool:
    return name.startswith("the") or name in ("figurename", "schemename")


def _figures(
    body: str, macros: Mapping[str, Macro], numbering: Numbering, floats: Mapping[str, str], labels: dict[str, str],
    indices: dict[str, int], folder: str,
) -> list[LatexFigure]:  # fmt: skip
    """The figures in their order; `labels` is filled with what `\\ref` prints for each `\\label` of theirs, `indices`
    with which figure (from 0) it is of. `folder` is the document's."""
    found: list[_Numbered] = []
    waiting = ""
    here: tuple[str, ...] = ()
    for event in events(body, floats):
        if isinstance(event, re.Match):
            here = (*_folders(event["folders"], macros, folder),) if event["folders"] else here
            numbering.apply(event)
            continue
        if event.counter == "table":
            labels |= labels_of_tables(event.content, numbering)
            continue
        is_rest = event.is_continued and bool(waiting)
        content, waiting = f"{waiting}\n\n{event.content}" if is_rest else event.content, ""
        items = items_of(content)
        parts = figures_within(items)
        if not parts and (known := in_known_words(content)) != content:
            items = items_of(known)
            parts = figures_within(items)
        if not parts and any(item.graphic or item.kind == "drawn" for item in items):
            if event.is_continued and not is_rest and found:
                found[-1] = found[-1]._replace(items=[*found[-1].items, Item("row"), *items])
                continue
            # printed without a number, unless the float that continues it has a caption for both
            waiting = content
            if is_rest:
                found.pop()
            found.append(_Numbered("", "", items, here))
        elif not parts and _shows_something(event.content, macros):
            found.append(_Numbered("", "", items, here))
        labels |= labels_beside(items, numbering)
        for index, (caption, own) in enumerate(parts):
            if index == 0 and is_rest:
                found.pop()
            elif index == 0 and event.is_continued and found:
                found[-1] = _continued(found[-1], caption, own)
                continue
            label, number = _label(event.counter, own, numbering, floats)
            labels.update((item.text, f"{number}{item.letter}") for item in own if item.kind == "label")
            indices.update((item.text, len(found)) for item in own if item.kind == "label")
            found.append(_Numbered(label, caption, own, here))
    return [
        LatexFigure(
            each.label,
            _whole_caption(each, macros, labels),
            [[graphic._replace(name=_path(graphic.name, macros)) for graphic in row] for row in rows_of(each.items)],
            any(item.kind == "drawn" for item in each.items),
            each.folders,
        )
        for each in found
    ]


def _shows_something(content: str, macros: Mapping[str, Macro]) -> bool:
    """Tell whether a float without caption and image prints something, and is not merely empty."""
    inner = re.sub(r"^\s*\[[^\]]{0,20}\]", "", content)
    return bool(_FROM_ELSEWHERE.search(inner)) or len(re.sub(r"\W", "", readable(inner, macros))) > 3


def _label(counter: str, items: list[Item], numbering: Numbering, floats: Mapping[str, str]) -> tuple[str, str]:
    if not counter or any(item.kind == "unnumbered" for item in items):
        return "", ""
    numbering.step(counter)
    return numbering.label(counter, floats.get(counter, "")), numbering.number(counter)


def _continued(before: _Numbered, caption: str, items: list[Item]) -> _Numbered:
    """A figure with its part on the next page, of whose caption "(continued)" is left out."""
    more = "" if _MERELY_CONTINUED.fullmatch(caption.strip()) or caption.strip() == before.caption.strip() else caption
    return before._replace(
        caption=" ".join(filter(None, (before.caption, more))), items=[*before.items, Item("row"), *items]
    )


def _note(text: str, macros: Mapping[str, Macro]) -> str:
    """A note by a command of a class that was not submitted, with the word that such a command prints: "Fonte: …"."""
    command = _OF_NOTES.match(text)
    return f"{command[1].capitalize()}: {text}" if command and command[1] not in macros else text


def _path(name: str, macros: Mapping[str, Macro]) -> str:
    """The path of an image with the author's commands in it carried out: `\\figdir/c.png`."""
    if not re.search(r"[\\{}]", name):
        return name
    path = re.sub(
        r"\\(?:detokenize|string|space|xspace)(?![A-Za-z])\s*|\\(?=[_#%&])", "", expanded(name, macros, 1_000)
    )
    return re.sub(r"[{}]", "", path).strip().strip('"')


def _folders(named: str, macros: Mapping[str, Macro], folder: str) -> list[str]:
    """The folders that a `\\graphicspath` names, from the submission's root; TeX looks in the document's own first.

    One that begins with "/" is that of a file which is imported, and comes before it.
    """
    paths = [expanded(path, macros, 500) for path in re.findall(r"\{([^{}]*)\}", named)]
    return [f"{folder}/", *(f"{folder}/{path}" for path in paths)] if not paths[0].startswith("/") else paths


def _whole_caption(figure: _Numbered, macros: Mapping[str, Macro], labels: Mapping[str, str]) -> str:
    """The caption, and behind it those of its parts, each with its letter, and what stands under it as a note."""
    parts = [readable(figure.caption, macros, labels)]
    for item in figure.items:
        if item.kind == "part" and (text := readable(item.text, macros, labels)).strip("(). abcdefghijklmnop") != "":
            parts.append(f"({item.letter}) {text}")
    parts += [readable(_note(item.text, macros), macros, labels) for item in figure.items if item.kind == "note"]
    return " ".join(filter(None, parts))
