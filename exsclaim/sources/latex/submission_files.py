"""The files of an arXiv submission: unpacked in memory and with limits, and the images of its figures out of them.

Nothing of an archive is ever written under a name of its own. Tar:
https://docs.python.org/3/library/tarfile.html#tarfile-extraction-filter says what can go wrong with extraction.
"""

import io
import tarfile
import zlib
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath

from PIL import Image

from exsclaim.errors import ArchiveError, ImageError
from exsclaim.figures.image import read_image
from exsclaim.http.bodies import measure
from exsclaim.sources.figure_images import Part, composed, labelled_grid
from exsclaim.sources.latex.image_options import Cut, LatexGraphic
from exsclaim.sources.latex.latex_figures import LatexFigure
from exsclaim.sources.latex.tex_source import located
from exsclaim.sources.pdf import drawn_page, is_pdf

MAX_MEMBERS = 10_000
MAX_UNPACKED_BYTES = 1_000_000_000
MAX_RATIO = 200
"""Of unpacked to packed bytes, beyond `FREE_BYTES`: drawings in PostScript reach 30, a bomb 1000."""
FREE_BYTES = 64_000_000


def unpacked(content: bytes, origin: str) -> dict[str, bytes]:
    """The files of a tar archive (plain or gzipped) by their paths; of a single gzipped file, that file as "".

    Links, devices and folders are left out. What is neither tar nor gzip is one file, "" too.

    Raises:
        ArchiveError: it is damaged, larger than the limits, or has a path that leads out of the archive; the
            message begins with `origin`.
    """
    limit = min(MAX_UNPACKED_BYTES, max(FREE_BYTES, MAX_RATIO * len(content)))
    if content[:2] == b"\x1f\x8b":
        content = _gunzipped(content, limit, origin)
    if not _is_tar(content):
        return {"": content}
    try:
        with tarfile.open(fileobj=io.BytesIO(content), mode="r:") as archive:
            return _members(archive, limit, origin)
    except (tarfile.TarError, EOFError, ValueError, OSError, OverflowError) as error:
        raise ArchiveError(f"{origin}: the archive is damaged ({error}); fetch it again") from error


def _members(archive: tarfile.TarFile, limit: int, origin: str) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    total = 0
    for count, member in enumerate(archive):
        if count >= MAX_MEMBERS:
            raise ArchiveError(f"{origin}: the archive has more than {MAX_MEMBERS} members")
        path = _safe(member.name, origin)
        if not member.isreg() or path == ".":
            continue
        total += member.size
        if member.size < 0 or total > limit:
            raise ArchiveError(
                f"{origin}: the archive holds more than the {limit / 1e6:.0f} MB that are unpacked of it"
            )
        file = archive.extractfile(member)
        body = file.read(member.size) if file is not None else b""
        if len(body) != member.size:
            raise ArchiveError(f"{origin}: the archive breaks off in {path!r}; fetch it again")
        files[path] = body
    return files


def _safe(name: str, origin: str) -> str:
    path = PurePosixPath(name.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or "\0" in name or (path.parts and path.parts[0].endswith(":")):
        raise ArchiveError(f"{origin}: the archive has a path that leads out of it: {name[:100]!r}")
    return str(path)


def _is_tar(content: bytes) -> bool:
    """Tell a tar by the magic number (POSIX) or, for tars of before 1988, by the checksum of the first header."""
    if content[257:262] == b"ustar":
        return True
    try:
        tarfile.TarInfo.frombuf(content[:512], "utf-8", "surrogateescape")
    except tarfile.HeaderError:
        return False
    return True


def _gunzipped(content: bytes, limit: int, origin: str) -> bytes:
    whole = bytearray()
    try:
        while content[:2] == b"\x1f\x8b":
            member = zlib.decompressobj(wbits=31)
            whole += member.decompress(content, max_length=limit - len(whole) + 1)
            if len(whole) > limit:
                raise ArchiveError(f"{origin}: unpacks to more than {limit / 1e6:.0f} MB (a decompression bomb?)")
            if not member.eof:
                raise ArchiveError(f"{origin}: the gzip stream breaks off; fetch it again")
            content = member.unused_data
    except zlib.error as error:
        raise ArchiveError(f"{origin}: not valid gzip ({error}); fetch it again") from error
    return bytes(whole)


ENDINGS = (".pdf", ".png", ".jpg", ".jpeg", ".eps", ".ps", ".epsi", ".gif", ".tif", ".tiff", ".bmp")
"""Endings that a name may lack, in the order in which pdfLaTeX and LaTeX try them."""
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
    folders = (*figure.folders, *folders)
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
        if is_pdf(content):
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
    return path or _only_of_its_name(bare, files)


def _only_of_its_name(name: str, files: Mapping[str, bytes]) -> str | None:
    """The one image in any folder with the name of one that is not where the document looks for it.

    TeX looks where a style file, a configuration or an environment variable tells it to, as well.
    """
    stem = PurePosixPath(name).name
    found = [
        path
        for path in files
        if path.lower().endswith(ENDINGS) and PurePosixPath(path).stem.removesuffix("-eps-converted-to") == stem
    ]
    drawable = [path for path in found if not files[path].startswith(_POSTSCRIPT)] or found
    return drawable[0] if len(drawable) == 1 else None


def _turned(content: bytes, graphic: LatexGraphic, max_megapixels: float) -> bytes:
    """The image trimmed and turned as the document does it; as it is where it does neither."""
    if graphic.trim is None and graphic.viewport_bp is None and graphic.angle == 0:
        return content
    with Image.open(io.BytesIO(content)) as opened:
        dpi = opened.info.get("dpi", (72.0, 72.0))
    image = Image.fromarray(read_image(content, max_megapixels))
    across, along = (float(each) / 72 if 1 <= float(each) <= 10_000 else 1.0 for each in dpi)
    if graphic.trim is not None or graphic.viewport_bp is not None:
        left, lower, right, upper = graphic.viewport_bp or (0.0, 0.0, image.width / across, image.height / along)
        cut = graphic.trim or (Cut(0.0),) * 4
        box = (
            max(0, round((left + cut[0].bp) * across + cut[0].share * image.width)),
            max(0, round(image.height - (upper - cut[3].bp) * along + cut[3].share * image.height)),
            min(image.width, round((right - cut[2].bp) * across - cut[2].share * image.width)),
            min(image.height, round(image.height - (lower + cut[1].bp) * along - cut[1].share * image.height)),
        )
        if box[0] < box[2] and box[1] < box[3]:
            image = image.crop(box)
    file = io.BytesIO()
    image.rotate(graphic.angle, expand=True).save(file, "PNG")
    return file.getvalue()
