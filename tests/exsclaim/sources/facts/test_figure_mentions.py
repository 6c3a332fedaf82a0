"""Sentences of a text about a figure and its panels, and figures that nobody read."""

import pytest

from exsclaim.records import FigureRef
from exsclaim.sources.facts.figure_mentions import Paragraph, figure_key, of_sections, pointer, with_mentions


def figures(*labels: str) -> list[FigureRef]:
    return [
        FigureRef(id=f"a/fig{n}", article_id="a", number=n, label=label, title="", caption="", image_urls=("u",))
        for n, label in enumerate(labels, start=1)
    ]


def test_sentences_go_to_their_figures_with_panels_and_section() -> None:
    text = "Rods grow fast. They are long (Fig. 1b and c, Fig. 2). As Figure 2a shows, wires do not. Nothing here."
    one, two = with_mentions(figures("Fig. 1", "Figure 2"), [Paragraph(text, "Results")], "a")
    assert [(m.sentence, m.section, m.panels) for m in one.mentions] == [
        ("They are long (Fig. 1b and c, Fig. 2).", "Results", ("b", "c"))
    ]
    assert [(m.sentence[:12], m.panels) for m in two.mentions] == [("They are lon", ()), ("As Figure 2a", ("a",))]


def test_a_link_says_which_figure_is_meant_whatever_its_words() -> None:
    (one,) = with_mentions(figures("Fig. 1"), [Paragraph(f"See {pointer(0)}here for rods.")], "a")
    assert [m.sentence for m in one.mentions] == ["See here for rods."]
    (one,) = with_mentions(figures("Fig. 1"), [Paragraph(f"Rods ({pointer(0)}Fig. 1b).")], "a")
    assert [(m.sentence, m.panels) for m in one.mentions] == [("Rods (Fig. 1b).", ("b",))]


def test_numbering_of_supplements_and_extended_data_is_their_own() -> None:
    found = with_mentions(
        figures("Fig. 1", "Extended Data Fig. 1", "Supplementary Figure 1"),
        [Paragraph("See Fig. 1a. See Extended Data Fig. 1b. See Fig. S1c and Supplementary Fig. 1d.")],
        "a",
    )
    assert [[m.panels for m in figure.mentions] for figure in found] == [[("a",)], [("b",)], [("c", "d")]]
    assert figure_key("Fig. S2") == figure_key("Supplementary Figure 2")
    assert figure_key("Overview") is None


def test_a_figure_of_an_appendix_is_known_with_and_without_the_dot() -> None:
    found = with_mentions(
        figures("Figure 1", "Figure A.1"), [Paragraph("See Fig. A.1b. See Figure A1c and Fig. 1.")], "a"
    )
    assert [[m.panels for m in figure.mentions] for figure in found] == [[()], [("b",), ("c",)]]


def test_a_figure_that_was_overlooked_does_not_vanish() -> None:
    found = with_mentions(
        figures("Fig. 1", "Fig. 3"), [Paragraph("Rods (Fig. 1), wires (Fig. 2) and sheets (Fig. 3).")], "a"
    )
    assert [figure.label for figure in found] == ["Fig. 1", "Fig. 3", "Figure 2"]
    assert "names Figure 2" in found[2].no_image
    assert found[2].id == "a/fig3"


@pytest.mark.parametrize(
    ("text", "missed"),
    [
        ("Compare Fig. 7 of ref. 5.", 0),
        ("Wires are shown in Fig. 2.", 1),
        ("Wires are shown in Fig. 3.", 0),
        ("Wires are shown in Fig. 3. As Fig. 3a shows.", 1),
        ("Wires are as in Fig. 2 of [12].", 0),
        ("Wires are as those of Smith et al. in Fig. 2.", 0),
        ("Wires are as before (Smith 2010), see Fig. 2.", 0),
        ("Wires are in the supplement's Fig. 2.", 0),
        ("Wires are beside it (Fig. 2, SI).", 0),
        ("Wires are beside it (Additional file 3: Fig. 2).", 0),
        ("Wires are in Fig. 2 of the main text.", 0),
        ("Wires are as before (Smith, 2010; Fig. 2).", 0),
        ("Wires on Si are in Fig. 2.", 1),
        ("Wires grew in 2010; they are in Fig. 2.", 1),
    ],
)
def test_the_next_figure_is_missed_unless_it_may_be_another_works(text: str, missed: int) -> None:
    assert len(with_mentions(figures("Fig. 1"), [Paragraph(text)], "a")) == 1 + missed


def test_where_no_figure_was_read_those_that_the_text_names_are_told() -> None:
    text = "Rods (Fig. 1) and wires (Figs. 2 and 3a). Figure 1 shows more, unlike Fig. 9 of ref. 4 or Fig. 7."
    found = with_mentions([], [Paragraph(text, "Results")], "pmc/PMC1")
    assert [(figure.id, figure.label) for figure in found] == [
        ("pmc/PMC1/fig1", "Figure 1"), ("pmc/PMC1/fig2", "Figure 2"), ("pmc/PMC1/fig3", "Figure 3"),
    ]  # fmt: skip
    assert all("no such figure was found" in figure.no_image for figure in found)
    assert with_mentions([], [Paragraph("A comment on Fig. 1.")], "pmc/PMC1") == ()


@pytest.mark.parametrize(
    ("labels", "missed"),
    [
        (("Fig 1", "Fig 2", "Fig 4"), ["Figure 3"]),
        (("Fig. 1", "Fig. 3", "Fig. 5"), ["Figure 2", "Figure 4"]),
        (("Figure 1", "Figure 4"), []),  # an excerpt, perhaps
        (("Figure 1", "Fgure 2", "Figure 3"), []),
        (("Figure 1", "Figure 2a", "Figure 2b", "Figure 3"), []),
        (("Figure 1", "Figures 2–34", "Figure 36"), []),
        (("Figure 1", "Figure 2", "Figure 3", "Figure 6"), ["Figure 4", "Figure 5"]),
        (("Figure 1.1", "Figure 1.3", "Figure 2.1"), ["Figure 1.2"]),
        (("Figure S1", "Figure S3"), ["Figure S2"]),
        (("Figure 2", "Figure 3"), ["Figure 1"]),
        (("Figure 2",), []),
        (("Figure 14", "Figure 15"), []),  # a chapter of a book
        (("Figure 1", "Scheme 1", "Figure 3"), ["Figure 2"]),
        (("Figure 1", "Scheme 1", "Figure 2", "Scheme 3"), []),
        (("Figure 1", "Scheme 2", "Figure 3"), []),  # counted together
        (("Scheme 1", "Figure 2", "Scheme 3", "Figure 4"), []),
        (("Figure 1", "Scheme 2", "Figure 4"), ["Figure 3"]),
        (("Figure 1", "Scheme 1", "Scheme 2", "Figure 3", "Figure 4"), ["Figure 2"]),
        (("Scheme 1", "Figure 2", "Figure 3"), ["Figure 1"]),
        (("FIGURE1", "FIGURE3"), ["Figure 2"]),
        (("Fig1", "Fig3"), ["Figure 2"]),
        (("FigS1", "FigS3"), ["Figure S2"]),
    ],
)
def test_a_figure_between_two_that_were_read_is_missed_though_nobody_names_it(
    labels: tuple[str, ...], missed: list[str]
) -> None:
    found = with_mentions(figures(*labels), [Paragraph("Rods grow fast.")], "a")[len(labels) :]
    assert [figure.label for figure in found] == missed
    assert all("before and behind" in figure.no_image and not figure.mentions for figure in found)


@pytest.mark.parametrize(
    ("text", "missed"),
    [
        ("Wires are shown in Figure 2.2.", ["Figure 2.2"]),
        ("Wires are shown in Figure 2.3.", []),
        ("Wires are shown in Figure 2.3. As Figure 2.3a shows.", ["Figure 2.3"]),
        ("Wires are shown in Figure 3.1.", ["Figure 3.1"]),  # of the chapter between these
        ("Wires are shown in Figure 5.1.", ["Figure 5.1"]),
        ("Wires are shown in Figure 7.1.", []),
        ("Wires are shown in Figure 3.1 of ref. 7.", []),
    ],
)
def test_the_numbering_of_each_chapter_is_watched(text: str, missed: list[str]) -> None:
    found = with_mentions(figures("Figure 2.1", "Figure 4.1"), [Paragraph(text)], "a")[2:]
    assert [figure.label for figure in found] == missed


def test_a_chapter_that_comes_alone_does_not_miss_the_figures_of_others() -> None:
    assert len(with_mentions(figures("Figure 2.1"), [Paragraph("Wires are shown in Figure 3.1.")], "a")) == 1


def test_all_figures_at_an_articles_end_are_missed_one_after_another() -> None:
    text = " ".join(f"Wires are in Fig. {number}. Fig. {number} has them all." for number in range(2, 8))
    found = with_mentions(figures("Fig. 1"), [Paragraph(text)], "a")
    assert [figure.label for figure in found[1:]] == [f"Figure {number}" for number in range(2, 8)]


def test_the_numbering_of_a_supplement_is_watched_where_it_was_read() -> None:
    text = "Rods (Fig. 1). Wires (Fig. S1), sheets (Fig. S2) and cubes (Fig. S3)."
    found = with_mentions(figures("Figure 1", "Figure S1", "Figure S3"), [Paragraph(text)], "a")
    assert [figure.label for figure in found] == ["Figure 1", "Figure S1", "Figure S3", "Figure S2"]
    assert "names Figure S2" in found[3].no_image
    # a supplement in another file is none of this article's
    assert len(with_mentions(figures("Figure 1"), [Paragraph(text)], "a")) == 1


def test_extended_data_are_watched_too() -> None:
    text = "Rods (Extended Data Fig. 1), wires (Extended Data Fig. 2)."
    found = with_mentions(figures("Fig. 1", "Extended Data Fig. 2"), [Paragraph(text)], "a")
    assert found[2].label == "Extended Data Fig. 1"


def test_figures_that_count_anew_are_those_of_the_supplement_that_the_text_names() -> None:
    text = "Rods (Fig. 1) and wires (Fig. 2). Sheets are shown in Fig. S1b."
    found = with_mentions(figures("Figure 1", "Figure 2", "Figure 1"), [Paragraph(text)], "a")
    assert [[m.panels for m in figure.mentions] for figure in found] == [[()], [()], [("b",)]]


def test_a_supplement_by_itself_may_number_its_figures_plainly() -> None:
    text = "Sheets are shown in Fig. S1b. Rods in Figure S2."
    found = with_mentions(figures("Figure 1", "Figure 2"), [Paragraph(text)], "a")
    assert [[m.panels for m in figure.mentions] for figure in found] == [[("b",)], [()]]


def test_a_figures_own_supplement_is_not_the_articles() -> None:
    text = "Rods (Figure 1). See Supplementary Figure 1."
    found = with_mentions(figures("Figure 1", "Figure 1\u2014figure supplement 1"), [Paragraph(text)], "a")
    assert [len(figure.mentions) for figure in found] == [1, 0]


def test_a_sentence_that_was_taken_for_a_title_still_names_its_figures() -> None:
    sections = [("In Figs. 1 and 2 we plot the rods.", "They are long."), ("Figures", "None is named here.")]
    read, unread = with_mentions(figures("Fig. 2"), of_sections(sections), "a")
    assert [m.sentence for m in read.mentions] == ["In Figs. 1 and 2 we plot the rods."]
    assert (unread.label, bool(unread.no_image)) == ("Figure 1", True)


def test_numbers_with_a_chapter_are_no_ranges_where_labels_have_them() -> None:
    text = Paragraph("Rods are in Figure 3-1. Wires are in Fig. 3–10a, cubes in Fig. 1-2 and Fig. 3-1.")
    cubes, rods, wires = with_mentions(figures("Figure 1-2", "Figure 3-1", "Figure 3-10"), [text], "a")
    assert [len(each.mentions) for each in (cubes, rods, wires)] == [1, 2, 1]
    assert wires.mentions[0].panels == ("a",)


def test_a_range_stays_one_where_labels_have_plain_numbers() -> None:
    one, two, three = with_mentions(figures("Fig. 1", "Fig. 2", "Fig. 3"), [Paragraph("Rods are in Figs. 1-3.")], "a")
    assert [len(each.mentions) for each in (one, two, three)] == [1, 1, 1]


def test_figures_that_are_lettered_parts_of_one_number_are_named_by_their_letters() -> None:
    text = "Rods (Fig. 2b). Wires (Fig. 2A). All (Fig. 2). Others (Fig. 1a)."
    one, a, b = with_mentions(figures("Figure 1", "Figure 2a", "Figure 2b"), [Paragraph(text)], "x")
    said = [[(mention.sentence, mention.panels) for mention in figure.mentions] for figure in (one, a, b)]
    assert said == [
        [("Others (Fig. 1a).", ("a",))],
        [("Wires (Fig. 2A).", ()), ("All (Fig. 2).", ())],
        [("Rods (Fig. 2b).", ()), ("All (Fig. 2).", ())],
    ]


def test_one_lettered_label_alone_is_a_figure_with_panels() -> None:
    (only,) = with_mentions(figures("Figure 2a"), [Paragraph("Rods (Fig. 2b).")], "x")
    assert [mention.panels for mention in only.mentions] == [("b",)]


def test_a_figure_of_several_numbers_is_named_by_each_of_them() -> None:
    """Plates of drawings have one caption; the label is no chapter's, so that ranges in the text are ranges."""
    text = "Legs are long (Fig. 3). Eyes are small (Figs 2–4, 8). Both sexes differ (Figs 10 and 11). See Fig. 12."
    found = with_mentions(figures("Figures 1–9", "Figs. 10, 11", "Fig. 12"), [Paragraph(text)], "a")
    assert [[mention.sentence[:4] for mention in figure.mentions] for figure in found] == [
        ["Legs", "Eyes"], ["Both"], ["See "],
    ]  # fmt: skip


def test_a_number_with_a_zero_before_it_is_the_same() -> None:
    assert figure_key("Figure 02") == figure_key("Fig. 2")
    assert figure_key("Fig. S01") == figure_key("Figure S1")
    assert figure_key("Fig. 2.01") != figure_key("Fig. 2.1")
    (one,) = with_mentions(figures("Figure 2"), [Paragraph("Rods grow (Figure 02). They do (Fig. 2).")], "a")
    assert len(one.mentions) == 2


def test_figures_that_share_a_label_in_portuguese_are_those_of_both_numbers() -> None:
    (both,) = with_mentions(figures("Figuras 7 e 8"), [Paragraph("A Figura 7 mostra. A Figura 8 mostra.")], "a")
    assert len(both.mentions) == 2


def test_chapters_in_roman_numbers_are_those_in_arabic_ones() -> None:
    text = "Rods grow (Figure III.2a). Wires do not (Fig. III.1 and Figure IX.2). Section V.1 tells why (Figure IV)."
    found = with_mentions(figures("Figure III.1", "Figure III.2", "Figure IX.2", "Figure IV"), [Paragraph(text)], "a")
    assert [[(m.sentence[:5], m.panels) for m in figure.mentions] for figure in found[:4]] == [
        [("Wires", ())], [("Rods ", ("a",))], [("Wires", ())], [("Secti", ())],
    ]  # fmt: skip
    keys = [figure_key(f"Figure {number}") for number in ("III.1", "VIII-12", "XIV.2", "XXIX.1")]
    assert keys == [("", "3.1"), ("", "8.12"), ("", "14.2"), ("", "29.1")]


def test_panels_named_apart_are_those_of_the_figure_that_the_sentence_or_the_paragraph_names() -> None:
    text = "Figure 1 shows gold (panel a) and silver (panels b, c). There is more in panel d. Both panels are bright."
    one, _ = with_mentions(figures("Fig. 1", "Fig. 2"), [Paragraph(text), Paragraph("See panel e.")], "a")
    assert [m.panels for m in one.mentions] == [("a", "b", "c"), ("d",)]


def test_panels_named_behind_two_figures_are_nobodys() -> None:
    text = "Figures 1 and 2 show gold (panel a). There is more in panel d."
    one, two = with_mentions(figures("Fig. 1", "Fig. 2"), [Paragraph(text)], "a")
    assert [m.panels for m in (*one.mentions, *two.mentions)] == [(), ()]


def test_a_figures_supplement_has_its_own_sentences() -> None:
    text = "Rods grow (Figure 1B). Wires too (Figure 1—figure supplement 1A)."
    one, child = with_mentions(figures("Figure 1.", "Figure 1—figure supplement 1."), [Paragraph(text)], "a")
    assert [m.panels for m in one.mentions] == [("B",)]
    assert [m.panels for m in child.mentions] == [("A",)]


TEXT_ON_ANOTHER = "Their Fig. 4 has no error bars. We repeat Fig. 4 without the rods of Fig. 5."


@pytest.mark.parametrize(
    "title",
    [
        "Comment on “Rods that grow”",
        "Reply to ‘Rods that do not grow’",
        "In reply",
        "Authors’ response: rods grow",
        "Response to Reviewers",
        "Response to Smith et al.: rods grow",
        "Letter to the Editor: rods",
        "Re: Rods that grow",
        "Correction: Rods that grow",
        "Author Correction: Rods that grow",
        "Correction to: Rods that grow",
        "Corrigendum to “Rods that grow”",
        "Erratum: Rods that grow",
        "Rods that grow: a reply",
        "Rods that grow – Authors’ reply",
        "Rods that do not grow: Comment",
        "Matters arising: rods",
        "Rebuttal to Smith et al.",
        "Discussion of “Rods that grow” by A. Smith",
    ],
)
def test_an_article_on_another_does_not_miss_that_ones_figures(title: str) -> None:
    read = figures("Figure 2")
    assert len(with_mentions(read, [Paragraph(TEXT_ON_ANOTHER)], "a", title)) == 1
    assert with_mentions([], [Paragraph(TEXT_ON_ANOTHER)], "a", title) == ()
    # what lacks between two of its own it misses all the same
    found = with_mentions(figures("Figure 1", "Figure 3"), [Paragraph(TEXT_ON_ANOTHER)], "a", title)
    assert [figure.label for figure in found[2:]] == ["Figure 2"]


@pytest.mark.parametrize(
    "title",
    ["", "Rods that grow", "Response to drought in barley", "Correction of aberrations in STEM", "Responses of cells",
     "Reply rates of surveys", "Corrections to scaling in gels", "Commenting code", "Retraction of axons",
     "Call and reply", "Discussion of growth in rods", "Growth: a comment on rods in light"],
)  # fmt: skip
def test_an_article_on_its_own_work_misses_the_figures_that_it_names(title: str) -> None:
    found = with_mentions(figures("Figure 2", "Figure 3"), [Paragraph(TEXT_ON_ANOTHER)], "a", title)
    assert [figure.label for figure in found[2:]] == ["Figure 1", "Figure 4", "Figure 5"]
