"""Figures and panels that a sentence of an article's text names."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from exsclaim.captions.mentions import mentions_in, panels_alone


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


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        ("Fig. 2, panels b and c, and Fig. 3 (panel d) show", "2bc 3d"),
        ("panels (b) and (c) of Fig. 2; panel b in Figure 3", "2bc 3b"),
        ("The mode matches (panel 5.6c), as panels 3a and 3b do, in 3 panels.", "5.6c 3ab"),
        ("(Fig. 6, A to C, and fig. S4, A and B)", "6ABC S4AB"),
        ("Fig. 2, A. Smith and Fig. 3, A rod", "2 3"),
        ("Fig. 2 a–c shows, Fig. 3 a and b show, Abb. 4 b zeigt", "2abc 3ab 4b"),
        ("Fig. 2 a rod, Fig. 3 T cells, Fig. 4 I think", "2 3 4"),
        ("Fig. 2-b, Fig.3.(a), Fig. 12 b) and c), Fig. 4 b)-d)", "2b 3a 12bc 4bcd"),
        ("Fig. (3a), Figs. (4) and (5), Fig. (6)(a), figure (II.3)", "3a 4 5 6a II.3"),
        ("made with Igraph for the figures (59) and figure (3 cm)", ""),
        ("Figs. 5(b)–5(d); Fig. 2a vs. 2b; Figs. 3a versus 4a", "5bcd 2ab 3a 4a"),
        ("Figure 8–9 show, Fig. 1-3, Figure 7 and 8 are, Figure 4, 5, and 6", "8 9 1 2 3 7 8 4 5 6"),
        ("Fig. 2 and 3 samples; Figure 5 and 10 of these; Fig. 7 and 8 nm", "2 5 7"),
        ("Figure III.2b, figuras 3 e 4, figures 5 et 6", "III.2b 3 4 5 6"),
        ("Fig. EV1 and Figure EV2A–C", "EV1 EV2ABC"),
        (
            "рис. 3, на рисунках 4 и 5, 图 6(a), 図7, 그림 2.3, Şekil 3.4, Rys. 5a, Gambar 3.2",
            "3 4 5 6a 7 2.3 3.4 5a 3.2",
        ),
        ("figure 100% of the cases; three significant figures 2 times", ""),
    ],
)
def test_panels_and_figures_are_read_in_the_ways_of_many_journals(sentence: str, said: str) -> None:
    assert _said(sentence) == said


@pytest.mark.parametrize(
    "sentence",
    [
        "Fig. 3 of Smith and Jones (2012)",
        "see Fig. 2 in Smith (2010)",
        "as they say [12, Fig. 3]",
        "(Smith et al. 2010, fig. 3)",
        "(Smith et al., 2010; their Fig. 3)",
        "(see ref. 12, Fig. 2)",
        "Fig. 5 therein",
        "(Figure 7 in the revised manuscript, and related text)",
        "in Figure 3 of their paper",
        "Figure 2 of that work and Figure 3 of our previous study",
        "Smith et al.'s Figure 3",
        "Their Fig. 2 has no bars",
        "the authors’ Figure 3a",
        "Bell 1949, pl. 5, fig. 2",
        "Pl. II, Figs. 3 and 4",
        "Smith 1990, pp. 30–31, fig. 2",
        "30, figs. 1, 5; Rouse 1967",  # behind "pl."
    ],
)
def test_figures_of_other_works_are_not_the_articles(sentence: str) -> None:
    assert _said(sentence) == ""


@pytest.mark.parametrize(
    "sentence",
    ["In 1949, Fig. 2 was drawn", "see Fig. 2, pl. 3", "Their size is in Fig. 2", "Plate 3 and Fig. 2", "our Fig. 2",
     "Another Fig. 2", "In sample 5, Fig. 2 shows rods", "As the authors’ aim was, Fig. 2 shows rods"],
)  # fmt: skip
def test_figures_near_names_of_others_are_the_articles_own(sentence: str) -> None:
    assert _said(sentence).startswith("2")


@pytest.mark.parametrize(
    ("sentence", "named"),
    [
        ("Gold (panel a) and silver (panels b and c) are shown.", "abc"),
        ("Panels b–d show rods.", "bcd"),
        ("Panel B shows rods.", "B"),
        ("In panel a rod is seen, as in the left panel and in both panels.", ""),
        ("A solar panel with 3 rows, in panel 5.6c.", ""),
    ],
)
def test_panels_are_named_without_their_figure(sentence: str, named: str) -> None:
    assert "".join(panels_alone(sentence)) == named


def test_supplements_are_known_by_words_before_and_behind() -> None:
    found = mentions_in("SI Appendix, Fig. S1; ED Fig. 2a; Fig. 3 in the Supporting Information; Appendix, Figure A.1")
    assert [(mention.series, mention.figure) for mention in found] == [
        ("supplementary", "S1"),
        ("extended data", "2"),
        ("supplementary", "3"),
        ("", "A.1"),
    ]


def test_a_figures_own_supplement_is_another_figure() -> None:
    found = mentions_in("(Figure 5E(i), Figure 5—figure supplement 1G)")
    assert [(mention.series, mention.figure, mention.panels) for mention in found] == [
        ("", "5", ("E",)),
        ("figure supplement", "5—1", ("G",)),
    ]


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
