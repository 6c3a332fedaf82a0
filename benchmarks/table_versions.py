"""Old versions of a table kept: ours (hard links), Delta Lake and Lance: `python -m benchmarks.table_versions ours`.

`delta` and `lance` need the packages deltalake and pylance, which EXSCLAIM does not. The table is generated: articles
of ten panels with crops of incompressible bytes. Then come two nights: one with new articles, one on which articles in
all shards changed. Said are the seconds and the bytes of each, and what opens the newest state as it lies.
"""

import argparse
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa

PER_ARTICLE = 10
CROP_BYTES = 10_000
NEW_SHARE, CHANGED_SHARE = 0.02, 0.01
Night = Callable[[Path, pa.Table], None]


def panels(articles: range, version: int, every: int = 1) -> pa.Table:
    """Rows of some articles, in the order of their ids."""
    rng = np.random.default_rng(articles.start + version)
    chosen = [n for n in articles if n % every == 0]
    rows = [(f"nature/x{n:07d}", place) for n in chosen for place in range(1, PER_ARTICLE + 1)]
    return pa.table(
        {
            "id": [f"{article}/fig1/p{place}" for article, place in rows],
            "article_id": [article for article, _ in rows],
            "article_digest": [f"{article} {version}" for article, _ in rows],
            "kind": ["microscopy"] * len(rows),
            "nm_per_px": rng.random(len(rows)),
            "image": [{"bytes": rng.bytes(CROP_BYTES), "path": None} for _ in rows],
        },
        schema=pa.schema({
            "id": pa.string(), "article_id": pa.string(), "article_digest": pa.string(), "kind": pa.string(),
            "nm_per_px": pa.float64(), "image": pa.struct({"bytes": pa.binary(), "path": pa.string()}),
        }),
    )  # fmt: skip


def ours(folder: Path, rows: pa.Table) -> None:
    """A partition with the rows, out of those that have rows of the same articles; the old state is kept by links."""
    from exsclaim.dataset import tables
    from exsclaim.dataset.tables.shard_writing import TableWriter, without
    from exsclaim.dataset.transaction import Transaction

    harvests = sorted((folder / "data/panels").glob("harvest=*")) if (folder / "data").exists() else []
    if harvests:
        kept = folder / "versions" / str(len(harvests))
        shutil.copytree(folder / "data", kept, copy_function=lambda a, b: Path(b).hardlink_to(a))
    files = Transaction(folder)
    for harvest in harvests:
        without(files, harvest.name.removeprefix("harvest="), set(rows["article_id"].to_pylist()))
    writer = TableWriter(files, "panels", f"data/panels/harvest={len(harvests)}")
    for start in range(0, rows.num_rows, PER_ARTICLE):
        writer.write(tables.table("panels", [_whole(row) for row in rows.slice(start, PER_ARTICLE).to_pylist()]))
    writer.close()
    files.commit()


def _whole(row: dict[str, object]) -> dict[str, object]:
    return {"figure_id": str(row["id"]).rpartition("/")[0], "scale_bars": [], "doubts": [], "split": "train", **row}


def delta(folder: Path, rows: pa.Table) -> None:
    """Merged by id, as Delta's documentation has it."""
    from deltalake import DeltaTable, write_deltalake

    if not folder.exists():
        write_deltalake(str(folder), rows)
        return
    merging = DeltaTable(str(folder)).merge(rows, "old.id = new.id", source_alias="new", target_alias="old")
    merging.when_matched_update_all().when_not_matched_insert_all().execute()


def lance(folder: Path, rows: pa.Table) -> None:
    """Merged by id, as Lance's documentation has it."""
    import lance as library

    if not folder.exists():
        library.write_dataset(rows, str(folder))
        return
    merging = library.dataset(str(folder)).merge_insert("id")
    merging.when_matched_update_all().when_not_matched_insert_all().execute(rows)


def bytes_of(folder: Path) -> int:
    """Bytes on disk; what is linked twice counts once."""
    found = {(status.st_dev, status.st_ino): status.st_size for path in folder.rglob("*") if path.is_file()
             for status in (path.stat(),)}  # fmt: skip
    return sum(found.values())


def opened_by(folder: Path, expected: int) -> list[str]:
    """Names of the programs that open the newest state as it lies, with the rows that they find."""
    found = []
    for name, read in (("duckdb", _by_duckdb), ("datasets", _by_datasets)):
        try:
            rows = read(folder)
        except Exception as error:  # noqa: BLE001  whatever a program says of a folder that it does not know
            found.append(f"{name}: no ({type(error).__name__})")
        else:
            found.append(f"{name}: {rows} rows{'' if rows == expected else f', not {expected}'}")
    return found


def _by_duckdb(folder: Path) -> int:
    import duckdb

    pattern = "data/panels/*/*.parquet" if (folder / "data/panels").exists() else "**/*.parquet"
    return int(duckdb.sql(f"SELECT count(*) FROM read_parquet('{folder}/{pattern}')").fetchall()[0][0])


def _by_datasets(folder: Path) -> int:
    from datasets import load_dataset

    with tempfile.TemporaryDirectory() as cache:
        data = folder / "data/panels" if (folder / "data/panels").exists() else folder
        return len(load_dataset(str(data), cache_dir=cache)["train"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("how", choices=("ours", "delta", "lance"))
    parser.add_argument("--panels", type=int, default=20_000)
    arguments = parser.parse_args()
    night: Night = {"ours": ours, "delta": delta, "lance": lance}[arguments.how]
    articles = arguments.panels // PER_ARTICLE
    new = round(articles * NEW_SHARE)
    nights = {
        "first": lambda: panels(range(articles), 1),
        f"{NEW_SHARE:.0%} new": lambda: panels(range(articles, articles + new), 1),
        f"{CHANGED_SHARE:.0%} changed": lambda: panels(range(articles), 2, every=round(1 / CHANGED_SHARE)),
    }
    with tempfile.TemporaryDirectory() as parent:
        folder = Path(parent) / "table"
        before = 0
        for name, made in nights.items():
            rows = made()
            began = time.monotonic()
            night(folder, rows)
            seconds, now = time.monotonic() - began, bytes_of(folder)
            print(f"{arguments.how:<6} {name:<12} {seconds:6.1f} s {(now - before) / 1e6:8.1f} MB more", flush=True)
            before = now
        print("; ".join(opened_by(folder, (articles + new) * PER_ARTICLE)), flush=True)


if __name__ == "__main__":
    main()
