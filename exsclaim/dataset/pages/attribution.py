"""Attribution of every figure, by what Creative Commons licences ask for: title, author, source, licence, changes.

https://wiki.creativecommons.org/wiki/Recommended_practices_for_attribution
"""

import csv
import io
from contextlib import ExitStack
from itertools import groupby

from exsclaim.dataset.plain_pages import plain
from exsclaim.dataset.tables.shards import PublishedArticle
from exsclaim.dataset.tables.table_rows import Row
from exsclaim.dataset.transaction import Transaction
from exsclaim.licences import PUBLISHER, THIRD_PARTY, UNKNOWN, address
from exsclaim.untrusted_text import csv_cell

_ATTRIBUTED = (
    "figure_name", "figure", "authors", "title", "journal", "published", "doi", "licence", "licence_url",
    "licence_words", "article_url", "image_url", "source", "changes",
)  # fmt: skip
_CHANGED = "cut into panels"
_WORDS = {
    PUBLISHER: "The publisher's own terms: all rights may be reserved; ask before you pass the figures on.",
    THIRD_PARTY: "Not under the article's licence: the authors took it from others, whose permission you need.",
    UNKNOWN: "Licence unknown: ask the authors or the publisher before you pass the figures on.",
}
_HEADING = (
    "# Attribution", "",
    "The figures are their authors'. They are stored as published; their panels are cut out of them, and boxes, "
    "labels, scales and captions of panels were read by EXSCLAIM and may be wrong. Name the authors and the "
    "licence wherever you use a figure. The same for programs: `attribution.csv`.", "",
)  # fmt: skip
_MOST_CHARACTERS = 2000
_MOST_AUTHORS = 20

ATTRIBUTIONS = ("ATTRIBUTION.md", "attribution.csv")


class Attribution:
    """Writes `attribution.csv` (a line per figure) and `ATTRIBUTION.md` (by article), article by article.

    `has_bom` as of `published_files.CsvTables`.
    """

    def __init__(self, files: Transaction, *, has_bom: bool = False) -> None:
        self._closing = ExitStack()
        self._page = self._closing.enter_context(files.file(ATTRIBUTIONS[0]))
        table = self._closing.enter_context(files.file(ATTRIBUTIONS[1]))
        text = self._closing.enter_context(
            io.TextIOWrapper(table, encoding="utf-8-sig" if has_bom else "utf-8", newline="")
        )
        self._csv = csv.DictWriter(text, _ATTRIBUTED, lineterminator="\n")
        self._csv.writeheader()
        self._page.write("\n".join(_HEADING).encode())

    def add(self, article: PublishedArticle) -> None:
        entries = [_attributed(figure, article.article) for figure in article.figures]
        for entry in entries:
            cells = {**entry, "authors": "; ".join(entry["authors"])}
            self._csv.writerow(
                {name: csv_cell(cell) if isinstance(cell, str) else cell for name, cell in cells.items()}
            )
        for _, group in groupby(sorted(entries, key=_terms), key=_terms):
            self._page.write("".join(f"\n{line}" for line in _paragraph(list(group))).encode())

    def close(self) -> None:
        self._closing.close()


def _terms(entry: Row) -> tuple[bool, str, str]:
    """Terms by which an article's figures stand together: the article's own before those of others."""
    return entry["licence"] == THIRD_PARTY, entry["licence"], entry["licence_words"]


def _attributed(figure: Row, article: Row) -> Row:
    return {
        "figure_name": figure["figure_name"], "figure": figure["label"] or "",
        "authors": article.get("authors") or [], "title": figure["article_title"] or "",
        "journal": article.get("journal") or "", "published": article.get("published") or "",
        "doi": figure["doi"] or "", "licence": figure["licence"],
        "licence_url": figure["licence_url"] or address(figure["licence"]) or "",
        "licence_words": figure.get("licence_words") or "",
        "article_url": figure["article_url"], "image_url": figure["image_url"],
        "source": article.get("source") or "", "changes": _CHANGED,
    }  # fmt: skip


def _paragraph(figures: list[Row]) -> list[str]:
    first = figures[0]
    names = first["authors"][:_MOST_AUTHORS] + (["et al."] if len(first["authors"]) > _MOST_AUTHORS else [])
    year = f" ({first['published'].year})" if first["published"] else ""
    cited = [
        ", ".join(names) or "Authors not named by the source",
        f"\"{first['title']}\"",
        f"{first['journal']}{year}".strip(),
    ]  # fmt: skip
    link = f"https://doi.org/{first['doi']}" if first["doi"] else first["article_url"]
    terms = _WORDS.get(first["licence"], f"Licence: {first['licence']}.")
    if first["licence_words"]:
        terms += f' The article says: "{plain(first["licence_words"], _MOST_CHARACTERS)}"'
    files = ", ".join(f"{plain(each['figure_name'])} ({plain(each['figure'])})" for each in figures)
    return [
        "- " + plain(". ".join(part for part in cited if part), _MOST_CHARACTERS) + f". <{_linkable(link)}>. {terms}"
        + (f" <{_linkable(first['licence_url'])}>" if first["licence_url"] else ""),
        f"  Files: {files}.",
    ]  # fmt: skip


def _linkable(url: str) -> str:
    """An address that stays within its angle brackets."""
    return url.translate({ord(sign): f"%{ord(sign):02X}" for sign in "<> \n\r\t\\"})
