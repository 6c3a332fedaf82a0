"""Columns of panels that filters may name, with what each means."""

from typing import NamedTuple


class Column(NamedTuple):
    """A column for filters. `kind`: "text", "number", "yes/no" or "list" (of texts)."""

    kind: str
    stored: str
    """Its name in the tables."""
    doc: str


COLUMNS: dict[str, Column] = {
    "id": Column("text", "id", "id of the panel: <source>/<article>/fig<n>/p<n>"),
    "figure_id": Column("text", "figure_id", "id of its figure"),
    "article_id": Column("text", "article_id", "id of its article"),
    "figure_name": Column("text", "figure_name", "file of the figure in figures/"),
    "crop_name": Column("text", "crop_name", "file name of the panel's crop"),
    "kind": Column(
        "text", "kind",
        "microscopy, diffraction, graph, illustration, photo, map, medical, gel, table, unclear, parent",
    ),
    "kind_confidence": Column("number", "kind_confidence", "0 to 1"),
    "type": Column("text", "type", "finer kind that the image looks like, where it is known: see docs/doubts.md"),
    "type_confidence": Column("number", "type_confidence", "0 to 1"),
    "type_origin": Column("text", "type_origin", "who says the type: image, caption or both"),
    "label": Column("text", "label", "the panel's letter as printed, without brackets"),
    "label_confidence": Column("number", "label_confidence", "0 to 1"),
    "label_origin": Column("text", "label_origin", "read (from the image) or inferred"),
    "caption": Column("text", "caption", "the panel's part of the caption"),
    "keyword": Column("list", "keywords", "the query's terms, and materials, that its caption names"),
    "material": Column("list", "keywords", "the same: materials are among the keywords, as printed"),
    "technique": Column("list", "techniques", "techniques that its caption names: 'TEM', 'HAADF-STEM'"),
    "nm_per_px": Column("number", "nm_per_px", "scale in nm per pixel"),
    "width_nm": Column("number", "width_nm", "width of the panel in nm"),
    "height_nm": Column("number", "height_nm", "height of the panel in nm"),
    "scale_origin": Column("text", "scale_origin", "printed or caption: who says the length of the scale bar"),
    "scale_confidence": Column("number", "scale_confidence", "0 to 1: sureness of the scale bar and of its print"),
    "doubt": Column("list", "doubts", "doubts about the panel: 'scale_conflict', 'caption_differs_from_print'"),
    "flagged": Column("yes/no", "doubts", "whether there is any doubt"),
    "reviewed": Column("yes/no", "reviewed", "whether a person set it right, or said that it is right"),
    "is_inset": Column("yes/no", "is_inset", "whether it lies within another panel"),
    "article_title": Column("text", "article_title", "title of its article"),
    "source": Column("text", "source", "where the article is from: nature, pmc, arxiv, folder"),
    "journal": Column("text", "journal", "journal of its article"),
    "year": Column("number", "year", "year in which its article was published"),
    "doi": Column("text", "doi", "DOI of its article"),
    "licence": Column("text", "licence", "CC-BY-4.0, CC0-1.0, publisher, third-party, unknown: the figure's own"),
    "is_open": Column("yes/no", "is_open", "whether its article is open access"),
    "split": Column("text", "split", "train, validation or test"),
}  # fmt: skip
