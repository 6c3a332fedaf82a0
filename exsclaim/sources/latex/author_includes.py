r"""Files that a document includes in its author's way, as LaTeX's own `\input` has them.

Commands of the author's that include (`\newcommand{\chap}[1]{\chapter{#1}\input{chapters/#1}}`), paths with commands in
them (`\input{\folder/intro}`), loops (`\foreach \n in {a,b} {\input{\n}}`), and commands of packages and classes that
the reader does not know (`\cfchapter{Title}{folder}{file}`, `\loadchapter{chapters/intro}`).
"""

import re
from collections.abc import Callable, Mapping
from typing import NamedTuple

from exsclaim.sources.latex.float_dialects import with_turns
from exsclaim.sources.latex.tex_macros import Macro, expanded, finite, macros_of, that_call, without_definitions

MAX_STYLE = 500_000
MAX_TEXT = 5_000_000
"""Characters of one file with its author's commands replaced."""
_INCLUDES = re.compile(r"\\(?:input|include|subfile|subfileinclude|import|subimport|includefrom|inputfrom)(?![A-Za-z])")
_PATH = re.compile(_INCLUDES.pattern + r"\*?\s{0,9}((?:\{[^{}]{0,300}\}\s{0,9}){1,2})")
_COMMAND = re.compile(r"\\([A-Za-z]+)")
_OWN_FOLDER = re.compile(r"\\(?:currfiledir|currfileabsdir|subfilefolder)(?:\{\})?\s*/?|\\subfix\s*")
_UNKNOWN = re.compile(
    r"\\(?P<name>(?!(?:include(?:graphics|pdf|svg|only|standalone|media|movie|from)|input(?:enc|encoding|minted|from|listing)"
    r"|chapter|section|loadglsentries|importmodule|input|include|(?:sub)?import|subfile(?:include)?)\b)(?!lst|verbatim|bibliography|use|If|[A-Za-z]*Exists)"
    r"[A-Za-z]{0,20}(?:[iI]nput|[iI]nclude|[lL]oad|[iI]mport|[cC]hapter|[sS]ection|[fF]ile)[A-Za-z]{0,20})\*?"
    r"(?:\[[^\[\]]{0,200}\])?(?P<arguments>(?:\s{0,9}\{[^{}]{1,300}\}){1,4})"
)
_DIVISION = re.compile(r"(?:sub){0,2}(?:chapter|section)$", re.IGNORECASE)


class AuthorIncludes(NamedTuple):
    """The commands with which a document's files include others, and those that stand in the paths of these."""

    commands: Mapping[str, Macro]
    in_paths: Mapping[str, Macro]

    def plain(self, text: str, exists: Callable[[str], bool]) -> str:
        """A file's text with all that it includes as LaTeX's own commands have it; `exists` knows files by name."""
        if self.commands:
            text = without_definitions(text, but=lambda name: name not in self.commands)
            text = expanded(text, self.commands, max(MAX_TEXT, len(text)))
        text = with_turns(text, _INCLUDES)
        if "\\" in "".join(path[1] for path in _PATH.finditer(text)):
            text = _PATH.sub(
                lambda path: expanded(_OWN_FOLDER.sub("", path[0]), self.in_paths, len(path[0]) + 600), text
            )
        return _UNKNOWN.sub(lambda found: _of_unknown(found, exists), text)


def author_includes(files: Mapping[str, str], styles: tuple[str, ...]) -> AuthorIncludes:
    """Commands of these files, styles among them, that include others."""
    defined: dict[str, Macro] = {}
    paths: set[str] = set()
    for path, text in files.items():
        defined |= macros_of(text[:MAX_STYLE] if path.lower().endswith(styles) else text)
        paths.update(name for named in _PATH.finditer(text) for name in _COMMAND.findall(named[1]))
    ours = {name: macro for name, macro in defined.items() if "@" not in name and not _INCLUDES.fullmatch(f"\\{name}")}
    ours = finite(ours)
    commands = that_call(ours, [name for name, macro in ours.items() if _INCLUDES.search(macro.body)])
    return AuthorIncludes(commands, {name: defined[name] for name in paths if name in defined and name not in commands})


def _of_unknown(found: re.Match[str], exists: Callable[[str], bool]) -> str:
    r"""`\input` of the file that an unknown command names last, in a folder that it may name before."""
    *before, last = (given.strip() for given in re.findall(r"\{([^{}]*)\}", found["arguments"]))
    names = ([f"{before[-1]}/{last}"] if before else []) + (
        [last]
        if "/" in last or last.endswith(".tex") or re.search("input|include|load|import", found["name"].lower())
        else []
    )
    file = next(filter(exists, names), None)
    if file is None:
        return found[0]
    division = _DIVISION.search(found["name"])
    head = f"\\{division[0].lower()}{{{before[0]}}}" if division and before else ""
    return f"{head}\\input{{{file}}}"
