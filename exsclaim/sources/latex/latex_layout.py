"""The content of a LaTeX float, in its order, and its images in rows."""

import re
from typing import NamedTuple

from exsclaim.sources.latex.tex_macros import arguments, group, option

MAX_ITEMS = 2_000
MAX_NESTING = 12
LINE = 1.04
"""Images whose widths come to more than the text's do not fit into one line."""

_TOKEN = re.compile(
    r"\\(?P<name>(?:adj)?includegraphics|includesvg|includestandalone|pgfimage|adjustimage|epsfig|psfig|epsfbox|epsffile"
    r"|plotone|plottwo|plotfour|fig|leftfig|rightfig|boxedfig|rotatefig|gridline|phantomcaption|phantomsubcaption"
    r"|captionof|captionbox|caption|figcaption|sidecaption|bicaption|subcaptionbox|subcaption|subfloat|sidesubfloat"
    r"|subtop|subbottom|subfigure|floatfoot|legend|begin|end|label|par|newline)(?![A-Za-z])(?P<star>\*?)"
    r"|(?P<row>\\\\)|(?P<blank>\n[ \t]*\n)"
)
_PLAIN_IMAGES = frozenset(
    ["includegraphics", "adjincludegraphics", "includesvg", "includestandalone", "pgfimage", "epsfbox", "epsffile"]
)
_NOTES = frozenset(["floatfoot", "legend"])
"""Text under a caption that is set apart from it (packages floatrow, memoir): "Scale bars: 2 nm."."""
_CAPTIONS = frozenset(["caption", "captionof", "subcaption", "captionbox", "figcaption", "sidecaption", "bicaption"])
_OF_AASTEX = frozenset(["fig", "leftfig", "rightfig", "boxedfig", "rotatefig"])
"""https://journals.aas.org/aastexguide/: `\\fig{file}{width}{(a)}` in a `\\gridline{…}`."""
_LENGTH = re.compile(r"\s*(?P<factor>-?\d*\.?\d*)\s*(?P<unit>\\[A-Za-z]+|cm|mm|in|pt|bp|pc|em)?")
_TEXT_WIDTH_CM = 17.0
_CM = {"cm": 1.0, "mm": 0.1, "in": 2.54, "pt": 0.0351, "bp": 0.0353, "pc": 0.4217, "em": 0.35}
_QUOTED = re.compile(r"(?:\\string(?![A-Za-z])\s*)?\"")
_WORD = re.compile(r"[^\W\d_]{2,}")
_NO_WORDS = re.compile(r"\\label\s*\{[^{}]*\}")
_COMMAND = re.compile(r"\\[A-Za-z]+\*?(?:\[[^\[\]]*\])?(?:\{[^{}]*\})?")
FEWEST_WORDS = 5
"""Of a text in a float that is its caption, where `\\caption` has none."""
_DRAWINGS = frozenset(["tikzpicture", "pgfpicture", "picture", "pspicture", "circuitikz", "asy", "feynman", "tikzcd"])


class LatexGraphic(NamedTuple):
    """One image as the document calls it. `trim_bp` is cut off left, below, right and above, in 1/72 inch."""

    name: str
    letter: str = ""
    width_share: float | None = None
    """Of the text's width."""
    trim_bp: tuple[float, float, float, float] | None = None
    angle: int = 0
    """Degrees, counter-clockwise; multiples of 90."""
    page: int = 1


class Item(NamedTuple):
    """`kind`: graphic, row (a new one begins), caption, unnumbered (a caption), part (of a part), note, label, drawn;
    box and end around a minipage that has a caption for itself."""

    kind: str
    text: str = ""
    letter: str = ""
    graphic: LatexGraphic | None = None


def items_of(tex: str) -> list[Item]:
    """The items of a float's content, in its order."""
    items: list[Item] = []
    _scan(tex, items, "", 1.0, _Letters(), 0, breaks=True)
    return items


def rows_of(items: list[Item]) -> list[list[LatexGraphic]]:
    """The images in rows: as the document breaks lines, and where a line would be wider than the text."""
    rows: list[list[LatexGraphic]] = [[]]
    for item in items:
        if item.kind == "row":
            rows.append([])
        elif item.graphic is not None:
            shares = [graphic.width_share for graphic in (*rows[-1], item.graphic)]
            known = [share for share in shares if share is not None]
            if len(known) == len(shares) and sum(known) > LINE and rows[-1]:
                rows.append([])
            rows[-1].append(item.graphic)
    return [row for row in rows if row]


def figures_within(items: list[Item]) -> list[tuple[str, list[Item]]]:
    """The figures of one float, one per caption: with the images before each, or behind where a caption begins."""
    captions = [index for index, item in enumerate(items) if item.kind in ("caption", "unnumbered")]
    ends = [index + 1 for index, item in enumerate(items) if item.kind == "end"]
    if len(ends) == len(captions) > 1:  # each caption stands in a box of its own, with what belongs to it
        starts = [0, *(_behind_labels(items, end) for end in ends[:-1])]
        return [
            (items[index].text, items[start:end])
            for index, start, end in zip(captions, starts, [*starts[1:], len(items)], strict=True)
        ]
    first_image = next((index for index, item in enumerate(items) if item.kind in ("graphic", "drawn")), len(items))
    if captions and captions[0] < first_image:
        starts = [0, *captions[1:]]
    else:
        starts = [0, *(_behind_labels(items, index + 1) for index in captions[:-1])]
    ends = [*starts[1:], len(items)]
    return [
        (items[index].text, items[start:end])
        for index, start, end in zip(captions, starts[: len(captions)], ends, strict=False)
    ]


def _behind_labels(items: list[Item], index: int) -> int:
    """A `\\label` belongs to the caption before it."""
    while index < len(items) and items[index].kind in ("label", "row", "note"):
        index += 1
    return index


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
        if name is None or name in ("par", "newline"):
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
            at, letter = _caption(token, tex, at, items, letter, letters)
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
            items.append(Item("note", text))


def _caption(
    token: re.Match[str], tex: str, at: int, items: list[Item], letter: str, letters: _Letters
) -> tuple[int, str]:
    """Append the caption whose command ends at `at`; where it ends, and the letter of the part around it."""
    name = token["name"]
    at = arguments(tex, at, 1)[1] if name == "captionof" else at
    if name == "sidecaption" and group(tex, option(tex, at)[1]) is None:
        return at, letter  # Springer's and A&A's: the caption shall stand beside the image
    _, at = option(tex, at)
    (text,), at = arguments(tex, at, 1)
    if name == "bicaption":
        (english,), at = arguments(tex, at, 1)
        text = english or text
    if name == "captionbox":
        while (given := group(tex, at, "[", "]")) is not None:
            at = given[1]
    if not letter and not _WORD.search(_NO_WORDS.sub("", text)):
        text += _text_behind(tex, at)
    # the label may stand inside of the caption
    items += [Item("label", label.strip(), letter) for label in re.findall(r"\\label\s*\{([^{}]*)\}", text)]
    if name == "subcaption" and not letter:
        letter = letters.next()
        _letter_last(items, letter)
    is_numbered = not token["star"] or name == "captionbox"
    items.append(Item("part", text, letter) if letter else Item("caption" if is_numbered else "unnumbered", text))
    return at, letter


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
    inner = width * (_share(measure) or 1.0)
    if name == "minipage" and not re.search(r"\\subcaption(?![a-z])", content):
        own: list[Item] = []
        _scan(content, own, letter, inner, letters, nesting + 1)
        is_figure = sum(item.kind in ("caption", "unnumbered") for item in own) == 1
        items += [Item("box"), *own, Item("end")] if is_figure else own
    else:
        has_caption = re.search(r"\\(?:sub)?caption(?![a-z])|\\phantom(?:sub)?caption", content)
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
    parts = (part.partition("=") for part in re.findall(r"(?:[^,{}]|\{[^{}]*\})+", options))
    keys = {key.strip(): value.strip(" {}") for key, _, value in parts}
    share = _share(keys["width"]) if "width" in keys else None
    trim = keys.get("trim", "").split()
    angle = re.fullmatch(r"-?\d{1,3}(?=\.0*)?", keys.get("angle", "0").split(".")[0])
    turns = round(int(angle[0]) / 90) * 90 % 360 if angle else 0
    return Item(
        "graphic",
        graphic=LatexGraphic(
            name=_QUOTED.sub("", path).strip(),
            letter=letter,
            width_share=None if share is None else share * width,
            trim_bp=_trimmed(trim) if "clip" in keys and keys["clip"] != "false" and len(trim) == 4 else None,
            angle=turns,
            page=int(keys["page"]) if keys.get("page", "").isdecimal() and len(keys["page"]) < 5 else 1,
        ),
    )


def _trimmed(lengths: list[str]) -> tuple[float, float, float, float] | None:
    values = [_points(length) for length in lengths]
    return None if None in values else (values[0] or 0.0, values[1] or 0.0, values[2] or 0.0, values[3] or 0.0)


def _points(length: str) -> float | None:
    found = _LENGTH.fullmatch(length)
    if found is None or not re.search(r"\d", found["factor"]):
        return None
    unit = found["unit"] or "bp"
    return float(found["factor"]) * _CM[unit] / _CM["bp"] if unit in _CM else None


def _share(length: str) -> float | None:
    """`0.48\\textwidth`, `\\columnwidth`, `8cm` as a share of the text's width; None for what is no length."""
    found = _LENGTH.match(length)
    if found is None or found["unit"] is None or found["factor"] in ("-", "."):
        return None
    factor = float(found["factor"] or 1)
    return factor if found["unit"].startswith("\\") else factor * _CM[found["unit"]] / _TEXT_WIDTH_CM
