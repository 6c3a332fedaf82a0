"""From the figures of a JATS article to references that can be fetched."""

from collections.abc import Callable, Sequence

from exsclaim.errors import BadContentError, GoneError, ImageError
from exsclaim.http import Client
from exsclaim.records import Article, FigureRef
from exsclaim.sources.facts.figure_mentions import with_mentions
from exsclaim.sources.facts.publication_facts import with_own_licence
from exsclaim.sources.figure_images import Part, composed, labelled_grid
from exsclaim.sources.jats.jats_article import JatsArticle
from exsclaim.sources.jats.jats_figures import JatsFigure, JatsGraphic

Addresses = Callable[[str], Sequence[str]]
"""The addresses of a graphic that JATS calls so, best first."""


def figure_refs(
    jats: JatsArticle, article: Article, addresses: Addresses, source: str, client: Client
) -> tuple[FigureRef, ...]:
    """One reference per figure. A figure of several graphics is put together here, and its image kept in the store.

    Raises:
        TransientFetchError, BlockedError: an image of such a figure cannot be had now.
    """
    refs = [_reference(figure, article, addresses, source, client) for figure in jats.figures]
    return with_context(refs, jats, article)


def with_context(refs: Sequence[FigureRef], jats: JatsArticle, article: Article) -> tuple[FigureRef, ...]:
    """The references, one for each of `jats.figures`, with their mentions and with licences of their own."""
    own = [
        with_own_licence(ref, article.licence, figure.rights.statement)
        for ref, figure in zip(refs, jats.figures, strict=True)
    ]
    return with_mentions(own, jats.paragraphs, article.id)


def _reference(figure: JatsFigure, article: Article, addresses: Addresses, source: str, client: Client) -> FigureRef:
    renditions = [_renditions(graphic, addresses) for graphic in figure.graphics]
    image_sha256, no_image, image_urls = None, "", next(iter(renditions), ())
    if len(renditions) > 1:
        try:
            parts = [
                Part(_image(urls, source, client), graphic.label)
                for urls, graphic in zip(renditions, figure.graphics, strict=True)
            ]
            # without letters it is one figure that goes over several pages
            rows = labelled_grid(parts) if any(part.label for part in parts) else [[part] for part in parts]
            image_sha256 = client.store.put(composed(rows))
        except (GoneError, BadContentError, ImageError) as error:
            no_image = (
                f"of its {len(renditions)} images one cannot be had, and without it the figure is another: {error}"
            )
    return FigureRef(
        id=f"{article.id}/fig{figure.number}",
        article_id=article.id,
        number=figure.number,
        label=figure.label,
        title=figure.title,
        caption=figure.caption,
        image_urls=image_urls,
        image_sha256=image_sha256,
        no_image=no_image,
    )


def _renditions(graphic: JatsGraphic, addresses: Addresses) -> tuple[str, ...]:
    return tuple(dict.fromkeys(url for href in graphic.hrefs for url in addresses(href)))


def _image(urls: Sequence[str], source: str, client: Client) -> bytes:
    failure: GoneError | BadContentError = GoneError("the article", "it names no image for a part of a figure")
    for url in urls:
        try:
            return client.store.read(client.image(url, source=source).sha256)
        except (GoneError, BadContentError) as error:
            failure = error
    raise failure
