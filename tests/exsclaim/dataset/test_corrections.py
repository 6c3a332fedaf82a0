"""Corrections by people reach the next version of a data set, and outlast harvests."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exsclaim.dataset.opened import open_dataset
from exsclaim.dataset.review.corrected_panels import corrected, disagreements
from exsclaim.dataset.review.corrections import (
    DROPPED,
    FILE,
    Change,
    Correction,
    CorrectionError,
    add_corrections,
    read_corrections,
)
from exsclaim.dataset.tables.staging import HarvestedFigure
from exsclaim.geometry import Box
from exsclaim.records import Article, CaptionParts, Figure, Panel, PanelKind
from tests.exsclaim.dataset.conftest import Harvester, Publisher, figure_image

NOON = dt.datetime(2026, 11, 26, 12, tzinfo=dt.UTC)
LEFT = (0.0, 0.0, 31.5, 48.0)
RIGHT = (33.0, 2.0, 64.0, 48.0)
FIGURE = "nature/ncomms5946/fig1"


def correction(folder: Path, *changes: Change, who: str = "Ada", figure: str = FIGURE, **more: Any) -> Correction:
    sha256 = open_dataset(folder).figure(figure).figure.image_sha256
    return Correction(
        figure_id=figure, image_sha256=sha256, version="v", who=who, at=NOON, changes=changes, **more
    )  # fmt: skip


def state(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_correction_is_applied_by_the_next_publish_though_the_article_was_not_harvested_again(
    harvested: Harvester, night: Publisher
) -> None:
    folder = night("n1", harvested()).folder
    change = Change(action="set", box=RIGHT, label="c", kind=PanelKind.DIFFRACTION)
    add_corrections(folder, [correction(folder, change)])
    night("n2")
    left, right = open_dataset(folder).figure(FIGURE).panels or ()
    assert (right.label, right.kind, right.caption, right.reviewed) == ("c", "diffraction", ("Never seen.",), True)
    assert (left.label, left.reviewed) == ("a", False)
    assert open_dataset(folder).count("reviewed") == 1


def test_figures_without_corrections_stay_as_they_were_published(harvested: Harvester, night: Publisher) -> None:
    folder = night("n1", harvested()).folder
    before = open_dataset(folder).figures().set_index("id")
    add_corrections(folder, [correction(folder, Change(action="set", box=LEFT, label="x"))])
    night("n2", versions={"code": "9"})
    after = open_dataset(folder).figures().set_index("id")
    other = "nature/ncomms5946/fig2"
    assert after.loc[other, "figure_digest"] == before.loc[other, "figure_digest"]
    assert after.loc[other, "versions"] == before.loc[other, "versions"]


def test_a_second_publish_changes_no_byte(harvested: Harvester, night: Publisher) -> None:
    folder = night("n1", harvested()).folder
    box = (2.0, 2.0, 20.0, 20.0)
    changes = (Change(action="add", box=box, label="z"), Change(action="remove", box=RIGHT))
    add_corrections(folder, [correction(folder, *changes), correction(folder, accepted=True)])
    night("n2")
    before = state(folder)
    night("n2")
    assert state(folder) == before


def test_a_correction_outlasts_a_harvest_that_cuts_the_figure_otherwise(harvested: Harvester, night: Publisher) -> None:
    article = harvested()
    folder = night("n1", article).folder
    add_corrections(folder, [correction(folder, Change(action="set", box=LEFT, label="q"))])
    first = article.figures[0]
    moved = (first.panels or ())[0].model_copy(update={"box": Box.of((0, 0, 33, 47)), "label": "b"})
    again = article.model_copy(
        update={"figures": (first.model_copy(update={"panels": (moved,)}), *article.figures[1:])}
    )  # fmt: skip
    night("n2", again, versions={"code": "2"})
    panels = open_dataset(folder).figure(FIGURE).panels or ()
    assert [(panel.label, panel.reviewed) for panel in panels] == [("q", True)]


def test_a_correction_of_another_image_is_dropped_with_a_note(harvested: Harvester, night: Publisher) -> None:
    folder = night("n1", harvested()).folder
    add_corrections(folder, [correction(folder, Change(action="set", box=LEFT, label="q"))])
    night("n2", harvested(image=figure_image(77)), versions={"code": "2"})
    assert [panel.label for panel in open_dataset(folder).figure(FIGURE).panels or ()] == ["a", "b"]
    noted = json.loads((folder / DROPPED).read_text())
    assert [(each["figure_id"], each["reason"]) for each in noted] == [(FIGURE, "the figure's image has changed")]


@pytest.mark.parametrize("is_listed", [False, True], ids=["listed no more", "could not be fetched"])
def test_a_correction_of_a_figure_that_an_article_has_no_more_is_noted(
    is_listed: bool, harvested: Harvester, night: Publisher
) -> None:
    article = harvested()
    folder = night("n1", article).folder
    add_corrections(folder, [correction(folder, Change(action="set", box=LEFT, label="q"))])
    night("n2")
    missing = (FIGURE,) if is_listed else ()
    night("n3", article.model_copy(update={"figures": article.figures[1:], "missing": missing}))
    noted = json.loads((folder / DROPPED).read_text()) if (folder / DROPPED).exists() else []
    dataset = open_dataset(folder)
    if is_listed:
        assert (noted, [panel.label for panel in dataset.figure(FIGURE).panels or ()]) == ([], ["q", "b"])
    else:
        assert [each["reason"] for each in noted] == ["the article has this figure no more"]
        assert FIGURE not in set(dataset.figures()["id"])


def test_a_correction_of_a_panel_that_is_there_no_more_is_noted(harvested: Harvester, night: Publisher) -> None:
    article = harvested()
    folder = night("n1", article).folder
    add_corrections(folder, [correction(folder, Change(action="set", box=LEFT, label="q"))])
    first = article.figures[0]
    other = (first.panels or ())[0].model_copy(update={"box": Box.of((0, 0, 10, 48))})
    again = article.model_copy(
        update={"figures": (first.model_copy(update={"panels": (other,)}), *article.figures[1:])}
    )  # fmt: skip
    for night_id in ("n2", "n3"):
        night(night_id, *[again][: night_id == "n2"], versions={"code": "2"})
        noted = json.loads((folder / DROPPED).read_text())
        assert [each["reason"] for each in noted] == ["the figure has no panel any more at a box that it names"]
    night("n4", article, versions={"code": "3"})
    assert [panel.label for panel in open_dataset(folder).figure(FIGURE).panels or ()] == ["q", "b"]
    assert not (folder / DROPPED).exists()


def test_what_later_corrections_took_away_or_moved_is_not_noted(harvested: Harvester, night: Publisher) -> None:
    folder = night("n1", harvested()).folder
    far = (0.0, 0.0, 12.0, 12.0)
    parts = [Change(action="add", box=box) for box in ((33.0, 2.0, 48.0, 48.0), (48.0, 2.0, 64.0, 48.0))]
    made = [
        correction(folder, Change(action="set", box=LEFT, label="x")),
        correction(folder, Change(action="set", box=RIGHT, label="y")),
        correction(folder, Change(action="set", box=LEFT, new_box=far)),
        correction(folder, Change(action="remove", box=RIGHT), *parts),
    ]
    add_corrections(folder, made)
    for night_id in ("n2", "n3"):
        night(night_id)
        assert not (folder / DROPPED).exists()
    assert len(open_dataset(folder).figure(FIGURE).panels or ()) == 3
    add_corrections(folder, [correction(folder, Change(action="remove", box=far))])  # where it was moved to
    night("n4")
    assert not (folder / DROPPED).exists()
    assert len(open_dataset(folder).figure(FIGURE).panels or ()) == 2


def test_an_accepted_figure_has_no_doubts_left(harvested: Harvester, night: Publisher) -> None:
    folder = night("n1", harvested()).folder
    add_corrections(folder, [correction(folder, accepted=True)])
    night("n2")
    panels = open_dataset(folder).figure(FIGURE).panels or ()
    assert [(panel.flags, panel.reviewed) for panel in panels] == [((), True), ((), True)]


def test_a_length_gives_the_panel_its_scale(harvested: Harvester, night: Publisher) -> None:
    folder = night("n1", harvested()).folder
    add_corrections(folder, [correction(folder, Change(action="set", box=LEFT, length_nm=200.0))])
    night("n2")
    panel = (open_dataset(folder).figure(FIGURE).panels or ())[0]
    assert panel.nm_per_px == pytest.approx(200 / 10.5)
    assert panel.width_nm == pytest.approx(200 / 10.5 * 31.5)


def test_words_of_the_caption_go_to_the_panel_that_a_person_names(harvested: Harvester, night: Publisher) -> None:
    folder = night("n1", harvested()).folder
    change = Change(action="set", box=RIGHT, caption=("SEM image of gold rods",))
    add_corrections(folder, [correction(folder, change)])
    night("n2")
    panel = (open_dataset(folder).figure(FIGURE).panels or ())[1]
    assert (panel.caption, panel.techniques) == (("SEM image of gold rods",), ("SEM",))
    assert "gold" in panel.keywords


def test_where_two_people_differ_it_is_told(harvested: Harvester, night: Publisher) -> None:
    folder = night("n1", harvested()).folder
    made = [
        correction(folder, Change(action="set", box=LEFT, label="x"), who="Ada"),
        correction(folder, Change(action="set", box=LEFT, label="y"), who="Bo"),
        correction(folder, Change(action="set", box=RIGHT, label="y"), who="Bo"),
    ]
    assert disagreements(made) == ["label: x (Ada), y (Bo)"]


def test_corrections_are_read_as_they_were_added(harvested: Harvester, night: Publisher) -> None:
    folder = night("n1", harvested()).folder
    one = correction(folder, Change(action="remove", box=LEFT))
    add_corrections(folder, [one])
    with (folder / FILE).open("ab") as file:
        file.write(b'{"figure_id": "broken')
    add_corrections(folder, [one])
    with pytest.raises(CorrectionError, match="line 2"):
        read_corrections(folder)
    lines = (folder / FILE).read_text().splitlines()
    (folder / FILE).write_text(f"{lines[0]}\n{lines[2]}\n")
    assert read_corrections(folder) == [one, one]
    edited = (folder / FILE).read_bytes().replace(b"\n", b"\r\n  \r\n")  # as a text editor may save it
    (folder / FILE).write_bytes(b"\xef\xbb\xbf" + edited)
    assert read_corrections(folder) == [one, one]
    (folder / FILE).write_bytes(edited.replace(b"Ada", "Zoë".encode("latin-1")))
    with pytest.raises(CorrectionError, match="line 1"):
        read_corrections(folder)


@pytest.mark.parametrize(
    "wrong",
    [{"box": (5, 5, 5, 9)}, {"box": LEFT, "length_nm": -1}, {"box": LEFT, "label": "a" * 30}, {"box": LEFT, "x": 1}],
)
def test_what_cannot_be_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="validation error"):
        Change.model_validate({"action": "set", **wrong})


boxes = st.tuples(st.integers(0, 5), st.integers(0, 3), st.integers(1, 3), st.integers(1, 3)).map(
    lambda place: (place[0] * 10.0, place[1] * 10.0, (place[0] + place[2]) * 10.0, (place[1] + place[3]) * 10.0)
)
changes = st.builds(
    Change, action=st.just("set"), box=boxes, label=st.none() | st.sampled_from(["", "a", "b"]),
    kind=st.none() | st.sampled_from(PanelKind), caption=st.none() | st.just(("SEM image",)),
)  # fmt: skip


@given(st.lists(changes, max_size=4), st.lists(boxes, max_size=4), st.booleans())
def test_applied_twice_it_is_as_applied_once(changes: list[Change], boxes: list[Any], accepted: bool) -> None:
    article = Article(
        id="s/a", name="a", source="s", url="https://x.example", doi=None, title="T", authors=(), journal="J",
        published=None, licence="CC0-1.0", licence_url=None, is_open=True, retrieved_at=NOON.date(),
    )  # fmt: skip
    figure = Figure(
        id="s/a/fig1", article_id="s/a", number=1, label="1", title="", caption="(a) One. (b) Two.", image_url="",
        image_sha256="00", width_px=90, height_px=60,
    )  # fmt: skip
    panels = tuple(Panel(id=f"s/a/fig1/p{n}", figure_id="s/a/fig1", box=Box.of(b)) for n, b in enumerate(boxes))
    parts = CaptionParts(general=(), segments={"a": ("One.",), "b": ("Two.",)})
    before = HarvestedFigure(article=article, figure=figure, parts=parts, panels=panels)
    word = Correction(
        figure_id="s/a/fig1", image_sha256="00", version="v", who="Ada", at=NOON, changes=tuple(changes),
        accepted=accepted,
    )  # fmt: skip
    once = corrected(before, [word])
    assert corrected(once, [word]) == once
