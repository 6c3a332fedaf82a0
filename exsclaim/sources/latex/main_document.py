"""The document among a submission's files, which is not a part of one, a drawing or a letter."""

import re
from collections.abc import Mapping

from exsclaim.sources.latex.tex_source import STYLES, flattened, without_comments

_BEGIN = re.compile(r"\\begin\s*\{document\}")
_BODY = re.compile(r"\\(?:begin|input|include|import)(?![A-Za-z])")
_MAIN = re.compile(r"\\document(?:class|style)\b")
_SUBFILE = re.compile(r"\\documentclass\s*\[[^\]]{0,500}\]\s*\{subfiles\}")
_NO_ARTICLE = re.compile(r"\\documentclass\s*(?:\[[^\]]{0,500}\]\s*)?\{(?:standalone|letter)\}")
MAX_MAINS = 5
_USUAL = ("main", "ms", "paper", "manuscript", "article", "root", "arxiv")


def main_of(files: Mapping[str, str]) -> str | None:
    files = {path: text for path, text in files.items() if not path.lower().endswith(STYLES)}
    documents = [path for path, text in files.items() if _MAIN.search(text) and _BODY.search(text)]
    # a file that others include is no document of its own (subfiles have a \documentclass too), and neither a drawing
    # nor the letter to the editor is where there is another
    documents = [path for path in documents if not _SUBFILE.search(files[path])]
    documents = [path for path in documents if not _NO_ARTICLE.search(files[path])] or documents
    documents = _with_preambles(files, documents)
    if not documents:
        plain = [path for path, text in files.items() if re.search(r"\\(?:begin|includegraphics|epsf)", text)]
        return max(plain, key=lambda path: len(files[path]), default=None)

    def place(path: str) -> tuple[int, int]:
        stem = path.rpartition("/")[2].rpartition(".")[0].casefold()
        return path.count("/"), _USUAL.index(stem) if stem in _USUAL else len(_USUAL)

    first = min(map(place, documents))
    likely = sorted((path for path in documents if place(path) == first), key=lambda path: -len(files[path]))
    # a thesis of chapters in files of their own is longer than the talk on it
    return max(likely[:MAX_MAINS], key=lambda path: len(flattened(files, path)) if len(likely) > 1 else 0)


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
