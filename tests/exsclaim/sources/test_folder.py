"""Articles of one's own: found by their paths, read where they lie, never beyond their folder."""

import csv
import io
import json
import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from exsclaim.errors import ExsclaimError, GoneError, PageFormatError, PdfError
from exsclaim.query import parse
from exsclaim.records import ArticleRef, FetchedArticle
from exsclaim.sources.folder import Folder
from tests.exsclaim.publisher import Bench
from tests.exsclaim.sources.pdf.paper import Paper, micrograph

JATS = """<?xml version="1.0"?>
<article xmlns:xlink="http://www.w3.org/1999/xlink"><front><journal-meta><journal-title-group>
<journal-title>Grown Particles</journal-title></journal-title-group></journal-meta><article-meta>
<article-id pub-id-type="doi">10.5555/silver</article-id>
<title-group><article-title>Silver</article-title></title-group>
<permissions><license xlink:href="https://creativecommons.org/licenses/by/4.0/"><license-p>Open.</license-p></license>
</permissions></article-meta></front><body>
<fig id="f1"><label>Figure 1</label><caption><p>Particles.</p></caption><graphic xlink:href="{href}"/></fig>
</body></article>"""
PAGE = """<html><head><title>Silver</title><meta name="citation_title" content="Silver particles">
<meta name="citation_doi" content="10.5555/PAGE"></head><body>
<figure><img src="./silver_files/one.png"><figcaption>Figure 1. Particles <i>a</i> day old.</figcaption></figure>
<figure><img src="https://cdn.example/big/two.png"><figcaption>Fig. 2: After two days.</figcaption></figure>
<a href="https://creativecommons.org/licenses/by-nc/4.0/">CC BY-NC</a></body></html>"""


def image(path: Path, seed: int = 0) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(micrograph(60, 80, seed)).save(path)
    return path


def pdf(path: Path, title: str = "Silver particles that were grown in a bath", doi: str = "10.5555/Silver.1") -> Path:
    paper = Paper({"Title": title})
    sheet = paper.sheet()
    sheet.text(60, 60, f"https://doi.org/{doi}", 8)
    sheet.prose(60, 80, 10)
    sheet.image(60, 220, 260, 370, micrograph(300, 400))
    sheet.text(60, 385, "Figure 1. Grown particles.", 7.5, "sans")
    sheet.prose(60, 430, 12)
    sheet.text(60, 700, "This article is licensed under a Creative Commons Attribution 4.0 International License.", 8)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(paper.bytes())
    return path


def search(*places: Path, bench: Bench) -> list[ArticleRef]:
    query = parse({"name": "own", "sources": ["folder"], "folder": [str(place) for place in places]})
    return list(Folder().search(query, bench.client()))


def read(*places: Path, bench: Bench) -> list[FetchedArticle]:
    return [Folder().read(ref, bench.client()) for ref in search(*places, bench=bench)]


def test_all_kinds_are_found_by_their_paths_and_others_are_passed_over(tmp_path: Path, bench: Bench) -> None:
    for name in ("b.pdf", "a.xml", "sub/c.HTML", "sub/d.nxml", "notes.txt", ".hidden.pdf", "~$b.pdf", "c_files/x.html"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    root = tmp_path.as_uri()
    assert [ref.url for ref in search(tmp_path, bench=bench)] == [
        f"{root}/./a.xml", f"{root}/./b.pdf", f"{root}/./sub/c.HTML", f"{root}/./sub/d.nxml",
    ]  # fmt: skip


def test_files_may_be_named_one_by_one_and_several_folders_are_told_apart(tmp_path: Path, bench: Bench) -> None:
    for name in ("one/a.xml", "two/a.xml", "b.xml"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    found = search(tmp_path / "one", tmp_path / "two", tmp_path / "b.xml", bench=bench)
    assert [ref.url.partition("/./")[2] for ref in found] == ["one/a.xml", "two/a.xml", "b.xml"]


def test_a_pdf_gives_its_figures_with_where_they_came_from(tmp_path: Path, bench: Bench) -> None:
    pdf(tmp_path / "2020" / "silver.pdf")
    (fetched,) = read(tmp_path, bench=bench)
    article, (figure,) = fetched.article, fetched.figures
    assert article.title == "Silver particles that were grown in a bath"
    assert (article.doi, article.url) == ("10.5555/silver.1", "https://doi.org/10.5555/silver.1")
    assert (article.licence, article.is_open) == ("CC-BY-4.0", True)
    assert figure.caption == "Grown particles."
    assert figure.image_urls[0].startswith("2020/silver.pdf#page=1&box=60,220,260,370")
    assert figure.image_sha256 is not None
    assert bench.store.holds(figure.image_sha256)
    assert str(tmp_path) not in fetched.model_dump_json()


def test_jats_takes_the_image_beside_it_whatever_its_ending(tmp_path: Path, bench: Bench) -> None:
    (tmp_path / "silver.xml").write_text(JATS.format(href="fchem-01-g0001"))
    image(tmp_path / "fchem-01-g0001.jpg")
    (fetched,) = read(tmp_path, bench=bench)
    assert (fetched.article.doi, fetched.article.licence) == ("10.5555/silver", "CC-BY-4.0")
    assert fetched.figures[0].image_urls == ("fchem-01-g0001.jpg",)
    assert bench.store.holds(fetched.figures[0].image_sha256 or "")


@pytest.mark.parametrize(
    "head",
    [
        "",
        '<?xml version="1.0" encoding="UTF-8"?>\n',
        '<?xml version="1.0"?><!DOCTYPE article PUBLIC "-//NLM//DTD" "x.dtd">',
    ],
)
def test_jats_that_was_saved_as_a_page_is_read_as_jats(tmp_path: Path, bench: Bench, head: str) -> None:
    jats = JATS.format(href="fchem-01-g0001").replace("<article", '<article article-type="research-article"', 1)
    (tmp_path / "silver.html").write_text(head + jats[jats.index("<article") :])
    image(tmp_path / "fchem-01-g0001.jpg")
    (fetched,) = read(tmp_path, bench=bench)
    assert (fetched.article.doi, fetched.article.licence) == ("10.5555/silver", "CC-BY-4.0")
    assert fetched.figures[0].image_urls == ("fchem-01-g0001.jpg",)


def test_a_saved_page_takes_the_images_that_were_saved_with_it(tmp_path: Path, bench: Bench) -> None:
    (tmp_path / "silver.html").write_text(PAGE)
    image(tmp_path / "silver_files" / "one.png", seed=1)
    image(tmp_path / "silver_files" / "two.png", seed=2)
    (fetched,) = read(tmp_path, bench=bench)
    assert (fetched.article.title, fetched.article.doi) == ("Silver particles", "10.5555/page")
    assert fetched.article.licence == "CC-BY-NC-4.0"
    assert [(f.label, f.caption) for f in fetched.figures] == [
        ("Figure 1", "Particles a day old."), ("Fig. 2", "After two days."),
    ]  # fmt: skip
    assert [f.image_urls for f in fetched.figures] == [("silver_files/one.png",), ("silver_files/two.png",)]


def drawing(path: Path, pages: int = 1) -> Path:
    """A figure as a plotting program writes it: a PDF."""
    paper = Paper()
    for _ in range(pages):
        paper.sheet().image(60, 220, 260, 370, micrograph(300, 400))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(paper.bytes())
    return path


@pytest.mark.parametrize("href", ["g1.pdf", "g1.eps", "g1", "G1.PDF"])
def test_an_image_that_is_a_pdf_is_drawn(tmp_path: Path, bench: Bench, href: str) -> None:
    (tmp_path / "silver.xml").write_text(JATS.format(href=href))
    name = href if href.lower().endswith("pdf") else "g1.pdf"
    drawing(tmp_path / name)
    (figure,) = Folder().read(search(tmp_path / "silver.xml", bench=bench)[0], bench.client()).figures
    assert (figure.image_urls, figure.no_image) == ((name,), "")
    with Image.open(io.BytesIO(bench.store.read(figure.image_sha256 or ""))) as drawn:
        assert (drawn.format, drawn.width) == ("PNG", pytest.approx(595 / 72 * 300, abs=2))


@pytest.mark.parametrize(
    ("content", "said"), [(b"", "2 pages, and the image of a figure is one"), (b"%PDF-1.4 nothing", "cannot be drawn")]
)
def test_a_pdf_that_is_no_one_image_says_so(tmp_path: Path, bench: Bench, content: bytes, said: str) -> None:
    (tmp_path / "silver.xml").write_text(JATS.format(href="g1.pdf"))
    drawing(tmp_path / "g1.pdf", pages=2)
    if content:
        (tmp_path / "g1.pdf").write_bytes(content)
    (figure,) = Folder().read(search(tmp_path / "silver.xml", bench=bench)[0], bench.client()).figures
    assert figure.image_sha256 is None
    assert figure.no_image.startswith("g1.pdf: ")
    assert said in figure.no_image


@pytest.mark.parametrize(
    "shown",
    ['<embed src="p_files/a.pdf" type="application/pdf">', '<object data="p_files/a.pdf"></object>',
     '<iframe src="p_files/a.PDF"></iframe>', '<img src="https://cdn.example/a.pdf">',
     '<a href="p_files/a.pdf"><img src="p_files/a.png"></a>'],
)  # fmt: skip
def test_a_pages_image_of_pixels_comes_before_one_that_is_a_pdf(tmp_path: Path, bench: Bench, shown: str) -> None:
    drawing(tmp_path / "p_files" / ("a.PDF" if "PDF" in shown else "a.pdf"))
    if "png" in shown:
        image(tmp_path / "p_files" / "a.png")
    text = f'<h1>Silver</h1><div class="figure">{shown}<p class="caption">Figure 1: Rods.</p></div>'
    (tmp_path / "p.html").write_text(f"<html><body>{text}</body></html>")
    (fetched,) = read(tmp_path / "p.html", bench=bench)
    (figure,) = fetched.figures
    assert (figure.label, figure.caption) == ("Figure 1", "Rods.")
    assert figure.image_urls[0].lower() == ("p_files/a.png" if "png" in shown else "p_files/a.pdf")
    assert bench.store.holds(figure.image_sha256 or "")


def test_a_saved_page_of_nature_is_read_as_nature_reads_it(shared_data: Path, tmp_path: Path, bench: Bench) -> None:
    recorded = sorted((shared_data / "journals" / "nature").glob("s41467-018-06211-3*.html"))
    if not recorded:
        pytest.skip("no recorded page of s41467-018-06211-3")
    (tmp_path / "page.html").write_bytes(recorded[0].read_bytes())
    image(tmp_path / "page_files" / "41467_2018_6211_Fig1_HTML.png")
    (fetched,) = read(tmp_path, bench=bench)
    assert fetched.article.journal == "Nature Communications"
    assert fetched.article.source == "folder"
    assert len(fetched.figures) == 5
    assert fetched.figures[0].image_sha256 is not None
    assert fetched.figures[1].image_sha256 is None


def test_a_saved_page_of_a_publisher_is_read_by_its_layout(shared_data: Path, tmp_path: Path, bench: Bench) -> None:
    recorded = shared_data / "journals" / "aip" / "APL-Materials.10.1063-1.4974935.html"
    (tmp_path / "page.html").write_bytes(recorded.read_bytes())
    (fetched,) = read(tmp_path, bench=bench)
    assert fetched.article.doi == "10.1063/1.4974935"
    assert [figure.label for figure in fetched.figures] == [f"FIG. {number}" for number in range(1, 7)]
    assert all(figure.caption for figure in fetched.figures)


@pytest.mark.parametrize("ending", ["csv", "jsonl"])
def test_a_table_of_images_is_read_by_its_articles(tmp_path: Path, bench: Bench, ending: str) -> None:
    image(tmp_path / "images" / "a.png", 1)
    image(tmp_path / "b.tif", 2)
    rows = [
        {
            "file": "images/a.png",
            "caption": "Before, 5 µm.",
            "doi": "10.5555/A",
            "title": "One",
            "licence": "CC BY 4.0",
        },
        {"file": "b.tif", "caption": "Another.", "doi": "", "title": "Two", "licence": ""},
        {"file": "images/a.png", "caption": "After.", "doi": "10.5555/A", "title": "One", "licence": "CC BY 4.0"},
    ]
    with (tmp_path / f"list.{ending}").open("w", encoding="utf-8", newline="") as file:
        if ending == "csv":
            writer = csv.DictWriter(file, rows[0])
            writer.writeheader()
            writer.writerows(rows)
        else:
            file.writelines(json.dumps(row) + "\n" for row in rows)
    first, second = read(tmp_path, bench=bench)
    assert (first.article.title, first.article.doi, first.article.licence) == ("One", "10.5555/a", "CC-BY-4.0")
    assert [figure.caption for figure in first.figures] == ["Before, 5 µm.", "After."]
    assert (second.article.title, second.article.doi, second.article.licence) == ("Two", None, "unknown")
    assert second.figures[0].image_urls == ("b.tif",)
    assert all(figure.image_sha256 for figure in (*first.figures, *second.figures))


@pytest.mark.parametrize("ending", ["csv", "jsonl"])
def test_a_bad_row_of_a_table_costs_that_row_only(tmp_path: Path, bench: Bench, ending: str) -> None:
    image(tmp_path / "a.png", 1)
    image(tmp_path / "b.png", 2)
    lines = {
        "csv": ["file,caption,doi", "a.png,One.,10.5555/a", ",Nameless.,10.5555/b", "b.png,Two.,10.5555/a"],
        "jsonl": [
            '{"file": "a.png", "caption": "One.", "doi": "10.5555/a"}', '{"file": "b.png", "caption"',
            '{"file": 7, "caption": "Nameless.", "doi": "10.5555/b"}',
            '{"file": "b.png", "caption": "Two.", "doi": "10.5555/a"}',
        ],
    }  # fmt: skip
    (tmp_path / f"t.{ending}").write_text("\n".join(lines[ending]))
    first, second = read(tmp_path, bench=bench)
    good = [figure.caption for figure in first.figures if figure.image_sha256]
    assert (first.article.doi, good) == ("10.5555/a", ["One.", "Two."])
    said = [figure.no_image for figure in first.figures if figure.no_image]
    assert [f"t.{ending}, line 2: not valid JSON" in each for each in said] == [True] * (ending == "jsonl")
    assert second.article.doi == "10.5555/b"
    (figure,) = second.figures
    assert figure.caption == "Nameless."
    assert f"t.{ending}, line 3: 'file' is missing" in figure.no_image


@pytest.mark.parametrize(
    ("name", "content", "error", "message"),
    [
        ("a.pdf", "no pdf", PdfError, "not a PDF"),
        ("a.xml", "<article>", PageFormatError, "not well-formed"),
        ("a.html", "<p>nothing</p>", PageFormatError, "no title"),
        ("a.csv", "image,text\nx,y\n", PageFormatError, "needs the columns file and caption"),
        ("a.jsonl", '{"file": "a.png"}\n', PageFormatError, "line 1: 'caption' is missing"),
        ("a.jsonl", "[]\n", PageFormatError, "line 1: not an object"),
        ("a.csv", "file,caption\n", PageFormatError, "no rows"),
        (
            "a.csv",
            "file,caption,licens\na.png,x,CC BY\n",
            PageFormatError,
            "'licens' is not known: rename it to 'licence'",
        ),
        ("a.jsonl", '{"file": "a.png", "caption": "x", "author": "A. B."}\n', PageFormatError, "line 1: .*'authors'"),
    ],
)
def test_what_cannot_be_read_is_an_error_of_that_file(
    tmp_path: Path, bench: Bench, name: str, content: str, error: type[ExsclaimError], message: str
) -> None:
    (tmp_path / name).write_text(content)
    (ref,) = search(tmp_path, bench=bench)
    with pytest.raises(error, match=message):
        Folder().read(ref, bench.client())


def test_a_table_may_have_columns_of_its_own(tmp_path: Path, bench: Bench) -> None:
    image(tmp_path / "a.png")
    (tmp_path / "a.csv").write_text("file,caption,license,subtitle,notes,year\na.png,Particles.,CC BY 4.0,x,y,2020\n")
    (fetched,) = read(tmp_path, bench=bench)
    assert fetched.article.licence == "CC-BY-4.0"


@pytest.mark.parametrize(
    "way", ["../secret.png", "/etc/hostname", "sub/../../secret.png", "link.png", "file:///etc/hostname"]
)
def test_no_reference_leads_out_of_the_folder(tmp_path: Path, bench: Bench, way: str) -> None:
    image(tmp_path / "secret.png")
    inside = tmp_path / "papers"
    inside.mkdir()
    (inside / "link.png").symlink_to(tmp_path / "secret.png")
    (inside / "silver.xml").write_text(JATS.format(href=way))
    (inside / "list.csv").write_text(f"file,caption\n{way},Particles.\n")
    (inside / "page.html").write_text(PAGE.replace("./silver_files/one.png", way))
    assert [fetched.figures[0].image_sha256 for fetched in read(inside, bench=bench)] == [None] * 3


def test_a_link_out_of_the_folder_is_passed_over(tmp_path: Path, bench: Bench) -> None:
    pdf(tmp_path / "other" / "secret.pdf")
    inside = tmp_path / "papers"
    inside.mkdir()
    (inside / "a.pdf").symlink_to(tmp_path / "other" / "secret.pdf")
    assert search(inside, bench=bench) == []
    for url in (f"{inside.as_uri()}/./a.pdf", f"{inside.as_uri()}/./../other/secret.pdf", "file:///etc/passwd"):
        with pytest.raises(GoneError):
            Folder().read(ArticleRef(source="folder", url=url), bench.client())


def test_a_damaged_image_leaves_its_figure_without_one(tmp_path: Path, bench: Bench) -> None:
    (tmp_path / "bad.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(50))
    image(tmp_path / "good.png")
    (tmp_path / "list.csv").write_text("file,caption\nbad.png,One.\ngood.png,Two.\n")
    (fetched,) = read(tmp_path, bench=bench)
    assert [figure.image_sha256 is None for figure in fetched.figures] == [True, False]
    assert fetched.figures[0].no_image.startswith("bad.png: ")


def test_a_figure_of_several_graphics_is_put_together(tmp_path: Path, bench: Bench) -> None:
    two = JATS.format(href="a").replace("</fig>", '<graphic xlink:href="b"/></fig>')
    (tmp_path / "silver.xml").write_text(two)
    image(tmp_path / "a.png", 1)
    (without,) = read(tmp_path, bench=bench)
    assert "named there: 'a', 'b'" in without.figures[0].no_image
    image(tmp_path / "b.png", 2)
    (fetched,) = read(tmp_path, bench=bench)
    with Image.open(bench.store.path(fetched.figures[0].image_sha256 or "")) as whole:
        assert whole.width >= 80
        assert whole.height >= 120


PARTS = """<html><head><title>Of silver</title></head><body><article class="ltx_document"><h1>Of silver</h1>
<figure class="ltx_figure"><div class="ltx_flex_figure"><figure class="ltx_figure ltx_figure_panel"><img
 class="ltx_graphics" src="silver_files/one.png"><figcaption><span class="ltx_tag">(a) </span>Rods.</figcaption>
</figure><figure class="ltx_figure ltx_figure_panel"><img class="ltx_graphics" src="silver_files/two.png"><figcaption>
<span class="ltx_tag">(b) </span>Wires.</figcaption></figure></div><figcaption class="ltx_caption"><span
 class="ltx_tag">Figure 1: </span>Grown at night.</figcaption></figure>
<figure class="ltx_figure"><img class="ltx_graphics" src="silver_files/one.png"><img class="ltx_graphics"
 src="silver_files/two.png"><figcaption class="ltx_caption">Figure 2: By day.</figcaption></figure></article></body>"""


def test_a_saved_pages_figure_in_several_images_is_put_together_and_never_one_of_them(
    tmp_path: Path, bench: Bench
) -> None:
    (tmp_path / "silver.html").write_text(PARTS)
    image(tmp_path / "silver_files" / "one.png", 1)
    (without,) = read(tmp_path, bench=bench)
    assert all("two.png" in figure.no_image for figure in without.figures)
    image(tmp_path / "silver_files" / "two.png", 2)
    (fetched,) = read(tmp_path, bench=bench)
    assert [(f.label, f.caption) for f in fetched.figures] == [
        ("Figure 1", "Grown at night. (a) Rods. (b) Wires."), ("Figure 2", "By day."),
    ]  # fmt: skip
    for figure in fetched.figures:
        with Image.open(bench.store.path(figure.image_sha256 or "")) as whole:
            assert max(whole.width / 80, whole.height / 60) >= 2


def test_a_changed_file_is_another_version(tmp_path: Path, bench: Bench) -> None:
    path = pdf(tmp_path / "a.pdf")
    table = tmp_path / "images" / "list.csv"
    picture = image(tmp_path / "images" / "a.png")
    table.write_text("file,caption\na.png,One.\n")
    before = {ref.url: ref.version for ref in search(tmp_path, bench=bench)}
    assert {ref.url: ref.version for ref in search(tmp_path, bench=bench)} == before
    os.utime(path, (1e9, 1e9))
    image(picture, seed=3)
    os.utime(picture, (1e9, 1e9))
    after = {ref.url: ref.version for ref in search(tmp_path, bench=bench)}
    assert after.keys() == before.keys()
    assert all(after[url] != before[url] for url in before)


def test_nothing_is_asked_of_the_network(tmp_path: Path, bench: Bench) -> None:
    pdf(tmp_path / "a.pdf")
    (tmp_path / "silver.html").write_text(PAGE)
    (tmp_path / "silver.xml").write_text(JATS.format(href="https://cdn.example/1.png"))
    client = bench.client()
    query = parse({"name": "own", "sources": ["folder"], "folder": str(tmp_path)})
    assert len([Folder().read(ref, client) for ref in Folder().search(query, client)]) == 3
    assert client.counts["requests"] == 0
    assert not np.any([bench.publisher.times_asked("cdn.example/1.png")])


def test_odd_names_and_links_cost_themselves_alone(tmp_path: Path, bench: Bench) -> None:
    (tmp_path / "a.xml").write_text("x")
    (tmp_path / "loop.xml").symlink_to(tmp_path / "loop.xml")
    (tmp_path / "gone.xml").symlink_to(tmp_path / "nowhere.xml")
    try:
        Path(os.fsdecode(os.fsencode(tmp_path) + b"/n\xe9.xml")).write_text("x")
    except OSError:
        pytest.skip("the file system takes no names that are not UTF-8")
    (tmp_path / "z.xml").write_text("x")
    assert [ref.url.rpartition("/")[2] for ref in search(tmp_path, bench=bench)][:1] == ["a.xml"]
    assert "z.xml" in [ref.url.rpartition("/")[2] for ref in search(tmp_path, bench=bench)]


def test_half_a_character_in_a_row_costs_that_character_only(tmp_path: Path, bench: Bench) -> None:
    rows = [{"file": "one.png", "caption": "Half \ud800 a sign."}, {"file": "two.png", "caption": "Whole."}]
    (tmp_path / "t.jsonl").write_text("\n".join(json.dumps(row) for row in rows))
    image(tmp_path / "one.png", seed=1)
    image(tmp_path / "two.png", seed=2)
    (fetched,) = read(tmp_path, bench=bench)
    assert [figure.caption for figure in fetched.figures] == ["Half \ufffd a sign.", "Whole."]
    fetched.model_dump_json().encode()


def test_a_file_without_figures_is_named(tmp_path: Path, bench: Bench) -> None:
    (tmp_path / "page.html").write_text("<html><head><title>Silver</title></head><body><p>Text.</p></body></html>")
    with pytest.raises(PageFormatError, match=r"page\.html: no figures"):
        read(tmp_path, bench=bench)


def test_a_figure_of_a_file_that_is_not_found_is_told_with_the_others(tmp_path: Path, bench: Bench) -> None:
    jats = JATS.format(href="one").replace("<fig", "<p>Rods (Fig. 1), wires (Fig. 2), sheets (Fig. 2).</p><fig", 1)
    (tmp_path / "a.xml").write_text(jats.replace("Fig. 2).</p>", "Fig. 2). Fig. 2 is large.</p>"))
    (tmp_path / "b.html").write_text(
        PAGE.replace("<figure>", "<p>Rods (Fig. 1) are, wires (Fig. 3) too. Fig. 3.</p><figure>", 1)
    )
    paper = Paper({"Title": "Silver particles that were grown in a bath"})
    sheet = paper.sheet()
    sheet.block(
        60, 60, ["Rods are long, as Fig. 1 shows, and wires (Fig. 2) are longer. This was seen in", "Fig. 2 again."], 10
    )
    sheet.prose(60, 100, 8)
    sheet.image(60, 220, 260, 370, micrograph(300, 400))
    sheet.text(60, 385, "Figure 1. Grown particles.", 7.5, "sans")
    sheet.prose(60, 430, 12)
    (tmp_path / "c.pdf").write_bytes(paper.bytes())
    for fetched, named in zip(read(tmp_path, bench=bench), (2, 3, 2), strict=True):
        lost = fetched.figures[-1]
        assert lost.label == f"Figure {named}", fetched.article.name
        assert f"names Figure {named}, but no such figure was found" in lost.no_image


def test_elseviers_xml_is_read_with_the_images_beside_it(tmp_path: Path, bench: Bench) -> None:
    (tmp_path / "one.xml").write_text("""<full-text-retrieval-response
 xmlns="http://www.elsevier.com/xml/svapi/article/dtd">
 <coredata><title>Silver</title><doi>10.1016/j.x.1</doi><publicationName>J. X</publicationName><pii>S1-2</pii>
 <coverDate>2021-06-01</coverDate>
 <openaccessUserLicense>http://creativecommons.org/licenses/by/4.0/</openaccessUserLicense>
 </coredata><objects><object ref="gr1" type="IMAGE-DOWNSAMPLED">
 https://api.elsevier.com/content/object/eid/1-s2.0-S12-gr1.jpg?x=1
 </object></objects><originalText><article><body><figure id="f1"><label>Fig. 1</label>
 <caption><simple-para>Rods.</simple-para></caption><link locator="gr1"/></figure>
 <section><section-title>Growth</section-title><para>Rods grow
 (<cross-ref refid="f1">Fig. 1a</cross-ref>).</para></section></body></article></originalText>
 </full-text-retrieval-response>""")
    image(tmp_path / "gr1.jpg")
    (fetched,) = read(tmp_path, bench=bench)
    (figure,) = fetched.figures
    assert (fetched.article.source, fetched.article.licence) == ("folder", "CC-BY-4.0")
    assert (figure.label, figure.caption, figure.image_urls) == ("Fig. 1", "Rods.", ("gr1.jpg",))
    assert [(m.section, m.panels) for m in figure.mentions] == [("Growth", ("a",))]


def test_a_retracted_page_is_known_as_such(tmp_path: Path, bench: Bench) -> None:
    (tmp_path / "page.html").write_text(PAGE.replace("Silver particles", "RETRACTED ARTICLE: Silver particles"))
    (fetched,) = read(tmp_path, bench=bench)
    assert fetched.article.is_retracted


@pytest.mark.parametrize(
    ("files", "href", "self_uri", "read"),
    [
        (["silver.g001.jpg", "silver.pdf"], "silver.g001", "", ["silver.nxml"]),
        (["g001.jpg", "silver.pdf"], "g001.tif", "", ["silver.nxml"]),
        (["g001.jpg", "print.pdf"], "g001", "print.pdf", ["silver.nxml"]),
        (["g001.pdf"], "g001.pdf", "", ["silver.nxml"]),
        (["g001.pdf", "g001.png", "silver.pdf"], "images/g001", "", ["silver.nxml"]),
        (["silver.pdf"], "silver.g001", "", ["silver.nxml", "silver.pdf"]),
        (["g001.jpg", "supplement.pdf"], "g001", "", ["silver.nxml", "supplement.pdf"]),
        (["g001.jpg", "silver.pdf"], "g002", "", ["silver.nxml", "silver.pdf"]),
    ],
    ids=[
        "PMC's package", "another ending", "by its name for itself", "an image", "an image twice", "no images",
        "a supplement", "another image",
    ],
)  # fmt: skip
def test_the_pdf_of_an_article_is_passed_over_where_its_xml_has_the_images(
    tmp_path: Path, bench: Bench, files: list[str], href: str, self_uri: str, read: list[str]
) -> None:
    named = f'<self-uri content-type="pdf" xlink:href="{self_uri}"/></article-meta>' if self_uri else "</article-meta>"
    (tmp_path / "silver.nxml").write_text(JATS.format(href=href).replace("</article-meta>", named))
    for name in files:
        pdf(tmp_path / name) if name.endswith(".pdf") else image(tmp_path / name)
    pdf(tmp_path / "elsewhere" / "silver.pdf", doi="10.5555/elsewhere")
    expected = sorted([*read, "elsewhere/silver.pdf"])
    assert sorted(ref.url.partition("/./")[2] for ref in search(tmp_path, bench=bench)) == expected


@pytest.mark.parametrize(
    "xml",
    [
        "<project><name>silver</name></project>",
        '<html><graphic href="f1.png"/></html>',
        '<article><graphic href="f1.png"/> <broken',
    ],
)
def test_a_pdf_beside_xml_that_is_no_article_is_read(xml: str, tmp_path: Path, bench: Bench) -> None:
    (tmp_path / "silver.xml").write_text(xml)
    (tmp_path / "f1.png").write_bytes(b"")
    pdf(tmp_path / "silver.pdf")
    assert len(search(tmp_path, bench=bench)) == 2
