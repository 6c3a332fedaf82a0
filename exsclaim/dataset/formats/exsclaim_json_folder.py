"""Export as the first EXSCLAIM! wrote it: exsclaim.json, and the figures that it names."""

from exsclaim.dataset.exports import ExsclaimJson
from exsclaim.dataset.formats import Chosen
from exsclaim.dataset.transaction import Transaction


def write(chosen: Chosen, files: Transaction) -> None:
    """`exsclaim.json` and `figures/`."""
    writer = ExsclaimJson(files, "exsclaim.json")
    for article in chosen.articles():
        writer.add(article)
        for figure in article.figures:
            chosen.copy_figure(figure["figure_name"], files, f"figures/{figure['figure_name']}")
    writer.close()
