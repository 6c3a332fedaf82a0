"""The content of a LaTeX float, in its order, and its images in rows."""

import re

from exsclaim.sources.latex.float_items import Item
from exsclaim.sources.latex.image_options import graphic_of, width_share
from exsclaim.sources.latex.tex_macros import arguments, group, option

MAX_ITEMS = 2_000
MAX_NESTING = 12
MAX_SECOND = 4_000
"""Characters of a caption in a further language."""
_TOKEN = re.compile(
    r"\\(?P<name>(?:adj)?includegraphics|includesvg|includestandalone|pgfimage|adjustimage|epsfig|psfig|epsfbox|epsffile"
    r"|plotone|plottwo|plotfour|fig|leftfig|rightfig|boxedfig|rotatefig|gridline|phantomcaption|phantomsubcaption"
    r"|captionof|caption|figcaption|sidecaption|bicaption|subcaptionbox|subcaption|subfloat|sidesubfloat"
    r"|subtop|subbottom|subfigure|floatfoot|legend|fonte|fuente|quelle|source|begin|end|label|par|newline)(?![A-Za-z])(?P<star>\*?)"
    r"|(?P<said>(?<![A-Za-z])(?:Sources?|Quellen?|Fonte|Fuente|Notes?|Nota|Anmerkung)\s*:)"
    r"|(?P<row>\\\\)|(?P<blank>\n[ \t]*\n)"
)
_PLAIN_IMAGES = frozenset(
    ["includegraphics", "adjincludegraphics", "includesvg", "includestandalone", "pgfimage", "epsfbox", "epsffile"]
)
_NOTES = frozenset(["floatfoot", "legend", "fonte", "fuente", "quelle", "source"])
"""Text under a caption that is set apart from it (packages floatrow, memoir): "Scale bars: 2 nm."."""
_CAPTIONS = frozenset(["caption", "captionof", "subcaption", "figcaption", "sidecaption", "bicaption"])
_OF_AASTEX = frozenset(["fig", "leftfig", "rightfig", "boxedfig", "rotatefig"])
"""https://journals.aas.org/aastexguide/: `\\fig{file}{width}{(a)}` in a `\\gridline{…}`."""
_NO_FIGURES = frozenset(["table", "algorithm", "listing", "lstlisting", "code"])
_LABEL_BEHIND = re.compile(r"\s*\\label\s*\{[^{}]*\}")
_END_OF_NOTE = re.compile(r"\\\\|\n[ \t]*\n|\\(?:begin|end|includegraphics|caption|label|sub[a-z]+)(?![a-z])")
_WORD = re.compile(r"[^\W\d_]{2,}")
_NO_WORDS = re.compile(r"\\label\s*\{[^{}]*\}")
_COMMAND = re.compile(r"\\[A-Za-z]+\*?(?:\[[^\[\]]*\])?(?:\{[^{}]*\})?")
FEWEST_WORDS = 5
"""Of a text in a float that is its caption, where `\\caption` has none."""
_DRAWINGS = frozenset(["tikzpicture", "pgfpicture", "picture", "pspicture", "circuitikz", "asy", "feynman", "tikzcd"])


def items_of(tex: str) -> list[Item]:
    """The items of a float's content, in its order."""
    items: list[Item] = []
    _scan(tex, items, "", 1.0, _Letters(), 0, breaks=True)
    return items


class _Letters:
    """The letters of parts: a, b, c, …, also over several rows."""

    def __init__(self) -> None:
        self.count = 0

    def next(self) -> str:
        self.count += 1
        return chr(ord("a") + (self.count - 1) % 26)


def _scan(
    tex: str, items: list[Item], letter: str, width: float, letters: _Letters, nesting: int, *, breaks: bool = False
) -> None:
    """Append what `tex` holds. `breaks`: the ends of its lines are those of the float, not of a part of it."""
    at, phantom = 0, ""
    while nesting < MAX_NESTING and len(items) < MAX_ITEMS and (token := _TOKEN.search(tex, at)) is not None:
        at = token.end()
        name = token["name"]
        if token["said"]:
            at = _said_under(tex, token, items)
        elif name is None or name in ("par", "newline"):
            if breaks:
                items.append(Item("row"))
        elif name in _PLAIN_IMAGES:
            options, at = option(tex, at)
            old_box, at = option(tex, at)  # \includegraphics[llx,lly][urx,ury]{…}: a bounding box in the old way
            (path,), at = arguments(tex, at, 1)
            items.append(_graphic(path, "" if old_box else options, letter, width))
        elif name == "adjustimage":
            (options, path), at = arguments(tex, at, 2)
            items.append(_graphic(path, options, letter, width))
        elif name == "gridline":
            items.append(Item("row"))
        elif name in _OF_AASTEX:
            if group(tex, at) is not None:
                (path, measure, said), at = arguments(tex, arguments(tex, at, 1)[1] if name == "rotatefig" else at, 3)
                own = re.match(r"\s*\(?([a-z])\)", said)
                items.append(_graphic(path, f"width={measure}", own[1] if own else letter, width))
        elif name in ("phantomcaption", "phantomsubcaption"):
            phantom = letters.next() if not letter else ""
        elif name in ("epsfig", "psfig"):
            (options,), at = arguments(tex, at, 1)
            named = re.search(r"(?:file|figure)\s*=\s*([^,]+)", options)
            items.append(_graphic(named[1] if named else "", options, letter, width))
        elif name in ("plotone", "plottwo", "plotfour"):
            paths, at = arguments(tex, at, {"plotone": 1, "plottwo": 2, "plotfour": 4}[name])
            items += [_graphic(path, f"width={1 / len(paths)}\\linewidth", letter, width) for path in paths]
        elif name in _CAPTIONS:
            at, part = _caption(token, tex, at, items, letter, letters)
            phantom = part if part != letter else phantom  # a label behind \subcaption is its part's
        elif name in ("subfloat", "sidesubfloat", "subfigure", "subcaptionbox", "subtop", "subbottom"):
            at = _part(name, tex, at, items, width, letters, nesting)
        elif name == "begin":
            at = _environment(tex, at, items, letter, width, letters, nesting)
        elif name == "label":
            (text,), at = arguments(tex, at, 1)
            items.append(Item("label", text.strip(), letter or phantom))
            phantom = ""
        elif name in _NOTES:
            (text,), at = arguments(tex, at, 1)
            items.append(Item("note", text if name in ("floatfoot", "legend") else f"\\{name}{{{text}}}"))


def _caption(
    token: re.Match[str], tex: str, at: int, items: list[Item], letter: str, letters: _Letters
) -> tuple[int, str]:
    """Append the caption whose command ends at `at`; where it ends, and the letter of the part around it."""
    name = token["name"]
    of, at = arguments(tex, at, 1) if name == "captionof" else ([""], at)
    if name == "sidecaption" and group(tex, option(tex, at)[1]) is None:
        return at, letter  # Springer's and A&A's: the caption shall stand beside the image
    _, at = option(tex, at)
    (text,), at = arguments(tex, at, 1)
    if name == "bicaption":
        text, at = _in_two_languages(text, tex, at)
    if of[0].strip().casefold() in _NO_FIGURES:
        behind = _LABEL_BEHIND.match(tex, at)
        items.append(Item("table", text + (behind[0] if behind else "")))
        return (behind.end() if behind else at), letter
    if not letter and not _WORD.search(_NO_WORDS.sub("", text)):
        text += _text_behind(tex, at)
    # the label may stand inside of the caption
    items += [Item("label", label.strip(), letter) for label in re.findall(r"\\label\s*\{([^{}]*)\}", text)]
    if name == "subcaption" and not letter:
        letter = letters.next()
        _letter_last(items, letter)
    items.append(Item("part", text, letter) if letter else Item("unnumbered" if token["star"] else "caption", text))
    return at, letter


def _said_under(tex: str, token: re.Match[str], items: list[Item]) -> int:
    """Append what is said in a float of its source or as a note, outside of its caption; where that ends."""
    end = _END_OF_NOTE.search(tex, token.end())
    text = tex[token.end() : end.start() if end else len(tex)].removeprefix("}")
    depth = 0
    for brace in re.finditer(r"\\.|[{}]", text, re.DOTALL):
        depth += {"{": 1, "}": -1}.get(brace[0], 0)
        if depth < 0:
            text = text[: brace.start()]
            break
    if _WORD.search(text):
        items.append(Item("note", f"{token['said']} {text.strip()}"))
    return token.end() + len(text)


def _in_two_languages(first: str, tex: str, at: int) -> tuple[str, int]:
    """The second caption of `\\bicaption{…}{…}`; of the older `{short}{first}{Fig.}{short}{second}` the last."""
    texts = [first]
    _, at = option(tex, at)
    while (
        len(texts) < 5
        and (given := group(tex, at, limit=MAX_SECOND)) is not None
        and "\n\n" not in tex[at : given[1] - len(given[0])]
    ):
        texts.append(given[0])
        at = given[1]
    return next((text for text in reversed(texts) if text.strip()), ""), at


def _text_behind(tex: str, at: int) -> str:
    """The text of a float behind a caption that gives it but a number: "\\caption{\\label{f}} (a) Before and (b) …"."""
    behind = tex[at:]
    if any(found["name"] not in (None, "par", "newline", "label") for found in _TOKEN.finditer(behind)):
        return ""
    said = _NO_WORDS.sub(" ", behind)
    return said if len(_WORD.findall(_COMMAND.sub(" ", said))) >= FEWEST_WORDS else ""


def _part(name: str, tex: str, at: int, items: list[Item], width: float, letters: _Letters, nesting: int) -> int:
    """A part written as a command: `\\subfloat[short][caption]{…}`, `\\subcaptionbox{caption}[width]{…}`."""
    letter, caption = letters.next(), ""
    if name == "subcaptionbox":
        _, at = option(tex, at)
        (caption,), at = arguments(tex, at, 1)
    while (given := group(tex, at, "[", "]")) is not None:
        caption, at = (caption if name == "subcaptionbox" else given[0]), given[1]
    (content,), at = arguments(tex, at, 1)
    _scan(content, items, letter, width, letters, nesting + 1)
    items += [Item("label", label.strip(), letter) for label in re.findall(r"\\label\s*\{([^{}]*)\}", caption)]
    items.append(Item("part", caption, letter))
    return at


def _environment(
    tex: str, at: int, items: list[Item], letter: str, width: float, letters: _Letters, nesting: int
) -> int:
    (name,), at = arguments(tex, at, 1)
    name = name.strip()
    if name in _DRAWINGS:
        items.append(Item("drawn"))
        return _end(tex, at, name)[1]
    if name in ("overpic", "Overpic") or name in _PLAIN_IMAGES:
        options, at = option(tex, at)
        (path,), at = arguments(tex, at, 1)
        items.append(_graphic(path, options, letter, width))
        return at
    if name.rstrip("*") not in ("subfigure", "minipage", "subcaptionblock"):
        return at
    while (given := group(tex, at, "[", "]")) is not None:
        at = given[1]
    (measure,), at = arguments(tex, at, 1)
    content, after = _end(tex, at, name)
    inner = width * (width_share(measure) or 1.0)
    if name == "minipage" and not re.search(r"\\subcaption(?![a-z])", content):
        own: list[Item] = []
        _scan(content, own, letter, inner, letters, nesting + 1)
        kinds = [item.kind for item in own if item.kind in ("caption", "unnumbered", "table")]
        is_figure = kinds.count("caption") == 1 or kinds == ["unnumbered"]
        if kinds and set(kinds) == {"table"}:  # an image with the caption of a table is none of the figure's
            own = [item for item in own if item.graphic is None]
        items += [Item("box"), *own, Item("end")] if is_figure else own
    else:
        has_caption = re.search(r"\\(?:sub|bi)?caption(?![a-z])|\\phantom(?:sub)?caption", content)
        _scan(content, items, letters.next() if has_caption else letter, inner, letters, nesting + 1)
    return after


def _end(tex: str, at: int, name: str) -> tuple[str, int]:
    """The content of an environment that begins at `at`, and where it ends."""
    depth, here = 1, at
    for found in re.compile(rf"\\(begin|end)\s*\{{{re.escape(name)}\}}").finditer(tex, at):
        depth += 1 if found[1] == "begin" else -1
        here = found.end()
        if depth == 0:
            return tex[at : found.start()], found.end()
    return tex[at:], max(here, len(tex))


def _letter_last(items: list[Item], letter: str) -> None:
    """A `\\subcaption` in a minipage comes behind its images."""
    for index in range(len(items) - 1, -1, -1):
        graphic = items[index].graphic
        if graphic is None or graphic.letter:
            break
        items[index] = items[index]._replace(graphic=graphic._replace(letter=letter))


def _graphic(path: str, options: str, letter: str, width: float) -> Item:
    return Item("graphic", graphic=graphic_of(path, options, letter, width))
