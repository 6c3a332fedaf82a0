r"""The text of a submission's files, in whatever encoding their author wrote them.

LaTeX takes UTF-8 unless the document says otherwise (`\usepackage[cp1251]{inputenc}`), and says it once for all files
that it includes. A file of UTF-8 with a few stray bytes stays one: read as Latin-1 all of its letters would be wrong.
"""

import codecs
import re
from collections.abc import Iterable, Mapping

_DECLARED = re.compile(
    rb"\\(?:(?:usepackage|RequirePackage)\s*\[([A-Za-z0-9, -]{2,40})\]\s*\{inputenx?c?\}"
    rb"|inputencoding\s*\{([A-Za-z0-9-]{2,20})\}|begin\s*\{CJK\*?\}\s*\{([A-Za-z0-9]{2,10})\}"
    rb"|documentclass\s*(?:\[[^\]]{0,200}\]\s*)?\{(u?j[a-z]*|ctex[a-z]*)\})"
)
_ENCODINGS = {
    "latin1": "cp1252", "ansinew": "cp1252", "latin9": "iso8859-15", "latin2": "iso8859-2", "latin3": "iso8859-3",
    "latin4": "iso8859-4", "latin5": "iso8859-9", "latin10": "iso8859-16", "applemac": "mac_roman",
    "maccyr": "mac_cyrillic", "macce": "mac_latin2", "gbk": "gb18030", "gb": "gb18030", "bg5": "big5", "sjis": "cp932",
    "ks": "cp949", "jis": "euc_jp",
}  # fmt: skip
"""Names that LaTeX has for encodings and Python has not."""
_JAPANESE = ("euc_jp", "cp932")
FEWEST_NULS = 0.2
"""Of the bytes of a text in UTF-16; in others there are none."""


def decoded(contents: Mapping[str, bytes]) -> dict[str, str]:
    """The texts of the files by their paths; no bytes are an error. Lines end in "\\n", also those of old Macs."""
    declared = [name for content in contents.values() for name in _declared_in(content)]
    texts = {path: _text(content, [*_declared_in(content), *declared]) for path, content in contents.items()}
    return {path: text.replace("\r\n", "\n").replace("\r", "\n") for path, text in texts.items()}


def _declared_in(content: bytes) -> list[str]:
    found: list[str] = []
    for given, inside, chinese, of_class in _DECLARED.findall(content[:200_000]):
        names = (given.split(b",")[-1] or inside or chinese).decode("ascii").strip().lower()
        if of_class:
            found += ["gb18030"] if of_class.startswith(b"ctex") else _JAPANESE
        elif not names.startswith("utf"):
            found.append(_ENCODINGS.get(names, names))
    return found


def _text(content: bytes, declared: Iterable[str]) -> str:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16", "replace")
    if content[:1_000].count(0) > FEWEST_NULS * len(content[:1_000]):
        return content.decode("utf-16-be" if content[:1] == b"\0" else "utf-16-le", "replace")
    text = content.removeprefix(codecs.BOM_UTF8).decode("utf-8", "surrogateescape")
    stray = sum("\udc80" <= each <= "\udcff" for each in text)
    if stray and 2 * stray > sum(each > "\x7f" for each in text):
        for encoding in declared:
            try:
                return content.decode(encoding)
            except (UnicodeDecodeError, LookupError):
                continue
    return _STRAY.sub(_as_windows, text) if stray else text


_STRAY = re.compile(r"[\udc80-\udcff]")


def _as_windows(stray: re.Match[str]) -> str:
    byte = bytes([ord(stray[0]) - 0xDC00])
    try:
        return byte.decode("cp1252")
    except UnicodeDecodeError:
        return byte.decode("latin-1")
