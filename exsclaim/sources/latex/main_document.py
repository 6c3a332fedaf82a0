"""The document among a submission's files, which is not a part of one, a drawing or a letter."""

import re
from collections.abc import Mapping

from exsclaim.sources.latex.tex_source import STYLES, flattened, included_in, without_comments

_BEGIN = re.compile(r"\\begin\s*\{document\}")
_BODY = re.compile(r"\\(?:begin|input|include|import)(?![A-Za-z])")
_CLASS = r"(?m:^)[^%\n]*\\document"
"""Not in a comment, where templates and authors keep the classes that they do not use."""
_MAIN = re.compile(rf"{_CLASS}(?:class|style)\b")
_SUBFILE = re.compile(rf"{_CLASS}class\s*\[[^\]]{{0,500}}\]\s*\{{subfiles\}}")
_NO_ARTICLE = re.compile(
    rf"{_CLASS}class\s*(?:\[[^\]]{{0,500}}\]\s*)?\{{(?:standalone|letter)\}}|%DIF LATEXDIFF DIFFERENCE FILE"
)
_SHOWS = re.compile(r"\\(?:includegraphics|epsf|psfig|begin\s*\{(?:wrap|sideways|SC)?figure)")
_SUPPLEMENT = re.compile(
    r"supp(?:l|$|_|-|\d)|supplement|supporting|(?:^|[^a-z])(?:e?si|esm|sm|appendi(?:x|ces))(?:[^a-z]|$)"
)
_TEMPLATE = re.compile(r"\$(?:if|for)\([A-Za-z.-]{1,40}\)\$|\$body\$")
"""What pandoc fills in: `$if(lang)$`."""
_NO_PAPER = re.compile(
    rf"{_CLASS}class\s*(?:\[[^\]]{{0,500}}\]\s*)?\{{(?:beamer|tikzposter|a0poster|beamerposter|baposter|leaflet)\}}"
)
_SET_ASIDE = re.compile(r"(?:^|[/_-])(?:old|drafts?|archive|backup|previous|templates?|examples?)[^/]*/", re.IGNORECASE)
"""Folders of what authors keep and do not print."""
MAX_MAINS = 5
LONGER = 3
FEWEST_LONGER = 10
"""Images of a document that is the main one although another has the usual name: so many, and so many times its own."""
_USUAL = ("main", "ms", "paper", "manuscript", "article", "root", "arxiv")


def main_of(files: Mapping[str, str]) -> str | None:
    files = {path: text for path, text in files.items() if not path.lower().endswith(STYLES)}
    documents = _documents(files)
    if not documents:
        plain = [path for path, text in files.items() if re.search(r"\\(?:begin|includegraphics|epsf)", text)]
        return max(plain, key=lambda path: len(files[path]), default=None)

    def place(path: str) -> tuple[int, int]:
        stem = _stem(path)
        return path.count("/"), _USUAL.index(stem) if stem in _USUAL else len(_USUAL)

    first = min(map(place, documents))
    likely = sorted((path for path in documents if place(path) == first), key=lambda path: -len(files[path]))
    # a thesis of chapters in files of their own is longer than the talk on it
    main = max(likely[:MAX_MAINS], key=lambda path: len(flattened(files, path)) if len(likely) > 1 else 0)
    if len(documents) == 1:
        return main
    shown_here = len(_SHOWS.findall(flattened(files, main)))
    if shown_here:
        return _longer(files, documents, main, shown_here)
    # a title page, or a letter, that is called "main"
    others = sorted(documents, key=lambda path: (path.count("/"), -len(files[path])))[: 2 * MAX_MAINS]
    shown = {path: text for path in others if _SHOWS.search(text := flattened(files, path))}
    return max(shown, key=lambda path: (-path.count("/"), len(shown[path])), default=main)


def _longer(files: Mapping[str, str], documents: list[str], main: str, shown: int) -> str:
    """The main document, or one beside or below it that shows several times as much: a thesis by its `main.tex`."""
    beside = [
        path
        for path in documents
        if path != main and not _NO_PAPER.search(files[path]) and not _SUPPLEMENT.search(_stem(path))
        and not _SET_ASIDE.search(path)
    ]  # fmt: skip
    counts = {
        path: len(_SHOWS.findall(flattened(files, path)))
        for path in sorted(beside, key=lambda path: (path.count("/"), -len(files[path])))[: 2 * MAX_MAINS]
    }
    longest = max(counts, key=lambda path: counts[path], default=main)
    return longest if counts.get(longest, 0) >= max(FEWEST_LONGER, LONGER * shown) else main


def supplements_of(files: Mapping[str, str], main: str) -> list[str]:
    """The documents beside the main one whose names say that they are its supplement: arXiv prints them behind it."""
    documents = _documents({path: text for path, text in files.items() if not path.lower().endswith(STYLES)})
    beside = [path for path in documents if path != main and path.rpartition("/")[0] == main.rpartition("/")[0]]
    named = [path for path in beside if _SUPPLEMENT.search(_stem(path))]
    if not named or _SUPPLEMENT.search(_stem(main)):
        return []
    # one that the main document includes is read there
    return [path for path in named if _stem(path) not in map(_stem, included_in(files, main))][:MAX_MAINS]


def _documents(files: Mapping[str, str]) -> list[str]:
    documents = [path for path, text in files.items() if _MAIN.search(text) and not _TEMPLATE.search(text)]
    # a file that others include is no document of its own (subfiles have a \documentclass too), and neither a drawing
    # nor the letter to the editor is where there is another
    documents = [path for path in documents if not _SUBFILE.search(files[path])]
    documents = [path for path in documents if not _NO_ARTICLE.search(files[path])] or documents
    return [path for path in _with_preambles(files, documents) if _BODY.search(files[path])]


def _stem(path: str) -> str:
    return path.rpartition("/")[2].rpartition(".")[0].casefold()


def _with_preambles(files: Mapping[str, str], documents: list[str]) -> list[str]:
    """The documents, and for each that is but the preamble of others (`\\input{preamble}`) those that it is of."""
    found: list[str] = []
    for path in documents:
        stem = path.rpartition("/")[2].rpartition(".")[0]
        asked = re.compile(rf"\\(?:input|include)\s*\{{?\s*(?:[^{{}}\s]*/)?{re.escape(stem)}(?:\.[a-z]+)?\s*[}}\s]")
        above = [
            other
            for other, text in files.items()
            if other != path and not _MAIN.search(text) and _BEGIN.search(text) and asked.search(without_comments(text))
        ]
        found += above or [path]
    return list(dict.fromkeys(found))
