"""A panel's segments read as text: stems run on, sentences are closed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exsclaim.captions import as_text


@pytest.mark.parametrize(
    ("segments", "text"),
    [
        (["TEM images of", "silver rods", "after one week"], "TEM images of silver rods after one week."),
        (["SEM image of nanoparticles", "Scale bars", "2 µm"], "SEM image of nanoparticles. Scale bars: 2 µm."),
        (["SEM image", "Scale bar, 2 µm"], "SEM image. Scale bar, 2 µm."),
        (["SEM image", "scale bar, 2 µm"], "SEM image; scale bar, 2 µm."),
        (["Sketch of the cell", "Arrows mark the flow."], "Sketch of the cell. Arrows mark the flow."),
        (["Magnitude", "of the response"], "Magnitude of the response."),
        (["Low-magnification", "SEM images"], "Low-magnification SEM images."),
        # a noun in -ing may end a sentence, a verb of showing does not
        (["Surface after drying", "Scale bars: 50 nm"], "Surface after drying. Scale bars: 50 nm."),
        (["Gel after staining", "The dye was blue"], "Gel after staining. The dye was blue."),
        (["Map showing", "Lake Chad"], "Map showing Lake Chad."),
        (["Bands by blotting", "WT and KO plants"], "Bands by blotting WT and KO plants."),
        # a name begins a sentence where its verb or its meaning follows
        (["Levels in leaves", "ACTIN was the control"], "Levels in leaves. ACTIN was the control."),
        (["Levels in leaves", "WT: wild type"], "Levels in leaves. WT: wild type."),
        (["Levels in", "WT leaves"], "Levels in WT leaves."),
        (["Levels in leaves", "WT plants"], "Levels in leaves WT plants."),
        (["Levels in leaves", "**P < 0.01"], "Levels in leaves. **P < 0.01."),
        (["Sizes", "20 cells were counted"], "Sizes. 20 cells were counted."),
        (["Sizes", "20 nm"], "Sizes 20 nm."),
        (["Sizes of cells", "(n = 5, 20 or 30)"], "Sizes of cells (n = 5, 20 or 30)."),
        (["Sizes of cells", "A new clone was used"], "Sizes of cells. A new clone was used."),
        ([], ""),
    ],
)
def test_segments_are_joined_as_sentences(segments: list[str], text: str) -> None:
    assert as_text(segments) == text


@given(st.lists(st.text(alphabet="aB .1", min_size=1).filter(str.strip), max_size=5))
def test_every_segment_is_in_the_text(segments: list[str]) -> None:
    assert all(segment in as_text(segments) for segment in segments)
