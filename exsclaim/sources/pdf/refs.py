"""A PDF's figures as records, their images in the store."""

from exsclaim.records import FigureRef
from exsclaim.sources.pdf.articles import PdfArticle
from exsclaim.store import Store


def figure_refs(pdf: PdfArticle, article_id: str, url: str, store: Store) -> tuple[FigureRef, ...]:
    """The figures, numbered from 1; where each came from is its image URL: `<url>#page=3&box=72.0,100.5,540.0,400.0`.

    The fragment follows RFC 8118 (PDF open parameters), by which viewers go to the page; `box` is `x0,y0,x1,y1` in
    points (1/72 inch) of the page as shown, origin top left. A figure whose caption alone was found has no image.
    """
    return tuple(
        FigureRef(
            id=f"{article_id}/fig{number}",
            article_id=article_id,
            number=number,
            label=figure.label,
            title=figure.title,
            caption=figure.caption,
            image_urls=(f"{url}#page={figure.page}&box={','.join(f'{side:g}' for side in figure.box_pt)}",)
            if figure.image
            else (),
            image_sha256=store.put(figure.image) if figure.image else None,
            no_image="" if figure.image else f"its caption is on page {figure.page}, but no figure was found by it",
        )
        for number, figure in enumerate(pdf.figures, start=1)
    )
