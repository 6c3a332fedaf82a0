"""Names of published figures: `<article name>_fig<n>.<ext>`, one figure each, whatever articles are called."""

import hashlib
from collections.abc import Iterable, Mapping

from exsclaim.records import Article, Figure
from exsclaim.storage.local import safe_name

_SIGNATURES = (
    (b"\x89PNG\r\n\x1a\n", "png"), (b"\xff\xd8\xff", "jpg"), (b"GIF8", "gif"), (b"II*\x00", "tif"),
    (b"MM\x00*", "tif"), (b"BM", "bmp"),
)  # fmt: skip


def image_extension(content: bytes) -> str | None:
    """Extension by what the file is, not by what its address said; None for what is no image that we read."""
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "webp"
    return next((extension for signature, extension in _SIGNATURES if content.startswith(signature)), None)


def figure_names(
    figures: Iterable[tuple[Article, Figure]], extensions: Mapping[str, str], published: Mapping[str, str]
) -> dict[str, str]:
    """Figure id -> file name, for all figures, such that no two share a name, even where case does not count.

    Args:
        figures: the figures to name, with their articles.
        extensions: figure id -> extension of its image, without the dot.
        published: figure id -> name it was published under, which it keeps (but for the extension).
    """
    stems = {id: name.rpartition(".")[0] for id, name in published.items()}
    taken = {stem.casefold() for stem in stems.values()}
    names = {}
    for article, figure in sorted(figures, key=_by_id):
        if figure.id not in stems:
            stem = f"{safe_name(article.name)}_fig{figure.number}"
            if stem.casefold() in taken:
                # the same article from two sources, say: the id tells them apart
                stem += "-" + hashlib.sha256(figure.id.encode("utf-8", "surrogatepass")).hexdigest()[:16]
            stems[figure.id] = stem
            taken.add(stem.casefold())
        names[figure.id] = f"{stems[figure.id]}.{extensions[figure.id]}"
    return names


def _by_id(pair: tuple[Article, Figure]) -> str:
    return pair[1].id
