"""croissant.json: the data set described for programs, as JSON-LD (Croissant 1.0).

https://docs.mlcommons.org/croissant/docs/croissant-spec.html. Tables are sets of files, so that nothing is said of each
of hundreds of shards, and a publish need not read those that it leaves alone.
"""

import json
from collections.abc import Mapping, Sequence

import pyarrow as pa

from exsclaim.dataset.condition.published_state import DatasetCounts, DatasetVersion
from exsclaim.dataset.pages.card import RESULTS
from exsclaim.dataset.tables.column_meanings import meaning
from exsclaim.dataset.tables.table_rows import SCHEMAS, Row
from exsclaim.licences import address

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
    name: str, counts: DatasetCounts, versions: Sequence[DatasetVersion], tables: Mapping[str, str] = RESULTS,
    chosen: str = "",
) -> bytes:  # fmt: skip
    """The description as JSON-LD.

    Args:
        name: of the data set.
        counts: what is in it.
        versions: of the data set, the newest first.
        tables: table -> pattern of its files, relative to croissant.json.
        chosen: sentence on what of the data set it is, where it is not all.
    """
    licences = list(counts.facets.get("licence", {}))
    version = versions[0] if versions else None
    content = {
        "@context": _CONTEXT, "@type": "sc:Dataset", "conformsTo": "http://mlcommons.org/croissant/1.0", "name": name,
        "description": f"{counts.panels} panels of {counts.figures} figures of {counts.articles} scientific articles, "
        f"each with its kind, label, scale and part of the caption; made by EXSCLAIM. {chosen + ' ' if chosen else ''}"
        "See README.md.",
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
    source: Row = {"fileSet": {"@id": f"{table}-files"}, "extract": {"column": column.name}}
    if column.name == "image":
        source["transform"] = {"jsonPath": "bytes"}
    return {
        "@type": "cr:Field", "@id": f"{table}/{column.name}", "name": column.name,
        "description": meaning(table, column.name), "dataType": kind, "source": source,
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
