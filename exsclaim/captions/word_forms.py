"""Word lists of the package, and one form of each character and of each word for those that are looked up in them."""

import re
import tomllib
import unicodedata
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

_DASHES = re.compile("[\u00ad\u2010-\u2015\u2212\ufe58\ufe63\uff0d]")
_MARKS = re.compile("[\u0300-\u036f]")
# Latin plurals of captions; everything else is regular
_IRREGULAR = {
    "spectra": "spectrum",
    "analyses": "analysis",
    "axes": "axis",
    "nuclei": "nucleus",
    "lattices": "lattice",
    "matrices": "matrix",
    "bacteria": "bacterium",
    "strata": "stratum",
    "media": "medium",
    "alloys": "alloy",
    "dies": "die",
}
_NOT_PLURAL = ("ss", "us", "is", "os", "ous")


@cache
def lexicon(name: str) -> dict[str, Any]:
    """Content of `<name>.toml` of this package, read once."""
    return tomllib.loads(files(__package__).joinpath(f"{name}.toml").read_text(encoding="utf-8"))


@lru_cache(maxsize=4096)
def unified(text: str) -> str:
    """`text` with one form for each character: TiO₂ is TiO2, ﬁlm film, moiré moire, every dash "-", µ and μ one."""
    if text.isascii():
        return text
    return _DASHES.sub("-", _MARKS.sub("", unicodedata.normalize("NFKD", text)))


@lru_cache(maxsize=50_000)
def singular(word: str) -> str:
    """A lower-case word without its plural ending: "nanoparticles", "boundaries", "meshes", "spectra"."""
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if len(word) < 4 or not word.endswith("s") or word.endswith(_NOT_PLURAL):
        return word
    if word.endswith("ies"):
        return word[:-3] + "y"
    if word.endswith(("shes", "ches", "sses", "xes", "zzes")):
        return word[:-2]
    return word[:-1]
