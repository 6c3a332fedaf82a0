"""Figures and panels that a sentence of an article's text names: "as shown in Fig. 2b–d", "Figs 1A and 3C"."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from exsclaim.captions.labels.label_ranges import expanded

_FIGURE = re.compile(
    r"(?P<series>(?<!\w)(?:[Ee]xtended[ -][Dd]ata|ED|"
    r"(?:[Ss]upp(?:lement(?:ary|al)?|l)?\.?|[Ss]upporting|[Oo]nline)"
    r"(?: (?:[Ii]nformation|[Mm]aterials?|[Aa]ppendix|[Ff]iles?))?|"
    r"E?SI(?: [Aa]ppendix)?)(?:,|:)?\s+|(?P<appendix>Appendix\s+))?"
    r"(?<![A-Za-z])(?P<word>[Ff]ig(?:uras?|ures?|s)?\b\.?|FIG(?:URES?|S)?\b\.?|Abb(?:ildung(?:en)?\b|\.)|[Ss]chemes?\b"
    r"|[Ff]igu+r(?:en)?\b|[Рр]ис(?:унк\w*|\.)|[ŞşSs]ekil(?:ler)?\b|[Rr]ys(?:\.|un\w+)|[Oo]br(?:\.|áz\w+)|[Gg]ambar\b"
    r"|[图図圖]|그림|(?P<panels>[Pp]anels?\b))\s*"
)
_PLURAL = re.compile(r"(?:figures|figuras|figs|abbildungen|schemes|figuren|рисунках|panels)", re.IGNORECASE)
_NUMBER = re.compile(
    r"(?P<number>(?:S|A|SI|ED|EV)?-?\d{1,3}(?!\d)(?:\.\d{1,2}(?!\d))?|[A-HS]\.\d{1,2}(?!\d)"
    r"|(?P<of_appendix>[B-H]\d{1,2}(?![\dA-Z]))|[IVX]{1,5}\.\d{1,2}(?!\d)|[IVX]{1,5}(?!\w))(?!\s?%)"
)
_LABEL = r"(?:[A-Za-z]\d{0,2}|[ivx]{2,4}|[IVX]{2,4})['′″]?(?!\w)"
_JOINT = r"\s*(?:,\s*(?:and|und|et|y|e)\b|,|;|/|&|[-–—−‐‑]|\b(?:and|or|to|through|und|bis|et|y|и)\b|\be(?=\s+\d))\s*"
_LABELS = rf"{_LABEL}(?:{_JOINT}{_LABEL}){{0,25}}"
_SMALL = r"[a-h](?!\w)"
# "Fig. 2b", and as LaTeX's authors write it behind a reference: "Fig. 2.b", "Fig. 2 - b", "Fig. 2-b", "(Fig. 2, b, c)"
_GLUED = re.compile(rf"(?:(?:\.|[-–](?=[a-h](?!\w)))(?=[a-z](?![\w.])))?(?P<labels>{_LABELS})")
_BEHIND_DASH = re.compile(rf"\s[-–—]\s(?P<labels>{_LABELS})(?=\s*[),.;:\]])")
_BEHIND_COMMA = re.compile(r",\s(?P<labels>[a-z](?:,\s[a-z])*)(?=\s*[)\]])")
# Science's way: "(Fig. 6, A to C, and fig. S3)"
_CAPITALS = re.compile(
    rf"[,:]\s(?P<labels>[A-Za-z](?!\w)(?:{_JOINT}[A-Za-z](?![\w.])){{1,25}}|[A-H](?=\s*[)\];,]))(?=\s*(?:[),;:\]]|\.(?!\w)|$))"
)
_BEHIND_COLON = re.compile(rf":\s(?P<labels>{_LABELS})(?=[)\]])")
_IN_BRACKETS = re.compile(rf"(?:\s|\.)?[(\[{{]\s*(?P<labels>{_LABELS})\s*[)\]}}]")
_NAMED_PANELS = re.compile(
    rf"(?:,|:)?\s?[(\[]?\b[Pp]anels?\s+[(\[]?(?P<labels>[A-Za-z]\d?(?!\w)(?:{_JOINT}[A-Za-z]\d?(?![\w.])){{0,25}})(?![-–])[)\]]?"
)
# "Fig. 2 A and B": apart only where no word follows, as "a" and "I" are words; "Fig. 2 a and b show", "Fig. 2 b shows"
_APART = re.compile(
    rf"\s(?:(?P<labels>{_LABELS})(?=\s*(?:[),.;:\]]|$))|(?P<small>{_SMALL}(?:{_JOINT}{_SMALL}){{1,12}}|[b-dfgh](?!\w))(?=\s[a-z]{{2}}))"
)
_CLOSED = re.compile(rf"(?P<labels>{_LABEL})\)")
_NEXT = re.compile(_JOINT)
_VERSUS = re.compile(r"(?<=[\w)] )(?:vs\b\.?|versus\b)(?= [\w(])")
_A_WORD = re.compile(r"(?:a|A|I)(?=\s+[a-z])")
_PANELS_BEFORE = re.compile(
    rf"\b[Pp]anels?\s+(?P<labels>[(\[]?{_LABEL}[)\]]?(?:{_JOINT}[(\[]?{_LABEL}[)\]]?){{0,12}})\s+(?:of|in|from)\s+(?:the\s+)?$"
)
_MEASURE = re.compile(r"\s?(?:[nmµμck]?m\b|°|%|K\b|s\b|h\b|min\b|V\b|mL\b|Å|wt|GHz\b|Hz\b|eV\b|keV\b|times\b)")
_GOES_ON = re.compile(
    r"\s*(?:[),.;:\]]|$|(?:and|show\w*|illustrat\w+|depict\w*|present\w*|display\w*|demonstrat\w+|reveal\w*|compar\w+|are|were|is|"
    r"respectively|below|above|we|the|it|for|of)\b)"
)
_SUPPLEMENT = re.compile(r"\s*[-–—]\s*figure supplements?\s+(?P<number>\d{1,2})", re.IGNORECASE)
_BEHIND_SERIES = re.compile(
    r"\)?,?\s*(?:of|in|from)\s+(?:the\s+)?(?:[Oo]nline\s+)?(?:[Ss]uppl?(?:ement\w*|\.)|[Ss]upporting\s+[Ii]nformation|E?SI\b)"
)
_YEAR = r"\(?(?:19|20)\d\d[a-z]?\)?"
_NAMES = r"[A-Z][\w’'-]+(?:\s+(?:and|&)\s+[A-Z][\w’'-]+|\s+et\s+al\.?)?"
_OF_OTHERS = re.compile(
    rf"\s*(?:\)\s*)?(?:therein\b|(?:of|in|from|by)\s+(?:the\s+)?(?:[Rr]efs?\b|[Rr]eference|\[\d|[A-Z][\w’'-]+\s+et\s+al|{_NAMES},?\s+{_YEAR}"
    r"|(?:th(?:at|eir|ose)|his|her|original|previous|earlier|revised)\s+(?:\w+\s+)?(?:manuscripts?|versions?|submissions?|papers?|works?|study|studies|articles?|publications?|reports?)\b"
    r"|our\s+(?:previous|earlier|companion|recent)\s+\w+))"
)
_BY_OTHERS = re.compile(
    rf"(?:\b(?:[Tt]heir|[Hh]is|[Hh]er|[Aa]uthors?[’']s?)|[A-Z][\w’'-]+(?:\s+et\s+al\.?)?[’']s|\[\d{{1,3}}(?:\s?[,–-]\s?\d{{1,3}}){{0,5}},|\b[Rr]efs?\.?\s*\[?\d{{1,3}}\]?,"
    rf"|\(\s*(?:(?:see|cf\.?|e\.g\.,?)\s+)?(?:also\s+)?{_NAMES},?\s+{_YEAR}[,:]|\bsignificant|\bdecimal"
    r"|(?:^|\b[Pp](?:l(?:ates?|s)?|p)?\.?\s+)(?:\d{1,4}|[IVX]+)(?:[–-]\d{1,4})?[A-Za-z]?,)\s+$"
)
"""What stands before a figure of another work, and before one on a plate or a page: "Bell 1949, pl. 5, fig. 2"."""


_RANGE = ("-", "–", "—", "to", "through", "bis")


class Mention(NamedTuple):
    """One figure that a text names and the panels of it that it names; no panels: the figure as a whole."""

    figure: str
    """Number as printed: "2", "S3", "A.1", "IV"."""
    panels: tuple[str, ...]
    """Labels as printed, ranges written out: "b–d" is b, c, d."""
    series: str
    """"" for the article's own numbering, else "supplementary", "extended data", "figure supplement" or "scheme"."""
    start: int
    end: int
    """Place in the text: half-open, in characters."""


def mentions_in(sentence: str) -> tuple[Mention, ...]:
    """Every figure that `sentence` names, in its order, with the panels named beside the number.

    "Figs 2a–c and S3" are two mentions, "Figs 1–3" three. Figures of other works ("Fig. 2 of ref. 5") are left out.
    """
    plain = _VERSUS.sub(lambda word: ",".ljust(len(word[0])), sentence)
    return tuple(mention for word in _FIGURE.finditer(plain) for mention in _behind(plain, word))


def panels_alone(sentence: str) -> tuple[str, ...]:
    """Panels that a sentence names by their letters without a figure: "(panel a)", "Panels b and c show"."""
    named: list[str] = []
    for found in re.finditer(_NAMED_PANELS, sentence):
        labels = expanded(found["labels"])[0]
        if len(labels) > 1 and _A_WORD.match(sentence, found.end("labels") - 1):
            labels = labels[:-1]
        if len(labels) > 1 or not _A_WORD.match(sentence, found.start("labels")) or "(" in found[0]:
            named += labels
    return tuple(dict.fromkeys(named))


def _behind(text: str, word: re.Match[str]) -> Iterator[Mention]:
    """Mentions that one word "Fig." is for."""
    series = _series(word)
    position = start = word.end()
    is_plural = bool(_PLURAL.match(word["word"]))
    earlier: list[Mention] = []
    joint = ""
    while number := _NUMBER.match(text, position + (opened := text.startswith(("(", "["), position))):
        panels, end = _panels(text, number)
        if opened:
            if not text.startswith((")", "]"), end):
                break
            if not panels and word["word"] == "figures" and number["number"].isdecimal():
                break  # "the figures (59)", a citation
            end += 1
            if not panels and (further := _IN_BRACKETS.match(text, end)):
                panels, end = expanded(further["labels"])[0], further.end()
        if word["panels"] and not (panels and text[number.end()].isalpha()):
            break
        # "Fig. 4d and S18": a number with the S of supplements can be nothing else
        is_supplement = bool(re.match(r"S\d", number["number"]))
        is_listed = is_plural and not _MEASURE.match(text, end)
        if earlier and not (panels or is_supplement or is_listed or _is_next(text, earlier[-1], number, joint, end)):
            break
        if earlier and number["of_appendix"] and not earlier[0].figure[0].isalpha():
            break  # "Figs 2, 3 and B12 in the diet"
        if not earlier and not panels:
            panels = _panels_before(text, word.start())
        if word["appendix"] and not number["number"][0].isalpha():
            series = "supplementary"
        mention = Mention(number["number"], panels, series, start, end)
        if not panels and (child := _SUPPLEMENT.match(text, end)):
            panels, end = _panels(text, child)
            mention = Mention(f"{number['number']}—{child['number']}", panels, "figure supplement", start, end)
        if joint in _RANGE and earlier and not earlier[-1].panels:
            earlier += _between(earlier[-1], mention)
        earlier.append(mention)
        following = _NEXT.match(text, end)
        if following is None:
            break
        joint = following.group().strip()
        position = start = following.end()
    if not earlier or _is_of_others(text, word.start(), earlier[-1].end):
        return
    if not series and _BEHIND_SERIES.match(text, earlier[-1].end):
        earlier = [mention._replace(series="supplementary") for mention in earlier]
    yield from earlier


def _is_of_others(text: str, start: int, end: int) -> bool:
    """True of figures of other works: "Fig. 2 of ref. 5", "Smith's Fig. 2"."""
    return bool(_OF_OTHERS.match(text, end) or _BY_OTHERS.search(text, max(0, start - 100), start))


def _panels_before(text: str, start: int) -> tuple[str, ...]:
    """Panels that are named before their figure: "panels a and b of Fig. 2"."""
    before = _PANELS_BEFORE.search(text, max(0, start - 80), start)
    return expanded(re.sub(r"[()\[\]]", "", before["labels"]))[0] if before else ()


def _is_next(text: str, last: Mention, number: re.Match[str], joint: str, end: int) -> bool:
    """Tell whether a number behind the singular names one more figure: "Figure 7 and 8 show", "Figure 8–9"."""
    if last.panels or not (last.figure.isdecimal() and number["number"].isdecimal()):
        return False
    step = int(number["number"]) - int(last.figure)
    if joint in _RANGE:
        return 0 < step < 10 and not _MEASURE.match(text, end)
    return step == 1 and bool(_GOES_ON.match(text, end))


def _series(word: re.Match[str]) -> str:
    before = (word["series"] or "").lower()
    if before.startswith("e") and not before.startswith("esi"):
        return "extended data"
    if before:
        return "supplementary"
    return "scheme" if word["word"].lower().startswith("schem") else ""


def _panels(text: str, number: re.Match[str]) -> tuple[tuple[str, ...], int]:
    """Labels behind a figure's number, and where they end: "2b–d", "2(b)–(d)", "2b and 2c", "2 B and C"."""
    end = number.end()
    kinds = (_GLUED, _IN_BRACKETS, _NAMED_PANELS, _APART, _BEHIND_DASH, _BEHIND_COMMA, _CAPITALS, _BEHIND_COLON)
    found = next(filter(None, (kind.match(text, end) for kind in kinds)), None)
    if found is None:
        return (), end
    is_bracketed = text[found.end() - 1] in ")]}"
    kind = "small" if found.re is _APART and found["small"] else "labels"
    labels, length = expanded(found[kind])
    end = found.end() if is_bracketed else found.start(kind) + length
    last = labels[-1] if labels else ""
    if len(labels) > 1 and not is_bracketed and _A_WORD.match(text, end - len(last)):
        # "Fig. 2C and I think"
        labels, end = labels[:-1], text.rfind(labels[-2], 0, end - 1) + len(labels[-2])
    while labels and (joint := _NEXT.match(text, end)):
        again = text.startswith(number["number"], joint.end())
        at = joint.end() + (len(number["number"]) if again else 0)
        more = (_GLUED.match(text, at) if again else None) or _IN_BRACKETS.match(text, at)
        if more is None:
            break
        further, length = expanded(f"{labels[-1]}{joint.group()}{more['labels']}")
        if len(further) < 2:
            break
        labels, end = labels + further[1:], more.end()
    # "Fig. 12 b) and c)"
    while (
        labels
        and text.startswith(")", end)
        and (joint := _NEXT.match(text, end + 1))
        and (more := _CLOSED.match(text, joint.end()))
    ):
        further = expanded(f"{labels[-1]}{joint.group()}{more['labels']}")[0]
        labels, end = labels + further[1:], more.end() - 1
    return labels, end


def _between(first: Mention, last: Mention) -> list[Mention]:
    """Figures inside a range of whole figures: "Figs 1–3" names 2, too."""
    low, high = (re.fullmatch(r"(\D*)(\d+)", mention.figure) for mention in (first, last))
    if not low or not high or (high[1] and high[1] != low[1]):
        return []
    numbers = range(int(low[2]) + 1, int(high[2]))[:30]
    return [Mention(f"{low[1]}{n}", (), first.series, first.start, last.end) for n in numbers]
