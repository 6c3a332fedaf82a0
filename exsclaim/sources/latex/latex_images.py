"""The image of a LaTeX figure, out of the files of its submission."""

import io
from collections.abc import Mapping, Sequence

from PIL import Image

from exsclaim.errors import ImageError
from exsclaim.figures.image import read_image
from exsclaim.http.imagefile import measure
from exsclaim.sources.figure_images import Part, composed, labelled_grid
from exsclaim.sources.latex.latex_figures import LatexFigure
from exsclaim.sources.latex.latex_layout import LatexGraphic
from exsclaim.sources.latex.tex_macros import located
from exsclaim.sources.pdf import drawn_page

ENDINGS = (".pdf", ".png", ".jpg", ".jpeg", ".eps", ".ps", ".epsi", ".gif", ".tif", ".tiff", ".bmp")
"""That a name may lack, in the order in which pdfLaTeX and LaTeX try them."""
_POSTSCRIPT = (b"%!", b"\x04%!", b"\xc5\xd0\xd3\xc6")


def figure_image(
    figure: LatexFigure, files: Mapping[str, bytes], folders: Sequence[str], *, max_megapixels: float
) -> bytes:
    """The image file of a figure: its one image as it was submitted, or all of them put together as they stand.

    Raises:
        ImageError: an image is missing or damaged, or is of a kind that cannot be drawn; the message names it.
    """
    if figure.is_drawn:
        raise ImageError("the figure is drawn by TeX commands (TikZ, picture), which are not run")
    graphics = [graphic for row in figure.rows for graphic in row]
    if not graphics:
        raise ImageError("the figure includes no image file")
    images = {graphic: _image(graphic, files, folders, max_megapixels) for graphic in dict.fromkeys(graphics)}
    if len(graphics) == 1 and not graphics[0].letter:
        return images[graphics[0]]
    rows = [[Part(images[g], g.letter, g.width_share) for g in row] for row in figure.rows]
    if all(len(row) == 1 and row[0].width_share is None for row in rows) and len(rows) > 3:
        rows = labelled_grid([part for row in rows for part in row])  # nothing is known of the layout
    return composed(rows, max_megapixels=max_megapixels)


def _image(graphic: LatexGraphic, files: Mapping[str, bytes], folders: Sequence[str], max_megapixels: float) -> bytes:
    path = _found(graphic.name, files, folders)
    if path is None:
        raise ImageError(f"the submission has no file for the image {graphic.name!r}")
    content = files[path]
    if content.startswith(_POSTSCRIPT):
        raise ImageError(f"{path} is PostScript (EPS), which is not drawn: no renderer for it has a permissive licence")
    try:
        if content[:1024].lstrip().startswith(b"%PDF"):
            content = drawn_page(content, graphic.page)
        else:
            measure(content, max_megapixels=max_megapixels)
        return _turned(content, graphic, max_megapixels)
    except ImageError as error:
        raise ImageError(f"{path}: {error}") from error


def _found(name: str, files: Mapping[str, bytes], folders: Sequence[str]) -> str | None:
    """The file of an image; what was made of an EPS for pdfLaTeX rather than the EPS."""
    stem, dot, ending = name.rpartition(".")
    bare = stem if dot and f".{ending.lower()}" in ENDINGS else name
    path = located(files, name, list(folders), ENDINGS)
    if path is None or files[path].startswith(_POSTSCRIPT):
        others = (f"{bare}-eps-converted-to.pdf", f"{bare}.pdf", f"{bare}.png", f"{bare}.jpg", f"{bare}.jpeg")
        path = next(filter(None, (located(files, other, list(folders), ()) for other in others)), path)
    return path


def _turned(content: bytes, graphic: LatexGraphic, max_megapixels: float) -> bytes:
    """The image trimmed and turned as the document does it; as it is where it does neither."""
    if graphic.trim_bp is None and graphic.angle == 0:
        return content
    with Image.open(io.BytesIO(content)) as opened:
        dpi = opened.info.get("dpi", (72.0, 72.0))
    image = Image.fromarray(read_image(content, max_megapixels))
    if graphic.trim_bp is not None:
        across, along = (float(each) / 72 if 1 <= float(each) <= 10_000 else 1.0 for each in dpi)
        left, below, right, above = graphic.trim_bp
        box = (
            max(0, round(left * across)), max(0, round(above * along)),
            min(image.width, image.width - round(right * across)),
            min(image.height, image.height - round(below * along)),
        )  # fmt: skip
        if box[0] < box[2] and box[1] < box[3]:
            image = image.crop(box)
    file = io.BytesIO()
    image.rotate(graphic.angle, expand=True).save(file, "PNG")
    return file.getvalue()
