"""Figures and panels that a sentence of an article's text names."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from exsclaim.captions.mentions import mentions_in


def _said(sentence: str) -> str:
    return " ".join(f"{mention.figure}{''.join(mention.panels)}" for mention in mentions_in(sentence))


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        ("The rods are long, as shown in Fig. 2b–d.", "2bcd"),
        ("Figs 1A and 3C show growth.", "1A 3C"),
        ("See Figure S3a,b and 4c for details.", "S3ab 4c"),
        ("Fig. 2b and c show the rods.", "2bc"),
        ("Fig. 2b and a decrease of 3 nm follow.", "2b"),
        ("In Fig. 2C and I, in turn, the rods bend.", "2CI"),
        ("This is plotted in Fig. 2C and I think so.", "2C"),
        ("(Figs. 1–3)", "1 2 3"),
        ("Figures S1 to S3 show it.", "S1 S2 S3"),
        ("Fig. 3(a)–(c) and Fig. 4 agree.", "3abc 4"),
        ("Figure 3 (a, b) and Figure 3 (d).", "3ab 3d"),
        ("Figures 2a and 2b; Figures 2c–2e", "2ab 2cde"),
        ("(Figure 2 A and B)", "2AB"),
        ("The peaks in Figures 22.c, 28.a, and 29 are such.", "22c 28a 29"),
        ("The roughness decreases (fig. 99 - a), as does that of fig. 3 – b, c.", "99a 3bc"),
        ("The peaks are gone (fig. 86, c, d), and one is there [Fig. 3, a].", "86cd 3a"),
        ("Others do, e.g. Fig. 2.e.g. here, or Fig. 2 - a rod - and Fig. 4.", "2 2 4"),
        ("Fig. 2 a rod is seen.", "2"),
        ("Fig. 2 and 30 nm rods", "2"),
        ("Figs 2 and 3", "2 3"),
        ("panels b and c of Fig. 5", "5bc"),
        ("Fig. 1 (i and ii)", "1iii"),
        ("as in Fig. 2 of ref. 5 and Fig. 3b", "3b"),
        ("FIG. IV and Fig. 10a′", "IV 10a′"),
        ("Figure A.3 and Fig. B2a, b are of appendices, as are Figs. C.1–C.3.", "A.3 B2ab C.1 C.2 C.3"),
        ("Figs 2, 3 and B12 in the diet of Fig. E. coli", "2 3"),
        ("Abb. 3a und b; Figura 2A y B", "3ab 2AB"),
        ("the figure shows a fig 2000 years old", ""),
    ],
)
def test_figures_and_panels_are_read_as_printed(sentence: str, said: str) -> None:
    assert _said(sentence) == said


def test_figures_outside_the_articles_own_numbering_say_so() -> None:
    found = mentions_in("Fig. 1, Extended Data Fig. 1a, Supplementary Figs 1, 2 and Scheme 1")

    assert [(mention.series, mention.figure) for mention in found] == [
        ("", "1"),
        ("extended data", "1"),
        ("supplementary", "1"),
        ("supplementary", "2"),
        ("scheme", "1"),
    ]


def test_a_mention_stands_where_it_says() -> None:
    sentence = "As Fig. 2a, b and Fig. 3 show"

    assert [sentence[mention.start : mention.end] for mention in mentions_in(sentence)] == ["2a, b", "3"]


@example(["Fig. ", "S3", "–", "S3", "2"])
@given(st.lists(st.sampled_from(["Fig. ", "2", "a", "–", ", ", " and ", "(", ")", "S3", "b", " "]), max_size=60))
def test_any_text_gives_mentions_inside_it(pieces: list[str]) -> None:
    text = "".join(pieces)

    assert all(0 <= m.start < m.end <= len(text) for m in mentions_in(text))
    # figures inside a range, "S3–S32", are not printed
    assert all(m.figure in text or "–" in text[m.start : m.end] for m in mentions_in(text))
