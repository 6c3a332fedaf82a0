"""White space of a caption: the grammar sees single blanks, its spans are the caption's own."""

import re

from exsclaim.captions.spans import Span

_BLANKS = re.compile(r"\s+")


class Squeezed:
    """A caption with each run of white space as one blank, so that line breaks and thin spaces change no split."""

    def __init__(self, caption: str) -> None:
        self.text = caption
        self._places: list[int] | None = None
        if " ".join(caption.split()) != caption:
            self._places = []
            pieces: list[str] = []
            position = 0
            for blanks in [*(found.span() for found in _BLANKS.finditer(caption)), (len(caption), len(caption))]:
                pieces.append(caption[position : blanks[0]])
                self._places += range(position, blanks[0])
                # none at the beginning
                if pieces != [""] and blanks[0] < blanks[1]:
                    pieces.append(" ")
                    self._places.append(blanks[0])
                position = blanks[1]
            self.text = "".join(pieces)

    def in_caption(self, span: Span) -> Span:
        """Where a span of `text` stands in the caption."""
        if self._places is None:
            return span
        return Span(self._places[span.start], self._places[span.end - 1] + 1)
