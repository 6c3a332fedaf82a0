"""Letters within the words of a caption that are no labels: those of legends, and of lists inside a part."""

from collections.abc import Sequence

from exsclaim.captions.labels.label_ranges import Form, PrintedLabel
from exsclaim.captions.labels.label_rows import BARE_FORMS

# characters between the letters of a legend: a name of some words
_LEGEND_REACH = 60


def without_inner_lists(mentions: list[PrintedLabel]) -> list[PrintedLabel]:
    """ "(A) The structures of A, indigo; B, alizarin. (B) Absorption": without A, B, … in the words.

    Those of "(A, B) Two salts: A, borax; B, alum. (C) Halite" stay: they tell the labels of their group.
    """
    if not any(one.form in BARE_FORMS for one in mentions):
        return mentions
    heads = [one for one in mentions if one.form in (Form.PAREN, Form.CLOSE) and one.at_clause_start]
    if len(heads) < 2 or len({label for head in heads for label in head.labels}) < 2:
        return mentions
    dropped: set[PrintedLabel] = set()
    for number, head in enumerate(heads):
        following = heads[number + 1] if number + 1 < len(heads) else None
        end = following.span.start if following is not None else mentions[-1].span.end
        between = [one for one in mentions if head.span.end <= one.span.start < end]
        inner = [one for one in between if one.form in (*BARE_FORMS, Form.REFERENCE)]
        letters = {label.lower() for one in inner for label in one.labels}
        told = {label.lower() for one in inner if one.form in BARE_FORMS for label in one.labels}
        # "A and C, tubulin; B and D, DNA" is told of labels
        if (
            all(len(one.labels) == 1 for one in inner)
            and "a" in letters
            and "b" in told
            and not {"a", "b"} <= {label.lower() for label in head.labels}
        ):
            dropped.update(inner)
    return [one for one in mentions if one not in dropped]


def _is_single_letter(mention: PrintedLabel) -> bool:
    return (
        mention.form is Form.PAREN
        and not mention.at_part_start
        and len(mention.labels) == 1
        and len(mention.labels[0]) == 1
    )


def without_legends(kept: list[PrintedLabel], mentions: Sequence[PrintedLabel], known: set[str]) -> list[PrintedLabel]:
    """`kept` without letters of the drawing: "composed of xylem (X), an endodermis (E), and secretory cells (S)".

    Their neighbours in brackets within the same words are no labels, and the letter has its own text elsewhere.
    """
    if not any(_is_single_letter(one) and known.isdisjoint(one.labels) for one in mentions):
        return kept
    places = {mention: place for place, mention in enumerate(mentions)}
    heads = {label for mention in kept if mention.at_clause_start for label in mention.labels}

    def is_legend(one: PrintedLabel) -> bool:
        place = places.get(one)
        if place is None or one.form is not Form.PAREN or one.at_part_start or not heads.issuperset(one.labels):
            return False
        near = [mentions[other] for other in (place - 1, place + 1) if 0 <= other < len(mentions)]
        return any(
            _is_single_letter(other)
            and known.isdisjoint(other.labels)
            and max(other.span.start - one.span.end, one.span.start - other.span.end) < _LEGEND_REACH
            for other in near
        )

    return [one for one in kept if not is_legend(one)]
