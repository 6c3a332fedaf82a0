"""Commands of the style files that came with a document, as far as its figures need them."""

import re
from collections.abc import Mapping

from exsclaim.sources.latex.latex_text import readable
from exsclaim.sources.latex.tex_macros import Macro, macros_of
from exsclaim.sources.latex.tex_source import STYLES, without_comments

STRUCTURE = re.compile(
    r"\\(?:includegraphics|epsfig|psfig|epsfbox|begin|end|caption|captionof|subfloat|subfigure|setcounter|thefigure"
    r"|figurename|appendix|counterwithin|numberwithin|chapter|section|graphicspath)(?![A-Za-z])"
)
"""Commands of which floats and their numbers are made."""
_IMAGE_PATH = re.compile(r"\\includegraphics\*?\s*(?:\[[^\]]{0,300}\])?\s*\{([^{}]{1,300})\}")
_CAPTION = re.compile(r"\\caption(?:of)?(?![A-Za-z])")
MAX_STYLE = 500_000
MAX_NAME = 100
"""Characters of what a short name stands for."""
_OF_NAMES = re.compile(
    r"text[a-z]*|math[a-z]*|ensuremath|xspace|mbox|emph|rm|bf|it|sf|(?:wide)?(?:tilde|hat)|bar|vec|d?dot|overline"
)


def commands_of_styles(files: Mapping[str, str], tex: str) -> dict[str, Macro]:
    """Commands of style files that came with the document, of those kinds that its figures need.

    They include an image or stand in the path of one, write a caption, or are short names of things (`\\pT`), which
    captions have. Others would change what LaTeX's own commands are here.
    """
    in_paths = set(re.findall(r"\\([A-Za-z]+)", " ".join(_IMAGE_PATH.findall(tex))))
    given: dict[str, Macro] = {}
    for path, text in files.items():
        if path.lower().endswith(STYLES):
            given |= macros_of(without_comments(text[:MAX_STYLE]))
    return {
        name: macro
        for name, macro in given.items()
        if "@" not in name and not STRUCTURE.fullmatch(f"\\{name}")
        and (name in in_paths or ("\\includegraphics" in macro.body and "#1" in macro.body)
             or _is_name(name, macro, given) or (_is_caption(macro) and f"\\{name}" in tex))
    }  # fmt: skip


def _is_caption(macro: Macro) -> bool:
    """Tell whether a command writes the caption that it is given, and nothing of LaTeX's insides."""
    return bool(_CAPTION.search(macro.body)) and "#1" in macro.body and "@" not in macro.body


def _is_name(name: str, macro: Macro, given: Mapping[str, Macro]) -> bool:
    """Tell whether a command stands for a few words or signs: it takes nothing, sets nothing, and is not known here."""
    if macro.arguments or len(macro.body) > MAX_NAME or re.search(r"[@#&]|\\\\", macro.body) or _is_read(name):
        return False
    used = re.findall(r"\\([A-Za-z]+)", macro.body)
    return all(_OF_NAMES.fullmatch(each) or each in given or _is_read(each) for each in used)


def _is_read(name: str) -> bool:
    """Tell whether a command is read without a definition: of others nothing is left."""
    return readable(f"\\{name} x") != "x"
