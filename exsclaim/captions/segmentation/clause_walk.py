"""Clauses whose labels stand behind their text, from label to label: "stem X (a) of P and Y (b) of Q"."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from exsclaim.captions.labels.label_ranges import PrintedLabel
from exsclaim.captions.segmentation.measures import is_property_beside
from exsclaim.captions.segmentation.parallel_stems import stem_of_next
from exsclaim.captions.segmentation.respective_lists import respective, share_out
from exsclaim.captions.segmentation.stem_ends import is_clause, turned, without_doubled
from exsclaim.captions.spans import Parts, Span, trimmed
from exsclaim.captions.word_classes import QUANTITIES, has_own_head

_TESTED = re.compile(
    r"\b(?:is|are|was|were|been)\s(?:\w+ly\s)?(?:assess|evaluat|test|compar|analy[sz]|measur|examin|monitor|scor|determin|detect|quantifi|"
    r"confirm|verifi|investigat|characteri[sz]|visuali[sz])ed\s(?:for|in|by)(?:\s(?:the|their|its))?$"
)
_TESTED_FOR_ONE = re.compile(rf"{_TESTED.pattern[:-1]}\s[\w-]+(?:\s[\w-]+)?$")
QUALIFIES = re.compile(
    r"\s*(?:of|among|between|in|for|with|at|from|on|after|before|using|under|which|that|where|by|"
    r"showing|indicating|presenting|revealing|highlighting|displaying|demonstrating|illustrating)\b"
)
_JOINT = re.compile(
    r"\s*(?:[,;:/—–.]|(?:and|or|as well as|together with|along with|followed by|versus|vs|but|while)\b|$)"
)
_LAST_JOINT = re.compile(r",\s*(?:and|or)\s|;|\s(?:together with|along with|as well as|compared (?:with|to))\s")
_DERIVED = re.compile(
    r"(?:the\s+|its\s+)?(?:corresponding|respective|(?:high-?)?magnified|enlarged|zoomed|close-?up)\b"
)
# "kinetics of the rods (a) and the corresponding changes in pH (b)"
_CORRESPONDING = re.compile(r"the corresponding\s(?:[\w-]+\s){1,3}(?:of|in|for|from)\s")
_AS_WELL = re.compile(
    r"[\s,]*(?:and\s)?(?:as well as|together with|along with|but(?=\s(?:an?|the|no|only|[a-z]+(?:ed|er|est|ing))\s))\s"
)
_SAYS = re.compile(
    r"\s*(?:is|are|was|were|has|have|had|(?:show|reveal|confirm|indicate|demonstrate|display|exhibit|illustrate)(?:s|d|ed)?|"
    r"increase[sd]?|decrease[sd]?|remain(?:s|ed)?)\b"
)
_LEAST_TOLD = 3
_OF_TAIL = re.compile(r"\s*(?:of|for)\s")
_OF = re.compile(r"\s(?:of|for|from|in|on|with)\s")
_WHERE = re.compile(r"\s*(?:at|in|from|along|across|inside|within)\b")
_PARTICIPLE = re.compile(
    r"\s*,\s*(?:showing|indicating|presenting|revealing|highlighting|displaying|demonstrating|illustrating|where|which)\b"
)
_AND_AFTER = re.compile(r"[,;]\s*(?:and\s+)?|\sand\s")
_AND = re.compile(r"\s(?:and|or|but|while)\s|,\s")
_RESPECTIVELY_NEXT = re.compile(r"\s*,?\s*(?:respectively|correspondingly)\b")
_DRAWING_OF = re.compile(
    r"(?i:(?:\S+\s){0,3}?)(?i:charts?|maps|dependences?|plots?|graphs?|curves?|heat ?maps?|histograms?|boxplots?|"
    r"effects?|influence|comparisons?|quantifications?|analys[ei]s|changes?|variations?|differences?)"
    r"\s(?:of|for|in|showing|between|with)\b"
)
# "Content of tin in cells (a) and the expression of Gene1 (b)"
_EXPRESSION = re.compile(r"(?!(?:for|of|in|by|with)\s)(?:the\s)?(?:[\w-]+\s){0,2}expression\b")
_RESPECTIVELY = re.compile(r"(?:respectively|correspondingly)\W*")


def give_clause(text: str, clause: Span, own: list[PrintedLabel], parts: Parts) -> None:
    """One clause with labels behind their text: "stem X (a) of P and Y (b) of Q" or "stem X (a) and Y (b) tail"."""
    again = told_again(own)
    if again is not None:
        # "images (C, E) and counts (D, F) of cells stained for X (C, D) or Y (E, F)"
        end = own[again - 1].span.end
        give_clause(text, Span(clause.start, end), own[:again], parts)
        give_clause(text, Span(end, clause.end), own[again:], parts)
        return
    walk = _ClauseWalk(text, clause, parts, clause.start)
    for mention in own:
        walk.take(mention)
    walk.take_rest([mention.labels for mention in own])


def told_again(own: Sequence[PrintedLabel]) -> int | None:
    """Number of the label from which on a sentence names its labels a second time, in other groups; or None."""
    seen: set[str] = set()
    for number, printed in enumerate(own):
        if number > 1 and seen.issuperset(printed.labels):
            first, second = ([set(one.labels) for one in part] for part in (own[:number], own[number:]))
            is_partition = sum(map(len, first)) == len(seen)
            crosses = is_partition and len(second) > 1 and not any(labels in first for labels in second)
            told = set().union(*second)
            # "(a–c) images and (d–f) sizes of (a) X and (b, c) Y": one group told in its parts, those beside it alike
            is_parallel = told in first and len(first) > 1 and {len(labels) for labels in first} == {len(told)}
            return number if crosses and (told == seen or is_parallel) else None
        seen.update(printed.labels)
    return None


@dataclass
class _ClauseWalk:
    """A clause from label to label: what was told of the labels so far, and what later ones share of it."""

    text: str
    clause: Span
    parts: Parts
    position: int
    """Where the words begin that nobody was given yet."""
    before: Span | None = None
    """Text of the label before."""
    last: tuple[str, ...] = ()
    """Labels of the mention before."""
    named: list[str] = field(default_factory=list)
    stems: list[Span] = field(default_factory=list)
    """Words that the next labels share with those before."""
    bare: list[str] = field(default_factory=list)
    """Labels right before, of whose picture nothing is said: "the top view (a) and side view (b) of the model"."""
    bare_before: bool = False
    told: int = 0
    """Number of the labels that a verb was told of."""
    tail: Span | None = None
    """Words behind the label before."""
    own_tails: bool = False
    """True if that tail is of its label alone."""

    def take(self, mention: PrintedLabel) -> None:
        """Give a label the words before it, and those before it the words that are theirs."""
        text, mark = self.text, mention.span.start
        if self.before is not None:
            self._give_verb(mention)
            self._give_tail(mark)
        lead = _AS_WELL.match(text, self.position, mark)
        part = trimmed(text, Span(lead.end() if lead else self.position, mark))
        if part is not None:
            if self.before is not None:
                self._share_stems(self.before, part)
            for stem in self.stems:
                if not _is_told_again(text, stem, part):
                    self.parts.give(text, mention.labels, without_doubled(text, stem, part))
            _give_shares(text, mention, Span(part.start, part.end), self.clause, self.parts)
            self.before = part
        if mention.note is not None and not _RESPECTIVELY_NEXT.match(text, *mention.note):
            self.parts.give(text, mention.labels, mention.note)
        is_bare = part is not None and not _OF.search(text, *part) and has_own_head(text[part.start : part.end])
        self.bare = [*self.bare, *self.last] if is_bare and self.bare_before else []
        self.bare_before = is_bare
        self.named += mention.labels
        self.last = mention.labels
        self.position = mention.span.end

    def _give_verb(self, mention: PrintedLabel) -> None:
        """ "Tau (C) is absent from the plaques (G)": what is said of both."""
        between = (self.position, mention.span.start)
        if _SAYS.match(self.text, *between) and not _AND.search(self.text, *between):
            self.parts.give(self.text, self.last, Span(*between))
            self.parts.give(self.text, mention.labels, self.before or self.clause)

    def _give_tail(self, mark: int) -> None:
        """Give the words behind the labels so far to the last of them, or to all."""
        text = self.text
        self.tail, self.position = _attached_tail(text, Span(self.position, mark))
        if self.tail is None:
            return
        self.own_tails = bool(QUALIFIES.match(text, *self.tail) or _PARTICIPLE.match(text, *self.tail))
        shared = self.bare if _OF_TAIL.match(text, self.tail.start) else []
        if _SAYS.match(text, self.tail.start):
            # "A (a) and B (b) rise and C (c) falls": each verb is of the labels before it
            self.parts.give(text, self.named[self.told :], self.tail)
            self.told = len(self.named)
        else:
            self.parts.give(text, [*shared, *self.last] if self.own_tails else self.named, self.tail)
        self.bare, self.bare_before = [], False

    def _share_stems(self, before: Span, part: Span) -> None:
        """Give the label before what `part` turns round, and find the stems that `part` shares."""
        text = self.text
        self.parts.give(text, self.last, turned(text, before, part))
        if self._is_apart(before, part) and not _is_parallel(text, before, part):
            self.stems = _announced(text, before, part)
        elif _CORRESPONDING.match(text, *part) or is_clause(text, before, part):
            self.stems = []
        elif not (self.stems and _are_told_with_articles(text, before, part)):
            is_or = text[self.position : part.start].rstrip().endswith(" or")
            stem = stem_of_next(text, before, part, is_or=is_or)
            self.stems += [stem] if stem else []

    def _is_apart(self, before: Span, part: Span) -> bool:
        """True of a part that names its own picture or thing."""
        text = self.text
        first = self.stems[0].start if self.stems else before.start
        if is_property_beside(text[first : before.end], text[slice(*part)]):
            return True
        has_head = has_own_head(text[part.start : part.end]) or _EXPRESSION.match(text, *part)
        if not has_head or _is_means(text, before, part):
            return False
        stem = self.stems[0] if self.stems else before
        told = self.stems[-1] if self.stems else before
        return not _shares_drawing(text, stem, part) and not _is_done(text, told, is_stem=bool(self.stems))

    def take_rest(self, groups: Sequence[tuple[str, ...]]) -> None:
        """Give the words behind the last label to it, or to all of the clause (`groups`)."""
        text = self.text
        rest = trimmed(text, Span(self.position, self.clause.end))
        if rest is None or share_out(text, groups, rest, self.parts) or _RESPECTIVELY.fullmatch(text, *rest):
            return
        if self.told and _SAYS.match(text, rest.start):
            self.parts.give(text, dict.fromkeys(self.named[self.told :]), rest)
            return
        alone = self._is_of_last(rest)
        shared = self.bare if _OF_TAIL.match(text, rest.start) else []
        self.parts.give(text, [*shared, *groups[-1]] if alone else dict.fromkeys(self.named), rest)
        if not alone and set(self.named) == set(self.parts.of_label) and " " in text[slice(*rest)]:
            self.parts.give_general(text, rest)

    def _is_of_last(self, rest: Span) -> bool:
        """True if the words behind the last label are of it alone."""
        if self.own_tails or (self.before is not None and _derived(self.text, rest, self.before, self.named)):
            return True
        # "Left (a) plots raw data and right (b) plots means", but not "(a) Bars, 5 µm and … (b) Bars, 1 µm, of rods"
        first = self.text[slice(*rest)].split()[0]
        return self.tail is not None and not first[0].isupper() and self.text[slice(*self.tail)].split()[:1] == [first]


def _give_shares(text: str, mention: PrintedLabel, part: Span, clause: Span, parts: Parts) -> None:
    """ "Maps of rods and cubes (c, d), respectively": to each its own; without "respectively", all to all."""
    said = _RESPECTIVELY_NEXT.match(text, mention.span.end, clause.end) or (
        mention.note is not None and _RESPECTIVELY_NEXT.match(text, *mention.note)
    )
    shares = respective(text, part, len(mention.labels), is_said=bool(said))
    for label, spans in zip(mention.labels, shares or [[part]] * len(mention.labels), strict=True):
        for span in spans:
            parts.give(text, (label,), span)


def _derived(text: str, rest: Span, last: Span, named: list[str]) -> bool:
    """ "(f) and magnified image (g) of the box in f": a picture made of another, and its tail says which."""
    if _DERIVED.match(text, *last) and _WHERE.match(text, *rest):
        return True
    points_back = re.search(r"\bin\s\(?(\w{1,2})\b", text[rest.start : rest.end])
    return has_own_head(text[last.start : last.end]) and bool(points_back and points_back[1] in named)


def _is_parallel(text: str, before: Span, part: Span) -> bool:
    """ "Claims on a complete graph (a), a random graph (b)": parts with one end share their beginning."""
    said, own = text[before.start : before.end].split(), text[part.start : part.end].split()
    ends = {word for word in said[-3:] if has_own_head(word)} & set(own[-7:])
    if has_own_head(own[0]) and own[0].istitle():
        # "Losses of the four models (a), Comparison of models (b)"
        return False
    return bool(ends) and (len(said) > len(own) + 3 or (said[-1] == own[-1] and len(said) > len(own) + 1))


def _is_done(text: str, said: Span, *, is_stem: bool) -> bool:
    """ "Lines were tested for hardness (a), survival rate (b)": what is measured next is in the same sentence."""
    return bool((_TESTED if is_stem else _TESTED_FOR_ONE).search(text, *said))


def _shares_drawing(text: str, before: Span, part: Span) -> bool:
    """ "Bar charts of copy number (a) and mutation rate (b)": a quantity behind a drawing of one."""
    own = QUANTITIES.sub(" ", text[part.start : part.end])
    return bool(_DRAWING_OF.match(text, *before)) and not (has_own_head(own) or _DRAWING_OF.match(text, *part))


def _are_told_with_articles(text: str, before: Span, part: Span) -> bool:
    """ "States such as a strong flow (a), the regime near to rest (b), a state of rest (c)": parts alike as a whole."""
    first = (text[before.start : before.end].split(" ", 1)[0], text[part.start : part.end].split(" ", 1)[0])
    return all(word in ("a", "an", "the") for word in first)


def _is_told_again(text: str, stem: Span, part: Span) -> bool:
    """ "Spread of mean length in light (a), and the mean length of all (b)": what the stem speaks of, with a "the"."""
    words = text[slice(*part)].lower().split()
    if words[0] != "the" or len(words) < _LEAST_TOLD:
        return False
    return f" {' '.join(words[1:3])} " in f" {text[slice(*stem)].lower()} "


def _is_means(text: str, before: Span, part: Span) -> bool:
    """ "Cells as seen by SEM (a) and TEM (b)": the name of a method stands for another one behind a preposition."""
    said, own = text[slice(*before)].split(), text[slice(*part)]
    return own.isupper() and " " not in own and len(said) > 2 and said[-2] in ("by", "with", "using", "via")


def _announced(text: str, before: Span, part: Span) -> list[Span]:
    """ "Calcium responses of neurons, traces (A) and maximum graph (B)": what precedes the comma is of both."""
    comma = text.rfind(", ", *before)
    last, own = text[comma + 2 : before.end].split(), text[part.start : part.end].split()
    if comma < 0 or not has_own_head(" ".join(last)) or len(text[before.start : comma].split()) < 3:
        return []
    return [Span(before.start, comma)] if max(len(last), len(own)) <= 6 else []


def _attached_tail(text: str, between: Span) -> tuple[Span | None, int]:
    """Find the words after a label that still belong to it ("(a) of bulk oxides, and …"), and the next part's start."""
    if _PARTICIPLE.match(text, *between):
        # "Simulated image (c), indicating the density, and bright-field image (d)"
        joints = [
            joint for joint in _AND_AFTER.finditer(text, *between) if has_own_head(text[joint.end() : between.end])
        ]
        return (Span(between.start, joints[-1].start()), joints[-1].end()) if joints else (None, between.start)
    if _JOINT.match(text, *between):
        return None, between.start
    joints = list(_LAST_JOINT.finditer(text, *between)) or list(_AND.finditer(text, *between))
    if not joints:
        return None, between.start
    return Span(between.start, joints[-1].start()), joints[-1].end()
