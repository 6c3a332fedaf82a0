"""Lists of labels as they are printed: "a–c, e", "(A) and (B)", "d1–d3", "Ai–iii", written out label by label."""

import re
from functools import lru_cache

DASH = "[-–—−‐‑‒~∼～]"
# stands for what joins both tiers of "a-ii" and "b.i" where a caption has such labels
TIE = "\ue000"
TIER = r"(?:i{1,3}|iv|vi{0,3}|ix|xi{0,2})"
_LONG = rf"(?:[A-Za-z]\d{{1,2}}|[A-Z]{TIER}|[A-Za-z]{TIE}{TIER}|[ivx]{{2,4}}|[IVX]{{2,4}})"
_ONE = rf"(?:[A-Za-z]\d{{0,2}}|[A-Z]{TIER}|[A-Za-z]{TIE}{TIER}|[ivx]{{2,4}}|[IVX]{{2,4}})"
ATOM = rf"{_ONE}['′″’]{{0,2}}(?![\w'′{TIE}]|{DASH}(?!{_LONG}(?!\w))\w{{2}}|\.\w)"
JOINT = rf"\s*(?:,\s*(?:and\b|or\b|&)|,|;|/|&|\+|\b(?:and|or|to|through|und|bis|et|à|y|e)\b|{DASH})\s*"
# no figure has more panels than a list of 30 items names; the bound keeps hostile text linear
LABEL_LIST = rf"{ATOM}(?:{JOINT}{ATOM}){{0,30}}"
"""Pattern of one label or a list of them, "a", "b and c", "d–f"; `expanded` says which labels it names."""
LABEL = re.compile(rf"(?<![\w{TIE}]){_ONE}['′″’]{{0,2}}(?![\w{TIE}])")

# where a label may stand: quicker than `LABEL`, which says what stands there
PLACE = re.compile(
    rf"\b[A-Za-z](?=\W|\d|[ivxIVX{TIE}])(?<!{TIE}.)(?:\d{{0,2}}|{TIER}|{TIE}{TIER}|[ivx]{{1,3}}|[IVX]{{1,3}})['′″’]{{0,2}}(?![\w{TIE}])"
)

ROMAN = ["i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii"]
_RANGE = re.compile(f"{DASH}|to|through|bis|à|a")
_FOREIGN_AND = re.compile(r"(?<=[\w)\]]\s)(?:und|et|y|e)(?=\s)")


@lru_cache(maxsize=4096)
def expanded(listed: str) -> tuple[tuple[str, ...], int]:
    """Labels of a printed list ("a–c, e") and how many of its characters make an ascending list of one kind."""
    labels: list[str] = []
    length = 0
    previous_end = 0
    # "y" and "e" are words between labels, and labels
    listed = _FOREIGN_AND.sub(lambda word: ",".ljust(len(word.group())), listed)
    for atom in LABEL.finditer(listed):
        printed = atom.group().replace("'", "′").replace("’", "′")
        joint = listed[previous_end : atom.start()].strip()
        if not labels:
            labels.append(printed)
        elif _RANGE.fullmatch(joint):
            between = _between(labels[-1], printed)
            if not between:
                break
            labels.extend(between)
        elif _follows(labels[-1], printed):
            labels.append(printed)
        else:
            break
        previous_end = length = atom.end()
    return tuple(labels), length


def _between(first: str, last: str) -> list[str]:
    """Labels after `first` up to `last`: b–e, d1–d3, ii–iv; empty where that is no range."""
    romans = ROMAN if first.islower() else [roman.upper() for roman in ROMAN]
    if len(first) == len(last) == 1 and first.islower() == last.islower() and first < last:
        return [chr(code) for code in range(ord(first) + 1, ord(last) + 1)]
    if first in romans and last in romans and (len(first) > 1 or len(last) > 1):
        return romans[romans.index(first) + 1 : romans.index(last) + 1]
    if (tier := is_tiered(first)) and first[1] != last[0]:
        # "Ai–iii", "Ai–Aiii"
        stem, numerals = first[: -len(tier)], ROMAN[ROMAN.index(tier) + 1 :]
        last = last.removeprefix(stem)
        return [f"{stem}{one}" for one in numerals[: numerals.index(last) + 1]] if last in numerals else []
    if first[0] == last[0] and first[1:].isdigit() and last[1:].isdigit() and int(first[1:]) < int(last[1:]):
        return [f"{first[0]}{number}" for number in range(int(first[1:]) + 1, int(last[1:]) + 1)]
    return []


def is_tiered(label: str) -> str:
    """The numeral of a label of two tiers, "ii" of "Aii" and "a-ii"; "" for other labels."""
    found = re.fullmatch(rf"[A-Za-z][-–.{TIE}]?({TIER})", label)
    return found[1] if found and label not in ROMAN else ""


def _follows(first: str, second: str) -> bool:
    if first in ROMAN and second in ROMAN and ROMAN.index(second) > ROMAN.index(first):
        return True
    return first[0].islower() == second[0].islower() and first < second
