"""Attribution with every data set; what nobody may use is not in it."""

import csv
from collections.abc import Callable

import pandas as pd

from exsclaim.dataset import HarvestedArticle, LeftOut
from exsclaim.dataset.publish.publishing import Published
from exsclaim.dataset.publish.report import write_report

Harvester = Callable[..., HarvestedArticle]
Publisher = Callable[..., Published]


def test_every_figure_has_a_line_for_programs(harvested: Harvester, night: Publisher) -> None:
    published = night("2026-11-20", harvested(figures=2), harvested("other", figures=1, licence="publisher"))
    with (published.folder / "attribution.csv").open(newline="", encoding="utf-8") as file:
        rows = {row["figure_name"]: row for row in csv.DictReader(file)}
    assert sorted(rows) == sorted(path.name for path in (published.folder / "figures").iterdir())
    row = rows["ncomms5946_fig2.jpg"]
    assert (row["authors"], row["title"], row["doi"]) == (
        "A. Author; Ü. Łódź",
        "Silver nanoparticles",
        "10.1038/example",
    )
    assert (row["licence"], row["licence_url"]) == ("CC-BY-4.0", "https://creativecommons.org/licenses/by/4.0/")
    assert (row["article_url"], row["changes"]) == ("https://journal.example/articles/ncomms5946", "cut into panels")
    assert rows["other_fig1.jpg"]["licence"] == "publisher"


def test_people_read_one_paragraph_per_article(harvested: Harvester, night: Publisher) -> None:
    published = night("2026-11-20", harvested(figures=2), harvested("other", figures=1, licence="publisher"))
    text = (published.folder / "ATTRIBUTION.md").read_text(encoding="utf-8")
    assert (
        '- A. Author, Ü. Łódź. "Silver nanoparticles". Journal of Examples (2014). <https://doi.org/10.1038/example>. '
        "Licence: CC-BY-4.0. <https://creativecommons.org/licenses/by/4.0/>\n"
        "  Files: ncomms5946_fig1.jpg (Figure 1), ncomms5946_fig2.jpg (Figure 2)."
    ) in text
    assert "all rights may be reserved" in text


def test_what_has_no_known_licence_is_left_out_and_said_so(harvested: Harvester, night: Publisher) -> None:
    published = night("2026-11-20", harvested(figures=1), harvested("dark", figures=1, licence="unknown"))
    assert (published.articles, published.figures) == (1, 1)
    (left_out,) = published.left_out
    assert left_out.article_id == "nature/dark"
    report = published.folder / "report.md"
    write_report(
        published.folder, query_name="q", harvest_id="2026-11-20", published=published, failures=(), versions={}
    )
    assert "nature/dark" in report.read_text()
    assert "licence unknown" in report.read_text()


def test_what_has_no_known_licence_is_published_where_that_is_allowed(harvested: Harvester, night: Publisher) -> None:
    published = night("2026-11-20", harvested("dark", figures=1, licence="unknown"), allow_unknown_licences=True)
    assert published.figures == 1
    assert "Licence unknown" in (published.folder / "ATTRIBUTION.md").read_text()


def test_an_article_that_must_go_leaves_the_data_set_of_earlier_harvests(
    harvested: Harvester, night: Publisher
) -> None:
    night("2026-11-20", harvested(figures=1), harvested("other", figures=1, seed=3))
    gone = LeftOut(article_id="nature/other", url="https://journal.example/articles/other", reason="retracted")
    published = night("2026-11-21", left_out=(gone,))
    assert pd.read_parquet(published.dataset / "panels").figure_name.unique().tolist() == ["ncomms5946_fig1.jpg"]
    assert [path.name for path in (published.folder / "figures").iterdir()] == ["ncomms5946_fig1.jpg"]
    assert "other" not in (published.folder / "attribution.csv").read_text()


def test_a_figure_of_others_is_named_as_such_with_the_words_that_say_so(harvested: Harvester, night: Publisher) -> None:
    article = harvested(figures=2)
    words = "Reproduced with permission from ref. 12. Copyright 2014, Elsevier."
    figure = article.figures[1].figure.model_copy(update={"licence": "third-party", "licence_words": words})
    figures = (article.figures[0], article.figures[1].model_copy(update={"figure": figure}))
    published = night("2026-11-20", article.model_copy(update={"figures": figures}))
    page = (published.folder / "ATTRIBUTION.md").read_text()
    own, others = page.split("Not under the article's licence")
    assert "CC-BY-4.0" in own
    assert words in others
    (row,) = [row for row in csv.DictReader((published.folder / "attribution.csv").open()) if row["licence_words"]]
    assert (row["licence"], row["licence_url"], row["licence_words"]) == ("third-party", "", words)
