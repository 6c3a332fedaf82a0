"""The demo journal: what is declared is served."""

import io
import re
import shutil
from pathlib import Path

import pytest
from PIL import Image

from journal.articles import CC_BY, CC_BY_NC
from journal.captions import plain
from journal.journal import DemoJournal, demo_faults
from journal.pages import image_path

RENDITIONS = ("full", "lw1200", "lw685", "m685", "m312")


def hits(journal: DemoJournal, query: str) -> list[str]:
    page = journal(f"/www.nature.com/search?{query}").body.decode()
    return re.findall(r'href="/articles/([^"]+)"', page)


def test_six_articles_of_two_to_four_figures(journal: DemoJournal) -> None:
    assert len(journal.articles) == 6
    assert all(2 <= len(article.figures) <= 4 for article in journal.articles)
    assert [article.licence for article in journal.articles] == [CC_BY, CC_BY, CC_BY, CC_BY_NC, CC_BY, None]
    assert all(article.doi.startswith("10.5555/") for article in journal.articles)


def test_a_search_has_pages_and_the_last_leads_nowhere(journal: DemoJournal) -> None:
    names = [article.name for article in journal.articles]
    assert hits(journal, "q=nanoparticle&page=1") == names[:4]
    assert hits(journal, "q=nanoparticle&page=2") == names[4:]
    assert hits(journal, "q=nanoparticle&page=3") == []
    assert 'data-page="next"' in journal("/www.nature.com/search?q=nanoparticle").body.decode()
    assert 'data-page="next"' not in journal("/www.nature.com/search?q=nanoparticle&page=2").body.decode()


def test_the_open_access_filter_leaves_out_what_is_closed(journal: DemoJournal) -> None:
    open_names = [article.name for article in journal.articles if article.is_open]
    assert (
        hits(journal, "q=silver&page=1&open_access=true") + hits(journal, "q=silver&page=2&open_access=true")
        == open_names
    )


def test_a_search_wants_all_its_terms(journal: DemoJournal) -> None:
    assert hits(journal, "q=%22silver+nanoparticle%22+TEM")
    assert hits(journal, "q=silver+unobtainium") == []


def test_results_can_be_ordered_by_date(journal: DemoJournal) -> None:
    newest = max(journal.articles, key=lambda article: article.published)
    assert hits(journal, "q=silver&order=date_desc")[0] == newest.name


def test_results_can_be_limited_to_years(journal: DemoJournal) -> None:
    year = journal.articles[0].published.year
    names = {article.name for article in journal.articles if article.published.year == year}
    assert set(hits(journal, f"q=silver&date_range={year}-{year}")) == names
    assert hits(journal, "q=silver&date_range=-1999") == []


@pytest.mark.parametrize("page", ["0", "-1", "x", "9" * 50])
def test_an_odd_page_number_does_no_harm(journal: DemoJournal, page: str) -> None:
    assert journal(f"/www.nature.com/search?q=silver&page={page}").status == 200


def test_a_query_is_escaped_on_the_page(journal: DemoJournal) -> None:
    assert (
        b"<script>alert"
        not in journal("/www.nature.com/search?q=%3Cscript%3Ealert(1)&x=<script>alert(1)</script>").body
    )


def test_every_figure_has_all_its_renditions_largest_first(journal: DemoJournal) -> None:
    article = journal.articles[0]
    for figure in article.figures:
        answers = [journal("/" + image_path(article, figure, name)[2:]) for name in RENDITIONS]
        widths = [Image.open(io.BytesIO(answer.body)).width for answer in answers]
        assert widths == sorted(widths, reverse=True)
        assert answers[0].body == figure.image.read_bytes()
        assert {answer.content_type for answer in answers} <= {"image/png", "image/jpeg"}


def test_captions_name_the_letters_that_are_drawn(journal: DemoJournal) -> None:
    for article in journal.articles[:5]:
        for figure in article.figures:
            words = set(re.findall(r"\w+", plain(figure.caption)))
            ends = {figure.labels[0], figure.labels[-1]} if figure.labels else set()
            assert ends <= words


def test_a_closed_article_shows_no_captions(journal: DemoJournal) -> None:
    closed = journal.articles[5]
    assert all(figure.caption == "" for figure in closed.figures)
    assert b"bottom-caption" not in journal(f"/www.nature.com/articles/{closed.name}").body


@pytest.mark.parametrize("target", ["/", "/www.nature.com/articles/nothing", "/www.nature.com/articles/../x"])
def test_all_else_is_not_found(journal: DemoJournal, target: str) -> None:
    assert journal(target).status == 404


def test_the_same_seed_gives_the_same_bytes_from_another_folder(journal: DemoJournal, tmp_path: Path) -> None:
    again = DemoJournal(tmp_path, count=1)
    assert again.articles[0].name == journal.articles[0].name
    target = f"/www.nature.com/articles/{again.articles[0].name}"
    assert again(target).body == journal(target).body
    for ours, theirs in zip(again.articles[0].figures, journal.articles[0].figures, strict=True):
        assert ours.image.read_bytes() == theirs.image.read_bytes()


def test_figures_are_drawn_once(journal: DemoJournal, drawings: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in drawings.rglob("*.*")}
    assert DemoJournal(drawings).articles == journal.articles
    assert {path: path.stat().st_mtime_ns for path in drawings.rglob("*.*")} == before


def test_another_seed_is_another_journal_in_the_same_folder(drawings: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(drawings, tmp_path / "drawings"))
    one, other = DemoJournal(folder, count=1).articles[0], DemoJournal(folder, seed=1, count=1).articles[0]
    assert other.name != one.name
    assert other.figures[0].image != one.figures[0].image


def test_in_the_demo_two_things_fail_once_and_one_figure_is_gone(journal: DemoJournal) -> None:
    faults = demo_faults(journal.articles)

    def statuses(path: str) -> list[object]:
        return [None if (failing := faults.next(path)) is None else failing[1] for _ in range(3)]

    first, second, third = journal.articles[:3]
    assert statuses(f"/www.nature.com/articles/{second.name}") == [503, None, None]
    assert statuses("/" + image_path(first, first.figures[1], "full")[2:]) == [503, None, None]
    for rendition in RENDITIONS:
        assert statuses("/" + image_path(third, third.figures[0], rendition)[2:]) == [404, 404, 404]
    assert statuses(f"/www.nature.com/articles/{first.name}") == [None, None, None]


def test_lengths_in_captions_have_a_plain_form(journal: DemoJournal) -> None:
    scales = {p.scale for article in journal.articles for figure in article.figures for p in figure.panels if p.scale}
    lengths = {scale for scale in scales if "1/" not in scale and "⁻" not in scale}
    assert lengths
    assert all(re.fullmatch(r"\d+(\.\d+)? (mm|µm|nm|Å)", length) for length in lengths), lengths
