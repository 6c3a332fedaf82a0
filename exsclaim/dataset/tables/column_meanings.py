"""Meaning of each column of the tables, for the data set's card and croissant.json.

What a panel's columns for filters mean stands beside them (`filter_columns.COLUMNS`). Null is "not known".
"""

import pyarrow as pa

from exsclaim.dataset.tables.filter_columns import COLUMNS
from exsclaim.dataset.tables.table_rows import PLAIN_PANELS, SCHEMAS

_SHARED = {
    "article_id": "id of the article: <source>/<name>",
    "article_digest": "SHA-256 of the article's state: it changes with any part of the article or of its separation",
    "article_title": "title of the article",
    "article_url": "address of the article",
    "source": "where the article is from: nature, pmc, arxiv, folder",
    "journal": "journal of the article",
    "year": "year in which the article was published",
    "doi": "DOI of the article",
    "licence": "licence of the figure if it has its own, else of the article",
    "licence_url": "address of the licence",
    "is_open": "whether the article is open access",
    "split": "train, validation or test; drawn by work, and kept when the data set grows",
    "versions": "JSON: name -> version of the code, and digest of each network, that made the row",
    "origins": "other records of the same work that were left out for this one",
}
_ARTICLES = {
    "name": "name of the article, used in file names",
    "url": "address of the article",
    "title": "title as published",
    "authors": "authors as published, in order",
    "published": "day of publication; see published_precision",
    "published_precision": "how much of `published` is known: day, month or year",
    "abstract": "abstract as published",
    "keywords": "keywords that the authors or the source give",
    "licence": "licence of the article: CC-BY-4.0, CC0-1.0, publisher, unknown",
    "retrieved_at": "day on which it was fetched",
    "figures": "number of its figures",
    "panels": "number of the panels of its figures",
}
_FIGURES = {
    "id": "id of the figure: <source>/<article>/fig<n>",
    "figure_digest": "SHA-256 of the figure's record, caption and panels",
    "figure_name": "file of the figure in figures/, the publisher's bytes",
    "number": "place among the article's figures, from 1",
    "label": "name as printed: Figure 2, Fig. S1",
    "title": "title of the caption, if the publisher marks one",
    "caption": "caption as published",
    "general": "sentences of the caption that belong to all panels",
    "caption_parts": "JSON: the caption split by label, in the caption's order",
    "mentions": "sentences of the article that name the figure, each with its section and the panels that it names",
    "image_url": "address of the image",
    "image_sha256": "SHA-256 of the image as published",
    "perceptual_hash": "256 bits, hexadecimal: alike for images that look alike",
    "width_px": "width of the image as a viewer shows it (EXIF applied)",
    "height_px": "height of the image as a viewer shows it (EXIF applied)",
    "panels": "number of its panels; null: it was not separated",
    "article_name": "name of the article",
    "own_licence": "licence of the figure itself, if it differs from the article's",
    "licence_words": "the words in which the article says so",
}
_PANELS = {
    "image": "crop of the panel: PNG, 8-bit RGB, unchanged pixels of the figure; null: the image has no pixels there",
    "box": "x0 y0 x1 y1 in pixels of the figure, half-open, origin top left",
    "box_confidence": "0 to 1: confidence that this is one panel, and that its box is right",
    "label_box": "box of the printed letter, as `box`",
    "caption_sentences": "the same as `caption`, sentence by sentence",
    "mentions": "sentences of the article that name the panel, each with its section",
    "scale_bars": "each bar: box, length in px and nm, its printed label and box, confidences, origin of the length",
    "parent_id": "id of the panel that it lies in or is part of",
    "doubts": "doubts about the panel by name (docs/doubts.md of EXSCLAIM says what each means); empty: none",
}  # fmt: skip
_FOR_FILTERS = {each.stored: each.doc for each in reversed(COLUMNS.values())}
_MEANINGS = {
    "articles": _SHARED | _ARTICLES,
    "figures": _SHARED | _FIGURES,
    "panels": _SHARED | _FOR_FILTERS | _PANELS,
    PLAIN_PANELS: _SHARED | _FOR_FILTERS | _PANELS,
}


def meaning(table: str, column: str) -> str:
    """The meaning of a column in a line."""
    return _MEANINGS[table][column]


def listed(table: str) -> list[tuple[str, str, str]]:
    """Name, type and meaning of each column of a table, in its order."""
    return [(column.name, _type(column.type), meaning(table, column.name)) for column in SCHEMAS[table]]


def _type(of: pa.DataType) -> str:
    """A type in few words: "string", "list of double", "list of records"."""
    if pa.types.is_list(of):
        return f"list of {'records' if pa.types.is_struct(of.value_type) else of.value_type}"
    return "image" if pa.types.is_struct(of) else str(of)
