"""Lengths of insets in a row of lengths and labels: an inset's bar is never its panel's.

What is told of an inset by itself ("100 nm (inset of b)", "inset, 5 nm") leaves the row. Where a panel's letter names
its inset ("b (inset) 5 nm", "insets of (a) and (c) are 5 and 2 nm"), the letter stands for the inset, and takes part
when lengths and labels are paired.
"""

import re
from collections.abc import Sequence

from exsclaim.captions.scale_bars.scale_lists import Kind, Token

_INSET_OF = "inset of "
_LENGTH_OF_INSET = re.compile(r"[\s,(]*(?:(?:in|for|of|on)\s+)?(?:the\s+)?$")
_INSET_OF_LENGTH = re.compile(
    r"\s*(?:scale\s?bars?)?\s*(?:[,:=(]|is|are|was|were|represents?|indicates?|equals?|measures?|corresponds?\sto)?\s*$"
)
_OF_PANEL = re.compile(r"\s*(?:of|in|for|to|from)?\s*(?:the\s+)?(?:panels?\s*)?[(\[]?")
_PANEL_BEFORE = re.compile(r"[)\]]?,?\s?[(\[]?(?:the\s)?")
_BRACKET = re.compile(r"\s?\([^()]*")
_JOINT = re.compile(r"[)\]]?\s?(?:,|,?\s?(?:and|&))\s?(?:in\s|of\s)?[(\[]?")
# "20 nm for (a) and its inset, 10 nm for (b)": one length for both
_AND_ITS = re.compile(
    r"[)\]]?,?\s(?:(?P<and>and\s)(?P<its>its\s|their\s)?|(?:with|including)\s(?:(?:its|their|the|an)\s)?)"
)
_LIST_NEXT = re.compile(r"\s*(?:scale\s?bars?)?\s*(?:[,:=]|is|are)?\s*[(\[]?")
_LIST_BY_LABELS_NEXT = re.compile(r"\s*(?:scale\s?bars?)?\s*(?::|=|is|are)\s*[(\[]?")


def panels_among(labels: Sequence[str]) -> tuple[str, ...]:
    """The labels that stand for panels, without those that stand for an inset."""
    return tuple(label for label in labels if not label.startswith(_INSET_OF))


def without_insets(text: str, tokens: Sequence[Token]) -> list[Token]:
    """Tokens without the lengths of insets and what names those; letters that name an inset stand for it."""
    row = list(tokens)
    dropped: set[int] = set()
    for place, token in enumerate(row):
        if token.kind is not Kind.INSET:
            continue
        dropped.add(place)
        # "magnified (b)" is a panel
        named = _places_of_names(text, row, place) if text[token.span.start] in "Ii" else []
        for name in named:
            row[name] = _of_inset(text, row[name], place, token)
        if not named:
            dropped.update(_told_of_inset(text, row, place))
    return [token for place, token in enumerate(row) if place not in dropped]


def _of_inset(text: str, name: Token, place: int, inset: Token) -> Token:
    """The labels as those of an inset; of "a, c and b inset" the last one."""
    joint = text[name.span.start : inset.span.start]
    one = (
        inset.span.start > name.span.start
        and " and " in joint
        and not text[inset.span.start : inset.span.end].endswith("s")
    )
    kept = name.labels[:-1] if one else ()
    return name._replace(labels=(*kept, *(_INSET_OF + label for label in name.labels[len(kept) :])))


def _places_of_names(text: str, row: Sequence[Token], place: int) -> list[int]:
    """Places of the labels that name insets by the word at `place`."""
    token = row[place]
    before = row[place - 1] if place else None
    after = row[place + 1] if place + 1 < len(row) else None
    if place == 0 and (listed := _places_of_list(text, row)):
        return listed
    is_of_panel = after is not None and after.labels and _OF_PANEL.fullmatch(text, token.span.end, after.span.start)
    is_lengths_first = next((one.kind for one in row if one.kind is not Kind.INSET), None) is Kind.LENGTH
    if before and before.labels and _PANEL_BEFORE.fullmatch(text, before.span.end, token.span.start):
        is_beside = text[before.span.end : token.span.start].isspace()
        # "20 nm (a, inset 5 nm)", and "2 nm b inset, 5 nm c"; "20 nm (a, inset in c)"
        is_another = is_of_panel or (is_lengths_first and _is_length_of(text, token, after))
        if is_beside or not is_another:
            return [place - 1]
    if not is_of_panel:
        return []
    behind = _run_of_labels(text, row, place + 1)
    length = row[behind[-1] + 1] if behind[-1] + 1 < len(row) else None
    if length and length.kind is Kind.LENGTH and not is_lengths_first:
        # "(b) 10 nm, inset of (b) 5 nm"; in "5 nm (inset of b), c 10 nm" the length behind is another's
        between = text[token.span.start : length.span.start]
        if between.count("(") == between.count(")"):
            return behind
    is_told = before is not None and before.kind is Kind.LENGTH
    return [] if is_told and _LENGTH_OF_INSET.fullmatch(text, row[place - 1].span.end, token.span.start) else behind


def _run_of_labels(text: str, row: Sequence[Token], place: int) -> list[int]:
    """Places of the labels that "insets of (a) and (c)" names, the first at `place`; "inset of (a)" names one."""
    run = [place]
    while row[place - 1].kind is Kind.INSET and text[row[place - 1].span.end - 1] == "s" and run[-1] + 1 < len(row):
        behind = row[run[-1] + 1]
        if not behind.labels or not _JOINT.fullmatch(text, row[run[-1]].span.end, behind.span.start):
            break
        run.append(run[-1] + 1)
    return run


def _places_of_list(text: str, row: Sequence[Token]) -> list[int]:
    """Places of all labels of a list of insets: "Inset scale bars: 5 nm (a), 2 nm (b)", "In the insets: a, 5 nm"."""
    if len(row) < 3:
        return []
    stop = next((place for place, token in enumerate(row) if token.kind is Kind.END), len(row))
    if row[1].labels and _LIST_BY_LABELS_NEXT.fullmatch(text, row[0].span.end, row[1].span.start):
        stop = len(row)
    elif not (row[1].kind is Kind.LENGTH and _LIST_NEXT.fullmatch(text, row[0].span.end, row[1].span.start)):
        return []
    names = [place for place in range(1, stop) if row[place].labels]
    lengths = [place for place in range(1, stop) if row[place].kind is Kind.LENGTH]
    is_other = row[1].kind is Kind.LENGTH and (len(lengths) != len(names) or names[-1] < lengths[-1])
    return [] if is_other else names


def _told_of_inset(text: str, row: Sequence[Token], place: int) -> set[int]:
    """Places of the length that is told of the inset at `place`, and of the labels that say whose inset it is."""
    token = row[place]
    before = row[place - 1] if place else None
    after = row[place + 1] if place + 1 < len(row) else None
    if before and before.labels and (joint := _AND_ITS.fullmatch(text, before.span.end, token.span.start)):
        is_lengths_first = row[0].kind is Kind.LENGTH
        if joint["its"] or not joint["and"] or not is_lengths_first:
            # "(b) and its inset are 500 and 50 nm": the second is the inset's
            following = [one.kind for one in row[place + 1 : place + 3]]
            is_each = not is_lengths_first and len(before.labels) == 1 and following == [Kind.LENGTH, Kind.LENGTH]
            return {place + 2} if is_each else set()
    if _is_length_of(text, token, after):
        return {place + 1}
    if before and before.kind is Kind.LENGTH and _LENGTH_OF_INSET.fullmatch(text, before.span.end, token.span.start):
        is_of_panel = after and after.labels and _OF_PANEL.fullmatch(text, token.span.end, after.span.start)
        # "50 µm (insets of the cortex and F)"
        is_in_bracket = after and after.labels and _BRACKET.fullmatch(text, before.span.end, after.span.start)
        return {place - 1, *(_run_of_labels(text, row, place + 1) if is_of_panel or is_in_bracket else ())}
    following = [one.kind for one in row[place + 1 : place + 3]]
    if row[0].kind is not Kind.LENGTH and following == [Kind.LABELS, Kind.LENGTH]:
        return {place + 1, place + 2}
    return set()


def _is_length_of(text: str, inset: Token, after: Token | None) -> bool:
    """ "inset, 5 nm", "inset scale bar is 5 nm"."""
    is_length = after is not None and after.kind is Kind.LENGTH
    return is_length and after is not None and bool(_INSET_OF_LENGTH.fullmatch(text, inset.span.end, after.span.start))
