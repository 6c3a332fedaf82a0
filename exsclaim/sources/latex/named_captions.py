r"""Captions that a document writes by commands which the reader does not know, and kinds that are set before them.

`\oscaption{degeneracies}{The limits of …}` is a journal's or an author's own caption.
`\captionsetup{type=figure}` and `\def\@captype{figure}` say what the next `\caption` is of, as `\captionof` does.
"""

import re

from exsclaim.sources.latex.tex_macros import group, rewritten

FARTHEST = 4_000
"""Characters between what sets the kind of a caption and that caption, in which its image stands."""
FEWEST_WORDS = 2
_NAMED = re.compile(
    r"\\(?!(?:the|set|no|ext|sub|bisub|phantom|tab|lst|alg|code|clear|list|print|format|above|below|hang|normal|move)[A-Za-z]*[cC]aption"
    r"|caption(?:setup|width|font|list|skip|name|label|text|rule|size|delim|style|format|margin|spacing)"
    r"|[A-Z][a-z]+Caption)[A-Za-z]*[cC]aption[A-Za-z]{0,15}\*?(?=\s*[\[{])"
)
_LABEL = re.compile(r"\s*[\w.-]{0,20}:[\w:./ -]{1,80}\s*")
_WORD = re.compile(r"[^\W\d_]{2,}")
_KIND = re.compile(
    r"\\captionsetup\s*\{[^{}]{0,200}?\btype\s*=\s*\{?(?P<set>figure|table|subfigure|subtable)\b[^{}]{0,200}\}"
    r"|\\(?:def|let|gdef)\s*\\@captype\s*=?\s*\{(?P<given>figure|table)\}"
    r"|\\(?:re)?newcommand\s*\{?\s*\\@captype\s*\}?\s*\{(?P<made>figure|table)\}"
)
_CAPTION = re.compile(
    rf"\\caption(?![A-Za-z])|(?P<other>{_KIND.pattern.replace('?P<', '?P<next_')}"
    r"|\\begin\s*\{(?:wrap|sideways)?(?:figure|table)\*?\}|\\(?:chapter|section)(?![A-Za-z]))"
)


def with_kinds(tex: str) -> str:
    r"""The text with `\captionof` for a caption whose kind is set before it, and `\subcaption` for that of a part."""

    def plain(found: re.Match[str]) -> tuple[str, int] | None:
        caption = _CAPTION.search(tex, found.end(), found.end() + FARTHEST)
        if caption is None or caption["other"]:
            return None
        kind = found["set"] or found["given"] or found["made"]
        command = "\\subcaption" if kind.startswith("sub") else f"\\captionof{{{kind}}}"
        return tex[found.end() : caption.start()] + command, caption.end()

    return rewritten(tex, _KIND, plain)


def in_known_words(content: str) -> str:
    """A float's content with `\\caption` for the one command of another name that ends in "caption" and has words."""
    found = _NAMED.search(content)
    if found is None:
        return content
    at = found.end()
    while (given := group(content, at, "[", "]")) is not None:
        at = given[1]
    texts: list[str] = []
    labels = ""
    while (given := group(content, at)) is not None and "\n\n" not in content[at : given[1] - len(given[0])]:
        at = given[1]
        if _LABEL.fullmatch(given[0]):
            labels += f"\\label{{{given[0].strip()}}}"
        else:
            texts.append(given[0].strip())
    said = [text for text in texts if len(_WORD.findall(text)) >= FEWEST_WORDS and re.search(r"\s", text)]
    said = said or [max(texts, key=len, default="")]
    # a title and what it is the title of, or a short form for the list of figures and the caption
    if len(said) > 1 and said[0].rstrip(" .") in said[1]:
        said = said[1:]
    if not _WORD.search(" ".join(said)):
        return content
    text = " ".join(part if part.endswith((".", "?", "!", ":")) or part is said[-1] else f"{part}." for part in said)
    return f"{content[: found.start()]}\\caption{{{text}}}{labels}{content[at:]}"
