"""The loop, once for real: people's corrections -> training -> better weights -> a harvest that separates anew.

    make test-services

A demo journal whose figures are drawn on squared paper, which the installed weights cut worse than figures on white, is
harvested; people who know how its figures were drawn review all but two articles in the gallery; the next harvest
publishes what they said; `flows.improve` learns from it on the CPU for a minute or two; the harvest after
that cuts the figures with the new weights. `pytest -s` prints what happened: docs/gallery.md shows it.
"""

import hashlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest
import yaml
from fastapi.testclient import TestClient
from PIL import Image
from rich.console import Console

from exsclaim.dataset.opened import Dataset, open_dataset
from exsclaim.dataset.tables.staging import HarvestedFigure
from exsclaim.figures.weights import FOLDER, digest
from exsclaim.gallery.application import application
from exsclaim.geometry import Box
from exsclaim.quality.matching import match_greedily
from flows.environment import prefect_defaults
from journal.articles import DemoArticle
from journal.journal import DemoJournal
from journal.server import JournalServer
from models.figures.draw import draw
from models.figures.truth import TruePanel
from tests.services.running import ROOT
from tests.services.test_nights import set_back_a_day

pytestmark = [pytest.mark.services, pytest.mark.timeout(2400)]

ARTICLES, UNREVIEWED, STEPS = 10, 2, 60
SQUARE_PX, LINE_PX, LINE_COLOUR, PAPER = 20, 2, (120, 150, 200), 245
QUERY = {"name": "loop", "open": True, "query": {"search_field_1": {"term": "nanoparticles"}}}
TOKEN = "t0ken"
Truth = dict[str, list[TruePanel]]


@dataclass(frozen=True)
class Loop:
    """The data sets and models that the loop left behind."""

    first: Dataset
    """As the last harvest before the reviews were published left it; a copy."""
    reviewed: Dataset
    """As the harvest after the reviews left it; a copy."""
    last: Dataset
    truth: Truth
    unreviewed: set[str]
    """Ids of articles."""
    before: float
    after: float
    """F1 at IoU .75 on the reviewed figures held back: of the weights in use, and of the new ones."""
    home: Path
    weights: Path
    trained: Path
    asked: int
    """Requests to the journal during the last harvest."""


tell = partial(Console(soft_wrap=True).print, markup=False, highlight=False)


def run(module: str, *arguments: object, environment: dict[str, str]) -> str:
    """`python -m module arguments`; gives what it printed."""
    command = [sys.executable, "-m", module, *map(str, arguments)]
    answer = subprocess.run(
        command, cwd=ROOT, env=os.environ | environment, capture_output=True, text=True, check=False
    )
    assert answer.returncode == 0, answer.stdout + answer.stderr
    return answer.stdout


def on_squared_paper(article: DemoArticle, folder: Path) -> DemoArticle:
    """The article, its figures drawn on squared paper."""
    figures = []
    for figure in article.figures:
        with Image.open(figure.image) as opened:
            pixels, how = np.array(opened.convert("RGB")), {"quality": 92} if opened.format == "JPEG" else {}
        lines = np.indices(pixels.shape[:2]) % SQUARE_PX < LINE_PX
        pixels[lines.any(0) & (pixels.min(2) > PAPER)] = LINE_COLOUR
        Image.fromarray(pixels).save(folder / figure.image.name, **how)
        figures.append(replace(figure, image=folder / figure.image.name))
    return replace(article, figures=tuple(figures))


def truth_of(articles: Sequence[DemoArticle]) -> Truth:
    """Id of each figure -> its panels as they were drawn, without insets and parts."""
    drawn = {
        f"nature/{article.name}/fig{figure.number}": draw(int(figure.image.stem)).panels
        for article in articles
        if article.is_open
        for figure in article.figures
    }
    return {id: [panel for panel in panels if panel.parent is None] for id, panels in drawn.items()}


def is_held_back(article: DemoArticle) -> bool:
    """As `models.annotated_figures.held_back` decides by the article's DOI."""
    return int.from_bytes(hashlib.sha256(article.doi.encode()).digest()[:4]) % 5 == 0


def changes(figure: HarvestedFigure, true: Sequence[TruePanel]) -> list[dict[str, object]]:
    """The corrections of a person who knows how the figure was drawn."""
    panels = [panel for panel in figure.panels or () if panel.parent_id is None]
    matches = match_greedily([Box.of(each.box) for each in true], [each.box for each in panels], Box.iou, 0.5)
    found: list[dict[str, object]] = []
    taken = {j for _, j, _ in matches}
    found += [{"action": "remove", "box": each.box.corners} for j, each in enumerate(panels) if j not in taken]
    for i, j, iou in matches:
        wanted: dict[str, object] = {}
        if (panels[j].label or "") != (true[i].label or ""):
            wanted["label"] = true[i].label or ""
        if panels[j].kind != true[i].kind:
            wanted["kind"] = true[i].kind
        if iou < 0.95:
            wanted["new_box"] = true[i].box
        if wanted:
            found.append({"action": "set", "box": panels[j].box.corners, **wanted})
    seen = {i for i, _, _ in matches}
    found += [
        {"action": "add", "box": each.box, "label": each.label or "", "kind": each.kind}
        for i, each in enumerate(true)
        if i not in seen
    ]
    return found


def f1(dataset: Dataset, truth: Truth, articles: set[str]) -> float:
    """F1 at IoU .75 of the published panels of these articles."""
    hits = total = 0
    for id, true in truth.items():
        if id.rpartition("/")[0] in articles:
            panels = [panel.box for panel in dataset.figure(id).panels or () if panel.parent_id is None]
            hits += len(match_greedily([Box.of(each.box) for each in true], panels, Box.iou, 0.75))
            total += len(true) + len(panels)
    return 2 * hits / total


def copied(folder: Path, to: Path) -> Dataset:
    subprocess.run(["cp", "-a", str(folder), str(to)], check=True)
    return open_dataset(to)


@pytest.fixture(scope="module")
def loop(tmp_path_factory: pytest.TempPathFactory) -> Loop:
    folder = tmp_path_factory.mktemp("loop")
    home, results, weights = folder / "home", folder / "results" / "loop", folder / "weights"
    drawn = DemoJournal(folder / "journal", count=ARTICLES).articles
    (folder / "squared").mkdir()
    journal = DemoJournal.of(tuple(on_squared_paper(each, folder / "squared") for each in drawn))
    truth = truth_of(journal.articles)
    opened = [article for article in journal.articles if article.is_open]
    unreviewed = {f"nature/{each.name}" for each in opened if not is_held_back(each)}
    unreviewed = set(sorted(unreviewed)[:UNREVIEWED])
    query = folder / "loop.yaml"
    query.write_text(yaml.safe_dump(QUERY | {"results_dir": str(results.parent)}))
    with JournalServer(journal) as server:
        environment = {
            **prefect_defaults(home), "PREFECT_HOME": str(folder / "prefect"), "EXSCLAIM_HOME": str(home),
            "EXSCLAIM_MIRROR": server.url, "MLFLOW_TRACKING_URI": f"sqlite:///{folder}/mlflow.db",
            "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "600",
        }  # fmt: skip
        run("flows.harvest", query, environment=environment)
        set_back_a_day(home / "ledger.sqlite")
        first = copied(results, folder / "first")
        tell(f"harvest: {first.count()} panels of {len(truth)} figures; {f1(first, truth, unreviewed):.3f}"
              " F1 at IoU .75 on the articles that nobody reviews")  # fmt: skip
        corrected = review(results, [id for id in truth if id.rpartition("/")[0] not in unreviewed], truth)
        tell(f"review:  {corrected[0]} figures accepted, {corrected[1]} corrections in them")
        run("flows.harvest", query, environment=environment)
        reviewed = copied(results, folder / "reviewed")
        tell(f"harvest: {reviewed.count('reviewed')} of {reviewed.count()} panels are reviewed")
        said = run(
            "flows.improve", results, "--install", weights, "--work", folder / "work", "--count", 4, "--steps", STEPS,
            environment=environment,
        )  # fmt: skip
        tell("improve: " + said.strip().replace(str(folder), "…").replace("\n", "\n         "))
        measured = re.search(r"held back: ([\d.]+) -> ([\d.]+)", said)
        assert measured is not None, said
        asked = len(server.requests)
        own = {"EXSCLAIM_WEIGHTS": str(weights)} if (weights / "panels.safetensors").is_file() else {}
        run("flows.harvest", query, environment=environment | own)
        asked = len(server.requests) - asked
    last = open_dataset(results)
    tell(f"harvest: {asked} requests to the journal; {f1(last, truth, unreviewed):.3f} F1 at IoU .75 on the articles"
          " that nobody reviewed")  # fmt: skip
    return Loop(
        first, reviewed, last, truth, unreviewed, float(measured[1]), float(measured[2]), home, weights,
        folder / "work" / "training", asked,
    )  # fmt: skip


def review(results: Path, figures: Sequence[str], truth: Truth) -> tuple[int, int]:
    """Correct and accept these figures in the gallery; gives the numbers of figures and of corrections."""
    client = TestClient(
        application(results, token=TOKEN), base_url="http://127.0.0.1", headers={"Authorization": f"Bearer {TOKEN}"}
    )
    count = 0
    for id in figures:
        wanted = changes(open_dataset(results).figure(id), truth[id])
        asked = json.loads(json.dumps({"figure_id": id, "who": "Ada", "changes": wanted, "accepted": True}))
        answer = client.post("/api/corrections", json=asked)
        assert answer.status_code == 201, answer.text
        count += len(wanted)
    return len(figures), count


def test_what_people_said_is_published_and_nothing_else_changes(loop: Loop) -> None:
    reviewed = set(loop.reviewed.panels("reviewed", columns=["article_id"])["article_id"])
    assert reviewed == {id.rpartition("/")[0] for id in loop.truth} - loop.unreviewed
    assert f1(loop.reviewed, loop.truth, reviewed) > 0.98
    for article in loop.unreviewed:
        where = f"article_id = '{article}'"
        columns = ["id", "box", "kind", "label"]
        assert loop.reviewed.arrow(where, columns=columns) == loop.first.arrow(where, columns=columns)


@pytest.fixture
def improved(loop: Loop) -> Loop:
    """The loop, if its training was of use: a minute's gain is small, and processors add differently."""
    if loop.after <= loop.before:
        pytest.skip(f"the new weights were not better here ({loop.before} -> {loop.after}), and so not put to use")
    return loop


def test_weights_are_put_to_use_only_where_they_are_better(loop: Loop) -> None:
    assert (loop.weights / "panels.safetensors").is_file() == (loop.after > loop.before)
    assert digest("panels", loop.trained) != digest("panels", FOLDER)


def test_better_weights_are_those_that_were_trained(improved: Loop) -> None:
    assert digest("panels", improved.weights) == digest("panels", improved.trained)


def test_the_next_harvest_separates_anew_and_does_nothing_else_again(improved: Loop) -> None:
    assert improved.asked == 0
    assert improved.last.made_by != improved.reviewed.made_by
    for article in improved.unreviewed:
        where = f"article_id = '{article}'"
        before, after = (each.arrow(where, columns=["id", "box"]) for each in (improved.reviewed, improved.last))
        assert after != before
    assert sorted(improved.last.articles()["article_id"]) == sorted(improved.first.articles()["article_id"])


def test_what_people_said_stays_as_they_said_it(loop: Loop) -> None:
    reviewed = {id.rpartition("/")[0] for id in loop.truth} - loop.unreviewed
    assert loop.last.count("reviewed") == loop.reviewed.count("reviewed")
    assert f1(loop.last, loop.truth, reviewed) == f1(loop.reviewed, loop.truth, reviewed)


def test_quality_shows_the_change(improved: Loop) -> None:
    page = (improved.home / "quality" / "loop" / "quality.html").read_text(encoding="utf-8")
    assert f"weights of panels {digest('panels', improved.weights)[:6]}" in page
