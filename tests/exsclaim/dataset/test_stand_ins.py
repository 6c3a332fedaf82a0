"""A picture that stands in for figures is published for none of them, and each of these is a failure that says so."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from exsclaim.dataset import HarvestedArticle
from exsclaim.dataset.opened import open_dataset
from exsclaim.dataset.publish.merging import merge_datasets
from exsclaim.dataset.publish.publishing import Published
from exsclaim.dataset.publish.stand_ins import CAUSE
from exsclaim.errors import DatasetError
from exsclaim.figures.perceptual_hash import perceptual_hash
from tests.exsclaim.dataset.conftest import figure_image
from tests.exsclaim.dataset.test_merging import distinct

Harvester = Callable[..., HarvestedArticle]
Publisher = Callable[..., Published]
SAID = (
    "SEM images of gold nanorods grown on a wafer",
    "X-ray diffraction of the annealed powder at 700 K",
    "Cyclic voltammetry of both electrodes in acid",
    "Yield against time for three catalysts",
)
PICTURE = figure_image(7, "PNG")


def with_captions(article: HarvestedArticle, *captions: str) -> HarvestedArticle:
    """The article, whose figures have these captions."""
    figures = (
        each.model_copy(update={"figure": each.figure.model_copy(update={"caption": caption})})
        for each, caption in zip(article.figures, captions, strict=True)
    )
    return article.model_copy(update={"figures": tuple(figures)})


def one_each(harvested: Harvester, *captions: str) -> list[HarvestedArticle]:
    """Articles with one figure each, all of them the same picture."""
    made = (harvested(f"x{n}", figures=1, image=PICTURE) for n in range(1, len(captions) + 1))
    return [with_captions(article, caption) for article, caption in zip(made, captions, strict=True)]


def names(published: Published) -> list[str]:
    return sorted(open_dataset(published.folder).figures()["id"]) if published.figures else []


def told(published: Published) -> list[tuple[str, str, str]]:
    return [(each.figure_id, each.error, each.cause) for each in published.unpublished]


def test_one_picture_of_three_figures_of_an_article_is_none_of_them(harvested: Harvester, night: Publisher) -> None:
    article = with_captions(harvested(figures=3, image=PICTURE), *SAID[:3])
    real = harvested(figures=4, seed=1).figures[3]
    published = night("n1", article.model_copy(update={"figures": (*article.figures, real)}))
    assert names(published) == ["nature/ncomms5946/fig4"]
    assert told(published) == [(f"nature/ncomms5946/fig{n}", "BadContentError", CAUSE) for n in (1, 2, 3)]
    assert published.unpublished[0].url == "https://journal.example/ncomms5946/1.jpg"


def test_one_picture_of_three_articles_is_none_of_their_figures(harvested: Harvester, night: Publisher) -> None:
    published = night("n1", *one_each(harvested, *SAID[:3]), harvested("y", seed=3))
    assert names(published) == ["nature/y/fig1", "nature/y/fig2"]
    assert [id for id, _, _ in told(published)] == [f"nature/x{n}/fig1" for n in (1, 2, 3)]


@pytest.mark.parametrize(
    "captions",
    [
        SAID[:2],
        (SAID[0], SAID[0], SAID[0], SAID[0]),
        (SAID[0], f"{SAID[0]} at 4 K", f"{SAID[0]}. Scale bar: 100 nm"),
        ("", "", "", SAID[0]),
        ("Graphical abstract", "TOC entry", "Scheme 1. Synthesis", *SAID[:2]),
    ],
    ids=[
        "twice, as a graphical abstract is",
        "of one caption",
        "of captions that are alike",
        "without captions",
        "under words that say nothing of it",
    ],
)
def test_an_image_that_is_shown_again_is_published(
    captions: tuple[str, ...], harvested: Harvester, night: Publisher
) -> None:
    published = night("n1", *one_each(harvested, *captions))
    assert (published.figures, published.unpublished) == (len(captions), ())


def in_other_bytes(harvested: Harvester, seen: str = "ab" * 32) -> list[HarvestedArticle]:
    """Articles with one figure each, the same picture to the eye alone, that is to its hash `seen`."""
    made = []
    for n in range(3):
        (each,) = with_captions(harvested(f"x{n}", figures=1, image=PICTURE + bytes([n])), SAID[n]).figures
        figure = each.figure.model_copy(update={"perceptual_hash": seen})
        made.append(HarvestedArticle(article=each.article, figures=(each.model_copy(update={"figure": figure}),)))
    return made


def test_the_same_picture_in_other_bytes_is_known_by_what_is_seen(harvested: Harvester, night: Publisher) -> None:
    """A site writes the day, or a number, into each copy of its picture."""
    assert night("n1", *in_other_bytes(harvested)).figures == 0


def test_what_was_published_in_other_bytes_goes_too(harvested: Harvester, night: Publisher) -> None:
    *before, last = in_other_bytes(harvested)
    assert night("n1", *before).figures == 2
    published = night("n2", last)
    assert names(published) == []
    assert sorted(id for id, _, _ in told(published)) == [f"nature/x{n}/fig1" for n in range(3)]
    assert {each.is_kept for each in published.unpublished} == {False}


def test_pictures_that_a_hash_cannot_tell_apart_are_not_one(harvested: Harvester, night: Publisher) -> None:
    """Drawings of a few straight lines have all the same hash, and so has what is of one tone."""
    line, square = (np.full((200, 300, 3), 255, np.uint8) for _ in range(2))
    line[100:103, 20:280] = 0
    square[60:140, 110:190] = 30
    alike = {perceptual_hash(line), perceptual_hash(square)}
    assert len(alike) == 1
    assert night("n1", *in_other_bytes(harvested, alike.pop())).figures == 3


@pytest.mark.parametrize("lost", [(1, 2, 3), (3,)], ids=["every figure", "one of three"])
def test_a_figure_stays_when_its_site_serves_a_stand_in_for_it(
    lost: tuple[int, ...], harvested: Harvester, night: Publisher
) -> None:
    good = with_captions(harvested("g", figures=3), *SAID[:3])
    night("n1", good)
    before = open_dataset(night("n1", *one_each(harvested, *SAID[:3])).folder).figures()
    bad = with_captions(harvested("g", figures=3, image=PICTURE), *SAID[:3])
    mixed = (bad.figures[n - 1] if n in lost else good.figures[n - 1] for n in (1, 2, 3))
    published = night("n2", good.model_copy(update={"figures": tuple(mixed)}))
    after = open_dataset(published.folder).figures()
    assert list(after["image_sha256"]) == list(before["image_sha256"])
    assert [(each.figure_id, each.is_kept) for each in published.unpublished] == [
        (f"nature/g/fig{n}", True) for n in lost
    ]


def test_what_was_published_before_goes_when_it_is_known(harvested: Harvester, night: Publisher) -> None:
    first, second, third = one_each(harvested, *SAID[:3])
    other = harvested("y", figures=2, image=PICTURE)
    both = other.model_copy(update={"figures": (other.figures[0], harvested("y", figures=2, seed=5).figures[1])})
    assert night("n1", first, second, with_captions(both, SAID[0], "Maps of elements")).figures == 4
    published = night("n2", third)
    assert names(published) == ["nature/y/fig2"]
    assert published.articles == 4
    assert len(told(published)) == 4


def test_what_stands_in_stays_known_when_the_evidence_is_gone(harvested: Harvester, night: Publisher) -> None:
    night("n1", *one_each(harvested, *SAID[:3]))
    assert night("n2", one_each(harvested, SAID[3])[0]).figures == 0


def test_a_figure_that_is_there_in_its_place_is_published(harvested: Harvester, night: Publisher) -> None:
    night("n1", *one_each(harvested, *SAID[:3]))
    published = night("n2", with_captions(harvested("x1", figures=1, seed=9), SAID[0]))
    assert (names(published), published.unpublished) == (["nature/x1/fig1"], ())


def test_a_figure_that_is_there_again_is_no_failure_on_the_night_that_the_stand_in_is_known(
    harvested: Harvester, night: Publisher
) -> None:
    first, second, third = one_each(harvested, *SAID[:3])
    night("n1", first, second)
    published = night("n2", with_captions(harvested("x1", figures=1, seed=9), SAID[0]), third)
    assert names(published) == ["nature/x1/fig1"]
    assert [id for id, _, _ in told(published)] == ["nature/x3/fig1", "nature/x2/fig1"]


def test_a_second_publish_changes_no_byte(harvested: Harvester, night: Publisher) -> None:
    def files(folder: Path) -> dict[str, bytes]:
        return {str(path): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}

    articles = [*one_each(harvested, *SAID[:3]), harvested("y", seed=3)]
    folder = night("n1", *articles).folder
    before = files(folder)
    night("n1", *articles)
    assert files(folder) == before


def test_data_sets_that_become_one_know_what_each_of_them_knew_and_what_all_tell(
    harvested: Harvester, night: Publisher, tmp_path: Path
) -> None:
    first, second, third, fourth = (
        with_captions(distinct(harvested, f"x{n}", f"10.1/{n}", n, figures=1, image=PICTURE), caption)
        for n, caption in enumerate(SAID, start=1)
    )
    real = distinct(harvested, "y", "10.1/y", 3, figures=2)
    own = distinct(harvested, "x2", "10.1/2", 2, figures=4).figures[3]
    second = second.model_copy(update={"figures": (*second.figures, own)})
    one = open_dataset(night("n1", first, real, results_dir=tmp_path / "one").folder)
    other = open_dataset(night("n1", second, third, results_dir=tmp_path / "other").folder)
    assert len(one.figures()) + len(other.figures()) == 6
    merge_datasets([one, other], tmp_path / "both")
    both = open_dataset(tmp_path / "both")
    assert sorted(both.figures()["id"]) == ["nature/x2/fig4", "nature/y/fig1", "nature/y/fig2"]
    assert set(both.panels()["figure_id"]) == set(both.figures()["id"])
    assert dict(zip(both.articles()["article_id"], both.articles()["figures"], strict=True)) == {
        "nature/x2": 1, "nature/y": 2
    }  # fmt: skip
    late = open_dataset(night("n2", fourth, results_dir=tmp_path / "late").folder)
    merge_datasets([both, late], tmp_path / "again")
    assert "nature/x4/fig1" not in set(open_dataset(tmp_path / "again").figures()["id"])


def test_of_data_sets_with_nothing_but_stand_ins_nothing_is_merged(
    harvested: Harvester, night: Publisher, tmp_path: Path
) -> None:
    articles = [
        with_captions(distinct(harvested, f"x{n}", f"10.1/{n}", n, figures=1, image=PICTURE), caption)
        for n, caption in enumerate(SAID[:3], start=1)
    ]
    published = [night("n1", each, results_dir=tmp_path / each.article.name) for each in articles]
    with pytest.raises(DatasetError, match="stand in for figures"):
        merge_datasets([open_dataset(each.folder) for each in published], tmp_path / "all")
    assert not (tmp_path / "all").exists()
