"""A published data set in the hands of those who use it."""

import doctest
import io
import json
import multiprocessing
import os
import random
import re
import shutil
import threading
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import torch
from PIL import Image
from torch.utils.data import DataLoader

import exsclaim
from exsclaim.dataset import HarvestedArticle, opened
from exsclaim.dataset.opened import Dataset, open_dataset
from exsclaim.dataset.publish.publishing import Published
from exsclaim.dataset.results import ReadingCopy
from exsclaim.dataset.tables import shards
from exsclaim.dataset.tables.shard_writing import GROUP_ROWS
from exsclaim.dataset.tables.shards import TABLES, Shards, read_ahead
from exsclaim.dataset.tables.table_rows import PLAIN_PANELS, SCHEMAS
from exsclaim.dataset.torch_datasets import IterableCrops, as_tensor
from exsclaim.dataset.transaction import COMMIT, DRAFTS, ResultFiles
from exsclaim.errors import DatasetError
from exsclaim.records import Panel
from exsclaim.storage.remote import RemoteFiles
from tests.exsclaim.dataset.conftest import Harvester, Nights, Publisher
from tests.exsclaim.dataset.test_publishing import all_bytes


@pytest.fixture
def silver(harvested: Harvester, night: Publisher, published_once: Callable[[Nights], Path]) -> Dataset:
    def two_nights() -> Published:
        night("2026-11-20", harvested("x1"))
        return night("2026-11-21", harvested("x2", seed=2))

    return open_dataset(published_once(two_nights))


def test_three_lines_from_a_folder_to_a_data_frame(harvested: Harvester, night: Publisher) -> None:
    folder = night("2026-11-20", harvested("x1")).folder
    ds = exsclaim.open_dataset(folder)
    frame = ds.panels("kind = 'microscopy'", columns=["id", "nm_per_px"])
    assert list(frame["id"]) == ["nature/x1/fig1/p1", "nature/x1/fig2/p1"]
    assert isinstance(ds, exsclaim.Dataset)


def test_examples_are_true(harvested: Harvester, night: Publisher) -> None:
    folder = night("2026-11-20", harvested("x1")).folder
    result = doctest.testmod(opened, extraglobs={"folder": folder})
    assert result.attempted
    assert not result.failed


def test_a_column_has_one_type_whatever_is_unknown_in_it(
    harvested: Harvester, night: Publisher, tmp_path: Path
) -> None:
    known = harvested("x1")
    article = known.article.model_copy(update={"published": None})
    figures = tuple(each.model_copy(update={"article": article, "panels": None}) for each in known.figures)
    all_known = open_dataset(night("2026-11-20", known).folder)
    told = [each.dtypes for each in (all_known.panels(), all_known.figures(), all_known.articles())]
    none = all_known.panels("label = 'zzz'")
    unlabelled = all_known.panels("label is null or kind = 'graph'")
    unknown = HarvestedArticle(article=article, figures=figures)
    without = open_dataset(night("2026-11-20", unknown, results_dir=tmp_path / "other").folder)
    assert without.articles()["year"].isna().all()
    assert without.figures()["panels"].isna().all()
    for each, types in (
        (none, told[0]), (unlabelled, told[0]), (without.panels(), told[0]), (without.figures(), told[1]),
        (without.articles(), told[2]),
    ):  # fmt: skip
        assert each.dtypes.to_dict() == types.to_dict()
    assert (str(told[0]["year"]), str(told[0]["is_open"]), str(told[2]["published"])[:10]) == (
        "Int32", "boolean", "datetime64",
    )  # fmt: skip


def test_panels_join_articles(silver: Dataset) -> None:
    joined = silver.panels().merge(silver.articles(), on="article_id", suffixes=("", "_of_article"))
    assert len(joined) == len(silver) == 8
    assert set(joined["title"]) == {"Silver nanoparticles"}


def test_images_are_the_crops_with_their_records(silver: Dataset) -> None:
    found = list(silver.images("label = 'b'"))
    assert [panel.id for _, panel in found] == [f"nature/{x}/fig{n}/p2" for x in ("x1", "x2") for n in (1, 2)]
    assert {(image.size, image.mode) for image, _ in found} == {((31, 46), "RGB")}


def test_records_come_back_as_they_went_in(harvested: Harvester, night: Publisher) -> None:
    article = harvested("x1")
    ds = open_dataset(night("2026-11-20", article).folder)
    assert ds.article("nature/x1") == article.article
    assert ds.figure("nature/x1/fig2").model_dump() == article.figures[1].model_dump()
    with Image.open(io.BytesIO(ds.image_path("nature/x1/fig2").read_bytes())) as image:
        assert image.size == (64, 48)


@pytest.mark.parametrize("id", ["nature/x1/fig9", "nature/zz/fig1", "", "x"])
def test_what_is_not_there_is_said(silver: Dataset, id: str) -> None:
    with pytest.raises(DatasetError, match="has no"):
        silver.figure(id)


def test_a_folder_without_a_data_set_is_said(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="holds no published data set"):
        open_dataset(tmp_path)


@pytest.fixture
def far(silver: Dataset, remote_place: str) -> str:
    """The same results at a URL."""
    url = f"{remote_place}/silver"
    files = RemoteFiles(url)
    for path in (path for path in silver.folder.rglob("*") if path.is_file()):
        files.upload(path, path.relative_to(silver.folder).as_posix())
    return url


def test_results_at_a_url_open_as_those_in_a_folder(silver: Dataset, far: str) -> None:
    ds = open_dataset(far)
    assert ds.name == "silver"
    assert ds.panels("kind = 'microscopy'").equals(silver.panels("kind = 'microscopy'"))
    assert ds.figure("nature/x2/fig1") == silver.figure("nature/x2/fig1")
    assert ds.versions == silver.versions
    assert len(ds.to_torch()) == 8


def test_figures_are_brought_when_they_are_asked_for(silver: Dataset, far: str) -> None:
    ds = open_dataset(far)
    assert not (ds.folder / "figures").exists()
    path = ds.image_path("nature/x2/fig1")
    assert path.read_bytes() == silver.image_path("nature/x2/fig1").read_bytes()
    assert [each.name for each in (ds.folder / "figures").iterdir()] == [path.name]


def test_only_what_changed_is_brought_again(
    silver: Dataset, far: str, harvested: Harvester, night: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_dataset(far)
    brought: list[str] = []
    download = RemoteFiles.download

    def noted(self: RemoteFiles, name: str, target: Path) -> None:
        brought.append(name)
        download(self, name, target)

    monkeypatch.setattr(RemoteFiles, "download", noted)
    open_dataset(far)
    assert brought == []
    folder = night("2026-11-22", harvested("x3", seed=3)).folder
    for path in (folder / "data").rglob("harvest=2026-11-22/*"):
        RemoteFiles(far).upload(path, path.relative_to(folder).as_posix())
    assert len(open_dataset(far)) == 12
    assert sorted(brought) == sorted(f"data/{t}/harvest=2026-11-22/part-00000.parquet" for t in SCHEMAS)


def test_what_a_killed_run_had_brought_is_gone_once_the_url_has_it_no_more(
    silver: Dataset, far: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(self: ReadingCopy, states: dict[str, str]) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as dying:
        dying.setattr(ReadingCopy, "_remember", killed)
        with pytest.raises(KeyboardInterrupt):
            open_dataset(far)
    files = RemoteFiles(far)
    for name in files.names():
        if "harvest=2026-11-21" in name:
            files.delete(name)
    assert len(open_dataset(far)) == 4


def test_a_publish_that_is_on_its_way_at_a_url_is_read_whole(silver: Dataset, far: str) -> None:
    """A publisher killed between two moves: the new files still lie among the drafts."""
    files = RemoteFiles(far)
    shard = "data/panels/harvest=2026-11-21/part-00000.parquet"
    files.move(shard, f"{DRAFTS}/{shard}")
    gone = [name for name in files.names() if "harvest=2026-11-20" in name]
    files.write(COMMIT, json.dumps({"manifest": {}, "move": [shard], "remove": gone}).encode())
    before = files.names()
    assert list(open_dataset(far).panels()["article_id"].unique()) == ["nature/x2"]
    assert files.names() == before


def test_a_url_without_a_data_set_is_said(remote_place: str) -> None:
    with pytest.raises(DatasetError, match="holds no published data set"):
        open_dataset(f"{remote_place}/nothing")


def items_of(loader: "DataLoader[tuple[torch.Tensor, Panel]]") -> list[str]:
    return [panel.id for batch in loader for _, panel in batch]


@pytest.mark.parametrize("workers", [0, 2])
@pytest.mark.parametrize("iterable", [False, True])
def test_a_loader_gives_each_chosen_panel_once(silver: Dataset, workers: int, iterable: bool) -> None:
    chosen = silver.to_torch(where="kind = 'microscopy'", iterable=iterable)
    # workers forked from a process in which a harvest ran take over its threads' locks, and may die of it
    context = multiprocessing.get_context("forkserver") if workers else None
    if context:
        context.set_forkserver_preload(["exsclaim.dataset.torch_datasets"])
    loader = DataLoader(chosen, batch_size=3, num_workers=workers, collate_fn=list, multiprocessing_context=context)
    assert sorted(items_of(loader)) == sorted(silver.panels("kind = 'microscopy'")["id"])
    assert len(chosen) == 4


def test_items_are_tensors_of_the_crops(silver: Dataset) -> None:
    tensor, panel = silver.to_torch(where="label = 'a'")[0]
    image, record = next(silver.images("label = 'a'"))
    assert (tensor.shape, tensor.dtype, panel) == ((3, 48, 32), torch.float32, record)
    assert torch.equal(tensor, as_tensor(image))


def test_an_iterable_data_set_is_shuffled_by_its_seed(silver: Dataset) -> None:
    orders = [[p.id for _, p in silver.to_torch(iterable=True, seed=seed)] for seed in (1, 1, 2, 3, 4)]
    assert orders[0] == orders[1]
    assert len({tuple(order) for order in orders}) > 1


@pytest.mark.parametrize("workers", [0, 1])
def test_each_epoch_has_an_order_of_its_own_with_the_same_panels(silver: Dataset, workers: int) -> None:
    panels = silver.to_torch(iterable=True)
    assert isinstance(panels, IterableCrops)
    loader = DataLoader(panels, collate_fn=list, num_workers=workers, persistent_workers=bool(workers))
    orders = []
    for epoch in (0, 1, 2, 3, 0):
        panels.set_epoch(epoch)
        orders.append(items_of(loader))
    assert orders[0] == orders[4]
    assert len(set(map(tuple, orders))) > 1
    assert len(set(map(frozenset, orders))) == 1


@pytest.mark.parametrize("iterable", [False, True])
def test_items_are_refused_once_others_lie_at_their_places(
    night: Publisher, harvested: Harvester, results: Path, iterable: bool
) -> None:
    """A harvest meanwhile writes shards anew: what was chosen for training may be of the test split there."""
    night("2026-11-20", harvested("x1"), harvested("x2"))
    opened = open_dataset(results / "silver")
    chosen = opened.to_torch(where="label = 'a'", iterable=iterable)
    assert len(items_of(DataLoader(chosen, collate_fn=list))) == 4
    night("2026-11-20", harvested("x0"), harvested("x1", caption="Gold"), harvested("x2"))
    anew = opened.to_torch(where="label = 'a'", iterable=iterable)
    assert len(items_of(DataLoader(anew, collate_fn=list))) == 6
    stale = opened.to_torch(where="label = 'b'", iterable=iterable)
    night("2026-11-20", harvested("x0", caption="Copper"))
    with pytest.raises(DatasetError, match="published anew, or is gone, since panels were chosen"):
        items_of(DataLoader(stale, collate_fn=list))


def test_tables_that_are_gone_are_no_empty_data_set(harvested: Harvester, night: Publisher) -> None:
    gone = open_dataset(night("2026-11-20", harvested("x1")).folder)
    panels = gone.to_torch()
    shutil.rmtree(gone.folder / "data")
    for ask in (gone.count, gone.panels, gone.articles, gone.figures):
        with pytest.raises(DatasetError, match="holds no published data set"):
            ask()
    with pytest.raises(DatasetError, match="or is gone, since panels were chosen"):
        panels[0]


@pytest.mark.parametrize("iterable", [False, True])
def test_crops_are_not_missed_in_silence(silver: Dataset, iterable: bool) -> None:
    shard = min((silver.folder / "data" / "panels").glob("*/*.parquet"))
    content = shard.read_bytes()
    for damage, said in ((content[:-50], "not readable"), (None, "of which the other tables speak are not there")):
        shard.unlink()
        if damage:
            shard.write_bytes(damage)
        for ask in (partial(silver.to_torch, iterable=iterable), lambda: list(silver.images())):
            with pytest.raises(DatasetError, match=said):
                ask()
        shard.touch()


def test_items_by_place_are_the_images_with_all_that_their_records_tell(silver: Dataset) -> None:
    panels = silver.to_torch(lambda image: image.tobytes())
    places = random.Random(1).sample(range(len(panels)), len(panels))
    told = sorted((panels[place] for place in places), key=lambda item: item[1].id)
    assert told == [(image.tobytes(), panel) for image, panel in silver.images()]


def test_what_made_it_is_told_of_the_newest_harvest(harvested: Harvester, night: Publisher) -> None:
    night("2026-11-20", harvested("x1"), versions={"code": "9"})
    folder = night("2026-11-21", harvested("x2"), versions={"code": "10"}).folder
    assert open_dataset(folder).made_by == {"code": "10"}


def test_versions_say_what_changed(harvested: Harvester, night: Publisher) -> None:
    night("2026-11-20", harvested("x1"))
    folder = night("2026-11-21", harvested("x1", caption="Gold"), harvested("x2", seed=2)).folder
    newest, first = open_dataset(folder).versions
    assert (first.harvest, first.added, first.changed) == ("2026-11-20", ("nature/x1",), ())
    assert (newest.harvest, newest.added, newest.changed) == ("2026-11-21", ("nature/x2",), ("nature/x1",))
    assert (newest.panels_before, newest.panels_after) == (4, 8)


def test_reading_changes_nothing(silver: Dataset) -> None:
    before = all_bytes(silver.folder)
    assert silver.count("flagged") == 4
    assert len(list(silver.images())) == 8
    assert silver.figures()["panels"].sum() == 8
    assert all_bytes(silver.folder) == before


def test_filters_do_not_look_at_the_crops(silver: Dataset) -> None:
    """Filters, counts and data frames read the panels without their crops."""
    for path in silver.folder.glob("data/panels/*/*.parquet"):
        path.write_bytes(b"")
    assert silver.count("kind = 'microscopy' and material has 'Ag'") == 4
    assert len(silver.panels()) == 8
    assert len(silver.figure("nature/x1/fig1").panels or ()) == 2
    with pytest.raises(DatasetError):
        list(silver.images())


def test_without_these_files_the_tables_are_read(silver: Dataset) -> None:
    before = silver.panels()
    shutil.rmtree(silver.folder / "data/panels-without-crops/harvest=2026-11-20")
    pd.testing.assert_frame_equal(silver.panels(), before)
    assert silver.count("kind = 'microscopy'") == 4
    assert len(silver.figure("nature/x1/fig1").panels or ()) == 2


def test_few_crops_of_many_are_read_by_their_row_groups(silver: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[int] = []
    original = shards.conformed

    def counting(file: pq.ParquetFile, *arguments: Any) -> pa.Table:
        read.append(1)
        return original(file, *arguments)

    monkeypatch.setattr(shards, "conformed", counting)
    (row,) = silver.rows("id = 'nature/x2/fig1/p2'")
    assert row["image"]["path"] == "x2_fig1-b.png"
    assert len(read) == 1  # one of two


@pytest.mark.parametrize("at_once", [2, 3, 100])
def test_row_groups_that_are_read_together_give_the_same_rows(
    harvested: Harvester, night: Publisher, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    monkeypatch.setitem(GROUP_ROWS, "panels", 1)
    folder = night("2026-11-20", *(harvested(f"x{n}", seed=n) for n in range(5))).folder
    (path,) = folder.glob("data/panels/harvest=2026-11-20/*.parquet")
    assert pq.read_metadata(path).num_row_groups == 5
    ids = open_dataset(folder).arrow(columns=["id"])["id"].combine_chunks()
    table = Shards(ResultFiles(folder))
    for wanted in (None, ids.filter(pa.array([n % 7 == 5 for n in range(len(ids))])), ids[:0]):
        groups = table.groups("panels", "2026-11-20", wanted=wanted, at_once=at_once)
        alone = table.groups("panels", "2026-11-20", wanted=wanted)
        together = [row for rows in groups for row in rows.to_pylist()]
        assert together == [row for rows in alone for row in rows.to_pylist()]
        assert [row["id"] for row in together] == (ids if wanted is None else wanted).to_pylist()


def test_tables_are_read_one_ahead_in_their_order_and_errors_come_in_their_place() -> None:
    read: list[int] = []

    def tables() -> Iterator[pa.Table]:
        for n in range(4):
            read.append(n)
            yield pa.table({"n": [n]})
        raise OSError("page 5 is damaged")

    ahead = read_ahead(tables())
    assert next(ahead)["n"].to_pylist() == [0]
    assert next(ahead)["n"].to_pylist() == [1]
    ahead.close()  # waits for the one that is being read
    assert read == [0, 1, 2]
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("read-ahead")]

    got: list[int] = []
    with pytest.raises(OSError, match="page 5"):
        got.extend(rows["n"][0].as_py() for rows in read_ahead(tables()))
    assert got == [0, 1, 2, 3]


def test_crops_lie_in_the_tables_as_they_are_and_all_else_is_packed(silver: Dataset) -> None:
    (path,) = silver.folder.glob("data/panels/harvest=2026-11-20/*.parquet")
    group = pq.read_metadata(path).row_group(0)
    columns = [group.column(n) for n in range(group.num_columns)]
    assert {each.path_in_schema: each.compression for each in columns}["image.bytes"] == "UNCOMPRESSED"
    assert {each.compression for each in columns if each.path_in_schema != "image.bytes"} == {"ZSTD"}


@pytest.mark.parametrize("how", ["empty", "cut off", "zeros within", "other bytes"])
@pytest.mark.parametrize("table", [*TABLES, PLAIN_PANELS])
def test_tables_that_cannot_be_read_are_named_with_what_to_do(silver: Dataset, table: str, how: str) -> None:
    path = silver.folder / "data" / table / "harvest=2026-11-20" / "part-00000.parquet"
    content = path.read_bytes()
    middle = bytes(len(content) - 1000 if len(content) > 1500 else len(content) // 2)
    path.write_bytes(
        {
            "empty": b"", "cut off": content[:-20], "other bytes": b"<html>not found</html>",
            "zeros within": content[:4] + middle + content[4 + len(middle) :],
        }[how]
    )  # fmt: skip
    reads = {
        "articles": [silver.articles, lambda: silver.digest, lambda: silver.article("nature/x1")],
        "figures": [silver.figures, lambda: silver.figure("nature/x1/fig1")],
        "panels": [lambda: list(silver.rows()), lambda: list(silver.images("label = 'b'"))],
        PLAIN_PANELS: [silver.panels, silver.arrow, lambda: silver.panels("caption contains 'x'")],
    }  # fmt: skip
    for read in reads[table]:
        with pytest.raises(DatasetError, match=rf"{table}/harvest=2026-11-20/part-00000.parquet.*exsclaim repair"):
            read()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"columns": ["id", "colour"]}, "no column 'colour'"),
        ({"columns": ["image"]}, "no column 'image'"),
        ({"split": "training"}, "no split 'training': train, validation, test"),
    ],
)
def test_a_column_or_split_that_is_not_there_is_said(silver: Dataset, arguments: dict[str, Any], said: str) -> None:
    with pytest.raises(DatasetError, match=said):
        silver.panels(**arguments)


@pytest.mark.parametrize(
    ("columns", "names"), [(["id", "id"], ["id"]), (("kind", "id", "kind"), ["kind", "id"]), ([], None)]
)
def test_a_column_that_is_named_twice_comes_once(silver: Dataset, columns: list[str], names: list[str] | None) -> None:
    assert list(silver.panels(columns=columns)) == (names or list(silver.panels()))


def test_a_name_alone_is_no_list_of_columns(silver: Dataset) -> None:
    with pytest.raises(TypeError, match=re.escape("such as ['id'], not the text 'id'")):
        silver.panels(columns="id")


@pytest.mark.parametrize("place", [None, 3, b"results/silver"])
def test_what_is_no_place_is_no_missing_data_set(place: Any) -> None:
    with pytest.raises(TypeError, match=re.escape(f"a place is a path or a URL, not {type(place).__name__} {place!r}")):
        open_dataset(place)


@pytest.mark.parametrize(
    ("where", "got"),
    [(3, "int 3"), (0, "int 0"), (None, "NoneType None"), (b"kind", "bytes b'kind'"), (["a", "b"], "list ['a', 'b']"),
     (pd.Series([True, False]), "Series 0 True 1 False")],
)  # fmt: skip
def test_a_filter_that_is_no_text_is_said(silver: Dataset, where: Any, got: str) -> None:
    for ask in (silver.panels, silver.count, silver.rows, silver.images):
        with pytest.raises(TypeError, match=re.escape(f"for all panels), not {got}")):
            list(ask(where))


@pytest.mark.parametrize(
    ("table", "column", "value", "said"),
    [
        ("panels", "kind", "sculpture", r"row of nature/x1/fig1/p1 .*kind: Input should be"),
        ("panels", "box", None, r"row of nature/x1/fig1/p1 "),
        ("panels", "box", [40.0, 10.0, 20.0, 30.0], r"row of nature/x1/fig1/p1 "),
        ("panels", "scale_bars", None, r"row of nature/x1/fig1/p1 "),
        ("figures", "caption_parts", "{", r"row of nature/x1/fig1 "),
        ("figures", "image_url", None, r"row of nature/x1/fig1 .*image_url"),
        ("articles", "title", None, r"row of nature/x1 .*title"),
    ],
)
def test_a_value_that_another_program_wrote_is_told_with_its_row(
    silver: Dataset, table: str, column: str, value: Any, said: str
) -> None:
    path = silver.folder / "data" / table / "harvest=2026-11-20" / "part-00000.parquet"
    rows = pq.read_table(path)
    changed = rows.set_column(
        rows.schema.get_field_index(column), column, pa.array([value] * len(rows), rows.schema.field(column).type)
    )
    pq.write_table(changed, path)
    changed_set = open_dataset(silver.folder)
    with pytest.raises(DatasetError, match=said):
        _ = list(changed_set.images()) if table == "panels" else changed_set.figure("nature/x1/fig1")


def test_a_folder_whose_name_is_no_utf8_is_refused_with_the_way_out(
    harvested: Harvester, night: Publisher, tmp_path: Path
) -> None:
    latin = tmp_path / os.fsdecode("für".encode("latin-1"))
    shutil.copytree(night("2026-11-20", harvested()).folder, latin)
    with pytest.raises(DatasetError, match="rename it, or set the locale"):
        open_dataset(latin)
    latin.rename(tmp_path / "für")
    assert open_dataset(tmp_path / "für").count() == 4
