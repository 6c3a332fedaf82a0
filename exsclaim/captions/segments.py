"""Which part of a caption belongs to which label.

Labels may stand before their text ("(a) TEM image …") or after it ("TEM image (a) and spectrum (b) of …"):
that is decided sentence by sentence. What stands before the first or behind the last label of a sentence is
said of all its labels; sentences in between belong to the labels spoken of last.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import pairwise

from exsclaim.captions.labels import Reading
from exsclaim.captions.labels_last import give_labels_last
from exsclaim.captions.lexicon import lexicon
from exsclaim.captions.mentions import Form, Mention
from exsclaim.captions.parts import Parts
from exsclaim.captions.scales import is_scale_sentence, labelled_scales
from exsclaim.captions.spans import Span, merged, trimmed
from exsclaim.captions.stems import has_own_head

_REFERRING = re.compile(
    r"\b(?:in|of|from|panels?|see|than|frames?|insets?|on|to|as|between|by|corresponding to|also|and in)\s*$",
    re.IGNORECASE,
)
_PUTS_LABEL_FIRST = re.compile(r"(?:^|[.;:,!?)]|\b(?:and|or|while|whereas|with|of|in|for|on|by))\s*$")
_PUTS_LABEL_LAST = re.compile(r"\s*(?:[.;:,)—]|(?:and|or|while|but|with|of|for|in|at|after|before|using|from)\b|$)")
_JOINED = re.compile(r"\b(?:and|or|while)\s*$")
_ENDS_PART = re.compile(r"\s*(?:[.;,)]|$)")
_CAPITAL = re.compile(r"\s*[A-Z]")
_NEEDS_MORE = re.compile(
    r"(?:[:(–—-]|\b(?:of|for|in|with|at|from|on|by|under|after|before|between|the|an?|and|or|to|as|is|are|show\w*|see|than|via|using|panels?|versus|vs))$"
)
_OF_LABEL = re.compile(r"\b(?:of|for|by)\s*$")
_VERB = re.compile(r"\s*(?:is|are|was|were|shows?|indicates?|represents?|has|have|can|and in)\b")


@cache
def _of_all() -> re.Pattern[str]:
    return re.compile(rf"\s*(?:{'|'.join(lexicon('openings')['of_the_whole_figure'])})")


def _opening_of_all(text: str, sentence: Span) -> str:
    """The first word of a sentence that, behind the last label, is said of the whole figure; "" for other sentences.

    Where the labels before have each a sentence that begins so ("n = 5"), the last one has its own, too.
    """
    found = _of_all().match(text, *sentence)
    return re.sub(r"\W.*", "", found.group().strip()) or found.group().strip() if found else ""


def _last_start(defining: Iterable[Mention]) -> int:
    """Where the last label is given its text: sentences before it belong to the labels spoken of."""
    seen: set[str] = set()
    last = -1
    for mention in sorted(defining, key=lambda mention: mention.span):
        if mention.at_clause_start or not seen.issuperset(mention.labels):
            last = mention.span.start
        seen.update(mention.labels)
    return last


def _heads_sentences(text: str, defining: set[Mention]) -> bool:
    """Whether this caption's labels stand at the beginnings of sentences that start with a capital letter."""
    heads = [mention for mention in defining if mention.at_clause_start and _CAPITAL.match(text, mention.span.end)]
    return len(heads) > 1 and len(heads) >= 0.6 * len(defining)


def _restarts(text: str, sentence: Span, mention: Mention, scope: tuple[str, ...]) -> bool:
    """Whether a sentence of its own begins with `mention`, a full stop before it lost."""
    before = text[sentence.start : mention.span.start].rstrip()
    return (
        mention.form in (Form.PAREN, Form.CLOSE)
        and mention.note is None
        and bool(_CAPITAL.match(text, mention.span.end))
        and not _NEEDS_MORE.search(before[-24:])
        and (bool(scope) or before.endswith(")"))
    )


def _open_stem(text: str, stem: Span) -> Span | None:
    """ "Fluorescence images of (a) X. (b) Y. (c) Z.": a stem that the labels of the sentences after share; or None."""
    kept = trimmed(text, stem)
    ends_open = re.search(
        r"(?::|\b(?:of|for|in|with|at|from|on|by|under|after|before|between))\s*$", text[stem.start : stem.end]
    )
    return kept if ends_open else None


def distribute(text: str, start: int, sentences: Sequence[Span], reading: Reading) -> Parts:
    """Gives every sentence from `start` on to its labels."""
    parts = Parts(of_label={label: [] for label in reading.labels})
    defining = _defining(text, sentences, reading)
    last_start = _last_start(defining)
    scope: tuple[str, ...] = ()
    stem: Span | None = None
    own_openings: set[str] = set()
    heads_sentences = _heads_sentences(text, defining)
    prefers_first = _prefers_first(text, defining)
    mentions = list(reading.mentions)
    position = 0
    scale_told = False
    pieces = _cut_at_heads(text, start, sentences, defining)
    for sentence in pieces:
        inside: list[Mention] = []
        while position < len(mentions) and mentions[position].span.start < sentence.end:
            inside.append(mentions[position])
            position += 1
        own = [mention for mention in inside if mention in defining]
        more = last_start >= sentence.end
        if own and not _heads(own, text, sentence) and heads_sentences and _restarts(text, sentence, own[0], scope):
            # "The mean angle is 3° (F) Vectors for …": a full stop was lost before the label
            before = Span(sentence.start, own[0].span.start)
            if scope:
                parts.give(text, scope, before)
            else:
                parts.give_general(text, before)
            sentence = Span(before.end, sentence.end)
        if is_scale_sentence(text, sentence) and not _heads(own, text, sentence):
            # one bar for all panels is told at the end, unless the panels before have each their own
            each_its_own = more or scale_told
            scale_told = scale_told or bool(scope and more)
            _give_scale(text, sentence, inside, parts, scope if each_its_own else ())
        elif own and _heads(own, text, sentence):
            head, *rest = own
            scope = _give_headed(text, sentence, head, rest, parts)
            if stem is not None and not has_own_head(text[head.span.end : sentence.end]):
                parts.give(text, dict.fromkeys(label for mention in own for label in mention.labels), stem)
            else:
                stem = None
        elif own:
            between = Span(sentence.start, own[0].span.start)
            if scope and text[max(0, between.end - 3) : between.end].rstrip().endswith(";"):
                # "… (a) one. More of it; (b) two": what stands before the semicolon is still the former label's
                parts.give(text, scope, between)
                sentence = Span(between.end, sentence.end)
            if not scope and more:
                stem = _open_stem(text, Span(sentence.start, own[0].span.start))
            _give_unheaded(text, sentence, own, parts, prefers_first)
            scope = own[-1].labels if more or heads_sentences else ()
        elif inside and (not scope or not defining or _speaks_of(text, sentence, inside[0])):
            scope = tuple(dict.fromkeys(label for mention in inside for label in mention.labels))
            parts.give(text, scope, sentence)
        elif scope and (more or not (opening := _opening_of_all(text, sentence)) or opening in own_openings):
            if more and (opening := _opening_of_all(text, sentence)):
                own_openings.add(opening)
            parts.give(text, scope, sentence)
        else:
            parts.give_general(text, sentence)
            if not more:
                scope = ()
    _give_pointed_at(text, pieces, mentions, parts)
    first = trimmed(text, pieces[0]) if pieces else None
    whole = parts.general[:1] or ([first] if first else [])
    for label, spans in parts.of_label.items():
        # a label that the caption skips or only points at shows what the caption as a whole speaks of
        parts.of_label[label] = merged(spans) or whole
    return parts


def _defining(text: str, sentences: Sequence[Span], reading: Reading) -> set[Mention]:
    """Mentions that give a label its text, as distinct from those that refer to it ("inset of (b)")."""
    strong: set[Mention] = set()
    weak: list[Mention] = []
    told: set[str] = set()
    sentence_starts = [sentence.start for sentence in sentences]
    for mention in reading.mentions:
        home = sentences[max(0, bisect_right(sentence_starts, mention.span.start) - 1)]
        if mention.form in (Form.REFERENCE, Form.NAMED) or is_scale_sentence(text, home):
            continue
        before = text[max(0, mention.span.start - 24) : mention.span.start]
        bracketed = mention.form in (Form.PAREN, Form.CLOSE)
        if mention.at_clause_start or not bracketed or not _REFERRING.search(before):
            strong.add(mention)
            # "b–e Antigens. Overlap in (b) altered genome fraction and (c) mutation count": a group does not yet tell of one
            if len(mention.labels) == 1:
                told.update(mention.labels)
        else:
            weak.append(mention)
    last_in: dict[int, int] = {}
    for mention in strong:
        home_number = bisect_right(sentence_starts, mention.span.start)
        last_in[home_number] = max(mention.span.start, last_in.get(home_number, -1))
    for mention in weak:
        # "films of (a) CS and (b) CS/T80" defines both; "the plate in (a) is" defines nothing
        if (
            not told.issuperset(mention.labels)
            and (
                last_in.get(bisect_right(sentence_starts, mention.span.start), -1) > mention.span.start
                or _OF_LABEL.search(text[max(0, mention.span.start - 8) : mention.span.start])
            )
            and not _VERB.match(text, mention.span.end)
        ):
            strong.add(mention)
    return strong


def _prefers_first(text: str, mentions: Iterable[Mention]) -> float:
    """> 0 where this caption's labels stand before their text, < 0 where behind."""
    votes = [_vote(text, mention) for mention in mentions]
    return sum(votes) / max(1, len(votes))


def _vote(text: str, mention: Mention) -> float:
    if mention.form is not Form.PAREN or mention.at_clause_start:
        return 1.0
    near = text[max(0, mention.span.start - 12) : mention.span.start]
    before = bool(_PUTS_LABEL_FIRST.search(near))
    if _JOINED.search(near) and not _ENDS_PART.match(text, mention.span.end):
        # "(a) before and (b) after heating": nothing stands between "and" and the label, so its text follows
        return 1.0
    behind = bool(_PUTS_LABEL_LAST.match(text, mention.span.end)) or mention.note is not None
    return float(before) - float(behind)


def _cut_at_heads(text: str, start: int, sentences: Sequence[Span], defining: set[Mention]) -> list[Span]:
    """Sentences, cut also before labels that begin a clause of their own after a full stop or a semicolon."""
    cuts = {start, len(text)} | {sentence.start for sentence in sentences if sentence.start > start}
    for mention in defining:
        before = text[max(0, mention.span.start - 12) : mention.span.start]
        if mention.at_clause_start and re.search(r"[.!?\n]\s*(?:and\s+)?$", before):
            cuts.add(mention.span.start)
        # Punkt may cut inside a mention ("A. Foo"): no cut there
        cuts.difference_update(range(mention.span.start + 1, mention.span.end + 2))
    cuts.add(len(text))
    edges = sorted(cuts)
    return [Span(a, b) for a, b in pairwise(edges) if text[a:b].strip()]


def _heads(own: list[Mention], text: str, sentence: Span) -> bool:
    """Whether the first mention stands at the very beginning of the sentence."""
    if not own:
        return False
    lead = text[sentence.start : own[0].span.start].strip(" ;,\n\t\u00a0")
    return lead in ("", "and", "while") and own[0].span.start - sentence.start < 12


def _speaks_of(text: str, sentence: Span, reference: Mention) -> bool:
    """Whether the sentence is about the panel it refers to: the reference is in its subject."""
    return len(text[sentence.start : reference.span.start].split()) <= 9


def _give_headed(text: str, sentence: Span, head: Mention, rest: list[Mention], parts: Parts) -> tuple[str, ...]:
    """A sentence that begins with its labels; labels inside it split it further. The labels it speaks of."""
    if head.note is not None:
        parts.give(text, head.labels, Span(head.note.start, head.note.end))
    body = Span(head.span.end, sentence.end)
    group = set(head.labels)
    inner = [mention for mention in rest if group.issuperset(mention.labels)]
    later = [
        mention
        for mention in rest
        if not group & set(mention.labels) and (_vote(text, mention) > 0 or not _already_told(mention, parts))
    ]
    if len(group) > 1 and inner:
        stop = later[0].span.start if later else body.end
        _give_unheaded(text, Span(body.start, stop), inner, parts, 0.0)
        left_out = group - {label for mention in inner for label in mention.labels}
        parts.give(text, left_out, body)
    elif later and _vote(text, later[0]) >= 0:
        _give_labels_first(text, sentence, [head, *later], parts)
        return later[-1].labels
    elif later and (joint := _joint_before(text, Span(body.start, later[0].span.start))) is not None:
        # "(a) Rate performance and cyclic performance at 100 mA g−1 (b) and 1000 mA g−1 (c)"
        _give_group(text, head.labels, Span(body.start, joint.start), parts)
        give_labels_last(text, Span(joint.end, sentence.end), later, parts)
        return later[-1].labels
    else:
        _give_group(text, head.labels, body, parts)
    return head.labels


def _joint_before(text: str, body: Span) -> Span | None:
    """The joint in `body` behind which a part with a head of its own begins; None where it is one part."""
    for joint in re.compile(r"[,;]\s*(?:and\s+)?|\s+and\s+").finditer(text, *body):
        if has_own_head(text[joint.end() : body.end]) and has_own_head(text[body.start : joint.start()]):
            return Span(*joint.span())
    return None


def _give_pointed_at(text: str, pieces: Sequence[Span], mentions: Sequence[Mention], parts: Parts) -> None:
    """Labels that nothing defines have the sentences that point at them ("magnified in (b) and (c)")."""
    bare = {label for label, spans in parts.of_label.items() if not spans}
    starts = [piece.start for piece in pieces]
    for mention in mentions:
        pointed = [label for label in mention.labels if label in bare]
        if pointed:
            piece = pieces[bisect_right(starts, mention.span.start) - 1]
            parts.give(text, pointed, piece)


def _already_told(mention: Mention, parts: Parts) -> bool:
    return all(parts.of_label.get(label) for label in mention.labels)


def _give_group(text: str, labels: Sequence[str], body: Span, parts: Parts) -> None:
    """One text for several labels: shared, unless it lists just as many things as there are labels."""
    listed = _listed(text, body, len(labels)) if len(labels) > 1 else None
    if listed is None:
        parts.give(text, labels, body)
        return
    items, tail = listed
    for label, item in zip(labels, items, strict=True):
        parts.give(text, (label,), item)
        parts.give(text, (label,), tail)


def _listed(text: str, body: Span, count: int) -> tuple[list[Span], Span] | None:
    """The `count` things that `body` begins with ("TEM, HRTEM and FFT of …") and what follows them."""
    stop = re.compile(r"\s(?:of|for|in|at|from|with|showing|on|after|under|by|between|as|to|during)\s|[.;(]").search(
        text, *body
    )
    end = stop.start() if stop else body.end
    items: list[Span] = []
    position = body.start
    for joint in re.compile(r",\s*(?:and\s+)?|\s+and\s+").finditer(text, body.start, end):
        items.append(Span(position, joint.start()))
        position = joint.end()
    items.append(Span(position, end))
    items = [item for item in items if text[item.start : item.end].strip(" .,")]
    return (items, Span(end, body.end)) if len(items) == count else None


def _give_unheaded(text: str, sentence: Span, own: list[Mention], parts: Parts, prefers_first: float) -> None:
    """A sentence that does not begin with a label."""
    votes = sum(_vote(text, mention) for mention in own) + prefers_first
    if _PUTS_LABEL_LAST.match(text, own[-1].span.end) and not text[own[-1].span.end : sentence.end].strip(" .;)"):
        votes -= 1
    if votes > 0:
        _give_labels_first(text, sentence, own, parts)
    else:
        give_labels_last(text, sentence, own, parts)


def _give_labels_first(text: str, sentence: Span, own: list[Mention], parts: Parts) -> None:
    stem = Span(sentence.start, own[0].span.start)
    ends = [mention.span.start for mention in own[1:]] + [sentence.end]
    bodies = [Span(mention.span.end, end) for mention, end in zip(own, ends, strict=True)]
    named = [label for mention in own for label in mention.labels]
    if trimmed(text, stem) is not None:
        parts.give(text, dict.fromkeys(named), stem)
        parts.give_general(text, stem)
    for mention, body in zip(own, bodies, strict=True):
        if mention.note is not None:
            parts.give(text, mention.labels, mention.note)
        _give_group(text, mention.labels, body, parts)
    # "a) before and b) after 20 h operation": what follows the last is said of all
    first = trimmed(text, bodies[0])
    last = trimmed(text, bodies[-1])
    if len(own) > 1 and len(own[-1].labels) == 1 and first is not None and last is not None:
        count = len(text[first.start : first.end].split())
        words = list(re.compile(r"\S+").finditer(text, *last))
        joined = re.search(r"(?:and|or|&)\s*$", text[max(0, own[-1].span.start - 8) : own[-1].span.start])
        if count <= 2 and joined and len(words) > count + 1:
            parts.give(text, dict.fromkeys(named[: -len(own[-1].labels)]), Span(words[count].start(), last.end))


def _give_scale(text: str, sentence: Span, inside: list[Mention], parts: Parts, scope: tuple[str, ...]) -> None:
    """ "Scale bars, 5 μm (c), 500 nm (d)": the opening and the length to each label; without labels, to all."""
    for labels, opening, length in labelled_scales(text, sentence, inside):
        parts.give(text, labels, opening)
        parts.give(text, labels, length)
    if not inside:
        parts.give(text, scope or tuple(parts.of_label), sentence)
        if not scope:
            parts.give_general(text, sentence)
