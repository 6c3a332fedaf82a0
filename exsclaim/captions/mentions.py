"""Figures and panels that a sentence of an article's text names: "as shown in Fig. 2b–d", "Figs 1A and 3C"."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from exsclaim.captions.labels.label_ranges import expanded

_FIGURE = re.compile(
    r"\b(?P<series>(?:[Ee]xtended[ -][Dd]ata|[Ss]upplement(?:ary|al)|[Ss]upporting(?: [Ii]nformation)?|"
    r"Suppl?\.?|Appendix|SI)\s+)?"
    r"(?P<word>[Ff]ig(?:uras?|ures?|s)?\b\.?|FIG(?:URES?|S)?\b\.?|Abb(?:ildung(?:en)?\b|\.)|[Ss]chemes?\b)\s*"
)
_PLURAL = re.compile(r"(?:figures|figuras|figs|abbildungen|schemes)", re.IGNORECASE)
_NUMBER = re.compile(
    r"(?P<number>(?:S|A|SI|ED)?-?\d{1,3}(?!\d)(?:\.\d{1,2}(?!\d))?|[A-HS]\.\d{1,2}(?!\d)"
    r"|(?P<of_appendix>[B-H]\d{1,2}(?![\dA-Z]))|[IVX]{1,5}(?!\w))"
)
_LABEL = r"(?:[A-Za-z]\d{0,2}|[ivx]{2,4})['′″]?(?!\w)"
_JOINT = r"\s*(?:,\s*(?:and|und|et|y|e)\b|,|;|/|&|[-–—−‐‑]|\b(?:and|or|to|und|bis|et|y)\b)\s*"
_LABELS = rf"{_LABEL}(?:{_JOINT}{_LABEL}){{0,25}}"
# "Fig. 2b", and as LaTeX's authors write it behind a reference: "Fig. 2.b", "Fig. 2 - b", "(Fig. 2, b, c)"
_GLUED = re.compile(rf"(?:\.(?=[a-z](?![\w.])))?(?P<labels>{_LABELS})")
_BEHIND_DASH = re.compile(rf"\s[-–—]\s(?P<labels>{_LABELS})(?=\s*[),.;:\]])")
_BEHIND_COMMA = re.compile(r",\s(?P<labels>[a-z](?:,\s[a-z])*)(?=\s*[)\]])")
_IN_BRACKETS = re.compile(rf"\s?[(\[]\s*(?P<labels>{_LABELS})\s*[)\]]")
# "Fig. 2 A and B": apart only where no word follows, as "a" and "I" are words
_APART = re.compile(rf"\s(?P<labels>{_LABELS})(?=\s*(?:[),.;:\]]|$))")
_NEXT = re.compile(_JOINT)
_A_WORD = re.compile(r"(?:a|A|I)(?=\s+[a-z])")
_PANELS_BEFORE = re.compile(rf"\b[Pp]anels?\s+[(\[]?(?P<labels>{_LABELS})[)\]]?\s+(?:of|in|from)\s+(?:the\s+)?$")
_MEASURE = re.compile(r"\s?(?:[nmµμck]?m\b|°|%|K\b|s\b|h\b|min\b|V\b|mL\b|Å|wt)")
_OF_OTHERS = re.compile(
    r"\s*(?:\)\s*)?(?:of|in|from)\s+(?:the\s+)?(?:[Rr]efs?\b|[Rr]eference|\[\d|[A-Z][a-z]+\s+et\s+al)"
)


class Mention(NamedTuple):
    """One figure that a text names and the panels of it that it names; no panels: the figure as a whole."""

    figure: str
    """Number as printed: "2", "S3", "A.1", "IV"."""
    panels: tuple[str, ...]
    """Labels as printed, ranges written out: "b–d" is b, c, d."""
    series: str
    """"" for the article's own numbering, else "supplementary", "extended data" or "scheme"."""
    start: int
    end: int
    """Place in the text: half-open, in characters."""


def mentions_in(sentence: str) -> tuple[Mention, ...]:
    """Every figure that `sentence` names, in its order, with the panels named beside the number.

    "Figs 2a–c and S3" are two mentions, "Figs 1–3" three. Figures of other works ("Fig. 2 of ref. 5") are left out.
    """
    return tuple(mention for word in _FIGURE.finditer(sentence) for mention in _behind(sentence, word))


def _behind(text: str, word: re.Match[str]) -> Iterator[Mention]:
    """Mentions that one word "Fig." is for."""
    series = _series(word)
    position = start = word.end()
    is_plural = bool(_PLURAL.match(word["word"]))
    earlier: list[Mention] = []
    joint = ""
    while number := _NUMBER.match(text, position):
        panels, end = _panels(text, number)
        # "Fig. 4d and S18": a number with the S of supplements can be nothing else
        is_supplement = bool(re.match(r"S\d", number["number"]))
        if earlier and not (panels or is_supplement or (is_plural and not _MEASURE.match(text, end))):
            break
        if earlier and number["of_appendix"] and not earlier[0].figure[0].isalpha():
            break  # "Figs 2, 3 and B12 in the diet"
        if (
            not earlier
            and not panels
            and (before := _PANELS_BEFORE.search(text, max(0, word.start() - 80), word.start()))
        ):
            panels = expanded(before["labels"])[0]
        mention = Mention(number["number"], panels, series, start, end)
        if joint in ("-", "–", "—", "to") and earlier and not earlier[-1].panels:
            earlier += _between(earlier[-1], mention)
        earlier.append(mention)
        following = _NEXT.match(text, end)
        if following is None:
            break
        joint = following.group().strip()
        position = start = following.end()
    if earlier and not _OF_OTHERS.match(text, earlier[-1].end):
        yield from earlier


def _series(word: re.Match[str]) -> str:
    before = (word["series"] or "").lower()
    if before.startswith("ext"):
        return "extended data"
    if before:
        return "supplementary"
    return "scheme" if word["word"].lower().startswith("schem") else ""


def _panels(text: str, number: re.Match[str]) -> tuple[tuple[str, ...], int]:
    """Labels behind a figure's number, and where they end: "2b–d", "2(b)–(d)", "2b and 2c", "2 B and C"."""
    end = number.end()
    kinds = (_GLUED, _IN_BRACKETS, _APART, _BEHIND_DASH, _BEHIND_COMMA)
    found = next(filter(None, (kind.match(text, end) for kind in kinds)), None)
    if found is None:
        return (), end
    is_bracketed = text[found.end() - 1] in ")]"
    labels, length = expanded(found["labels"])
    end = found.end() if is_bracketed else found.start("labels") + length
    last = labels[-1] if labels else ""
    if len(labels) > 1 and not is_bracketed and _A_WORD.match(text, end - len(last)):
        # "Fig. 2C and I think"
        labels, end = labels[:-1], text.rfind(labels[-2], 0, end - 1) + len(labels[-2])
    while labels and (joint := _NEXT.match(text, end)):
        again = text.startswith(number["number"], joint.end())
        more = (_GLUED if again else _IN_BRACKETS).match(text, joint.end() + (len(number["number"]) if again else 0))
        if more is None:
            break
        further, length = expanded(f"{labels[-1]}{joint.group()}{more['labels']}")
        if len(further) < 2:
            break
        labels, end = labels + further[1:], more.end()
    return labels, end


def _between(first: Mention, last: Mention) -> list[Mention]:
    """Figures inside a range of whole figures: "Figs 1–3" names 2, too."""
    low, high = (re.fullmatch(r"(\D*)(\d+)", mention.figure) for mention in (first, last))
    if not low or not high or (high[1] and high[1] != low[1]):
        return []
    numbers = range(int(low[2]) + 1, int(high[2]))[:30]
    return [Mention(f"{low[1]}{n}", (), first.series, first.start, last.end) for n in numbers]
