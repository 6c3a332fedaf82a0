"""From a caption's lines to its text: words broken at line ends mended, the label and a bold lead taken apart."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from exsclaim.sources.html.html_text import tidy
from exsclaim.sources.pdf.caption_detection import Caption
from exsclaim.sources.pdf.text_lines import Line

_BROKEN = re.compile(r"([^\W\d_]+)[-‐\u00ad]$")
_CONTINUED = re.compile(r"^\W*(?:continued|cont(?:['’]?d)?\b)(?:\s+from\s[^.)]*)?[\s.:)\]…–—-]*", re.IGNORECASE)
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
            elif before and not (before.endswith(("-", "–", "/")) and not before.endswith((" -", " –"))):
                pieces.append(" ")
            pieces.append(piece)
        return _LOOSE.sub("", tidy("".join(pieces)))

    def _mended(self, left: str, right: str) -> str:
        """With the hyphen where the document writes the word so elsewhere, or where a capital follows it."""
        with_hyphen, without = f"{left}-{right}", left + right
        if self._seen[with_hyphen.casefold()] > self._seen[without.casefold()]:
            return with_hyphen
        if self._seen[without.casefold()]:
            return without
        return with_hyphen if right[0].isupper() or len(left) < 2 else without


def continuation(text: str) -> str:
    """A continued caption's own text, without "(continued)"."""
    return _CONTINUED.sub("", text, count=1).strip()


def title_and_text(caption: Caption, words: Words) -> tuple[str, str]:
    """A caption's bold lead, where it is a sentence of its own, and the rest; both without the label."""
    whole = words.join([*caption.lines, *caption.elsewhere])
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
    label = r"\s*".join(re.escape(part) for part in caption.label.split())
    return re.sub(rf"^\s*{label}\s*(?:(?:[.:|│¦▪•■—]|\s[—–-]\s)\s*)?", "", text, count=1).strip()
