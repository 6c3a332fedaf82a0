"""Segments: the part of a caption that belongs to each label, and what is said of the whole figure.

Labels may stand before their text ("(a) TEM image …") or after it ("TEM image (a) and spectrum (b) of …"):
that is decided sentence by sentence. What stands before the first or behind the last label of a sentence is
said of all its labels; sentences in between belong to the labels spoken of last, but for those about the whole figure
(`whole_figure`).
"""

import re
from collections.abc import Sequence

from exsclaim.captions.labels.label_ranges import Form, PrintedLabel
from exsclaim.captions.labels.label_systems import Reading
from exsclaim.captions.scale_bars.stated_scales import give_scale, is_scale_sentence, labelled_scales, tells_scale
from exsclaim.captions.segmentation.clause_cuts import cut_at_heads
from exsclaim.captions.segmentation.defining_mentions import defining_mentions
from exsclaim.captions.segmentation.label_roles import (
    begin_sentences,
    last_start,
    prefers_first,
    restarts,
    stands_first,
)
from exsclaim.captions.segmentation.pointing import (
    give_pointed_at,
    gives_values,
    is_compared,
    marks_in,
    says_where,
    shown_in_each,
    speaks_of,
)
from exsclaim.captions.segmentation.repeated_words import repeats, repeats_none, repeats_shared
from exsclaim.captions.segmentation.respective_lists import told_before, told_of_labels
from exsclaim.captions.segmentation.sentence_beginnings import give_headed, give_unheaded, is_said_before
from exsclaim.captions.segmentation.whole_figure import opening_of_all, says_all
from exsclaim.captions.spans import Parts, Span, merged, trimmed
from exsclaim.captions.word_classes import has_own_head, is_title, open_stem

_SEMICOLON_ENDS = re.compile(r";\s?(?:and\s)?$")
_PLURAL_BARS = re.compile(r"\s*(?:[Tt]he\s|[Bb]oth\s)?(?:[Ss]cale[- ]?bars|Bars|Scales)\b")
_INSET = re.compile(r"\s*(?:The\s)?(?:[Uu]pper |[Ll]ower )?[Ii]nsets?\b")
_INSETS = re.compile(r"\s*(?:The\s)?(?:[Cc]orresponding )?[Ii]nsets\b")
_OF_EACH = re.compile(r"\b(?:each|every|all|(?<!to )(?<!with )both|corresponding|respective|respectively)\b")
_ONLY_PANELS = re.compile(r"\W*(?:and\s|while\s)?(?:[Tt]he\s)?(?:[Pp]anels?|[Ff]igures?|[Pp]lots?|[Pp]arts?)?\s*[(\[]?")
# what is said of labels that one sentence told of, and of the whole figure if these are all
_EACH = re.compile(r"\s*(?:Each|All|(?:[OI]n )?(?:[Tt]he )?[xXyY][-‐ ]?ax[ie]s)\b")


def distribute(text: str, start: int, sentences: Sequence[Span], reading: Reading) -> Parts:
    """Give every sentence from `start` on to its labels."""
    return _Distribution(text, start, sentences, reading).done()


class _Distribution:
    """One caption on its way into parts: sentence by sentence, with what the sentences before say of the next."""

    def __init__(self, text: str, start: int, sentences: Sequence[Span], reading: Reading) -> None:
        self.text = text
        self.mentions = reading.mentions
        self.defining = defining_mentions(text, sentences, reading)
        self.pieces = cut_at_heads(text, start, sentences, reading.mentions, self.defining)
        self.parts = Parts(of_label={label: [] for label in reading.labels})
        self.labels_begin_sentences = begin_sentences(text, self.defining)
        self.begins_later = any(mention.at_clause_start for mention in self.defining)
        self.prefers_first = prefers_first(text, self.defining)
        self.last_start = last_start(self.defining)
        self.told = {label for mention in self.defining for label in mention.labels}
        # the labels spoken of last, and whether a reference ("in a and c") set them
        self.scope: tuple[str, ...] = ()
        self.scale_scope: tuple[str, ...] = ()
        self.told_by: list[PrintedLabel] = []  # printed in the sentence that told of labels last, `told_in`
        self.told_in = Span(0, 0)
        self.is_referred = False
        self.is_begun = False
        self.is_headed = False
        # an open stem that the labels after it share
        self.stem: Span | None = None
        self.own_openings: set[str] = set()
        self.told_last: tuple[str, ...] = ()  # the labels spoken of when the caption came to speak of the whole figure
        self.is_scale_told = False
        self.is_behind_names = False  # a sentence behind a list of names was said of all of them
        self.own_sentences: list[Span] = []  # those in which a bar's length may have been told

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
        own = [mention for mention in inside if mention in self.defining]
        more = self.last_start >= sentence.end
        if self._continues_before(sentence, own):
            # "The mean angle is 3° (F) Vectors for …": a full stop was lost before the label
            before = Span(sentence.start, own[0].span.start)
            if self.scope:
                self._give_to_each(before, is_of_some=True)
            else:
                self.parts.give_general(self.text, before)
            sentence = Span(own[0].span.start, sentence.end)
        is_headed = stands_first(own, self.text, sentence)
        if is_scale_sentence(self.text, sentence) and not is_headed:
            self._give_scale(sentence, inside, more)
        elif own:
            self.told_by, self.told_in = own, sentence
            if is_headed:
                self._give_headed(sentence, own)
            else:
                self._give_unheaded(sentence, own, more)
            self.own_sentences.append(sentence)
        elif inside and (shown := shown_in_each(self.text, sentence, inside)):
            for reference, part in zip(inside, shown, strict=True):
                self.parts.give(self.text, reference.labels, part)
            named = tuple(dict.fromkeys(label for one in inside for label in one.labels))
            self.scope = named if set(named) < set(self.parts.of_label) else ()
        elif inside and (self._is_about(sentence, inside, more) or self._names_more(sentence, inside)):
            self._give_referred(sentence, inside)
        else:
            told = {label for one in self.told_by for label in one.labels}
            if len(inside) == 1 and self._may_tell_apart() and set(inside[0].labels) < told:
                # "Rods of gold (a) and tin (b). It is clear from (a) that …"
                self.scope = inside[0].labels
            self._give_unlabelled(sentence, more, names_none=not inside)

    def _continues_before(self, sentence: Span, own: list[PrintedLabel]) -> bool:
        """True if what stands before a sentence's first label is still of the labels spoken of last."""
        if not own:
            return False
        # "(C – E). No cells were seen (F). Some cells …": the labels spoken of have no words as yet
        if self.scope and not any(self.parts.of_label[label] for label in self.scope):
            return True
        # "Sections of monkey 2 (A–G) Coronal sections at the planes in (H). … (H) View": a group, a title before it
        begins = self.labels_begin_sentences or (self.begins_later and len(own[0].labels) > 2)
        is_lost = begins and restarts(self.text, sentence, own, self.scope)
        return is_lost or (bool(self.scope) and is_said_before(self.text, sentence, own[0]))

    def _give_scale(self, sentence: Span, inside: list[PrintedLabel], more: bool) -> None:
        """A sentence on bars: one for all panels is told at the end, unless the panels before have each their own."""
        text = self.text
        is_plural = bool(_PLURAL_BARS.match(text, sentence.start))
        is_told = self.is_scale_told or (not is_plural and any(tells_scale(text, one) for one in self.own_sentences))
        each_its_own = (more or is_told) and not says_all(text, sentence)
        self.is_scale_told = self.is_scale_told or bool(self.scope and more)
        scope = self.scale_scope if is_plural or not self.is_headed else self.scope
        owners = (scope or self.scope) if each_its_own else ()
        if not inside and labelled_scales(text, sentence, tuple(self.parts.of_label), self.scale_scope):
            owners = self.scale_scope  # "(a) Drawing. (b) Spores and (c) fruits. Bars, 10 µm and 1 mm, respectively"
        give_scale(text, sentence, inside, self.parts, owners)

    def _give_referred(self, sentence: Span, inside: list[PrintedLabel]) -> None:
        """A sentence about the panels that it refers to: told respectively to each its own."""
        text, parts = self.text, self.parts
        self.is_referred = self.is_referred or not self.scope
        # "Panel b shows the box of panel a" is of b
        is_named = inside[0].form is Form.NAMED and not inside[0].is_reference
        further = (one for one in inside[1:] if not (is_named and one.is_reference))
        about = [inside[0], *(one for one in further if not is_compared(text, sentence, one))]
        named = list(dict.fromkeys(label for mention in about for label in mention.labels))
        self.scope = tuple(named)
        behind = Span(inside[-1].span.end, sentence.end)
        shares = told_of_labels(text, behind, len(self.scope)) if len(self.scope) > 1 else None
        if len(self.scope) > 1 and not shares:
            shares = told_before(text, Span(sentence.start, inside[0].span.start), behind, len(self.scope))
        elif shares and not _ONLY_PANELS.fullmatch(text, sentence.start, inside[0].span.start):
            # "Lines in (a) and (b) show gold and silver, respectively"
            parts.give(text, self.scope, Span(sentence.start, behind.start))
        self._give_shares(self.scope, shares or [[sentence]] * len(self.scope))
        if set(self.scope) == set(parts.of_label):
            self.scope = ()

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

    def _give_unlabelled(self, sentence: Span, more: bool, *, names_none: bool) -> None:
        opening = opening_of_all(self.text, sentence) if self.scope else ""
        of_all = set(self.scope) == set(self.parts.of_label) and not more and _EACH.match(self.text, sentence.start)
        if self.scope and (of_all or says_all(self.text, sentence)):
            self.parts.give_general(self.text, sentence)
            self.scope = self.scope if more else ()
        elif self.scope and not more and not opening and names_none and self._is_behind_names(sentence):
            self.parts.give_general(self.text, sentence)
            self.is_behind_names = True
        elif self.scope and (more or not opening or opening in self.own_openings):
            if more and opening:
                self.own_openings.add(opening)
            self._give_to_each(sentence, is_of_some=not opening)
        elif self.told_last and _INSET.match(self.text, sentence.start):
            # "(B) Map. All panels are to scale. Inset: spectrum": behind what is told of all, still the last panel's
            self.parts.give(self.text, self.told_last, sentence)
        else:
            self.parts.give_general(self.text, sentence)
            if not more and opening != "elsewhere":
                self.told_last = self.scope or self.told_last
                self.scope = ()

    def _give_to_each(self, sentence: Span, *, is_of_some: bool) -> None:
        """A sentence to the labels spoken of last: told respectively to each its own, of insets to all it may mean."""
        if is_of_some and self._may_tell_apart():
            # "(a) Cell and (b) gas. The gas …"
            self.scope = repeats(self.text, sentence, self.told_by, self.told_in, self.parts.of_label) or self.scope
        scope = self.scope
        if _INSETS.match(self.text, sentence.start) and len(self.scale_scope) > len(scope):
            # "(a) Gold and (b) silver rods. Insets: SAED patterns"
            scope = self.scale_scope
        elif _INSETS.match(self.text, sentence.start) and _OF_EACH.search(self.text, *sentence):
            scope = tuple(label for label, spans in self.parts.of_label.items() if spans)
        shares = told_of_labels(self.text, sentence, len(scope))
        self._give_shares(scope, shares or [[sentence]] * len(scope))
        if set(scope) == set(self.parts.of_label):
            self.parts.give_general(self.text, sentence)

    def _is_behind_names(self, sentence: Span) -> bool:
        """True if every label has but a few words, none of which the sentence is about: it is said of all of them."""
        if self.is_behind_names:
            # "(A) Knees and (B) Conrad. Plants were grown in soil. The black ones are dead": as the sentence before
            is_inset = _INSET.match(self.text, sentence.start)
            return not is_inset and not repeats(self.text, sentence, self.told_by, self.told_in, self.parts.of_label)
        texts = list(self.parts.of_label.values())
        if len(self.scope) == len(texts):
            return False
        is_list = self.is_headed and {x for one in self.told_by for x in one.labels}.issuperset(self.parts.of_label)
        last = [self.parts.of_label[label] for label in self.scope]
        if repeats_none(self.text, sentence, texts, texts if is_list else last, is_list=is_list):
            return True
        # "(A) Expression of X. (B) Expression of Y. Plants were grown in soil"
        return not (is_list or self.is_referred) and repeats_shared(self.text, sentence, texts, last)

    def _may_tell_apart(self) -> bool:
        """True if the labels spoken of last are of a sentence that tells several apart."""
        return len(self.told_by) > 1 and {x for one in self.told_by for x in one.labels}.issuperset(self.scope)

    def _give_shares(self, labels: Sequence[str], shares: Sequence[Sequence[Span]]) -> None:
        for label, spans in zip(labels, shares, strict=True):
            for span in spans:
                self.parts.give(self.text, (label,), span)

    def _is_about(self, sentence: Span, inside: Sequence[PrintedLabel], more: bool) -> bool:
        """True if the sentence is about the panels that it refers to, and not about the one spoken of before."""
        reference = inside[0]
        if more and not self.is_begun:
            # "Attractors around target A and B. (A) The network …": a title names things, not panels
            is_subject = len(reference.labels) > 1 and reference.span.start - sentence.start < 3
            is_plain = reference.form is Form.REFERENCE and not is_subject
            return not is_plain and speaks_of(self.text, sentence, reference)
        is_new = self.told.isdisjoint(reference.labels)
        if gives_values(self.text, inside) or (is_new and says_where(self.text, sentence, reference)):
            return True
        if not more and len(inside) == 1 and marks_in(self.text, sentence, reference):
            return True
        return not self.scope or not self.defining or self.is_referred or speaks_of(self.text, sentence, reference)

    def _names_more(self, sentence: Span, inside: Sequence[PrintedLabel]) -> bool:
        """True if the sentence names labels, and those spoken of last among them: "Lines are fits in (a) and (c)"."""
        named = inside[0].labels
        is_wider = len(inside) == 1 and set(named) > set(self.scope) != set()
        return is_wider and len(named) < len(self.parts.of_label) and not opening_of_all(self.text, sentence)
