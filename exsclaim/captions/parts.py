"""What a caption says, by label, while it is being taken apart."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from exsclaim.captions.spans import Span, trimmed


@dataclass
class Parts:
    """Spans of a caption by label, and those said of the whole figure."""

    general: list[Span] = field(default_factory=list)
    of_label: dict[str, list[Span]] = field(default_factory=dict)
    bare: list[str] = field(default_factory=list)
    """Labels that no words were found for."""

    def give(self, text: str, labels: Iterable[str], span: Span) -> None:
        """Adds `span`, without the punctuation around it, to each of `labels`."""
        kept = trimmed(text, span)
        if kept is not None:
            for label in labels:
                self.of_label.setdefault(label, []).append(kept)

    def give_general(self, text: str, span: Span) -> None:
        """Adds `span` to what is said of the whole figure."""
        kept = trimmed(text, span)
        if kept is not None and kept not in self.general:
            self.general.append(kept)
