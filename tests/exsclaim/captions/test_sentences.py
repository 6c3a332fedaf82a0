"""Ends of sentences: found without nltk's tokenizer where nobody doubts them, and the same as it finds."""

import subprocess
import sys

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from exsclaim.captions.sentences import punkt, punkt_starts, sentences

_MARKS = (". ", ".", "! ", "?", ") ", "(", "] ", '" ', "'", "’", "...", " . ", "--", "-", ", ", ": ", " ")
_WORDS = ("a", "B", "the ", "The ", "rods", "5", "0.05", "e.g", "s.d", "spp", "egg", "nov", "S", "aureus", "etc")
_PIECES = st.sampled_from((*_MARKS, *_WORDS))


@example("--spp. S")
@given(st.lists(_PIECES, max_size=20).map(lambda pieces: " ".join("".join(pieces).split())))
@settings(deadline=None, max_examples=400)
def test_sentences_start_where_nltk_starts_them(text: str) -> None:
    assert list(punkt_starts(text)) == [start for start, _ in punkt().span_tokenize(text)][1:]


@pytest.mark.parametrize(
    ("text", "starts"),
    [
        ("Images of rods. The bar is 5 nm.", ["The"]),
        ("Images of S. aureus. The bar is 5 nm.", ["The"]),
        ("Images (left). Spectra of 30. Scale bars.", ["Spectra", "Scale"]),
        ("Mean of spp. larvae vs. controls.", []),
        ('It is "a rod." Here are cubes.', ["Here"]),
        ("", []),
    ],
)
def test_a_full_stop_in_doubt_is_punkts_to_judge(text: str, starts: list[str]) -> None:
    assert [text[span.start : span.end].split()[0] for span in sentences(text)][1:] == starts


def test_sentences_cost_nltk_s_punkt_and_not_the_libraries_that_all_of_nltk_brings() -> None:
    code = (
        "import sys; from exsclaim.captions.sentences import punkt; assert punkt().tokenize('One. Two.');"
        "loaded = {'scipy', 'pandas', 'sklearn'} & set(sys.modules);"
        "import nltk; assert nltk.__version__ and nltk.word_tokenize;"  # all of it, for whoever asks
        "sys.exit(str(loaded) if loaded else 0)"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stderr


def test_other_threads_may_import_while_punkt_is_loaded() -> None:
    """Captions are split in threads of a harvest whose other threads import what they need for the first time."""
    code = """
import sys, threading
from exsclaim.captions import sentences
sys.setswitchinterval(1e-6)
over = threading.Event()
def importing():
    while not over.is_set():
        for n in range(50):
            sys.modules[f"made_{n}"] = sys
        for n in range(50):
            del sys.modules[f"made_{n}"]
threading.Thread(target=importing, daemon=True).start()
for _ in range(20):
    sentences._nltk_punkt()
over.set()
"""
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stderr
