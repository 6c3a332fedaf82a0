"""Files that people and the predecessor's scripts find in the results folder."""

import codecs
import csv
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from exsclaim.dataset import HarvestedArticle
from exsclaim.dataset.publish.publishing import Published
from exsclaim.dataset.tables.table_rows import SCHEMAS
from exsclaim.store import Store

Harvester = Callable[..., HarvestedArticle]
Publisher = Callable[..., Published]


def files(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_a_script_for_the_predecessors_format_reads_exsclaim_json(harvested: Harvester, night: Publisher) -> None:
    published = night("2026-11-20", harvested())
    found = []
    for name, figure in json.loads(published.exsclaim_json.read_text()).items():
        assert name == figure["figure_name"]
        image = Image.open(published.folder / figure["figure_path"])
        for master in figure["master_images"]:
            assert len(master["geometry"]) == 4
            corners = [(point["x"], point["y"]) for point in master["geometry"]]
            crop = image.crop((*min(corners), *max(corners)))
            found.append((name, master["subfigure_label"]["text"], master["classification"], crop.size))
        assert figure["master_images"][0]["scale_bars"][0]["label"]["text"] == "50 nm"
        assert figure["master_images"][0]["caption"] == ["TEM image.", "Scale 50 nm."]
        assert figure["master_images"][0]["general"] == ["Silver."]
    assert found == [
        ("ncomms5946_fig1.jpg", "a", "microscopy", (32, 48)), ("ncomms5946_fig1.jpg", "b", "graph", (31, 46)),
        ("ncomms5946_fig2.jpg", "a", "microscopy", (32, 48)), ("ncomms5946_fig2.jpg", "b", "graph", (31, 46)),
    ]  # fmt: skip


def test_exsclaim_json_says_where_a_figure_is_from(harvested: Harvester, night: Publisher) -> None:
    published = night("2026-11-20", harvested(figures=1))
    entry = json.loads(published.exsclaim_json.read_text())["ncomms5946_fig1.jpg"]
    assert {key: entry[key] for key in ("title", "article_url", "article_name", "image_url", "figure_path")} == {
        "title": "Silver nanoparticles", "article_url": "https://journal.example/articles/ncomms5946",
        "article_name": "ncomms5946", "image_url": "https://journal.example/ncomms5946/1.jpg",
        "figure_path": "figures/ncomms5946_fig1.jpg",
    }  # fmt: skip
    assert (entry["license"], entry["open"], entry["doi"]) == ("CC-BY-4.0", True, "10.1038/example")


def test_a_segment_that_no_panel_took_is_unassigned(harvested: Harvester, night: Publisher) -> None:
    published = night("2026-11-20", harvested(figures=1))
    entry = json.loads(published.exsclaim_json.read_text())["ncomms5946_fig1.jpg"]
    assert entry["unassigned"]["captions"] == [{"label": "c", "text": ["Never seen."]}]


def test_figures_are_the_publishers_bytes_named_by_what_they_are(
    harvested: Harvester, night: Publisher, store: Store
) -> None:
    article = harvested(figures=1, format="PNG")
    published = night("2026-11-20", article)
    path = published.folder / "figures" / "ncomms5946_fig1.png"
    assert path.read_bytes() == store.read(article.figures[0].figure.image_sha256)


def test_without_save_format_there_is_nothing_but_the_data_set(harvested: Harvester, night: Publisher) -> None:
    published = night("2026-11-20", harvested(figures=1))
    assert files(published.folder) == [
        ".published.json",
        "ATTRIBUTION.md",
        "CHANGES.md",
        "README.md",
        "attribution.csv",
        "croissant.json",
        *sorted(f"data/{table}/harvest=2026-11-20/part-00000.parquet" for table in SCHEMAS),
        "exsclaim.json",
        "figures/ncomms5946_fig1.jpg",
        "versions.json",
    ]


@pytest.mark.parametrize(
    ("save_format", "made"),
    [
        ("save_subfigures", ["images/graph/ncomms5946_fig1-b.png", "images/microscopy/ncomms5946_fig1-a.png"]),
        ("visualization", ["extractions/ncomms5946_fig1.png"]),
        ("visualize", ["extractions/ncomms5946_fig1.png"]),
        ("boxes", ["boxes/ncomms5946_fig1.png"]),
        ("csv", ["articles.csv", "figures.csv", "panels.csv"]),
    ],
)
def test_each_save_format_adds_its_files(
    harvested: Harvester, night: Publisher, save_format: str, made: list[str]
) -> None:
    before = files(night("2026-11-20", harvested(figures=1)).folder)
    after = files(night("2026-11-20", harvested(figures=1), save_format=frozenset({save_format})).folder)
    assert sorted(set(after) - set(before)) == made


def test_the_csv_of_panels_is_flat(harvested: Harvester, night: Publisher) -> None:
    published = night("2026-11-20", harvested(figures=1), save_format=frozenset({"csv"}))
    with (published.folder / "panels.csv").open(newline="", encoding="utf-8") as file:
        first, second = csv.DictReader(file)
    assert (first["label"], first["x1_px"], first["label_y1_px"], first["keywords"]) == (
        "a",
        "31.5",
        "8.0",
        '["silver"]',
    )
    assert (second["nm_per_px"], second["label_x0_px"]) == ("", "")


def test_tables_for_spreadsheets_begin_with_a_byte_order_mark_and_are_the_same_but_for_it(
    harvested: Harvester, night: Publisher
) -> None:
    tables = ("articles.csv", "figures.csv", "panels.csv", "attribution.csv")
    read = {}
    for form in ("csv", "csv_bom", "csv"):
        folder = night("2026-11-20", harvested(figures=1), save_format=frozenset({form})).folder
        read[form] = [(folder / name).read_bytes() for name in tables]
        assert all(content.startswith(codecs.BOM_UTF8) == (form == "csv_bom") for content in read[form])
    assert read["csv_bom"] == [codecs.BOM_UTF8 + content for content in read["csv"]]


def test_boxes_show_each_panel_in_the_colour_of_its_kind(harvested: Harvester, night: Publisher) -> None:
    published = night("2026-11-20", harvested(figures=1), save_format=frozenset({"boxes"}))
    picture = Image.open(published.folder / "boxes" / "ncomms5946_fig1.png").convert("RGB")
    assert picture.size == (64, 48)
    assert picture.getpixel((31, 30)) == (0x00, 0x72, 0xB2)
    assert picture.getpixel((63, 30)) == (0x00, 0x9E, 0x73)


def test_extractions_carry_the_captions_below_the_figure(harvested: Harvester, night: Publisher) -> None:
    published = night("2026-11-20", harvested(figures=1), save_format=frozenset({"visualization"}))
    picture = Image.open(published.folder / "extractions" / "ncomms5946_fig1.png")
    assert picture.height > 48 + 2 * 14


def test_a_picture_is_drawn_again_when_its_article_changed_only(harvested: Harvester, night: Publisher) -> None:
    boxes = frozenset({"boxes"})
    published = night("2026-11-20", harvested(figures=1), save_format=boxes)
    path = published.folder / "boxes" / "ncomms5946_fig1.png"
    first = path.stat().st_ino, path.read_bytes()
    night("2026-11-21", harvested(figures=1), save_format=boxes)
    assert (path.stat().st_ino, path.read_bytes()) == first
    night("2026-11-22", harvested(figures=1, seed=7), save_format=boxes)
    assert path.read_bytes() != first[1]


def test_files_of_figures_that_are_no_more_are_removed_and_others_left(harvested: Harvester, night: Publisher) -> None:
    published = night("2026-11-20", harvested(figures=2), save_format=frozenset({"save_subfigures"}))
    note = published.folder / "figures" / "my notes.txt"
    note.write_text("keep me")
    night("2026-11-21", harvested(figures=1), save_format=frozenset({"save_subfigures"}))
    assert [name for name in files(published.folder) if "fig2" in name] == []
    assert note.exists()


@pytest.mark.parametrize("name", ["../../evil", "..", "", "银纳米", "x" * 300, "CON", "a/b\\c", "a\nb"])
def test_a_hostile_article_name_stays_in_the_results_folder(
    harvested: Harvester, night: Publisher, results: Path, name: str
) -> None:
    published = night(
        "2026-11-20", harvested(name, figures=1, labels=("../../x", "b")), query_name=name,
        save_format=frozenset({"csv", "boxes", "visualization", "save_subfigures"}),
    )  # fmt: skip
    assert published.folder.parent == results
    assert [path.name for path in results.iterdir()] == [published.folder.name]
    assert len(files(published.folder)) == 4 + 1 + 3 + 1 + 1 + 2 + 1 + 2 + 5
    assert sorted(path.name for path in results.parent.iterdir()) == ["results", "store"]


def test_one_article_from_two_sources_makes_two_figures(harvested: Harvester, night: Publisher) -> None:
    published = night("2026-11-20", harvested(figures=1), harvested(figures=1, source="pmc", seed=5))
    names = list(json.loads(published.exsclaim_json.read_text()))
    assert names[0] == "ncomms5946_fig1.jpg"
    assert names[1].startswith("ncomms5946_fig1-")
    assert files(published.folder / "figures") == sorted(names)


def test_a_published_name_is_kept_when_another_source_brings_the_same_article(
    harvested: Harvester, night: Publisher
) -> None:
    night("2026-11-20", harvested(figures=1, source="nature"))
    published = night("2026-11-21", harvested(figures=1, source="a-source", seed=5))
    urls = {name: entry["image_url"] for name, entry in json.loads(published.exsclaim_json.read_text()).items()}
    figures = published.folder / "figures"
    assert len(urls) == len(list(figures.iterdir())) == 2
    assert "ncomms5946_fig1.jpg" in urls


def test_names_that_differ_in_case_alone_stay_apart(harvested: Harvester, night: Publisher) -> None:
    published = night("2026-11-20", harvested("ab", figures=1), harvested("AB", figures=1, seed=5))
    names = [name.casefold() for name in files(published.folder / "figures")]
    assert len(set(names)) == 2


def test_panels_of_one_label_keep_a_crop_each(harvested: Harvester, night: Publisher) -> None:
    article = harvested(figures=1, labels=("a", "A"))
    published = night("2026-11-20", article, save_format=frozenset({"save_subfigures"}))
    assert files(published.folder / "images") == [
        "graph/ncomms5946_fig1-A-p2.png",
        "microscopy/ncomms5946_fig1-a.png",
    ]
