"""A count of an article's figures: those that its text names, or that lack among the numbers read, must not vanish.

Figures are counted by numbering: the article's own, its supplement's, its extended data, each chapter's of a thesis.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from exsclaim.records import FigureRef, Mention

Key = tuple[str, str]
"""Series of a figure ("" for the article's own) and its number, as figures are named."""
SEVERAL = re.compile(
    r"(?!(?-i:[Ff]ig(?:ure)?S\d))fig(?:ur[ae])?s\.?\s*\d|fig(?:ure|\.)\s*\d+\s+and\s+\d|abbildungen", re.IGNORECASE
)
"""A label of several figures that are one image: "Figs 1–9", "Figure 2 and 3"; "FigS3" is one of a supplement."""
_LABELS = {"supplementary": "Figure S{}", "extended data": "Extended Data Fig. {}", "scheme": "Scheme {}"}
_OF_OTHERS = re.compile(
    r"\[\d|\bet\s+al\b|\brefs?\b|\breference|suppl|append|(?-i:\bE?SI\b)|\badditional\s+file|\bmain\s+(?:text|paper|article)"
    r"|\b(?:19|20)\d\d[a-z]?(?:\)|;(?=\s*fig))",
    re.IGNORECASE,
)
"""A sentence that may speak of another work's figure, or of one that lies in a file beside this."""
_ON_ANOTHER = re.compile(
    r"\W*(?:(?:author|publisher)['’]?s?['’]?\s+)?(?:comments?\s+on\b|(?:in\s+)?reply(?:\s+(?:to|from|by)\b|\W*$|\s*[:.])|re:\s"
    r"|letters?\s+to\s+the\s+editor|(?:response|rebuttal|answer)s?\s*(?:$|[:.]|letters?\b"
    r"|to\s+(?:the\s+)?(?:comment|review|referee|editor|letter|author|[“\"'‘]|[A-Z]\w+\s+et\s+al))"
    r"|matters\s+arising|discussion\s+(?:of|on)\s*[:“\"'‘]|.*[:–—-]\s*(?:an?\s+|(?:the\s+)?authors?['’]?s?['’]?\s+)?(?:reply|comment|rejoinder|rebuttal)\W*$"
    r"|rebuttal\s+(?:to|of)\b|correction\s*(?:$|:|(?:to|for)\s*[:“\"'‘])|corrigend|errat(?:um|a)\b|retraction\s*(?:$|:|note|notice)|addendum\b)",
    re.IGNORECASE,
)
"""The title of an article on another one: a comment, a reply, a correction."""
_PLACE = re.compile(r"(?P<chapter>(?:[A-Z]|\d{1,2})\.|[A-Z])?(?P<place>\d{1,3})")
_CHAPTERS = 2
"""Where figures of so many chapters were read, chapters between and behind them are watched, too."""
_FIRST_READ = 3
"""Where the first figure read has at most this number, those before it are missed though nobody names them."""


class _Numbering(NamedTuple):
    """A series of figures that is counted from 1 on, or a chapter's of a series ("3.", "A")."""

    series: str
    chapter: str


def is_on_another(title: str) -> bool:
    """True if an article's title says that it is on another one, whose figures its text may name by their numbers."""
    return _ON_ANOTHER.match(title) is not None


def overlooked(
    figures: Sequence[FigureRef], read: Mapping[Key, int], unread: Mapping[Key, Sequence[Mention]], article_id: str,
    on_another: bool = False,
) -> Iterator[FigureRef]:  # fmt: skip
    """Figures that an article has though none was read: each has no image, says why, and has what names it.

    They are figures of a numbering of which one was read, between 1 and the highest, or named in two sentences at
    least up to two behind it; one will do for the next, where it cites no other work. Where none was read they are
    those from 1 on without a gap, if two sentences name them. One whose neighbours were read ("Figure 3" and
    "Figure 5") is told, named or not. `read` has the index of each figure by its name, `unread` what names others.
    Of an article on another (`on_another`) nothing else is told: whose figures its text names nobody knows.
    """
    unread = {} if on_another else unread
    highest: dict[_Numbering, int] = defaultdict(int)
    for key in read:
        if (place := _place(key)) is not None:
            highest[place[0]] = max(highest[place[0]], place[1])
    if not figures:
        highest[_Numbering("", "")] = _highest_named(unread)
    chapters = [int(of.chapter[:-1]) for of in highest if not of.series and of.chapter[:-1].isdigit()]
    next_number = max((figure.number for figure in figures), default=0)
    wanted: dict[Key, Sequence[Mention]] = {
        **dict.fromkeys(_between(figures, read, 0 if on_another else _FIRST_READ), ()),
        **unread,
    }
    places = {key: place for key in wanted if (place := _place(key)) is not None}
    for key in sorted(places, key=places.__getitem__):
        of, number = places[key]
        if of not in highest and not _is_chapter_among(of, chapters):
            continue
        last, mentions = highest[of], wanted[key]
        is_next = not of.series and number == last + 1 and not (mentions and _OF_OTHERS.search(mentions[0].sentence))
        if number > last and (not figures or not (is_next or (len(mentions) > 1 and number <= last + 2))):
            continue
        highest[of] = max(last, number)
        next_number += 1
        label = _LABELS.get(key[0], "Figure {}").format(key[1])
        why = "the text names {}" if mentions else "figures before and behind {} were read"
        yield FigureRef(
            id=f"{article_id}/fig{next_number}", article_id=article_id, number=next_number, label=label,
            title="", caption="", image_urls=(), mentions=tuple(mentions),
            no_image=f"{why.format(label)}, but no such figure was found among the article's figures",
        )  # fmt: skip


def _place(key: Key) -> tuple[_Numbering, int] | None:
    found = _PLACE.fullmatch(key[1])
    return None if found is None else (_Numbering(key[0], found["chapter"] or ""), int(found["place"]))


def _is_chapter_among(of: _Numbering, chapters: Sequence[int]) -> bool:
    """True if a numbering is that of a chapter between others of which figures were read, or of the next one."""
    number = of.chapter[:-1]
    is_among = number.isdigit() and len(chapters) >= _CHAPTERS and min(chapters) <= int(number) <= max(chapters) + 1
    return not of.series and is_among


def _between(figures: Sequence[FigureRef], read: Mapping[Key, int], first_read: int) -> list[Key]:
    """Figures that were not read though those before and behind them were, fewer than these.

    None where several are one image: their numbers may be told in any way ("Figures 2–34", "Plate 3"). What stands
    between two figures may be the one between their numbers, its label misprinted ("Fgure 2"), and is a scheme of its
    number where both are counted together. Before one with at most the number `first_read` all are missed.
    """
    if any(SEVERAL.match(figure.label) for figure in figures):
        return []
    named = set(read.values())
    numberings: dict[_Numbering, dict[int, int]] = defaultdict(dict)
    for key, index in read.items():
        if (place := _place(key)) is not None and key[0] != "scheme":
            numberings[place[0]][place[1]] = index
    lost: list[Key] = []
    schemes = _schemes_among_figures(read)
    for of, numbers in numberings.items():
        before = {0: -1} if min(numbers) <= first_read and not of.series else {}
        steps = pairwise(sorted((before | numbers).items()))
        gaps = [
            number
            for (low, start), (high, end) in steps
            if all(index in named for index in range(start + 1, end))
            for number in range(low + 1, high)
            if of.series or of.chapter or str(number) not in schemes
        ]
        if len(gaps) < len(numbers):
            lost += [(of.series, f"{of.chapter}{number}") for number in gaps]
    return lost


def _schemes_among_figures(read: Mapping[Key, int]) -> set[str]:
    """Numbers of the schemes that are counted together with the figures: "Figure 1", "Scheme 2", "Figure 3".

    No figure has a number of theirs, and they do not count from 1 on by themselves.
    """
    schemes = {number for series, number in read if series == "scheme"}
    is_apart = any(("", number) in read for number in schemes) or schemes == {str(n + 1) for n in range(len(schemes))}
    return set() if is_apart else schemes


def _highest_named(unread: Mapping[Key, Sequence[Mention]]) -> int:
    """The last of the figures from 1 on that are named without a gap; 0 where fewer than two sentences name them."""
    highest = 0
    while ("", str(highest + 1)) in unread:
        highest += 1
    sentences_of = {mention.sentence for number in range(1, highest + 1) for mention in unread["", str(number)]}
    return highest if len(sentences_of) > 1 else 0
