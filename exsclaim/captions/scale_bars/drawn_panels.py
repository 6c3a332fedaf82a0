"""Drawn panels: graphs and drawings by what a caption calls them, which have no scale bar.

A caption tells the length of the bar once, behind all panels: it is that of the pictures among them. Where the words
name both ("Micrograph and plot of its profile"), the panel is a picture.
"""

import re
from collections.abc import Sequence
from functools import lru_cache

from exsclaim.captions.spans import Span

# "Distribution of a marker in the cell" may be a picture, "size distribution" is none
_DRAWN = re.compile(
    r"\b(?:plots?|spectr\w+|curves?|quantif\w+|histogram\w*|graphs?|schematics?|diagrams?|number of|levels?|ratio|"
    r"counts?|statistic\w*|(?<=\w\s)distributions?|distributions|heat ?maps?|isotherms?|"
    r"voltammogr\w+|percentages?|illustrations?|proportions?|quantitation|enrichment|GO analysis|model|"
    r"index|indices|scores?|t-?SNE|UMAPs?|dimension\w* reduction|volcano|dendrograms?|phylogen\w+|Kaplan|"
    r"XRD|XPS|NMR|Rietveld|(?:line|height|depth) profiles?|"
    r"curvas?|gr[áa]ficos?|espectros?|courbes?|spectres?|kurven?|spektr\w+|schema\w*)\b",
    re.IGNORECASE,
)
# "Schematic of the stages that were chosen for microscopy"
_DRAWING_FIRST = re.compile(
    r"(?:The |An? )?(?:[\w-]+ )?(?:[Ss]chematic|[Dd]iagram|"
    r"[Dd]rawing|[Ss]ketch|[Gg]raph|[Pp]lot|[Hh]istogram)s?\b(?! (?:and|\())"
    r"|(?:Statistical |Image )?[Qq]uantifications? of\b"
)
# "Survival rates of lines", "root length of seedlings": what begins with a quantity is drawn
_QUANTITY_FIRST = re.compile(
    r"(?:(?:Comparison|Analysis) of |Changes in )?(?:(?:The|the|Relative|Mean|Total) )?(?:[\w-]+ ){0,2}?"
    r"(?:rates?|numbers?|values?|lengths?|widths?|heights?|weights?|concentrations?|contents?|yields?|"
    r"efficienc(?:y|ies)|thickness|amounts?)(?= (?:of|in|per|by|for|under|at|after)\b|,| \(|$)"
)
_PICTURE = re.compile(
    r"\b(?:images?|micrographs?|photo\w*|imaging|mapping|maps?|[A-Z]*S?[TE]EM|[Ii]mmuno\w+|fluoresc\w+|microscop\w+|staining|AFM|"
    r"[Mm]icrograf\w+|[Ii]mágen\w*|[Ii]magens|[Aa]ufnahmen?|[Ff]otograf\w+)\b"
)


# a look that spares most words the pattern: it matches none without one of these
_PICTURE_STEMS = (
    *("image", "micrograph", "photo", "imaging", "map", "EM", "mmuno", "fluoresc", "microscop", "staining", "AFM"),
    *("icrograf", "mágen", "magens", "ufnahme", "otograf"),
)


def is_drawn(text: str, spans: Sequence[Span]) -> bool:
    """True if the panel's words call it a graph or a drawing: such panels have no scale bar."""
    return _names_drawing(" ".join(text[span.start : span.end] for span in spans))


@lru_cache(maxsize=256)
def _names_drawing(words: str) -> bool:
    if _DRAWING_FIRST.match(words):
        return True
    is_picture = any(map(words.__contains__, _PICTURE_STEMS)) and _PICTURE.search(words)
    return not is_picture and bool(_DRAWN.search(words) or _QUANTITY_FIRST.match(words))
