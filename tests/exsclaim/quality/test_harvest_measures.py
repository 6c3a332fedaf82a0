"""The metrics of what a harvest did at a source."""

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import exsclaim.errors
from exsclaim.dataset import HarvestedFigure
from exsclaim.geometry import Box
from exsclaim.quality.harvest_measures import ArticleWork, SourceWork, measure
from exsclaim.quality.metrics import BY_NAME
from exsclaim.records import Article, CaptionParts, Figure, FigureRef, Panel, ScaleBar
from exsclaim.recovery import SEARCH_STATUSES, Failure

BOX = Box(x0=0, y0=0, x1=100, y1=100)
DAY = dt.date(2026, 11, 20)
ARTICLE = Article(
    id="nature/x1", name="x1", source="nature", url="https://journal.example/x1", doi=None, title="", authors=(),
    journal="", published=None, licence=None, licence_url=None, is_open=True, retrieved_at=DAY,
)  # fmt: skip


def described(caption: str = "A caption.") -> FigureRef:
    return FigureRef(
        id="nature/x1/fig1", article_id=ARTICLE.id, number=1, label="Fig. 1", title="", caption=caption, image_urls=()
    )


def figure(*panels: Panel, named: str = "") -> HarvestedFigure:
    """A figure whose caption names these letters."""
    image = Figure(
        id="nature/x1/fig1", article_id=ARTICLE.id, number=1, label="Fig. 1", title="", caption="", image_url="",
        image_sha256="0" * 64, width_px=100, height_px=100,
    )  # fmt: skip
    parts = CaptionParts(segments=dict.fromkeys(named, ("text",)))
    return HarvestedFigure(article=ARTICLE, figure=image, parts=parts, panels=panels)


def panel(**fields: object) -> Panel:
    return Panel.model_validate({"id": "p", "figure_id": "f", "box": BOX} | fields)


def letter(label: str, origin: str = "read") -> Panel:
    return panel(label=label, label_origin=origin, label_confidence=0.9)


def work(
    *articles: ArticleWork, found: int | None = 0, failures: tuple[Failure, ...] = (), retries: int = 0
) -> SourceWork:
    done = SourceWork(found, failures, retries)
    for article in articles:
        done.add(article)
    return done


def read(*figures: FigureRef) -> ArticleWork:
    """An article whose page was read and describes these figures."""
    return ArticleWork.of({"fetch": 1}, figures, ())


def separated(*figures: HarvestedFigure) -> ArticleWork:
    return ArticleWork.of({"separate": len(figures)}, None, figures)


def failure(stage: str, error: str) -> Failure:
    return Failure(
        stage=stage, id="nature:u", url="u", cause="c", error=error, attempts=1, will_retry=False, retry_after=None,
        first_failed=DAY, last_tried=DAY, harvest="h",
    )  # fmt: skip


def test_nothing_done_gives_counts_and_no_shares() -> None:
    metrics = measure(work())
    assert set(metrics.values()) == {0.0}
    assert all(BY_NAME[name].kind == "count" for name in metrics)


def test_a_page_that_is_not_understood_was_had() -> None:
    failures = (failure("fetch", "PageFormatError"), failure("fetch", "TransientFetchError"))
    metrics = measure(work(ArticleWork(done={"fetch": 3, "figures": 5}), failures=failures))
    assert (metrics["requests"], metrics["pages"], metrics["failures"]) == (10, 4, 2)
    assert metrics["fetch_success"] == pytest.approx(0.9)
    assert metrics["parsed"] == pytest.approx(0.75)


def test_articles_without_figures_and_figures_without_captions_are_seen() -> None:
    metrics = measure(work(read(described(), described(" ")), read(), read()))
    assert metrics["with_figures"] == pytest.approx(1 / 3, abs=1e-6)
    assert (metrics["with_caption"], metrics["figures_per_article"]) == (0.5, pytest.approx(2 / 3, abs=1e-6))


def test_label_agreement_is_the_f1_of_letters_over_all_figures() -> None:
    figures = (figure(letter("a"), letter("B"), named="ab"), figure(letter("a"), letter("x"), named="abcd"))
    # captions name 6, images have 4, 3 are the same
    assert measure(work(separated(*figures)))["label_agreement_f1"] == pytest.approx(0.6)


def test_letters_that_the_caption_gave_do_not_agree_with_it() -> None:
    metrics = measure(work(separated(figure(letter("a"), letter("b", "inferred"), named="ab"))))
    assert metrics["label_agreement_f1"] == pytest.approx(2 / 3, abs=1e-6)


def test_scales_of_micrographs_and_their_conflicts() -> None:
    bar = ScaleBar(box=BOX, length_px=50, confidence=0.8, label_text="5 nm", label_confidence=0.6, length_nm=5,
                   nm_origin="printed")  # fmt: skip
    panels = (
        panel(kind="microscopy", nm_per_px=0.1, scale_bars=(bar,), flags=("caption_differs_from_print",)),
        panel(kind="microscopy", scale_bars=(bar,)),
        panel(kind="microscopy"),
        panel(kind="graph"),
    )
    metrics = measure(work(separated(figure(*panels))))
    assert metrics["micrographs_with_scale"] == pytest.approx(1 / 3, abs=1e-6)
    assert metrics["scale_conflicts"] == 0.5
    assert (metrics["kinds.microscopy"], metrics["kinds.graph"], metrics["kinds.photo"]) == (0.75, 0.25, 0)
    assert metrics["confidence.scale_bars.p50"] == 0.8
    assert metrics["confidence.reader.p50"] == 0.6


@settings(deadline=None)  # the first example imports numpy
@given(st.lists(st.sampled_from("abx"), max_size=6), st.sampled_from(["", "a", "ab"]), st.integers(0, 5))
def test_shares_are_shares_and_every_name_is_known(letters: list[str], named: str, done: int) -> None:
    one = work(ArticleWork(done={"fetch": done}), separated(figure(*map(letter, letters), named=named)))
    for each in (one, one + one):
        metrics = measure(each)
        assert set(metrics) <= set(BY_NAME)
        assert all(0 <= value <= 1 for name, value in metrics.items() if BY_NAME[name].kind == "share")


def test_sources_add_up() -> None:
    both = work(ArticleWork(done={"fetch": 1}), found=3, retries=1) + work(ArticleWork(done={"fetch": 2}), found=None)
    assert (both.found, both.done, both.retries) == (3, {"fetch": 3}, 1)


def test_an_image_that_two_figures_show_is_seen_before() -> None:
    assert measure(work(separated(figure()), separated(figure())))["duplicates"] == 1
    assert measure(work(separated(figure())))["duplicates"] == 0


def test_what_was_done_on_an_article_survives_as_json() -> None:
    article = separated(figure(letter("a"), panel(kind="microscopy"), named="a"))
    assert ArticleWork.model_validate_json(article.model_dump_json()) == article


@pytest.mark.parametrize(
    ("error", "status"),
    [
        ("TransientFetchError", "unreachable"), ("GoneError", "unreachable"), ("BlockedError", "refusing"),
        ("QuotaError", "out_of_quota"), ("PageFormatError", "not_understood"), ("SettingsError", "not_set_up"),
        ("DefectError", "in_error"),
    ],
)  # fmt: skip
def test_why_a_source_could_not_be_searched_is_a_metric(error: str, status: str) -> None:
    failed, other = SourceWork(0, [failure("search", error)], is_asked=True), SourceWork(3, is_asked=True)
    metrics = measure(failed)
    assert {name for name in ("searched", *SEARCH_STATUSES) if metrics[name]} == {status}
    assert {name for name in ("searched", *SEARCH_STATUSES) if measure(other)[name]} == {"searched"}
    together = measure(failed + other)
    assert (together["searched"], together[status]) == (0, 1)
    assert "searched" not in measure(SourceWork())  # a harvest of failures alone searches nothing


def test_every_error_that_a_search_can_end_with_has_a_status() -> None:
    known = [error for errors in SEARCH_STATUSES.values() for error in errors]
    assert len(known) == len(set(known))
    assert all(issubclass(getattr(exsclaim.errors, error), exsclaim.errors.ExsclaimError) for error in known)
