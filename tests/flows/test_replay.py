"""The whole on real pages of nature.com, found with a query of the predecessor's form.

The recorded page of results leads to twelve articles, of which four are recorded (the other two recorded articles
are read in tests/exsclaim/sources/test_nature.py); of one of them there are the images.
"""

import json
from collections.abc import Callable
from pathlib import Path

import pandas as pd

from exsclaim.query import load
from flows.harvest import harvest
from journal.replay import replay
from journal.server import JournalServer

PREDECESSOR = {
    "name": "nature-silver",
    "journal_family": "nature",
    "maximum_scraped": 12,
    "sortby": "relevant",
    "query": {
        "search_field_1": {"term": "Ag nanoparticle", "synonyms": ["silver nanoparticle"]},
        "search_field_2": {"term": "electron microscopy", "synonyms": ["TEM"]},
    },
    "open": False,
    "save_format": ["save_subfigures", "visualization"],
    "logging": ["print", "exsclaim.log"],
}


def test_real_articles_become_a_data_set(shared_data: Path, tmp_path: Path, mirrored: Callable[[str], None]) -> None:
    file = tmp_path / "query.json"
    file.write_text(json.dumps(PREDECESSOR | {"results_dir": str(tmp_path)}))
    query = load(file)
    recorded = shared_data / "journals" / "nature"
    with JournalServer(replay(recorded)) as server:
        mirrored(server.url)
        first = harvest(query)
        had = list(server.requests)
        second = harvest(query)
        assert server.requests == had

    folder = tmp_path / "nature-silver"
    articles = pd.read_parquet(folder / "data" / "articles").set_index("name")
    assert set(articles.index) == {"s41467-018-06211-3", "s41557-020-0418-3", "s41929-019-0365-9", "srep01497"}
    assert articles.loc["s41467-018-06211-3", "licence"] == "CC-BY-4.0"
    assert not articles.loc["s41557-020-0418-3", "is_open"]

    entries = json.loads((folder / "exsclaim.json").read_text())
    assert sorted(entries) == [f"s41467-018-06211-3_fig{n}.png" for n in range(1, 6)]
    for name, entry in entries.items():
        assert entry["full_caption"]
        assert entry["master_images"], name
        assert (folder / entry["figure_path"]).is_file()

    failures = json.loads((folder / "failures.json").read_text())
    pages = {path.stem for path in recorded.glob("*.html")}
    missing_articles = [f for f in failures if f["stage"] == "fetch"]
    missing_figures = [f for f in failures if f["stage"] == "figures"]
    assert len(missing_articles) == 12 - 4
    assert not any(f["url"].rsplit("/", 1)[1] in pages for f in missing_articles)
    assert all("404" in f["cause"] for f in failures)
    assert len(missing_figures) + len(missing_articles) == len(failures)
    assert (first.articles, first.figures) == (4, 5)
    assert (second.articles, second.figures, second.panels) == (4, 5, first.panels)
