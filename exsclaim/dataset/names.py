"""Names of published figures: `<article name>_fig<n>.<ext>`, one figure each, whatever articles are called."""

import hashlib
from collections.abc import Iterable, Set

from exsclaim.records import Article, Figure
from exsclaim.storage.local import safe_name


class FigureNames:
    """Gives each figure of a data set its file name, such that no two share one, even where case does not count.

    `articles` are the published ones, as (id, name). Names are those of an article, so only articles of one name can
    collide: figures of all but the first then carry a digest of their id.
    """

    def __init__(self, articles: Iterable[tuple[str, str]]) -> None:
        self._owners: dict[str, set[str]] = {}
        for id, name in articles:
            self._owners.setdefault(safe_name(name).casefold(), set()).add(id)

    def of(self, article: Article, figure: Figure, extension: str, published: str | None, taken: Set[str]) -> str:
        """The figure's name.

        Args:
            article: the figure's article.
            figure: the figure to name.
            extension: of its image, without the dot.
            published: the name it was published under, which it keeps (but for the extension).
            taken: names of the article's other figures.
        """
        stem = published.rpartition(".")[0] if published else f"{safe_name(article.name)}_fig{figure.number}"
        owners = self._owners.setdefault(safe_name(article.name).casefold(), set())
        stems = {name.rpartition(".")[0].casefold() for name in taken}
        if not published and (owners - {article.id} or stem.casefold() in stems):
            # the same article from two sources, say: the id tells them apart
            stem += "-" + hashlib.sha256(figure.id.encode("utf-8", "surrogatepass")).hexdigest()[:16]
        owners.add(article.id)
        return f"{stem}.{extension}"
