"""Archives of others, unpacked in memory and with limits: nothing of them is ever written under a name of their own.

Tar: https://docs.python.org/3/library/tarfile.html#tarfile-extraction-filter says what can go wrong with extraction.
"""

import io
import tarfile
import zlib
from pathlib import PurePosixPath

from exsclaim.errors import ArchiveError

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
    """By the magic number (POSIX) or, for tars of before 1988, by the checksum of the first header."""
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
