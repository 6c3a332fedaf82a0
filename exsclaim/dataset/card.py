"""The data set's card: README.md with the metadata by which Hugging Face loads the folder, and croissant.json.

Fields: https://huggingface.co/docs/hub/datasets-cards, https://huggingface.co/docs/datasets/repository_structure,
https://docs.mlcommons.org/croissant/docs/croissant-spec.html. To programs tables are sets of files, so that nothing is
said of each of hundreds of shards, and a publish need not read those that it leaves alone.
"""

import json
from collections.abc import Mapping, Sequence

import pyarrow as pa
import yaml

from exsclaim.dataset.filters import COLUMNS
from exsclaim.dataset.plain_pages import plain, table
from exsclaim.dataset.published_state import DatasetCounts, DatasetVersion
from exsclaim.dataset.splits import SEED, SHARES
from exsclaim.dataset.tables import SCHEMAS, Row
from exsclaim.licences import address

RESULTS = {table: f"data/{table}/*/*.parquet" for table in ("panels", "figures", "articles")}
"""Table -> its files in a results folder."""
_SIZES = ((1000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"))
_MOST_ROWS = 40
MEASURED = (
    ("panels, F1 at IoU 0.5 / 0.75 / 0.9", "0.871 / 0.800 / 0.719", "0.909 / 0.851 / 0.777"),
    ("label right, of matched panels with one", "0.913", "0.963"),
    ("kind right, of matched panels", "0.845", "0.824"),
    ("scale bars F1; length within 5 %", "0.845; 0.946", "0.878; 1.000"),
    ("printed scale read right", "68 of 89", "8 of 10"),
)
"""Rows of the project's README: a test compares both."""
_FIGURES = ("figures rich in micrographs (39 figures, 192 panels)", "other fields (86 figures, 178 panels)")
_LIMITS = (
    "Boxes, kinds, labels, scales and captions of panels were read by programs and can be wrong: the columns "
    "`kind_confidence`, `label_confidence`, `scale_confidence` and `doubts` say how sure each is. Splits keep works, "
    "and figures that look alike, together. The figures belong to their authors and publishers: `ATTRIBUTION.md` names "
    "each, with its licence."
)


def card(name: str, counts: DatasetCounts, made_by: Mapping[str, str], versions: Sequence[DatasetVersion],
    data_files: Mapping[str, object] | None = None,
) -> bytes:  # fmt: skip
    """The card as Markdown with YAML front matter.

    Args:
        name: of the data set.
        counts: what is in it.
        made_by: name -> version of the code and of each model.
        versions: of the data set, the newest first.
        data_files: table -> its files, by default those of a results folder.
    """
    return (
        f"---\n{yaml.safe_dump(front_matter(name, counts, data_files), sort_keys=False, allow_unicode=True)}---\n\n"
        + "\n".join(_body(name, counts, made_by, versions[0].id if versions else "none"))
    ).encode()


def front_matter(name: str, counts: DatasetCounts, data_files: Mapping[str, object] | None = None) -> dict[str, object]:
    """The card's metadata; `data_files`: table -> its files, by default those of a results folder."""
    files = data_files or RESULTS
    return {
        "pretty_name": name,
        "license": _licence(counts),
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


def _licence(counts: DatasetCounts) -> str:
    """The one licence of all panels as the Hub spells it, else `other`."""
    found = list(counts.facets.get("licence", {}))
    return found[0].lower() if len(found) == 1 and found[0].startswith("CC") else "other"


def _body(name: str, counts: DatasetCounts, made_by: Mapping[str, str], version: str) -> list[str]:
    share = f"{counts.micrographs_with_scale} of {counts.panels_by_kind.get('microscopy', 0)} micrographs"
    return [
        f"# {plain(name)}",
        "",
        "Figures of scientific articles, cut into their panels, each with its kind, label, scale and part of the "
        f"caption; made by [EXSCLAIM](https://arxiv.org/abs/2103.10631). Version `{plain(version)}`.",
        "",
        "```python",
        "from datasets import load_dataset",
        "",
        'panels = load_dataset("<this folder>")["train"]  # all panels; their column `split` says train, …',
        'articles = load_dataset("<this folder>", "articles")["train"]',
        "```",
        "",
        "## Contents",
        "",
        *table(
            ("what", "count"),
            [
                ("articles", counts.articles), ("of these open access", counts.open_articles),
                ("figures", counts.figures), ("panels", counts.panels),
                ("panels with a label", counts.panels_with_label),
                ("panels with a caption of their own", counts.panels_with_caption),
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
        f"Splits are drawn by work, {', '.join(f'{split} {part:.0%}' for split, part in SHARES.items())}, seed "
        f"`{SEED}`; a work keeps its split when the data set grows.",
        *_facet("Doubts", counts.facets.get("doubt", {}), counts.panels),
        "",
        "## How it was made and measured",
        "",
        "Articles are fetched from their publishers or archives, captions are split by a grammar of labels, figures "
        "are separated by small neural networks. Measured with the networks that come with EXSCLAIM, on annotated "
        "figures on which none of them was trained and no threshold was chosen; this data set itself was not measured.",
        "",
        *table(("what", *_FIGURES), MEASURED),
        "",
        *table(("part", "version"), sorted(made_by.items())),
        "",
        "## Limits",
        "",
        _LIMITS,
        "",
        "## Citation",
        "",
        "Schwenker et al., EXSCLAIM!: Harnessing materials science literature for self-labeled microscopy datasets, "
        "Patterns 4, 100843 (2023), and the articles in `ATTRIBUTION.md`.",
        "",
    ]  # fmt: skip


def _facet(title: str, values: Mapping[str, int], panels: int, by_count: bool = True) -> Sequence[str]:
    if not values:
        return []
    rows = sorted(values.items(), key=lambda item: (-item[1], item[0])) if by_count else sorted(values.items())
    shown = [(value, count, f"{count / panels:.1%}") for value, count in rows[:_MOST_ROWS]]
    rest = [f"And {len(rows) - _MOST_ROWS} more."] if len(rows) > _MOST_ROWS else []
    return ["", f"### {title}", "", *table(("value", "panels", "share"), shown), *rest]


_OTHER_LICENCE = "https://choosealicense.com/licenses/other/"
_KEYS = {"articles": "article_id", "figures": "id", "panels": "id"}
_CONTEXT = {
    "@language": "en", "@vocab": "https://schema.org/", "citeAs": "cr:citeAs", "column": "cr:column",
    "conformsTo": "dct:conformsTo", "cr": "http://mlcommons.org/croissant/", "data": {"@id": "cr:data", "@type":
    "@json"}, "dataType": {"@id": "cr:dataType", "@type": "@vocab"}, "dct": "http://purl.org/dc/terms/",
    "equivalentProperty": "cr:equivalentProperty",
    "extract": "cr:extract", "field": "cr:field", "fileObject": "cr:fileObject", "fileSet": "cr:fileSet",
    "format": "cr:format", "includes": "cr:includes", "recordSet": "cr:recordSet", "repeated": "cr:repeated",
    "replace": "cr:replace", "sc": "https://schema.org/", "separator": "cr:separator", "source": "cr:source",
    "transform": "cr:transform", "key": "cr:key", "md5": "cr:md5", "references": "cr:references", "regex": "cr:regex",
    "jsonPath": "cr:jsonPath", "isLiveDataset": "cr:isLiveDataset", "parentField": "cr:parentField", "path": "cr:path",
    "rai": "http://mlcommons.org/croissant/RAI/", "samplingRate": "cr:samplingRate", "subField": "cr:subField",
    "examples": {"@id": "cr:examples", "@type": "@json"}, "fileProperty": "cr:fileProperty",
}  # fmt: skip


def croissant(
    name: str, counts: DatasetCounts, versions: Sequence[DatasetVersion], tables: Mapping[str, str] = RESULTS
) -> bytes:
    """The description as JSON-LD.

    Args:
        name: of the data set.
        counts: what is in it.
        versions: of the data set, the newest first.
        tables: table -> pattern of its files, relative to croissant.json.
    """
    licences = list(counts.facets.get("licence", {}))
    version = versions[0] if versions else None
    content = {
        "@context": _CONTEXT, "@type": "sc:Dataset", "conformsTo": "http://mlcommons.org/croissant/1.0", "name": name,
        "description": f"{counts.panels} panels of {counts.figures} figures of {counts.articles} scientific articles, "
        "each with its kind, label, scale and part of the caption; made by EXSCLAIM. See README.md.",
        "license": (address(licences[0]) if len(licences) == 1 else None) or _OTHER_LICENCE,
        "url": "https://arxiv.org/abs/2103.10631", "citeAs": "Schwenker et al., Patterns 4, 100843 (2023)",
        "version": f"1.0.0+{version.digest}" if version else "1.0.0",
        # the id of a harvest begins with its day
        "datePublished": version.harvest[:10] if version else "1970-01-01",
        "distribution": [
            {"@type": "cr:FileSet", "@id": f"{table}-files", "name": f"{table}-files",
             "encodingFormat": "application/x-parquet", "includes": pattern}
            for table, pattern in tables.items()
        ],
        "recordSet": [_records(table) for table in tables],
    }  # fmt: skip
    return json.dumps(content, indent=1).encode() + b"\n"


def _records(table: str) -> Row:
    fields = (_field(table, column) for column in SCHEMAS[table])
    return {
        "@type": "cr:RecordSet", "@id": table, "name": table, "key": {"@id": f"{table}/{_KEYS[table]}"},
        "field": [field for field in fields if field],
    }  # fmt: skip


def _field(table: str, column: pa.Field) -> Row:
    """A column as Croissant has it; empty for lists of records, which it cannot tell."""
    is_list = pa.types.is_list(column.type)
    kind = "sc:ImageObject" if column.name == "image" else _kind(column.type.value_type if is_list else column.type)
    if not kind:
        return {}
    meanings = {each.stored: each.doc for each in reversed(COLUMNS.values())} if table == "panels" else {}
    source: Row = {"fileSet": {"@id": f"{table}-files"}, "extract": {"column": column.name}}
    if column.name == "image":
        source["transform"] = {"jsonPath": "bytes"}
    return {
        "@type": "cr:Field", "@id": f"{table}/{column.name}", "name": column.name,
        "description": meanings.get(column.name, column.name.replace("_", " ")), "dataType": kind, "source": source,
        **({"repeated": True} if is_list else {}),
    }  # fmt: skip


def _kind(of: pa.DataType) -> str:
    for holds, kind in (
        (pa.types.is_string, "sc:Text"), (pa.types.is_floating, "sc:Float"), (pa.types.is_integer, "sc:Integer"),
        (pa.types.is_boolean, "sc:Boolean"), (pa.types.is_date, "sc:Date"),
    ):  # fmt: skip
        if holds(of):
            return kind
    return ""
