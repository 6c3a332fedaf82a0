"""Index and searches of generated panels: `python -m benchmarks.gallery 100000 1000000`.

Four panels a figure, four figures an article; captions of about 17 words out of 2,000, techniques and materials among
them. The panels have no crops: an index does not read them. Prints wall-clock and processor time.
"""

import resource
import statistics
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from exsclaim.gallery.found_panels import PanelIndex
from exsclaim.gallery.panel_index import build
from exsclaim.gallery.prompts import understood
from exsclaim.gallery.searches import Search

PANELS_A_SHARD = 50_000
_WORDS = """
    CREATE MACRO pick(n, salt, most) AS CAST(hash(n * 1000003 + salt) % most AS INTEGER);
    CREATE MACRO word(n, salt) AS
        'w' || CAST(CAST(power(hash(n * 7919 + salt) % 1000000 / 1e6, 3) * 2000 AS INTEGER) AS VARCHAR);
    CREATE MACRO technique(n) AS ['SEM', 'TEM', 'HAADF-STEM', 'XRD', 'AFM', 'Raman', 'EDS', 'XPS'][pick(n, 1, 8) + 1];
    CREATE MACRO material(n) AS
        ['silver', 'gold', 'TiO2', 'ZnO', 'graphene', 'iron', 'copper', 'MoS2'][pick(n, 2, 8) + 1];
    CREATE MACRO said(n) AS technique(n) || ' image of ' || material(n) || ' nanoparticles ' ||
        array_to_string(list_transform(range(12), lambda i: word(n, i)), ' ') || '.';
"""
_PANELS = """
    SELECT 'nature/a' || lpad(CAST(n // 16 AS VARCHAR), 9, '0') || '/fig' || (n // 4) % 4 || '/p' || n % 4 AS id,
        'nature/a' || lpad(CAST(n // 16 AS VARCHAR), 9, '0') || '/fig' || (n // 4) % 4 AS figure_id,
        'nature/a' || lpad(CAST(n // 16 AS VARCHAR), 9, '0') AS article_id, chr(CAST(97 + n % 4 AS INTEGER)) AS label,
        ['microscopy', 'graph', 'diffraction', 'illustration', 'photo'][pick(n, 3, 5) + 1] AS kind,
        ['SEM', 'TEM', 'line plot', 'scheme', 'photograph'][pick(n, 4, 5) + 1] AS type, 0.9 AS type_confidence,
        [0.0, 0.0, 200.0, 200.0] AS box, 0.9 AS box_confidence, pick(n, 5, 100) / 100 AS kind_confidence,
        false AS is_inset, said(n) AS caption, [technique(n)] AS techniques, [material(n), 'nanoparticle'] AS keywords,
        CASE WHEN pick(n, 6, 5) = 0 THEN ['kind_in_doubt'] ELSE [] END AS doubts,
        CASE WHEN pick(n, 7, 3) = 0 THEN exp(pick(n, 8, 100) / 10) / 100 END AS nm_per_px,
        [{{'length_nm': CAST(pick(n, 9, 1000) AS DOUBLE)}}] AS scale_bars, nm_per_px * 200 AS width_nm,
        'Journal ' || pick(n // 16, 10, 40) AS journal, 'nature' AS source, 2005 + pick(n // 16, 11, 21) AS year,
        ['CC-BY-4.0', 'CC-BY-NC-4.0', 'publisher'][pick(n // 16, 12, 3) + 1] AS licence, true AS is_open,
        '10.1038/' || n // 16 AS doi, 'Article on ' || material(n // 16) AS article_title
    FROM range({first}, {last}) t(n)
"""
_FIGURES = """
    SELECT 'nature/a' || lpad(CAST(n // 4 AS VARCHAR), 9, '0') || '/fig' || n % 4 AS id,
        'a' || n || '.png' AS figure_name, 'Fig. ' || n % 4 AS label, 'Structure of ' || material(n) AS title,
        material(n) || ' samples. ' || said(n * 4) || ' ' || said(n * 4 + 1) || ' ' || said(n * 4 + 2) AS caption,
        [material(n) || ' samples.'] AS general, 'Article on ' || material(n // 4) AS article_title, 800 AS width_px,
        600 AS height_px, [{{'sentence': 'Fig. ' || n % 4 || ' shows ' || word(n, 99)}}] AS mentions
    FROM range({first}, {last}) t(n)
"""
PROMPTS = ("HAADF-STEM silver nanoparticles below 50 nm, CC BY, since 2020", "gold w17 w3", "w1")


def generate(folder: Path, panels: int) -> None:
    """Write the tables of a data set of so many panels."""
    made = duckdb.connect()
    made.execute(_WORDS)
    for table in ("articles", "figures", "panels"):
        (folder / f"data/{table}/harvest=n1").mkdir(parents=True)
    made.execute(
        "COPY (SELECT 'nature/a' || lpad(CAST(n AS VARCHAR), 9, '0') AS article_id, 'd' AS article_digest, 'a' AS name"
        f" FROM range({panels // 16}) t(n)) TO '{folder}/data/articles/harvest=n1/part-00000.parquet'"
    )
    for shard, first in enumerate(range(0, panels, PANELS_A_SHARD)):
        last = min(panels, first + PANELS_A_SHARD)
        made.execute(
            f"COPY ({_PANELS.format(first=first, last=last)})"
            f" TO '{folder}/data/panels/harvest=n1/part-{shard:05d}.parquet'"
        )
        made.execute(
            f"COPY ({_FIGURES.format(first=first // 4, last=last // 4)})"
            f" TO '{folder}/data/figures/harvest=n1/part-{shard:05d}.parquet'"
        )


def timed(index: PanelIndex, search: Search) -> tuple[float, float]:
    """Wall-clock and processor time in ms of a page with its facets; the facets are not those of an earlier call."""
    wall, processor = time.perf_counter(), time.process_time()
    index.find(search, count=48)
    index.facets(search)
    return (time.perf_counter() - wall) * 1000, (time.process_time() - processor) * 1000


def main(sizes: list[int]) -> None:
    """Generates, indexes and searches data sets of these sizes."""
    for panels in sizes:
        with TemporaryDirectory() as place:
            folder = Path(place)
            generate(folder, panels)
            size_mb = sum(path.stat().st_size for path in folder.rglob("*.parquet")) / 1e6
            wall, processor = time.perf_counter(), time.process_time()
            build(folder, folder / "index.duckdb")
            wall, processor = time.perf_counter() - wall, time.process_time() - processor
            index_mb = (folder / "index.duckdb").stat().st_size / 1e6
            print(f"{panels:,} panels ({size_mb:.0f} MB of tables without crops, index {index_mb:.0f} MB)")
            print(f"  index: {wall:.1f} s, {processor:.1f} s of processor: {panels / wall:,.0f} panels/s")
            index = PanelIndex(folder / "index.duckdb")
            asked = {
                "first page": Search(), "facet click": Search(kind=("microscopy",)),
                "two facets": Search(kind=("graph",), licence=("CC-BY-4.0",)), "newest": Search(sort="newest"),
            }  # fmt: skip
            asked |= {prompt: understood(prompt, this_year=2026).search for prompt in PROMPTS}
            for name, search in asked.items():
                # another order each time: facets are kept by conditions, so an odd year is added as one
                runs = [timed(index, search.model_copy(update={"year_max": 2100 + n})) for n in range(5)]
                walls, processors = zip(*runs, strict=True)
                print(
                    f"  {name}: {statistics.median(walls):.0f} ms, {statistics.median(processors):.0f} ms of processor"
                )
            index.close()
    print(f"most memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3:.0f} MB")


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or [100_000])
