"""From a caption's lines to its text: words broken at line ends mended, label and bold lead apart; lists of files."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence

from exsclaim.sources.html.html_text import tidy
from exsclaim.sources.pdf.captions.caption_detection import Caption
from exsclaim.sources.pdf.captions.caption_labels import CLOSED, OPENED, POINTER
from exsclaim.sources.pdf.page_content import Page
from exsclaim.sources.pdf.text.label_words import CONTINUED
from exsclaim.sources.pdf.text.text_lines import Line

_HEADING = re.compile(
    r"\W*(?:\d+\.?\s+)?(?:support(?:ing|ive)|supplement(?:ary|al)?|additional|electronic supplementary|web extra)\s*"
    r"(?:information|materials?|data|files?|content|figures?(?: legends?)?|online)?\W*",
    re.IGNORECASE,
)
_SUPPLEMENT = re.compile(r"\s*(?:suppl|supporting|additional)", re.IGNORECASE)
_FILE = re.compile(
    r"\(\s*(?:tiff?|eps|pdf|png|jpe?g|gif|docx?|xlsx?|pptx?|zip|avi|mov|mp4|mpe?g"
    r"|[\d.]+\s?[kM]B\b[^)]*|supplementary materials?)\s*\)\W*$",
    re.IGNORECASE,
)
_LETTERED = re.compile(r"(?P<number>[A-Z]?\d+(?:\.\d+)?)[a-zA-Z]")
_BROKEN = re.compile(r"([^\W\d_]+)[-‐\u00ad]$")
_OWN_DOI = re.compile(r"\s*(?:https?://(?:dx\.)?doi\.org/|doi:\s*)10\.\d{4,9}/\S+\.[gs]\d{3}\W*$", re.IGNORECASE)
"""The figure's own DOI, which PLOS prints under its caption."""
_UNSPACED = re.compile(r"[\u2e80-\u9fff\uff01-\uff60]")
"""Characters of scripts that set no space between words."""
_LOOSE = re.compile(r"(?<=[^\s.…])\s+(?=[,;.:)\]](?:\s|$))")


class Words:
    """The words of a document, by which a word broken at a line's end is mended."""

    def __init__(self, lines: Iterable[Line]) -> None:
        self._seen: Counter[str] = Counter()
        for line in lines:
            self._seen.update(word.casefold() for word in re.findall(r"[^\W\d_]+(?:[-‐][^\W\d_]+)*", line.text))

    def join(self, lines: Sequence[Line]) -> str:
        """The text of lines that follow one another."""
        pieces: list[str] = []
        for line in lines:
            piece = line.text.strip()
            before = pieces[-1] if pieces else ""
            broken = _BROKEN.search(before)
            follows = re.match(r"[^\W\d_]+", piece)
            if broken and follows:
                pieces[-1] = before[: broken.start()] + self._mended(broken[1], follows[0])
                piece = piece[follows.end() :]
            elif before and not _is_closed_up(before, piece):
                pieces.append(" ")
            pieces.append(piece)
        return _LOOSE.sub("", tidy("".join(pieces)))

    def _mended(self, left: str, right: str) -> str:
        """A broken word, with the hyphen where the document writes it so elsewhere, or where a capital follows it."""
        with_hyphen, without = f"{left}-{right}", left + right
        if self._seen[with_hyphen.casefold()] > self._seen[without.casefold()]:
            return with_hyphen
        if self._seen[without.casefold()]:
            return without
        return with_hyphen if right[0].isupper() or len(left) < 2 else without


def _is_closed_up(before: str, after: str) -> bool:
    """True if no space parts two lines: the first ends in a dash or stroke, or both are Chinese or Japanese."""
    ends_in_dash = before.endswith(("-", "–", "/")) and not before.endswith((" -", " –"))
    return ends_in_dash or (_UNSPACED.match(before[-1]) is not None and _UNSPACED.match(after) is not None)


def continuation(text: str) -> str:
    """A continued caption's own text, without "(continued)"."""
    said = CONTINUED.match(text)
    return text[said.end() if said else 0 :].strip()


def title_and_text(caption: Caption, words: Words) -> tuple[str, str]:
    """A caption's bold lead, where it is a sentence of its own, and the rest; both without the label."""
    whole = _OWN_DOI.sub("", words.join([*caption.lines, *caption.elsewhere]))
    rest = _after_label(whole, caption)
    bold: list[Line] = []
    for line in caption.lines:
        if line.bold_lead == 0:
            break
        bold.append(line if line.bold_lead == len(line.glyphs) else Line(line.glyphs[: line.bold_lead]))
        if line.bold_lead < len(line.glyphs):
            break
    lead = _after_label(words.join(bold), caption) if bold else ""
    lead = lead.strip()
    if len(lead.split()) >= 3 and lead.endswith((".", "?")) and rest.startswith(lead) and len(rest) > len(lead):
        return lead, rest[len(lead) :].strip()
    return "", rest


def _after_label(text: str, caption: Caption) -> str:
    label = r"\s*".join(re.escape(sign) for sign in "".join(caption.label.split()))
    return re.sub(
        rf"^\s*(?:\[\s*Table\s*/\s*)?{POINTER}?{OPENED}?{label}\s*{CLOSED}?\s*(?:(?:[.:|│¦▪•■—：．]|\s[—–-]\s|–(?=\s))\s*)?",
        "",
        text,
        count=1,
    ).strip()


def of_files_elsewhere(
    captions: Sequence[Caption],
    with_region: Collection[int],
    pages: Sequence[Page],
    words: Words,
    drawn_on: Collection[int] = (),
) -> set[int]:
    """Ids of the captions that only list a supplement's figures.

    They have no figure in this PDF, are numbered as a supplement's ("S1"), and end with the kind of a file ("(TIF)"),
    or stand under a heading "Supporting Information" with others, or in an article that has figures of its own. So do
    the entries of a supplement's list of its figures, each of which has a caption of its own there.
    `with_region` are ids of the captions whose figures were found, `drawn_on` the pages with drawings that no figure
    has: a caption there may have been meant for one.
    """
    placed = [c for c in captions if c.is_figure and id(c) in with_region]
    labelled = {c.key[:2] for c in placed if c.is_placeholder}  # their legends are listed elsewhere
    shown = {c.key[:2] for c in placed} - labelled
    lacking = [
        c for c in captions
        if c.is_figure and id(c) not in with_region and _is_of_supplement(c) and c.key[:2] not in labelled
    ]  # fmt: skip
    has_own = any(c.is_figure and id(c) in with_region and not _is_of_supplement(c) for c in captions)
    headed = min(
        (page.number for page in pages if any(_HEADING.fullmatch(line.text) for line in page.lines)), default=0
    )
    listed = len(lacking) >= 3 and headed > 0
    return {
        id(caption)
        for caption in lacking
        if caption.key[:2] in shown
        or (caption.page not in drawn_on and (has_own or (listed and caption.page >= headed)))
        or _FILE.search(words.join([*caption.lines, *caption.elsewhere]))
    }


def of_sentences(captions: Sequence[Caption], with_region: Collection[int]) -> set[int]:
    """Ids of what begins as a panel's caption and is a sentence of the text: "(as shown in / Figure 2e). Cracks …".

    It has no figure of its own, and the figure of its number, which is in this PDF, has a caption.
    """
    whole = {c.number for c in captions if c.is_figure and id(c) in with_region}
    lettered = ((c, _LETTERED.fullmatch(c.number)) for c in captions if c.is_figure and id(c) not in with_region)
    return {id(caption) for caption, found in lettered if found and found["number"] in whole}


def _is_of_supplement(caption: Caption) -> bool:
    """True if a figure is numbered as one of a supplement: "Figure S3", "Supplementary Fig. 2"."""
    return caption.number[:1].upper() == "S" or _SUPPLEMENT.match(caption.label) is not None
