"""Clauses: sentences cut before labels that begin one of their own, "…; (b) X", "… while (B) shows Y"."""

import re
from collections.abc import Collection, Iterable, Sequence
from itertools import pairwise

from exsclaim.captions.labels.label_ranges import Form, PrintedLabel
from exsclaim.captions.scale_bars.stated_scales import is_scale_sentence
from exsclaim.captions.segmentation.label_roles import vote
from exsclaim.captions.spans import Span
from exsclaim.captions.word_classes import PREPOSITIONS, has_own_head

_TURN_BEFORE = re.compile(r"[;,]\s*(?:and\s+)?$")
_LISTS_ON = re.compile(r",?\s(?:and\s|or\s)?(?!respectively)[^\W\d_]{2}")
# "Conus lyelli sp. nov. (A–L) and Conus xenicus (M–N)"
_JOINS_ON = re.compile(r"\s*(?:and|or)\s")
# "the sun at the time of panel (b)"
_WHILE = re.compile(r"[,\s]\s*(?:while|whereas)\s*$")
# "Panel (a) shows rods in black, panel (b) plates in red", but not "panel (a), panel (b) and panel (c) show rods"
_PANEL = (
    r"(?:(?:[Uu]pper|[Ll]ower|[Tt]op|[Bb]ottom|[Mm]iddle|[Ll]eft|[Rr]ight)\s)?[Pp]anels?\s"
    r"(?:\([A-Za-z](?:\s?[,–-]\s?[A-Za-z])?\s?\)|[A-Za-z](?!\w)):?\s[^\W_]"
)
_BEGINS_WITH_PANEL = re.compile(rf"\s*{_PANEL}")
_TURNS_TO_PANEL = re.compile(
    rf"(?<!\([A-Za-z]\))(?<!\s[A-Za-z])(?:[,;]\s(?:and\s|while\s|whereas\s)?|\s(?:and|while|whereas)\s)(?={_PANEL})"
)
_LABEL_ENDS = re.compile(r"\((?:[A-Za-z]\d?|[ivx]{1,4})(?:\s?[-–,]\s?[A-Za-z]\d?)*\);\s*$")
_SENTENCE_ENDED = re.compile(r"[.!?\n];?\s*(?:and\s+|[–—-]\s)?$")
_CLAUSE_ENDED = re.compile(r"[.!?\n;]\s*$")
# "X (A), staining of Y. Scale bar, 1 cm (B)": what follows a label that ended its part, not ", taken at 5 kV"
_NEXT_PART = re.compile(
    r",\s(?:and\s)?(?!(?:all|both|each|taken|obtained|recorded|measured|wh\w+|with(?:in|out)?|after|before|during|under|"
    r"over|above|below|behind|between|at|by|for|from|in|on|of|to|as|using|through|against|near|until|since|than)\s)"
    r"(?=\S*[^\W\d]{2}\S*\s\w)"
)
_VERB = re.compile(
    r"\s*(?:is|are|was|were|shows?|indicates?|represents?|portrays?|depicts?|presents?|displays?|illustrates?|plots?|"
    r"gives?|has|have|can|and in)\b"
)


def cut_at_heads(
    text: str, start: int, sentences: Sequence[Span], mentions: Sequence[PrintedLabel], defining: set[PrintedLabel]
) -> list[Span]:
    """Sentences, cut also before labels that begin a clause of their own after a full stop or a semicolon.

    `defining` are those of the `mentions` that give labels their text.
    """
    cuts = {start, len(text)} | {sentence.start for sentence in sentences if sentence.start > start}
    for mention in defining:
        # Punkt may cut inside a mention ("A. Foo"): no cut there
        bracketed = mention.form in (Form.PAREN, Form.CLOSE)
        cuts.difference_update(range(mention.span.start + 1, mention.span.end + (0 if bracketed else 2)))
    for sentence in sentences if "anel" in text else ():
        if _BEGINS_WITH_PANEL.match(text, sentence.start):
            cuts.update(turn.end() for turn in _TURNS_TO_PANEL.finditer(text, *sentence))
    crossing = _crossing(text, sentences, defining)
    # after that, for a label may stand right behind another ("… in pristane (B).C and D. Dehydrogenases")
    for mention in defining:
        before = text[max(0, mention.span.start - 12) : mention.span.start]
        joins_on = _JOINS_ON.match(text, mention.span.end)
        ends = _CLAUSE_ENDED if mention in crossing else _SENTENCE_ENDED
        if mention.at_clause_start and not joins_on and ends.search(before):
            cuts.add(mention.span.start)
        elif len(mention.labels) > 1 and (end := _end_of_parts(text, mention, sentences, defining)) is not None:
            # "(A) Leaf; (B,C) sugar in roots (B) and stems (C); (D) grain"
            cuts.update((mention.span.start, end))
        elif mention.at_clause_start and _is_behind_one(text, mention, defining):
            # "difference in height (e); f) height profile": the first label stood behind its text, this one does not
            cuts.add(mention.span.start)
        elif _TURN_BEFORE.search(before) and _turns(text, mention, sentences, defining):
            cuts.add(mention.span.start)
        elif "wh" in before and (contrast := _WHILE.search(before)) and _VERB.match(text, mention.span.end):
            # "Data in (A) are of protein 1 while (B) shows protein 2"
            cuts.add(mention.span.start - len(before) + contrast.start())
    cuts.add(len(text))
    edges = sorted(cuts)
    return [Span(a, b) for a, b in pairwise(edges) if text[a:b].strip()]


def cut_around_bars(text: str, sentences: Sequence[Span], mentions: Sequence[PrintedLabel]) -> list[Span]:
    """Sentences, cut where a label's part begins at its bar: "X (A), staining of Y. Scale bar, 1 cm (B)"."""
    bars = {one.start for one in sentences if is_scale_sentence(text, one)} if len(mentions) > 1 else set()
    if not bars:
        return list(sentences)
    starts = {one.start for one in sentences}
    for number, behind in enumerate(mentions):
        before = mentions[number - 1] if number else None
        begin = before.span.end if before else -1
        between = [one for one in sorted(starts) if begin < one < behind.span.start]
        if not between or between[-1] not in bars:
            continue
        is_told_once = sum(not set(one.labels).isdisjoint(behind.labels) for one in mentions) == 1
        if (
            len(between) > 1
            and is_told_once
            and behind.form is Form.PAREN
            and text[between[-1] - 2 : between[-1]] == "; "
        ):
            # "Leaves of the plant; scale bar=50 µm (A)."
            starts.remove(between[-1])
            continue
        if before is None:
            continue
        part = _NEXT_PART.match(text, before.span.end)
        if len(between) == 1 and part and is_told_once and behind.form is Form.PAREN and not before.at_clause_start:
            starts.remove(between[0])
            starts.add(part.end())
    return [Span(a, b) for a, b in pairwise([*sorted(starts), sentences[-1].end])]


def _end_of_parts(
    text: str, group: PrintedLabel, sentences: Sequence[Span], defining: Iterable[PrintedLabel]
) -> int | None:
    """End of a clause that tells the group at its beginning again, label by label; None where it does not."""
    if not group.at_clause_start:
        return None
    home = next((one.end for one in sentences if one.end > group.span.start), len(text))
    end = text.find("; ", group.span.end, home) + 1 or home
    inside = [one for one in defining if group.span.end <= one.span.start < end]
    told = {label for one in inside for label in one.labels}
    return end if told == set(group.labels) and len(inside) > 1 else None


def _is_behind_one(text: str, mention: PrintedLabel, defining: Iterable[PrintedLabel]) -> bool:
    """True if a label that ends its part stands right before: "height (b); c) width", not "iron in (a); (c) zinc"."""
    behind = _LABEL_ENDS.search(text[max(0, mention.span.start - 20) : mention.span.start])
    end = len(text[: mention.span.start].rstrip(" ;"))
    return bool(behind) and any(one.span.end == end for one in defining)


def _turns(text: str, mention: PrintedLabel, sentences: Sequence[Span], defining: Iterable[PrintedLabel]) -> bool:
    """True if labels before stand behind their text: "Images of gold (a) and silver (b) rods; (c) their spectrum"."""
    home = next((one for one in reversed(sentences) if one.start <= mention.span.start), None)
    if home is None or vote(text, mention) <= 0:
        return False
    inside = sorted((one for one in defining if home.start <= one.span.start < home.end), key=lambda one: one.span)
    first, place = inside[0], inside.index(mention)
    following = inside[place + 1].span.start if place + 1 < len(inside) else home.end
    return (
        first is not mention
        and not first.at_clause_start
        and vote(text, first) < 0
        and bool(_LISTS_ON.match(text, first.span.end))
        and (mention.at_clause_start or _begins_picture(text[mention.span.end : following]))
    )


def _begins_picture(said: str) -> bool:
    """True for "the spectrum of X", and not for "after bending on a TEM grid"."""
    return has_own_head(said) and said.split(None, 1)[0].lower() not in PREPOSITIONS


def _crossing(text: str, sentences: Sequence[Span], defining: Collection[PrintedLabel]) -> set[PrintedLabel]:
    """Mentions from one on that cuts across the groups before it: "(A–C) X and (D–F) Y; (B–C, E–F) Z; (C) W"."""
    found: set[PrintedLabel] = set()
    if sum(len(one.labels) > 1 for one in defining) < 3:
        return found
    groups = [one for one in sorted(defining, key=lambda one: one.span) if one.at_clause_start or len(one.labels) > 1]
    for place, mention in enumerate(groups):
        earlier = [set(one.labels) for one in groups[:place] if len(one.labels) > 1]
        own = set(mention.labels)
        crosses = sum(bool(labels & own) and not labels <= own for labels in earlier) > 1
        if crosses and mention.at_clause_start and text[: mention.span.start].rstrip().endswith(";"):
            end = next((sentence.end for sentence in sentences if sentence.end > mention.span.start), len(text))
            found.update(one for one in groups[place:] if one.at_clause_start and one.span.start < end)
    return found
