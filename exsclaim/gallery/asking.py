"""Run a prompt on an index: its search, the panels found, and remarks on what was not understood."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from exsclaim.gallery.found_panels import Found, PanelIndex
from exsclaim.gallery.prompts import Understood, understood
from exsclaim.gallery.searches import Search


class Asked(NamedTuple):
    """A prompt's meaning, the search that was made of it, and a page of what that finds."""

    reading: Understood
    search: Search
    found: Found

    @property
    def passed_over(self) -> tuple[str, ...]:
        """Words of the prompt that had no influence on what is found."""
        return (*self.reading.unknown, *self.found.unfound)

    def remarks(self) -> Iterator[str]:
        """Sentences on what was not understood, what was assumed, and words that were passed over."""
        is_nothing_left = not self.found.total and self.search.is_words_alone
        for words in self.reading.unknown:
            yield f"Not understood: “{words}”."
        for note in self.reading.notes:
            yield f"{note[:1].upper()}{note[1:]}."
        if self.found.unfound:
            words = " or ".join(f"“{word}”" for word in self.found.unfound)
            yield f"No panel's text has {words}{'' if is_nothing_left else ': passed over'}."
        if self.found.is_relaxed:
            yield "No panel has all of the words: these have some of them."
        if is_nothing_left and self.passed_over:
            yield "No other condition is left, so that nothing is found."

    def answer(self) -> dict[str, Any]:
        """The result for programs, without the conditions, which each caller formats itself."""
        return {
            "not_understood": self.reading.unknown, "notes": self.reading.notes,
            "words_in_no_text": self.found.unfound, "some_words_only": self.found.is_relaxed,
            "total": self.found.total, "panels": self.found.panels,
        }  # fmt: skip


def ask(
    index: PanelIndex, prompt: str, *, beside: Search | None = None, first: int = 0, count: int = 60
) -> Asked:  # fmt: skip
    """Panels `first` to `first + count` of what a prompt finds together with the conditions and the order of `beside`.

    Where nothing of a prompt is understood, and no other condition is left, nothing is found: not all there is.

    Raises:
        SearchError: the prompt and the conditions beside it contradict each other.
    """
    reading = understood(prompt, journals=index.journals, sources=index.sources)
    search = Search.of([*(beside or Search()).parameters(), *reading.search.parameters()])
    if reading.unknown and search.is_words_alone and not search.words:
        return Asked(reading, search, Found(0, [], (), False))
    return Asked(reading, search, index.find(search, first=first, count=count))
