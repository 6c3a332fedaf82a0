"""The document that TeX sees: without comments, with the files that it includes, and one branch of each condition."""

import re
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import PurePosixPath

from exsclaim.sources.latex.author_includes import author_includes
from exsclaim.sources.latex.tex_macros import expanded, macros_of, rewritten, without_definitions

STYLES = (".sty", ".cls")
MAX_DEPTH = 20
MAX_CHARACTERS = 20_000_000
OF_ONE_FILE = 2_000
"""So many characters an include counts for beside those of its file: empty ones that include each other have no end."""
_COMMENT = re.compile(r"(?<!\\)((?:\\\\)*)%[^\n]*(?:\n[ \t]*)?")
_INCLUDE = re.compile(
    r"\\(?:input|include|subfile|subfileinclude|@input)[ \t]{0,40}(?:\n[ \t]{0,40})?"
    r"(?:\{(?P<braced>[^{}]{1,300})\}|(?<=\s)(?P<bare>[^\s\\{}%]{1,300}))"
    r"|\\InputIfFileExists[ \t]{0,40}\{(?P<asked>[^{}]{1,300})\}"
    r"|\\(?:sub)?(?:import|includefrom|inputfrom)\*?[ \t]{0,40}\{(?P<folder>[^{}]{0,300})\}[ \t]{0,40}"
    r"\{(?P<file>[^{}]{1,300})\}"
)
_INPUT_PATH = re.compile(r"\\input@path\s*\{((?:\s*\{[^{}]*\})+)\s*\}")
"""Folders in which a document looks for what it includes."""
_OF_ITS_OWN_FOLDER = re.compile(r"\\(?:subfile|(?:sub)?(?:import|includefrom|inputfrom))(?![A-Za-z])|\\subfileinclude")
"""What is included so finds its images beside it."""
_COMMENTS = re.compile(r"\\begin\{(?P<name>comment)\}")
_CODE = re.compile(r"\\begin\{(?P<name>verbatim\*?|Verbatim|lstlisting|minted)\}")
_OF_FLOATS = re.compile(
    r"\\(?=(?:begin|end|caption|includegraphics|label)\b)(?!\w+\{(?:[vV]erbatim|lstlisting|minted))"
)
_NEW_IF = re.compile(r"\\newif\s*\\if([A-Za-z@]+)")
_FIXED = {"true": True, "false": False, "pdf": True, "pdftex": True, "PDFTeX": True, "xetex": False, "XeTeX": False,
          "luatex": False, "LuaTeX": False}  # fmt: skip
"""Conditions of which arXiv's way of running TeX decides."""
_OPENS = re.compile(r"(?<!\\newif)\\if(?!f(?![A-Za-z@]))[A-Za-z@]*(?![A-Za-z@]|\s*\{)")
_CLOSES = re.compile(r"\\fi(?![A-Za-z@])")
_OF_SLIDES = re.compile(
    r"\\(?:documentclass\s{0,9}(?:\[[^\]]{0,500}\]\s{0,9})?\{beamer|usepackage\s{0,9}(?:\[[^\]]{0,500}\]\s{0,9})?\{beamerarticle)\}"
)
_SLIDES = re.compile(r"(\\(?:begin\s*\{[^{}]{1,40}\}|[A-Za-z]+\*?))<[-+.\d,|a-z:@() ]{1,40}>")
_PRIMITIVE = frozenset(
    ["", "x", "num", "dim", "case", "odd", "cat", "mmode", "vmode", "hmode", "inner", "void", "hbox", "vbox", "eof",
     "defined", "csname", "fontchar"]
)  # fmt: skip


def without_comments(tex: str) -> str:
    """The text without what TeX does not see. A paragraph's end after a comment stays one.

    Code has no environments and images in it: a figure whose code is printed is none of the document.
    """
    tex = replaced(_COMMENT.sub(r"\1", tex), _CODE, by=partial(_OF_FLOATS.sub, ""))
    return replaced(tex, _COMMENTS)


def replaced(
    tex: str, begin: re.Pattern[str], end: str = r"\\end\{{{name}\}}", by: Callable[[str], str] = lambda _: ""
) -> str:
    """The text with what stands from a begin to its end replaced by what `by` makes of it, or by nothing.

    `end` is a pattern with the groups of the begin in it. What does not end stays, and is looked through once.
    """
    endless: set[str] = set()

    def new(found: re.Match[str]) -> tuple[str, int] | None:
        wanted = end.format_map({key: re.escape(value) for key, value in found.groupdict().items()})
        close = None if wanted in endless else re.compile(wanted).search(tex, found.end())
        if close is None:
            endless.add(wanted)
            return None
        return by(tex[found.start() : close.end()]), close.end()

    return rewritten(tex, begin, new)


def without_overlays(tex: str) -> str:
    """A talk's text without the numbers of the slides on which its parts are shown: `\\includegraphics<2->{a}`."""
    return _SLIDES.sub(r"\1", tex) if _OF_SLIDES.search(tex) else tex


def flattened(files: Mapping[str, str], main: str) -> str:
    """The document with all files that it includes and no comments; what includes itself is left out.

    Of a file that is missing the command stays, as `\\input{name}`.
    """
    budget = [MAX_CHARACTERS]
    includes = author_includes(files, STYLES)
    own = str(PurePosixPath(main).parent)
    of_path = re.findall(r"\{([^{}]*)\}", "".join(_INPUT_PATH.findall(without_comments(files[main]))))
    named_folders = [f"{own}/{folder}" for folder in of_path]

    def read(path: str, above: tuple[str, ...]) -> str:
        if path in above or len(above) >= MAX_DEPTH or budget[0] <= 0:
            return ""
        text = without_comments(files[path])
        budget[0] -= len(text) + OF_ONE_FILE
        folders = [own, str(PurePosixPath(path).parent), *named_folders, ""]
        text = includes.plain(text, exists=lambda name: located(files, name, folders) is not None)

        def included(found: re.Match[str]) -> str:
            named = (
                found["braced"]
                or found["bare"]
                or found["asked"]
                or str(PurePosixPath(found["folder"]) / found["file"])
            )
            target = located(files, named.strip().strip('"'), folders)
            if target is None:
                return f" \\input{{{named}}} "
            text = read(target, (*above, path))
            if _OF_ITS_OWN_FOLDER.match(found[0]) and (folder := str(PurePosixPath(target).parent)) != own:
                text = f"\\graphicspath{{{{/{folder}/}}}}{text}\\graphicspath{{{{/{own}/}}}}"
            return f"\n{text}\n"

        return _INCLUDE.sub(included, text)

    return read(main, ())


def included_in(files: Mapping[str, str], main: str) -> list[str]:
    """The names of files that a document's main file includes, as they stand there."""
    found = _INCLUDE.finditer(without_comments(files[main]))
    return [
        f"{each['braced'] or each['bare'] or each['asked'] or each['file']}".removesuffix(".tex") + ".tex"
        for each in found
    ]


def located(
    files: Mapping[str, object], name: str, folders: list[str], endings: tuple[str, ...] = (".tex",)
) -> str | None:
    """The path of the file that TeX calls `name`: TeX adds endings, and some systems know no case."""
    by_case = {path.casefold(): path for path in files}
    for folder in folders:
        path = _normal(f"{folder}/{name}")
        for candidate in (path, *(f"{path}{ending}" for ending in endings)):
            if candidate in files:
                return candidate
            if (other := by_case.get(candidate.casefold())) is not None:
                return other
    return None


def _normal(path: str) -> str:
    parts: list[str] = []
    for part in path.replace("\\", "/").split("/"):
        if part == "..":
            parts = parts[:-1]
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts)


def resolved(tex: str) -> str:
    """The text with that branch of each condition alone that TeX takes, as far as it can be told.

    Known are `\\iftrue`, `\\iffalse`, what `\\newif` declares (false until `\\…true` stands before it), and what is
    known of the TeX that arXiv runs. Both branches of others stay; where conditions do not close, all of them.
    """
    tex = _with_parts_of_conditions(tex)
    values = {**_FIXED, **dict.fromkeys(_NEW_IF.findall(tex), False)}
    names = "|".join(sorted(map(re.escape, values), key=len, reverse=True))
    token = re.compile(
        rf"\\(?:newif\s*\\if[A-Za-z@]+|let\s*\\if(?P<let>[A-Za-z@]+)\s*=?\s*\\if(?P<to>true|false)|(?P<set>{names})(?P<value>true|false)"
        r"|(?P<if>if)(?P<name>[A-Za-z@]*)|(?P<else>else)|(?P<fi>fi))(?![A-Za-z@])\s?"
    )
    pieces: list[str] = []
    open_ones: list[bool | None] = []
    """For each condition that is open whether its branch here is taken; None where that is not known."""
    at = not_taken = 0
    for found in token.finditer(tex):
        is_known = found["name"] in _PRIMITIVE or found["name"] in values
        if found["if"] and not is_known and (found["name"] == "f" or tex.startswith("{", found.end())):
            continue  # a sign, or a command that takes its branches as arguments
        taken = not not_taken
        pieces.append(tex[at : found.start()] if taken else "")
        at = found.end()
        is_open = True  # of a condition that is not known, whose own words stay
        if found["if"]:
            open_ones.append(values.get(found["name"]))
            not_taken += open_ones[-1] is False
            is_open = open_ones[-1] is None
        elif found["else"] and open_ones:
            is_open = open_ones[-1] is None
            if not is_open:
                open_ones[-1] = not open_ones[-1]
                not_taken += 1 if open_ones[-1] is False else -1
        elif found["fi"]:
            if not open_ones:
                return _without_false(tex)
            closed = open_ones.pop()
            not_taken -= closed is False
            is_open = closed is None
        elif not found["else"]:
            is_open = False
            if taken and (name := found["set"] or found["let"]):
                values[name] = (found["value"] or found["to"]) == "true"
        pieces.append(found[0] if taken and is_open else "")
    return _without_false(tex) if open_ones else "".join([*pieces, tex[at:]])


def _with_parts_of_conditions(tex: str) -> str:
    r"""The text with commands that stand for a condition's begin or end (`\newcommand{\hide}{\iffalse}`) written out.

    Read as conditions where they are defined, they would hide all that comes behind.
    """
    parts = {
        name: macro
        for name, macro in macros_of(tex).items()
        if len(_OPENS.findall(macro.body)) != len(_CLOSES.findall(macro.body))
    }
    if not parts:
        return tex
    limit = 2 * len(tex)
    written = expanded(without_definitions(tex, but=lambda name: name not in parts), parts, limit)
    return tex if len(written) >= limit else written  # one that grows without end is meant to


def _without_false(tex: str) -> str:
    """The text without what stands between `\\iffalse` and the next `\\fi`, where conditions cannot be followed."""
    return replaced(tex, re.compile(r"\\iffalse(?![A-Za-z])"), end=r"\\fi(?![A-Za-z])")
