"""Paragraphs of a LaTeX document's text that name its figures, in the order of the document."""

import re
from collections.abc import Iterator, Mapping

from exsclaim.sources.facts.figure_mentions import Paragraph, pointer
from exsclaim.sources.latex.latex_text import readable
from exsclaim.sources.latex.tex_macros import Macro, arguments, option
from exsclaim.sources.latex.tex_source import replaced

_HEADING = re.compile(r"\\(?:chapter|(?:sub){0,2}section|paragraph)\*?(?=\s*[\[{])")
_NAMES_A_FIGURE = re.compile(r"\\(?:[a-zA-Z]*ref|[a-zA-Z]*fig[a-zA-Z]*)\b|[Ff][Ii][Gg]|[Ss]cheme|[Aa]bb")


def text_paragraphs(
    body: str,
    macros: Mapping[str, Macro],
    labels: Mapping[str, str],
    indices: Mapping[str, int],
    floats: re.Pattern[str],
) -> Iterator[Paragraph]:
    """Paragraphs of a document that name a figure, with their sections' titles and marks at references to figures.

    Args:
        body: the document without comments, its includes inserted.
        macros: the author's own commands.
        labels: what `\\ref` prints for each label of a figure.
        indices: which figure (from 0) each label is of; "Figure 2 and 3" names both for certain if it refers to both.
        floats: begins of environments that are no text; its group `name` is the environment.
    """
    section = ""
    marked = {
        label: pointer(indices[label]) + number if label in indices else number for label, number in labels.items()
    }
    for block in re.split(r"\n[ \t]*\n|\\par(?![A-Za-z])", replaced(body, floats)):
        at = 0
        for heading in [*_HEADING.finditer(block), None]:
            text = block[at : heading.start() if heading else len(block)]
            if _NAMES_A_FIGURE.search(text) and (said := readable(text, macros, marked)):
                yield Paragraph(said, section)
            if heading:
                _, behind = option(block, heading.end())
                (title,), at = arguments(block, behind, 1)
                section = readable(title, macros, labels)
