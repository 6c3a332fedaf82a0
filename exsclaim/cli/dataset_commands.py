"""Published data sets: `exsclaim columns`, `export`, `formats`, `versions`, `diff`, `merge`, `repair`, `show`."""

import os
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from exsclaim.cli.terminal import counted, folder_to_write, png_to_write, print_table, say, writing_to
from exsclaim.errors import ExsclaimError

_DATASET = Annotated[str, typer.Argument(help="Results of a query: a folder or URL, such as results/silver.")]
_WHERE = Annotated[
    str, typer.Option(help="Filter, such as \"kind = 'microscopy' and nm_per_px < 1\"; see exsclaim columns.")
]
_SPLIT = Annotated[str, typer.Option(help="train, validation or test.")]


def columns(
    only: Annotated[str, typer.Argument(help="Show only columns whose name or description contains this.")] = "",
) -> None:
    """List the columns that filters (--where) can use."""
    from exsclaim.dataset.tables.filter_columns import COLUMNS

    listed = Table("column", "type", "description", box=None)
    for name, column in COLUMNS.items():
        if only.casefold() in f"{name} {column.doc}".casefold():
            listed.add_row(name, column.kind, column.doc)
    if not listed.row_count:
        raise ExsclaimError(f"no column has {only!r} in its name or description; exsclaim columns lists them all")
    print_table(listed)


def export(
    dataset: _DATASET,
    to: Annotated[str, typer.Option(help="Format; exsclaim formats lists them.")],
    out: Annotated[
        str,
        typer.Option(
            help="Folder or URL to write to, such as s3://bucket/folder; for postgres, postgresql://…",
            callback=folder_to_write,
        ),
    ],
    where: _WHERE = "",
    split: _SPLIT = "",
    link: Annotated[
        bool, typer.Option("--link", help="Write figures as hard links, which take no space; never edit one in place.")
    ] = False,
) -> None:
    """Export a data set, or the panels that a filter selects, to a format that other programs read."""
    from exsclaim.dataset import formats
    from exsclaim.dataset.opened import open_dataset
    from exsclaim.storage import without_secrets

    opened = open_dataset(dataset)
    with writing_to(out):
        count = formats.export(opened, to, out, where=where, split=split, is_linking=link)
    chosen = opened.count(where, split)
    more = f": all of the figures of the {chosen} chosen" if count > chosen else ""
    say(f"{counted(count, 'panel')} as {to} in {without_secrets(out)}{more}")


def formats() -> None:
    """List the formats that exsclaim export can write."""
    from exsclaim.dataset.formats import FORMATS

    listed = Table("format", "description", box=None)
    for name, form in FORMATS.items():
        listed.add_row(name, form.doc)
    print_table(listed)


def versions(dataset: _DATASET) -> None:
    """List the versions of a data set: what each harvest added, changed and withdrew."""
    from exsclaim.dataset.opened import open_dataset

    opened = open_dataset(dataset)
    opened.refuse_earlier_form("list its versions")
    listed = Table("version", "articles", "figures", "panels", "added", "changed", "withdrawn", box=None)
    for each in opened.versions:
        counts = (each.articles, each.figures, each.panels, len(each.added), len(each.changed), len(each.withdrawn))
        listed.add_row(each.id, *map(str, counts))
    print_table(listed)


def diff(older: _DATASET, newer: _DATASET) -> None:
    """List the articles that differ between two data sets, such as last month's copy and today's."""
    from exsclaim.dataset.opened import open_dataset

    for what, ids in open_dataset(newer).difference(open_dataset(older)).items():
        say(f"{what}: {len(ids)}")
        for id in ids:
            say(f"  {id}")


def merge(
    datasets: Annotated[list[str], typer.Argument(help="Results folders; the first takes precedence.")],
    out: Annotated[
        Path,
        typer.Option(help="Folder to write; an earlier merge there is updated.", callback=folder_to_write),
    ],
) -> None:
    """Merge several data sets into one; a work that several of them contain is taken once."""
    from exsclaim.dataset.opened import open_dataset
    from exsclaim.dataset.publish.merging import merge_datasets

    opened = [open_dataset(each) for each in datasets]
    with writing_to(out):
        merged = merge_datasets(opened, out)
    what = {"article": merged.counts.articles, "figure": merged.counts.figures, "panel": merged.counts.panels}
    counts = ", ".join(counted(count, thing) for thing, count in what.items())
    say(f"{counts} in {out}; {counted(merged.duplicates, 'duplicate')} left out")


def repair(
    dataset: Annotated[Path, typer.Argument(help="Results folder of a query: results/silver.", exists=True)],
) -> None:
    """Check every table and figure of a data set and set damaged ones aside; the next harvest recreates them."""
    from exsclaim.dataset.condition.damage import ASIDE, figures_set_aside, mend
    from exsclaim.dataset.condition.missing_rows import partitions
    from exsclaim.dataset.condition.published_state import STATE
    from exsclaim.dataset.results import open_results
    from exsclaim.dataset.tables.shards import Shards
    from exsclaim.dataset.transaction import ResultFiles
    from exsclaim.errors import DatasetError

    if not (dataset / STATE).is_file() and not partitions(Shards(ResultFiles(dataset))):
        raise DatasetError(
            f"{dataset} holds no published data set: name the results of a query, such as results/silver"
        )
    with open_results(dataset.parent, dataset.name):
        figures = figures_set_aside(dataset)  # while the tables that name them are there
        damaged, made_anew = mend(dataset, whole=True)
        damaged += figures
    lines = [f"{folder}: made anew from the panels" for folder in made_anew]
    if damaged:
        aside = f"{dataset / ASIDE}: what remains of them is there. Harvest the query again: it recreates them"
        lines += [*damaged, f"{aside} from the store and the cache"]
    for said in lines or ["every table and every figure is whole"]:
        say(said)


def show(
    id: Annotated[str, typer.Argument(help="Id of a figure or panel, such as nature/x1/fig2 or nature/x1/fig2/p1.")],
    dataset: Annotated[str, typer.Option(help="Results of a query: a folder or URL.")],
    out: Annotated[Path, typer.Option(help="PNG file to write.", callback=png_to_write)],
) -> None:
    """Draw a figure with the boxes, the scales as rulers, and the data of each panel."""
    from exsclaim.dataset.opened import open_dataset
    from exsclaim.dataset.tables.pictures import draw
    from exsclaim.errors import DatasetError
    from exsclaim.storage.local import write_whole

    opened = open_dataset(dataset)
    opened.refuse_earlier_form("look")
    if Path(os.path.realpath(out)).is_relative_to(opened.folder.resolve()):
        raise DatasetError(f"{out} lies within the data set itself: choose another --out")
    if "/fig" not in id:
        raise DatasetError(f"{id!r} is no id of a figure or a panel, such as nature/x1/fig2 or nature/x1/fig2/p1")
    is_panel = not id.rpartition("/")[2].startswith("fig")
    figure_id = id.rpartition("/")[0] if is_panel else id
    figure = opened.figure(figure_id)
    panels = [panel for panel in figure.panels or () if not is_panel or panel.id == id]
    if is_panel and not panels:
        raise DatasetError(f"{dataset} has no panel {id}; figure {figure_id} has {len(figure.panels or ())}")
    path = opened.image_path(figure_id)
    picture = draw(path, panels, with_text=True, each_its_own=True)
    if picture is None:
        raise DatasetError(f"{path} does not exist, or cannot be decoded")
    with writing_to(out):
        write_whole(out, picture)
    say(f"{figure.figure.label} of {figure.article.title}")
    say(f"{figure.article.url}  licence {figure.figure.licence or figure.article.licence}")
    say(f"{counted(len(panels), 'panel')} drawn in {out}")
