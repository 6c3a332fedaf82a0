"""Segments: the part of a caption that belongs to each label, and what is said of the whole figure.

Labels may stand before their text ("(a) TEM image …") or after it ("TEM image (a) and spectrum (b) of …"):
that is decided sentence by sentence. What stands before the first or behind the last label of a sentence is
said of all its labels; sentences in between belong to the labels spoken of last. Sentences about the whole figure
are known by how they begin or by what they list.
"""

import re
from collections.abc import Sequence
from functools import cache

from exsclaim.captions.label_ranges import COLOURS, LEGEND, Form, PrintedLabel
from exsclaim.captions.label_roles import (
    begin_sentences,
    cut_at_heads,
    defining_mentions,
    last_start,
    prefers_first,
    restarts,
    speaks_of,
    stands_first,
)
from exsclaim.captions.label_systems import IS_SHOWN, Reading
from exsclaim.captions.labels_first import give_headed, give_unheaded
from exsclaim.captions.plain_text import lexicon
from exsclaim.captions.pointing import begins_compared, give_pointed_at, is_compared
from exsclaim.captions.repeated_words import repeats
from exsclaim.captions.respective_lists import told_before, told_of_labels
from exsclaim.captions.shared_words import VERB, has_own_head, is_title, open_stem
from exsclaim.captions.spans import Parts, Span, merged, trimmed
from exsclaim.captions.stated_scales import give_scale, is_scale_sentence, tells_scale

_COLOURS = re.compile(rf"\b{COLOURS}\b", re.IGNORECASE)
# "Green, lithium; red, oxygen", "Black: wild type, orange: mutant", "C, grey; O, red"
_COLOUR_KEY = re.compile(
    rf"\s*(?:(?:open|filled|light|dark|solid|dashed|atoms?|the)\s)*(?:{COLOURS}\b[^,;:=]{{0,24}}[,:=–]|[\w+-]{{1,12}}(?:\satoms?)?\s?[,:=–]\s?(?:in\s)?{COLOURS}\b)",
    re.IGNORECASE,
)
# "WT: wild type", "BP = blood pressure, HR = heart rate", "L – lumen"
_ENTRY = re.compile(
    r"\W*(?P<short>[^\s:=,;]{1,14}(?:\s[A-Z]{1,4})?)\s?(?:[:=]\s?|\s[–—-]\s|,\s)(?P<long>[A-Za-z][^:=;]{3,70})"
)
_LONGEST_KEY = 900
_PICTURES = ("panel", "plot", "image", "graph", "map", "figure", "chart", "diagram", "row", "column")
# "Genes are coloured by cluster in both plots", "The old ones are on the top row"
_ABOUT_ALL = re.compile(
    r"\b(?:in|on|of|across|for|between)\s(?:the\s)?(?:two|three|four|five|six|both|all|each(?=\s(?:sub)?(?:panel|graph|plot|image|chart|map|micrograph|diagram)s?\b))\s(?:of\sthe\s)?"
    r"(?:sub)?(?:panels?|plots?|images?|graphs?|micrographs?|maps?|figures?|charts?|diagrams?|rows|columns)\b"
    r"|\b[oi]n\sthe\s(?:top|bottom|upper|lower|left|right|middle|first|second|third|last)\s(?:row|column)\b"
)
# "Left: red arrows, nuclei; right: blue arrows, walls"
_BY_PLACE = re.compile(r"\s*\(?(?:Left|Right|Top|Bottom|Upper|Lower|Middle|Cent(?:re|er))(?:\s\w+)?(?::|\)\s)")
_SEMICOLON_ENDS = re.compile(r";\s?(?:and\s)?$")
_NO_WORD = re.compile(r"\W")


@cache
def _of_all() -> re.Pattern[str]:
    return re.compile(
        rf"\s*\(?(?:{'|'.join(opening for openings in lexicon('whole_figure').values() for opening in openings)})"
    )


def opening_of_all(text: str, sentence: Span) -> str:
    """The first word of a sentence that, behind the last label, is said of the whole figure; "" for other sentences.

    Where the labels before have each a sentence that begins so ("n = 5"), the last one has its own, too.
    """
    if _BY_PLACE.match(text, *sentence):
        return ""
    found = _of_all().match(text, *sentence)
    if found:
        opening = found.group().strip()
        return _NO_WORD.split(opening, 1)[0] or opening
    said = text[sentence.start : min(sentence.end, sentence.start + _LONGEST_KEY)]
    if any(word in said for word in _PICTURES) and _ABOUT_ALL.search(said):
        return "all"
    return "key" if _is_colour_key(said) or _is_abbreviation(said) else ""


def _is_colour_key(said: str) -> bool:
    return bool(_COLOUR_KEY.match(said)) and len(_COLOURS.findall(said)) > 1 and not VERB.search(said)


def _is_abbreviation(said: str) -> bool:
    """A list of abbreviations, of one entry or more: a short form, and words that begin with its letters."""
    entry = _ENTRY.match(said)
    if entry is None or VERB.search(said):
        return False
    short, words = entry["short"], entry["long"].lower().split()
    if short.split()[0].lower() in LEGEND:
        return False  # "Lane M, marker": of the gel that it is a lane of
    capitals = sum(character.isupper() for character in short)
    is_short = capitals >= 2 or (len(short) <= 3 and capitals) or bool(re.fullmatch(r"[a-z]{1,4}", short))
    initial = short.lower()[:1]
    return is_short and any(word.startswith(initial) for word in words[:6])


_PLURAL_BARS = re.compile(r"\s*(?:[Tt]he\s|[Bb]oth\s)?(?:[Ss]cale[- ]?bars|Bars|Scales)\b")
_INSET = re.compile(r"\s*(?:The\s)?(?:[Uu]pper |[Ll]ower )?[Ii]nsets?\b")
_INSETS = re.compile(r"\s*(?:The\s)?(?:[Cc]orresponding )?[Ii]nsets\b")
_OF_EACH = re.compile(r"\b(?:each|every|all|both|corresponding|respective|respectively)\b")
_EACH = re.compile(r"\s*(?:Each|All)\b")
_SAYS_ALL = re.compile(
    r"\s*(?:All|In (?:all|each|every|both))\s(?:of\s)?(?:the\s)?"
    r"(?:panels?|images|figures|micrographs|graphs|plots|maps|scale|bars|experiments)\b"
)


def distribute(text: str, start: int, sentences: Sequence[Span], reading: Reading) -> Parts:
    """Gives every sentence from `start` on to its labels."""
    return _Distribution(text, start, sentences, reading).done()


class _Distribution:
    """One caption on its way into parts: sentence by sentence, with what the sentences before say of the next."""

    def __init__(self, text: str, start: int, sentences: Sequence[Span], reading: Reading) -> None:
        self.text = text
        self.mentions = reading.mentions
        self.defining = defining_mentions(text, sentences, reading)
        self.pieces = cut_at_heads(text, start, sentences, self.defining)
        self.parts = Parts(of_label={label: [] for label in reading.labels})
        self.labels_begin_sentences = begin_sentences(text, self.defining)
        self.begins_later = any(mention.at_clause_start for mention in self.defining)
        self.prefers_first = prefers_first(text, self.defining)
        self.last_start = last_start(self.defining)
        self.told = {label for mention in self.defining for label in mention.labels}
        # the labels spoken of last, and whether a reference ("in a and c") set them
        self.scope: tuple[str, ...] = ()
        self.scale_scope: tuple[str, ...] = ()
        # the labels printed in the sentence that told of labels last, and that sentence
        self.told_by: list[PrintedLabel] = []
        self.told_in = Span(0, 0)
        self.is_referred = False
        self.is_begun = False
        self.is_headed = False
        # an open stem that the labels after it share
        self.stem: Span | None = None
        self.own_openings: set[str] = set()
        # the labels that were spoken of last when the caption came to speak of the whole figure
        self.told_last: tuple[str, ...] = ()
        self.is_scale_told = False
        # those in which a bar's length may have been told
        self.own_sentences: list[Span] = []

    def done(self) -> Parts:
        """All sentences given, the labels in alphabetical order, each with its spans in the caption's order."""
        position = 0
        for sentence in self.pieces:
            inside: list[PrintedLabel] = []
            while position < len(self.mentions) and self.mentions[position].span.start < sentence.end:
                inside.append(self.mentions[position])
                position += 1
            self._give(sentence, inside)
        give_pointed_at(self.text, self.pieces, self.mentions, self.parts)
        first = trimmed(self.text, self.pieces[0]) if self.pieces else None
        whole = self.parts.general[:1] or ([first] if first else [])
        for label, spans in self.parts.of_label.items():
            # a label that the caption skips or only points at shows what the caption as a whole speaks of
            self.parts.of_label[label] = merged(spans) or whole
            if not spans:
                self.parts.bare.append(label)
        return self.parts

    def _give(self, sentence: Span, inside: list[PrintedLabel]) -> None:
        text, parts = self.text, self.parts
        own = [mention for mention in inside if mention in self.defining]
        more = self.last_start >= sentence.end
        # "(C – E). No cells were seen (F). Some cells …": the labels spoken of have no words as yet
        waits = bool(self.scope) and not any(parts.of_label[label] for label in self.scope)
        # "Sections of monkey 2 (A–G) Coronal sections at the planes in (H). … (H) View": a group, a title before it
        is_group = bool(own) and self.begins_later and len(own[0].labels) > 2
        begins = self.labels_begin_sentences or is_group
        if own and ((begins and restarts(text, sentence, own, self.scope)) or waits):
            # "The mean angle is 3° (F) Vectors for …": a full stop was lost before the label
            self._give_to_scope(Span(sentence.start, own[0].span.start))
            sentence = Span(own[0].span.start, sentence.end)
        if is_scale_sentence(text, sentence) and not stands_first(own, text, sentence):
            # one bar for all panels is told at the end, unless the panels before have each their own
            is_singular = not _PLURAL_BARS.match(text, sentence.start)
            is_told = self.is_scale_told or (is_singular and any(tells_scale(text, one) for one in self.own_sentences))
            each_its_own = (more or is_told) and not _SAYS_ALL.match(text, sentence.start)
            self.is_scale_told = self.is_scale_told or bool(self.scope and more)
            scope = self.scale_scope if not self.is_headed or _PLURAL_BARS.match(text, sentence.start) else self.scope
            give_scale(text, sentence, inside, parts, (scope or self.scope) if each_its_own else ())
        elif own:
            self.told_by, self.told_in = own, sentence
            if stands_first(own, text, sentence):
                self._give_headed(sentence, own)
            else:
                self._give_unheaded(sentence, own, more)
            self.own_sentences.append(sentence)
        elif inside and (self._is_about(sentence, inside[0], more) or self._names_more(sentence, inside)):
            self.is_referred = self.is_referred or not self.scope
            about = [inside[0], *(one for one in inside[1:] if not is_compared(text, sentence, one))]
            named = list(dict.fromkeys(label for mention in about for label in mention.labels))
            if len(named) > 1 and begins_compared(text, sentence, inside[0]):
                del named[0]
            self.scope = tuple(named)
            behind = Span(inside[-1].span.end, sentence.end)
            shares = told_of_labels(text, behind, len(self.scope)) if len(self.scope) > 1 else None
            if len(self.scope) > 1 and not shares:
                shares = told_before(text, Span(sentence.start, inside[0].span.start), behind, len(self.scope))
            elif shares:
                # "Panels (a) and (b) show gold and silver, respectively"
                parts.give(text, self.scope, Span(sentence.start, behind.start))
            for label, spans in zip(self.scope, shares or [[sentence]] * len(self.scope), strict=True):
                for span in spans:
                    parts.give(text, (label,), span)
            if set(self.scope) == set(parts.of_label):
                self.scope = ()
        else:
            told = {label for one in self.told_by for label in one.labels}
            if len(inside) == 1 and self._may_tell_apart() and set(inside[0].labels) < told:
                # "Rods of gold (a) and tin (b). It is clear from (a) that …"
                self.scope = inside[0].labels
            self._give_unlabelled(sentence, more)

    def _give_headed(self, sentence: Span, own: list[PrintedLabel]) -> None:
        head, *rest = own
        self.scope = give_headed(self.text, sentence, head, rest, self.parts)
        # "(a) TEM of rods and (b) of cubes. Scale bars: 5 nm. (c) …": bars in the plural are those of the sentence
        self.scale_scope = tuple(dict.fromkeys(label for mention in own for label in mention.labels))
        self.is_begun = self.is_headed = True
        if self.stem is not None and not has_own_head(self.text[head.span.end : sentence.end]):
            labels = dict.fromkeys(label for mention in own for label in mention.labels)
            self.parts.give(self.text, labels, self.stem)
        else:
            self.stem = None

    def _give_unheaded(self, sentence: Span, own: list[PrintedLabel], more: bool) -> None:
        before = Span(sentence.start, own[0].span.start)
        if self.scope and _SEMICOLON_ENDS.search(self.text, max(before.start, before.end - 6), before.end):
            # "… (a) one. More of it; (b) two": what stands before the semicolon is still the former label's
            self.parts.give(self.text, self.scope, before)
            sentence = Span(before.end, sentence.end)
        if not self.scope and more and len(own) == 1:
            # "Images of (a) X. (b) Y.": where a sentence has several labels, the next one has words of its own
            is_stem = not is_title(self.text, before, [Span(own[0].span.end, sentence.end)])
            self.stem = open_stem(self.text, before) if is_stem else None
        give_unheaded(self.text, sentence, own, self.parts, self.prefers_first)
        # labels that share a sentence share the scale bar and what else is told after it
        self.scale_scope = tuple(dict.fromkeys(label for mention in own for label in mention.labels))
        self.scope = self.scale_scope
        if len(own) == 1 and set(self.scope) == set(self.parts.of_label):
            # "The two panels (a & b) are close-ups": what follows is said of the figure
            self.scope = ()
        self.is_begun = True
        self.is_headed = False

    def _give_unlabelled(self, sentence: Span, more: bool) -> None:
        opening = opening_of_all(self.text, sentence) if self.scope else ""
        of_all = set(self.scope) == set(self.parts.of_label) and not more and _EACH.match(self.text, sentence.start)
        if self.scope and (of_all or _SAYS_ALL.match(self.text, sentence.start)):
            self.parts.give_general(self.text, sentence)
            self.scope = self.scope if more else ()
        elif self.scope and (more or not opening or opening in self.own_openings):
            if more and opening:
                self.own_openings.add(opening)
            self._give_to_each(sentence)
        elif self.told_last and _INSET.match(self.text, sentence.start):
            # "(B) Map. All panels are to scale. Inset: spectrum": behind what is told of all, still the last panel's
            self.parts.give(self.text, self.told_last, sentence)
        else:
            self.parts.give_general(self.text, sentence)
            if not more:
                self.told_last = self.scope or self.told_last
                self.scope = ()

    def _give_to_each(self, sentence: Span) -> None:
        """A sentence to the labels spoken of last: told respectively to each its own, of insets to all it may mean."""
        if self._may_tell_apart():
            # "(a) Cell and (b) gas. The gas …"
            self.scope = repeats(self.text, sentence, self.told_by, self.told_in, self.parts.of_label) or self.scope
        scope = self.scope
        if _INSETS.match(self.text, sentence.start) and len(self.scale_scope) > len(scope):
            # "(a) Gold and (b) silver rods. Insets: SAED patterns"
            scope = self.scale_scope
        elif _INSETS.match(self.text, sentence.start) and _OF_EACH.search(self.text, *sentence):
            scope = tuple(label for label, spans in self.parts.of_label.items() if spans)
        shares = told_of_labels(self.text, sentence, len(scope))
        for label, spans in zip(scope, shares or [[sentence]] * len(scope), strict=True):
            for span in spans:
                self.parts.give(self.text, (label,), span)
        if set(scope) == set(self.parts.of_label):
            self.parts.give_general(self.text, sentence)

    def _may_tell_apart(self) -> bool:
        """True if the labels spoken of last are of a sentence that tells several apart."""
        return len(self.told_by) > 1 and {x for one in self.told_by for x in one.labels}.issuperset(self.scope)

    def _give_to_scope(self, span: Span) -> None:
        if self.scope:
            self.parts.give(self.text, self.scope, span)
        else:
            self.parts.give_general(self.text, span)

    def _is_about(self, sentence: Span, reference: PrintedLabel, more: bool) -> bool:
        """True if the sentence is about the panel that it refers to, and not about the one spoken of before."""
        if more and not self.is_begun:
            # "Attractors around target A and B. (A) The network …": a title names things, not panels
            is_subject = len(reference.labels) > 1 and reference.span.start - sentence.start < 3
            is_plain = reference.form is Form.REFERENCE and not is_subject
            return not is_plain and speaks_of(self.text, sentence, reference)
        before = self.text[max(sentence.start, reference.span.start - 30) : reference.span.start]
        if IS_SHOWN.search(before) and self.told.isdisjoint(reference.labels):
            return True  # "The spread of all fits is shown in c.", and nothing else is said of c
        return not self.scope or not self.defining or self.is_referred or speaks_of(self.text, sentence, reference)

    def _names_more(self, sentence: Span, inside: Sequence[PrintedLabel]) -> bool:
        """True if the sentence names labels, and those spoken of last among them: "Lines are fits in (a) and (c)"."""
        named = inside[0].labels
        is_wider = len(inside) == 1 and set(named) > set(self.scope) != set()
        return is_wider and len(named) < len(self.parts.of_label) and not opening_of_all(self.text, sentence)
