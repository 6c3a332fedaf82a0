"""The data set's card: README.md with the metadata by which Hugging Face loads the folder.

Fields: https://huggingface.co/docs/hub/datasets-cards, https://huggingface.co/docs/datasets/repository_structure.
"""

from collections.abc import Iterable, Mapping, Sequence

import yaml

from exsclaim.dataset.condition.published_state import DatasetCounts, DatasetVersion
from exsclaim.dataset.pages.attribution import ATTRIBUTIONS
from exsclaim.dataset.plain_pages import plain, table
from exsclaim.dataset.tables.column_meanings import listed
from exsclaim.dataset.tables.splits import SEED, SHARES, SPLITS

PANELS = "panels"
RESULTS = {table: f"data/{table}/*/*.parquet" for table in (PANELS, "figures", "articles")}
"""Table -> its files in a results folder."""
_SIZES = ((1000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"))
_MOST_ROWS = 40
MEASURED = (
    ("panels, F1 at IoU 0.5 / 0.75 / 0.9", "0.899 / 0.837 / 0.760", "0.923 / 0.877 / 0.786"),
    ("label right, of matched panels with one", "0.914", "0.988"),
    ("kind right, of matched panels", "0.863", "0.840"),
    ("scale bars F1; length within 5 %", "0.857; 0.935", "0.905; 1.000"),
    ("printed scale read right", "70 of 89", "8 of 10"),
)
"""Rows of the project's README: a test compares both."""
_FIGURES = ("figures rich in micrographs (39 figures, 192 panels)", "other fields (86 figures, 178 panels)")
_USES = (
    "The data set is for finding figures, and for training and testing programs that find, classify, read or describe "
    "panels. Do not measure by `nm_per_px` alone, without looking at the figure and its article. Do not use it for "
    "medical decisions, nor to identify people: figures may show people as their articles do, and they were not asked "
    "again.",
)
_MADE = (
    "Articles are fetched from their publishers or archives; an article of unknown licence is left out, unless the "
    "query allows it. Captions are split by a grammar of labels, and figures are separated by small neural networks. "
    "No panel was labelled by hand, except those marked `reviewed`. Figures are included as they were published, and "
    "crops have their pixels.",
    "The following measurements are of the networks that come with EXSCLAIM, on annotated figures on which none of "
    "them was trained and no threshold was chosen. This data set itself was not measured.",
)
_LIMITS = (
    "Boxes, kinds, labels, scales and captions of panels were read by programs and can be wrong: the columns "
    "`kind_confidence`, `label_confidence`, `scale_confidence` and `doubts` state how certain each of them is. What "
    "one query finds in some sources is not a representative sample of a field: kinds, techniques, years and journals "
    "are distributed as unevenly as shown above. Splits keep each work together, and figures that look alike; their "
    "shares are therefore not exact, and in a small data set far from it.",
)
_RIGHTS = (
    "The figures belong to their authors and publishers. `ATTRIBUTION.md` lists each with authors, source and licence "
    "(`attribution.csv` is the same for programs). Creative Commons licences require this attribution of everyone who "
    "passes the figures on. The column `licence` tells how each figure may be used.",
)
_CITATION = (
    "Schwenker et al., EXSCLAIM!: Harnessing materials science literature for self-labeled microscopy datasets, "
    "Patterns 4, 100843 (2023), and the articles in `ATTRIBUTION.md`.",
)
_KEPT = (
    "An article keeps its id and its split. The id of a panel is its place in its figure, as separated by the "
    "networks that `versions` names. If other networks separate the figure differently, or the article changes, "
    "`article_digest` changes as well. `CHANGES.md` of the harvested data set lists what each version added, changed "
    "and withdrew. An article that is retracted, or loses its licence, is removed by the next harvest. Errors can be "
    "corrected (`exsclaim view DATASET --review`), and corrections are kept.",
)


def card(name: str, counts: DatasetCounts, made_by: Mapping[str, str], versions: Sequence[DatasetVersion],
    data_files: Mapping[str, object] | None = None, chosen: str = "",
) -> bytes:  # fmt: skip
    """The card as Markdown with YAML front matter.

    Args:
        name: of the data set.
        counts: what is in it.
        made_by: name -> version of the code and of each model.
        versions: of the data set, the newest first.
        data_files: table -> its files, by default those of a results folder.
        chosen: sentence on what of the data set it is, where it is not all.
    """
    files = data_files or RESULTS
    version = versions[0].id if versions else "none"
    return (
        f"---\n{yaml.safe_dump(front_matter(name, counts, files), sort_keys=False, allow_unicode=True)}---\n\n"
        + "\n".join(
            [
                *_heading(name, version, files, chosen), *_contents(counts), *_columns(files), *_datasheet(made_by),
            ]
        )
    ).encode()  # fmt: skip


def front_matter(name: str, counts: DatasetCounts, data_files: Mapping[str, object] | None = None) -> dict[str, object]:
    """The card's metadata; `data_files`: table -> its files, by default those of a results folder."""
    files = data_files or RESULTS
    return {
        "pretty_name": name,
        **_licence(counts),
        "language": ["en"],
        "task_categories": ["image-classification", "object-detection", "image-to-text"],
        "tags": ["microscopy", "scientific figures", "exsclaim"],
        "size_categories": [next((size for most, size in _SIZES if counts.panels < most), "1M<n<10M")],
        "configs": [
            {
                "config_name": table,
                "data_files": files[table],
                **({"default": True} if table == next(iter(RESULTS)) else {}),
            }
            for table in RESULTS
            if table in files
        ],
    }


def _licence(counts: DatasetCounts) -> dict[str, str]:
    """The licence of all panels as the Hub spells it; `other`, with a link, where there are several."""
    found = list(counts.facets.get("licence", {}))
    if len(found) == 1 and found[0].startswith("CC"):
        return {"license": found[0].lower()}
    return {"license": "other", "license_name": "each-figure-its-own", "license_link": ATTRIBUTIONS[0]}


def _heading(name: str, version: str, files: Mapping[str, object], chosen: str) -> list[str]:
    """Name, and how to load it: a results folder by table, an export of panels by split."""
    has_splits = not isinstance(files[PANELS], str)
    return [
        f"# {plain(name)}",
        "",
        "Figures of scientific articles, cut into their panels, each with its kind, label, scale and part of the "
        f"caption; made by [EXSCLAIM](https://arxiv.org/abs/2103.10631). Version `{plain(version)}`.",
        *(["", plain(chosen)] if chosen else []),
        "",
        "```python",
        "from datasets import load_dataset",
        "",
        *(
            ['panels = load_dataset("<this folder>")  # by split: panels["train"], …']
            if has_splits
            else ['panels = load_dataset("<this folder>")["train"]  # all panels; the column `split` is train, …']
        ),
        *(['articles = load_dataset("<this folder>", "articles")["train"]'] if "articles" in files else []),
        "```",
        "",
    ]


def _contents(counts: DatasetCounts) -> list[str]:
    share = f"{counts.micrographs_with_scale} of {counts.panels_by_kind.get('microscopy', 0)} micrographs"
    kinds = [(kind, *(of.get(split, 0) for split in SPLITS)) for kind, of in counts.kinds_by_split.items()]
    return [
        "## Contents",
        "",
        *table(
            ("what", "count"),
            [
                ("articles", counts.articles), ("of these open access", counts.open_articles),
                ("figures", counts.figures), ("panels", counts.panels),
                ("panels with a label", counts.panels_with_label),
                ("panels with their own caption", counts.panels_with_caption),
                ("panels with a scale", counts.panels_with_scale), ("micrographs with a scale", share),
            ],
        ),
        *_facet("Kinds", counts.panels_by_kind, counts.panels),
        *_facet("Techniques", counts.facets.get("technique", {}), counts.panels),
        *_facet("Materials", counts.facets.get("material", {}), counts.panels),
        *_facet("Sources", counts.facets.get("source", {}), counts.panels),
        *_facet("Years", counts.facets.get("year", {}), counts.panels, by_count=False),
        *_facet("Licences", counts.facets.get("licence", {}), counts.panels),
        *_facet("Where scales come from", counts.facets.get("scale_origin", {}), counts.panels),
        *_facet("Splits", counts.facets.get("split", {}), counts.panels),
        "",
        f"Splits are drawn by work: {', '.join(f'{split} {part:.0%}' for split, part in SHARES.items())} (seed "
        f"`{SEED}`). A work keeps its split when the data set grows.",
        *(["", *table(("kind", *SPLITS), kinds)] if kinds else []),
        *_facet("Doubts", counts.facets.get("doubt", {}), counts.panels),
        "",
    ]  # fmt: skip


def _columns(tables: Iterable[str]) -> list[str]:
    shown = [
        "## Columns",
        "",
        "Null means that a value is not known. Boxes and lengths in px are in pixels of the figure as viewers show it.",
    ]
    for each in tables:
        shown += ["", f"### Columns of {each}", "", *table(("column", "type", "meaning"), listed(each))]
    return [*shown, ""]


def _datasheet(made_by: Mapping[str, str]) -> list[str]:
    """The rest of what a datasheet answers (Gebru et al., https://arxiv.org/abs/1803.09010)."""
    measured = ["", *table(("what", *_FIGURES), MEASURED), "", *table(("part", "version"), sorted(made_by.items()))]
    parts: Sequence[tuple[str, Sequence[str], Sequence[str]]] = (
        ("Uses", _USES, []), ("How it was made and measured", _MADE, measured), ("Limits", _LIMITS, []),
        ("Rights", _RIGHTS, []), ("Upkeep", _KEPT, []), ("Citation", _CITATION, []),
    )  # fmt: skip
    lines = []
    for title, paragraphs, more in parts:
        lines += [f"## {title}", "", "\n\n".join(paragraphs), *more, ""]
    return lines


def _facet(title: str, values: Mapping[str, int], panels: int, by_count: bool = True) -> Sequence[str]:
    if not values:
        return []
    rows = sorted(values.items(), key=lambda item: (-item[1], item[0])) if by_count else sorted(values.items())
    shown = [(value, count, f"{count / panels:.1%}") for value, count in rows[:_MOST_ROWS]]
    rest = [f"And {len(rows) - _MOST_ROWS} more."] if len(rows) > _MOST_ROWS else []
    return ["", f"### {title}", "", *table(("value", "panels", "share"), shown), *rest]
