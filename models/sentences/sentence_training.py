"""Learn Punkt's parameters: `python -m models.sentences.sentence_training CAPTIONS.jsonl --out punkt.toml`.

    CAPTIONS.jsonl   one {"caption": "…"} a line

Kiss and Strunk, "Unsupervised Multilingual Sentence Boundary Detection", Computational Linguistics 32, 485 (2006), as
nltk has it. Kept are abbreviations, collocations over a full stop ("C. elegans") and words that begin sentences; the
orthographic context of every word, 99 % of what is learned, changes hardly any sentence of a caption and is left out.
"""

import json
import re
import textwrap
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from exsclaim.errors import CaptionError

if TYPE_CHECKING:
    from nltk.tokenize.punkt import PunktParameters

# an abbreviation is followed by small letters, numbers or signs; of what is not, a part ends sentences ("10 MPa. The")
LEAST_INSIDE = 0.7
LEAST_SEEN = 3

_WORD = re.compile(r"[^\W\d_]+(?:\.[^\W\d_]+)*")


def learn(captions: Iterable[str]) -> "PunktParameters":
    """Punkt's parameters from captions, those of its abbreviations that also end sentences left out."""
    from nltk.tokenize.punkt import PunktTrainer  # with all of nltk come pandas and scikit-learn

    kept = tuple(captions)
    trainer = PunktTrainer()
    trainer.INCLUDE_ABBREV_COLLOCS = True
    for caption in kept:
        trainer.train(caption, finalize=False)
    trainer.finalize_training()
    parameters: PunktParameters = trainer.get_params()
    text = "\n".join(kept)
    parameters.abbrev_types = {word for word in parameters.abbrev_types if _stands_inside(word, text)}
    return parameters


def _stands_inside(abbreviation: str, text: str) -> bool:
    if not _WORD.fullmatch(abbreviation):
        return False
    pattern = re.compile(rf"(?<!\w){re.escape(abbreviation)}\.(?P<next>\s*\S)", re.IGNORECASE)
    followers = [found["next"].strip() for found in pattern.finditer(text)]
    inside = sum(not follower.isupper() for follower in followers)
    return len(followers) >= LEAST_SEEN and inside >= LEAST_INSIDE * len(followers)


def as_toml(parameters: "PunktParameters", origin: str) -> str:
    """The data file that `exsclaim.captions.sentences` reads."""
    pairs = sorted(" ".join(pair) for pair in parameters.collocations if all(map(_WORD.fullmatch, pair)))
    lists = {
        "abbreviations": sorted(parameters.abbrev_types),
        "collocations": pairs,
        "sentence_starters": sorted(parameters.sent_starters),
    }
    lines = [
        f"# Origin: {origin}",
        "# Written by models/sentences/sentence_training.py; lower case, without the last full stop.",
    ]
    for name, words in lists.items():
        # blanks within a word must not be line ends
        items = ", ".join(json.dumps(word, ensure_ascii=False).replace(" ", "\0") for word in words)
        wrapped = textwrap.wrap(items, 116, initial_indent="    ", subsequent_indent="    ")
        lines += [f"{name} = [", *(line.replace("\0", " ") for line in wrapped), "]"]
    return "\n".join(lines) + "\n"


def read(file: Path) -> Iterator[str]:
    """Captions of a JSON lines file.

    Raises:
        CaptionError: a line is no JSON object with a text under "caption".
    """
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
        if line.strip():
            try:
                yield str(json.loads(line)["caption"])
            except (ValueError, KeyError, TypeError) as error:
                raise CaptionError(f'{file}, line {number}: expected {{"caption": "…"}} ({error})') from error


def main(
    captions: Annotated[Path, typer.Argument(help='JSON lines: {"caption": "…"}')],
    out: Annotated[Path, typer.Option(help="TOML file to write.")],
) -> None:
    """Learn where captions' sentences end, and write it as a data file."""
    texts = list(read(captions))
    origin = f"Punkt (Kiss and Strunk, 2006) trained on {len(texts)} captions of open-access articles."
    out.write_text(as_toml(learn(texts), origin), encoding="utf-8")
    typer.echo(f"{out}: learned from {len(texts)} captions")


if __name__ == "__main__":
    typer.run(main)
