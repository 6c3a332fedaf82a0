"""The environments that an author defines, and what hangs on those of others, put where the document uses them."""

import re

from exsclaim.sources.latex.tex_macros import MAX_BODY, Macro, applied, group, rewritten, signature_at

_ENVIRONMENT = re.compile(
    r"\\(?P<kind>(?:re)?newenvironment|(?:New|Renew|Provide|Declare)DocumentEnvironment|(?:New|Renew)Environ)\*?\s*"
    r"\{\s*(?P<name>[A-Za-z]{1,40}\*?)\s*\}\s*"
)
_HOOK = re.compile(
    r"\\At(?P<place>Begin|End)Environment\s*\{\s*(?P<name>(?!\w*(?:figure|table))\w{1,40})\*?\s*\}\s*(?=\{)"
)
_COUNTS = re.compile(r"counter|numberwithin|\\the[a-z]")
MAX_HOOKS = 20
MAX_HOOKED = 1_000
"""So many environments of a name get what hangs on them."""
_FLOATING = re.compile(r"\\begin\s*\{[A-Za-z]*(?:figure|scheme|chart)[A-Za-z]*\*?\}|\\caption|\\includegraphics")


def with_environments(tex: str) -> str:
    """The text with those environments of the author's replaced by what they stand for that are floats or captions."""
    environments: dict[str, tuple[Macro, str]] = {}

    def taken(found: re.Match[str]) -> tuple[str, int] | None:
        signature, end = signature_at(found["kind"], tex, found.end())
        begin = group(tex, end, limit=MAX_BODY)
        close = group(tex, begin[1], limit=MAX_BODY) if begin else None
        if begin and found["kind"].endswith("Environ"):  # one body, with the content where \\BODY stands
            before, _, behind = begin[0].partition("\\BODY")
            begin, close = (before, begin[1]), (behind, begin[1])
        if not begin or not close or not _FLOATING.search(begin[0] + close[0]):
            return None
        environments[found["name"]] = signature._replace(body=begin[0]), close[0]
        return "", close[1]

    tex = rewritten(tex, _ENVIRONMENT, taken)
    for name, (macro, ending) in environments.items():
        tex = _with_environment(tex, name, macro, ending)
    return tex


def with_hooks(tex: str) -> str:
    """The text with changes of numbers that hang on environments (package etoolbox) where these begin or end.

    An appendix numbers its figures so. What hangs on floats is for all of them, and stays where it is.
    """
    hooks: dict[str, str] = {}

    def taken(found: re.Match[str]) -> tuple[str, int] | None:
        body = group(tex, found.end(), limit=MAX_BODY)
        if body is None or not _COUNTS.search(body[0]) or len(hooks) >= MAX_HOOKS:
            return None
        place = f"\\{found['place'].lower()}{{{found['name']}}}"
        hooks[place] = hooks.get(place, "") + body[0]
        return "", body[1]

    tex = rewritten(tex, _HOOK, taken)
    for place, hung in hooks.items():
        tex = tex.replace(place, f"{place}{hung}" if place.startswith("\\begin") else f"{hung}{place}", MAX_HOOKED)
    return tex


def _with_environment(tex: str, name: str, macro: Macro, close: str) -> str:
    """The end may use the beginning's arguments, as those of xparse do: they are taken with it."""
    ends = re.compile(rf"\\end\s*\{{{re.escape(name)}\}}")

    def plain(found: re.Match[str]) -> tuple[str, int] | None:
        if (ending := ends.search(tex, found.end())) is None:
            return None
        begun, inner = applied(macro, tex, found.end())
        ended, _ = applied(macro._replace(body=close), tex, found.end())
        return f"{begun}{tex[inner : ending.start()]}{ended}", ending.end()

    return rewritten(tex, re.compile(rf"\\begin\s*\{{{re.escape(name)}\}}"), plain)
