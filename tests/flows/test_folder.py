"""A folder becomes a data set: without the network, every file on its own, as the files are now."""

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest

from exsclaim.query import Query, parse
from flows.harvest import harvest
from tasks.store_and_client import client, store
from tests.exsclaim.sources.test_folder import JATS, PAGE, image, pdf
from tests.flows.test_harvest import new_separation


@pytest.fixture
def papers(tmp_path: Path) -> Path:
    """One of each kind, and one that is broken."""
    folder = tmp_path / "papers"
    pdf(folder / "silver.pdf")
    (folder / "broken.pdf").write_bytes(b"no pdf")
    (folder / "jats.xml").write_text(JATS.format(href="g0001"))
    image(folder / "g0001.png", 1)
    (folder / "silver.html").write_text(PAGE)
    image(folder / "silver_files" / "one.png", 2)
    image(folder / "silver_files" / "two.png", 3)
    (folder / "list.csv").write_text("file,caption,licence\ng0001.png,Particles (a) before and (b) after.,CC BY 4.0\n")
    return folder


@pytest.fixture
def own(papers: Path, tmp_path: Path) -> Query:
    return parse(
        {"name": "own", "sources": ["folder"], "folder": str(papers), "results_dir": str(tmp_path / "results")}
    )


def figures(query: Query) -> pd.DataFrame:
    return pd.read_parquet(query.results_dir / query.name / "data" / "figures").set_index("id")


def failures(query: Query) -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads((query.results_dir / query.name / "failures.json").read_text())
    return found


def test_one_of_each_kind_becomes_a_data_set_without_the_network(own: Query) -> None:
    summary = harvest(own)
    assert (summary.articles, summary.figures) == (4, 5)
    assert client().counts["requests"] == 0
    captions = figures(own).caption
    assert captions["folder/silver.pdf/fig1"] == "Grown particles."
    assert set(captions) == {
        "Grown particles.", "Particles.", "Particles a day old.", "After two days.",
        "Particles (a) before and (b) after.",
    }  # fmt: skip
    (broken,) = failures(own)
    assert (broken["stage"], broken["error"]) == ("fetch", "PdfError")
    assert "not a PDF" in str(broken["cause"])


def test_files_are_read_again_when_they_change_and_only_then(own: Query, papers: Path) -> None:
    harvest(own)
    again = harvest(own)
    assert (again.known, again.stages["fetch"].planned, again.stages["fetch"].skipped) == (4, 1, 1)
    pdf(papers / "broken.pdf", "A paper that was broken and is whole again", "10.5555/gold")
    (papers / "list.csv").write_text("file,caption,licence\ng0001.png,Other words.,CC BY 4.0\n")
    mended = harvest(own)
    assert mended.failures == ()
    assert (mended.articles, mended.figures) == (5, 6)
    assert "Other words." in set(figures(own).caption)


def test_images_that_the_store_has_lost_are_taken_from_the_files_again_when_they_are_needed(
    own: Query, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = harvest(own)
    before = figures(own)
    shutil.rmtree(store().files.root)
    assert harvest(own).figures == first.figures
    new_separation(monkeypatch)
    second = harvest(own)
    assert second.figures == first.figures
    assert len(second.failures) == len(first.failures) == 1
    assert figures(own).image_sha256.equals(before.image_sha256)
    assert all(store().holds(sha256) for sha256 in before.image_sha256)
