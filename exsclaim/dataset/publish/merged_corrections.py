"""Corrections that people made in data sets that become one: gathered, and applied to the rows of the merged one."""

import datetime as dt
from collections.abc import Collection, Sequence
from pathlib import Path

from exsclaim.dataset.opened import Dataset
from exsclaim.dataset.review.corrected_panels import corrected
from exsclaim.dataset.review.corrections import Correction, read_corrections
from exsclaim.dataset.tables import table_rows
from exsclaim.dataset.tables.shards import Shards
from exsclaim.dataset.tables.staging import article_content, article_digest, figure_digest
from exsclaim.dataset.tables.table_rows import Row
from exsclaim.dataset.transaction import ResultFiles
from exsclaim.figures.image import read_image
from exsclaim.settings import settings


def corrections_of(datasets: Sequence[Dataset], wanted: Collection[tuple[int, str]], out: Path) -> list[Correction]:
    """The corrections of all data sets and of an earlier merge, each once, in the order in which they were made.

    `wanted` are the articles that are taken, by the places of their data sets and their ids.
    """
    of_image: dict[str, str] = {}
    there: set[str] = set()
    for place, dataset in enumerate(datasets):
        for _, rows in Shards(ResultFiles(dataset.folder)).column("figures", "article_id", "id", "image_sha256"):
            for row in rows.to_pylist():
                if (place, row["article_id"]) in wanted:
                    there.add(row["id"])
                    of_image.setdefault(row["image_sha256"], row["id"])
    found = [each for folder in (*(dataset.folder for dataset in datasets), out) for each in read_corrections(folder)]
    made = [
        each
        if each.figure_id in there or each.image_sha256 not in of_image
        else _of_figure(each, of_image[each.image_sha256])
        for each in found
    ]
    lines = {each.model_dump_json(): each for each in made}
    return sorted(lines.values(), key=lambda each: each.at if each.at.tzinfo else each.at.replace(tzinfo=dt.UTC))


def _of_figure(correction: Correction, figure_id: str) -> Correction:
    """The correction as one of another figure, whose image is the same."""

    def renamed(id: str) -> str:
        return figure_id + id.removeprefix(correction.figure_id)

    panels = correction.panels and tuple(
        panel.model_copy(
            update={
                "id": renamed(panel.id), "figure_id": figure_id,
                "parent_id": panel.parent_id and renamed(panel.parent_id),
            }
        )
        for panel in correction.panels
    )  # fmt: skip
    return correction.model_copy(update={"figure_id": figure_id, "panels": panels})


def correct(dataset: Dataset, made: dict[str, list[Row]], corrections: dict[str, list[Correction]]) -> None:
    """Bring the rows of an article to what people have said of its figures; nothing changes where that is published."""
    is_changed = False
    places = {row["id"]: place for place, row in enumerate(made["figures"])}
    for row in made["figures"]:
        if row["id"] not in corrections:
            continue
        before = dataset.figure(row["id"])
        after = corrected(before, corrections[row["id"]])
        if after == before:
            continue
        is_changed = True
        row |= {"figure_digest": figure_digest(after), "panels": len(after.panels or ())}
        pixels = read_image(dataset.image_path(row["id"]).read_bytes(), settings().max_image_megapixels)
        others = [panel for panel in made["panels"] if panel["figure_id"] != row["id"]]
        made["panels"] = [*others, *table_rows.panel_rows(after, row, pixels)]
        made["panels"].sort(key=lambda panel: places[panel["figure_id"]])
    if is_changed:
        renew_digest(dataset, made)


def renew_digest(dataset: Dataset, made: dict[str, list[Row]]) -> None:
    """Bring the digest and the counts of an article's rows to its figures and panels as they are now."""
    (article,) = made["articles"]
    figures = [(row["id"], row["figure_digest"] or "", row["versions"] or "") for row in made["figures"]]
    content = article_content(dataset.article(article["article_id"]))
    digest = article_digest(content, figures, article["versions"] or "")
    article |= {"article_digest": digest, "figures": len(made["figures"]), "panels": len(made["panels"])}
    for row in (*made["figures"], *made["panels"]):
        row["article_digest"] = digest
