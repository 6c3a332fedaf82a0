"""Labels and the length that each has, of the tokens of a sentence about scale bars."""

import re
from collections.abc import Sequence

from exsclaim.captions.scale_bars.scale_lists import Kind, Token

_JOINT = re.compile(r"\s?(?:,|,?\s(?:and|or)|[/&])\s?")


def clauses_of(tokens: Sequence[Token]) -> list[list[Token]]:
    clauses: list[list[Token]] = [[]]
    for token in tokens:
        if token.kind is Kind.END:
            clauses.append([])
        else:
            clauses[-1].append(token)
    return [clause for clause in clauses if clause]


def paired(text: str, tokens: Sequence[Token]) -> list[tuple[tuple[str, ...], Token]]:
    """Labels with their length, of one clause: runs of as many of both one by one, then neighbours."""
    found: list[tuple[tuple[str, ...], Token]] = []
    left: list[list[Token]] = [[]]
    runs = _runs(tokens)
    place = 0
    while place < len(runs):
        run = runs[place]
        if [one[0].kind for one in runs[place + 1 : place + 2]] == [Kind.RESPECTIVELY] and place + 2 < len(runs):
            # "in (a)–(c) are, respectively, 5, 2 and 1 µm"
            runs[place + 1 : place + 3] = [runs[place + 2], runs[place + 1]]
        following = runs[place + 1] if place + 1 < len(runs) else []
        kinds = {run[0].kind, following[0].kind} if following else set()
        if kinds == {Kind.LENGTH, Kind.LABELS}:
            lengths, names = (run, following) if run[0].kind is Kind.LENGTH else (following, run)
            behind = runs[place + 2] if place + 2 < len(runs) else []
            is_said = bool(behind) and behind[0].kind is Kind.RESPECTIVELY
            # "for (c) is 100 nm, and 1 µm for the others": the first length has its labels before it
            is_taken = bool(left[-1]) and left[-1][0].kind is left[-1][-1].kind is following[0].kind
            groups = _groups(names, len(lengths)) if len(lengths) > 1 and not is_taken else None
            # "a, b 5 µm, 2 µm c": two lengths in a row may each have labels on another side, unless it is said
            if groups is not None and (is_said or not behind):
                found += zip(groups, lengths, strict=True)
                left.append([])
                place += 3 if is_said else 2
                continue
            if is_said and len(lengths) > 1:
                # as many lengths as nothing that was counted: nobody can say whose they are
                left.append([])
                place += 3
                continue
        if run[0].kind is not Kind.RESPECTIVELY:
            left[-1] += run
        place += 1
    for row in left:
        found += _neighbours(text, row)
    return found


def _runs(tokens: Sequence[Token]) -> list[list[Token]]:
    runs: list[list[Token]] = []
    for token in tokens:
        if runs and runs[-1][0].kind is token.kind:
            runs[-1].append(token)
        else:
            runs.append([token])
    return runs


def _groups(names: Sequence[Token], count: int) -> list[tuple[str, ...]] | None:
    """The labels in `count` groups: as printed, "(A) and (B, C)", or one by one."""
    if len(names) == count:
        return [token.labels for token in names]
    each: list[tuple[str, ...]] = [(label,) for token in names for label in token.labels]
    return each if len(each) == count else None


def _neighbours(text: str, tokens: Sequence[Token]) -> list[tuple[tuple[str, ...], Token]]:
    lengths = [place for place, token in enumerate(tokens) if token.kind is Kind.LENGTH]
    if not lengths:
        return []
    label_first = tokens[0].kind is Kind.LABELS
    found: list[tuple[tuple[str, ...], Token]] = []
    for number, place in enumerate(lengths):
        if label_first:
            earlier = lengths[number - 1] if number else -1
            near = list(tokens[earlier + 1 : place])
            if number == len(lengths) - 1:
                near += tokens[place + 1 :]
        else:
            near = list(tokens[place + 1 : lengths[number + 1] if number + 1 < len(lengths) else len(tokens)])
        names = tuple(dict.fromkeys(label for token in near for label in token.labels))
        if (
            not names
            and found
            and len(found[-1][0]) > 1
            and found[-1][1].nm != tokens[place].nm
            and _JOINT.fullmatch(text, found[-1][1].span.end, tokens[place].span.start)
        ):
            # "in (a)–(c) are 500 and 20 nm": two lengths of several panels, and nobody can say whose they are
            found[-1] = ((), found[-1][1])
        found.append((names, tokens[place]))
    return found
