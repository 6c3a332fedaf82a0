"""From harvested articles to the published data set of a query: tables, figures, exsclaim.json, exports."""

from collections.abc import Mapping
from pathlib import Path

from exsclaim.dataset import exports, tables
from exsclaim.dataset.attribution import write_attribution
from exsclaim.dataset.harvested import HarvestedArticle, HarvestedFigure, LeftOut
from exsclaim.dataset.merging import merge
from exsclaim.dataset.names import image_extension
from exsclaim.dataset.partitions import Key, Partitions
from exsclaim.dataset.results import results_folder
from exsclaim.dataset.staging import Staging
from exsclaim.errors import ImageError, StoreError, UnreachableError
from exsclaim.licences import UNKNOWN
from exsclaim.query import LICENCE_UNKNOWN
from exsclaim.records import Record
from exsclaim.storage.local import remove_drafts
from exsclaim.store import Store


class Unpublished(Record):
    """A figure that is not in the data set, and why; `error` is the name of a class of `exsclaim.errors`."""

    figure_id: str
    url: str
    error: str
    cause: str


class Published(Record):
    """Where the data set lies and what is in it, over all harvests."""

    folder: Path
    dataset: Path
    exsclaim_json: Path
    articles: int
    figures: int
    panels: int
    panels_by_kind: dict[str, int]
    panels_with_label: int
    panels_with_scale: int
    scalable_panels: int
    """Micrographs, and all other panels that have a scale bar: those that should have a scale."""
    label_agreement: float | None
    """Mean over figures of the Jaccard index of the caption's labels and those read from the image."""
    missing_labels: int
    """Labels that captions speak of and no panel carries."""
    in_this_harvest: int
    """Articles that were new or changed and live in this harvest's partition."""
    unpublished: tuple[Unpublished, ...]
    left_out: tuple[LeftOut, ...] = ()
    """Articles that this harvest found and that must not be in the data set."""


def publish(
    staging: Staging, *, query_name: str, results_dir: Path | str, store: Store, harvest_id: str,
    save_format: frozenset[str], versions: Mapping[str, str], allow_unknown_licences: bool = False,
) -> Published:  # fmt: skip
    """Bring the published data set of a query to what this harvest staged.

    New and changed articles go into the partition of this harvest and leave those of others; articles that are
    published as they are stay where they are, and so do those that this harvest did not meet. A second call with
    the same arguments changes no byte; nor does a kill at any moment, once the call is made again.

    Args:
        staging: what the harvest found, and what must not be in the data set; it is not cleared.
        query_name: names the folder under `results_dir`.
        results_dir: a folder; of a URL, its mirror on this machine is brought up to date
            (`exsclaim.dataset.results` brings it to the URL).
        store: holds the figures' images.
        harvest_id: names the partition.
        save_format: any of "save_subfigures", "visualization" or "visualize", "boxes", "csv".
        versions: name -> version or digest of the code and of each model, kept with articles and panels.
        allow_unknown_licences: also publish articles whose licence is unknown; else they are left out.

    Returns: paths and counts. Figures whose image is not in the store, or is no image, are named and left out.

    Raises:
        UnreachableError: the store lies on another machine that did not answer.
    """
    articles, left_out = list(staging.articles()), staging.left_out()
    folder = results_folder(results_dir, query_name)
    remove_drafts(folder)
    unpublished: list[Unpublished] = []
    extensions: dict[str, str] = {}
    found: dict[Key, HarvestedArticle] = {}
    refused = {each.article_id: each for each in left_out}
    for each in () if allow_unknown_licences else articles:
        if each.article.licence == UNKNOWN:
            refused.setdefault(
                each.article.id, LeftOut(article_id=each.article.id, url=each.article.url, reason=LICENCE_UNKNOWN)
            )
    for article_id, article in sorted({each.article.id: each for each in reversed(articles)}.items()):
        if article_id in refused:
            continue
        usable = []
        for figure in article.figures:
            try:
                extensions[figure.figure.id] = _extension(figure, store)
                usable.append(figure)
            except UnreachableError:
                raise  # an outage must not take figures out of a data set
            except (StoreError, ImageError) as error:
                unpublished.append(
                    Unpublished(
                        figure_id=figure.figure.id, url=figure.figure.image_url, error=type(error).__name__,
                        cause=str(error),
                    )
                )  # fmt: skip
        kept = article.model_copy(update={"figures": tuple(usable)})
        found[Key(article_id, tables.article_digest(kept, versions))] = kept

    partitions = Partitions(folder / "dataset")
    moved = merge(
        partitions, found, extensions, harvest_id=harvest_id, store=store, versions=versions, withdrawn=set(refused)
    )
    contents = exports.Contents.of(partitions)
    exports.figure_images(folder, contents, store)
    exports.exsclaim_json(folder, contents)
    write_attribution(folder, contents)
    exports.export(folder, contents, partitions, save_format)
    counts = exports.counts(contents)
    return Published(
        folder=folder, dataset=partitions.folder, exsclaim_json=folder / "exsclaim.json", **counts,
        in_this_harvest=moved, unpublished=tuple(unpublished),
        left_out=tuple(sorted(refused.values(), key=_by_id)),
    )  # fmt: skip


def _extension(harvested: HarvestedFigure, store: Store) -> str:
    sha256 = harvested.figure.image_sha256
    extension = image_extension(store.read(sha256))
    if extension is None:
        raise ImageError(
            f"{harvested.figure.id}: {store.where(sha256)} is not an image that can be read; fetch it again"
        )
    return extension


def _by_id(left_out: LeftOut) -> str:
    return left_out.article_id
