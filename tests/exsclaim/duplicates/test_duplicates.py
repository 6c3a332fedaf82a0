"""The same article from several sources: one is kept, each figure in its best rendition, whatever came first."""

import datetime as dt
import io
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from exsclaim.duplicates import Rendition, grouped, is_retracted, measure, merge, work_keys
from exsclaim.duplicates.renditions import SAME, distance, merit
from exsclaim.records import Article, Figure, Mention

TITLE = "Silver nanoparticles that nobody ever made"


def article(source: str, **changes: Any) -> Article:
    fields: dict[str, Any] = {
        "id": f"{source}/1", "name": "1", "source": source, "url": f"https://{source}.example/1", "doi": "10.5555/one",
        "title": TITLE, "authors": ("Ada B. Łodź", "Kofi Ito"), "journal": "J", "published": None,
        "licence": "CC-BY-4.0", "licence_url": None, "is_open": True, "retrieved_at": dt.date(2026, 1, 1),
    }  # fmt: skip
    return Article(**(fields | changes))


def works(articles: list[Article]) -> list[list[str]]:
    """Ids of the articles of each work."""
    return grouped({each.id: work_keys(each) for each in articles})


def figure(source: str, number: int, sha256: str, **changes: Any) -> Figure:
    fields: dict[str, Any] = {
        "id": f"{source}/1/fig{number}", "article_id": f"{source}/1", "number": number, "label": f"Fig. {number}",
        "title": "", "caption": f"Caption {number} at {source}", "image_url": f"https://{source}.example/{number}.png",
        "image_sha256": sha256, "width_px": 10, "height_px": 10,
    }  # fmt: skip
    return Figure(**(fields | changes))


def drawing(seed: int, size: tuple[int, int] = (480, 360)) -> Image.Image:
    """Four blurred grey textures with bright spots side by side: as alike as micrographs of one sample."""
    rng = np.random.default_rng(seed)
    panels = []
    for _ in range(4):
        coarse = Image.fromarray(rng.integers(60, 200, (12, 16), dtype=np.uint8)).resize(
            (236, 176), Image.Resampling.BICUBIC
        )
        panels.append(np.asarray(coarse, dtype=np.float32) + rng.normal(0, 12, (176, 236)))
    whole = np.full((360, 480), 255, np.float32)
    for n, panel in enumerate(panels):
        y, x = 2 + 180 * (n // 2), 2 + 240 * (n % 2)
        whole[y : y + 176, x : x + 236] = panel
    return Image.fromarray(whole.clip(0, 255).astype(np.uint8)).convert("RGB").resize(size)


def encoded(image: Image.Image, format: str = "PNG", **options: Any) -> bytes:
    file = io.BytesIO()
    image.save(file, format, **options)
    return file.getvalue()


def measured(content: bytes) -> Rendition:
    return measure(content, "0" * 64, 100)


def test_one_doi_is_one_work_however_it_is_written() -> None:
    found = works([article("a"), article("b", doi="https://doi.org/10.5555/ONE", title="Other title of this work")])
    assert found == [["a/1", "b/1"]]


def test_title_and_authors_join_a_preprint_with_its_article() -> None:
    preprint = article("arxiv", doi="10.48550/arXiv.1", title=TITLE.upper() + ".", authors=("A. B. ŁODZ", "K. Ito"))
    assert len(works([article("a"), preprint])) == 1


@pytest.mark.parametrize(
    "other",
    [
        {"doi": "10.5555/two", "title": "Gold nanoparticles that nobody ever made"},
        {"doi": "10.5555/two", "authors": ("Ada B. Łodź", "Léa Jansky")},
        {"doi": None, "authors": ()},
    ],
)
def test_what_is_only_like_it_is_another_work(other: dict[str, Any]) -> None:
    assert len(works([article("a"), article("b", **other)])) == 2


@pytest.mark.parametrize(("title", "count"), [("Editorial", 2), ("Silver and gold", 2), ("Silver and gold rods", 1)])
def test_titles_join_works_from_four_words_on(title: str, count: int) -> None:
    """ "Author Correction" and "Supporting Information" are many works."""
    found = works([article("a", doi="10.5555/1", title=title), article("b", doi="10.5555/2", title=title)])
    assert len(found) == count


@given(st.permutations([article("a"), article("b"), article("c", doi=None), article("d", doi="10.5555/x", title="X")]))
def test_the_order_of_arrival_does_not_change_the_works(articles: list[Article]) -> None:
    assert works(articles) == [["a/1", "b/1", "c/1"], ["d/1"]]


@pytest.mark.parametrize("seed", range(3))
def test_renditions_of_one_image_are_known_as_such(seed: int) -> None:
    image = drawing(seed)
    original = measured(encoded(image))
    framed = Image.new("RGB", (520, 390), "white")
    framed.paste(image, (20, 10))
    for rendition in (
        encoded(image, "JPEG", quality=40), encoded(image.resize((240, 180))), encoded(image.resize((960, 720))),
        encoded(framed, "JPEG", quality=80), encoded(image.quantize(64), "GIF"),
    ):  # fmt: skip
        assert distance(original, measured(rendition)) < SAME


def test_compound_figures_of_grey_micrographs_are_not_the_same_image() -> None:
    renditions = [measured(encoded(drawing(seed))) for seed in range(12)]
    distances = [distance(a, b) for n, a in enumerate(renditions) for b in renditions[:n]]
    assert min(distances) > SAME


def test_the_better_rendition_is_the_one_with_more_detail_then_less_compression() -> None:
    image = drawing(1, (960, 720))
    small = image.resize((480, 360), Image.Resampling.LANCZOS)
    whole, less = (measured(encoded(each, "JPEG", quality=90)) for each in (image, small))
    assert merit(whole) > merit(less)
    assert merit(measured(encoded(image))) > merit(whole) > merit(measured(encoded(image, "JPEG", quality=50)))


def test_pixels_of_an_image_that_was_scaled_up_count_as_those_that_it_was_made_from() -> None:
    """Blurred to a quarter and scaled up to more pixels and bytes than the original has."""
    image = drawing(1, (720, 540))
    scaled_up = image.resize((240, 180), Image.Resampling.LANCZOS).resize((960, 720), Image.Resampling.BICUBIC)
    original, larger = measured(encoded(image, "JPEG", quality=70)), measured(encoded(scaled_up, "JPEG", quality=95))
    assert (original.real_px, larger.real_px) == (720 * 540, 960 * 720 / 4)
    assert merit(original) > merit(larger)


@pytest.mark.parametrize("quality", [25, 50, 75, 95])
def test_the_quality_of_a_jpeg_is_the_one_that_it_was_written_with(quality: int) -> None:
    assert measured(encoded(drawing(1), "JPEG", quality=quality)).quality == pytest.approx(quality, abs=1)


def test_what_is_not_compressed_has_more_quality_than_any_jpeg() -> None:
    assert (measured(encoded(drawing(1))).quality, measured(encoded(drawing(1), "JPEG", quality=100)).quality) == (
        100, 99,
    )  # fmt: skip


def renditions_of(*images: tuple[str, bytes]) -> dict[str, Rendition]:
    return {name: measure(content, name, 100) for name, content in images}


LARGE, SMALL, OTHER = "a" * 64, "b" * 64, "c" * 64
RENDITIONS = renditions_of(
    (LARGE, encoded(drawing(1, (960, 720)))),
    (SMALL, encoded(drawing(1, (480, 360)), "JPEG", quality=70)),
    (OTHER, encoded(drawing(2))),
)


def test_the_better_image_wins_and_both_origins_stay() -> None:
    figures = {"a/1": [figure("a", 1, SMALL)], "b/1": [figure("b", 3, LARGE)]}
    merged = merge([article("a"), article("b")], figures, RENDITIONS, ["a", "b"])
    (kept,) = merged.figures
    assert merged.article.id == "a/1"
    assert (kept.id, kept.image_sha256, kept.caption) == ("a/1/fig1", LARGE, "Caption 1 at a")
    assert [(origin.source, origin.image_sha256) for origin in kept.origins] == [("a", SMALL), ("b", LARGE)]
    assert [origin.id for origin in merged.article.origins] == ["a/1", "b/1"]
    assert [each.id for each in merged.dropped] == ["b/1"]


def test_unlike_images_are_two_figures_though_their_numbers_are_the_same() -> None:
    figures = {"a/1": [figure("a", 1, SMALL)], "b/1": [figure("b", 1, OTHER)]}
    merged = merge([article("a"), article("b")], figures, RENDITIONS, ["a", "b"])
    assert [(each.id, each.image_sha256) for each in merged.figures] == [("a/1/fig1", SMALL), ("b/1/fig1", OTHER)]


def test_an_image_that_could_not_be_measured_is_like_none() -> None:
    figures = {"a/1": [figure("a", 1, SMALL)], "b/1": [figure("b", 1, "d" * 64)]}
    for articles in ([article("a"), article("b")], [article("b"), article("a")]):
        assert len(merge(articles, figures, RENDITIONS, ["a"]).figures) == 2


def test_what_only_another_source_has_is_added() -> None:
    figures = {"a/1": [figure("a", 1, SMALL)], "b/1": [figure("b", 1, LARGE), figure("b", 2, OTHER, caption="")]}
    merged = merge([article("a"), article("b")], figures, RENDITIONS, ["a"])
    assert [(each.id, each.article_id) for each in merged.figures] == [("a/1/fig1", "a/1"), ("b/1/fig2", "a/1")]


def test_a_preprints_image_never_gets_the_articles_licence() -> None:
    preprint = article("arxiv", doi="10.48550/x", licence="publisher", is_open=False)
    figures = {"a/1": [figure("a", 1, SMALL)], "arxiv/1": [figure("arxiv", 1, LARGE), figure("arxiv", 2, OTHER)]}
    merged = merge([article("a"), preprint], figures, RENDITIONS, ["arxiv", "a"])
    assert merged.article.id == "a/1"
    assert [each.image_sha256 for each in merged.figures] == [SMALL]
    assert len(merged.figures[0].origins) == 2


@pytest.mark.parametrize(
    ("licence", "image"),
    [("publisher", SMALL), ("CC-BY-NC-4.0", SMALL), ("CC-BY-4.0", LARGE), ("CC-BY", LARGE), ("unknown", LARGE)],
)
def test_an_image_of_another_licence_stands_under_no_articles_though_the_doi_is_the_same(
    licence: str, image: str
) -> None:
    """The publisher's images of an article whose accepted manuscript lies in a repository under Creative Commons."""
    figures = {"a/1": [figure("a", 1, SMALL)], "b/1": [figure("b", 1, LARGE), figure("b", 2, OTHER, caption="")]}
    merged = merge([article("a"), article("b", licence=licence)], figures, RENDITIONS, ["a", "b"])
    assert (merged.article.id, merged.figures[0].image_sha256) == ("a/1", image)
    assert len(merged.figures) == (1 if image == SMALL else 2)


ARTICLE, PREPRINT = article("a"), article("arxiv", doi="10.48550/arXiv.1")


@pytest.mark.parametrize(
    ("record", "told", "expected"),
    [
        (ARTICLE, article("b", is_retracted=True), True),
        (ARTICLE, article("b", doi=None, is_retracted=True), True),
        (PREPRINT, article("a", is_retracted=True), True),
        (ARTICLE, PREPRINT.model_copy(update={"is_retracted": True}), False),
        (ARTICLE, article("b", doi="10.1101/2020.01.02.123456", is_retracted=True), False),
        (ARTICLE, article("b", doi="10.1101/gad.1.2", is_retracted=True), True),
        (article("arxiv", doi=None), PREPRINT.model_copy(update={"is_retracted": True}), True),
        (ARTICLE, PREPRINT, False),
    ],
)
def test_what_one_source_knows_to_be_retracted_no_other_gives(record: Article, told: Article, expected: bool) -> None:
    """A preprint is withdrawn for many reasons, and its article stays; a retracted article takes its preprint along."""
    assert is_retracted(record, [record, told]) is expected


def test_a_known_licence_then_captions_then_the_querys_order_decide_which_record_is_kept() -> None:
    figures = {"a/1": [figure("a", 1, SMALL, caption="")], "b/1": [figure("b", 1, LARGE)]}
    assert merge([article("a"), article("b")], figures, RENDITIONS, ["a", "b"]).article.id == "b/1"
    unknown = [article("a"), article("b", licence="unknown")]
    assert merge(unknown, figures, RENDITIONS, ["b", "a"]).article.id == "a/1"
    assert merge([article("a"), article("b")], {}, {}, ["b", "a"]).article.id == "b/1"


@settings(max_examples=25)
@given(st.randoms(use_true_random=False))
def test_merging_does_not_depend_on_any_order(random: Any) -> None:
    articles = [article("a"), article("b"), article("c", licence="unknown")]
    figures = {
        "a/1": [figure("a", 1, SMALL), figure("a", 2, OTHER)], "b/1": [figure("b", 1, LARGE)],
        "c/1": [figure("c", 1, OTHER), figure("c", 2, LARGE)],
    }  # fmt: skip
    expected = merge(articles, figures, RENDITIONS, ["b", "a"])
    random.shuffle(articles)
    for each in figures.values():
        random.shuffle(each)
    assert merge(articles, figures, RENDITIONS, ["b", "a"]) == expected


def test_mentions_and_rights_of_a_figure_are_kept_whichever_source_tells_them() -> None:
    mention = Mention(sentence="As Fig. 1 shows.", panels=())
    told = figure("b", 3, SMALL).model_copy(
        update={"mentions": (mention,), "licence": "third-party", "licence_words": "Adapted from [3]."}
    )
    figures = {"a/1": [figure("a", 1, LARGE)], "b/1": [told]}
    (kept,) = merge([article("a"), article("b")], figures, RENDITIONS, ["a", "b"]).figures
    assert (kept.mentions, kept.licence, kept.licence_words) == ((mention,), "third-party", "Adapted from [3].")
