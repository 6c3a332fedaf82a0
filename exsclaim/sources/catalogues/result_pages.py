"""Pages of a search's results, in turn: none ends the search in silence, and none keeps it from ending."""

from collections.abc import Iterable

from exsclaim.errors import PageFormatError, TransientFetchError

MAX_PAGES = 1_000


class ResultPages:
    """The place that a search has come to. `most`: so many results of one search the service gives."""

    def __init__(self, most: int = 1_000_000) -> None:
        self.follow = True
        """Whether there is a page that was not asked for yet."""
        self.met = 0
        """Results on the pages until here, those that are not as promised included."""
        self.number = 1
        """Of the page that is asked for."""
        self._most = most
        self._names: set[str] = set()

    def met_on(self, url: str, came: int, names: Iterable[str], total: int = 0, *, is_last: bool | None = None) -> None:
        """Take note of the page at `url`.

        Args:
            url: of the page, for messages.
            came: so many results are on it, which may be fewer than were asked for.
            names: of those that are as promised.
            total: results on all pages, as the service says; believed where it is above 0.
            is_last: whether the service names a page behind it; None where only the total can tell.

        Raises:
            TransientFetchError: the results end before the total, or the page has none but those of pages before it.
            PageFormatError: more results follow than the service gives.
        """
        here = set(names)
        if here and here <= self._names:
            raise TransientFetchError(url, f"it gives results of the pages before it once more, behind {self.met}")
        self._names |= here
        self.met += came
        self.number += 1
        self.follow = came > 0 and not (0 < total <= self.met if is_last is None else is_last)
        if not self.follow:
            refuse_early_end(url, self.met, total)
        elif self.met >= self._most or self.number > MAX_PAGES:
            raise PageFormatError(
                f"{url}: nothing behind the first {self.met} results can be had; narrow the query, by dates or terms"
            )


def refuse_early_end(url: str, met: int, total: int) -> None:
    """Raise TransientFetchError where results end behind `met` of `total`: services do so at times, and later go on.

    A hundredth may lack: of many results the total is an estimate, and would name the source every night.
    """
    if met < total - total // 100:
        raise TransientFetchError(url, f"its results end behind {met}, though there are {total}")
