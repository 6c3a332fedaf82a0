"""Files of a private collection: named by addresses, read only inside their folder, never larger than allowed.

An address is `file:///home/me/papers/./2020/silver.pdf`: what stands behind `/./` is the name that data sets show, so
that they are the same on every machine. What a file refers to (an image beside a page) is looked for in the file's
own folder and below, and nowhere else.
"""

import datetime as dt
import hashlib
import os
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote, unquote, urlsplit

from exsclaim.errors import GoneError, ImageError
from exsclaim.http.addresses import address_parts
from exsclaim.http.bodies import measure
from exsclaim.records import FigureRef
from exsclaim.recovery import NAMED
from exsclaim.settings import settings
from exsclaim.sources.pdf import ONLY_PAGE, drawn_page, is_pdf
from exsclaim.store import Store

MAX_FILE_BYTES = 500_000_000
IMAGE_ENDINGS = (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".gif", ".webp", ".bmp")
DRAWN_ENDING = ".pdf"
"""Of an image that is drawn: a PDF of one page."""
_MARK = "/./"
_WAYS_TO_IMAGES = dict.fromkeys((".html", ".htm", ".xhtml"), "save the page complete, with its images")
"""What to do about images that are missing, by the ending of the file that names them."""


class LocalFile(NamedTuple):
    """A file by its address."""

    url: str
    path: Path
    shown: str
    """Its name in data sets: its path within the collection, with `/`."""
    part: str = ""
    """The article meant, of a file that holds several."""

    @property
    def modified(self) -> dt.date:
        """Day (UTC) on which the file was last changed."""
        return dt.datetime.fromtimestamp(self.path.stat().st_mtime, dt.UTC).date()

    def read(self) -> bytes:
        """Its bytes. Raises GoneError where it is not there, cannot be read, is too large, or leads elsewhere."""
        try:
            if self.path.resolve(strict=True) != self.path:
                raise GoneError(self.url, "a link that leads out of its folder")
            if not self.path.is_file():
                raise GoneError(self.url, "no file")
            size = self.path.stat().st_size
            if size > MAX_FILE_BYTES:
                raise GoneError(
                    self.url, f"{size / 1e6:.0f} MB; files beyond {MAX_FILE_BYTES / 1e6:.0f} MB are not read"
                )
            return self.path.read_bytes()
        except OSError as error:
            raise GoneError(self.url, f"cannot be read ({error.strerror or error})") from error


def address(root: Path, path: Path, part: str = "") -> str:
    """The address of a file below `root`, both absolute."""
    inner = quote(path.relative_to(root).as_posix())
    return f"{root.as_uri().rstrip('/')}{_MARK}{inner}" + (f"?article={quote(part, safe='')}" if part else "")


def local_file(url: str) -> LocalFile:
    """The file at an address that `address` made. Raises GoneError for any other."""
    scheme, host, path, query, _ = urlsplit(url)
    before, mark, inner = path.partition(_MARK)
    if scheme != "file" or host or not mark or not inner:
        raise GoneError(url, "not the address of a file in a folder")
    shown = unquote(inner)
    if ".." in shown.split("/") or shown.startswith("/") or "\0" in shown:
        raise GoneError(url, "leads out of its folder")
    return LocalFile(url, Path(unquote(before) or "/") / shown, shown, unquote(query.removeprefix("article=")))


def version_of(path: Path, *, with_folder: bool) -> str:
    """A version that changes with the file's size or time, or those of its folder where it refers to others."""
    known = [path]
    if with_folder:
        known += sorted(Path(folder, name) for folder, _, names in os.walk(path.parent) for name in names)
    lines = []
    for each in known:
        try:
            stat = each.lstat()
        except OSError:
            continue
        lines.append(f"{each.relative_to(path.parent)} {stat.st_size} {stat.st_mtime_ns}")
    return hashlib.sha256("\n".join(lines).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def beside(file: LocalFile, reference: str) -> Path | None:
    """The file that one refers to, as `fig1.png` or `page_files/fig1.png`; None where there is none in its folder.

    A table names files as they are called ("rods #1.png"), a page by addresses ("rods%20%231.png"). Never one outside:
    neither by `..` nor by an absolute path nor by a link.
    """
    plain = reference.strip().replace("\\", "/")
    if ":" in reference[:12]:
        return None
    found = (_inside(file.path.parent, name) for name in dict.fromkeys((plain, unquote(address_parts(plain).path))))
    return next(filter(None, found), None)


def _inside(folder: Path, name: str) -> Path | None:
    parts = [part for part in name.split("/") if part not in ("", ".")]
    if not parts or ".." in parts or name.startswith("/") or "\0" in name:
        return None
    try:
        path = folder.joinpath(*parts).resolve(strict=True)
    except (OSError, RuntimeError):
        return None
    return path if path.is_relative_to(folder) and path.is_file() else None


def image_file(image: Path | bytes) -> bytes:
    """The bytes of an image file, or of an image out of another file; of a PDF its page, drawn.

    Raises:
        ImageError: it is no image, damaged or too large, or a PDF of several pages; the message names it.
    """
    name = image.name if isinstance(image, Path) else "the image inside the page"
    try:
        if isinstance(image, Path) and image.stat().st_size > MAX_FILE_BYTES:
            raise ImageError(f"larger than {MAX_FILE_BYTES / 1e6:.0f} MB")
        body = image.read_bytes() if isinstance(image, Path) else image
        if is_pdf(body):
            body = drawn_page(body, ONLY_PAGE)
        measure(body, max_megapixels=settings().max_image_megapixels)
    except OSError as error:
        raise ImageError(f"{name}: cannot be read ({error.strerror or error})") from error
    except ImageError as error:
        raise ImageError(f"{name}: {error}") from error
    return body


def with_image(
    figure: FigureRef, image: Path | bytes | None, named: Sequence[str], file: LocalFile, store: Store
) -> FigureRef:
    """The figure with its image put into the store, or with why it has none. `named` is what the file calls it."""
    if image is None:
        said = ", ".join(dict.fromkeys(repr(name.rpartition("/")[2][:100]) for name in named[:3])) or "none"
        way = _WAYS_TO_IMAGES.get(file.path.suffix.lower(), "put it beside it")
        why = f"{file.shown}: the image is not in its folder; {way} {NAMED.format(said)}"
        return figure.model_copy(update={"no_image": why})
    try:
        image_sha256 = store.put(image_file(image))
    except ImageError as error:
        return figure.model_copy(update={"no_image": str(error)})
    return figure.model_copy(update={"image_urls": (shown_path(image, file),), "image_sha256": image_sha256})


def shown_path(image: Path | bytes, file: LocalFile) -> str:
    """The path of an image within the collection; of an image inside the file itself, that file."""
    if isinstance(image, bytes):
        return file.shown
    return "/".join([*file.shown.split("/")[:-1], image.relative_to(file.path.parent).as_posix()])
