"""Detection of caption lines: "Figure 3.", "Fig. 3 |", "FIG. 3.", "Scheme 1", "Extended Data Fig. 2", and what follows.

"Figure 3 shows …" at the start of a line of running text is none: a caption begins a block of its own, and is told
from a sentence by its sign after the number, by its type, and by how the sentence goes on.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from exsclaim.geometry import Box, hull
from exsclaim.sources.pdf.captions.body_type import LONG, body_style, usual_leading
from exsclaim.sources.pdf.captions.bold_titles import legend_under
from exsclaim.sources.pdf.captions.caption_extent import above, going_on, grown, is_last_of_column
from exsclaim.sources.pdf.captions.caption_labels import ENOUGH, NO_FIGURES, start_of
from exsclaim.sources.pdf.captions.caption_paragraphs import ends_sentence
from exsclaim.sources.pdf.captions.unsigned_labels import unsigned
from exsclaim.sources.pdf.page_content import Page
from exsclaim.sources.pdf.text.label_words import CONTINUED, CONTINUED_LABEL
from exsclaim.sources.pdf.text.line_types import shares_type
from exsclaim.sources.pdf.text.text_lines import Line

_PAGE = r"(?:the\s+)?(?:top of )?(?:the )?(?:next|following|previous|preceding|opposite|facing|adjacent|other)\s+page"
_LEGEND = r"(?:legends?|captions?|text|descriptions?)"
LEGEND_ELSEWHERE = re.compile(
    rf"\W*(?:(?:see|full|figure|for)\s+)*(?:{_LEGEND}\s+(?:is |are |appears? |continue[sd]? )?(?:on|at)\s+{_PAGE}"
    rf"|{_PAGE}\s+for\s+(?:the\s+)?(?:figure\s+)?{_LEGEND}|{_LEGEND}\s+overleaf)\W*",
    re.IGNORECASE,
)
"""What stands under a figure whose caption is on another page."""
_PLACEHOLDER = 250
_SURE, _SURE_ALIKE = 4, 3
"""Score of a caption that has its sign and a type of its own: two of one number are two figures. Where two are set
alike, one of these is enough: a number may stand twice by mistake.
"""
_SAME_TITLE, _SAME, _NO_TITLE = 25, 60, 80
"""Letters that two captions have in common where one is a title in a list of figures, and where both are longer."""
_PART = re.compile(r"\(([a-h])\)[\s.:]*")
"""What a caption begins with that is of one part of a figure, as its label or as what it tells first."""
_LEAST_PARTS = 2
_Type = tuple[str, float]


@dataclass(frozen=True)
class Caption:
    """A caption on a page, in reading order."""

    page: int
    label: str
    """As printed: "Fig. 3"."""
    number: str
    kind: str
    """"figure", "scheme", "table", …"""
    lines: tuple[Line, ...]
    rest: str
    """Text of the first line behind the label and its sign."""
    score: int
    elsewhere: tuple[Line, ...] = ()
    """Its lines in the next column or on the next page."""
    twin: tuple[Line, ...] = ()
    """The lines that say the same in another language, right over or under it."""
    run: int = 0
    """How many captions of this number stand before it: chapters and supplements may count from 1 anew."""
    has_rival: bool = False
    """Another line of the document might be the caption of this number, though it looks less like one."""

    @property
    def box(self) -> Box:
        return hull(line.box for line in (*self.lines, *self.twin))

    @property
    def all_lines(self) -> tuple[Line, ...]:
        """Its lines wherever they are, in both languages of a caption in two."""
        return (*self.lines, *self.elsewhere, *self.twin)

    @property
    def is_figure(self) -> bool:
        return self.kind not in NO_FIGURES

    @property
    def is_continued(self) -> bool:
        return CONTINUED.match(self.rest) is not None or CONTINUED_LABEL.match(self.label) is not None

    @property
    def is_placeholder(self) -> bool:
        """True if it is a label alone, or says that the caption is on another page, behind no more than a title."""
        text = " ".join([self.rest, *(line.text for line in self.lines[1:])])
        elsewhere = (found.end() == len(text) for found in LEGEND_ELSEWHERE.finditer(text))
        return self.is_bare or (len(text) < _PLACEHOLDER and any(elsewhere))

    @property
    def is_bare(self) -> bool:
        """True if it is a label alone."""
        return not self.rest and len(self.lines) == 1

    @property
    def key(self) -> tuple[str, str, int]:
        """Kind and number of the figure, and the page of a continuation or of words that stand for a caption."""
        prefix = re.match(r"\s*(extended|suppl|support|appendix|s(?=fig))", self.label, re.IGNORECASE)
        if self.number[:1] == "S":
            prefix = None  # "Supplementary Figure S1" and "Figure S1" are one
        page = self.page if self.is_continued or self.is_placeholder else 0
        return (prefix[1].casefold() if prefix else "") + self.kind, self.number, page


def find_captions(pages: Sequence[Page], without: Collection[int] = ()) -> list[Caption]:
    """All captions, of tables too, in the order of the pages; each figure's best candidate only.

    Two captions of one number on different pages are both kept where both are sure and say other things. `without`
    are ids of lines that begin none.
    """
    body, leading = body_style(pages), usual_leading(pages)
    of_pages = [_of_page(page, body, leading) for page in pages]
    plain = {int(c.number): c for found in of_pages for c in found if c.kind == "figure" and c.number.isdigit()}
    types = {_type_of(caption) for caption in plain.values()}
    sure = unsigned(pages, {number: caption.page for number, caption in plain.items()}, types, body)
    if sure:
        of_pages = [_of_page(page, body, leading, sure) for page in pages]
    found = _of_parts([c for page in of_pages for c in _in_one_language(page) if id(c.lines[0]) not in without])
    usual = _usual_types(found)
    best: dict[tuple[str, str, int], list[Caption]] = defaultdict(list)
    for caption in found:
        known = best[caption.key]
        place = next((place for place, other in enumerate(known) if not _are_two(caption, other, usual)), None)
        if place is None:
            known.append(caption)
        elif _rank(caption, usual) > _rank(known[place], usual):
            known[place] = caption
    runs = {id(caption): run for known in best.values() for run, caption in enumerate(known)}
    candidates = Counter(caption.key for caption in found)
    kept = [
        replace(caption, run=runs[id(caption)], has_rival=candidates[caption.key] > len(best[caption.key]))
        for caption in found if id(caption) in runs
    ]  # fmt: skip
    return _continued(kept, pages, body)


def _of_parts(captions: Sequence[Caption]) -> list[Caption]:
    """The captions, those that are each of one part with its letter in label and number: "Fig. 6(a)", "Fig. 6(b)".

    Where one caption alone begins so, it is the whole figure's and tells of part a first.
    """
    parts: dict[tuple[str, str, int], dict[str, Caption]] = defaultdict(dict)
    for caption in captions:
        if caption.is_figure and (found := _PART.match(caption.rest)) is not None:
            parts[caption.key].setdefault(found[1], caption)
    lettered: dict[int, Caption] = {}
    for of_one in parts.values():
        if len(of_one) < _LEAST_PARTS or sorted(of_one) != list("abcdefgh"[: len(of_one)]):
            continue
        for letter, caption in of_one.items():
            label = re.match(rf"{re.escape(caption.label)}\s*\({letter}\)", " ".join(caption.lines[0].text.split()))
            rest = _PART.sub("", caption.rest, count=1)
            if label is not None:
                lettered[id(caption)] = replace(caption, label=label[0], number=caption.number + letter, rest=rest)
    return [lettered.get(id(caption), caption) for caption in captions]


def _in_one_language(captions: Sequence[Caption]) -> list[Caption]:
    """The captions of a page, one for each that stands there in two languages: the English one, or else the first.

    "图 1 银颗粒" and under it "Fig. 1 Particles of silver", or "Рис. 1" and "Fig. 1".
    """
    kept: list[Caption] = []
    for caption in captions:
        first = next((other for other in kept if _says_the_same(other, caption)), None)
        if first is None:
            kept.append(caption)
            continue
        is_english = caption.label.startswith(("F", "T"))
        chosen, twin = (caption, first) if is_english else (first, caption)
        kept[kept.index(first)] = replace(chosen, twin=twin.lines)
    return kept


def _says_the_same(first: Caption, second: Caption) -> bool:
    """True if two captions of one number stand under one another and have their labels in two languages."""
    words = [re.match(r"\W*([^\W\d_]{1,3})", caption.label.casefold()) for caption in (first, second)]
    are_two = all(words) and len({word[1] for word in words if word}) == 2 and not (first.twin or second.twin)
    gap = second.lines[0].baseline - first.lines[-1].baseline
    is_under = 0 < gap < 3 * second.lines[0].size and first.box.overlap_width(second.box) > 0
    return are_two and is_under and (first.kind, first.number) == (second.kind, second.number)


def _are_two(a: Caption, b: Caption, usual: Collection[_Type]) -> bool:
    """True if two captions of one number are of two figures, and not a caption and words that look like it."""
    enough = _SURE_ALIKE if (_type_of(a), a.score) == (_type_of(b), b.score) else _SURE
    if a.page == b.page or any(c.score < enough or not _is_usual(c, usual) for c in (a, b)):
        return False
    first, second = (re.sub(r"\W", "", f"{c.rest} {' '.join(line.text for line in c.lines[1:])}") for c in (a, b))
    shorter, longer = sorted((first.casefold(), second.casefold()), key=len)
    same = _SAME if len(shorter) > _NO_TITLE else _SAME_TITLE  # a list of figures has titles alone
    return len(shorter) >= 10 and not longer.startswith(shorter[:same])


def numbered(captions: Sequence[Caption]) -> list[Caption]:
    """The figures' captions as the article counts them: Figure 2 of the left column before 3 of the right one."""
    figures = [caption for caption in captions if caption.is_figure]
    plain = [caption for caption in figures if caption.key[0] == "figure" and caption.number.isdigit()]
    in_turn = iter(sorted(plain, key=lambda caption: (caption.run, int(caption.number), caption.key[2])))
    places = {id(caption) for caption in plain}
    return [next(in_turn) if id(caption) in places else caption for caption in figures]


def _continued(captions: Sequence[Caption], pages: Sequence[Page], body: tuple[str, float]) -> list[Caption]:
    """A caption with what stands of it in the next column or on the next page, where its sentence breaks off."""
    taken = {id(line) for caption in captions for line in (*caption.lines, *caption.twin)}
    by_number = {page.number: page for page in pages}
    whole = []
    for caption in captions:
        more: list[Line] = []
        last = caption.lines[-1]
        here, following = by_number[caption.page], by_number.get(caption.page + 1)
        text = body if (last.style.font, last.size) != body else ("", 0.0)
        # what stands of a table under its caption is the table's, and ends with it
        breaks_off = caption.is_figure and not ends_sentence(last) and is_last_of_column(caption.lines, here.lines)
        if breaks_off and ((last.style.font, last.size) != body or _is_of_list(caption, here.lines, taken)):
            beside = [line for line in here.lines if line.box.x0 > caption.box.x1]
            more = going_on(last, beside, here.lines, taken, text)
            if not more:  # under text of the next column, as deep on the page as the caption
                low = [line for line in beside if line.baseline > caption.lines[0].baseline - last.size]
                more = going_on(last, [line for line in low if shares_type(line, last)], here.lines, taken, text)
            if not more and following is not None:
                more = going_on(last, following.lines, following.lines, taken, text)
            taken.update(map(id, more))
        whole.append(replace(caption, elsewhere=tuple(more)))
    return whole


def _is_of_list(caption: Caption, lines: Sequence[Line], taken: Collection[int]) -> bool:
    """True if a caption in the type of the text fills its last line and no unfinished sentence stands over it.

    What then goes on on the next page is the caption, and not the text: manuscripts list their legends so, or have
    a figure's on a page without text.
    """
    before = above(caption.lines[0], lines)
    is_full = caption.lines[-1].box.x1 > caption.box.x1 - 3 * caption.lines[-1].size
    if len(caption.lines) < 3 or not is_full:
        return False
    has_text = any(line.length >= LONG and id(line) not in taken for line in lines)
    return not has_text or (before is not None and (id(before) in taken or ends_sentence(before)))


def _rank(caption: Caption, usual: Collection[_Type]) -> tuple[int, int]:
    return caption.score + 2 * _is_usual(caption, usual), len(caption.lines)


def _usual_types(captions: Sequence[Caption]) -> set[_Type]:
    """The type in which most captions begin, and others of several sure ones: a supplement is set otherwise."""
    most = Counter(_type_of(caption) for caption in captions if caption.score >= 3).most_common(1)
    sure = Counter(_type_of(caption) for caption in captions if caption.score >= _SURE)
    return {kind for kind, _ in most} | {kind for kind, count in sure.items() if count > 1}


def _type_of(caption: Caption) -> _Type:
    return caption.lines[0].style.font, caption.lines[0].size


def _is_usual(caption: Caption, usual: Collection[_Type]) -> bool:
    return _type_of(caption) in usual


def _of_page(page: Page, body: tuple[str, float], leading: float, sure: Collection[int] = ()) -> list[Caption]:
    """The captions of a page; `sure` are ids of lines that begin one whatever their score."""
    upright = [line for line in page.lines if line.is_upright]
    starts = {id(line): start for line in upright if (start := start_of(line, upright, body)) is not None}
    taken = set(starts)
    captions = []
    for line in upright:
        start = starts.get(id(line))
        if start is None:
            continue
        is_bare = start.score < ENOUGH and not start.rest and _is_alone_at_drawing(line, page)
        if start.score >= ENOUGH or is_bare or id(line) in sure:
            lines = [line] if is_bare else grown(line, upright, taken, body, leading, is_label=not start.rest)
            if start.kind not in NO_FIGURES and not is_bare:
                lines += legend_under(lines, upright, taken, body)
            taken.update(map(id, lines))
            captions.append(
                Caption(page.number, start.label, start.number, start.kind, tuple(lines), start.rest, start.score)
            )
    return captions


def _is_alone_at_drawing(line: Line, page: Page) -> bool:
    """True if nothing stands beside a line, and a drawing right over or under it."""
    room = Box(line.box.x0 - 2 * line.size, line.box.y0, line.box.x1 + 2 * line.size, line.box.y1)
    near = line.box.grown(6 * line.size)  # over an axis with its numbers and title
    drawn = (g.box for g in page.graphics if max(g.box.width, g.box.height) > 30 and g.box.area < 0.7 * page.area.area)
    return not any(other is not line and other.box.touches(room) for other in page.lines) and any(
        box.touches(near) and box.overlap_width(line.box) > 0 for box in drawn
    )
