"""The columns that choose panels, and what may stand in them: for filters and for the gallery's searches."""

import difflib
from typing import NamedTuple

from exsclaim.captions.terms.materials import canonical_name
from exsclaim.captions.terms.techniques import techniques
from exsclaim.captions.word_forms import lexicon
from exsclaim.dataset.tables.splits import SPLITS
from exsclaim.errors import ExsclaimError
from exsclaim.licences import THIRD_PARTY, is_known
from exsclaim.panel_doubts import PANEL_FLAGS
from exsclaim.records import PanelKind


class Column(NamedTuple):
    """A column for filters. `kind`: "text", "number", "yes/no" or "list" (of texts)."""

    kind: str
    stored: str
    """Its name in the tables."""
    doc: str
    values: tuple[str, ...] = ()
    """All that may stand in it, where that is a closed list: a filter that names another value is refused."""


COLUMNS: dict[str, Column] = {
    "id": Column("text", "id", "id of the panel: <source>/<article>/fig<n>/p<n>"),
    "figure_id": Column("text", "figure_id", "id of its figure"),
    "article_id": Column("text", "article_id", "id of its article"),
    "figure_name": Column("text", "figure_name", "file of the figure in figures/"),
    "crop_name": Column("text", "crop_name", "file name of the panel's crop"),
    "kind": Column(
        "text", "kind",
        "microscopy, diffraction, graph, illustration, photo, map, medical, gel, table, unclear, parent",
        tuple(map(str, PanelKind)),
    ),
    "kind_confidence": Column("number", "kind_confidence", "0 to 1"),
    "box_confidence": Column("number", "box_confidence", "0 to 1: confidence in this being one panel, with this box"),
    "type": Column("text", "type", "finer kind that the image looks like, if known: see docs/doubts.md"),
    "type_confidence": Column("number", "type_confidence", "0 to 1"),
    "type_origin": Column("text", "type_origin", "its origin: image, caption or both", ("image", "caption", "both")),
    "label": Column("text", "label", "the panel's letter as printed, without brackets"),
    "label_confidence": Column("number", "label_confidence", "0 to 1"),
    "label_origin": Column("text", "label_origin", "read (from the image) or inferred", ("read", "inferred")),
    "caption": Column("text", "caption", "the panel's part of the caption"),
    "keyword": Column("list", "keywords", "terms of the query, and materials as printed, in its part of the caption"),
    "material": Column(
        "list", "materials",
        "materials that its caption names, also of all panels: 'Ag', 'TiO2', 'nanowire'; other names find them too: "
        "'silver', 'titania'",
    ),
    "technique": Column(
        "list", "techniques",
        "techniques that its caption names, by their short names: 'TEM', 'EDS'; 'STEM' does not find 'HAADF-STEM'",
    ),
    "nm_per_px": Column("number", "nm_per_px", "scale in nm per pixel"),
    "width_nm": Column("number", "width_nm", "width of the panel in nm"),
    "height_nm": Column("number", "height_nm", "height of the panel in nm"),
    "scale_origin": Column(
        "text", "scale_origin", "origin of the scale bar's length: printed or caption", ("printed", "caption")
    ),
    "scale_confidence": Column("number", "scale_confidence", "0 to 1: confidence in the scale bar and its text"),
    "doubt": Column(
        "list", "doubts", "doubts about the panel: 'scale_conflict', 'label_inferred', all in docs/doubts.md",
        tuple(PANEL_FLAGS),
    ),
    "flagged": Column("yes/no", "doubts", "whether there is any doubt"),
    "reviewed": Column("yes/no", "reviewed", "whether a person corrected or confirmed it"),
    "is_inset": Column("yes/no", "is_inset", "whether it is an inset of another panel"),
    "parent_id": Column("text", "parent_id", "id of the panel that it is an inset or part of, else null"),
    "article_title": Column("text", "article_title", "title of its article"),
    "source": Column("text", "source", "where the article is from: nature, pmc, arxiv, folder"),
    "journal": Column("text", "journal", "journal of its article"),
    "year": Column("number", "year", "year in which its article was published"),
    "doi": Column("text", "doi", "DOI of its article"),
    "licence": Column("text", "licence", "'CC BY' (any version), 'CC0-1.0', 'third-party': the figure's own"),
    "is_open": Column("yes/no", "is_open", "whether its article is open access"),
    "split": Column("text", "split", "train, validation or test", SPLITS),
}  # fmt: skip
_MOST_LISTED = 20


class UnknownValueError(ExsclaimError):
    """A value can never stand in its column; the message names those that can, or the nearest."""


def known_value(name: str, text: str) -> str:
    """A value as the column `name` has it: "titania" is TiO2, "Sem" is SEM. Those of an open list are as they are.

    Raises:
        UnknownValueError: it can never stand there: better refused than never found.
    """
    if name == "material":
        if (material := canonical_name(text)) is None:
            said = f"{text!r} is no name or formula of a material that captions are searched for"
            raise UnknownValueError(f"{said}: use keyword has, or caption contains")
        return material
    if name == "licence":
        if not is_known(text) and text != THIRD_PARTY:
            raise UnknownValueError(f"{text!r} is no licence: 'CC BY', 'CC-BY-NC-4.0', 'CC0', 'publisher'")
        return text
    if name != "technique":
        return listed_value(name, text, COLUMNS[name].values)
    values = tuple(lexicon("techniques")["names"])
    named = techniques([text]) if text.casefold() not in map(str.casefold, values) else ()
    return named[0] if len(named) == 1 else listed_value(name, text, values)


def listed_value(name: str, text: str, values: tuple[str, ...]) -> str:
    """The one of `values` that `text` is but for capitals; any text where there are none.

    Raises:
        UnknownValueError: it is none of them.
    """
    same = {value.casefold(): value for value in values}.get(text.casefold())
    if not values or same:
        return same or text
    near = difflib.get_close_matches(text, values, n=1)
    hint = f": {', '.join(values)}" if len(values) < _MOST_LISTED else f"; did you mean {near[0]!r}?" if near else ""
    raise UnknownValueError(f"{text!r} is no {name}{hint}")
