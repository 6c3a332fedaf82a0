"""Filters over, and exports of, a large data set: `python -m benchmarks.dataset_use --filter 1000000 --export 100000`.

The data set is generated: panels of published form, crops of 64 x 48 px of noise (9 kB), articles of one figure (70 kB)
and ten panels; `--width 210` makes crops of 100 kB, as those of published figures are, and figures of 0.7 MB. Filters
are counted three times and the best time is printed; crops, which filters do not read, are left out there. Exports run
in processes of their own, with their processor time, the bytes that they wrote by the second and their most memory.
"""

import argparse
import io
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from PIL import Image

from exsclaim.dataset.condition.published_state import COUNTED, FORM, Counting, PublishedState, digests, write_state
from exsclaim.dataset.formats import export
from exsclaim.dataset.opened import open_dataset
from exsclaim.dataset.pages.attribution import Attribution
from exsclaim.dataset.pages.published_files import write_all
from exsclaim.dataset.tables import table_rows
from exsclaim.dataset.tables.pictures import png
from exsclaim.dataset.tables.shard_writing import GROUP_ROWS, TableWriter, write_plain_panels
from exsclaim.dataset.tables.shards import Shards
from exsclaim.dataset.transaction import Transaction

PER_ARTICLE = 10
BLOCK = 1000
"""Articles that are made one by one; the others are these with other numbers."""
FILTERS = (
    "kind = 'microscopy'",
    "kind = 'microscopy' and technique has 'HAADF-STEM' and nm_per_px < 1 and scale_confidence > 0.8 and not flagged",
)
RNG = np.random.default_rng(3)


def generate(folder: Path, panels: int, width_px: int) -> None:
    """A results folder with so many panels, whose crops are so wide; 0 leaves images out."""
    files = Transaction(folder)
    made = _by_table(article(n, width_px) for n in range(BLOCK))
    block = {table: pa.concat_tables(rows) for table, rows in made.items()}
    writers = {table: TableWriter(files, table, f"data/{table}/harvest=2026-11-20") for table in block}
    for number in range(panels // PER_ARTICLE // BLOCK):
        for table, rows in block.items():
            new = renumbered(rows, number)
            for start in range(0, new.num_rows, GROUP_ROWS[table]):
                writers[table].write(new.slice(start, GROUP_ROWS[table]))
    for writer in writers.values():
        writer.close()
    write_plain_panels(files, {"2026-11-20"})
    counting = Counting()
    write_all(Shards(files).stream(panel_columns=COUNTED), [counting, Attribution(files)])
    content, _ = digests(Shards(files).articles())
    write_state(files, PublishedState(form=FORM, content=content, counts=counting.counted()))
    files.commit()
    if width_px:
        file = io.BytesIO()
        noise = RNG.integers(0, 255, (width_px * 15 // 4, width_px * 5, 3), dtype=np.uint8)
        Image.fromarray(noise).save(file, format="JPEG", quality=95)
        (folder / "figures").mkdir()
        for n in range(panels // PER_ARTICLE):
            (folder / "figures" / f"x{n:07d}_fig1.jpg").write_bytes(file.getvalue())


def _by_table(articles: Iterable[dict[str, pa.Table]]) -> dict[str, list[pa.Table]]:
    found: dict[str, list[pa.Table]] = {}
    for tables_of_article in articles:
        for table, rows in tables_of_article.items():
            found.setdefault(table, []).append(rows)
    return found


def renumbered(rows: pa.Table, block: int) -> pa.Table:
    """The rows of a block with other ids, and other numbers in the columns that are filtered."""
    for name in {"article_id", "id", "figure_id", "figure_name", "crop_name", "name"} & set(rows.column_names):
        column = pc.replace_substring(rows[name], "x0000", f"x{block:04d}", max_replacements=1)
        rows = rows.set_column(rows.schema.get_field_index(name), rows.schema.field(name), column)
    for name, most in (("nm_per_px", 4.0), ("scale_confidence", 1.0)):
        if name in rows.column_names:
            numbers = pa.array(RNG.random(rows.num_rows) * most)
            rows = rows.set_column(rows.schema.get_field_index(name), rows.schema.field(name), numbers)
    return rows


def article(n: int, width_px: int) -> dict[str, pa.Table]:
    """One article of one figure of ten panels."""
    id = f"nature/x{n:07d}"
    shared = {
        "article_id": id, "article_digest": f"{n:064x}", "source": "nature", "journal": "J", "year": 2000 + n % 25,
        "licence": "CC-BY-4.0", "is_open": True, "split": ("train", "validation", "test")[n % 3], "versions": "{}",
    }  # fmt: skip
    rows = []
    for place in range(1, PER_ARTICLE + 1):
        image = png(RNG.integers(0, 255, (width_px * 3 // 4, width_px, 3), dtype=np.uint8)) if width_px else b""
        name = f"x{n:07d}_fig1-p{place}.png"
        rows.append(
            shared | {
                "image": {"bytes": image, "path": name} if width_px else None,
                "id": f"{id}/fig1/p{place}", "figure_id": f"{id}/fig1",
                "figure_name": f"x{n:07d}_fig1.jpg", "crop_name": name, "kind": ("microscopy", "graph")[place % 2],
                "kind_confidence": 0.9, "label_confidence": 0.9, "label": "abcdefghij"[place - 1],
                "box": [0, 0, 64, 48],
                "caption": "HAADF-STEM image of silver.",
                "caption_sentences": ["HAADF-STEM image of silver."],
                "keywords": ["silver"], "materials": ["silver", "Ag"], "techniques": [("TEM", "HAADF-STEM")[n % 2]],
                "nm_per_px": float(RNG.random() * 4),
                "scale_confidence": float(RNG.random()), "scale_bars": [],
                "doubts": ["scale_conflict"] * (place % 5 == 0),
                "is_inset": False,
            }
        )  # fmt: skip
    figure = shared | {
        "id": f"{id}/fig1", "number": 1, "figure_name": f"x{n:07d}_fig1.jpg", "width_px": 320, "height_px": 240,
        "label": "Figure 1", "article_title": "Silver", "article_url": f"https://journal.example/{n}",
        "image_url": f"https://journal.example/{n}/1.jpg",
        "caption": "", "general": [], "caption_parts": json.dumps({"segments": {}}), "panels": PER_ARTICLE,
    }  # fmt: skip
    return {
        "articles": table_rows.table("articles", [shared | {"name": f"x{n:07d}", "figures": 1, "panels": PER_ARTICLE}]),
        "figures": table_rows.table("figures", [figure]),
        "panels": table_rows.table("panels", rows),
    }


def time_filters(folder: Path) -> None:
    for where in FILTERS:
        seconds = []
        for _ in range(3):
            began = time.monotonic()
            count = open_dataset(folder).count(where)
            seconds.append(time.monotonic() - began)
        print(f"{min(seconds):6.2f} s  {count} by {where}", flush=True)


def time_export(folder: Path, to: str, place: str | None, is_linking: bool) -> None:
    with tempfile.TemporaryDirectory(dir=place) as out:
        began = time.monotonic()
        export(open_dataset(folder), to, Path(out), is_linking=is_linking)
        size = sum(path.stat().st_size for path in Path(out).rglob("*") if path.is_file())
    seconds, used = time.monotonic() - began, resource.getrusage(resource.RUSAGE_SELF)
    cpu = used.ru_utime + used.ru_stime
    print(
        f"{to:<12} {seconds:7.1f} s {used.ru_utime:6.1f} s user {used.ru_stime:5.1f} s system {size / 1e6:6.0f} MB "
        f"{size / 1e6 / seconds:6.1f} MB/s {size / 1e6 / cpu:6.1f} MB per processor second "
        f"{most_memory_mb():5.0f} MB most memory",
        flush=True,
    )


def most_memory_mb() -> float:
    """Most resident memory of this process; `ru_maxrss` would be that of the parent, where it had more."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--filter", type=int, default=0, help="panels to filter")
    parser.add_argument("--export", type=int, default=0, help="panels to export")
    parser.add_argument("--width", type=int, default=64, help="width of the crops that are exported, px")
    parser.add_argument("--place", help="folder of the disk that is meant; ext4 makes files slowly for minutes after "
                        "thousands were deleted")  # fmt: skip
    parser.add_argument("--link", action="store_true", help="export figures as hard links")
    parser.add_argument("--inner", nargs=2, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.inner:
        time_export(Path(arguments.inner[0]), arguments.inner[1], arguments.place, arguments.link)
        return
    for panels, is_filter in ((arguments.filter, True), (arguments.export, False)):
        if not panels:
            continue
        with tempfile.TemporaryDirectory(dir=arguments.place) as folder:
            generate(Path(folder), panels, 0 if is_filter else arguments.width)
            print(f"{panels} panels", flush=True)
            if is_filter:
                time_filters(Path(folder))
            for to in () if is_filter else ("coco", "webdataset", "hf"):
                command = [sys.executable, "-m", "benchmarks.dataset_use", "--inner", folder, to]
                command += ["--place", arguments.place] if arguments.place else []
                command += ["--link"] if arguments.link else []
                subprocess.run(command, check=True)


if __name__ == "__main__":
    main()
