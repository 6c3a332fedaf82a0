"""Corrections on their way into the data set: articles that people corrected are staged beside what a harvest found."""

from collections.abc import Mapping
from pathlib import Path

from exsclaim.dataset.corrections import Correction, Dropped, corrected, read_corrections
from exsclaim.dataset.harvested import HarvestedArticle, figure_digest
from exsclaim.dataset.opened import Dataset, DatasetError
from exsclaim.dataset.staging import Staging


def stage_corrected(folder: Path, staging: Staging) -> list[Dropped]:
    """Stage each corrected article of the data set in `folder` as it is to be; gives the corrections that do not fit.

    An article that the harvest staged is staged again with its figures corrected; of one that it did not, the figures
    that change, the others staying as they are published.

    Raises:
        CorrectionError: the file of corrections is damaged.
    """
    of_figure: dict[str, list[Correction]] = {}
    for correction in read_corrections(folder):
        of_figure.setdefault(correction.figure_id, []).append(correction)
    if not of_figure:
        return []
    of_article: dict[str, dict[str, list[Correction]]] = {}
    for figure_id, corrections in of_figure.items():
        of_article.setdefault(figure_id.rpartition("/")[0], {})[figure_id] = corrections
    try:
        published: Dataset | None = Dataset(folder)
    except DatasetError:
        published = None
    dropped: list[Dropped] = []
    for article_id, figures in sorted(of_article.items()):
        staged = staging.article(article_id)
        if staged is None and published is not None:
            staged = _published(published, article_id, figures, dropped)
        elif staged is not None:
            dropped += _unfitting(staged, figures)
        if staged is None:
            continue
        made = tuple(corrected(each, figures.get(each.figure.id, ())) for each in staged.figures)
        if made != staged.figures:
            staging.add(staged.model_copy(update={"figures": made}))
    return dropped


def _unfitting(staged: HarvestedArticle, figures: Mapping[str, list[Correction]]) -> list[Dropped]:
    """The corrections of figures whose image the harvest has found to be another, or that the article has no more."""
    images = {each.figure.id: each.figure.image_sha256 for each in staged.figures}
    found = []
    for figure_id, corrections in figures.items():
        if figure_id in staged.missing:
            continue
        for each in corrections:
            if figure_id not in images:
                found.append(Dropped(each, "the article has this figure no more"))
            elif images[figure_id] != each.image_sha256:
                found.append(Dropped(each, "the figure's image has changed"))
    return found


def _published(
    published: Dataset, article_id: str, figures: Mapping[str, list[Correction]], dropped: list[Dropped]
) -> HarvestedArticle | None:
    """A published article with the figures that corrections change; None where there are none."""
    try:
        article = published.article(article_id)
    except DatasetError:
        dropped += [Dropped(each, "the article is not in the data set") for given in figures.values() for each in given]
        return None
    changing = []
    for figure_id, corrections in figures.items():
        try:
            figure = published.figure(figure_id)
        except DatasetError:
            dropped += [Dropped(each, "the article has this figure no more") for each in corrections]
            continue
        sha256 = figure.figure.image_sha256
        dropped += [Dropped(e, "the figure's image has changed") for e in corrections if e.image_sha256 != sha256]
        if figure_digest(corrected(figure, corrections)) != figure_digest(figure):
            changing.append(figure)
    if not changing:
        return None
    others = published.figure_ids(article_id) - {each.figure.id for each in changing}
    return HarvestedArticle(article=article, figures=tuple(changing), missing=tuple(sorted(others)))
