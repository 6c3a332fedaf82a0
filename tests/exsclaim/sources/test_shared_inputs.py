"""Small inputs of many kinds on which earlier readers failed, from the shared data: each is read as its README says."""

import datetime as dt
import json
from pathlib import Path

import pytest

from exsclaim.records import FetchedArticle
from exsclaim.sources import nature
from exsclaim.sources.catalogues.crossref import Work
from exsclaim.sources.html.html_text import parse
from exsclaim.sources.html.page_figures import figures_on
from exsclaim.sources.html.publisher_pages import article_of, figure_refs
from exsclaim.sources.jats import JatsArticle, read_jats
from exsclaim.sources.latex.latex_figures import read_latex
from exsclaim.sources.latex.latex_text import readable

DAY = dt.date(2026, 1, 1)


@pytest.fixture(scope="module")
def cases(shared_data: Path) -> Path:
    return shared_data / "cases" / "sources"


def saved(cases: Path, name: str) -> FetchedArticle:
    page = parse((cases / f"{name}.html").read_bytes())
    article = article_of(page, "https://publisher.example/1", DAY, source="folder")
    return FetchedArticle(article=article, figures=figure_refs(page, figures_on(page), article, "https://x.example/"))


def jats(cases: Path, name: str) -> JatsArticle:
    return read_jats((cases / f"{name}.xml").read_bytes(), name)


def test_a_retracted_article_of_nature_is_left_out(cases: Path) -> None:
    page = (cases / "nature_retracted.html").read_bytes()
    assert nature.read_page(page, "https://www.nature.com/articles/x1", DAY).article.is_retracted


def test_natures_image_is_the_figures_and_its_formula_is_said(cases: Path) -> None:
    page = (cases / "nature_inline_image.html").read_bytes()
    (figure,) = nature.read_page(page, "https://www.nature.com/articles/nature12915", DAY).figures
    assert figure.image_urls[0].endswith("/full/springer-static/image/art%3A10.1038%2Fnature12915/MediaObjects/"
                                         "41586_2014_BFnature12915_Fig1_HTML.jpg")  # fmt: skip
    assert not any("IEq" in url for url in figure.image_urls)
    assert figure.title == "Change in dCGR and in [formula] over five decades."


@pytest.mark.parametrize(
    ("name", "doi", "day", "label", "caption"),
    [
        ("wiley_now", "10.1111/gcb.16745", dt.date(2023, 5, 8), "FIGURE 1", "(a, b) Aridity."),
        ("springer_now", "10.1007/s10584-011-0143-4", dt.date(2011, 7, 12), "Fig. 1", "Location of the catchment."),
        ("science_dc", "10.1126/sciadv.adm9732", dt.date(2024, 7, 26), "Fig. 1", "Cap."),
    ],
)
def test_a_saved_page_of_todays_layout(
    cases: Path, name: str, doi: str, day: dt.date, label: str, caption: str
) -> None:
    read = saved(cases, name)
    assert (read.article.doi, read.article.published) == (doi, day)
    assert [(figure.label, figure.caption) for figure in read.figures] == [(label, caption)]


def test_jats_of_today_and_of_its_ancestor(cases: Path) -> None:
    assert jats(cases, "month_only").published == (dt.date(2021, 6, 1), "month")
    assert jats(cases, "nlm2_licence").licence == "CC-BY"
    assert [figure.label for figure in jats(cases, "made_up_label").figures] == ["", "Figure 1"]
    (figure,) = jats(cases, "scielo_fig_group").figures
    assert (figure.caption, figure.graphics[0].hrefs) == ("SEM image.", ("gf1.tif", "gf1.png"))


def test_crossrefs_month_is_kept_as_one(cases: Path) -> None:
    (item,) = json.loads((cases / "crossref_month_only.json").read_text())["message"]["items"]
    article = Work.model_validate(item).article(source="x", url="https://x.example", today=DAY)
    assert (article.published, article.published_precision) == (dt.date(2021, 6, 1), "month")


@pytest.mark.parametrize(
    ("name", "figures"),
    [
        ("captionof", [("Figure 1", "Teaser."), ("Figure 2", "Really Figure 2.")]),
        ("si_numbers", [("Figure 1", "A."), ("Figure S1", "Is S1."), ("Figure S2", "Is S2.")]),
        ("xspace", [("Figure 1", "TEM of SrTiO₃ film. Scale bar, 5 μm in (a).")]),
    ],
)
def test_figures_of_latex_are_numbered_and_read_as_tex_prints_them(
    cases: Path, name: str, figures: list[tuple[str, str]]
) -> None:
    document = read_latex({"main.tex": (cases / f"{name}.tex").read_text()})
    assert [(figure.label, figure.caption) for figure in document.figures] == figures


def test_no_figure_of_latex_is_lost(cases: Path) -> None:
    document = read_latex({"main.tex": (cases / "lost_figures.tex").read_text()})
    images = [[graphic.name for row in figure.rows for graphic in row] for figure in document.figures]
    assert images == [["a"], ["b"], ["figs/c.png"], ["d", "e"]]


def test_formulas_of_captions_read_as_printed(cases: Path) -> None:
    lines = (cases / "caption_math.txt").read_text().splitlines()[1:]
    assert [readable(line.split("=>")[0].strip()) for line in lines] == [
        "1 nm, 2 nm and 5 nm bars", "3 to 4", "25°C", "d = 0.25 nm", "5 μm", "(√3 × √3)R30°", "Ĥ k⃗ ẋ b mod W",
    ]  # fmt: skip
