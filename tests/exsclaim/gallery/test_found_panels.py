"""Findings of searches in the index of a small data set."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exsclaim.errors import DatasetError
from exsclaim.gallery.found_panels import PanelIndex
from exsclaim.gallery.panel_index import indexed
from exsclaim.gallery.prompts import understood
from exsclaim.gallery.searches import Search, SearchError, chips
from exsclaim.settings import settings


@pytest.fixture(scope="module")
def index(_published_articles: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[PanelIndex]:
    """The index of the data set of `ARTICLES`; to make it takes longer than to search it many times."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("EXSCLAIM_HOME", str(tmp_path_factory.mktemp("home")))
        settings.cache_clear()
        opened = PanelIndex(indexed(_published_articles / "results" / "silver"))
    settings.cache_clear()
    yield opened
    opened.close()


def found(index: PanelIndex, **conditions: object) -> set[str]:
    search = Search.model_validate(conditions)
    return {panel["id"].removeprefix("nature/").replace("/fig1/p", " ") for panel in index.find(search).panels}


@pytest.mark.parametrize(
    ("prompt", "wanted"),
    [
        ("", {"silver 1", "silver 2", "titania 1", "titania 2", "pmc/cells 1", "pmc/cells 2"}),
        ("STEM", {"silver 1"}),
        ("silver nanoparticles by HAADF-STEM below 50 nm, CC BY, since 2020", {"silver 1"}),
        ("titania nanotubes", {"titania 1"}),
        ("TiO2", {"titania 1"}),
        ("silver", {"silver 1", "silver 2"}),
        ("micrographs, not silver", {"titania 1", "pmc/cells 2"}),
        ("fluorescence", {"pmc/cells 2"}),
        ("Nat. Commun., openly licensed, graphs", {"silver 2"}),
        ("micrographs with scale bars between 100 nm and 1 um", {"titania 1"}),
        ("field of view wider than 10 um", {"pmc/cells 2"}),
        ("scale conflict", {"titania 2"}),
        ("with doubts", {"silver 2", "titania 2"}),
        ("from pmc", {"pmc/cells 1", "pmc/cells 2"}),
        ("anodisation", {"titania 1", "titania 2"}),
        ('"size distribution"', {"silver 2"}),
        ("not neurons", {"silver 1", "silver 2", "titania 1", "titania 2"}),
        ('graphs, not "size distribution"', set()),
        ("graphs, not xylophones", {"silver 2"}),
        ("panel b", {"silver 2", "titania 2", "pmc/cells 2"}),
    ],
)
def test_a_prompt_finds_its_panels(index: PanelIndex, prompt: str, wanted: set[str]) -> None:
    search = understood(prompt, journals=index.journals, sources=index.sources, this_year=2026).search
    assert found(index, **search.model_dump()) == wanted


def test_a_word_in_a_panels_own_part_counts_more_than_in_the_title(index: PanelIndex) -> None:
    panels = index.find(Search(text=("neuron",))).panels
    assert [panel["label"] for panel in panels] == ["A", "B"]


def test_words_that_no_text_has_are_named(index: PanelIndex) -> None:
    answer = index.find(Search(text=("neuron", "xylophone")))
    assert (answer.total, answer.unfound) == (2, ("xylophone",))
    assert index.find(Search(text=("\0", "+-+"))).unfound == ("\0", "+-+")


@pytest.mark.parametrize("words", [("xylophone",), ("Xylophones", "zzzqqq"), ("+-+",)])
def test_words_that_no_text_has_find_nothing_where_they_are_alone(index: PanelIndex, words: tuple[str, ...]) -> None:
    alone = Search(text=words, sort="newest")
    assert index.find(alone).total == 0
    assert index.ids(alone, 10) == []
    assert index.doubtful_figures(alone, 10) == []
    assert not any(index.facets(alone).values())
    for beside, total in ((Search(text=(*words, "-neuron")), 4), (Search(text=words, kind=("graph",)), 1)):
        assert index.find(beside).total == total
        assert sum(count for _, count in index.facets(beside)["source"]) == total
    assert dict(index.facets(Search(text=words, kind=("graph",)))["kind"])["microscopy"] == 3


def test_where_no_panel_has_all_words_some_are_enough_and_it_is_said(index: PanelIndex) -> None:
    answer = index.find(Search(text=("neuron", "anodisation")))
    assert (answer.total, answer.is_relaxed) == (4, True)


def test_facets_count_what_the_search_finds_and_of_its_own_property_what_one_would_get(index: PanelIndex) -> None:
    facets = index.facets(Search(kind=("microscopy",)))
    assert dict(facets["kind"]) == {"microscopy": 3, "graph": 1, "diffraction": 1, "photo": 1}
    assert dict(facets["scale"]) == {"yes": 3}
    assert dict(facets["licence"]) == {"CC-BY-4.0": 1, "publisher": 1, "CC-BY-NC-4.0": 1}


def test_the_most_doubtful_come_first(index: PanelIndex) -> None:
    panels = index.find(Search(sort="doubtful")).panels
    assert [panel["id"] for panel in panels[:2]] == ["nature/silver/fig1/p2", "nature/titania/fig1/p2"]


def test_pages_follow_each_other(index: PanelIndex) -> None:
    search = Search(sort="figure")
    pages = [index.find(search, first=first, count=4) for first in (0, 4, 8)]
    assert [page.total for page in pages] == [6, 6, 6]
    assert len({panel["id"] for page in pages for panel in page.panels}) == 6


def test_a_new_version_is_indexed_anew(folder: Path, publish_articles: Callable[..., Path]) -> None:
    first = indexed(folder)
    assert indexed(folder) == first
    publish_articles(
        {"name": "new", "title": "Zinc", "journal": "J", "year": 2024, "licence": "CC0-1.0",
         "panels": [{"label": "a", "kind": "photo", "caption": "Zinc."}]}, harvest="n2",
    )  # fmt: skip
    second = indexed(folder)
    assert second != first
    assert not first.exists()
    opened = PanelIndex(second)
    assert found(opened, material=["zinc"]) == {"new 1"}
    opened.close()


def test_a_folder_without_a_data_set_says_so(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="holds no published data set"):
        indexed(tmp_path)


def test_a_search_travels_as_an_address_and_back() -> None:
    search = Search(
        technique=("SEM", "-TEM"), bar_max_nm=0.5, year_min=2020, scale="yes", text=("grain",), sort="newest"
    )
    assert Search.of(search.parameters()) == search


def test_each_chip_takes_its_condition_away() -> None:
    search = Search(technique=("SEM",), bar_min_nm=5, bar_max_nm=20, scale="no", material=("gold|silver",))
    assert [chip.says for chip in chips(search)] == [
        "technique: SEM", "material: gold or silver", "scale bar 5 nm to 20 nm", "without scale",
    ]  # fmt: skip
    left = search
    for chip in chips(search):
        left = Search.of(pair for pair in left.parameters() if pair not in chip.removes)
    assert left == Search()


@pytest.mark.parametrize(
    "pair",
    [
        ("year_min", "soon"), ("year_max", "99999"), ("sort", "beauty"), ("scale", "perhaps"), ("bar_min_nm", "nan"),
        ("px_max_nm", "1e999"), ("width_min_nm", "5 kV"), ("bar_max_nm", "1,000"), ("bar_max_nm", "-5"),
    ],
)  # fmt: skip
def test_a_value_that_cannot_be_used_is_named(pair: tuple[str, str]) -> None:
    with pytest.raises(SearchError, match=pair[1]):
        Search.of([pair])


@pytest.mark.parametrize(
    ("pair", "said"),
    [
        (("kind", "graf"), "'graf' is no kind: .*graph"), (("kind", "-graf"), "'graf' is no kind"),
        (("licence", "foo"), "'foo' is no licence"), (("doubt", "scale"), "'scale' is no doubt: .*scale_conflict"),
        (("sure", "very"), "'very' is no confidence: high, middling, low"),
        (("technique", "SEMM"), "'SEMM' is no technique; did you mean 'SEM'"),
    ],
)  # fmt: skip
def test_a_value_that_can_never_be_found_is_named(pair: tuple[str, str], said: str) -> None:
    with pytest.raises(SearchError, match=said):
        Search.of([("kind", "graph"), pair])


def test_values_of_closed_lists_are_known_by_their_other_names() -> None:
    search = Search.of(
        [("kind", "Graph"), ("technique", "-sem"), ("technique", "scanning tunnelling microscopy"), ("sure", "HIGH")]
    )
    assert (search.kind, search.technique, search.sure) == (("graph",), ("-SEM", "STM"), ("high",))
    licences = ("CC BY", "-cc0", "open", "unknown", "publisher", "third-party", "public-domain")
    assert Search.of([("licence", each) for each in licences]).licence == licences


def test_each_value_that_is_counted_can_be_chosen(index: PanelIndex) -> None:
    facets = index.facets(Search())
    assert {"kind", "technique", "licence", "year"} <= {name for name, counts in facets.items() if counts}
    for name, counts in facets.items():
        for value, count in counts:
            ends = [("year_min", value), ("year_max", value)] if name == "year" else [(name, value)]
            assert index.find(Search.of(ends)).total == count, (name, value)


def test_lengths_may_have_units() -> None:
    search = Search.of([("bar_min_nm", "0,5 um"), ("bar_max_nm", "2 µm"), ("px_max_nm", ".5 Å")])
    assert (search.bar_min_nm, search.bar_max_nm, search.px_max_nm) == (500, 2000, 0.05)


def test_a_search_has_one_least_year_and_no_names_that_mean_nothing() -> None:
    with pytest.raises(SearchError, match="year_min is given twice: 2020 and 2021"):
        Search.of([("year_min", "2020"), ("year_min", "2021")])
    with pytest.raises(SearchError, match="no parameter 'yearmin': did you mean 'year_min'"):
        Search.of([("yearmin", "2020")])


@given(values=st.lists(st.floats(1e-3, 1e9), min_size=2, max_size=2))
def test_the_fields_of_a_chip_say_what_the_search_has(values: list[float]) -> None:
    search = Search.of([("bar_min_nm", f"{min(values):.10g}"), ("bar_max_nm", f"{max(values):.10g}")])
    (chip,) = chips(search)
    again = Search.of([(name, value) for name, _, value in chip.fields])
    assert again.bar_min_nm == pytest.approx(search.bar_min_nm, rel=1e-9)
    assert again.bar_max_nm == pytest.approx(search.bar_max_nm, rel=1e-9)
