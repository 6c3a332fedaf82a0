"""Words in front of what a caption shows: "This figure shows the number of cells", "Left: SEM image"."""

import re

_PICTURES = r"(?:figures?|panels?|pictures?|sub-?figures?|series of figures)"
_SHOWS = r"(?:shows?|depicts?|illustrates?|displays?|presents?|represents?)"
_LEAD = re.compile(
    rf"(?:(?:(?:This|The|These|Above|Both|Sub)(?: (?:above|following|two|three|left|right))?[ -]?"
    rf"{_PICTURES}(?: above| below)? {_SHOWS}"
    rf"|(?:Shown|Depicted|Displayed|Presented|Plotted)(?: above| below| here)? (?:is|are)"
    rf"|{_SHOWS}|[Ss]hows|[Hh]ere,? we show|[Ww]e show"
    rf"|(?:Representative |Typical )?[Ee]xamples? of(?: an?| the)?"
    rf"|(?:Left|Right|Top|Bottom|Upper|Lower|Middle)(?: panels?)?:) )"
)
# most texts begin with none of these
_BEGINNINGS = frozenset(
    ("Th", "Ab", "Bo", "Su", "Sh", "De", "Di", "Pr", "Pl", "sh", "de", "il", "di", "pr", "re", "He", "he", "We", "we")
) | frozenset(("Re", "Ty", "Ex", "ex", "Le", "Ri", "To", "Up", "Lo", "Mi"))
_SAME = re.compile(
    r"(?:The )?(?:[Ss]ame|[Aa]s|[Ii]dentical|[Ss]imilar)(?: (?:plots?|panels?|as|to|for|in))* "
    r"[(\[]?[A-Za-z]\d?(?:[)\]]|, but\b)"
    r"|(?:is|are) (?:plotted|shown|given|displayed) (?:on|in|with) (?:an?|the) (?:log|linear|semi)"
)


def shown_by(text: str) -> str:
    """Leave out the words in front of what a text says to be shown.

    >>> shown_by("Shown above are the yields of both tracks")
    'the yields of both tracks'
    """
    lead = _LEAD.match(text) if text[:2] in _BEGINNINGS else None
    return text[lead.end() :] if lead else text


def is_the_same(text: str) -> bool:
    """True if a panel is what another one is, told of something else.

    >>> is_the_same("Same as (a) on a logarithmic scale"), is_the_same("As (a) but for zinc"), is_the_same("As made")
    (True, True, False)
    """
    return _SAME.match(text) is not None
