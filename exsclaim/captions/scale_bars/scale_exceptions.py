"""Panels that a sentence about scale bars excepts: "All scale bars except (c) are 3 µm" tells nothing of c."""

import re
from collections.abc import Sequence

from exsclaim.captions.scale_bars.scale_lists import Kind, Token
from exsclaim.captions.spans import Span

_EXCEPTION = re.compile(
    r"\b(?:except(?:ing)?|exception\sof|excluding|apart\sfrom|other\sthan|sauf|außer|excepto)\b"
    r"|\b(?:all|every)\b[^.;,\d]{0,25}?\bbut\b",
    re.IGNORECASE,
)
_UP_TO_LABEL = re.compile(r"[^.;\d]{0,25}")
_OWN_LENGTH = re.compile(r"[)\]]?\s?\((?:=\s?)?")
"""Between a label and its own length: "apart from (c) (1 µm), all are 3 µm"."""


def names_exception(text: str, span: Span) -> bool:
    """True if `span` excepts something: "Except for (c), scale bars are 3 µm"."""
    return _EXCEPTION.search(text, *span) is not None


def without_exception(text: str, opening: Span) -> Span:
    """The words that open a list of lengths, without what they except: "All scale bars [except (c)] are 3 µm"."""
    found = _EXCEPTION.search(text, *opening)
    if found is None:
        return opening
    comma = text.find(", ", found.end(), opening.end)
    is_first = found.start() == opening.start and comma >= 0
    return Span(comma + 2, opening.end) if is_first else Span(opening.start, found.start())


def with_exceptions(text: str, tokens: Sequence[Token], sentence: Span, labels: Sequence[str]) -> list[Token]:
    """Tokens in which the labels that are excepted stand for all the others, whose the length at their side is.

    An exception's own length stays its own ("20 µm except for c, 5 µm"; "apart from (c) (1 µm), all are 3 µm").
    """
    row = list(tokens)
    for exception in _EXCEPTION.finditer(text, *sentence):
        place = next((place for place, token in enumerate(row) if token.span.start >= exception.end()), len(row))
        if place == len(row) or row[place].kind is not Kind.LABELS:
            continue
        excepted = row[place]
        rest = tuple(label for label in labels if label not in excepted.labels)
        if not rest or not _UP_TO_LABEL.fullmatch(text, exception.end(), excepted.span.start):
            continue
        start = _clause_start(text, row, exception.start())
        # "in all panels except (c)": the word is no end of a clause, and "all" is not all
        before = [
            token
            for token in row[start:place]
            if not (exception.start() <= token.span.start < exception.end() or token.labels == tuple(labels))
        ]
        others = Token(Kind.LABELS, excepted.span, rest)
        is_told_before = any(token.kind is Kind.LENGTH for token in before)
        behind = row[place + 1 : place + 3]
        own = behind[0] if behind and behind[0].kind is Kind.LENGTH else None
        is_told_again = len(behind) > 1 and behind[1].labels == excepted.labels
        if own is not None and is_told_before and not is_told_again:
            if all(token.kind is Kind.LENGTH for token in before):
                row[start:place] = [*before, others, Token(Kind.END, excepted.span)]
        elif own is not None and _OWN_LENGTH.fullmatch(text, excepted.span.end, own.span.start):
            row[place + 2 : place + 2] = [Token(Kind.END, own.span), others]
        else:
            row[start : place + 1] = [*before, others]
    return row


def _clause_start(text: str, row: Sequence[Token], position: int) -> int:
    """Place of the first token of the clause that `position` stands in."""
    ends = [
        place + 1
        for place, token in enumerate(row)
        if token.kind is Kind.END and token.span.end <= position and text[token.span.start] in ";."
    ]
    return ends[-1] if ends else 0
