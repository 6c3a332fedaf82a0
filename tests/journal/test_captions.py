"""Captions told by the truth of figures."""

import re
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from exsclaim.records import PanelKind
from journal.captions import PanelFact, plain, write_caption

SAMPLE = "Ag@TiO<sub>2</sub> nanoparticles"
kinds = st.sampled_from([PanelKind.MICROSCOPY, PanelKind.GRAPH, PanelKind.DIFFRACTION, PanelKind.ILLUSTRATION])
scales = st.sampled_from([None, "50 nm", "2 µm"])
panels = st.lists(st.tuples(kinds, scales), min_size=1, max_size=12).map(
    lambda facts: [PanelFact(chr(ord("a") + at), kind, scale) for at, (kind, scale) in enumerate(facts)]
)


def labels_in(caption: str) -> set[str]:
    """Bold letters, ranges spelled out."""
    spelled = re.sub(
        r"<b>(\w)</b>–<b>(\w)</b>",
        lambda ends: "".join(f"<b>{chr(code)}</b>" for code in range(ord(ends[1]), ord(ends[2]) + 1)),
        caption,
    )
    return set(re.findall(r"<b>(\w+)</b>", spelled))


@given(panels, st.integers(0, 2**32))
def test_every_label_is_named_and_no_other(facts: list[PanelFact], seed: int) -> None:
    assert labels_in(write_caption(facts, SAMPLE, Random(seed))) == {fact.label for fact in facts}


@given(panels, st.integers(0, 2**32))
def test_every_length_is_told(facts: list[PanelFact], seed: int) -> None:
    caption = plain(write_caption(facts, SAMPLE, Random(seed)))
    assert all(fact.scale in caption for fact in facts if fact.scale)


@given(panels, st.integers(0, 2**32))
def test_the_same_seed_writes_the_same_caption(facts: list[PanelFact], seed: int) -> None:
    assert write_caption(facts, SAMPLE, Random(seed)) == write_caption(facts, SAMPLE, Random(seed))


def test_letters_stand_before_or_after_their_text() -> None:
    facts = [PanelFact("a", PanelKind.MICROSCOPY, "50 nm"), PanelFact("b", PanelKind.GRAPH)]
    captions = {plain(write_caption(facts, SAMPLE, Random(seed))) for seed in range(40)}
    for manner in (r"a, .+ b, ", r"\(a\) .+ \(b\) ", r"\w.+ \(a\) and .+ \(b\)\."):
        assert any(re.match(manner, caption) for caption in captions), manner


def test_a_figure_without_letters_is_described_as_a_whole() -> None:
    caption = write_caption([PanelFact("", PanelKind.MICROSCOPY, "50 nm")], SAMPLE, Random(1))
    assert labels_in(caption) == set()
    assert re.search(r"Scale bar[,:] 50 nm\.$", caption)


def test_plain_text_has_neither_tags_nor_entities() -> None:
    assert plain("<b>a</b>, Ag<sub>2</sub>S &amp; α-Fe") == "a, Ag₂S & α-Fe"
