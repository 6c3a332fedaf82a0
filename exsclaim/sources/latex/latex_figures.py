"""The figures of a LaTeX document: their numbers, captions, and which image stands where.

Reads `figure` environments (and their kin) with `\\includegraphics` and its forerunners, `\\subfloat`, `\\subfigure`,
`\\subcaptionbox`, `subfigure` and `minipage` environments, several captions in one float, and floats that continue.
"""

import itertools
import re
from collections.abc import Mapping
from typing import NamedTuple

from exsclaim.sources.latex.latex_layout import Item, LatexGraphic, items_of, rows_of
from exsclaim.sources.latex.latex_text import readable
from exsclaim.sources.latex.tex_macros import MAX_CHARACTERS, Macro, expanded, flattened, macros_of, without_definitions

MAX_FLOATS = 1_000
MAX_UNCLOSED = 20_000
_FLOAT = re.compile(
    r"\\begin\s*\{(?P<name>(?:sideways|wrap|SC|margin|floating)?figure\*?|scheme\*?|chart\*?)\}"
    r"|\\setcounter\s*\{figure\}\s*\{(?P<counter>\d{1,4})\}"
    r"|\\renewcommand\*?\s*\{?\s*\\thefigure\s*\}?\s*\{(?P<form>(?:[^{}]|\{[^{}]{0,100}\}){0,100})\}"
)
_STRUCTURE = re.compile(r"\\(?:includegraphics|epsfig|psfig|epsfbox|begin|end|caption|subfloat|subfigure)\b")
_GRAPHICSPATH = re.compile(r"\\graphicspath\s*\{((?:\s*\{[^{}]*\})+)\s*\}")
_MAIN = re.compile(r"\\document(?:class|style)\b")
_USUAL = ("main", "ms", "paper", "manuscript", "article", "root", "arxiv")


class LatexFigure(NamedTuple):
    """One figure. `rows` are its images as they stand, `label` as it is printed ("Figure 3", "Scheme 1")."""

    label: str
    caption: str
    rows: list[list[LatexGraphic]]
    is_drawn: bool
    """Whether TeX itself draws in it (TikZ, picture): then the images are not all of it."""


class LatexDocument(NamedTuple):
    """Figures in the order of the document, and the folders in which it looks for images."""

    main: str
    figures: list[LatexFigure]
    folders: list[str]


class _Numbered(NamedTuple):
    label: str
    caption: str
    items: list[Item]


def read_latex(files: Mapping[str, str]) -> LatexDocument | None:
    """The document in these files (path -> text); None where none of them is one."""
    main = _main_of(files)
    if main is None:
        return None
    tex = flattened(files, main)
    macros = macros_of(tex)
    structural = {name: macro for name, macro in macros.items() if _STRUCTURE.search(macro.body)}
    begin = re.search(r"\\begin\s*\{document\}", tex)
    body = tex[begin.end() :] if begin else tex
    if structural:
        body = expanded(without_definitions(body), structural, MAX_CHARACTERS)
    folder = main.rpartition("/")[0]
    named = [path for found in _GRAPHICSPATH.findall(tex) for path in re.findall(r"\{([^{}]*)\}", found)]
    folders = [f"{folder}/{path}" for path in ("", *named)]
    return LatexDocument(main, _figures(body, macros), folders)


def _main_of(files: Mapping[str, str]) -> str | None:
    documents = [path for path, text in files.items() if _MAIN.search(text) and "\\begin" in text]
    # a file that others include is no document of its own (subfiles have a \documentclass too)
    documents = [
        path for path in documents if not re.search(r"\\documentclass\s*\[[^\]]*\]\s*\{subfiles\}", files[path])
    ]
    if not documents:
        plain = [path for path, text in files.items() if re.search(r"\\(?:begin|includegraphics|epsf)", text)]
        return max(plain, key=lambda path: len(files[path]), default=None)

    def rank(path: str) -> tuple[bool, int, int]:
        stem = path.rpartition("/")[2].rpartition(".")[0].casefold()
        return "/" in path, _USUAL.index(stem) if stem in _USUAL else len(_USUAL), -len(files[path])

    return min(documents, key=rank)


def _figures(body: str, macros: Mapping[str, Macro]) -> list[LatexFigure]:
    counters: dict[str, int] = {}
    form = ""
    found: list[_Numbered] = []
    labels: dict[str, str] = {}
    events = list(itertools.islice(_FLOAT.finditer(body), MAX_FLOATS))
    for event, following in itertools.zip_longest(events, events[1:]):
        if event["counter"]:
            counters["Figure"] = int(event["counter"])
        elif event["form"] is not None:
            form = re.sub(r"\\[A-Za-z]+\s*(?:\{[^{}]*\})?|[{}]", "", event["form"]).strip()
        else:
            # floats do not nest: one that is not closed ends where the next begins
            last = len(body) if following is None or not following["name"] else following.start()
            end = body.find(f"\\end{{{event['name']}}}", event.end(), last)
            content = body[event.end() : end if end >= 0 else min(last, event.end() + MAX_UNCLOSED)]
            word = (
                event["name"].rstrip("*").capitalize()
                if event["name"][:1] in "sc" and "fig" not in event["name"]
                else "Figure"
            )
            for caption, items in _split(items_of(content)):
                if not any(item.kind == "continued" for item in items):
                    counters[word] = counters.get(word, 0) + 1
                number = f"{form if word == 'Figure' else ''}{counters.get(word, 1)}"
                for item in items:
                    if item.kind == "label":
                        labels[item.text] = f"{number}{item.letter}"
                found.append(_Numbered(f"{word} {number}", caption, items))
    return [
        LatexFigure(
            each.label,
            _whole_caption(each, macros, labels),
            rows_of(each.items),
            any(item.kind == "drawn" for item in each.items),
        )
        for each in found
    ]


def _split(items: list[Item]) -> list[tuple[str, list[Item]]]:
    """The figures of one float, one per caption: with the images before each, or behind where a caption begins."""
    captions = [index for index, item in enumerate(items) if item.kind == "caption"]
    first_image = next((index for index, item in enumerate(items) if item.kind in ("graphic", "drawn")), len(items))
    if captions and captions[0] < first_image:
        starts = [0, *captions[1:]]
    else:
        starts = [0, *(_behind_labels(items, index + 1) for index in captions[:-1])]
    ends = [*starts[1:], len(items)]
    return [
        (items[index].text, items[start:end])
        for index, start, end in zip(captions, starts[: len(captions)], ends, strict=False)
    ]


def _behind_labels(items: list[Item], index: int) -> int:
    """A `\\label` belongs to the caption before it."""
    while index < len(items) and items[index].kind in ("label", "row"):
        index += 1
    return index


def _whole_caption(figure: _Numbered, macros: Mapping[str, Macro], labels: Mapping[str, str]) -> str:
    """The caption, and behind it those of its parts, each with its letter."""
    parts = [readable(figure.caption, macros, labels)]
    for item in figure.items:
        if item.kind == "part" and (text := readable(item.text, macros, labels)).strip("(). abcdefghijklmnop") != "":
            parts.append(f"({item.letter}) {text}")
    return " ".join(filter(None, parts))
